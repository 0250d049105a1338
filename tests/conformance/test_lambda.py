"""Lambda to AWS's rules, each at its boundary."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sandbox.engine import Run
from sandbox.engine.errors import EngineError
from sandbox.experiments.fidelity.closed_forms import erlang_b
from sandbox.services._lambda_params import Params
from sandbox.services._lambda_pollers import EventSourceMapping
from tests.conformance import fact
from tests.services.test_lambda_function import EVEN, function, polled, total
from tests.simulation import go, simulate

GUIDE = "AWS Lambda Developer Guide"
QUOTAS = f"{GUIDE}: Lambda quotas"
SCALING = f"{GUIDE}: Lambda scaling behavior"
SCALING_2020 = f"{GUIDE}, 2020: Lambda function scaling"
RESERVED = f"{GUIDE}: Configuring reserved concurrency"
PROVISIONED = f"{GUIDE}: Configuring provisioned concurrency"
ASYNC = f"{GUIDE}: Asynchronous invocation"
QUEUE = f"{GUIDE}: Scaling behavior for SQS event source mappings"
STREAMS = f"{GUIDE}: Using Lambda with Kinesis"
CREATE = "AWS Lambda API Reference: CreateEventSourceMapping"
PRICING = "https://aws.amazon.com/lambda/pricing/"
LONG = {"wait_time_ms": 300_000.0, "timeout_s": 600.0}


def concurrent(run: Run, node: str = "f") -> float:
    return run.now(node)["concurrent_executions"]


def several(functions: dict[str, tuple[float, dict[str, Any]]], seconds: float, **more: Any) -> Run:
    """Functions of one second each in one account, with clients of their own: id -> (rate, …)."""
    nodes: dict[str, Any] = {}
    links = []
    for name, (rate, params) in functions.items():
        nodes[f"c-{name}"] = ("clients", {"rate_per_s": rate})
        nodes[name] = ("lambda_function", {**EVEN, "wait_time_ms": 1000.0, **params})
        links.append(f"c-{name}.out > {name}.in")
    return simulate(nodes, links, seconds=seconds, **more)


# ---------------------------------------------------------------- the account's concurrency


@fact("An account has a concurrency of 1,000 in a Region", source=QUOTAS)
def test_the_account_has_a_thousand() -> None:
    run = function(3000, 200)
    assert concurrent(run) == pytest.approx(1000, rel=0.002)
    assert run.losses("f")["account"][0] == pytest.approx(2000, rel=0.01)


@fact("All functions of the account share its concurrency", source=QUOTAS)
def test_one_noisy_function_eats_what_others_need() -> None:
    run = several({"noisy": (3000.0, {}), "quiet": (100.0, {})}, 300)
    assert concurrent(run, "noisy") + concurrent(run, "quiet") == pytest.approx(1000, rel=0.01)
    lost = erlang_b(1000, 3.1)
    for name, rate in (("noisy", 3000), ("quiet", 100)):
        assert run.now(name)["throttled"] / rate == pytest.approx(lost, abs=0.01)
    assert any(event.kind == "account_full" for event in run.events)


@fact(
    "Reserved concurrency is taken out of the account's and is the function's own", source=RESERVED
)
def test_a_reservation_keeps_a_noisy_neighbour_out() -> None:
    run = several({"noisy": (3000.0, {}), "quiet": (100.0, {"reserved_concurrency": 200})}, 300)
    assert run.now("quiet")["throttled"] == pytest.approx(0, abs=1e-3)
    assert concurrent(run, "noisy") == pytest.approx(800, rel=0.01)


@fact("Reserved concurrency is the most that a function gets", source=RESERVED)
@pytest.mark.parametrize("reserved", [99, 100, 101])
def test_a_reservation_is_a_limit(reserved: int) -> None:
    assert concurrent(function(1000, 100, reserved_concurrency=reserved)) == pytest.approx(
        reserved, rel=0.002
    )


@fact("A reserved concurrency of 0 switches a function off", source=RESERVED)
def test_zero_is_off() -> None:
    run = function(10, 10, reserved_concurrency=0)
    assert run.now("f")["throttled"] == pytest.approx(10)


@fact("100 of the account's concurrency must stay unreserved", source=RESERVED)
def test_a_hundred_stay_unreserved() -> None:
    Params(reserved_concurrency=900)
    with pytest.raises(ValueError, match="at most 900"):
        Params(reserved_concurrency=901)
    run = several({"a": (1.0, {"reserved_concurrency": 500}), "b": (1.0, {})}, 5)
    with pytest.raises(EngineError, match="at most 400"):
        run.control("b", "set_reserved_concurrency", {"reserved_concurrency": 401})
    run.control("b", "set_reserved_concurrency", {"reserved_concurrency": 400})


@fact("The account may have ten requests a second for each concurrency", source=SCALING)
@pytest.mark.parametrize(("rate", "refused"), [(9900, 0), (10_200, 200)])
def test_ten_requests_for_each_concurrency(rate: float, refused: float) -> None:
    run = function(rate, 30, wait_time_ms=20.0)
    assert run.losses("f").get("request_rate", (0.0,))[0] == pytest.approx(refused, abs=25)


@fact("20,000 requests/s of 50 ms: half of them are refused at 1,000", source=SCALING)
def test_the_worked_example_of_short_functions() -> None:
    run = function(20_000, 60, wait_time_ms=50.0)
    assert run.now("f")["served"] == pytest.approx(10_000, rel=0.01)


# ---------------------------------------------------------------- how fast it scales


@fact("A function gains up to 1,000 environments every 10 s, refilled all the time", source=SCALING)
def test_a_thousand_at_once_and_a_hundred_a_second() -> None:
    run = function(20_000, 1, account_concurrency=20_000, **LONG)
    assert concurrent(run) == pytest.approx(1000)
    go(run, 5)
    assert concurrent(run) == pytest.approx(1500)
    go(run, 5)
    assert concurrent(run) == pytest.approx(2000)


@fact("Each function scales independently of the others", source=SCALING)
def test_two_functions_gain_a_thousand_each() -> None:
    more = {"account_concurrency": 20_000, **LONG}
    run = several({"a": (20_000.0, more), "b": (20_000.0, more)}, 1)
    assert concurrent(run, "a") == pytest.approx(1000)
    assert concurrent(run, "b") == pytest.approx(1000)


@fact("What is not used of the scaling rate does not add up", source=SCALING)
def test_the_rate_is_a_thousand_however_long_it_was_quiet() -> None:
    late = {"shape": "steps", "steps": [(0, 0.0), (100, 1.0)]}
    run = function(20_000, 101, account_concurrency=20_000, clients=late, **LONG)
    assert concurrent(run) == pytest.approx(1000)


@fact(
    "In 2020 a Region burst to 3,000, 1,000 or 500, and then gained 500 a minute",
    source=SCALING_2020,
)
@pytest.mark.parametrize(
    ("region", "burst"), [("us-east-1", 3000), ("eu-central-1", 1000), ("eu-north-1", 500)]
)
def test_the_burst_of_2020(region: str, burst: float) -> None:
    run = function(20_000, 1, era="2020", region=region, account_concurrency=20_000, **LONG)
    assert concurrent(run) == pytest.approx(burst)
    go(run, 60)
    assert concurrent(run) == pytest.approx(burst + 500)


@fact("In 2020 all functions of the Region shared one burst", source=SCALING_2020)
def test_the_burst_of_2020_is_shared() -> None:
    more = {"account_concurrency": 20_000, **LONG}
    run = several({"a": (20_000.0, more), "b": (20_000.0, more)}, 1, era="2020")
    assert concurrent(run, "a") + concurrent(run, "b") == pytest.approx(3000)


# ---------------------------------------------------------------- memory, time, payload


@fact("1,769 MB come with one vCPU", source=f"{GUIDE}: Configuring function memory")
@pytest.mark.parametrize(("memory_mb", "seconds"), [(884, 0.2), (1769, 0.1), (3538, 0.1)])
def test_one_vcpu_at_1769_mb(memory_mb: int, seconds: float) -> None:
    run = function(1, 10, cpu_time_ms=100.0, wait_time_ms=0.0, memory_mb=memory_mb)
    assert run.now("f")["duration_s"] == pytest.approx(seconds, rel=0.001)


@fact("Memory is 128 to 10,240 MB", source=QUOTAS)
def test_memory_has_its_bounds() -> None:
    assert Params().memory_mb == 128
    Params(memory_mb=10_240)
    for wrong in (127, 10_241):
        with pytest.raises(ValueError, match="memory_mb"):
            Params(memory_mb=wrong)


@fact("In 2020 memory was up to 3,008 MB in steps of 64", source=f"{GUIDE}, 2020: limits")
@pytest.mark.parametrize(
    ("given", "gets"), [(3008, 3008), (3072, 3008), (10_240, 3008), (191, 128), (192, 192)]
)
def test_memory_in_2020(given: int, gets: int) -> None:
    params = {"cpu_time_ms": 100.0, "wait_time_ms": 0.0, "memory_mb": given, "threads": 6}
    run = function(1, 10, era="2020", **params)
    assert run.now("f")["duration_s"] == pytest.approx(0.1 * 1769 / gets, rel=0.001)


@fact("The timeout is 3 s by default and 900 s at most", source=QUOTAS)
def test_the_timeout_has_its_default_and_its_bound() -> None:
    assert Params().timeout_s == 3
    Params(timeout_s=900)
    with pytest.raises(ValueError, match="timeout_s"):
        Params(timeout_s=901)


@fact("An invocation that lasts longer than its timeout fails then, and is paid for", source=QUOTAS)
@pytest.mark.parametrize(("wait_ms", "failing"), [(2999.0, 0), (3001.0, 5)])
def test_the_timeout_ends_an_invocation(wait_ms: float, failing: float) -> None:
    run = function(5, 60, wait_time_ms=wait_ms)
    assert run.losses("f").get("timeout", (0.0,))[0] == pytest.approx(failing)
    assert run.now("f")["billed_seconds"] == pytest.approx(15, rel=0.002)


@fact("A synchronous payload may have 6 MB; larger is refused with 413", source=QUOTAS)
@pytest.mark.parametrize(("kb", "refused"), [(6144, 0), (6145, 5)])
def test_six_megabytes_pass(kb: float, refused: float) -> None:
    run = function(5, 10, clients={"payload_kb": kb})
    assert run.losses("f").get("too_large", (0.0,))[0] == refused


@fact(
    "An asynchronous payload may have 1 MB, and 256 KB in 2020",
    source="AWS Lambda API Reference: Invoke",
)
@pytest.mark.parametrize(
    ("era", "kb", "refused"),
    [("current", 1024, 0), ("current", 1025, 5), ("2020", 256, 0), ("2020", 257, 5)],
)
def test_an_event_may_be_so_large(era: str, kb: float, refused: float) -> None:
    run = function(5, 10, "async", era=era, clients={"payload_kb": kb})
    assert run.losses("f").get("too_large", (0.0,))[0] == refused


@fact("/tmp has 512 to 10,240 MB, and had 512 MB in 2020", source=QUOTAS)
def test_the_size_of_tmp() -> None:
    for wrong in (511, 10_241):
        with pytest.raises(ValueError, match="ephemeral_storage_mb"):
            Params(ephemeral_storage_mb=wrong)
    run = function(1, 1, era="2020", ephemeral_storage_mb=1024)
    assert any("512 MB in 2020" in event.text for event in run.events)


@fact("A zip archive has 250 MB at most unzipped, a container image 10 GB", source=QUOTAS)
def test_the_size_of_the_code() -> None:
    Params(package_mb=250)
    with pytest.raises(ValueError, match="make it an image"):
        Params(package_mb=251)
    Params(package="image", package_mb=10_240)
    with pytest.raises(ValueError, match="package_mb"):
        Params(package="image", package_mb=10_241)


# ---------------------------------------------------------------- cold starts


@fact(
    "An empty handler starts within 84 ms in Python 3.12, 49 ms in Go, 16 ms in Rust (128 MB)",
    source="https://github.com/maxday/lambda-perf",
)
@pytest.mark.parametrize(
    ("runtime", "memory_mb", "ms"),
    [("python3.12", 128, 84), ("nodejs22.x", 512, 138), ("go", 128, 49), ("rust", 1024, 15),
     ("java21", 128, 243 + 90), ("dotnet8", 512, 250 + 169), ("ruby3.4", 1024, 233)],
)  # fmt: skip
def test_cold_starts_by_runtime(runtime: str, memory_mb: int, ms: float) -> None:
    run = function(1e-6, 1, runtime=runtime, memory_mb=memory_mb)
    assert run.now("f")["own_latency_mean"] - 1.0 - 0.125 == pytest.approx(ms / 1e3, abs=1e-4)


# ---------------------------------------------------------------- provisioned concurrency


@fact("An init phase of more than 10 s is given up, and done again in the first request",
      source=f"{GUIDE}: Lambda runtime environment, Init phase")  # fmt: skip
@pytest.mark.parametrize(
    ("seconds", "took"), [(9.9, 9.9), (10.0, 10.0), (10.1, 20.1), (12.0, 22.0)]
)
def test_a_long_init_phase_is_done_twice(seconds: float, took: float) -> None:
    # of which an empty handler takes 84 ms in Python 3.12
    given = {"runtime": "python3.12", "timeout_s": 60.0}
    run = function(1e-6, 1, init_ms=1e3 * seconds - 84.0, **given)
    assert run.now("f")["own_latency_mean"] - 1.0 - 0.125 == pytest.approx(took, abs=1e-3)
    assert any("done again" in event.text for event in run.events) is (seconds > 10.0)


@fact("The init phase that is done again must end within the function's timeout",
      source=f"{GUIDE}: Lambda runtime environment, Init phase")  # fmt: skip
@pytest.mark.parametrize(("timeout_s", "answers"), [(11.0, False), (13.0, True)])
def test_a_function_whose_init_is_longer_than_its_timeout_never_answers(
    timeout_s: float, answers: bool
) -> None:
    run = function(1, 60, init_ms=12_000.0, timeout_s=timeout_s)
    assert (run.now("f")["served"] > 0.5) is answers
    assert any("no request ends" in event.text for event in run.events) is not answers
    kept = function(1, 60, init_ms=12_000.0, timeout_s=timeout_s, provisioned_concurrency=10)
    assert kept.now("f")["served"] > 0.5


@fact("Provisioned environments take no cold start", source=PROVISIONED)
def test_provisioned_environments_are_warm() -> None:
    assert total(function(100, 10, provisioned_concurrency=200), "cold_starts") < 1e-3


@fact("Provisioned concurrency is ready after a minute or two", source=PROVISIONED)
def test_provisioned_concurrency_takes_a_while() -> None:
    run = function(1, 60)
    run.control("f", "set_provisioned_concurrency", {"provisioned_concurrency": 50})
    go(run, 60)
    assert run.now("f")["provisioned_environments"] == 0
    go(run, 60)
    assert run.now("f")["provisioned_environments"] == 50


@fact(
    "What exceeds the provisioned concurrency spills over to environments on demand",
    source=PROVISIONED,
)
@pytest.mark.parametrize(("rate", "spilled"), [(95, 0), (120, 20)])
def test_spill_over(rate: float, spilled: float) -> None:
    run = function(rate, 100, provisioned_concurrency=100)
    assert run.now("f")["provisioned_spillover"] == pytest.approx(spilled, abs=0.5)
    assert run.now("f")["throttled"] == pytest.approx(0, abs=1e-6)


@fact("Provisioned concurrency takes ten requests a second for each unit", source=PROVISIONED)
@pytest.mark.parametrize(("rate", "spilled"), [(99, 0), (110, 10)])
def test_ten_requests_for_each_that_is_provisioned(rate: float, spilled: float) -> None:
    run = function(rate, 60, wait_time_ms=20.0, provisioned_concurrency=10)
    assert run.now("f")["provisioned_spillover"] == pytest.approx(spilled, abs=0.5)


@fact("Provisioned concurrency is billed even while it is idle", source=PRICING)
def test_idle_provisioned_concurrency_costs() -> None:
    run = function(0, 10, provisioned_concurrency=100, memory_mb=1024)
    assert run.now("f")["cost_per_hour"] == pytest.approx(100 * 0.0000041667 * 3600)


@fact("While it works, provisioned concurrency costs by the GB-second, too", source=PRICING)
@pytest.mark.parametrize(
    ("architecture", "ready", "busy"),
    [("x86_64", 4.1667e-6, 9.7222e-6), ("arm64", 3.33e-6, 7.78e-6)],
)
def test_busy_provisioned_concurrency_costs(architecture: str, ready: float, busy: float) -> None:
    run = function(50, 60, provisioned_concurrency=100, memory_mb=1024, architecture=architecture)
    cost = 3600 * (100 * ready + 50 * busy + 50 * 0.20e-6)
    assert run.now("f")["cost_per_hour"] == pytest.approx(cost, rel=2e-3)


@fact("Provisioned environments become ready at up to 6,000 a minute", source=PROVISIONED)
def test_provisioned_environments_come_at_a_rate() -> None:
    run = function(1, 1, account_concurrency=20_000)
    run.control("f", "set_provisioned_concurrency", {"provisioned_concurrency": 10_000})
    go(run, 100)  # past the first minute or two
    before = run.now("f")["provisioned_environments"]
    assert before > 0
    go(run, 60)
    assert run.now("f")["provisioned_environments"] - before == pytest.approx(6000)


@fact("In 2020, 3,000 provisioned environments can be had at once", source=PROVISIONED)
@pytest.mark.parametrize(("wanted", "there"), [(2999, 2999), (3000, 3000), (3001, 3000)])
def test_the_burst_of_provisioned_environments_of_2020(wanted: int, there: int) -> None:
    run = function(0, 1, era="2020", account_concurrency=20_000)
    run.control("f", "set_provisioned_concurrency", {"provisioned_concurrency": wanted})
    go(run, 90)
    assert run.now("f")["provisioned_environments"] == 0
    go(run, 1)
    assert run.now("f")["provisioned_environments"] == there
    run.control("f", "set_provisioned_concurrency", {"provisioned_concurrency": 0})
    go(run, 60)
    run.control("f", "set_provisioned_concurrency", {"provisioned_concurrency": 10_000})
    go(run, 91)  # those left over, and what has come back in the time since
    back = 3000 - there + 500 * 151 / 60
    assert run.now("f")["provisioned_environments"] == pytest.approx(back, abs=10)


@fact("In 2020, after those at once, 500 provisioned environments a minute", source=PROVISIONED)
def test_provisioned_environments_of_2020_come_at_a_rate() -> None:
    run = function(1, 1, era="2020", account_concurrency=20_000)
    run.control("f", "set_provisioned_concurrency", {"provisioned_concurrency": 10_000})
    go(run, 100)
    before = run.now("f")["provisioned_environments"]
    assert before > 0
    go(run, 60)
    assert run.now("f")["provisioned_environments"] - before == pytest.approx(500)


# ---------------------------------------------------------------- asynchronous events


@fact(
    "An event that ended in an error is tried again after 1 minute, and then after 2", source=ASYNC
)
def test_errors_are_tried_again_after_one_minute_and_two() -> None:
    once = {"shape": "steps", "steps": [(0, 1), (1, 0)]}
    run = function(100, 59, "async", error_rate=1.0, wait_time_ms=100.0, clients=once)
    assert total(run, "invocations") == pytest.approx(100)
    go(run, 2)  # 61 s: most of what came in the first second and failed after 0.1 s
    assert 170 < total(run, "invocations") < 200
    go(run, 3)
    assert total(run, "invocations") == pytest.approx(200)
    go(run, 115)
    assert total(run, "invocations") == pytest.approx(200)
    go(run, 5)
    assert total(run, "invocations") == pytest.approx(300)
    go(run, 600)
    assert total(run, "invocations") == pytest.approx(300)


@fact("An event is tried again twice by default, and at most", source=ASYNC)
def test_two_retries() -> None:
    assert Params().maximum_retry_attempts == 2
    with pytest.raises(ValueError, match="maximum_retry_attempts"):
        Params(maximum_retry_attempts=3)


@fact("A throttled event pauses 1 s, then twice as long each time, up to 5 minutes", source=ASYNC)
def test_throttled_events_back_off() -> None:
    steps = {"shape": "steps", "steps": [(0, 1), (1, 0)]}
    run = function(100, 1, "async", reserved_concurrency=0, clients=steps)
    go(run, 1)  # of those that pause for a second on average, so many have ended
    assert run.now("f")["throttles"] == pytest.approx(100 * (1 - math.exp(-1)), rel=1e-3)
    go(run, 2)
    early = run.now("f")["throttles"]
    go(run, 60)
    later = run.now("f")["throttles"]
    assert early > 10 * later > 0
    go(run, 3600)
    assert run.now("f")["throttles"] == pytest.approx(100 / 300, rel=0.005)


@fact("An event is kept for up to 6 hours", source=ASYNC)
@pytest.mark.parametrize(("seconds", "dropped"), [(21_590, 0), (21_620, 100)])
def test_an_event_is_kept_for_six_hours(seconds: float, dropped: float) -> None:
    once = {"shape": "steps", "steps": [(0, 1), (10, 0)]}
    run = function(
        10, seconds, "async", reserved_concurrency=0, clients=once, tick_s=10.0, duration_s=90_000.0
    )
    assert total(run, "expired") == pytest.approx(dropped)


@fact("The greatest age of an event is 60 s to 21,600 s", source=ASYNC)
def test_the_age_has_its_bounds() -> None:
    for wrong in (59.0, 21_601.0):
        with pytest.raises(ValueError, match="maximum_event_age_s"):
            Params(maximum_event_age_s=wrong)


@fact("An event that is given up goes to the dead-letter queue, or else is dropped", source=ASYNC)
@pytest.mark.parametrize("linked", [True, False])
def test_what_is_given_up_goes_to_its_destination(linked: bool) -> None:
    once = {"rate_per_s": 100.0, "shape": "steps", "steps": [(0, 1), (1, 0)]}
    params = {**EVEN, "wait_time_ms": 100.0, "error_rate": 1.0}
    nodes = {"c": ("clients", once), "f": ("lambda_function", params), "d": ("sqs", {})}
    links = ["c.out > f.in {'mode': 'async'}"]
    run = simulate(nodes, links + ["f.on_failure > d.in"] * linked, seconds=400)
    assert run.now("d")["backlog"] == pytest.approx(100 if linked else 0)
    assert total(run, "failed") == pytest.approx(0 if linked else 100)
    assert total(run, "async_events_dropped") == pytest.approx(100)


# ---------------------------------------------------------------- queues


@fact("Pollers of a queue begin with 5 concurrent batches", source=QUEUE)
def test_five_batches_to_begin_with() -> None:
    assert polled(1, 5).now("f")["concurrent_batches"] == 5


@fact("Pollers gain 300 a minute up to 1,250; in 2020, 60 a minute up to 1,000", source=QUEUE)
@pytest.mark.parametrize(
    ("era", "after_a_minute", "most"), [("current", 305, 1250), ("2020", 65, 1000)]
)
def test_pollers_grow(era: str, after_a_minute: float, most: float) -> None:
    run = polled(20_000, 60, era=era, account_concurrency=5000)
    assert run.now("f")["concurrent_batches"] == pytest.approx(after_a_minute)
    go(run, 1200)
    assert run.now("f")["concurrent_batches"] == pytest.approx(most)


@fact("Maximum concurrency of a queue is 2 to 1,000", source=QUEUE)
@pytest.mark.parametrize("most", [2, 9])
def test_maximum_concurrency_is_kept(most: int) -> None:
    run = polled(1000, 300, {"maximum_concurrency": most})
    assert concurrent(run) == pytest.approx(most, rel=1e-6)
    for wrong in (1, 1001):
        with pytest.raises(ValueError, match="maximum_concurrency"):
            EventSourceMapping(maximum_concurrency=wrong)


@fact(
    "Provisioned mode keeps 2 to 200 pollers by default",
    source="AWS Lambda API Reference: ProvisionedPollerConfig",
)
def test_provisioned_pollers() -> None:
    quiet = polled(0.1, 60, {"provisioned_pollers": True})
    assert quiet.now("f")["concurrent_batches"] == 2
    busy = polled(20_000, 300, {"provisioned_pollers": True})
    assert busy.now("f")["concurrent_batches"] == 200
    many = polled(20_000, 1, {"provisioned_pollers": True, "minimum_pollers": 100})
    assert many.now("f")["concurrent_batches"] == pytest.approx(100 + 1000 / 60)


@fact(
    "A batch has 10 messages of a queue by default, and 10 at most without a window", source=CREATE
)
def test_ten_messages_without_a_window() -> None:
    assert polled(5000, 60).now("f")["batch_size"] == 10
    assert polled(5000, 60, {"batch_size": 500}).now("f")["batch_size"] == 10
    window = {"batch_size": 500, "maximum_batching_window_s": 1.0}
    assert polled(5000, 60, window, wait_time_ms=1.0).now("f")["batch_size"] > 10


@fact("A batch has 10 messages of a queue by default", source=CREATE)
@pytest.mark.parametrize(("given", "found"), [(None, 10), (9, 9), (10, 10), (11, 11)])
def test_ten_messages_by_default_even_with_a_window(given: int | None, found: int) -> None:
    link = {"maximum_batching_window_s": 1.0, "batch_size": given}
    assert polled(5000, 60, link).now("f")["batch_size"] == found


@fact("The payload of an invocation, and so of a batch, has 6 MB at most", source=QUOTAS)
@pytest.mark.parametrize(("kb", "messages"), [(614.0, 10), (640.0, 9.6), (768.0, 8), (1024.0, 6)])
def test_a_batch_has_six_megabytes(kb: float, messages: float) -> None:
    run = polled(2000, 60, clients={"payload_kb": kb})
    assert run.now("f")["batch_size"] == pytest.approx(messages, rel=1e-6)


@fact("A batch has 10,000 messages at most, a window 300 s", source=CREATE)
def test_the_bounds_of_a_batch() -> None:
    EventSourceMapping(batch_size=10_000, maximum_batching_window_s=300)
    with pytest.raises(ValueError, match="batch_size"):
        EventSourceMapping(batch_size=10_001)
    with pytest.raises(ValueError, match="maximum_batching_window_s"):
        EventSourceMapping(maximum_batching_window_s=301)


@fact("A failed batch comes back whole, unless it reports the failed messages", source=QUEUE)
def test_partial_failures() -> None:
    sqs = {"poison_share": 0.02, "max_receive_count": 5, "visibility_timeout_s": 30}
    link = {"maximum_batching_window_s": 1.0, "batch_size": 10}
    whole = polled(200, 600, link, sqs=sqs, wait_time_ms=5.0)
    link["report_batch_item_failures"] = True
    single = polled(200, 600, link, sqs=sqs, wait_time_ms=5.0)
    assert single.now("q")["received_again"] == pytest.approx(200 * 0.02 * 4, rel=0.03)
    assert whole.now("q")["received_again"] > 2 * single.now("q")["received_again"]


# ---------------------------------------------------------------- streams


def stream(
    seconds: float, link: dict[str, Any], shards: int = 4, tick_s: float = 1.0, **more: Any
) -> Run:
    nodes = {
        "c": ("clients", {"rate_per_s": 100.0 * shards, "payload_kb": 0.5}),
        "k": ("kinesis_stream", {"shard_count": shards}),
        "f": ("lambda_function", {**EVEN, "wait_time_ms": 1.0, "timeout_s": 60.0, **more}),
        "d": ("sqs", {}),
    }
    links = ["c.out > k.in", f"k.records > f.in {link}", "f.on_failure > d.in"]
    return simulate(nodes, links, seconds=seconds, tick_s=tick_s)


@fact("A shard has one batch at a time, up to ten with a parallelization factor", source=STREAMS)
@pytest.mark.parametrize("factor", [1, 2, 10])
def test_batches_of_a_shard(factor: int) -> None:
    run = stream(300, {"parallelization_factor": factor}, wait_time_ms=200.0)
    assert concurrent(run) == pytest.approx(4 * factor, rel=0.02)
    with pytest.raises(ValueError, match="parallelization_factor"):
        EventSourceMapping(parallelization_factor=11)


@fact("A batch has 100 records of a stream by default", source=CREATE)
def test_a_hundred_records_of_a_stream() -> None:
    assert stream(300, {}, wait_time_ms=200.0).now("f")["batch_size"] == 100


@fact("A shard of a stream is polled once a second", source=STREAMS)
@fact("A shard of a table's stream is polled four times a second",
      source="AWS Lambda Developer Guide: Using Lambda with DynamoDB")  # fmt: skip
@pytest.mark.parametrize(("source", "records"), [("kinesis", 40.0), ("dynamodb", 10.0)])
def test_a_batch_is_what_comes_between_two_polls(source: str, records: float) -> None:
    writes = {"rate_per_s": 40.0, "payload_kb": 0.5, "write_fraction": 1.0}
    nodes = {
        "c": ("clients", writes),
        "kinesis": ("kinesis_stream", {"shard_count": 1}),
        "dynamodb": ("dynamodb", {"write_capacity_units": 100}),
        "f": ("lambda_function", {**EVEN, "wait_time_ms": 1.0}),
    }
    port = "stream" if source == "dynamodb" else "records"
    run = simulate(nodes, [f"c.out > {source}.in", f"{source}.{port} > f.in"], seconds=120)
    assert run.now("f")["batch_size"] == pytest.approx(records, rel=2e-3)


@fact("A batch that fails blocks its shard until its records expire", source=STREAMS)
def test_a_poison_record_blocks_its_shard_for_ever() -> None:
    run = stream(1800, {"stream_poison_share": 1e-3})
    assert run.now("f")["blocked_shards"] == pytest.approx(4, rel=0.01)
    age = run.now("k")["iterator_age_s"]
    go(run, 600)
    assert run.now("k")["iterator_age_s"] - age == pytest.approx(600, rel=0.02)
    assert any(event.kind == "shard_blocked" for event in run.events)
    assert run.now("d")["backlog"] == pytest.approx(0, abs=1e-3)


@fact(
    "The records of a stream expire after 24 hours by default",
    source="Amazon Kinesis Data Streams Developer Guide: Changing the data retention period",
)
def test_a_failing_batch_is_discarded_when_its_records_expire() -> None:
    def discarded(age_s: float | None) -> float:
        nodes = {
            "c": ("clients", {"rate_per_s": 100.0, "payload_kb": 0.5}),
            "k": ("kinesis_stream", {"shard_count": 1}),
            "f": ("lambda_function", {**EVEN, "wait_time_ms": 1.0, "timeout_s": 60.0}),
        }
        link = {"stream_poison_share": 1.0, "maximum_record_age_s": age_s}
        links = ["c.out > k.in", f"k.records > f.in {link}"]
        # some batches are held for less than half of the time, most for about all of it
        run = simulate(nodes, links, seconds=43_200, tick_s=10.0, duration_s=90_000.0)
        return total(run, "discarded_records")

    never = discarded(None)
    assert never == pytest.approx(discarded(86_400.0), rel=1e-9)
    assert never == pytest.approx(discarded(604_800.0), rel=1e-9)
    for other in (86_400.0 - 86.4, 86_400.0 - 864.0):
        assert discarded(other) > never * (1 + 2 * (1 - other / 86_400.0))


@pytest.mark.parametrize("tick_s", [1.0, 10.0, 60.0])
def test_no_more_shards_are_blocked_than_there_are(tick_s: float) -> None:
    run = stream(7200, {"stream_poison_share": 0.5}, tick_s=tick_s)
    assert run.history.summary("f", "blocked_shards")["max"] == pytest.approx(4)


@fact(
    "After its retries a failed batch is discarded, to the destination if there is one",
    source=STREAMS,
)
def test_retries_end_a_blockade_at_the_price_of_the_batch() -> None:
    run = stream(1800, {"stream_poison_share": 1e-4, "maximum_retry_attempts": 2})
    assert run.now("f")["blocked_shards"] < 1
    assert run.now("k")["iterator_age_s"] < 5
    # 0.04 of 400 records/s are poison, each in a batch of about a hundred
    assert run.now("f")["discarded_records"] == pytest.approx(4, rel=0.1)
    assert run.now("d")["sent"] == pytest.approx(run.now("f")["discarded_records"], rel=0.01)


@fact("Bisecting isolates the record that fails", source=STREAMS)
def test_bisecting_loses_the_record_only() -> None:
    link = {"stream_poison_share": 1e-4, "maximum_retry_attempts": 2}
    run = stream(1800, {**link, "bisect_batch_on_function_error": True})
    assert run.now("f")["discarded_records"] == pytest.approx(0.04, rel=0.1)


@fact("Records of a failing batch are discarded at the greatest age", source=STREAMS)
def test_an_age_ends_a_blockade() -> None:
    run = stream(3600, {"stream_poison_share": 1e-5, "maximum_record_age_s": 60})
    assert 0 < run.now("f")["blocked_shards"] < 1
    with pytest.raises(ValueError, match="maximum_record_age_s"):
        EventSourceMapping(maximum_record_age_s=604_801)


@fact(
    "A tumbling window is up to 900 s long, and ends with an invocation of each shard",
    source=CREATE,
)
def test_a_tumbling_window_ends_with_one_more_invocation() -> None:
    plain, windows = stream(300, {}), stream(300, {"tumbling_window_s": 2.0})
    more = windows.now("f")["invocations"] - plain.now("f")["invocations"]
    assert more == pytest.approx(4 / 2.0)


# ---------------------------------------------------------------- the bill


@fact("A request costs 0.20 USD a million, a GB-second 0.0000166667 USD (x86)", source=PRICING)
def test_the_price_of_a_request_and_of_a_gb_second() -> None:
    free = function(1000, 60, memory_mb=1024, wait_time_ms=1.0)
    longer = function(1000, 60, memory_mb=1024, wait_time_ms=501.0)
    dearer = longer.now("f")["cost_per_hour"] - free.now("f")["cost_per_hour"]
    assert dearer == pytest.approx(500 * 0.0000166667 * 3600, rel=1e-3)
    rest = free.now("f")["cost_per_hour"] - free.now("f")["billed_seconds"] * 0.0000166667 * 3600
    assert rest == pytest.approx(1000 * 0.20e-6 * 3600, rel=1e-6)


@fact("arm64 costs 0.0000133334 USD a GB-second", source=PRICING)
def test_arm_costs_a_fifth_less() -> None:
    now = function(100, 60, memory_mb=1024, architecture="arm64").now("f")
    rest = now["cost_per_hour"] - 100 * 0.20e-6 * 3600
    assert rest == pytest.approx(now["billed_seconds"] * 0.0000133334 * 3600, rel=1e-6)


@fact("/tmp beyond 512 MB costs 0.0000000309 USD a GB-second", source=PRICING)
def test_more_of_tmp_costs() -> None:
    plain = function(100, 60, memory_mb=1024).now("f")
    more = function(100, 60, memory_mb=1024, ephemeral_storage_mb=1536).now("f")
    dearer = more["cost_per_hour"] - plain["cost_per_hour"]
    assert dearer == pytest.approx(plain["billed_seconds"] * 0.0000000309 * 3600, rel=1e-6)


@fact(
    "Rounding up to the next millisecond, in 2020 to the next 100 ms, adds half of it on average",
    source="AWS News Blog, December 2020: AWS Lambda now bills by the millisecond",
)
@pytest.mark.parametrize(("era", "unit_s"), [("current", 0.001), ("2020", 0.1)])
@pytest.mark.parametrize("wait_ms", [1.0, 2.0])
def test_short_durations_are_billed_half_a_unit_more(
    era: str, unit_s: float, wait_ms: float
) -> None:
    billed = function(100, 60, wait_time_ms=wait_ms, era=era).now("f")["billed_seconds"]
    assert billed - 100 * wait_ms / 1e3 == pytest.approx(100 * unit_s / 2, rel=1e-4)


@fact(
    "Duration is billed by the millisecond, and was by 100 ms in 2020",
    source="AWS News Blog, December 2020: AWS Lambda now bills by the millisecond",
)
def test_durations_are_rounded_up() -> None:
    now, then = (function(100, 60, wait_time_ms=10.0, era=era) for era in ("current", "2020"))
    assert now.now("f")["billed_seconds"] == pytest.approx(100 * 0.0105, rel=0.01)
    assert then.now("f")["billed_seconds"] == pytest.approx(100 * 0.060, rel=0.01)
