"""How the shards of a Kinesis stream change in number, and how the keys spread over them.

The cells are two halves: the open shards in one, in the other those of before the last change,
which take no more records but stay readable until all consumers have read them to the end.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.kernels.compiled import compiled
from sandbox.services._keys import HOT, masses, range_of
from sandbox.services._kinesis_readers import POINTS, READERS
from sandbox.services.params import Parameters, param

LIMITS = "Kinesis Data Streams developer guide: Quotas and limits"
UPDATE = "Kinesis Data Streams API reference: UpdateShardCount"

QUOTA = (500, 20_000)  # LIMITS: shards of an account in us-east-1, in 2020 and now
UPDATES_A_DAY = (2, 10)  # UPDATE: changes in any 24 h, in 2020 and now
UPDATE_MOST = (500, 10_000)  # UPDATE: shards of one stream after it, in 2020 and now
SPLIT_S = 30.0  # assumption (low confidence): one split or merge; UPDATE says "a few minutes"


@compiled
def reshard(p, s, cells):
    """Close the shards and open the new ones; what was not read yet stays in the old ones."""
    move_on(p, s, cells)
    s.closed, s.shards, s.pending = s.shards, s.pending, 0
    s.half = 1 - s.half
    s.hot_at = s.hot_next
    s.changed = 1
    first = s.half * p.room
    for x in range(s.closed):
        old = cells[(1 - s.half) * p.room + x]
        old.arrivals = old.throttled = old.accepted = old.share = 0.0
    for i in range(s.shards):
        cells[first + i].base = cells[i].next
    heat(p, s, cells)


@compiled
def heat(p, s, cells):
    """Give the open shards their shares: those of their keys, and the one hot key's."""
    first = s.half * p.room
    hot = 1.0 - (1.0 - s.hot_share) * (1.0 - s.hot_fault)
    for i in range(s.shards):
        cells[first + i].share = cells[first + i].base * (1.0 - hot)
    cells[first + s.hot_at].share += hot
    s.changed = 1


@compiled
def move_on(p, s, cells):
    """Before the shards change again: what the closed ones still hold goes to the open ones.

    Exact in amount; its age is then taken for the oldest of the log.
    """
    other = (1 - s.half) * p.room
    for y in range(s.closed):
        c = cells[s.half * p.room + y * s.shards // s.closed]
        for j in range(READERS):
            c.held[j] += cells[other + y].held[j]
    for y in range(p.room):
        c = cells[other + y]
        c.share = c.base = c.arrivals = c.throttled = c.accepted = c.total = c.wanted = 0.0
        for j in range(READERS):
            c.held[j] = c.sent[j] = 0.0
        for k in range(POINTS):
            c.log[k] = 0.0
    s.closed = 0


def spread(record: Any, state: Any, cells: Any) -> None:
    """Give the open shards their shares of the keys."""
    shards, first = int(state["shards"]), int(state["half"]) * int(record["room"])
    state["hot_at"] = range_of(HOT, shards)
    base = masses(shards, int(record["key_count"]), float(record["key_skew"]))
    hot = 1.0 - (1.0 - float(state["hot_share"])) * (1.0 - float(state["hot_fault"]))
    cells["base"][first : first + shards] = base
    cells["share"][first : first + shards] = base * (1.0 - hot)
    cells["share"][first + int(state["hot_at"])] += hot
    if state["pending"]:
        plan(record, state, cells, int(state["pending"]), float(state["ready_s"]))


def plan(record: Any, state: Any, cells: Any, shards: int, ready_s: float) -> None:
    """Let the law go over to so many shards at a time."""
    state["pending"], state["ready_s"] = shards, ready_s
    state["hot_next"] = range_of(HOT, shards)
    cells["next"][:shards] = masses(shards, int(record["key_count"]), float(record["key_skew"]))


def resize(record: Any, state: Any, old: Any, cells: Any) -> None:
    """Both halves into halves of another length; what does not fit goes to the last shard."""
    was, room = len(old) // 2, len(cells) // 2
    fits = min(was, room)
    for begin, to in ((0, 0), (was, room)):
        cells[to : to + fits] = old[begin : begin + fits]
        for field in ("held", "base", "next"):
            cells[field][to + fits - 1] += old[field][begin + fits : begin + was].sum(axis=0)
    state["shards"] = min(state["shards"], room)
    state["closed"] = min(state["closed"], room)
    state["pending"] = min(state["pending"], room)


class UpdateShardCount(Parameters):
    target: int = param(
        8, "Shards to have; from half to double of the present number.", ge=1, le=20_000
    )


def update_shard_count(
    record: Any, state: Any, cells: Any, args: UpdateShardCount, t_s: float
) -> str:
    """UpdateShardCount with its limits; equal ranges of hash keys when it is done."""
    era, now = int(record["era"]), int(state["shards"])
    if state["pending"]:
        raise ValueError(
            f"the stream is being updated to {int(state['pending'])} shards; wait until "
            f"{float(state['ready_s']):,.0f} s"
        )
    if not now <= 2 * args.target or not args.target <= 2 * now:
        raise ValueError(
            f"{args.target} is not from half to double of {now} shards; give "
            f"{-(-now // 2)} to {2 * now}"
        )
    if args.target == now:
        raise ValueError(f"the stream has {now} shards already")
    most = min(UPDATE_MOST[era], int(record["quota"]))
    if args.target > most:
        raise ValueError(f"a stream can be updated to {most:,} shards at most")
    if args.target > record["room"]:
        raise ValueError(
            f"this run has room for {int(record['room'])} shards; edit shard_count instead"
        )
    recent = [u for u in state["updates"].tolist() if u > t_s - 86_400.0]
    if len(recent) >= UPDATES_A_DAY[era]:
        raise ValueError(
            f"a stream can be updated {UPDATES_A_DAY[era]} times in 24 h; wait until "
            f"{min(recent) + 86_400.0:,.0f} s"
        )
    state["updates"][int(np.argmin(state["updates"]))] = t_s
    takes = SPLIT_S * abs(args.target - now)
    plan(record, state, cells, args.target, t_s + takes)
    return (
        f"from {now} to {args.target} shards, in about {takes:,.0f} s "
        f"({len(recent) + 1} of {UPDATES_A_DAY[era]} updates in 24 h)"
    )


class HotKey(Parameters):
    share: float = param(
        0.3, "Share of the records that carry one key; 0 ends it.", unit="share", ge=0, le=1
    )


def hot_key(record: Any, state: Any, cells: Any, args: HotKey, t_s: float) -> str:
    state["hot_share"] = args.share
    state["changed"] = 1
    spread(record, state, cells)
    return f"{args.share:.0%} of the records carry one key, of shard {int(state['hot_at'])}"
