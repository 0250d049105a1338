"""A load that steps up, into overload or close to it, and back: the mean wait over time."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from .diagrams import rows, simulate
from .exact import exact
from .figures import MEAN, PERCENTILE, Case, Curve, Figure, Outcome, Section

_NOISY = (
    "Close to saturation the peak of the exact curve is the greatest of many windows that each "
    "vary by a tenth or more between replications, and so lies above the true mean; the mean over "
    "the last five minutes of the high load says more."
)


def transient_section() -> Section:
    """W5."""
    cases = []
    for case in exact()["steps"].values():
        workload = (
            f"Poisson arrivals, {case['servers']} exponential server"
            f"{'s' if case['servers'] > 1 else ''} of {case['service_s'] * 1e3:g} ms; utilization "
            f"{case['load_before']:g}, from {case['from_s']:g} s to {case['until_s']:g} s "
            f"{case['load_between']:g}, then {case['load_before']:g} again"
        )
        remark = _NOISY if case["load_between"] < 1 else ""
        steps = f"{case['load_before']:g} to {case['load_between']:g} and back"
        title = f"M/M/{case['servers']}, {steps}"
        cases.append(Case(title, workload, partial(_step, case), remark))
    return Section(
        "Overload and drain",
        "Event-exact simulation of 200 replications, by 10 s windows of arrival. The peak is the "
        "greatest window, held to 10 %; the area is the sum of all windows, held to 5 %. High "
        "load is its last five minutes.",
        tuple(cases),
    )


def _step(case: dict[str, Any]) -> Outcome:
    before = case["load_before"]
    steps = [
        (0.0, 1.0),
        (case["from_s"], case["load_between"] / before),
        (case["until_s"], 1.0),
    ]
    rate = before * case["servers"] / case["service_s"]
    nodes = {
        "c": ("clients", {"rate_per_s": rate, "shape": "steps", "steps": steps}),
        "x": ("external", {"servers": case["servers"], "service_time_s": case["service_s"]}),
    }
    window = case["window_s"]
    run = simulate(nodes, [("c", "x")], case["end_s"], window)
    wait = rows(run, "c", "latency_mean") - case["service_s"]
    exact_wait, width = np.array(case["wait_mean"]), np.array(case["wait_ci"])
    top = int(exact_wait.argmax())
    late = slice(round((case["until_s"] - 300) / window), round(case["until_s"] / window))
    figures = [
        Figure("mean wait, peak", "s", exact_wait[top], wait.max(), PERCENTILE, width[top]),
        Figure("mean wait, area", "s²", exact_wait.sum() * window, wait.sum() * window, MEAN),
        Figure(
            "mean wait, high load",
            "s",
            exact_wait[late].mean(),
            wait[late].mean(),
            MEAN,
            width[late].mean(),
        ),
    ]
    for name in ("p50", "p95", "p99"):
        response, expected = rows(run, "c", f"latency_{name}"), np.array(case[name])
        # of the response where it is longest; an area of percentiles would mean nothing
        got, want = response[late].mean(), expected[late].mean()
        figures.append(Figure(f"{name}, high load", "s", want, got, PERCENTILE))
    t = tuple((np.arange(len(wait)) + 1) * window)
    return Outcome(
        tuple(figures),
        (Curve("mean wait", "s", t, tuple(exact_wait), tuple(wait)),),
    )
