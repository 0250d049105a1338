"""What a decider does before it schedules a failed task again: at once, or after a timer."""

from __future__ import annotations

from sandbox.kernels.cohort import push, take
from sandbox.kernels.compiled import compiled
from sandbox.services._swf_state import ONCE_MORE, PAUSES, part_of
from sandbox.services._swf_tasks import decide

# Amazon SWF API Reference, HistoryEvent: a timer started, fired, and the three of a decision
PAUSE_EVENTS = 5.0


@compiled
def again_at(p, s, cells, i, a, amount, now):
    """Tasks of step i are tried again, for attempt ``a``: at once, or when a timer has fired."""
    after = p.steps[i].retry_after_s
    if after > 0.0:
        push(part_of(cells, PAUSES + i), s.rings[PAUSES + i], now + after, now + after, amount, a)
        s.timers += amount
    else:
        s.tries[i, a] += amount
        s.new[i] += amount


@compiled
def fire(p, s, cells, now):
    """Timers fire that the decider has started before it schedules a task again."""
    for i in range(p.steps_n):
        ring = s.rings[PAUSES + i]
        ours = part_of(cells, PAUSES + i)
        while ring.total > 0.0 and ours[ring.head].t1 <= now:
            piece, _t0, _t1, a = take(ours, ring, ours[ring.head].amount)
            if piece <= 0.0:
                break
            s.tries[i, a] += piece
            decide(s, ONCE_MORE + i, piece)
