"""The way back: how the answers of the callees become a node's own answer and latency.

Calls one after the other add their cumulants, a call made with a probability is a branch, calls
of one stage in parallel end with the slowest, and a service that balances answers with the
mixture of its targets.
"""

from __future__ import annotations

from sandbox.engine.mix import add, blend, cumulants, empty, follow, normalise, reset, slower
from sandbox.kernels.compiled import compiled
from sandbox.services.law import (
    CAUSES,
    EXPIRED,
    FAILED,
    MOVED,
    REJECTED,
    SYNC,
    THROTTLED,
    TIMED_OUT,
)

BALANCES, TRANSPARENT, SOURCE, STREAM = 1, 2, 4, 8


@compiled
def answer(io, nodes, links, scratch):
    """Steps 4a to 4c for one node: ask the callees, compose, answer the callers.

    `down_*` are what the node's synchronous callees did to a request that the node passed on:
    shares answered, throttled, rejected, failed, timed out, and the latency of the answered.
    `ok` and `*_share` are what an attempt at this node meets.
    """
    for j in range(io.out, io.out + io.out_n):
        link = links[j]
        if link.mode == SYNC:
            callee = nodes[link.target]
            link.ok = callee.ok
            link.throttled = callee.throttled_share
            link.rejected = callee.rejected_share
            link.failed = callee.failed_share
            link.timed_out = callee.timed_out_share
    down = scratch[0]
    reset(down)
    io.down_ok = 1.0
    io.down_throttled = io.down_rejected = io.down_failed = io.down_timed_out = 0.0
    if io.flags & BALANCES:
        _mixture(io, nodes, links, down)
    else:
        _sequence(io, nodes, links, down, scratch[1], scratch[2])
    io.down_m, io.down_v, io.down_k = cumulants(down)
    _compose(io, down)
    _outcomes(io)


@compiled
def _mixture(io, nodes, links, down):
    """Targets of a balancer: each attempt goes to one of them."""
    total = 0.0
    for j in range(io.out, io.out + io.out_n):
        link = links[j]
        if link.mode == SYNC:
            total += link.reads + link.writes
    sent = io.out_reads + io.out_writes
    quiet = total <= 1e-12
    shares = 0.0
    if quiet:  # nobody asks: foretell by the shares what an attempt would meet
        for j in range(io.out, io.out + io.out_n):
            link = links[j]
            if link.mode == SYNC:
                shares += link.share * link.weight
        if shares <= 0.0:
            return
    ok = throttled = rejected = failed = timed_out = 0.0
    empty(down)
    for j in range(io.out, io.out + io.out_n):
        link = links[j]
        if link.mode != SYNC:
            continue
        flow = (link.reads + link.writes) / max(total, sent)
        p = link.share * link.weight / shares if quiet else flow
        ok += p * link.ok
        throttled += p * link.throttled
        rejected += p * link.rejected
        failed += p * link.failed
        timed_out += p * link.timed_out
        blend(down, p * link.ok, nodes[link.target].latency, link.network_s)
    normalise(down)
    # what found no target at all (a class no rule routes) is rejected
    rejected += max(0.0, 1.0 - ok - throttled - rejected - failed - timed_out)
    io.down_ok, io.down_throttled, io.down_rejected = ok, throttled, rejected
    io.down_failed, io.down_timed_out = failed, timed_out


@compiled
def _sequence(io, nodes, links, down, stage, spare):
    """Callees in order of their stages; those of one stage in parallel."""
    ok = 1.0
    done = -1
    while True:
        # the next stage above `done` (few links: a search beats a sort each tick)
        now = -1
        for j in range(io.out, io.out + io.out_n):
            s = links[j].stage
            if links[j].mode == SYNC and s > done and (now < 0 or s < now):
                now = s
        if now < 0:
            break
        done = now
        reset(stage)
        before = ok
        many = 0
        for j in range(io.out, io.out + io.out_n):
            link = links[j]
            if link.mode != SYNC or link.stage != now:
                continue
            calls = link.calls * link.weight
            if calls <= 0.0:
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
            many += 1
            callee = nodes[link.target].latency
            if many == 1:
                follow(stage, callee, calls, link.network_s, spare)
            else:
                slower(stage, callee, link.network_s)
        follow(down, stage, 1.0, 0.0, spare)
    io.down_ok = ok
    lost = io.down_throttled + io.down_rejected + io.down_failed + io.down_timed_out
    if lost > 0.0:  # parallel calls may fail together: the shares still add up to what is lost
        scale = (1.0 - ok) / lost
        io.down_throttled *= scale
        io.down_rejected *= scale
        io.down_failed *= scale
        io.down_timed_out *= scale


@compiled
def _compose(io, down):
    """The node's latency: its own service, perhaps a wait, then its callees."""
    mix = io.latency
    empty(mix)
    for i in range(down.n):
        _add_own(mix, io, down.w[i], down.m[i], down.v[i], down.k[i])
    normalise(mix)
    m, _v, _k = cumulants(mix)
    io.latency_mean = m
    io.own_latency_mean = io.svc_m + io.wait_p * io.wait_m


@compiled
def _add_own(mix, io, w, m, v, k):
    from_service = 1.0 - io.wait_p
    add(mix, w * from_service, m + io.svc_m, v + io.svc_v, k + io.svc_k)
    add(
        mix,
        w * io.wait_p,
        m + io.svc_m + io.wait_m,
        v + io.svc_v + io.wait_v,
        k + io.svc_k + io.wait_k,
    )


@compiled
def _outcomes(io):
    """Where completions and losses go, and what a caller's attempt meets."""
    arrived = io.reads + io.writes
    lost_throttled = lost_rejected = lost_failed = lost_timed_out = 0.0
    refused_throttled = refused_rejected = refused_failed = 0.0
    io.expired = io.lag_expired
    moved = 0.0
    for c in range(CAUSES):
        kind = io.kinds[c]
        if kind < 0:
            break
        lost = io.loss[c]
        if kind == THROTTLED:
            lost_throttled += lost
            refused_throttled += lost if io.refusal[c] != 0 else 0.0
        elif kind == REJECTED:
            lost_rejected += lost
            refused_rejected += lost if io.refusal[c] != 0 else 0.0
        elif kind == FAILED:
            lost_failed += lost
            refused_failed += lost if io.refusal[c] != 0 else 0.0
        elif kind == TIMED_OUT:
            lost_timed_out += lost
        elif kind == EXPIRED:
            io.expired += lost
        elif kind == MOVED:
            moved += lost
    if arrived > 1e-12:
        throttled = min(1.0, refused_throttled / arrived)
        rejected = min(1.0, refused_rejected / arrived)
        failed = min(1.0, refused_failed / arrived)
    else:
        throttled = rejected = failed = 0.0
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
    io.goodput = io.served
    io.arrivals = arrived
    io.backlog = io.waiting + io.lag
