"""Quotas under random arrivals: per-second quotas, saved bursts and token buckets.

What a quota throttles is the excess to be expected from arrivals that vary, so that a load at 99 %
of a quota is throttled a little. `dispersion` is the variance of what arrives in a second over its
mean: 1 for Poisson requests of one unit, u for requests of u units each, more when bursty. In each
result accepted + throttled is what was offered. (A limit of concurrency is `erlang.erlang_b`.)
"""

import math

from sandbox.kernels.compiled import compiled

_ROOT_HALF = math.sqrt(0.5)
_PER_ROOT_2PI = 1.0 / math.sqrt(2.0 * math.pi)
_FAR = 6.0  # standard deviations of what arrives in a second
_A_REFILL = 1e-100  # tokens/s below which there is none: a rate divided by it is still a number


@compiled
def expected_excess(mean, limit, dispersion=1.0):
    """E[(N - limit)+] of an amount N with this mean and variance mean·dispersion.

    A normal approximation with Edgeworth's skewness term and the correction for counts in steps;
    against exact Poisson sums the error is below 0.4 % of the mean from a mean of 5 on, and below
    3 % from 0.5 on.
    """
    floor = max(mean - limit, 0.0)
    variance = mean * dispersion
    if variance <= 0.0 or limit <= 0.0:
        return floor
    deviation = math.sqrt(variance)
    z = (limit - mean) / deviation
    if abs(z) > 12.0:
        return floor
    density = _PER_ROOT_2PI * math.exp(-0.5 * z * z)
    above = 0.5 * math.erfc(z * _ROOT_HALF)
    step = dispersion / deviation
    excess = deviation * (density - z * above + density * step * (2.0 * z - step) / 12.0)
    return min(max(excess, floor), mean)


@compiled
def quota(rate_per_s, quota_per_s, dispersion=1.0, window_s=1.0):
    """(accepted, throttled) per second by a quota counted anew in each window."""
    excess = expected_excess(rate_per_s * window_s, quota_per_s * window_s, dispersion)
    throttled = min(excess / window_s, rate_per_s)
    return rate_per_s - throttled, throttled


@compiled
def burst(saved, rate_per_s, quota_per_s, most_saved, dt, dispersion=1.0):
    """(accepted, throttled, saved) by a per-second quota whose unused part is saved for bursts.

    `saved` and `most_saved` are amounts: DynamoDB keeps up to 300 s of the quota ("Burst and
    adaptive capacity", DynamoDB Developer Guide).
    """
    saved = min(saved, most_saved)
    unspent = saved + (quota_per_s - rate_per_s) * dt
    throttled = min(max(-unspent / dt, 0.0), rate_per_s)
    far = rate_per_s - quota_per_s > _FAR * math.sqrt(rate_per_s * dispersion)
    if dispersion > 0.0 and not far:  # far above the quota, every second takes all that is left
        # Next to empty the seconds differ: those above the quota are throttled, the others save.
        # What is throttled and what is then left hang together; solved for the end of the tick, or
        # long ticks would swing between too much and too little.
        low, high = throttled, rate_per_s
        for _ in range(50):
            left = min(max(unspent + throttled * dt, 0.0), most_saved)
            if expected_excess(rate_per_s, quota_per_s + left, dispersion) <= throttled:
                high = throttled
            else:
                low = throttled
            if high <= low or high - low < 1e-12 * rate_per_s:
                break
            throttled = 0.5 * (low + high)
        throttled = high
    accepted = rate_per_s - throttled
    saved = min(max(saved + (quota_per_s - accepted) * dt, 0.0), most_saved)
    return accepted, throttled, saved


@compiled
def token_bucket(tokens, rate_per_s, refill_per_s, depth, dt, dispersion=1.0):
    """(accepted, throttled, tokens) by a bucket of `depth` tokens filled at `refill_per_s`.

    Away from its steady state the bucket fills or drains at the difference of the rates; there it
    throttles the share of `bucket_loss`.
    """
    depth = max(depth, dispersion)
    tokens = min(max(tokens, 0.0), depth)
    if refill_per_s < _A_REFILL:
        throttled = max(rate_per_s - tokens / dt, 0.0)
        return rate_per_s - throttled, throttled, max(tokens - rate_per_s * dt, 0.0)
    if rate_per_s < 1e-12 * refill_per_s:
        return rate_per_s, 0.0, min(tokens + refill_per_s * dt, depth)
    loss, level = _steady(rate_per_s, refill_per_s, depth, dispersion)
    change = (refill_per_s - rate_per_s) * dt
    beyond = tokens + change - level
    if change < 0.0:
        beyond = -beyond
    if beyond < 0.0:
        return rate_per_s, 0.0, tokens + change
    part = min(beyond / abs(change), 1.0) if change != 0.0 else 1.0
    throttled = min(loss * part, rate_per_s)
    tokens = max(tokens + change + throttled * dt, 0.0)
    return rate_per_s - throttled, throttled, min(level, tokens)


@compiled
def bucket_loss(rate_per_s, refill_per_s, depth, dispersion=1.0):
    """What a token bucket throttles in the long run (per second).

    The tokens are a random walk between empty and full, with the decay of Lundberg's equation for
    Poisson arrivals; it is the queue M/D/1/K seen from the other side. Within 15 % of that for
    buckets of two tokens and more (20 % for one).
    """
    if refill_per_s < _A_REFILL:
        return rate_per_s
    if rate_per_s < 1e-12 * refill_per_s:
        return 0.0
    loss, _ = _steady(rate_per_s, refill_per_s, max(depth, dispersion), dispersion)
    return min(loss, rate_per_s)


@compiled
def _steady(rate, refill, depth, dispersion):
    """Loss per second and mean tokens in steady state."""
    rho = rate / refill
    if abs(1.0 - rho) < 1e-6:
        rho = 1.0 - 1e-6
    drift = refill * (1.0 - rho)
    turns = _decay(rho) * depth / dispersion
    if turns > 500.0:
        return 0.0, depth * (1.0 - 1.0 / turns)
    if turns < -500.0:
        return -drift, -depth / turns
    grown = math.expm1(turns)
    return drift / grown, depth * (1.0 - 1.0 / turns + 1.0 / grown)


@compiled
def _decay(rho):
    # The root other than 0 of rho (e^x - 1) = x, by Newton's method.
    x = -2.0 * math.log(rho) if rho < 1.0 else 1.0 / rho - rho
    if abs(x) > 50.0:
        return x  # nothing is lost, or all but the refill
    for _ in range(4):
        grown = math.expm1(x)
        x -= (rho * grown - x) / (rho * (grown + 1.0) - 1.0)
    return x
