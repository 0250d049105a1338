"""The nodes of an EMR cluster: launched, joined, decommissioned, lost.

A pool is what is bought alike: primary nodes, core on demand and Spot, task on demand and Spot,
each further task group.  Fleets count units, of which an instance may be several.
"""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled
from sandbox.kernels.random import uniform
from sandbox.services import _emr_hdfs as hdfs
from sandbox.services import _emr_steps as steps
from sandbox.services._emr_cells import (
    BLOCKS,
    CORE,
    JOINED,
    LEFT,
    LOST,
    NO_CAPACITY,
    NO_PRIMARY,
    NOBODY,
    PRIMARY,
    PRIMARY_LOST,
    STARTING,
    TASK,
    TERMINATING,
)
from sandbox.services._emr_node_params import KINDS, POOLS, YARN_PART
from sandbox.services._emr_tasks import role_of
from sandbox.services._hosts import (
    ACTIVE,
    BOOTING,
    DRAINING,
    FREE,
    HOST_LEAST_S,
    MIB,
    NOTICED,
    SPOT,
    boot,
    first_host,
    terminate,
    usd,
)
from sandbox.services._instance_types import MEMORY, TABLE
from sandbox.services.law import emit

_PICK = 1 << 44  # counters of random numbers


@compiled
def survey(p, s, cells):
    """Count the nodes, what they cost, and when the next joins or goes."""
    for v in range(POOLS):
        s.have[v] = 0.0
    for role in range(3):
        s.running[role] = s.coming[role] = 0.0
    s.draining = s.noticed = s.nodes = s.total_mb = 0.0
    s.host_due = math.inf
    for m in range(4):
        s.hosts_now[m] = 0.0
    for h in range(first_host(p), cells.shape[0]):
        host = cells[h]
        if host.state == FREE:
            continue
        s.hosts_now[1 if p.env_type[host.env] == SPOT else 0] += usd(p, host.env, host.kind)
        s.hosts_now[2] += p.fee[host.kind]
        s.hosts_now[3] += p.disk_usd
        role = role_of(host.env)
        if host.state == BOOTING:
            s.coming[role] += 1.0
            s.have[host.env] += host.units
            s.host_due = min(s.host_due, host.ready_s)
            continue
        s.nodes += 1.0
        s.running[role] += 1.0
        s.total_mb += host.memory
        if host.state == ACTIVE:
            s.have[host.env] += host.units
        elif host.state == NOTICED:
            s.noticed += 1.0
            s.host_due = min(s.host_due, host.gone_s)
        else:
            s.draining += 1.0
            # it goes when its tasks are done, or their time is up, and its blocks are elsewhere
            due = host.gone_s if host.held > 0.0 or host.used_memory > 1e-6 else host.ready_s
            s.host_due = min(s.host_due, max(due, host.ready_s))


@compiled
def _remove(p, s, cells, h, now):
    host = cells[h]
    rest = max(0.0, HOST_LEAST_S - (now - host.launched_s)) / 3600.0
    s.hosts_acc[2] += rest * p.fee[host.kind]
    s.hosts_acc[3] += rest * p.disk_usd
    host.produced = 0.0
    terminate(p, s, cells, h, now)


@compiled
def _choose(p, s, cells, v, now):
    """The place of the type that pool ``v`` launches: by its strategy, of those that are to be
    had; -1 without any."""
    best, lowest = NOBODY, math.inf
    for i in range(v * KINDS, v * KINDS + p.kinds_n[v]):
        if p.env_type[v] == SPOT and (s.dry > 0.0 or s.short_until[i] > now):
            continue
        score = p.scores[i]
        if p.spreads[v]:
            for h in range(first_host(p), cells.shape[0]):
                host = cells[h]
                there = host.state == ACTIVE or host.state == BOOTING
                score += 1.0 if there and host.env == v and host.kind == p.kinds[i] else 0.0
        if score < lowest - 1e-12:
            best, lowest = i, score
    return best


@compiled
def keep(p, s, cells, tick, now):
    """As many nodes as are wanted: the missing are launched, the others decommissioned."""
    if s.cluster < STARTING or s.cluster == TERMINATING or s.outage > 0.0:
        return
    short = 0.0
    h = first_host(p)
    for v in range(POOLS):
        while s.have[v] < s.wanted[v]:
            i = _choose(p, s, cells, v, now)
            if i < 0:
                short += s.wanted[v] - s.have[v]
                break
            while h < cells.shape[0] and cells[h].state != FREE:
                h += 1
            if h >= cells.shape[0]:
                break
            kind = p.kinds[i]
            boot(p, s, tick, cells[h], now, v, kind, p.provision_s)
            if s.cluster > STARTING:
                cells[h].ready_s += p.bootstrap_s
            cells[h].memory = 0.0 if v == 0 else TABLE[kind, MEMORY] * MIB * YARN_PART
            cells[h].held = cells[h].produced = 0.0
            cells[h].units = p.weights[i]
            s.have[v] += p.weights[i]
        while s.have[v] > s.wanted[v] and v > 0:
            gone = _drain(p, s, cells, v, now)
            if gone <= 0.0:
                break
            s.have[v] -= gone
    if short > 0.0 and now >= s.short_said:
        emit(tick, NO_CAPACITY, short, 0.0, 0.0, 0.0, 0.0, 0.0)
        s.short_said = now + 600.0
    survey(p, s, cells)


