"""`--set NODE.PARAM=VALUE`: another value for a parameter, a part of one, or the scenario.

web.max_size=12                      a parameter of a node
web.policies[0].target_value=60      a part of one
queue>worker.batch_size=100          a parameter of the link between two nodes
scenario.era=2020                    a field of the scenario
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.document.codec import KNOWN, scenario_from, scenario_json
from sandbox.document.document import Document
from sandbox.document.edits import set_attribute, set_link_params, set_params
from sandbox.document.records import Fault, LinkId, RequestClass
from sandbox.document.scenario import scenario_problems
from sandbox.document.shape import ScenarioShape, misshapen
from sandbox.services.params import ParamInfo
from sandbox.services.registry import Catalogue

from .errors import InputError
from .quantities import quantity, seconds

_SETTING = re.compile(
    r"\s*([A-Za-z0-9_-]+)(?:\s*>\s*([A-Za-z0-9_-]+))?\.([A-Za-z_]\w*(?:\.\w+|\[\d+\])*)\s*=(.*)",
    re.DOTALL,
)
_STEP = re.compile(r"\.?(\w+)|\[(\d+)\]")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One of them: the node, link (``target`` given) or scenario, the path into it, the value."""

    text: str
    source: str
    target: str | None
    path: Path
    value: str


def parse(text: str) -> Setting:
    """Raises InputError for text that is no setting."""
    found = _SETTING.fullmatch(text)
    if not found:
        raise InputError(
            f"--set {text!r}: write NODE.PARAMETER=VALUE, such as web.max_size=12, "
            "web.policies[0].target_value=60, queue>worker.batch_size=100 or scenario.era=2020"
        )
    path: list[str | int] = []
    for name, index in _STEP.findall(found[3]):
        path.append(int(index) if index else name)
    return Setting(text.strip(), found[1], found[2], tuple(path), found[4].strip())


def apply(document: Document, texts: Iterable[str], catalogue: Catalogue) -> Document:
    """A copy of the document with these settings. Raises InputError naming what exists."""
    changed = document.copy()
    for setting in map(parse, texts):
        if setting.source == "scenario" and setting.target is None:
            _set_scenario(changed, setting)
        elif setting.target is None:
            _set_node(changed, setting, catalogue)
        else:
            _set_link(changed, setting, catalogue)
    return changed


# ---------------------------------------------------------------- nodes and links


def _set_node(document: Document, setting: Setting, catalogue: Catalogue) -> None:
    node = document.nodes.get(setting.source)
    if node is None:
        raise _wrong(
            setting, f"no node '{setting.source}'; there are {_some(document.nodes)} and scenario"
        )
    if node.service not in catalogue:
        raise _wrong(setting, f"'{node.id}' is of an unknown service, '{node.service}'")
    defaults = catalogue.defaults(node.service)
    infos = catalogue[node.service].parameters()
    name, value = _changed(setting, {**defaults, **node.params}, infos, f"'{node.id}'")
    _check(setting, catalogue.check_params(node.service, {**node.params, name: value}))
    document.apply(set_params(document, {node.id: {name: value}}))


def _set_link(document: Document, setting: Setting, catalogue: Catalogue) -> None:
    between = f"{setting.source}>{setting.target}"
    links = [
        link
        for link in document.links.values()
        if (link.source, link.target) == (setting.source, setting.target)
    ]
    if not links:
        known = dict.fromkeys(f"{link.source}>{link.target}" for link in document.links.values())
        raise _wrong(setting, f"no link {between}; there are {_some(known)}")
    if len(links) > 1:
        raise _wrong(setting, f"{len(links)} links go {between}; set it in the file")
    link_id: LinkId = links[0].id
    params = links[0].params
    ends = (
        document.nodes[setting.source].service,
        links[0].source_port,
        document.nodes[str(setting.target)].service,
        links[0].target_port,
    )
    mode = params.get("mode")
    defaults = catalogue.link_defaults(*ends, mode)
    infos = catalogue.link_parameters(*ends, mode)
    name, value = _changed(setting, {**defaults, **params}, infos, f"the link {between}")
    _check(setting, catalogue.check_link_params(*ends, {**params, name: value}))
    document.apply(set_link_params(document, {link_id: {name: value}}))


