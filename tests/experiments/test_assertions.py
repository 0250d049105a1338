"""`--assert`: claims about a run, held or not, and never misread."""

from __future__ import annotations

import pytest

from sandbox.experiments import InputError, Result, run
from tests.simulation import diagram


@pytest.fixture(scope="module")
def shop():
    # 100/s to two servers of 50 ms take 40/s: 60 % is refused; a queue of none
    return diagram(
        {
            "users": ("clients", {"rate_per_s": 100}),
            "api": ("external", {"servers": 2, "service_time_s": 0.05, "queue_limit": 1}),
        },
        ["users.out > api.in"],
    )


def judged(shop, text: str):
    (verdict,) = run(shop, duration_s="10m", assertions=[text]).assertions
    return verdict


@pytest.fixture(scope="module")
def result(shop) -> Result:
    return run(shop, duration_s="10m")


def test_the_same_value_holds_above_and_not_below(shop, result):
    p99 = result.quantile("api", 0.99)
    assert p99 > 0
    below, above = p99 * 1000 - 1, p99 * 1000 + 1
    assert judged(shop, f"p99(api) < {above}ms").holds
    assert not judged(shop, f"p99(api) < {below}ms").holds
    assert judged(shop, f"p99(api) >= {below} ms").value == pytest.approx(p99)


def test_statistics_are_those_of_the_summary(shop, result):
    summary = result.summary("users", "arrivals")
    assert judged(shop, "total(users.arrivals) == 60000").holds
    assert judged(shop, "mean(users.arrivals) == 6000/min").holds
    assert judged(shop, "max(api.utilization) <= 100%").holds
    assert judged(shop, "last(users.arrivals) > 0").value == summary["last"]


def test_goodput_is_a_rate_or_with_per_cent_a_share(shop, result):
    good = result.summary("users", "goodput")["mean"]
    assert judged(shop, "goodput(users) > 1/s").value == pytest.approx(good)
    assert judged(shop, "goodput(users) > 1%").value == pytest.approx(good / 100)
    assert not judged(shop, "goodput(users) > 99%").holds


def test_cost_is_of_a_node_of_everything_or_an_hour(shop):
    assert judged(shop, "cost() <= 0 USD").value == 0
    assert judged(shop, "cost(api) < 1 USD/h").holds


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("api is fast", "write FUNC(NODE.METRIC) OP VALUE"),
        ("p98(api) < 1", "no function 'p98'; there are mean, min"),
        ("p99(web) < 1", "no node 'web'; there are api, users"),
        ("mean(api) < 1", "mean needs a metric of 'api'; it has arrivals, served"),
        ("mean(api.size) < 1", "'api' has no metric 'size'; it has arrivals"),
        ("total(api.utilization) < 1", "only a rate has a total; 'api' has arrivals"),
        ("p99(api.backlog) < 1", "p99 is of latencies: p99(api)"),
        ("p99(api) < 5 USD", "'USD' does not fit; write one of us, µs, ms"),
        ("p99(api) < slow", "'slow' is not a number"),
        ("goodput() > 1", "goodput needs a node"),
        ("cost(api.served) > 1", "cost takes a node alone"),
    ],
)
def test_a_claim_that_makes_no_sense_is_refused_before_the_run(shop, text, complaint):
    def never(done: int, ticks: int) -> None:
        raise AssertionError("the run began")

    with pytest.raises(InputError) as refused:
        run(shop, assertions=[text], progress=never)
    assert complaint in str(refused.value)
