"""An event source mapping: how Lambda polls a queue or a stream for a function."""

from __future__ import annotations

import math

from numba import carray
from pydantic import model_validator

from sandbox.kernels.compiled import inlined
from sandbox.services.contract import link_record
from sandbox.services.law import ERA_2020, pointer
from sandbox.services.params import Parameters, param

CREATE = "AWS Lambda API Reference: CreateEventSourceMapping"
SQS_SCALING = "AWS Lambda Developer Guide: Scaling behavior for SQS event source mappings"
PROVISIONED = "AWS Lambda API Reference: ProvisionedPollerConfig"
ERRORS = "AWS Lambda Developer Guide: Using Lambda with Kinesis, error handling"
FIRST_BATCHES = 5.0  # SQS_SCALING: concurrent batches to begin with
MORE_PER_MIN, MORE_PER_MIN_2020 = 300.0, 60.0  # SQS_SCALING, today's page and that of 2020
MOST_BATCHES, MOST_BATCHES_2020 = 1250.0, 1000.0  # SQS_SCALING, today's page and that of 2020
BATCH_KB = 6144.0  # AWS Lambda Developer Guide: Lambda quotas; the payload of an invocation
QUEUE_BATCH, STREAM_BATCH = 10.0, 100.0  # CREATE: the default batch size
NO_WINDOW_MOST = 10.0  # CREATE: messages of a queue in a batch without a batching window
LOWEST_POLLERS, HIGHEST_POLLERS = 2.0, 200.0  # PROVISIONED: the defaults of provisioned mode
PROVISIONED_PER_MIN = 1000.0  # SQS_SCALING: what provisioned mode adds in a minute
KINESIS_POLL_S = 1.0  # AWS Lambda Developer Guide: Using Lambda with Kinesis; a shard's polls
TABLE_POLL_S = 0.25  # AWS Lambda Developer Guide: Using Lambda with DynamoDB; four polls a second
STREAM = 8  # flag of nodes that keep a ledger for each consumer
BACK_OFF_S = 10.0  # for which a poller rests whose batch was throttled: assumption
RETREAT_S = 60.0  # pace at which throttled pollers back off: assumption
READY = 0.8  # share of the pollers that is busy when none is added or removed: assumption


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
    provisioned_pollers: bool = param(
        False,
        "Whether a queue has pollers of its own that wait ready: more from the first second, and "
        "up to 1,000 more a minute.",
        source=PROVISIONED,
        confidence="H",
    )
    minimum_pollers: int | None = param(
        None,
        "The fewest provisioned pollers; empty is 2.",
        ge=2,
        le=200,
        source=PROVISIONED,
        confidence="H",
    )
    maximum_pollers: int | None = param(
        None,
        "The most provisioned pollers; empty is 200.",
        ge=2,
        le=2000,
        source=PROVISIONED,
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
        source="AWS Lambda Developer Guide: Reporting batch item failures",
        confidence="H",
    )
    maximum_retry_attempts: int | None = param(
        None,
        "How often a failed batch of a stream is tried again before it is discarded; empty tries "
        "until the records expire.",
        ge=0,
        le=10_000,
        source=CREATE,
        confidence="H",
        group="Errors",
    )
    maximum_record_age_s: float | None = param(
        None,
        "Age from which records of a failing batch of a stream are discarded; empty is that at "
        "which the stream drops them.",
        unit="s",
        ge=60,
        le=604_800,
        source=CREATE,
        confidence="H",
        group="Errors",
    )
    bisect_batch_on_function_error: bool = param(
        False,
        "Whether a failed batch of a stream is cut in two and each half tried again, down to the "
        "record that fails.",
        source=CREATE,
        confidence="H",
        group="Errors",
    )
    stream_poison_share: float = param(
        0.0,
        "Share of a stream's records that the function can never process. Each holds up what is "
        "behind it in its shard. Those of a queue are a parameter of the queue.",
        unit="share",
        ge=0,
        le=1,
        group="Workload",
    )
    tumbling_window_s: float = param(
        0.0,
        "Length of the windows over which a function adds up the records of a stream, with one "
        "more invocation of each shard at the end of each; 0 is none.",
        unit="s",
        ge=0,
        le=900,
        source=CREATE,
        confidence="H",
    )
    concurrent_in_batch: bool = param(
        False,
        "Whether the function works on the messages of a batch at the same time: they then share "
        "the waiting time, not the CPU. Else one after the other.",
        group="Workload",
    )

    @model_validator(mode="after")
    def _pollers(self) -> EventSourceMapping:
        if self.provisioned_pollers and self.maximum_concurrency is not None:
            raise ValueError(
                "maximum_concurrency and provisioned_pollers exclude each other: leave one out"
            )
        least, most = (
            self.minimum_pollers or LOWEST_POLLERS,
            self.maximum_pollers or HIGHEST_POLLERS,
        )
        if least > most:
            raise ValueError(f"minimum_pollers is at most maximum_pollers, {most:,.0f} here")
        return self


