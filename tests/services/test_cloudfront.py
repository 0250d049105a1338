"""CloudFront: what its caches answer, what origins get, and what it costs to make it forget."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.engine import Run
from tests.simulation import go, simulate

FAST = ("external", {"servers": 100_000, "service_time_s": 0.05})


def edge(
    rate: float, seconds: float, link: dict[str, Any] | None = None, **more: Any
) -> Run:
    """`rate` requests/s of a distribution before a fast origin; parameters by name."""
    clients = {"rate_per_s": rate, "write_fraction": 0.0, **more.pop("clients", {})}
    scenario = {k: more.pop(k) for k in ("era", "tick_s", "classes", "start", "faults") if k in more}
    origin = more.pop("origin", FAST)
    nodes = {
        "c": ("clients", clients),
        "d": ("cloudfront", more),
        "x": origin,
    }
    return simulate(
        nodes, ["c.out > d.in", f"d.origins > x.in {link or {}}"], seconds=seconds, **scenario
    )


def test_what_misses_goes_to_the_origin_and_the_rest_is_answered_at_the_edge() -> None:
    run = edge(1000, 30, {"default_ttl_s": 60.0})
    now = run.now("d")
    assert 0.3 < now["hit_ratio"] < 0.99
    assert run.now("x")["arrivals"] == pytest.approx(1000 * (1 - now["hit_ratio"]))
    assert now["served"] == pytest.approx(1000)
