"""The way back: how the answers of the callees become a node's own answer.

A request needs all of a node's callees, or, where the node balances, one of them.
"""

from __future__ import annotations

from sandbox.engine.attempts import ALIKE, guard_of, meet
from sandbox.engine.faults import met
from sandbox.engine.latencies import calls_over, compose_latency, next_stage
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services.law import (
    ASYNC,
    BALANCES,
    CAUSES,
    EXPIRED,
    FAILED,
    MOVED,
    REJECTED,
    SOURCE,
    SYNC,
    THROTTLED,
    TIMED_OUT,
    TRANSPARENT,
)

RARE = 1e-6  # a share of requests that no percentile shows


@inlined
def answer(io, i, nodes, links, scratch, lost, world, events):
    """Steps 4a to 4c for one node: ask the callees, compose, answer the callers.

    `down_*` are what the node's synchronous callees did to a request that the node passed on:
    shares answered, throttled, rejected, failed, timed out, and the time it is held by them.
    `ok` and `*_share` are what an attempt at this node meets. `lost` are its losses/s.
    """
    settled = _ask(io, i, nodes, links, world, events)
    if not settled:
        if io.flags & BALANCES:
            _outcome_of_one(io, links)
        else:
            _outcome_of_all(io, links)
    if settled and _alike(io):
        io.fresh = 0
    else:
        io.fresh = 1
        io.version += 1
        compose_latency(io, nodes, links, scratch)
    io.own_latency_mean = io.svc_m + io.wait_p * io.wait_m
    io.latency_mean = io.own_latency_mean + io.answer_m
    _outcomes(io, nodes, links, lost)


@inlined
def _ask(io, i, nodes, links, world, events):
    """Take the callees' answers; whether all are what they were when they were last composed."""
    settled = True
    balances = io.flags & BALANCES
    total = shares = 0.0
    if balances:
        total, shares = _passed_on(io, links)
    for j in range(io.out, io.out + io.out_n):
        link = links[j]
        if link.mode != SYNC:
            continue
        callee = nodes[link.target]
        part = link.calls * link.weight
        if balances:
            part = calls_over(link) / total if shares == 0.0 else link.share * link.weight / shares
            part *= 1.0 - io.absorbed
        if link.guard != 0:
            if not meet(link, j, i, callee, io.instances, world, events):
                settled = False
        else:
            ok, throttled, rejected, failed, timed_out = met(link, callee)
            if (
                link.version != callee.version
                or link.ok != ok
                or link.throttled != throttled
                or link.rejected != rejected
                or link.failed != failed
                or link.timed_out != timed_out
            ):
                settled = False
                link.version = callee.version
                link.ok = ok
                link.throttled = throttled
                link.rejected = rejected
                link.failed = failed
                link.timed_out = timed_out
        if not abs(link.part - part) <= 1e-12:
            settled = False
            link.part = part
    return settled


@inlined
def _passed_on(io, links):
    """What a balancer passes on to those it waits for: (calls/s, 0), or, while nobody asks,
    (0, the sum of shares), by which to foretell what a call would meet."""
    total = io.out_reads + io.out_writes
    asked = shares = 0.0
    for j in range(io.out, io.out + io.out_n):
        link = links[j]
        if link.mode == SYNC and link.spared >= 0:
            asked += calls_over(link)
            shares += link.share * link.weight
        elif link.mode == ASYNC:
            total -= link.reads + link.writes
    if asked > 1e-12:
        return max(asked, total), 0.0
    return 1.0, max(shares, 1e-300)


@inlined
def _alike(io):
    """Whether the node's own latency is what it was when it was last composed, or near enough."""
    seen = io.composed_of
    return (
        abs(io.svc_m - seen[0]) <= ALIKE * seen[0]
        and abs(io.svc_v - seen[1]) <= ALIKE * seen[1]
        and abs(io.wait_p - seen[2]) <= ALIKE * seen[2] + RARE
        and (
            io.wait_p <= RARE
            or (
                abs(io.wait_m - seen[3]) <= ALIKE * seen[3]
                and abs(io.wait_v - seen[4]) <= ALIKE * seen[4]
            )
        )
    )


@compiled
def _outcome_of_one(io, links):
    """What a balancer's targets do to a request: one of them gets it."""
    throttled = rejected = failed = timed_out = again = 0.0
    ok = shares = io.absorbed
    asked = False
    for j in range(io.out, io.out + io.out_n):
        link = links[j]
        if link.mode == SYNC and link.spared < 0:
            again += link.part
        elif link.mode == SYNC:
            asked = True
            p = link.part
            shares += p
            ok += p * link.ok
            throttled += p * link.throttled
            rejected += p * link.rejected
            failed += p * link.failed
            timed_out += p * link.timed_out
    if not asked or shares <= 0.0:
        ok = 1.0
    bad = throttled + rejected + failed + timed_out
    if again > 0.0 and bad > 0.0:
        # those that stand by have been asked for the failures of the last tick: of this tick's
        # as many are asked again, and their second answers count
        part = min(1.0, again / bad)
        throttled *= 1.0 - part
        rejected *= 1.0 - part
        failed *= 1.0 - part
        timed_out *= 1.0 - part
        for j in range(io.out, io.out + io.out_n):
            link = links[j]
            if link.mode == SYNC and link.spared < 0:
                p = part * bad * link.part / again
                ok += p * link.ok
                throttled += p * link.throttled
                rejected += p * link.rejected
                failed += p * link.failed
                timed_out += p * link.timed_out
    # what found no target at all (a class no rule routes) is rejected
    rejected += max(0.0, 1.0 - ok - throttled - rejected - failed - timed_out)
    io.down_ok, io.down_throttled, io.down_rejected = ok, throttled, rejected
    io.down_failed, io.down_timed_out = failed, timed_out


