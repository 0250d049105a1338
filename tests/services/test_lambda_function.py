"""Lambda: concurrency, quotas, cold starts, and the three ways in; against documented rules."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from sandbox.document.document import Document
from sandbox.document.records import Link
from sandbox.engine import Run
from sandbox.services.lambda_function import Params
from tests.simulation import go, simulate

EVEN = {"cpu_time_ms": 0.0, "duration_cv2": 0.0}


def function(rate: float, seconds: float, mode: str = "sync", **more: Any) -> Run:
    """`rate` calls/s of a function that takes a second; parameters by name, `clients` aside."""
    clients = {"rate_per_s": rate, **more.pop("clients", {})}
    scenario = {k: more.pop(k) for k in ("era", "tick_s", "region", "duration_s") if k in more}
    nodes = {
        "c": ("clients", clients),
        "f": ("lambda_function", {**EVEN, "wait_time_ms": 1000.0, **more}),
    }
    return simulate(nodes, [f"c.out > f.in {{'mode': '{mode}'}}"], seconds=seconds, **scenario)


def polled(rate: float, seconds: float, link: dict[str, Any] | None = None, **more: Any) -> Run:
    """A queue that a function polls, with a dead-letter queue behind."""
    sqs = {"visibility_timeout_s": 360, **more.pop("sqs", {})}
    clients = {"rate_per_s": rate, **more.pop("clients", {})}
    scenario = {k: more.pop(k) for k in ("era", "tick_s", "duration_s") if k in more}
    nodes = {
        "c": ("clients", clients),
        "q": ("sqs", sqs),
        "d": ("sqs", {}),
        "f": ("lambda_function", {**EVEN, "wait_time_ms": 1000.0, "timeout_s": 60.0, **more}),
    }
    links = ["c.out > q.in", f"q.messages > f.in {link or {}}", "q.dead_letter > d.in"]
    return simulate(nodes, links, seconds=seconds, **scenario)


def total(run: Run, metric: str, node: str = "f") -> float:
    t, mean, _lo, _hi = run.series(node, metric, points=100_000)
    return float(mean.sum() * (t[1] - t[0] if len(t) > 1 else run.dt))


# ---------------------------------------------------------------- duration and concurrency


@pytest.mark.parametrize("tick_s", [0.1, 1.0, 10.0])
@pytest.mark.parametrize("wait_ms", [40.0, 2500.0])
def test_concurrency_is_rate_times_duration(wait_ms: float, tick_s: float):
    run = function(80, 100, wait_time_ms=wait_ms, tick_s=tick_s)
    assert run.now("f")["concurrent_executions"] == pytest.approx(80 * wait_ms / 1e3)
    assert run.now("f")["served"] == pytest.approx(80)


def test_the_time_of_what_it_calls_counts_as_its_own():
    nodes = {
        "c": ("clients", {"rate_per_s": 10.0}),
        "f": ("lambda_function", {**EVEN, "wait_time_ms": 500.0}),
        "x": (
            "external",
            {"service_time_s": 1.5, "servers": 1000, "service_shape": "deterministic"},
        ),
    }
    run = simulate(nodes, ["c.out > f.in", "f.out > x.in"], seconds=60)
    assert run.now("f")["concurrent_executions"] == pytest.approx(10 * 2.0)
    assert run.now("c")["latency_mean"] == pytest.approx(2.0, rel=0.01)


def test_a_slow_callee_fills_the_concurrency_and_throttles():
    def behind(service_time_s: float) -> Run:
        nodes = {
            "c": ("clients", {"rate_per_s": 100.0}),
            "f": (
                "lambda_function",
                {**EVEN, "wait_time_ms": 100.0, "reserved_concurrency": 100, "timeout_s": 60.0},
            ),
            "x": ("external", {"service_time_s": service_time_s, "servers": 10_000}),
        }
        return simulate(nodes, ["c.out > f.in", "f.out > x.in"], seconds=120)

    quick, slow = behind(0.1), behind(3.9)
    assert quick.now("f")["throttled"] == pytest.approx(0, abs=1e-6)
    assert slow.now("f")["concurrent_executions"] == pytest.approx(100, rel=0.02)
    assert slow.now("f")["served"] == pytest.approx(25, rel=0.02)  # 100 at once, 4 s each
    assert slow.now("c")["throttled"] == pytest.approx(75, rel=0.02)
    assert slow.losses("f")["reserved"][0] == pytest.approx(75, rel=0.02)


@pytest.mark.parametrize(("memory_mb", "own_ms"), [(128, 1382.03), (884.5, 200), (1769, 100)])
def test_memory_brings_cpu_up_to_one_vcpu_for_one_thread(memory_mb: float, own_ms: float):
    params = {"cpu_time_ms": 100.0, "wait_time_ms": 0.0, "memory_mb": round(memory_mb)}
    run = function(1, 10, **params)
    assert run.now("f")["own_latency_mean"] * 1e3 == pytest.approx(own_ms, rel=0.002)
    params["memory_mb"] = 2 * round(memory_mb)
    double = function(1, 10, **params)
    gain = 1 if memory_mb == 1769 else 2
    assert double.now("f")["duration_s"] == pytest.approx(
        run.now("f")["duration_s"] / gain, rel=1e-3
    )


@pytest.mark.parametrize(("wait_ms", "failing"), [(2999.0, 0), (3000.0, 0), (3001.0, 5)])
def test_what_lasts_longer_than_the_timeout_fails_then(wait_ms: float, failing: float):
    run = function(5, 60, wait_time_ms=wait_ms)
    assert run.now("f")["failed"] == pytest.approx(failing)
    assert run.losses("f")["timeout"][0] == pytest.approx(failing)
    assert run.now("f")["concurrent_executions"] == pytest.approx(15, rel=1e-3)
    assert run.now("c")["goodput"] == pytest.approx(5 - failing)


# ---------------------------------------------------------------- quotas


@pytest.mark.parametrize(
    ("rate", "served", "tolerance"), [(700, 700, 1e-9), (1000, 975, 0.003), (2000, 1000, 0.003)]
)
def test_the_account_has_a_thousand_and_random_arrivals_miss_some_near_it(
    rate: float, served: float, tolerance: float
):
    run = function(rate, 200)
    assert run.now("f")["served"] == pytest.approx(served, rel=tolerance)
    assert run.losses("f")["account"][0] == pytest.approx(rate - served, abs=3)
    assert float(run.series("f", "concurrent_executions")[3].max()) <= 1000 * (1 + 1e-9)


def test_erlangs_loss_formula_holds_for_a_small_reservation():
    # 10 environments, offered 8: B = 12.2 %
    run = function(8, 200, reserved_concurrency=10)
    assert run.now("f")["throttled"] / 8 == pytest.approx(0.1217, rel=0.01)


def test_a_reserved_concurrency_of_zero_switches_the_function_off():
    run = function(10, 10, reserved_concurrency=0)
    assert run.now("f")["throttled"] == pytest.approx(10)
    assert run.now("f")["concurrent_executions"] == 0


def test_a_hundred_must_stay_unreserved():
    Params(reserved_concurrency=900)
    with pytest.raises(ValueError, match="at most 900"):
        Params(reserved_concurrency=901)


def test_ten_requests_a_second_for_each_concurrency_of_the_account():
    # AWS's own example: 50 ms and 20,000/s are a concurrency of 1,000, yet half is refused
    run = function(20_000, 60, wait_time_ms=50.0)
    assert run.now("f")["concurrent_executions"] == pytest.approx(500, rel=0.01)
    assert run.losses("f")["request_rate"][0] == pytest.approx(10_000, rel=0.01)
    reserved = function(200, 60, wait_time_ms=5.0, reserved_concurrency=10)
    assert reserved.now("f")["served"] == pytest.approx(200, rel=1e-3)


def test_a_function_gains_a_thousand_environments_in_ten_seconds():
    run = function(20_000, 1, wait_time_ms=30_000.0, timeout_s=60, account_concurrency=20_000)
    assert run.now("f")["concurrent_executions"] == pytest.approx(1000)
    go(run, 10)
    assert run.now("f")["concurrent_executions"] == pytest.approx(2000)
    assert run.losses("f")["scaling_rate"][0] == pytest.approx(20_000 - 100)


def test_in_2020_a_region_burst_first_and_then_gained_500_a_minute():
    params = {"wait_time_ms": 300_000.0, "timeout_s": 600, "account_concurrency": 20_000}
    run = function(20_000, 1, era="2020", **params)
    assert run.now("f")["concurrent_executions"] == pytest.approx(3000)
    go(run, 60)
    assert run.now("f")["concurrent_executions"] == pytest.approx(3500)
    elsewhere = function(20_000, 1, era="2020", region="eu-north-1", **params)
    assert elsewhere.now("f")["concurrent_executions"] == pytest.approx(500)


@pytest.mark.parametrize(
    ("mode", "era", "kb", "refused"),
    [
        ("sync", "current", 6144, 0),
        ("sync", "current", 6145, 5),
        ("async", "current", 1024, 0),
        ("async", "current", 1025, 5),
        ("async", "2020", 256, 0),
        ("async", "2020", 257, 5),
    ],
)
def test_payloads_are_limited(mode: str, era: str, kb: float, refused: float):
    run = function(5, 10, mode, era=era, clients={"payload_kb": kb})
    assert run.now("f")["rejected"] == refused


# ---------------------------------------------------------------- cold starts


def test_a_step_of_load_starts_cold_and_is_warm_soon():
    run = function(100, 1, wait_time_ms=100.0)
    # until the first are free again, after 0.1 s and a cold start, all that come are cold
    cold_s = 0.1 + 0.125 + 0.084
    assert total(run, "cold_starts") == pytest.approx(100 * cold_s, rel=0.02)
    assert run.now("f")["latency_mean"] > 0.15
    go(run, 30)
    assert run.now("f")["cold_starts"] < 0.1
    assert run.now("f")["latency_mean"] == pytest.approx(0.1, rel=0.01)
    assert any(e.kind == "cold_starts" for e in run.events)


def test_idle_environments_are_reclaimed_after_ten_minutes():
    steps = {"shape": "steps", "steps": [(0, 1), (60, 0.01), (500, 1), (560, 0.01), (1460, 1)]}
    run = function(100, 499, clients=steps)
    first = total(run, "cold_starts")
    go(run, 61)
    assert total(run, "cold_starts") - first < 5  # seven minutes later they are still there
    go(run, 899)
    before = total(run, "cold_starts")
    go(run, 5)
    assert total(run, "cold_starts") - before > 60  # fifteen minutes later they are not


@pytest.mark.parametrize("rate", [1 / 3600, 1 / 600, 1 / 60])
def test_rare_calls_meet_a_cold_start_unless_one_came_within_the_idle_time(rate: float):
    run = function(rate, 3600, wait_time_ms=10.0)
    none_before, one_is_busy = math.exp(-rate * 600), rate * 0.01
    cold = run.now("f")["cold_starts"] / rate
    assert cold == pytest.approx(none_before + one_is_busy, rel=0.01)


def test_a_steady_function_has_few_cold_starts():
    run = function(50, 1800)
    assert run.now("f")["cold_starts"] / 50 < 0.01  # AWS: under 1 % in production
    assert run.now("f")["cold_starts"] > 0
    assert run.now("f")["instances"] > 50


def test_provisioned_concurrency_has_no_cold_starts_and_is_paid_for_while_idle():
    run = function(100, 10, provisioned_concurrency=200)
    assert total(run, "cold_starts") < 1e-3
    idle = function(0, 10, provisioned_concurrency=200, memory_mb=1024)
    assert idle.now("f")["cost_per_hour"] == pytest.approx(200 * 0.0000041667 * 3600, rel=1e-6)


def test_java_starts_slower_than_go_and_init_code_adds_to_both():
    cold = {}
    for runtime in ("go", "java21"):
        for init_ms in (0.0, 500.0):
            run = function(1e-6, 1, runtime=runtime, init_ms=init_ms, memory_mb=1024)
            cold[runtime, init_ms] = run.now("f")["own_latency_mean"] - 1.0
    assert cold["go", 0.0] == pytest.approx(0.125 + 0.051)
    assert cold["java21", 0.0] == pytest.approx(0.125 + 0.235 + 0.007)
    assert cold["java21", 500.0] - cold["java21", 0.0] == pytest.approx(0.5)


def test_cost_is_requests_and_gb_seconds():
    run = function(10, 60, memory_mb=1024)
    hour = 3600 * (10 * 0.20e-6 + 10 * 1.0 * 0.0000166667)
    assert run.now("f")["cost_per_hour"] == pytest.approx(hour, rel=0.002)


# ---------------------------------------------------------------- asynchronous events


def test_throttled_events_wait_and_none_is_lost():
    steps = {"shape": "steps", "steps": [(0, 1), (60, 0)]}
    run = function(50, 60, "async", reserved_concurrency=20, clients=steps)
    assert run.now("f")["throttled"] == 0
    assert run.now("f")["waiting_events"] == pytest.approx(60 * 50 - 60 * 20, rel=0.03)
    go(run, 200)
    assert 0 < run.now("f")["waiting_events"] < 150  # some are between two tries
    go(run, 3400)
    assert total(run, "served") == pytest.approx(3000, rel=1e-3)


def test_an_event_is_dropped_at_its_greatest_age():
    run = function(50, 60, "async", reserved_concurrency=0, maximum_event_age_s=60)
    assert total(run, "expired") == 0
    go(run, 10)
    assert total(run, "expired") == pytest.approx(500)
    assert run.now("f")["async_event_age_s"] == pytest.approx(60)


@pytest.mark.parametrize(("retries", "attempts"), [(0, 1), (1, 2), (2, 3)])
def test_an_event_that_fails_is_tried_again_after_one_minute_and_after_two(
    retries: int, attempts: int
):
    once = {"shape": "steps", "steps": [(0, 1), (1, 0)]}
    run = function(100, 59, "async", error_rate=1.0, maximum_retry_attempts=retries, clients=once)
    assert total(run, "invocations") == pytest.approx(100)
    go(run, 30)
    assert total(run, "invocations") == pytest.approx(100 * min(2, attempts))
    go(run, 300)
    assert total(run, "invocations") == pytest.approx(100 * attempts)
    assert total(run, "failed") == pytest.approx(100)


def test_half_of_the_failures_succeed_when_tried_again():
    run = function(100, 600, "async", error_rate=0.5)
    assert run.now("f")["served"] == pytest.approx(100 * (1 - 0.5**3), rel=1e-6)
    assert run.now("f")["failed"] == pytest.approx(100 * 0.5**3, rel=1e-6)


# ---------------------------------------------------------------- polling a queue


def test_pollers_begin_with_five_batches_and_gain_300_a_minute():
    run = polled(10_000, 1)
    assert run.now("f")["concurrent_batches"] == pytest.approx(5 + 5)
    assert run.now("f")["arrivals"] == pytest.approx(50)
    go(run, 59)
    assert run.now("f")["concurrent_batches"] == pytest.approx(305)
    go(run, 600)
    assert run.now("f")["concurrent_batches"] <= 1250


def test_in_2020_pollers_gained_60_a_minute_up_to_a_thousand():
    run = polled(10_000, 60, era="2020", account_concurrency=5000)
    assert run.now("f")["concurrent_batches"] == pytest.approx(65)
    go(run, 1200)
    assert run.now("f")["concurrent_batches"] == pytest.approx(1000)


def test_maximum_concurrency_caps_one_source():
    run = polled(1000, 300, {"maximum_concurrency": 7})
    assert run.now("f")["concurrent_executions"] == pytest.approx(7, rel=1e-6)
    assert run.now("f")["throttled"] == 0
    # ten messages of a second each: seven batches end every ten seconds
    assert total(run, "deleted", "q") == pytest.approx(7 * 290, rel=0.03)


def test_a_queue_is_worked_off_at_the_rate_it_fills():
    run = polled(100, 600)
    assert run.now("f")["concurrent_executions"] == pytest.approx(100, rel=0.01)
    assert run.now("q")["deleted"] == pytest.approx(100, rel=0.01)
    assert run.now("q")["visible"] == pytest.approx(0, abs=1)


def test_messages_of_a_batch_that_are_worked_on_together_need_less_concurrency():
    apart = polled(1000, 900, account_concurrency=3000)
    together = polled(1000, 60, {"concurrent_in_batch": True}, account_concurrency=3000)
    assert apart.now("f")["concurrent_executions"] == pytest.approx(1000, rel=0.05)
    assert together.now("f")["concurrent_executions"] == pytest.approx(300)
    assert together.now("q")["deleted"] == pytest.approx(1000, rel=0.01)


@pytest.mark.parametrize("tick_s", [0.1, 1.0, 10.0])
def test_pollers_without_any_concurrency_try_every_ten_seconds_at_any_tick(tick_s: float):
    run = polled(10, 600, tick_s=tick_s, reserved_concurrency=0)
    assert run.now("f")["throttled"] == pytest.approx(50 / 10)  # 5 pollers, batches of 10


@pytest.mark.parametrize("tick_s", [0.1, 1.0, 10.0])
def test_pollers_beyond_the_concurrency_rest_and_the_others_work_on_at_any_tick(tick_s: float):
    run = polled(1000, 600, tick_s=tick_s, reserved_concurrency=2, wait_time_ms=100.0)
    assert total(run, "served") == pytest.approx(600 * 2 / 0.1, rel=0.03)


def test_no_more_environments_than_pollers():
    run = polled(100, 600, {"maximum_concurrency": 12}, wait_time_ms=100.0)
    assert run.now("f")["concurrent_executions"] == pytest.approx(10, rel=0.02)
    assert run.now("f")["instances"] <= 12.0 + 1e-9


def test_a_queue_is_polled_from_the_first_second():
    run = polled(10, 1, wait_time_ms=1.0)
    assert run.now("f")["arrivals"] == pytest.approx(10)
    assert run.now("q")["backlog"] == 0


def test_a_window_gathers_full_batches():
    link = {"batch_size": 100, "maximum_batching_window_s": 10.0}
    run = polled(100, 300, link, wait_time_ms=10.0)
    assert run.now("f")["batch_size"] == 100
    assert run.now("f")["invocations"] == pytest.approx(1, rel=0.01)
    plain = polled(100, 300, {"batch_size": 100}, wait_time_ms=10.0)
    assert plain.now("f")["batch_size"] <= 10  # a larger batch needs a window


def test_a_reservation_below_five_throttles_the_pollers_into_the_dead_letter_queue():
    few = {"max_receive_count": 2}
    run = polled(20, 3600, sqs=few, reserved_concurrency=2)
    assert run.now("f")["throttled"] > 0
    assert run.now("d")["backlog"] > 0
    enough = polled(20, 3600, sqs=few, reserved_concurrency=100)
    assert enough.now("d")["backlog"] == 0


def test_the_tick_does_not_change_how_often_pollers_are_throttled():
    few = {"reserved_concurrency": 2, "wait_time_ms": 2000.0}
    fine, coarse = (polled(20, 1200, tick_s=dt, **few) for dt in (0.5, 2.0))
    assert total(fine, "throttles") == pytest.approx(total(coarse, "throttles"), rel=0.1)


def test_poison_ends_in_the_dead_letter_queue():
    sqs = {"poison_share": 0.1, "max_receive_count": 3, "visibility_timeout_s": 30}
    once = {"shape": "steps", "steps": [(0, 1), (10, 0)]}
    link = {"report_batch_item_failures": True}
    run = polled(10, 300, link, sqs=sqs, clients=once, wait_time_ms=100.0)
    assert run.now("d")["backlog"] == pytest.approx(10)
    assert total(run, "deleted", "q") == pytest.approx(90)


def test_one_bad_message_fails_its_batch_unless_failures_are_reported():
    sqs = {"poison_share": 0.02, "max_receive_count": 5, "visibility_timeout_s": 30}
    link = {"maximum_batching_window_s": 1.0, "batch_size": 10}
    whole = polled(200, 1200, link, sqs=sqs, wait_time_ms=5.0)
    single = polled(
        200, 1200, {**link, "report_batch_item_failures": True}, sqs=sqs, wait_time_ms=5.0
    )
    assert single.now("q")["received_again"] == pytest.approx(200 * 0.02 * 4, rel=0.02)
    assert whole.now("q")["received_again"] > 2 * single.now("q")["received_again"]


def test_a_batch_that_takes_too_long_times_out_and_comes_back():
    # ten messages of a second each, in a function that may take nine
    slow = {"timeout_s": 9.0, "sqs": {"visibility_timeout_s": 60}}
    run = polled(1000, 300, **slow)
    assert run.losses("f")["timeout"][0] > 0
    assert run.now("q")["received_again"] > 0
    assert run.now("q")["deleted"] == 0


def test_two_queues_share_one_function():
    nodes = {
        "c": ("clients", {"rate_per_s": 20.0}),
        "a": ("sqs", {"visibility_timeout_s": 360}),
        "b": ("sqs", {"visibility_timeout_s": 360}),
        "f": ("lambda_function", {**EVEN, "wait_time_ms": 1000.0, "timeout_s": 60.0}),
    }
    links = ["c.out > a.in", "c.out > b.in", "a.messages > f.in", "b.messages > f.in"]
    run = simulate(nodes, links, seconds=600)
    assert run.now("a")["deleted"] == pytest.approx(10, rel=0.01)
    assert run.now("b")["deleted"] == pytest.approx(10, rel=0.01)
    assert run.now("f")["concurrent_executions"] == pytest.approx(20, rel=0.01)


# ---------------------------------------------------------------- reading a stream


@pytest.mark.parametrize("factor", [1, 4])
def test_a_stream_is_worked_on_by_one_batch_a_shard_and_factor(factor: int):
    nodes = {
        "c": ("clients", {"rate_per_s": 1000.0, "payload_kb": 0.5}),
        "k": ("kinesis_stream", {"shard_count": 4}),
        "f": ("lambda_function", {**EVEN, "wait_time_ms": 10.0, "timeout_s": 60.0}),
    }
    run = simulate(
        nodes,
        ["c.out > k.in", f"k.records > f.in {{'parallelization_factor': {factor}}}"],
        seconds=300,
    )
    # 10 ms a record: a batch works off 100/s, four of them 400/s of the 1,000
    assert run.now("f")["served"] == pytest.approx(min(1000, 400 * factor), rel=0.02)
    assert run.now("f")["concurrent_executions"] <= 4 * factor * (1 + 1e-9)


# ---------------------------------------------------------------- edits while running


def test_nothing_is_lost_when_timeout_and_links_change_on_the_way():
    run = polled(100, 120)
    document = run_document(run)
    held = run.now("q")["backlog"] + run.now("q")["in_flight"] + run.now("f")["in_flight"]
    assert held > 100
    node = document.nodes["f"]
    longer = replace(node, params={**node.params, "timeout_s": 300.0})
    links = [*document.links.values(), Link("c", "f", "out", "in", {"mode": "async"})]
    nodes = [longer if n.id == "f" else n for n in document.nodes.values()]
    run.edit(Document(nodes=nodes, links=links, scenario=document.scenario))
    go(run, 120)
    run.edit(document)
    go(run, 300)
    assert run.now("f")["concurrent_executions"] == pytest.approx(100, rel=0.02)


def run_document(run: Run) -> Document:
    program = run.program
    return Document(nodes=program.records, links=program.link_records, scenario=run.scenario)
