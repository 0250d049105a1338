"""Small groups of instances for the facts about them: boots without chance, and a look inside."""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.document import Document
from sandbox.document.records import Fault, Group, Scenario
from sandbox.engine import Run
from sandbox.services import catalogue
from sandbox.services._instances import FREE, IN_SERVICE, LOST
from tests.simulation import diagram, go

BOOT_S, APP_S = 20.0, 10.0


def fleet(
    seconds: float = 0.0,
    *,
    elb: bool = False,
    rate: float = 10.0,
    groups: tuple[str, ...] = (),
    faults: tuple[Fault, ...] = (),
    scenario: dict[str, Any] | None = None,
    **params: Any,
) -> Run:
    """Clients, perhaps a balancer, and group g that boots in 20 s and is ready 10 s later."""
    given = {"boot_median_s": BOOT_S, "boot_sigma": 0.0, "app_start_s": APP_S, **params}
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "c": ("clients", {"rate_per_s": rate}),
        "g": ("auto_scaling_group", given),
    }
    links = ["c.out > g.in"]
    if elb:
        nodes["lb"] = ("elb", {"latency_ms": 0.0})
        links = ["c.out > lb.in", "lb.targets > g.in"]
    plain = diagram(nodes, links)
    document = Document(
        nodes=plain.nodes.values(),
        links=plain.links.values(),
        groups=[Group(zone, "availability_zone", "", ("g",)) for zone in groups],
        scenario=Scenario(**{"duration_s": 1e6, "faults": faults, **(scenario or {})}),
    )
    return go(Run(document, catalogue()), seconds)


def cells(run: Run) -> np.ndarray:
    """The instances that there are."""
    found = run.program.places[run.program.index["g"]].cells
    return found[found["state"] != FREE]


def serving(run: Run) -> np.ndarray:
    there = cells(run)
    return there[there["state"] == IN_SERVICE]


def by_zone(run: Run) -> list[int]:
    there = cells(run)
    there = there[there["state"] != LOST]
    return [int(np.sum(there["zone"] == z)) for z in range(int(there["zone"].max(initial=0)) + 1)]


def now(run: Run, metric: str) -> float:
    return run.now("g")[metric]


def said(run: Run, kind: str) -> list[str]:
    return [e.text for e in run.events if e.node == "g" and e.kind == kind]


def when(run: Run, kind: str) -> list[float]:
    return [e.t_s for e in run.events if e.node == "g" and e.kind == kind]


def seconds_until(run: Run, metric: str, value: float, most: float) -> float:
    """Seconds until a metric has a value, looked at each second; `most` if it never has."""
    for passed in range(int(most)):
        if now(go(run, 1), metric) == value:
            return passed + 1.0
    return most
