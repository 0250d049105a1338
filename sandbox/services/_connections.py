"""Connections that callers keep open to a cache or a database, whether they use them or not."""

from __future__ import annotations

from numba import carray

from sandbox.kernels.compiled import inlined
from sandbox.services.contract import link_record
from sandbox.services.law import NODE, SYNC, pointer
from sandbox.services.params import Parameters, param


class Pool(Parameters):
    """The caller's side of a link to what counts connections."""

    pool_size: float | None = param(
        None,
        "Connections that each instance of the caller keeps open (a function: each environment). "
        "Empty: one for each request under way.",
        ge=0,
        le=100_000,
        group="Connections",
        basic=True,
    )


POOL = link_record(Pool)


@inlined
def pooled(tick):
    """Connections kept open by all callers that have pools, at each node that they talk to."""
    nodes = carray(pointer(tick.world[0].nodes), tick.world[0].nodes_n, NODE)
    found = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode != SYNC or link.p_target == 0:
            continue
        size = carray(pointer(link.p_target), 1, POOL)[0].pool_size
        if size == size:
            found += size * nodes[link.source].instances
    return found
