"""What Batch says of its numbers, its bill and its inner state."""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.services._batch_cells import ENTRIES
from sandbox.services.explain import Cells, CellState, CostLine, Explanation, Input, called

STATES = "AWS Batch User Guide: Job states"
EC2 = "Amazon EC2 on-demand pricing, Linux, us-east-1"
SPOT = "AWS Spot Instance Advisor, us-east-1, Linux, June 2025"
FARGATE = "https://aws.amazon.com/fargate/pricing/"

EXPLANATIONS = (
    Explanation(
        "jobs_running",
        "Attempts that hold a place, but for those whose image is still being pulled.",
        (Input("s.places", "Attempts that hold a place"), "jobs_starting"),
        lambda places, starting: places - starting,
        STATES,
    ),
    Explanation(
        "utilization",
        "vCPUs that jobs hold, of those of the instances that run; on Fargate of the maximum.",
        ("used_vcpus", Input("s.capacity", "vCPUs there are", quota=True)),
        lambda used, there: used / there if there > 0 else 0.0,
    ),
)

COST_LINES = (
    CostLine(
        "Instances on demand",
        "From launch to termination, 60 s at least; Batch itself costs nothing.",
        (Input("s.on_demand_usd", "Instances", "USD/h", EC2),),
        lambda usd: usd,
        EC2,
    ),
    CostLine(
        "Spot instances",
        "From launch to termination, at the on-demand price less the type's saving.",
        (Input("s.spot_usd", "Instances", "USD/h", SPOT),),
        lambda usd: usd,
        SPOT,
    ),
    CostLine(
        "Fargate",
        "vCPU and memory of the jobs that start or run; a minute of each at least.",
        (Input("s.fargate_usd", "Jobs", "USD/h", FARGATE),),
        lambda usd: usd,
        FARGATE,
    ),
)


def _ready(cells: Any) -> np.ndarray:
    return cells["fresh"] + cells["again"].sum(axis=-1)


def _shown(p: Any, s: Any, cells: Any) -> np.ndarray:
    return np.flatnonzero(cells["state"][:ENTRIES] > 0)


def _ended(p: Any, s: Any, io: Any, cells: Any) -> np.ndarray:
    return (cells["succeeded"] + cells["failed"]) / np.maximum(1.0, cells["size"])


def _states(p: Any, s: Any, io: Any, cells: Any) -> list[str]:
    return [
        f"{one['size']:,.0f} jobs: {one['held']:,.0f} PENDING, "
        f"{ready:,.0f} waiting, {one['active'] - one['progress']:,.0f} STARTING, "
        f"{one['progress']:,.0f} RUNNING, {one['succeeded']:,.0f} SUCCEEDED, "
        f"{one['failed']:,.0f} FAILED"
        for one, ready in zip(cells, _ready(cells), strict=True)
    ]


def _hosts(p: Any, s: Any, cells: Any) -> np.ndarray:
    first = int(np.ravel(p["entries_n"])[0] + np.ravel(p["slots_n"])[0])
    return first + np.flatnonzero(cells["state"][first:] > 0)


def _held(p: Any, s: Any, io: Any, cells: Any) -> np.ndarray:
    return cells["used_vcpus"] / np.maximum(1.0, cells["vcpus"])


BARS = (
    Cells(
        "Submissions",
        "submission",
        "share of its jobs that have ended",
        _ended,
        rows=_shown,
        state="shown",
        states=(
            CellState("-", "idle"),
            CellState("PENDING", "idle"),
            CellState("SUBMITTED", "idle"),
            CellState("RUNNABLE", "warning"),
            CellState("STARTING", "busy"),
            CellState("RUNNING", "ok"),
        ),
        note=_states,
        names=lambda params, setup, p, cells: called(params.jobs, cells["job"]),
    ),
    Cells(
        "Instances",
        "instance",
        "vCPUs that jobs hold",
        _held,
        rows=_hosts,
        state="state",
        states=(
            CellState("free", "idle"),
            CellState("boots", "busy"),
            CellState("runs"),
            CellState("Spot takes it back", "critical"),
        ),
    ),
)
