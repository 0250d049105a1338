"""What queueing theory knows in closed form, through the engine or a kernel."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from functools import partial
from typing import Any

import numpy as np

from sandbox.engine.quantile import quantiles
from sandbox.kernels import latency, mixture

from . import closed_forms as forms
from . import loops
from .diagrams import Nodes, advanced, response, rows, simulate, total
from .exact import exact
from .figures import MEAN, PERCENTILE, Case, Figure, Section

SERVICE_S = 0.05
LOADS = (0.5, 0.8, 0.95)
POINTS = 0.005  # of what arrives: the share that a limit of concurrency refuses is held to this
_SHAPES = {
    "D": ("deterministic", 0.0),
    "E4": ("erlang", 0.25),
    "LN2": ("lognormal", 4.0),
    "H2": ("hyperexponential", 3.0),
}


_WHY_CLOSED = (
    "Users who wait for their answers send less just when many wait. A pool takes what they send "
    "for Poisson, and overrates the wait where about as many wait as think: throughput is held to "
    "10 %, the response is shown."
)


def theory_section() -> Section:
    """Closed forms that diagrams can show."""
    ms = f"{SERVICE_S * 1e3:g} ms"
    cases = [
        *(
            Case(f"M/M/1 at {rho}", f"one exponential server of {ms}", partial(_m_m_1, rho))
            for rho in LOADS
        ),
        *(
            Case(
                f"M/{kind}/1 at {rho}",
                f"one {shape} server of {ms}, scv {cv2:g}: Pollaczek and Khinchine",
                partial(_m_g_1, rho, shape, cv2),
            )
            for kind, (shape, cv2) in _SHAPES.items()
            for rho in LOADS
        ),
        *(
            Case(
                f"M/M/{servers}/{servers + places} at {rho}",
                f"{servers} exponential server{'s' if servers > 1 else ''} of {ms}, a queue of "
                f"{places}: what finds it full is rejected",
                partial(_finite, servers, places, rho),
            )
            for servers, places, rho in ((1, 5, 0.8), (4, 20, 0.95), (8, 100, 1.5))
        ),
        Case(
            "tandem of M/M/1",
            "60/s through three single servers of 10, 12 and 8 ms in a row: Jackson",
            _tandem,
        ),
        Case(
            "Little's law at rest",
            "eight threads of 20 ms that are held while a database of 25 ms answers, 120/s",
            _little,
        ),
        Case(
            "Little's law over an overload",
            "80/s to 2 servers of 40 ms (50/s) for 5 minutes, then 20/s until all is done",
            _little_overloaded,
        ),
        Case(
            "fluid backlog",
            "80/s against a capacity of 50/s for 10 minutes, then 20/s: (80 - 50) · 600 wait, and "
            "are worked off at 30/s in as many minutes more",
            _fluid,
        ),
        Case(
            "quota under random arrivals",
            "990 records/s to one shard that takes 1,000 in each second: Poisson's excess",
            _quota,
        ),
        Case(
            "token bucket",
            "1,300 tokens, 300 more a second, 2,000 requests/s: 1,300 + 300 · 60 in a minute",
            _bucket,
        ),
        Case(
            "burst of saved capacity",
            "600/s provisioned, half of it unused for 5 minutes or more, then 1,000/s: "
            "300 · 600 saved units last 180,000 / 400 s",
            _burst,
        ),
        *(
            Case(
                f"closed loop of {users}",
                f"{users} users who think for {think_s:g} s (exponential), {servers} exponential "
                f"server{'s' if servers > 1 else ''} of {ms}: the machine repairman",
                partial(_closed_loop, users, think_s, servers),
                _WHY_CLOSED,
            )
            for users, think_s, servers in ((10, 1.0, 1), (60, 1.0, 1), (30, 1.0, 1), (200, 2.0, 4))
        ),
        Case("Erlang's loss formula", "servers without a queue, load per server", _erlang_b),
        *(
            Case(
                f"function with a reserved concurrency of {limit}",
                "a Lambda function of 80 ms, erlang service, at loads of 0.5 to 1.5 of what is "
                "reserved: Erlang's loss formula, within half a point",
                partial(_function, limit),
            )
            for limit in (10, 100)
        ),
    ]
    return Section("Closed forms", "Queueing theory; nothing is estimated.", tuple(cases))


def grid_section() -> Section:
    """W1's grid: the station kernel against M/M/c."""
    found: dict[int, list[dict[str, Any]]] = {}
    for row in exact()["m_m_c"]:
        found.setdefault(row["servers"], []).append(row)
    return Section(
        "M/M/c from 1 to 10,000 servers",
        f"Erlang C; service {SERVICE_S * 1e3:g} ms. Through the station kernel alone, without a "
        "diagram.",
        tuple(
            Case(
                f"M/M/{row['servers']} at {row['load']}",
                "",
                partial(_m_m_c, row),
            )
            for rows_ in found.values()
            for row in rows_
        ),
    )