MAPPING = link_record(EventSourceMapping)


@inlined
def mapping(link):
    """The parameters of an event source mapping."""
    return carray(pointer(link.p_target), 1, MAPPING)[0]


@inlined
def largest_batch(m, stream, kb):
    """Messages a batch can have, by number and by payload."""
    batch = float(m.batch_size)
    if batch < 0.0:
        batch = STREAM_BATCH if stream else QUEUE_BATCH
    if not stream and m.maximum_batching_window_s < 1.0:
        batch = min(batch, NO_WINDOW_MOST)
    if kb > 0.0:
        batch = min(batch, max(1.0, BATCH_KB / kb))
    return batch


@inlined
def fill(m, most, stream, rate, pollers, poll_s, room, dt, each_s, fixed_s):
    """Messages in a batch, on average.

    `rate` messages/s came, and there is `room` for so many more batches at the end of the tick. A
    batch of f takes `fixed_s` + f·`each_s`; it is no larger than it has to be for the pollers to
    keep up, which in the long run is rate·fixed_s / (pollers - rate·each_s). A batching window
    gathers what comes to a poller, a stream what comes between polls.
    """
    size = 1.0
    gather = m.maximum_batching_window_s
    if stream:
        size = rate * max(poll_s, gather) / max(pollers, 1.0)
    elif gather > 0.0:
        size = 1.0 + rate * gather / max(1.0, min(pollers, FIRST_BATCHES))
    size = max(size, 1.0)
    amount = rate * dt
    if amount > 0.0 and size < most:
        whole = amount / room if room > 0.0 else most  # of batches that last for the tick
        spare = room * dt - amount * each_s
        brief = max(size, amount * fixed_s / spare) if spare > 0.0 else math.inf
        if fixed_s + size * each_s >= dt or room <= 0.0:
            size = max(size, whole)
        elif fixed_s + brief * each_s <= dt:
            size = brief
        elif each_s > 0.0:
            size = max(size, whole, (dt - fixed_s) / each_s)
        else:
            size = most
    return min(size, most)


@inlined
def first_pollers(m):
    """(fewest, most) concurrent batches of a queue, before any quota of the era."""
    if m.provisioned_pollers:
        least = float(m.minimum_pollers) if m.minimum_pollers > 0 else LOWEST_POLLERS
        return least, float(m.maximum_pollers) if m.maximum_pollers > 0 else HIGHEST_POLLERS
    if m.maximum_concurrency > 0:
        most = float(m.maximum_concurrency)
        return min(FIRST_BATCHES, most), most
    return FIRST_BATCHES, math.inf


@inlined
def most_pollers(m, era):
    """The most concurrent batches of a queue that its mapping and the era allow."""
    _least, most = first_pollers(m)
    if m.provisioned_pollers:
        return most
    return min(most, MOST_BATCHES_2020 if era == ERA_2020 else MOST_BATCHES)


@inlined
def scale(m, pollers, busy, left_over, throttled, dt, era):
    """The concurrent batches of a queue's mapping in the next tick.

    More while messages remain, else as many as keep some free; throttled pollers back off towards
    what gets through.
    """
    least, _most = first_pollers(m)
    most = most_pollers(m, era)
    pace = (MORE_PER_MIN_2020 if era == ERA_2020 else MORE_PER_MIN) * dt / 60.0
    if m.provisioned_pollers:
        pace = PROVISIONED_PER_MIN * dt / 60.0
    if throttled:
        pollers += (max(busy, least) - pollers) * min(1.0, dt / RETREAT_S)
    elif left_over:
        pollers += pace
    else:
        pollers += min(max(busy / READY - pollers, -pace), pace)
    return min(max(pollers, least), most)
