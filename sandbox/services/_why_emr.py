"""What EMR says of its numbers, its bill and its inner state."""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.services._emr_cells import BLOCKS, COPIES, ENTRIES
from sandbox.services._emr_node_params import MORE_GROUPS
from sandbox.services.explain import Cells, CellState, CostLine, Explanation, Input, called

METRICS = "Amazon EMR Management Guide: Monitor metrics with CloudWatch"
EC2 = "Amazon EC2 on-demand pricing, Linux, us-east-1"
SPOT = "AWS Spot Instance Advisor, us-east-1, Linux, June 2025"
EMR = "https://aws.amazon.com/emr/pricing/"
EBS = "https://aws.amazon.com/ebs/pricing/"

EXPLANATIONS = (
    Explanation(
        "yarn_memory_available_percent",
        "YARN memory that no application holds, of that of all core and task nodes.",
        (Input("s.yarn_mb", "Held by YARN applications", "MB"),
         Input("s.total_mb", "YARN memory of the nodes", "MB", quota=True)),
        lambda held, there: 100.0 * (1.0 - held / there) if there > 0 else 100.0,
        METRICS,
    ),
    Explanation(
        "container_pending_ratio",
        "Containers pending over containers allocated; those pending if none is allocated.",
        ("containers_pending", "containers_allocated"),
        lambda pending, given: pending / given if given > 0 else pending,
        METRICS,
    ),
    Explanation(
        "utilization",
        "Memory that containers hold, of that of all core and task nodes.",
        (Input("s.used_mb", "Held by containers", "MB"),
         Input("s.total_mb", "Memory of the nodes", "MB", quota=True)),
        lambda held, there: min(1.0, held / there) if there > 0 else 0.0,
    ),
)  # fmt: skip

COST_LINES = (
    CostLine(
        "Instances on demand",
        "All nodes on demand, from launch to termination, idle or not.",
        (Input("s.on_demand_usd", "Instances", "USD/h", EC2),),
        lambda usd: usd,
        EC2,
    ),
    CostLine(
        "Spot instances",
        "At the on-demand price less the type's saving.",
        (Input("s.spot_usd", "Instances", "USD/h", SPOT),),
        lambda usd: usd,
        SPOT,
    ),
    CostLine(
        "EMR",
        "A quarter of the on-demand price of each node, on Spot as well.",
        (Input("s.emr_usd", "Nodes", "USD/h", EMR),),
        lambda usd: usd,
        EMR,
    ),
    CostLine(
        "EBS",
        "The storage of each node.",
        (Input("s.ebs_usd", "Storage", "USD/h", EBS),),
        lambda usd: usd,
        EBS,
    ),
)

ROLES = (
    "primary", "core", "core, Spot", "task", "task, Spot",
    *(f"task group {g}" for g in range(2, 2 + MORE_GROUPS)),
)  # fmt: skip


def _steps(p: Any, s: Any, cells: Any) -> np.ndarray:
    found = np.flatnonzero(cells["state"][:BLOCKS] > 0)
    return found[np.argsort(cells["serial"][found], kind="stable")]


def _done(p: Any, s: Any, io: Any, cells: Any) -> np.ndarray:
    return (cells["maps_done"] + cells["reds_done"]) / np.maximum(
        1.0, cells["maps"] + cells["reds"]
    )


def _step_words(p: Any, s: Any, io: Any, cells: Any) -> list[str]:
    return [
        f"map {one['maps_done']:,.0f} of {one['maps']:,.0f} done, "
        f"{one['maps_run']:,.0f} run; reduce {one['reds_done']:,.0f} of {one['reds']:,.0f} done, "
        f"{one['reds_run']:,.0f} run"
        for one in cells
    ]


def _hosts(p: Any, s: Any, cells: Any) -> np.ndarray:
    first = int(np.ravel(p["entries_n"])[0] + np.ravel(p["slots_n"])[0])
    alive = first + np.flatnonzero(cells["state"][first:] > 0)
    return alive[np.argsort(cells["env"][alive], kind="stable")]


def _held(p: Any, s: Any, io: Any, cells: Any) -> np.ndarray:
    return cells["used_memory"] / np.maximum(1.0, cells["memory"])


def _host_words(p: Any, s: Any, io: Any, cells: Any) -> list[str]:
    return [
        f"{ROLES[int(one['env'])]}: {one['held']:,.0f} tasks, {one['used_memory']:,.0f} of "
        f"{one['memory']:,.0f} MB"
        for one in cells
    ]


def _copies(p: Any, s: Any, cells: Any) -> np.ndarray:
    most = max(1, int(np.ravel(s["replication"])[0]))
    return BLOCKS + np.arange(min(COPIES, most + 1))


def _share(p: Any, s: Any, io: Any, cells: Any) -> np.ndarray:
    return cells["blocks"] / max(1.0, float(cells["blocks"].sum()))


def _block_words(p: Any, s: Any, io: Any, cells: Any) -> list[str]:
    return [
        f"{one['blocks']:,.0f} blocks with {r} copies" if r else f"{one['blocks']:,.0f} blocks lost"
        for r, one in enumerate(cells)
    ]


BARS = (
    Cells(
        "Steps",
        "step",
        "share of its tasks that have ended",
        _done,
        rows=_steps,
        state="state",
        states=(CellState("-", "idle"), CellState("PENDING", "idle"), CellState("RUNNING")),
        note=_step_words,
        names=lambda params, setup, p, cells: called(params.steps, cells["job"]),
    ),
    Cells(
        "Nodes",
        "node",
        "memory that containers hold",
        _held,
        rows=_hosts,
        state="state",
        states=(
            CellState("free", "idle"),
            CellState("is provisioned", "busy"),
            CellState("runs"),
            CellState("Spot takes it back", "critical"),
            CellState("is decommissioned", "warning"),
        ),
        note=_host_words,
    ),
    Cells(
        "HDFS blocks by copies", "copies", "share of the blocks", _share, rows=_copies,
        note=_block_words,
    ),
)  # fmt: skip
assert ENTRIES == BLOCKS + COPIES
