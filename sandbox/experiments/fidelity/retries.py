"""A retry storm: a load beyond capacity for five minutes, clients that time out and try again."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from sandbox.services import catalogue

from .diagrams import rows, simulate
from .exact import exact
from .figures import PERCENTILE, Case, Curve, Figure, Outcome, Section
from .stations import web

RATE_PER_S, FACTOR = 60.0, 2.5
FROM_S, UNTIL_S = 300.0, 600.0
RETRIES: dict[str, Any] = {"timeout_s": 1.0, "attempts": 3, "backoff_s": 0.1, "jitter": "none"}
LEAST = 0.01  # of the load: what is as good as nothing
EDGES = 0.02  # of the windows, in which a load steps or a queue runs empty

_QUOTA = {"jitter": "full", "retry_quota": 100.0}
_VARIANTS: dict[str, tuple[str, str, dict[str, Any], dict[str, Any]]] = {
    "no quota": (
        "unbounded",
        "three attempts, backoff 100 and 200 ms, a queue without limit: it stays down",
        {},
        {},
    ),
    "no retries": ("no_retry", "one attempt, a queue without limit", {"attempts": 1}, {}),
    "short queue": (
        "queue100",
        "three attempts, 100 places in the queue",
        {},
        {"queue_limit": 100},
    ),
    "quota and jitter": (
        "no_retry",
        (
            "three attempts with full jitter and a quota of 100 tokens, a queue without limit: "
            "with the tokens used up nobody tries again, so it is to recover as without retries"
        ),
        _QUOTA,
        {},
    ),
}
"""By name: the exact case to compare with, words, parameters of the link and the application."""


def available() -> bool:
    """Whether links know timeouts and attempts."""
    refused = catalogue().check_link_params(
        "clients", "out", "external", "in", {**RETRIES, **_QUOTA}
    )
    return not refused


def retry_section() -> Section:
    """W6."""
    cases = []
    for name, (of, words, link, app) in _VARIANTS.items():
        workload = (
            f"the path of one queue at {RATE_PER_S:g}/s, {FACTOR * RATE_PER_S:g}/s (1.5 times its "
            f"capacity) from {FROM_S:g} s to {UNTIL_S:g} s; timeout 1 s, {words}"
        )
        cases.append(Case(name, workload, partial(_storm, of, link, app)))
    return Section(
        "Retry storms",
        "Event-exact simulation of 100 replications. Goodput is answers within the timeout, held "
        "to 10 % in each phase and window of 10 s (and 1 % of the load, where next to nothing is "
        "left).",
        tuple(cases),
    )


def _storm(of: str, link: dict[str, Any], app: dict[str, Any]) -> Outcome:
    case = exact()["retries"][of]
    steps = [(0.0, 1.0), (FROM_S, FACTOR), (UNTIL_S, 1.0)]
    nodes, links = web("shared", {"rate_per_s": RATE_PER_S, "shape": "steps", "steps": steps})
    nodes["app"][1].update(app)
    links[0] = ("c", "app", {**RETRIES, **link})
    window = case["window_s"]
    run = simulate(nodes, links, case["end_s"], 1.0)
    got = {
        "success": _windows(rows(run, "c", "goodput"), window),
        "attempts": _windows(rows(run, "app", "arrivals"), window),
    }
    begin, end = round(FROM_S / window), round(UNTIL_S / window)
    phases = {
        "before": (slice(0, begin), 1.0),
        "during": (slice(begin, end), FACTOR),
        "after": (slice(end, None), 1.0),
    }
    figures = []
    for metric, title in (("success", "goodput"), ("attempts", "attempts")):
        for phase, (part, factor) in phases.items():
            series, width = case[f"{metric}_per_s"][part], case[f"{metric}_ci"][part]
            figures.append(
                Figure(
                    f"{title} {phase}",
                    "1/s",
                    float(np.mean(series)),
                    float(got[metric][part].mean()),
                    PERCENTILE,
                    # of the mean over windows that are nearly independent
                    float(np.mean(width) / np.sqrt(len(width))),
                    LEAST * factor * RATE_PER_S,
                )
            )
    pairs = zip(case["success_per_s"], got["success"], case["success_ci"], strict=True)
    near = [
        Figure("", "1/s", expected, value, PERCENTILE, width, LEAST * RATE_PER_S).holds
        for expected, value, width in pairs
    ]
    figures.append(
        Figure("windows whose goodput is within 10 %", "", len(near), sum(map(bool, near)), EDGES)
    )
    waiting = rows(run, "app", "backlog")[round(window) - 1 :: round(window)]
    queue, spread = case["queue_end"], case["queue_end_ci"]
    for title, at in (("waiting at the end of the overload", end - 1), ("… of the run", -1)):
        figures.append(
            Figure(title, "", queue[at], float(waiting[at]), PERCENTILE, spread[at], 1.0)
        )
    t = tuple(window * (np.arange(len(queue)) + 1))
    curve = Curve("goodput", "1/s", t, tuple(case["success_per_s"]), tuple(got["success"]))
    return Outcome(tuple(figures), (curve,))


def _windows(seconds: np.ndarray, window_s: float) -> np.ndarray:
    """Means of windows, of one value a second."""
    return seconds.reshape(-1, round(window_s)).mean(axis=1)
