"""A table before and between its ticks: what its parameters come to, and edits on the way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np

from sandbox.services import _application_scaling as scaling
from sandbox.services import _dynamodb_growth as growth
from sandbox.services import _dynamodb_indexes as indexes
from sandbox.services._dynamodb_capacity import NEW_READS, NEW_WRITES
from sandbox.services._dynamodb_indexes import Indexed
from sandbox.services._dynamodb_params import Params
from sandbox.services._dynamodb_partitions import PARTITION_GB, lay_out, partitions, ranges
from sandbox.services._dynamodb_scaling import targets
from sandbox.services._dynamodb_stream import Streaming, readers
from sandbox.services._keys import HOT as HOT_KEY
from sandbox.services._keys import masses, population, range_of
from sandbox.services._scheduled_actions import ROW
from sandbox.services._scheduled_actions import table as schedule_table
from sandbox.services.contract import Setup
from sandbox.services.law import ERA_2020, ERAS
from sandbox.services.params import fill

NO_ROWS = np.zeros(0)


class Derived(Indexed, Streaming):
    era: int
    starts_on_demand: int
    partitions: int  # at the start
    room: int  # so many fine ranges are in the table, and partitions in cells
    hot_at: int  # the fine range of the hot key
    top_key: float  # of what is stored, the share of one partition key
    collections_split: int  # whether the items of one key may lie in several partitions
    isolates: int  # whether a partition that stays hot is split
    scales_in_at_zero: int
    ttl_s: float
    read_max: float  # the on-demand maximum that the owner has set
    write_max: float
    account_reads: float  # what the account's quota leaves to this table
    account_writes: float
    index_top: Annotated[object, ("f8", (indexes.GLOBAL_MOST,))]
    epoch: float
    first_reads: float  # units/s that the table serves at the start
    first_writes: float
    schedule_at: int  # where in the table the schedules begin, of reads, then of writes
    read_actions: int
    write_actions: int


def _provisioned(params: Params) -> tuple[float, float]:
    """Units/s that a table and its indexes are given, for the account's quota."""
    if params.capacity_mode != "provisioned":
        return 0.0, 0.0
    reads = params.read_capacity_units + sum(i.read_capacity_units for i in params.indexes)
    writes = params.write_capacity_units + sum(i.write_capacity_units for i in params.indexes)
    return float(reads), float(writes)


_reckoned: tuple[Any, dict[str, np.ndarray], np.ndarray] = ((), {}, np.zeros(2))


def _claims(fellows: Sequence[tuple[str, Any]], node: str) -> tuple[np.ndarray, np.ndarray]:
    """Units/s provisioned by the tables before a node, and by all; reckoned once for all tables."""
    global _reckoned
    told, before, everything = _reckoned
    if told is not fellows:
        before, everything = {}, np.zeros(2)
        for name, table in fellows:
            before[name] = everything
            everything = everything + _provisioned(table)
        _reckoned = (fellows, before, everything)
    return before.get(node, everything), everything


def _left(params: Params, setup: Setup) -> tuple[float, float]:
    """What the account's quota leaves to this table: the first in the diagram are served first."""
    own = np.array(_provisioned(params))
    first, everything = _claims(setup.fellows, setup.node)
    rest = everything - first - own
    quota_units = float(params.account_quota_units)
    gsi = own - (params.read_capacity_units, params.write_capacity_units) if own.any() else 0.0
    free = quota_units - first - gsi
    # at the start it goes before those after it; of what is then left it may ask for more
    at_once = np.minimum(free, own - gsi)
    left = np.maximum(at_once, free - rest)
    return max(1.0, float(left[0])), max(1.0, float(left[1]))


