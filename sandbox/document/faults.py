"""Faults: the kinds there are, what each may strike, and what its amount means.

A target is the id of a node or group, or a link written `web.out>db.in` (`web>db` where there is
but one).  Which services a kind means something to, the catalogue knows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from .catalogue import Catalogue
from .document import Document
from .records import Fault, Link, LinkId

Target = Literal["node", "link", "group"]
ZONE = "availability_zone"
MOST_S = 1e12


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind: ``amount`` says what the number is, in ``unit``, from ``least`` to ``most``.

    ``words`` makes a clause of an amount.  An ``instant`` kind happens at its start alone; what it
    does to a service may last until its end.
    """

    name: str
    title: str
    help: str
    targets: tuple[Target, ...]
    amount: str
    unit: str
    least: float
    most: float
    usual: float
    words: Callable[[float], str]
    instant: bool = False


def _part(amount: float) -> str:
    return f"{100 * amount:.4g} %"


def _throttled(amount: float) -> str:
    if amount <= 1:
        return f"{_part(amount)} of the attempts are throttled"
    return f"no more than {amount:,.6g}/s get through, the rest is throttled"


def _stopped(amount: float) -> str:
    return f"{_part(amount)} of the instances stop" if amount < 1 else f"{amount:,.6g} stop"


_KINDS = (
    FaultKind(
        "error_rate",
        "Error rate",
        "A share of the requests fails.",
        ("node", "link"),
        "Share of the requests that fail.",
        "share",
        *(0.0, 1.0, 0.2),
        lambda a: f"{_part(a)} of the requests fail",
    ),
    FaultKind(
        "added_latency",
        "Added latency",
        "Every answer takes longer; callers hold their servers for it.",
        ("node", "link"),
        "Time that is added to each answer.",
        "s",
        *(0.0, 3600.0, 1.0),
        lambda a: f"{a:.4g} s are added to each answer",
    ),
    FaultKind(
        "link_cut",
        "Link cut",
        "Attempts over a link fail, and nothing arrives at its end.",
        ("link",),
        "Share of the attempts that are cut off.",
        "share",
        *(0.0, 1.0, 1.0),
        lambda a: "nothing gets through" if a == 1 else f"{_part(a)} of the attempts are cut off",
    ),
    FaultKind(
        "downstream_throttle",
        "Downstream throttle",
        "A service further on throttles its callers.",
        ("node", "link"),
        "Up to 1, the share of the attempts that is throttled; above 1, how many a second get "
        "through.",
        "share or 1/s",
        *(0.0, 1e9, 0.5),
        _throttled,
    ),
    FaultKind(
        "kill_instances",
        "Kill instances",
        "Instances stop running, with what they hold.",
        ("node",),
        "Below 1, the share of the instances; from 1 on, how many.",
        "share or count",
        *(0.0, 1e7, 1.0),
        _stopped,
        instant=True,
    ),
    FaultKind(
        "capacity_cut",
        "Capacity cut",
        "A share of the capacity is not there.",
        ("node",),
        "Share of the capacity that is gone.",
        "share",
        *(0.0, 1.0, 0.5),
        lambda a: f"{_part(a)} of the capacity is gone",
    ),
    FaultKind(
        "zone_outage",
        "Zone outage",
        "An availability zone fails: its nodes lose what they have there.",
        ("group",),
        "Share of the zone that is out.",
        "share",
        *(0.0, 1.0, 1.0),
        lambda a: "the zone is out" if a == 1 else f"{_part(a)} of the zone is out",
    ),
    FaultKind(
        "hot_key",
        "Hot key",
        "A share of the requests is for one and the same key.",
        ("node",),
        "Share of the requests for that key.",
        "share",
        *(0.0, 1.0, 0.5),
        lambda a: f"{_part(a)} of the requests are for one key",
    ),
    FaultKind(
        "cache_flush",
        "Cache flush",
        "A cache forgets what it holds.",
        ("node",),
        "Share of the entries that are lost.",
        "share",
        *(0.0, 1.0, 1.0),
        lambda a: "the cache is emptied" if a == 1 else f"{_part(a)} of the cache is emptied",
        instant=True,
    ),
    FaultKind(
        "spot_interruption",
        "Spot interruption",
        "Spot instances are taken away at two minutes' notice; until it ends there are no others.",
        ("node",),
        "Below 1, the share of the spot instances; from 1 on, how many.",
        "share or count",
        *(0.0, 1e7, 1.0),
        lambda a: f"{_part(a) if a < 1 else f'{a:,.6g}'} of the spot instances are taken away",
        instant=True,
    ),
)

