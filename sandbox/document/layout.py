"""Tidy positions: left to right as the load flows, with few crossings and straight links.

Each connected part of the diagram is laid out in layers (see ``layers.py``), which are columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor

import networkx

from .changes import Edit
from .document import Document
from .edits import move
from .layers import Vertex, layered
from .parts import (
    COLUMN,
    GRID,
    NODE_HEIGHT,
    NODE_WIDTH,
    ROW,
    Block,
    Places,
    corner,
    free,
    loose,
    parts,
)

__all__ = ["COLUMN", "GRID", "NODE_HEIGHT", "NODE_WIDTH", "ROW", "tidy"]

BEND = 60
"""The room a passing link gets in a column."""
_ROUNDS, _FEW = 4, 300  # small parts are tidied until nothing moves any more


def tidy(doc: Document, ids: Iterable[str] = ()) -> Edit:
    """These nodes (all by default) at tidy positions near to where they are.

    Each connected part keeps its top left corner, and nodes of a column the order they have, unless
    another crosses fewer links. A part moves down when it would lie over another, and a node
    without links moves only then. Tidying again changes nothing; positions lie on a grid of 20
    pixels.
    """
    chosen = set(ids) or set(doc.nodes)
    if not doc.nodes:
        return Edit("Tidy")
    flow = networkx.DiGraph()
    flow.add_nodes_from(sorted(chosen, key=lambda id: doc.place_of("node", id)))
    links = [link for link in doc.links.values() if link.params.get("mode") != "control"]
    for link in sorted(links, key=lambda link: doc.place_of("link", link.id)):
        if link.source != link.target and {link.source, link.target} <= chosen:
            flow.add_edge(link.source, link.target)
    number = {id: at for at, id in enumerate(flow)}
    group_of = {member: group.id for group in doc.groups.values() for member in group.members}
    where = {id: (doc.nodes[id].x, doc.nodes[id].y) for id in flow}
    places: dict[str, tuple[float, float]] = {}
    taken: list[Block] = []
    alone = []
    for part in parts(flow, where, number):
        if len(part) == 1:
            alone += part
            continue
        left, top = corner(part, where)
        within, now = flow.subgraph(part), where
        for _ in range(_ROUNDS if len(part) < _FEW else 1):
            found = _arranged(part, within, group_of, now)
            if found == now:
                break
            now = found
        right, bottom = max(x for x, _ in found.values()), max(y for _, y in found.values())
        top = free(taken, left, top, right, bottom)
        taken.append((left, top, left + right, top + bottom))
        places |= {id: (left + x, top + y) for id, (x, y) in found.items()}
    places |= loose(alone, where, taken)
    return Edit("Tidy", move(doc, places).changes)


def _arranged(
    nodes: Sequence[str], flow: networkx.DiGraph, group_of: dict[str, str], where: Places
) -> Places:
    def height(vertex: Vertex) -> float:
        """As it is now; of a bend where the straight line would pass."""
        if isinstance(vertex, str):
            return where[vertex][1]
        source, target = vertex[0], vertex[1]  # type: ignore[index]
        return (where[source][1] + where[target][1]) / 2

    made = layered(nodes, flow, _room, group_of, height)
    lowest = min(made.across[id] for id in nodes)
    return {
        id: (
            made.layer[id] * COLUMN,
            GRID * floor((made.across[id] - lowest) / GRID + 0.5),
        )
        for id in nodes
    }


def _room(vertex: Vertex) -> float:
    return ROW if isinstance(vertex, str) else BEND
