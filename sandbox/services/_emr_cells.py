"""What an EMR cluster keeps: steps, HDFS by copies, containers and nodes as cells; the totals.

The cells lie one behind the other: steps, blocks by the number of their copies, containers that
run (``_place_heap.py``), nodes (``_hosts.py``).
"""

from __future__ import annotations

from typing import Annotated

from sandbox.services import _application_scaling as scaling
from sandbox.services._emr_node_params import KINDS, POOLS
from sandbox.services._emr_step_params import MOST_ACTIVE, STEPS
from sandbox.services.contract import EventKind

COPIES = 6  # blocks with none to five copies
BLOCKS = MOST_ACTIVE  # the first cell of them
ENTRIES = MOST_ACTIVE + COPIES
NOBODY = -1
FREE, PENDING, RUNNING = range(3)  # a step
MAP, REDUCE = range(2)
TERMINATED, FAILED, STARTING, BOOTSTRAPPING, UP, WAITING, TERMINATING = range(7)  # the cluster
PRIMARY, CORE, TASK = range(3)


class Cell:
    """A step, blocks, a container or a node; each has some of the fields."""

    state: int
    # a step
    job: int
    serial: int
    submitted_s: float
    began_s: float
    maps: float
    maps_run: float
    maps_done: float
    reds: float
    reds_run: float
    reds_done: float
    am_host: int
    am_tries: int
    # blocks
    blocks: float
    # a container
    entry: int
    attempt: int  # MAP or REDUCE
    host: int
    placed_s: float
    start_s: float
    end_s: float
    outcome: int
    # a node
    env: int
    kind: int
    units: float  # of its fleet's target
    memory: float  # MB of YARN
    used_memory: float
    held: float  # containers, application masters apart
    produced: float  # map tasks of the steps that run whose output lies here
    launched_s: float
    ready_s: float
    gone_s: float
    draw: int


class Work:
    """What the state says of steps and containers."""

    clock: float
    places: int
    laid: int
    laid_mb: float
    entries: int
    serials: int
    draws: int
    row: int
    saturated: int
    part: Annotated[object, ("f8", (STEPS,))]  # of a submission that has not come whole
    asked: Annotated[object, ("f8", (STEPS,))]  # by hand
    steps_pending: float
    steps_running: float
    steps_completed: float
    steps_failed: float
    steps_cancelled: float
    ended_ok: float  # in this tick, as are the next four
    ended_bad: float
    s3_reads: float
    s3_read_mb: float
    s3_writes: float
    s3_write_mb: float
    s3_read_mb_per_s: float
    turnaround_s: float
    makespan_s: float
    rerun: float
    am_mb: float  # that application masters hold
    yarn_mb: float  # that YARN applications hold
    used_mb: float
    apps_pending: float
    apps_running: float
    pending_mb: float  # that YARN applications wait for
    containers_pending: float
    containers_allocated: float
    pending_ratio: float
    free_percent: float
    is_idle: float
    idle_since_s: float


class Cluster:
    """What the state says of the cluster, its nodes and its HDFS."""

    cluster: int
    wish: int  # of a person: 1 launch, 2 terminate
    doomed: Annotated[object, ("f8", (3,))]  # nodes of each role that a person takes down
    cluster_state: float
    cluster_due: float
    began_s: float
    with_errors: int
    switched: int  # a fleet's Spot instances were not to be had
    clusters: float
    host_due: float
    scale_due: float
    wanted: Annotated[object, ("f8", (POOLS,))]
    have: Annotated[object, ("f8", (POOLS,))]  # that boot or run; of a fleet its units
    running: Annotated[object, ("f8", (3,))]  # by role
    coming: Annotated[object, ("f8", (3,))]
    core_running: float
    core_pending: float
    task_running: float
    task_pending: float
    primary_running: float
    draining: float
    noticed: float
    nodes: float
    total_mb: float
    launched: int
    interrupted: float
    outage: float
    dry: float  # a fault: no Spot capacity
    short_said: float
    short_until: Annotated[object, ("f8", (POOLS * KINDS,))]
    hosts_now: Annotated[object, ("f8", (4,))]  # USD/h: on demand, Spot, EMR, EBS
    hosts_acc: Annotated[object, ("f8", (4,))]  # USD of this tick
    on_demand_usd: float
    spot_usd: float
    emr_usd: float
    ebs_usd: float
    replication: float
    heal_at_s: float
    healed_s: float
    missing: float
    under: float
    hdfs_gb: float
    hdfs_percent: float
    low_since_s: float
    target: float
    requested: float
    late_min: float  # minutes since the last datapoint of five
    sample: float
    scale_core: Annotated[object, scaling.SCALABLE]
    scale_task: Annotated[object, scaling.SCALABLE]


