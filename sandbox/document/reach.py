"""What leads to a node and what a node leads to, over any number of links."""

from __future__ import annotations

from collections.abc import Iterable

import networkx

from .document import Document


def upstream(doc: Document, ids: Iterable[str]) -> frozenset[str]:
    """These nodes and all from which one of them can be reached."""
    chosen = [id for id in ids if id in doc.nodes]
    return frozenset(chosen).union(*(networkx.ancestors(doc.graph, id) for id in chosen))


def downstream(doc: Document, ids: Iterable[str]) -> frozenset[str]:
    """These nodes and all that can be reached from one of them."""
    chosen = [id for id in ids if id in doc.nodes]
    return frozenset(chosen).union(*(networkx.descendants(doc.graph, id) for id in chosen))


def connected(doc: Document, ids: Iterable[str]) -> frozenset[str]:
    """These nodes and all that links join them to, whichever way the links point."""
    chosen = [id for id in ids if id in doc.nodes]
    both_ways = doc.graph.to_undirected(as_view=True)
    return frozenset(chosen).union(
        *(networkx.node_connected_component(both_ways, id) for id in chosen)
    )
