"""Attempts: what a caller makes of its calls over one link, and of the answers to them.

Forward, the fresh calls of a tick and the retries that are due become attempts; backward, the
callee's present answers decide how they end.  Those that fail and may be tried again wait in delay
lines, one for each attempt.  Work that a caller has given up on stays at the callee.

Calls + waiting = answered + failed for good + waiting', to rounding, in each tick.
"""

from __future__ import annotations

import math

import numpy as np
from numba import carray

from sandbox.engine.faults import met
from sandbox.engine.notes import (
    BREAKER_CLOSES,
    BREAKER_OPENS,
    IN_TIME_AGAIN,
    QUOTA_BACK,
    QUOTA_EMPTY,
    TOO_LATE,
    note,
)
from sandbox.kernels.compiled import compiled
from sandbox.kernels.delay import following, pop, push
from sandbox.kernels.mixture import MIXTURE, add, clear, copy, shift, whole
from sandbox.kernels.quantile import within
from sandbox.services.attempts import FIRST_RETURN, RETRY_COST, TIMEOUT_COST
from sandbox.services.law import pointer

JITTERS = ("none", "full", "equal")
NONE, FULL, EQUAL = range(3)
CLOSED, OPEN, TRYING = range(3)
PARTS = 8  # into which a drawn pause is split
ALIKE = 1e-3  # a latency is composed anew when a part of it has moved by this share of itself
NOTED = 1e-3  # the share of calls from which timeouts are an event
CALM = 1e-6  # and from which they are over

GUARD = np.dtype(
    [
        # plan
        ("timeout_s", "f8"),
        ("network_s", "f8"),
        ("attempts", "i8"),
        ("backoff_s", "f8"),
        ("cap_s", "f8"),
        ("jitter", "i8"),
        ("quota", "f8"),
        ("breaker", "f8"),
        ("window_s", "f8"),
        ("volume", "f8"),
        ("open_s", "f8"),
        ("own_cache", "f8"),
        ("slots", "i8"),
        # state
        ("head", "i8"),
        ("tokens", "f8"),
        ("read_share", "f8"),
        ("breaker_state", "i8"),
        ("opened_until", "f8"),
        ("seen", "f8"),
        ("seen_bad", "f8"),
        ("waiting", "f8"),
        ("denying", "i8"),
        ("late", "i8"),
        ("cache", "f8"),  # share of reads that a cache answers: the caller's own, or one it asks
        # this tick: retries due; calls/s asked for, answered by the cache, not let through, retried
        ("due", "f8"),
        ("fresh", "f8"),
        ("cached", "f8"),
        ("blocked", "f8"),
        ("retried", "f8"),
        # and how they ended, calls/s
        ("answered", "f8"),
        ("throttled", "f8"),
        ("rejected", "f8"),
        ("failed", "f8"),
        ("timed_out", "f8"),
        # the latency of an attempt that is answered in time, and of a call that is answered at all;
        # the time a call takes, answered or not
        ("version", "i8"),
        ("in_time", "f8"),
        ("attempt", MIXTURE),
        ("answer", MIXTURE),
        ("held", MIXTURE),
        ("composed_of", "f8", (4,)),  # answered, retried, let through, hits, as last composed
    ],
    align=True,
)
_SIZE = GUARD.itemsize
_RARE = 1e-9
FLOAT = np.dtype("f8")


@compiled
def guard_of(link):
    """The guard of a link that has one."""
    return carray(pointer(link.guard), 1, GUARD)[0]


@compiled
def _line(link, g, k):
    """The delay line of attempt k, 1 being the first retry; line 0 holds the rates of attempts."""
    first = g.attempts if k > 0 else 0
    begin = first + (k - 1) * g.slots if k > 0 else 0
    return carray(pointer(link.guard + _SIZE + 8 * begin), g.slots if k > 0 else g.attempts, FLOAT)


# ---------------------------------------------------------------- forward


