"""A stream before and between its ticks: what its parameters come to, and edits on the way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np

from sandbox.kernels.random import key_of
from sandbox.services._keys import HOT as HOT_NAME
from sandbox.services._keys import place_of, ring
from sandbox.services._kinesis_on_demand import ROOM as ROOM_ON_DEMAND
from sandbox.services._kinesis_params import RECORD_KB, RETENTION_H, Params
from sandbox.services._kinesis_readers import FAN_OUT_S, GET_S, POLLS_PER_S, READERS
from sandbox.services._kinesis_resharding import (
    BIG,
    ON_DEMAND,
    PROVISIONED,
    QUOTA,
    QUOTA_ELSEWHERE,
    even,
    plan,
    spread,
)
from sandbox.services.contract import Setup
from sandbox.services.law import ERAS

ROOM = 32  # shards for which a run keeps room, or four times what it starts with


class Derived:
    room: int
    era: int
    quota: int
    raised: int  # whether the quota is one that was asked for
    starts_on_demand: int
    shards: int
    hot_place: float
    largest_kb: float
    retention_s: float
    readers: int
    fan_outs: int
    polls_refused: float  # GetRecords calls/s of each shard
    fan_out: Annotated[object, ("i8", (READERS,))]
    delay_s: Annotated[object, ("f8", (READERS,))]
    poll_s: Annotated[object, ("f8", (READERS,))]


def prepare(params: Params, record: Any, setup: Setup) -> Any:
    """Quotas of the era and Region, how each consumer reads, and the keys as a table."""
    era = ERAS.index(setup.era)
    quota = _quota(params, setup)
    record["era"] = era
    record["quota"] = quota
    record["raised"] = params.shard_quota is not None
    record["starts_on_demand"] = _on_demand(params, setup)
    record["hot_place"] = place_of(HOT_NAME)
    record["largest_kb"] = RECORD_KB if setup.era == "2020" else params.max_record_kib
    record["shards"] = min(params.shard_count, quota)
    record["room"] = cells_count(params, setup) // 2
    record["retention_s"] = 3600.0 * min(params.retention_hours, RETENTION_H[era])
    pulls = [out for out in setup.outs[:READERS] if out.mode == "pull"]
    shared = [out for out in pulls if not out.params["enhanced_fan_out"]]
    polls = sum(1.0 / out.params["poll_interval_s"] for out in shared)
    record["readers"] = len(pulls)
    record["fan_outs"] = len(pulls) - len(shared)
    record["polls_refused"] = max(0.0, polls - POLLS_PER_S)
    for j, out in enumerate(setup.outs[:READERS]):
        if out.mode != "pull":
            continue
        fan_out = bool(out.params["enhanced_fan_out"])
        # a poll finds what came since the last one: half an interval old in the mean
        interval = out.params["poll_interval_s"] * max(1.0, polls / POLLS_PER_S)
        record["fan_out"][j] = fan_out
        record["delay_s"][j] = FAN_OUT_S if fan_out else 0.5 * interval + GET_S
        record["poll_s"][j] = interval
    return ring(params.key_count, params.key_skew)


def _quota(params: Params, setup: Setup) -> int:
    """Shards that the account may have."""
    if params.shard_quota is not None:
        return params.shard_quota
    return (QUOTA if setup.region in BIG else QUOTA_ELSEWHERE)[ERAS.index(setup.era)]


def _on_demand(params: Params, setup: Setup) -> bool:
    return params.capacity_mode == "on_demand" and setup.era != "2020"


def cells_count(params: Params, setup: Setup) -> int:
    """Two halves: the shards, and those of before the last change until they are read."""
    least = ROOM_ON_DEMAND if _on_demand(params, setup) else ROOM
    return 2 * min(_quota(params, setup), max(least, 4 * params.shard_count))


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    state["shards"] = state["wanted_shards"] = record["shards"]
    state["hot_share"] = state["wanted_hot"] = params.hot_key_share
    state["mode"] = state["wanted_mode"] = _mode(record)
    state["updates"][:] = state["switches"][:] = -math.inf
    state["busy_from"] = -1.0
    state["ready_s"] = 0.0
    n = int(record["shards"])
    cells["start"][:n] = even(n)
    cells["end"][:n] = np.append(even(n)[1:], 1.0)
    state["changed"] = 1
    spread(record, state, cells)
    state["names"][:] = _names(setup)


def _mode(record: Any) -> int:
    return ON_DEMAND if record["starts_on_demand"] else PROVISIONED


def adjust(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    """Fit a running stream to edited parameters and links; what a person did since stays."""
    if state["wanted_hot"] != params.hot_key_share:
        state["hot_share"] = state["wanted_hot"] = params.hot_key_share
    spread(record, state, cells)
    if state["wanted_shards"] != record["shards"]:
        state["wanted_shards"] = record["shards"]
        plan(state, cells, even(int(record["shards"])), 0.0)
    if state["wanted_mode"] != _mode(record):
        state["mode"] = state["wanted_mode"] = _mode(record)
    state["changed"] = 1
    names = _names(setup)
    before = state["names"].tolist()
    for field in ("held", "sent"):
        old = cells[field].copy()
        cells[field] = 0.0
        for j, name in enumerate(names):
            if name and name in before:
                cells[field][:, j] = old[:, before.index(name)]
    state["names"][:] = names


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """What of the parameters AWS would refuse."""
    era = ERAS.index(setup.era)
    found = []
    if params.capacity_mode == "on_demand" and setup.era == "2020":
        text = "On-demand mode came in November 2021; the stream is in provisioned mode"
        found.append((0.0, "quota", text))
    if params.max_record_kib > RECORD_KB and setup.era == "2020":
        found.append((0.0, "quota", "A record had 1 MB at most in 2020"))
    if params.shard_count > _quota(params, setup):
        text = (
            f"The account's quota in {setup.region} is {_quota(params, setup):,} shards, so the "
            "stream has no more than that; ask AWS for more and set shard_quota"
        )
        found.append((0.0, "quota", text))
    if params.retention_hours > RETENTION_H[era]:
        text = f"Records are kept for {RETENTION_H[era]:,.0f} h at most"
        found.append((0.0, "quota", text))
    if len(setup.outs) > READERS:
        found.append((0.0, "quota", f"Only the first {READERS} consumers read"))
    return found


def _names(setup: Setup) -> list[int]:
    names = [key_of(f"{out.other} {out.other_port}") for out in setup.outs[:READERS]]
    return names + [0] * (READERS - len(names))
