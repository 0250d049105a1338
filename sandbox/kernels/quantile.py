"""Percentiles of latency mixtures, and the share that is answered in time.

Each component's distribution is a blend, by its skewness, of a gamma (in Wilson and Hilferty's
cube-root form, 1931) and a lognormal with the same three cumulants; it was fitted on simulated
stations, tandems and branches, where percentiles came out within 3 % on average (some p99 of
bursty arrivals with heavy-tailed service within 15 %).

Solving costs about a microsecond: do it where a percentile is shown, not each tick.
"""

import math

import numpy as np

from sandbox.kernels.compiled import compiled
from sandbox.kernels.mixture import add, clear, single, weight

_ROOT_HALF = math.sqrt(0.5)
_PER_ROOT_2PI = 1.0 / math.sqrt(2.0 * math.pi)
_SHORTEST = 1e-9  # s; shorter is no time at all
_CLOSE = 2e-5  # a step of Newton's after which what is wrong is of the order of its square
_LEAST_CV = 1e-3  # of a constant, so that there is a slope to follow
_ALL = 1.0 - 1e-6  # a share that is as good as all
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)


@compiled
def cdf(mix, t):
    """The share that is answered within `t` seconds; nan for the mixture of nothing."""
    x = math.log(t) if t > _SHORTEST else math.log(_SHORTEST)
    below, above, _ = _sums(mix.n, mix.w, mix.m, mix.v, mix.k, x)
    return below / (below + above) if below + above > 0.0 else math.nan


@compiled
def beyond(m, v, k, t):
    """The share above `t` seconds of one component with these cumulants."""
    return _point(math.log(max(t, _SHORTEST)), m, v, k)[1]


@compiled
def within(out, mix, limit):
    """The share of `mix` that is answered within `limit` s; `out` becomes the latency of that part.

    The moments of a component that is cut are those of its distribution, by Gauss's quadrature of
    E[Xⁿ; X ≤ t] = tⁿ F(t) - ∫ n xⁿ⁻¹ F(x) dx. `out` is another than `mix`, and has weight 1.
    """
    clear(out)
    total = weight(mix)
    x = math.log(max(limit, _SHORTEST))
    found = 0.0
    for i in range(mix.n):
        w, m, v, k = mix.w[i] / total, mix.m[i], mix.v[i], mix.k[i]
        share = _point(x, m, v, k)[0]
        found += w * share
        if share < _ALL:
            m, v, k = _cut(m, v, k, limit, share)
        add(out, w * share, m, v, k)
    if found < 1e-300:
        single(out, limit)
        return 0.0
    for i in range(out.n):
        out.w[i] /= found
    return min(found, 1.0)


@compiled
def _cut(m, v, k, limit, share):
    """Cumulants of what lies below `limit` of one component."""
    if share < 1e-290:
        return limit, 0.0, 0.0
    low = min(max(m - 10.0 * math.sqrt(max(v, 0.0)), 0.0), 0.999 * limit)
    half = 0.5 * (limit - low)
    first = second = third = 0.0
    for j in range(_NODES.size):
        x = low + half * (1.0 + _NODES[j])
        f = _WEIGHTS[j] * half * _point(math.log(max(x, _SHORTEST)), m, v, k)[0] / share
        first += f
        second += 2.0 * x * f
        third += 3.0 * x * x * f
    mean = min(max(limit - first, low), limit)
    square = limit * limit - second
    variance = max(square - mean * mean, 0.0)
    cube = limit * limit * limit - third
    return mean, variance, cube - 3.0 * mean * square + 2.0 * mean * mean * mean


@compiled
def quantile(mix, p, guess=0.0):
    """The latency (s) within which the share `p` is answered; nan for the mixture of nothing.

    `p` is above 0 and below 1.
    `guess`, if above zero, is where to begin: the answer of the last tick, say.
    """
    return _solve(mix.n, mix.w, mix.m, mix.v, mix.k, p, guess)


@compiled
def quantiles(w, m, v, k, p):
    """The percentile `p` of many mixtures: one a row of the (rows, components) f8 arrays.

    Components of weight zero count as absent. Each row begins at the answer of the one before, so
    that a series in time is cheap.
    """
    out = np.empty(w.shape[0])
    guess = 0.0
    for i in range(w.shape[0]):
        out[i] = _solve(w.shape[1], w[i], m[i], v[i], k[i], p, guess)
        guess = out[i] if out[i] > 0.0 else 0.0
    return out


@compiled
def _solve(n, w, m, v, k, p, guess):
    """Newton's method on the logarithms of time and of the nearer tail, kept between bounds."""
    total = 0.0
    mean = 0.0
    longest = 0.0
    at_once = 0.0
    for i in range(n):
        if w[i] > 0.0:
            at_once += w[i] if m[i] <= _SHORTEST else 0.0
            total += w[i]
            mean += w[i] * m[i]
            longest = max(longest, m[i] + 50.0 * math.sqrt(max(v[i], 0.0)))
    if total <= 0.0:
        return math.nan
    if at_once >= p * total:
        return 0.0
    least = low = math.log(_SHORTEST)
    high = math.log(max(2.0 * longest, 2.0 * _SHORTEST))
    x = math.log(guess) if guess > 0.0 else math.log(max(mean / total, _SHORTEST))
    for _ in range(80):
        if not low < x < high:
            x = 0.5 * (low + high)
        below, above, slope = _sums(n, w, m, v, k, x)
        if below < p * total:
            low = x
        else:
            high = x
        if high - low < 1e-9:
            break
        if slope <= 0.0 or below <= 0.0 or above <= 0.0:
            x = 0.5 * (low + high)  # too far out for a slope: halve
            continue
        if p > 0.5:
            step = above * math.log(above / ((1.0 - p) * total)) / slope
        else:
            step = -below * math.log(below / (p * total)) / slope
        x += min(max(step, -2.0), 2.0)
        if abs(step) < _CLOSE:
            break
    if x - least < 1e-6:  # so many at no time at all, though none of the components is
        return 0.0
    return math.exp(x)


@compiled
def _sums(n, w, m, v, k, x):
    """Weights below and above t = e^x, and the slope of the former by x."""
    below = 0.0
    above = 0.0
    slope = 0.0
    for i in range(n):
        if w[i] > 0.0:
            f, s, d = _point(x, m[i], v[i], k[i])
            below += w[i] * f
            above += w[i] * s
            slope += w[i] * d
    return below, above, slope


@compiled
def _point(x, m, v, k):
    """Shares below and above e^x of one component, and the slope by x."""
    if m <= _SHORTEST:
        return 1.0, 0.0, 0.0
    cv = max(math.sqrt(max(v, 0.0)) / m, _LEAST_CV)
    cv2 = cv * cv
    y = x - math.log(m)
    skew = k / (m * m * m * cv2 * cv)
    share = min(max((skew - 2.0 * cv) / (cv + cv * cv2), 0.0), 1.0)
    z = 0.0
    dz = 0.0
    if share > 0.0:
        s2 = math.log1p(cv2)
        per_s = share / math.sqrt(s2)
        z += (y + 0.5 * s2) * per_s
        dz += per_s
    if share < 1.0:
        root = math.exp(y * (1.0 / 3.0))
        per_cv = (1.0 - share) / cv
        z += (root - 1.0 + cv2 * (1.0 / 9.0)) * 3.0 * per_cv
        dz += root * per_cv
    half = 0.5 * math.erfc(abs(z) * _ROOT_HALF)
    slope = dz * _PER_ROOT_2PI * math.exp(-0.5 * z * z)
    if z > 0.0:
        return 1.0 - half, half, slope
    return half, 1.0 - half, slope
