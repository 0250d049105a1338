"""A document changes by edits alone: all or nothing, reversible, and everyone hears of it."""

from __future__ import annotations

import pickle

import pytest

from sandbox.document import Change, Document, Edit, EditError, Link, Node, edits
from sandbox.document.file import dump
from tests.document.fakes import shop


def test_a_reversed_edit_brings_everything_back_to_where_it_was_in_the_file() -> None:
    doc, before = shop(), dump(shop())
    edit = edits.delete(doc, ["clients", "web", "az-a"])
    doc.apply(edit)
    assert dump(doc) != before
    doc.apply(edit.reversed())
    assert doc == shop()
    assert dump(doc) == before


def test_an_edit_that_fits_only_in_part_changes_nothing() -> None:
    doc = shop()
    good = Change("node", "new", None, Node("new", "queue"))
    stale = Change("node", "web", Node("web", "queue"), None)
    heard: list[Edit] = []
    doc.subscribe(heard.append)
    with pytest.raises(EditError, match="does not fit"):
        doc.apply(Edit("Both", (good, stale)))
    assert doc == shop()
    assert not heard
    assert doc.revision == 0


def test_a_node_with_links_cannot_go_alone() -> None:
    doc = shop()
    with pytest.raises(EditError, match="link without an end"):
        doc.apply(Edit("Delete", (Change("node", "web", doc.nodes["web"], None),)))


def test_a_link_to_nowhere_is_refused() -> None:
    doc, link = shop(), Link("web", "nowhere", "out", "in")
    with pytest.raises(EditError, match="nowhere"):
        doc.apply(Edit("Connect", (Change("link", link.id, None, link),)))


@pytest.mark.parametrize(
    "change",
    [
        Change("node", "a", None, Node("b", "queue")),
        Change("node", "a b", None, Node("a b", "queue")),
        Change("node", "a\n", None, Node("a\n", "queue")),
        Change("group", "a", None, Node("a", "queue")),
        Change("attribute", "colour", None, "red"),
        Change("attribute", "view", {"zoom": 1.25}, {"zoom": float("nan")}),
        Change("attribute", "name", "Web shop ☕", 5),
        Change("link", ("web", "web", "a>b>c"), None, Link("web", "web", "a", "b>c")),
        Change("weather", "a", None, "fine"),  # type: ignore[arg-type]
    ],
)
def test_a_change_that_makes_no_sense_is_refused(change: Change) -> None:
    doc = shop()
    with pytest.raises(EditError):
        doc.apply(Edit("Odd", (change,)))
    assert doc == shop()


def test_the_order_of_changes_in_an_edit_does_not_matter() -> None:
    doc = Document()
    link = Link("a", "b", "out", "in")
    changes = (
        Change("link", link.id, None, link),
        Change("node", "b", None, Node("b", "queue")),
        Change("node", "a", None, Node("a", "queue")),
    )
    doc.apply(Edit("Paste", changes))
    assert set(doc.nodes) == {"a", "b"}
    assert list(doc.links) == [link.id]


def test_the_graph_is_what_the_views_show() -> None:
    doc = shop()
    assert {id: data["record"] for id, data in doc.graph.nodes(data=True)} == dict(doc.nodes)
    edges = {(u, v, k): data["record"] for u, v, k, data in doc.graph.edges(keys=True, data=True)}
    assert edges == dict(doc.links)
    assert len(doc.links) == 3
    assert ("web", "queue", "nothing") not in doc.links
    assert "web" not in doc.links


def test_every_subscriber_hears_of_every_edit_in_order_though_one_fails() -> None:
    doc, heard = Document(), []

    def failing(edit: Edit) -> None:
        raise RuntimeError("a broken view")

    doc.subscribe(failing)
    doc.subscribe(lambda edit: heard.append(edit.label))
    with pytest.raises(RuntimeError):
        doc.apply(edits.place(doc, "queue", 0, 0))
    assert heard == ["Place queue"]
    assert "queue" in doc.nodes


def test_an_edit_made_while_hearing_of_another_is_heard_after_it() -> None:
    doc, heard = Document(), []

    def answering(edit: Edit) -> None:
        if edit.label.startswith("Place"):
            doc.apply(edits.relabel(doc, "queue", "Orders"))

    doc.subscribe(answering)
    doc.subscribe(lambda edit: heard.append(edit.label))
    doc.apply(edits.place(doc, "queue", 0, 0))
    assert heard == ["Place queue", "Rename queue"]
    assert doc.revision == 2


def test_who_unsubscribed_hears_nothing_more() -> None:
    doc, heard = Document(), []
    unsubscribe = doc.subscribe(heard.append)
    unsubscribe()
    unsubscribe()
    doc.apply(edits.place(doc, "queue", 0, 0))
    assert not heard


def test_many_steps_of_a_drag_are_one_edit() -> None:
    doc = shop()
    first = edits.move(doc, {"web": (1, 1)})
    doc.apply(first)
    second = edits.move(doc, {"web": (2, 2)})
    doc.apply(second)
    both = first.followed_by(second)
    assert len(both.changes) == 1
    doc.apply(both.reversed())
    assert doc == shop()


def test_a_copy_goes_its_own_way() -> None:
    doc = shop()
    twin = doc.copy()
    assert twin == doc
    assert dump(twin) == dump(doc)
    twin.apply(edits.delete(twin, ["web"]))
    assert doc == shop()


def test_records_travel_to_other_processes() -> None:
    for record in (*shop().nodes.values(), *shop().links.values(), shop().scenario):
        assert pickle.loads(pickle.dumps(record)) == record
        assert hash(record) == hash(pickle.loads(pickle.dumps(record)))
