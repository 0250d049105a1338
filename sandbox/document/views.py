"""A graph's nodes and links as live, read-only mappings from id to record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import networkx

from .records import Link, LinkId, Node


class Nodes(Mapping[str, Node]):
    def __init__(self, graph: networkx.MultiDiGraph) -> None:
        self._graph = graph

    def __getitem__(self, key: str) -> Node:
        record: Node = self._graph.nodes[key]["record"]
        return record

    def __iter__(self) -> Iterator[str]:
        return iter(self._graph)

    def __len__(self) -> int:
        return len(self._graph)


class Links(Mapping[LinkId, Link]):
    def __init__(self, graph: networkx.MultiDiGraph) -> None:
        self._graph = graph

    def __getitem__(self, key: LinkId) -> Link:
        try:
            source, target, ports = key
            record: Link = self._graph.adj[source][target][ports]["record"]
        except (KeyError, TypeError, ValueError):
            raise KeyError(key) from None
        return record

    def __iter__(self) -> Iterator[LinkId]:
        return iter(self._graph.edges(keys=True))

    def __len__(self) -> int:
        return int(self._graph.number_of_edges())
