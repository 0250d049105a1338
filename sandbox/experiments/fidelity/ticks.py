"""The length of the tick: 0.1 and 10 s against 1 s."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from sandbox.assets import asset
from sandbox.document.edits import set_attribute
from sandbox.document.file import load
from sandbox.engine.run import Run
from sandbox.services import catalogue

from .diagrams import advanced, simulate, total
from .figures import Case, Figure, Section
from .stations import web
from .tick_limits import LIMITS

TICKS = (0.1, 10.0)
STEADY, TOTAL = 0.02, 0.01
LATELY_S = 120.0
NOBODY = 0.05  # requests, or a share of a server
LATENCIES = ("latency_mean", "latency_p50", "latency_p95", "latency_p99")
STATES = ("backlog", "in_flight", "utilization", "instances")
TOTALS = ("arrivals", "served", "throttled", "rejected", "failed")
_WHY_STRUCK = (
    "Instances that a fault takes are missed by health checks, and replaced by boots, at whole "
    "ticks: what is lost in those seconds changes with a tick of 10 s. Shown, not promised."
)
_NAMED = "Beyond what is promised, of a cause not yet established, so shown only: {}."
TENFOLD = "web-shop"
"""The example that is run at ten times its load as well."""
EXAMPLE_S = 4 * 3600.0


def tick_section() -> Section:
    """Steady states and totals at three lengths of tick."""
    cases = [
        Case(
            f"M/M/{servers} at {rho}",
            f"one hour of {servers} exponential server{'s' if servers > 1 else ''} of 50 ms",
            partial(_pool, servers, rho, 0),
        )
        for servers, rho in ((1, 0.8), (8, 0.5), (8, 0.95), (64, 0.9))
    ]
    cases += [
        Case(
            "overloaded, 100 places",
            "one hour of 8 exponential servers of 50 ms at utilization 1.3",
            partial(_pool, 8, 1.3, 100),
        ),
        Case("path", "one hour of application, cache and database at 60/s", _path),
        *(_example_case(path.stem, 1.0) for path in sorted(asset("examples").glob("*.json"))),
        _example_case(TENFOLD, 10.0),
    ]
    return Section(
        "The length of the tick",
        "The same diagram at ticks of 1 s is what is expected of ticks of 0.1 and 10 s: steady "
        "states within 2 %, totals within 1 %.",
        tuple(cases),
    )


def _compare(
    runs: dict[float, Run], node: str, totals: dict[str, tuple[str, ...]]
) -> Iterable[Figure]:
    """Latencies of `node` at the end, and totals by node, of the runs by their tick."""
    for tick in TICKS:
        for name in LATENCIES:
            want, got = runs[1.0].now(node)[name], runs[tick].now(node)[name]
            title = f"{name.removeprefix('latency_')}, {tick:g} s"
            yield Figure(title, "s", want, got, STEADY)
        for which, names in totals.items():
            for name in STATES:
                want, got = (_lately(runs[t], which, name) for t in (1.0, tick))
                if max(want, got) > NOBODY:
                    yield Figure(f"{which} {name}, {tick:g} s", "", want, got, STEADY)
            for name in names:
                want, got = (total(runs[t], which, name) for t in (1.0, tick))
                # of what is next to nothing, a thousandth of the requests may differ
                least = max(1e-3 * total(runs[1.0], which, "arrivals"), NOBODY)
                if max(want, got) > least:
                    title = f"{which} {name}, {tick:g} s"
                    yield Figure(title, "", want, got, TOTAL, allowance=least)


def _lately(run: Run, node: str, metric: str) -> float:
    """The mean over the last minutes: a tick apart, a steady state may go to and fro a little."""
    return float(run.series(node, metric, run.t_s - LATELY_S, run.t_s)[1].mean())


def _pool(servers: int, rho: float, places: int) -> Iterable[Figure]:
    nodes = {
        "c": ("clients", {"rate_per_s": rho * servers / 0.05}),
        "pool": ("external", {"servers": servers, "service_time_s": 0.05, "queue_limit": places}),
    }
    runs = {tick: simulate(nodes, [("c", "pool")], tick_s=tick) for tick in (1.0, *TICKS)}
    return _compare(runs, "c", {"pool": TOTALS})


def _path() -> Iterable[Figure]:
    nodes, links = web("shared", {"rate_per_s": 60.0})
    runs = {tick: simulate(nodes, links, tick_s=tick) for tick in (1.0, *TICKS)}
    return _compare(runs, "c", {"app": TOTALS, "db": TOTALS})


def _example_case(file: str, factor: float) -> Case:
    document = load(asset(f"examples/{file}.json"), catalogue())
    hours = min(EXAMPLE_S, document.scenario.duration_s) / 3600
    words = f"{hours:g} h of the example “{document.name}”"
    if factor != 1.0:
        words += f" at {factor:g} times its load"
    name = f"{document.name} × {factor:g}" if factor != 1.0 else document.name
    run = partial(_example, file, factor)
    remarks = [_WHY_STRUCK] if document.scenario.faults else []
    if file in LIMITS:
        seen, figures = LIMITS[file]
        remarks.append(f"{seen} {_NAMED.format('; '.join(figures))}")
    return Case(name, words, run, " ".join(remarks))


def _example(file: str, factor: float) -> Iterable[Figure]:
    runs = {}
    for tick in (1.0, *TICKS):
        document = load(asset(f"examples/{file}.json"), catalogue())
        whole = min(EXAMPLE_S, document.scenario.duration_s)
        scenario = replace(document.scenario, tick_s=tick, duration_s=whole, load=factor)
        document.apply(set_attribute(document, "scenario", scenario))
        runs[tick] = advanced(Run(document, catalogue()), whole)
    nodes = document.nodes
    clients = [n for n, node in nodes.items() if node.service == "clients"]
    others = [n for n in nodes if n not in clients]
    shown = set()
    if document.scenario.faults:
        shown = {f"{n} {loss}" for n in others for loss in ("failed", "rejected")}
    limited = LIMITS[file][1] if file in LIMITS else ()
    figures = list(_compare(runs, clients[0], dict.fromkeys(others, TOTALS)))
    for tick in TICKS:
        cost = runs[1.0].cost_usd, runs[tick].cost_usd
        if max(cost) > 0:
            figures.append(Figure(f"cost, {tick:g} s", "USD", *cost, TOTAL))
    for figure in figures:
        promised = figure.name.split(",")[0] not in shown and figure.name not in limited
        yield figure if promised else replace(figure, tolerance=None)
