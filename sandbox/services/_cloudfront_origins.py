"""The origins behind a distribution: how they fail, and what is asked a second time elsewhere.

An origin group asks its primary for every request first, and its secondary for each read that
failed there (Amazon CloudFront Developer Guide: Optimize high availability with origin failover).
"""

from __future__ import annotations

from numba import carray

from sandbox.kernels.compiled import compiled, inlined
from sandbox.services._cloudfront_keys import LINK as PRIMARY
from sandbox.services._cloudfront_keys import ROW, STANDBY
from sandbox.services._cloudfront_params import Behavior
from sandbox.services.contract import link_record
from sandbox.services.law import NODE, pointer

BEHAVIOR = link_record(Behavior)


@inlined
def behavior(link):
    return carray(pointer(link.p_source), 1, BEHAVIOR)[0]


@compiled
def second_try(tick):
    """Let each standby be asked for the share of reads that its primary just failed."""
    for k in range(tick.mix.shape[1]):
        first = int(tick.table[ROW * k + PRIMARY])
        then = int(tick.table[ROW * k + STANDBY])
        if first < 0 or then < 0:
            continue
        link = tick.out[then]
        link.spared = -1  # its calls are made again, and not divided with the others
        link.weight = max(0.0, 1.0 - tick.out[first].ok)


@inlined
def watch(p, tick, row):
    """(share of fetches that fail for good, time (s) that one takes), as of the last tick."""
    nodes = carray(pointer(tick.world[0].nodes), tick.world[0].nodes_n, NODE)
    link = tick.out[int(row[PRIMARY])]
    bad = 1.0 - link.ok
    lasts = nodes[link.target].latency_mean + link.network_s + p.origin_ms * 1e-3
    if row[STANDBY] >= 0.0:
        bad *= 1.0 - tick.out[int(row[STANDBY])].ok
    return max(bad, 0.0), lasts


@inlined
def spare_time(tick, row):
    """Time (s) lost at a primary before its secondary is asked: connections that are not made, an
    answer that does not come, or one that is an error."""
    link = tick.out[int(row[PRIMARY])] if row[PRIMARY] >= 0.0 else tick.out[0]
    if row[STANDBY] < 0.0 or link.ok >= 1.0:
        return 0.0
    given = behavior(link)
    bad = 1.0 - link.ok
    cut = min(link.failing, bad)
    late = min(link.timed_out, bad - cut)
    lost = cut * given.connection_attempts * given.connection_timeout_s
    return (lost + late * given.timeout_s) / bad
