"""Tidy positions: left to right as the load flows, with few crossings and straight links.

The layered method of Sugiyama, Tagawa and Toda (1981), for each connected part of the diagram:
1. links that close a cycle are set aside;
2. each node stands in the column after the last of those that lead to it (longest path);
3. a link across several columns gets a bend in each, which takes up room as a node does;
4. columns keep the order they have, or are ordered by the mean place of their neighbours, members
   of a group together, where that crosses fewer links;
5. heights come as near to the mean of the neighbours as the order and the gaps allow.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import pairwise
from math import floor

import networkx

from .changes import Edit
from .document import Document
from .edits import move
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

__all__ = ["COLUMN", "GRID", "NODE_HEIGHT", "NODE_WIDTH", "ROW", "crossings", "tidy"]

BEND = 60
"""The room a passing link gets in a column."""
SWEEPS = 6
MAX_BENDS_PER_NODE = 4
_ROUNDS, _FEW = 4, 300  # small parts are tidied until nothing moves any more

Vertex = Hashable
Neighbours = dict[Vertex, list[Vertex]]


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
    acyclic = _without_cycles(nodes, flow)
    column = _columns(nodes, acyclic)
    layers, before, after = _with_bends(nodes, acyclic, column)
    _order_as_now(layers, where, group_of)
    best, fewest = [list(layer) for layer in layers], crossings(layers, after)
    for sweep in range(SWEEPS if fewest else 0):
        forwards = sweep % 2 == 0
        _order(layers, before if forwards else after, forwards, group_of)
        if (count := crossings(layers, after)) < fewest:
            best, fewest = [list(layer) for layer in layers], count
    heights = _heights(best, before, after)
    lowest = min(heights[id] for id in nodes)
    return {
        id: (column[id] * COLUMN, GRID * floor((heights[id] - lowest) / GRID + 0.5)) for id in nodes
    }


def _order_as_now(layers: list[list[Vertex]], where: Places, group_of: dict[str, str]) -> None:
    """Nodes by their present heights; a bend where the straight line would pass."""

    def height(vertex: Vertex) -> float:
        if isinstance(vertex, str):
            return where[vertex][1]
        source, target = vertex[0], vertex[1]  # type: ignore[index]
        return (where[source][1] + where[target][1]) / 2

    for layer in layers:
        _sort(layer, {vertex: height(vertex) for vertex in layer}, group_of)


def crossings(layers: Sequence[Sequence[Vertex]], after: Neighbours) -> int:
    """How many pairs of links cross between neighbouring columns."""
    count = 0
    for here, there in pairwise(layers):
        place = {vertex: at for at, vertex in enumerate(there)}
        passed: list[int] = []
        for vertex in here:
            ends = sorted(place[end] for end in after[vertex] if end in place)
            count += sum(len(passed) - bisect_right(passed, end) for end in ends)
            for end in ends:
                insort(passed, end)
    return count


def _without_cycles(nodes: Sequence[str], flow: networkx.DiGraph) -> Neighbours:
    """Successors without the links that lead back, in a depth-first walk from the sources."""
    forward: Neighbours = {id: [] for id in nodes}
    open_now: set[str] = set()
    done: set[str] = set()
    for root in sorted(nodes, key=lambda id: flow.in_degree(id) > 0):
        if root in done:
            continue
        open_now.add(root)
        walk = [(root, iter(flow.successors(root)))]
        while walk:
            here, following = walk[-1]
            for next_one in following:
                if next_one in open_now:
                    continue  # leads back
                forward[here].append(next_one)
                if next_one not in done:
                    open_now.add(next_one)
                    walk.append((next_one, iter(flow.successors(next_one))))
                    break
            else:
                walk.pop()
                open_now.discard(here)
                done.add(here)
    return forward


def _columns(nodes: Sequence[str], forward: Neighbours) -> dict[Vertex, int]:
    """Longest path from a source; a source stands right before the first it leads to."""
    waits = dict.fromkeys(nodes, 0)
    for targets in forward.values():
        for target in targets:
            waits[target] += 1  # type: ignore[index]
    column: dict[Vertex, int] = dict.fromkeys(nodes, 0)
    sources = [id for id in nodes if not waits[id]]
    ready: list[Vertex] = list(sources)
    for here in ready:
        for target in forward[here]:
            column[target] = max(column[target], column[here] + 1)
            waits[target] -= 1  # type: ignore[index]
            if not waits[target]:  # type: ignore[index]
                ready.append(target)
    for source in sources:
        if forward[source]:
            column[source] = min(column[target] for target in forward[source]) - 1
    return column


def _with_bends(
    nodes: Sequence[str], forward: Neighbours, column: dict[Vertex, int]
) -> tuple[list[list[Vertex]], Neighbours, Neighbours]:
    """Columns of nodes and bends, and the neighbours of each in the columns before and after."""
    layers: list[list[Vertex]] = [[] for _ in range(max(column.values()) + 1)]
    for id in nodes:
        layers[column[id]].append(id)
    before: Neighbours = defaultdict(list)
    after: Neighbours = defaultdict(list)
    bends = MAX_BENDS_PER_NODE * len(nodes)
    for source in nodes:
        for target in forward[source]:
            here: Vertex = source
            between = range(column[source] + 1, column[target])
            if len(between) <= bends:
                bends -= len(between)
                for layer in between:
                    bend = (source, target, layer)
                    layers[layer].append(bend)
                    after[here].append(bend)
                    before[bend].append(here)
                    here = bend
            after[here].append(target)
            before[target].append(here)
    return layers, before, after


def _order(
    layers: list[list[Vertex]], beside: Neighbours, forwards: bool, group_of: dict[str, str]
) -> None:
    """Order each column by the mean place of its neighbours in the columns already passed."""
    place: dict[Vertex, float] = {}
    for layer in layers if forwards else reversed(layers):
        own = {vertex: (at + 0.5) / len(layer) for at, vertex in enumerate(layer)}
        wish = {v: _mean([place[n] for n in beside[v] if n in place], own[v]) for v in layer}
        _sort(layer, wish, group_of)
        place |= {vertex: (at + 0.5) / len(layer) for at, vertex in enumerate(layer)}


def _sort(layer: list[Vertex], wish: dict[Vertex, float], group_of: dict[str, str]) -> None:
    """By their wishes, members of a group together at the mean of theirs."""
    together: dict[str, list[float]] = defaultdict(list)
    for vertex in layer:
        if isinstance(vertex, str) and vertex in group_of:
            together[group_of[vertex]].append(wish[vertex])
    middle = {group: _mean(wishes, 0.0) for group, wishes in together.items()}
    sorting = {}
    for vertex in layer:
        group = group_of.get(vertex, "") if isinstance(vertex, str) else ""
        sorting[vertex] = (middle[group] if group else wish[vertex], group, wish[vertex])
    layer.sort(key=sorting.__getitem__)  # stable, so ties stay as they were


def _heights(
    layers: list[list[Vertex]], before: Neighbours, after: Neighbours
) -> dict[Vertex, float]:
    """The height of each vertex, drawn to those of its neighbours while order and gaps hold."""
    height: dict[Vertex, float] = {}
    gaps = []
    for layer in layers:
        room = [ROW if isinstance(vertex, str) else BEND for vertex in layer]
        gaps.append([(a + b) / 2 for a, b in pairwise(room)])
        total = sum(gaps[-1])
        at = -total / 2
        for vertex, gap in zip(layer, [*gaps[-1], 0.0], strict=True):
            height[vertex] = at
            at += gap
    order = range(len(layers))
    sides: tuple[tuple[Iterable[int], Callable[[Vertex], list[Vertex]]], ...] = (
        (order, lambda v: before[v]),
        (reversed(order), lambda v: after[v]),
        (order, lambda v: before[v] or after[v]),
    )
    for columns, beside in sides:
        for number in columns:
            layer = layers[number]
            wishes = [_mean([height[n] for n in beside(v)], height[v]) for v in layer]
            height.update(zip(layer, _spaced(wishes, gaps[number]), strict=True))
    return height


def _spaced(wishes: list[float], gaps: list[float]) -> list[float]:
    """The places nearest to the wishes (least squares) that keep order and gaps.

    Pool adjacent violators: neighbours that would come too close form a block at its mean wish.
    """
    offset, offsets = 0.0, [0.0]
    for gap in gaps:
        offset += gap
        offsets.append(offset)
    blocks: list[tuple[float, int]] = []
    for wish, shift in zip(wishes, offsets, strict=True):
        total, count = wish - shift, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            more, others = blocks.pop()
            total, count = total + more, count + others
        blocks.append((total, count))
    level = [total / count for total, count in blocks for _ in range(count)]
    return [base + shift for base, shift in zip(level, offsets, strict=True)]


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
