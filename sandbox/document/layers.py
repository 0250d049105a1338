"""A flow in layers, each link leading from a layer to a later one.

The layered method of Sugiyama, Tagawa and Toda (1981):
1. links that close a cycle are set aside;
2. each node stands in the layer after the last of those that lead to it (longest path);
3. a link across several layers gets a bend in each, which takes up room as a node does;
4. layers keep the order they are given in, or are ordered by the mean place of their neighbours,
   members of a group together, where that crosses fewer links;
5. places across come as near to the mean of the neighbours as the order and the gaps allow.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import networkx

SWEEPS = 6
MAX_BENDS_PER_NODE = 4

Vertex = Hashable
Neighbours = dict[Vertex, list[Vertex]]
Bend = tuple[str, str, int]
"""Of the link between two nodes, in a layer."""


@dataclass(frozen=True, slots=True)
class Layers:
    """The layer of each node, and the place across the flow of each node and bend."""

    layer: Mapping[Vertex, int]
    across: Mapping[Vertex, float]
    back: frozenset[tuple[str, str]]
    """The links that were set aside."""


def layered(
    nodes: Sequence[str],
    flow: networkx.DiGraph,
    room: Callable[[Vertex], float],
    group_of: Mapping[str, str],
    as_now: Callable[[Vertex], float] | None = None,
) -> Layers:
    """`room` is what a node or bend takes up across the flow, its gap included; `as_now` a place
    by which layers are in order already."""
    acyclic = _without_cycles(nodes, flow)
    layer_of = _columns(nodes, acyclic)
    layers, before, after = _with_bends(nodes, acyclic, layer_of)
    if as_now is not None:
        for layer in layers:
            _sort(layer, {vertex: as_now(vertex) for vertex in layer}, group_of)
    best, fewest = [list(layer) for layer in layers], crossings(layers, after)
    for sweep in range(SWEEPS if fewest else 0):
        forwards = sweep % 2 == 0
        _order(layers, before if forwards else after, forwards, group_of)
        if (count := crossings(layers, after)) < fewest:
            best, fewest = [list(layer) for layer in layers], count
    kept = {(source, target) for source in nodes for target in acyclic[source]}
    back = frozenset((a, b) for a, b in flow.edges if (a, b) not in kept)
    return Layers(layer_of, _across(best, before, after, room), back)


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
    layers: list[list[Vertex]], beside: Neighbours, forwards: bool, group_of: Mapping[str, str]
) -> None:
    """Order each column by the mean place of its neighbours in the columns already passed."""
    place: dict[Vertex, float] = {}
    for layer in layers if forwards else reversed(layers):
        own = {vertex: (at + 0.5) / len(layer) for at, vertex in enumerate(layer)}
        wish = {v: _mean([place[n] for n in beside[v] if n in place], own[v]) for v in layer}
        _sort(layer, wish, group_of)
        place |= {vertex: (at + 0.5) / len(layer) for at, vertex in enumerate(layer)}


def _sort(layer: list[Vertex], wish: dict[Vertex, float], group_of: Mapping[str, str]) -> None:
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


def _across(
    layers: list[list[Vertex]],
    before: Neighbours,
    after: Neighbours,
    room_of: Callable[[Vertex], float],
) -> dict[Vertex, float]:
    """The middle of each vertex, drawn to those of its neighbours while order and gaps hold."""
    height: dict[Vertex, float] = {}
    gaps = []
    for layer in layers:
        room = [room_of(vertex) for vertex in layer]
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
