"""SQS: what waits, what flies, what comes back, what is lost; against its documented rules."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sandbox.engine import Run
from tests.simulation import go, simulate

FOLDER = (str(Path(__file__).parent / "consumers"),)
DEAD = {"more": {"d": ("sqs", {})}, "links": ["q.dead_letter > d.in"]}


def queue(
    rate: float,
    pull: float,
    seconds: float,
    *,
    clients: dict[str, Any] | None = None,
    sqs: dict[str, Any] | None = None,
    puller: dict[str, Any] | None = None,
    more: dict[str, Any] | None = None,
    links: list[str] | None = None,
    **scenario: Any,
) -> Run:
    """`rate` messages/s into a queue from which a consumer asks for `pull` a second, from the
    second tick on, since it asks for the next tick's."""
    nodes = {
        "c": ("clients", {"rate_per_s": rate, **(clients or {})}),
        "q": ("sqs", sqs or {}),
        "w": ("puller", {"rate_per_s": pull, **(puller or {})}),
        **(more or {}),
    }
    found = ["c.out > q.in", "q.messages > w.in", *(links or [])]
    return simulate(nodes, found, seconds=seconds, folders=FOLDER, **scenario)


def total(run: Run, metric: str, node: str = "q") -> float:
    t, mean, _lo, _hi = run.series(node, metric, points=100_000)
    return float(mean.sum() * (t[1] - t[0] if len(t) > 1 else run.dt))


def test_eighty_in_and_fifty_out_leave_three_hundred_after_ten_seconds():
    run = queue(80, 50, 1)
    before = run.now("q")["visible"]
    assert before == pytest.approx(80)
    go(run, 10)
    assert run.now("q")["visible"] - before == pytest.approx(300)
    assert run.now("q")["backlog"] == pytest.approx(380)


def test_the_oldest_message_is_as_old_as_one_followed_by_hand():
    """Per message: 80/s come, then from 120 s on 20/s; 50/s are taken and done at once."""
    run = queue(80, 50, 0, clients={"shape": "steps", "steps": [(0, 1), (120, 0.25)]})
    line: deque[float] = deque()
    took: list[float] = []
    for second in range(300):
        each = 80 if second < 120 else 20
        line.extend(second + (i + 0.5) / each for i in range(each))
        took = [line.popleft() for _ in range(min(len(line), 50 if second > 0 else 0))]
        go(run, 1)
        now = run.now("q")
        held = took + list(line)  # not yet deleted are those taken in this second, too
        assert now["visible"] == pytest.approx(len(line), abs=1e-6)
        assert now["age_of_oldest_s"] == pytest.approx(second + 1 - held[0], abs=0.03)


@pytest.mark.parametrize("tick_s", [0.5, 2.0])
def test_the_length_of_the_tick_does_not_change_backlog_and_age(tick_s: float):
    run = queue(80, 50, 600, tick_s=tick_s)
    assert run.now("q")["visible"] == pytest.approx(30 * 600, rel=0.01)
    assert run.now("q")["age_of_oldest_s"] == pytest.approx(600 * 30 / 80, rel=0.02)


@pytest.mark.parametrize(("time_s", "again"), [(29.0, False), (30.0, False), (31.0, True)])
def test_a_job_longer_than_the_visibility_timeout_is_delivered_again(time_s: float, again: bool):
    run = queue(10, 100, 300, puller={"time_s": time_s})
    assert (run.now("q")["received_again"] > 0) is again
    assert (run.now("q")["duplicates"] > 0) is again
    if not again:
        assert run.now("q")["in_flight"] == pytest.approx(10 * time_s)


def test_what_is_finished_too_late_deletes_nothing_once_it_was_received_again():
    run = queue(10, 1000, 100, puller={"time_s": 40.0})
    # nothing is ever deleted by the first two receives; each delivery is redelivered before its end
    assert total(run, "deleted") == 0
    assert total(run, "duplicates") > 0
    held = run.now("q")["backlog"] + run.now("q")["in_flight"]
    assert held == pytest.approx(10 * 100)


def test_late_work_still_deletes_what_nobody_received_again():
    # after 10 s of load the consumer takes all once and asks for nothing more
    run = queue(
        10,
        100,
        12,
        clients={"shape": "steps", "steps": [(0, 1), (10, 0)]},
        puller={"time_s": 40.0},
    )
    run.program.places[run.program.index["w"]].p["rate_per_s"] = 0.0
    go(run, 100)
    assert total(run, "received_again") == 0
    assert total(run, "deleted") == pytest.approx(100)
    assert run.now("q")["backlog"] == pytest.approx(0, abs=1e-9)


