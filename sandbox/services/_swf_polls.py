"""Long polls: tasks that pools are given, and what pools answer."""

from __future__ import annotations

from sandbox.kernels.compiled import compiled, inlined
from sandbox.services._swf_flow import ACTIVITY_POLLS, DECISION_POLLS
from sandbox.services._swf_state import KINDS, LINKS, NEVER, STARTED, WAITING, part_of
from sandbox.services._swf_tasks import answered, decisions_taken, given, hand_out, ripe
from sandbox.services._worker_pool_pulls import CV2, FREE_PLACES, LOST, MEAN_S
from sandbox.services.law import PULL

POLL_S = 60.0  # Amazon SWF API Reference: PollForActivityTask, the long poll; H
POLLERS = 1_000.0  # Amazon SWF Developer Guide: Quotas, pollers of a task list; H
POLL_BUCKET, POLLS_PER_S = 2_000.0, 200.0  # Amazon SWF Developer Guide: Quotas, PollFor…Task; H
HAND_OVER_S = 0.05  # from scheduled to started, while a worker polls: assumption
DECISIONS = -1


@compiled
def hand_over(p, s, cells, tick):
    """Give the pools that poll what waits on their lists, as far as tokens for polls go."""
    s.polls_refused = 0.0
    for x in range(DECISIONS, p.lists):
        which = DECISION_POLLS if x == DECISIONS else ACTIVITY_POLLS
        _from_list(p, s, cells, tick, x, which)


@compiled
def _on_list(p, i, x):
    """Whether queue i is on list x."""
    if x == DECISIONS or i == 0:
        return x == DECISIONS and i == 0
    return p.list_of[i - 1] == x and p.outside[i - 1] == 0


@compiled
def _from_list(p, s, cells, tick, x, tokens):
    asked = free = 0.0
    for j in range(min(tick.out.size, LINKS)):
        link = tick.out[j]
        if link.mode == PULL and p.link_list[j] == x:
            link.reads = link.writes = link.failed = 0.0
            link.ok = 1.0
            asked += link.pull * tick.dt
            free += link.signal[FREE_PLACES] if link.pull > 0.0 else 0.0
    before = tick.t + tick.dt - HAND_OVER_S
    there = 0.0
    for q in range(p.steps_n + 1):
        if _on_list(p, q, x):
            there += ripe(part_of(cells, 3 * q + WAITING), s.rings[3 * q + WAITING], before)
    # pollers that find nothing ask again after a minute
    free *= max(0.0, 1.0 - there / asked) if asked > 0.0 else 0.0
    idle = min(free, POLLERS) / POLL_S * tick.dt
    amount = min(asked, there, s.tokens[tokens])
    s.tokens[tokens] -= amount
    s.polls_refused += max(0.0, min(asked, there) - amount) / tick.dt
    refused = max(0.0, idle - s.tokens[tokens])
    s.polls_refused += refused / tick.dt + max(0.0, free - POLLERS) / POLL_S
    s.tokens[tokens] -= idle - refused
    if amount <= 0.0:
        return
    for j in range(min(tick.out.size, LINKS)):
        link = tick.out[j]
        if link.mode == PULL and p.link_list[j] == x:
            link.writes = amount * link.pull / asked
    for q in range(p.steps_n + 1):
        if not _on_list(p, q, x):
            continue
        ring = s.rings[3 * q + WAITING]
        mine = amount * ripe(part_of(cells, 3 * q + WAITING), ring, before) / there
        if mine <= 0.0:
            continue
        total = ring.total
        waited = hand_out(s, cells, tick, q, mine) / mine
        if q == 0:
            decisions_taken(s, mine, total)
            s.decision_wait_s = waited
        else:
            s.waited[q - 1] = waited
            s.activity_wait_s = waited


@inlined
def limit_of(p, s, i):
    """How long a task of step i may be worked on, by start-to-close and what waiting left."""
    step = p.steps[i]
    return min(
        given(step.start_to_close_s), max(0.0, given(step.schedule_to_close_s) - s.waited[i])
    )


@compiled
def hear(p, s, cells, tick, now):
    """What pools completed, gave back, and lost in this tick."""
    for k in range(KINDS):
        s.decided[k] = 0.0
    for j in range(min(tick.out.size, LINKS)):
        link = tick.out[j]
        if link.mode != PULL:
            continue
        x = p.link_list[j]
        lost = link.signal[LOST] * tick.dt
        done = link.completed * tick.dt
        failed = max(0.0, link.returned * tick.dt - lost)
        cv2 = link.signal[CV2]
        if x == DECISIONS:
            limit = given(p.decision_timeout_s)
            done, failed, lost = answered(
                s, cells, 0, done, failed, lost, cv2, limit, NEVER, True, now
            )
            _decided(s, done)
            continue
        total = 0.0
        for i in range(p.steps_n):
            if _on_list(p, 1 + i, x):
                total += s.rings[3 * (1 + i) + STARTED].total + s.late[1 + i]
                s.work_s[i] = link.signal[MEAN_S]
                s.work_cv2[i] = cv2
        if total <= 0.0 or done + failed + lost <= 0.0:
            continue
        for i in range(p.steps_n):
            q = 1 + i
            if not _on_list(p, q, x):
                continue
            part = (s.rings[3 * q + STARTED].total + s.late[q]) / total
            good, bad, _lost = answered(
                s, cells, q, done * part, failed * part, lost * part, cv2,
                limit_of(p, s, i), given(p.steps[i].heartbeat_s), False, now,
            )  # fmt: skip
            s.won[i] += good
            s.missed[i] += bad
            s.activities_done += good
            s.activities_failed += bad


@compiled
def _decided(s, amount):
    """Decision tasks that were answered, of whatever kind."""
    total = 0.0
    for k in range(KINDS):
        total += s.have[k]
    s.decisions_done += amount
    if total <= 0.0:
        return
    share = min(1.0, amount / total)
    for k in range(KINDS):
        moved = s.have[k] * share
        s.decided[k] += moved
        s.have[k] -= moved
