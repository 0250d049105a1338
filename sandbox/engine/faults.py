"""Faults as the tick loop has them: what begins and ends, and what a fault ends on its way.

A row is one fault at one node or link.  While nothing begins or ends, levels stay as they are and
cost a node one look at `afflicted`.  A tick that a fault covers in part has it in part, so that
totals do not depend on the length of the tick.
"""

from __future__ import annotations

import math

import numpy as np
from numba import carray

from sandbox.engine.notes import note
from sandbox.kernels.bucket import expected_excess
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services.law import (
    ADDED_LATENCY,
    ASYNC,
    CALLS_CUT,
    CONTROL,
    DOWNSTREAM_THROTTLE,
    ERROR_RATE,
    FAULT_LEVELS,
    HANDED_OVER_CUT,
    ILL,
    KILL_COUNT,
    KILL_INSTANCES,
    LIMIT_PART,
    LINK_CUT,
    PULL,
    PULLS_CUT,
    SLOWED,
    SPOT_COUNT,
    SPOT_INTERRUPTION,
    STRUCK,
    THROTTLE_LIMIT,
    ZONE_OUTAGE,
    ZONES,
    pointer,
)

PLANNED, ACTIVE, OVER = range(3)
BEGINS, ENDS = -1001, -1002  # kinds of events
_SAME = 1e-6  # of a tick: times that are one and the same

FAULT = np.dtype(
    [
        ("kind", "i8"),  # of services.law.FAULTS
        ("node", "i8"),  # -1: a link
        ("link", "i8"),
        ("part", "i8"),  # of the diagram: each part runs for some ticks by itself
        ("start_s", "f8"),
        ("end_s", "f8"),
        ("amount", "f8"),  # of this node: what of a zone's outage is its own
        ("zone", "i8"),  # which of the node's zones it is; -1: none
        ("zone_amount", "f8"),  # the share of that zone
        ("record", "i8"),  # which of the faults this row is part of
        ("state", "i8"),
        ("lost_before", "f8"),
    ],
    align=True,
)


# ---------------------------------------------------------------- what begins and ends


@inlined
def due(world):
    """Whether in this tick a fault begins, ends or has begun or ended in part."""
    return world.t + world.dt > world.faults_due_s + _SAME * world.dt


@compiled
def act(world, nodes, links, events):
    """Set the levels of all faults of this part for this tick, and find until when they hold."""
    rows = carray(pointer(world.faults), world.faults_n, FAULT)
    for r in range(rows.shape[0]):
        if rows[r].part == world.part:
            _clear(rows[r], nodes, links)
    world.faults_due_s = math.inf
    for r in range(rows.shape[0]):
        if rows[r].part == world.part and rows[r].state != OVER:
            _follow(rows[r], world, nodes, links, events)
    for r in range(rows.shape[0]):
        if rows[r].part == world.part and rows[r].link >= 0:
            link = links[rows[r].link]
            network_s = link.given_network_s + link.fault[ADDED_LATENCY]
            if link.network_s != network_s:
                link.network_s = network_s
                link.version = -1  # its latency is composed anew


@compiled
def _clear(row, nodes, links):
    if row.node >= 0:
        io = nodes[row.node]
        io.afflicted = 0
        for c in range(FAULT_LEVELS):
            io.fault[c] = io.struck[c] = 0.0
        for z in range(ZONES):
            io.zone_fault[z] = io.zone_struck[z] = 0.0
        return
    link = links[row.link]
    link.afflicted = 0
    link.failing = link.choking = 0.0
    for c in range(FAULT_LEVELS):
        link.fault[c] = 0.0
    nodes[link.source].afflicted = nodes[link.target].afflicted = 0


@compiled
def _follow(row, world, nodes, links, events):
    """Bring one fault to where it is in this tick."""
    t, until, same = world.t, world.t + world.dt, _SAME * world.dt
    if row.start_s >= until - same:
        world.faults_due_s = min(world.faults_due_s, row.start_s)
        return
    struck = row.state == PLANNED
    if struck:
        if row.end_s <= t + same and row.start_s < t - same:
            row.state = OVER  # planned for a time that has passed
            return
        row.state = ACTIVE
        row.lost_before = _lost(row, nodes, links)
        _tell(row, world, links, events, BEGINS, 0.0)
    elif row.end_s <= t + same:
        row.state = OVER
        lost = _lost(row, nodes, links) - row.lost_before
        if row.end_s > row.start_s:
            _tell(row, world, links, events, ENDS, lost)
        return
    part = (min(until, row.end_s) - max(t, row.start_s)) / world.dt
    part = 0.0 if part < _SAME else (1.0 if part > 1.0 - _SAME else part)
    if row.node >= 0:
        _at_node(row, nodes[row.node], part, struck)
    else:
        _on_link(row, links[row.link], nodes, part)
    changes_s = until if struck or part < 1.0 else row.end_s
    world.faults_due_s = min(world.faults_due_s, changes_s)


