"""Timeouts, retries, quotas, circuit breakers: what callers do about answers that fail or lag."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sandbox.document.edits import set_params
from sandbox.engine import Run
from sandbox.services.attempts import Attempts, retries
from tests.simulation import diagram, simulate


def a_failing_function(
    link: dict[str, Any], error_rate: float = 0.5, seconds: int = 300, **clients: Any
) -> Run:
    """Clients that call a function which fails at random, at 100/s."""
    return simulate(
        {
            "c": ("clients", {"rate_per_s": 100, **clients}),
            "f": ("lambda_function", {"error_rate": error_rate, "cpu_time_ms": 10}),
        },
        [f"c.out > f.in {link}"],
        seconds=seconds,
        duration_s=3600,
    )


def an_overload(link: dict[str, Any], seconds: int, **server: Any) -> Run:
    """A server for 100/s is offered 60, for five minutes 150, then 60 again."""
    steps = [[300, 2.5], [600, 1.0]]
    return simulate(
        {
            "c": ("clients", {"rate_per_s": 60, "shape": "steps", "steps": steps}),
            "f": ("external", {"servers": 4, "service_time_s": 0.04, **server}),
        },
        [f"c.out > f.in {link}"],
        seconds=seconds,
        duration_s=3600,
    )


def mean_of(run: Run, node: str, metric: str, begin: float, end: float) -> float:
    return float(np.mean(run.series(node, metric, begin, end, points=100_000)[1]))


def test_every_failure_is_tried_again_as_often_as_allowed() -> None:
    run = a_failing_function({"attempts": 3})
    assert run.now("f")["arrivals"] == pytest.approx(100 * (1 + 0.5 + 0.25), rel=1e-6)
    assert run.now("c")["goodput"] == pytest.approx(100 * (1 - 0.5**3), rel=1e-6)
    assert run.now("c")["failed"] == pytest.approx(100 * 0.5**3, rel=1e-6)
    assert run.balance_error < 1e-9


def test_without_attempts_or_timeout_nothing_is_tried_again() -> None:
    run = a_failing_function({})
    assert run.now("f")["arrivals"] == pytest.approx(100)
    assert run.now("c")["goodput"] == pytest.approx(50)


def test_the_latency_of_an_answer_counts_the_attempts_and_pauses_before_it() -> None:
    once = a_failing_function({"attempts": 1}).now("c")["latency_mean"]
    run = a_failing_function({"attempts": 2, "backoff_s": 3.0})
    # of three answers, two come at once, and one after a pause
    assert run.now("c")["latency_mean"] == pytest.approx(once + 3.0 / 3, rel=0.01)
    assert run.now("c")["latency_p95"] == pytest.approx(3.0 + once, rel=0.1)


def test_pauses_double_up_to_their_cap() -> None:
    times = {"attempts": 4, "backoff_s": 8.0, "backoff_cap_s": 10.0}
    run = a_failing_function(times, error_rate=1.0, seconds=1)
    arrivals = []
    for _ in range(40):
        run.advance(1)
        arrivals.append(run.now("f")["arrivals"])
    # all fail at once: retries of the first second after 8 s, of those after 10 s, and again 10 s
    steps = np.flatnonzero(np.diff(arrivals) > 50) + 2
    assert list(steps) == [8, 18, 28]


def test_full_jitter_spreads_a_pause_from_nothing_equal_from_its_half() -> None:
    def offered(jitter: str) -> list[float]:
        link = {"attempts": 2, "backoff_s": 8.0, "jitter": jitter}
        run = a_failing_function(link, error_rate=1.0, seconds=1)
        found = []
        for _ in range(12):
            run.advance(1)
            found.append(run.now("f")["arrivals"] - 100)
        return found

    full, equal = np.array(offered("full")), np.array(offered("equal"))
    assert np.diff(full[1:7]) == pytest.approx(np.full(5, 12.5), rel=0.1)
    assert np.all(equal[:3] == 0)
    assert np.diff(equal[4:7]) == pytest.approx(np.full(2, 25), rel=0.2)
    assert full[-1] == pytest.approx(100, rel=0.05)
    assert equal[-1] == pytest.approx(100, rel=0.05)


def test_an_answer_after_the_timeout_is_lost_to_the_caller_but_was_work_to_the_callee() -> None:
    run = an_overload({"timeout_s": 1.0}, seconds=400)
    assert run.now("f")["served"] == pytest.approx(100, rel=1e-3)
    assert run.now("f")["goodput"] < 1
    assert run.now("c")["goodput"] < 1
    assert run.now("c")["timed_out"] == pytest.approx(150, rel=0.01)
    assert any(e.kind == "timeouts" for e in run.events)


def test_the_share_in_time_of_a_single_server_is_that_of_theory() -> None:
    server = {"servers": 1, "service_time_s": 0.1}
    run = simulate(
        {"c": ("clients", {"rate_per_s": 8}), "f": ("external", server)},
        ["c.out > f.in {'timeout_s': 1.0}"],
        seconds=1200,
    )
    # the response of M/M/1 is exponential with rate μ - λ = 2/s
    assert run.now("c")["timed_out"] / 8 == pytest.approx(np.exp(-2.0), rel=0.02)
    # and the mean of those within 1 s of it
    assert run.now("c")["latency_mean"] == pytest.approx(
        0.5 - np.exp(-2) / (1 - np.exp(-2)), rel=0.02
    )


def test_retries_keep_a_system_down_after_the_overload_has_passed() -> None:
    run = an_overload({"timeout_s": 1.0, "attempts": 3, "backoff_s": 0.1}, seconds=3000)
    assert mean_of(run, "c", "goodput", 100, 300) == pytest.approx(60, rel=0.01)
    assert mean_of(run, "c", "goodput", 1200, 3000) < 1
    assert mean_of(run, "f", "arrivals", 1200, 3000) == pytest.approx(180, rel=0.01)


def test_with_a_quota_and_jitter_it_recovers() -> None:
    link = {"timeout_s": 1.0, "attempts": 3, "backoff_s": 0.1, "jitter": "full"}
    run = an_overload({**link, "retry_quota": 500}, seconds=3000)
    assert mean_of(run, "c", "goodput", 1200, 3000) == pytest.approx(60, rel=0.01)
    # as without retries, the backlog of 15,000 takes 375 s at a spare capacity of 40/s
    series = run.series("c", "goodput", 0, 3000, points=100_000)
    back = next(t for t, g in zip(series[0], series[1], strict=True) if t > 610 and g > 55)
    assert back == pytest.approx(975, abs=20)


def test_a_quota_of_500_pays_for_a_hundred_retries() -> None:
    run = a_failing_function({"attempts": 2, "retry_quota": 500}, error_rate=1.0, seconds=60)
    assert run.history.summary("f", "arrivals")["total"] == pytest.approx(6000 + 100, abs=5)
    assert any(e.kind == "retry_quota" for e in run.events)


def test_timeouts_cost_twice_as_much_of_the_quota() -> None:
    link = {"attempts": 2, "retry_quota": 500, "timeout_s": 0.001}
    run = a_failing_function(link, error_rate=0.0, seconds=60)
    assert run.history.summary("f", "arrivals")["total"] == pytest.approx(6000 + 50, abs=1)


def test_the_sdks_standard_mode_makes_three_attempts_with_a_quota() -> None:
    standard = a_failing_function({"retry_mode": "standard"}, seconds=120)
    same = {"attempts": 3, "backoff_s": 1.0, "jitter": "full", "retry_quota": 500}
    by_hand = a_failing_function(same, seconds=120)
    assert standard.now("f") == by_hand.now("f")
    # half of all fail, 50/s to 25/s of the retries; a quota of 500 is soon used up
    assert 100 < standard.now("f")["arrivals"] < 175


def test_the_sdks_legacy_mode_tries_five_times_a_table_ten() -> None:
    legacy = Attempts(retry_mode="legacy", attempts=7)
    assert retries(legacy, "lambda_function").attempts == 5
    assert retries(legacy, "dynamodb").attempts == 10
    assert retries(legacy, "dynamodb").quota is None


def test_a_circuit_breaker_opens_tries_and_closes() -> None:
    link = {"circuit_breaker": 0.5}
    run = a_failing_function(link, error_rate=1.0, seconds=30)
    assert run.now("c")["rejected"] > 98
    opened = [e for e in run.events if e.kind == "breaker_opens"]
    assert opened
    assert opened[0].t_s == 0  # a hundred calls have failed, more than the volume of 20
    # one call is let through every 5 s
    assert run.history.summary("f", "arrivals")["total"] == pytest.approx(100 + 5, abs=1)
    run.edit(_with_params(run, "f", error_rate=0.0))
    run.advance(10)
    assert run.now("c")["goodput"] == pytest.approx(100)
    assert any(e.kind == "breaker_closes" for e in run.events)
    assert run.balance_error < 1e-9


def test_a_few_calls_do_not_open_a_circuit_breaker() -> None:
    run = a_failing_function({"circuit_breaker": 0.5}, error_rate=1.0, rate_per_s=1, seconds=60)
    assert run.now("f")["arrivals"] == pytest.approx(1)


def test_a_client_cache_answers_its_share_of_reads_at_once() -> None:
    link = {"client_cache": 0.9}
    run = a_failing_function(link, error_rate=0.5, write_fraction=0.2)
    assert run.now("f")["arrivals"] == pytest.approx(100 * (0.2 + 0.8 * 0.1))
    assert run.now("c")["goodput"] == pytest.approx(100 * (0.8 * 0.9 + 0.28 * 0.5))
    assert run.now("c")["latency_p50"] == pytest.approx(0.0, abs=1e-6)


def test_a_slow_dependency_exhausts_the_threads_of_its_callers_but_for_a_timeout() -> None:
    def web(link: dict[str, Any]) -> Run:
        return simulate(
            {
                "c": ("clients", {"rate_per_s": 50}),
                "w": (
                    "external",
                    {
                        "servers": 20,
                        "service_time_s": 0.01,
                        "holds_server": True,
                        "queue_limit": 50,
                    },
                ),
                "db": ("external", {"servers": 1000, "service_time_s": 2.0}),
            },
            ["c.out > w.in", f"w.out > db.in {link}"],
            seconds=600,
        )

    slow = web({})
    # 20 threads at 2.01 s each serve 10/s
    assert slow.now("w")["served"] == pytest.approx(20 / 2.01, rel=0.02)
    assert slow.now("w")["rejected"] == pytest.approx(40, rel=0.02)
    guarded = web({"timeout_s": 0.2})
    # a thread is held for 0.21 s, and nearly nobody is answered; but nobody is turned away
    assert guarded.now("w")["rejected"] == pytest.approx(0, abs=1e-6)
    assert guarded.now("w")["failed"] == pytest.approx(50 * np.exp(-0.1), rel=0.02)


def test_a_balancers_timeout_reaches_the_goodput_of_its_targets() -> None:
    run = simulate(
        {
            "c": ("clients", {"rate_per_s": 150}),
            "lb": ("elb", {}),
            "f": ("external", {"servers": 4, "service_time_s": 0.04}),
        },
        ["c.out > lb.in {'timeout_s': 1.0}", "lb.targets > f.in"],
        seconds=120,
    )
    assert run.now("f")["served"] == pytest.approx(100, rel=1e-3)
    assert run.now("f")["goodput"] < 1


def test_a_timeout_of_next_to_nothing_holds_nobody_and_breaks_nothing() -> None:
    run = simulate(
        {
            "c": ("clients", {"rate_per_s": 50}),
            "w": ("external", {"service_time_s": 0.0}),
            "f": ("external", {"service_time_s": 0.05}),
        },
        ["c.out > w.in", "w.out > f.in {'timeout_s': 2e-308}"],
        seconds=30,
    )
    assert run.now("w")["failed"] == pytest.approx(50, rel=0.01)
    assert run.now("w")["in_flight"] == pytest.approx(0, abs=1e-9)


def test_retries_are_the_same_in_one_piece_or_in_many_and_after_a_restore() -> None:
    link = {"timeout_s": 1.0, "attempts": 3, "backoff_s": 0.1, "jitter": "full", "retry_quota": 99}
    whole, parts = an_overload(link, 400), an_overload(link, 350)
    start = parts.snapshot()
    parts.advance(50)
    parts.restore(start)
    for _ in range(50):
        parts.advance(1)
    assert whole.now("c") == parts.now("c")
    assert whole.now("f") == parts.now("f")


def test_what_waits_for_a_retry_survives_an_edit() -> None:
    run = a_failing_function({"attempts": 2, "backoff_s": 20.0}, error_rate=1.0, seconds=30)
    before = run.now("f")["arrivals"]
    assert before == pytest.approx(200)
    edited = diagram(
        {
            "c": ("clients", {"rate_per_s": 100}),
            "f": ("lambda_function", {"error_rate": 1.0, "cpu_time_ms": 10}),
        },
        [f"c.out > f.in { ({'attempts': 2, 'backoff_s': 20.0, 'network_ms': 1.0}) }"],
        duration_s=3600,
    )
    run.edit(edited)
    run.advance(10)
    assert run.now("f")["arrivals"] == pytest.approx(200)


@pytest.mark.parametrize("dt", [0.1, 10.0])
def test_retries_do_not_depend_on_the_length_of_a_tick(dt: float) -> None:
    def total(tick_s: float) -> float:
        run = simulate(
            {
                "c": ("clients", {"rate_per_s": 150}),
                "f": ("external", {"servers": 4, "service_time_s": 0.04, "queue_limit": 10}),
            },
            ["c.out > f.in {'timeout_s': 0.2, 'attempts': 3, 'backoff_s': 0.1}"],
            seconds=1200,
            tick_s=tick_s,
            duration_s=1200,
        )
        return float(run.history.summary("c", "goodput")["total"])

    assert total(dt) == pytest.approx(total(1.0), rel=0.02)


def _with_params(run: Run, node: str, **params: Any) -> Any:
    document = diagram(
        {n.id: (n.service, dict(n.params)) for n in run.program.records},
        [
            f"{x.source}.{x.source_port} > {x.target}.{x.target_port} {dict(x.params)}"
            for x in run.program.link_records
        ],
        duration_s=3600,
    )
    document.apply(set_params(document, {node: params}))
    return document
