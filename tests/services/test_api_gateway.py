"""API Gateway: what is refused by which limit, what the cache answers, and who waits how long."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document.records import RequestClass
from sandbox.engine import Run
from sandbox.services.api_gateway import Params
from tests.simulation import go, simulate

FAST = ("external", {"servers": 10_000, "service_time_s": 0.01})


def api(rate: float, seconds: float, link: dict[str, Any] | None = None, **more: Any) -> Run:
    """`rate` requests/s of an API before a fast backend; parameters by name, `clients` aside."""
    clients = {"rate_per_s": rate, "write_fraction": 0.0, **more.pop("clients", {})}
    scenario = {k: more.pop(k) for k in ("era", "tick_s", "classes") if k in more}
    nodes = {"c": ("clients", clients), "a": ("api_gateway", more), "x": FAST}
    return simulate(
        nodes, ["c.out > a.in", f"a.out > x.in {link or {}}"], seconds=seconds, **scenario
    )


def test_the_account_is_shared_by_all_apis_and_a_busy_one_throttles_the_other() -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 19_000.0}),
        "d": ("clients", {"rate_per_s": 1000.0}),
        "a": ("api_gateway", {}),
        "b": ("api_gateway", {}),
        "x": FAST,
    }
    links = ["c.out > a.in", "d.out > b.in", "a.out > x.in", "b.out > x.in"]
    run = simulate(nodes, links, seconds=60)
    assert run.now("a")["served"] == pytest.approx(9500, rel=0.01)
    assert run.now("b")["served"] == pytest.approx(500, rel=0.01)
    assert run.losses("b")["account"][0] == pytest.approx(500, rel=0.01)


def test_limits_bind_in_turn_each_by_its_own_cause() -> None:
    run = api(1000, 60, {"method_rate_per_s": 100.0}, stage_rate_per_s=200.0)
    assert run.losses("a")["method"][0] == pytest.approx(900, rel=0.01)
    run = api(1000, 60, stage_rate_per_s=200.0)
    assert run.losses("a")["stage"][0] == pytest.approx(800, rel=0.01)
    run = api(1000, 60, usage_plan_rate_per_s=3.0, usage_plan_clients=100)
    assert run.losses("a")["usage_plan"][0] == pytest.approx(700, rel=0.01)
    run = api(1000, 60, usage_plan_quota=10_000.0)
    assert run.now("a")["served"] == 0
    assert run.losses("a")["usage_quota"][0] == pytest.approx(1000)


def test_a_quota_begins_anew_at_midnight() -> None:
    run = api(10, 10 * 3600, usage_plan_quota=1000.0, tick_s=10.0)
    assert run.now("a")["served"] == 0
    go(run, 6 * 3600 + 50)  # it began at eight in the morning
    assert run.now("a")["served"] == pytest.approx(10)


def test_only_the_class_whose_method_is_limited_is_refused() -> None:
    classes = (RequestClass("read", 1.0, path="/read"), RequestClass("order", 1.0, path="/order"))
    nodes = {
        "c": ("clients", {"rate_per_s": 200.0}),
        "a": ("api_gateway", {}),
        "x": FAST,
        "y": FAST,
    }
    links = [
        "c.out > a.in",
        "a.out > x.in {'path_pattern': '/read*'}",
        "a.out > y.in {'path_pattern': '/order*', 'method_rate_per_s': 10.0}",
    ]
    run = simulate(nodes, links, seconds=60, classes=classes)
    assert run.now("x")["arrivals"] == pytest.approx(100)
    assert run.now("y")["arrivals"] == pytest.approx(10, rel=0.02)
    assert run.losses("a")["method"][0] == pytest.approx(90, rel=0.01)


def test_a_path_without_a_route_is_refused() -> None:
    classes = (RequestClass("known", 3.0, path="/a"), RequestClass("other", 1.0, path="/b"))
    run = api(100, 10, {"path_pattern": "/a"}, classes=classes)
    assert run.losses("a")["no_route"][0] == pytest.approx(25)
    assert run.now("x")["arrivals"] == pytest.approx(75)


def test_the_cache_answers_reads_and_a_flush_sends_them_all_on() -> None:
    run = api(500, 1200, cache_gb="0.5", cache_key_count=1000, clients={"write_fraction": 0.1})
    now = run.now("a")
    # keys asked for more often than once in 300 s are nearly always held
    assert now["cache_hit_ratio"] > 0.98
    assert run.now("x")["arrivals"] == pytest.approx(50 + 450 * (1 - now["cache_hit_ratio"]))
    assert now["served"] == pytest.approx(500)
    run.control("a", "flush_cache", {})
    go(run, 1)
    assert run.now("a")["cache_hit_ratio"] < 0.6
    go(run, 600)
    assert run.now("a")["cache_hit_ratio"] > 0.98


def test_hits_are_quick_and_do_not_fail_with_the_backend() -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 500.0, "write_fraction": 0.0}),
        "a": ("api_gateway", {"cache_gb": "0.5", "cache_key_count": 1000}),
        "f": ("lambda_function", {"error_rate": 1.0, "wait_time_ms": 500.0}),
    }
    run = simulate(nodes, ["c.out > a.in", "a.out > f.in"], seconds=900)
    missed = 1 - run.now("a")["cache_hit_ratio"]
    assert 0 < missed < 0.02
    assert run.now("c")["goodput"] == pytest.approx(500 * (1 - missed), rel=1e-3)
    assert run.now("a")["http_502"] == pytest.approx(500 * missed, rel=0.01)
    assert run.now("c")["latency_p50"] < 0.03


def test_a_cache_is_of_rest_only() -> None:
    with pytest.raises(ValueError, match="REST APIs only"):
        Params(type="http", cache_gb="0.5")


def test_the_bill_is_requests_by_tier_and_the_hours_of_the_cache() -> None:
    run = api(1000, 60, cache_gb="6.1")
    assert run.now("a")["cost_per_hour"] == pytest.approx(1000 * 3600 * 3.50e-6 + 0.20)
    http = api(1000, 60, type="http")
    assert http.now("a")["cost_per_hour"] == pytest.approx(1000 * 3600 * 1.00e-6)
    socket = api(1000, 60, type="websocket", connection_s=600.0)
    assert socket.now("a")["connections"] == pytest.approx(1000 / 100 * 600)
    per_hour = 1000 * 3600 * 1.00e-6 + 6000 * 60 * 0.25e-6
    assert socket.now("a")["cost_per_hour"] == pytest.approx(per_hour)
