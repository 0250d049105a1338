"""What Python does for EMR's law: derived parameters, the start, edits during a run."""

from __future__ import annotations

import math
from typing import Annotated, Any

import numpy as np

from sandbox.services import _application_scaling as scaling
from sandbox.services import _emr_cells as emr_cells
from sandbox.services._emr_cells import BLOCKS, ENTRIES, WAITING
from sandbox.services._emr_hdfs import BLOCK_GB, FEW, SOME
from sandbox.services._emr_node_params import (
    KINDS,
    MOST_NODES,
    POOLS,
    Kind,
    Nodes,
    bought,
    scores,
    yarn_mb,
)
from sandbox.services._emr_params import Params, containers
from sandbox.services._emr_sizes import managed_limit, most_nodes, places, unit_of
from sandbox.services._emr_step_params import STEPS, YARN
from sandbox.services._hosts import ACTIVE, single
from sandbox.services._instance_types import (
    GP2_USD_GB_MONTH,
    GP3_USD_GB_MONTH,
    HOURS_A_MONTH,
    PLACE,
    SAVING,
    TABLE,
    TYPES,
)
from sandbox.services._job_ends import WAITS
from sandbox.services._submission_rows import rows
from sandbox.services.contract import Setup

FEE_PART = 0.25  # Amazon EMR pricing: about a quarter of the on-demand price, m5.xlarge 0.048 USD


class Derived:
    entries_n: int
    slots_n: int
    env_type: Annotated[object, ("i8", (POOLS,))]
    kinds: Annotated[object, ("i8", (POOLS * KINDS,))]
    kinds_n: Annotated[object, ("i8", (POOLS,))]
    given: Annotated[object, ("f8", (POOLS,))]  # nodes of each pool at the start
    weights: Annotated[object, ("f8", (POOLS * KINDS,))]  # units that an instance is
    scores: Annotated[object, ("f8", (POOLS * KINDS,))]  # the lowest is launched first
    spreads: Annotated[object, ("i8", (POOLS,))]  # whether the type is launched that has fewest
    order: Annotated[object, ("i8", (POOLS,))]  # of the pools that managed scaling adds to
    order_n: int
    core_nodes: float  # at the start
    core_weight: float  # the largest
    group: Annotated[object, ("i8", (2,))]  # the pool of the core group, and of the task group
    rule_late_min: Annotated[object, ("f8", (2,))]
    fee: Annotated[object, ("f8", (len(TYPES),))]  # USD/h of each type
    disk_usd: float
    primaries: float
    transient: int
    fleets: int
    small_mb: float
    large_mb: float
    node_mb: float
    unit: float
    evaluation_s: float
    idle_s: float
    metrics_s: float
    masters_on_core: int
    yarn: Annotated[object, ("i8", (STEPS,))]
    maps: Annotated[object, ("f8", (STEPS,))]
    split_mb: Annotated[object, ("f8", (STEPS,))]
    part_mb: Annotated[object, ("f8", (STEPS,))]  # that each writing task writes


