"""A diagram beside copies of itself: any number of services from one example."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import networkx as nx

from sandbox.document.document import Document
from sandbox.document.paths import flow_of
from sandbox.document.records import Group
from sandbox.document.rename import followed

from .errors import InputError


def tile(document: Document, count: int) -> Document:
    """A diagram of `count` nodes: whole copies, and of the last one what comes first in the flow.

    Copies are independent of each other, each in an account of its own; `web` becomes `web-2`,
    `web-3` and so on. Groups and faults stay with the first.
    """
    if not document.nodes:
        raise InputError("a diagram without services cannot be repeated; place some first")
    order = _order(document)
    nodes, links, accounts = [], [], []
    taken = set(document.nodes) | set(document.groups)
    for number in range(-(-count // len(order))):
        kept = order[: count - number * len(order)]
        names = {
            node: node if number == 0 else _free(f"{node}-{number + 1}", taken) for node in order
        }
        missing = [node for node in order if node not in kept]
        for node in (document.nodes[id] for id in kept):
            params = followed(_without(node.params, missing), names)
            nodes.append(replace(node, id=names[node.id], params=params))
        if number > 0:
            own = tuple(names[node] for node in kept)
            accounts.append(Group(_free(f"account-{number + 1}", taken), "account", "", own))
        for link in document.links.values():
            if link.source in kept and link.target in kept:
                links.append(
                    replace(
                        link,
                        source=names[link.source],
                        target=names[link.target],
                        params=followed(link.params, names),
                    )
                )
    whole = count >= len(order)
    return Document(
        name=document.name,
        scenario=document.scenario if whole else replace(document.scenario, faults=()),
        nodes=nodes,
        links=links,
        groups=(*document.groups.values(), *accounts) if whole else (),
        catalogue=document.catalogue,
    )


def _order(document: Document) -> list[str]:
    """Sources first, then what they lead to, so that a part of a copy has load."""
    rank: dict[str, int] = {}
    condensed = nx.condensation(flow_of(document))
    for step, part in enumerate(nx.lexicographical_topological_sort(condensed)):
        for node in condensed.nodes[part]["members"]:
            rank[node] = step
    place = {node: i for i, node in enumerate(document.nodes)}
    return sorted(document.nodes, key=lambda node: (rank[node], place[node]))


def _without(params: Mapping[str, object], missing: list[str]) -> dict[str, object]:
    """Parameters without those that refer to the metrics of nodes that are left out."""
    from sandbox.document.rename import references

    gone = set(missing)
    return {name: value for name, value in params.items() if not gone & set(references(value))}


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "x"
    taken.add(name)
    return name
