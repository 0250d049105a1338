"""A template in the making: what the families of resource types add to it, service by service."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import networkx

from sandbox.document import Catalogue, Document, Link, Node

from .shape import ExportReport

Json = dict[str, Any]
_OURS = re.compile("(?i)network|subnet")
"""How the ids of what no node stands for begin."""
VERSION = "2012-10-17"
"""Of the language of policies."""


class Draft:
    """Resources by logical id. `names` gives the logical id of what stands for a node.

    A `careful` one is for diagrams with circles: what roles allow stands apart from them, and
    nothing in a circle names its callee in its environment. `names` are logical ids that are given,
    and `taken` those that are no more to be had.
    """

    def __init__(
        self,
        document: Document,
        catalogue: Catalogue,
        to: str,
        careful: bool = False,
        names: Mapping[str, str] | None = None,
        taken: Iterable[str] = (),
    ) -> None:
        self.document, self.catalogue, self.careful = document, catalogue, careful
        self.report = ExportReport(to)
        self.resources: dict[str, Json] = {}
        self.parameters: dict[str, Json] = {}
        self.names: dict[str, str] = dict(names or {})
        self.late: list[Callable[[], None]] = []
        self._taken: set[str] = {id.lower() for id in taken}
        self._roles: dict[tuple[str, str], str] = {}
        self._policies: dict[str, str] = {}
        self._others: set[str] = set()  # roles that are not of this draft
        self._went: dict[str, str] = {}
        self._wrong: dict[Any, list[str]] = {}
        for node in document.nodes.values():
            if node.id in self.names:
                continue
            words = re.split("[-_]", node.id)
            id = "".join(word[:1].upper() + word[1:] for word in words) or "Node"
            self.names[node.id] = self._free(f"{id}Node" if _OURS.match(id) else id)

        for node in document.nodes.values():
            if node.service in catalogue and node.params:
                wrong = catalogue.check_params(node.service, node.params)
                self._wrong[node.id] = bad = _names(wrong)
                if bad:
                    self.partly(node, f"its {', '.join(bad)} cannot be so; the default goes out")
        for link in document.links.values():
            services = (self.service(link.source), self.service(link.target))
            if link.params and all(service in catalogue for service in services):
                ends = (services[0], link.source_port, services[1], link.target_port)
                self._wrong[link.id] = _names(catalogue.check_link_params(*ends, link.params))

    def _free(self, id: str) -> str:
        id = (id if id[0].isalpha() else f"N{id}")[:120]
        found, count = id, 1
        while found.lower() in self._taken:
            count += 1
            found = f"{id}{count}"
        self._taken.add(found.lower())
        return found

    def add(self, id: str, type: str, properties: Json, **more: Any) -> str:
        """A resource; properties that are None are left out. Returns its logical id."""
        if id not in self.names.values() or id in self.resources:
            id = self._free(id)
        kept = {key: value for key, value in properties.items() if value is not None}
        self.resources[id] = {"Type": f"AWS::{type}", **more, "Properties": kept}
        return id

    def id(self, node: str | Node) -> str:
        return self.names[node if isinstance(node, str) else node.id]

    def properties(self, id: str) -> Json:
        found: Json = self.resources[id]["Properties"]
        return found

    def after(self, id: str, *others: str) -> None:
        """Create a resource after others that it does not refer to."""
        waits = self.resources[id].setdefault("DependsOn", [])
        waits += [other for other in others if other not in waits]

    def value(self, node: Node, name: str) -> Any:
        """A parameter, by default if it is not set or not what it may be."""
        if name in node.params and name not in self._wrong.get(node.id, ()):
            return node.params[name]
        return self.catalogue.defaults(node.service).get(name)

    def link_value(self, link: Link, name: str) -> Any:
        if name in link.params and name not in self._wrong.get(link.id, ()):
            return link.params[name]
        source, target = self.service(link.source), self.service(link.target)
        mode = link.params.get("mode")
        defaults = self.catalogue.link_defaults(
            source, link.source_port, target, link.target_port, mode
        )
        return defaults.get(name)

    def service(self, id: str) -> str:
        return self.document.nodes[id].service

    def out(self, node: str, port: str = "") -> list[Link]:
        """Links from a node, in order of the document."""
        return [
            link
            for link in self.document.links.values()
            if link.source == node and port in ("", link.source_port)
        ]

    def into(self, node: str) -> list[Link]:
        return [link for link in self.document.links.values() if link.target == node]

    def parameter(self, name: str, type: str, description: str, default: str) -> Json:
        """A reference to a parameter of the template, declared once."""
        about = {"Type": type, "Description": description, "Default": default}
        self.parameters.setdefault(name, about)
        return ref(name)

    def partly(self, node: Node, why: str) -> None:
        """Tell what of a node the template does not say in its own words."""
        before = self._went.get(node.id)
        self._went[node.id] = f"{before}; {why}" if before else why

    def why_partly(self, node: str) -> str:
        return self._went.get(node, "")

    # Roles.

    def role(self, node: str | Node, principal: str, *policies: str, suffix: str = "Role") -> str:
        """The role of what stands for a node, made once."""
        key = (self.id(node), suffix)
        if key not in self._roles:
            statement = {
                "Effect": "Allow",
                "Principal": {"Service": principal},
                "Action": "sts:AssumeRole",
            }
            managed = [sub("arn:${AWS::Partition}:iam::aws:policy/" + name) for name in policies]
            self._roles[key] = self.add(
                "".join(key),
                "IAM::Role",
                {
                    "AssumeRolePolicyDocument": {"Version": VERSION, "Statement": [statement]},
                    "ManagedPolicyArns": managed or None,
                },
            )
        return self._roles[key]

    def takes_role(self, node: str | Node, role: str) -> None:
        """Say that a node's role is one that stands elsewhere."""
        self.resources.pop(self._roles.get((self.id(node), "Role"), ""), None)
        self._roles[self.id(node), "Role"] = role
        self._others.add(role)

    def allow(self, role: str, actions: list[str], resource: Any) -> None:
        """Let a role act on something."""
        if self.careful or role in self._others:
            id = self._policies.get(role)
            if id is None:
                about = {"PolicyName": "diagram", "Roles": [ref(role)]}
                empty = {"Version": VERSION, "Statement": []}
                id = self.add(f"{role}Policy", "IAM::Policy", {**about, "PolicyDocument": empty})
                self._policies[role] = id
            document = self.properties(id)["PolicyDocument"]
        else:
            policies = self.properties(role).setdefault("Policies", [])
            if not policies:
                empty = {"Version": VERSION, "Statement": []}
                policies.append({"PolicyName": "diagram", "PolicyDocument": empty})
            document = policies[0]["PolicyDocument"]
        statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
        if statement not in document["Statement"]:
            document["Statement"].append(statement)

    def after_allowed(self, id: str, role: str) -> None:
        """Create what is refused as long as its role may not do its work."""
        if role in self._policies:
            self.after(id, self._policies[role])

    def in_circle(self, source: str, target: str) -> bool:
        """Whether a call comes back to its caller, so that neither can name the other."""
        return self.careful and networkx.has_path(self.document.graph, target, source)

    def state(self) -> Any:
        """What to hand to `back` to undo what was added since."""
        kept = (self.resources, self.parameters, self._taken, self._roles, self._policies)
        return copy.deepcopy(kept), list(self.late)

    def back(self, state: Any) -> None:
        kept, self.late = state
        self.resources, self.parameters, self._taken, self._roles, self._policies = kept


