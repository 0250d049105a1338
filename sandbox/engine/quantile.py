"""Percentiles of latency mixtures: the skew-blended gamma and lognormal fit, solved when asked."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sandbox.engine.native import use_cache
from sandbox.kernels.compiled import compiled

use_cache()


@compiled
def cdf(t, m, v, k):
    """P(T ≤ t) of one component with cumulants m (s), v (s²), k (s³).

    Between a gamma (Wilson and Hilferty) and a lognormal, by where the skewness lies between theirs.
    """
    if t <= 0.0:
        return 0.0
    if v <= 1e-12 * m * m:
        return 1.0 if t >= m else 0.0
    cv2 = v / (m * m)
    cv = math.sqrt(cv2)
    skew = k / (v * math.sqrt(v))
    lognormal = min(1.0, max(0.0, (skew - 2.0 * cv) / (cv + cv * cv2)))
    z = 0.0
    if lognormal > 0.0:
        s2 = math.log1p(cv2)
        z += lognormal * (math.log(t / m) + 0.5 * s2) / math.sqrt(s2)
    if lognormal < 1.0:
        z += (1.0 - lognormal) * ((t / m) ** (1.0 / 3.0) - 1.0 + cv2 / 9.0) * 3.0 / cv
    return 0.5 * math.erfc(-z * 0.7071067811865476)


@njit(error_model="numpy", nogil=True, cache=True)
def quantiles(w, m, v, k, p):
    """The p-quantile (s) of each row of mixtures [B, C]; 0 where a row has no weight.

    Bisection in log time, started at the last row's answer.
    """
    found = np.zeros(w.shape[0])
    for b in range(w.shape[0]):
        low = 1e300
        high = 0.0
        for c in range(w.shape[1]):
            if w[b, c] > 0.0:
                low = min(low, m[b, c])
                high = max(high, m[b, c] + 30.0 * math.sqrt(v[b, c]))
        if high <= 0.0:
            continue
        if b > 0 and w[b, 0] == w[b - 1, 0] and m[b, 0] == m[b - 1, 0] and _alike(w, m, v, k, b):
            found[b] = found[b - 1]
            continue
        low = math.log(max(1e-12, 1e-4 * low))
        high = math.log(high) + 1e-9
        while high - low > 1e-7:
            x = 0.5 * (low + high)
            t = math.exp(x)
            f = 0.0
            for c in range(w.shape[1]):
                if w[b, c] > 0.0:
                    f += w[b, c] * cdf(t, m[b, c], v[b, c], k[b, c])
            if f < p:
                low = x
            else:
                high = x
        found[b] = math.exp(0.5 * (low + high))
    return found


@compiled
def _alike(w, m, v, k, b):
    for c in range(w.shape[1]):
        if w[b, c] != w[b - 1, c] or m[b, c] != m[b - 1, c]:
            return False
        if v[b, c] != v[b - 1, c] or k[b, c] != k[b - 1, c]:
            return False
    return True