def _first(params: Params, setup: Setup) -> tuple[float, float]:
    """Units/s that the table serves at the start."""
    most = float(params.table_quota_units)
    if params.capacity_mode == "provisioned":
        reads, writes = _left(params, setup)
        return (
            min(params.read_capacity_units, most, reads),
            min(params.write_capacity_units, most, writes),
        )
    warm = setup.era != "2020"
    reads = max(NEW_READS, (params.warm_read_units or 0) if warm else 0)
    writes = max(NEW_WRITES, (params.warm_write_units or 0) if warm else 0)
    return min(reads, most), min(writes, most)


def _at_start(params: Params, setup: Setup) -> int:
    reads, writes = _first(params, setup)
    return partitions(reads, writes, params.storage_gb, params.capacity_mode == "on_demand")


def _room(params: Params, setup: Setup) -> int:
    most = partitions(params.table_quota_units, params.table_quota_units, 0.0)
    return ranges(_at_start(params, setup), most)


def cells_count(params: Params, setup: Setup) -> int:
    """Partitions, with room to split, then the global indexes."""
    return _room(params, setup) + len(params.indexes)


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    """The table is the share of the traffic on each of the finest ranges, then the schedules."""
    room = _room(params, setup)
    old = ERAS.index(setup.era) == ERA_2020
    record["era"] = ERAS.index(setup.era)
    record["room"] = room
    record["starts_on_demand"] = params.capacity_mode == "on_demand"
    record["partitions"] = _at_start(params, setup)
    record["hot_at"] = range_of(HOT_KEY, room)
    record["epoch"] = setup.start_epoch
    record["first_reads"], record["first_writes"] = _first(params, setup)
    record["account_reads"], record["account_writes"] = _left(params, setup)
    record["ttl_s"] = 3600.0 * (params.time_to_live_h or 0.0)
    record["read_max"] = math.inf if old else params.max_read_request_units or math.inf
    record["write_max"] = math.inf if old else params.max_write_request_units or math.inf
    record["scales_in_at_zero"] = params.zero_consumption_scales_in and not old
    readers(record, setup)
    # by 2023's documentation not for a provisioned table with a stream
    kept = old and record["readers"] > 0 and params.capacity_mode == "provisioned"
    record["isolates"] = params.adaptive_capacity and not kept
    spread = params.sort_key == "spread" and params.local_indexes == 0
    record["collections_split"] = bool(record["isolates"]) and spread
    top = float(population(params.key_count, params.key_skew)[1][0])
    record["top_key"] = max(top * (1.0 - params.hot_key_share), params.hot_key_share)
    record["index_gb"] = 0.0
    for i, index in enumerate(params.indexes):
        record["index_top"][i] = indexes.tops(index, indexes.partitions_of(index))
        if index.projected_kb is not None and params.item_kb:
            record["index_gb"] += index.projected_kb / params.item_kb
        else:
            record["index_gb"] += 1.0
    keys = masses(room, params.key_count, params.key_skew)
    schedules = []
    for side, target in zip(("read", "write"), targets(params, setup), strict=True):
        scales = target is not None and params.capacity_mode == "provisioned"
        record[f"{side}_scaling_n"] = scales
        rows = schedule_table(target.scheduled_actions, setup) if target and scales else NO_ROWS
        record[f"{side}_actions"] = len(rows) // ROW
        schedules.append(rows)
        if target is not None and target is not getattr(params, f"{side}_scaling"):
            fill(record[f"{side}_scaling"], target)
    record["schedule_at"] = len(keys)
    return np.concatenate([keys, *schedules])


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    state["base_reads_s"] = state["base_writes_s"] = state["decrease_s"] = -math.inf
    state["switched_s"][:] = -math.inf
    state["decrease_day"] = -1
    for side, target in zip(("read", "write"), targets(params, setup), strict=True):
        scaling.start(target, state[f"{side}_scale"])
    adjust(params, record, state, cells, setup, fresh=True)


