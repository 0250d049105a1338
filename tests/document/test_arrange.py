"""Align, distribute, splice, reach: each one edit with numbers to check in the head."""

from __future__ import annotations

import pytest

from sandbox.document import Document, EditError, Link, Node, edits
from sandbox.document.arrange import align, distribute
from sandbox.document.compose import in_turn
from sandbox.document.file import dump
from sandbox.document.reach import connected, downstream, upstream
from sandbox.document.splicing import fitting, splice
from tests.document.fakes import CATALOGUE, shop

BOXES = {
    "a": (0.0, 0.0, 200.0, 80.0),
    "b": (300.0, 50.0, 100.0, 40.0),
    "c": (700.0, 10.0, 200.0, 80.0),
}


def three() -> Document:
    nodes = [Node(id, "queue", x=box[0], y=box[1]) for id, box in BOXES.items()]
    return Document(nodes=nodes, links=[Link("a", "b", "out", "in")])


@pytest.mark.parametrize(
    ("line", "axis", "places"),
    [
        ("left", 0, (0, 0, 0)),
        ("centre", 0, (350, 400, 350)),
        ("right", 0, (700, 800, 700)),
        ("top", 1, (0, 0, 0)),
        ("middle", 1, (5, 25, 5)),
        ("bottom", 1, (10, 50, 10)),
    ],
)
def test_boxes_align_by_their_edges_and_middles(line, axis, places) -> None:
    doc = three()
    doc.apply(align(doc, BOXES, line))
    assert tuple((doc.nodes[id].x, doc.nodes[id].y)[axis] for id in "abc") == places
    other = 1 - axis
    assert all((doc.nodes[id].x, doc.nodes[id].y)[other] == BOXES[id][other] for id in "abc")


def test_boxes_are_distributed_with_even_gaps_and_the_outer_two_stay() -> None:
    doc = three()
    doc.apply(distribute(doc, BOXES, "horizontal"))
    # 900 wide in all, 500 of it boxes: two gaps of 200.
    assert [doc.nodes[id].x for id in "abc"] == [0, 400, 700]
    assert not distribute(doc, {id: BOXES[id] for id in "ab"}, "horizontal")


def test_boxes_without_room_for_gaps_get_even_middles() -> None:
    boxes = {id: (x, 0.0, 200.0, 80.0) for id, x in {"a": 0.0, "b": 30.0, "c": 100.0}.items()}
    doc = Document(nodes=[Node(id, "queue", x=box[0]) for id, box in boxes.items()])
    doc.apply(distribute(doc, boxes, "horizontal"))
    assert [doc.nodes[id].x for id in "abc"] == [0, 50, 100]


def test_edits_in_turn_are_one_step_back() -> None:
    doc = three()
    before = dump(doc)
    edit = in_turn(
        doc,
        "Both",
        lambda now: edits.place(now, "queue", 0, 300, id="d"),
        lambda now: edits.connect(now, "c", "out", "d", "in"),
    )
    doc.apply(edit)
    assert ("c", "d", "out>in") in doc.links
    doc.apply(edit.reversed())
    assert dump(doc) == before


def test_reach_follows_links_one_way_or_both() -> None:
    doc = Document(
        nodes=[Node(id, "queue") for id in "abcdx"],
        links=[Link(a, b, "out", "in") for a, b in ("ab", "bc", "ca", "dc")],
    )
    assert upstream(doc, ["b"]) == {"a", "b", "c", "d"}
    assert downstream(doc, ["d"]) == {"a", "b", "c", "d"}
    assert upstream(doc, ["d"]) == {"d"}
    assert connected(doc, ["a"]) == {"a", "b", "c", "d"}
    assert connected(doc, ["x"]) == {"x"}


def test_a_node_goes_into_a_link_and_out_again_by_one_step() -> None:
    doc = shop()
    link = next(e for e in doc.links.values() if (e.source, e.target) == ("clients", "web"))
    doc.apply(edits.place(doc, "fleet", 100, 100, id="between"))
    before = dump(doc)
    assert fitting(doc, CATALOGUE, link.id, "fleet") is not None
    edit = splice(doc, CATALOGUE, link.id, "between")
    doc.apply(edit)
    ends = {(e.source, e.target) for e in doc.links.values()}
    assert {("clients", "between"), ("between", "web")} <= ends
    assert ("clients", "web") not in ends
    doc.apply(edit.reversed())
    assert dump(doc) == before


def test_what_does_not_fit_is_not_put_into_a_link() -> None:
    doc = shop()
    link = next(iter(doc.links))
    assert fitting(doc, CATALOGUE, link, "teleporter") is None
    with pytest.raises(EditError, match="does not fit"):
        splice(doc, CATALOGUE, link, link[0])
