"""A cache of limited size under skewed demand: what it holds, how often it is hit, how it warms up.

Che's approximation: a cache that evicts what was not asked for longest (LRU) holds a key if that
was asked for within the last T requests, where T is such that as many keys as fit are held. So the
whole cache is one number, and a warm-up is that number growing from 0 to T as requests come in:
after n of them a key of popularity p is held with probability 1 - exp(-p n).

Time is counted in requests here ("reach"): the hit ratio does not depend on how fast they come,
but for a time to live, which is the number of requests that come within it. Keys are binned by
rank, so that ten million cost as much as fifty.

Sources: H. Che, Y. Tung, Z. Wang, "Hierarchical Web caching systems: modeling, design and
experimental results" (2002); C. Fricker, P. Robert, J. Roberts, "A versatile and accurate
approximation for LRU cache performance" (2012); M. Garetto, E. Leonardi, V. Martina, "A unified
approach to the performance analysis of caching systems" (2016) for random eviction, first in
first out and times to live.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sandbox.kernels.compiled import compiled

LRU, RANDOM, LFU = range(3)
"""What is evicted: the least recently used, any (or the oldest: the same hit ratio), the least
frequently used (after long observation: all but the most popular are evicted)."""

COHORTS = 4  # parts of the keys that were emptied at different times
_EXACT = 24  # ranks that are a bin each
_RATIO = 1.2  # and how much larger each further bin is
_SAME = 1e-4  # of the reach: cohorts so alike are one


@lru_cache(maxsize=32)
def ranks(
    count: int, skew: float, hot_share: float = 0.0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(keys, share) by bin, the most popular first: how many keys, and the share of requests of one
    of them.

    `count` keys by Zipf's law, the i-th with i^-skew; one more key draws `hot_share` of all.
    """
    edges = [*range(1, min(_EXACT, count) + 1)]
    while edges[-1] < count:
        edges.append(min(max(edges[-1] + 1, round(edges[-1] * _RATIO)), count))
    last = np.array(edges, dtype=np.float64)
    first = np.concatenate(([1.0], last[:-1] + 1.0))
    keys = last - first + 1.0
    mass = np.where(keys == 1.0, last**-skew, _sum(first, last, skew))
    share = mass / mass.sum() / keys * (1.0 - hot_share)
    if hot_share > 0.0:
        at = int(np.searchsorted(-share, -hot_share))
        keys, share = np.insert(keys, at, 1.0), np.insert(share, at, hot_share)
    return keys, share


def _sum(first: NDArray[np.float64], last: NDArray[np.float64], skew: float) -> NDArray[np.float64]:
    """Sum of i^-skew from `first` to `last`, as an integral by the midpoint rule."""
    low, high = first - 0.5, last + 0.5
    if abs(skew - 1.0) < 1e-9:
        return np.log(high / low)
    return (high ** (1.0 - skew) - low ** (1.0 - skew)) / (1.0 - skew)


# ---------------------------------------------------------------- one key


@compiled
def held(policy, share, reach, ttl, spoil):
    """The probability that a key is in the cache, which is that of a hit.

    `share` of the requests are for it. It stays for `reach` requests after it was last asked for
    (LRU, LFU), or that long on average (RANDOM), and for `ttl` requests since it was stored;
    `spoil` invalidations come for each request (a write that deletes it).

    A key is alive for a time A from a miss on and then away for 1/share on average, so that it is
    held with probability share·A / (1 + share·A).
    """
    if share <= 0.0:
        return 0.0
    away = spoil * share
    if policy == RANDOM:
        ends = away + 1.0 / reach if reach > 0.0 else math.inf
        alive = _until(ends, ttl)
    elif reach <= 0.0:
        return 0.0
    elif math.isinf(ttl):
        gone = 1.0 + spoil
        return -math.expm1(-share * gone * reach) / gone
    else:
        # it lives for `reach` at least; then until a gap of that length between two requests,
        # which comes nearly at a constant rate, the mean of it all being (exp(p T) - 1) / p
        alive = _until(away, min(ttl, reach))
        if ttl > reach:
            x = share * reach
            more = (math.expm1(x) - x) / share if x < 300.0 else math.inf
            ends = away + (1.0 / more if more > 0.0 else math.inf)
            alive += math.exp(-away * reach) * _until(ends, ttl - reach)
    if math.isinf(alive):
        return 1.0
    return share * alive / (1.0 + share * alive)


@compiled
def _until(rate, most):
    """Mean of the lesser of an exponential time and a given one."""
    if rate <= 0.0:
        return most
    if math.isinf(rate):
        return 0.0
    return -math.expm1(-rate * most) / rate


# ---------------------------------------------------------------- all keys


