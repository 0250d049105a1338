"""Amazon SWF, and pools of workers, against the documentation."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.services import catalogue
from tests.conformance import fact
from tests.services.test_swf import domain, now, one
from tests.services.test_worker_pool import pool
from tests.simulation import go, simulate

GUIDE = "Amazon SWF Developer Guide"
QUOTAS = f"{GUIDE}: Quotas"
TIMEOUTS = f"{GUIDE}: Timeout types"
API = "Amazon SWF API Reference"
KCL = "Kinesis Data Streams developer guide: KCL configurations"
YEAR_S = 31_536_000.0
LONG = {"kind": "timer", "duration_s": 1e6}


def wrong(**params: Any) -> bool:
    return bool(catalogue().check_params("swf", params))


def bucket(run: Any, metric: str, first_s: float = 20.0, then_s: float = 40.0) -> list[float]:
    """(depth, refill/s) of the bucket that bounds what the metric has added up to."""
    go(run, first_s - run.t_s)
    one = now(run, metric)
    go(run, then_s - first_s)
    refill = (now(run, metric) - one) / (then_s - first_s)
    return [one - refill * first_s, refill]


# ---------------------------------------------------------------- calls


@fact("StartWorkflowExecution has a bucket of 2,000 and refills at 200 a second", source=QUOTAS)
def test_starts_draw_on_their_bucket() -> None:
    run = domain(5000.0, [one(**LONG)], 0)
    assert bucket(run, "open_executions") == pytest.approx([2000.0, 200.0], rel=4e-3)
    assert float(run.losses("s")["start_quota"][0]) == pytest.approx(4800.0, rel=1e-3)


def begin_to_poll(run: Any, pool: str) -> Any:
    """A pool that has been away for a minute comes back to full buckets."""
    go(run, 55)
    run.control(pool, "set_desired", {"value": 2})
    return go(run, 5)


SLOW = {"desired_count": 0, "launch_s": 0.0, "wait_time_ms": 1e8, "workers_per_vcpu": 10_000}


@fact("PollForDecisionTask has a bucket of 2,000 and refills at 200 a second", source=QUOTAS)
def test_deciders_get_as_many_tasks_as_there_are_tokens_for_polls() -> None:
    run = begin_to_poll(domain(5000.0, [], 0, deciders=SLOW), "d")
    depth, refill = bucket(run, "decisions_at_deciders", 65.0, 75.0)
    assert refill == pytest.approx(200.0, rel=2e-3)
    # they poll from the second tick on, and until then the bucket holds no more
    assert depth + refill * 62.0 == pytest.approx(2000.0, abs=8.0)


@fact("PollForActivityTask has a bucket of 2,000 and refills at 200 a second", source=QUOTAS)
def test_workers_get_as_many_tasks_as_there_are_tokens_for_polls() -> None:
    run = begin_to_poll(domain(150.0, [one()], 0, workers=SLOW), "w")
    depth, refill = bucket(run, "activities_started", 65.0, 75.0)
    assert refill == pytest.approx(200.0, rel=2e-3)
    assert depth + refill * 62.0 == pytest.approx(2000.0, abs=8.0)


@fact("SignalWorkflowExecution has a bucket of 2,000 and refills at 30 a second", source=QUOTAS)
def test_signals_draw_on_their_bucket() -> None:
    run = domain(1.0, [one(**LONG)], 0, signals=3000.0)
    taken = []
    for _ in range(2):
        go(run, 20)
        unheard = float(run.losses("s")["unknown_execution"][1])  # before the first execution
        taken.append(run.series("s", "served")[1].sum() + unheard)
    assert (taken[1] - taken[0]) / 20.0 == pytest.approx(30.0, rel=4e-3)
    assert 2.0 * taken[0] - taken[1] == pytest.approx(2000.0, rel=2e-3)


@fact("ScheduleActivityTask has a bucket of 1,000 and refills at 200 a second", source=QUOTAS)
def test_activities_are_scheduled_as_long_as_there_are_tokens() -> None:
    steps = [one(f"s{i}") for i in range(8)]
    run = domain(180.0, steps, 0, workers={"desired_count": 0}, tick_s=0.1)
    depth, refill = bucket(run, "pending_activities", 5.0, 10.0)
    assert refill == pytest.approx(200.0, rel=2e-3)
    assert depth == pytest.approx(1000.0 - 2 * 0.1 * 200.0, abs=8.0)  # two hand-overs of a tick
    assert now(run, "calls_throttled") > 0.0


@fact("StartTimer has a bucket of 1,000 and refills at 200 a second", source=QUOTAS)
def test_timers_are_started_as_long_as_there_are_tokens() -> None:
    run = domain(180.0, [one(f"s{i}", **LONG) for i in range(8)], 0, tick_s=0.1)
    depth, refill = bucket(run, "activities_started", 5.0, 10.0)
    assert refill == pytest.approx(200.0, rel=2e-3)
    assert depth == pytest.approx(1000.0 - 0.1 * 200.0, abs=8.0)


@fact("StartChildWorkflowExecution has a bucket of 500 and refills at 12 a second", source=QUOTAS)
def test_children_are_started_as_long_as_there_are_tokens() -> None:
    run = domain(150.0, [one(kind="child_workflow", duration_s=1e6)], 0)
    depth, refill = bucket(run, "activities_started")
    assert refill == pytest.approx(12.0, rel=2e-3)
    assert depth == pytest.approx(500.0 - 12.0, abs=1.0)


@fact(
    "RecordActivityTaskHeartbeat has a bucket of 2,000 and refills at 160 a second", source=QUOTAS
)
@pytest.mark.parametrize(("rate", "throttled"), [(1.5, 0.0), (2.0, 40.0)])
def test_heartbeats_beyond_the_quota_are_throttled(rate: float, throttled: float) -> None:
    slow = {"wait_time_ms": 100_000.0, "workers_per_vcpu": 250}
    step = one(heartbeat_s=2.0)
    run = domain(rate, [step], 1000, workers=slow)
    assert now(run, "heartbeats") == pytest.approx(rate * 100.0, rel=1e-3)  # two in each timeout
    assert now(run, "calls_throttled") == pytest.approx(throttled, abs=0.5)


@fact("A burst of heartbeats takes 2,000 tokens at most", source=QUOTAS)
def test_saved_heartbeats_last_as_long_as_the_bucket() -> None:
    slow = {"wait_time_ms": 1e7, "workers_per_vcpu": 500, "desired_count": 1}
    run = domain(150.0, [one(heartbeat_s=2.0)], 10, workers=slow)
    beats = run.series("s", "heartbeats")[1]
    sent, throttled = beats.sum(), run.series("s", "calls_throttled")[1].sum()
    since = int((beats > 160.0).argmax())  # until then the bucket is full
    expected = 2000.0 + beats[:since].sum() + 160.0 * (10 - since)
    assert sent - throttled == pytest.approx(expected, rel=4e-3)


# ---------------------------------------------------------------- polling


@fact("A poll that finds nothing returns after 60 seconds", source=f"{API}: PollForActivityTask")
@fact("A task list has 1,000 pollers at most", source=QUOTAS)
@pytest.mark.parametrize(("places", "refused"), [(500, 0.0), (506, 0.2)])
def test_pollers_beyond_a_thousand_are_refused_each_minute(places: int, refused: float) -> None:
    # m5.large: two vCPUs; those refused come again after the length of a poll
    idle = {"workers_per_vcpu": places, "desired_count": 1}
    run = domain(0.0, [one()], 10, workers=idle, deciders={"desired_count": 0})
    assert now(run, "calls_throttled") == pytest.approx(refused, abs=1e-6)


# ---------------------------------------------------------------- what is open


@fact("A domain has 100,000 open executions at most", source=QUOTAS)
def test_the_hundred_thousand_and_first_is_refused() -> None:
    run = domain(200.0, [one(**LONG)], 520, tick_s=10.0)
    assert run.series("s", "open_executions")[1].max() <= 100_000.0
    assert float(run.losses("s")["open_executions"][0]) == pytest.approx(200.0, rel=0.02)
    assert now(run, "utilization") == pytest.approx(1.0, rel=0.01)


@fact("A history has 25,000 events at most; then the execution is terminated", source=QUOTAS)
@pytest.mark.parametrize(("rounds", "ends"), [(4999, "workflows_completed"),
                                              (5000, "workflows_terminated")])  # fmt: skip
def test_the_25_001st_event_terminates(rounds: int, ends: str) -> None:
    # a timer is five events: started, fired, and a decision's three; five more frame them all
    timer = one(kind="timer", duration_s=0.001)
    run = domain(1.0, [timer], 60, rounds=rounds)
    assert now(run, "history_events") == 25_000.0
    other = {"workflows_completed", "workflows_terminated"} - {ends}
    assert now(run, ends) > 0.0
    assert now(run, other.pop()) == 0.0


@fact("ContinueAsNew begins a new execution with an empty history", source=QUOTAS)
def test_continued_executions_are_not_terminated() -> None:
    timer = one(kind="timer", duration_s=0.001)
    run = domain(1.0, [timer], 60, rounds=5000, continue_as_new=True)
    assert now(run, "history_events") == 10.0
    assert now(run, "workflows_terminated") == 0.0
    assert now(run, "workflows_continued") > 1.0


@fact("An execution is open for a year at most", source=QUOTAS)
@fact("A task lasts a year at most", source=QUOTAS)
def test_nothing_lasts_longer_than_a_year() -> None:
    assert not wrong(execution_timeout_s=YEAR_S)
    assert wrong(execution_timeout_s=YEAR_S + 1)
    for name in ("start_to_close_s", "schedule_to_start_s", "schedule_to_close_s", "heartbeat_s"):
        assert not wrong(steps=[one(**{name: YEAR_S})])
        assert wrong(steps=[one(**{name: YEAR_S + 1})])


@fact("The input of an execution has 32,768 characters at most", source=QUOTAS)
@pytest.mark.parametrize(("kb", "refused"), [(31.9, 0.0), (32.0, 0.0), (32.1, 5.0)])
def test_a_longer_input_is_refused(kb: float, refused: float) -> None:
    nodes = {"c": ("clients", {"rate_per_s": 5.0}), "s": ("swf", {})}
    run = simulate(nodes, [f"c.out > s.in {{'payload_kb': {kb}}}"], seconds=3)
    assert float(run.losses("s")["input_too_large"][0]) == pytest.approx(refused)


@fact("Closed executions are kept for 90 days at most", source=f"{API}: RegisterDomain")
def test_retention_ends_after_ninety_days() -> None:
    assert not wrong(retention_days=90)
    assert wrong(retention_days=91)


# ---------------------------------------------------------------- timeouts


@fact("A timeout is an event and a decision task; SWF repeats nothing itself", source=TIMEOUTS)
@pytest.mark.parametrize(("attempts", "decisions"), [(1, 2.0), (2, 3.0)])
def test_the_decider_sees_to_each_timeout(attempts: int, decisions: float) -> None:
    step = one(schedule_to_start_s=10.0, attempts=attempts)
    run = domain(5.0, [step], 120, workers={"desired_count": 0})
    assert now(run, "decision_tasks_completed") == pytest.approx(5.0 * decisions, rel=1e-3)
    assert now(run, "timed_out_on_start") == pytest.approx(5.0 * attempts, rel=1e-3)


@fact("Timeouts are NONE unless they are given", source=TIMEOUTS)
def test_without_timeouts_tasks_wait_for_ever() -> None:
    run = domain(5.0, [one()], 7200, workers={"desired_count": 0}, tick_s=10.0)
    assert now(run, "pending_activities") == pytest.approx(36_000.0, rel=2e-3)
    assert now(run, "workflows_failed") == 0.0


@fact("Schedule-to-start counts until a worker takes the task", source=TIMEOUTS)
@fact("Schedule-to-close counts from when the task was scheduled", source=TIMEOUTS)
@pytest.mark.parametrize("name", ["schedule_to_start_s", "schedule_to_close_s"])
def test_a_task_that_nobody_takes_is_timed_out(name: str) -> None:
    run = domain(5.0, [one(**{name: 45.0})], 300, workers={"desired_count": 0})
    assert now(run, "pending_activities") == pytest.approx(5.0 * 45.0, rel=1e-3)


@fact("Start-to-close counts from when a worker took the task", source=TIMEOUTS)
@pytest.mark.parametrize(("limit", "failed"), [(99.0, 5.0), (101.0, 0.0)])
def test_work_that_takes_longer_is_timed_out(limit: float, failed: float) -> None:
    step = one(duration_s=100.0, task_list="people", start_to_close_s=limit)
    run = domain(5.0, [step], 300)
    assert now(run, "workflows_failed") == pytest.approx(failed, abs=1e-3)


@fact("A worker that sends no heartbeat for so long is given up", source=TIMEOUTS)
@fact("Without a heartbeat it is noticed at start-to-close", source=TIMEOUTS)
@pytest.mark.parametrize(("given", "after"), [({}, 200.0), ({"heartbeat_s": 40.0}, 40.0)])
def test_silence_is_noticed_by_heartbeats(given: dict[str, float], after: float) -> None:
    run = domain(5.0, [one(start_to_close_s=200.0, **given)], 60)
    run.control("w", "stop_workers", {"count": 2})
    go(run, after - 6.0)
    assert run.series("s", "workflows_failed")[1].sum() < 0.5  # of what began earlier
    go(run, 14.0)
    assert run.series("s", "workflows_failed")[1].sum() == pytest.approx(10.0, rel=0.1)


@fact("A decision task that is not answered in time is scheduled again", source=TIMEOUTS)
def test_a_dead_decider_s_task_goes_to_another() -> None:
    slow = {"wait_time_ms": 5000.0, "workers_per_vcpu": 50}
    run = domain(5.0, [], 60, deciders=slow, decision_timeout_s=100.0)
    run.control("d", "stop_workers", {"count": 1})
    go(run, 85)
    assert run.series("s", "decisions_timed_out")[1].sum() < 1.0  # of those taken 15 s before
    go(run, 40)
    assert run.series("s", "decisions_timed_out")[1].sum() == pytest.approx(12.5, rel=0.05)
    assert run.series("s", "workflows_failed")[1].max() == 0.0


@fact("… after 300 s by default", source=TIMEOUTS)
@pytest.mark.parametrize(("given", "after"), [({}, 300), ({"decision_timeout_s": 299.0}, 299)])
def test_a_decision_is_waited_for_for_300_s(given: dict[str, float], after: int) -> None:
    slow = {"wait_time_ms": 1e6, "workers_per_vcpu": 10_000}
    # deciders take the first ones in the second second, after a hand-over
    run = domain(5.0, [], after + 1, deciders=slow, **given)
    assert run.series("s", "decisions_timed_out")[1].sum() == 0.0
    go(run, 1)
    assert run.series("s", "decisions_timed_out")[1].sum() > 1.0


@fact("An execution that is open for too long is closed as timed out", source=TIMEOUTS)
def test_the_execution_timeout_closes() -> None:
    run = domain(5.0, [one(**LONG)], 200, execution_timeout_s=100.0)
    assert now(run, "open_executions") == pytest.approx(500.0, rel=1e-3)
    assert now(run, "workflows_timed_out") == pytest.approx(5.0, rel=1e-3)


@fact(
    "A signal that no open execution is there for is refused",
    source=f"{API}: SignalWorkflowExecution",
)
def test_nobody_is_there_to_hear_a_signal() -> None:
    run = domain(0.0, [one(kind="signal")], 5, signals=1.0)
    assert float(run.losses("s")["unknown_execution"][0]) == pytest.approx(1.0)


# ---------------------------------------------------------------- prices


@fact(
    "A start costs 0.0001 USD, a task, timer or signal 0.000025, a day of retention 0.000005",
    source="https://aws.amazon.com/swf/pricing/",
)
def test_a_workflow_of_a_timer_costs_a_start_three_tasks_and_its_days() -> None:
    run = domain(2.0, [one(kind="timer", duration_s=5.0)], 60, retention_days=10)
    each = 0.0001 + 3 * 0.000025 + 10 * 0.000005
    assert now(run, "cost_per_hour") == pytest.approx(2.0 * each * 3600, rel=1e-3)


@fact("The first 24 hours open are free", source="https://aws.amazon.com/swf/pricing/")
def test_a_day_open_costs_from_the_second_on() -> None:
    run = domain(0.01, [one(**LONG)], 86_400, tick_s=10.0, retention_days=0)
    starting = now(run, "cost_per_hour")
    go(run, 36_000)
    old = 0.01 * 36_000
    assert now(run, "cost_per_hour") - starting == pytest.approx(old * 0.000005 / 24, rel=0.01)


# ---------------------------------------------------------------- workers

STREAM = ("kinesis_stream", {"shard_count": 4})


@fact(
    "At most one worker reads a shard", source="Kinesis Data Streams developer guide: KCL concepts"
)
@pytest.mark.parametrize(("workers", "read", "idle"), [(1, 4.0, 0.0), (2, 8.0, 0.0), (5, 8.0, 1.0)])
def test_workers_beyond_the_shards_read_nothing(workers: int, read: float, idle: float) -> None:
    run = pool(100.0, queue=STREAM, desired_count=workers, wait_time_ms=500.0)
    assert run.now("w")["tasks_completed"] == pytest.approx(read, rel=0.01)
    assert run.now("w")["idle_workers"] == idle


@fact("A lease that was not renewed for 10 seconds is taken over", source=KCL)
def test_a_dead_worker_s_shards_are_read_again_after_ten_seconds() -> None:
    run = pool(3.0, queue=STREAM, desired_count=4, wait_time_ms=250.0, checkpoint_s=0.0)
    run.control("w", "stop_workers", {"count": 3})
    read = []
    for _ in range(14):
        go(run, 1)
        read.append(run.now("w")["tasks_completed"])
    assert read[4:9] == pytest.approx([0.75] * 5, rel=0.02)  # one shard of four
    assert read[11] > 3.0  # and what was left unread


@fact("A call of ReceiveMessage brings ten messages at most", source="Amazon SQS API Reference")
def test_a_receive_asks_for_ten_at_most() -> None:
    def refused(size: int) -> bool:
        found = catalogue().check_link_params(
            "sqs", "messages", "worker_pool", "in", {"batch_size": size}
        )
        return bool(found)

    assert not refused(10)
    assert refused(11)
