"""The event loop: every request, every hop, every attempt, in the order of time.

1. the next event is taken off a heap: an arrival, an attempt sent, an attempt that reaches its
   node, a processor or a server done, an attempt or a function timed out;
2. it may end a node's part in a request, or answer a call;
3. that goes up as far as it leads: to the next call, the next stage, the next attempt, or the
   caller's own end; and it frees servers, which take whoever waits first.

No ticks, no fluid, no formula of waiting: what comes out was counted.
"""

from __future__ import annotations

import math
from pathlib import Path

from numba import njit

from sandbox.engine.native import borrowed, use_cache
from sandbox.experiments.requests.draws import gap, service
from sandbox.experiments.requests.heap import pop, push
from sandbox.experiments.requests.records import (
    BALANCER,
    CUMULANTS,
    EQUAL_JITTER,
    FAILED,
    FULL_JITTER,
    FUNCTION,
    OK,
    POOLED,
    RANDOM,
    REJECTED,
    ROUND_ROBIN,
    SOURCE,
    STATION,
    TIMED_OUT,
)
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services.attempts import FIRST_RETURN, RETRY_COST, TIMEOUT_COST

use_cache(
    "requests", b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
)

ARRIVAL, SEND, REACH, PROCESSED, SERVED, LATE, TOO_LONG = range(7)  # kinds of events
REACHED, NO_ROOM = range(2)  # why the loop stops
MARGIN = 4096  # frames, calls and events that must be free before another event is taken
_SLOT, _STAMP = 4, 32  # bits of an event's word: its kind, then a slot, then a stamp
_STAMPS = (1 << 31) - 1