def _station(rate: float, **params: Any) -> dict[str, float]:
    """What clients see of one pool, and its `backlog` and losses."""
    x = {"servers": 1, "service_time_s": SERVICE_S, **params}
    nodes = {"c": ("clients", {"rate_per_s": rate}), "x": ("external", x)}
    run = simulate(nodes, [("c", "x")])
    return {**run.now("c"), **{f"x {name}": value for name, value in run.now("x").items()}}


def _m_m_1(rho: float) -> Iterable[Figure]:
    now = _station(rho / SERVICE_S)
    mean = SERVICE_S / (1 - rho)
    expected: dict[str, Any] = {"mean": mean}
    for p in (50, 95, 99):
        expected[f"p{p}"] = -mean * float(np.log(1 - p / 100))
    waiting = rho**2 / (1 - rho)
    return [*response(now, expected), Figure("waiting", "", waiting, now["x backlog"], MEAN)]


def _m_g_1(rho: float, shape: str, cv2: float) -> Iterable[Figure]:
    now = _station(rho / SERVICE_S, service_shape=shape, service_cv2=cv2)
    wait = forms.pollaczek_khinchine(rho, SERVICE_S, cv2)
    got = now["latency_mean"] - SERVICE_S
    return [
        Figure("mean", "s", SERVICE_S + wait, now["latency_mean"], MEAN),
        Figure("mean wait", "s", wait, got, MEAN),
        Figure("waiting", "", wait * rho / SERVICE_S, now["x backlog"], MEAN),
    ]


def _finite(servers: int, places: int, rho: float) -> Iterable[Figure]:
    rate = rho * servers / SERVICE_S
    now = _station(rate, servers=servers, queue_limit=places)
    lost, waiting = forms.finite_queue(servers, rho, places)
    wait = waiting / (rate * (1 - lost))
    return [
        Figure("rejected", "1/s", rate * lost, now["rejected"], PERCENTILE),
        Figure("waiting", "", waiting, now["x backlog"], PERCENTILE),
        Figure("mean", "s", SERVICE_S + wait, now["latency_mean"], MEAN),
    ]


def _closed_loop(users: int, think_s: float, servers: int) -> Iterable[Figure]:
    nodes: Nodes = {
        "c": ("clients", {"closed_loop_users": users, "think_time_s": think_s}),
        "x": ("external", {"servers": servers, "service_time_s": SERVICE_S}),
    }
    now = simulate(nodes, [("c", "x")]).now("c")
    rate, mean = forms.closed_loop(users, think_s, servers, SERVICE_S)
    yield Figure("throughput", "1/s", rate, now["served"], PERCENTILE)
    yield Figure("mean", "s", mean, now["latency_mean"], None)


def _tandem() -> Iterable[Figure]:
    rate, times = 60.0, (0.010, 0.012, 0.008)
    nodes: dict[str, Any] = {"c": ("clients", {"rate_per_s": rate})}
    names = ["c"]
    for i, time in enumerate(times):
        pool = {"servers": 1, "service_time_s": time, "holds_server": False}
        nodes[f"s{i}"] = ("external", pool)
        names.append(f"s{i}")
    now = simulate(nodes, list(itertools.pairwise(names))).now("c")
    spare = [1 / time - rate for time in times]
    expected: dict[str, Any] = {"mean": sum(1 / each for each in spare)}
    for p in (50, 95, 99):
        expected[f"p{p}"] = forms.tandem_percentile(spare, p / 100)
    return response(now, expected)


def _little() -> Iterable[Figure]:
    nodes = {
        "c": ("clients", {"rate_per_s": 120.0}),
        "app": ("external", {"servers": 8, "service_time_s": 0.02}),
        "db": ("external", {"servers": 8, "service_time_s": 0.025}),
    }
    now = simulate(nodes, [("c", "app"), ("app", "db")]).now("app")
    there = now["backlog"] + now["in_flight"]
    return [
        Figure("there = rate · time", "", 120.0 * now["latency_mean"], there, 0.01),
        Figure("busy threads = rate · held", "", 8 * now["utilization"], now["in_flight"], 0.01),
    ]


