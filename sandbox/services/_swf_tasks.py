"""Tasks of an SWF domain: taken by workers, answered, given up by timeouts."""

from __future__ import annotations

from sandbox.kernels.cohort import expire, place, push, take
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services._swf_state import (
    KINDS,
    NEVER,
    NOTHING,
    STARTED,
    STUCK,
    WAITING,
    part_of,
)


@inlined
def given(seconds):
    """A timeout, where NONE never ends."""
    return seconds if seconds == seconds else NEVER


@compiled
def shrink(cells, ring, share):
    """Remove a share of all cohorts; the amount."""
    gone = ring.total * share
    if share >= 1.0:  # empty cohorts would stand in the way of those who take the oldest
        ring.count = 0
        ring.total = 0.0
        return gone
    for i in range(ring.count):
        cells[place(ring.head, i, cells.size)].amount *= 1.0 - share
    ring.total -= gone
    return gone


@compiled
def take_oldest(cells, ring, amount):
    """Remove so much, the oldest first; the amount."""
    gone = 0.0
    while gone < amount:
        piece, _t0, _t1, _mark = take(cells, ring, amount - gone)
        if piece <= 0.0:
            break
        gone += piece
    return gone


@compiled
def ripe(cells, ring, before_s):
    """The amount that has waited since before this time."""
    amount = ring.total
    for x in range(ring.count):
        one = cells[place(ring.head, ring.count - 1 - x, cells.size)]
        if one.t1 <= before_s:
            break
        young = 1.0
        if one.t0 < before_s and one.t1 > one.t0:
            young = (one.t1 - before_s) / (one.t1 - one.t0)
        amount -= one.amount * young
    return max(0.0, amount)


@compiled
def hand_out(s, cells, tick, q, amount):
    """Workers take so many tasks; the seconds they had waited, added up."""
    waiting, started = s.rings[3 * q + WAITING], s.rings[3 * q + STARTED]
    ours = part_of(cells, 3 * q + WAITING)
    middle = tick.t + 0.5 * tick.dt
    left, waited, taken = amount, 0.0, 0.0
    while left > 0.0:
        piece, t0, t1, _mark = take(ours, waiting, left)
        if piece <= 0.0:
            break
        left -= piece
        taken += piece
        waited += piece * max(0.0, middle - 0.5 * (t0 + t1))
    push(part_of(cells, 3 * q + STARTED), started, tick.t, tick.t + tick.dt, taken)
    return waited


@compiled
def answered(s, cells, q, done, failed, lost, cv2, limit_s, heartbeat_s, stuck_too, now):
    """What workers say of their tasks: (done, failed, lost) of those that somebody still waits for.

    Tasks end in the order they were taken, or at random, or in between, as their work varies.
    `lost` ones, and failed ones too if `stuck_too`, are STUCK until a timeout.
    """
    ended = done + failed + lost
    ring = s.rings[3 * q + STARTED]
    total = ring.total + s.late[q]
    if ended <= 0.0 or total <= 0.0:
        return 0.0, 0.0, 0.0
    random = min(1.0, cv2)
    ended = min(ended, total)
    late = random * ended * s.late[q] / total + (1.0 - random) * min(s.late[q], ended)
    late = min(max(late, ended - ring.total), s.late[q])
    s.late[q] -= late
    keep = (ended - late) / (done + failed + lost)
    done, failed, lost = done * keep, failed * keep, lost * keep
    stuck = lost + (failed if stuck_too else 0.0)
    _end(s, cells, q, done + failed + lost, stuck, random, limit_s, heartbeat_s, now)
    return done, failed, lost


@compiled
def _end(s, cells, q, amount, stuck, random, limit_s, heartbeat_s, now):
    ring = s.rings[3 * q + STARTED]
    ours = part_of(cells, 3 * q + STARTED)
    if amount <= 0.0 or ring.total <= 0.0:
        return
    bury = stuck / amount
    amount = min(amount, ring.total)
    share = random * amount / ring.total
    left = (1.0 - random) * amount
    if share > 0.0:
        for i in range(ring.count):
            one = ours[place(ring.head, i, ours.size)]
            _bury(s, cells, q, one.t0, one.t1, one.amount * share * bury, limit_s, heartbeat_s, now)
        shrink(ours, ring, share)
    while left > 0.0:
        piece, t0, t1, _mark = take(ours, ring, left)
        if piece <= 0.0:
            break
        left -= piece
        _bury(s, cells, q, t0, t1, piece * bury, limit_s, heartbeat_s, now)


@inlined
def _bury(s, cells, q, t0, t1, amount, limit_s, heartbeat_s, now):
    """Put what nobody will answer to the time at which SWF notices."""
    if amount > 0.0:
        heard = now + heartbeat_s
        dead = s.rings[3 * q + STUCK]
        ours = part_of(cells, 3 * q + STUCK)
        push(ours, dead, min(t0 + limit_s, heard), min(t1 + limit_s, heard), amount)


@compiled
def overdue(s, cells, q, limit_s, now):
    """(in a worker's hands longer than it may, of those that nobody answers): amounts timed out."""
    late = 0.0
    if limit_s < NEVER:
        late = expire(part_of(cells, 3 * q + STARTED), s.rings[3 * q + STARTED], now - limit_s)
        s.late[q] += late
    stuck = expire(part_of(cells, 3 * q + STUCK), s.rings[3 * q + STUCK], now + 1e-9)
    return late, stuck


# ---------------------------------------------------------------- decision tasks


@compiled
def decide(s, kind, amount):
    """Schedule decision tasks of a kind; they reach the deciders in the next tick."""
    if amount > 0.0:
        s.want[kind] += amount
        s.fresh[0] += amount
        if kind < NOTHING:
            s.moving += amount


@compiled
def decisions_taken(s, amount, total):
    """Deciders take so many of the decision tasks that wait, of whatever kind."""
    if total > 0.0:
        share = min(1.0, amount / total)
        for k in range(KINDS):
            moved = s.want[k] * share
            s.want[k] -= moved
            s.have[k] += moved


@compiled
def decisions_again(s, amount):
    """Decision tasks that nobody answered in time are scheduled again."""
    total = 0.0
    for k in range(KINDS):
        total += s.have[k]
    if total <= 0.0 or amount <= 0.0:
        return
    share = min(1.0, amount / total)
    for k in range(KINDS):
        moved = s.have[k] * share
        s.have[k] -= moved
        decide(s, k, moved)


@compiled
def forget(s, cells, kind, share):
    """Drop a share of the decision tasks of a kind: their executions are closed."""
    waiting, at = s.want[kind] * share, s.have[kind] * share
    if waiting > 0.0:
        s.want[kind] -= waiting
        ring = s.rings[WAITING]
        fresh = min(s.fresh[0], waiting)  # those of this tick are not in the ring yet
        if ring.total > 0.0 and waiting > fresh:
            shrink(part_of(cells, WAITING), ring, min(1.0, (waiting - fresh) / ring.total))
        s.fresh[0] -= fresh
    if at > 0.0:
        s.have[kind] -= at
        held = s.rings[STARTED].total + s.rings[STUCK].total
        if held > 0.0:
            part = min(1.0, at / held)
            s.late[0] += shrink(part_of(cells, STARTED), s.rings[STARTED], part)
            shrink(part_of(cells, STUCK), s.rings[STUCK], part)
