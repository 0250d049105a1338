"""The nodes of an ElastiCache cluster: types, and the clocks of their loss and replacement.

A shard is a primary with its replicas.  A primary that is lost is followed by a replica after the
failover's time, or, where there is none, by a new and empty node.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple, get_args

from sandbox.kernels.compiled import compiled
from sandbox.kernels.random import uniform
from sandbox.services.contract import EventKind
from sandbox.services.law import (
    KILL_COUNT,
    KILL_INSTANCES,
    ZONE_OUTAGE,
    emit,
    struck_now,
)

PRICING = "https://aws.amazon.com/elasticache/pricing/"
FAILOVER = "ElastiCache for Redis User Guide: Minimizing downtime with Multi-AZ"
FAILOVER_S = (15.0, 60.0)  # assumption (low confidence): detection and promotion together
REPLACED_S = 300.0  # assumption (low confidence): a lost node is replaced within minutes


class NodeType(NamedTuple):
    """Memory in GiB and price by PRICING; baseline network as that of the EC2 type, Gbit/s."""

    vcpus: int
    memory_gib: float
    gbit_per_s: float
    usd_per_hour: float
    ops_per_s: float


# requests/s of one thread: T3 by the AWS Database Blog's advice on right-sizing (at most 20,000),
# others by a benchmark of GET there (58,000); neither is a limit that AWS states
SMALL_OPS, LARGE_OPS = 20_000.0, 58_000.0
TYPES: dict[str, NodeType] = {
    "cache.t3.micro": NodeType(2, 0.5, 0.064, 0.017, SMALL_OPS),
    "cache.t3.small": NodeType(2, 1.37, 0.128, 0.034, SMALL_OPS),
    "cache.t3.medium": NodeType(2, 3.09, 0.256, 0.068, SMALL_OPS),
    "cache.m4.large": NodeType(2, 6.42, 0.45, 0.156, LARGE_OPS),
    "cache.m5.large": NodeType(2, 6.38, 0.75, 0.156, LARGE_OPS),
    "cache.r5.large": NodeType(2, 13.07, 0.75, 0.216, LARGE_OPS),
    "cache.r5.xlarge": NodeType(4, 26.32, 1.25, 0.431, LARGE_OPS),
}
Name = Literal[
    "cache.t3.micro",
    "cache.t3.small",
    "cache.t3.medium",
    "cache.m4.large",
    "cache.m5.large",
    "cache.r5.large",
    "cache.r5.xlarge",
]
assert get_args(Name) == tuple(TYPES)

FREE, FAILING_OVER, REPLACING = range(3)
OUTAGES = 16


class Outage:
    """A cell: shards without a primary, or nodes that are missing, until a clock rings."""

    kind: int
    since_s: float
    until_s: float
    shards: float  # without a primary
    nodes: float  # missing


class Nodes:
    """What the state says of the nodes."""

    down: float  # shards without a primary
    missing: float  # nodes
    nodes_up: float
    losses: int
    unsafe: float  # writes acknowledged by primaries that are lost, and not copied
    lost_writes: float


EVENTS = (
    EventKind(
        "failover",
        "The primary of {0:,.0f} of {1:,.0f} shards is lost: a replica takes over in {2:.0f} s, "
        "until then its keys "
        "cannot be written, nor read but from replicas",
        "warning",
    ),
    EventKind(
        "promoted",
        "A replica was promoted in {0:,.0f} shards after {1:.0f} s; {2:,.0f} writes that had been "
        "acknowledged were not copied yet, and are lost",
    ),
    EventKind(
        "shards_lost",
        "{0:,.0f} of {1:,.0f} shards are lost with their keys, without a replica to follow: new, "
        "empty nodes in {2:.0f} s",
        "error",
    ),
    EventKind("replaced", "{0:,.0f} nodes were replaced after {1:.0f} s"),
    EventKind("cold_shards", "{0:,.0f} of {1:,.0f} shards are back, and empty", "warning"),
)
LOST_PRIMARY, PROMOTED, LOST_SHARDS, REPLACED, COLD = range(5)


@compiled
def strike(p, s, io, cells, tick, writes):
    """Nodes stop in this tick: primaries first, each of another shard.

    Returns the shards that lose their primary now.
    """
    if not struck_now(io):
        return 0.0
    alive = s.nodes_up
    lost = io.struck[KILL_INSTANCES] * alive + io.struck[KILL_COUNT]
    if io.struck[ZONE_OUTAGE] > 0.0:
        before = 1.0 - max(0.0, io.fault[ZONE_OUTAGE] - io.struck[ZONE_OUTAGE])
        lost = max(lost, alive * min(1.0, io.struck[ZONE_OUTAGE] / before))
    lost = min(alive, math.ceil(lost - 1e-9))
    if lost <= 0.0:
        return 0.0
    up = p.shards - s.down
    primaries = min(up, lost)
    # a shard is gone with all its nodes; else a replica follows its primary
    gone = primaries
    if p.replicas > 0 and lost < alive - 1e-9:
        gone = min(primaries, math.floor((lost - primaries) / p.replicas + 1e-9))
    following = primaries - gone
    with_them = min(lost, gone * (1.0 + p.replicas))
    s.losses += 1
    least, most = FAILOVER_S
    drawn = uniform(tick.seed, tick.key, s.losses)
    takes = least + (most - least) * drawn
    if following > 0.0:
        emit(tick, LOST_PRIMARY, following, p.shards, takes, 0.0, 0.0, 0.0)
        s.unsafe += writes * following / p.shards * p.replication_lag_ms * 1e-3
        _note(cells, FAILING_OVER, tick.t, takes, following, 0.0)
    if gone > 0.0:
        emit(tick, LOST_SHARDS, gone, p.shards, REPLACED_S, 0.0, 0.0, 0.0)
        _note(cells, REPLACING, tick.t, REPLACED_S, gone, with_them)
    if lost > with_them:
        _note(cells, REPLACING, tick.t, REPLACED_S, 0.0, lost - with_them)
    _count(p, s, cells)
    return primaries


@compiled
def _note(cells, kind, t, takes, shards, nodes):
    for i in range(cells.shape[0]):
        cell = cells[i]
        if cell.kind == FREE or i == cells.shape[0] - 1:
            if cell.kind != FREE:  # no room: it joins the last one
                shards += cell.shards
                nodes += cell.nodes
            cell.kind, cell.since_s, cell.until_s = kind, t, t + takes
            cell.shards, cell.nodes = shards, nodes
            return


@compiled
def recover(p, s, io, cells, tick):
    """Let due clocks ring; the share of the keys whose shards come back empty."""
    now = tick.t + 1e-6
    cold = s.lost_writes = 0.0
    rang = False
    if io.fault[ZONE_OUTAGE] >= 1.0 - 1e-9:
        return 0.0  # there is no zone to come back in
    for i in range(cells.shape[0]):
        cell = cells[i]
        if cell.kind == FREE or cell.until_s > now:
            continue
        rang = True
        took = now - cell.since_s
        if cell.kind == FAILING_OVER:
            emit(tick, PROMOTED, cell.shards, took, s.unsafe, 0.0, 0.0, 0.0)
            s.lost_writes = s.unsafe / tick.dt
            s.unsafe = 0.0
        else:
            emit(tick, REPLACED, cell.nodes, took, 0.0, 0.0, 0.0, 0.0)
            if cell.shards > 0.0:
                emit(tick, COLD, cell.shards, p.shards, 0.0, 0.0, 0.0, 0.0)
                cold += cell.shards / p.shards
        cell.kind = FREE
        cell.shards = cell.nodes = 0.0
    if rang:
        _count(p, s, cells)
    return cold


@compiled
def _count(p, s, cells):
    s.down = s.missing = 0.0
    for i in range(cells.shape[0]):
        if cells[i].kind != FREE:
            s.down += cells[i].shards
            s.missing += cells[i].nodes
    s.down = min(s.down, p.shards)
    s.nodes_up = max(0.0, p.shards * (1.0 + p.replicas) - s.missing)