def _little_overloaded() -> Iterable[Figure]:
    seconds = 1200.0
    load = {"rate_per_s": 20.0, "shape": "steps", "steps": [(0.0, 4.0), (300.0, 1.0)]}
    x = {"servers": 2, "service_time_s": 0.04}
    run = simulate({"c": ("clients", load), "x": ("external", x)}, [("c", "x")], seconds, 1.0)
    there = rows(run, "x", "backlog") + rows(run, "x", "in_flight")
    waited = (rows(run, "x", "arrivals") * rows(run, "x", "latency_mean")).sum()
    return [Figure("∫ there = Σ times", "s", waited, there.sum(), MEAN)]


def _fluid() -> Iterable[Figure]:
    load = {"rate_per_s": 20.0, "shape": "steps", "steps": [(0.0, 4.0), (600.0, 1.0)]}
    x = {"servers": 2, "service_time_s": 0.04}
    run = simulate(
        {"c": ("clients", load), "x": ("external", x)}, [("c", "x")], 600.0, duration_s=1800.0
    )
    top = run.now("x")["backlog"]
    half = advanced(run, 300.0).now("x")["backlog"]
    quarter = advanced(run, 150.0).now("x")["backlog"]
    rest = advanced(run, 450.0).now("x")["backlog"]
    usual = forms.erlang_c(2, 0.4) * 0.4 / 0.6
    return [
        Figure("waiting after 10 min", "", 18_000.0, top, 0.01),
        Figure("… 15 min", "", 9_000.0, half, 0.01),
        Figure("… 17½ min", "", 4_500.0, quarter, 0.01),
        Figure("… 25 min: Erlang C", "", usual, rest, MEAN),
    ]


def _quota() -> Iterable[Figure]:
    load = {"rate_per_s": 990.0, "write_fraction": 1.0, "payload_kb": 0.1}
    nodes: Nodes = {"c": ("clients", load), "k": ("kinesis_stream", {"shard_count": 1})}
    run = simulate(nodes, [("c", "k")], 600.0)
    lost = forms.poisson_excess(990.0, 1000) * 600.0
    return [Figure("throttled in 10 min", "", lost, total(run, "k", "throttled"), MEAN)]


def _bucket() -> Iterable[Figure]:
    for dt in (0.1, 1.0, 10.0):
        got = loops.admitted(1300.0, 2000.0, 300.0, 1300.0, dt, round(60 / dt))
        yield Figure(f"admitted, ticks of {dt:g} s", "", 19_300.0, got, 0.01)


def _burst() -> Iterable[Figure]:
    for dt in (0.1, 1.0, 10.0):
        got = loops.burst_s(300.0, 600.0, 1000.0, 600.0, 300.0, dt)
        yield Figure(f"served in full, ticks of {dt:g} s", "s", 450.0, got, 0.01, allowance=dt)


def _erlang_b() -> Iterable[Figure]:
    for servers, rho in ((1, 0.5), (2, 1.0), (8, 0.8), (64, 0.95), (64, 1.2), (1000, 0.99)):
        lost = forms.erlang_b(servers, rho)
        yield Figure(f"lost, {servers} at {rho}", "", lost, loops.lost(servers, rho), 0.02)


def _function(limit: int) -> Iterable[Figure]:
    own = {"memory_mb": 1769, "cpu_time_ms": 50.0, "wait_time_ms": 30.0, "timeout_s": 30.0}
    for rho in (0.5, 0.8, 1.0, 1.2, 1.5):
        rate = rho * limit / 0.08
        nodes: Nodes = {
            "c": ("clients", {"rate_per_s": rate}),
            "f": ("lambda_function", {**own, "reserved_concurrency": limit}),
        }
        got = simulate(nodes, [("c", "f")], 600.0).now("f")["throttled"] / rate
        lost = forms.erlang_b(limit, rho)
        yield Figure(f"refused at {rho:g}", "", lost, got, 0.0, allowance=POINTS)


def _m_m_c(row: dict[str, Any]) -> Iterable[Figure]:
    q = np.zeros(1, latency.STATION).view(np.recarray)[0]
    mixes = np.zeros(1, mixture.MIXTURE).view(np.recarray)
    mean = loops.m_m_c(q, mixes[0], float(row["servers"]), row["load"], SERVICE_S, 20_000, 1.0)
    parts = [mixes[name].copy() for name in ("w", "m", "v", "k")]
    for part in parts:
        part[:, mixes["n"][0] :] = 0.0
    now = {"latency_mean": mean}
    for p in (50, 95, 99):
        now[f"latency_p{p}"] = float(quantiles(*parts, p / 100)[0])
    return response(now, row)
