"""How fast the engine is, measured on a diagram repeated to several sizes."""

from __future__ import annotations

import gc
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Any

import sandbox
from sandbox.document.document import Document
from sandbox.document.edits import set_attribute
from sandbox.services.registry import Catalogue

from .records import Records
from .tile import tile

if TYPE_CHECKING:
    from sandbox.engine.run import Run

SIZES = (10, 100, 1_000, 10_000, 100_000)
NODE_TICKS = 100_000  # of one slice of a measurement, some 15 ms
SLICES = 20
ROW_S = 20.0  # a row of a simulated day, and so of all measurements
UTILIZATION = 0.7  # of the busiest node when the measurement begins
PROBES = 12
WARM_UP = 300  # ticks: machine code is loaded, and the first controllers have acted
REPEATS = 5
DAY_S = 86_400.0
LOOK_BACK, MOMENTS = 100_000, 100  # ticks of a run, and how many of them are looked back to


def bench(
    document: Document,
    catalogue: Catalogue,
    *,
    sizes: Sequence[int] = SIZES,
    node_ticks: int = NODE_TICKS,
    day_s: float = DAY_S,
    look_back: int = LOOK_BACK,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """The measurements by name, seconds and nanoseconds of the wall clock.

    All are the best of several, for whatever else the machine does only makes them longer; of a
    node-tick the median is given too, and what it takes a single thread: otherwise unconnected
    parts of a diagram are advanced by all processors.  Every metric is recorded, a row each
    ``ROW_S``, policies act, and the load is such that the busiest node begins at a utilization of
    ``UTILIZATION``.
    ``day_20_services_s`` is one day of 1 s ticks; ``…_with_percentiles_s`` also solves every
    percentile of every row, as an export does.  ``look_back_50_nodes_ms`` is the longest that a
    moment of ``look_back`` ticks took to be shown again.
    """
    tell = progress or (lambda _text: None)
    document = _loaded(document, catalogue)
    costs, alone, medians, builds = {}, {}, {}, {}
    for size in sizes:
        tell(f"{size:,} nodes")
        slices, lonely, build = _node_tick_s(document, catalogue, size, node_ticks)
        costs[str(size)] = round(min(slices) * 1e9, 1)
        alone[str(size)] = round(min(lonely) * 1e9, 1)
        medians[str(size)] = round(median(slices) * 1e9, 1)
        builds[str(size)] = round(build, 3)
    tell("a day of 20 services")
    day, exported = _day(document, catalogue, day_s)
    tell("snapshots of 200 nodes, looking back, forecasts")
    return {
        "diagram": document.name,
        "version": sandbox.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "load": round(document.scenario.load, 4),
        "node_tick_ns": costs,
        "node_tick_one_thread_ns": alone,
        "node_tick_median_ns": medians,
        "build_s": builds,
        "peak_memory_mb": _peak_memory_mb(),
        "day_20_services_s": round(day, 4),
        "day_20_services_with_percentiles_s": round(exported, 4),
        "snapshot_and_restore_200_nodes_ms": round(_snapshot_s(document, catalogue) * 1e3, 4),
        "look_back_50_nodes_ms": round(_look_back_s(document, catalogue, look_back) * 1e3, 2),
        "forecast_20_services_6_h_ms": round(_forecast_s(document, catalogue) * 1e3, 2),
    }


def _loaded(document: Document, catalogue: Catalogue) -> Document:
    """The diagram without faults, under a load that makes its busiest node as busy as asked."""
    loaded = document.copy()
    scenario = replace(loaded.scenario, tick_s=1.0, faults=())
    for _ in range(PROBES):  # an overloaded node does not tell by how much
        loaded.apply(set_attribute(loaded, "scenario", scenario))
        run = _run(loaded, catalogue, WARM_UP)
        busiest = float(run.program.nodes["utilization"].max(initial=0.0))
        if busiest <= 0.0 or abs(busiest - UTILIZATION) < 0.005:
            break
        scenario = replace(scenario, load=scenario.load * UTILIZATION / busiest)
    return loaded


def _run(document: Document, catalogue: Catalogue, ticks: int) -> Run:
    """A run that has been warmed up, and has room for the ticks to come."""
    from sandbox.engine.run import Run

    duration_s = float(ticks + WARM_UP)
    scenario = replace(document.scenario, tick_s=1.0, duration_s=duration_s, faults=())
    run = Run(document, catalogue, scenario, every_s=min(ROW_S, duration_s))
    run.advance(WARM_UP)
    return run


def _timed(work: Callable[..., Any], *arguments: Any) -> float:
    begin = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - begin


def _node_tick_s(
    document: Document, catalogue: Catalogue, size: int, node_ticks: int
) -> tuple[list[float], list[float], float]:
    """A tick of one node of so many in each slice, by all processors and by one thread; making the
    diagram and its program."""
    row = round(ROW_S)
    ticks = max(1, node_ticks // size // row) * row  # whole rows, so that each slice closes some
    begin = time.perf_counter()
    tiled = tile(document, size)
    run = _run(tiled, catalogue, 2 * SLICES * ticks)
    build = time.perf_counter() - begin
    slices: dict[int | None, list[float]] = {None: [], 1: []}
    for _ in range(SLICES):
        for run.lanes.threads, found in slices.items():
            found.append(_timed(run.advance, ticks) / (ticks * size))
    del run, tiled
    gc.collect()  # the next diagram may need the room
    return slices[None], slices[1], build


def _day(document: Document, catalogue: Catalogue, day_s: float) -> tuple[float, float]:
    """A simulated day, without and with its percentiles."""
    tiled = tile(document, 20)
    best = []
    for _ in range(REPEATS):
        run = _run(tiled, catalogue, round(day_s))
        day = _timed(run.advance, round(day_s))
        records = Records([run.history])
        best.append((day, day + _timed(_percentiles, records)))
    return min(day for day, _ in best), min(both for _, both in best)


def _percentiles(records: Records) -> None:
    for node, infos in records.metrics.items():
        for info in infos:
            if info.quantile is not None:
                records.summary(node, info.name)


def _snapshot_s(document: Document, catalogue: Catalogue) -> float:
    """One snapshot and its restore, 200 nodes, as the window takes them."""
    from sandbox.engine.run import Run

    run = Run(tile(document, 200), catalogue, window=True)
    run.advance(WARM_UP)
    return min(_timed(lambda: run.restore(run.snapshot())) for _ in range(20))


def _look_back_s(document: Document, catalogue: Catalogue, ticks: int) -> float:
    """The longest that any of many moments of so many ticks of 50 nodes took to be shown."""
    from sandbox.engine.past import Past
    from sandbox.engine.run import Run

    tiled = tile(document, 50)
    run = Run(tiled, catalogue, window=True)
    past = Past(run, tiled)
    while run.tick < ticks:
        run.advance(100)
        past.look()
    moments = [ticks * k // MOMENTS + 1 for k in range(MOMENTS)]
    return max(_timed(past.at, tick) for tick in moments[::2] + moments[1::2])


def _forecast_s(document: Document, catalogue: Catalogue) -> float:
    """The next 6 h of 20 services, with the curves that five plots show."""
    from sandbox.experiments.forecast import Forecaster, start_of

    tiled = tile(document, 20)
    run = _run(tiled, catalogue, WARM_UP)
    metrics = ("instances", "throttled", "latency_p50", "latency_p95", "latency_p99")
    pairs = [(node, metric) for node in run.program.ids[:8] for metric in metrics]
    forecaster = Forecaster(catalogue)

    def forecast() -> None:
        forecaster.forecast(start_of(run, tiled), pairs, 21_600.0)

    return min(_timed(forecast) for _ in range(REPEATS))


def _peak_memory_mb() -> int | None:
    """The most memory this process ever had; None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if platform.system() == "Darwin" else 2**10))