KINDS: Mapping[str, FaultKind] = {kind.name: kind for kind in _KINDS}
_BY_MODE = {
    "sync": ("error_rate", "added_latency", "link_cut", "downstream_throttle"),
    "async": ("error_rate", "link_cut", "downstream_throttle"),
    "pull": ("link_cut", "downstream_throttle"),
}


# ---------------------------------------------------------------- targets


def written(link: LinkId) -> str:
    """A link as the target of a fault: `web.out>db.in`."""
    source, target, key = link
    out, _, into = key.partition(">")
    return f"{source}.{out}>{target}.{into}"


def link_of(doc: Document, text: str) -> LinkId | None:
    """The link that is meant; None if there is none, or more than one."""
    begin, arrow, end = text.partition(">")
    if not arrow:
        return None
    source, dot, out = begin.partition(".")
    target, dotted, into = end.partition(".")
    if dot and dotted:
        found = (source, target, f"{out}>{into}")
        return found if found in doc.links else None
    between = [link.id for link in doc.links.values() if (link.source, link.target) == (begin, end)]
    return between[0] if len(between) == 1 else None


def aimed_at(doc: Document, kind: str, target: str) -> tuple[Target, str | LinkId] | None:
    """What a fault strikes: ("node", id), ("group", id), ("link", id), or None if nothing."""
    wanted = KINDS[kind].targets if kind in KINDS else ("node", "group")
    places: list[tuple[Target, bool]] = [
        ("node", target in doc.nodes),
        ("group", target in doc.groups),
    ]
    there = [place for place, is_there in places if is_there]
    for place in there:
        if place in wanted:
            return place, target
    if there:
        return there[0], target
    link = link_of(doc, target)
    return None if link is None else ("link", link)


def members(doc: Document, group: str) -> tuple[str, ...]:
    """The nodes in a group, and in the groups inside it."""
    found: dict[str, None] = {}
    seen, waiting = {group}, [group]
    while waiting:
        for member in doc.groups[waiting.pop()].members:
            if member in doc.nodes:
                found[member] = None
            elif member in doc.groups and member not in seen:
                seen.add(member)
                waiting.append(member)
    return tuple(found)


# ---------------------------------------------------------------- what is right and wrong

Complaint = tuple[Literal["error", "warning"], str, str]


def complaint(doc: Document, catalogue: Catalogue | None, fault: Fault) -> Complaint | None:
    """(severity, text, remedy) of what is wrong with a fault, or None.

    An error is a fault that no run could have; a warning one that would do nothing.
    """
    called = f"the fault {fault.kind!r} at {fault.target!r}"
    kind = KINDS.get(fault.kind)
    if kind is None:
        return (
            "error",
            f"there is no fault {fault.kind!r}",
            f"Choose {', '.join(list(KINDS)[:-1])} or {list(KINDS)[-1]}.",
        )
    aim = aimed_at(doc, fault.kind, fault.target)
    if aim is None:
        return (
            "error",
            f"the fault {fault.kind!r} is to strike {fault.target!r}, which does not exist",
            f"Choose {_a(kind)} for it, or remove it.",
        )
    if not (math.isfinite(fault.start_s) and 0 <= fault.start_s <= MOST_S):
        return "error", f"{called} starts at {fault.start_s:g} s", "Make start_s 0 or more."
    if not fault.end_s >= fault.start_s:
        return "error", f"{called} ends before it starts", "Make end_s later than start_s."
    if fault.end_s == fault.start_s and not kind.instant:
        return "error", f"{called} lasts no time", "Make end_s later than start_s."
    if not kind.least <= fault.amount <= kind.most:
        return (
            "error",
            f"{called} has an amount of {fault.amount:g}",
            f"Make amount {kind.least:g} to {kind.most:,.0f}: {_lower(kind.amount)}",
        )
    return _misplaced(doc, catalogue, fault, kind, aim)


