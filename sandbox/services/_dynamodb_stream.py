"""The stream of a DynamoDB table: what was written, a shard for each partition, for 24 hours.

It is read as a Kinesis stream is (`_kinesis_readers`), and Lambda polls each shard four times a
second.  What a shard gives at most while a consumer catches up is taken from Kinesis, too.
"""

from __future__ import annotations

from typing import Annotated, Any

from sandbox.kernels.compiled import inlined
from sandbox.services._kinesis_readers import GET_S, POINTS, READERS, log, read
from sandbox.services.contract import Setup

LIMITS = "DynamoDB Developer Guide: Change data capture for DynamoDB Streams"
RETENTION_S = 86_400.0  # LIMITS: records are kept for 24 hours
SHARD_READERS = 2  # DynamoDB Developer Guide: Service, account, and table quotas
POLL_S = 0.25  # AWS Lambda Developer Guide: Using Lambda with DynamoDB; four polls a second


class Streaming:
    """Derived: how each consumer reads."""

    retention_s: float
    readers: int
    polls_refused: float
    fan_out: Annotated[object, ("i8", (READERS,))]
    delay_s: Annotated[object, ("f8", (READERS,))]
    poll_s: Annotated[object, ("f8", (READERS,))]


class Streamed:
    """What the state says of the log; the names are those of `_kinesis_readers`."""

    shards: int  # cells that are partitions
    half: int
    closed: int
    count: int
    oldest: float
    times: Annotated[object, ("f8", (POINTS,))]
    marks: Annotated[object, ("i8", (POINTS,))]
    again: Annotated[object, ("f8", (READERS,))]
    logged: float  # records/s when the log was last written
    iterator_age: float
    read_refused: float
    read_bytes: float
    polled_bytes: float
    entered: float


def readers(record: Any, setup: Setup) -> None:
    """Two may read a shard at once; more of them wait for their turn."""
    pulls = [out.mode == "pull" for out in setup.outs[:READERS]]
    count = sum(pulls)
    record["readers"] = count
    record["retention_s"] = RETENTION_S
    record["polls_refused"] = max(0, count - SHARD_READERS) / POLL_S
    for j, pull in enumerate(pulls):
        record["poll_s"][j] = POLL_S
        if pull:  # a poll finds what came since the last one: half an interval old in the mean
            record["delay_s"][j] = 0.5 * POLL_S * max(1.0, count / SHARD_READERS) + GET_S


@inlined
def follow(p, s, io, cells, tick, wrote, kb):
    """Log what was written and what TTL deleted, and let the consumers read."""
    through = 0.0
    for i in range(s.shards):
        through += cells[i].passed
    entered = wrote + s.ttl_deleted
    steady = entered == s.entered and s.shards == s.logged
    for i in range(s.shards):
        c = cells[i]
        part = c.passed / through if through > 0.0 else 0.0
        stored = c.gb / s.gb if s.gb > 0.0 else 0.0
        accepted = wrote * part + s.ttl_deleted * stored
        steady = steady and accepted == c.accepted
        c.accepted = accepted
        c.total += accepted * tick.dt
    s.entered, s.logged = entered, float(s.shards)
    log(p, s, cells, tick, steady)
    read(p, s, io, cells, tick, max(kb, 1e-3))
