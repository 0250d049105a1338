"""The compiled recorder: gathers every metric of a tick and rolls it up, in bounded memory.

`tape` is a named tuple of arrays, laid out by `history.py`:

addresses of M metrics (each an f8 somewhere in the nodes or states); the sums, least and greatest
of the present bucket; those of the whole run; per node its latency mixtures, weighted by arrivals
(those of clients by answers); the buckets that are full; and a ring of the newest ticks.

A node's mixtures stay the same for many ticks: they are taken down when they change, and until
then only their weight grows. What is kept of them in single precision are cumulants, for the
difference of raw moments would be noise.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import carray, types
from numba.extending import intrinsic

from sandbox.kernels.compiled import compiled, inlined
from sandbox.services.law import SOURCE, pointer

_TRACE = 1e-30  # a weight too small for the reciprocal
PARTS = 6  # four components of the whole latency, two of a node's own


class Tape(NamedTuple):
    """M metrics, N nodes, B buckets, R ticks of the ring.

    ``head``: i8 [ticks a bucket, ticks in the present bucket, full buckets, ring length, ticks].
    ``pace``: the same of the part of the diagram that is being advanced, and the bounds of its
    metrics.
    Of latencies there are weight and cumulants 1 to 3 (s, s², s³); but of the present bucket
    weight, and weight × raw moments 1 to 3.
    """

    head: np.ndarray
    pace: np.ndarray
    addresses: np.ndarray  # i8[M]
    now: np.ndarray  # f8[M]
    bucket: np.ndarray  # f8[3, M]: sum, least, greatest
    run: np.ndarray  # f8[3, M]
    bucket_latency: np.ndarray  # f8[N, PARTS, 4], but for the latency since it last changed:
    latency: np.ndarray  # f8[N, PARTS, 4], of weight 1
    pending: np.ndarray  # f8[N], its weight
    means: np.ndarray  # f4[B, M]
    leasts: np.ndarray
    greatests: np.ndarray
    latencies: np.ndarray  # f4[B, N, PARTS, 4]
    ring: np.ndarray  # f4[R, M]
    ring_latency: np.ndarray  # f4[R, N, PARTS, 4]

    def unfinished(self) -> tuple[np.ndarray, ...]:
        """What a tick changes, but for new rows."""
        latency = (self.bucket_latency, self.latency, self.pending)
        return (self.head, self.now, self.bucket, self.run, *latency)


@intrinsic
def _chosen(typing_context, which, one, other):
    """One of two numbers, without a branch, so that the compiler makes vectors of many such."""
    signature = types.float64(types.boolean, types.float64, types.float64)

    def generate(context, builder, signature, args):
        return builder.select(args[0], args[1], args[2])

    return signature, generate


@inlined
def _put(into, w, m, v, k):
    into[0] = w
    into[1] = m
    into[2] = v
    into[3] = k


@inlined
def _latency(into, io):
    """A node's mixtures, whole and own."""
    mix = io.latency
    for c in range(mix.n):
        _put(into[c], mix.w[c], mix.m[c], mix.v[c], mix.k[c])
    for c in range(mix.n, 4):
        _put(into[c], 0.0, 0.0, 0.0, 0.0)
    _put(into[4], 1.0 - io.wait_p, io.svc_m, io.svc_v, io.svc_k)
    m = io.svc_m + io.wait_m
    _put(into[5], io.wait_p, m, io.svc_v + io.wait_v, io.svc_k + io.wait_k)


@inlined
def _settle(tape, i):
    """Add to the bucket what has been pending."""
    weight = tape.pending[i]
    tape.pending[i] = 0.0
    if weight > 0.0:
        for part in range(PARTS):
            into, of = tape.bucket_latency[i, part], tape.latency[i, part]
            w, m, v, k = weight * of[0], of[1], of[2], of[3]
            into[0] += w
            into[1] += w * m
            into[2] += w * (v + m * m)
            into[3] += w * (k + 3.0 * m * v + m * m * m)


@inlined
def record(tape, nodes, order, dt):
    """Take down one tick of the nodes in `order`, which are a part of the diagram."""
    head = tape.pace
    begin, end = head[5], head[6]
    now = tape.now[begin:end]
    addresses = tape.addresses[begin:end]
    sums = tape.bucket[0, begin:end]
    least = tape.bucket[1, begin:end]
    most = tape.bucket[2, begin:end]
    count = end - begin
    for m in range(count):
        now[m] = carray(pointer(addresses[m]), 1, np.float64)[0]
    if head[1] == 0:
        for m in range(count):
            sums[m] = least[m] = most[m] = now[m]
    else:
        for m in range(count):
            value = now[m]
            sums[m] += value
            least[m] = _chosen(value < least[m], value, least[m])
            most[m] = _chosen(value > most[m], value, most[m])
    for i in order:
        io = nodes[i]
        if io.fresh != 0:
            _settle(tape, i)
            _latency(tape.latency[i], io)
        # the weight of an idle tick is next to nothing, so that a quiet window still has a latency
        asked = io.served if io.flags & SOURCE else io.arrivals
        tape.pending[i] += asked * dt + 1e-9
    head[1] += 1
    head[4] += 1
    if head[3] > 0:
        slot = (head[4] - 1) % head[3]
        row = tape.ring[slot, begin:end]
        for m in range(count):
            row[m] = now[m]
        for i in order:
            for part in range(PARTS):
                for x in range(4):
                    tape.ring_latency[slot, i, part, x] = tape.latency[i, part, x]
    if head[1] == head[0]:
        _close(tape, order)


@compiled
def _close(tape, order):
    """Put the present bucket away."""
    head = tape.pace
    begin, end = head[5], head[6]
    b = head[2]
    n = float(head[1])
    sums = tape.bucket[0, begin:end]
    least = tape.bucket[1, begin:end]
    most = tape.bucket[2, begin:end]
    means = tape.means[b, begin:end]
    leasts = tape.leasts[b, begin:end]
    greatests = tape.greatests[b, begin:end]
    run_sums = tape.run[0, begin:end]
    run_least = tape.run[1, begin:end]
    run_most = tape.run[2, begin:end]
    first = head[4] == head[1]
    for m in range(end - begin):
        means[m] = sums[m] / n
        leasts[m] = least[m]
        greatests[m] = most[m]
        if first:
            run_sums[m] = sums[m]
            run_least[m] = least[m]
            run_most[m] = most[m]
        else:
            run_sums[m] += sums[m]
            run_least[m] = min(run_least[m], least[m])
            run_most[m] = max(run_most[m], most[m])
    # loops, not slices: numba compiles those in a tenth of the time
    for i in order:
        _settle(tape, i)
        for part in range(PARTS):
            raw, row = tape.bucket_latency[i, part], tape.latencies[b, i, part]
            w = raw[0]
            share = 1.0 / w if w > _TRACE else 0.0
            m, m2, m3 = raw[1] * share, raw[2] * share, raw[3] * share
            _put(row, w, m, max(0.0, m2 - m * m), m3 - 3.0 * m * m2 + 2.0 * m * m * m)
            _put(raw, 0.0, 0.0, 0.0, 0.0)
    head[2] = b + 1
    head[1] = 0