def _misplaced(
    doc: Document,
    catalogue: Catalogue | None,
    fault: Fault,
    kind: FaultKind,
    aim: tuple[Target, str | LinkId],
) -> Complaint | None:
    place, target = aim
    if place not in kind.targets:
        return (
            "error",
            f"the fault {kind.name!r} cannot strike {fault.target!r}, a {place}",
            f"Choose {_a(kind)} for it.",
        )
    if place == "group" and doc.groups[str(target)].kind != ZONE:
        return (
            "error",
            f"the fault {kind.name!r} cannot strike {fault.target!r}, which is no zone",
            "Choose a group of kind availability_zone for it.",
        )
    if catalogue is None:
        return None
    known = kinds_of(doc, catalogue, place, target)
    if kind.name in known:
        return None
    return (
        "warning",
        f"the fault {kind.name!r} does nothing to {_called(doc, catalogue, place, target)}",
        f"It can have {', '.join(known)}." if known else "Choose another target, or remove it.",
    )


def kinds_of(
    doc: Document, catalogue: Catalogue, place: Target, target: str | LinkId
) -> tuple[str, ...]:
    """The kinds that mean something to a node, a link or a group, in their usual order."""
    if place == "link":
        link = doc.links[target]  # type: ignore[index]
        source, end = doc.nodes[link.source].service, doc.nodes[link.target].service
        if source not in catalogue or end not in catalogue:
            return ()
        port = next((p for p in catalogue.ports(source) if p.name == link.source_port), None)
        if port is None or getattr(port, "redrive", False):
            return ()  # a dead-letter queue is filled inside the service, not over a network
        return _BY_MODE.get(_mode(doc, catalogue, link), ())
    if place == "group":
        if doc.groups[str(target)].kind != ZONE:
            return ()
        feel = any(
            "zone_outage" in catalogue.faults(doc.nodes[node].service)
            for node in members(doc, str(target))
            if doc.nodes[node].service in catalogue
        )
        return ("zone_outage",) if feel else ()
    service = doc.nodes[str(target)].service
    known = set(catalogue.faults(service) if service in catalogue else ())
    into = [link for link in doc.links_of(str(target)) if link.target == target]
    if into and all(_mode(doc, catalogue, link) == "pull" for link in into):
        known.discard("downstream_throttle")  # nobody calls it: it takes what it can
    return tuple(name for name, kind in KINDS.items() if name in known and "node" in kind.targets)


def _mode(doc: Document, catalogue: Catalogue, link: Link) -> str:
    """How the two ends meet: as given, else what their ports do by nature."""
    ends = (doc.nodes[link.source].service, doc.nodes[link.target].service)
    if ends[0] not in catalogue or ends[1] not in catalogue:
        return ""
    modes = catalogue.link_modes(ends[0], link.source_port, ends[1], link.target_port)
    return str(link.params.get("mode") or (modes[0] if modes else ""))


def fault_problems(
    doc: Document, catalogue: Catalogue | None, faults: tuple[Fault, ...], duration_s: float
) -> Iterator[Complaint]:
    """What is wrong with these faults, each at most once."""
    for fault in faults:
        wrong = complaint(doc, catalogue, fault)
        if wrong is not None:
            yield wrong
        elif fault.start_s >= duration_s:
            yield (
                "warning",
                f"the fault {fault.kind!r} at {fault.target!r} starts after the scenario's end",
                "Start it earlier, or make duration_s longer.",
            )


def _a(kind: FaultKind) -> str:
    names = {"node": "a node", "link": "a link such as web.out>db.in", "group": "a zone"}
    return " or ".join(names[target] for target in kind.targets)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _called(doc: Document, catalogue: Catalogue, place: Target, target: str | LinkId) -> str:
    if place == "node":
        service = doc.nodes[str(target)].service
        title = catalogue.title(service) if service in catalogue else service
        return f"{target!r}, a node of {title}"
    if place == "group":
        return f"the zone {target!r}: no node in it has anything that could fail with it"
    return f"the link {written(target)!r}"  # type: ignore[arg-type]
