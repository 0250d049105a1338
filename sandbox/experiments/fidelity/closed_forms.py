"""Closed forms of queueing theory, as the textbooks have them, in plain Python.

Exact and slow on purpose: what the kernels approximate in constant time is checked against them.
Loads (`rho`) are per server; `servers` are whole numbers. Source: L. Kleinrock, "Queueing Systems",
volume 1 (1975), where nothing else is said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence


def erlang_b(servers: int, rho: float) -> float:
    """Share of arrivals lost by `servers` without a queue: A. K. Erlang's recursion (1917)."""
    inverse = 1.0
    for n in range(1, servers + 1):
        inverse = 1.0 + inverse * n / (servers * rho)
    return 1.0 / inverse


def erlang_c(servers: int, rho: float) -> float:
    """Share of arrivals that wait, with a queue without limit; rho < 1."""
    b = erlang_b(servers, rho)
    return b / (1.0 - rho * (1.0 - b))


def m_m_c_wait(servers: int, rho: float, service_s: float) -> float:
    """Mean wait (s) of M/M/c."""
    return erlang_c(servers, rho) * service_s / (servers * (1.0 - rho))


def m_m_c_percentile(servers: int, rho: float, service_s: float, p: float) -> float:
    """The p-quantile (s) of the response of M/M/c: service and, with Erlang's C, a wait."""
    mu = 1.0 / service_s
    theta = servers * mu * (1.0 - rho)
    c = erlang_c(servers, rho)

    def beyond(t: float) -> float:
        if abs(theta - mu) < 1e-9 * mu:
            both = (1.0 + mu * t) * math.exp(-mu * t)
        else:
            both = (theta * math.exp(-mu * t) - mu * math.exp(-theta * t)) / (theta - mu)
        return (1.0 - c) * math.exp(-mu * t) + c * both

    return quantile(beyond, p)


def pollaczek_khinchine(rho: float, service_s: float, cv2: float) -> float:
    """Mean wait (s) of M/G/1."""
    return rho * service_s * (1.0 + cv2) / (2.0 * (1.0 - rho))


def tandem_percentile(rates: Sequence[float], p: float) -> float:
    """The p-quantile (s) of a sum of exponentials of different rates (1/s).

    The time through M/M/1 stations in a row, one of rate μ - λ each: J. R. Jackson (1957), E. Reich
    (1957).
    """

    def beyond(t: float) -> float:
        found = 0.0
        for i, rate in enumerate(rates):
            others = (other for j, other in enumerate(rates) if j != i)
            weight = math.prod(other / (other - rate) for other in others)
            found += weight * math.exp(-rate * t)
        return found

    return quantile(beyond, p)


def finite_queue(servers: int, rho: float, places: int) -> tuple[float, float]:
    """(share lost, mean number waiting) of M/M/c with `places` to wait in, state by state."""
    logs = [0.0]
    for n in range(1, servers + places + 1):
        logs.append(logs[-1] + math.log(servers * rho / min(n, servers)))
    weights = [math.exp(log - max(logs)) for log in logs]
    whole = sum(weights)
    waiting = sum(w * max(n - servers, 0) for n, w in enumerate(weights)) / whole
    return weights[-1] / whole, waiting


def closed_loop(users: int, think_s: float, servers: int, service_s: float) -> tuple[float, float]:
    """(requests/s, mean response s) of users who think, ask and wait for the answer.

    The machine repairman: as many states as users, each with its rate of birth and of death.
    """
    weights = [1.0]
    for n in range(1, users + 1):
        asking = (users - n + 1) / think_s
        weights.append(weights[-1] * asking / (min(n, servers) / service_s))
    busy = sum(w * min(n, servers) for n, w in enumerate(weights)) / sum(weights)
    rate = busy / service_s
    return rate, users / rate - think_s


def poisson_excess(mean: float, limit: int) -> float:
    """Expected number beyond `limit` of a Poisson number of this mean."""
    log, least = -mean, 0.0
    for n in range(limit + 1):
        least += math.exp(log) * (limit - n)
        log += math.log(mean / (n + 1))
    return mean - limit + least


def quantile(beyond: Callable[[float], float], p: float) -> float:
    """Where a falling `beyond(t)` = P(T > t) comes down to 1 - p, by bisection."""
    low, high = 0.0, 1.0
    while beyond(high) > 1.0 - p:
        high *= 2.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if beyond(middle) > 1.0 - p else (low, middle)
    return high
