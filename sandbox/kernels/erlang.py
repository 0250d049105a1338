"""Erlang's formulas for any number of servers, in constant time.

The number of servers may be any positive number, as a mean over instances that come and go is, and
as Hayward's approximation of bursty arrivals asks for. The load per server, ρ, may exceed one.

Up to eight servers by the recursion of Erlang B, exact for whole numbers and within 1 % for
fractions. Beyond by the uniform
expansion in α = √(2c(ρ-1-ln ρ)): N. M. Temme, "Asymptotic inversion of incomplete gamma functions"
(1992); A. J. E. M. Janssen, J. S. H. van Leeuwaarden, B. Zwart, "Gaussian expansions and bounds for
the Poisson distribution applied to the Erlang B formula" (2008). Its wait probability is off by at
most 0.0016, and the mean response by 0.1 %.
"""

import math

from sandbox.kernels.compiled import compiled

_ROOT_2PI = math.sqrt(2.0 * math.pi)
_FEW = 8.0  # servers up to which the recursion is exact and cheap
_FAR = 26.0  # α beyond which nobody waits: e^(α²/2) > 1e146


@compiled
def inverse_b(servers, rho):
    """1 / B: the inverse of the share of arrivals lost by `servers` that have no queue (Erlang B).

    `rho` > 0 is the load offered to each server. Infinite where the share is below 1e-146.
    """
    return _recursion(servers, rho) if servers <= _FEW else _expansion(servers, rho)


@compiled
def _recursion(servers, rho):
    per_load = 1.0 / (servers * rho)
    whole = int(servers)
    rest = servers - whole
    inverse = 1.0
    if rest > 0.0:
        # Between 1 and 1 + 1/load, with the right limits for light and for heavy load.
        light = 0.5614594835668851 + 0.4385405164331149 * rest
        inverse = (1.0 + per_load * (light * per_load + 1.0) / (1.0 + per_load)) ** rest
    for n in range(whole):
        inverse = 1.0 + inverse * ((rest + n + 1.0) * per_load)
    return inverse


@compiled
def _expansion(servers, rho):
    gap = 1.0 - rho
    root = math.sqrt(servers)
    if abs(gap) < 0.05:
        # The power series of α and of the next term: 1 - 1/gap + √c/α cancels near ρ = 1.
        series = 2 / 3 + gap * (1 / 2 + gap * (2 / 5 + gap * (1 / 3 + gap * (2 / 7))))
        slope = math.sqrt(1.0 + gap * series)
        alpha = gap * slope * root
        second = 1.0 - series / ((slope + 1.0) * slope)
    else:
        alpha = math.copysign(math.sqrt(2.0 * servers * (-gap - math.log(rho))), gap)
        second = 1.0 - 1.0 / gap + root / alpha
    if alpha > _FAR:
        return math.inf
    return root * _normal_odds(alpha) * (1.0 + 1.0 / (12.0 * servers)) + second


@compiled
def erlang_b(servers, rho):
    """Share of arrivals that find all servers busy and are lost, when there is no queue."""
    return min(1.0 / inverse_b(servers, rho), 1.0) if rho > 0.0 else 0.0


@compiled
def erlang_c(servers, rho):
    """Share of arrivals that wait, when there is a queue without limit; 1 from ρ = 1 on."""
    if rho >= 1.0:
        return 1.0
    if rho <= 0.0:
        return 0.0
    return 1.0 / (rho + (1.0 - rho) * inverse_b(servers, rho))


@compiled
def _normal_odds(alpha):
    # Φ(α)/φ(α), with Mills' ratio by the algebraic form of Boyd (1959), within 0.7 %.
    away = abs(alpha)
    ratio = 1.0 / (
        0.6816901138162093 * away + 0.3183098861837907 * math.sqrt(away * away + 2.0 * math.pi)
    )
    if alpha < 0.0:
        return ratio
    return _ROOT_2PI * math.exp(0.5 * alpha * alpha) - ratio


@compiled
def finite_queue(servers, rho, places, burstiness):
    """The steady state of `servers` with `places` to wait in, at any load `rho` offered to each.

    (busy, queue, p_wait, spread, variance): share of the servers that is busy, mean number waiting,
    share of the accepted that wait, squared coefficient of variation of the wait of those who do,
    and variance of the number waiting while all are busy. M/M/c/K, whose queue is geometric with
    ratio ρ; `burstiness` (the mean wait over that of M/M/c, for the same share that waits) makes
    the ratio ρ^(1/burstiness), and an endless queue then as long as it should be. What is lost is
    1 - busy/rho of the arrivals.
    """
    if rho < 1e-12:
        return rho, 0.0, 0.0, 1.0, 0.0
    if abs(1.0 - rho) < 1e-9:
        rho = 1.0 - 1e-9
    blocked = erlang_b(servers, rho)
    idle = max(1.0 - rho + rho * blocked, 0.0)
    decay = abs(math.log(rho)) / burstiness
    mean, variance = _truncated_geometric(decay, places - 1.0)
    # Weights relative to those of the states without a queue: all busy and nobody waiting, some
    # waiting, and some waiting but a place left.
    ratio = rho / abs(1.0 - rho)
    none = 1.0
    some = ratio * -math.expm1(-decay * places)
    less = ratio * -math.expm1(-decay * max(places - 1.0, 0.0))
    scale = 1.0
    if rho > 1.0:
        # The same sums read from the full end, all divided by the weight of a full queue.
        scale = math.exp(-decay * places)
        mean = places - 1.0 - mean
        none = scale
        less = ratio * (math.exp(-decay * min(places, 1.0)) - scale)
    accepted = blocked * (min(places, 1.0) * none + less)
    all_ = (1.0 - blocked) * scale + blocked * (none + some)
    busy = min(1.0 - idle * scale / all_, 1.0, rho)
    queue = min(blocked * some * (1.0 + mean) / all_, places)
    let_in = (1.0 - blocked) * scale + accepted
    # Far beyond its capacity the weights vanish, and whoever is let in waits.
    p_wait = accepted / let_in if let_in > 0.0 else 1.0
    ahead = 1.0 + max(mean, 0.0)
    return busy, queue, p_wait, (ahead + variance) / (ahead * ahead), variance


@compiled
def _truncated_geometric(decay, last):
    """Mean and variance of j = 0 … last with weights e^(-decay·j)."""
    count = last + 1.0
    if last <= 0.0:
        return 0.0, 0.0
    if decay * count < 1e-4:
        return 0.5 * last, last * (last + 2.0) / 12.0
    gap = -math.expm1(-decay)
    tail = math.exp(-decay * count)
    rest = -math.expm1(-decay * count)
    mean = (1.0 - gap) / gap - count * tail / rest
    variance = (1.0 - gap) / (gap * gap) - count * count * tail / (rest * rest)
    return max(mean, 0.0), max(variance, 0.0)
