"""What a pool of workers says of its numbers, its bill, and of each worker."""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.services.explain import Cells, CellState, CostLine, Explanation, Input

EC2 = "Amazon EC2 on-demand pricing, Linux, us-east-1"


def _there(p: Any, s: Any, cells: np.ndarray) -> np.ndarray:
    return np.flatnonzero(cells["state"] > 0)


def _busy(p: Any, s: Any, io: Any, cells: np.ndarray) -> np.ndarray:
    return np.where(cells["state"] == 2, float(io["utilization"]), np.nan)


BARS = (
    Cells(
        "Workers",
        "Worker",
        "share of its places for tasks that are taken",
        _busy,
        _there,
        state="state",
        states=(
            CellState("free", "idle"),
            CellState("starting", "busy"),
            CellState("polling", "ok"),
        ),
    ),
)

EXPLANATIONS = (
    Explanation(
        "utilization",
        "Tasks in hand, of the places for them: workers × what one takes on at once.",
        ("in_flight", "instances", Input("s.each", "Tasks that a worker takes on at once")),
        lambda held, workers, each: min(1.0, held / (workers * each)) if workers * each else 0.0,
    ),
    Explanation(
        "cpu_utilization",
        "CPU time of what is worked off, of the vCPUs of the workers that poll.",
        (
            Input("s.cpu_busy", "vCPUs at work"),
            "instances",
            Input("p.vcpus", "vCPUs of a worker", source=EC2),
        ),
        lambda busy, workers, vcpus: 100.0 * busy / (workers * vcpus) if workers else 0.0,
    ),
)

COST_LINES = (
    CostLine(
        "EC2 instances",
        "Workers from their launch on × price of an hour.",
        ("instances", Input("s.pending", "Starting"), Input("p.host_usd", "An hour", "USD", EC2)),
        lambda polling, starting, usd: (polling + starting) * usd,
        EC2,
    ),
)
