"""What workers take from queues, streams and task lists, and what they tell them.

A worker asks only for what it has places for, so tasks wait where they come from.  Of a stream one
worker reads a shard at a time (its lease), so never more are at work than there are shards.
"""

from __future__ import annotations

from typing import Annotated

from sandbox.kernels.compiled import compiled, inlined
from sandbox.services.law import PULL, STREAM, node_of

PULLS = 16  # pull links; a further one is never polled
LOST, MEAN_S, CV2, FREE_PLACES = range(4)  # what a task list is told beside what every queue is
_FASTEST_S = 1e-4  # a task that takes no time takes this long: assumption
_A_TASK = 1e-3  # weight of a link on which nothing waits


class Pulls:
    level: Annotated[object, ("f8", (PULLS,))]  # tasks in hand, by pull link
    bad: Annotated[object, ("f8", (PULLS,))]  # of those, that cannot be processed
    places: Annotated[object, ("f8", (PULLS,))]
    orphaned: float  # share of the leases whose worker has stopped
    orphaned_until: float
    leases: float
    idle_workers: float  # beyond one a shard
    completed: float
    given_back: float
    lost: float
    read_again: float


@compiled
def work(p, s, io, tick, total, mean):
    """Work for a tick on all that is in hand, of `total` places; (worked off/s, amount in hand)."""
    dt = tick.dt
    took = max(mean, _FASTEST_S)
    k = 0
    out_all = in_hand = 0.0
    s.completed = s.given_back = s.lost = s.read_again = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode != PULL or k >= PULLS:
            continue
        stream = (node_of(tick, link.source).flags & STREAM) != 0
        link.signal[LOST] = 0.0
        link.returned = 0.0
        if s.stopped > 0.0:  # what they held is not heard of again
            gone = s.level[k] * s.stopped
            s.level[k] -= gone
            s.bad[k] *= 1.0 - s.stopped
            s.lost += gone / dt
            link.signal[LOST] = gone / dt
            link.returned = gone / dt
            if stream:  # half an interval has passed since the last checkpoint, in the mean
                again = s.stopped * link.completed * 0.5 * p.checkpoint_s
                s.read_again += gone / dt + again / dt
                link.returned += again / dt
        came = (link.reads + link.writes) * dt
        level = s.level[k] + came
        bad = s.bad[k] + came * link.failed
        out = min(level * dt / (took + dt), s.places[k] * dt / took) if total > 0.0 else 0.0
        fails = 0.0
        if level > 0.0:
            share = min(1.0, bad / level)  # but for rounding it is never more
            fails = share + (1.0 - share) * p.failure_share
            s.bad[k] = max(0.0, bad - out * share)
        good = out * (1.0 - fails) * io.down_ok
        s.level[k] = max(0.0, level - out)
        link.completed = good / dt
        link.returned += (out - good) / dt
        s.completed += good / dt
        s.given_back += (out - good) / dt
        out_all += out / dt
        in_hand += s.level[k]
        io.done += out * (1.0 - fails) / dt
        k += 1
    return out_all, in_hand


@compiled
def ask(p, s, tick, total, workers, mean, cv2):
    """Deal the places out, and ask for as much as they take in the next tick."""
    dt = tick.dt
    took = max(mean, _FASTEST_S)
    if tick.t + dt >= s.orphaned_until:
        s.orphaned = 0.0
    weights = 0.0
    s.leases = s.idle_workers = 0.0
    k = 0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode == PULL and k < PULLS:
            weights += _weight(s, link, tick, k)
            k += 1
    k = 0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode != PULL:
            continue
        if k >= PULLS:
            link.pull = 0.0
            continue
        origin = node_of(tick, link.source)
        places = total * _weight(s, link, tick, k) / weights
        if origin.flags & STREAM != 0:
            leases = origin.instances
            s.leases += leases
            s.idle_workers = max(s.idle_workers, workers - leases)
            places = min(places, leases * (1.0 - s.orphaned))
            link.rejected = s.orphaned  # shards that nobody reads meanwhile
        s.places[k] = max(places, 0.0)
        link.pull = max(0.0, places / took + (places - s.level[k]) / dt)
        link.weight = p.batches[k]
        link.signal[MEAN_S] = took
        link.signal[CV2] = cv2
        link.signal[FREE_PLACES] = max(0.0, places - s.level[k])
        k += 1


@inlined
def _weight(s, link, tick, k):
    """Places go where work is in hand or waits."""
    origin = node_of(tick, link.source)
    waiting = link.held if origin.flags & STREAM != 0 else origin.waiting
    return _A_TASK + s.level[k] + max(0.0, waiting)
