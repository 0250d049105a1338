"""Latency mixtures in place: LATENCY records of up to four components with three cumulants.

Cumulants: mean `m` (s), variance `v` (s²), third `k` (s³).  Weights `w` sum to one.
"""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled

MOST = 4
SMALL = 1e-9  # a component of less weight than this is dropped


@compiled
def reset(a):
    """No time at all: one component at 0."""
    a.n = 1
    a.w[0] = 1.0
    a.m[0] = a.v[0] = a.k[0] = 0.0


@compiled
def empty(a):
    """No component: to be filled by `blend`."""
    a.n = 0


@compiled
def copy(a, b):
    """a := b."""
    a.n = b.n
    for i in range(b.n):
        a.w[i] = b.w[i]
        a.m[i] = b.m[i]
        a.v[i] = b.v[i]
        a.k[i] = b.k[i]


@compiled
def _join(a, i, w, m, v, k):
    """Merge a component of weight `w` into component `i`, keeping the raw moments."""
    p = a.w[i]
    t = p + w
    if t <= 0.0:
        return
    x = p / t
    y = w / t
    d = a.m[i] - m
    mixed = x * a.v[i] + y * v
    a.k[i] = x * a.k[i] + y * k + x * y * d * (3.0 * (a.v[i] - v) + (y - x) * d * d)
    a.v[i] = mixed + x * y * d * d
    a.m[i] = x * a.m[i] + y * m
    a.w[i] = t


@compiled
def add(a, w, m, v, k):
    """Add a component, in order of its mean; the closest two are merged when there is no room."""
    if w <= SMALL:
        return
    if a.n == MOST:
        # whom would it cost least to merge: the newcomer with a neighbour, or two that stand?
        best = -1
        cost = 1e300
        for i in range(MOST):
            d = (a.m[i] - m) ** 2 * a.w[i] * w / (a.w[i] + w)
            if d < cost:
                cost = d
                best = i
        pair = -1
        for i in range(MOST - 1):
            d = (a.m[i] - a.m[i + 1]) ** 2 * a.w[i] * a.w[i + 1] / (a.w[i] + a.w[i + 1])
            if d < cost:
                cost = d
                pair = i
        if pair < 0:
            _join(a, best, w, m, v, k)
            return
        _join(a, pair, a.w[pair + 1], a.m[pair + 1], a.v[pair + 1], a.k[pair + 1])
        for i in range(pair + 1, MOST - 1):
            a.w[i] = a.w[i + 1]
            a.m[i] = a.m[i + 1]
            a.v[i] = a.v[i + 1]
            a.k[i] = a.k[i + 1]
        a.n = MOST - 1
    j = a.n
    while j > 0 and a.m[j - 1] > m:
        a.w[j] = a.w[j - 1]
        a.m[j] = a.m[j - 1]
        a.v[j] = a.v[j - 1]
        a.k[j] = a.k[j - 1]
        j -= 1
    a.w[j] = w
    a.m[j] = m
    a.v[j] = v
    a.k[j] = k
    a.n += 1


@compiled
def blend(a, weight, b, shift_s):
    """Add mixture `b`, later by `shift_s`, with this weight: a branch, or the tick of a window."""
    for i in range(b.n):
        add(a, weight * b.w[i], b.m[i] + shift_s, b.v[i], b.k[i])


@compiled
def normalise(a):
    """Make the weights sum to one; an empty mixture becomes no time at all."""
    total = 0.0
    for i in range(a.n):
        total += a.w[i]
    if total <= 0.0:
        reset(a)
        return
    for i in range(a.n):
        a.w[i] /= total


@compiled
def follow(a, b, calls, shift_s, scratch):
    """a := a, then `calls` calls of (b + shift_s) one after the other (a share of them below 1)."""
    if calls <= 0.0:
        return
    if b.n == 1 and calls >= 1.0:
        m = calls * (b.m[0] + shift_s)
        for i in range(a.n):
            a.m[i] += m
            a.v[i] += calls * b.v[0]
            a.k[i] += calls * b.k[0]
        return
    empty(scratch)
    chance = min(1.0, calls)
    if calls > 1.0:
        m, v, k = cumulants(b)
        for i in range(a.n):
            add(
                scratch,
                a.w[i],
                a.m[i] + calls * (m + shift_s),
                a.v[i] + calls * v,
                a.k[i] + calls * k,
            )
    else:
        for i in range(a.n):
            add(scratch, a.w[i] * (1.0 - chance), a.m[i], a.v[i], a.k[i])
            for j in range(b.n):
                w = a.w[i] * b.w[j] * chance
                add(scratch, w, a.m[i] + b.m[j] + shift_s, a.v[i] + b.v[j], a.k[i] + b.k[j])
    normalise(scratch)
    copy(a, scratch)


@compiled
def cumulants(a):
    """(mean, variance, third cumulant) of the whole mixture."""
    m = 0.0
    for i in range(a.n):
        m += a.w[i] * a.m[i]
    v = 0.0
    k = 0.0
    for i in range(a.n):
        d = a.m[i] - m
        v += a.w[i] * (a.v[i] + d * d)
        k += a.w[i] * (a.k[i] + 3.0 * d * a.v[i] + d * d * d)
    return m, v, k


@compiled
def slower(a, b, shift_s):
    """a := the later of two independent answers, a and b + shift_s.

    Moments of the greater of two normals (Clark, "The greatest of a finite set of random
    variables", 1961), with the third cumulant of the one that is later on average: exact when one
    dominates, within a few per cent of the mean for like ones.
    """
    m1, v1, k1 = cumulants(a)
    m2, v2, k2 = cumulants(b)
    m2 += shift_s
    spread = math.sqrt(v1 + v2)
    if spread <= 1e-12:
        m, v = max(m1, m2), max(v1, v2)
    else:
        z = (m1 - m2) / spread
        density = math.exp(-0.5 * z * z) * 0.3989422804014327
        below = 0.5 * math.erfc(-z * 0.7071067811865476)
        m = m1 * below + m2 * (1.0 - below) + spread * density
        second = (
            (m1 * m1 + v1) * below + (m2 * m2 + v2) * (1.0 - below) + (m1 + m2) * spread * density
        )
        v = max(0.0, second - m * m)
    a.n = 1
    a.w[0] = 1.0
    a.m[0] = m
    a.v[0] = v
    a.k[0] = k1 if m1 >= m2 else k2
