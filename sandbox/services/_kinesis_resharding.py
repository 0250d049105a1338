"""How the shards of a Kinesis stream change in number, and how the keys spread over them.

The cells are two halves: the open shards in one, in the other those of before the last change,
which take no more records but stay readable until all consumers have read them to the end.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.shard import mass_between
from sandbox.services._keys import masses_at
from sandbox.services._kinesis_readers import POINTS, READERS, owner
from sandbox.services.params import Parameters, param

LIMITS = "Kinesis Data Streams developer guide: Quotas and limits"
UPDATE = "Kinesis Data Streams API reference: UpdateShardCount"

QUOTA = (500, 20_000)  # LIMITS: shards of an account, in 2020 and now,
BIG = ("us-east-1", "us-west-2", "eu-west-1")  # … in these Regions,
QUOTA_ELSEWHERE = (200, 1_000)  # LIMITS: … and in the others (some of them have 6,000 now)
UPDATES_A_DAY = (2, 10)  # UPDATE: changes in any 24 h, in 2020 and now
UPDATE_MOST = (500, 10_000)  # UPDATE: shards of one stream after it, in 2020 and now
SPLIT_S = 30.0  # assumption (low confidence): one split or merge; UPDATE says "a few minutes"
PROVISIONED, ON_DEMAND = range(2)


@compiled
def reshard(p, s, cells, tick):
    """Open the shards that were planned and close those whose ranges they take over.

    What was not read yet stays in the closed ones; a shard whose range stays goes on as it is.
    """
    move_on(p, s, cells)
    first, new = s.half * p.room, (1 - s.half) * p.room
    x = 0
    for i in range(s.pending):
        c = cells[new + i]
        c.start = cells[i].next
        c.end = cells[i + 1].next if i + 1 < s.pending else 1.0
        c.base = _mass(tick.table, c.start, c.end)
        while x + 1 < s.shards and cells[first + x].start < c.start:
            x += 1
        old = cells[first + x]
        if old.start == c.start and old.end == c.end:
            _carry(old, c)
            old.end = -1.0
    closed = 0
    for x in range(s.shards):
        old = cells[first + x]
        old.arrivals = old.throttled = old.accepted = old.share = 0.0
        if old.end >= 0.0:
            into = cells[first + closed]
            into.start, into.end = old.start, old.end
            _carry(old, into)
            closed += 1
    s.closed, s.shards, s.pending = closed, s.pending, 0
    s.half = 1 - s.half
    s.hot_at = owner(cells, new, s.shards, p.hot_place)
    heat(p, s, cells)


@inlined
def _mass(table, start, end):
    """The share of the traffic of the keys in a range; `table` is `_keys.ring`."""
    n = (table.size - 2) // 2
    keyed = mass_between(table[:n], table[n : 2 * n + 1], start, end)
    return keyed + table[2 * n + 1] * (end - start)


@compiled
def _carry(old, into):
    """The records of one cell, written and unread, into another."""
    into.total = old.total
    for j in range(READERS):
        into.held[j] = old.held[j]
        into.sent[j] = old.sent[j]
    for k in range(POINTS):
        into.log[k] = old.log[k]


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
        old = cells[other + y]
        first = s.half * p.room
        c = cells[first + owner(cells, first, s.shards, 0.5 * (old.start + old.end))]
        for j in range(READERS):
            c.held[j] += old.held[j]
    for y in range(p.room):
        c = cells[other + y]
        c.share = c.base = c.arrivals = c.throttled = c.accepted = c.total = c.wanted = 0.0
        for j in range(READERS):
            c.held[j] = c.sent[j] = 0.0
        for k in range(POINTS):
            c.log[k] = 0.0
    s.closed = 0


def even(shards: int) -> np.ndarray:
    """Where on the ring 0 … 1 so many equal ranges begin."""
    return np.arange(shards) / shards


def opened(state: Any, cells: Any, room: int) -> Any:
    """The cells of the open shards."""
    first = int(state["half"]) * room
    return cells[first : first + int(state["shards"])]


def spread(record: Any, state: Any, cells: Any) -> None:
    """Give the open shards their shares of the keys."""
    shards = opened(state, cells, int(record["room"]))
    hot_at = int(np.searchsorted(shards["start"], float(record["hot_place"]), "right")) - 1
    base = masses_at(shards["start"], int(record["key_count"]), float(record["key_skew"]))
    hot = 1.0 - (1.0 - float(state["hot_share"])) * (1.0 - float(state["hot_fault"]))
    shards["base"] = base
    shards["share"] = base * (1.0 - hot)
    shards["share"][hot_at] += hot
    state["hot_at"] = hot_at


def plan(state: Any, cells: Any, starts: np.ndarray, ready_s: float) -> None:
    """Let the law go over to shards whose ranges begin there, at a time."""
    state["pending"], state["ready_s"] = len(starts), ready_s
    cells["next"][: len(starts)] = starts


def resize(record: Any, state: Any, old: Any, cells: Any) -> None:
    """Both halves into halves of another length; what does not fit goes to the last shard."""
    was, room = len(old) // 2, len(cells) // 2
    fits = min(was, room)
    for begin, to in ((0, 0), (was, room)):
        cells[to : to + fits] = old[begin : begin + fits]
        for field in ("held", "base"):
            cells[field][to + fits - 1] += old[field][begin + fits : begin + was].sum(axis=0)
        if fits < was and cells["end"][to + fits - 1] > 0.0:
            cells["end"][to + fits - 1] = 1.0
    state["shards"] = min(state["shards"], room)
    state["closed"] = min(state["closed"], room)
    state["pending"] = min(state["pending"], room)


class HotKey(Parameters):
    share: float = param(
        0.3, "Share of the records that carry one key; 0 ends it.", unit="share", ge=0, le=1
    )


def hot_key(record: Any, state: Any, cells: Any, args: HotKey, t_s: float) -> str:
    state["hot_share"] = args.share
    state["changed"] = 1
    spread(record, state, cells)
    return f"{args.share:.0%} of the records carry one key, of shard {int(state['hot_at'])}"
