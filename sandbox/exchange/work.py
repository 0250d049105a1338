"""The plan of an import: what the families of resource types wish for, before it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .marks import attributes, marked
from .report import Became, Certainty, Entry
from .template import Resource, Stack

RANK: Mapping[str, int] = {"certain": 0, "probable": 1, "hint": 2}


@dataclass
class Planned:
    """A node to be. `service` is what it should be; a catalogue that has it not shows a box."""

    id: str
    service: str
    label: str
    params: dict[str, Any] = field(default_factory=dict)
    of: str = ""  # the resource it stands for


@dataclass
class Wish:
    """A link to be, between planned nodes. `said` names the resources that the report names."""

    source: str
    target: str
    why: str
    certainty: Certainty
    said: tuple[str, str]
    via: str = ""
    port: str = ""
    mode: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    weight: float = 1.0  # of several of its kind, such as the routes of an API
    spread: bool = False  # the source's load is shared out by weight
    filter: Mapping[str, Any] = field(default_factory=dict)  # kept with the link


@dataclass
class Kind:
    """A resource type that becomes a node.

    `rows` are (property, parameter); `ties` are (property, port, why): the property refers to what
    it sends to. `unmodelled` are properties whose effect is not simulated.
    """

    service: str
    title: str
    rows: tuple[tuple[str, str], ...] = ()
    ties: tuple[tuple[str, str, str], ...] = ()
    unmodelled: Mapping[str, str] = field(default_factory=dict)
    more: Callable[[Work, Resource], None] | None = None


Part = Callable[["Work", Resource], str]
"""A resource type that says something of nodes or links; returns what."""


class Work:
    """Resources by id, and what is planned of them so far."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.resources = stack.resources
        self.nodes: dict[str, Planned] = {}
        self.paths: dict[str, None] = {}  # for which a distribution has behaviours of their own
        self.entries: dict[str, Entry] = {}
        self.stands: dict[str, str] = {}
        self.wishes: list[Wish] = []
        self.groups: dict[str, list[str]] = {}
        self.late: list[Callable[[], None]] = []
        self.guessed: set[str] = {r.id for r in self.resources.values() if r.assumptions}
        self.candidates: set[str] = set()  # of types that no table names
        self._names = _names(self.resources.values())

    def entry(self, id: str, became: Became, why: str) -> Entry:
        """What is reported of a resource; a second word replaces the first."""
        old = self.entries.get(id)
        resource = self.resources[id]
        entry = Entry(id, resource.type, became, why)
        if old is not None:
            entry.assumptions, entry.nodes, entry.service = old.assumptions, old.nodes, old.service
        else:
            entry.assumptions = list(resource.assumptions)
        self.entries[id] = entry
        return entry

    def assume(self, id: str, text: str) -> None:
        """Tell what was assumed of a resource, which makes it more than mapped."""
        self.remark(id, text)
        if id in self.entries:
            self.guessed.add(id)

    def remark(self, id: str, text: str) -> None:
        """Tell what no template says and a default stands for."""
        if id in self.entries and text not in self.entries[id].assumptions:
            self.entries[id].assumptions.append(text)

    def of_type(self, *types: str) -> list[Resource]:
        return [r for r in self.resources.values() if r.type in types and not r.missing]

    def node(self, id: str, service: str, label: str, **params: Any) -> Planned:
        """A node that no resource of the template is; made once."""
        return self.nodes.setdefault(id, Planned(id, service, label, params))

    def means(self, id: str) -> str:
        """The resource whose node stands for this one, such as a function for its alias."""
        for _ in range(20):
            if id not in self.stands:
                break
            id = self.stands[id]
        return id

    def meant(self, value: Any) -> list[str]:
        """The nodes that a value refers to: by reference, else by a literal name or ARN."""
        found = [self.means(id) for id in marked(value)]
        if not found and isinstance(value, str):
            found = [self.means(id) for id in self.named(value)]
        if isinstance(value, list) and not found:
            found = [id for item in value for id in self.meant(item)]
        return list(dict.fromkeys(id for id in found if id in self.nodes))

    def resources_in(self, value: Any, *types: str) -> list[Resource]:
        """The resources that a value refers to, of these types if any are given."""
        ids = marked(value) or (self.named(value) if isinstance(value, str) else [])
        found = [self.resources[id] for id in ids if id in self.resources]
        return [r for r in found if not r.missing and (not types or r.type in types)]

    def named(self, text: str) -> list[str]:
        """Resources by a physical name that the template gives them, alone or ending an ARN."""
        last = text.rsplit(":", 1)[-1].rsplit("/", 1)[-1] if text.startswith("arn:") else text
        service = text.split(":")[2] if text.count(":") >= 5 and text.startswith("arn:") else ""
        return [
            id
            for id in self._names.get(last, ())
            if not service or service in self.resources[id].type.lower().replace("::", ".")
        ]

    def link(
        self,
        source: str,
        target: str,
        why: str,
        certainty: Certainty = "certain",
        *,
        via: str = "",
        port: str = "",
        mode: str = "",
        params: Mapping[str, Any] | None = None,
        weight: float = 1.0,
        spread: bool = False,
        said: tuple[str, str] | None = None,
        filter: Mapping[str, Any] | None = None,
    ) -> bool:
        """Wish for a link between the nodes that stand for two resources; False if one has none."""
        source, target = self.means(source), self.means(target)
        if source not in self.nodes or target not in self.nodes or source == target:
            return False
        how = (via, port, mode, dict(params or {}), weight, spread, filter or {})
        self.wishes.append(Wish(source, target, why, certainty, said or (source, target), *how))
        return True

    def put(self, id: str, parameter: str, value: Any) -> bool:
        """Set a parameter of the node that stands for a resource."""
        node = self.nodes.get(self.means(id))
        if node is None or value is None:
            return False
        node.params[parameter] = value
        return True

    def attributes(self, value: Any) -> list[tuple[str, str]]:
        return attributes(value)


def get(value: Any, path: str) -> Any:
    """The value at `A.B[0].C`, or None."""
    for part in path.split("."):
        name, _, index = part.partition("[")
        value = value.get(name) if isinstance(value, dict) else None
        if index:
            at = int(index.rstrip("]"))
            value = value[at] if isinstance(value, list) and len(value) > at else None
    return value


def every(value: Any, path: str) -> list[Any]:
    """All values at `A[].B`, lists flattened."""
    found = [value]
    for part in path.split("."):
        name = part.removesuffix("[]")
        found = [v[name] for v in found if isinstance(v, dict) and v.get(name) is not None]
        if part.endswith("[]"):
            found = [inner for v in found for inner in (v if isinstance(v, list) else [v])]
    return found


def number(value: Any) -> float | None:
    """A number however it is written, or None."""
    if isinstance(value, bool):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if found == found and abs(found) < 1e15 else None


def whole(value: Any) -> int | None:
    found = number(value)
    return None if found is None else round(found)


def truth(value: Any) -> bool:
    return value is True or str(value).lower() == "true"


_NAMES = (
    *("FunctionName", "QueueName", "TableName", "TopicName", "BucketName", "StreamName"),
    *("StateMachineName", "DeliveryStreamName", "Name", "ServiceName", "ClusterName"),
)


def _names(resources: Iterable[Resource]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for resource in resources:
        if resource.missing or resource.type.endswith(("::Permission", "::EventSourceMapping")):
            continue
        for key in _NAMES:
            name = resource.properties.get(key)
            if isinstance(name, str) and len(name) > 2 and "\ue000" not in name:
                found.setdefault(name, []).append(resource.id)
                break
    return found