@njit(error_model="numpy", nogil=True, cache=True)
def advance(until, states, plan, pools, heap, log, rng):
    """Go on to the time `until`; REACHED, or NO_ROOM when a pool must grow first.

    `plan` is (nodes, links, amounts, groups, roots, class shares), `amounts[j, k]` being the calls
    over link j that a request of class k makes (or, where a node balances, the link's share);
    `pools` (frames, calls), `heap` (times, order, words), `log` (samples, spans).
    """
    states, plan, pools = borrowed((states,))[0], borrowed(plan), borrowed(pools)
    heap, log = borrowed(heap), borrowed(log)
    nodes, links, amounts, groups, roots, shares = plan
    frames, calls = pools
    times, order, words = heap
    samples, spans = log
    state = states[0]
    room = times.shape[0] - MARGIN
    most = samples.shape[0] - MARGIN
    while True:
        if (
            state.frames_left < MARGIN
            or state.calls_left < MARGIN
            or state.heap > room
            or state.samples > most
        ):
            return NO_ROOM
        if state.heap == 0 or times[0] > until:
            state.t = until
            return REACHED
        t = times[0]
        word = words[0]
        pop(state, times, order, words)
        state.t = t
        state.events += 1
        kind = word & ((1 << _SLOT) - 1)
        slot = (word >> _SLOT) & ((1 << (_STAMP - _SLOT)) - 1)
        stamp = word >> _STAMP
        own = -1  # a frame whose own part is done
        over = -1  # a frame that has ended
        answered = -1  # a call that has been answered
        outcome = OK
        cached = False

        if kind == ARRIVAL:
            root = roots[slot]
            i = _take_frame(state, frames)
            frame = frames[i]
            frame.root, frame.node = slot, root.node
            frame.call = -1
            frame.request_class = _chosen(rng, shares)
            frame.entered = t
            frame.span = -1
            if root.users == 0:
                push(state, times, order, words, t + gap(rng, 1.0 / root.rate, root.cv2), word)
            if root.background == 0:
                if state.traces < state.traces_most and state.spans < spans.shape[0] - MARGIN:
                    _trace(state, spans, frame, state.traces, -1, -1, 0, 0, t)
                    state.traces += 1
                    state.tracing += 1
                nodes[root.node].arrived += 1
                own = i
            else:
                over, outcome = _enter(i, t, state, nodes, groups, frames, times, order, words, rng)
        elif kind == SEND:
            call = calls[slot]
            if call.stamp != stamp:
                continue
            link = links[call.link]
            call.begun = t
            if call.attempt == 0 and link.hit > 0.0 and rng.random() < link.hit:
                answered, cached = slot, True
            else:
                if link.timeout_s < math.inf:
                    late = LATE | (slot << _SLOT) | (call.stamp << _STAMP)
                    push(state, times, order, words, t + link.timeout_s, late)
                reach = REACH | (slot << _SLOT) | (call.stamp << _STAMP)
                push(state, times, order, words, t + link.network_s, reach)
                continue
        elif kind == REACH:
            call = calls[slot]
            if call.stamp != stamp:
                continue
            parent = frames[call.frame]
            i = _take_frame(state, frames)
            frame = frames[i]
            frame.root, frame.node = parent.root, links[call.link].target
            frame.call = slot
            frame.request_class = parent.request_class
            frame.entered = t
            frame.span = -1
            call.child = i
            if parent.span >= 0 and state.spans < spans.shape[0] - 1:
                trace = spans[parent.span].trace
                _trace(
                    state, spans, frame, trace, parent.span, call.link, call.attempt, call.left,
                    call.begun,
                )  # fmt: skip
            over, outcome = _enter(i, t, state, nodes, groups, frames, times, order, words, rng)
        elif kind == PROCESSED:
            frame = frames[slot]
            node, group = nodes[frame.node], groups[frame.group]
            _touch(node, t)
            if group.cpu_head >= 0:
                i = group.cpu_head
                group.cpu_head = frames[i].next
                if group.cpu_head < 0:
                    group.cpu_tail = -1
                done = PROCESSED | (i << _SLOT)
                push(state, times, order, words, t + frames[i].service * node.cpu, done)
            else:
                group.idle += 1
                node.busy -= 1.0
            if frame.rest > 0.0:
                done = SERVED | (slot << _SLOT) | (frame.stamp << _STAMP)
                push(state, times, order, words, t + frame.rest, done)
            else:
                own = slot
        elif kind == SERVED:
            if frames[slot].stamp != stamp:
                continue  # a function that was cut off
            own = slot
        elif kind == LATE:
            if calls[slot].stamp != stamp:
                continue
            answered, outcome = slot, TIMED_OUT
            _abandon(calls[slot], t, frames, spans)
        else:  # a function lasts too long: it is ended, and whom it called is on its own
            frame = frames[slot]
            if frame.stamp != stamp:
                continue
            j = frame.calls
            while j >= 0:
                following = calls[j].next
                _abandon(calls[j], t, frames, spans)
                _give_call(state, calls, j)
                j = following
            frame.calls = -1
            over, outcome = slot, FAILED

        while True:
            if own >= 0:
                frame = frames[own]
                node = nodes[frame.node]
                frame.own_end = t
                if node.kind != SOURCE and (
                    node.holds == 0 or (node.kind != STATION and node.kind != FUNCTION)
                ):
                    _leave(frame, t, state, nodes, groups, frames, times, order, words, rng)
                sent = _call(own, t, state, nodes, links, amounts, frames, calls,
                             times, order, words, rng)  # fmt: skip
                if sent <= 0:
                    over, outcome = own, OK if sent == 0 else REJECTED
                own = -1
            elif over >= 0:
                frame = frames[over]
                node = nodes[frame.node]
                if node.kind == STATION or node.kind == FUNCTION:
                    if frame.group >= 0 and frame.own_end < 0.0:
                        frame.own_end = t  # cut off
                        _leave(frame, t, state, nodes, groups, frames, times, order, words, rng)
                    elif frame.group >= 0 and node.holds != 0:
                        _leave(frame, t, state, nodes, groups, frames, times, order, words, rng)
                if outcome == OK and frame.doomed != 0:
                    outcome = FAILED
                _record(state, node, samples, frame, outcome, t)
                if frame.span >= 0:
                    _end_span(spans[frame.span], frame, outcome, t)
                    if node.kind == SOURCE:
                        state.tracing -= 1
                root = roots[frame.root]
                if node.kind == SOURCE and root.users > 0:
                    again = ARRIVAL | (frame.root << _SLOT)
                    wait = root.think_s * rng.standard_exponential()
                    push(state, times, order, words, t + wait, again)
                answered = frame.call
                _give_frame(state, frames, over)
                over = -1
                if answered < 0:
                    break
            elif answered >= 0:
                call = calls[answered]
                call.child = -1
                call.stamp = (call.stamp + 1) & _STAMPS
                link = links[call.link]
                if outcome == OK:
                    if link.quota < math.inf and not cached:
                        back = FIRST_RETURN if call.attempt == 0 else RETRY_COST
                        link.tokens = min(link.quota, link.tokens + back)
                    cached = False
                    call.left -= 1
                    call.attempt = 0
                    if call.left > 0:
                        _send(state, times, order, words, t, answered, call)
                        break
                elif call.attempt + 1 < link.attempts and _may(link, outcome):
                    wait = _backoff(rng, link, call.attempt)
                    call.attempt += 1
                    _send(state, times, order, words, t + wait, answered, call)
                    break
                i = call.frame
                frame = frames[i]
                _unlink(frame, calls, answered)
                _give_call(state, calls, answered)
                answered = -1
                frame.pending -= 1
                if outcome != OK:
                    frame.outcome = outcome
                if frame.pending > 0:
                    break
                if frame.outcome != OK:
                    over = i
                    outcome = frame.outcome if nodes[frame.node].transparent != 0 else FAILED
                    continue
                sent = _call(i, t, state, nodes, links, amounts, frames, calls,
                             times, order, words, rng)  # fmt: skip
                if sent > 0:
                    break
                over, outcome = i, OK
            else:
                break


