"""Launching: from the warm pool or fresh, into which zone, on demand or spot, of which type.

A launch takes the emptiest zone, the purchase option that is short of its share, and the type
that the allocation strategy names.  What cannot be had is tried again, later each time.
"""

from __future__ import annotations

import math

import numpy as np

from sandbox.kernels.compiled import compiled
from sandbox.kernels.random import normal, uniform
from sandbox.services._instance_types import LAUNCH_CREDITS, MONTHLY, SAVING, TABLE, USD, VCPUS
from sandbox.services._instances import (
    FREE,
    LOST,
    ON_DEMAND,
    PENDING,
    RUNNING,
    SPOT,
    STOPPED,
    UNLIMITED,
    WARM,
)
from sandbox.services._instances_params import FleetParams
from sandbox.services._instances_words import (
    LAUNCHED,
    LAUNCHED_MIXED,
    NO_ROOM,
    NO_SPOT,
    NO_ZONE,
    QUOTA_FULL,
    STARTED_WARM,
    ZONE_OUT,
)
from sandbox.services.law import ERA_2020, SPOT_COUNT, SPOT_INTERRUPTION, ZONES, emit
from sandbox.services.params import code

RETRY_S = 15.0  # assumption: a launch that failed is tried again after so long, doubling
RETRY_MOST_S = 300.0  # assumption: up to this
LITTLE_RISK = 0.05  # assumption: price-capacity-optimized looks a bucket of the advisor further
BEST_EFFORT = code(FleetParams, "zone_distribution", "balanced-best-effort")
PRIORITIZED = code(FleetParams, "on_demand_allocation_strategy", "prioritized")
LOWEST_PRICE = code(FleetParams, "spot_allocation_strategy", "lowest-price")
CAPACITY = code(FleetParams, "spot_allocation_strategy", "capacity-optimized")
_FINE, _QUOTA, _POOLS, _ZONES, _BALANCE = np.arange(5)


@compiled
def launch(p, s, cells, tick, io):
    """Launch up to the size that is wanted; what fails is said and tried again later."""
    size = s.desired + s.extra
    wanted = size - s.alive
    made = spots = warm = 0.0
    first = math.inf
    why = _FINE
    zone = 0
    at = 0
    while made < wanted:
        i = _from_pool(p, s, cells, io)
        if i >= 0:
            cell = cells[i]
            _start_warm(p, s, cell, tick)
            warm += 1.0
            s.warm -= 1.0
        else:
            while at < cells.shape[0] and cells[at].state != FREE:
                at += 1
            if at == cells.shape[0]:
                break
            market = _market(p, s)
            zone, kind, why = _place(p, s, cells, tick, io, market)
            if why != _FINE:
                break
            cell = cells[at]
            fresh(p, s, cell, tick, kind, zone, market)
            begin(p, cell, tick)
            spots += 1.0 if market == SPOT else 0.0
            if market == ON_DEMAND:
                s.running_vcpus += TABLE[kind, VCPUS]
        cell.state = PENDING
        made += 1.0
        s.alive += 1.0
        s.zone_n[cell.zone] += 1.0
        if cell.market == SPOT:
            s.spot += 1.0
        else:
            s.on_demand += 1.0
        first = min(first, cell.until_s)
    pending = s.pending + made
    if warm > 0:
        emit(tick, STARTED_WARM, warm, s.desired, s.warm, first - tick.t, 0.0, 0.0)
    if made > warm and p.buys_spot:
        others = made - warm - spots
        emit(tick, LAUNCHED_MIXED, others, spots, s.desired, pending, first - tick.t, 0.0)
    elif made > warm:
        emit(tick, LAUNCHED, made - warm, s.desired, pending, first - tick.t, 0.0, 0.0)
    if made == wanted:
        s.backoff_s = 0.0
        return
    _failed(p, s, cells, tick, wanted - made, why, zone)