@inlined
def _level(row):
    """Where the amount goes: a share, or beyond it a number of its own."""
    if row.kind == KILL_INSTANCES and row.amount >= 1.0:
        return KILL_COUNT
    if row.kind == SPOT_INTERRUPTION and row.amount >= 1.0:
        return SPOT_COUNT
    if row.kind == DOWNSTREAM_THROTTLE and row.amount > 1.0:
        return THROTTLE_LIMIT
    return row.kind


@inlined
def _raise(levels, c, amount, part):
    """Add a fault to those that there are: what two leave is what either leaves of the other."""
    if c == THROTTLE_LIMIT:
        if levels[LIMIT_PART] == 0.0 or amount < levels[c]:
            levels[c] = amount
        levels[LIMIT_PART] = max(levels[LIMIT_PART], part)
    elif c in (ADDED_LATENCY, KILL_COUNT, SPOT_COUNT):
        levels[c] += amount * part
    elif c == ZONE_OUTAGE:  # different zones
        levels[c] = min(1.0, levels[c] + amount * part)
    else:
        levels[c] = 1.0 - (1.0 - levels[c]) * (1.0 - amount * part)


@inlined
def _at_node(row, io, part, struck):
    c = _level(row)
    _raise(io.fault, c, row.amount, part)
    if struck:
        _raise(io.struck, c, row.amount, 1.0)
        io.afflicted |= STRUCK
    if row.zone >= 0 and part > 0.0:
        io.zone_fault[row.zone] = 1.0 - (1.0 - io.zone_fault[row.zone]) * (1.0 - row.zone_amount)
        if struck:
            io.zone_struck[row.zone] += row.zone_amount
    io.afflicted |= ILL
    if (io.heeds >> row.kind) & 1 == 0:
        if row.kind == ERROR_RATE or row.kind == DOWNSTREAM_THROTTLE:
            io.afflicted |= CALLS_CUT
        elif row.kind == ADDED_LATENCY:
            io.afflicted |= SLOWED


@inlined
def _on_link(row, link, nodes, part):
    _raise(link.fault, _level(row), row.amount, part)
    if row.kind == ADDED_LATENCY:
        return
    link.afflicted = 1
    if link.mode == PULL:
        nodes[link.source].afflicted |= PULLS_CUT
        return
    nodes[link.target].afflicted |= CALLS_CUT
    if link.mode == ASYNC:
        nodes[link.source].afflicted |= HANDED_OVER_CUT


@inlined
def _lost(row, nodes, links):
    """Requests lost so far to what this fault does, or to others that do the same there."""
    if row.node < 0:
        return links[row.link].cut_total
    io = nodes[row.node]
    if row.kind == ERROR_RATE:
        return io.loss_total[io.fault_causes]
    if row.kind == DOWNSTREAM_THROTTLE:
        return io.loss_total[io.fault_causes + 1]
    return 0.0


@inlined
def _tell(row, world, links, events, kind, lost):
    i = row.node if row.node >= 0 else links[row.link].source
    note(world, events, i, kind, float(row.record), row.amount, lost, row.end_s)


# ---------------------------------------------------------------- what it ends on its way