@compiled
def _drain(p, s, cells, v, now):
    """Decommission one of a pool: one that boots, else the one that does least; its units.

    One whose units the target needs stays.
    """
    best = NOBODY
    for h in range(first_host(p), cells.shape[0]):
        host = cells[h]
        if host.env != v or (host.state != ACTIVE and host.state != BOOTING):
            continue
        if s.have[v] - host.units < s.wanted[v] - 1e-9:
            continue
        if host.state == BOOTING:
            best = h
            break
        if best < 0 or host.used_memory < cells[best].used_memory - 1e-6:
            best = h
    if best < 0:
        return 0.0
    host = cells[best]
    if host.state == BOOTING:
        _remove(p, s, cells, best, now)
        return host.units
    host.state = DRAINING
    host.gone_s = now + p.decommission_timeout_s
    host.ready_s = now
    if role_of(v) == CORE and s.running[CORE] > 1.0:
        blocks = hdfs.raw_gb(cells) / hdfs.BLOCK_GB / s.running[CORE]
        host.ready_s += blocks / (hdfs.COPIED_PER_S * (s.running[CORE] - 1.0))
    return host.units


@compiled
def turn(p, s, cells, tick, now):
    """Nodes that have booted join, decommissioned ones leave, Spot takes its own; why it ends."""
    joined = gone = 0.0
    taken = False
    ending = 0
    for h in range(first_host(p), cells.shape[0]):
        host = cells[h]
        if host.state == BOOTING and host.ready_s <= now + 1e-9:
            host.state = ACTIVE
            joined += 1.0
        elif host.state == DRAINING and host.ready_s <= now + 1e-9:
            if (host.held <= 0.0 and host.used_memory <= 1e-6) or host.gone_s <= now + 1e-9:
                _, _, why = steps.left_node(p, s, cells, tick, now, h, 0.0)
                ending = max(ending, why)
                _remove(p, s, cells, h, now)
                gone += 1.0
        elif host.state == NOTICED and host.gone_s <= now + 1e-9:
            taken = True
    if taken:
        ending = max(ending, lose(p, s, cells, tick, now, NOTICED, 0.0, -1))
    survey(p, s, cells)
    s.saturated = 0
    if joined > 0.0:
        emit(tick, JOINED, joined, s.running[CORE], s.running[TASK], 0.0, 0.0, 0.0)
    if gone > 0.0:
        emit(tick, LEFT, gone, 0.0, 0.0, 0.0, 0.0, 0.0)
    return ending


@compiled
def lose(p, s, cells, tick, now, state, count, role):
    """Nodes are lost together: those whose notice is over, or so many at random, of one role or
    (-1) of all; why the cluster ends with them, or 0.

    The copies of blocks on the core nodes among them are lost, then all that ran there is done
    again.
    """
    lost = core = primary = moved = again = 0.0
    produced = 0.0
    for h in range(first_host(p), cells.shape[0]):
        if cells[h].state != FREE:
            produced += cells[h].produced
    before = cells[BLOCKS].blocks
    there = s.running[CORE]
    ending = 0
    while True:
        h = _next_lost(p, cells, tick, now, state, role)
        if h < 0 or (state != NOTICED and lost >= count):
            break
        host = cells[h]
        lost += 1.0
        booted = host.state != BOOTING
        if role_of(host.env) == PRIMARY:
            primary += 1.0
        if role_of(host.env) == CORE and booted:
            hdfs.lose_node(cells, there - core)
            core += 1.0
            s.heal_at_s = now + hdfs.DEAD_S
        share = host.produced / produced if produced > 0.0 else 0.0
        produced -= host.produced
        if booted:
            stopped, more, why = steps.left_node(p, s, cells, tick, now, h, share)
            moved += stopped
            again += more
            ending = max(ending, why)
        _remove(p, s, cells, h, now)
    survey(p, s, cells)
    if lost > 0.0:
        emit(tick, LOST, lost, core, moved, again, 0.0, 0.0)
    if core > 0.0:
        hdfs.tell_loss(s, cells, tick, before)
        ending = max(ending, steps.after_loss(p, s, cells, tick, now))
    if primary > 0.0 and s.cluster >= STARTING and s.cluster != TERMINATING:
        left = s.running[PRIMARY]
        if 2.0 * left <= p.primaries:  # no majority is left
            return NO_PRIMARY
        emit(tick, PRIMARY_LOST, left, 0.0, 0.0, 0.0, 0.0, 0.0)
    return ending


@compiled
def _next_lost(p, cells, tick, now, state, role):
    """A node whose notice is over, or any at random."""
    best, lowest = NOBODY, 2.0
    for h in range(first_host(p), cells.shape[0]):
        host = cells[h]
        if state == NOTICED:
            if host.state == NOTICED and host.gone_s <= now + 1e-9:
                return h
        elif host.state != FREE and (role < 0 or role_of(host.env) == role):
            draw = uniform(tick.seed, tick.key, _PICK + host.draw)
            if draw < lowest:
                best, lowest = h, draw
    return best
