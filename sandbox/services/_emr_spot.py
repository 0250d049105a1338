"""The Spot nodes of an EMR cluster: what the market takes back, with two minutes' notice."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled
from sandbox.services import _emr_nodes as nodes
from sandbox.services._emr_cells import TAKEN
from sandbox.services._emr_node_params import FIRST_GROUP, KINDS, POOLS
from sandbox.services._hosts import ACTIVE, DRAINING, NOTICE_S, NOTICED, SPOT, first_host
from sandbox.services._spot_market import pool
from sandbox.services.law import emit


@compiled
def take(p, s, cells, tick, now, v, kind, share, count):
    """Give notice to a share of the Spot nodes of a pool, or to so many; how many got it."""
    there = 0.0
    for h in range(first_host(p), cells.shape[0]):
        there += 1.0 if _mine(cells[h], v, kind) else 0.0
    wanted = min(there, math.ceil(share * there - 1e-9) + count)
    left = wanted
    for h in range(first_host(p), cells.shape[0]):
        if left >= 1.0 and _mine(cells[h], v, kind):
            left -= 1.0
            cells[h].state, cells[h].gone_s = NOTICED, now + NOTICE_S
    if wanted > 0.0:
        s.interrupted += wanted
        emit(tick, TAKEN, wanted, there, 0.0, 0.0, 0.0, 0.0)
        nodes.survey(p, s, cells)
    return wanted


@compiled
def _mine(host, v, kind):
    there = host.state == ACTIVE or host.state == DRAINING
    return there and host.env == v and (kind < 0 or host.kind == kind)


@compiled
def watch(p, s, cells, tick, now):
    """A minute of the Spot market."""
    for v in range(POOLS):
        if p.env_type[v] != SPOT or (s.wanted[v] <= 0.0 and s.have[v] <= 0.0):
            continue
        for i in range(p.kinds_n[v]):
            kind = p.kinds[v * KINDS + i]
            place = (v // 2 - 1) * KINDS + i if v < FIRST_GROUP else 2 * KINDS + v - FIRST_GROUP
            share, until = pool(tick, now, place, kind)
            if share > 0.0:
                s.short_until[v * KINDS + i] = until
                take(p, s, cells, tick, now, v, kind, share, 0.0)