# ------------------------------------------------------------------ at a node


@compiled
def _enter(i, t, state, nodes, groups, frames, times, order, words, rng):
    """A request reaches a node: (the frame if it is refused at once, else -1; the outcome)."""
    frame = frames[i]
    node = nodes[frame.node]
    node.arrived += 1
    frame.own_end = -1.0
    drawn = rng.random()
    for outcome in range(1, 5):  # what the run refuses of what it does not simulate
        if drawn < node.refused[outcome]:
            frame.own_end = t
            return i, outcome
        drawn -= node.refused[outcome]
    if node.kind != STATION and node.kind != FUNCTION:
        _touch(node, t)
        node.in_system += 1.0
        done = SERVED | (i << _SLOT) | (frame.stamp << _STAMP)
        push(state, times, order, words, t + _own_time(node, rng), done)
        return -1, OK
    g = _server(node, groups, rng)
    group = groups[g]
    if group.free == 0 and node.places >= 0 and group.waiting >= node.places:
        frame.own_end = t
        return i, node.refusal
    _touch(node, t)
    node.in_system += 1.0
    frame.group = g
    group.outstanding += 1
    if group.free > 0:
        _begin(i, t, state, node, group, frames, times, order, words, rng)
    else:
        frame.next = -1
        if group.tail >= 0:
            frames[group.tail].next = i
        else:
            group.head = i
        group.tail = i
        group.waiting += 1
    return -1, OK


@inlined
def _own_time(node, rng):
    """The time of a node without servers: one case or the other."""
    if node.extra_p > 0.0 and rng.random() < node.extra_p:
        return service(rng, CUMULANTS, node.extra_mean, node.extra_variance, node.extra_third)
    return service(rng, node.shape, node.mean, node.variance, node.third)


@inlined
def _server(node, groups, rng):
    """The group of servers that takes a request."""
    first, count = node.group, node.groups
    if count == 1 or node.policy == POOLED:
        return first
    if node.policy == RANDOM:
        return first + min(int(rng.random() * count), count - 1)
    if node.policy == ROUND_ROBIN:
        node.turn += 1
        if node.turn >= count:
            node.turn = 0
        return first + node.turn
    # the fewest outstanding, looked for from anywhere, so that chance decides between equals
    start = min(int(rng.random() * count), count - 1)
    best = first + start
    for k in range(1, count):
        if groups[best].outstanding == 0:
            return best
        other = start + k
        if other >= count:
            other -= count
        if groups[first + other].outstanding < groups[best].outstanding:
            best = first + other
    return best


