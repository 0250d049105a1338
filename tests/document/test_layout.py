"""Tidying puts the flow from left to right without collisions, always in the same way."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.document import Document, Group, Link, Node, edits
from sandbox.document.layout import GRID, NODE_HEIGHT, NODE_WIDTH, tidy
from tests.document.fakes import shop

PLACES = st.integers(0, 11)


def diagram(pairs: set[tuple[int, int]], nodes: int = 12) -> Document:
    return Document(
        nodes=[Node(f"n{i}", "queue", x=7, y=3) for i in range(nodes)],
        links=[Link(f"n{a}", f"n{b}", "out", "in") for a, b in sorted(pairs)],
    )


def tidied(doc: Document) -> Document:
    doc.apply(tidy(doc))
    return doc


def crossings(doc: Document) -> int:
    ends = [(doc.nodes[link.source], doc.nodes[link.target]) for link in doc.links.values()]
    return sum(
        a.x == c.x and b.x == d.x and (a.y - c.y) * (b.y - d.y) < 0
        for number, (a, b) in enumerate(ends)
        for c, d in ends[:number]
    )


def test_load_flows_from_left_to_right() -> None:
    doc = tidied(shop())
    xs = [doc.nodes[id].x for id in ("clients", "web", "queue", "workers")]
    assert xs == sorted(set(xs))
    assert len({doc.nodes[id].y for id in ("clients", "web", "queue", "workers")}) == 1


@given(st.sets(st.tuples(PLACES, PLACES), max_size=40))
def test_nodes_keep_their_distance_on_the_grid_whatever_the_links(
    pairs: set[tuple[int, int]],
) -> None:
    nodes = list(tidied(diagram(pairs)).nodes.values())
    for number, a in enumerate(nodes):
        assert a.x % GRID == 0
        assert a.y % GRID == 0
        for b in nodes[:number]:
            assert abs(a.x - b.x) >= NODE_WIDTH + 80 or abs(a.y - b.y) >= NODE_HEIGHT + 80


@given(st.sets(st.tuples(PLACES, PLACES).filter(lambda pair: pair[0] < pair[1]), max_size=40))
def test_every_link_of_a_diagram_without_cycles_points_right(pairs: set[tuple[int, int]]) -> None:
    doc = tidied(diagram(pairs))
    assert all(doc.nodes[k.source].x < doc.nodes[k.target].x for k in doc.links.values())


def test_tidying_twice_changes_nothing() -> None:
    doc = tidied(diagram({(0, 1), (0, 2), (1, 3), (2, 3), (3, 0), (4, 5)}))
    assert not tidy(doc)


def test_the_top_left_of_the_diagram_stays_where_it_was() -> None:
    doc = tidied(diagram({(0, 1), (1, 2)}))
    assert min(node.x for node in doc.nodes.values()) == 0
    assert min(node.y for node in doc.nodes.values()) == 0


def test_links_that_were_drawn_crossed_are_uncrossed() -> None:
    doc = diagram({(0, 1), (0, 2), (0, 3), (1, 6), (2, 5), (3, 4)}, nodes=7)
    assert crossings(tidied(doc)) == 0


def test_a_link_past_a_column_does_not_run_through_the_node_in_it() -> None:
    doc = tidied(diagram({(0, 1), (1, 2), (0, 2)}, nodes=3))
    a, b, c = doc.nodes.values()
    on_the_way = (a.y + c.y) / 2
    assert abs(on_the_way - b.y) > NODE_HEIGHT / 2


def test_members_of_a_group_stand_together() -> None:
    doc = diagram({(0, i) for i in range(1, 7)}, nodes=7)
    doc = Document(
        nodes=doc.nodes.values(),
        links=doc.links.values(),
        groups=[Group("az", "availability_zone", members=("n1", "n4", "n6"))],
    )
    column = sorted((node for node in tidied(doc).nodes.values() if node.x), key=lambda n: n.y)
    inside = [number for number, node in enumerate(column) if node.id in ("n1", "n4", "n6")]
    assert inside[-1] - inside[0] == 2


@pytest.mark.parametrize("shape", ["web", "chain", "star", "alone"])
def test_ten_thousand_nodes_are_tidied_in_two_seconds(shape: str) -> None:
    number, draw = 10_000, random.Random(1)
    pairs = {
        "web": {(draw.randrange(max(0, i - 200), i), i) for i in range(1, number) for _ in "ab"},
        "chain": {(i, i + 1) for i in range(number - 1)} | {(number - 1, 0)},
        "star": {(0, i) for i in range(1, number)},
        "alone": set(),
    }[shape]
    doc = diagram(pairs, number)
    began = time.process_time()
    tidy(doc)
    assert time.process_time() - began < 2


def test_a_person_s_order_in_a_column_stays_where_no_other_crosses_fewer_links() -> None:
    doc = Document(
        nodes=[
            Node("from", "queue"),
            *(Node(f"n{i}", "queue", x=290, y=y) for i, y in enumerate((410, 190, 800))),
        ],
        links=[Link("from", f"n{i}", "out", "in") for i in range(3)],
    )
    tidied(doc)
    assert sorted(("n0", "n1", "n2"), key=lambda id: doc.nodes[id].y) == ["n1", "n0", "n2"]


def test_separate_parts_stay_where_they_were_drawn() -> None:
    doc = Document(
        nodes=[
            Node("a", "queue", x=0, y=0),
            Node("b", "queue", x=310, y=15),
            Node("c", "queue", x=2000, y=0),
            Node("d", "queue", x=2310, y=0),
            Node("alone", "queue", x=1000, y=900),
        ],
        links=[Link("a", "b", "out", "in"), Link("c", "d", "out", "in")],
    )
    tidied(doc)
    places = {id: (node.x, node.y) for id, node in doc.nodes.items()}
    assert places == {"a": (0, 0), "b": (300, 0), "c": (2000, 0), "d": (2300, 0),
                      "alone": (1000, 900)}  # fmt: skip


@given(st.sets(st.tuples(PLACES, PLACES), max_size=20), st.randoms(use_true_random=False))
def test_tidying_again_changes_nothing_whatever_the_links(
    pairs: set[tuple[int, int]], dice: random.Random
) -> None:
    doc = diagram(pairs)
    for node in list(doc.nodes):
        doc.apply(edits.move(doc, {node: (dice.randrange(2000), dice.randrange(1000))}))
    assert not tidy(tidied(doc))


def test_tidying_a_selection_leaves_the_other_nodes_alone() -> None:
    doc = diagram({(0, 1), (1, 2), (2, 3)}, nodes=4)
    before = doc.nodes["n3"]
    doc.apply(tidy(doc, ["n0", "n1", "n2"]))
    assert doc.nodes["n3"] is before
    assert [doc.nodes[f"n{i}"].x for i in range(3)] == [0, 300, 600]
