"""Amazon EMR: a cluster that runs steps on splits of their data, kept or launched for them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

from sandbox.services import _emr_cells as emr_cells
from sandbox.services import _why_emr as why
from sandbox.services._emr_cells import (
    ENTRIES,
    FAILED,
    STARTING,
    TERMINATING,
    Cell,
    Cluster,
    Work,
)
from sandbox.services._emr_law import control, step
from sandbox.services._emr_notes import NOTES
from sandbox.services._emr_params import Params
from sandbox.services._emr_scale import RULE_EVENTS
from sandbox.services._emr_setup import Derived, adjust, cells_count, init, prepare, resize
from sandbox.services._emr_step_params import (
    MOST_ACTIVE,
    STEPS,
    YARN,
    Submission,
    WaitingSubmission,
)
from sandbox.services._job_ends import Ended
from sandbox.services.contract import Action, Cause, Metric, Port, Service, Setup
from sandbox.services.params import Parameters, param

API = "Amazon EMR API Reference"
LIMIT = f"{API}: RunJobFlow"
SYNC = "AWS Step Functions Developer Guide: Create and manage Amazon EMR clusters"


class State(Work, Cluster, Ended):
    pass


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    found: list[str] = []
    names = [one.name for one in params.steps]
    for link in setup.ins:
        if (name := link.params.get("step", "")) and name not in names:
            found.append(f"{link.other} submits {name}, which is no step here; it submits all")
    if setup.era == "2020":
        if params.managed_scaling:
            found.append("managed scaling came in mid-2020: the cluster keeps its size")
        if params.idle_timeout_s:
            found.append("auto-termination came in 2021: the cluster waits on")
    other = [one.name for one in params.steps if one.application not in YARN]
    if params.managed_scaling and other:
        found.append(f"managed scaling does not see {', '.join(other)}: not a YARN application")
    if params.lifecycle == "transient" and params.hdfs_data_gb > 0:
        found.append("a transient cluster begins with an empty HDFS: hdfs_data_gb is not there")
    if params.core.counts[1]:
        found.append("core nodes on Spot: what is taken back takes blocks of HDFS along")
    return [(0.0, "notice", text) for text in found]


class SubmitArgs(Parameters):
    step: int = param(1, "Which step, counted from 1.", ge=1, le=STEPS)
    count: int = param(1, "How many times.", ge=1, le=MOST_ACTIVE)


class ResizeArgs(Parameters):
    nodes: Literal["core", "task"] = param("task", "Which nodes.")
    count: int = param(2, "How many there shall be.", ge=0, le=200)


class LoseArgs(Parameters):
    nodes: Literal["primary", "core", "task"] = param("core", "Which nodes.")
    count: int = param(1, "How many, at random, at once.", ge=1, le=200)


class NoArgs(Parameters):
    pass


def submit(record: Any, state: Any, cells: Any, args: SubmitArgs, t_s: float) -> str:
    if args.step > int(record["steps_n"]):
        raise ValueError(f"there are {int(record['steps_n'])} steps")
    if not record["transient"] and (state["cluster"] < STARTING or state["cluster"] == TERMINATING):
        raise ValueError("there is no cluster; launch it first")
    active = float(state["steps_pending"] + state["steps_running"] + state["asked"].sum())
    if active + args.count > MOST_ACTIVE:
        raise ValueError(f"{active:,.0f} steps are PENDING or RUNNING, and {MOST_ACTIVE} may be")
    state["asked"][..., args.step - 1] += args.count
    return f"step {args.step} submitted {args.count} times"


def resize_by_hand(record: Any, state: Any, cells: Any, args: ResizeArgs, t_s: float) -> str:
    if state["cluster"] < STARTING or state["cluster"] == TERMINATING:
        raise ValueError("there is no cluster; launch it first")
    x = ("core", "task").index(args.nodes)
    pool = int(record["group"][..., x])
    other = state["wanted"][..., 3 + 2 * x - pool]
    room = len(cells) - ENTRIES - int(record["slots_n"])
    if 2 * args.count > room:
        raise ValueError(f"there is room for {room // 2} nodes in this run; edit the counts")
    raw = sum(r * cells["blocks"][emr_cells.BLOCKS + r] for r in range(emr_cells.COPIES)) / 8.0
    least = max(1.0, float(state["replication"]), math.ceil(raw / record["disk_gb"]))
    least *= float(record["core_weight"])
    if x == 0 and args.count + other < min(least, float(state["wanted"][..., pool]) + other):
        raise ValueError(f"HDFS needs {least:.0f} core nodes: for its copies, and for its data")
    before = float(state["wanted"][..., pool])
    state["wanted"][..., pool] = args.count
    state["host_due"] = -math.inf
    return f"{args.nodes} nodes set by hand: {before:.0f} to {args.count}"


def lose(record: Any, state: Any, cells: Any, args: LoseArgs, t_s: float) -> str:
    state["doomed"][..., ("primary", "core", "task").index(args.nodes)] += args.count
    return f"{args.count} {args.nodes} nodes are taken down"


def launch(record: Any, state: Any, cells: Any, args: NoArgs, t_s: float) -> str:
    if state["cluster"] > FAILED:
        raise ValueError("there is a cluster already")
    state["wish"] = 1
    return "a cluster is launched by hand"


def terminate(record: Any, state: Any, cells: Any, args: NoArgs, t_s: float) -> str:
    if state["cluster"] < STARTING or state["cluster"] == TERMINATING:
        raise ValueError("there is no cluster to terminate")
    if record["termination_protected"]:
        raise ValueError("the cluster has termination protection; switch that off first")
    state["wish"] = 2
    return "the cluster is terminated by hand"


SERVICE = Service(
    id="emr",
    title="Amazon EMR",
    category="compute",
    summary="Runs steps on a Hadoop cluster: primary, core and task nodes, HDFS or S3.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    cell=Cell,
    cells_count=cells_count,
    ports=(
        Port(
            "in",
            "in",
            "Steps that are submitted",
            modes=("async", "sync"),
            params={"sync": WaitingSubmission, "async": Submission},
        ),
        Port("input", "out", "Reads of S3", modes=("async",), peers=("s3",)),
        Port("output", "out", "Writes to S3", modes=("async",), peers=("s3",)),
        Port("completed", "out", "Steps that COMPLETED", modes=("async",)),
        Port("failed", "out", "Steps that FAILED, or were CANCELLED", modes=("async",)),
    ),
    step=step,
    control=control,
    prepare=prepare,
    init=init,
    adjust=adjust,
    resize=resize,
    foretell=foretell,
    causes=(
        Cause("rejected", "too_many_steps", "256 steps may be PENDING or RUNNING", LIMIT),
        Cause("rejected", "no_cluster", "the cluster is terminated", f"{API}: AddJobFlowSteps"),
        Cause("failed", "step_failed", "the step that the caller waited for FAILED", SYNC),
    ),
    metrics=(
        Metric("steps_pending", "", "Steps PENDING", "steps_pending"),
        Metric("steps_running", "", "Steps RUNNING", "steps_running"),
        Metric("steps_completed", "", "Steps COMPLETED so far", "steps_completed"),
        Metric("steps_failed", "", "Steps FAILED so far", "steps_failed"),
        Metric("steps_cancelled", "", "Steps CANCELLED so far", "steps_cancelled"),
        Metric("step_time", "s", "Beginning to end of the last step", "makespan_s"),
        Metric("turnaround", "s", "Submission to end of the last step", "turnaround_s"),
        Metric("cluster_state", "", "State: 0 TERMINATED, 1 with errors, 2 STARTING, "
               "3 BOOTSTRAPPING, 4 RUNNING, 5 WAITING, 6 TERMINATING", "cluster_state"),
        Metric("clusters", "", "Clusters launched so far", "clusters"),
        Metric("is_idle", "", "Whether it waits", "is_idle", "IsIdle", period="metrics_s"),
        Metric("apps_pending", "", "Applications that wait for their master", "apps_pending",
               "AppsPending", period="metrics_s"),
        Metric("apps_running", "", "Applications that run", "apps_running", "AppsRunning",
               period="metrics_s"),
        Metric("containers_pending", "", "Containers pending", "containers_pending",
               "ContainerPending", period="metrics_s"),
        Metric("containers_allocated", "", "Containers allocated", "containers_allocated",
               "ContainerAllocated", period="metrics_s"),
        Metric("container_pending_ratio", "", "Containers pending over allocated",
               "pending_ratio", "ContainerPendingRatio", period="metrics_s"),
        Metric("yarn_memory_available_percent", "%", "YARN memory that is free", "free_percent",
               "YARNMemoryAvailablePercentage", period="metrics_s"),
        Metric("primary_nodes_running", "", "Primary nodes that run", "primary_running"),
        Metric("core_nodes_running", "", "Core nodes that run", "core_running",
               "CoreNodesRunning", period="metrics_s"),
        Metric("core_nodes_pending", "", "Core nodes on their way", "core_pending",
               "CoreNodesPending", period="metrics_s"),
        Metric("task_nodes_running", "", "Task nodes that run", "task_running",
               "TaskNodesRunning", period="metrics_s"),
        Metric("task_nodes_pending", "", "Task nodes on their way", "task_pending",
               "TaskNodesPending", period="metrics_s"),
        Metric("nodes_requested", "", "Core and task nodes wanted", "requested"),
        Metric("nodes_draining", "", "Nodes that are decommissioned", "draining"),
        Metric("interrupted", "", "Nodes taken back by Spot so far", "interrupted"),
        Metric("tasks_rerun", "", "Tasks that were done again so far", "rerun"),
        Metric("hdfs_utilization", "%", "HDFS that is used", "hdfs_percent", "HDFSUtilization",
               period="metrics_s"),
        Metric("hdfs_gb", "GB", "Data in HDFS", "hdfs_gb"),
        Metric("missing_blocks", "", "Blocks without a copy", "missing", "MissingBlocks",
               period="metrics_s"),
        Metric("under_replicated_blocks", "", "Blocks with fewer copies than they should have",
               "under", "UnderReplicatedBlocks", period="metrics_s"),
        Metric("s3_mb_per_s", "MB/s", "Read of S3 by tasks that begin", "s3_read_mb_per_s"),
    ),
    events=(*emr_cells.EVENTS, *RULE_EVENTS),
    actions=(
        Action("submit", "Submit a step", SubmitArgs, submit),
        Action("resize", "Resize the core or task nodes", ResizeArgs, resize_by_hand),
        Action("lose", "Take nodes down", LoseArgs, lose),
        Action("launch", "Launch the cluster", NoArgs, launch),
        Action("terminate", "Terminate the cluster", NoArgs, terminate),
    ),
    faults=("kill_instances", "zone_outage", "spot_interruption"),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    bars=why.BARS,
    headline="steps_running",
    holds="nodes",
)  # fmt: skip
