"""Every number that has a rule is what the rule makes of its inputs, and bills add up."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sandbox.assets import asset
from sandbox.document import Fault
from sandbox.document.file import load
from sandbox.engine import Run
from sandbox.engine.why import bars, bill, explain
from sandbox.services import catalogue
from tests.simulation import go, simulate

pytestmark = pytest.mark.timeout(600)
EXAMPLES = sorted(path.stem for path in asset("examples").glob("*.json"))
BILLED = ("auto_scaling_group", "lambda_function", "sqs", "dynamodb", "kinesis_stream", "elb")


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_lines_of_every_bill_add_up_in_every_tick(name: str) -> None:
    run = Run(load(asset(f"examples/{name}.json"), catalogue()), catalogue(), window=True)
    for ticks in (1, 59, 1, 239, 301, 899, 7, 1493):
        go(run, ticks * run.dt)
        for node in run.program.ids:
            lines = bill(run, node)
            total = run.now(node)["cost_per_hour"]
            assert math.isclose(
                sum(line.usd_per_hour for line in lines), total, rel_tol=1e-9, abs_tol=1e-15
            ), (node, lines, total)
            titles = {line.title for line in lines}
            assert not titles & {"Not itemised", "In all"}, (run.tick, node, lines)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_rules_give_the_numbers_that_are_shown(name: str) -> None:
    run = Run(load(asset(f"examples/{name}.json"), catalogue()), catalogue(), window=True)
    for ticks in (1, 600, 1203):
        go(run, ticks * run.dt)
        for node in run.program.ids:
            for reason in explain(run, node):
                assert reason.rule.endswith(".")
                assert reason.agrees, (run.tick, node, reason)


def test_every_service_explains_its_losses_its_latency_and_its_cost() -> None:
    for service in catalogue().values():
        params = {"rate_per_s": 5.0} if service.source else {}
        links = [] if service.source else ["c.out > n.in"]
        nodes = {"n": (service.id, params)} | ({} if service.source else {"c": ("clients", {})})
        if not service.source and not any(p.name == "in" for p in service.ports):
            continue
        if not service.source and catalogue().why_not("clients", "out", service.id, "in"):
            nodes["k"] = ("kinesis_stream", {})
            links = ["c.out > k.in", "k.records > n.in"]
        run = simulate(nodes, links, seconds=5)
        found = {reason.metric: reason for reason in explain(run, "n")}
        wanted = {"arrivals", "served", "throttled", "backlog", "latency_mean", "latency_p99",
                  "own_latency_mean", "cost_per_hour"}  # fmt: skip
        assert wanted <= found.keys(), service.id
        assert {e.metric for e in service.explanations} <= {m.name for m in run.metrics("n")}
        for cells in bars(run, "n"):
            assert cells.bars, f"{service.id} draws nothing of its {cells.title.lower()}"


@pytest.mark.parametrize("service", BILLED)
def test_what_is_billed_has_lines_with_their_price_pages(service: str) -> None:
    lines = catalogue()[service].cost_lines
    assert lines
    assert all(line.source != "assumption" for line in lines)


def test_a_quota_stands_among_the_inputs_of_what_it_limits() -> None:
    run = simulate(
        {"c": ("clients", {"rate_per_s": 900.0}), "q": ("sqs", {})}, ["c.out > q.in"], seconds=60
    )
    reason = next(r for r in explain(run, "q") if r.metric == "utilization")
    limit = next(term for term in reason.terms if term.quota)
    assert limit.value == 120_000
    assert limit.source


def test_the_bill_of_a_hundred_requests_a_second_is_done_in_the_head() -> None:
    run = simulate(
        {"c": ("clients", {"rate_per_s": 100.0}), "q": ("sqs", {})}, ["c.out > q.in"], seconds=60
    )
    line = next(line for line in bill(run, "q") if line.title == "Requests")
    assert line.usd_per_hour == pytest.approx(100 * 3600 * 0.40e-6)


def test_there_is_a_bar_for_each_shard_and_the_hot_one_is_the_longest() -> None:
    run = simulate(
        {
            "c": ("clients", {"rate_per_s": 2000.0, "payload_kb": 0.1}),
            "k": ("kinesis_stream", {"shard_count": 4, "hot_key_share": 0.5}),
        },
        ["c.out > k.in"],
        seconds=10,
    )
    (shards,) = bars(run, "k")
    assert shards.title == "Shards"
    values = [bar.value for bar in shards.bars]
    assert len(values) == 4
    # a quarter of the half that is spread, and the hot half, of 2,000/s on 1,000/s
    assert max(values) == pytest.approx(2.0 * (0.5 + 0.125), rel=0.05)
    assert "throttled" in shards.bars[values.index(max(values))].note


def test_instances_have_the_state_they_are_in() -> None:
    run = simulate(
        {
            "c": ("clients", {"rate_per_s": 1.0}),
            "a": ("auto_scaling_group", {"min_size": 2, "max_size": 6}),
        },
        ["c.out > a.in"],
        seconds=10,
    )
    run.control("a", "set_desired_capacity", {"value": 3})
    go(run, 2)
    (instances,) = bars(run, "a")
    assert [bar.state.name for bar in instances.bars if bar.state] == [
        "in service",
        "in service",
        "pending",
    ]
    assert math.isnan(instances.bars[2].value)


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("error_rate", "x"),
        ("error_rate", "q"),
        ("downstream_throttle", "q"),
        ("link_cut", "c.out>x.in"),
        ("link_cut", "t.subscriptions>q.in"),
        ("error_rate", "t.subscriptions>q.in"),
    ],
)
def test_what_a_fault_ends_is_counted_once(kind: str, target: str) -> None:
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "c": ("clients", {"rate_per_s": 100.0}),
        "x": ("external", {}),
        "t": ("sns", {}),
        "q": ("sqs", {}),
    }
    links = ["c.out > x.in", "c.out > t.in", "t.subscriptions > q.in"]
    run = simulate(nodes, links, faults=(Fault(kind, target, 2.0, 10.0, 0.3),))
    for _ in range(3):
        go(run, 5)
        for node in run.program.ids:
            for reason in explain(run, node):
                assert reason.agrees, (run.t_s, node, reason)
