"""The warm pool: instances that have been prepared, and wait beside the group."""

from __future__ import annotations

from sandbox.kernels.compiled import compiled
from sandbox.services._instances import FREE, ON_DEMAND, WARM, WARMING, count
from sandbox.services._instances_launch import boot_s, fresh, out
from sandbox.services._instances_leave import free
from sandbox.services._instances_words import POOL_GROWS, POOL_SHRINKS
from sandbox.services.law import emit


@compiled
def pool_size(p, desired, most):
    """What the pool is to hold: the prepared capacity less the group's, or its minimum."""
    prepared = float(p.max_group_prepared_capacity)
    if prepared < 0.0:
        prepared = most
    return max(float(p.warm_pool_min_size), prepared - desired)


@compiled
def tend(p, s, io, cells, tick):
    """Once a minute: launch or terminate up to the pool's size."""
    size = pool_size(p, s.desired, s.max_size)
    have = s.warm + s.warm_pending
    if have == size:
        return
    made = ended = 0.0
    prepared_s = 0.0
    for i in range(cells.shape[0]):
        cell = cells[i]
        if have + made < size and cell.state == FREE:
            zone = int(s.launched) % p.zones_n
            if out(io, zone):
                break
            fresh(p, s, cell, tick, s.kind, zone, ON_DEMAND)
            cell.state = WARMING
            booted_s = tick.t + boot_s(p, cell, tick, p.boot_median_s)
            cell.running_s = booted_s
            cell.until_s = booted_s + max(p.app_start_s, p.launch_wait_s)
            prepared_s = max(prepared_s, cell.until_s - tick.t)
            made += 1.0
        elif have - ended > size and (cell.state == WARM or cell.state == WARMING):
            free(p, s, cell, tick)
            ended += 1.0
    count(p, s, cells)
    if made > 0:
        emit(tick, POOL_GROWS, made, size, prepared_s, 0.0, 0.0, 0.0)
    if ended > 0:
        emit(tick, POOL_SHRINKS, ended, size, 0.0, 0.0, 0.0, 0.0)
