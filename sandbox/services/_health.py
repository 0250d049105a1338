"""The health of targets as their balancer sees it: looks that pass or fail, ramps, what it is told.

Targets alike differ only in when they are looked at. Each is looked at once an interval, at a time
of its own, so in a tick the part `dt / interval` of them is; a share of the looks finds the target
too busy to answer in time. The state holds the shares of targets by how many looks in a row they
have failed while healthy, or passed while unhealthy.
"""

from __future__ import annotations

import math
from typing import Annotated

from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.latency import POOLED
from sandbox.kernels.quantile import beyond
from sandbox.services._target_group import STAGES
from sandbox.services.law import SYNC

_CALM = 1e-9  # a share of looks that is as good as none
_SOON = 0.05  # of the timeout: a wait of this mean is never too long


class Health:
    """Part of a target's state; ``sick`` is the share of its hosts that is found unhealthy."""

    sick: float
    failed_looks: Annotated[object, ("f8", (STAGES,))]
    passed_looks: Annotated[object, ("f8", (STAGES,))]


@compiled
def look(p, s, io, dt):
    """Look at the hosts for `dt` s: those that let a look wait too long fail it."""
    slow = 0.0
    if io.wait_m > _SOON * p.look_timeout_s and io.wait_p > _CALM:
        slow = io.wait_p * beyond(io.wait_m, io.wait_v, io.wait_k, p.look_timeout_s)
    if slow < _CALM and s.sick < _CALM and s.failed_looks[0] >= 1.0 - _CALM:
        return
    turn = min(1.0, dt / p.look_every_s)
    bad, good = turn * slow, turn * (1.0 - slow)
    healthy = unhealthy = 0.0
    for i in range(p.looks_unhealthy):
        healthy += s.failed_looks[i]
    for i in range(p.looks_healthy):
        unhealthy += s.passed_looks[i]
    if healthy + unhealthy < 0.5:  # before the first look
        s.failed_looks[0] += 1.0 - healthy - unhealthy
        healthy = 1.0 - unhealthy
    falls = bad * s.failed_looks[p.looks_unhealthy - 1]
    rises = good * s.passed_looks[p.looks_healthy - 1]
    for i in range(p.looks_unhealthy - 1, 0, -1):
        s.failed_looks[i] += bad * s.failed_looks[i - 1] - turn * s.failed_looks[i]
    s.failed_looks[0] += good * (healthy - s.failed_looks[0]) - bad * s.failed_looks[0] + rises
    for i in range(p.looks_healthy - 1, 0, -1):
        s.passed_looks[i] += good * s.passed_looks[i - 1] - turn * s.passed_looks[i]
    s.passed_looks[0] += bad * (unhealthy - s.passed_looks[0]) - good * s.passed_looks[0] + falls
    s.sick = min(max(unhealthy + falls - rises, 0.0), 1.0)
    if s.sick < _CALM:
        s.sick = 0.0
        for i in range(STAGES):
            s.passed_looks[i] = 0.0


@compiled
def renew(s):
    """Hosts were replaced: `sick` of those that are left are unhealthy, as far as is known."""
    for i in range(STAGES):
        s.failed_looks[i] = s.passed_looks[i] = 0.0
    s.failed_looks[0] = 1.0 - s.sick
    s.passed_looks[0] = s.sick


@inlined
def share_of_new(p, age_s):
    """The share of a full one that a host gets, so long after it came into service."""
    share = 1.0
    if p.slow_start_s > 0.0:
        share = min(1.0, age_s / p.slow_start_s)
    if p.sticky_s > 0.0:
        share *= 1.0 - math.exp(-age_s / p.sticky_s)
    return share


@inlined
def ramps(p):
    """Whether hosts that are new get less than others."""
    return p.slow_start_s > 0.0 or p.sticky_s > 0.0


@inlined
def dealt(tick):
    """How the link with the most requests deals them out, and its places for those who wait."""
    policy = POOLED
    surge = 0.0
    most = -1.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        surge += link.surge
        if link.reads + link.writes > most:
            most = link.reads + link.writes
            policy = link.balancing
    return policy, surge


@inlined
def report(tick, hosts, healthy, surged):
    """Tell the balancers how many hosts are registered, how many healthy, and what they hold."""
    places = 0.0
    for x in range(tick.ins.shape[0]):
        places += tick.links[tick.ins[x]].surge
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode == SYNC:
            link.hosts = hosts
            link.healthy = healthy
            link.surged = surged * link.surge / places if places > 0.0 else 0.0
