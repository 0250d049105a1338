"""What AWS Batch loses: Spot takes instances and tasks back, and faults kill them."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled
from sandbox.kernels.random import uniform
from sandbox.services._batch_cells import NOBODY
from sandbox.services._batch_environments import KINDS
from sandbox.services._batch_instances import FARGATE_SPOT, LOST, TAKEN, survey
from sandbox.services._hosts import (
    ACTIVE,
    BOOTING,
    FREE,
    NOTICE_S,
    NOTICED,
    SPOT,
    first_host,
    terminate,
)
from sandbox.services._instances_spot import LEAST_SHARE
from sandbox.services._place_heap import HOST, heap, lose
from sandbox.services._spot_market import MARKET, chance, pool
from sandbox.services.law import SPOT_COUNT, SPOT_INTERRUPTION, ZONE_OUTAGE, emit, stopping

WARNED = 2  # the state of a task that Spot has given notice to


@compiled
def watch(p, s, cells, tick, now):
    """A minute of the Spot market: a pool that runs short takes instances back together."""
    minute = math.floor(now / 60.0 + 0.5)
    for v in range(p.envs_n):
        if p.env_type[v] == FARGATE_SPOT:
            hit = chance(p.fargate_interruption_percent_a_month / 100.0)
            if uniform(tick.seed, tick.key, MARKET + minute * 64 + v) < hit:
                take(p, s, cells, tick, now, v, NOBODY, 0.5 * (1.0 + LEAST_SHARE), 0.0)
        if p.env_type[v] != SPOT:
            continue
        for i in range(p.kinds_n[v]):
            kind = p.kinds[v * KINDS + i]
            share, until = pool(tick, now, v * KINDS + i, kind)
            if share > 0.0:
                s.short_until[v * KINDS + i] = until
                take(p, s, cells, tick, now, v, kind, share, 0.0)


@compiled
def take(p, s, cells, tick, now, v, kind, share, count):
    """Give notice to a share of an environment's Spot instances or tasks, or to so many."""
    there = 0.0
    if p.fargate:
        for i in range(s.places):
            there += 1.0 if _unwarned(cells[p.entries_n + i], v) else 0.0
    else:
        for h in range(first_host(p), cells.shape[0]):
            there += 1.0 if _mine(cells[h], v, kind) else 0.0
    if there == 0.0:
        return 0.0
    left = min(there, math.ceil(share * there - 1e-9) + count)
    wanted = left
    if p.fargate:
        for i in range(s.places):
            cell = cells[p.entries_n + i]
            if left >= 1.0 and _unwarned(cell, v):
                left -= 1.0
                cell.state = WARNED
                if cell.end_s > now + NOTICE_S:
                    cell.end_s, cell.outcome = now + NOTICE_S, HOST
        heap(p, s, cells)
    else:
        for h in range(first_host(p), cells.shape[0]):
            host = cells[h]
            if left >= 1.0 and _mine(host, v, kind):
                left -= 1.0
                host.state, host.gone_s = NOTICED, now + NOTICE_S
        survey(p, s, cells)
    s.interrupted += wanted
    emit(tick, TAKEN, wanted, there, 0.0, 0.0, 0.0, 0.0)
    return wanted


@compiled
def _unwarned(cell, v):
    """Whether a Spot task of environment ``v`` runs, and has had no notice yet."""
    return cell.env == v and cell.state != WARNED


@compiled
def _mine(host, v, kind):
    there = host.state == ACTIVE or host.state == BOOTING
    return there and host.env == v and (kind < 0 or host.kind == kind)


@compiled
def strike(p, s, io, cells, tick):
    """Faults: instances or tasks are killed, lose their zone, or Spot takes them back."""
    now = tick.t
    if io.struck[SPOT_INTERRUPTION] + io.struck[SPOT_COUNT] > 0.0:
        left = io.struck[SPOT_COUNT]
        for v in range(p.envs_n):
            if p.env_type[v] == SPOT or p.env_type[v] == FARGATE_SPOT:
                share = min(1.0, io.struck[SPOT_INTERRUPTION])
                left = max(0.0, left - take(p, s, cells, tick, now, v, NOBODY, share, left))
    there = float(s.places) if p.fargate else s.hosts + s.booting
    lost = stopping(io, there)
    lost = min(there, max(math.floor(lost + 0.5), 1.0 if lost > 0.0 else 0.0))
    if lost < 1.0:
        return
    left = lost
    if p.fargate:
        for i in range(s.places):
            if left >= 1.0:
                left -= 1.0
                cell = cells[p.entries_n + i]
                cell.end_s, cell.outcome = now, HOST
        heap(p, s, cells)
    else:
        for h in range(first_host(p), cells.shape[0]):
            if left >= 1.0 and cells[h].state != FREE:
                left -= 1.0
                lose(p, s, cells, h, now)
                terminate(p, s, cells, h, now)
        survey(p, s, cells)
    emit(tick, LOST, lost, 0.0, 0.0, 0.0, 0.0, 0.0)


@compiled
def fail_outage(s, io):
    """Nothing is launched while the zone is out."""
    s.outage = 1.0 if io.fault[ZONE_OUTAGE] >= 1.0 else 0.0
