"""Latency as a mixture of up to four components, each known by three cumulants.

A request waits or not, hits the cache or misses: each case is a component with a weight, a mean
(s), a variance (s²) and a third cumulant (s³). Along a synchronous path the cumulants of
independent stages add up, for each combination of cases; where there would be more than four, the
two most alike are merged, which keeps the first three moments of the whole exactly.

Weights need not sum to one (they may count requests). Percentiles are in `quantile.py`.
"""

import math

import numpy as np

from sandbox.kernels.compiled import compiled

COMPONENTS = 4

MIXTURE = np.dtype(
    [("n", "i8")] + [(name, "f8", (COMPONENTS,)) for name in ("w", "m", "v", "k")], align=True
)
"""`n` components with weight `w` and cumulants `m` s, `v` s², `k` s³. All zero: nothing."""


@compiled
def clear(mix):
    """Make it the mixture of nothing."""
    mix.n = 0


@compiled
def single(mix, mean, variance=0.0, third=0.0):
    """Make it one component of weight 1."""
    mix.n = 1
    _put(mix, 0, 1.0, mean, variance, third)


@compiled
def copy(out, mix):
    """Make `out` the same as `mix`."""
    out.n = mix.n
    for i in range(mix.n):
        _put(out, i, mix.w[i], mix.m[i], mix.v[i], mix.k[i])


@compiled
def add(mix, weight, mean, variance, third):
    """Add a component; if there are four already, merge the two most alike of the five."""
    if weight <= 0.0:
        return
    n = mix.n
    if n < COMPONENTS:
        _put(mix, n, weight, mean, variance, third)
        mix.n = n + 1
        return
    best, first, second = math.inf, 0, -1
    for i in range(COMPONENTS):
        wi, mi, vi = mix.w[i], mix.m[i], mix.v[i]
        unlike = _unlikeness(wi, mi, vi, weight, mean, variance)
        if unlike < best:
            best, first, second = unlike, i, -1
        for j in range(i):
            unlike = _unlikeness(wi, mi, vi, mix.w[j], mix.m[j], mix.v[j])
            if unlike < best:
                best, first, second = unlike, j, i
    if second < 0:
        _merge(mix, first, weight, mean, variance, third)
    else:
        _merge(mix, first, mix.w[second], mix.m[second], mix.v[second], mix.k[second])
        _put(mix, second, weight, mean, variance, third)


@compiled
def blend(out, mix, weight=1.0):
    """Add a branch: `mix`, taken with the given weight. Begin with `clear(out)`."""
    for i in range(mix.n):
        add(out, weight * mix.w[i], mix.m[i], mix.v[i], mix.k[i])


@compiled
def gather(out, mix, weight=1.0):
    """Blend a mixture of the same make as those before, component by component.

    For windows over ticks, where the i-th component means the same in each; a mixture with another
    number of components is blended in.
    """
    if out.n != mix.n:
        blend(out, mix, weight)
        return
    for i in range(mix.n):
        if weight * mix.w[i] > 0.0:
            _merge(out, i, weight * mix.w[i], mix.m[i], mix.v[i], mix.k[i])


@compiled
def compose(out, a, b):
    """One stage after the other: the sum of two independent latencies. `out` is neither of them."""
    out.n = 0
    for i in range(a.n):
        for j in range(b.n):
            add(out, a.w[i] * b.w[j], a.m[i] + b.m[j], a.v[i] + b.v[j], a.k[i] + b.k[j])


