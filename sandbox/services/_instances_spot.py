"""The spot market: a pool (a type in a zone) runs short, and takes instances back together.

Every pool is looked at once a minute.  Its draws are keyed by the zone and the type, not by the
node, so that groups in the same zone lose the same pool in the same minute.
"""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled
from sandbox.kernels.random import uniform
from sandbox.services._instance_types import HOURS_A_MONTH, TABLE, VCPUS
from sandbox.services._instances import FREE, LOST, SPOT, TERMINATING, count
from sandbox.services._instances_launch import kind_of, kinds, risk
from sandbox.services._instances_words import POOL_SHORT
from sandbox.services.law import ZONES, emit

LEAST_SHARE = 0.3  # assumption: a pool that runs short takes 30 to 100 % of its instances
SHORT_LEAST_S = 600.0  # assumption: and has no capacity for 10 to 120 minutes
SHORT_MOST_S = 7200.0
SPREAD_S = 180.0  # assumption: the notices come within a few minutes
EARLY_S = 600.0  # assumption: half of the recommendations come up to so long before the notice
_MARKET = 1 << 41  # counters of random numbers


@compiled
def watch(p, s, cells, tick):
    """A minute has passed on the market."""
    minute = math.floor((tick.t + tick.dt) / 60.0 + 0.5)
    for j in range(kinds(p)):
        kind = kind_of(p, s, j)
        # an instance is hit with the pool's rate times the mean share taken
        hourly = -math.log1p(-risk(p, kind)) / HOURS_A_MONTH / (0.5 * (1.0 + LEAST_SHARE))
        chance = -math.expm1(-hourly / 60.0)
        for z in range(p.zones_n):
            key = p.zone_keys[z]
            counter = _MARKET + (kind * (1 << 24) + minute) * 4
            if uniform(tick.seed, key, counter) < chance:
                share = LEAST_SHARE + (1.0 - LEAST_SHARE) * uniform(tick.seed, key, counter + 1)
                lasts = uniform(tick.seed, key, counter + 2)
                lasts_s = SHORT_LEAST_S + (SHORT_MOST_S - SHORT_LEAST_S) * lasts
                _run_short(p, s, cells, tick, j, kind, z, share, lasts_s)


@compiled
def _run_short(p, s, cells, tick, j, kind, zone, share, lasts_s):
    now = tick.t + tick.dt
    s.short_until[j * ZONES + zone] = now + lasts_s
    n = 0.0
    for i in range(cells.shape[0]):
        if _in_pool(cells[i], kind, zone):
            n += 1.0
    if n == 0.0:
        return
    take = max(1.0, math.floor(n * share + 0.5))
    left = take
    for i in range(cells.shape[0]):
        cell = cells[i]
        if left >= 1.0 and _in_pool(cell, kind, zone):
            draw = _MARKET + (1 << 40) + 2 * cell.draw
            early = max(0.0, 2.0 * uniform(tick.seed, tick.key, draw) - 1.0) * EARLY_S
            cell.notice_s = now + early + SPREAD_S * uniform(tick.seed, tick.key, draw + 1)
            if p.rebalances:
                cell.doomed = 1
            left -= 1.0
    count(p, s, cells)
    minutes = lasts_s / 60.0
    emit(tick, POOL_SHORT, take, n, TABLE[kind, VCPUS], zone + 1.0, minutes, 0.0)


@compiled
def _in_pool(cell, kind, zone):
    state = cell.state
    if state in (FREE, LOST, TERMINATING) or cell.market != SPOT:
        return False
    free = cell.notice_s == math.inf and cell.gone_s == math.inf
    return free and cell.kind == kind and cell.zone == zone
