"""What is wrong, doubtful or worth knowing about a document, each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

import networkx

from . import remedies
from .catalogue import Catalogue
from .document import FORMAT_VERSION, Document
from .paths import cycles, entrances, flow_of, scheduled, sources, unreached
from .records import Link, LinkId, Node
from .remedies import Remedy
from .rename import CACHE, NO_CACHE, caches, metrics, references
from .scenario import scenario_problems

Severity = Literal["error", "warning", "info"]

MOST = 4
"""So many names are listed in a sentence, then the number of the others."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the list; node, link and parameter say where it is."""

    severity: Severity
    node: str | None
    link: LinkId | None
    parameter: str | None
    text: str
    remedy: str
    fix: Remedy | None = None
    """What can be done at once, where that is certain."""


def problems(doc: Document, catalogue: Catalogue | None = None) -> list[Problem]:
    """All of them, errors first; `catalogue` is the document's own when left out.

    An error keeps the diagram from being run as it is drawn, a warning is probably not what was
    meant, an info is good to know.
    """
    catalogue = catalogue if catalogue is not None else doc.catalogue
    found = [*_of_document(doc, catalogue), *_of_groups(doc)]
    if catalogue is not None:
        for node in doc.nodes.values():
            found += _of_node(doc, catalogue, node)
        for link in doc.links.values():
            found += _of_link(doc, catalogue, link)
    found += _of_references(doc, catalogue)
    found += _of_connections(doc, catalogue)
    order: tuple[Severity, ...] = ("error", "warning", "info")
    return sorted(found, key=lambda problem: order.index(problem.severity))


def _of_document(doc: Document, catalogue: Catalogue | None) -> Iterator[Problem]:
    if doc.version != FORMAT_VERSION:
        yield Problem(
            "info",
            *(None, None, None),
            f"the file was written by a newer version ({doc.version}); what is new is kept unused",
            "Install the newest Architecture Sandbox to use all of it.",
        )
    for severity, field, text, remedy in scenario_problems(doc, catalogue=catalogue):
        fix = remedies.reset_scenario(field)
        yield Problem(severity, None, None, field, text, remedy, fix)


def _of_groups(doc: Document) -> Iterator[Problem]:
    for group in doc.groups.values():
        name = group.label or group.id
        for member in group.members:
            if member not in doc.nodes and member not in doc.groups:
                yield Problem(
                    "warning",
                    *(None, None, None),
                    f"the group {name} contains {member!r}, which does not exist",
                    "Take it out of the group, or add a node of that id.",
                    remedies.without_member(group.id, member),
                )
        if group.id in doc.nodes:
            yield Problem(
                "warning",
                *(group.id, None, None),
                f"a node and a group are both called {group.id!r}",
                "Give one of them another id.",
                remedies.another_group_id(group.id),
            )
    inside = networkx.DiGraph()
    for group in doc.groups.values():
        inside.add_edges_from((group.id, m) for m in group.members if m in doc.groups)
    for circle in cycles(inside):
        yield Problem(
            "error",
            *(None, None, None),
            f"groups contain each other in a circle: {_listed(circle[:MOST], len(circle))}",
            "Take one of them out of the other.",
        )


def _of_node(doc: Document, catalogue: Catalogue, node: Node) -> Iterator[Problem]:
    if node.service not in catalogue:
        yield Problem(
            "error",
            *(node.id, None, None),
            f"{_name(node)} is a {node.service!r}, a service that is not in the catalogue",
            "Replace it, or add the file of the service to your services folder.",
        )
        return
    known = catalogue.defaults(node.service)
    title = catalogue.title(node.service)
    unknown = [name for name in node.params if name not in known]
    for name in unknown:
        near = _near(name, known)
        fix = remedies.without_parameter(node.id, name, near, node.params)
        yield Problem("warning", node.id, None, name, *_no_such(title, name, known), fix)
    for name, message in catalogue.check_params(node.service, node.params):
        if name not in unknown:
            yield Problem(
                "error",
                *(node.id, None, name),
                f"{_name(node)}: {message}",
                f"Change {name}, or reset it to its default." if name else "Change it.",
                remedies.allowed(catalogue, node, name),
            )


def _of_link(doc: Document, catalogue: Catalogue, link: Link) -> Iterator[Problem]:
    source, target = doc.nodes[link.source], doc.nodes[link.target]
    if source.service not in catalogue or target.service not in catalogue:
        return
    between = f"the link from {_name(source)} to {_name(target)}"
    ends = (source.service, link.source_port, target.service, link.target_port)
    reason = catalogue.why_not(*ends)
    if reason is not None:
        yield Problem(
            "error",
            *(None, link.id, None),
            f"{between} is not possible: {reason}",
            "Remove it, or connect other ports.",
            remedies.without_link(link.id),
        )
        return
    mode = link.params.get("mode")
    known = catalogue.link_defaults(*ends, mode if isinstance(mode, str) else None)
    unknown = [name for name in link.params if name not in known and name != "mode"]
    for name in unknown:
        fix = remedies.reset_link_parameter(link.id, name, unknown=True)
        yield Problem("warning", None, link.id, name, *_no_such("Such a link", name, known), fix)
    for name, message in catalogue.check_link_params(*ends, link.params):
        if name not in unknown:
            yield Problem(
                "error",
                *(None, link.id, name),
                f"{between}: {message}",
                f"Change {name}, or reset it to its default." if name else "Change it.",
                remedies.reset_link_parameter(link.id, name) if name in link.params else None,
            )