@compiled
def issue(link, dt, t):
    """Turn the link's fresh calls, and the retries that are due, into this tick's attempts."""
    g = guard_of(link)
    rates = _line(link, g, 0)
    g.fresh = link.reads + link.writes
    g.cached = g.cache * link.reads
    first = g.fresh - g.cached
    if first > 0.0:
        g.read_share = (link.reads - g.cached) / first
    rates[0] = first
    wanted = first
    g.due = 0.0
    for k in range(1, g.attempts):
        due = pop(_line(link, g, k), g.head)
        g.due += due
        rates[k] = due / dt
        wanted += rates[k]
    g.waiting -= g.due
    g.head = following(_line(link, g, 1), g.head) if g.attempts > 1 else 0
    through = _let_through(g, wanted * dt, t)
    g.blocked = wanted * (1.0 - through)
    for k in range(g.attempts):
        rates[k] *= through
    sent = wanted * through
    g.retried = sent - rates[0]
    link.reads = sent * g.read_share
    link.writes = sent - link.reads


@compiled
def ask_first(link, first):
    """Reads that hit in the cache that the caller asks before are not called for here; what the
    others get here is stored there."""
    g = guard_of(link)
    hit = g.cached / g.fresh if g.fresh > 0.0 else 0.0
    if hit < 1.0:
        first.fetched = min(1.0, max(0.0, (link.ok - hit) / (1.0 - hit)))
    g.cache = 1.0 - (1.0 - g.own_cache) * (1.0 - first.hits * first.ok)


@compiled
def _let_through(g, calls, t):
    """The share of calls that the circuit breaker lets through."""
    if g.breaker_state == CLOSED:
        return 1.0
    if t + 1e-9 < g.opened_until or calls <= 0.0:
        return 0.0
    g.breaker_state = TRYING
    return min(1.0, 1.0 / calls)


# ---------------------------------------------------------------- backward


@compiled
def meet(link, j, i, callee, callers, world, events):
    """End this tick's attempts by the callee's answers; whether the latency must be composed.

    Writes what a call over the link meets: `link.ok`, `throttled` …; `callers` shares the quota.
    """
    g = guard_of(link)
    dt = world.dt
    rates = _line(link, g, 0)
    if g.version != callee.version or g.network_s != link.network_s:
        g.version = callee.version
        g.network_s = link.network_s  # a fault may add to it
        _time(g, callee)
    shares = met(link, callee)
    ok = shares[0] * g.in_time
    late = shares[0] - ok
    bad = max(1.0 - ok, 0.0)
    sent = 0.0
    for k in range(g.attempts):
        sent += rates[k]
    callee.late += sent * late
    # the last attempts fail for good, the others as far as the quota goes
    last = rates[g.attempts - 1]
    again = (sent - last) * bad * _allow(g, rates, sent, last, ok, late, callers, dt)
    final = sent * bad - again
    allowed = again / ((sent - last) * bad) if (sent - last) * bad > 0.0 else 1.0
    pushed = 0.0
    for k in range(g.attempts - 1):
        n = rates[k] * bad * allowed * dt
        if n > 0.0:
            _wait(link, g, k + 1, n, late / bad, dt)
            pushed += n
    before = g.waiting + g.due
    g.waiting += pushed
    _book(g, ok, bad, late, shares, sent, final)
    ended = g.answered + g.throttled + g.rejected + g.failed + g.timed_out
    gap = abs(before + g.fresh * dt - ended * dt - g.waiting)
    error = gap / max(1e-3, before + g.fresh * dt)
    if error > world.balance_error or error != error:
        world.balance_error = error
        world.balance_node = i
    _watch(g, sent, bad, dt, world, events, i, j)
    _tell(g, sent, late, again, (sent - last) * bad, world, events, i, j)
    return _settled(link, g, rates, ok, bad, late, allowed, callee, shares)


@compiled
def _time(g, callee):
    """The share of answers in time, and their latency: with the network between."""
    if g.timeout_s < math.inf:
        g.in_time = within(g.attempt, callee.latency, max(g.timeout_s - g.network_s, 0.0))
        if g.network_s > g.timeout_s:  # however fast the callee is
            g.in_time = 0.0
    else:
        g.in_time = 1.0
        copy(g.attempt, callee.latency)
    shift(g.attempt, g.network_s)


