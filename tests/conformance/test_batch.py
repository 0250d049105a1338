"""AWS Batch against its documentation: queues, attempts, arrays, environments, Spot, Fargate."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sandbox.document.records import Fault
from sandbox.engine.why import bars
from tests.conformance import fact
from tests.conformance.batches import FIXED, QUICK, batch, now, said, wrong
from tests.simulation import go, simulate

API = "AWS Batch API Reference"
GUIDE = "AWS Batch User Guide"
QUOTAS = f"{GUIDE}: Service quotas"
RETRIES = f"{GUIDE}: Automated job retries"
TIMEOUTS = f"{GUIDE}: Job timeouts"
ARRAYS = f"{GUIDE}: Array jobs"
RESOURCE = f"{API}: ComputeResource"
FAIR = f"{API}: FairsharePolicy"


def types(*names: str) -> list[dict[str, str]]:
    return [{"instance_type": name} for name in names]


def env(**given: Any) -> dict[str, Any]:
    return {"max_vcpus": 64, "instance_types": types("m5.xlarge"), **given}


# ---------------------------------------------------------------- submission


@fact("SubmitJob is called 50 times a second at most", source=QUOTAS)
@pytest.mark.parametrize(("rate", "taken"), [(20.0, 20.0), (1000.0, 50.0)])
def test_submissions_beyond_fifty_a_second_are_throttled(rate: float, taken: float) -> None:
    nodes = {"c": ("clients", {"rate_per_s": rate}), "b": ("batch", {})}
    run = simulate(nodes, ["c.out > b.in"], seconds=5)
    assert now(run, "served") == pytest.approx(taken, abs=0.01)
    assert now(run, "throttled") == pytest.approx(rate - taken, abs=0.01)


@fact("The payload of SubmitJob has 30 KiB at most", source=QUOTAS)
@pytest.mark.parametrize(("kb", "refused"), [(29.0, 0.0), (30.0, 0.0), (30.1, 2.0)])
def test_larger_payloads_are_refused(kb: float, refused: float) -> None:
    nodes = {"c": ("clients", {"rate_per_s": 2.0}), "b": ("batch", {})}
    run = simulate(nodes, [f"c.out > b.in {{'payload_kb': {kb}}}"], seconds=3)
    assert now(run, "rejected") == pytest.approx(refused)


@fact("A queue tries up to three compute environments", source=QUOTAS)
def test_there_are_three_environments_at_most() -> None:
    def given(count: int) -> bool:
        return wrong(compute_environments=[{"name": f"e{i}"} for i in range(count)])

    assert not given(3)
    assert given(4)


# ---------------------------------------------------------------- attempts


@fact("A job has one attempt by default, and may have 1 to 10", source=RETRIES)
@pytest.mark.parametrize(("attempts", "retried"), [(None, 0), (1, 0), (3, 2), (10, 9)])
def test_a_job_that_fails_is_tried_as_often_as_it_may_be(attempts: Any, retried: int) -> None:
    job = {"failure_percent": 100.0, **({"attempts": attempts} if attempts else {})}
    run = batch([job], seconds=1200)
    assert now(run, "jobs_retried") == retried
    assert now(run, "jobs_failed") == 1
    for bad in (0, 11):
        assert wrong(jobs=[{"attempts": bad}])


@fact("A job that is tried again goes to the front of its queue", source=RETRIES)
def test_a_retry_is_ahead_of_older_submissions() -> None:
    whole = {"vcpus": 4, "duration_s": 100.0}
    run = batch(
        [{**whole, "failure_percent": 100.0, "attempts": 2}, whole],
        submit=((1, 1), (2, 5)),
        seconds=200,
    )
    run.advance(1)
    assert now(run, "jobs_succeeded") == 0  # the second attempt ran before the five others
    assert now(run, "jobs_failed") == 1


@fact("With evaluateOnExit only the loss of the host is tried again", source=RETRIES)
@pytest.mark.parametrize(("retry_on", "retried"), [("any", 1), ("host_terminated", 0)])
def test_what_is_tried_again_can_be_limited(retry_on: str, retried: int) -> None:
    job = {"failure_percent": 100.0, "attempts": 2, "retry_on": retry_on}
    assert now(batch([job], seconds=300), "jobs_retried") == retried
    kill = Fault("kill_instances", "b", 50.0, 60.0, 1.0)
    lost = batch([{"attempts": 2, "retry_on": retry_on}], seconds=70, run={"faults": (kill,)})
    assert now(lost, "jobs_retried") == 1


@fact("A timeout is 60 s at least, and counts from the start of the attempt", source=TIMEOUTS)
def test_an_attempt_is_stopped_by_its_timeout_though_it_waited_long_before() -> None:
    assert wrong(jobs=[{"timeout_s": 59}])
    assert not wrong(jobs=[{"timeout_s": 60}])
    first = {"vcpus": 4, "duration_s": 500.0}
    run = batch([first, {**first, "timeout_s": 100}], submit=((1, 1), (2, 1)), seconds=590)
    assert now(run, "jobs_running") == 1
    assert now(go(run, 20), "jobs_failed") == 1


@fact("Without a timeout a job runs as long as it likes", source=TIMEOUTS)
def test_there_is_no_timeout_by_default() -> None:
    assert now(batch([{"duration_s": 80_000.0}], seconds=79_990), "jobs_running") == 1


@fact("A job that its timeout ends is not tried again", source=TIMEOUTS)
@pytest.mark.parametrize(("timeout", "failed"), [(99, 1), (100, 0), (101, 0)])
def test_a_timeout_is_final(timeout: int, failed: int) -> None:
    run = batch([{"duration_s": 100.0, "timeout_s": timeout, "attempts": 5}], seconds=300)
    assert now(run, "jobs_failed") == failed
    assert now(run, "jobs_retried") == 0


@fact("SIGKILL follows 30 s after SIGTERM", source=TIMEOUTS)
@pytest.mark.parametrize(("stop", "held"), [(0.0, 60.0), (29.0, 89.0), (30.0, 90.0), (31.0, 90.0)])
def test_a_job_has_thirty_seconds_to_stop(stop: float, held: float) -> None:
    run = batch([{"timeout_s": 60, "stop_s": stop}], seconds=100, run={"tick_s": 1.0})
    assert now(run, "makespan") == pytest.approx(held)


@fact("A job on Fargate is ended after 14 days", source=TIMEOUTS)
@pytest.mark.parametrize(("days", "failed"), [(13.99, 0), (14.0, 0), (14.01, 1)])
def test_fargate_ends_a_job_after_a_fortnight(days: float, failed: int) -> None:
    fargate = {"type": "FARGATE"}
    job = {"duration_s": days * 86_400.0, "memory_mib": 2048}
    run = batch([job], fargate, seconds=14.02 * 86_400, run={"tick_s": 60.0})
    assert (now(run, "jobs_failed"), now(run, "jobs_succeeded")) == (failed, 1 - failed)


# ---------------------------------------------------------------- arrays and dependencies


@fact("An array has 2 to 10,000 children", source=ARRAYS)
@pytest.mark.parametrize(("size", "refused"), [(1, 1), (2, 0), (10_000, 0), (10_001, 1)])
def test_arrays_have_their_bounds(size: int, refused: int) -> None:
    assert wrong(jobs=[{"array_size": size}]) == bool(refused)


@fact("An array fails when one of its children does", source=ARRAYS)
def test_one_child_that_fails_fails_the_array() -> None:
    run = batch([{"array_size": 40, "failure_percent": 10.0}], seconds=1010, run={"seed": 2})
    assert 0 < now(run, "jobs_failed") < 40
    assert now(run, "jobs_failed") + now(run, "jobs_succeeded") == 40
    assert len(said(run, "failed")) == 1
    assert not said(run, "succeeded")


@fact("The children of a SEQUENTIAL array run one after the other", source=ARRAYS)
def test_sequential_children_take_turns() -> None:
    run = batch([{"array_size": 4, "sequential": True}], seconds=10)
    assert now(run, "jobs_running") == 1
    assert now(run, "jobs_pending") == 3
    assert now(go(run, 400), "makespan") == pytest.approx(400.0)
    assert now(batch([{"array_size": 4}], seconds=110), "makespan") == pytest.approx(100.0)


@fact("With N_TO_N each child waits for the child with its number", source=ARRAYS)
def test_children_follow_those_with_their_number() -> None:
    first = {"array_size": 8}
    then = {"array_size": 8, "depends_on": "job1"}
    each = batch([first, {**then, "n_to_n": True}], submit=((1, 1), (2, 1)), seconds=110)
    assert now(each, "jobs_pending") == 4
    assert now(each, "jobs_runnable") == 4
    whole = batch([first, then], submit=((1, 1), (2, 1)), seconds=110)
    assert now(whole, "jobs_pending") == 8


@fact("A job is PENDING until those it depends on have SUCCEEDED", source=f"{GUIDE}: Job states")
def test_a_job_waits_for_what_it_depends_on() -> None:
    run = batch([{}, {"depends_on": "job1"}], submit=((1, 1), (2, 1)), seconds=90)
    assert (now(run, "jobs_running"), now(run, "jobs_pending")) == (1, 1)
    assert now(go(run, 20), "jobs_running") == 1
    assert now(go(run, 100), "jobs_succeeded") == 2


@fact("When a job fails, those that depend on it fail", source=f"{GUIDE}: Job dependencies")
def test_failure_goes_on_to_what_depends_on_it() -> None:
    jobs = [{"failure_percent": 100.0}, {"depends_on": "job1"}, {"depends_on": "job2"}]
    run = batch(jobs, submit=((1, 1), (2, 1), (3, 1)), seconds=110)
    assert now(run, "jobs_failed") == 3
    assert now(run, "jobs_pending") == 0


# ---------------------------------------------------------------- queues


@fact("The queue with the higher priority goes first", source=f"{API}: CreateJobQueue")
@pytest.mark.parametrize(
    ("a", "b", "first"), [(1, 2, 2), (2, 1, 1), (9, 10, 2), (10, 9, 1), (None, 2, 2), (None, 1, 1)]
)
def test_a_higher_number_is_a_higher_priority(a: int | None, b: int, first: int) -> None:
    jobs = [{"vcpus": 4, "queue": "a"}, {"vcpus": 4, "queue": "b"}]
    # a queue has 1, unless it is told, and of two alike the first goes first
    queues = [{"name": "a", **({"priority": a} if a else {})}, {"name": "b", "priority": b}]
    run = batch(jobs, submit=((1, 2), (2, 2)), queues=queues, seconds=210)
    assert [text.split(":")[0][-1] for text in said(run, "succeeded")] == [str(first)]


@fact("Jobs start in the order of submission, by default", source=f"{GUIDE}: Job scheduling")
def test_a_large_job_at_the_head_holds_up_small_ones() -> None:
    jobs = [{"vcpus": 3}, {"vcpus": 2}, {"vcpus": 1}]
    run = batch(jobs, submit=((1, 1), (2, 1), (3, 1)), seconds=10)
    assert now(run, "jobs_running") == 1
    assert now(run, "used_vcpus") == 3


@fact("A job that fits nowhere is RUNNABLE for ever", source=f"{GUIDE}: Job states")
def test_what_fits_no_type_stays_runnable() -> None:
    run = batch([{"vcpus": 5}], env(), seconds=80_000)
    assert now(run, "jobs_runnable") == 1
    assert len(said(run, "never_fits")) == 1
    assert now(run, "desired_vcpus") == 0
    assert now(batch([{"vcpus": 4}], env(), seconds=10), "desired_vcpus") == 4


@fact(
    "A limit to RUNNABLE of 600 to 86,400 s cancels a job", source=f"{API}: JobStateTimeLimitAction"
)
@pytest.mark.parametrize("limit", [600, 900])
def test_a_limit_cancels_what_is_runnable_for_too_long(limit: int) -> None:
    queue = {"state_time_limit_s": limit}
    run = batch([{"vcpus": 5}], env(), queues=[queue], seconds=limit)
    assert now(run, "jobs_runnable") == 1
    assert now(go(run, 10), "jobs_failed") == 1
    assert wrong(queues=[{"state_time_limit_s": 599}])
    assert wrong(queues=[{"state_time_limit_s": 86_401}])
    assert not wrong(queues=[{"state_time_limit_s": 86_400}])


@fact("Fair share starts the job of the share that has used least", source=FAIR)
@fact("A lower weight of a share gives it more", source=FAIR)
@pytest.mark.parametrize(("weight", "part"), [(1.0, 0.5), (0.5, 2 / 3), (2.0, 1 / 3)])
def test_shares_are_served_by_what_they_have_used(weight: float, part: float) -> None:
    queue = {"scheduling": "fair_share", "share_decay_s": 604_800}
    jobs = [{"share_weight": weight, "duration_s": 10.0}, {"duration_s": 10.0}]
    run = batch(jobs, submit=((1, 1000), (2, 1000)), queues=[queue], seconds=1500)
    first, second = (bar.value for bar in bars(run, "b")[0].bars)
    assert first / (first + second) == pytest.approx(part, abs=0.01)


@fact("A share has a weight of 1, unless it is told", source=FAIR)
def test_a_share_without_a_weight_goes_by_the_order() -> None:
    queue = {"scheduling": "fair_share", "share_decay_s": 604_800}
    jobs = [{"duration_s": 10.0}, {"duration_s": 10.0, "share_weight": 1.0}]
    run = batch(jobs, submit=((1, 1000), (2, 1000)), queues=[queue], seconds=1500)
    first, second = (bar.value for bar in bars(run, "b")[0].bars)
    assert first > second


@fact("Usage counts in a window of 600 s, unless a decay is given", source=FAIR)
def test_usage_is_forgotten_in_ten_minutes() -> None:
    queue = {"scheduling": "fair_share"}
    jobs = [{"duration_s": 2.0}, {"duration_s": 2.0}]
    run = batch(jobs, submit=((1, 1000),) * 7, queues=[queue], seconds=3000, run={"tick_s": 1.0})
    run.control("b", "submit", {"job": 2, "count": 1000})
    before, began = bars(go(run, 4), "b")[0].bars[0].value, run.t_s
    while bars(go(run, 1), "b")[0].bars[0].value == before:
        assert run.t_s < began + 600
    # from then on both have used as much: one by what is left, one by what is new
    assert run.t_s - began == pytest.approx(600 * math.log(2 - math.exp(-5)), abs=2)


@fact("Fair share came in November 2021", source=f"{GUIDE}: Document history")
def test_in_2020_a_queue_knows_one_order() -> None:
    queue = {"scheduling": "fair_share"}
    jobs = [{"vcpus": 4}, {"vcpus": 4}]
    for era, ended in (("2020", []), ("current", ["2"])):
        run = batch(jobs, submit=((1, 5), (2, 1)), queues=[queue], seconds=210, run={"era": era})
        assert [text.split(":")[0][-1] for text in said(run, "succeeded")] == ended


@fact("Usage counts for 604,800 s at most; a reservation is 0 to 99", source=FAIR)
def test_fair_share_has_its_bounds() -> None:
    assert not wrong(queues=[{"share_decay_s": 604_800, "compute_reservation": 99}])
    assert wrong(queues=[{"share_decay_s": 604_801}])
    assert wrong(queues=[{"compute_reservation": 100}])


@fact("(reservation / 100) to the power of the active shares is kept free", source=FAIR)
@pytest.mark.parametrize(("shares", "used"), [(1, 32), (2, 48), (3, 56)])
def test_a_reservation_keeps_room_for_shares_to_come(shares: int, used: int) -> None:
    queue = {"scheduling": "fair_share", "compute_reservation": 50}
    submit = tuple((k, 100) for k in range(1, shares + 1))
    fixed = {**FIXED, "desired_vcpus": 64, "max_vcpus": 64}
    run = batch([{}, {}, {}], fixed, submit=submit, queues=[queue], seconds=10)
    assert now(run, "used_vcpus") == used


# ---------------------------------------------------------------- environments


@fact("An environment has a maximum of vCPUs, a job an amount of memory", source=RESOURCE)
def test_what_is_not_told_is_64_vcpus_and_2_gib() -> None:
    small = {"instance_types": types("c5.large")}  # 2 vCPUs and 4 GiB
    fixed = {**small, "desired_vcpus": 2, "managed": False}
    for given, used in ((fixed, 2), ({"type": "FARGATE"}, 64)):
        params = {**QUICK, "jobs": [{}], "compute_environments": [given]}
        run = simulate({"b": ("batch", params)}, [], tick_s=10.0, duration_s=86_400.0)
        run.control("b", "submit", {"job": 1, "count": 200})
        assert now(go(run, 30), "used_vcpus") == used


@fact("Desired vCPUs move between the minimum and the maximum with the queue", source=RESOURCE)
@pytest.mark.parametrize(("count", "vcpus"), [(1, 4), (4, 4), (5, 8), (64, 64), (200, 64)])
def test_instances_are_launched_for_what_is_runnable(count: int, vcpus: int) -> None:
    run = batch([{}], env(), submit=((1, count),), seconds=20)
    assert now(run, "desired_vcpus") == vcpus
    assert now(run, "used_vcpus") == min(count, vcpus)
    rest = 100 * -(-count // vcpus) + 200
    assert now(go(run, rest), "desired_vcpus") == 0
    assert now(run, "jobs_succeeded") == count


@fact("The minimum is kept even when the environment is DISABLED", source=RESOURCE)
@pytest.mark.parametrize("enabled", [True, False])
def test_the_minimum_stays(enabled: bool) -> None:
    run = batch([{}], env(min_vcpus=8, enabled=enabled), seconds=600)
    assert now(run, "desired_vcpus") == 8
    assert now(run, "jobs_succeeded") == (1 if enabled else 0)
    assert now(run, "jobs_runnable") == (0 if enabled else 1)


@fact(
    "Batch may exceed the maximum by one instance at most, but not with BEST_FIT", source=RESOURCE
)
@pytest.mark.parametrize(
    ("strategy", "most", "vcpus"),
    [
        ("BEST_FIT", 16, 16),
        ("BEST_FIT", 17, 16),
        ("BEST_FIT", 19, 16),
        ("BEST_FIT_PROGRESSIVE", 16, 16),
        ("BEST_FIT_PROGRESSIVE", 17, 20),
        ("BEST_FIT_PROGRESSIVE", 20, 20),
    ],
)
def test_the_maximum_is_passed_by_one_instance(strategy: str, most: int, vcpus: int) -> None:
    given = env(max_vcpus=most, allocation_strategy=strategy)
    assert now(batch([{}], given, submit=((1, 99),), seconds=20), "desired_vcpus") == vcpus


@fact("BEST_FIT is the default of the API", source=RESOURCE)
@fact("BEST_FIT waits for the one best type, other strategies take another", source=RESOURCE)
@pytest.mark.parametrize(
    ("strategy", "vcpus"), [(None, 0), ("BEST_FIT", 0), ("BEST_FIT_PROGRESSIVE", 2)]
)
def test_best_fit_waits_for_one_type(strategy: Any, vcpus: int) -> None:
    # t3.large is the cheapest, but at 38 % of its price beyond the bid; m5.large is at 34 %
    given = env(type="SPOT", instance_types=types("t3.large", "m5.large"), bid_percentage=36)
    if strategy:
        given["allocation_strategy"] = strategy
    run = batch([{"vcpus": 2}], given, seconds=20)
    assert now(run, "desired_vcpus") == now(run, "used_vcpus") == vcpus
    assert len(said(run, "no_capacity")) == (vcpus == 0)
    given["bid_percentage"] = 38
    assert now(batch([{"vcpus": 2}], given, seconds=20), "desired_vcpus") == 2


@fact("SPOT_CAPACITY_OPTIMIZED takes the pool that is interrupted least", source=RESOURCE)
@pytest.mark.parametrize(
    ("strategy", "usd"), [("SPOT_CAPACITY_OPTIMIZED", 0.17 * 0.44), ("BEST_FIT", 0.192 * 0.34)]
)
def test_strategies_choose_the_type(strategy: str, usd: float) -> None:
    # 5 % of c5.xlarge are interrupted a month, and more than 20 % of m5.xlarge
    kinds = types("m5.xlarge", "c5.xlarge")
    given = env(type="SPOT", instance_types=kinds, allocation_strategy=strategy)
    assert now(batch([{}], given, seconds=20), "cost_per_hour") == pytest.approx(usd)


@fact("Without a bid percentage Spot may cost as much as on demand", source=RESOURCE)
@pytest.mark.parametrize(("bid", "vcpus"), [(None, 4), (34, 4), (33, 0)])
def test_a_bid_below_the_price_launches_nothing(bid: Any, vcpus: int) -> None:
    given = env(type="SPOT", **({"bid_percentage": bid} if bid else {}))
    assert now(batch([{}], given, seconds=20), "desired_vcpus") == vcpus


@fact("Compute environments are tried in their order", source=f"{API}: CreateJobQueue")
@pytest.mark.parametrize(("count", "dear"), [(8, 0), (9, 4), (12, 4)])
def test_the_second_environment_takes_what_the_first_cannot(count: int, dear: int) -> None:
    first, second = env(type="SPOT", max_vcpus=8), env(max_vcpus=8)
    run = batch([{}], first, second, submit=((1, count),), seconds=20)
    assert now(run, "desired_vcpus") == 8 + dear
    assert now(run, "cost_per_hour") == pytest.approx(2 * 0.192 * 0.34 + dear / 4 * 0.192)


@fact("Fargate and EC2 environments cannot be in one queue", source=f"{API}: CreateJobQueue")
def test_fargate_and_instances_do_not_mix() -> None:
    both = [{"name": "a", "type": "FARGATE"}, {"name": "b", "type": "EC2"}]
    assert wrong(compute_environments=both)
    same = [{"name": "a", "type": "FARGATE"}, {"name": "b", "type": "FARGATE_SPOT"}]
    assert not wrong(compute_environments=same)


@fact(
    "An unmanaged environment has the instances that you give it",
    source=f"{API}: CreateComputeEnvironment",
)
def test_batch_leaves_unmanaged_instances_alone() -> None:
    run = batch([{}], submit=((1, 40),), seconds=200)
    assert now(run, "desired_vcpus") == 4
    assert now(go(run, 2000), "desired_vcpus") == 4


@fact(
    "A scale-down delay is 20 to 10,080 minutes, of the age of each instance",
    source=f"{API}: ComputeScalingPolicy",
)
@pytest.mark.parametrize(("minutes", "gone_s"), [(0, 180.0), (20, 1210.0), (21, 1270.0)])
def test_a_delay_keeps_idle_instances(minutes: int, gone_s: float) -> None:
    given = env(min_scale_down_delay_minutes=minutes)
    run = batch([{}], given, seconds=gone_s - 20)
    assert now(run, "desired_vcpus") == 4
    assert now(go(run, 20), "desired_vcpus") == 0
    assert wrong(compute_environments=[{"min_scale_down_delay_minutes": 19}])
    assert wrong(compute_environments=[{"min_scale_down_delay_minutes": 10_081}])
    assert not wrong(compute_environments=[{"min_scale_down_delay_minutes": 10_080}])


# ---------------------------------------------------------------- Spot and Fargate


@fact(
    "Spot gives two minutes' notice",
    source="Amazon EC2 user guide: Spot Instance interruption notices",
)
@pytest.mark.parametrize(("duration", "retried"), [(179.0, 0), (180.0, 0), (181.0, 1)])
def test_what_ends_within_two_minutes_of_the_notice_is_saved(duration: float, retried: int) -> None:
    given = env(type="SPOT")
    taken = Fault("spot_interruption", "b", 60.0, 70.0, 1.0)
    job = {"duration_s": duration, "attempts": 2}
    run = batch([job], given, seconds=300, run={"faults": (taken,)})
    assert now(run, "interrupted") == 1
    assert now(run, "jobs_retried") == retried


@fact("A job on Fargate starts in about 30 s", source=f"{GUIDE}: When to use Fargate")
def test_fargate_starts_a_job_in_half_a_minute() -> None:
    run = simulate(
        {"b": ("batch", {"scheduler_s": 0.0, "compute_environments": [{"type": "FARGATE"}]})},
        [],
        tick_s=1.0,
    )
    run.control("b", "submit", {"job": 1, "count": 1})
    assert now(go(run, 29), "jobs_starting") == 1
    assert now(go(run, 1), "jobs_running") == 1


@fact("Batch runs on Fargate since December 2020", source=f"{GUIDE}: Document history")
@pytest.mark.parametrize(("era", "running"), [("2020", 0), ("current", 1)])
def test_there_was_no_fargate_early_in_2020(era: str, running: int) -> None:
    job = {"memory_mib": 2048}
    run = batch([job], {"type": "FARGATE"}, seconds=20, run={"era": era})
    assert now(run, "jobs_running") == running


@fact("Fargate costs 0.04048 USD a vCPU-hour and 0.004445 a GB-hour", source="AWS Fargate pricing")
@fact("Fargate bills a minute of a job at least", source="AWS Fargate pricing")
@pytest.mark.parametrize(("duration", "billed"), [(30.0, 60.0), (60.0, 60.0), (61.0, 61.0)])
def test_what_ten_jobs_on_fargate_cost(duration: float, billed: float) -> None:
    job = {"memory_mib": 2048, "duration_s": duration}
    usd = 10 * billed / 3600 * (0.04048 + 2 * 0.004445)
    run = batch([job], {"type": "FARGATE"}, submit=((1, 10),), seconds=100)
    assert run.cost_usd == pytest.approx(usd, rel=1e-6)
    spot = batch([job], {"type": "FARGATE_SPOT"}, submit=((1, 10),), seconds=100)
    assert spot.cost_usd == pytest.approx(0.3 * usd, rel=1e-6)


@fact("A size of Fargate has its own bounds of memory", source="Amazon ECS Developer Guide")
def test_fargate_has_its_sizes() -> None:
    def given(vcpus: float, mib: int) -> bool:
        job = {"vcpus": vcpus, "memory_mib": mib}
        return wrong(jobs=[job], compute_environments=[{"type": "FARGATE"}])

    assert not given(0.25, 512)
    assert given(0.25, 511)
    assert given(3, 8192)


@fact(
    "Batch itself costs nothing: an hour of an instance is what it is", source="AWS Batch pricing"
)
@fact("An instance is billed for a minute at least", source="Amazon EC2 on-demand pricing")
def test_instances_cost_what_they_cost() -> None:
    run = batch([{"duration_s": 1000.0}], env(), seconds=1000)
    # from the decision at 0 s on, until it has been idle for a minute: 1000 + 60 s
    go(run, 500)
    assert run.cost_usd == pytest.approx(0.192 * 1060 / 3600, rel=0.01)
    brief = batch([{"duration_s": 10.0}], env(), idle_s=0.0, seconds=100)
    assert brief.cost_usd == pytest.approx(0.192 * 60 / 3600, rel=1e-6)
