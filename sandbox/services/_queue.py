"""What a queue and a broker have in common: they hear of consumers, hand over, and measure."""

from __future__ import annotations

from typing import Any

from sandbox.kernels.compiled import inlined
from sandbox.services._sqs_messages import (
    AGAIN,
    BACK,
    FAILED,
    FLIGHT,
    FRESH,
    LINKS,
    Messages,
    finish,
    oldest,
    receive,
)
from sandbox.services.law import PULL, node_of
from sandbox.services.params import param

NEVER_BACK = 1 << 40  # receives: no message ever goes to the back


class Queue(Messages):
    visible: float
    not_visible: float
    age: float  # s, of the oldest
    kb: float  # size of a message


def poison() -> Any:
    """The parameter `poison_share`, of which the functions of `_sqs_messages` read."""
    return param(
        0.0,
        "Share of the messages that no consumer can process, however often they are delivered.",
        unit="share",
        ge=0,
        le=1,
        group="Workload",
    )


@inlined
def visible(s):
    """Messages that can be received."""
    return s.rings[FRESH].total + s.rings[AGAIN].total + s.rings[BACK].total


@inlined
def hidden(s):
    """Messages that consumers hold, or held until they failed."""
    return s.rings[FLIGHT].total + s.rings[FAILED].total


@inlined
def hear(s, cells, tick, first, last):
    """A new tick: delete what the consumers at these out links finished in the last one, hide what
    they failed on."""
    s.received = s.deleted = s.received_again = s.duplicates = s.moved = 0.0
    for j in range(first, last):
        link = tick.out[j]
        if link.mode == PULL:
            done, again = link.completed * tick.dt, link.returned * tick.dt
            consumer = min(j, LINKS - 1)
            if done + again > 0.0:
                finish(s, cells, consumer, done, again)
            if s.overdue[consumer] > 0.0 and node_of(tick, link.target).held <= 0.0:
                s.overdue[consumer] = 0.0  # it holds nothing: what it worked on went with it


@inlined
def let_go(s, tick, first, last):
    """What consumers finished in this tick, which is in flight no longer, though deleted next tick.

    Not of a consumer that is late: what it finished may have come back long ago.
    """
    finished = 0.0
    for j in range(first, last):
        if tick.out[j].mode == PULL and s.overdue[min(j, LINKS - 1)] <= 0.0:
            finished += tick.out[j].completed * tick.dt
    s.not_visible = max(0.0, s.not_visible - finished)
    return finished


@inlined
def hand_over(p, s, cells, tick, j, given, asked, moved_sent):
    """Give the consumer at out link `j` its part of `given`: (messages, Σ sent times of moved)."""
    link = tick.out[j]
    link.reads = link.writes = link.failed = 0.0
    link.kb = s.kb
    got = 0.0
    if given > 0.0 and link.pull > 0.0:
        wanted = given * (link.pull * tick.dt / asked)
        got, bad, moved_sent = receive(p, s, cells, tick, j, wanted, moved_sent)
        link.writes = got / tick.dt
        link.failed = min(1.0, bad / got) if got > 0.0 else 0.0
    link.ok = 1.0 - link.failed
    return got, moved_sent


@inlined
def measure(s, cells, tick):
    """Count what is there; what was counted in the tick becomes a rate."""
    s.visible = visible(s)
    s.not_visible = hidden(s)
    s.age = oldest(s, cells, tick.t + tick.dt)
    s.received /= tick.dt
    s.deleted /= tick.dt
    s.received_again /= tick.dt
    s.duplicates /= tick.dt
    s.moved /= tick.dt
