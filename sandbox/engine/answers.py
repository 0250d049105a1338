"""The way back: how the answers of the callees become a node's own answer and latency.

Calls one after the other add their cumulants, a call made with a probability is a branch, calls
of one stage in parallel end with the slowest, and a service that balances answers with the
mixture of its targets.
"""

from __future__ import annotations

from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.mixture import (
    blend,
    clear,
    compose,
    copy,
    cumulants,
    halve,
    parallel,
    repeat,
    respond,
    shift,
    single,
    weight,
)
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

LONGEST = 1e6  # s of waiting for callees: longer than anybody would
ALIKE = 1e-3  # a latency is composed anew when a part of it has moved by this share of itself
RARE = 1e-6  # a share of requests that no percentile shows
BALANCES, TRANSPARENT, SOURCE, STREAM = 1, 2, 4, 8


@inlined
def answer(io, nodes, links, scratch, lost):
    """Steps 4a to 4c for one node: ask the callees, compose, answer the callers.

    `down_*` are what the node's synchronous callees did to a request that the node passed on:
    shares answered, throttled, rejected, failed, timed out, and the latency of the answered.
    `ok` and `*_share` are what an attempt at this node meets. `lost` are its losses/s.
    """
    settled = _ask(io, nodes, links)
    if settled and _alike(io):
        io.fresh = 0
    else:
        io.fresh = 1
        io.version += 1
        _compose(io, nodes, links, scratch)
    io.own_latency_mean = io.svc_m + io.wait_p * io.wait_m
    io.latency_mean = io.own_latency_mean + io.down_m
    _outcomes(io, lost)


@inlined
def _ask(io, nodes, links):
    """Take the callees' answers; whether all are what they were when they were last composed."""
    settled = True
    total = 0.0
    if io.flags & BALANCES:
        total = io.out_reads + io.out_writes
    for j in range(io.out, io.out + io.out_n):
        link = links[j]
        if link.mode != SYNC:
            continue
        callee = nodes[link.target]
        part = link.calls * link.weight
        if io.flags & BALANCES:
            part = (link.reads + link.writes) / total if total > 0.0 else -1.0
        if (
            link.version != callee.version
            or link.ok != callee.ok
            or link.throttled != callee.throttled_share
            or link.rejected != callee.rejected_share
            or link.failed != callee.failed_share
            or link.timed_out != callee.timed_out_share
            or not abs(link.part - part) <= 1e-12
        ):
            settled = False
            link.version = callee.version
            link.part = part
            link.ok = callee.ok
            link.throttled = callee.throttled_share
            link.rejected = callee.rejected_share
            link.failed = callee.failed_share
            link.timed_out = callee.timed_out_share
    return settled


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
def _compose(io, nodes, links, scratch):
    seen = io.composed_of
    seen[0], seen[1] = io.svc_m, io.svc_v
    seen[2], seen[3], seen[4] = io.wait_p, io.wait_m, io.wait_v
    asked = 0
    last = 0
    for j in range(io.out, io.out + io.out_n):
        if links[j].mode == SYNC:
            asked += 1
            last = j
    down = scratch[0]
    if asked == 0:
        single(down, 0.0)
        io.down_ok = 1.0
        io.down_throttled = io.down_rejected = io.down_failed = io.down_timed_out = 0.0
        io.down_m = io.down_v = io.down_k = 0.0
    elif asked == 1 and _plain(io, links[last]):
        one = links[last]
        _arrive(down, nodes[one.target].latency, one.network_s)
        io.down_ok, io.down_throttled, io.down_rejected = one.ok, one.throttled, one.rejected
        io.down_failed, io.down_timed_out = one.failed, one.timed_out
        io.down_m, io.down_v, io.down_k = cumulants(down)
    else:
        single(down, 0.0)
        io.down_ok = 1.0
        io.down_throttled = io.down_rejected = io.down_failed = io.down_timed_out = 0.0
        if io.flags & BALANCES:
            _mixture(io, nodes, links, down, scratch[1])
        else:
            _sequence(io, nodes, links, down, scratch)
        io.down_m, io.down_v, io.down_k = cumulants(down)
    _respond(io, down, scratch[1])


