"""What the decider schedules of its steps, as far as the tokens for its decisions go."""

from __future__ import annotations

from sandbox.kernels.bucket import token_bucket
from sandbox.kernels.cohort import push
from sandbox.kernels.compiled import compiled
from sandbox.services._swf_flow import ACTIVITY, CHILD, EXTERNAL, KIND_TOKENS, TIMER
from sandbox.services._swf_state import ONCE_MORE, STARTED, WAITING, part_of
from sandbox.services._swf_tasks import decide

ACTIVITY_BUCKET, ACTIVITY_PER_S = 1_000.0, 200.0  # SWF Developer Guide: Quotas; H
TIMER_BUCKET, TIMER_PER_S = 1_000.0, 200.0  # SWF Developer Guide: Quotas, StartTimer; H
CHILD_BUCKET, CHILD_PER_S = 500.0, 12.0  # … Quotas, StartChildWorkflowExecution; H
EXTERNAL_BUCKET, EXTERNAL_PER_S = 1_200.0, 120.0  # … Quotas, SignalExternalWorkflowExecution; H


@compiled
def schedule(p, s, cells, tick, now):
    """What the decider wants to schedule, as far as the tokens for its decisions go."""
    dt = tick.dt
    for kind in range(4):
        which = (ACTIVITY, TIMER, CHILD, EXTERNAL)[kind]
        depth = (ACTIVITY_BUCKET, TIMER_BUCKET, CHILD_BUCKET, EXTERNAL_BUCKET)[kind]
        refill = (ACTIVITY_PER_S, TIMER_PER_S, CHILD_PER_S, EXTERNAL_PER_S)[kind]
        rate = 0.0
        for i in range(p.steps_n):
            if p.steps[i].kind == which:
                rate += s.new[i] / dt
        _accepted, refused, left = token_bucket(
            s.tokens[KIND_TOKENS + kind], rate, refill, depth, dt, 1.0
        )
        s.tokens[KIND_TOKENS + kind] = left
        s.throttled_calls += refused * dt
        if refused > 0.0:
            for i in range(p.steps_n):
                if p.steps[i].kind == which:
                    back = s.new[i] * refused / rate
                    s.new[i] -= back
                    decide(s, ONCE_MORE + i, back)
    for i in range(p.steps_n):
        amount = s.new[i]
        s.new[i] = 0.0
        if amount <= 0.0:
            continue
        kind = p.steps[i].kind
        s.markers += amount * p.steps[i].markers
        if kind == ACTIVITY:
            s.scheduled += amount
        elif kind == TIMER:
            s.timers += amount
        elif kind == CHILD:
            s.children += amount
        elif kind == EXTERNAL:
            s.signals_sent += amount
        if p.sends_to[i] >= 0:
            s.to_send[i] += amount
        q = 1 + i
        if p.outside[i] != 0:
            ring = s.rings[3 * q + STARTED]
            push(part_of(cells, 3 * q + STARTED), ring, now - dt, now, amount)
            # of what lasts less than a tick, part is over by now
            if p.by_signal[i] == 0 and p.child_at[i] < 0:
                fixed = p.steps[i].duration_s * (1.0 - p.steps[i].duration_cv)
                s.fresh[q] = amount * max(0.0, 1.0 - fixed / dt)
        else:
            push(part_of(cells, 3 * q + WAITING), s.rings[3 * q + WAITING], now, now + dt, amount)
            s.fresh[q] += amount
