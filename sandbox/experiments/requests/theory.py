"""Closed forms for a station by itself, and for a network of such stations.

Sources: Erlang (1917) for blocking and for the wait of M/M/c; Pollaczek (1930) and Khinchine (1932)
for M/G/1; L. Kleinrock, "Queueing Systems" I (1975), for M/M/c/K, for a finite number of users, and
for GI/M/1 with the root σ of σ = A*(μ(1-σ)); J. R. Jackson (1957) for networks, whose stations see
arrivals as if they were Poisson and by themselves.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

SERVERS_MOST = 1_000_000  # for which a recursion over the servers is worth its time
_QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


@dataclass(frozen=True, slots=True)
class Form:
    """A closed form: its name, what went into it, what it gives (s, shares; by metric), and what it
    takes for granted; where there is none, `why_not` says so and the rest is empty."""

    name: str
    inputs: tuple[tuple[str, str], ...] = ()
    values: tuple[tuple[str, float], ...] = ()
    assumes: str = ""
    why_not: str = ""

    def get(self, metric: str) -> float | None:
        return dict(self.values).get(metric)


def none(why: str) -> Form:
    return Form("", why_not=why)


def erlang_b(servers: int, load: float) -> float:
    """Share of arrivals that find all servers busy; `load` is in Erlang."""
    inverse = 1.0
    if load <= 0.0:
        return 0.0
    for n in range(1, servers + 1):
        inverse = 1.0 + inverse * n / load
        if math.isinf(inverse):
            return 0.0
    return 1.0 / inverse


def erlang_c(servers: int, load: float) -> float:
    """Share of arrivals that wait; 1 from a load of `servers` on."""
    if load >= servers:
        return 1.0
    blocked = erlang_b(servers, load)
    return servers * blocked / (servers - load * (1.0 - blocked))


def mmc(rate: float, service_s: float, servers: int) -> Form:
    """M/M/c: Poisson arrivals, exponential service, one queue."""
    load = rate * service_s
    name = f"M/M/{servers:,}" + (", Erlang C" if servers > 1 else "")
    inputs = _inputs(rate, service_s, servers)
    if load >= servers:
        return Form(name, inputs, why_not="the load is not less than the servers: no steady state")
    waits = erlang_c(servers, load)
    drain = (servers - load) / service_s
    wait = waits / drain

    def longer(t: float) -> float:
        """P(response > t)."""
        gap = servers - 1.0 - load
        x = t / service_s
        if gap * x < -1.0:  # the same, where the powers of one factor would be too large
            return math.exp(-x) + waits * (math.exp(-x) - math.exp(-(1.0 + gap) * x)) / gap
        middle = x if abs(gap * x) < 1e-9 else -math.expm1(-gap * x) / gap
        return math.exp(-x) * (1.0 + waits * middle)

    mean = wait + service_s
    values = [("wait", wait), ("waited", waits), ("mean", mean), *_percentiles(longer, mean)]
    values += [("utilization", load / servers), ("in_system", rate * mean)]
    return Form(name, inputs, tuple(values))


def mg1(rate: float, service_s: float, cv2: float, deterministic: bool = False) -> Form:
    """M/G/1 by Pollaczek and Khinchine: the mean only, whatever the shape of the service time."""
    name = "M/D/1" if deterministic else "M/G/1, Pollaczek–Khinchine"
    inputs = (*_inputs(rate, service_s, 1), ("cs²", f"{cv2:.3g}"))
    rho = rate * service_s
    if rho >= 1.0:
        return Form(name, inputs, why_not="the load is not less than one: no steady state")
    wait = 0.5 * rho * (1.0 + cv2) * service_s / (1.0 - rho)
    mean = wait + service_s
    values = (
        ("wait", wait),
        ("waited", rho),
        ("mean", mean),
        ("utilization", rho),
        ("in_system", rate * mean),
    )
    return Form(name, inputs, values)


def mmck(rate: float, service_s: float, servers: int, places: int) -> Form:
    """M/M/c/K: Poisson, exponential, `places` to wait in; whoever finds them taken is lost."""
    name = f"M/M/{servers:,}/{servers + places:,}"
    inputs = (*_inputs(rate, service_s, servers), ("places", f"{places:,}"))
    load = rate * service_s
    # weights of the states relative to that of all servers busy and nobody waiting
    free = [1.0]
    for n in range(servers, 0, -1):
        free.append(free[-1] * n / load)
        if free[-1] < 1e-300:
            break
    rho = load / servers
    queued = [rho**n for n in range(1, places + 1)]
    total = sum(free) + sum(queued)
    lost = (queued[-1] if places else 1.0) / total
    served = rate * (1.0 - lost)
    queue = sum(n * w for n, w in enumerate(queued, 1)) / total
    wait = queue / served
    waited = (1.0 + sum(queued[:-1])) / total / (1.0 - lost) if places else 0.0
    mean = wait + service_s
    values = (
        ("wait", wait),
        ("waited", waited),
        ("mean", mean),
        ("lost", lost),
        ("utilization", served * service_s / servers),
        ("in_system", served * mean),
    )
    return Form(name, inputs, values)


def finite_source(users: int, think_s: float, service_s: float, servers: int) -> Form:
    """M/M/c//N: so many users, each thinking, then waiting for the answer (machine repair)."""
    inputs = (
        ("N", f"{users:,}"),
        ("Z", f"{think_s:.4g} s"),
        ("s", f"{1e3 * service_s:.5g} ms"),
        ("c", f"{servers:,}"),
    )
    scaled, weights = 0.0, [0.0]  # logarithms: they span more than a number can
    for n in range(1, users + 1):
        scaled += math.log((users - n + 1) * service_s / (max(think_s, 1e-12) * min(n, servers)))
        weights.append(scaled)
    top = max(weights)
    chances = [math.exp(w - top) for w in weights]
    total = sum(chances)
    busy = sum(min(n, servers) * p for n, p in enumerate(chances)) / total
    level = sum(n * p for n, p in enumerate(chances)) / total
    mean = level * service_s / busy  # Little's law
    values = (
        ("wait", mean - service_s),
        ("mean", mean),
        ("utilization", busy / servers),
        ("in_system", level),
    )
    return Form(f"M/M/{servers:,}//{users:,}, finite source", inputs, values)