def test_poison_ends_in_the_dead_letter_queue_after_max_receive_count():
    sqs = {"poison_share": 0.1, "max_receive_count": 3}
    first = {"shape": "steps", "steps": [(0, 1), (1, 0)]}
    run = queue(100, 1000, 60, clients=first, sqs=sqs, puller={"time_s": 0.5}, **DEAD)
    assert total(run, "deleted") == pytest.approx(90)
    assert total(run, "moved") == 0
    go(run, 60)
    assert total(run, "received") == pytest.approx(90 + 3 * 10)
    assert total(run, "moved") == pytest.approx(10)
    assert run.now("d")["backlog"] == pytest.approx(10)
    assert run.now("q")["in_flight"] == pytest.approx(0, abs=1e-9)


def test_without_a_dead_letter_link_poison_comes_back_for_ever():
    sqs = {"poison_share": 1.0, "max_receive_count": 1}
    first = {"shape": "steps", "steps": [(0, 1), (1, 0)]}
    run = queue(100, 1000, 1000, clients=first, sqs=sqs)
    assert total(run, "received") > 100 * 1000 / 35
    assert any(e.kind == "no_dead_letter_queue" for e in run.events)
    assert run.now("q")["backlog"] + run.now("q")["in_flight"] == pytest.approx(100)


def test_a_moved_message_keeps_its_age():
    sqs = {"poison_share": 1.0, "max_receive_count": 1}
    first = {"shape": "steps", "steps": [(0, 1), (1, 0)]}
    run = queue(100, 1000, 100, clients=first, sqs=sqs, **DEAD)
    assert run.now("d")["backlog"] == pytest.approx(100)
    assert run.now("d")["age_of_oldest_s"] == pytest.approx(100, abs=1.1)
    assert run.now("d")["sent"] == 0


def test_failures_that_pass_are_tried_again_and_few_are_moved():
    # a quarter fails each time: of 100/s, 100/64 fail three times in a row
    run = queue(100, 1000, 1200, sqs={"max_receive_count": 3}, puller={"fail_share": 0.25}, **DEAD)
    assert run.now("q")["moved"] == pytest.approx(100 / 64, rel=1e-6)
    assert run.now("q")["deleted"] == pytest.approx(100 - 100 / 64, rel=1e-6)


@pytest.mark.parametrize(("time_s", "limited"), [(599.0, False), (700.0, True)])
def test_no_more_than_120_000_messages_fly(time_s: float, limited: bool):
    sqs = {"visibility_timeout_s": 43_200}
    run = queue(198, 10_000, 900, sqs=sqs, puller={"time_s": time_s})
    most = float(run.series("q", "not_visible")[3].max())
    assert most <= 120_000 * (1 + 1e-9)
    assert (run.now("q")["visible"] > 1000) is limited
    assert any(e.kind == "over_limit" for e in run.events) is limited


def test_a_message_expires_when_it_is_as_old_as_the_retention():
    run = queue(10, 0, 60, sqs={"message_retention_s": 60})
    assert total(run, "expired") == 0
    assert run.now("q")["visible"] == pytest.approx(600)
    go(run, 40)
    assert total(run, "expired") == pytest.approx(400)
    assert run.now("q")["visible"] == pytest.approx(600)
    assert run.now("q")["age_of_oldest_s"] == pytest.approx(60)


def test_an_age_is_counted_from_the_first_sending_also_after_failures():
    run = queue(10, 100, 200, sqs={"message_retention_s": 100}, puller={"fail_share": 1.0})
    held = run.now("q")["backlog"] + run.now("q")["in_flight"]
    assert held == pytest.approx(10 * 200 - total(run, "expired"))
    # what flies is dropped when it comes back, at most one visibility timeout later
    assert 10 * 100 <= held <= 10 * (100 + 32)


def test_a_delayed_message_is_seen_after_its_delay():
    run = queue(10, 100, 15, sqs={"delay_s": 15})
    assert run.now("q")["delayed"] == pytest.approx(150)
    assert total(run, "received") == 0
    go(run, 10)
    assert run.now("q")["delayed"] == pytest.approx(150)
    assert total(run, "received") == pytest.approx(100)


