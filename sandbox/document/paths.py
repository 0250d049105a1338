"""Where load can go in a document: sources, what they reach, circles, and bottlenecks of paths."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import networkx

from .catalogue import Catalogue
from .document import Document
from .records import Link


def flow_of(doc: Document, catalogue: Catalogue | None = None) -> networkx.DiGraph:
    """The nodes, and from where to where load can go; control links carry none."""
    flow = networkx.DiGraph()
    flow.add_nodes_from(doc.nodes)
    flow.add_edges_from(
        (link.source, link.target)
        for link in doc.links.values()
        if mode_of(doc, link, catalogue) != "control"
    )
    return flow


def mode_of(doc: Document, link: Link, catalogue: Catalogue | None = None) -> str:
    """The mode a link works in: its own, else the usual one of its two ports, or sync."""
    if link.params.get("mode") is not None:
        return str(link.params["mode"])
    source, target = doc.nodes[link.source].service, doc.nodes[link.target].service
    if catalogue is None or source not in catalogue or target not in catalogue:
        return "sync"
    modes = catalogue.link_modes(source, link.source_port, target, link.target_port)
    return next(iter(modes), "sync")


def sources(doc: Document, catalogue: Catalogue | None) -> list[str]:
    """The nodes that make load of their own: their service lets load out by a port, and none in, or
    they start something by a schedule.
    """
    found = []
    by_schedule = scheduled(doc)
    for node in doc.nodes.values():
        if node.id in by_schedule:
            found.append(node.id)
        elif catalogue is not None and node.service in catalogue:
            ports = catalogue.ports(node.service)
            ways = {port.direction for port in ports if tuple(port.modes) != ("control",)}
            if ways == {"out"}:
                found.append(node.id)
        elif node.service == "clients":
            found.append(node.id)
    return found


def scheduled(doc: Document) -> set[str]:
    """The nodes that start something by themselves: a `schedule` of theirs, or of a link of theirs
    as the rules of a bus are, is not empty.
    """
    found = {node.id for node in doc.nodes.values() if _has_schedule(node.params)}
    return found | {link.source for link in doc.links.values() if _has_schedule(link.params)}


def _has_schedule(value: Any) -> bool:
    if isinstance(value, Mapping):
        return bool(value.get("schedule")) or any(map(_has_schedule, value.values()))
    return isinstance(value, (list, tuple)) and any(map(_has_schedule, value))


def unreached(flow: networkx.DiGraph, starts: Collection[str]) -> list[str]:
    """The connected nodes that no source leads to; none when there is no source at all."""
    if not starts:
        return []
    reached: set[str] = set(starts)
    walk = list(starts)
    for here in walk:
        for following in flow.successors(here):
            if following not in reached:
                reached.add(following)
                walk.append(following)
    return [id for id in flow if id not in reached and flow.degree(id)]


def cycles(flow: networkx.DiGraph) -> list[list[str]]:
    """The sets of nodes that lead to each other, each in the order of the graph."""
    order = {id: number for number, id in enumerate(flow)}
    found = [
        sorted(part, key=order.__getitem__)
        for part in networkx.strongly_connected_components(flow)
        if len(part) > 1 or flow.has_edge(*(2 * tuple(part)))
    ]
    return sorted(found, key=lambda circle: order[circle[0]])


def entrances(flow: networkx.DiGraph, starts: Iterable[str]) -> dict[str, Sequence[str]]:
    """The nodes that all load to others must pass, and those others: what an outage cuts off.

    They are the dominators of the flow from all sources, which are its articulation points where
    links have a direction. Sources are left out.
    """
    starts = set(starts)
    if not starts:
        return {}
    root = ""  # no node has an empty id
    rooted = flow.copy()
    rooted.add_edges_from((root, start) for start in flow if start in starts)
    below: dict[str, list[str]] = {}
    above = networkx.immediate_dominators(rooted, root)
    for id in flow:
        if id in above:
            below.setdefault(above[id], []).append(id)
    # In a walk down the tree of dominators, what stands behind a node follows it without a break.
    walk = [(root, False)]
    order: list[str] = []
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    while walk:
        id, done = walk.pop()
        if done:
            last[id] = len(order)
            continue
        order.append(id)
        first[id] = len(order)
        walk.append((id, True))
        walk += [(following, False) for following in reversed(below.get(id, []))]
    return {
        id: Span(order, first[id], last[id])
        for id in flow
        if id not in starts and first.get(id, 0) < last.get(id, 0)
    }


class Span(Sequence[str]):
    """A part of a list without a copy: a chain of n nodes has n²/2 nodes behind its nodes."""

    def __init__(self, whole: list[str], first: int, last: int) -> None:
        self._whole, self._range = whole, range(first, last)

    def __getitem__(self, at: Any) -> Any:
        places = self._range[at]
        if isinstance(places, range):
            return [self._whole[place] for place in places]
        return self._whole[places]

    def __len__(self) -> int:
        return len(self._range)
