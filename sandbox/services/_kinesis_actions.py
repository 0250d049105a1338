"""What a person may do to the shards of a Kinesis stream, with AWS's limits."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from sandbox.services._kinesis_resharding import (
    ON_DEMAND,
    PROVISIONED,
    SPLIT_S,
    UPDATE_MOST,
    UPDATES_A_DAY,
    even,
    opened,
    plan,
)
from sandbox.services.params import Parameters, param

SWITCHES_A_DAY = 2  # Developer guide, Choose the capacity mode: changes of mode in any 24 h
DAY_S = 86_400.0


class UpdateShardCount(Parameters):
    target: int = param(
        8, "Shards to have; from half to double of the present number.", ge=1, le=20_000
    )


def update_shard_count(
    record: Any, state: Any, cells: Any, args: UpdateShardCount, t_s: float
) -> str:
    """UpdateShardCount with its limits; equal ranges of hash keys when it is done."""
    era, now = int(record["era"]), int(state["shards"])
    _provisioned(state)
    _idle(state)
    if not now <= 2 * args.target or not args.target <= 2 * now:
        raise ValueError(
            f"{args.target} is not from half to double of {now} shards; give "
            f"{-(-now // 2)} to {2 * now}"
        )
    if args.target == now:
        raise ValueError(f"the stream has {now} shards already")
    quota = int(record["quota"])
    most = quota if record["raised"] else min(UPDATE_MOST[era], quota)
    if args.target > most:
        raise ValueError(f"a stream can be updated to {most:,} shards at most")
    _room(record, args.target)
    count = _in_a_day(state["updates"], UPDATES_A_DAY[era], t_s, "be updated")
    takes = SPLIT_S * abs(args.target - now)
    plan(state, cells, even(args.target), t_s + takes)
    return (
        f"from {now} to {args.target} shards, in about {takes:,.0f} s "
        f"({count} of {UPDATES_A_DAY[era]} updates in 24 h)"
    )


class SplitShard(Parameters):
    shard: int = param(0, "The shard to split: its bar's number, from 0.", ge=0, le=19_999)
    at: float = param(
        0.5,
        "Where in its range of hash keys the second of the two begins; 0.5 is the middle.",
        unit="share",
        ge=0.01,
        le=0.99,
    )


def split_shard(record: Any, state: Any, cells: Any, args: SplitShard, t_s: float) -> str:
    """SplitShard: two shards take over the range of one."""
    _provisioned(state)
    _idle(state)
    shards = opened(state, cells, int(record["room"]))
    _there(shards, args.shard)
    if len(shards) >= record["quota"]:
        raise ValueError(f"the account's quota is {int(record['quota']):,} shards")
    _room(record, len(shards) + 1)
    starts = shards["start"]
    begin, end = float(starts[args.shard]), float(shards["end"][args.shard])
    middle = begin + args.at * (end - begin)
    plan(state, cells, np.insert(starts, args.shard + 1, middle), t_s + SPLIT_S)
    return f"shard {args.shard} is split in two, in about {SPLIT_S:,.0f} s"


class MergeShards(Parameters):
    shard: int = param(
        0, "The first of two neighbours, by its bar's number from 0.", ge=0, le=19_998
    )


def merge_shards(record: Any, state: Any, cells: Any, args: MergeShards, t_s: float) -> str:
    """MergeShards: one shard takes over the ranges of two neighbours."""
    _provisioned(state)
    _idle(state)
    shards = opened(state, cells, int(record["room"]))
    _there(shards, args.shard + 1)
    plan(state, cells, np.delete(shards["start"], args.shard + 1), t_s + SPLIT_S)
    return f"shards {args.shard} and {args.shard + 1} are merged, in about {SPLIT_S:,.0f} s"


class SwitchMode(Parameters):
    mode: Literal["provisioned", "on_demand"] = param("on_demand", "The capacity mode to have.")


def switch_mode(record: Any, state: Any, cells: Any, args: SwitchMode, t_s: float) -> str:
    """UpdateStreamMode: the shards stay as they are."""
    if record["era"] == 0:
        raise ValueError("on-demand mode came in November 2021; choose the current era")
    wanted = ON_DEMAND if args.mode == "on_demand" else PROVISIONED
    if wanted == state["mode"]:
        raise ValueError(f"the stream is in {args.mode.replace('_', '-')} mode already")
    _idle(state)
    count = _in_a_day(state["switches"], SWITCHES_A_DAY, t_s, "change its mode")
    state["mode"] = wanted
    return (
        f"{args.mode.replace('_', '-')} mode, with the {int(state['shards'])} shards it has "
        f"({count} of {SWITCHES_A_DAY} changes in 24 h)"
    )


def _provisioned(state: Any) -> None:
    if state["mode"] == ON_DEMAND:
        raise ValueError("the stream is in on-demand mode and scales itself; switch the mode first")


def _idle(state: Any) -> None:
    if state["pending"]:
        raise ValueError(
            f"the stream is being updated to {int(state['pending'])} shards; wait until "
            f"{float(state['ready_s']):,.0f} s"
        )


def _there(shards: Any, index: int) -> None:
    if index >= len(shards):
        raise ValueError(f"there is no shard {index}: the last is {len(shards) - 1}")


def _room(record: Any, shards: int) -> None:
    if shards > record["room"]:
        raise ValueError(
            f"this run has room for {int(record['room'])} shards; edit shard_count instead"
        )


def _in_a_day(times: Any, most: int, t_s: float, what: str) -> int:
    """Note one more change, or refuse it; how many there have been in 24 h with it."""
    recent = [u for u in times.tolist() if u > t_s - DAY_S]
    if len(recent) >= most:
        raise ValueError(
            f"a stream can {what} {most} times in 24 h; wait until {min(recent) + DAY_S:,.0f} s"
        )
    times[int(np.argmin(times))] = t_s
    return len(recent) + 1
