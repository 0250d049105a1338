"""The second engine, event by event, against what must come of it."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from sandbox.assets import asset
from sandbox.experiments.requests import records as r
from sandbox.experiments.requests import theory
from sandbox.experiments.requests.plan import Plan, freeze
from sandbox.experiments.requests.simulate import Cancelled, Simulated, simulate
from sandbox.experiments.requests.statistics import Estimate, of_batches, student
from tests.simulation import simulate as run

EXACT: dict[str, Any] = json.loads(asset("fidelity/exact.json").read_text())
PATHS, STATIONS = EXACT["paths"], EXACT["stations"]
BALANCING = {"rr": "round_robin", "jsq": "least_outstanding", "random": "random"}
EVENTS = 1_500_000


def plan_of(nodes: dict[str, Any], links: list[str], seconds: float = 120.0, **given: Any) -> Plan:
    return freeze(run(nodes, links, seconds=seconds, **given))


def station(rate: float, **params: Any) -> Plan:
    return plan_of(
        {"c": ("clients", {"rate_per_s": rate}), "x": ("external", params)}, ["c.out > x.in"]
    )


def near(found: Estimate, exact: float, share: float = 0.01, exact_half: float = 0.0) -> bool:
    """Within the interval and one per cent."""
    return abs(found.value - exact) <= found.half + exact_half + share * exact


# ---------------------------------------------------------------- against closed forms


@pytest.mark.parametrize(("servers", "rate"), [(1, 16.0), (4, 64.0), (50, 900.0)])
def test_servers_with_one_queue_wait_as_erlang_says(servers: int, rate: float) -> None:
    found = simulate(station(rate, servers=servers, service_time_s=0.05), events=EVENTS, traced=0)
    exact = theory.mmc(rate, 0.05, servers)
    for metric in ("mean", "p50", "p95", "p99"):
        assert near(found.nodes["x"].latency[metric], exact.get(metric) or 0.0), metric
    assert near(found.nodes["x"].wait, exact.get("wait") or 0.0)
    assert near(found.nodes["x"].utilization, rate * 0.05 / servers)
    assert not found.why_not


@pytest.mark.parametrize(
    ("shape", "cv2"), [("deterministic", 0.0), ("erlang", 0.25), ("hyperexponential", 3.0)]
)
def test_one_server_waits_as_pollaczek_and_khinchine_say(shape: str, cv2: float) -> None:
    plan = station(
        12.0, servers=1, service_time_s=0.05, service_shape=shape, service_cv2=cv2 or 1.0
    )
    found = simulate(plan, events=EVENTS, traced=0)
    exact = theory.mg1(12.0, 0.05, cv2).get("mean") or 0.0
    assert near(found.nodes["x"].latency["mean"], exact)


def test_a_full_queue_rejects_what_the_states_of_a_limited_queue_say() -> None:
    found = simulate(
        station(90.0, servers=4, service_time_s=0.05, queue_limit=5), events=EVENTS, traced=0
    )
    exact = theory.mmck(90.0, 0.05, 4, 5)
    assert found.nodes["x"].ended["rejected"] == pytest.approx(exact.get("lost"), abs=0.005)
    assert near(found.nodes["x"].latency["mean"], exact.get("mean") or 0.0)


def test_taking_turns_waits_as_the_root_says() -> None:
    found = simulate(
        station(60.0, servers=4, service_time_s=0.05, balancing="round_robin"),
        events=EVENTS,
        traced=0,
    )
    exact = theory.in_turn(60.0, 0.05, 4)
    for metric in ("mean", "p50", "p99"):
        assert near(found.nodes["x"].latency[metric], exact.get(metric) or 0.0), metric


def test_threads_that_share_processors_wait_for_those_alone() -> None:
    """Two vCPUs with sixteen threads: M/M/2, whatever the threads."""
    plan = plan_of(
        {
            "c": ("clients", {"rate_per_s": 60.0}),
            "a": (
                "auto_scaling_group",
                {"min_size": 1, "cpu_time_ms": 25.0, "workers_per_vcpu": 8, "queue_limit": 0},
            ),
        },
        ["c.out > a.in"],
    )
    found = simulate(plan, events=EVENTS, traced=0)
    exact = theory.mmc(60.0, 0.025, 2)
    assert near(found.nodes["a"].latency["mean"], exact.get("mean") or 0.0)
    assert near(found.nodes["a"].utilization, 0.75)


def test_a_function_without_room_refuses_as_erlang_b_says() -> None:
    params = {
        "memory_mb": 1769, "reserved_concurrency": 10, "cpu_time_ms": 50.0, "wait_time_ms": 30.0,
        "timeout_s": 30.0,
    }  # fmt: skip
    plan = plan_of(
        {"c": ("clients", {"rate_per_s": 100.0}), "f": ("lambda_function", params)},
        ["c.out > f.in"],
    )
    plan.nodes["extra_p"] = 0.0
    found = simulate(plan, events=EVENTS, traced=0)
    assert found.nodes["f"].ended["throttled"] == pytest.approx(theory.erlang_b(10, 8.0), abs=0.004)


def test_users_who_wait_for_their_answers_wait_as_a_finite_source_says() -> None:
    """Twenty users who think for 0.2 s between answers of four servers of 50 ms."""
    users = {"closed_loop_users": 20, "think_time_s": 0.2}
    pool = {"servers": 4, "service_time_s": 0.05}
    plan = plan_of({"c": ("clients", users), "x": ("external", pool)}, ["c.out > x.in"])
    assert plan.roots["users"].tolist() == [20]
    found = simulate(plan, events=EVENTS, traced=0).nodes
    exact = theory.finite_source(20, 0.2, 0.05, 4)
    assert near(found["c"].latency["mean"], exact.get("mean") or 0.0)
    assert near(found["x"].utilization, exact.get("utilization") or 0.0)


# ---------------------------------------------------------------- against exact simulations


def path_plan(name: str) -> Plan:
    case, kind = PATHS[name], name.split("@")[0]
    heavy = {"service_shape": "lognormal", "service_cv2": 4.0} if kind.startswith("tandem") else {}
    servers, service_s = case["database"]
    app = {
        "servers": 4,
        "service_time_s": 0.04,
        "balancing": BALANCING.get(kind, "pooled"),
        "holds_server": kind == "hold",
    }
    constant = {"servers": 1000, "service_time_s": 0.001, "service_shape": "deterministic"}
    nodes = {
        "c": ("clients", {"rate_per_s": case["rate"]}),
        "app": ("external", {**app, **heavy}),
        "cache": ("external", constant),
        "db": ("external", {"servers": servers, "service_time_s": service_s, **heavy}),
    }
    links = ["c.out > app.in", "app.out > cache.in", "app.out > db.in {'calls': 0.2}"]
    return plan_of(nodes, links)


@pytest.mark.parametrize("name", PATHS)
def test_a_path_is_as_fast_as_in_another_exact_simulation(name: str) -> None:
    found = simulate(path_plan(name), events=4_000_000, traced=0).nodes["c"].latency
    for metric in ("mean", "p50", "p95", "p99"):
        exact, half = PATHS[name][metric]
        assert near(found[metric], exact, exact_half=half), metric


@pytest.mark.parametrize("name", [n for n in STATIONS if not n.endswith("0.95")])
def test_a_station_is_as_fast_as_in_another_exact_simulation(name: str) -> None:
    case = STATIONS[name]
    clients = {"rate_per_s": case["rate_per_s"], "arrival_cv2": case["ca2"]}
    pool = {
        "servers": case["servers"],
        "service_time_s": case["service_s"],
        "service_cv2": case["cs2"],
        "service_shape": case["shape"],
    }
    plan = plan_of({"c": ("clients", clients), "x": ("external", pool)}, ["c.out > x.in"])
    found = simulate(plan, events=3_000_000, traced=0).nodes["c"].latency
    for metric in ("mean", "p50", "p95", "p99"):
        exact, half = case[metric]
        assert near(found[metric], exact, exact_half=half), metric


# ---------------------------------------------------------------- calls


def chain(link: str, **far: Any) -> Plan:
    """Clients, a node that takes no time, and a roomy one with 100 ms behind a link."""
    return plan_of(
        {
            "c": ("clients", {"rate_per_s": 50.0}),
            "a": ("external", {"servers": 1000, "service_time_s": 0.0, "holds_server": False}),
            "b": ("external", {"servers": 1000, "service_time_s": 0.1, **far}),
            "d": ("external", {"servers": 1000, "service_time_s": 0.1, **far}),
        },
        ["c.out > a.in", *link.split(";")],
    )


@pytest.mark.parametrize(
    ("links", "mean"),
    [
        ("a.out > b.in;a.out > d.in", 0.2),  # one after the other
        ("a.out > b.in {'stage': 1};a.out > d.in {'stage': 1}", 0.15),  # the longer of two
        ("a.out > b.in {'calls': 2.5}", 0.25),
        ("a.out > b.in {'calls': 0.3}", 0.03),
        ("a.out > b.in {'network_ms': 20.0}", 0.12),
    ],
)
def test_calls_take_as_long_as_they_are_arranged(links: str, mean: float) -> None:
    found = simulate(chain(links), events=EVENTS, traced=0)
    assert near(found.nodes["c"].latency["mean"], mean)


def test_late_attempts_are_made_again_and_their_work_goes_on() -> None:
    """Exponential of 100 ms against a time-out of 100 ms: e^-1 = q of the attempts are late."""
    plan = chain("a.out > b.in {'timeout_s': 0.1, 'attempts': 3, 'backoff_s': 0.05}")
    found = simulate(plan, events=EVENTS, traced=0).nodes
    q = math.exp(-1)
    assert found["c"].ended["failed"] == pytest.approx(q**3, abs=0.003)
    assert near(found["b"].arrivals, 50.0 * (1 + q + q * q))
    assert near(found["b"].in_system, 5.0 * (1 + q + q * q))  # abandoned work is worked off
    served = (0.1 - 0.2 * q) / (1 - q)  # mean of those in time
    total = 1 + q + q * q
    mean = served + (q * (0.1 + 0.05) + q * q * (0.2 + 0.05 + 0.1)) / total
    assert near(found["c"].latency["mean"], mean)


@pytest.mark.parametrize(("jitter", "part"), [("none", 1.0), ("full", 0.5), ("equal", 0.75)])
def test_jitter_shortens_the_pause_before_the_next_attempt(jitter: str, part: float) -> None:
    link = f"a.out > b.in {{'attempts': 2, 'backoff_s': 0.4, 'jitter': '{jitter}'}}"
    plan = chain(link, service_shape="deterministic")
    plan.nodes["refused"][plan.index("b"), r.THROTTLED] = 0.5
    found = simulate(plan, events=EVENTS, traced=0).nodes["c"]
    # two in three of those answered are so at once
    assert near(found.latency["mean"], 0.1 + 0.4 * part / 3)
    assert found.ended["failed"] == pytest.approx(0.25, abs=0.005)


def test_a_retry_quota_lets_one_success_in_five_pay_for_a_retry() -> None:
    """Half of the attempts fail. First attempts earn 25 tokens/s, a retry costs 5 and gives them
    back when it succeeds, as half do: 25 = 2.5 x, so 10 retries/s."""
    plan = chain("a.out > b.in {'attempts': 2, 'retry_quota': 10}")
    plan.nodes["refused"][plan.index("b"), r.THROTTLED] = 0.5
    found = simulate(plan, events=EVENTS, traced=0).nodes
    assert near(found["b"].arrivals, 60.0)


def test_a_pause_is_no_longer_than_its_cap() -> None:
    link = "a.out > b.in {'attempts': 3, 'backoff_s': 1.0, 'backoff_cap_s': 0.1}"
    plan = chain(link, service_shape="deterministic")
    plan.nodes["refused"][plan.index("b"), r.THROTTLED] = 0.5
    found = simulate(plan, events=EVENTS, traced=0).nodes["c"]
    # of those answered, 4 in 7 at once, 2 after a pause, 1 after two
    assert near(found.latency["mean"], 0.1 + 0.1 * (2 + 2) / 7)


def test_what_a_caller_has_in_its_cache_is_not_called() -> None:
    plan = chain("a.out > b.in {'client_cache': 0.5}")
    found = simulate(plan, events=EVENTS, traced=0).nodes
    assert near(found["b"].arrivals, 50.0 * (1 - 0.5 * 0.9))  # nine requests in ten read
    assert near(found["c"].latency["mean"], 0.1 * (1 - 0.5 * 0.9))


def test_retries_without_a_quota_can_tip_a_calm_system_over() -> None:
    plan = plan_of(
        {
            "c": ("clients", {"rate_per_s": 50.0}),
            "b": ("external", {"servers": 4, "service_time_s": 0.05}),
        },
        ["c.out > b.in {'timeout_s': 0.15, 'attempts': 3, 'backoff_s': 0.1}"],
    )
    found = simulate(plan, events=3_000_000, traced=0)
    assert found.diverges
    assert "storm of retries" in found.why_not


def test_a_function_that_lasts_too_long_fails_and_frees_its_place() -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 50.0}),
        "f": (
            "lambda_function",
            {"memory_mb": 1769, "cpu_time_ms": 0.0, "wait_time_ms": 1000.0, "duration_cv2": 1.0,
             "timeout_s": 1.0},
        ),
    }  # fmt: skip
    plan = plan_of(nodes, ["c.out > f.in"])
    plan.nodes["extra_p"] = 0.0
    found = simulate(plan, events=EVENTS, traced=0).nodes["f"]
    assert found.ended["failed"] == pytest.approx(math.exp(-1), abs=0.004)
    assert near(found.in_system, 50.0 * (1 - math.exp(-1)))  # the mean of min(X, 1)


# ---------------------------------------------------------------- as a whole


def figures(found: Simulated) -> list[float]:
    return [x.latency[m].value for x in found.nodes.values() for m in ("mean", "p99")]


def test_the_same_seed_gives_the_same_figures_and_another_seed_others() -> None:
    plan = path_plan("hold@60")
    first, again, other = (simulate(plan, seed=s, events=300_000) for s in (1, 1, 2))
    assert figures(first) == figures(again)
    assert np.array_equal(first.spans, again.spans)
    assert figures(first) != figures(other)


def test_nothing_is_lost_on_the_way() -> None:
    found = simulate(path_plan("hold@60"), events=1_000_000, traced=0).nodes
    assert near(found["cache"].served, found["app"].served.value)
    assert near(found["db"].served, 0.2 * found["app"].served.value)
    for node in found.values():
        assert sum(node.ended.values()) == pytest.approx(1.0)
    # Little's law, of what holds its threads
    law = found["app"].served.value * found["app"].latency["mean"].value
    assert near(found["app"].in_system, law)


def test_a_check_is_broken_off_when_nobody_wants_it() -> None:
    told: list[float] = []
    with pytest.raises(Cancelled):
        simulate(
            station(10.0), events=10**9, progress=told.append, cancelled=lambda: len(told) >= 2
        )
    assert len(told) == 2


def test_more_than_can_be_served_is_no_steady_state() -> None:
    found = simulate(station(90.0, servers=4, service_time_s=0.05), events=200_000, traced=0)
    assert found.diverges
    assert "112 %" in found.why_not


def test_a_window_too_short_for_its_memory_is_said_to_be() -> None:
    found = simulate(station(19.8, servers=1, service_time_s=0.05), events=100_000, traced=0)
    assert not found.diverges
    assert "short" in found.why_not


def test_the_interval_covers_the_truth_nineteen_times_in_twenty() -> None:
    plan = station(64.0, servers=4, service_time_s=0.05)
    exact = theory.mmc(64.0, 0.05, 4).get("mean") or 0.0
    hits = 0
    for seed in range(40):
        found = simulate(plan, seed=seed, events=400_000, traced=0).nodes["x"].latency["mean"]
        hits += abs(found.value - exact) <= found.half
    assert hits >= 33  # of 40 at 95 %, less has a chance of 1 in 500


def test_students_t_is_that_of_the_tables() -> None:
    assert student(29) == pytest.approx(2.0452, abs=1e-3)
    assert student(9) == pytest.approx(2.2622, abs=2e-3)
    values = np.array([1.0, 2.0, 3.0])
    assert of_batches(values).half == pytest.approx(4.3027 / math.sqrt(3), abs=1e-3)