def fee(name: str) -> float:
    """EMR's price of an hour of a type, to a tenth of a cent."""
    return math.floor(TYPES[name].usd_per_hour * FEE_PART * 1000.0 + 0.5 + 1e-9) / 1000.0


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    then = setup.era == "2020"
    record["entries_n"], record["slots_n"] = ENTRIES, places(params)
    record["primaries"] = int(params.primary_count)
    fleets = params.collection == "fleets"
    pools = pools_of(params)
    for v, (nodes, on_spot) in enumerate(pools):
        record["env_type"][..., v] = on_spot
        record["given"][..., v] = nodes.counts[on_spot]
        record["kinds_n"][..., v] = len(nodes.instance_types)
        record["spreads"][..., v] = on_spot and nodes.spot_allocation == "diversified"
        each = scores(nodes, on_spot, then)
        for i, kind in enumerate(nodes.instance_types):
            record["kinds"][..., v * KINDS + i] = PLACE[kind.instance_type]
            record["weights"][..., v * KINDS + i] = kind.weighted_capacity
            record["scores"][..., v * KINDS + i] = each[i]
    for x, nodes in enumerate((params.core, params.task)):
        record["group"][..., x] = 1 + 2 * x + (nodes.market == "spot")
    used = [v for v, (nodes, on_spot) in enumerate(pools)
            if v > 0 and (fleets or on_spot == (nodes.market == "spot"))]  # fmt: skip
    used.sort(key=lambda v: (v >= 3, v >= 3 and pools[v][1], v))
    record["order"][..., : len(used)] = used
    record["order_n"] = len(used)
    record["core_nodes"] = core_nodes(params, then)
    core = params.core.instance_types
    record["core_weight"] = max(kind.weighted_capacity for kind in core)
    record["fleets"] = fleets
    record["fee"][...] = [fee(kind) for kind in TYPES]
    usd = GP2_USD_GB_MONTH if then else GP3_USD_GB_MONTH
    record["disk_usd"] = params.disk_gb * usd / HOURS_A_MONTH
    record["transient"] = params.lifecycle == "transient"
    small, large = containers(params)
    record["small_mb"], record["large_mb"] = small, large
    record["node_mb"] = yarn_mb(core[0].instance_type) / core[0].weighted_capacity
    record["idle_s"] = 0.0 if then else params.idle_timeout_s or 0
    record["masters_on_core"] = then
    record["metrics_s"] = 300.0
    managed = params.managed_scaling
    record["unit"] = unit_of(params)
    record["evaluation_s"] = managed.evaluation_s if managed else 10.0
    if then:
        record["managed_scaling_n"] = 0
    if managed:
        record["managed_scaling"]["maximum"] = unit_of(params) * managed_limit(
            params, managed.maximum
        )
    for x, one in enumerate((params.core_scaling, params.task_scaling)):
        if one:
            record["rule_late_min"][..., x] = min(4, math.ceil(one.metric_delay_s / 60.0))
            which = ("core_scaling", "task_scaling")[x]
            record[which]["metric_delay_s"] = 0.0
            record[which]["max_capacity"] = min(one.max_capacity, MOST_NODES)
    for k, step in enumerate(params.steps):
        record["yarn"][..., k] = step.application in YARN
        record["maps"][..., k] = step.maps
        record["split_mb"][..., k] = step.input_gb * 1024.0 / step.maps
        record["part_mb"][..., k] = step.output_gb * 1024.0 / (step.reducers or step.maps)
    names = [step.name for step in params.steps]
    asked = []
    for link in setup.ins:
        given_name = link.params.get("step", "")
        number = names.index(given_name) + 1 if given_name in names else 0
        asked.append(float(number + WAITS * bool(link.params.get("wait_for_step"))))
    return np.array([*asked, *rows((step.schedule for step in params.steps), setup)])


def cells_count(params: Params, setup: Setup) -> int:
    """Steps, blocks, containers (one to spare), nodes."""
    return ENTRIES + places(params) + most_nodes(params)


def pools_of(params: Params) -> list[tuple[Nodes, bool]]:
    """What is bought alike, and whether it is on Spot."""
    primary = Nodes(
        instance_types=[Kind(instance_type=params.primary_type)], count=int(params.primary_count)
    )
    found = [(primary, False)]
    found += [(nodes, spot) for nodes in (params.core, params.task) for spot in (False, True)]
    for group in params.task_groups:
        kinds = [Kind(instance_type=group.instance_type)]
        nodes = Nodes(instance_types=kinds, market=group.market, count=group.count)
        found.append((nodes, group.market == "spot"))
    return found


def core_nodes(params: Params, then: bool) -> int:
    """Core nodes that a cluster is launched with."""
    return sum(len(bought(params.core, spot, then)) for spot in (False, True))


def _copies(params: Params, core: int) -> int:
    return params.hdfs_replication or (1 if core < FEW else 2 if core < SOME else 3)