def _changed(
    setting: Setting, values: Mapping[str, Any], infos: Sequence[ParamInfo], owner: str
) -> tuple[str, Any]:
    """The parameter and its whole new value."""
    name = str(setting.path[0])
    if name not in values:
        raise _wrong(setting, f"{owner} has no parameter '{name}'; it has {_some(values)}")
    info = _info(infos, setting.path)
    return name, _put(setting, values[name], 1, _value(setting.value, info))


def _check(setting: Setting, wrong: Sequence[tuple[str, str]]) -> None:
    for name, message in wrong:
        if name.split(".")[0] == setting.path[0]:
            raise _wrong(setting, f"{name} {message}")


def _put(
    setting: Setting, value: Any, depth: int, leaf: Any, known: Sequence[str] | None = None
) -> Any:
    """A copy of a value in which the place that the path leads to holds the leaf.

    `known` are the only names that its parts may have; None leaves that to who reads the value.
    """
    if depth == len(setting.path):
        return leaf
    step, place = setting.path[depth], _written(setting.path[:depth])
    if isinstance(step, int):
        if not isinstance(value, (list, tuple)):
            raise _wrong(setting, f"{place} is not a list")
        if step >= len(value):
            has = f"{len(value)} items, [0] to [{len(value) - 1}]" if value else "no items"
            raise _wrong(setting, f"{place} has {has}; set the whole list, in JSON")
        after = list(value)
        after[step] = _put(setting, value[step], depth + 1, leaf, known)
        return after
    if not isinstance(value, Mapping):
        raise _wrong(setting, f"{place} has no parts with names")
    if known is not None and step not in known:
        raise _wrong(setting, f"{place} has no '{step}'; it has {_some(known)}")
    return {**value, step: _put(setting, value.get(step, {}), depth + 1, leaf, known)}


def _info(infos: Sequence[ParamInfo], path: Path) -> ParamInfo | None:
    """What is known of the parameter at the end of a path."""
    found: ParamInfo | None = None
    for step in path:
        if isinstance(step, str):
            found = next((info for info in infos if info.name == step), None)
            infos = found.fields if found else ()
        elif found is not None and found.kind != "list":
            return None
    return None if found and isinstance(path[-1], int) else found


def _value(text: str, info: ParamInfo | None) -> Any:
    """The value a person wrote: JSON, or a choice, a text, or a number with its unit."""
    if info is not None and info.kind in ("choice", "text"):
        if info.optional and text == "null":
            return None
        return _unquoted(text)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = text
    if isinstance(value, str) and info is not None and info.kind in ("float", "int"):
        try:
            return seconds(value) if info.unit == "s" else quantity(value, info.unit)
        except (InputError, ValueError):
            return value
    return value


def _unquoted(text: str) -> str:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if isinstance(value, str) else text


# ---------------------------------------------------------------- the scenario


def _set_scenario(document: Document, setting: Setting) -> None:
    fields = scenario_json(document.scenario)
    name = str(setting.path[0])
    if name not in fields or name == "extra":
        raise _wrong(setting, f"the scenario has no '{name}'; it has {_some(fields)}")
    before, value = fields[name], _scenario_value(setting)
    parts = {"classes": KNOWN[RequestClass], "faults": KNOWN[Fault]}.get(name)
    fields[name] = _put(setting, before, 1, value, parts)
    if (wrong := misshapen({name: fields[name]}, ScenarioShape)) is not None:
        raise _wrong(setting, wrong[1])
    try:
        scenario = scenario_from(fields)
    except (ValueError, TypeError, KeyError) as failure:
        raise _wrong(setting, str(failure)) from None
    document.apply(set_attribute(document, "scenario", scenario))
    for severity, field, text, remedy in scenario_problems(document):
        if severity == "error" and field == name:
            raise _wrong(setting, f"{text}. {remedy}")


def _scenario_value(setting: Setting) -> Any:
    text, name = setting.value, str(setting.path[-1])
    if name in ("start", "era", "region", "name", "path", "country", "kind", "target"):
        return _unquoted(text)
    if name.endswith("_s"):
        return seconds(text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


# ---------------------------------------------------------------- words


def _wrong(setting: Setting, message: str) -> InputError:
    return InputError(f"--set {setting.text}: {message}")


def _some(names: Iterable[str]) -> str:
    known = list(names)
    return ", ".join(known[:40]) + (", …" if len(known) > 40 else "") if known else "none"


def _written(path: Path) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")