@compiled
def halve(mix):
    """Down to two components, for a product with two others: three or four, cut where the means,
    in order, lie furthest apart for the weight that is on the lighter side."""
    for i in range(1, mix.n):  # a few, and mostly in order already
        j = i
        while j > 0 and mix.m[j - 1] > mix.m[j]:
            _swap(mix, j)
            j -= 1
    total = weight(mix)
    cut, widest, below = 1, -1.0, 0.0
    for i in range(1, mix.n):
        below += mix.w[i - 1]
        gap = (mix.m[i] - mix.m[i - 1]) * min(below, total - below, 0.02 * total)
        if gap > widest:
            cut, widest = i, gap
    for i in range(1, cut):
        _merge(mix, 0, mix.w[i], mix.m[i], mix.v[i], mix.k[i])
    for i in range(cut + 1, mix.n):
        _merge(mix, cut, mix.w[i], mix.m[i], mix.v[i], mix.k[i])
    if cut > 1:
        _put(mix, 1, mix.w[cut], mix.m[cut], mix.v[cut], mix.k[cut])
    mix.n = 2


@compiled
def _swap(mix, i):
    w, m, v, k = mix.w[i], mix.m[i], mix.v[i], mix.k[i]
    _put(mix, i, mix.w[i - 1], mix.m[i - 1], mix.v[i - 1], mix.k[i - 1])
    _put(mix, i - 1, w, m, v, k)


@compiled
def shift(mix, mean, variance=0.0, third=0.0):
    """Add an independent stage with these cumulants, the same in all cases, in place."""
    for i in range(mix.n):
        mix.m[i] += mean
        mix.v[i] += variance
        mix.k[i] += third


@compiled
def respond(out, mean, variance, third, p_wait, wait_mean, wait_variance, wait_third):
    """The response of a station: its service time, and with probability `p_wait` a wait before it.

    Two components, or one where waiting adds less than 2 % to mean and deviation alike.
    """
    out.n = 0
    added = p_wait * (wait_variance + wait_mean * wait_mean)
    if p_wait <= 0.0 or (p_wait * wait_mean < 0.02 * mean and added < 0.02 * variance):
        single(out, mean, variance, third)
        if p_wait > 0.0:
            wait = _joint(1.0 - p_wait, 0.0, 0.0, 0.0, p_wait, wait_mean, wait_variance, wait_third)
            shift(out, *wait[1:])
        return
    add(out, 1.0 - p_wait, mean, variance, third)
    add(out, p_wait, mean + wait_mean, variance + wait_variance, third + wait_third)


@compiled
def repeat(out, mix, calls):
    """The sum of `calls` independent latencies, in order; a fraction is a probability.

    Up to two calls as a mixture, more as one component with exact cumulants. `mix` has weight 1;
    `out` is another.
    """
    out.n = 0
    if calls <= 1.0:
        add(out, 1.0 - calls, 0.0, 0.0, 0.0)
        blend(out, mix, calls)
        return
    if calls <= 2.0:
        blend(out, mix, 2.0 - calls)
        for i in range(mix.n):
            for j in range(mix.n):
                weight = mix.w[i] * mix.w[j] * (calls - 1.0)
                m, v, k = mix.m[i] + mix.m[j], mix.v[i] + mix.v[j], mix.k[i] + mix.k[j]
                add(out, weight, m, v, k)
        return
    mean, variance, third = cumulants(mix)
    part = calls - math.floor(calls)
    chance = part * (1.0 - part)
    single(
        out,
        calls * mean,
        calls * variance + chance * mean * mean,
        calls * third + chance * mean * (3.0 * variance + (1.0 - 2.0 * part) * mean * mean),
    )


@compiled
def parallel(out, a, b):
    """The longer of two independent latencies, approximately. `out` is neither of them.

    The moments of the shorter and the longer add up to those of the two, which gives the tail; the
    shorter is taken as that of two Weibull latencies with the same variability. Exact for
    exponentials and constants; else the mean is within about 3 % and the deviation within 15 %.
    """
    out.n = 0
    for i in range(a.n):
        for j in range(b.n):
            m, v, k = _longer(a.m[i], a.v[i], a.k[i], b.m[j], b.v[j], b.k[j])
            add(out, a.w[i] * b.w[j], m, v, k)