@compiled
def _begin(i, t, state, node, group, frames, times, order, words, rng):
    """A free server takes a request (`node` is touched)."""
    frame = frames[i]
    group.free -= 1
    drawn = service(rng, node.shape, node.mean, node.variance, node.third)
    extra = 0.0
    if node.kind == FUNCTION:
        if node.extra_p > 0.0 and rng.random() < node.extra_p:
            extra = service(rng, CUMULANTS, node.extra_mean, node.extra_variance, node.extra_third)
        if node.error > 0.0 and rng.random() < node.error:
            frame.doomed = 1
        if node.timeout_s < math.inf:
            late = TOO_LONG | (i << _SLOT) | (frame.stamp << _STAMP)
            push(state, times, order, words, t + extra + node.timeout_s, late)
    frame.service = drawn
    if group.processors > 0:
        frame.rest = drawn * (1.0 - node.cpu)
        if group.idle > 0:
            group.idle -= 1
            node.busy += 1.0
            done = PROCESSED | (i << _SLOT)
            push(state, times, order, words, t + drawn * node.cpu, done)
        else:
            frame.next = -1
            if group.cpu_tail >= 0:
                frames[group.cpu_tail].next = i
            else:
                group.cpu_head = i
            group.cpu_tail = i
        return
    node.busy += 1.0
    done = SERVED | (i << _SLOT) | (frame.stamp << _STAMP)
    push(state, times, order, words, t + extra + drawn, done)


@compiled
def _leave(frame, t, state, nodes, groups, frames, times, order, words, rng):
    """A request leaves the node's servers; whoever waits first is next."""
    node = nodes[frame.node]
    _touch(node, t)
    node.in_system -= 1.0
    if node.kind != STATION and node.kind != FUNCTION:
        return
    group = groups[frame.group]
    group.free += 1
    group.outstanding -= 1
    if group.processors == 0:
        node.busy -= 1.0
    if group.head >= 0:
        i = group.head
        group.head = frames[i].next
        if group.head < 0:
            group.tail = -1
        group.waiting -= 1
        _begin(i, t, state, node, group, frames, times, order, words, rng)


@compiled
def _call(i, t, state, nodes, links, amounts, frames, calls, times, order, words, rng):
    """Make the calls of the next stage: how many; 0 when there are none left, and -1 when a
    balancer knows nobody to ask."""
    frame = frames[i]
    node = nodes[frame.node]
    kind = frame.request_class
    if node.balances != 0:
        if frame.stage >= 0:
            return 0
        frame.stage = 0
        total = 0.0
        for j in range(node.link, node.link + node.links):
            total += amounts[j, kind]
        if total <= 0.0:
            return -1 if node.links > 0 or node.kind == BALANCER else 0
        drawn = rng.random() * total
        chosen = -1
        for j in range(node.link, node.link + node.links):
            if amounts[j, kind] > 0.0:
                chosen = j
                drawn -= amounts[j, kind]
                if drawn < 0.0:
                    break
        _open(state, times, order, words, t, i, frame, calls, chosen, 1)
        return 1
    while True:
        stage = -1
        for j in range(node.link, node.link + node.links):
            if links[j].stage > frame.stage and (stage < 0 or links[j].stage < stage):
                stage = links[j].stage
        if stage < 0:
            return 0
        frame.stage = stage
        sent = 0
        for j in range(node.link, node.link + node.links):
            if links[j].stage == stage:
                amount = amounts[j, kind]
                count = int(amount)
                if rng.random() < amount - count:
                    count += 1
                if count > 0:
                    _open(state, times, order, words, t, i, frame, calls, j, count)
                    sent += 1
        if sent > 0:
            return sent


@compiled
def _open(state, times, order, words, t, i, frame, calls, link, count):
    """Begin a call (or several, one after the other) over a link."""
    c = state.free_call
    call = calls[c]
    state.free_call = call.next
    state.calls_left -= 1
    call.frame, call.link, call.left = i, link, count
    call.attempt = 0
    call.child = -1
    call.next = frame.calls
    frame.calls = c
    frame.pending += 1
    _send(state, times, order, words, t, c, call)


@inlined
def _send(state, times, order, words, t, c, call):
    push(state, times, order, words, t, SEND | (c << _SLOT) | (call.stamp << _STAMP))


