"""What a FIFO queue adds: quotas by call, ids taken once in 5 minutes, and one group at a time.

Groups are alike, and messages fall on them at random. While a message of a group is in flight the
rest of it waits, so a group is a queue with one server: in the long run, at n messages in it, it is
at work with probability n / (1 + n), and nearly always while messages pile up in it.
"""

from __future__ import annotations

import math

from sandbox.kernels.bucket import quota
from sandbox.kernels.cohort import expire, push
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services._sqs_messages import SEEN, part_of
from sandbox.services._sqs_params import Params
from sandbox.services.params import code

CALLS_PER_S = 300.0  # calls/s of each action, of a queue or of a group; FIFO queue quotas; H
FASTEST = 70_000.0  # high throughput in us-east-1, us-west-2, eu-west-1; FIFO queue quotas; H
FAST = 19_000.0  # in us-east-2, eu-central-1; FIFO queue quotas; H
MIDDLE = 9_000.0  # in ap-south-1, -southeast-1, -southeast-2, -northeast-1; FIFO queue quotas; H
SLOW = 4_500.0  # in eu-west-2, sa-east-1; FIFO queue quotas; H
REST = 2_400.0  # in the other Regions; FIFO queue quotas; H
DEDUPLICATION_S = 300.0  # Amazon SQS Developer Guide: Exactly-once processing; H
FIFO = code(Params, "type", "fifo")
_STEPS = 40  # of the search for the probability that a group is at work
_REGIONS = {
    **dict.fromkeys(("us-east-1", "us-west-2", "eu-west-1"), FASTEST),
    **dict.fromkeys(("us-east-2", "eu-central-1"), FAST),
    **dict.fromkeys(("ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1"), MIDDLE),
    **dict.fromkeys(("eu-west-2", "sa-east-1"), SLOW),
}


def calls_per_s(high_throughput: bool, era: str, region: str) -> float:
    """Calls a second of each action that a FIFO queue takes."""
    if not high_throughput or era == "2020":
        return CALLS_PER_S
    return _REGIONS.get(region, REST)


@compiled
def admit(p, rate, batch, ca2):
    """(accepted, throttled by the queue, throttled by the groups) of messages/s that are sent."""
    calls, over = quota(rate / batch, p.calls_per_s, ca2)
    by_group = 0.0
    if p.by_group != 0:
        each, over_each = quota(calls / p.message_groups, CALLS_PER_S, ca2)
        by_group = over_each * p.message_groups
        calls = each * p.message_groups
    return calls * batch, over * batch, by_group * batch


@compiled
def deduplicate(p, s, cells, t, dt, amount):
    """How many of `amount` messages have an id that was taken less than 5 minutes ago."""
    if p.deduplication_ids <= 0:
        return 0.0
    ring = s.seen[0]
    expire(part_of(cells, SEEN), ring, t + dt - DEDUPLICATION_S)
    new = min(amount, max(0.0, p.deduplication_ids - ring.total))
    push(part_of(cells, SEEN), ring, t, t + dt, new)
    return amount - new


@compiled
def ready(s, groups, batch, hold_s, dt, fresh, heads, flying, failed):
    """(messages that can be received in a tick, groups at work).

    `batch` messages of a group are received together and take `hold_s` to be deleted. `heads` came
    back and are the first of their groups, as are those `failed` that are still hidden: what is
    behind them waits. Of the rest, a group at work is followed by its next message at once.
    """
    places = groups * batch
    free = max(0.0, places - heads - failed)
    locked = groups - free / batch
    if free <= 0.0:
        return heads, groups
    waiting = fresh * free / places
    if hold_s <= 0.0:
        return heads + waiting, locked
    turns = dt / hold_s
    busy = _busy(s, (waiting + flying) / free, turns)
    give = min(waiting, max(0.0, busy * free * (1.0 + turns) - flying))
    return heads + give, locked + busy * free / batch


@compiled
def _busy(s, load, turns):
    """The probability that a group is at work, at a mean of `load` messages in it, of which it can
    finish `turns` in this tick.

    Mean and variance are followed from tick to tick, and the number is taken to be distributed as
    the negative binomial that has both: Rothkopf and Oren, A Closure Approximation for the
    Nonstationary M/M/s Queue, Management Science 25 (1979).
    """
    came = max(0.0, load - s.group_mean)
    excess = max(0.0, s.group_variance - s.group_mean)  # beyond that of chance arrivals
    low, high = 0.0, min(1.0, load / turns)
    busy = high
    idle = 1.0
    for _ in range(_STEPS):
        idle, slope = _idle(max(0.0, load - turns * busy), excess)
        over = busy - 1.0 + idle
        if over > 0.0:
            high = busy
        else:
            low = busy
        new = busy - over / (1.0 - turns * slope)
        if not low < new < high:
            new = 0.5 * (low + high)
        near = abs(new - busy) < 1e-10
        busy = new
        if near:
            break
    mean = max(0.0, load - turns * busy)
    falls = 2.0 * turns * mean * idle  # as fast as there is something to fall, in whole ticks
    spread = mean + excess
    left = spread / (spread + falls) if spread > 0.0 else 0.0
    variance = (s.group_variance + came + turns * busy) * left
    # half way to it (in logarithms) where a tick is long beside what it settles in
    s.group_variance = math.sqrt(variance * spread) if falls > spread else variance
    s.group_mean = mean
    return busy


@inlined
def _idle(mean, excess):
    """(probability of nothing in a group, its derivative by the mean)."""
    if excess <= 1e-9 * mean * mean or mean <= 0.0:
        idle = math.exp(-mean)
        return idle, -idle
    ratio = excess / mean
    log = math.log1p(ratio)
    idle = math.exp(-mean / ratio * log)
    return idle, idle * (1.0 / (1.0 + ratio) - 2.0 / ratio * log)
