"""The steps of EMR: submitted, begun, ended; what a lost node means for them."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled
from sandbox.kernels.random import uniform
from sandbox.services import _emr_hdfs as hdfs
from sandbox.services import _emr_tasks as tasks
from sandbox.services._emr_cells import (
    BLOCKS,
    BY_STEP,
    CANCELLED,
    COMPLETED,
    FREE,
    FULL,
    ITSELF,
    NO_BLOCKS,
    NO_INPUT,
    NO_MASTER,
    NOBODY,
    PENDING,
    RUNNING,
)
from sandbox.services._emr_step_params import MOST_ACTIVE
from sandbox.services._hosts import first_host
from sandbox.services._job_ends import note
from sandbox.services.law import emit

MASTER_TRIES = 2  # yarn-default.xml: yarn.resourcemanager.am.max-attempts
CANCEL, TERMINATE = 1, 2  # what a failure means
_FAILS = 1 << 40  # counters of random numbers


@compiled
def submit(p, s, cells, now, k):
    """Take in a step; False if 256 are PENDING or RUNNING."""
    for e in range(MOST_ACTIVE):
        entry = cells[e]
        if entry.state != FREE:
            continue
        s.serials += 1
        s.entries = max(s.entries, e + 1)
        entry.state, entry.job, entry.serial = PENDING, k, s.serials
        entry.submitted_s = now
        entry.began_s = math.inf
        entry.maps, entry.reds = p.maps[k], float(p.steps[k].reducers)
        entry.maps_run = entry.maps_done = entry.reds_run = entry.reds_done = 0.0
        entry.am_host, entry.am_tries = NOBODY, 0
        s.steps_pending += 1.0
        return True
    return False


@compiled
def start(p, s, cells, tick, now):
    """PENDING steps begin in their order while fewer run than may; why the cluster ends, or 0."""
    while s.steps_running < p.step_concurrency and s.steps_pending > 0.0:
        best = NOBODY
        for e in range(s.entries):
            if cells[e].state == PENDING and (best < 0 or cells[e].serial < cells[best].serial):
                best = e
        if best < 0:
            return 0
        entry = cells[best]
        entry.state, entry.began_s = RUNNING, now
        s.steps_pending -= 1.0
        s.steps_running += 1.0
        s.saturated = 0
        why = 0
        if p.steps[entry.job].input == tasks.HDFS:
            gb = p.steps[entry.job].input_gb
            if gb > hdfs.held_gb(cells) + cells[BLOCKS].blocks * hdfs.BLOCK_GB + 1e-6:
                why = NO_INPUT
            elif _unreadable(p, s, cells, tick, best):
                why = NO_BLOCKS
        if why > 0:
            ending = fail(p, s, cells, tick, now, best, why)
            if ending > 0:
                return ending
    return 0


@compiled
def _unreadable(p, s, cells, tick, e):
    """Whether a block of the step's input is missing; each may be with the same chance."""
    gone = cells[BLOCKS].blocks
    if gone < 0.5:
        return False
    there = gone + hdfs.held_gb(cells) / hdfs.BLOCK_GB
    reads = math.ceil(p.steps[cells[e].job].input_gb / hdfs.BLOCK_GB - 1e-9)
    chance = -math.expm1(reads * math.log1p(-min(gone / there, 0.999999)))
    s.draws += 1
    return uniform(tick.seed, tick.key, _FAILS + s.draws) < chance


@compiled
def progress(p, s, cells, tick, now, e):
    """After a task has ended: whether the step has; why the cluster ends with it, or 0."""
    entry = cells[e]
    if entry.maps_done < entry.maps or entry.reds_done < entry.reds:
        return 0
    k = entry.job
    why = 0
    if p.steps[k].failure_percent > 0.0:
        s.draws += 1
        draw = 100.0 * uniform(tick.seed, tick.key, _FAILS + s.draws)
        why = ITSELF if draw < p.steps[k].failure_percent else 0
    if why == 0 and p.steps[k].output == tasks.HDFS:
        why = 0 if hdfs.write(p, s, cells, p.steps[k].output_gb) else FULL
    if why > 0:
        return fail(p, s, cells, tick, now, e, why)
    s.steps_completed += 1.0
    s.ended_ok += 1.0
    s.makespan_s = now - entry.began_s
    s.turnaround_s = now - entry.submitted_s
    note(s, k, 0.0, s.turnaround_s)
    emit(tick, COMPLETED, k + 1.0, s.turnaround_s, s.makespan_s, 0.0, 0.0, 0.0)
    _leave(p, s, cells, e, now)
    return 0


