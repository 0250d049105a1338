"""The instances of a database: a writer and its replicas, and the clocks of their loss."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.random import uniform
from sandbox.services.contract import EventKind
from sandbox.services.law import (
    KILL_COUNT,
    KILL_INSTANCES,
    ZONE_OUTAGE,
    emit,
    struck_now,
)

MULTI_AZ = "Amazon RDS User Guide: Failing over a Multi-AZ DB instance"
CLUSTER = "Amazon RDS User Guide: Multi-AZ DB cluster deployments"
AURORA = "Amazon Aurora User Guide: High availability for Amazon Aurora"
PROXY = "Amazon RDS User Guide: RDS Proxy, failover"
STANDBY_S = (60.0, 120.0)  # MULTI_AZ: typical failover times
CLUSTER_S = (15.0, 35.0)  # CLUSTER: typically under 35 s; the least is an assumption
AURORA_S = (15.0, 45.0)  # AURORA: typically under 60 s, often under 30 s; in detail an assumption
ALONE_S = 600.0  # assumption (low confidence): a new writer where there is nobody to follow
REPLICA_S = 600.0  # assumption (low confidence): a lost instance is back as a replica, or standby
PROXY_CUT = 0.66  # PROXY: cuts failover times by up to 66 %

SINGLE, STANDBY, READABLE = range(3)


class Instances:
    """What the state says of them. Times are seconds since the run's start."""

    writer_down: int
    since_s: float
    writer_s: float  # when there is a writer again
    replicas_lost: float
    replicas_s: float  # when those are back
    standby_s: float  # when there is a standby again
    replicas: float  # that can be read
    cold: int  # whether the next writer has empty buffers
    held: float  # requests at the writer
    asked: int  # a person asked for a failover
    failovers: int


EVENTS = (
    EventKind(
        "failover",
        "The writer is lost with {0:,.0f} requests under way, and all connections drop; a standby "
        "or replica takes over in {1:.0f} s",
        "warning",
    ),
    EventKind(
        "writer_lost",
        "The writer is lost with {0:,.0f} requests under way, and nobody can follow it: a new "
        "instance in {1:.0f} s",
        "error",
    ),
    EventKind("failed_over", "There is a writer again after {0:.0f} s"),
    EventKind("replicas_lost", "{0:.0f} of {1:.0f} replicas are lost, for {2:.0f} s", "warning"),
    EventKind("replicas_back", "{0:.0f} replicas take reads again"),
)
FOLLOWED, ALONE, BACK, FEWER, MORE = range(5)


@compiled
def strike(p, s, io, tick):
    """Instances stop in this tick, the writer first; whether it is among them."""
    lost = float(s.asked)
    asked = s.asked != 0
    s.asked = 0
    if struck_now(io):
        alive = s.replicas + (1.0 if s.writer_down == 0 else 0.0)
        killed = io.struck[KILL_INSTANCES] * alive + io.struck[KILL_COUNT]
        lost = max(lost, math.ceil(min(alive, killed) - 1e-9))
        if io.struck[ZONE_OUTAGE] > 0.0:
            before = 1.0 - max(0.0, io.fault[ZONE_OUTAGE] - io.struck[ZONE_OUTAGE])
            part = min(1.0, io.struck[ZONE_OUTAGE] / before)
            lost = max(lost, math.ceil(part * alive - 1e-9))
    if lost < 1.0:
        return False
    writer = s.writer_down == 0
    beside = lost - 1.0 if writer else lost
    if beside > 0.0:
        gone = min(beside, s.replicas)
        _fewer(p, s, tick, gone)
    if writer:
        _fail_over(p, s, io, tick, asked)
    return writer


@compiled
def _fewer(p, s, tick, gone):
    if gone <= 0.0:
        return
    s.replicas -= gone
    s.replicas_lost += gone
    s.replicas_s = tick.t + REPLICA_S
    emit(tick, FEWER, gone, p.replicas + s.added, REPLICA_S, 0.0, 0.0, 0.0)


@compiled
def _fail_over(p, s, io, tick, asked):
    """Who follows, and when."""
    s.writer_down = 1
    s.since_s = tick.t
    s.failovers += 1
    drawn = uniform(tick.seed, tick.key, s.failovers)
    takes = ALONE_S
    follows = True
    s.cold = 1
    if p.aurora != 0 and s.replicas >= 1.0:
        takes = AURORA_S[0] + (AURORA_S[1] - AURORA_S[0]) * drawn
        s.cold = 0  # the replica has read, too
    elif p.aurora == 0 and p.deployment == READABLE:
        takes = CLUSTER_S[0] + (CLUSTER_S[1] - CLUSTER_S[0]) * drawn
        s.cold = 0
    elif p.aurora == 0 and p.deployment == STANDBY and tick.t >= s.standby_s:
        takes = STANDBY_S[0] + (STANDBY_S[1] - STANDBY_S[0]) * drawn
        s.standby_s = tick.t + takes + (0.0 if asked else REPLICA_S)
    else:
        follows = False
    if p.proxy and follows:
        takes *= 1.0 - PROXY_CUT
    s.writer_s = tick.t + takes
    emit(tick, FOLLOWED if follows else ALONE, s.held, takes, 0.0, 0.0, 0.0, 0.0)
    if follows and p.aurora != 0 and s.replicas >= 1.0:
        s.replicas -= 1.0  # one becomes the writer; the old writer comes back as a replica
        s.replicas_lost += 1.0
        s.replicas_s = max(s.replicas_s, tick.t + REPLICA_S)


@inlined
def recover(p, s, io, tick):
    """Let due clocks ring; whether a new writer begins with empty buffers."""
    now = tick.t + 1e-6
    if io.fault[ZONE_OUTAGE] >= 1.0 - 1e-9:
        return False  # there is no zone to come back in
    cold = False
    if s.writer_down != 0 and now >= s.writer_s:
        s.writer_down = 0
        cold = s.cold != 0
        emit(tick, BACK, now - s.since_s, 0.0, 0.0, 0.0, 0.0, 0.0)
    if s.replicas_lost > 0.0 and now >= s.replicas_s:
        s.replicas_lost = 0.0
        s.replicas = p.replicas + s.added
        emit(tick, MORE, s.replicas, 0.0, 0.0, 0.0, 0.0, 0.0)
    return cold