@pytest.mark.parametrize(
    ("era", "kb", "refused"),
    [("current", 1024, 0), ("current", 1025, 10), ("2020", 256, 0), ("2020", 257, 10)],
)
def test_a_message_too_large_for_its_era_is_refused(era: str, kb: float, refused: float):
    run = queue(10, 100, 10, clients={"payload_kb": kb}, era=era)
    assert run.now("q")["rejected"] == refused
    assert run.now("c")["rejected"] == pytest.approx(refused)


def test_two_consumers_share_by_what_each_asked_for():
    run = queue(
        60,
        30,
        100,
        more={"v": ("puller", {"rate_per_s": 10.0})},
        links=["q.messages > v.in"],
    )
    assert run.now("w")["arrivals"] == pytest.approx(30)
    assert run.now("v")["arrivals"] == pytest.approx(10)
    scarce = queue(
        20, 30, 100, more={"v": ("puller", {"rate_per_s": 10.0})}, links=["q.messages > v.in"]
    )
    go(scarce, 200)
    assert scarce.now("w")["arrivals"] == pytest.approx(15)
    assert scarce.now("v")["arrivals"] == pytest.approx(5)


def test_a_slow_consumer_is_late_though_a_quick_one_is_not():
    run = queue(
        40,
        20,
        300,
        puller={"time_s": 1.0},
        more={"v": ("puller", {"rate_per_s": 20.0, "time_s": 45.0})},
        links=["q.messages > v.in"],
    )
    assert total(run, "duplicates") > 0
    assert total(run, "deleted") > 15 * 280  # the quick one's work counts


def test_a_purge_empties_the_queue_and_what_is_being_worked_on():
    run = queue(80, 50, 100, puller={"time_s": 10.0})
    held = run.now("q")["backlog"] + run.now("q")["in_flight"]
    run.control("q", "purge")
    go(run, 1)
    # and what was finished in the last second, but not yet deleted: 50 messages
    assert run.losses("q")["purged"][1] == pytest.approx(held + 50)
    go(run, 5)
    assert run.now("q")["deleted"] == 0  # what consumers still held has nothing to delete
    assert run.now("q")["duplicates"] == pytest.approx(50)
    go(run, 60)
    assert run.now("q")["deleted"] == pytest.approx(50)


def test_three_calls_a_message_cost_what_the_price_list_says():
    run = queue(100, 1000, 100, clients={"payload_kb": 1})
    # 100 msg/s × 3 calls × 730 h × 0.40 $ a million: 315.36 $ a month
    assert run.now("q")["cost_per_hour"] * 730 == pytest.approx(315.36)


def test_a_message_of_65_kb_is_two_requests():
    small, large = (queue(10, 0, 10, clients={"payload_kb": kb}) for kb in (64, 65))
    assert small.now("q")["requests"] == pytest.approx(10)
    assert large.now("q")["requests"] == pytest.approx(20)


def test_a_varying_load_through_hours_of_backlog_stays_balanced():
    run = queue(
        100,
        105,
        20_000,
        clients={"noise": "slow", "noise_cv": 0.5, "noise_period_s": 7.0},
        puller={"time_s": 50.0, "fail_share": 0.1},
        sqs={"visibility_timeout_s": 60, "max_receive_count": 4},
        duration_s=20_000.0,
        **DEAD,
    )
    q, d = run.now("q"), run.now("d")
    assert q["visible"] >= 0
    assert q["not_visible"] >= 0
    offered = total(run, "sent")
    kept = q["backlog"] + q["in_flight"] + d["backlog"]
    assert total(run, "deleted") + kept == pytest.approx(offered, rel=1e-3)


def test_messages_overtake_each_other_as_often_as_one_by_one() -> None:
    random = np.random.default_rng(7)
    for gap_s, work_s in ((1.0, 0.1), (0.2, 0.1), (2.0, 1.0)):
        sent = np.cumsum(random.exponential(gap_s, 200_000))
        ended = sent + random.exponential(work_s, sent.size)
        overtaken = float((ended[1:] < ended[:-1]).mean())
        groups = 100
        nodes: dict[str, tuple[str, dict[str, Any]]] = {
            "c": ("clients", {"rate_per_s": groups / gap_s, "arrival_cv2": 0.0}),
            "q": ("sqs", {"message_groups": groups}),
            "f": (
                "lambda_function",
                {"memory_mb": 1769, "cpu_time_ms": 0.0, "wait_time_ms": 1e3 * work_s}
                | {"duration_cv2": 1.0},
            ),
        }
        run = simulate(nodes, ["c.out > q.in", "q.messages > f.in {'batch_size': 1}"], seconds=300)
        assert run.now("q")["out_of_order"] == pytest.approx(overtaken, rel=0.04)