def _of_references(doc: Document, catalogue: Catalogue | None) -> Iterator[Problem]:
    for node in doc.nodes.values():
        for name, value in node.params.items():
            for missing in dict.fromkeys(references(value)):
                if missing not in doc.nodes:
                    yield Problem(
                        "error",
                        *(node.id, None, name),
                        f"{_name(node)} watches a metric of {missing!r}, which does not exist",
                        f"Choose another node in {name}.",
                    )
            yield from _of_metrics(doc, catalogue, node, name, value)
    for link in doc.links.values():
        called = {other.target for other in doc.links_of(link.source)} - {link.target}
        for cache in caches(link.params):
            if cache not in called:
                yield Problem(
                    "warning",
                    *(None, link.id, CACHE),
                    f"{_name(doc.nodes[link.source])} is to ask {cache!r} before "
                    f"{_name(doc.nodes[link.target])}, but does not call it",
                    f"Draw a link to it, choose a cache that it calls, or {NO_CACHE!r}.",
                )


def _of_metrics(
    doc: Document, catalogue: Catalogue | None, node: Node, name: str, value: Any
) -> Iterator[Problem]:
    for watched, metric in dict.fromkeys(metrics(value)):
        if catalogue is None or watched not in doc.nodes:
            continue
        service = doc.nodes[watched].service
        known = catalogue.metrics(service) if service in catalogue else ()
        if not metric or not known or metric in known:
            continue
        near = get_close_matches(metric, list(known), 1)
        if "latency_p" in metric and "latency_mean" in known:
            near = ["latency_mean"]
        listed = _listed(list(known[-MOST:]), len(known))
        yield Problem(
            "error",
            *(node.id, None, name),
            f"{_name(node)} watches {metric!r} of {_name(doc.nodes[watched])}, "
            f"which {catalogue.title(service)} does not have; it has {listed}",
            f"Watch {near[0]} instead." if near else f"Choose another metric in {name}.",
        )


def _of_connections(doc: Document, catalogue: Catalogue | None) -> Iterator[Problem]:
    flow = flow_of(doc, catalogue)
    watched = {id for node in doc.nodes.values() for id in references(node.params)}
    starts, alone = dict.fromkeys(sources(doc, catalogue)), scheduled(doc)
    for node in doc.nodes.values():
        joins = node.id in watched or node.id in alone or bool(references(node.params))
        if not joins and next(doc.links_of(node.id), None) is None and _has_ports(node, catalogue):
            yield Problem(
                "warning",
                *(node.id, None, None),
                f"{_name(node)} is not connected to anything",
                "Drag a link from a port of another node, or delete it.",
            )
        elif node.id in starts and node.id not in alone and not flow.out_degree(node.id):
            yield Problem(
                "warning",
                *(node.id, None, None),
                f"{_name(node)} sends its load nowhere",
                "Connect it to the service that its requests go to.",
            )
    if not starts and any(flow.degree(id) for id in flow):
        yield Problem(
            "warning",
            *(None, None, None),
            "nothing sends any load",
            "Place clients, and connect them to where requests arrive.",
            remedies.clients_before(doc, catalogue),
        )
    for id in unreached(flow, starts):
        yield Problem(
            "warning",
            *(id, None, None),
            f"no load reaches {_name(doc.nodes[id])}",
            "Connect it to a source, directly or through other services.",
        )
    for circle in cycles(flow):
        names = [_name(doc.nodes[id]) for id in circle[:MOST]]
        yield Problem(
            "info",
            *(circle[0], None, None),
            f"requests can go in a circle: {_listed(names, len(circle))}",
            "Fine for retries and feedback; make sure that they leave it at some point.",
        )
    for id, behind in entrances(flow, starts).items():
        names = [_name(doc.nodes[other]) for other in behind[:MOST]]
        yield Problem(
            "info",
            *(id, None, None),
            f"{_name(doc.nodes[id])} is a single point of failure: "
            f"no load reaches {_listed(names, len(behind))} without it",
            "Spread it over zones, or add a second path or a standby.",
        )


def _no_such(what: str, name: str, known: Any) -> tuple[str, str]:
    near = _near(name, known)
    remedy = f"Call it {near}, or remove it." if near else "Remove it, or leave it: it is kept."
    few = ", ".join(list(known)[:6]) + (", …" if len(known) > 6 else "")
    return f"{what} has no parameter {name!r}" + (f"; it has {few}" if known else ""), remedy


def _near(name: str, known: Any) -> str | None:
    return next(iter(get_close_matches(name, list(known), 1)), None)


def _has_ports(node: Node, catalogue: Catalogue | None) -> bool:
    if catalogue is None or node.service not in catalogue:
        return True
    return bool(catalogue.ports(node.service))


def _name(node: Node) -> str:
    return node.label or node.id


def _listed(names: list[str], total: int) -> str:
    if total > len(names):
        names = [*names, f"{total - len(names)} more"]
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
