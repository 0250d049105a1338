"""Latency along the way back: a node's own, and that of its synchronous callees, become one.

Calls one after the other add their cumulants, a call made with a probability is a branch, calls
of one stage in parallel end with the slowest, and a service that balances answers with the
mixture of its targets.

Where a caller guards its calls (timeouts, retries), the time until an answer differs from the time
that a request is held: the latter counts what was never answered, too.
"""

from __future__ import annotations

from sandbox.engine.attempts import guard_of
from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.mixture import (
    blend,
    clear,
    compose,
    copy,
    cumulants,
    halve,
    mean,
    parallel,
    repeat,
    respond,
    shift,
    single,
    whole,
)
from sandbox.services.law import BALANCES, SYNC

LONGEST = 1e6  # s of waiting for callees: longer than anybody would
NO_TIME = 1e-12  # s of it, far below which the powers of a time vanish


@inlined
def calls_over(link):
    """Calls/s that the node makes over a link, without those that it makes again."""
    return guard_of(link).fresh if link.guard != 0 else link.reads + link.writes


@compiled
def compose_latency(io, nodes, links, scratch):
    """Compose the node's latency, what its callees take (`down_m` …), and note of what."""
    seen = io.composed_of
    seen[0], seen[1] = io.svc_m, io.svc_v
    seen[2], seen[3], seen[4] = io.wait_p, io.wait_m, io.wait_v
    asked = 0
    last = 0
    guarded = False
    for j in range(io.out, io.out + io.out_n):
        if links[j].mode == SYNC:
            asked += 1
            last = j
            guarded |= links[j].guard != 0
    down = scratch[0]
    if asked == 0:
        single(down, 0.0)
        io.down_m = io.down_v = io.down_k = io.answer_m = 0.0
    else:
        alone = asked == 1 and _plain(io, links[last])
        held = guarded
        while True:  # once for the time that it is held, and once for the time until an answer
            _callees(io, nodes, links, down, scratch, last, alone, held)
            if held == guarded:
                io.down_m, io.down_v, io.down_k = cumulants(down)
            if not held:
                break
            held = False
        if io.down_m < NO_TIME:
            io.down_m = io.down_v = io.down_k = 0.0
        io.answer_m = mean(down)
    _respond(io, down, scratch[1])


@inlined
def _plain(io, link):
    """Whether all that goes on is one call to the one callee: its answer is the answer."""
    if io.absorbed > 0.0:
        return False
    if io.flags & BALANCES:
        gap = calls_over(link) - io.out_reads - io.out_writes
        return abs(gap) <= 1e-9 * (io.out_reads + io.out_writes)
    return link.calls * link.weight == 1.0


@compiled
def _callees(io, nodes, links, down, scratch, last, alone, held):
    """The latency of all callees together, or the time that a request is held by them."""
    if alone:
        _arrive(down, nodes[links[last].target], links[last], held)
    elif io.flags & BALANCES:
        _mixture(io, nodes, links, down, scratch[1], held)
    else:
        _sequence(io, nodes, links, down, scratch, held)


@compiled
def _mixture(io, nodes, links, down, spare, held):
    """Targets of a balancer: each request goes to one of them, or is answered at once."""
    clear(down)
    for j in range(io.out, io.out + io.out_n):
        link = links[j]
        if link.mode == SYNC and link.part > 0.0:
            _arrive(spare, nodes[link.target], link, held)
            blend(down, spare, link.part if held else link.part * link.ok)
    if io.absorbed > 0.0:
        single(spare, 0.0)
        blend(down, spare, io.absorbed)
    whole(down)


@compiled
def _sequence(io, nodes, links, down, scratch, held):
    """Callees in order of their stages; those of one stage in parallel."""
    stage, spare, other = scratch[1], scratch[2], scratch[3]
    single(down, 0.0)
    first = True
    now = next_stage(io, links, -1)
    while now >= 0:
        many = 0
        for j in range(io.out, io.out + io.out_n):
            link = links[j]
            if link.mode != SYNC or link.stage != now or link.part <= 0.0:
                continue
            many += 1
            _arrive(spare, nodes[link.target], link, held)
            if link.part != 1.0:
                repeat(other, spare, link.part)
                copy(spare, other)
            if many == 1:
                copy(stage, spare)
            else:
                parallel(other, stage, spare)
                copy(stage, other)
        if many == 0:
            pass
        elif first:
            copy(down, stage)
            first = False
        elif stage.n == 1:
            shift(down, stage.m[0], stage.v[0], stage.k[0])
        else:
            compose(other, down, stage)
            copy(down, other)
        now = next_stage(io, links, now)


@compiled
def next_stage(io, links, done):
    """The next stage above `done`, -1 after the last (few links: a search beats a sort)."""
    now = -1
    for j in range(io.out, io.out + io.out_n):
        s = links[j].stage
        if links[j].mode == SYNC and s > done and (now < 0 or s < now):
            now = s
    return now


@compiled
def _arrive(out, callee, link, held):
    """A callee's latency as its caller sees it: with the network, the attempts and the pauses."""
    if link.guard == 0:
        copy(out, callee.latency)
        if link.network_s > 0.0:
            shift(out, link.network_s)
    elif held:
        copy(out, guard_of(link).held)
    else:
        copy(out, guard_of(link).answer)


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
    if io.answer_m > LONGEST:  # a cycle without end: its latency is what is left of infinity
        single(mix, LONGEST)
        io.answer_m = LONGEST
    if io.down_m > LONGEST:
        io.down_m, io.down_v, io.down_k = LONGEST, 0.0, 0.0
