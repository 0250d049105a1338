"""Single pools of servers, and paths of several, against simulations of every request."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from .diagrams import response, simulate
from .exact import exact
from .figures import Case, Figure, Section

HARD_MEAN, HARD_PERCENTILE = 0.06, 0.16
HARD = {
    "H2/M/8@rho0.5": "Bursty arrivals at a low load: the few who wait are overrated, because the "
    "approximation of burstiness sees more of a burst at once than eight servers do. Held to 6 % "
    "and 16 %.",
    "H2/LN2/8@rho0.8": "Bursty arrivals and heavy-tailed service at once: three moments do not "
    "tell enough of the tail of the wait. Held to 6 % and 16 %.",
}
"""The two cases that the scheme does not get to within 5 % and 10 %, and why."""

_ARRIVALS = {"M": "Poisson arrivals", "H2": "bursty arrivals (hyperexponential, scv 4)"}
_SERVICES = {
    "M": "exponential service",
    "D": "constant service",
    "E4": "Erlang-4 service",
    "LN2": "lognormal service (cv 2)",
}
_BALANCING = {"rr": "round_robin", "jsq": "least_outstanding", "random": "random"}
_KINDS = {
    "shared": "one queue for the four threads",
    "rr": "round robin to four single threads",
    "jsq": "least outstanding requests of four single threads",
    "hold": "a thread is held until cache and database have answered",
    "slowdb": "the database has one connection of 50 ms",
    "tandem_LN2": "application and database lognormal with cv 2",
}


def station_section() -> Section:
    """W1 and W7: one pool."""
    cases = []
    for name, case in exact()["stations"].items():
        arrivals, service, _ = name.split("/")
        workload = (
            f"{_ARRIVALS[arrivals]} of {case['rate_per_s']:g}/s, {case['servers']} servers, "
            f"{_SERVICES[service]} of {case['service_s'] * 1e3:g} ms"
        )
        cases.append(Case(name, workload, partial(_station, name, case), HARD.get(name, "")))
    return Section(
        "One pool of servers",
        "Event-exact simulation of 20 replications of 2 to 6 million requests. Clients call an "
        "external service; the figures are the response times they see.",
        tuple(cases),
    )


def path_section() -> Section:
    """W2 and the tandems of W7: application, cache, database."""
    cases = []
    for name, case in exact()["paths"].items():
        workload = f"{case['rate']:g} requests/s, {_KINDS[name.split('@')[0]]}"
        cases.append(Case(name, workload, partial(_path, name, case)))
    return Section(
        "Paths through several services",
        "Event-exact simulation. Clients call an application of four threads (40 ms), which calls "
        "a cache (1 ms, hit in 80 %) and, on a miss, a database (16 connections, 10 ms).",
        tuple(cases),
    )


def _station(name: str, case: dict[str, Any]) -> Iterable[Figure]:
    nodes = {
        "c": ("clients", {"rate_per_s": case["rate_per_s"], "arrival_cv2": case["ca2"]}),
        "x": (
            "external",
            {
                "servers": case["servers"],
                "service_time_s": case["service_s"],
                "service_cv2": case["cs2"],
                "service_shape": case["shape"],
            },
        ),
    }
    now = simulate(nodes, [("c", "x")]).now("c")
    return response(now, case, *((HARD_MEAN, HARD_PERCENTILE) if name in HARD else ()))


def _path(name: str, case: dict[str, Any]) -> Iterable[Figure]:
    nodes, links = web(name.split("@")[0], {"rate_per_s": case["rate"]}, case["database"])
    return response(simulate(nodes, links).now("c"), case)


def web(
    kind: str, load: dict[str, Any], database: tuple[int, float] = (16, 0.01)
) -> tuple[dict[str, tuple[str, dict[str, Any]]], list[tuple[str, str, dict[str, Any]]]]:
    """The diagram of application, cache and database under the load of its clients `c`."""
    heavy = {"service_shape": "lognormal", "service_cv2": 4.0} if kind.startswith("tandem") else {}
    app = {
        "servers": 4,
        "service_time_s": 0.04,
        "balancing": _BALANCING.get(kind, "pooled"),
        "holds_server": kind == "hold",
    }
    cache = {"servers": 1000, "service_time_s": 0.001, "service_shape": "deterministic"}
    nodes = {
        "c": ("clients", load),
        "app": ("external", {**app, **heavy}),
        "cache": ("external", cache),
        "db": ("external", {"servers": database[0], "service_time_s": database[1], **heavy}),
    }
    return nodes, [("c", "app", {}), ("app", "cache", {}), ("app", "db", {"calls": 0.2})]
