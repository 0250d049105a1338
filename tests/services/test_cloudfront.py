"""CloudFront: what its caches answer, what origins get, and what it costs to make it forget."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import Any

import numpy as np
import pytest

from sandbox.document.records import Fault, RequestClass
from sandbox.engine import Run
from tests.simulation import go, simulate

FAST = ("external", {"servers": 100_000, "service_time_s": 0.05})


def edge(rate: float, seconds: float, link: dict[str, Any] | None = None, **more: Any) -> Run:
    """`rate` requests/s of a distribution before a fast origin; parameters by name."""
    clients = {"rate_per_s": rate, "write_fraction": 0.0, **more.pop("clients", {})}
    scenario = {
        k: more.pop(k) for k in ("era", "tick_s", "classes", "start", "faults") if k in more
    }
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


def three_caches(
    run_s: float, rate: float, count: int, ttl: float, edges: int, regionals: int, room: float
) -> tuple[float, float]:
    """(hits at edges, at regional caches) of all requests, by looking at each one.

    Random requests by Zipf's law (0.9) to random edges; each cache is a list in order of last use
    with a time to live from when an object was stored.
    """
    rng = np.random.default_rng(5)
    weights = np.arange(1, count + 1) ** -0.9
    total = int(rate * run_s)
    wanted = rng.choice(count, total, p=weights / weights.sum())
    at = np.sort(rng.uniform(0.0, run_s, total))
    where = rng.integers(0, edges, total)
    near: list[OrderedDict[int, float]] = [OrderedDict() for _ in range(edges)]
    middle: list[OrderedDict[int, float]] = [OrderedDict() for _ in range(regionals)]

    def ask(cache: OrderedDict[int, float], key: int, now: float) -> bool:
        stored = cache.get(key)
        hit = stored is not None and now - stored < ttl
        if not hit:
            cache[key] = now
        cache.move_to_end(key)
        if len(cache) > room:
            cache.popitem(last=False)
        return hit

    first = second = counted = 0
    for key, now, e in zip(wanted.tolist(), at.tolist(), where.tolist(), strict=True):
        edge_hit = ask(near[e], key, now)
        regional_hit = not edge_hit and ask(middle[e % regionals], key, now)
        if now > 0.5 * run_s:
            counted += 1
            first += edge_hit
            second += regional_hit
    return first / counted, second / counted


@pytest.mark.parametrize(
    ("rate", "ttl", "room"), [(400, 60.0, math.inf), (400, 600.0, math.inf), (400, 600.0, 100.0)]
)
def test_hits_agree_with_looking_at_each_request(rate: float, ttl: float, room: float) -> None:
    by_edge, by_regional = three_caches(2400.0, rate, 2000, ttl, 20, 2, room)
    gb = None if math.isinf(room) else room * 100.0 / 1024.0**2
    run = edge(rate, 10, {"default_ttl_s": ttl}, key_count=2000, edge_caches=20,
               regional_caches=2, edge_cache_gb=gb, regional_cache_gb=gb)  # fmt: skip
    now = run.now("d")
    assert now["edge_hit_ratio"] == pytest.approx(by_edge, abs=0.02)
    assert now["hit_ratio"] == pytest.approx(by_edge + by_regional, abs=0.02)


def test_edge_hits_are_ches_formula_on_the_part_of_the_traffic_that_an_edge_sees() -> None:
    shares = np.arange(1, 1001) ** -0.9
    shares /= shares.sum()
    for edges in (1, 10, 100):
        lives = shares * 100.0 / edges * 60.0  # requests for each at one edge in a life of 60 s
        expected = float((shares * lives / (1 + lives)).sum())
        run = edge(100, 10, {"default_ttl_s": 60.0}, key_count=1000, edge_caches=edges,
                   regional_caches=0)  # fmt: skip
        assert run.now("d")["hit_ratio"] == pytest.approx(expected, abs=0.005)


def test_cookies_in_the_key_multiply_the_objects_and_divide_the_hits() -> None:
    alone = {"key_count": 1000, "edge_caches": 1, "regional_caches": 0}
    plain = edge(10, 10, {"default_ttl_s": 60.0}, **alone).now("d")["hit_ratio"]
    cookies = {"default_ttl_s": 60.0, "cookies_in_key": 2, "cookie_values": 3}
    nine = edge(10, 10, cookies, **alone).now("d")["hit_ratio"]
    # nine copies of each object: as if a ninth of the requests came
    ninth = edge(10 / 9, 10, {"default_ttl_s": 60.0}, **alone).now("d")["hit_ratio"]
    assert nine == pytest.approx(ninth, abs=1e-6)
    assert nine < 0.5 * plain
    headers = edge(10, 10, {"all_headers": True}, **alone)
    assert headers.now("d")["hit_ratio"] == 0
    assert headers.now("x")["arrivals"] == pytest.approx(10)


def test_paths_go_to_their_origins_and_dynamic_ones_are_not_cached() -> None:
    classes = (
        RequestClass("image", 3.0, path="/img/a.png"),
        RequestClass("page", 1.0, path="/shop", attributes={"cache_control": "no-store"}),
    )
    nodes = {
        "c": ("clients", {"rate_per_s": 400.0, "write_fraction": 0.0}),
        "d": ("cloudfront", {}),
        "bucket": FAST,
        "shop": FAST,
    }
    links = [
        "c.out > d.in",
        "d.origins > bucket.in {'path_pattern': '/img/*'}",
        "d.origins > shop.in",
    ]
    run = simulate(nodes, links, seconds=10, classes=classes)
    hit = run.now("d")["hit_ratio"]
    assert hit > 0.95
    assert run.now("shop")["arrivals"] == pytest.approx(100)
    assert run.now("bucket")["arrivals"] == pytest.approx(300 * (1 - hit))


GROUP = ["c.out > d.in", "d.origins > x.in", "d.origins > y.in {'mode': 'standby'}"]


def group(seconds: float, faults: Any, cached: bool = False, writes: float = 0.0) -> Run:
    nodes = {
        "c": ("clients", {"rate_per_s": 100.0, "write_fraction": writes}),
        "d": ("cloudfront", {}),
        "x": FAST,
        "y": FAST,
    }
    links = [*GROUP]
    if not cached:
        links[1] += " {'caching': 'disabled'}"
    return simulate(nodes, links, seconds=seconds, faults=faults)


def test_reads_that_fail_at_the_primary_are_asked_of_the_standby_and_writes_fail() -> None:
    broken = (Fault("error_rate", "x", 10.0, 60.0, 0.4),)
    run = group(30, broken, writes=0.2)
    assert run.now("x")["arrivals"] == pytest.approx(100)  # it is tried for every request
    assert run.now("y")["arrivals"] == pytest.approx(0.4 * 80)
    assert run.now("d")["failed_over"] == pytest.approx(32)
    assert run.now("c")["goodput"] == pytest.approx(100 - 0.4 * 20, rel=0.03)
    go(run, 60)
    assert run.now("y")["arrivals"] == 0
    assert run.now("c")["goodput"] == pytest.approx(100)


def test_an_origin_that_cannot_be_reached_costs_thirty_seconds_before_the_standby_is_asked() -> (
    None
):
    cut = (Fault("link_cut", "d>x", 10.0, 100.0, 1.0),)
    nodes = {
        "c": ("clients", {"rate_per_s": 100.0, "write_fraction": 0.0}),
        "d": ("cloudfront", {}),
        "x": FAST,
        "y": FAST,
    }
    links = [GROUP[0], GROUP[1] + " {'caching': 'disabled'}", GROUP[2]]
    run = simulate(nodes, links, seconds=30, faults=cut)
    assert run.now("c")["goodput"] == pytest.approx(100)
    assert run.now("d")["latency_mean"] > 30


def test_expired_copies_are_served_while_the_origin_fails() -> None:
    broken = (Fault("error_rate", "x", 10.0, 600.0, 1.0),)
    run = edge(1000, 60, {"default_ttl_s": 5.0}, faults=broken, key_count=1000)
    assert run.now("d")["hit_ratio"] < 0.9
    assert run.now("c")["goodput"] == pytest.approx(1000, rel=0.01)
    assert run.now("d")["stale_on_error"] > 50


def test_an_invalidation_takes_its_time_and_then_everything_is_asked_of_the_origin() -> None:
    run = edge(2000, 10, key_count=2000, edge_caches=20, regional_caches=2)
    assert run.now("d")["hit_ratio"] > 0.99
    run.control("d", "invalidate", {"paths": 1, "wildcard": True})
    go(run, 55)
    assert run.now("d")["hit_ratio"] > 0.99
    assert run.now("d")["invalidations_in_progress"] == 1
    go(run, 7)
    assert run.now("x")["arrivals"] > 500
    assert run.now("d")["invalidations_in_progress"] == 0
    go(run, 120)
    assert run.now("d")["hit_ratio"] > 0.97
    assert [e.kind for e in run.events if e.node == "d"][-1] == "invalidated"


def test_content_that_is_replaced_is_out_of_date_until_its_lifetime_ends() -> None:
    run = edge(2000, 10, {"default_ttl_s": 100.0}, key_count=100)
    run.control("d", "replace_at_origin", {"share": 1.0})
    go(run, 50)
    assert run.now("d")["stale_share"] == pytest.approx(0.5 * run.now("d")["hit_ratio"], rel=0.02)
    go(run, 50)
    assert run.now("d")["stale_share"] == 0
    run.control("d", "replace_at_origin", {"share": 1.0})
    go(run, 1)
    run.control("d", "version_names", {"share": 1.0})
    go(run, 1)
    assert run.now("d")["stale_share"] == 0
    assert run.now("x")["arrivals"] > 50


def test_a_live_stream_asks_the_origin_once_a_segment_however_many_watch() -> None:
    link = {"live_segment_s": 4.0, "default_ttl_s": 2.0, "key_count": 1}
    few = edge(1000, 10, link, edge_caches=100, regional_caches=10)
    many = edge(100_000, 10, link, edge_caches=100, regional_caches=10)
    # ten regional caches: a segment every 4 s; a playlist every 2 s and the time until the next of
    # ten edges asks for it, 0.2 s
    assert many.now("d")["origin_requests"] == pytest.approx(10 / 4 + 10 / 2.2, rel=0.01)
    assert few.now("d")["origin_requests"] == pytest.approx(10 / 4 + 10 / 2.2, rel=0.03)
    assert many.now("d")["hit_ratio"] > 0.9999
    # the longer a fetch, the more wait for it instead of asking again
    assert many.now("d")["collapsed"] > 50 * few.now("d")["collapsed"] > 0


def test_a_flush_of_the_caches_is_a_fault_it_recovers_from() -> None:
    run = edge(2000, 30, key_count=2000, edge_caches=20, regional_caches=2,
               faults=(Fault("cache_flush", "d", 20.0, 20.0, 1.0),))  # fmt: skip
    t, mean, _, _ = run.series("d", "hit_ratio")
    assert mean[t < 19].min() > 0.99
    assert mean.min() < 0.6
    go(run, 200)
    assert run.now("d")["hit_ratio"] > 0.95


def test_the_bill_has_requests_data_and_paths() -> None:
    run = edge(1000, 5, object_kb=100.0, clients={"write_fraction": 0.1, "payload_kb": 2.0})
    data = 1000 * 100 * 3600 / 1e6 * 0.085
    requests = 1000 * 3600 * 1.0e-6
    uploads = 100 * 2.0 * 3600 / 1e6 * 0.02
    assert run.now("d")["cost_per_hour"] == pytest.approx(data + requests + uploads)
    before = run.cost_usd
    run.control("d", "invalidate", {"paths": 2000, "wildcard": False})
    go(run, 1)
    hour = data + requests + uploads
    assert run.cost_usd - before == pytest.approx(1000 * 0.005 + hour / 3600)


def test_a_cheaper_price_class_serves_viewers_far_away_later() -> None:
    near = edge(10, 5, viewers="south_america")
    far = edge(10, 5, viewers="south_america", price_class="100")
    assert near.now("d")["latency_mean"] < 0.06
    assert far.now("d")["latency_mean"] > 0.15
    assert far.now("d")["cost_per_hour"] < near.now("d")["cost_per_hour"]


def test_class_attributes_and_countries_are_looked_at_class_by_class() -> None:
    classes = (
        RequestClass("here", 1.0, country="DE"),
        RequestClass("there", 1.0, country="US"),
        RequestClass("nowhere", 2.0),
    )
    run = edge(400, 10, classes=classes, geo_restriction="allow", countries="DE")
    assert run.losses("d")["geo_restriction"][0] == pytest.approx(99.8)
    assert run.now("d")["served"] == pytest.approx(300.2)
