"""CloudFront to AWS's rules, each at its boundary."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document.records import Fault, RequestClass
from sandbox.engine import Run
from sandbox.engine.errors import EngineError
from sandbox.engine.why import bill
from sandbox.services import catalogue
from sandbox.services._cloudfront_params import Behavior
from sandbox.services._cloudfront_rules import lifetime_s, sent_kb
from tests.conformance import fact
from tests.services.test_cloudfront import FAST, edge, group
from tests.simulation import go, simulate

GUIDE = "Amazon CloudFront Developer Guide: "
QUOTAS = GUIDE + "Quotas"
TTL = GUIDE + "Manage how long content stays in the cache"
KEY = GUIDE + "Increase the proportion of requests served from cache"
BEHAVIORS = GUIDE + "Cache behavior settings"
FAILOVER = GUIDE + "Optimize high availability with origin failover"
INVALIDATE = GUIDE + "Invalidate files to remove content"
ERRORS = GUIDE + "How long errors are cached"
GEO = GUIDE + "Restrict the geographic distribution of your content"
RTMP = GUIDE + "Document history (RTMP distributions)"
PRICING = "https://aws.amazon.com/cloudfront/pricing/"
SMALL = {"object_kb": 1.0}


def lost(run: Run, cause: str) -> float:
    return float(run.losses("d").get(cause, (0.0,))[0])


def told(run: Run) -> str:
    return " | ".join(e.text for e in run.events)


@fact("A distribution takes 250,000 requests a second", source=QUOTAS)
@pytest.mark.parametrize(("rate", "over"), [(249_000.0, 0), (250_000.0, 0), (251_000.0, 1000)])
def test_requests_a_second(rate: float, over: float) -> None:
    assert lost(edge(rate, 3, **SMALL), "request_rate") == pytest.approx(over, abs=1)


@fact("In 2020 a distribution took 100,000 requests a second", source=QUOTAS)
@pytest.mark.parametrize(("rate", "over"), [(99_000.0, 0), (101_000.0, 1000)])
def test_requests_a_second_in_2020(rate: float, over: float) -> None:
    assert lost(edge(rate, 3, era="2020", **SMALL), "request_rate") == pytest.approx(over, abs=1)


@fact("A distribution sends 150 Gbit/s; in 2020 it was 40", source=QUOTAS)
@pytest.mark.parametrize(("era", "gbit"), [("current", 150.0), ("2020", 40.0)])
def test_data_rate(era: str, gbit: float) -> None:
    mb_per_s = gbit * 1e9 / 8 / 1024**2
    fits = edge(0.99 * mb_per_s, 3, object_kb=1024.0, era=era)
    assert lost(fits, "data_rate") == 0
    assert fits.now("d")["data_rate_gbit"] == pytest.approx(0.99 * gbit)
    over = edge(1.01 * mb_per_s, 3, object_kb=1024.0, era=era)
    assert lost(over, "data_rate") == pytest.approx(0.01 * mb_per_s)


def behaviors(count: int, era: str) -> str:
    pattern = ", ".join(f"/p{i}/*" for i in range(count))
    return told(edge(1, 1, {"path_pattern": pattern}, era=era))


@fact("A distribution has 75 cache behaviours; in 2020 it was 25", source=QUOTAS)
@pytest.mark.parametrize(("era", "most"), [("current", 75), ("2020", 25)])
def test_behaviors(era: str, most: int) -> None:
    assert "behaviours" not in behaviors(most, era)
    assert f"has {most} cache behaviours at most" in behaviors(most + 1, era)


def origins(count: int, era: str, standby: bool = False) -> str:
    nodes: dict[str, Any] = {"c": ("clients", {"rate_per_s": 1.0}), "d": ("cloudfront", {})}
    links = ["c.out > d.in"]
    for i in range(count):
        nodes[f"x{i}"] = FAST
        more = f"{{'mode': 'standby', 'origin_group': 'g{i}'}}" if standby else ""
        links.append(f"d.origins > x{i}.in {more}")
    return told(simulate(nodes, links, seconds=1, era=era))


@fact("A distribution has 100 origins; in 2020 it was 25", source=QUOTAS)
@pytest.mark.parametrize(("era", "most"), [("current", 100), ("2020", 25)])
def test_origins(era: str, most: int) -> None:
    assert "origins at most" not in origins(most, era)
    assert f"has {most} origins at most" in origins(most + 1, era)


@fact("A distribution has 10 origin groups", source=QUOTAS)
def test_origin_groups() -> None:
    assert "origin groups" not in origins(10, "current", True)
    assert "has 10 origin groups at most" in origins(11, "current", True)


@fact("A cache key has 10 cookies, headers and query strings each", source=QUOTAS)
@pytest.mark.parametrize("what", ["cookies", "headers", "query_strings"])
def test_parts_of_a_key(what: str) -> None:
    assert "in a cache key" not in told(edge(1, 1, {f"{what}_in_key": 10}))
    assert "has 10 " in told(edge(1, 1, {f"{what}_in_key": 11}))


@fact("A file of 50 GB can be cached, a larger one cannot; in 2020 it was 20 GB", source=QUOTAS)
@pytest.mark.parametrize(("era", "most"), [("current", 50), ("2020", 20)])
def test_cacheable_file(era: str, most: float) -> None:
    gb = 1024.0**2
    fits = edge(0.01, 1, object_kb=most * gb, era=era, key_count=1)
    assert fits.now("d")["hit_ratio"] > 0.5
    over = edge(0.01, 1, object_kb=(most + 0.01) * gb, era=era, key_count=1)
    assert over.now("d")["hit_ratio"] == 0


@fact("A request is 64 GB long at most; in 2020 it was 20 GB", source=QUOTAS)
@pytest.mark.parametrize(("era", "most"), [("current", 64), ("2020", 20)])
def test_request_length(era: str, most: float) -> None:
    for gb, over in ((most, 0.0), (most + 0.01, 1.0)):
        nodes: dict[str, Any] = {
            "c": ("clients", {"rate_per_s": 1.0, "write_fraction": 1.0}),
            "d": ("cloudfront", SMALL),
            "x": FAST,
        }
        sends = f"c.out > d.in {{'payload_kb': {gb * 1024.0**2}}}"
        run = simulate(nodes, [sends, "d.origins > x.in"], seconds=1, era=era)
        assert lost(run, "too_large") == pytest.approx(over)


@fact("Without a header an answer is kept for the default TTL, 86,400 s", source=TTL)
def test_default_ttl() -> None:
    assert Behavior().default_ttl_s == 86_400
    link = Behavior()
    assert lifetime_s("", link.min_ttl_s, link.default_ttl_s, link.max_ttl_s) == 86_400
    assert lifetime_s("", 100_000, link.default_ttl_s, link.max_ttl_s) == 100_000
    # one object, one cache, a request every 86,400 s: a lifetime of as much is hit every other time
    alone = {"key_count": 1, "edge_caches": 1, "regional_caches": 0}
    assert edge(1 / 86_400, 1, **alone).now("d")["hit_ratio"] == pytest.approx(0.5, abs=1e-3)


@fact("The maximum TTL is 31,536,000 s by default, and caps what the origin says", source=TTL)
@pytest.mark.parametrize(
    ("said", "kept"),
    [(31_535_999, 31_535_999), (31_536_000, 31_536_000), (31_536_001, 31_536_000)],
)
def test_max_ttl(said: int, kept: float) -> None:
    link = Behavior()
    header = f"public, max-age={said}"
    assert lifetime_s(header, link.min_ttl_s, link.default_ttl_s, link.max_ttl_s) == kept


def kept(header: str, **link: float) -> float:
    """The lifetime as the hits tell it: one object, one cache, a request a second."""
    run = edge(1, 1, {"cache_control": header, **link}, key_count=1, edge_caches=1,
               regional_caches=0)  # fmt: skip
    hit = run.now("d")["hit_ratio"]
    return float(hit / (1 - hit))


@fact("max-age is kept to between the minimum and the maximum TTL", source=TTL)
def test_max_age_is_clamped() -> None:
    assert kept("max-age=9", min_ttl_s=10, max_ttl_s=20) == pytest.approx(10)
    assert kept("max-age=15", min_ttl_s=10, max_ttl_s=20) == pytest.approx(15)
    assert kept("max-age=21", min_ttl_s=10, max_ttl_s=20) == pytest.approx(20)


@fact("s-maxage comes before max-age", source=TTL)
def test_s_maxage() -> None:
    assert kept("max-age=9, s-maxage=5") == pytest.approx(5)
    assert kept("s-maxage=5, max-age=9") == pytest.approx(5)


@fact("no-cache, no-store and private are not kept, unless the minimum TTL is above 0", source=TTL)
@pytest.mark.parametrize("header", ["no-cache", "no-store", "private", "max-age=60, no-store"])
def test_no_store(header: str) -> None:
    assert kept(header) == 0
    assert kept(header, min_ttl_s=7.0) == pytest.approx(7)


@fact("Two cookies of three values each make nine variants of an object", source=KEY)
def test_nine_variants() -> None:
    alone = {"key_count": 1, "edge_caches": 1, "regional_caches": 0}
    link = {"default_ttl_s": 9.0, "cookies_in_key": 2, "cookie_values": 3}
    # one request a second: one of nine variants comes once in its nine seconds
    assert edge(1, 1, link, **alone).now("d")["hit_ratio"] == pytest.approx(0.5)


@fact("With all headers forwarded nothing is cached", source=KEY)
def test_all_headers() -> None:
    assert edge(100, 1, {"all_headers": True}).now("x")["arrivals"] == pytest.approx(100)


def routed(path: str, *links: dict[str, Any]) -> int:
    """Which of the origins gets a request for a path."""
    nodes: dict[str, Any] = {
        "c": ("clients", {"rate_per_s": 10.0, "write_fraction": 0.0}),
        "d": ("cloudfront", {}),
    }
    drawn = ["c.out > d.in"]
    for i, link in enumerate(links):
        nodes[f"x{i}"] = FAST
        drawn.append(f"d.origins > x{i}.in {dict(link, caching='disabled')}")
    run = simulate(nodes, drawn, seconds=2, classes=(RequestClass("one", 1.0, path=path),))
    got = [i for i in range(len(links)) if run.now(f"x{i}")["arrivals"] == pytest.approx(10)]
    assert len(got) == 1
    return got[0]


@fact("Path patterns are tried in their order, the first that fits is taken, * is last",
      source=BEHAVIORS)  # fmt: skip
def test_order_of_behaviors() -> None:
    general = {"path_pattern": "/img/*", "precedence": 1}
    special = {"path_pattern": "/img/*.gif", "precedence": 2}
    default = {"path_pattern": "*", "precedence": 0}
    assert routed("/img/a.gif", default, general, special) == 1
    assert routed("/img/a.gif", default, general, {**special, "precedence": 0}) == 2
    assert routed("/other", default, general, special) == 0


@fact("Of path patterns case counts, the query string does not", source=BEHAVIORS)
def test_case_and_query_string() -> None:
    images = {"path_pattern": "/img/?.gif"}
    assert routed("/img/a.gif", images, {}) == 0
    assert routed("/IMG/a.gif", images, {}) == 1
    assert routed("/img/ab.gif", images, {}) == 1
    assert routed("/img/a.gif?x=1", images, {}) == 0


@fact("An origin group tries the primary for every request first", source=FAILOVER)
def test_the_primary_is_tried_every_time() -> None:
    run = group(60, (Fault("error_rate", "x", 0.0, 3600.0, 1.0),))
    assert run.now("x")["arrivals"] == run.now("y")["arrivals"] == pytest.approx(100)
    assert run.now("c")["goodput"] == pytest.approx(100)


@fact("Failover is for GET, HEAD and OPTIONS only", source=FAILOVER)
def test_writes_do_not_fail_over() -> None:
    run = group(30, (Fault("error_rate", "x", 0.0, 3600.0, 1.0),), writes=1.0)
    assert run.now("y")["arrivals"] == 0
    assert run.now("c")["goodput"] == 0


CONNECT = "Amazon CloudFront API: Origin"


@fact("A connection to an origin is tried 3 times for 10 s each", source=CONNECT)
def test_connection_attempts() -> None:
    def mean(**link: Any) -> float:
        nodes = {
            "c": ("clients", {"rate_per_s": 10.0, "write_fraction": 0.0}),
            "d": ("cloudfront", {"edge_ms": 0.0, "origin_ms": 0.0}),
            "x": FAST,
            "y": ("external", {"servers": 1000, "service_time_s": 0.0}),
        }
        first = {"caching": "disabled", **link}
        links = [
            "c.out > d.in",
            f"d.origins > x.in {first}",
            "d.origins > y.in {'mode': 'standby'}",
        ]
        cut = (Fault("link_cut", "d>x", 0.0, 3600.0, 1.0),)
        return float(simulate(nodes, links, seconds=10, faults=cut).now("d")["latency_mean"])

    assert mean() == pytest.approx(30, abs=0.01)
    assert mean(connection_attempts=1, connection_timeout_s=2.0) == pytest.approx(2, abs=0.01)


@fact("An origin is waited for for 30 s", source="Amazon CloudFront API: CustomOriginConfig")
@pytest.mark.parametrize(("takes", "goodput"), [(29.8, 10), (30.2, 0)])
def test_response_timeout(takes: float, goodput: float) -> None:
    slow = {"servers": 10_000, "service_time_s": takes, "service_shape": "deterministic"}
    run = edge(10, 60, {"caching": "disabled"}, origin=("external", slow))
    assert run.now("c")["goodput"] == pytest.approx(goodput, abs=0.01)


@fact("An origin's error is kept for 10 s; in 2020 for 5 minutes", source=ERRORS)
@pytest.mark.parametrize(("era", "keeps_s"), [("current", 10), ("2020", 300)])
def test_error_caching(era: str, keeps_s: float) -> None:
    # one object that is not there yet, one edge: it asks once in that time and the second until
    # the next request
    broken = (Fault("error_rate", "x", 0.0, 36000.0, 1.0),)
    run = edge(1, 10, {"default_ttl_s": 60.0}, era=era, faults=broken, key_count=1, edge_caches=1,
               regional_caches=0)  # fmt: skip
    run.control("d", "version_names", {"share": 1.0})  # objects of new names, which nobody has
    go(run, 2)
    assert run.now("x")["arrivals"] == pytest.approx(1 / (1 + keeps_s), rel=1e-3)
    assert lost(run, "error_cached") == pytest.approx(keeps_s / (1 + keeps_s), rel=0.01)


@fact("An expired copy is served while the origin fails", source=TTL)
def test_expired_copies() -> None:
    broken = (Fault("error_rate", "x", 5.0, 3600.0, 1.0),)
    link = {"default_ttl_s": 1.0}
    run = edge(100, 30, link, faults=broken, key_count=10, edge_caches=1, regional_caches=0)
    assert run.now("d")["hit_ratio"] < 0.95
    assert run.now("c")["goodput"] == pytest.approx(100, rel=0.01)
    cold = edge(100, 30, link, faults=broken, key_count=10, edge_caches=1, regional_caches=0,
                error_caching_s=0.0)  # fmt: skip
    assert cold.now("c")["goodput"] == pytest.approx(100, rel=0.01)


def invalidate(run: Run, **args: Any) -> None:
    run.control("d", "invalidate", args)
    go(run, 1)


@fact("3,000 files may be invalidated at a time", source=QUOTAS)
def test_files_in_progress() -> None:
    run = edge(1, 1)
    invalidate(run, paths=2999, wildcard=False)
    invalidate(run, paths=1, wildcard=False)
    assert run.now("d")["invalidations_in_progress"] == 2
    with pytest.raises(EngineError, match="3,000"):
        invalidate(run, paths=1, wildcard=False)
    go(run, 60)
    invalidate(run, paths=1, wildcard=False)


@fact("15 wildcard paths may be invalidated at a time", source=QUOTAS)
def test_wildcards_in_progress() -> None:
    run = edge(1, 1)
    invalidate(run, paths=14)
    invalidate(run, paths=1)
    with pytest.raises(EngineError, match="15"):
        invalidate(run, paths=1)
    invalidate(run, paths=1, wildcard=False)  # they are counted apart


@fact("1,000 invalidation paths of a month are free, each further one costs 0.005 USD",
      source=GUIDE + "Pay for file invalidation")  # fmt: skip
@pytest.mark.parametrize(("before", "usd"), [(998, 0.0), (999, 0.0), (1000, 0.005)])
def test_free_paths(before: int, usd: float) -> None:
    run = edge(0.001, 1, paths_this_month=before)
    paid = run.cost_usd
    invalidate(run, paths=1)
    assert run.cost_usd - paid == pytest.approx(usd, abs=1e-6)


@fact("A wildcard path is one path, however many files it matches", source=INVALIDATE)
def test_a_wildcard_is_one_path() -> None:
    run = edge(100, 1)
    invalidate(run)  # of one path, unless it is told
    assert run.now("d")["invalidation_paths"] == 1
    go(run, 61)
    assert run.now("d")["hit_ratio"] < 0.2


@fact("Answers of 1,000 bytes to 10,000,000 bytes are compressed",
      source=GUIDE + "Serve compressed files")  # fmt: skip
@pytest.mark.parametrize(
    ("size", "compressed"),
    [(999, False), (1000, True), (10_000_000, True), (10_000_001, False)],
)
def test_compression(size: float, compressed: bool) -> None:
    kb = size / 1024.0
    assert sent_kb(kb, True, 0.5) == pytest.approx(kb * (0.5 if compressed else 1.0))
    run = edge(1, 1, object_kb=kb, compress=True, compressed_size=0.5)
    assert run.now("d")["bytes_downloaded"] == pytest.approx(kb * (0.5 if compressed else 1.0))


@fact("Edges ask one of 13 regional edge caches, which asks the origin once a lifetime",
      source=GUIDE + "How CloudFront works with regional edge caches")  # fmt: skip
def test_regional_caches() -> None:
    run = edge(5000, 60, {"default_ttl_s": 60.0}, key_count=1)
    # 200 edges renew their copy every minute, at whichever regional cache is theirs
    asked_s = 13 / (200 / 60)
    assert run.now("x")["arrivals"] == pytest.approx(13 / (60 + asked_s), rel=2e-3)


@fact("Requests that change something pass the regional caches by",
      source=GUIDE + "How CloudFront delivers content")  # fmt: skip
def test_writes_go_straight_to_the_origin() -> None:
    slow = {"regional_ms": 1000.0, "edge_ms": 0.0, "origin_ms": 0.0}
    instant = ("external", {"servers": 1000, "service_time_s": 0.0})
    run = edge(10, 2, origin=instant, clients={"write_fraction": 1.0}, **slow)
    assert run.now("d")["latency_mean"] == pytest.approx(0, abs=1e-6)
    run = edge(10, 2, {"default_ttl_s": 1e-6}, origin=instant, **slow)
    assert run.now("d")["latency_mean"] == pytest.approx(1, rel=1e-3)


@fact("Concurrent requests for an object that is being fetched wait for the one fetch",
      source=GUIDE + "Request and response behavior for custom origins")  # fmt: skip
def test_concurrent_misses_are_one() -> None:
    # one object, a lifetime of 1 s, 1,000 requests/s, and an origin that takes half a second
    slow = ("external", {"servers": 100, "service_time_s": 0.5})
    run = edge(1000, 5, {"default_ttl_s": 1.0}, origin=slow, key_count=1, edge_caches=1,
               regional_caches=0, origin_ms=0.0)  # fmt: skip
    assert run.now("x")["arrivals"] == pytest.approx(1, rel=0.01)
    assert run.now("d")["collapsed"] == pytest.approx(500, rel=0.01)


def blocked(country: str, **more: Any) -> float:
    classes = (RequestClass("one", 1.0, country=country),)
    return lost(edge(1000, 1, classes=classes, **more), "geo_restriction")


@fact("A country that is denied, or not allowed, gets 403; located to 99.8 %", source=GEO)
def test_geo_restriction() -> None:
    assert blocked("DE", geo_restriction="deny", countries="DE FR") == pytest.approx(998)
    assert blocked("US", geo_restriction="deny", countries="DE FR") == 0
    assert blocked("DE", geo_restriction="allow", countries="DE FR") == 0
    assert blocked("US", geo_restriction="allow", countries="DE FR") == pytest.approx(998)


@fact("Who cannot be located is served", source=GEO)
def test_unknown_countries() -> None:
    assert blocked("", geo_restriction="deny", countries="DE") == 0
    assert blocked("", geo_restriction="allow", countries="DE") == 0


@fact("RTMP distributions ended on 2020-12-31", source=RTMP)
@pytest.mark.parametrize(
    ("era", "start", "served"),
    [
        ("2020", "2020-12-30T23:59:00Z", 10),
        ("2020", "2020-12-31T00:00:00Z", 0),
        ("current", "2026-01-05T08:00:00Z", 0),
    ],
)
def test_rtmp(era: str, start: str, served: float) -> None:
    run = edge(10, 2, distribution="rtmp", era=era, start=start)
    assert run.now("d")["served"] == pytest.approx(served)
    assert lost(run, "rtmp_ended") == pytest.approx(10 - served)


@fact("Price class 100 has edges in North America and Europe, 200 all but South America and "
      "Australia", source="Amazon CloudFront API: PriceClass")  # fmt: skip
@pytest.mark.parametrize(
    ("viewers", "near_100", "near_200"),
    [("europe", True, True), ("japan", False, True), ("south_america", False, False),
     ("australia", False, False)],
)  # fmt: skip
def test_price_classes(viewers: str, near_100: bool, near_200: bool) -> None:
    def near(price_class: str) -> bool:
        run = edge(10, 1, viewers=viewers, price_class=price_class)
        return bool(run.now("d")["own_latency_mean"] < 0.08)

    assert near("all")
    assert near("100") == near_100
    assert near("200") == near_200


@fact("A GB to North America and Europe costs 0.085 USD, after 10 TB of a month 0.080",
      source=PRICING)  # fmt: skip
def test_price_of_a_gb() -> None:
    # 10 GB a second: the first 1,000 s are 10 TB
    run = edge(10.0, 990, object_kb=1e6, protocol="http", tick_s=10.0)
    data, requests = 10.0 * 3600.0, 10 * 3600 * 0.75e-6
    assert run.now("d")["cost_per_hour"] == pytest.approx(data * 0.085 + requests)
    go(run, 10)
    assert run.now("d")["cost_per_hour"] == pytest.approx(data * 0.085 + requests)
    go(run, 10)
    assert run.now("d")["cost_per_hour"] == pytest.approx(data * 0.080 + requests)


@fact("10,000 HTTPS requests cost 0.0100 USD in the US, 0.0120 in Europe, 0.0220 in South America; "
      "HTTP in the US 0.0075", source=PRICING)  # fmt: skip
@pytest.mark.parametrize(
    ("viewers", "protocol", "usd"),
    [("north_america", "https", 0.0100), ("europe", "https", 0.0120),
     ("south_america", "https", 0.0220), ("north_america", "http", 0.0075)],
)  # fmt: skip
def test_price_of_requests(viewers: str, protocol: str, usd: float) -> None:
    run = edge(10_000, 1, object_kb=0.01, viewers=viewers, protocol=protocol)
    gb = {"south_america": 0.110}.get(viewers, 0.085)
    data = 10_000 * 0.01 / 1e6 * gb
    assert run.now("d")["cost_per_hour"] == pytest.approx(3600 * (usd + data))


@fact("A GB costs 0.109 USD in India, 0.114 in Japan and Australia, 0.120 in South-East Asia, "
      "0.110 in South America, the Middle East and Africa", source=PRICING)  # fmt: skip
@pytest.mark.parametrize(
    ("viewers", "usd"),
    [("india", 0.109), ("japan", 0.114), ("australia", 0.114), ("southeast_asia", 0.120),
     ("south_america", 0.110), ("middle_east_africa", 0.110)],
)  # fmt: skip
def test_price_of_a_gb_elsewhere(viewers: str, usd: float) -> None:
    with_data = edge(1, 1, object_kb=1e6, viewers=viewers).now("d")["cost_per_hour"]
    without = edge(1, 1, object_kb=0.01, viewers=viewers).now("d")["cost_per_hour"]
    assert with_data - without == pytest.approx(3600 * usd, rel=1e-5)


@fact("A GB that goes on to the origin costs 0.020 USD", source=PRICING)
def test_price_of_uploads() -> None:
    clients = {"write_fraction": 1.0, "payload_kb": 1e6}
    run = edge(1, 1, clients=clients, object_kb=0.01)
    small = edge(1, 1, clients={"write_fraction": 1.0, "payload_kb": 0.0}, object_kb=0.01)
    paid = run.now("d")["cost_per_hour"] - small.now("d")["cost_per_hour"]
    assert paid == pytest.approx(3600 * 0.020, rel=1e-5)


@fact("A URL is 8,192 bytes long at most", source=QUOTAS)
@pytest.mark.parametrize(("length", "over"), [(8192, 0), (8193, 1000)])
def test_length_of_a_url(length: int, over: float) -> None:
    classes = (RequestClass("one", 1.0, attributes={"url_bytes": length}),)
    assert lost(edge(1000, 1, classes=classes), "too_large") == pytest.approx(over)


@fact("A request without its body is 32,768 bytes long at most; in 2020 20,480", source=QUOTAS)
@pytest.mark.parametrize(("era", "most"), [("current", 32_768), ("2020", 20_480)])
def test_length_of_headers(era: str, most: int) -> None:
    for length, over in ((most, 0), (most + 1, 500)):
        long = RequestClass("long", 0.5, attributes={"request_bytes": length})
        run = edge(1000, 1, classes=(RequestClass("short", 0.5), long), era=era)
        assert lost(run, "too_large") == pytest.approx(over)
        assert run.now("d")["served"] == pytest.approx(1000 - over)


@fact("An origin response timeout was 4 to 60 s in 2020", source=GUIDE + "Origin settings (2020)")
@pytest.mark.parametrize(("seconds", "wrong"), [(3.9, True), (4, False), (60, False), (60.5, True)])
def test_response_timeouts_of_2020(seconds: float, wrong: bool) -> None:
    assert ("4 to 60 s in 2020" in told(edge(1, 1, {"timeout_s": seconds}, era="2020"))) == wrong
    assert "4 to 60 s" not in told(edge(1, 1, {"timeout_s": seconds}))


@fact("A restriction names countries by their codes, at least one", source=GEO)
@pytest.mark.parametrize(
    ("restriction", "countries", "wrong"),
    [
        ("deny", "DE, fr", False),
        ("deny", "Germany", True),
        ("allow", "", True),
        ("none", "", False),
    ],
)
def test_countries_are_named(restriction: str, countries: str, wrong: bool) -> None:
    given = {"geo_restriction": restriction, "countries": countries}
    assert bool(catalogue().check_params("cloudfront", given)) == wrong


@fact("Price class 100 bills viewers elsewhere at the price of the edge that serves them",
      source=PRICING)  # fmt: skip
@pytest.mark.parametrize(("price_class", "usd"), [("100", 0.085), ("200", 0.114), ("all", 0.114)])
def test_price_of_a_class(price_class: str, usd: float) -> None:
    run = edge(1000, 1, viewers="japan", price_class=price_class, object_kb=1000.0)
    line = next(one for one in bill(run, "d") if one.title == "Data to viewers")
    assert line.usd_per_hour == pytest.approx(1000 * 3600 * 1000 / 1e6 * usd, rel=1e-3)
