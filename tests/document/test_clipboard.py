"""What is copied is pasted under ids of its own, with the links within."""

from __future__ import annotations

import pytest

from sandbox.document import Document, EditError, edits
from sandbox.document.clipboard import copy, duplicate, paste
from sandbox.document.file import loads
from tests.document.fakes import CATALOGUE, shop


def test_links_among_what_is_copied_come_along_and_others_do_not() -> None:
    doc = shop()
    doc.apply(paste(doc, copy(doc, ["web", "queue"])))
    new = set(doc.links) - set(shop().links)
    assert new == {("web-2", "queue-2", "out>in")}
    assert doc.links[("web-2", "queue-2", "out>in")].params["calls"] == 0.5


def test_the_top_left_corner_comes_to_where_it_is_pasted() -> None:
    doc = shop()
    doc.apply(paste(doc, copy(doc, ["web", "alarm"]), at=(1000, 2000)))
    assert (doc.nodes["web-2"].x, doc.nodes["web-2"].y) == (1000, 2000.0)
    assert (doc.nodes["alarm-2"].x, doc.nodes["alarm-2"].y) == (1280, 2199.5)


def test_an_alarm_copied_with_its_queue_watches_the_copy_and_alone_the_original() -> None:
    doc = shop()
    doc.apply(paste(doc, copy(doc, ["queue", "alarm"])))
    doc.apply(paste(doc, copy(doc, ["alarm"])))
    assert doc.nodes["alarm-2"].params["metric"]["node"] == "queue-2"
    assert doc.nodes["alarm-3"].params["metric"]["node"] == "queue"


def test_a_group_comes_along_when_all_its_members_do() -> None:
    doc = shop()
    doc.apply(paste(doc, copy(doc, ["web", "workers"])))
    assert doc.groups["az-a-2"].members == ("web-2", "workers-2")
    assert "vpc-2" not in doc.groups


def test_another_document_gets_the_same_ids_when_they_are_free() -> None:
    other = Document(catalogue=CATALOGUE)
    other.apply(paste(other, copy(shop(), ["web", "queue"]), at=(320, 120)))
    assert other.nodes["web"] == shop().nodes["web"]
    assert list(other.links) == [("web", "queue", "out>in")]


def test_what_is_copied_is_a_diagram_of_its_own() -> None:
    assert set(loads(copy(shop(), ["web"])).nodes) == {"web"}


def test_duplicating_is_undone_in_one_step() -> None:
    doc = shop()
    edit = duplicate(doc, ["web", "queue"])
    assert edit.label == "Duplicate 2 items"
    doc.apply(edit)
    doc.apply(edit.reversed())
    assert doc == shop()


@pytest.mark.parametrize("text", ["", "hello", "{}", '{"nodes": []}', '{"nodes": [{"id": 5}]}'])
def test_a_clipboard_with_something_else_says_that_there_is_nothing_to_paste(text: str) -> None:
    with pytest.raises(EditError, match="nothing to paste"):
        paste(shop(), text)


def test_a_note_is_copied_too() -> None:
    doc = shop()
    doc.apply(edits.annotate(doc, "Look", 3, 4))
    doc.apply(paste(doc, copy(doc, ["note"])))
    assert doc.annotations["note-2"].text == "Look"
