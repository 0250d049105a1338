"""Putting a node into a link: what flowed from A to B then flows from A over the node to B."""

from __future__ import annotations

from dataclasses import replace

from .catalogue import Catalogue
from .changes import Edit, EditError
from .compose import in_turn
from .document import Document
from .edits import connect, reconnect
from .records import Link, LinkId


def fitting(doc: Document, catalogue: Catalogue, link_id: LinkId, service: str) -> tuple | None:
    """The (in port, out port) by which a node of a service can stand in a link, or None."""
    link = doc.links[link_id]
    source, target = doc.nodes[link.source].service, doc.nodes[link.target].service
    if not all(name in catalogue for name in (source, target, service)):
        return None
    ports = catalogue.ports(service)
    into = [
        port.name
        for port in ports
        if port.direction == "in"
        and catalogue.why_not(source, link.source_port, service, port.name) is None
    ]
    out = [
        port.name
        for port in ports
        if port.direction == "out"
        and catalogue.why_not(service, port.name, target, link.target_port) is None
    ]
    return (into[0], out[0]) if into and out else None


def splice(doc: Document, catalogue: Catalogue, link_id: LinkId, node: str) -> Edit:
    """The link led to the node, and a new one from there to the link's old end.

    The link keeps its parameters as far as they mean something at its new end, and its faults.
    Raises EditError when the services do not fit, or the node is an end of the link.
    """
    if link_id not in doc.links or node not in doc.nodes:
        raise EditError("there is no such link or node")
    link = doc.links[link_id]
    ports = fitting(doc, catalogue, link_id, doc.nodes[node].service)
    if ports is None or node in (link.source, link.target):
        raise EditError(f"{doc.nodes[node].label or node} does not fit into this link")
    return in_turn(
        doc,
        f"Insert {doc.nodes[node].label or node} into a link",
        lambda now: _fit(
            now, catalogue, reconnect(now, link_id, target=node, target_port=ports[0])
        ),
        lambda now: connect(now, node, ports[1], link.target, link.target_port),
    )


def _fit(doc: Document, catalogue: Catalogue, edit: Edit) -> Edit:
    """The edit with the parameters of the led link that its new ends know."""
    changes = []
    for change in edit.changes:
        after = change.after
        if isinstance(after, Link):
            ends = doc.nodes[after.source].service, doc.nodes[after.target].service
            where = (ends[0], after.source_port, ends[1], after.target_port)
            wrong = {name for name, _ in catalogue.check_link_params(*where, after.params)}
            kept = {name: value for name, value in after.params.items() if name not in wrong}
            change = replace(change, after=replace(after, params=kept))
        changes.append(change)
    return Edit(edit.label, tuple(changes))