def resize(record: Any, state: Any, old_cells: np.ndarray, cells: np.ndarray) -> None:
    """Keep the partitions where there is as much room as before; `adjust` lays others out."""
    before, room = int(state["laid_room"]), int(record["room"])
    kept = min(before, room)
    cells[:kept] = old_cells[:kept]
    state["shards"] = min(int(state["shards"]), kept)
    count = min(len(old_cells) - before, len(cells) - room)
    if count > 0:
        cells[room : room + count] = old_cells[before : before + count]


def adjust(
    params: Params, record: Any, state: Any, cells: Any, setup: Setup, fresh: bool = False
) -> None:
    """Fit a running table to edited parameters at once; what a person did since stays."""
    mode = int(record["capacity_mode"])
    wanted = (params.read_capacity_units, params.write_capacity_units, mode)
    before = (state["wanted_reads"], state["wanted_writes"], state["wanted_mode"])
    if fresh or wanted != tuple(int(x) for x in before):
        state["wanted_reads"], state["wanted_writes"], state["wanted_mode"] = wanted
        state["on_demand"] = record["starts_on_demand"]
        state["reads_limit"] = record["first_reads"]
        state["writes_limit"] = record["first_writes"]
        state["peak_reads"] = 0.5 * record["first_reads"]
        state["peak_writes"] = 0.5 * record["first_writes"]
        state["pending"] = 0
    if fresh or state["wanted_gb"] != params.storage_gb:
        state["gb"] = state["wanted_gb"] = params.storage_gb
        state["fullest"] = PARTITION_GB  # to be looked at
        state["wanted_partitions"] = -1
        growth.start(record, state)
    state["collection_gb"] = state["gb"] * record["top_key"]
    moved = state["laid_room"] != record["room"]
    if fresh or moved or state["wanted_partitions"] != record["partitions"]:
        lay_out(record, state, cells)
        state["wanted_partitions"] = record["partitions"]
    if fresh or state["wanted_hot"] != params.hot_key_share:
        state["hot_share"] = state["wanted_hot"] = params.hot_key_share
    _adjust_indexes(params, record, state, cells)
    state["changed"] = 1
    for side, target in zip(("read", "write"), targets(params, setup), strict=True):
        scaling.renew(target, state[f"{side}_scale"])


def _adjust_indexes(params: Params, record: Any, state: Any, cells: Any) -> None:
    limits = [(float(i.read_capacity_units), float(i.write_capacity_units)) for i in params.indexes]
    if state["on_demand"]:
        limits = [(NEW_READS, NEW_WRITES)] * len(params.indexes)
    wanted = np.zeros(2 * indexes.GLOBAL_MOST)
    wanted[: 2 * len(limits)] = np.array(limits).ravel()
    if not np.array_equal(wanted, state["laid_indexes"]):
        state["laid_indexes"][:] = wanted
        indexes.lay_out(record, state, cells, limits)


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """What of the parameters AWS would refuse."""
    most = params.table_quota_units
    found = []
    pulls = sum(out.mode == "pull" for out in setup.outs)
    if pulls > 2:
        text = f"{pulls} consumers read the stream where two may read a shard: they wait in turn"
        found.append((0.0, "quota", text))
    if params.capacity_mode == "provisioned":
        asked = max(params.read_capacity_units, params.write_capacity_units)
        reads, writes = _left(params, setup)
        if asked <= most and (
            params.read_capacity_units > reads or params.write_capacity_units > writes
        ):
            text = f"The account's quota of {params.account_quota_units:,} units a second leaves "
            found.append((0.0, "quota", f"{text}{reads:,.0f} read and {writes:,.0f} write units"))
    else:
        asked = max(params.warm_read_units or 0, params.warm_write_units or 0)
        if asked and ERAS.index(setup.era) == ERA_2020:
            text = "Warm throughput came in 2024; the table starts as a new one"
            return [*found, (0.0, "quota", text)]
    if asked > most:
        text = f"The table's quota is {most:,} units a second; it gets no more"
        found.append((0.0, "quota", text))
    return found
