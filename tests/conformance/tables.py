"""Tables for facts: clients, a table, and what stands beside it."""

from __future__ import annotations

from typing import Any

from sandbox.engine import Run
from tests.simulation import simulate

PLENTY = {"read_capacity_units": 1500, "write_capacity_units": 500, "item_kb": 1.0}


def table(
    rate: float = 0.0,
    write: float = 1.0,
    *,
    seconds: float = 60,
    shape: dict[str, Any] | None = None,
    scenario: dict[str, Any] | None = None,
    nodes: dict[str, Any] | None = None,
    links: tuple[str, ...] = (),
    **params: Any,
) -> Run:
    """Steady clients ("c") and a table ("d") with plenty of capacity unless told otherwise."""
    clients = {"rate_per_s": rate, "write_fraction": write, "arrival_cv2": 0.0, **(shape or {})}
    found = {"c": ("clients", clients), "d": ("dynamodb", {**PLENTY, **params}), **(nodes or {})}
    return simulate(found, ["c.out > d.in", *links], seconds=seconds, **(scenario or {}))


def lost(run: Run, cause: str, node: str = "d") -> float:
    return run.losses(node)[cause][1]


def steps(*found: tuple[float, float]) -> dict[str, Any]:
    """A load in steps: (from when on, share of the rate)."""
    return {"shape": "steps", "steps": [list(one) for one in found]}


def cluster(
    rate: float = 1000.0,
    write: float = 0.0,
    *,
    seconds: float = 10,
    around: float = 0.0,
    tables: dict[str, Any] | None = None,
    scenario: dict[str, Any] | None = None,
    **params: Any,
) -> Run:
    """Clients ("c"), a cluster ("x") and a table ("d"), and writers around the cluster ("w")."""
    most = {"read_capacity_units": 40_000, "write_capacity_units": 40_000, "storage_gb": 1000.0}
    clients = {"rate_per_s": rate, "write_fraction": write, "arrival_cv2": 0.0}
    nodes = {
        "c": ("clients", clients),
        "x": ("dax", params),
        "d": ("dynamodb", {**most, "key_count": 1_000_000, **(tables or {})}),
    }
    links = ["c.out > x.in", "x.out > d.in"]
    if around:
        nodes["w"] = ("clients", {"rate_per_s": around, "write_fraction": 1.0, "arrival_cv2": 0.0})
        links.append("w.out > d.in")
    return simulate(nodes, links, seconds=seconds, **(scenario or {}))
