"""Concurrency of a function: how long invocations occupy it, and how many may start."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import inlined
from sandbox.kernels.erlang import erlang_b
from sandbox.services._lambda_account import (
    BUSY_ENTRY,
    LOAD_ENTRY,
    RESERVED_ENTRY,
    UNRESERVED,
    enter,
    others,
)
from sandbox.services._lambda_environments import warm
from sandbox.services._lambda_executions import due

SHORTEST_S = 0.001  # an invocation takes a millisecond at least: billing granularity
_NEVER = 1e-9  # a share of executions that is none
_SURE = 6.0  # standard deviations beyond which there are fewer


@inlined
def timeout(mean, variance, limit_s):
    """(share of executions that last longer than the timeout, mean time they occupy an
    environment): lognormal with these cumulants."""
    mean = max(mean, SHORTEST_S)
    if variance <= 1e-9 * mean * mean:
        return (1.0, limit_s) if mean > limit_s * (1.0 + 1e-9) else (0.0, mean)
    cv2 = variance / (mean * mean)
    if limit_s > 50.0 * mean and cv2 < 1.5:
        return 0.0, mean
    room = math.log(limit_s / mean)
    most = math.sqrt(cv2)  # σ is no more than this, and what it leaves of the room shrinks with σ
    if most < _SURE and room + 0.5 * cv2 > _SURE * most:
        return 0.0, mean
    sigma2 = math.log1p(cv2)
    sigma = math.sqrt(sigma2)
    z = (room + 0.5 * sigma2) / sigma
    late = 0.5 * math.erfc(z * math.sqrt(0.5))
    if late < _NEVER:
        return 0.0, mean
    within = 1.0 - 0.5 * math.erfc((z - sigma) * math.sqrt(0.5))
    return late, mean * within + limit_s * late


@inlined
def spans(s, p, wanted, busy_s, init_s, dt):
    """Environments that would be busy at the end of the tick with all that is wanted now."""
    spans = wanted * min(dt, busy_s)
    for k in range(p.pulls):
        spans += s.batches[k] * min(dt, s.batch_s[k] + init_s)
    return spans


@inlined
def admit(p, s, cells, tick, wanted, pulled, busy_s):
    """(share of the wanted invocations that start, environments that start cold, those warm).

    The concurrency may reach the quota, and what the scaling rate adds to the warm environments.
    """
    dt = tick.dt
    base = min(max(warm(s, tick.t, p.idle_environment_s), s.provisioned), s.limit)
    reach = min(s.limit, base + s.tokens)
    remaining = s.busy
    for group in range(1 + p.attempts + p.pulls):
        remaining -= due(p, s, cells, group, 0)
    remaining = max(remaining, 0.0) + s.blocked
    room = max(0.0, reach - remaining)
    idle = max(0.0, base - remaining)
    # each poller has one batch at a time
    most = min(reach, s.polling) if wanted <= 0.0 else reach
    share, growth, init_s = 1.0, 0.0, 0.0
    rate = wanted + pulled
    if rate <= 0.0:
        return share, growth, base
    for _ in range(4):
        all_s = spans(s, p, wanted, busy_s + init_s, init_s, dt)
        share = min(1.0, room / all_s) if all_s > 0.0 else 1.0
        started = rate * share
        if started <= 0.0:
            return share, 0.0, base
        bare = spans(s, p, wanted, busy_s, 0.0, dt) * share
        cold = started * (1.0 - min(1.0, idle / bare))
        lasts = max(bare / started, 0.0)
        if lasts >= dt * (1.0 - 1e-12):
            lasts = dt
        before = growth
        growth = min(cold * min(dt, lasts + p.init_s), max(0.0, most - base))
        if growth <= 1e-9 * base:
            growth = 0.0
        init_s = growth / (started * dt) * p.init_s
        if abs(growth - before) <= 1e-9 * (1.0 + growth):
            break
    return share, growth, base


@inlined
def blocked(s, k, io, rate, busy_s, dt):
    """Share of calls that find the whole concurrency in use by chance (Erlang's loss formula).

    At the concurrency that would be, were nothing refused, as if that had lasted for long: the
    modified-offered-load approximation (Jagerman 1975). Functions without a reservation share one
    pool, and whoever calls them finds it full equally often. Arrivals in bursts by Hayward's shift.
    """
    s.load = (s.load + rate * dt) / (1.0 + dt / max(busy_s, SHORTEST_S))
    load, limit = s.load, s.limit
    if s.reserved < 0.0:
        load += others(k, s, LOAD_ENTRY)
        limit = s.pool
        enter(k, s, LOAD_ENTRY, s.load)
    if limit <= 0.0:
        return 1.0
    load /= limit
    if load < 0.3 and limit > 100.0:
        return 0.0
    shape = max(0.2, 0.5 * (1.0 + io.ca2))
    return erlang_b(limit / shape, load)


@inlined
def limits(p, s, k, io, tick, left):
    """What the function may have: its reservation, or what the account's others leave it.

    `left` is the share of the capacity that faults leave.
    """
    s.pool = k.account
    if s.reserved >= 0.0:
        # those with a lower id come first where reservations would leave less than is due to others
        most = max(0.0, k.account - UNRESERVED - k.now[RESERVED_ENTRY])
        s.limit = min(s.reserved, most) * left
        enter(k, s, RESERVED_ENTRY, min(s.reserved, most))
        s.pool = s.limit
    else:
        s.pool = max(0.0, k.account - others(k, s, RESERVED_ENTRY)) * left
        s.limit = max(0.0, s.pool - others(k, s, BUSY_ENTRY))