@compiled
def _failed(p, s, cells, tick, left, why, zone):
    s.tried = s.desired
    if why == _FINE:  # there is no cell: one that drains will leave its own
        s.retry_s = tick.t + tick.dt
        if s.terminating == 0 or tick.n % 60 == 0:
            emit(tick, NO_ROOM, left, float(cells.shape[0]), 0.0, 0.0, 0.0, 0.0)
        return
    s.backoff_s = RETRY_S if s.backoff_s == 0.0 else min(RETRY_MOST_S, 2.0 * s.backoff_s)
    s.retry_s = tick.t + s.backoff_s
    if why == _ZONES:
        emit(tick, NO_ZONE, left, 0.0, 0.0, 0.0, 0.0, 0.0)
    elif why == _BALANCE:
        emit(tick, ZONE_OUT, left, zone + 1.0, s.backoff_s, 0.0, 0.0, 0.0)
    elif why == _QUOTA:
        more = TABLE[_dearest(p, s), VCPUS]
        quota = float(p.vcpu_quota)
        emit(tick, QUOTA_FULL, left, s.running_vcpus, more, quota, s.backoff_s, 0.0)
    else:
        pools = float(kinds(p) * p.zones_n)
        emit(tick, NO_SPOT, left, pools, s.backoff_s, 0.0, 0.0, 0.0)


@compiled
def kinds(p):
    """How many types the group may launch."""
    return max(1, p.kinds_n)


@compiled
def kind_of(p, s, j):
    return s.kind if p.kinds_n == 0 else int(p.kinds[j])


@compiled
def _dearest(p, s):
    """The type bought on demand."""
    best = kind_of(p, s, 0)
    if p.on_demand_allocation_strategy != PRIORITIZED:
        for j in range(kinds(p)):
            kind = kind_of(p, s, j)
            if TABLE[kind, USD] < TABLE[best, USD]:
                best = kind
    return best


@compiled
def on_demand_of(p, total):
    """How many of so many instances are on demand: the base, and the rest's share rounded up."""
    base = min(total, float(p.on_demand_base_capacity))
    share = 0.01 * p.on_demand_percentage_above_base
    return base + math.ceil((total - base) * share - 1e-9)


@compiled
def _market(p, s):
    if not p.buys_spot:
        return ON_DEMAND
    return ON_DEMAND if s.on_demand < on_demand_of(p, s.alive + 1.0) else SPOT


@compiled
def _place(p, s, cells, tick, io, market):
    """(zone, type, why not): the emptiest zone that has what is wanted."""
    tried = 0
    why = _ZONES
    for _ in range(p.zones_n):
        zone = -1
        for z in range(p.zones_n):
            if (tried >> z) & 1 == 0 and (zone < 0 or s.zone_n[z] < s.zone_n[zone]):
                zone = z
        tried |= 1 << zone
        if out(io, zone):
            if p.zone_distribution != BEST_EFFORT and tick.era != ERA_2020:
                return zone, 0, _BALANCE
            continue
        if market == ON_DEMAND:
            kind = _dearest(p, s)
            over = p.vcpu_quota >= 0 and s.running_vcpus + TABLE[kind, VCPUS] > p.vcpu_quota
            return zone, kind, _QUOTA if over else _FINE
        kind = _spot_type(p, s, cells, tick, io, zone)
        if kind >= 0:
            return zone, kind, _FINE
        why = _POOLS
    return 0, 0, why


@compiled
def out(io, zone):
    """Whether nothing can be launched in a zone."""
    return io.zone_fault[zone] >= 1.0 - 1e-9


@compiled
def price(kind):
    """USD/h of spot."""
    return TABLE[kind, USD] * (1.0 - TABLE[kind, SAVING])


@compiled
def risk(p, kind):
    """Share interrupted in a month."""
    given = p.spot_interruptions_per_month
    return given if given >= 0.0 else TABLE[kind, MONTHLY]


@compiled
def _can_buy(p, s, tick, io, j, zone):
    """Whether a pool has capacity, at no more than is to be paid."""
    if io.fault[SPOT_INTERRUPTION] > 0.0 or io.fault[SPOT_COUNT] > 0.0:
        return False
    kind = kind_of(p, s, j)
    most = p.spot_max_price_usd if p.spot_max_price_usd >= 0.0 else TABLE[kind, USD]
    return price(kind) <= most and s.short_until[j * ZONES + zone] <= tick.t


