"""A document: a graph of frozen records that changes only by edits and tells its subscribers."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import networkx

from .catalogue import Catalogue
from .changes import ATTRIBUTES, Change, Edit, EditError
from .records import Annotation, Group, JsonMap, Link, LinkId, Node, Scenario, frozen, valid_id
from .views import Links, Nodes

FORMAT_VERSION = "1.0"
Subscriber = Callable[[Edit], None]

_RECORDS: dict[str, Any] = {"node": Node, "link": Link, "group": Group, "annotation": Annotation}
_TYPES: dict[str, type] = {
    **dict.fromkeys(("name", "notes"), str),
    **dict.fromkeys(("view", "source", "extra"), Mapping),
    "scenario": Scenario,
}


class Document:
    """One diagram with its scenario.

    `graph` is for reading: node attribute `record` is a Node, edge `(source, target, key)`
    attribute `record` a Link. `nodes`, `links`, `groups` and `annotations` are live mappings from
    id to record. Everything changes by `apply` alone. Order has no meaning, yet a file keeps it.
    """

    def __init__(
        self,
        *,
        name: str = "",
        notes: str = "",
        scenario: Scenario | None = None,
        nodes: Iterable[Node] = (),
        links: Iterable[Link] = (),
        groups: Iterable[Group] = (),
        annotations: Iterable[Annotation] = (),
        view: JsonMap | None = None,
        source: JsonMap | None = None,
        extra: JsonMap | None = None,
        version: str = FORMAT_VERSION,
        catalogue: Catalogue | None = None,
    ) -> None:
        self.graph: networkx.MultiDiGraph = networkx.MultiDiGraph()
        self.catalogue = catalogue
        self.revision = 0
        self.nodes: Mapping[str, Node] = Nodes(self.graph)
        self.links: Mapping[LinkId, Link] = Links(self.graph)
        self._groups: dict[str, Group] = {}
        self._annotations: dict[str, Annotation] = {}
        self.groups: Mapping[str, Group] = MappingProxyType(self._groups)
        self.annotations: Mapping[str, Annotation] = MappingProxyType(self._annotations)
        self._attributes: dict[str, Any] = {
            "name": name,
            "notes": notes,
            "scenario": scenario or Scenario(),
            "view": frozen(view or {}),
            "source": frozen(source or {}),
            "extra": frozen(extra or {}),
        }
        self.version = version
        self._subscribers: list[Subscriber] = []
        self._untold: deque[Edit] = deque()
        self._telling = False
        self._places: dict[tuple[str, Any], int] = {}
        created = [Change("node", node.id, None, node) for node in nodes]
        created += [Change("link", link.id, None, link) for link in links]
        created += [Change("group", group.id, None, group) for group in groups]
        created += [Change("annotation", note.id, None, note) for note in annotations]
        self._commit(self._outcome(Edit("Open", tuple(created))))

    name = property(lambda self: self._attributes["name"], doc="The title of the diagram.")
    notes = property(lambda self: self._attributes["notes"], doc="What it is about.")
    view = property(lambda self: self._attributes["view"], doc="How it was last looked at.")
    source = property(lambda self: self._attributes["source"], doc="What an import left over.")
    extra = property(lambda self: self._attributes["extra"], doc="Keys of newer files.")

    @property
    def scenario(self) -> Scenario:
        scenario: Scenario = self._attributes["scenario"]
        return scenario

    def find(self, kind: str, key: Any) -> Any:
        """The record or attribute a change of this kind and key is about, or None."""
        stores: dict[str, Mapping[Any, Any]] = {
            "node": self.nodes,
            "link": self.links,
            "group": self.groups,
            "annotation": self.annotations,
            "attribute": self._attributes,
        }
        if kind not in stores:
            raise EditError(f"a change of a {kind!r} is unknown; it is one of {', '.join(stores)}")
        return stores[kind].get(key)

    def place_of(self, kind: str, key: Any) -> int:
        """Its place in the file. What comes back by undo comes back where it was."""
        return self._places.get((kind, key), len(self._places))

    def apply(self, edit: Edit) -> None:
        """Make the edit so, then tell the subscribers, each edit in order.

        Raises EditError, and changes nothing, when a before-state is not what the document has, a
        record does not fit its key, or a link would be left without a node.
        """
        if not edit:
            return
        self._commit(self._outcome(edit))
        self.revision += 1
        self._untold.append(edit)
        if not self._telling:
            self._tell()

    def subscribe(self, callback: Subscriber) -> Callable[[], None]:
        """Call this after every edit; the returned function ends it."""
        self._subscribers.append(callback)

        def unsubscribe() -> None:
            if callback in self._subscribers:
                self._subscribers.remove(callback)

        return unsubscribe

    def copy(self) -> Document:
        """A document of its own with the same contents and no subscribers. Records are shared."""
        twin = Document(
            nodes=self.nodes.values(),
            links=self.links.values(),
            groups=self.groups.values(),
            annotations=self.annotations.values(),
            catalogue=self.catalogue,
        )
        twin._attributes = dict(self._attributes)
        twin.version = self.version
        twin._places = dict(self._places)
        twin.revision = self.revision
        return twin

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Document):
            return NotImplemented
        return (
            self._attributes == other._attributes
            and dict(self.nodes) == dict(other.nodes)
            and dict(self.links) == dict(other.links)
            and self._groups == other._groups
            and self._annotations == other._annotations
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        size = f"{len(self.nodes)} nodes, {len(self.links)} links"
        return f"<Document {self.name!r}: {size}, revision {self.revision}>"

    def _outcome(self, edit: Edit) -> dict[tuple[str, Any], Any]:
        """What each thing touched ends as; raises EditError when the edit does not fit."""
        after: dict[tuple[str, Any], Any] = {}
        for change in edit.changes:
            place = (change.kind, change.key)
            now = after[place] if place in after else self.find(*place)
            if now != change.before:
                state = "is not there" if now is None else "exists or has changed since"
                raise EditError(f"{edit.label}: {_called(change)} {state}; the edit does not fit")
            after[place] = _checked(change)
        for (kind, key), record in after.items():
            if kind == "link" and record is not None:
                for end in (record.source, record.target):
                    if after.get(("node", end), self.nodes.get(end)) is None:
                        raise EditError(f"{edit.label}: a link would end at {end!r}, not a node")
            elif kind == "node" and record is None and key in self.graph:
                for link in self.links_of(key):
                    if after.get(("link", link.id), link) is not None:
                        raise EditError(f"{edit.label}: {key!r} would leave a link without an end")
        return after

    def links_of(self, node: str) -> Iterator[Link]:
        """The links into and out of a node; a link to itself once."""
        for _, _, link in self.graph.out_edges(node, data="record"):
            yield link
        for source, _, link in self.graph.in_edges(node, data="record"):
            if source != node:
                yield link

    def _commit(self, after: dict[tuple[str, Any], Any]) -> None:
        for (kind, key), record in after.items():
            if kind == "link" and record is None and self.graph.has_edge(*key):
                self.graph.remove_edge(*key)
        for (kind, key), record in after.items():
            if kind == "node":
                if record is not None:
                    self.graph.add_node(key, record=record)
                elif key in self.graph:
                    self.graph.remove_node(key)
            elif kind == "group":
                _store(self._groups, key, record)
            elif kind == "annotation":
                _store(self._annotations, key, record)
            elif kind == "attribute":
                self._attributes[key] = record
            if record is not None:
                self._places.setdefault((kind, key), len(self._places))
        for (kind, key), record in after.items():
            if kind == "link" and record is not None:
                self.graph.add_edge(*key, record=record)

    def _tell(self) -> None:
        self._telling = True
        failures: list[Exception] = []
        try:
            while self._untold:
                edit = self._untold.popleft()
                for callback in tuple(self._subscribers):
                    try:
                        callback(edit)
                    except Exception as failure:  # the journal must hear of it all the same
                        failures.append(failure)
        finally:
            self._telling = False
        if failures:
            raise failures[0]


def _called(change: Change) -> str:
    key = "{} → {} ({})".format(*change.key) if change.kind == "link" else repr(change.key)
    return f"the {change.kind} {key}"


def _checked(change: Change) -> Any:
    """The state after a change; raises EditError for one that a document cannot have."""
    after: Any = change.after
    if change.kind == "attribute":
        if change.key not in ATTRIBUTES:
            raise EditError(f"{change.key!r} is not one of {', '.join(ATTRIBUTES)}")
        if not isinstance(after, _TYPES[change.key]):
            raise EditError(f"{change.key} cannot be {after!r}")
        try:
            return frozen(after) if isinstance(after, Mapping) else after
        except ValueError as failure:
            raise EditError(f"{change.key} cannot be set: {failure}") from None
    if after is not None:
        if not isinstance(after, _RECORDS[change.kind]) or after.id != change.key:
            raise EditError(f"{_called(change)} cannot become {after!r}")
        names: tuple[str, ...] = (after.id,)
        if change.kind == "link":
            names = (after.source, after.target, after.source_port, after.target_port)
        for name in names:
            if not valid_id(name):
                raise EditError(f"{name!r} cannot be an id; use letters, digits, - and _")
        if change.kind == "node" and not after.service:
            raise EditError(f"{_called(change)} has no service")
    return after


def _store(store: dict[str, Any], key: str, record: Any) -> None:
    if record is None:
        store.pop(key, None)
    else:
        store[key] = record