@compiled
def _leave(p, s, cells, e, now):
    """A step that runs is over: its containers, its master and its output on disks go."""
    tasks.evict(p, s, cells, e, NOBODY)
    tasks.drop_master(p, s, cells, e)
    entry = cells[e]
    entry.state = FREE
    s.steps_running -= 1.0
    s.idle_since_s = now
    others = 0.0
    for other in range(s.entries):
        if cells[other].state == RUNNING:
            others += cells[other].maps_done
    keep = others / (others + entry.maps_done) if others > 0.0 else 0.0
    for h in range(first_host(p), cells.shape[0]):
        cells[h].produced *= keep


@compiled
def fail(p, s, cells, tick, now, e, why):
    """A step that runs fails; why the cluster ends with it, or 0."""
    k = cells[e].job
    emit(tick, why, k + 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    s.steps_failed += 1.0
    s.ended_bad += 1.0
    s.turnaround_s = now - cells[e].submitted_s
    note(s, k, 1.0, s.turnaround_s)
    _leave(p, s, cells, e, now)
    action = p.steps[k].action_on_failure
    if action == CANCEL:
        cancel(s, cells, tick)
    return BY_STEP if action == TERMINATE else 0


@compiled
def cancel(s, cells, tick):
    """All that are PENDING are CANCELLED."""
    gone = 0.0
    for e in range(s.entries):
        if cells[e].state == PENDING:
            cells[e].state = FREE
            note(s, cells[e].job, 1.0, s.turnaround_s)
            gone += 1.0
    s.steps_pending = 0.0
    s.steps_cancelled += gone
    s.ended_bad += gone
    if gone > 0.0:
        emit(tick, CANCELLED, gone, 0.0, 0.0, 0.0, 0.0, 0.0)
    return gone


@compiled
def clear(p, s, cells, tick, now):
    """The cluster ends: what runs fails, what waits is cancelled; how many steps."""
    gone = 0.0
    for e in range(s.entries):
        if cells[e].state == RUNNING:
            note(s, cells[e].job, 1.0, s.turnaround_s)
            _leave(p, s, cells, e, now)
            s.steps_failed += 1.0
            s.ended_bad += 1.0
            gone += 1.0
    return gone + cancel(s, cells, tick)


@compiled
def left_node(p, s, cells, tick, now, h, share):
    """What node ``h`` did is to do again; (containers, map tasks again, why the cluster ends).

    ``share`` is the node's part of the map output on the disks of all nodes.
    """
    moved = tasks.evict(p, s, cells, NOBODY, h)
    again = 0.0
    ending = 0
    for e in range(s.entries):
        entry = cells[e]
        if entry.state != RUNNING:
            continue
        if entry.reds > 0.0 and entry.reds_run + entry.reds_done < entry.reds:
            gone = min(entry.maps_done, math.floor(entry.maps_done * share + 0.5))
            entry.maps_done -= gone
            again += gone
        if entry.am_host == h:
            tasks.drop_master(p, s, cells, e)
            entry.am_tries += 1
            moved += tasks.evict(p, s, cells, e, NOBODY)
            if entry.am_tries >= MASTER_TRIES:
                ending = max(ending, fail(p, s, cells, tick, now, e, NO_MASTER))
    s.rerun += moved + again
    return moved, again, ending


@compiled
def after_loss(p, s, cells, tick, now):
    """Blocks are lost: steps that read HDFS and need them fail; why the cluster ends, or 0."""
    ending = 0
    for e in range(s.entries):
        if cells[e].state == RUNNING and p.steps[cells[e].job].input == tasks.HDFS:
            if cells[e].maps_done < cells[e].maps and _unreadable(p, s, cells, tick, e):
                ending = max(ending, fail(p, s, cells, tick, now, e, NO_BLOCKS))
    return ending
