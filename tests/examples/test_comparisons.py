"""The examples that compare services by the same load show the numbers that their notes name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sandbox.assets import asset
from sandbox.document.file import load
from sandbox.engine import Run
from sandbox.experiments import run
from sandbox.services import catalogue

APPLICATIONS = ("stock", "mail", "bill")
SENT = 10 * 5 * 86_400  # messages of five days


def example(name: str, **given: Any) -> Any:
    result = run(str(asset(f"examples/{name}.json")), **given)
    assert result.balance_error < 1e-9
    return result


def total(result: Any, node: str, metric: str) -> float:
    return float(result.summary(node, metric)["total"])


def month(result: Any, node: str) -> float:
    """What a month costs at the pace of the end, USD."""
    return float(result.series(node, "cost_per_hour").mean[-60:].mean()) * 730


# ---------------------------------------------------------------- copies, and outages


def test_each_reader_of_a_stream_learns_of_all_six_thousand() -> None:
    result = example("fan-out")
    served = [total(result, f"stream-{name}", "served") for name in APPLICATIONS]
    assert served == pytest.approx([6_000] * 3)


def test_a_stream_and_a_broker_lose_nothing_while_their_reader_is_down() -> None:
    result = example("consumer-down")
    assert total(result, "log-stream", "expired") == 0
    assert total(result, "log-shop", "served") == pytest.approx(6_000)
    assert result.summary("mq-broker", "queue_size")["max"] == pytest.approx(6_000)
    assert total(result, "mq-broker", "dequeued") == pytest.approx(6_000)
    assert result.summary("mq-broker", "dead")["max"] == 0


@pytest.fixture(scope="module")
def days() -> Any:
    return example("down-for-days")


@pytest.mark.parametrize("queue", ["queue", "topic-queue"])
def test_a_queue_loses_the_first_of_five_days(days: Any, queue: str) -> None:
    assert total(days, queue, "expired") == pytest.approx(SENT / 5, rel=0.02)


def test_a_stream_loses_four_of_five_days(days: Any) -> None:
    assert total(days, "stream", "expired") == pytest.approx(0.8 * SENT, rel=0.01)
    assert total(days, "stream-work", "served") == pytest.approx(0.2 * SENT, rel=0.01)


def test_a_bus_loses_four_of_five_days(days: Any) -> None:
    assert total(days, "bus", "failed_invocations") == pytest.approx(0.8 * SENT, rel=0.05)


def test_a_broker_keeps_all_on_its_disk(days: Any) -> None:
    assert days.summary("broker", "used_gb")["max"] == pytest.approx(SENT / 2**20, rel=0.01)
    assert days.summary("broker", "store_percent")["max"] < 3
    assert total(days, "broker", "dequeued") == pytest.approx(SENT)


# ---------------------------------------------------------------- a spike


@pytest.fixture(scope="module")
def spike() -> Any:
    return example("spike")


def test_a_queue_holds_48000_and_works_them_off_in_eight_minutes(spike: Any) -> None:
    visible = spike.series("queue", "visible")
    assert visible.mean.max() == pytest.approx(48_000, rel=0.01)
    assert spike.summary("queue", "age_of_oldest_s")["max"] == pytest.approx(240, abs=3)
    over = visible.t[(visible.mean < 10) & (visible.t > 130)][0]
    assert over - 120 == pytest.approx(480, rel=0.02)
    assert total(spike, "queue", "expired") == 0
    assert total(spike, "queue", "moved") == 0


def test_a_shard_is_at_its_limit_and_holds_the_same(spike: Any) -> None:
    assert spike.summary("stream", "utilization")["max"] == pytest.approx(1)
    assert total(spike, "stream", "write_throttled") == 0
    assert spike.summary("stream", "backlog")["max"] == pytest.approx(48_000, rel=0.01)
    assert spike.summary("stream", "iterator_age_s")["max"] == pytest.approx(240, abs=3)
    assert spike.summary("stream", "backlog")["last"] < 200


def test_a_web_hook_refuses_800_a_second_and_three_retries_save_a_part(spike: Any) -> None:
    refused = spike.series("hook-work", "rejected")
    first = (refused.t > 65) & (refused.t < 79)  # before the first retries
    assert refused.mean[first] == pytest.approx(800, rel=0.01)
    lost = total(spike, "hook", "discarded")
    assert 0.5 * 48_000 < lost < 48_000
    assert total(spike, "hook-work", "served") == pytest.approx(144_000 - lost, rel=0.01)


def test_a_function_runs_a_hundred_at_once_and_nothing_waits(spike: Any) -> None:
    busy = spike.series("function-work", "in_flight")
    assert busy.mean[(busy.t > 70) & (busy.t < 119)] == pytest.approx(100, rel=0.1)
    assert total(spike, "function-work", "throttled") == 0
    assert total(spike, "function-work", "served") == pytest.approx(144_000, rel=0.001)


def test_a_broker_on_efs_holds_its_one_producer_at_80(spike: Any) -> None:
    assert spike.summary("broker", "enqueued")["max"] == pytest.approx(80)
    assert spike.summary("broker", "held_back")["max"] == pytest.approx(144_000 - 900 * 80)
    more = example("spike", settings={"broker.producers": 20})
    assert more.summary("broker", "held_back")["max"] == 0


# ---------------------------------------------------------------- poison, readers, a hot key


@pytest.fixture(scope="module")
def poison() -> Any:
    return example("poison-message")


def test_a_bad_message_holds_up_its_group_of_a_fifo_queue_until_it_is_moved(poison: Any) -> None:
    moved = poison.series("fifo", "moved")
    assert total(poison, "fifo", "moved") == pytest.approx(10, rel=0.02)
    assert moved.t[moved.mean > 0][0] == pytest.approx(150, abs=3)
    assert (
        poison.summary("fifo", "visible")["max"] > 5 * poison.summary("standard", "visible")["max"]
    )
    assert poison.summary("fifo", "visible")["last"] < 0.01
    assert total(poison, "fifo", "deleted") == pytest.approx(990, abs=1)


def test_a_bad_message_of_a_standard_queue_troubles_no_other(poison: Any) -> None:
    moved = poison.series("standard", "moved")
    assert total(poison, "standard", "moved") == pytest.approx(10)
    assert total(poison, "standard", "deleted") == pytest.approx(990)
    assert moved.t[moved.mean > 0][0] == pytest.approx(150, abs=3)
    assert poison.summary("standard", "visible")["max"] < 20
    deleted = poison.series("standard", "deleted")
    assert deleted.mean[deleted.t <= 101].sum() == pytest.approx(990, abs=12)


def test_a_bad_record_stops_its_shard_and_the_iterator_age_climbs(poison: Any) -> None:
    age = poison.series("stream", "iterator_age_s")
    late = age.t > 300
    assert np.diff(age.mean[late]) == pytest.approx(np.diff(age.t[late]), rel=0.01)
    assert total(poison, "stream-work", "served") < 600
    assert poison.summary("stream", "backlog")["last"] > 300


def test_bisecting_gives_up_the_bad_records_only(poison: Any) -> None:
    assert poison.summary("mended", "iterator_age_s")["max"] < 10
    assert total(poison, "mended-work", "served") == pytest.approx(990, rel=0.01)
    assert total(poison, "mended-failed", "arrivals") == pytest.approx(10, rel=0.02)


def test_the_sixth_reader_of_a_shard_is_refused_and_fan_out_is_not() -> None:
    result = example("many-readers")
    refused = {name: total(result, name, "read_throttled") for name in ("five", "six", "pushed")}
    assert refused == {"five": 0, "six": pytest.approx(300), "pushed": 0}
    # what is unread is what came within the delay: 0.6 s, 0.7 s, 0.07 s at a hundred a second
    unread = {name: result.summary(name, "backlog")["last"] for name in refused}
    assert unread == {
        "five": pytest.approx(60, abs=1),
        "six": pytest.approx(70, abs=1),
        "pushed": pytest.approx(7, abs=0.5),
    }


@pytest.mark.parametrize(("shards", "hottest", "throttled"), [(4, 1400, 400), (16, 1250, 250)])
def test_a_key_of_sixty_percent_throttles_a_stream_that_is_half_used(
    shards: int, hottest: float, throttled: float
) -> None:
    settings = {
        "devices.rate_per_s": 2000.0,
        "devices.arrival_cv2": 0.0,
        "stream.shard_count": shards,
        "stream.hot_key_share": 0.6,
        "stream.key_count": 1_000_000,
    }
    result = example("hot-shard", duration_s="2m", settings=settings)
    assert result.summary("stream", "hottest_shard_share")["mean"] * 2000 == pytest.approx(
        hottest, rel=0.01
    )
    assert result.summary("stream", "throttled")["mean"] == pytest.approx(throttled, rel=0.02)


# ---------------------------------------------------------------- order, and once more


def test_a_standard_queue_lets_one_message_in_twenty_overtake() -> None:
    result = example("in-order")
    late = result.series("standard", "out_of_order")
    assert late.mean[late.t > 60] == pytest.approx(0.046, abs=0.002)
    assert result.summary("fifo", "out_of_order")["max"] == 0
    for name in ("standard", "fifo", "stream"):
        assert total(result, f"{name}-work", "served") == pytest.approx(60_000, rel=2e-3)
    even = example("in-order", settings={"standard-work.duration_cv2": 0.0})
    assert even.summary("standard", "out_of_order")["max"] == 0


def test_a_stream_and_an_archive_can_be_read_again_and_the_others_cannot() -> None:
    known = catalogue()
    play = Run(load(asset("examples/read-it-again.json"), known), known)
    play.advance(3700)
    ways = ("stream", "archived", "bus", "queue")

    def booked() -> list[float]:
        return [float(play.history.summary(f"{way}-books", "served")["total"]) for way in ways]

    assert booked() == pytest.approx([36_000] * 4)
    play.control("stream", "read_again", {})
    play.control("archived", "replay", {})
    with pytest.raises(Exception, match="archive holds nothing"):
        play.control("bus", "replay", {})
    assert not {"replay", "read_again"} & {action.name for action in known["sqs"].actions}
    play.advance(600)
    assert booked() == pytest.approx([72_000, 72_000, 36_000, 36_000])
    assert play.balance_error < 1e-9


# ---------------------------------------------------------------- the price


def test_a_month_of_a_hundred_messages_a_second_has_six_prices() -> None:
    result = example("price-of-messages")
    usd = {
        "stream": 14.63,
        "batched": 31.54,
        "single": 315.36,
        "topic": 131.40,
        "bus": 262.80,
        "broker": 426.48,
    }
    assert {name: month(result, name) for name in usd} == pytest.approx(usd, rel=5e-4)


def test_who_is_paid_by_the_call_is_cheaper_below_three_and_a_half_a_second() -> None:
    little = example("price-of-messages", load=0.01)
    assert month(little, "single") == pytest.approx(3.15, rel=0.01)
    assert month(little, "stream") == pytest.approx(10.99, rel=1e-3)
    even = example("price-of-messages", load=0.035)
    assert month(even, "single") == pytest.approx(month(even, "stream"), rel=0.01)
