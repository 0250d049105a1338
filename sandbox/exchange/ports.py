"""Which ports a link uses, and which parameters the catalogue takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.document import Catalogue

from .work import number, truth

_APART = ("dead_letter", "on_failure", "on_success", "scaling", "resources")
"""Ports for special links only; a link of another kind does not end there."""
_CONTROLS = ("resources",)
"""Ports whose links end at such a port."""
Ends = tuple[str, str, bool, bool]


def ends_for(
    catalogue: Catalogue, source: str, target: str, port: str, mode: str
) -> tuple[Ends | None, str]:
    """Out port, in port, whether several modes fit, whether the out port takes several links; or
    None and why not. The wanted port and mode come first, others are better than no link."""
    reason = ""
    outs = [p for p in catalogue.ports(source) if p.direction == "out"]
    apart = () if port in _CONTROLS else _APART
    ins = [p for p in catalogue.ports(target) if p.direction == "in" and p.name not in apart]
    wanted = [p for p in outs if p.name == port]
    for out in wanted + [p for p in outs if p.name not in _APART and p not in wanted]:
        for into in ins:
            fit = [m for m in out.modes if m in into.modes]
            refusal = catalogue.why_not(source, out.name, target, into.name)
            if refusal is not None:
                reason = reason or refusal
                continue
            several = len(fit) > 1 and mode in fit
            return (out.name, into.name, several, bool(out.many)), ""
    return None, reason or "their ports do not fit"


def parameters(
    catalogue: Catalogue, service: str, given: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """What the service takes of the given values, and in words what it does not."""
    defaults = catalogue.defaults(service)
    kept = {
        name: _fitting(catalogue, service, name, _as(value, defaults[name]))
        for name, value in given.items()
        if value is not None and name in defaults
    }
    refused = []
    while wrong := catalogue.check_params(service, kept):
        # Together, since one bound may hang on another parameter.
        names = [name.split(".")[0].split("[")[0] for name, _ in wrong]
        bad = [(n, text) for n, (_, text) in zip(names, wrong, strict=True) if n in kept]
        if not bad:
            refused.append(f"{', '.join(kept)} do not go together ({wrong[0][1]}); left out")
            kept = {}
        for name, text in bad:
            if name in kept:
                value = kept.pop(name)
                refused.append(f"{name} {value} is not taken ({text}); the default stays")
    return {name: value for name, value in kept.items() if value != defaults[name]}, refused


def _fitting(catalogue: Catalogue, service: str, name: str, value: Any) -> Any:
    """A text as the choice or number that it is written for."""
    if not isinstance(value, str) or not catalogue.check_params(service, {name: value}):
        return value
    size = number(value)
    tries = [value.lower()] if size is None else [int(size) if size == int(size) else size]
    return next((t for t in tries if not catalogue.check_params(service, {name: t})), value)


def link_parameters(
    catalogue: Catalogue, source: str, out: str, target: str, into: str, given: Mapping[str, Any]
) -> tuple[dict[str, Any], list[str]]:
    """The same of a link."""
    defaults = catalogue.link_defaults(source, out, target, into, given.get("mode"))
    kept: dict[str, Any] = {}
    refused = []
    for name, value in given.items():
        if value is None or name not in defaults:
            continue
        value = _as(value, defaults[name])
        if isinstance(value, str) and (size := number(value)) is not None:
            value = int(size) if size == int(size) else size
        wrong = catalogue.check_link_params(source, out, target, into, {**kept, name: value})
        if wrong:
            refused.append(f"{name} {value} is not taken ({wrong[0][1]}); the default stays")
        elif value != defaults[name]:
            kept[name] = value
    return kept, refused


def _as(value: Any, default: Any) -> Any:
    """A value as the type of its default: templates write numbers and truths as text, too."""
    if isinstance(default, bool):
        return truth(value)
    if isinstance(default, (int, float)) and isinstance(value, (str, int, float)):
        found = number(value)
        if found is not None:
            return int(found) if found == int(found) else found
    return value