@compiled
def weight(mix):
    """The sum of the weights."""
    total = 0.0
    for i in range(mix.n):
        total += mix.w[i]
    return total


@compiled
def whole(mix):
    """Make the weights sum to one; the mixture of nothing becomes no time at all."""
    total = weight(mix)
    if total <= 0.0:
        single(mix, 0.0)
        return
    for i in range(mix.n):
        mix.w[i] /= total


@compiled
def mean(mix):
    """The mean (s); 0 for the mixture of nothing."""
    total = 0.0
    first = 0.0
    for i in range(mix.n):
        total += mix.w[i]
        first += mix.w[i] * mix.m[i]
    return first / total if total > 0.0 else 0.0


@compiled
def cumulants(mix):
    """The first three cumulants (s, s², s³) of the whole; zeros for the mixture of nothing."""
    w, m, v, k = 0.0, 0.0, 0.0, 0.0
    for i in range(mix.n):
        if mix.w[i] > 0.0:
            w, m, v, k = _joint(w, m, v, k, mix.w[i], mix.m[i], mix.v[i], mix.k[i])
    return m, v, k


@compiled
def _put(mix, i, weight, mean, variance, third):
    mix.w[i] = weight
    mix.m[i] = mean
    mix.v[i] = variance
    mix.k[i] = third


@compiled
def _merge(mix, i, weight, mean, variance, third):
    w, m, v, k = _joint(mix.w[i], mix.m[i], mix.v[i], mix.k[i], weight, mean, variance, third)
    _put(mix, i, w, m, v, k)


@compiled
def _joint(w1, m1, v1, k1, w2, m2, v2, k2):
    """Weight and cumulants of two components taken as one."""
    w = w1 + w2
    f = w2 / w
    d = m2 - m1
    spread = f * (1.0 - f) * d
    v = v1 + f * (v2 - v1) + spread * d
    k = k1 + f * (k2 - k1) + spread * (3.0 * (v2 - v1) + (1.0 - 2.0 * f) * d * d)
    return w, m1 + f * d, v, k


@compiled
def _unlikeness(w1, m1, v1, w2, m2, v2):
    # What a merger would blur, without unit, so that short latencies count as much as long ones.
    d = m1 - m2
    scale = (w1 + w2) * (m1 + m2) * (m1 + m2)
    return w1 * w2 * (d * d + abs(v1 - v2)) / scale if scale > 1e-30 else 0.0


@compiled
def _longer(m1, v1, k1, m2, v2, k2):
    """Cumulants of the longer of two latencies."""
    if m1 <= 0.0:
        return m2, v2, k2
    if m2 <= 0.0:
        return m1, v1, k1
    if m1 > m2:
        m1, v1, k1, m2, v2, k2 = m2, v2, k2, m1, v1, k1
    c1, c2 = v1 / (m1 * m1), v2 / (m2 * m2)
    t1, t2 = 1.0 + 3.0 * c1 + k1 / (m1 * m1 * m1), 1.0 + 3.0 * c2 + k2 / (m2 * m2 * m2)
    # The Weibull shape that varies as much (Justus and others, 1978).
    shape = max(0.5 * (c1 + c2), 1e-4) ** -0.543
    ratio = (m1 / m2) ** shape
    shorter = m1 * (1.0 + ratio) ** (-1.0 / shape)
    longer = m1 + m2 - shorter
    other = ratio / (1.0 + ratio)  # how often the shorter is the one with the greater mean
    second = m1 * m1 * (1.0 + c1) + m2 * m2 * (1.0 + c2)
    second -= shorter * shorter * (1.0 + c1 + other * (c2 - c1))
    third = m1 * m1 * m1 * t1 + m2 * m2 * m2 * t2
    third -= shorter * shorter * shorter * (t1 + other * (t2 - t1))
    variance = max(second - longer * longer, 0.0)
    k = third - 3.0 * longer * second + 2.0 * longer * longer * longer
    return longer, variance, max(k, 0.0)
