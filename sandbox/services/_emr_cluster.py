"""The life of an EMR cluster: STARTING, BOOTSTRAPPING, RUNNING or WAITING, TERMINATING."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled
from sandbox.services import _emr_hdfs as hdfs
from sandbox.services import _emr_nodes as nodes
from sandbox.services import _emr_steps as steps
from sandbox.services._emr_cells import (
    BLOCKS,
    BOOTSTRAPPING,
    BY_HAND,
    BY_STEP,
    COPIES,
    CORE,
    ENDED,
    FAILED,
    IDLE,
    LAST,
    LAUNCHED,
    NO_PRIMARY,
    NO_SPOT,
    PRIMARY,
    PROTECTED,
    READY,
    STARTING,
    SWITCHED,
    TERMINATED,
    TERMINATING,
    UP,
    WAITING,
)
from sandbox.services._emr_node_params import POOLS
from sandbox.services._hosts import FREE, first_host, terminate
from sandbox.services.law import emit


@compiled
def alive(s):
    """Whether there is a cluster that does, or will do, some work."""
    return s.cluster >= STARTING and s.cluster != TERMINATING


@compiled
def launch(p, s, cells, tick, now):
    """RunJobFlow: the nodes are launched, HDFS is empty."""
    s.cluster = STARTING
    s.began_s = now
    s.cluster_due = math.inf
    s.with_errors = s.switched = 0
    s.clusters += 1.0
    for v in range(POOLS):
        s.wanted[v] = p.given[v]
    s.replication = hdfs.replication_of(p, p.core_nodes)
    for r in range(COPIES):
        cells[BLOCKS + r].blocks = 0.0
    nodes.keep(p, s, cells, tick, now)
    s.scale_due = now + p.evaluation_s if p.managed_scaling_n > 0 else math.inf
    emit(tick, LAUNCHED, s.coming[0] + s.coming[1] + s.coming[2], 0.0, 0.0, 0.0, 0.0, 0.0)


@compiled
def end(p, s, cells, tick, now, why):
    """TERMINATING: nothing runs any more, the nodes are shut down."""
    if not alive(s):
        return
    if p.termination_protected and why == BY_STEP and not p.transient:
        emit(tick, PROTECTED, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        steps.cancel(s, cells, tick)
        return
    gone = steps.clear(p, s, cells, tick, now) if why != LAST else 0.0
    s.cluster = TERMINATING
    s.with_errors = 1 if why > BY_HAND else 0
    s.cluster_due = now + p.termination_s
    s.scale_due = math.inf
    emit(tick, why, gone, 0.0, 0.0, 0.0, 0.0, 0.0)


@compiled
def obey(p, s, cells, tick, now):
    """What a person asked for."""
    if s.wish == 1 and s.cluster <= FAILED:
        launch(p, s, cells, tick, now)
    elif s.wish == 2:
        end(p, s, cells, tick, now, BY_HAND)
    s.wish = 0


@compiled
def _over(p, s, cells, tick, now):
    """TERMINATED: the nodes are gone, and with them HDFS."""
    for h in range(first_host(p), cells.shape[0]):
        if cells[h].state != FREE:
            cells[h].produced = 0.0
            terminate(p, s, cells, h, now)
    emit(tick, ENDED, hdfs.held_gb(cells), 0.0, 0.0, 0.0, 0.0, 0.0)
    for r in range(COPIES):
        cells[BLOCKS + r].blocks = 0.0
    s.cluster = FAILED if s.with_errors else TERMINATED
    s.cluster_due = math.inf
    s.used_mb = s.yarn_mb = s.am_mb = 0.0
    nodes.survey(p, s, cells)


@compiled
def turn(p, s, cells, tick, now):
    """Move the cluster on as far as it goes now."""
    if s.cluster == TERMINATING and s.cluster_due <= now + 1e-9:
        _over(p, s, cells, tick, now)
    if s.cluster <= FAILED and p.transient and s.steps_pending > 0.0 and s.outage <= 0.0:
        launch(p, s, cells, tick, now)
    if s.cluster == STARTING:
        _provision(p, s, cells, tick, now)
    if s.cluster == BOOTSTRAPPING and s.cluster_due <= now + 1e-9:
        s.cluster = WAITING
        s.cluster_due = math.inf
        s.idle_since_s = now
        emit(tick, READY, now - s.began_s, 0.0, 0.0, 0.0, 0.0, 0.0)
    if s.cluster == UP or s.cluster == WAITING:
        ending = steps.start(p, s, cells, tick, now)
        if ending > 0:
            end(p, s, cells, tick, now, ending)
        if not alive(s):
            return
        busy = s.steps_running + s.steps_pending > 0.0
        s.cluster = UP if busy else WAITING
        s.cluster_due = math.inf
        if busy:
            s.idle_since_s = now
        elif p.transient:
            end(p, s, cells, tick, now, LAST)
        elif p.idle_s > 0.0:
            s.cluster_due = s.idle_since_s + p.idle_s
            if s.cluster_due <= now + 1e-9:
                end(p, s, cells, tick, now, IDLE)


@compiled
def _provision(p, s, cells, tick, now):
    """The primary nodes and the whole core must be there; task nodes come when they come."""
    core = s.coming[CORE] <= 0.0 and s.have[1] >= s.wanted[1] and s.have[2] >= s.wanted[2]
    if core and s.running[PRIMARY] >= p.primaries:
        s.cluster = BOOTSTRAPPING
        s.cluster_due = now + p.bootstrap_s
        return
    if not p.fleets or s.switched or s.wanted[2] + s.wanted[4] <= 0.0:
        return
    s.cluster_due = s.began_s + 60.0 * p.spot_timeout_minutes
    if s.cluster_due > now + 1e-9:
        return
    s.cluster_due = math.inf
    s.switched = 1
    short = max(0.0, s.wanted[2] - s.have[2]) + max(0.0, s.wanted[4] - s.have[4])
    if short <= 0.0:
        return
    if p.spot_timeout_action == 1:
        end(p, s, cells, tick, now, NO_SPOT)
        return
    for v in (2, 4):
        less = max(0.0, s.wanted[v] - s.have[v])
        s.wanted[v] -= less
        s.wanted[v - 1] += less
    emit(tick, SWITCHED, float(p.spot_timeout_minutes), short, 0.0, 0.0, 0.0, 0.0)
    nodes.keep(p, s, cells, tick, now)


@compiled
def out_of_zone(p, s, cells, tick, now):
    """All nodes stand in one zone: with it they are gone, and the cluster with them."""
    nodes.lose(p, s, cells, tick, now, FREE, math.inf, -1)
    end(p, s, cells, tick, now, NO_PRIMARY)
