"""A template with all its nested stacks as one set of resolved resources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from sandbox.document.records import valid_id

from .errors import TemplateError
from .folder import Folder
from .includes import included
from .intrinsics import Resolver
from .loops import unrolled
from .sam import expand, is_sam

MAX_STACKS, MAX_NESTING = 40, 5
NESTED = ("AWS::CloudFormation::Stack", "AWS::Serverless::Application")


@dataclass
class Resource:
    """One resource. `id` is its logical id, with those of the stacks around it before it."""

    id: str
    type: str
    properties: dict[str, Any]
    stack: str = ""
    missing: str = ""  # why it is not created
    assumptions: list[str] = field(default_factory=list)


@dataclass
class Stack:
    """Everything of a template. `nested` is id of the stack resource -> label."""

    resources: dict[str, Resource] = field(default_factory=dict)
    source: dict[str, str] = field(default_factory=dict)  # types before SAM was expanded, by id
    nested: dict[str, str] = field(default_factory=dict)
    connectors: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    expanded: dict[str, Any] = field(default_factory=dict)
    sam: bool = False


def load(template: Mapping[str, Any], folder: Folder, name: str) -> Stack:
    """All resources of a template, its nested stacks' with the stack's id and `-` before theirs."""
    whole = Stack()
    level = _Level(whole, folder, dict(template), name, "", None, 0)
    whole.expanded = level.template
    level.take()
    return whole


class _Level:
    """One template of the tree."""

    def __init__(
        self,
        whole: Stack,
        folder: Folder,
        template: dict[str, Any],
        name: str,
        prefix: str,
        given: Mapping[str, Any] | None,
        depth: int,
    ) -> None:
        self.whole, self.folder, self.prefix, self.depth = whole, folder, prefix, depth
        self.name = name
        if not isinstance(template.get("Resources"), dict) or not template["Resources"]:
            raise TemplateError(f"{name} has no resources; give it a Resources section")
        reader = Resolver(template, name, prefix, given)
        template = included(template, folder, name, reader.resolve)
        template = unrolled(template, reader.resolve)
        raw = template["Resources"]
        for id, resource in list(raw.items()):
            if not valid_id(id):
                whole.notes.append(
                    f"resource {prefix}{id}: a logical id has letters and digits only; left out"
                )
                del raw[id]
            elif not isinstance(resource, dict) or not isinstance(resource.get("Type"), str):
                whole.notes.append(f"resource {prefix}{id} has no Type; left out")
                del raw[id]
            elif not isinstance(resource.get("Properties") or {}, dict):
                whole.notes.append(f"the Properties of {prefix}{id} are no mapping; left out")
                resource["Properties"] = {}
        for id, resource in raw.items():
            whole.source[prefix + id] = resource["Type"]
        self.assumed: dict[str, str] = {}
        if is_sam(template):
            whole.sam = True
            result = expand(template, folder, reader.values)
            template = result.template
            self.assumed = {
                id: f"the SAM translator refuses it ({why}); expanded by its events alone"
                for id, why in result.refused.items()
            }
            whole.connectors += [(prefix + a, prefix + b, p) for a, b, p in result.connectors]
        self.template = template
        self.resolver = Resolver(
            template, name, prefix, given, self._output, lambda place: folder.read(place, name)
        )
        self.children: dict[str, _Level | None] = {}

    def take(self) -> None:
        """Add what is here and below to the whole."""
        resources = self.template["Resources"]
        for id, resource in resources.items():
            made = Resource(self.prefix + id, str(resource.get("Type", "")), {}, self.prefix)
            condition = resource.get("Condition")
            if isinstance(condition, str) and not self.resolver.holds(condition):
                made.missing = f"not created: its condition {condition} does not hold"
            else:
                found = self.resolver.resolve(resource.get("Properties") or {})
                made.properties = found if isinstance(found, dict) else {}
            if id in self.assumed:
                made.assumptions.append(self.assumed[id])
            self.whole.resources[made.id] = made
        for id, resource in resources.items():
            if (
                resource.get("Type") in NESTED
                and not self.whole.resources[self.prefix + id].missing
            ):
                child = self._child(id)
                if child is not None:
                    self.whole.nested[self.prefix + id] = id
                    child.take()
        self.whole.notes += [f"{self._where()}{note}" for note in self.resolver.notes]

    def _where(self) -> str:
        return f"{self.prefix.rstrip('-')}: " if self.prefix else ""

    def _output(self, id: str, output: str) -> Any:
        child = self._child(id)
        if child is None:
            return None
        outputs = child.template.get("Outputs")
        about = outputs.get(output) if isinstance(outputs, dict) else None
        return child.resolver.resolve(about.get("Value")) if isinstance(about, dict) else None

    def _child(self, id: str) -> _Level | None:
        if id in self.children:
            return self.children[id]
        self.children[id] = None  # of a circle of outputs
        resource = self.template["Resources"].get(id)
        if not isinstance(resource, dict) or resource.get("Type") not in NESTED:
            return None
        properties = self.resolver.resolve(resource.get("Properties") or {}) or {}
        place = properties.get("TemplateURL") or properties.get("Location")
        whole = self.whole
        if self.depth >= MAX_NESTING or len(whole.nested) >= MAX_STACKS:
            whole.notes.append(f"the nested stack {self.prefix}{id} is too deep; not followed")
            return None
        if not isinstance(place, str):
            whole.notes.append(f"the nested stack {self.prefix}{id} names no file; not followed")
            return None
        template = self.folder.read(place, f"nested stack {self.prefix}{id}")
        if not isinstance(template, dict) or not isinstance(template.get("Resources"), dict):
            return None
        given = properties.get("Parameters")
        try:
            level = _Level(
                whole,
                self.folder,
                template,
                PurePosixPath(place).stem,
                f"{self.prefix}{id}-",
                given if isinstance(given, dict) else {},
                self.depth + 1,
            )
        except TemplateError as failure:
            whole.notes.append(str(failure))
            return None
        self.children[id] = level
        return level


def as_object(value: Any) -> Any:
    """A JSON text as what it says; anything else as it is."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value
