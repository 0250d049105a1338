"""Route 53 to AWS's rules, each at its boundary."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.engine import Run
from sandbox.services._route53_records import CHECKERS
from sandbox.services.route53 import Params
from tests.conformance import fact
from tests.services.test_route53 import FAST, down, name, shares
from tests.simulation import go, simulate

CHECKS = (
    "Amazon Route 53 Developer Guide: How Route 53 determines whether a health check is healthy"
)
CONFIG = "Amazon Route 53 API: HealthCheckConfig"
ALIAS = "Amazon Route 53 Developer Guide: Choosing between alias and non-alias records"
CHOICE = "Amazon Route 53 Developer Guide: Choosing a routing policy"
TTL = "Amazon Route 53 Developer Guide: TTL (seconds)"
PRICING = "https://aws.amazon.com/route53/pricing/"
PAIR = ["a", "b {'mode': 'standby'}"]


def failed_over_after(**more: Any) -> float:
    """Seconds from the start of an outage, at 0, until the record is unhealthy."""
    run = name(PAIR, 0, policy="failover", ttl_s=1.0, faults=(down("a", 0),), **more)
    while run.now("n").get("unhealthy_records", 0) < 1:
        go(run, 1)
        assert run.t_s < 1000
    return float(run.t_s)


@fact("A checker looks every 30 s, or with fast checks every 10 s", source=CONFIG)
def test_intervals() -> None:
    # of 15 checkers 13 must have looked three times: two rounds and 13 fifteenths of one
    assert failed_over_after() == pytest.approx((2 + 13 / 15) * 30, abs=1)
    fast = failed_over_after(health_check_interval_s=10)
    assert fast == pytest.approx((2 + 13 / 15) * 10, abs=1.5)
    assert Params().health_check_interval_s == 30


@fact("A checker changes its mind after 1 to 10 looks in a row, 3 by default", source=CONFIG)
def test_failure_threshold() -> None:
    assert Params().failure_threshold == 3
    assert failed_over_after(failure_threshold=3) == failed_over_after()
    assert failed_over_after(failure_threshold=1) == pytest.approx(13 / 15 * 30, abs=1)
    assert failed_over_after(failure_threshold=10) == pytest.approx((9 + 13 / 15) * 30, abs=1)
    for wrong in (0, 11):
        with pytest.raises(ValueError, match="failure_threshold"):
            Params(failure_threshold=wrong)


@fact("An endpoint is healthy while more than 18 % of the checkers say so", source=CHECKS)
def test_eighteen_percent() -> None:
    # a look every 2 s, so after the second round one checker gives up every 2 s: with 3 of 15
    # left, 20 %, the endpoint is healthy, with 2, 13 %, it is not
    run = name(PAIR, 60 + 24, policy="failover", faults=(down("a", 0),))
    says = run.program.places[run.program.index["n"]].cells[0]["says"]
    assert says.sum() == 3
    assert len(says) == CHECKERS == 15
    assert run.now("n")["unhealthy_records"] == 0
    go(run, 2)
    assert says.sum() == 2
    assert run.now("n")["unhealthy_records"] == 1


@fact("There are about 15 checkers, so that an endpoint is looked at every 2 s", source=CHECKS)
def test_a_look_every_two_seconds() -> None:
    run = name(PAIR, 60, policy="failover", faults=(down("a", 0),))
    says = run.program.places[run.program.index["n"]].cells[0]["says"]
    left = []
    for _ in range(10):
        go(run, 2)
        left.append(says.sum())
    assert left == [14 - i for i in range(10)]


@fact("An HTTP status must come within 2 s of the connection", source=CHECKS)
@pytest.mark.parametrize(("takes", "unhealthy"), [(1.9, 0), (2.1, 1)])
def test_a_slow_endpoint_is_unhealthy(takes: float, unhealthy: float) -> None:
    slow = {"servers": 10_000, "service_time_s": takes, "service_shape": "deterministic"}
    nodes: dict[str, Any] = {
        "u": ("clients", {"rate_per_s": 10.0}),
        "n": ("route53", {"policy": "failover"}),
        "a": ("external", slow),
        "b": FAST,
    }
    links = ["u.out > n.in", "n.targets > a.in", "n.targets > b.in {'mode': 'standby'}"]
    run = simulate(nodes, links, seconds=120)
    assert run.now("n")["unhealthy_records"] == unhealthy


@fact("A health check counts as healthy until there is data", source=CHECKS)
def test_new_checks_are_healthy() -> None:
    run = name(PAIR, 1, policy="failover", faults=(down("a", 0),))
    assert run.now("n")["healthy_records"] == 2
    assert shares(run)["a"] == 1


@fact("Resolvers keep an answer for its TTL", source=TTL)
@pytest.mark.parametrize("ttl", [20.0, 60.0])
def test_answers_run_out_within_a_ttl(ttl: float) -> None:
    run = name(PAIR, 86, policy="failover", ttl_s=ttl, faults=(down("a", 0),))
    assert run.now("n")["unhealthy_records"] == 1
    go(run, ttl / 2)
    assert shares(run)["b"] == pytest.approx(0.5, abs=0.1)
    go(run, ttl / 2 - 4)
    assert shares(run)["b"] < 1
    go(run, 4)
    assert shares(run)["b"] == 1


@fact("A record keeps its answers for 300 s unless it says otherwise, as the console proposes",
      source=TTL)  # fmt: skip
def test_the_ttl_that_the_console_proposes() -> None:
    assert Params().ttl_s == 300
    run = name(PAIR, 86 + 150, policy="failover", faults=(down("a", 0),))
    assert shares(run)["b"] == pytest.approx(0.5, abs=0.05)
    go(run, 150)
    assert shares(run)["b"] == 1


@fact("An alias has the TTL of what it points to, 60 s for a load balancer", source=ALIAS)
def test_the_ttl_of_an_alias() -> None:
    run = name(PAIR, 86, policy="failover", record="alias", ttl_s=1.0, faults=(down("a", 0),))
    go(run, 30)
    assert shares(run)["b"] == pytest.approx(0.5, abs=0.1)
    go(run, 30)
    assert shares(run)["b"] == 1


@fact("At the zone apex a CNAME is not allowed, an alias is", source=ALIAS)
def test_the_apex() -> None:
    with pytest.raises(ValueError, match="zone apex"):
        Params(zone_apex=True, record="cname")
    assert Params(zone_apex=False, record="cname")
    assert Params(zone_apex=True, record="alias")


def hour(rate: float = 1000.0, links: list[str] | None = None, **more: Any) -> Run:
    return name(links or ["a"], 2, rate, ttl_s=0.0, **more)


@fact("A zone costs 0.50 USD a month, a million queries 0.40 USD", source=PRICING)
def test_price_of_zone_and_queries() -> None:
    queries = 1000 * 3600 / 1e6
    run = hour(resolvers=10_000_000)
    assert run.now("n")["cost_per_hour"] == pytest.approx(0.5 / 730 + 0.40 * queries, rel=1e-4)


@fact("A million queries cost 0.60 USD with latency routing, 0.70 with geolocation", source=PRICING)
@pytest.mark.parametrize(("policy", "usd"), [("latency", 0.60), ("geolocation", 0.70)])
def test_price_of_queries_by_policy(policy: str, usd: float) -> None:
    run = hour(resolvers=10_000_000, policy=policy, links=["a {'health_check': False}"])
    assert run.now("n")["cost_per_hour"] == pytest.approx(0.5 / 730 + usd * 3.6, rel=1e-4)


@fact("Queries for an alias are free", source=ALIAS)
def test_price_of_an_alias() -> None:
    assert hour(record="alias").now("n")["cost_per_hour"] == pytest.approx(0.5 / 730)


@fact("A health check costs 0.50 USD a month in AWS and 0.75 elsewhere, fast ones 1.00 and 2.00 "
      "more", source=PRICING)  # fmt: skip
@pytest.mark.parametrize(("interval", "ours", "other"), [(30, 0.50, 0.75), (10, 1.50, 2.75)])
def test_price_of_health_checks(interval: int, ours: float, other: float) -> None:
    def checks(service: str) -> float:
        nodes: dict[str, Any] = {
            "u": ("clients", {"rate_per_s": 0.0}),
            "n": ("route53", {"policy": "weighted", "health_check_interval_s": interval}),
            "a": (service, {}),
        }
        run = simulate(nodes, ["u.out > n.in", "n.targets > a.in"], seconds=1)
        return float(run.now("n")["cost_per_hour"]) * 730 - 0.50

    assert checks("elb") == pytest.approx(ours)
    assert checks("external") == pytest.approx(other)
