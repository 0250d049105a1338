"""What a broker is before it runs: what its size, storage and connections come to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sandbox.services._mq_params import SIZES, Params
from sandbox.services._sqs_messages import LINKS
from sandbox.services.contract import Setup
from sandbox.services.params import NoArguments

MEMORY_PER_S = 5_000.0  # messages/s of a producer, 1 KB, in memory; Storage; H
EBS_PER_S = 500.0  # persistent; Storage; H
EFS_PER_S = 80.0  # persistent; Storage; H
MICRO_GB, OTHER_GB = 20.0, 200.0  # storage of a broker; Quotas in Amazon MQ; H
MICRO_CONNECTIONS, OTHER_CONNECTIONS = 300, 2_000  # a protocol; Quotas in Amazon MQ; H
SIZE_PER_S = (1_000.0, 5_000.0, 10_000.0, 20_000.0, 40_000.0)  # what the CPU bears: assumption
MICRO_USD = 0.027  # an hour, us-east-1; Amazon MQ pricing; L
LARGE_USD = 0.288  # an hour of mq.m5.large, larger ones in proportion; Amazon MQ pricing; H
EFS_USD, EBS_USD = 0.30, 0.10  # a GB-month; Amazon MQ pricing; H


class Derived:
    most_receives: int
    producer_per_s: float
    senders: float  # connections that send, of those the quota admits
    receivers: float
    broker_per_s: float
    limit_gb: float
    broker_usd: float
    gb_usd: float


def prepare(params: Params, record: Any, setup: Setup) -> None:
    """What the size, the storage and the quota of connections come to."""
    size = SIZES.index(params.broker_type)
    micro = size == 0
    ebs = params.storage == "ebs"
    record["most_receives"] = params.maximum_redeliveries + 1
    stored = EBS_PER_S if ebs else EFS_PER_S
    record["producer_per_s"] = stored if params.persistent else MEMORY_PER_S
    record["senders"], record["receivers"] = connected(params)
    record["broker_per_s"] = SIZE_PER_S[size]
    record["limit_gb"] = MICRO_GB if micro else OTHER_GB
    record["broker_usd"] = MICRO_USD if micro else LARGE_USD * 2.0 ** (size - 1)
    record["gb_usd"] = EBS_USD if ebs else EFS_USD


def connected(params: Params) -> tuple[int, int]:
    """(producers, consumers) that are connected: the quota holds for all together, each its part"""
    most = MICRO_CONNECTIONS if params.broker_type == "mq.t3.micro" else OTHER_CONNECTIONS
    asked = params.producers + params.consumers
    if asked <= most:
        return params.producers, params.consumers
    senders = min(most - 1, max(1, round(params.producers * most / asked)))
    return senders, most - senders


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    found = []
    senders, receivers = connected(params)
    if senders + receivers < params.producers + params.consumers:
        text = (
            f"{params.producers + params.consumers:,} connections are more than the "
            f"{senders + receivers:,} that a {params.broker_type} takes of one protocol: "
            f"{senders:,} producers and {receivers:,} consumers are connected"
        )
        found.append((0.0, "connections", text))
    if params.deployment == "single":
        text = "a single broker: when it stops, nobody sends or receives until it is back"
        found.append((0.0, "single", text))
    if params.destination == "topic" and not setup.outs:
        text = "nobody subscribes to the topic: what is sent to it is dropped"
        found.append((0.0, "no_subscriber", text))
    if params.destination == "topic" and len(setup.outs) > LINKS:
        found.append((0.0, "quota", f"only the first {LINKS} subscribers get messages"))
    return found


def reboot(record: Any, state: Any, cells: Any, args: NoArguments, t_s: float) -> str:
    state["reboot"] = 1.0
    return "reboots the broker; with a standby, that one takes over within seconds"