@inlined
def _may(link, outcome):
    """Whether the caller's retry quota has the tokens for another attempt; it pays them."""
    if link.quota == math.inf:
        return True
    price = TIMEOUT_COST if outcome == TIMED_OUT else RETRY_COST
    if link.tokens < price:
        return False
    link.tokens -= price
    return True


@inlined
def _backoff(rng, link, attempt):
    """Before the next attempt: doubling, with its jitter."""
    wait = min(link.backoff_s * 2.0**attempt, link.cap_s)
    if link.jitter == FULL_JITTER:
        return wait * rng.random()
    if link.jitter == EQUAL_JITTER:
        return 0.5 * wait * (1.0 + rng.random())
    return wait


@inlined
def _abandon(call, t, frames, spans):
    """Nobody waits for the answer any more; the work goes on."""
    if call.child >= 0:
        child = frames[call.child]
        child.call = -1
        if child.span >= 0:
            spans[child.span].abandoned = t
        call.child = -1


@inlined
def _unlink(frame, calls, c):
    if frame.calls == c:
        frame.calls = calls[c].next
        return
    j = frame.calls
    while calls[j].next != c:
        j = calls[j].next
    calls[j].next = calls[c].next


# ------------------------------------------------------------------ books


@inlined
def _touch(node, t):
    """Bring the time averages up to now."""
    passed = t - node.since
    node.area_system += node.in_system * passed
    node.area_busy += node.busy * passed
    node.since = t


@compiled
def _record(state, node, samples, frame, outcome, t):
    """A request ended at a node."""
    node.ended[outcome] += 1
    own = frame.own_end - frame.entered
    if node.kind == STATION and frame.group >= 0:
        wait = own - frame.service
        node.own += own
        node.served += 1
        if wait > 1e-12 * (1.0 + t):  # less is the rounding of times
            node.wait += wait
            node.waited += 1
    elif outcome == OK:
        node.own += own
        node.served += 1
    if outcome == OK and state.sampling != 0:
        sample = samples[state.samples]
        sample.node = frame.node
        sample.total = t - frame.entered
        sample.own = own
        state.samples += 1


@compiled
def _trace(state, spans, frame, trace, parent, link, attempt, call, begun):
    span = spans[state.spans]
    frame.span = state.spans
    state.spans += 1
    span.trace, span.parent = trace, parent
    span.node, span.link = frame.node, link
    span.attempt, span.call = attempt, call
    span.begun, span.entered = begun, frame.entered
    span.wait = 0.0
    span.own_end = span.end = math.inf
    span.outcome = OK
    span.abandoned = math.inf


@inlined
def _end_span(span, frame, outcome, t):
    span.own_end = frame.own_end
    span.end = t
    span.outcome = outcome
    if frame.group >= 0:
        span.wait = max(0.0, frame.own_end - frame.entered - frame.service)


@inlined
def _chosen(rng, shares):
    """A request class by its share."""
    count = shares.shape[0]
    if count == 1:
        return 0
    drawn = rng.random()
    for k in range(count - 1):
        drawn -= shares[k]
        if drawn < 0.0:
            return k
    return count - 1


# ------------------------------------------------------------------ pools


@inlined
def _take_frame(state, frames):
    i = state.free_frame
    frame = frames[i]
    state.free_frame = frame.next
    state.frames_left -= 1
    frame.group = frame.stage = frame.calls = -1
    frame.pending = frame.doomed = 0
    frame.outcome = OK
    frame.own_end = -1.0
    frame.service = frame.rest = 0.0
    return i


@inlined
def _give_frame(state, frames, i):
    frame = frames[i]
    frame.stamp = (frame.stamp + 1) & _STAMPS
    frame.next = state.free_frame
    state.free_frame = i
    state.frames_left += 1


@inlined
def _give_call(state, calls, c):
    call = calls[c]
    call.stamp = (call.stamp + 1) & _STAMPS
    call.next = state.free_call
    state.free_call = c
    state.calls_left += 1


def first_events(count: int) -> list[int]:
    """The words of the first arrival of each root."""
    return [ARRIVAL | (i << _SLOT) for i in range(count)]
