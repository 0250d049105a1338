"""How fast the engine is, measured on a diagram repeated to several sizes."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import sandbox
from sandbox.document.document import Document
from sandbox.document.edits import set_attribute
from sandbox.services.registry import Catalogue

from .records import Records
from .tile import tile

SIZES = (10, 100, 1000)
NODE_TICKS = 2_000_000  # of one measurement
WARM_UP = 300  # ticks: machine code is loaded, and the first controllers have acted
REPEATS = 3
DAY_S = 86_400.0


def bench(
    document: Document,
    catalogue: Catalogue,
    *,
    node_ticks: int = NODE_TICKS,
    day_s: float = DAY_S,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """The measurements by name, seconds and nanoseconds of the wall clock; the best of several.

    Every metric is recorded, and policies act.  ``day_20_services_s`` is one day of 1 s ticks;
    ``…_with_percentiles_s`` also solves every percentile of every row, as an export does.
    """
    tell = progress or (lambda _text: None)
    costs = {}
    for size in SIZES:
        tell(f"{size:,} nodes")
        costs[str(size)] = round(_node_tick_s(document, catalogue, size, node_ticks) * 1e9, 1)
    tell("a day of 20 services")
    day, exported = _day(document, catalogue, day_s)
    tell("snapshots of 200 nodes")
    return {
        "diagram": document.name,
        "version": sandbox.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "node_tick_ns": costs,
        "day_20_services_s": round(day, 4),
        "day_20_services_with_percentiles_s": round(exported, 4),
        "snapshot_and_restore_200_nodes_ms": round(_snapshot_s(document, catalogue) * 1e3, 4),
    }


def _run(document: Document, catalogue: Catalogue, size: int, ticks: int) -> Any:
    """A run of so many nodes that has been warmed up, and has room for the ticks to come."""
    from sandbox.engine.run import Run

    tiled = tile(document, size)
    scenario = replace(document.scenario, tick_s=1.0, duration_s=float(ticks + WARM_UP))
    tiled.apply(set_attribute(tiled, "scenario", replace(scenario, faults=())))
    run = Run(tiled, catalogue)
    run.advance(WARM_UP)
    return run


def _timed(work: Callable[..., Any], *arguments: Any) -> float:
    begin = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - begin


def _node_tick_s(document: Document, catalogue: Catalogue, size: int, node_ticks: int) -> float:
    ticks = max(10, node_ticks // size)
    runs = (_run(document, catalogue, size, ticks) for _ in range(REPEATS))
    return min(_timed(run.advance, ticks) for run in runs) / (ticks * size)


def _day(document: Document, catalogue: Catalogue, day_s: float) -> tuple[float, float]:
    """A simulated day, without and with its percentiles."""
    best = []
    for _ in range(REPEATS):
        run = _run(document, catalogue, 20, round(day_s))
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

    tiled = tile(document, 200)
    run = Run(tiled, catalogue, window=True)
    run.advance(WARM_UP)
    return min(_timed(lambda: run.restore(run.snapshot())) for _ in range(20))
