"""`--plot OUT`: the main curves of a run, drawn by a Qt process of its own without a screen."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from sandbox.exchange.errors import ExportError
from sandbox.exchange.out import offscreen
from sandbox.experiments.errors import InputError
from sandbox.experiments.files import make_whole
from sandbox.experiments.result import Result

ENDINGS = (".png", ".svg")
CURVES = 6  # in one plot; more could not be told apart
LOSSES = ("throttled", "rejected", "failed", "timed_out", "expired")


def check(path: str) -> None:
    """Refuse a picture of a kind that cannot be drawn."""
    if Path(path).suffix.lower() not in ENDINGS:
        raise InputError(f"--plot {path}: a picture is a .png or an .svg; end its name so")


def draw(result: Result, path: Path) -> None:
    """Draw the picture. Raises InputError if the drawing process fails, FileError if writing."""
    make_whole(path, lambda temporary: _draw(result, temporary))


def _draw(result: Result, path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="sandbox-plot-") as folder:
        data = Path(folder) / "curves.npz"
        _save(result, data)
        try:
            offscreen.draw("sandbox.gui.picture", [str(data), str(path)])
        except ExportError as refusal:
            raise InputError(str(refusal)) from None


def _save(result: Result, path: Path) -> None:
    """The curves, and beside them what each plot is called and shows."""
    arrays: dict[str, np.ndarray] = {}
    plots: list[dict[str, Any]] = []
    for title, unit, curves in _plots(result):
        shown = []
        for label, node, metric in curves:
            key = f"{len(arrays)}"
            series = result.series(node, metric)
            arrays[key] = np.stack([series.t, series.mean, series.least, series.greatest])
            shown.append({"label": label, "data": key})
        plots.append({"title": title, "unit": unit, "curves": shown})
    about = {
        "title": result.diagram or "Run",
        "start": result.scenario.start,
        "duration_s": result.duration_s,
        "plots": plots,
    }
    np.savez(path, allow_pickle=False, about=np.array(json.dumps(about)), **arrays)


Curve = tuple[str, str, str]  # label, node, metric


def _plots(result: Result) -> Iterable[tuple[str, str, list[Curve]]]:
    """(title, unit, curves) of each plot, from the top."""
    nodes = list(result.nodes)
    sources = [node.id for node in result.nodes.values() if node.source]

    def peak(node: str, metric: str) -> float:
        return float(result.summary(node, metric)["max"] or 0.0)

    def of(metric: str) -> list[Curve]:
        # a millionth of a message waiting is nothing to draw
        least = 0.5 if metric == "backlog" else 0.0
        found = [node for node in nodes if peak(node, metric) > least]
        found.sort(key=lambda node: -peak(node, metric))
        return [(node, node, metric) for node in found[:CURVES]]

    load = [
        (f"{node} {what}", node, metric)
        for node in sources[: CURVES // 2]
        for what, metric in (("arrivals", "arrivals"), ("in time", "goodput"))
    ]
    yield "Load", "1/s", load
    lost = [(f"{node} {kind.replace('_', ' ')}", node, kind) for node in nodes for kind in LOSSES]
    # where it is lost, not all the way up to who asked
    lost = [
        (label, node, kind)
        for label, node, kind in lost
        if any(loss.kind == kind and loss.total > 0 for loss in result.losses[node].values())
    ]
    lost.sort(key=lambda curve: -float(result.summary(curve[1], curve[2])["total"] or 0.0))
    yield "Throttling and losses", "1/s", lost[:CURVES]
    seen = _seen(result, sources)
    percentiles = [(f"p{p}", seen, f"latency_p{p}") for p in (50, 95, 99)] if seen else []
    yield f"Latency at {seen}" if seen else "Latency", "s", percentiles
    yield "Instances", "", of("instances")
    yield "Backlog", "", of("backlog")
    yield "Cost per hour", "USD/h", of("cost_per_hour")


def _seen(result: Result, sources: list[str]) -> str | None:
    """Whose latency to show: the busiest source that waits for answers, else the busiest node."""

    def answers(node: str) -> bool:
        return float(result.summary(node, "latency_p99")["max"] or 0.0) > 0

    def arrivals(node: str) -> float:
        return float(result.summary(node, "arrivals")["mean"] or 0.0)

    for group in (sources, list(result.nodes)):
        if found := [node for node in group if answers(node)]:
            return max(found, key=arrivals)
    return None