@compiled
def strike(io, links, ins, link_mix):
    """Before a node takes its arrivals: keep from it what faults end on the way, or at its door."""
    if io.afflicted & PULLS_CUT:
        for j in range(io.out, io.out + io.out_n):
            link = links[j]
            link.whole_pull = link.pull
            if link.mode == PULL and link.afflicted != 0:
                cut = link.fault[LINK_CUT]
                link.failing, link.choking = cut, (1.0 - cut) * _choked(link.fault, link.pull, 0.0)
                link.pull *= 1.0 - link.failing - link.choking
    if io.afflicted & CALLS_CUT == 0:
        return
    total = 0.0
    for x in range(io.ins, io.ins + io.ins_n):
        j = ins[x]
        link = links[j]
        if link.mode == PULL or link.mode == CONTROL:
            continue
        link.whole_reads, link.whole_writes = link.reads, link.writes
        if link.afflicted != 0:
            failing = 1.0 - (1.0 - link.fault[LINK_CUT]) * (1.0 - link.fault[ERROR_RATE])
            flow = (link.reads + link.writes) * (1.0 - failing)
            link.failing = failing
            link.choking = (1.0 - failing) * _choked(link.fault, flow, link.ca2)
            _keep(link, link_mix[j], 1.0 - link.failing - link.choking)
        total += link.reads + link.writes
    choking = _choked(io.fault, total, io.ca2)
    failing = (1.0 - choking) * io.fault[ERROR_RATE]
    if (io.heeds >> ERROR_RATE) & 1:
        failing = 0.0
    lost = choking + failing
    io.cut_reads = io.cut_writes = 0.0
    io.choked = choking * total
    if lost > 0.0:
        for x in range(io.ins, io.ins + io.ins_n):
            j = ins[x]
            link = links[j]
            if link.mode != PULL and link.mode != CONTROL:
                reads, writes = link.reads, link.writes
                _keep(link, link_mix[j], 1.0 - lost)
                io.cut_reads += reads - link.reads
                io.cut_writes += writes - link.writes


@inlined
def _choked(levels, flow, ca2):
    """The share of a flow that is throttled: by share, and by a limit under random arrivals."""
    share = levels[DOWNSTREAM_THROTTLE]
    if levels[LIMIT_PART] > 0.0 and flow > 0.0:
        over = expected_excess(flow, levels[THROTTLE_LIMIT], ca2) / flow
        share += (1.0 - share) * levels[LIMIT_PART] * over
    return share


@inlined
def _keep(link, mix, share):
    share = max(0.0, share)
    link.reads *= share
    link.writes *= share
    for k in range(mix.shape[1]):
        mix[0, k] *= share
        mix[1, k] *= share


@compiled
def settle(io, links, ins, dt):
    """After its law: what faults ended counts as sent by the callers, and as lost by the node."""
    if io.afflicted & PULLS_CUT:
        for j in range(io.out, io.out + io.out_n):
            links[j].pull = links[j].whole_pull
    if io.afflicted & SLOWED:
        io.svc_m += io.fault[ADDED_LATENCY]
    if io.afflicted & CALLS_CUT == 0:
        return
    for x in range(io.ins, io.ins + io.ins_n):
        link = links[ins[x]]
        if link.mode == PULL or link.mode == CONTROL:
            continue
        link.reads, link.writes = link.whole_reads, link.whole_writes
        link.taken = link.reads + link.writes
        if link.afflicted != 0:
            flow = link.reads + link.writes
            link.cut_total += (link.failing + link.choking) * flow * dt
    lost = io.cut_reads + io.cut_writes
    io.reads += io.cut_reads
    io.writes += io.cut_writes
    choked = min(lost, io.choked)
    io.loss[io.fault_causes] += lost - choked
    io.loss[io.fault_causes + 1] += choked


@inlined
def met(link, callee):
    """What an attempt over a link meets: (answered, throttled, rejected, failed, timed out)."""
    through = 1.0 - link.failing - link.choking
    return (
        callee.ok * through,
        callee.throttled_share * through + link.choking,
        callee.rejected_share * through,
        callee.failed_share * through + link.failing,
        callee.timed_out_share * through,
    )


@compiled
def unsent(io, links):
    """What was handed over but never arrived is served by nobody: it failed, or was throttled."""
    out = io.out_reads + io.out_writes
    if out <= 0.0:
        return
    failing = choking = 0.0
    for j in range(io.out, io.out + io.out_n):
        link = links[j]
        if link.mode == ASYNC and link.afflicted != 0:
            part = min(1.0, (link.reads + link.writes) / out)
            failing += part * link.failing
            choking += part * link.choking
    scale = 1.0 / max(1.0, failing + choking)
    failing, choking = io.served * failing * scale, io.served * choking * scale
    io.failed += failing
    io.throttled += choking
    io.served = max(0.0, io.served - failing - choking)
    io.goodput = io.served