@compiled
def _spot_type(p, s, cells, tick, io, zone):
    """The type to buy in a zone by the allocation strategy; -1 if there is none to be had."""
    strategy = p.spot_allocation_strategy
    n = kinds(p)
    least = math.inf
    for j in range(n):
        if _can_buy(p, s, tick, io, j, zone):
            least = min(least, risk(p, kind_of(p, s, j)))
    best = -1
    score = math.inf
    for j in range(n):
        if not _can_buy(p, s, tick, io, j, zone):
            continue
        kind = kind_of(p, s, j)
        mine = price(kind)
        if strategy == LOWEST_PRICE:
            cheaper = 0
            for other in range(n):
                theirs = price(kind_of(p, s, other))
                if _can_buy(p, s, tick, io, other, zone) and (
                    theirs < mine or (theirs == mine and other < j)
                ):
                    cheaper += 1
            if cheaper >= p.spot_instance_pools:
                continue
            mine = _held_of(cells, kind, zone) + 1e-3 * cheaper  # spread evenly over those
        elif strategy == CAPACITY or tick.era == ERA_2020:
            mine = risk(p, kind) + 1e-6 * mine
        elif risk(p, kind) > least + LITTLE_RISK + 1e-9:
            continue
        if mine < score:
            score = mine
            best = kind
    return best


@compiled
def _held_of(cells, kind, zone):
    """Spot instances of a pool."""
    n = 0.0
    for i in range(cells.shape[0]):
        cell = cells[i]
        if cell.state != FREE and cell.state != LOST:
            if cell.market == SPOT and cell.kind == kind and cell.zone == zone:
                n += 1.0
    return n


@compiled
def fresh(p, s, cell, tick, kind, zone, market):
    """A new instance; its clocks are not set yet."""
    s.launched += 1
    cell.draw = s.launched
    cell.held = cell.surplus = 0.0
    cell.launched_s = tick.t
    cell.notice_s = cell.gone_s = cell.impaired_s = math.inf
    cell.kind, cell.zone, cell.market = kind, zone, market
    cell.version = s.version
    cell.protected = 1 if p.new_instances_protected else 0
    cell.doomed = cell.reason = cell.abandoned = cell.resized = cell.then = 0
    cell.credits = 0.0
    cell.launch_credits = (
        TABLE[kind, LAUNCH_CREDITS] if p.credit_specification != UNLIMITED else 0.0
    )


@compiled
def boot_s(p, cell, tick, median_s):
    return median_s * math.exp(p.boot_sigma * normal(tick.seed, tick.key, 2 * cell.draw))


@compiled
def begin(p, cell, tick):
    """From now it boots, waits for its hook, and runs while its application starts."""
    cell.until_s = tick.t + boot_s(p, cell, tick, p.boot_median_s)
    cell.running_s = cell.until_s + max(0.0, p.launch_wait_s)
    if p.launch_abandons:
        cell.abandoned = 1
    serve_from(p, cell, tick, cell.until_s + p.app_start_s)


@compiled
def serve_from(p, cell, tick, app_s):
    """When it takes requests: its application is ready, and the balancer has seen that."""
    cell.ready_s = max(cell.running_s, app_s)
    cell.failing_s = math.inf
    if p.behind_elb:
        # the balancer looks every interval, from a moment of its own
        every = p.health_check_interval_s
        phase = every * uniform(tick.seed, tick.key, 2 * cell.draw + 1)
        looks = math.ceil(max(0.0, app_s - cell.running_s - phase) / every)
        cell.ready_s = cell.running_s + phase + (looks + p.looks_first - 1) * every
        cell.failing_s = cell.running_s + phase + every * (p.unhealthy_threshold_count - 1)


@compiled
def _from_pool(p, s, cells, io):
    """A prepared instance, in the emptiest zone that is not out; -1 if there is none."""
    best = -1
    if s.warm <= 0.0:
        return best
    for i in range(cells.shape[0]):
        if cells[i].state == WARM and not out(io, cells[i].zone):
            if best < 0 or s.zone_n[cells[i].zone] < s.zone_n[cells[best].zone]:
                best = i
    return best


@compiled
def _start_warm(p, s, cell, tick):
    cell.launched_s = tick.t
    cell.until_s = tick.t
    if p.warm_pool_state != RUNNING:
        cell.until_s += boot_s(p, cell, tick, p.warm_start_s)
    cell.running_s = cell.until_s
    again_s = p.app_restart_s if p.warm_pool_state == STOPPED else 0.0
    serve_from(p, cell, tick, cell.until_s + again_s)
