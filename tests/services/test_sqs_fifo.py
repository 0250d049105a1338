"""SQS FIFO queues: groups, ids, quotas by call; and polling, keys and large messages of all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sandbox.engine import Run
from sandbox.engine.errors import EngineError
from tests.services.test_sqs import queue, total
from tests.simulation import go

FIFO = {"type": "fifo"}


def fifo(rate: float, pull: float, seconds: float, **more: Any) -> Run:
    more["sqs"] = {**FIFO, **more.get("sqs", {})}
    return queue(rate, pull, seconds, **more)


@pytest.mark.parametrize(("groups", "served"), [(1, 10.0), (3, 30.0), (100, 100.0)])
def test_the_groups_limit_what_ten_workers_do(groups: int, served: float) -> None:
    # ten workers of 0.1 s do 100/s; one group is worked on one message after the other
    sqs = {"message_groups": groups, "visibility_timeout_s": 43_200}
    run = fifo(200, 100, 400, sqs=sqs, puller={"time_s": 0.1})
    assert run.now("q")["deleted"] == pytest.approx(served, rel=0.01)
    assert any(e.kind == "groups_limit" for e in run.events) is (groups < 10)


@pytest.mark.parametrize("time_s", [2.0, 20.0])
def test_a_group_has_one_message_in_flight(time_s: float) -> None:
    sqs = {"message_groups": 5, "visibility_timeout_s": 43_200}
    run = fifo(50, 100, 400, sqs=sqs, puller={"time_s": time_s})
    assert run.now("q")["not_visible"] <= 5 * (1 + 1e-9)
    assert total(run, "deleted") == pytest.approx(5 / time_s * (399 - time_s), rel=0.02)


def test_a_lightly_used_group_makes_its_messages_wait_a_little() -> None:
    # 1/s a group, 0.1 s each, exponential: M/M/1 of load 0.1, so 0.111 s in all
    run = fifo(100, 1000, 200, sqs={"message_groups": 100}, puller={"time_s": 0.1})
    now = run.now("q")
    in_queue = now["visible"] / 100
    assert in_queue + 0.1 == pytest.approx(0.1111, abs=0.001)


@pytest.mark.parametrize(
    ("rate", "groups", "work_s"), [(2, 4, 7.0), (20, 10, 2.0), (5, 3, 1.0), (3, 2, 10.0)]
)
def test_groups_at_their_limit_are_as_old_as_ones_followed_by_hand(
    rate: int, groups: int, work_s: float
) -> None:
    """Per message, in Python: groups in turn, one message of each at a time. Over a whole round of
    work, in which groups finish together, the mean age is that of the messages within a tick."""
    sqs = {"message_groups": groups, "visibility_timeout_s": 43_200}
    run = fifo(rate, 1000, 0, sqs=sqs, puller={"time_s": work_s})
    free = [1.0] * groups  # the consumer asks from the second tick on
    ends = []
    for i in range(rate * 700):
        sent = (i + 0.5) / rate
        free[i % groups] = max(free[i % groups], sent) + work_s
        ends.append((sent, free[i % groups]))
    for until in (30, 100, 300, 600):
        ages = []
        go(run, until - run.t_s)
        for _ in range(round(work_s)):
            now = run.t_s
            oldest = next(sent for sent, end in ends if end > now)
            held = sum(sent <= now < end for sent, end in ends)
            ages.append((run.now("q")["age_of_oldest_s"], now - oldest))
            counted = run.now("q")["visible"] + run.now("q")["not_visible"]
            assert counted == pytest.approx(held, abs=rate + groups)
            go(run, 1)
        assert np.mean([a for a, _ in ages]) == pytest.approx(np.mean([b for _, b in ages]), abs=1)


@pytest.mark.parametrize("tick_s", [0.1, 1.0, 10.0])
@pytest.mark.parametrize("load", [0.1, 0.5, 0.9])
def test_what_waits_in_groups_below_their_limit_is_the_same_at_any_tick(
    load: float, tick_s: float
) -> None:
    # 0.1 s each: a group with so much to do has load / (1 - load) messages in it, with that at work
    sqs = {"message_groups": 100, "high_throughput": True}
    run = fifo(
        1000 * load, 5000, 200 * max(1.0, tick_s), sqs=sqs, puller={"time_s": 0.1}, tick_s=tick_s
    )
    assert run.now("q")["visible"] / 100 == pytest.approx(load**2 / (1 - load), rel=0.01)
    assert run.now("q")["groups_busy"] == pytest.approx(100 * load, rel=0.01)


def test_a_poison_message_holds_up_its_group_and_no_other() -> None:
    # one group: nothing else of it is done for five receives of 30 s
    more = {"more": {"d": ("sqs", FIFO)}, "links": ["q.dead_letter > d.in"]}
    sqs = {"message_groups": 1, "max_receive_count": 5, "poison_share": 1.0}
    steps = {"shape": "steps", "steps": [(0, 1), (1, 0), (20, 1)]}
    run = fifo(1, 100, 20, clients=steps, sqs=sqs, puller={"time_s": 1.0}, **more)
    run.program.places[run.program.index["q"]].p["poison_share"] = 0.0
    go(run, 128)
    assert total(run, "deleted") < 0.1 * 128
    go(run, 60)
    assert total(run, "deleted") > 35
    assert run.now("d")["backlog"] == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("every_s", [299, 300, 301])
def test_an_id_is_taken_again_after_five_minutes(every_s: int) -> None:
    steps = [(0, 1), (1, 0), (every_s, 1), (every_s + 1, 0)]
    run = fifo(
        1, 0, every_s + 5, clients={"shape": "steps", "steps": steps}, sqs={"deduplication_ids": 1}
    )
    assert total(run, "sent") == pytest.approx(2)
    assert run.now("q")["visible"] == pytest.approx(1 if every_s < 300 else 2)
    assert run.losses("q")["deduplicated"][1] == pytest.approx(1 if every_s < 300 else 0)


def test_the_same_body_three_times_in_four_minutes_and_once_after_ten_is_taken_twice() -> None:
    steps = [(0, 1), (1, 0), (120, 1), (121, 0), (240, 1), (241, 0), (600, 1), (601, 0)]
    clients = {"shape": "steps", "steps": steps}
    for kind, delivered in (("fifo", 2), ("standard", 4)):
        run = queue(1, 10, 620, clients=clients, sqs={"type": kind, "deduplication_ids": 1})
        assert total(run, "deleted") == pytest.approx(delivered)


@pytest.mark.parametrize(("batch", "refused"), [(1.0, 200.0), (10.0, 0.0)])
def test_five_hundred_calls_are_two_hundred_too_many_and_batches_of_ten_are_not(
    batch: float, refused: float
) -> None:
    run = fifo(500, 10_000, 5, sqs={"send_batch": batch, "message_groups": 10**6})
    assert run.now("q")["throttled"] == pytest.approx(refused, abs=0.1)


def test_high_throughput_counts_the_calls_of_each_group() -> None:
    for groups, throttled in ((100, 0), (3, 100)):
        sqs = {"high_throughput": True, "message_groups": groups}
        run = fifo(1000, 10_000, 5, sqs=sqs)
        assert run.now("q")["throttled"] == pytest.approx(throttled, abs=15)


def test_a_fifo_queue_gives_no_more_in_2020_when_twenty_thousand_fly() -> None:
    sqs = {"visibility_timeout_s": 43_200, "message_groups": 10**6, "send_batch": 10}
    for era, most in (("2020", 20_000.0), ("current", 22_250.0)):
        run = fifo(250, 290, 90, sqs=sqs, puller={"time_s": 1000.0}, era=era)
        assert run.now("q")["not_visible"] == pytest.approx(most, rel=0.02)
        assert any(e.kind == "no_more_in_flight" for e in run.events) is (era == "2020")
        assert run.now("q")["failed"] == 0


def test_a_moved_message_of_a_fifo_queue_is_young_again() -> None:
    more = {"more": {"d": ("sqs", FIFO)}, "links": ["q.dead_letter > d.in"]}
    sqs = {"poison_share": 1.0, "max_receive_count": 1}
    steps = {"shape": "steps", "steps": [(0, 1), (1, 0)]}
    run = fifo(10, 1000, 100, clients=steps, sqs=sqs, **more)
    moved_s = 100 - run.now("d")["age_of_oldest_s"]
    assert run.now("d")["backlog"] == pytest.approx(10)
    assert moved_s == pytest.approx(32, abs=2)


def test_messages_move_back_at_the_rate_of_the_task() -> None:
    more = {
        "more": {"d": ("sqs", {})},
        "links": ["q.dead_letter > d.in", "d.redrive > q.in"],
    }
    steps = {"shape": "steps", "steps": [(0, 1), (1, 0)]}
    sqs = {"poison_share": 1.0, "max_receive_count": 1}
    run = queue(100, 1000, 100, clients=steps, sqs=sqs, **more)
    assert run.now("d")["backlog"] == pytest.approx(100)
    run.program.places[run.program.index["q"]].p["poison_share"] = 0.0  # the bug is mended
    run.control("d", "move_back", {"max_per_s": 10.0})
    go(run, 5)
    assert run.now("d")["backlog"] == pytest.approx(50)
    assert run.now("q")["received_again"] == 0
    go(run, 7)
    assert run.now("d")["backlog"] == pytest.approx(0, abs=1e-9)
    assert total(run, "deleted") == pytest.approx(100)
    assert total(run, "sent") == pytest.approx(100)  # what is moved is not counted as sent


def test_there_is_nowhere_to_move_to_without_a_link() -> None:
    run = queue(10, 0, 5)
    with pytest.raises(EngineError, match="redrive"):
        run.control("q", "move_back", {"max_per_s": 10.0})


@pytest.mark.parametrize(("wait_s", "a_day"), [(0.0, 86_400), (20.0, 4_320)])
def test_an_idle_poller_makes_so_many_requests_a_day(wait_s: float, a_day: float) -> None:
    run = queue(0, 10, 10, sqs={"receive_wait_s": wait_s})
    assert run.now("q")["empty_receives"] * 86_400 == pytest.approx(a_day)
    usd = a_day / 24 * 0.4e-6
    assert run.now("q")["cost_per_hour"] == pytest.approx(usd)


def test_empty_receives_are_as_many_as_a_poller_meets_by_chance() -> None:
    rng = np.random.default_rng(1)
    came = np.cumsum(rng.exponential(10.0, 200_000))  # 0.1 messages/s, waits of 20 s
    t = empty = i = 0
    while i < len(came):
        if came[i] <= t + 20.0:
            t = max(t, came[i])
            i += 1
        else:
            t += 20.0
            empty += 1
    run = queue(0.1, 10, 30, sqs={"receive_wait_s": 20.0})
    assert run.now("q")["empty_receives"] == pytest.approx(empty / came[-1], rel=0.03)


def test_a_key_of_kms_costs_calls_by_how_long_it_is_used() -> None:
    bare, keyed, long = (
        queue(10, 100, 20, sqs=given).now("q")["cost_per_hour"]
        for given in ({}, {"sse_kms": True}, {"sse_kms": True, "kms_data_key_reuse_s": 3600})
    )
    # one producer and one consumer: 2 × 1 + 1 calls in 300 s
    assert keyed - bare == pytest.approx(3600 / 300 * 3 * 0.03e-4)
    assert long - bare == pytest.approx(3 * 0.03e-4)


def test_a_large_message_goes_through_s3_and_leaves_a_pointer() -> None:
    run = queue(10, 100, 20, clients={"payload_kb": 5000}, sqs={"large_messages": "s3"})
    now = run.now("q")
    assert now["rejected"] == 0
    assert now["message_kb"] == pytest.approx(1)
    assert run.now("w")["arrivals"] == pytest.approx(10)
    s3 = 10 * 3600 * (0.005e-3 + 0.0004e-3)
    assert now["cost_per_hour"] == pytest.approx(s3 + now["requests"] * 3600 * 0.4e-6)


def test_a_batch_of_ten_is_one_request() -> None:
    one, ten = (
        queue(100, 0, 5, clients={"payload_kb": kb}, sqs={"send_batch": 10}).now("q")["requests"]
        for kb in (1.0, 10.0)
    )
    assert one == pytest.approx(10)
    assert ten == pytest.approx(20)  # 100 KB in a call


def test_a_queue_is_purged_once_a_minute() -> None:
    run = queue(10, 0, 5)
    run.control("q", "purge")
    go(run, 59)
    with pytest.raises(EngineError, match="60 seconds"):
        run.control("q", "purge")
    go(run, 1)
    run.control("q", "purge")