@inlined
def _plain(io, link):
    """Whether all that goes on is one call to the one callee: its answer is the answer."""
    if io.flags & BALANCES:
        return abs(link.reads + link.writes - io.out_reads - io.out_writes) <= 1e-9 * link.reads
    return link.calls * link.weight == 1.0


@compiled
def _mixture(io, nodes, links, down, spare):
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
    clear(down)
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
        _arrive(spare, nodes[link.target].latency, link.network_s)
        blend(down, spare, p * link.ok)
    _whole(down)
    # what found no target at all (a class no rule routes) is rejected
    rejected += max(0.0, 1.0 - ok - throttled - rejected - failed - timed_out)
    io.down_ok, io.down_throttled, io.down_rejected = ok, throttled, rejected
    io.down_failed, io.down_timed_out = failed, timed_out


@compiled
def _sequence(io, nodes, links, down, scratch):
    """Callees in order of their stages; those of one stage in parallel."""
    stage, spare, other = scratch[1], scratch[2], scratch[3]
    ok = 1.0
    first = True
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
            _arrive(spare, nodes[link.target].latency, link.network_s)
            if calls != 1.0:
                repeat(other, spare, calls)
                copy(spare, other)
            if many == 1:
                copy(stage, spare)
            else:
                parallel(other, stage, spare)
                copy(stage, other)
        if many == 0:
            continue
        if first:
            copy(down, stage)
            first = False
        elif stage.n == 1:
            shift(down, stage.m[0], stage.v[0], stage.k[0])
        else:
            compose(other, down, stage)
            copy(down, other)
    io.down_ok = ok
    lost = io.down_throttled + io.down_rejected + io.down_failed + io.down_timed_out
    if lost > 0.0:  # parallel calls may fail together: the shares still add up to what is lost
        scale = (1.0 - ok) / lost
        io.down_throttled *= scale
        io.down_rejected *= scale
        io.down_failed *= scale
        io.down_timed_out *= scale


@compiled
def _arrive(out, latency, network_s):
    """A callee's latency as its caller sees it: with the network between them."""
    copy(out, latency)
    if network_s > 0.0:
        shift(out, network_s)


@compiled
def _whole(mix):
    """Make the weights sum to one; the mixture of nothing becomes no time at all."""
    total = weight(mix)
    if total <= 0.0:
        single(mix, 0.0)
        return
    for i in range(mix.n):
        mix.w[i] /= total


@compiled
def _respond(io, down, own):
    """The node's latency: its own service, perhaps a wait, then its callees."""
    mix = io.latency
    respond(own, io.svc_m, io.svc_v, io.svc_k, io.wait_p, io.wait_m, io.wait_v, io.wait_k)
    if own.n == 1:
        copy(mix, down)
        shift(mix, own.m[0], own.v[0], own.k[0])
    elif down.n == 1:
        copy(mix, own)
        shift(mix, down.m[0], down.v[0], down.k[0])
    else:
        if down.n > 2:
            halve(down)
        compose(mix, down, own)
    if io.down_m > LONGEST:  # a cycle without end: its latency is what is left of infinity
        single(mix, LONGEST)
        single(down, LONGEST)
        io.down_m, io.down_v, io.down_k = LONGEST, 0.0, 0.0


@inlined
def _outcomes(io, lost):
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
        elif kind == EXPIRED:
            io.expired += part
    throttled = rejected = failed = 0.0
    if arrived > 1e-12 and refused_throttled + refused_rejected + refused_failed > 0.0:
        throttled = min(1.0, refused_throttled / arrived)
        rejected = min(1.0, refused_rejected / arrived)
        failed = min(1.0, refused_failed / arrived)
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