def _names(wrong: list[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(re.split(r"[.\[]", name)[0] for name, _ in wrong))


def ref(id: str) -> Json:
    return {"Ref": id}


def att(id: str, name: str = "Arn") -> Json:
    return {"Fn::GetAtt": [id, name]}


def sub(text: str) -> Json:
    return {"Fn::Sub": text}


def whole(value: Any) -> int | None:
    """A number of a property that takes whole ones; the fraction stays beside the template."""
    return None if value is None else max(round(value), 0)


def set_path(properties: Json, path: str, value: Any) -> None:
    """Put a value at `A.B[0].C`; the inverse of `get` of an import."""
    here: Any = properties
    parts = path.split(".")
    for part in parts[:-1]:
        here = here.setdefault(part, {})
    name, _, index = parts[-1].partition("[")
    here[name] = [value] if index else value


def by_rows(
    draft: Draft, node: Node, rows: tuple[tuple[str, str], ...], but: tuple[str, ...] = ()
) -> Json:
    """Properties by an import's own table of (property, parameter), read the other way."""
    found: Json = {}
    for path, name in rows:
        value = draft.value(node, name)
        if value is not None and name not in but:
            set_path(found, path, plain_number(value))
    return found


def plain_number(value: Any) -> Any:
    """Whole numbers as such: properties of templates have no fractions where these are rows."""
    return round(value) if isinstance(value, float) else value


Maker = Callable[[Draft, Node], None]
Linker = Callable[[Draft, Link], str | None]
"""Adds what a link is in a template; returns why not where it is none."""
