"""API Gateway to AWS's rules, each at its boundary."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.services import catalogue
from tests.conformance import fact
from tests.services.test_api_gateway import FAST, api
from tests.simulation import simulate

QUOTAS = "Amazon API Gateway Developer Guide: Quotas and important notes"
PRICING = "https://aws.amazon.com/api-gateway/pricing/"


@fact("All APIs of an account may have 10,000 requests a second in a Region", source=QUOTAS)
@pytest.mark.parametrize(("rate", "refused"), [(9_900, 0), (10_100, 100)])
def test_the_account_takes_ten_thousand_a_second(rate: float, refused: float) -> None:
    run = api(rate, 400)
    assert run.losses("a").get("account", (0.0,))[0] == pytest.approx(refused, abs=2)
    assert run.now("a")["served"] == pytest.approx(rate - refused, abs=2)


@fact("A burst takes the 5,000 tokens of the account's bucket, and then 429", source=QUOTAS)
def test_a_burst_of_five_thousand_is_let_in_at_once() -> None:
    # 20,000/s against a refill of 10,000/s: 5,000 tokens last for half a second
    run = api(20_000, 1, tick_s=0.1)
    _t, mean, _lo, _hi = run.series("a", "served", points=1000)
    assert mean.mean() * run.t_s == pytest.approx(10_000 + 5_000, rel=1e-3)


@fact("What is beyond a limit is refused with 429, and does not wait", source=QUOTAS)
def test_nothing_waits_in_a_burst() -> None:
    now = api(20_000, 60).now("a")
    assert now["http_429"] == pytest.approx(10_000, rel=0.01)
    assert now["backlog"] == now["in_flight"] == 0


@fact(
    "Limits apply in the order usage plan, method, stage, account",
    source="Amazon API Gateway Developer Guide: Throttle requests to your REST APIs",
)
def test_what_an_earlier_limit_refuses_costs_no_token_of_a_later_one() -> None:
    run = api(
        20_000,
        300,
        {"method_rate_per_s": 6000.0},
        usage_plan_rate_per_s=8000.0,
        stage_rate_per_s=4000.0,
    )
    lost = run.losses("a")
    assert lost["usage_plan"][0] == pytest.approx(12_000, rel=0.01)
    assert lost["method"][0] == pytest.approx(2000, rel=0.02)
    assert lost["stage"][0] == pytest.approx(2000, rel=0.02)
    assert "account" not in lost or lost["account"][0] == pytest.approx(0, abs=1)


def slow(timeout: dict[str, Any], seconds: float = 600) -> Any:
    nodes = {
        "c": ("clients", {"rate_per_s": 10.0}),
        "a": ("api_gateway", {"latency_ms": 0.0}),
        "f": (
            "lambda_function",
            {"cpu_time_ms": 0.0, "wait_time_ms": timeout.pop("lasts_ms"), "duration_cv2": 0.0,
             "timeout_s": 900.0},
        ),
    }  # fmt: skip
    return simulate(nodes, ["c.out > a.in", f"a.out > f.in {timeout}"], seconds=seconds)


@fact("The integration timeout is 29 s; then the caller gets 504", source=QUOTAS)
@pytest.mark.parametrize(("lasts_ms", "late"), [(28_900.0, 0), (29_100.0, 10)])
def test_an_integration_is_waited_for_for_29_s(lasts_ms: float, late: float) -> None:
    run = slow({"lasts_ms": lasts_ms})
    assert run.now("a")["http_504"] == pytest.approx(late, abs=0.05)
    assert run.now("c")["goodput"] == pytest.approx(10 - late, abs=0.05)


@fact("A backend that is not waited for any more works on", source=QUOTAS)
def test_the_function_works_on_after_504_and_is_paid_for() -> None:
    run = slow({"lasts_ms": 60_000.0})
    assert run.now("a")["http_504"] == pytest.approx(10, abs=0.05)
    assert run.now("f")["concurrent_executions"] == pytest.approx(600, rel=0.01)
    assert run.now("f")["cost_per_hour"] > 600 / 8 * 0.0000166667 * 3600


@fact(
    "Since June 2024 the timeout of a Regional or private REST API may be up to 300 s",
    source="What's New, June 2024: API Gateway integration timeout limit increase",
)
@pytest.mark.parametrize(("era", "kind", "given", "told"), [
    ("current", "rest", 300.0, 0), ("2020", "rest", 29.0, 0),
    ("2020", "rest", 29.1, 1), ("current", "http", 30.0, 0), ("current", "http", 30.1, 1),
    ("current", "websocket", 29.0, 0), ("current", "websocket", 29.1, 1),
])  # fmt: skip
def test_a_longer_timeout_than_aws_takes_is_told(
    era: str, kind: str, given: float, told: int
) -> None:
    run = api(1, 1, {"timeout_s": given}, era=era, type=kind)
    assert sum("AWS refuses" in event.text for event in run.events) == told
    for_ever = api(1, 1, {"timeout_s": None}, era=era, type=kind).events
    most = {"rest": 300, "http": 30, "websocket": 29}[kind] if era == "current" else 29
    assert any(f"{most} s at most, so AWS refuses" in event.text for event in for_ever)


@fact("A payload may have 10 MB", source=QUOTAS)
@pytest.mark.parametrize(("kb", "refused"), [(10_240, 0), (10_241, 5)])
def test_ten_megabytes_pass(kb: float, refused: float) -> None:
    run = api(5, 10, clients={"payload_kb": kb})
    assert run.now("a")["rejected"] == refused


@fact("A WebSocket message may have 128 KB", source=QUOTAS)
@pytest.mark.parametrize(("kb", "refused"), [(128, 0), (129, 5)])
def test_a_message_of_a_socket_may_have_128_kb(kb: float, refused: float) -> None:
    run = api(5, 10, type="websocket", clients={"payload_kb": kb})
    assert run.now("a")["rejected"] == refused


@fact("500 new WebSocket connections a second", source=QUOTAS)
@pytest.mark.parametrize(("fresh", "refused"), [(450, 0), (600, 100)])
def test_so_many_connections_are_opened_in_a_second(fresh: float, refused: float) -> None:
    run = api(fresh, 120, type="websocket", messages_per_connection=1.0)
    assert run.now("a")["throttled"] == pytest.approx(refused, abs=2)


@fact("REST costs 3.50 USD a million up to 333 million a month, and 2.80 beyond", source=PRICING)
def test_rest_is_cheaper_from_the_second_tier_on() -> None:
    run = api(9000, 36_990, tick_s=10.0)  # 332.9 million
    assert run.now("a")["cost_per_hour"] == pytest.approx(9000 * 3600 * 3.50e-6)
    run.advance(3)
    assert run.now("a")["cost_per_hour"] == pytest.approx(9000 * 3600 * 2.80e-6)


@fact("HTTP costs 1.00 USD a million up to 300 million a month, and 0.90 beyond", source=PRICING)
def test_http_is_cheaper_from_the_second_tier_on() -> None:
    run = api(9000, 33_330, tick_s=10.0, type="http")
    assert run.now("a")["cost_per_hour"] == pytest.approx(9000 * 3600 * 1.00e-6)
    run.advance(3)
    assert run.now("a")["cost_per_hour"] == pytest.approx(9000 * 3600 * 0.90e-6)


@fact("HTTP requests are billed by 512 KB, messages of a WebSocket by 32 KB", source=PRICING)
@pytest.mark.parametrize(
    ("kind", "kb", "units"),
    [("http", 512, 1), ("http", 513, 2), ("websocket", 32, 1), ("websocket", 32.2, 2)],
)
def test_large_requests_count_several_times(kind: str, kb: float, units: int) -> None:
    small, large = (
        api(10, 10, type=kind, clients={"payload_kb": size}).now("a")["cost_per_hour"]
        for size in (1.0, kb)
    )
    assert large == pytest.approx(units * small, rel=0.03)


@fact("A connection of a WebSocket that is idle ends after 10 minutes", source=QUOTAS)
def test_connections_are_kept_for_ten_minutes() -> None:
    # a new one every second, for there are 100 messages in each
    assert api(100, 10, type="websocket").now("a")["connections"] == pytest.approx(600, rel=2e-3)


@fact("An answer is cached for 300 s unless set, for 3,600 s at most",
      source="Amazon API Gateway Developer Guide: Cache settings for REST APIs")  # fmt: skip
def test_the_time_to_live_of_a_cache() -> None:
    assert catalogue().defaults("api_gateway")["cache_ttl_s"] == 300
    assert not catalogue().check_params("api_gateway", {"cache_ttl_s": 3600})
    assert catalogue().check_params("api_gateway", {"cache_ttl_s": 3601})


@fact("A cache costs 0.02 USD an hour at 0.5 GB, and 3.80 at 237 GB", source=PRICING)
@pytest.mark.parametrize(("size", "usd"), [("0.5", 0.02), ("237", 3.80)])
def test_a_cache_is_paid_by_the_hour(size: str, usd: float) -> None:
    run = simulate(
        {"a": ("api_gateway", {"cache_gb": size}), "x": FAST}, ["a.out > x.in"], seconds=5
    )
    assert run.now("a")["cost_per_hour"] == pytest.approx(usd)
