"""Load at the entry points: a template never says any, so it is proposed, and said so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import networkx

from sandbox.document import Catalogue, Link, Node

from .ports import ends_for

RATE_PER_S = 10.0
"""What each entry point is offered until a person says otherwise (assumption)."""


def propose(
    nodes: dict[str, Node],
    links: dict[Any, Link],
    boxes: set[str],
    undrawn: Iterable[str],
    catalogue: Catalogue,
) -> Iterator[tuple[Node, Link, str]]:
    """Clients for each part of the diagram that nothing leads to, so that every node is reached.

    A circle counts as one part. A box that sends nothing on needs no load. What an undrawn link
    would have fed gets its own.
    """
    flow = networkx.DiGraph()
    flow.add_nodes_from(nodes)
    flow.add_edges_from((link.source, link.target) for link in links.values())
    whole = networkx.condensation(flow)
    place = {id: at for at, id in enumerate(nodes)}
    entries = []
    for part, depth in whole.in_degree():
        members = sorted(whole.nodes[part]["members"], key=place.__getitem__)
        if depth or any(nodes[id].service == "clients" for id in members):
            continue
        if len(members) == 1 and members[0] in boxes and not flow.out_degree(members[0]):
            continue
        entries.append(members)
    hungry = [[id] for id in dict.fromkeys(undrawn) if id in nodes and not flow.in_degree(id)]
    entries += [members for members in hungry if members not in entries]
    taken = set(nodes)
    for members in sorted(entries, key=lambda ids: place[ids[0]]):
        found = None
        for id in members:
            service = nodes[id].service
            if "clients" in catalogue and service in catalogue:
                found, _ = ends_for(catalogue, "clients", service, "", "")
            if found is not None:
                break
        if found is None:
            continue
        name = f"clients-{id}"
        while name in taken:
            name += "-2"
        taken.add(name)
        params = {"rate_per_s": RATE_PER_S}
        node = Node(name, "clients", f"Load of {nodes[id].label or id}", params=params)
        text = f"{id} is offered {RATE_PER_S:g}/s by {name} (assumed; the template says no load)"
        yield node, Link(name, id, found[0], found[1]), text
