"""A node with several queues: a database's writer and replicas, the shards of a cache."""

from __future__ import annotations

from sandbox.kernels.compiled import inlined
from sandbox.kernels.latency import (
    EXPONENTIAL,
    service_cumulants,
    station,
    theta,
    wait_cumulants,
)
from sandbox.kernels.mixture import add


@inlined
def pass_through(q, s, io, dt, share, rate, servers, each, places, lines):
    """Let one of the queues work for a tick: (done/s, rejected/s, busy servers, requests waiting).

    A server takes `each` s, exponential, for a request; `places` is the room to wait, `lines` the
    queues that wait apart.  `share` of the node's requests come here: what all wait is a mixture.
    """
    m, v, k = service_cumulants(EXPONENTIAL, each, 1.0)
    done, queue, busy, wait, p_wait, kc, rejected = station(
        q, rate, servers, each, dt, 1.0, theta(m, v, k), io.ca2, places, lines
    )
    io.done += done
    io.waiting += queue
    io.in_flight += q.level - queue
    m, v, k = wait_cumulants(wait, p_wait, kc)
    add(s.mix, share * p_wait, m, v, k)
    io.wait_p += share * p_wait
    return done, rejected, busy, queue
