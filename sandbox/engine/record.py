"""The compiled recorder: gathers every metric of a tick and rolls it up, in bounded memory.

`tape` is a named tuple of arrays, laid out by `history.py`:

addresses of M metrics (each an f8 somewhere in the nodes or states); the sums, least and greatest
of the present bucket; those of the whole run; per node the weight and raw moments of its latency
mixtures, weighted by arrivals; the buckets that are full; and a ring of the newest ticks.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import carray

from sandbox.kernels.compiled import compiled
from sandbox.services.law import pointer

PARTS = 6  # four components of the whole latency, two of a node's own


class Tape(NamedTuple):
    """M metrics, N nodes, B buckets, R ticks of the ring.

    ``head``: i8 [ticks a bucket, ticks in the present bucket, full buckets, ring length, ticks].
    Moments are weight, and weight × raw moments 1 to 3 (s, s², s³).
    """

    head: np.ndarray
    addresses: np.ndarray  # i8[M]
    now: np.ndarray  # f8[M]
    bucket: np.ndarray  # f8[3, M]: sum, least, greatest
    run: np.ndarray  # f8[3, M]
    bucket_latency: np.ndarray  # f8[N, PARTS, 4]
    means: np.ndarray  # f4[B, M]
    leasts: np.ndarray
    greatests: np.ndarray
    latencies: np.ndarray  # f8[B, N, PARTS, 4]
    ring: np.ndarray  # f4[R, M]
    ring_latency: np.ndarray  # f4[R, N, PARTS, 4]


@compiled
def _moments(into, w, m, v, k):
    into[0] += w
    into[1] += w * m
    into[2] += w * (v + m * m)
    into[3] += w * (k + 3.0 * m * v + m * m * m)


@compiled
def _latency(into, io, weight):
    """Add a node's mixtures, whole and own, with this weight."""
    mix = io.latency
    for c in range(mix.n):
        _moments(into[c], weight * mix.w[c], mix.m[c], mix.v[c], mix.k[c])
    _moments(into[4], weight * (1.0 - io.wait_p), io.svc_m, io.svc_v, io.svc_k)
    if io.wait_p > 0.0:
        m = io.svc_m + io.wait_m
        _moments(into[5], weight * io.wait_p, m, io.svc_v + io.wait_v, io.svc_k + io.wait_k)


@compiled
def _clear(latency):
    for i in range(latency.shape[0]):
        for part in range(PARTS):
            for x in range(4):
                latency[i, part, x] = 0.0


@compiled
def record(tape, nodes, dt):
    """Take down one tick."""
    head = tape.head
    now = tape.now
    count = now.shape[0]
    for m in range(count):
        now[m] = carray(pointer(tape.addresses[m]), 1, np.float64)[0]
    sums = tape.bucket[0]
    least = tape.bucket[1]
    most = tape.bucket[2]
    if head[1] == 0:
        for m in range(count):
            sums[m] = least[m] = most[m] = now[m]
        _clear(tape.bucket_latency)
    else:
        # three loops of selections, not of min() and max(): so the compiler makes vectors of them
        for m in range(count):
            sums[m] += now[m]
        for m in range(count):
            least[m] = now[m] if now[m] < least[m] else least[m]
        for m in range(count):
            most[m] = now[m] if now[m] > most[m] else most[m]
    for i in range(nodes.shape[0]):
        io = nodes[i]
        # the weight of an idle tick is next to nothing, so that a quiet window still has a latency
        _latency(tape.bucket_latency[i], io, io.arrivals * dt + 1e-9)
    head[1] += 1
    head[4] += 1
    if head[3] > 0:
        slot = (head[4] - 1) % head[3]
        row = tape.ring[slot]
        for m in range(count):
            row[m] = now[m]
        for i in range(nodes.shape[0]):
            into = tape.ring_latency[slot, i]
            for part in range(PARTS):
                for x in range(4):
                    into[part, x] = 0.0
            _latency(into, nodes[i], 1.0)
    if head[1] == head[0]:
        _close(tape)


@compiled
def _close(tape):
    """Put the present bucket away."""
    head = tape.head
    b = head[2]
    n = float(head[1])
    sums = tape.bucket[0]
    least = tape.bucket[1]
    most = tape.bucket[2]
    first = head[4] == head[1]
    for m in range(sums.shape[0]):
        tape.means[b, m] = sums[m] / n
        tape.leasts[b, m] = least[m]
        tape.greatests[b, m] = most[m]
        if first:
            tape.run[0, m] = sums[m]
            tape.run[1, m] = least[m]
            tape.run[2, m] = most[m]
        else:
            tape.run[0, m] += sums[m]
            tape.run[1, m] = min(tape.run[1, m], least[m])
            tape.run[2, m] = max(tape.run[2, m], most[m])
    # loops, not slices: numba compiles those in a tenth of the time
    for i in range(tape.bucket_latency.shape[0]):
        for part in range(PARTS):
            for x in range(4):
                tape.latencies[b, i, part, x] = tape.bucket_latency[i, part, x]
    head[2] = b + 1
    head[1] = 0
