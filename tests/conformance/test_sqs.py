"""SQS to AWS's rules, each at its boundary."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.engine import Run
from sandbox.services import catalogue
from sandbox.services._sqs_params import MoveTask, Params
from tests.conformance import fact
from tests.services.test_sqs import queue, total
from tests.simulation import go, simulate

API = "Amazon SQS API Reference"
GUIDE = "Amazon SQS Developer Guide"
FIFO_QUOTAS = f"{GUIDE}: FIFO queue quotas"
PRICING = "https://aws.amazon.com/sqs/pricing/"
S3_PRICING = "https://aws.amazon.com/s3/pricing/"
ONCE = {"shape": "steps", "steps": [(0, 1), (1, 0)]}
DEAD = {"more": {"d": ("sqs", {})}, "links": ["q.dead_letter > d.in"]}


def refused(**params: Any) -> bool:
    return bool(catalogue().check_params("sqs", params))


@fact(
    "The visibility timeout is 30 s by default; a message whose work takes longer is received "
    "again",
    source=f"{API}: SetQueueAttributes (VisibilityTimeout)",
)
def test_the_visibility_timeout_is_thirty_seconds() -> None:
    for time_s, again in ((29.0, False), (30.0, False), (31.0, True)):
        run = queue(10, 100, 120, puller={"time_s": time_s})
        assert (run.now("q")["received_again"] > 0) is again


@fact("It may be 0 to 43,200 s", source=f"{API}: SetQueueAttributes (VisibilityTimeout)")
def test_the_visibility_timeout_is_at_most_twelve_hours() -> None:
    assert not refused(visibility_timeout_s=0)
    assert not refused(visibility_timeout_s=43_200)
    assert refused(visibility_timeout_s=43_201)


@fact(
    "A message is kept for 4 days by default",
    source=f"{API}: SetQueueAttributes (MessageRetentionPeriod)",
)
def test_a_message_is_kept_for_four_days() -> None:
    run = queue(1, 0, 345_600, tick_s=60.0, duration_s=4e5)
    assert total(run, "expired") == 0
    go(run, 180)
    assert total(run, "expired") > 0
    assert run.now("q")["age_of_oldest_s"] == pytest.approx(345_600)


@fact(
    "The retention is 60 s to 14 days", source=f"{API}: SetQueueAttributes (MessageRetentionPeriod)"
)
def test_the_retention_is_a_minute_to_two_weeks() -> None:
    assert refused(message_retention_s=59)
    assert not refused(message_retention_s=60)
    assert not refused(message_retention_s=1_209_600)
    assert refused(message_retention_s=1_209_601)


@fact("A delay is 0 by default, and at most 900 s", source=f"{API}: SetQueueAttributes")
def test_a_delay_is_at_most_fifteen_minutes() -> None:
    assert queue(10, 100, 3).now("q")["delayed"] == 0
    assert not refused(delay_s=900)
    assert refused(delay_s=901)


@fact("A receive waits 0 s by default, and at most 20 s", source=f"{API}: SetQueueAttributes")
def test_a_receive_waits_at_most_twenty_seconds() -> None:
    assert Params().receive_wait_s == 0
    assert not refused(receive_wait_s=20)
    assert refused(receive_wait_s=21)


@fact(
    "A poller that asks every second makes 86,400 requests a day, waiting for 20 s 4,320",
    source=f"{GUIDE}: Short and long polling",
)
def test_long_polling_makes_fewer_empty_receives() -> None:
    for wait_s, a_day in ((0.0, 86_400), (20.0, 4_320)):
        run = queue(0, 10, 3, sqs={"receive_wait_s": wait_s})
        assert run.now("q")["empty_receives"] * 86_400 == pytest.approx(a_day)


@fact("The visibility timeout is 30 s unless set", source=f"{API}: CreateQueue")
def test_the_default_visibility_timeout() -> None:
    assert catalogue().defaults("sqs")["visibility_timeout_s"] == 30


@fact(
    "Lambda begins with five pollers, which wait for 20 s each",
    source="AWS Lambda Developer Guide: Using Lambda with Amazon SQS",
)
def test_lambda_polls_an_idle_queue() -> None:
    nodes = {"q": ("sqs", {}), "f": ("lambda_function", {})}
    run = simulate(nodes, ["q.messages > f.in"], seconds=60)
    assert run.now("q")["empty_receives"] == pytest.approx(5 / 20)


@fact(
    "A standard queue has at most about 120,000 messages in flight, then OverLimit",
    source=f"{API}: ReceiveMessage (OverLimit)",
)
def test_120_000_messages_fly() -> None:
    for rate, limited in ((5_900, False), (6_100, True)):
        sqs = {"visibility_timeout_s": 43_200}
        run = queue(rate, 100_000, 20, sqs=sqs, puller={"time_s": 1000.0, "start_s": 1.0})
        assert any(e.kind == "over_limit" for e in run.events) is limited
        go(run, 2)
        expected = 120_000 if limited else rate * 22
        assert run.now("q")["not_visible"] == pytest.approx(min(120_000, expected), rel=1e-9)


@fact("A FIFO queue had 20,000 messages in flight, since 2024 120,000", source=FIFO_QUOTAS)
def test_fifo_in_flight_depends_on_the_era() -> None:
    sqs = {"type": "fifo", "visibility_timeout_s": 43_200, "message_groups": 10**9}
    sqs |= {"send_batch": 10.0}
    for era, most in (("2020", 20_000), ("current", 22_680)):
        run = queue(280, 290, 81, sqs=sqs, puller={"time_s": 1000.0}, era=era)
        assert run.now("q")["not_visible"] == pytest.approx(most, rel=1e-3)
    sqs |= {"high_throughput": True}
    run = queue(2_000, 2_100, 65, sqs=sqs, puller={"time_s": 1000.0})
    assert run.now("q")["not_visible"] == pytest.approx(120_000, rel=1e-3)


@fact("A backlog has no limit", source=f"{GUIDE}: Standard queue quotas")
def test_a_backlog_has_no_limit() -> None:
    run = queue(1_000_000, 0, 1_000, tick_s=10.0)
    assert run.now("q")["visible"] == pytest.approx(1e9)
    assert run.now("q")["throttled"] == 0


@fact("A message may be 1 MiB; in 2020 256 KB", source=f"{API}: CreateQueue (MaximumMessageSize)")
def test_a_message_may_be_so_large() -> None:
    for era, kb in (("current", 1024.0), ("2020", 256.0)):
        for more, refusals in ((0.0, 0), (0.01, 10)):
            run = queue(10, 100, 3, clients={"payload_kb": kb + more}, era=era)
            assert run.now("q")["rejected"] == refusals


@fact(
    "The extended client keeps messages of up to 2 GB in S3",
    source=f"{GUIDE}: Managing large messages with Amazon S3",
)
def test_two_gigabytes_through_s3() -> None:
    for kb, refusals in ((2.0 * 1024 * 1024, 0), (2.0 * 1024 * 1024 + 1, 10)):
        run = simulate(
            {
                "c": ("clients", {"rate_per_s": 10.0}),
                "q": ("sqs", {"large_messages": "s3"}),
            },
            [f"c.out > q.in {{'payload_kb': {kb}}}"],
            seconds=3,
        )
        assert run.now("q")["rejected"] == refusals


@fact("A batch has at most 10 messages", source=f"{API}: SendMessageBatch")
def test_a_batch_has_ten_messages() -> None:
    assert not refused(send_batch=10)
    assert refused(send_batch=11)


@fact("A FIFO queue takes 300 calls of each action a second", source=FIFO_QUOTAS)
def test_a_fifo_queue_takes_300_calls() -> None:
    for calls, throttled in ((290, 5), (299, 15), (301, 15), (500, 200), (600, 300)):
        run = queue(calls, 10_000, 3, sqs={"type": "fifo"}, clients={"noise": "none"})
        assert run.now("q")["throttled"] == pytest.approx(throttled, abs=16 if calls < 400 else 1)
    exact = queue(1_000, 10_000, 3, sqs={"type": "fifo"})
    assert exact.now("q")["sent"] == pytest.approx(300, abs=0.01)


@fact("With batches of 10 it takes 3,000 messages a second", source=FIFO_QUOTAS)
def test_batches_of_ten_make_three_thousand() -> None:
    run = queue(10_000, 10, 3, sqs={"type": "fifo", "send_batch": 10})
    assert run.now("q")["sent"] == pytest.approx(3_000, abs=0.1)


@pytest.mark.parametrize(
    ("region", "calls"),
    [
        ("us-east-1", 70_000),
        ("us-west-2", 70_000),
        ("eu-west-1", 70_000),
        ("us-east-2", 19_000),
        ("eu-central-1", 19_000),
        ("ap-south-1", 9_000),
        ("ap-northeast-1", 9_000),
        ("eu-west-2", 4_500),
        ("sa-east-1", 4_500),
        ("eu-north-1", 2_400),
    ],
)
@fact(
    "With high throughput it is 70,000, 19,000, 9,000, 4,500 or 2,400 calls, by Region",
    source=FIFO_QUOTAS,
)
def test_high_throughput_is_a_matter_of_the_region(region: str, calls: int) -> None:
    sqs = {"type": "fifo", "high_throughput": True, "message_groups": 10**6}
    run = queue(3 * calls, 10, 2, sqs=sqs, region=region)
    assert run.now("q")["sent"] == pytest.approx(calls, rel=1e-4)


@fact("High throughput came in 2021: before, it is 300 calls", source=FIFO_QUOTAS)
def test_there_is_no_high_throughput_in_2020() -> None:
    run = queue(1_000, 10, 2, sqs={"type": "fifo", "high_throughput": True}, era="2020")
    assert run.now("q")["sent"] == pytest.approx(300, abs=0.01)


@fact("A message group takes 300 calls a second", source=FIFO_QUOTAS)
def test_a_group_takes_300_calls() -> None:
    for groups in (1, 5):
        sqs = {"type": "fifo", "high_throughput": True, "message_groups": groups}
        run = queue(3_000, 10, 2, sqs=sqs)
        assert run.now("q")["sent"] == pytest.approx(300 * groups, rel=1e-3)


@fact(
    "While a message of a group is in flight, nothing else of the group is returned",
    source=f"{GUIDE}: FIFO delivery logic",
)
def test_a_group_has_one_message_in_flight() -> None:
    sqs = {"type": "fifo", "message_groups": 7, "visibility_timeout_s": 43_200}
    run = queue(50, 100, 120, sqs=sqs, puller={"time_s": 5.0})
    flying = run.series("q", "not_visible", t0=20.0, points=1000)[1]
    assert flying.mean() == pytest.approx(7, rel=0.02)
    assert total(run, "deleted") == pytest.approx(7 / 5 * 114, rel=0.03)


@fact(
    "A deduplication id is taken once in 5 minutes; the sender is told of success each time",
    source=f"{GUIDE}: Exactly-once processing",
)
def test_an_id_is_taken_once_in_five_minutes() -> None:
    for every_s, taken in ((299, 1), (300, 2)):
        steps = [(0, 1), (1, 0), (every_s, 1), (every_s + 1, 0)]
        sqs = {"type": "fifo", "deduplication_ids": 1}
        run = queue(1, 0, every_s + 2, clients={"shape": "steps", "steps": steps}, sqs=sqs)
        assert run.now("q")["visible"] == pytest.approx(taken)
        assert total(run, "failed", "c") == 0


@fact(
    "A message moves when it would be received more often than maxReceiveCount",
    source=f"{GUIDE}: Dead-letter queues",
)
def test_a_message_moves_when_its_receives_exceed_the_count() -> None:
    for most in (1, 2, 5):
        sqs = {"poison_share": 1.0, "max_receive_count": most, "visibility_timeout_s": 10}
        run = queue(10, 100, 12 * most + 10, clients=ONCE, sqs=sqs, **DEAD)
        assert total(run, "received") == pytest.approx(10 * most)
        assert run.now("d")["backlog"] == pytest.approx(10)


@fact("maxReceiveCount is 1 to 1,000", source=f"{GUIDE}: Dead-letter queues")
def test_the_count_is_one_to_a_thousand() -> None:
    assert refused(max_receive_count=0)
    assert not refused(max_receive_count=1_000)
    assert refused(max_receive_count=1_001)


@fact(
    "On a standard queue a moved message keeps its age, on a FIFO queue it begins anew",
    source=f"{GUIDE}: Dead-letter queues (message retention)",
)
def test_a_moved_message_keeps_its_age_unless_fifo() -> None:
    for kind, age_s in (("standard", 60), ("fifo", 29)):
        sqs = {"type": kind, "poison_share": 1.0, "max_receive_count": 1}
        more = {"more": {"d": ("sqs", {"type": kind})}, "links": ["q.dead_letter > d.in"]}
        run = queue(10, 100, 60, clients=ONCE, sqs=sqs, **more)
        assert run.now("d")["age_of_oldest_s"] == pytest.approx(age_s, abs=2.5)


@fact("What moves is not counted as sent", source=f"{GUIDE}: Dead-letter queues")
def test_what_moves_is_not_sent() -> None:
    sqs = {"poison_share": 1.0, "max_receive_count": 1}
    run = queue(10, 100, 60, clients=ONCE, sqs=sqs, **DEAD)
    assert total(run, "sent", "d") == 0
    assert run.now("d")["visible"] == pytest.approx(10)


@fact("The queue and its dead-letter queue are of one type", source=f"{GUIDE}: Dead-letter queues")
def test_a_dead_letter_queue_is_of_the_same_type() -> None:
    for kind, wrong in (("standard", True), ("fifo", False)):
        more = {"more": {"d": ("sqs", {"type": kind})}, "links": ["q.dead_letter > d.in"]}
        run = queue(1, 1, 1, sqs={"type": "fifo", "max_receive_count": 3}, **more)
        assert any(e.kind == "dead_letter_type" for e in run.events) is wrong


@fact(
    "StartMessageMoveTask moves up to 500 messages a second back",
    source=f"{API}: StartMessageMoveTask",
)
def test_at_most_five_hundred_move_back() -> None:
    more = {"more": {"s": ("sqs", {})}, "links": ["q.redrive > s.in"]}
    run = queue(2_000, 0, 1, clients=ONCE, **more)
    run.control("q", "move_back", {})
    go(run, 2)
    assert run.now("q")["visible"] == pytest.approx(1_000)
    with pytest.raises(ValueError, match="500"):
        MoveTask(max_per_s=501)


@fact("A queue is purged at most once in 60 s", source=f"{API}: PurgeQueue")
def test_a_purge_a_minute() -> None:
    run = queue(10, 0, 2)
    run.control("q", "purge")
    go(run, 59)
    with pytest.raises(Exception, match="PurgeQueueInProgress"):
        run.control("q", "purge")
    go(run, 1)
    run.control("q", "purge")


@fact(
    "A data key of KMS is used for 300 s by default, 60 s to 24 h",
    source=f"{API}: SetQueueAttributes (KmsDataKeyReusePeriodSeconds)",
)
def test_a_data_key_is_used_for_five_minutes() -> None:
    assert Params().kms_data_key_reuse_s == 300
    assert refused(kms_data_key_reuse_s=59)
    assert not refused(kms_data_key_reuse_s=86_400)
    assert refused(kms_data_key_reuse_s=86_401)


@fact("A standard request costs 0.40 USD a million, a FIFO request 0.50", source=PRICING)
def test_a_request_costs_what_the_price_list_says() -> None:
    for kind, usd in (("standard", 0.40e-6), ("fifo", 0.50e-6)):
        now = queue(100, 1_000, 10, sqs={"type": kind}).now("q")
        assert now["cost_per_hour"] == pytest.approx(now["requests"] * 3600 * usd)


@fact("Each 64 KB of a call is a request", source=PRICING)
def test_each_64_kb_is_a_request() -> None:
    for kb, requests in ((64.0, 1), (64.1, 2), (128.0, 2), (129.0, 3)):
        run = queue(10, 0, 3, clients={"payload_kb": kb})
        assert run.now("q")["requests"] == pytest.approx(10 * requests)


@fact("A large message costs a PUT of S3, 0.005 USD a thousand", source=S3_PRICING)
@fact("… and a GET, 0.0004 USD a thousand, when it is received", source=S3_PRICING)
@pytest.mark.parametrize(("kb", "aside"), [(1023.9, 0), (1024.0, 0), (1024.1, 10), (2048.0, 10)])
@pytest.mark.parametrize(("pull", "got"), [(0, 0), (100, 1)])
def test_a_large_message_costs_a_put_and_a_get(
    kb: float, aside: float, pull: float, got: float
) -> None:
    now = queue(10, pull, 5, sqs={"large_messages": "s3"}, clients={"payload_kb": kb}).now("q")
    in_s3 = now["cost_per_hour"] / 3600 - now["requests"] * 0.40e-6
    assert in_s3 == pytest.approx(aside * (0.005e-3 + got * 0.0004e-3), rel=1e-6, abs=1e-12)


def batches(rate: float, size: int) -> Run:
    """Messages sent ten at a time, received by a function in batches as large as it can get."""
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "c": ("clients", {"rate_per_s": rate, "payload_kb": 1.0, "arrival_cv2": 0.0}),
        "q": ("sqs", {"send_batch": 10.0}),
        "f": ("lambda_function", {"memory_mb": 1769, "cpu_time_ms": 10.0, "wait_time_ms": 0.0}),
    }
    # a window of a second gathers what comes to each of the five pollers
    gather = f"q.messages > f.in {{'batch_size': {size}, 'maximum_batching_window_s': 1.0}}"
    return simulate(nodes, ["c.out > q.in", gather], seconds=120)


@fact("A receive or a deletion has at most 10 messages", source=f"{API}: ReceiveMessage")
@pytest.mark.parametrize(("size", "a_call"), [(9, 9), (10, 10), (11, 10), (100, 10)])
def test_a_receive_has_ten_messages(size: int, a_call: float) -> None:
    assert batches(100, size).now("q")["requests"] == pytest.approx(10 + 2 * 100 / a_call)


@fact(
    "100 messages a second of 1 KB cost 315.36 USD a month one by one, 31.54 in batches of 10",
    source=PRICING,
)
def test_a_month_of_a_hundred_messages_a_second() -> None:
    run = queue(100, 1_000, 30, clients={"payload_kb": 1.0})
    assert run.now("q")["cost_per_hour"] * 730 == pytest.approx(315.36)
    assert batches(100, 10).now("q")["cost_per_hour"] * 730 == pytest.approx(31.536, rel=1e-3)
