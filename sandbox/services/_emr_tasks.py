"""The containers of EMR: which task is next, where it finds room, how it begins and ends.

YARN takes the oldest application first; what it has no room for waits, and so does all behind it.
Reduce tasks begin when all map tasks have ended.
"""

from __future__ import annotations

from sandbox.kernels.compiled import compiled
from sandbox.kernels.random import lognormal
from sandbox.services._emr_cells import CORE, ENTRIES, MAP, NOBODY, REDUCE, RUNNING
from sandbox.services._hosts import ACTIVE, first_host
from sandbox.services._instance_types import NETWORK, TABLE
from sandbox.services._place_heap import SUCCESS, heap, move, rise, sink

MASTER = 2  # what a container is, beside MAP and REDUCE
S3, HDFS = range(2)
MB_PER_GBIT_S = 125.0
LEAST_TASK_S = 0.1  # assumption: a task takes some time


@compiled
def role_of(v):
    """The role of the nodes of pool ``v``: primary, core on demand and Spot, all others task."""
    return min((v + 1) // 2, 2)


@compiled
def maps_left(entry):
    return entry.maps - entry.maps_run - entry.maps_done


@compiled
def reds_left(entry):
    """Reduce tasks that can begin."""
    if entry.maps_done < entry.maps:
        return 0.0
    return entry.reds - entry.reds_run - entry.reds_done


@compiled
def pick(p, s, cells):
    """The oldest step with something to place, and what: a task, or its application master."""
    best, what = NOBODY, MAP
    for e in range(s.entries):
        entry = cells[e]
        if entry.state != RUNNING or (best >= 0 and entry.serial > cells[best].serial):
            continue
        if p.yarn[entry.job] and entry.am_host < 0:
            if s.am_mb <= 0.0 or (
                s.am_mb + p.large_mb <= s.total_mb * p.application_masters_percent / 100.0 + 1e-9
            ):
                best, what = e, MASTER
        elif maps_left(entry) >= 1.0:
            best, what = e, MAP
        elif reds_left(entry) >= 1.0:
            best, what = e, REDUCE
    return best, what


@compiled
def _room(p, cells, mb, only, masters):
    """The node with the most room of those that have enough."""
    best = NOBODY
    begin = first_host(p) if only < 0 else only
    end = cells.shape[0] if only < 0 else only + 1
    for h in range(begin, end):
        host = cells[h]
        if host.state != ACTIVE or host.memory - host.used_memory < mb - 1e-6:
            continue
        if masters and p.masters_on_core and role_of(host.env) != CORE:
            continue
        if best < 0 or host.memory - host.used_memory > (
            cells[best].memory - cells[best].used_memory + 1e-6
        ):
            best = h
    return best


@compiled
def place(p, s, cells, tick, now, only):
    """Give containers room until something finds none; ``only`` looks at one node, -1 at all."""
    s.saturated = 0
    while s.places < p.slots_n - 1:
        e, what = pick(p, s, cells)
        if e < 0:
            return
        mb = p.small_mb if what == MAP else p.large_mb
        h = _room(p, cells, mb, only, what == MASTER)
        if h < 0:
            break
        cells[h].used_memory += mb
        s.used_mb += mb
        if p.yarn[cells[e].job]:
            s.yarn_mb += mb
        if what == MASTER:
            cells[e].am_host = h
            s.am_mb += mb
        else:
            _begin(p, s, cells, tick, e, what, h, now)
    s.saturated = 1


@compiled
def _rate(p, host, where):
    """MB/s of a task: of S3, or of HDFS from a task node, its share of the network at most."""
    shared = TABLE[host.kind, NETWORK] * MB_PER_GBIT_S * p.small_mb / host.memory
    if where == S3:
        return min(p.s3_throughput, shared)
    return p.hdfs_throughput if role_of(host.env) == CORE else min(p.hdfs_throughput, shared)


@compiled
def _begin(p, s, cells, tick, e, what, h, now):
    entry, host = cells[e], cells[h]
    k = entry.job
    step = p.steps[k]
    s.draws += 1
    lasts = 0.0
    if what == MAP:
        entry.maps_run += 1.0
        lasts = step.map_s
        if step.map_cv > 0.0 and lasts > 0.0:
            lasts = lognormal(tick.seed, tick.key, s.draws, lasts, step.map_cv * step.map_cv)
        lasts += p.split_mb[k] / _rate(p, host, step.input)
        if step.input == S3:
            s.s3_reads += 1.0
            s.s3_read_mb += p.split_mb[k]
    else:
        entry.reds_run += 1.0
        lasts = step.reduce_s
    if what == REDUCE or step.reducers == 0:
        lasts += p.part_mb[k] / _rate(p, host, step.output)
    host.held += 1.0
    c = ENTRIES + s.places
    s.places += 1
    new = cells[c]
    new.state, new.job, new.entry, new.attempt, new.host, new.env = 1, k, e, what, h, host.env
    new.placed_s = new.start_s = now
    new.end_s, new.outcome = now + max(LEAST_TASK_S, lasts), SUCCESS
    rise(p, cells, s.places - 1)


@compiled
def _free(p, s, cells, c):
    """The room of container ``c`` is free again."""
    mb = p.small_mb if cells[c].attempt == MAP else p.large_mb
    host = cells[cells[c].host]
    host.used_memory = max(0.0, host.used_memory - mb)
    host.held -= 1.0
    s.used_mb -= mb
    if p.yarn[cells[c].job]:
        s.yarn_mb -= mb


@compiled
def end(p, s, cells):
    """The container that ends first leaves; its step and its node."""
    top = cells[ENTRIES]
    e, h, k, what = top.entry, top.host, top.job, top.attempt
    _free(p, s, cells, ENTRIES)
    s.places -= 1
    if s.places > 0:
        move(cells, ENTRIES + s.places, ENTRIES)
        sink(p, s, cells, 0)
    entry = cells[e]
    if what == MAP:
        entry.maps_run -= 1.0
        entry.maps_done += 1.0
        cells[h].produced += 1.0
    else:
        entry.reds_run -= 1.0
        entry.reds_done += 1.0
    if (what == REDUCE or entry.reds == 0.0) and p.steps[k].output == S3:
        s.s3_writes += 1.0
        s.s3_write_mb += p.part_mb[k]
    return e, h


@compiled
def evict(p, s, cells, e, h):
    """The containers of step ``e``, or those on node ``h``, stop: their tasks are to do again."""
    gone = 0.0
    i = 0
    while i < s.places:
        c = ENTRIES + i
        if (e >= 0 and cells[c].entry != e) or (h >= 0 and cells[c].host != h):
            i += 1
            continue
        _free(p, s, cells, c)
        entry = cells[cells[c].entry]
        if cells[c].attempt == MAP:
            entry.maps_run -= 1.0
        else:
            entry.reds_run -= 1.0
        gone += 1.0
        s.places -= 1
        if i < s.places:
            move(cells, ENTRIES + s.places, c)
    if gone > 0.0:
        heap(p, s, cells)
    s.saturated = 0
    return gone


@compiled
def drop_master(p, s, cells, e):
    """The application master of a step leaves its node."""
    entry = cells[e]
    if entry.am_host < 0:
        return
    host = cells[entry.am_host]
    host.used_memory = max(0.0, host.used_memory - p.large_mb)
    s.used_mb -= p.large_mb
    s.yarn_mb -= p.large_mb
    s.am_mb = max(0.0, s.am_mb - p.large_mb)
    entry.am_host = NOBODY
    s.saturated = 0


@compiled
def demand(p, s, cells):
    """What YARN is asked for and has not given."""
    s.pending_mb = s.containers_pending = s.apps_pending = s.apps_running = 0.0
    for e in range(s.entries):
        entry = cells[e]
        if entry.state != RUNNING or not p.yarn[entry.job]:
            continue
        if entry.am_host < 0:
            s.apps_pending += 1.0
            s.containers_pending += 1.0
            s.pending_mb += p.large_mb
        else:
            s.apps_running += 1.0
            small, large = maps_left(entry), reds_left(entry)
            s.containers_pending += small + large
            s.pending_mb += small * p.small_mb + large * p.large_mb
