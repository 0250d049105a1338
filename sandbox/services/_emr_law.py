"""A tick of EMR: steps come in, then what happens in it is lived through in the order of time."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled
from sandbox.services import _emr_answers as answers
from sandbox.services import _emr_cluster as cluster
from sandbox.services import _emr_hdfs as hdfs
from sandbox.services import _emr_nodes as nodes
from sandbox.services import _emr_scale as scale
from sandbox.services import _emr_spot as spot
from sandbox.services import _emr_steps as steps
from sandbox.services import _emr_tasks as tasks
from sandbox.services._emr_cells import (
    CORE,
    ENTRIES,
    FREE,
    NOBODY,
    PRIMARY,
    TASK,
    UP,
    WAITING,
)
from sandbox.services._emr_node_params import POOLS
from sandbox.services._emr_step_params import MOST_ACTIVE
from sandbox.services._hosts import DRAINING, SPOT
from sandbox.services._job_ends import WAITS
from sandbox.services._submission_rows import next_row, take_row
from sandbox.services.law import (
    CONTROL,
    READ,
    SPOT_COUNT,
    SPOT_INTERRUPTION,
    WRITE,
    ZONE_OUTAGE,
    boundary,
    stopping,
    struck_now,
)

ANSWER_S = 0.05  # assumption: AddJobFlowSteps' answer
TOO_MANY, NO_CLUSTER, STEP_FAILED = range(3)
OUTPUT_PORT, INPUT_PORT, COMPLETED_PORT, FAILED_PORT = 2, 1, 3, 4


@compiled
def step(p, s, io, cells, tick):
    s.ended_ok = s.ended_bad = 0.0
    s.s3_reads = s.s3_read_mb = s.s3_writes = s.s3_write_mb = 0.0
    for m in range(4):
        s.hosts_acc[m] = 0.0
    s.clock = tick.t
    s.outage = 1.0 if io.fault[ZONE_OUTAGE] >= 1.0 else 0.0
    s.dry = 1.0 if io.fault[SPOT_INTERRUPTION] + io.fault[SPOT_COUNT] > 0.0 else 0.0
    if struck_now(io):
        _strike(p, s, io, cells, tick)
    if s.wish > 0:
        cluster.obey(p, s, cells, tick, tick.t)
    for role in range(3):
        if s.doomed[role] > 0.0:
            count, s.doomed[role] = s.doomed[role], 0.0
            ending = nodes.lose(p, s, cells, tick, tick.t, FREE, count, role)
            _after(p, s, cells, tick, tick.t, ending)
    io.done = _arrive(p, s, io, cells, tick)
    end = tick.t + tick.dt - 1e-9
    while True:
        now = s.clock
        cluster.turn(p, s, cells, tick, now)
        if s.cluster == UP and s.saturated == 0 and s.steps_running > 0.0:
            tasks.place(p, s, cells, tick, now, NOBODY)
        due = min(min(s.scale_due, s.host_due), min(s.cluster_due, next_row(s, tick)))
        if s.places > 0:
            due = min(due, cells[ENTRIES].end_s)
        if due >= end:
            break
        now = max(now, due)
        _pass_time(s, now)
        _happen(p, s, cells, tick, now)
    _pass_time(s, tick.t + tick.dt)
    if s.running[CORE] > 0.0:
        hdfs.heal(p, s, cells, tick, tick.t + tick.dt)
    _hand_on(s, io, tick)
    _count(p, s, io, cells, tick)


@compiled
def _pass_time(s, now):
    hours = max(0.0, now - s.clock) / 3600.0
    s.clock = max(now, s.clock)
    for m in range(4):
        s.hosts_acc[m] += s.hosts_now[m] * hours


@compiled
def _strike(p, s, io, cells, tick):
    """Faults: the zone fails, nodes are killed, or Spot takes them back."""
    now = tick.t
    if io.struck[ZONE_OUTAGE] > 0.0 and s.outage > 0.0:
        cluster.out_of_zone(p, s, cells, tick, now)
        return
    if io.struck[SPOT_INTERRUPTION] + io.struck[SPOT_COUNT] > 0.0:
        left = io.struck[SPOT_COUNT]
        for v in range(POOLS - 1, 0, -1):
            if p.env_type[v] != SPOT:
                continue
            share = min(1.0, io.struck[SPOT_INTERRUPTION])
            left = max(0.0, left - spot.take(p, s, cells, tick, now, v, NOBODY, share, left))
    there = s.nodes + s.coming[0] + s.coming[1] + s.coming[2]
    lost = min(there, math.floor(stopping(io, there) + 0.5))
    if lost >= 1.0:
        _after(p, s, cells, tick, now, nodes.lose(p, s, cells, tick, now, FREE, lost, -1))


@compiled
def _after(p, s, cells, tick, now, ending):
    """Nodes were lost: the cluster ends, or what is missing is launched."""
    if ending > 0:
        cluster.end(p, s, cells, tick, now, ending)
    else:
        nodes.keep(p, s, cells, tick, now)


@compiled
def _arrive(p, s, io, cells, tick):
    """AddJobFlowSteps, or RunJobFlow: how many requests/s are accepted; a step is there when it
    has come whole."""
    flow = io.reads + io.writes
    gone = not p.transient and not cluster.alive(s)
    wanted = waits = failed = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode != CONTROL:
            which = int(tick.table[x])
            each = p.steps_n if which % WAITS == 0 else 1
            wanted += (link.reads + link.writes) * tick.dt * each
            if which >= WAITS:
                waits += link.reads + link.writes
                failed += (link.reads + link.writes) * answers.failing(p, s, which % WAITS - 1)
    share = 1.0
    if flow > 0.0 and gone:
        share = 0.0
        io.loss[NO_CLUSTER] = flow
    elif wanted > 0.0:
        room = MOST_ACTIVE - s.steps_pending - s.steps_running
        share = min(1.0, max(0.0, room) / wanted)
        io.loss[TOO_MANY] = flow * (1.0 - share)
    if share > 0.0:
        for x in range(tick.ins.shape[0]):
            link = tick.links[tick.ins[x]]
            if link.mode == CONTROL:
                continue
            which = int(tick.table[x]) % WAITS - 1
            for k in range(p.steps_n):
                if which < 0 or which == k:
                    s.part[k] += (link.reads + link.writes) * share * tick.dt
    more = True
    while more:  # one of each in turn, so that all submitted together run in their order
        more = False
        for k in range(p.steps_n):
            if s.part[k] >= 1.0 - 1e-9 and not gone and steps.submit(p, s, cells, tick.t, k):
                s.part[k] = max(0.0, s.part[k] - 1.0)
                more = True
            if s.asked[k] >= 1.0:
                s.asked[k] -= 1.0
                more = True
                _submit(p, s, cells, tick.t, k)
    if flow > 0.0:
        io.svc_m = ANSWER_S + min(1.0, waits / flow) * answers.turnaround(s, cells, tick.t)
    if gone:
        return 0.0
    io.loss[STEP_FAILED] = failed * share
    return (flow - failed) * share


@compiled
def _submit(p, s, cells, now, k):
    """What a schedule or a hand submits; it is CANCELLED where there is no cluster, or no room."""
    if (not p.transient and not cluster.alive(s)) or not steps.submit(p, s, cells, now, k):
        s.steps_cancelled += 1.0
        s.ended_bad += 1.0


@compiled
def _happen(p, s, cells, tick, now):
    """All that is due now: ends of tasks first, decisions about nodes last."""
    while s.places > 0 and cells[ENTRIES].end_s <= now + 1e-9:
        e, h = tasks.end(p, s, cells)
        ending = steps.progress(p, s, cells, tick, now, e)
        if ending > 0:
            cluster.end(p, s, cells, tick, now, ending)
        elif s.saturated and cells[h].state != DRAINING:  # only there is room now
            tasks.place(p, s, cells, tick, now, h)
        else:
            s.saturated = 0
        if cells[h].state == DRAINING or (s.draining > 0.0 and cells[e].state == FREE):
            nodes.survey(p, s, cells)
    while next_row(s, tick) <= now + 1e-9:
        _submit(p, s, cells, now, take_row(s, tick))
    if s.host_due <= now + 1e-9:
        _after(p, s, cells, tick, now, nodes.turn(p, s, cells, tick, now))
    if s.scale_due <= now + 1e-9:
        cluster.turn(p, s, cells, tick, now)
        if s.cluster == UP and s.saturated == 0:
            tasks.place(p, s, cells, tick, now, NOBODY)
        tasks.demand(p, s, cells)
        if p.managed_scaling_n > 0 and (s.cluster == UP or s.cluster == WAITING):
            scale.manage(p, s, cells, tick, now)
        s.scale_due = now + p.evaluation_s if cluster.alive(s) else math.inf


@compiled
def _hand_on(s, io, tick):
    """What goes to S3, and the steps that have ended, each on links of its own port."""
    total = s.s3_reads + s.s3_writes + s.ended_ok + s.ended_bad
    io.out_writes = total / tick.dt
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        mine = 0.0
        if link.source_port == INPUT_PORT:
            link.operation = READ
            mine = s.s3_reads
            link.payload_kb = 1024.0 * s.s3_read_mb / mine if mine > 0.0 else 0.0
        elif link.source_port == OUTPUT_PORT:
            link.operation = WRITE
            mine = s.s3_writes
            link.payload_kb = 1024.0 * s.s3_write_mb / mine if mine > 0.0 else 0.0
        elif link.source_port == COMPLETED_PORT:
            mine = s.ended_ok
        else:
            mine = s.ended_bad
        link.weight = mine / total if total > 0.0 else 0.0


@compiled
def _count(p, s, io, cells, tick):
    """The metrics at the end of the tick."""
    last = 0
    for e in range(s.entries):
        last = e + 1 if cells[e].state != FREE else last
    s.entries = last
    tasks.demand(p, s, cells)
    allocated = 0.0
    for i in range(s.places):
        allocated += 1.0 if p.yarn[cells[ENTRIES + i].job] else 0.0
    s.containers_allocated = allocated + s.apps_running
    s.pending_ratio = s.containers_pending
    if s.containers_allocated > 0.0:
        s.pending_ratio /= s.containers_allocated
    s.free_percent = 100.0 * (1.0 - s.yarn_mb / s.total_mb) if s.total_mb > 0.0 else 100.0
    s.is_idle = 1.0 if s.cluster == WAITING else 0.0
    s.cluster_state = float(s.cluster)
    s.primary_running = s.running[PRIMARY]
    s.core_running, s.core_pending = s.running[CORE], s.coming[CORE]
    s.task_running, s.task_pending = s.running[TASK], s.coming[TASK]
    s.requested = scale.wanted(s)
    if not cluster.alive(s):
        s.requested = 0.0
    s.s3_read_mb_per_s = s.s3_read_mb / tick.dt
    hdfs.survey(p, s, cells)
    per_hour = 3600.0 / tick.dt
    s.on_demand_usd = s.hosts_acc[0] * per_hour
    s.spot_usd = s.hosts_acc[1] * per_hour
    s.emr_usd = s.hosts_acc[2] * per_hour
    s.ebs_usd = s.hosts_acc[3] * per_hour
    io.cost_per_hour = s.on_demand_usd + s.spot_usd + s.emr_usd + s.ebs_usd
    io.utilization = min(1.0, s.used_mb / s.total_mb) if s.total_mb > 0.0 else 0.0
    io.instances = s.nodes


@compiled
def control(p, s, io, cells, tick):
    """On their own clocks: the Spot market, and the rules of the groups."""
    now = tick.t + tick.dt
    if boundary(tick, 60.0):
        if cluster.alive(s):
            spot.watch(p, s, cells, tick, now)
            nodes.keep(p, s, cells, tick, now)
        if p.core_scaling_n + p.task_scaling_n > 0:
            scale.rules(p, s, cells, tick)
