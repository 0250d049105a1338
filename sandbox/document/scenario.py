"""What is wrong with a scenario: values that no run could have, and those that change nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Literal

from .catalogue import Catalogue
from .document import Document
from .faults import fault_problems
from .records import Scenario

Finding = tuple[Literal["error", "warning", "info"], str, str, str]

ERAS = ("current", "2020")
METRIC_PERIOD_S = 60.0
LEAST_TICK_S = 0.01
"""A shorter tick only takes longer: latencies come from formulas, not from the ticks."""
MOST_S = 100 * 366 * 86400.0
"""A century: no run needs more, and a slip of the pen should not run for ever."""
MOST_LOAD = 1e6
PRICED_REGION = "us-east-1"


def instant(start: str, t_s: float = 0.0) -> datetime:
    """The simulated instant `t_s` after an ISO `start`; one without a zone is in UTC.

    What shows times must live with a start that no run could have: it counts from the usual one.
    """
    try:
        moment = datetime.fromisoformat(start) + timedelta(seconds=t_s)
    except (ValueError, OverflowError):
        moment = datetime.fromisoformat(Scenario().start)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def scenario_problems(
    doc: Document, scenario: Scenario | None = None, catalogue: Catalogue | None = None
) -> Iterator[Finding]:
    """(severity, field, text, remedy) each; of the document's own scenario if none is given.

    An error is a value that no run could have; a warning one that a run does without.
    """
    scenario = scenario if scenario is not None else doc.scenario
    yield from _of_time(scenario)
    if not 0 <= scenario.load <= MOST_LOAD:
        less = scenario.load < 0
        yield (
            *("error", "load"),
            "the load is less than nothing" if less else f"a load of {scenario.load:g} is too much",
            "Make load 0 or more." if less else f"Make load at most {MOST_LOAD:,.0f}.",
        )
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
    yield from _of_classes(scenario)
    catalogue = catalogue if catalogue is not None else doc.catalogue
    for wrong in fault_problems(doc, catalogue, scenario.faults, scenario.duration_s):
        yield wrong[0], "faults", wrong[1], wrong[2]
    yield from _without_effect(scenario)


def _of_time(scenario: Scenario) -> Iterator[Finding]:
    try:
        start = datetime.fromisoformat(scenario.start)
    except ValueError:
        yield (
            *("error", "start"),
            f"the scenario starts at {scenario.start!r}, which is not a time",
            "Write it like 2026-01-05T08:00:00Z.",
        )
    else:
        try:
            start + timedelta(seconds=min(max(scenario.duration_s, 0.0), MOST_S))
        except OverflowError:
            yield (
                *("error", "start"),
                f"a scenario that starts at {scenario.start} ends after the year 9999",
                "Start earlier.",
            )
    if scenario.duration_s <= 0:
        yield "error", "duration_s", "the scenario takes no time", "Make duration_s more than 0."
    elif scenario.duration_s > MOST_S:
        yield (
            *("error", "duration_s"),
            f"the scenario takes {scenario.duration_s:g} s, more than a century",
            f"Make duration_s at most {MOST_S:,.0f}.",
        )
    if scenario.tick_s <= 0:
        yield "error", "tick_s", "a tick takes no time", "Make tick_s more than 0, usually 1."
    elif scenario.tick_s < LEAST_TICK_S:
        yield (
            *("error", "tick_s"),
            f"a tick of {scenario.tick_s:g} s is too short",
            f"Make tick_s at least {LEAST_TICK_S:g}, usually 1.",
        )
    else:
        ticks = METRIC_PERIOD_S / scenario.tick_s
        if not math.isfinite(ticks) or abs(ticks - round(ticks)) > 1e-9 * ticks:
            yield (
                *("error", "tick_s"),
                f"a tick of {scenario.tick_s:g} s does not divide 60 s",
                "Choose 0.1, 0.5, 1, 2, 5, 10, 30 or 60 s.",
            )


def _of_classes(scenario: Scenario) -> Iterator[Finding]:
    classes = scenario.classes
    names = [item.name for item in classes]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield (
            *("error", "classes"),
            f"two request classes are called {name!r}",
            "Give one of them another name.",
        )
    whole = sum(item.share for item in classes)
    if any(item.share < 0 for item in classes) or (classes and not 0 < whole < math.inf):
        yield (
            *("error", "classes"),
            "the shares of the request classes do not add up to a load",
            "Make every share 0 or more, and one of them more than 0.",
        )
    for item in classes:
        for name in ("payload_kb", "deadline_s"):
            value = getattr(item, name)
            if value is not None and not (math.isfinite(value) and value >= 0):
                yield (
                    *("error", "classes"),
                    f"the request class {item.name!r} has a {name} of {value:g}",
                    f"Make {name} 0 or more.",
                )
        if item.write_fraction is not None and not 0 <= item.write_fraction <= 1:
            yield (
                *("error", "classes"),
                f"the request class {item.name!r} writes a share of {item.write_fraction}",
                "Make write_fraction a number from 0 to 1.",
            )


def _without_effect(scenario: Scenario) -> Iterator[Finding]:
    """What a file may hold and no run heeds yet: said, so that nobody trusts it."""
    if scenario.history_days > 0:
        yield (
            *("warning", "history_days"),
            "a metric history before the start is not simulated yet: no policy knows of it",
            "Leave history_days at 0.",
        )
    if scenario.region != PRICED_REGION:
        yield (
            *("warning", "region"),
            f"prices and most quotas are those of {PRICED_REGION}, not of {scenario.region!r}",
            "Compare the costs with that region's price list.",
        )
    for name in ("country", "attributes"):
        having = [item.name for item in scenario.classes if getattr(item, name)]
        if having:
            yield (
                *("warning", "classes"),
                f"{name} of the request class {having[0]!r} has no effect yet",
                "Leave it, or remove it.",
            )
