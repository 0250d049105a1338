"""What is frozen of a run, what is taken over, what is left out; and the figures side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.assets import asset
from sandbox.document.file import load
from sandbox.engine.run import Run
from sandbox.experiments.errors import InputError
from sandbox.experiments.requests import records as r
from sandbox.experiments.requests.plan import freeze, words
from sandbox.experiments.requests.verify import LATENCIES, Check, as_json, verify
from sandbox.services import catalogue
from tests.simulation import simulate as run

SHOP = {"c": ("clients", {"rate_per_s": 50.0}), "x": ("external", {})}
LINKS = ["c.out > x.in"]


def example(name: str, at_s: float) -> Run:
    known = catalogue()
    one = Run(load(Path(str(asset(f"examples/{name}.json"))), known), known)
    one.advance(round(at_s / one.dt))
    return one


@pytest.fixture(scope="module")
def shop() -> Check:
    return verify(freeze(example("web-shop", 600)))


# ---------------------------------------------------------------- refusals


def test_the_very_start_is_refused_with_what_to_do() -> None:
    with pytest.raises(InputError, match="let it run for a while first"):
        freeze(run(SHOP, LINKS))


def test_an_unknown_node_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"no node 'y'.*there are c, x"):
        freeze(run(SHOP, LINKS, seconds=10), "y")


def test_a_source_that_sends_nothing_is_refused_with_its_name() -> None:
    quiet = {"c": ("clients", {"rate_per_s": 0.0}), "x": ("external", {})}
    with pytest.raises(InputError, match="c: sends nothing"):
        freeze(run(quiet, LINKS, seconds=10))


# ---------------------------------------------------------------- what is frozen


def test_the_present_is_that_of_the_moment_not_of_the_start() -> None:
    live = run(SHOP, LINKS, seconds=10)
    live.control(None, "load", {"factor": 2.0})
    live.advance(60)
    plan = freeze(live)
    assert plan.roots["rate"][0] == pytest.approx(100.0)
    assert plan.t_s == 70.0


def test_a_fleet_has_the_instances_that_are_in_service_now() -> None:
    plan = freeze(example("web-shop", 600))
    row = plan.nodes[plan.index("web")]
    live = example("web-shop", 600).now("web")
    assert row["groups"] == live["instances"]
    assert row["policy"] == r.LEAST
    assert row["kind"] == r.STATION


def test_what_is_no_station_is_named_with_the_reason() -> None:
    plan = freeze(example("web-shop", 600))
    over, out = words(plan.over), words(plan.out)
    assert any(text.startswith("table:") and "taken over" in text for text in over)
    assert any(text.startswith("fulfil:") and "pollers" in text for text in over)
    assert any("orders → fulfil" in text and "path ends here" in text for text in out)


def test_every_node_of_the_part_is_simulated_or_named() -> None:
    for name in ("web-shop", "hot-shard", "queue-decouples"):
        live = example(name, 600)
        plan = freeze(live)
        said = " ".join(words((*plan.over, *plan.out)))
        for node in live.program.ids:
            assert node in plan.ids or node in said, f"{name}: {node}"


def test_only_the_part_that_calls_join_is_simulated() -> None:
    nodes = {**SHOP, "d": ("clients", {"rate_per_s": 5.0}), "y": ("external", {})}
    live = run(nodes, [*LINKS, "d.out > y.in"], seconds=60)
    assert freeze(live, "y").ids == ("d", "y")
    assert freeze(live).ids == ("c", "d", "x", "y")


def test_requests_handed_over_reach_a_station_at_random() -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 40.0}),
        "x": ("external", {"servers": 1000}),
        "y": ("external", {"servers": 4, "service_time_s": 0.05}),
        "d": ("clients", {"rate_per_s": 20.0}),
    }
    links = ["c.out > x.in", "x.out > y.in {'mode': 'async'}", "d.out > y.in"]
    check = verify(freeze(run(nodes, links, seconds=60)), events=500_000)
    assert check.node("y").lines[4].metric == "own_mean"
    assert check.node("y").form.get("utilization") == pytest.approx(0.75)
    simulated = next(x for x in check.node("y").lines if x.metric == "utilization").simulated
    assert simulated.value == pytest.approx(0.75, abs=0.01)


def test_a_level_that_moves_is_said_to() -> None:
    full = {"c": ("clients", {"rate_per_s": 200.0}), "x": ("external", {"servers": 8})}
    plan = freeze(run(full, LINKS, seconds=30))
    assert any("grows" in text for text in words(plan.unsettled))


def test_the_settings_of_an_aws_sdk_are_read_as_the_run_reads_them() -> None:
    live = run(SHOP, ["c.out > x.in {'retry_mode': 'standard', 'circuit_breaker': 0.5}"], seconds=9)
    plan = freeze(live)
    link = plan.links[0]
    assert (link["attempts"], link["backoff_s"], link["cap_s"]) == (3, 1.0, 20.0)
    assert link["jitter"] == r.FULL_JITTER
    assert link["quota"] == 500.0
    assert any("circuit breaker is not simulated" in text for text in words(plan.out))


def test_a_run_that_is_younger_than_its_queues_are_slow_is_said_to_be() -> None:
    near = {"c": ("clients", {"rate_per_s": 19.8}), "x": ("external", {"servers": 1})}
    check = verify(freeze(run(near, LINKS, seconds=60)), events=100_000)
    assert any("is 60 s old" in text for text in words(check.unsettled))
    calm = verify(freeze(run(SHOP, LINKS, seconds=60)), events=100_000)
    assert not calm.unsettled


# ---------------------------------------------------------------- side by side


@pytest.mark.parametrize("name", ["web-shop", "queue-decouples", "hot-shard"])
def test_the_product_agrees_with_single_requests_on_the_examples(name: str) -> None:
    """Mean within 5 %, percentiles within 10 %, as against other exact simulations."""
    check = verify(freeze(example(name, 500)))
    assert not check.why_not
    compared = 0
    for one in check.nodes:
        for line in one.lines:
            if one.kind == "stage" or line.metric not in LATENCIES or line.gap is None:
                continue
            compared += 1
            assert abs(line.gap) <= (0.05 if line.metric == "mean" else 0.10), (one.node, line)
    assert compared >= 4


def test_what_is_taken_over_is_not_called_a_proof(shop: Check) -> None:
    assert all(line.gap is None for line in shop.node("table").lines)


def test_the_closed_form_names_what_went_into_it() -> None:
    check = verify(freeze(run(SHOP, LINKS, seconds=60)), events=500_000)
    form = check.node("x").form
    assert form.name == "M/M/8, Erlang C"
    assert ("ρ", "0.312") in form.inputs
    assert not form.assumes
    path = check.node("c").form
    assert path.name.startswith("Jackson")
    assert path.get("mean") == pytest.approx(form.get("mean"))


def test_a_form_that_needs_poisson_arrivals_says_so_behind_another_queue() -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 50.0}),
        "x": ("external", {"servers": 4, "service_shape": "deterministic", "holds_server": False}),
        "y": ("external", {"servers": 4}),
    }
    check = verify(freeze(run(nodes, ["c.out > x.in", "x.out > y.in"], seconds=60)), events=500_000)
    assert "Poisson" in check.node("y").form.assumes
    assert "M/G/4 has no closed form" in check.node("x").form.why_not


def test_an_overload_has_no_gaps_to_show() -> None:
    full = {"c": ("clients", {"rate_per_s": 200.0}), "x": ("external", {"servers": 8})}
    check = verify(freeze(run(full, LINKS, seconds=30)), events=300_000)
    assert check.diverges
    assert all(line.gap is None for one in check.nodes for line in one.lines)


def test_a_check_is_written_as_plain_json(shop: Check) -> None:
    plain = json.loads(json.dumps(as_json(shop), allow_nan=False))
    mean = plain["nodes"]["web"]["figures"]["mean"]
    assert mean["product"] == pytest.approx(mean["simulated"][0], rel=0.05)
    assert plain["steady"] is True


# ---------------------------------------------------------------- one request


def test_the_time_of_a_request_is_the_time_of_its_parts(shop: Check) -> None:
    for fall in shop.waterfalls["shoppers"]:
        root, *rest = fall.spans
        assert root.end_s == pytest.approx(fall.seconds)
        assert {span.node for span in rest} >= {"alb", "web", "table"}
        for span in fall.spans:
            assert 0 <= span.sent_s <= span.start_s <= span.end_s <= fall.seconds + 1e-9
            parts = span.start_s + span.wait_s + span.service_s + span.calls_s
            assert parts == pytest.approx(span.end_s)
        web = next(span for span in rest if span.node == "web")
        calls = [s for s in rest if s.depth == web.depth + 1]
        assert web.calls_s == pytest.approx(sum(s.end_s - s.sent_s for s in calls))


def test_a_typical_request_is_at_the_median_and_a_slow_one_in_the_tail(shop: Check) -> None:
    figures = {x.metric: x.simulated.value for x in shop.node("shoppers").lines}
    typical, slow = shop.waterfalls["shoppers"][:2]
    assert typical.seconds == pytest.approx(figures["p50"], rel=0.02)
    assert slow.seconds == pytest.approx(figures["p99"], rel=0.1)


def test_an_attempt_that_was_given_up_is_followed_to_its_end() -> None:
    nodes: dict[str, Any] = {
        "c": ("clients", {"rate_per_s": 50.0}),
        "a": ("external", {"servers": 1000, "service_time_s": 0.001}),
        "b": ("external", {"servers": 1000, "service_time_s": 0.1}),
    }
    guard = "a.out > b.in {'timeout_s': 0.01, 'attempts': 3, 'backoff_s': 0.02}"
    plan = freeze(run(nodes, ["c.out > a.in", guard], seconds=60))
    fall = verify(plan, events=300_000).waterfalls["c"][0]
    attempts = [span for span in fall.spans if span.node == "b"]
    assert [span.attempt for span in attempts] == list(range(1, len(attempts) + 1))
    for span in attempts[:-1]:
        assert span.given_up_s == pytest.approx(span.sent_s + 0.01)
        assert span.end_s > span.given_up_s
    assert len(attempts) == 1 or attempts[1].sent_s - attempts[0].sent_s == pytest.approx(0.03)
