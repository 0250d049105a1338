"""Which links of a cycle carry last tick's value: those that close it."""

from __future__ import annotations

from typing import Any


def closing(edges: list[tuple[int, int, Any]]) -> list[tuple[int, int, Any]]:
    """The edges that close a cycle when edges are added in order of their keys: the last of each.

    The nodes' places in a topological order are kept up as edges come in (Pearce & Kelly 2006, "A
    dynamic topological sort algorithm for directed acyclic graphs"), so that an edge costs what
    lies between its ends in that order, not the whole graph.
    """
    place: dict[int, int] = {}
    for begin, end, _ in sorted(edges, key=lambda edge: edge[2]):
        place.setdefault(begin, len(place))
        place.setdefault(end, len(place))
    after: dict[int, list[int]] = {node: [] for node in place}
    before: dict[int, list[int]] = {node: [] for node in place}
    found = []
    for edge in sorted(edges, key=lambda edge: edge[2]):
        begin, end, _ = edge
        if place[begin] >= place[end]:
            between = range(place[end], place[begin] + 1)
            ahead = _reached(end, after, place, between)
            if begin in ahead:
                found.append(edge)
                continue
            behind = _reached(begin, before, place, between)
            moved = sorted(behind, key=place.__getitem__) + sorted(ahead, key=place.__getitem__)
            for node, at in zip(moved, sorted(place[node] for node in moved), strict=True):
                place[node] = at
        after[begin].append(end)
        before[end].append(begin)
    return found


def _reached(
    start: int, along: dict[int, list[int]], place: dict[int, int], between: range
) -> set[int]:
    """The nodes that can be reached by way of those whose places lie within a range."""
    found, waiting = {start}, [start]
    while waiting:
        for node in along[waiting.pop()]:
            if node not in found and place[node] in between:
                found.add(node)
                waiting.append(node)
    return found
