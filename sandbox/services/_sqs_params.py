"""The parameters of a queue, and of how consumers ask it for messages."""

from __future__ import annotations

from typing import Literal

from sandbox.services._queue import poison
from sandbox.services.params import Parameters, param

ATTRIBUTES = "Amazon SQS API Reference, SetQueueAttributes"
QUOTAS = "Amazon SQS Developer Guide, message quotas"
DEAD_LETTERS = "Amazon SQS Developer Guide, dead-letter queues"
HIGH_THROUGHPUT = "Amazon SQS Developer Guide: High throughput for FIFO queues"
KEYS = "Amazon SQS Developer Guide: Key management (data key reuse period)"
LARGE = "Amazon SQS Developer Guide: Managing large messages with Amazon S3"
QUOTA_PAGE = "Amazon SQS Developer Guide: FIFO queue quotas"
POLLING = "Amazon SQS Developer Guide: Short and long polling"


class Params(Parameters):
    type: Literal["standard", "fifo"] = param(
        "standard",
        "A FIFO queue keeps the order within a message group, of which it hands out no more while "
        "messages of it are in flight, and takes each deduplication id once in 5 minutes.",
        source="Amazon SQS API Reference, CreateQueue: FifoQueue",
        confidence="H",
        basic=True,
    )
    visibility_timeout_s: float = param(
        30.0,
        "How long a received message stays hidden before it is delivered again.",
        unit="s",
        ge=0,
        le=43_200,
        source=ATTRIBUTES,
        confidence="H",
        basic=True,
    )
    message_retention_s: float = param(
        345_600.0,
        "How long a message is kept, from when it was sent.",
        unit="s",
        ge=60,
        le=1_209_600,
        source=ATTRIBUTES,
        confidence="H",
        basic=True,
    )
    delay_s: float = param(
        0.0,
        "How long a new message stays hidden.",
        unit="s",
        ge=0,
        le=900,
        source=ATTRIBUTES,
        confidence="H",
    )
    receive_wait_s: float = param(
        0.0,
        "How long a receive waits for a message (long polling); at 0 it comes back at once, empty "
        "if need be. A function always waits for 20 s.",
        unit="s",
        ge=0,
        le=20,
        source=ATTRIBUTES,
        confidence="H",
    )
    max_receive_count: int | None = param(
        None,
        "Receives after which a message that would be received again moves to the dead-letter "
        "queue. Needs a dead-letter link.",
        ge=1,
        le=1000,
        source=DEAD_LETTERS,
        confidence="M",
        basic=True,
    )
    message_groups: int = param(
        100,
        "Message groups that senders use evenly: so many messages or batches of a FIFO queue are "
        "worked on at once, at most. A standard queue does not heed them, and delivers out of "
        "order.",
        ge=1,
        le=10**9,
        group="FIFO",
    )
    high_throughput: bool = param(
        False,
        "High throughput (FIFO): deduplication and the limit of 300 calls/s count by message group "
        "instead of for the queue. Not in 2020.",
        source=HIGH_THROUGHPUT,
        confidence="H",
        group="FIFO",
    )
    deduplication_ids: int | None = param(
        None,
        "Different deduplication ids (or bodies) that senders use in turn (FIFO): one that was "
        "taken less than 5 minutes ago is swallowed. Empty: each message has an id of its own.",
        ge=1,
        le=10**12,
        group="FIFO",
    )
    sse_kms: bool = param(
        False,
        "Whether messages are encrypted with a key of KMS, whose calls cost.",
        source=KEYS,
        confidence="H",
        group="Encryption and size",
    )
    kms_data_key_reuse_s: float = param(
        300.0,
        "How long a data key is used before KMS is called again.",
        unit="s",
        ge=60,
        le=86_400,
        source=ATTRIBUTES,
        confidence="H",
        group="Encryption and size",
    )
    large_messages: Literal["refuse", "s3"] = param(
        "refuse",
        "What becomes of a message above the limit: refused, or kept in S3 by the extended client "
        "library (up to 2 GB), with a pointer to it in the queue.",
        source=LARGE,
        confidence="H",
        group="Encryption and size",
    )
    send_batch: float = param(
        1.0,
        "Messages that a SendMessageBatch holds on average; 1 is one call a message.",
        ge=1,
        le=10,
        source="Amazon SQS API Reference, SendMessageBatch",
        confidence="H",
        group="Workload",
    )
    poison_share: float = poison()


class Receiving(Parameters):
    """How a consumer asks for messages when there are none: parameters of the link to it."""

    pollers: int | None = param(
        None,
        "Receive calls that the consumer keeps open; empty is 5 for a function, one an instance "
        "for others.",
        ge=1,
        le=100_000,
        source="AWS Lambda Developer Guide: Scaling behavior for SQS event source mappings",
        confidence="H",
    )
    poll_interval_s: float = param(
        1.0,
        "Pause after an empty receive without long polling.",
        unit="s",
        gt=0,
        le=3600,
        source=POLLING,
    )


class MoveTask(Parameters):
    max_per_s: float = param(
        500.0,
        "Messages moved a second.",
        unit="1/s",
        ge=1,
        le=500,
        source="Amazon SQS API Reference, StartMessageMoveTask",
        confidence="H",
    )
