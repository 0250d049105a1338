"""Faults as a person writes them: `kind=error_rate target=web start=10m end=20m amount=20%`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sandbox.document.document import Document
from sandbox.document.edits import set_scenario
from sandbox.document.faults import KINDS, FaultKind, complaint, link_of, written
from sandbox.document.records import Fault

from .errors import InputError
from .quantities import quantity, seconds

if TYPE_CHECKING:
    from sandbox.services.registry import Catalogue

_WORDS = ("kind", "target", "start", "end", "for", "amount")
_EXAMPLE = "kind=error_rate target=web start=10m end=20m amount=0.2"


def apply(document: Document, given: Iterable[str | Fault], catalogue: Catalogue) -> Document:
    """A copy of the document with these faults besides its own. Raises InputError."""
    changed = document.copy()
    found = []
    for item in given:
        text = _text(item) if isinstance(item, Fault) else item
        fault = item if isinstance(item, Fault) else parse(item)
        link = link_of(document, fault.target)
        fault = replace(fault, target=written(link)) if link else fault
        wrong = complaint(document, catalogue, fault)
        if wrong is not None:
            raise _wrong(text, f"{wrong[1]}. {wrong[2]}")
        found.append(fault)
    faults = (*document.scenario.faults, *found)
    changed.apply(set_scenario(changed, faults=faults))
    return changed


def parse(text: str) -> Fault:
    """`end` may be `for`, a length of time; what happens at once needs neither."""
    words: dict[str, str] = {}
    for part in text.replace(",", " ").split():
        name, equals, value = part.partition("=")
        if not equals or not value:
            raise _wrong(text, f"{part!r} is not a name and a value; write it like {_EXAMPLE}")
        if name not in _WORDS:
            raise _wrong(text, f"a fault has no {name!r}; it has {', '.join(_WORDS)}")
        if name in words:
            raise _wrong(text, f"{name} is given twice")
        words[name] = value
    for name in ("kind", "target", "start"):
        if name not in words:
            raise _wrong(text, f"there is no {name}; write it like {_EXAMPLE}")
    kind = KINDS.get(words["kind"])
    if kind is None:
        near = get_close_matches(words["kind"], list(KINDS), 1)
        meant = f"do you mean {near[0]}?" if near else f"there are {', '.join(KINDS)}"
        raise _wrong(text, f"there is no fault {words['kind']!r}; {meant}")
    start_s = _seconds(text, words["start"])
    if "end" in words and "for" in words:
        raise _wrong(text, "give either end or for")
    if "end" in words:
        end_s = _seconds(text, words["end"])
    elif "for" in words:
        end_s = start_s + _seconds(text, words["for"])
    elif kind.instant:
        end_s = start_s
    else:
        raise _wrong(text, "there is no end; add end=20m or for=10m")
    amount = _amount(text, words["amount"], kind) if "amount" in words else kind.usual
    return Fault(kind.name, words["target"], start_s, end_s, amount)


def _seconds(text: str, value: str) -> float:
    try:
        return seconds(value)
    except InputError as error:
        raise _wrong(text, str(error)) from None


def _amount(text: str, value: str, kind: FaultKind) -> float:
    unit = "1/s" if value.endswith("/s") and "1/s" in kind.unit else kind.unit
    unit = "s" if unit == "s" else unit if unit == "1/s" else ""
    try:
        amount = quantity(value, unit)
    except ValueError as error:
        raise _wrong(text, f"amount: {error}") from None
    if unit == "1/s" and amount <= 1:
        raise _wrong(text, "amount: a throttle is above 1/s; up to 1 it is a share")
    return amount


def _text(fault: Fault) -> str:
    return (
        f"kind={fault.kind} target={fault.target} start={fault.start_s:g} end={fault.end_s:g} "
        f"amount={fault.amount:g}"
    )


def _wrong(text: str, message: str) -> InputError:
    return InputError(f"--fault {text!r}: {message}")