@compiled
def holding(policy, keys, share, capacity, reach, ttl, spoil):
    """(keys held, share of the requests that hit) of a cache with room for `capacity` keys."""
    inside = hits = ranked = 0.0
    for b in range(keys.shape[0]):
        n = keys[b]
        if policy == LFU:  # the most popular alone stay
            n = min(n, max(capacity - ranked, 0.0))
            ranked += n
            if n <= 0.0:
                break
        h = held(policy, share[b], reach, ttl, spoil)
        inside += n * h
        hits += n * share[b] * h
        if h < 1e-12 and policy != LFU:
            break
    return inside, min(hits, 1.0)


@compiled
def characteristic(policy, keys, share, capacity, ttl, spoil, guess=0.0):
    """Che's characteristic time, in requests: the reach at which `capacity` keys are held.

    Infinite where all that is ever asked for fits. `guess` is where to begin: the last result.
    """
    if capacity <= 0.0:
        return 0.0
    if policy == LFU or holding(policy, keys, share, capacity, math.inf, ttl, spoil)[0] <= capacity:
        return math.inf
    low = guess if 0.0 < guess < math.inf else capacity
    high = low
    below = _over(policy, keys, share, capacity, low, ttl, spoil)
    above = below
    while below > 0.0:
        high, above = low, below
        low *= 0.5
        below = _over(policy, keys, share, capacity, low, ttl, spoil)
    while above < 0.0:
        low, below = high, above
        high *= 2.0
        above = _over(policy, keys, share, capacity, high, ttl, spoil)
    for _ in range(60):  # the Illinois rule on a bracket
        if high - low <= 1e-7 * high or above == below:
            break
        middle = (low * above - high * below) / (above - below)
        middle = min(max(middle, low + 1e-3 * (high - low)), high - 1e-3 * (high - low))
        over = _over(policy, keys, share, capacity, middle, ttl, spoil)
        if abs(over) <= 1e-9 * capacity:
            return middle
        if over > 0.0:
            high, above = middle, over
            below *= 0.5
        else:
            low, below = middle, over
            above *= 0.5
    return 0.5 * (low + high)


@compiled
def _over(policy, keys, share, capacity, reach, ttl, spoil):
    return holding(policy, keys, share, capacity, reach, ttl, spoil)[0] - capacity


# ---------------------------------------------------------------- warming up


@compiled
def full(weight, seen):
    """Make it one cohort that has seen all it ever needs."""
    for i in range(COHORTS):
        weight[i] = seen[i] = 0.0
    weight[0] = 1.0
    seen[0] = math.inf


@compiled
def flush(weight, seen, part):
    """Empty a `part` of the keys, whichever they are: a flush, or the shards that are lost."""
    part = min(max(part, 0.0), 1.0)
    if part <= 0.0:
        return
    _room(weight, seen)
    for i in range(COHORTS - 1, 0, -1):
        weight[i] = weight[i - 1] * (1.0 - part)
        seen[i] = seen[i - 1]
    weight[0], seen[0] = part, 0.0


@compiled
def warm(weight, seen, requests, reach):
    """Let so many requests come in: each cohort has seen more, up to the characteristic time."""
    for i in range(COHORTS):
        seen[i] = min(seen[i] + requests, reach)
    for i in range(COHORTS - 1):  # they stand from the last emptied to the first
        if weight[i + 1] > 0.0 and (
            seen[i] == seen[i + 1] or seen[i] >= (1.0 - _SAME) * seen[i + 1]
        ):
            _join(weight, seen, i)


@compiled
def _room(weight, seen):
    """Make the last cohort free: the two that have seen most alike become one."""
    if weight[COHORTS - 1] <= 0.0:
        return
    best, at = math.inf, COHORTS - 2
    for i in range(COHORTS - 1):
        unlike = weight[i] * weight[i + 1]
        if seen[i] < seen[i + 1]:
            unlike *= 1.0 - seen[i] / seen[i + 1]
        else:
            unlike = 0.0
        if unlike < best:
            best, at = unlike, i
    _join(weight, seen, at)


@compiled
def _join(weight, seen, i):
    both = weight[i] + weight[i + 1]
    if both > 0.0:
        # as much as is lacking to endless is nothing to average with
        if math.isinf(seen[i + 1]):
            seen[i] = seen[i] if weight[i] > weight[i + 1] else math.inf
        else:
            seen[i] = (weight[i] * seen[i] + weight[i + 1] * seen[i + 1]) / both
    weight[i] = both
    for k in range(i + 1, COHORTS - 1):
        weight[k], seen[k] = weight[k + 1], seen[k + 1]
    weight[COHORTS - 1] = seen[COHORTS - 1] = 0.0


@compiled
def warming(policy, keys, share, capacity, weight, seen, ttl, spoil):
    """(keys held, share of the requests that hit) over all cohorts."""
    inside = hits = 0.0
    for i in range(COHORTS):
        if weight[i] > 0.0:
            n, h = holding(policy, keys, share, capacity, seen[i], ttl, spoil)
            inside += weight[i] * n
            hits += weight[i] * h
    return inside, hits
