"""What can be done about a problem at once, where it is certain: an edit, to be undone if not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from .catalogue import Catalogue
from .changes import Change, Edit
from .document import Document
from .edits import (
    connect,
    delete,
    place,
    set_group,
    set_link_params,
    set_params,
    set_scenario,
)
from .ids import Ids
from .records import LinkId, Node, Scenario

_BEFORE = 260.0
"""How far left of what they call new clients stand, in scene units."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What its button says, and the edit of the document it makes."""

    title: str
    edit: Callable[[Document], Edit] = field(compare=False)


def without_member(group: str, member: str) -> Remedy:
    def edit(doc: Document) -> Edit:
        members = tuple(m for m in doc.groups[group].members if m != member)
        return set_group(doc, group, members=members)

    return Remedy("Take it out", edit)


def another_group_id(group: str) -> Remedy:
    """A node of the same id keeps it, and what is said of it."""

    def edit(doc: Document) -> Edit:
        before = doc.groups[group]
        after = replace(before, id=Ids(doc).new(group))
        gone, come = Change("group", group, before, None), Change("group", after.id, None, after)
        return Edit(f"Rename the group {before.label or group}", (gone, come))

    return Remedy("Rename the group", edit)


def without_parameter(node: str, name: str, near: str | None, has: Mapping[str, Any]) -> Remedy:
    """An unknown parameter goes, or its value goes to the one that was meant."""
    if near is not None and near not in has:
        values = {name: None, near: has[name]}
        return Remedy(f"Call it {near}", lambda doc: set_params(doc, {node: values}))
    return Remedy("Remove it", lambda doc: set_params(doc, {node: {name: None}}))


def allowed(catalogue: Catalogue, node: Node, name: str) -> Remedy | None:
    """The nearest value a parameter may have, else its default; None if neither helps.

    `name` may lead into a list ("policies.0.target_value"): then the whole of it is reset.
    """
    top = name.split(".")[0]
    if not top or top not in node.params:
        return None
    nearest = getattr(catalogue, "nearest", None)
    value = nearest(node.service, name, node.params[top]) if nearest and name == top else None
    title = "Reset it" if value is None else f"Make it {value:,g}"
    kept = {key: given for key, given in node.params.items() if key != top}
    if value is not None:
        kept[top] = value
    if any(wrong.split(".")[0] == top for wrong, _ in catalogue.check_params(node.service, kept)):
        return None
    return Remedy(title, lambda doc: set_params(doc, {node.id: {top: value}}))


def without_link(link: LinkId) -> Remedy:
    return Remedy("Remove the link", lambda doc: delete(doc, link_ids=[link]))


def reset_link_parameter(link: LinkId, name: str, unknown: bool = False) -> Remedy:
    title = "Remove it" if unknown else "Reset it"
    return Remedy(title, lambda doc: set_link_params(doc, {link: {name: None}}))


def reset_scenario(name: str) -> Remedy | None:
    """A field of the scenario as it is by default; lists that people made are left alone."""
    usual = {item.name: item.default for item in fields(Scenario)}
    if name not in usual or name in ("classes", "faults", "extra"):
        return None
    value = usual[name]
    return Remedy(f"Make it {value}", lambda doc: set_scenario(doc, **{name: value}))


def clients_before(doc: Document, catalogue: Catalogue | None) -> Remedy | None:
    """Clients that call where requests arrive, if there is one such place only."""
    if catalogue is None or "clients" not in catalogue:
        return None
    fed = {link.target for link in doc.links.values()}
    firsts = [node for node in doc.nodes.values() if node.id not in fed]
    firsts = [node for node in firsts if next(doc.links_of(node.id), None) is not None]
    if len(firsts) != 1:
        return None
    first = firsts[0]
    out = next((p.name for p in catalogue.ports("clients") if p.direction == "out"), None)
    into = next(
        (
            port.name
            for port in catalogue.ports(first.service)
            if port.direction == "in"
            and catalogue.why_not("clients", out or "", first.service, port.name) is None
        ),
        None,
    )
    if out is None or into is None:
        return None

    def edit(doc: Document) -> Edit:
        created = place(doc, "clients", first.x - _BEFORE, first.y)
        later = doc.copy()
        later.apply(created)
        joined = connect(later, created.changes[0].key, out, first.id, into)
        return Edit("Place clients", created.followed_by(joined).changes)

    return Remedy(f"Place clients before {first.label or first.id}", edit)