@compiled
def _allow(g, rates, sent, last, ok, late, callers, dt):
    """The share of retries that the quota lets be; it is paid and refilled."""
    if g.quota == math.inf:
        return 1.0
    bad = 1.0 - ok
    most = g.quota * max(1.0, callers)
    each = RETRY_COST
    if bad > 0.0:
        each += (TIMEOUT_COST - RETRY_COST) * late / bad
    back = rates[0] * ok * FIRST_RETURN + (sent - rates[0]) * ok * RETRY_COST
    g.tokens = min(most, g.tokens + back * dt)
    price = (sent - last) * bad * each * dt
    if price <= 0.0:
        return 1.0
    share = min(1.0, g.tokens / price)
    g.tokens -= share * price
    return share


@compiled
def _wait(link, g, k, amount, late, dt):
    """Let failed attempts wait for attempt k: those too late have waited for the timeout before."""
    line = _line(link, g, k)
    pause = min(g.backoff_s * 2.0 ** (k - 1), g.cap_s)
    for which in range(2):
        part = amount * (late if which == 0 else 1.0 - late)
        if part <= 0.0:
            continue
        spent = g.timeout_s if which == 0 else g.network_s
        if g.jitter == NONE or pause <= 0.0:
            push(line, g.head, part, spent + pause - dt, dt)
            continue
        least = 0.5 * pause if g.jitter == EQUAL else 0.0
        for x in range(PARTS):
            drawn = least + (pause - least) * (x + 0.5) / PARTS
            push(line, g.head, part / PARTS, spent + drawn - dt, dt)


@compiled
def _book(g, ok, bad, late, shares, sent, final):
    """How the calls of this tick ended."""
    g.answered = sent * ok + g.cached
    part = final / bad if bad > 0.0 else 0.0
    g.throttled = part * shares[1]
    g.failed = part * shares[3]
    g.timed_out = part * (shares[4] + late)
    g.rejected = max(final - g.throttled - g.failed - g.timed_out, 0.0) + g.blocked


@compiled
def _watch(g, sent, bad, dt, world, events, i, j):
    """The circuit breaker counts, opens, tries and closes."""
    if g.breaker == math.inf:
        return
    if g.breaker_state == TRYING:
        if sent <= 0.0:
            return
        if bad < g.breaker:
            g.breaker_state = CLOSED
            g.seen = g.seen_bad = 0.0
            note(world, events, i, BREAKER_CLOSES, float(j), 0.0, 0.0, 0.0)
        else:
            g.breaker_state = OPEN
            g.opened_until = world.t + dt + g.open_s
        return
    fade = math.exp(-dt / g.window_s)
    g.seen = g.seen * fade + sent * dt
    g.seen_bad = g.seen_bad * fade + sent * bad * dt
    if g.breaker_state == CLOSED and g.seen >= g.volume and g.seen_bad > g.breaker * g.seen:
        g.breaker_state = OPEN
        g.opened_until = world.t + dt + g.open_s
        note(world, events, i, BREAKER_OPENS, float(j), g.open_s, g.seen_bad / g.seen, g.seen)


@compiled
def _tell(g, sent, late, again, wanted, world, events, i, j):
    """Timeouts, and a quota that denies retries, are events when they begin and end."""
    if g.late == 0 and late > NOTED and sent > 0.0:
        g.late = 1
        note(world, events, i, TOO_LATE, float(j), sent * late, sent, g.timeout_s)
    elif g.late == 1 and late < CALM:
        g.late = 0
        note(world, events, i, IN_TIME_AGAIN, float(j), 0.0, 0.0, g.timeout_s)
    if g.quota < math.inf:
        denied = wanted - again
        if g.denying == 0 and denied > NOTED * sent:
            g.denying = 1
            note(world, events, i, QUOTA_EMPTY, float(j), denied, wanted, 0.0)
        elif g.denying == 1 and g.tokens >= 0.5 * g.quota:
            g.denying = 0
            note(world, events, i, QUOTA_BACK, float(j), 0.0, 0.0, 0.0)


