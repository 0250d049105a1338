"""A queue against one followed message by message: ages and counts equal within a tick."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.services.test_sqs import queue
from tests.simulation import go


@dataclass
class Message:
    sent_s: float
    seen_s: float  # when it can be received
    receives: int = 0
    until_s: float = 0.0  # in flight: when it comes back
    done_s: float = -1.0  # in flight: when its work ends well; -1: never


class Queue:
    """Messages one by one: delay, visibility timeout, retention, a dead-letter queue."""

    def __init__(self, hidden_s: float, kept_s: float, delay_s: float, receives: int) -> None:
        self.hidden_s, self.kept_s, self.delay_s, self.most = hidden_s, kept_s, delay_s, receives
        self.visible: list[Message] = []
        self.flying: list[Message] = []
        self.deleted = self.moved = self.expired = 0

    def tick(self, t: float, sent: int, asked: int, work_s: float, fails: int) -> None:
        """A second: `sent` messages come, up to `asked` are received; every n-th fails."""
        self.deleted += sum(0 <= m.done_s <= t for m in self.flying)
        self.flying = [m for m in self.flying if not 0 <= m.done_s <= t]
        back = [m for m in self.flying if m.until_s <= t + 1.0]
        self.flying = [m for m in self.flying if m.until_s > t + 1.0]
        self.visible += back
        kept = [m for m in self.visible if m.sent_s > t + 1.0 - self.kept_s]
        self.expired += len(self.visible) - len(kept)
        self.visible = kept
        for i in range(sent):
            at = t + (i + 0.5) / sent
            self.visible.append(Message(at, at + self.delay_s))
        self.visible.sort(key=lambda m: m.sent_s)
        given = 0
        left = []
        for m in self.visible:
            if given >= asked or m.seen_s > t + 1.0:
                left.append(m)
            elif self.most and m.receives >= self.most:
                self.moved += 1
            else:
                given += 1
                m.receives += 1
                m.until_s = t + 0.5 + self.hidden_s
                failing = fails and round(m.sent_s * 1000) // 50 % fails == 0
                m.done_s = -1.0 if failing else t + 1.0 + work_s
                self.flying.append(m)
        self.visible = left

    def age_s(self, t: float) -> float:
        return t - min((m.sent_s for m in (*self.visible, *self.flying)), default=t)


@pytest.mark.parametrize(
    ("sent", "asked", "work_s", "delay_s", "kept_s"),
    [
        (20, 15, 0.0, 0.0, 345_600.0),  # a backlog that grows
        (20, 25, 5.0, 0.0, 345_600.0),  # five seconds of work
        (20, 25, 12.0, 10.0, 345_600.0),  # and ten of delay
        (20, 10, 3.0, 0.0, 90.0),  # what waits too long expires
    ],
)
def test_counts_and_ages_are_those_of_messages_one_by_one(
    sent: int, asked: int, work_s: float, delay_s: float, kept_s: float
) -> None:
    params = {"visibility_timeout_s": 30.0, "message_retention_s": kept_s, "delay_s": delay_s}
    run = queue(sent, asked, 0, sqs=params, puller={"time_s": work_s})
    each = Queue(30.0, kept_s, delay_s, 0)
    for second in range(240):
        each.tick(second, sent, asked if second > 0 else 0, work_s, 0)
        go(run, 1)
        now = run.now("q")
        held = len(each.visible)
        assert now["visible"] + now["delayed"] == pytest.approx(held, abs=sent)  # a tick's worth
        assert now["age_of_oldest_s"] == pytest.approx(each.age_s(second + 1.0), abs=1.0)
    assert now["visible"] + now["delayed"] == pytest.approx(len(each.visible), abs=2)
    t, mean, _lo, _hi = run.series("q", "expired", points=1000)
    assert mean.sum() * (t[1] - t[0]) == pytest.approx(each.expired, abs=sent)


@pytest.mark.parametrize("work_s", [0.0, 1.0, 5.0])
def test_messages_that_fail_for_ever_move_when_those_followed_by_hand_do(work_s: float) -> None:
    # every fifth message is poison: received three times, 30 s apart, then moved
    params = {"visibility_timeout_s": 30.0, "max_receive_count": 3, "poison_share": 0.2}
    more = {"more": {"d": ("sqs", {})}, "links": ["q.dead_letter > d.in"]}
    run = queue(20, 100, 0, sqs=params, puller={"time_s": work_s}, **more)
    each = Queue(30.0, 345_600.0, 0.0, 3)
    for second in range(240):
        each.tick(second, 20, 100 if second > 0 else 0, work_s, 5)
        go(run, 1)
        moved = run.now("d")["backlog"]
        assert moved == pytest.approx(each.moved, abs=8.1)  # a tick, the first of which has two
    assert each.moved > 500
