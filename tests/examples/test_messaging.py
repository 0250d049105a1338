"""Examples of queues, topics, buses and buckets show the numbers that their notes name."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.assets import asset
from sandbox.experiments import run

APPLICATIONS = ("stock", "mail", "bill")


def example(name: str, **given: Any) -> Any:
    result = run(str(asset(f"examples/{name}.json")), **given)
    assert result.balance_error < 1e-9
    return result


def total(result: Any, node: str, metric: str) -> float:
    return float(result.summary(node, metric)["total"])


def test_a_queue_shares_six_thousand_and_topics_and_a_bus_copy_them() -> None:
    result = example("fan-out")
    copied = [(way, 6_000) for way in ("topic", "bus", "broker")]
    for way, each in (("one", 2_000), *copied):
        served = [total(result, f"{way}-{name}", "served") for name in APPLICATIONS]
        assert served == pytest.approx([each] * 3, rel=1e-3)


@pytest.fixture(scope="module")
def down() -> Any:
    return example("consumer-down")


def test_three_retries_lose_5400_of_6000(down: Any) -> None:
    assert total(down, "push-topic", "discarded") == pytest.approx(5_400, abs=10)


def test_a_dead_letter_queue_keeps_the_5400(down: Any) -> None:
    assert total(down, "kept-topic", "discarded") == 0
    assert down.series("kept-letters", "backlog").mean[-1] == pytest.approx(5_400, abs=10)


def test_a_bus_and_a_queue_lose_nothing(down: Any) -> None:
    assert total(down, "bus-bus", "failed_invocations") == 0
    assert total(down, "bus-bus", "successful_attempts") == pytest.approx(6_000, abs=1)
    assert total(down, "pull-queue", "expired") == 0
    assert total(down, "pull-queue", "deleted") == pytest.approx(6_000, abs=1)


def test_jobs_that_succeed_end_among_the_dead_letters() -> None:
    result = example("too-short-a-timeout")
    assert total(result, "short-queue", "received") == pytest.approx(900)
    assert total(result, "short-queue", "moved") == pytest.approx(300)
    assert total(result, "short-queue", "deleted") == 0
    assert total(result, "short-queue", "duplicates") == pytest.approx(900)  # done three times
    assert total(result, "short-work", "failed") == 0
    assert result.series("short-letters", "backlog").mean[-1] == pytest.approx(300)
    assert total(result, "long-queue", "received") == pytest.approx(300)
    assert total(result, "long-queue", "deleted") == pytest.approx(300)
    assert total(result, "long-queue", "moved") == 0


def test_a_spike_of_photos_is_worked_off_and_none_is_lost() -> None:
    result = example("image-resize")
    photos = 20 * 1_800 + 200 * 600
    assert total(result, "to-do", "sent") == pytest.approx(photos)
    assert total(result, "thumbnails", "arrivals") == pytest.approx(photos, rel=1e-3)
    assert result.series("to-do", "visible").mean[-1] < 1
    assert total(result, "letters", "arrivals") == 0
    assert result.summary("to-do", "visible")["max"] == pytest.approx(52_000, rel=0.03)
    waits = result.summary("uploads", "latency_mean")
    assert waits["max"] == pytest.approx(waits["min"], rel=1e-6)