@compiled
def _settled(link, g, rates, ok, bad, late, allowed, callee, shares):
    """Write what a call meets; compose its latency anew where a part of that has moved."""
    again = bad * allowed
    series = 0.0
    power = 1.0
    for _ in range(g.attempts):
        series += power
        power *= again
    hit = g.cached / g.fresh if g.fresh > 0.0 else g.cache * g.read_share
    through = 1.0
    if g.breaker_state != CLOSED and g.blocked > 0.0:
        asked = g.blocked + rates[0] + g.retried
        through = 1.0 - g.blocked / asked
    asked = (1.0 - hit) * through
    answered = min(ok * series, 1.0)
    lost = asked * (1.0 - answered) / bad if bad > 0.0 else 0.0
    link_ok = hit + asked * answered
    throttled = lost * shares[1]
    failed = lost * shares[3]
    timed_out = lost * (shares[4] + late)
    rejected = max(1.0 - link_ok - throttled - failed - timed_out, 0.0)
    same = (
        link.ok == link_ok
        and link.throttled == throttled
        and link.rejected == rejected
        and link.failed == failed
        and link.timed_out == timed_out
    )
    link.ok, link.throttled, link.rejected = link_ok, throttled, rejected
    link.failed, link.timed_out = failed, timed_out
    retried = g.retried / rates[0] if rates[0] > 0.0 else 0.0
    seen = g.composed_of
    if (
        link.version == callee.version
        and abs(ok - seen[0]) <= ALIKE * bad + CALM
        and abs(retried - seen[1]) <= ALIKE * retried
        and abs(through - seen[2]) <= ALIKE
        and abs(hit - seen[3]) <= ALIKE * (1.0 - hit)
    ):
        return same
    link.version = callee.version
    seen[0], seen[1], seen[2], seen[3] = ok, retried, through, hit
    _latency(g, rates, ok, bad, late, again, hit, through)
    return False


@compiled
def _latency(g, rates, ok, bad, late, again, hit, through):
    """The latency of a call that is answered, and the time that any call takes.

    An answer to attempt k comes after k failures and pauses; those of this tick weigh as they are.
    """
    clear(g.answer)
    clear(g.held)
    add(g.answer, hit, 0.0, 0.0, 0.0)
    add(g.held, hit + (1.0 - hit) * (1.0 - through), 0.0, 0.0, 0.0)
    slow = late / bad if bad > 0.0 else 0.0
    slow_s = g.timeout_s if slow > 0.0 else 0.0
    gap = slow_s - g.network_s
    lost_m = g.network_s + slow * gap
    lost_v = slow * (1.0 - slow) * gap * gap
    lost_k = lost_v * (1.0 - 2.0 * slow) * gap
    total = 0.0
    for k in range(g.attempts):
        total += rates[k]
    m, v, third = 0.0, 0.0, 0.0  # of the time before the attempt
    pause = g.backoff_s
    alive = (1.0 - hit) * through
    for k in range(g.attempts):
        sent = alive
        if total > 0.0:
            sent = (1.0 - hit) * rates[k] / total
        for c in range(g.attempt.n):
            w = g.attempt.w[c]
            am, av, ak = g.attempt.m[c] + m, g.attempt.v[c] + v, g.attempt.k[c] + third
            add(g.answer, sent * w, am, av, ak)
            add(g.held, alive * ok * w, am, av, ak)
        m, v, third = m + lost_m, v + lost_v, third + lost_k
        ends = bad if k + 1 == g.attempts else bad - again
        add(g.held, alive * ends, m, v, third)
        alive *= again
        if alive <= _RARE and k > 0 and rates[k] <= _RARE * total:
            break
        length = min(pause, g.cap_s)
        least = 1.0 if g.jitter == NONE else (0.5 if g.jitter == EQUAL else 0.0)
        m += length * 0.5 * (1.0 + least)
        v += length * length * (1.0 - least) * (1.0 - least) / 12.0
        pause *= 2.0
    whole(g.answer)
    whole(g.held)
