"""An elastic fleet over a day: the kernels under a controller of the case's own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sandbox.kernels import latency

from .exact import exact
from .figures import MEAN, PERCENTILE, Case, Curve, Figure, Outcome, Section
from .loops import fleet_day

WINDOW_S = 300.0
TICK_S = 1.0


@dataclass(frozen=True, slots=True)
class _Part:
    title: str
    unit: str
    promised: bool


_PARTS = {
    "queue": _Part("waiting", "", True),
    "running": _Part("running", "", True),
    "desired": _Part("desired", "", True),
    "age_oldest": _Part("age of the oldest", "s", False),
}
_REMARK = (
    "The fleet never comes to rest: it swings about its load, and the exact figures are means over "
    "60 random days. The engine runs one day without sampled noise. Means and p95 of queue and "
    "fleet are held to 5 % and 10 %; the greatest of a day, and the age of the oldest message, "
    "which is made by the few nights in which one or two workers fall behind by chance, are shown "
    "and not promised."
)


def fleet_section() -> Section:
    """W3."""
    workload = (
        "110 - 90 cos(2πt/day) messages/s to one queue, workers of 100 ms (exponential), three at "
        "first. Every 60 s, if the last action was 300 s ago: more than 100 waiting a worker adds "
        "a tenth, in service 120 s later; fewer than 10 takes one away"
    )
    return Section(
        "An elastic fleet over a day",
        "Event-exact simulation of 60 days. Windows of 300 s; mean, p95 and greatest window of a "
        "day. The controller is the case's own: this tests the station, not AWS's policies.",
        (Case("fleet", workload, _day, _REMARK),),
    )


def _day() -> Outcome:
    station = np.zeros(1, latency.STATION).view(np.recarray)[0]
    windows = np.zeros((round(86_400 / WINDOW_S), len(_PARTS)))
    fleet_day(station, windows, TICK_S, WINDOW_S)
    figures, curves, hours = [], [], exact()["fleet"]["hourly"]
    for column, (name, part) in enumerate(_PARTS.items()):
        series = windows[:, column]
        for statistic, got, tolerance in (
            ("mean", series.mean(), MEAN),
            ("p95", np.percentile(series, 95), PERCENTILE),
            ("most", series.max(), None),
        ):
            value, width = exact()["fleet"][name]["max" if statistic == "most" else statistic]
            promise = tolerance if part.promised else None
            figures.append(
                Figure(f"{part.title}, {statistic}", part.unit, value, float(got), promise, width)
            )
        if name in ("queue", "running"):
            hourly = series.reshape(24, -1).mean(axis=1)
            t = tuple(3600.0 * (hour + 0.5) for hour in range(24))
            title = f"{part.title}, hourly means"
            curves.append(Curve(title, part.unit, t, tuple(hours[name]), tuple(hourly)))
    return Outcome(tuple(figures), tuple(curves))