def init(params: Params, record: Any, state: Any, cells: np.ndarray, setup: Setup) -> None:
    """A long-running cluster has been there for a day, with its data; a transient one is not."""
    for name in ("host_due", "scale_due", "cluster_due"):
        state[name] = math.inf
    state["laid"] = places(params)
    state["laid_mb"] = containers(params)[0]
    state["late_min"] = 1e9
    state["sample"] = math.nan
    state["free_percent"] = 100.0
    scaling.start(params.core_scaling, state["scale_core"])
    scaling.start(params.task_scaling, state["scale_task"])
    if params.lifecycle == "transient":
        return
    state["cluster"] = WAITING
    state["clusters"] = 1.0
    state["scale_due"] = 0.0
    then = setup.era == "2020"
    core = core_nodes(params, then)
    state["replication"] = copies = _copies(params, core)
    cells["blocks"][BLOCKS + min(copies, core)] = params.hdfs_data_gb / BLOCK_GB
    place = ENTRIES + places(params)
    for v, (nodes, spot) in enumerate(pools_of(params)):
        state["wanted"][..., v] = nodes.counts[spot]
        for i in bought(nodes, spot, then):
            kind = nodes.instance_types[i]
            name = kind.instance_type
            state["have"][..., v] += kind.weighted_capacity
            state["running"][..., min((v + 1) // 2, 2)] += 1
            host = cells[place : place + 1]
            host["state"], host["env"], host["kind"] = ACTIVE, v, PLACE[name]
            host["units"] = kind.weighted_capacity
            host["memory"] = yarn_mb(name) if v else 0.0
            host["launched_s"] = host["ready_s"] = -86_400.0
            host["gone_s"] = math.inf
            host["draw"] = place
            saving = TABLE[PLACE[name]][SAVING] if spot else 0.0
            now = state["hosts_now"]
            now[..., int(spot)] += TYPES[name].usd_per_hour * (1.0 - saving)
            now[..., 2] += fee(name)
            now[..., 3] += float(np.ravel(record["disk_usd"])[0])
            state["nodes"] += 1
            state["total_mb"] += yarn_mb(name) if v else 0.0
            place += 1


def adjust(params: Params, record: Any, state: Any, cells: np.ndarray, setup: Setup) -> None:
    """What runs goes on, unless its step is declared no more or its container has another size."""
    scaling.renew(params.core_scaling, state["scale_core"])
    scaling.renew(params.task_scaling, state["scale_task"])
    state["row"] = -1
    state["host_due"] = -math.inf  # the nodes are counted anew
    entries = cells[:BLOCKS]
    gone = (entries["state"] > 0) & (entries["job"] >= len(params.steps))
    if int(single(state["laid"])) != places(params):
        resize(record, state, cells.copy(), cells)
    elif float(single(state["laid_mb"])) == containers(params)[0] and not gone.any():
        return
    state["laid_mb"] = containers(params)[0]
    entries["state"][gone] = 0
    entries["maps_run"] = entries["reds_run"] = 0.0
    entries["am_host"] = -1
    state["steps_running"] = float((entries["state"] == emr_cells.RUNNING).sum())
    state["steps_pending"] = float((entries["state"] == emr_cells.PENDING).sum())
    for name in ("used_mb", "yarn_mb", "am_mb"):
        state[name] = 0.0
    state["places"] = state["saturated"] = 0
    nodes = cells[ENTRIES + int(single(record["slots_n"])) :]
    nodes["used_memory"] = nodes["held"] = 0.0


def resize(record: Any, state: Any, old: np.ndarray, cells: np.ndarray) -> None:
    """Steps, blocks and nodes are carried over; a node without a cell is gone."""
    before, now = int(single(state["laid"])), int(single(record["slots_n"]))
    old = old.copy()
    cells[:] = np.zeros(1, cells.dtype)
    cells[:ENTRIES] = old[:ENTRIES]
    first = ENTRIES + now
    alive = old[ENTRIES + before :]
    alive = alive[alive["state"] > 0][: len(cells) - first]
    cells[first : first + len(alive)] = alive
    state["laid"] = now
    state["laid_mb"] = 0.0