_ENDING = "The cluster is TERMINATING, {0:,.0f} steps are cancelled: "
_FAILED = "Step {0:.0f} FAILED: "
_EVENTS = (
    ("launched", "The cluster is launched: {0:,.0f} nodes are STARTING"),
    ("ready", "The cluster is RUNNING, {0:,.0f} s after its launch"),
    ("last_step", "The last step has ended: the cluster is TERMINATING"),
    ("idle_timeout", "No step for too long: the cluster is TERMINATING"),
    ("terminated_by_hand", _ENDING + "somebody asked for it", "warning"),
    ("step_failed", _ENDING + "a step failed", "error"),
    ("primary_lost", _ENDING + "it has lost its primary nodes", "error"),
    ("no_spot", _ENDING + "its Spot nodes were not to be had in time", "error"),
    ("terminated", "The cluster is TERMINATED; what HDFS held, {0:,.1f} GB, is gone"),
    (
        "completed",
        "Step {0:.0f} COMPLETED, {1:,.0f} s after its submission, {2:,.0f} s after it began",
    ),
    ("failed", _FAILED + "by itself", "error"),
    ("failed_blocks", _FAILED + "blocks of its input are missing", "error"),
    ("failed_input", _FAILED + "its input is not in HDFS", "error"),
    ("failed_full", _FAILED + "HDFS has no room for its output", "error"),
    ("failed_master", _FAILED + "it has lost its application master twice", "error"),
    ("cancelled", "{0:,.0f} PENDING steps CANCELLED", "warning"),
    ("joined", "Nodes that have joined: {0:,.0f}; there are {1:,.0f} core, {2:,.0f} task"),
    ("left", "{0:,.0f} nodes were decommissioned and are gone"),
    ("interrupted", "Spot takes back {0:,.0f} of {1:,.0f} nodes: two minutes are left", "warning"),
    (
        "lost",
        "{0:,.0f} nodes lost ({1:,.0f} core): {2:,.0f} containers and {3:,.0f} map outputs anew",
        "error",
    ),
    ("blocks_lost", "{0:,.0f} blocks of HDFS have no copy left: {1:,.1f} GB are lost", "error"),
    ("healed", "HDFS has {0:.0f} copies of each block again"),
    ("primary", "A primary node is lost and replaced: {0:.0f} of 3 are left", "warning"),
    ("no_capacity", "No Spot pool has capacity for {0:,.0f} nodes", "warning"),
    (
        "switched",
        "Spot was not to be had for {0:,.0f} minutes: {1:,.0f} nodes are launched on demand",
        "warning",
    ),
    (
        "managed",
        "YARN asks for {0:,.0f} nodes: {4:,.0f} become {1:,.0f} (core {2:,.0f}, task {3:,.0f})",
    ),
    ("holds", "{0:,.0f} core nodes are asked for; HDFS needs {1:,.0f}", "warning"),
    (
        "protected",
        "A step failed that shall end the cluster; termination protection keeps it",
        "warning",
    ),
)
EVENTS = tuple(EventKind(*one) for one in _EVENTS)
# why a cluster ends, and why a step fails, are the events that say so
LAUNCHED, READY, LAST, IDLE, BY_HAND, BY_STEP, NO_PRIMARY, NO_SPOT, ENDED, COMPLETED = range(10)
ITSELF, NO_BLOCKS, NO_INPUT, FULL, NO_MASTER, CANCELLED, JOINED, LEFT, TAKEN = range(10, 19)
LOST, BLOCKS_LOST, HEALED, PRIMARY_LOST, NO_CAPACITY, SWITCHED, MANAGED, HOLDS = range(19, 27)
PROTECTED = 27
