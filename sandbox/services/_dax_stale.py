"""How many answers of a cache are out of date, where somebody writes around it.

An entry is stored when it is missed, and lives for its time to live; writes through the cache
renew it at a rate v, writes around it spoil it at a rate w, both at random.  A hit finds it at any
age alike, so that it is old with probability

1 - ((1 - e^-(v+w)T) / (v+w)) / ((1 - e^-vT) / v)

which is 1 - (1 - e^-wT) / (wT) if nobody writes through the cache.
"""

from __future__ import annotations

import math

from sandbox.kernels.cache import LRU, held
from sandbox.kernels.compiled import compiled


@compiled
def out_of_date(around, through, ttl_s):
    """The share of the hits of one key that find an old value; writes in 1/s."""
    if around <= 0.0:
        return 0.0
    if math.isinf(ttl_s):
        return around / (around + through)
    both = around + through
    fresh = -math.expm1(-both * ttl_s) / both
    whole = -math.expm1(-through * ttl_s) / through if through > 0.0 else ttl_s
    return max(0.0, 1.0 - fresh / whole)


@compiled
def out_of_date_of_all(table, reach, ttl, around, through, ttl_s):
    """The share of all reads that are answered with an old value, over a table of keys.

    `reach` and `ttl` are counted in requests, see `kernels.cache`.
    """
    bins = int(table[0])
    found = 0.0
    for b in range(bins):
        share = table[1 + bins + b]
        hit = held(LRU, share, reach, ttl, 0.0)
        found += table[1 + b] * share * hit * out_of_date(around * share, through * share, ttl_s)
    return min(found, 1.0)
