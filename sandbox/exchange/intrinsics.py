"""Intrinsic functions, parameters, mappings and conditions of one template, resolved.

A reference to a resource becomes a mark (see `marks`). What only AWS knows, such as a parameter
without a default or an imported value, becomes a word in ⟨⟩ and a note. Source of the functions:
AWS CloudFormation User Guide: Intrinsic function reference.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from .marks import mark

REGION, ACCOUNT = "us-east-1", "123456789012"
_PLACE = re.compile(r"\$\{([^!{}][^{}]*)\}")
_LITERAL = re.compile(r"\$\{!([^{}]*)\}")
_GONE = object()
_MAX_TEXT = 1_000_000


class Resolver:
    """Resolves the values of one template. `prefix` begins the ids of a nested stack's resources;
    `outputs` gives an output of one of its own nested stacks."""

    def __init__(
        self,
        template: Mapping[str, Any],
        stack: str,
        prefix: str = "",
        given: Mapping[str, Any] | None = None,
        outputs: Callable[[str, str], Any] | None = None,
        include: Callable[[str], Any] | None = None,
    ) -> None:
        self.prefix, self.outputs, self.include = prefix, outputs, include
        self.notes: list[str] = []
        self.resources = _mapping(template.get("Resources"))
        self.mappings = _mapping(template.get("Mappings"))
        self.conditions = _mapping(template.get("Conditions"))
        self._known: dict[str, bool] = {}
        self.values: dict[str, Any] = {
            "AWS::Region": REGION,
            "AWS::AccountId": ACCOUNT,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::StackName": stack,
            "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{stack}",
            "AWS::NotificationARNs": [],
        }
        for name, about in _mapping(template.get("Parameters")).items():
            if given is not None and name in given:
                self.values[name] = given[name]
            else:
                self.values[name] = self._parameter(name, _mapping(about))

    def _parameter(self, name: str, about: Mapping[str, Any]) -> Any:
        kind = str(about.get("Type", "String"))
        many = kind == "CommaDelimitedList" or (
            kind.startswith(("List<", "AWS::SSM")) and ("List<" in kind)
        )
        value = about.get("Default")
        if value is None:
            allowed = about.get("AllowedValues")
            if isinstance(allowed, list) and allowed:
                value = allowed[0]
            elif about.get("MinValue") is not None:
                value = about["MinValue"]
            else:
                value = f"⟨{name}⟩"
            self.notes.append(f"parameter {name} has no default; taken as {value}")
        if many and not isinstance(value, list):
            return [part.strip() for part in str(value).split(",")]
        return value

    def resolve(self, value: Any) -> Any:
        """The value with every function worked out; `AWS::NoValue` takes its key away."""
        found = self._any(value)
        return None if found is _GONE else found

    def holds(self, name: str) -> bool:
        """Whether a condition holds with the parameters as they are."""
        if name not in self._known:
            self._known[name] = False  # of a circle of conditions
            if name not in self.conditions:
                self.notes.append(f"there is no condition {name}; taken as false")
            else:
                self._known[name] = self._test(self.conditions[name])
        return self._known[name]

    def _any(self, value: Any) -> Any:
        if isinstance(value, str) or not isinstance(value, (dict, list)):
            return value
        if isinstance(value, list):
            return [item for item in map(self._any, value) if item is not _GONE]
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            if name == "Ref" and isinstance(argument, str):
                return self._ref(argument)
            if isinstance(name, str) and name.startswith("Fn::"):
                function = _FUNCTIONS.get(name[4:])
                if function is not None:
                    return function(self, argument)
                if not name.startswith("Fn::ForEach::"):
                    self.notes.append(f"{name} is not known; its value is left out")
                return ""
        found = {}
        for name, inner in value.items():
            made = self._any(inner)
            if name == "Fn::Transform":
                if isinstance(included := self._transform(inner), dict):
                    found.update(included)
            elif made is not _GONE:
                found[name] = made
        return found

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _GONE
        if name in self.values:
            return self.values[name]
        if name in self.resources:
            return mark(self.prefix + name)
        return f"⟨{name}⟩"

    def _get_att(self, argument: Any) -> Any:
        parts = argument.split(".", 1) if isinstance(argument, str) else argument
        if not isinstance(parts, list) or not parts:
            return ""
        name = str(self._any(parts[0]))
        attribute = ".".join(str(self._any(part)) for part in parts[1:])
        if attribute.startswith("Outputs.") and self.outputs is not None:
            found = self.outputs(name, attribute.removeprefix("Outputs."))
            if found is not None:
                return found
        if name in self.resources:
            return mark(self.prefix + name, attribute)
        return f"⟨{name}.{attribute}⟩"

    def _sub(self, argument: Any) -> str:
        text, own = argument, {}
        if isinstance(argument, list) and argument:
            text = argument[0]
            if len(argument) > 1 and isinstance(argument[1], dict):
                own = {name: self._any(value) for name, value in argument[1].items()}
        text = self._any(text)

        def put(found: re.Match[str]) -> str:
            name = found[1].strip()
            if name in own:
                return _text(own[name])
            if "." in name:
                return _text(self._get_att(name))
            return _text(self._ref(name))

        return _LITERAL.sub(r"${\1}", _PLACE.sub(put, _text(text)))[:_MAX_TEXT]

    def _join(self, argument: Any) -> str:
        if not isinstance(argument, list) or len(argument) != 2:
            return ""
        separator, parts = _text(self._any(argument[0])), self._any(argument[1])
        if not isinstance(parts, list):
            parts = [parts]
        return separator.join(map(_text, parts))[:_MAX_TEXT]

    def _select(self, argument: Any) -> Any:
        if not isinstance(argument, list) or len(argument) != 2:
            return ""
        items = self._any(argument[1])
        if isinstance(items, str):
            items = items.split(",")
        try:
            return items[int(self._any(argument[0]))]
        except (TypeError, ValueError, IndexError, KeyError):
            # A list that only AWS knows, such as that of a parameter, has one word for all.
            return items[0] if isinstance(items, list) and items else ""

    def _split(self, argument: Any) -> list[str]:
        if not isinstance(argument, list) or len(argument) != 2:
            return []
        separator = _text(self._any(argument[0]))
        text = _text(self._any(argument[1]))
        return text.split(separator) if separator else [text]

    def _find_in_map(self, argument: Any) -> Any:
        if not isinstance(argument, list) or len(argument) < 3:
            return ""
        keys = [_text(self._any(part)) for part in argument[:3]]
        found: Any = self.mappings
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        if found is None:
            if len(argument) > 3 and isinstance(argument[3], dict):
                return self._any(argument[3].get("DefaultValue", ""))
            self.notes.append(f"the mapping {' → '.join(keys)} is missing; its value is left out")
            return ""
        return self._any(found)

    def _if(self, argument: Any) -> Any:
        if not isinstance(argument, list) or len(argument) != 3:
            return _GONE
        return self._any(argument[1] if self.holds(str(argument[0])) else argument[2])

    def _zones(self, argument: Any) -> list[str]:
        region = _text(self._any(argument)) or REGION
        return [f"{region}{letter}" for letter in "abc"]

    def _cidr(self, argument: Any) -> list[str]:
        parts = self._any(argument) if isinstance(argument, list) else []
        try:
            count = min(int(parts[1]), 256)
        except (IndexError, TypeError, ValueError):
            count = 1
        return [f"{_text(parts[0])}#{number}" for number in range(count)] if parts else []

    def _length(self, argument: Any) -> int:
        items = self._any(argument)
        return len(items) if isinstance(items, list) else 0

    def _import(self, argument: Any) -> str:
        name = _text(self._any(argument))
        self.notes.append(f"the value {name} is imported from another stack; it is not at hand")
        return f"⟨import {name}⟩"

    def _transform(self, argument: Any) -> Any:
        about = self._any(argument)
        if isinstance(about, dict) and about.get("Name") == "AWS::Include":
            place = _mapping(about.get("Parameters")).get("Location")
            included = self.include(place) if self.include and isinstance(place, str) else None
            return {} if included is None else self._any(included)
        return {}

    def _json(self, argument: Any) -> str:
        return json.dumps(self._any(argument), ensure_ascii=False)

    def _test(self, test: Any) -> bool:
        if isinstance(test, dict) and len(test) == 1:
            name, argument = next(iter(test.items()))
            if name == "Condition":
                return self.holds(str(argument))
            if name == "Fn::Equals" and isinstance(argument, list) and len(argument) == 2:
                left, right = map(self._any, argument)
                return _text(left) == _text(right)
            if name == "Fn::Not" and isinstance(argument, list) and argument:
                return not self._test(argument[0])
            if name in ("Fn::And", "Fn::Or") and isinstance(argument, list):
                found = [self._test(inner) for inner in argument]
                return all(found) if name == "Fn::And" else any(found)
            if name == "Fn::Contains" and isinstance(argument, list) and len(argument) == 2:
                items = self._any(argument[0])
                return isinstance(items, list) and self._any(argument[1]) in items
        return _text(self._any(test)).lower() == "true"


_FUNCTIONS: Mapping[str, Callable[[Resolver, Any], Any]] = {
    "GetAtt": Resolver._get_att,
    "Sub": Resolver._sub,
    "Join": Resolver._join,
    "Select": Resolver._select,
    "Split": Resolver._split,
    "FindInMap": Resolver._find_in_map,
    "If": Resolver._if,
    "GetAZs": Resolver._zones,
    "Cidr": Resolver._cidr,
    "Length": Resolver._length,
    "ImportValue": Resolver._import,
    "Base64": Resolver._any,
    "Transform": Resolver._transform,
    "ToJsonString": Resolver._json,
    "Equals": lambda self, argument: self._test({"Fn::Equals": argument}),
    "Not": lambda self, argument: self._test({"Fn::Not": argument}),
    "And": lambda self, argument: self._test({"Fn::And": argument}),
    "Or": lambda self, argument: self._test({"Fn::Or": argument}),
    "Contains": lambda self, argument: self._test({"Fn::Contains": argument}),
}


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(_text, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return "" if value is None or value is _GONE else str(value)
