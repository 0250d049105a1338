"""An event source mapping: how Lambda polls a queue or a stream for a function.

Source of the numbers: AWS Lambda Developer Guide, "Configuring scaling behavior for SQS event
source mappings" and "Using AWS Lambda with Amazon Kinesis", in their versions of 2020 and 2026.
"""

from __future__ import annotations

from numba import carray

from sandbox.kernels.compiled import inlined
from sandbox.services.contract import link_record
from sandbox.services.law import ERA_2020, NODE, pointer
from sandbox.services.params import Parameters, param

CREATE = "AWS Lambda API Reference, CreateEventSourceMapping"
SQS_SCALING = "AWS Lambda Developer Guide, scaling behavior for SQS event source mappings"
FIRST_BATCHES = 5.0  # concurrent batches to begin with; H
MORE_PER_MIN, MORE_PER_MIN_2020 = 300.0, 60.0  # H
MOST_BATCHES, MOST_BATCHES_2020 = 1250.0, 1000.0  # H (another version of the page: 1,000 still)
POLL_S = 1.0  # a shard is polled once a second; H
BATCH_KB = 6144.0  # the payload of an invocation; AWS Lambda Developer Guide, quotas; H
NO_WINDOW_MOST = 10.0  # messages of a queue in a batch without a batching window; H
STREAM = 8  # flag of nodes that keep a ledger for each consumer
BACK_OFF_S = 10.0  # for which a poller rests whose batch was throttled: assumption
RETREAT_S = 60.0  # pace at which throttled pollers back off: assumption


class EventSourceMapping(Parameters):
    """How Lambda reads this queue or stream: parameters of the link to the function."""

    batch_size: int | None = param(
        None,
        "The most messages in a batch; empty takes 10 from a queue and 100 from a stream.",
        ge=1,
        le=10_000,
        source=CREATE,
        confidence="H",
        basic=True,
    )
    maximum_batching_window_s: float = param(
        0.0,
        "How long to gather messages for a batch; above 10 messages a queue needs 1 s.",
        unit="s",
        ge=0,
        le=300,
        source=CREATE,
        confidence="H",
    )
    maximum_concurrency: int | None = param(
        None,
        "The most batches of a queue that are worked on at once.",
        ge=2,
        le=1000,
        source=SQS_SCALING,
        confidence="H",
    )
    parallelization_factor: int = param(
        1,
        "Batches of each shard of a stream worked on at once.",
        ge=1,
        le=10,
        source=CREATE,
        confidence="H",
    )
    report_batch_item_failures: bool = param(
        False,
        "Whether only the messages that failed come back, rather than their whole batch.",
        source="AWS Lambda Developer Guide, partial batch responses",
        confidence="H",
    )
    concurrent_in_batch: bool = param(
        False,
        "Whether the function works on the messages of a batch at the same time: they then share "
        "the waiting time, not the CPU. Else one after the other.",
        group="Workload",
    )


MAPPING = link_record(EventSourceMapping)


@inlined
def mapping(link):
    """The parameters of an event source mapping."""
    return carray(pointer(link.p_target), 1, MAPPING)[0]


@inlined
def origin(link, tick):
    """The node that the link pulls from."""
    world = tick.world[0]
    return carray(pointer(world.nodes), world.nodes_n, NODE)[link.source]


@inlined
def largest_batch(m, stream, kb):
    """Messages a batch can have, by number and by payload."""
    batch = float(m.batch_size)
    if batch < 0.0:
        batch = 100.0 if stream else NO_WINDOW_MOST
    if not stream and m.maximum_batching_window_s < 1.0:
        batch = min(batch, NO_WINDOW_MOST)
    if kb > 0.0:
        batch = min(batch, max(1.0, BATCH_KB / kb))
    return batch


@inlined
def fill(m, batch, stream, rate, pollers, free, amount, each_s, fixed_s):
    """Messages in a batch, on average.

    `amount` messages came at `rate`, and `free` of the `pollers` could take them. A batch of f
    takes `fixed_s` + f·`each_s`; while all pollers are busy, so many messages gather that they can
    keep up. A batching window gathers what comes to a poller, a stream what comes between polls.
    """
    size = 1.0
    gather = m.maximum_batching_window_s
    if stream:
        size = rate * max(POLL_S, gather) / max(pollers, 1.0)
    elif gather > 0.0:
        size = 1.0 + rate * gather / max(1.0, min(pollers, FIRST_BATCHES))
    room = pollers - rate * each_s
    if fixed_s > 0.0:
        size = max(size, rate * fixed_s / room if room > 0.0 else batch)
    if free > 0.0:
        size = max(size, amount / free)
    return min(max(size, 1.0), batch)


@inlined
def scale(m, pollers, busy, left_over, throttled, dt, era):
    """The concurrent batches of a queue's mapping in the next tick.

    More while messages remain, fewer while they do not; throttled pollers back off towards what
    gets through.
    """
    most = MOST_BATCHES_2020 if era == ERA_2020 else MOST_BATCHES
    pace = (MORE_PER_MIN_2020 if era == ERA_2020 else MORE_PER_MIN) * dt / 60.0
    if m.maximum_concurrency > 0:
        most = float(m.maximum_concurrency)
    least = min(FIRST_BATCHES, most)
    if throttled:
        pollers += (max(busy, least) - pollers) * min(1.0, dt / RETREAT_S)
    elif left_over:
        pollers += pace
    elif busy < 0.8 * pollers:
        pollers -= min(pace, 0.5 * (pollers - busy))
    return min(max(pollers, least), most)
