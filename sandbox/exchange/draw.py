"""The plan drawn: nodes with checked parameters, links between ports that fit, in a document."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any

from sandbox.document import Catalogue, Document, Group, Link, Node, RequestClass, Scenario
from sandbox.document.layout import COLUMN, ROW, tidy

from .containers import containers
from .filters import act
from .load import propose
from .marks import readable
from .ports import ends_for, link_parameters, parameters
from .report import LinkEntry, Report
from .work import RANK, Planned, Work
from .workers import find_workers

BOX = "external"
BOX_PARAMS = {"servers": 1000, "service_time_s": 0.02}
"""A passive box: answers in 20 ms and never fills up (assumption)."""
_BALANCING = ("elb", "route53", "clients")


def draw(work: Work, catalogue: Catalogue, name: str, report: Report) -> Document:
    """A laid-out document; `report` gets its resources, links and load."""
    find_workers(work, catalogue)
    nodes = {id: _node(work, planned, catalogue, report) for id, planned in work.nodes.items()}
    links = _links(work, nodes, catalogue, report)
    undrawn = [entry.target for entry in report.links if entry.not_drawn]
    boxes = {id for id, node in nodes.items() if node.service == BOX}
    for node, link, text in propose(nodes, links, boxes, undrawn, catalogue):
        nodes[node.id] = node
        links[link.id] = link
        report.load.append(text)
    report.resources = [work.entries[id] for id in work.resources if id in work.entries]
    classes = _paths(work, report) or act(nodes, links, catalogue, report)
    groups: list[Group] = containers(work, nodes)
    spread = [
        replace(node, x=float(COLUMN * (at % 6)), y=float(ROW * (at // 6)))
        for at, node in enumerate(nodes.values())
    ]
    document = Document(
        nodes=spread, links=links.values(), groups=groups, name=name, catalogue=catalogue,
        scenario=Scenario(classes=tuple(classes)),
    )  # fmt: skip
    document.apply(tidy(document))
    return document


def _paths(work: Work, report: Report) -> list[RequestClass]:
    """Requests of every path that goes a way of its own, since a template says no load."""
    if not work.paths:
        return []
    classes = [RequestClass("all other paths", path="/")]
    for pattern in work.paths:
        path = pattern.replace("*", "any").replace("?", "a")
        path = path if path.startswith("/") else f"/{path}"
        classes.append(RequestClass(pattern, path=path))
        report.load.append(f"as many requests are for {pattern} as for any other path (assumed)")
    return classes


def _node(work: Work, planned: Planned, catalogue: Catalogue, report: Report) -> Node:
    service, params = planned.service, planned.params
    entry = work.entries.get(planned.of or planned.id)
    if service == "endpoint" or service not in catalogue:
        params = {**BOX_PARAMS, **(params if service == "endpoint" else {})}
        if entry is not None and service != "clients":
            why = "its type is not simulated yet; load passes through it"
            entry.became, entry.why = "passive", f"{entry.why}; {why}" if entry.why else why
        service = BOX
    kept, refused = parameters(catalogue, service, params)
    for text in refused:
        if entry is not None:
            entry.assumptions.append(text)
        else:
            report.notes.append(f"{planned.id}: {text}")
    if entry is not None:
        entry.service, entry.nodes = entry.service or service, (*entry.nodes, planned.id)
    kind = work.resources[planned.of].type if planned.of in work.resources else ""
    extra = {"resource": {"id": planned.of, "type": kind}} if kind else {}
    return Node(planned.id, service, planned.label, params=kept, extra=extra)


def _links(
    work: Work, nodes: dict[str, Node], catalogue: Catalogue, report: Report
) -> dict[Any, Link]:
    drawn: dict[Any, Link] = {}
    said: dict[tuple[str, str], LinkEntry] = {}
    taken: Counter[tuple[str, str]] = Counter()
    totals: dict[str, float] = defaultdict(float)
    shares: dict[tuple[str, str], float] = defaultdict(float)
    for wish in work.wishes:
        if wish.spread:
            totals[wish.source] += wish.weight
            shares[wish.source, wish.target] += wish.weight
    ranked = sorted(work.wishes, key=lambda wish: RANK[wish.certainty])
    for wish in ranked:
        entry = said.get(wish.said)
        if entry is None:
            entry = LinkEntry(*wish.said, wish.certainty, wish.why, wish.via)
            said[wish.said] = entry
            report.links.append(entry)
        source, target = nodes[wish.source], nodes[wish.target]
        ends, why = ends_for(catalogue, source.service, target.service, wish.port, wish.mode)
        if ends is None:
            entry.not_drawn = why
            continue
        out, into, several, many = ends
        key = (wish.source, wish.target, f"{out}>{into}")
        if key not in drawn:
            if not many and taken[wish.source, out]:
                entry.not_drawn = f"{wish.source} has one link at {out} already"
                continue
            taken[wish.source, out] += 1
            params = dict(wish.params)
            if wish.spread and totals[wish.source] > shares[wish.source, wish.target]:
                part = round(shares[wish.source, wish.target] / totals[wish.source], 6)
                params["share" if source.service in _BALANCING else "calls"] = part
            if wish.mode and several:
                params["mode"] = wish.mode
            kept, refused = link_parameters(
                catalogue, source.service, out, target.service, into, params
            )
            for text in refused:
                report.notes.append(f"link {wish.source} → {wish.target}: {text}")
            extra: dict[str, Any] = {}
            if wish.certainty != "certain":
                extra["evidence"] = wish.certainty
            if kept_filter := readable(wish.filter):
                extra["filter"] = kept_filter
            drawn[key] = Link(wish.source, wish.target, out, into, kept, extra)
        if key not in entry.drawn:
            entry.drawn.append(key)
            entry.not_drawn = ""
    return drawn