@compiled
def _outcome_of_all(io, links):
    """What callees in their stages do to a request, which needs them all."""
    ok = 1.0
    io.down_throttled = io.down_rejected = io.down_failed = io.down_timed_out = 0.0
    now = next_stage(io, links, -1)
    while now >= 0:
        before = ok
        for j in range(io.out, io.out + io.out_n):
            link = links[j]
            calls = link.part
            if link.mode != SYNC or link.stage != now or calls <= 0.0 or link.spared != 0:
                continue
            p = 1.0 - calls * (1.0 - link.ok) if calls <= 1.0 else link.ok**calls
            lost = 1.0 - link.ok
            if lost > 0.0:
                part = before * (1.0 - p) / lost
                io.down_throttled += part * link.throttled
                io.down_rejected += part * link.rejected
                io.down_failed += part * link.failed
                io.down_timed_out += part * link.timed_out
            ok *= p
        now = next_stage(io, links, now)
    io.down_ok = ok
    lost = io.down_throttled + io.down_rejected + io.down_failed + io.down_timed_out
    if lost > 0.0:  # parallel calls may fail together: the shares still add up to what is lost
        scale = (1.0 - ok) / lost
        io.down_throttled *= scale
        io.down_rejected *= scale
        io.down_failed *= scale
        io.down_timed_out *= scale


@inlined
def _outcomes(io, nodes, links, lost):
    """Where completions and losses go, and what a caller's attempt meets."""
    arrived = io.reads + io.writes
    lost_throttled = lost_rejected = lost_failed = lost_timed_out = 0.0
    refused_throttled = refused_rejected = refused_failed = 0.0
    io.expired = io.lag_expired
    for c in range(CAUSES if lost > 0.0 else 0):
        part = io.loss[c]
        kind = io.kinds[c]
        if part == 0.0 or kind == MOVED:
            continue
        refused = part if io.refusal[c] != 0 else 0.0
        if kind == THROTTLED:
            lost_throttled += part
            refused_throttled += refused
        elif kind == REJECTED:
            lost_rejected += part
            refused_rejected += refused
        elif kind == FAILED:
            lost_failed += part
            refused_failed += refused
        elif kind == TIMED_OUT:
            lost_timed_out += part
            refused_failed += refused  # who asked has an error for an answer
        elif kind == EXPIRED:
            io.expired += part
    throttled = rejected = failed = 0.0
    if arrived > 1e-12 and refused_throttled + refused_rejected + refused_failed > 0.0:
        # of what arrived, though failures may be of those who came before
        throttled = min(1.0, refused_throttled / arrived)
        rejected = min(1.0 - throttled, refused_rejected / arrived)
        failed = min(1.0 - throttled - rejected, refused_failed / arrived)
    taken = max(0.0, 1.0 - throttled - rejected - failed)
    io.ok = taken * io.down_ok
    io.served = io.done * io.down_ok
    passed = io.flags & (TRANSPARENT | SOURCE)
    if passed:
        io.throttled_share = throttled + taken * io.down_throttled
        io.rejected_share = rejected + taken * io.down_rejected
        io.failed_share = failed + taken * io.down_failed
        io.timed_out_share = taken * io.down_timed_out
        io.throttled = lost_throttled + io.done * io.down_throttled
        io.rejected = lost_rejected + io.done * io.down_rejected
        io.failed = lost_failed + io.done * io.down_failed
        io.timed_out = lost_timed_out + io.done * io.down_timed_out
    else:  # the caller of an application sees an error, whatever made it
        io.throttled_share = throttled
        io.rejected_share = rejected
        io.failed_share = failed + taken * (1.0 - io.down_ok)
        io.timed_out_share = 0.0
        io.throttled = lost_throttled
        io.rejected = lost_rejected
        io.failed = lost_failed + io.done * (1.0 - io.down_ok)
        io.timed_out = lost_timed_out
    if io.flags & SOURCE:
        _count_attempts(io, links)
    io.goodput = io.served
    if io.late > 0.0:  # by the timeouts of those who called in the last tick
        late = min(1.0, io.late / io.arrivals) if io.arrivals > 0.0 else 0.0
        io.goodput *= 1.0 - late
        io.late = 0.0
        if io.flags & TRANSPARENT:
            _pass_on_late(io, nodes, links, late)
    io.arrivals = arrived
    io.backlog = io.waiting + io.lag


@compiled
def _count_attempts(io, links):
    """What clients see: the calls that ended in this tick, whenever they began."""
    for j in range(io.out, io.out + io.out_n):
        link = links[j]
        if link.mode == SYNC and link.guard != 0:
            g = guard_of(link)
            io.served += g.answered - g.fresh * link.ok
            io.throttled += g.throttled - g.fresh * link.throttled
            io.rejected += g.rejected - g.fresh * link.rejected
            io.failed += g.failed - g.fresh * link.failed
            io.timed_out += g.timed_out - g.fresh * link.timed_out
    # of nothing at all the rounding may be left
    io.served, io.throttled = max(0.0, io.served), max(0.0, io.throttled)
    io.rejected, io.failed = max(0.0, io.rejected), max(0.0, io.failed)
    io.timed_out = max(0.0, io.timed_out)


@compiled
def _pass_on_late(io, nodes, links, late):
    """A caller that gave up on a balancer gave up on its target."""
    for j in range(io.out, io.out + io.out_n):
        if links[j].mode == SYNC:
            nodes[links[j].target].late += late * (links[j].reads + links[j].writes)