def loss_system(rate: float, service_s: float, servers: int) -> Form:
    """M/G/c/c, Erlang B: no queue; the share lost does not depend on the shape of the times."""
    load = rate * service_s
    lost = erlang_b(servers, load)
    busy = load * (1.0 - lost)
    values = (("lost", lost), ("utilization", busy / servers), ("in_system", busy))
    return Form(f"M/G/{servers:,}/{servers:,}, Erlang B", _inputs(rate, service_s, servers), values)


def in_turn(rate: float, service_s: float, queues: int) -> Form:
    """Round robin over single servers: each sees every n-th of Poisson arrivals, E_n/M/1."""
    name = f"E{queues:,}/M/1 (GI/M/1)"
    inputs = _inputs(rate, service_s, queues)
    rho = rate * service_s / queues
    if rho >= 1.0:
        return Form(name, inputs, why_not="the load is not less than the servers: no steady state")
    low, high = 0.0, rho
    for _ in range(200):  # σ = A*(μ(1-σ)); the root lies below ρ, as the gaps are more even
        root = 0.5 * (low + high)
        transform = (rate / (rate + (1.0 - root) / service_s)) ** queues
        low, high = (root, high) if transform > root else (low, root)
    mean = service_s / (1.0 - root)
    values = [("wait", mean - service_s), ("waited", root), ("mean", mean)]
    values += [(name_, -mean * math.log1p(-p)) for name_, p in _QUANTILES.items()]
    values += [("utilization", rho), ("in_system", rate * mean)]
    return Form(name, inputs, tuple(values))


def dealt_at_random(rate: float, service_s: float, queues: int, servers_each: int = 1) -> Form:
    """Random choice: each of the queues is M/M/c by itself."""
    one = mmc(rate / queues, service_s, servers_each)
    values = tuple((k, v * queues if k == "in_system" else v) for k, v in one.values)
    inputs = (("queues", f"{queues:,}"), *one.inputs)
    return Form(f"{queues:,} × M/M/{servers_each:,}", inputs, values, why_not=one.why_not)


def _inputs(rate: float, service_s: float, servers: int) -> tuple[tuple[str, str], ...]:
    load = rate * service_s / max(1, servers)
    return (
        ("λ", f"{rate:.5g}/s"),
        ("s", f"{1e3 * service_s:.5g} ms"),
        ("c", f"{servers:,}"),
        ("ρ", f"{load:.3f}"),
    )


def _percentiles(longer: Callable[[float], float], mean: float) -> list[tuple[str, float]]:
    found = []
    for name, p in _QUANTILES.items():
        low, high = 0.0, mean
        while longer(high) > 1.0 - p:
            high *= 2.0
        for _ in range(80):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if longer(middle) > 1.0 - p else (low, middle)
        found.append((name, high))
    return found
