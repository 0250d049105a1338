"""What is wrong with a scenario: values that no run could have."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from .document import Document

Finding = tuple[Literal["error", "warning", "info"], str, str, str]

ERAS = ("current", "2020")
METRIC_PERIOD_S = 60.0


def scenario_problems(doc: Document) -> Iterator[Finding]:
    """(severity, field, text, remedy) each."""
    scenario = doc.scenario
    try:
        datetime.fromisoformat(scenario.start)
    except ValueError:
        yield (
            *("error", "start"),
            f"the scenario starts at {scenario.start!r}, which is not a time",
            "Write it like 2026-01-05T08:00:00Z.",
        )
    if scenario.duration_s <= 0:
        yield "error", "duration_s", "the scenario takes no time", "Make duration_s more than 0."
    if scenario.tick_s <= 0:
        yield "error", "tick_s", "a tick takes no time", "Make tick_s more than 0, usually 1."
    else:
        ticks = METRIC_PERIOD_S / scenario.tick_s
        if not math.isfinite(ticks) or abs(ticks - round(ticks)) > 1e-9 * ticks:
            yield (
                *("error", "tick_s"),
                f"a tick of {scenario.tick_s} s does not divide a minute",
                "Choose 0.1, 0.5, 1, 2, 5 or 10 s.",
            )
    if scenario.load < 0:
        yield "error", "load", "the load is less than nothing", "Make load 0 or more."
    if scenario.history_days < 0:
        yield (
            *("error", "history_days"),
            "the metric history is of less than no days",
            "Make history_days 0 or more.",
        )
    if scenario.era not in ERAS:
        yield (
            *("error", "era"),
            f"the era {scenario.era!r} is not known",
            f"Choose {' or '.join(ERAS)}.",
        )
    yield from _of_classes(doc)
    yield from _of_faults(doc)


def _of_classes(doc: Document) -> Iterator[Finding]:
    classes = doc.scenario.classes
    names = [item.name for item in classes]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield (
            *("error", "classes"),
            f"two request classes are called {name!r}",
            "Give one of them another name.",
        )
    if any(item.share < 0 for item in classes) or (classes and not sum(c.share for c in classes)):
        yield (
            *("error", "classes"),
            "the shares of the request classes do not add up to a load",
            "Make every share 0 or more, and one of them more than 0.",
        )
    for item in classes:
        if item.write_fraction is not None and not 0 <= item.write_fraction <= 1:
            yield (
                *("error", "classes"),
                f"the request class {item.name!r} writes a share of {item.write_fraction}",
                "Make write_fraction a number from 0 to 1.",
            )


def _of_faults(doc: Document) -> Iterator[Finding]:
    for fault in doc.scenario.faults:
        if fault.target not in doc.nodes and fault.target not in doc.groups:
            yield (
                *("error", "faults"),
                f"the fault {fault.kind!r} is to strike {fault.target!r}, which does not exist",
                "Choose a node or group for it, or remove it.",
            )
        if fault.end_s < fault.start_s:
            yield (
                *("error", "faults"),
                f"the fault {fault.kind!r} at {fault.target!r} ends before it starts",
                "Make end_s later than start_s.",
            )
