"""The parameters of a broker: its size, its deployment, where it keeps messages, who sends."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from sandbox.services._queue import poison
from sandbox.services.params import Parameters, param

TYPES = "Amazon MQ Developer Guide: Broker instance types"
STORAGE = "Amazon MQ Developer Guide: Storage"
LIMITS = "Amazon MQ Developer Guide: Quotas in Amazon MQ"
ARCHITECTURE = "Amazon MQ Developer Guide: Amazon MQ broker architecture"
TOPICS = "Apache ActiveMQ documentation: How does a queue compare to a topic?"
PREFETCH = "Apache ActiveMQ documentation: What is the prefetch limit for?"
REDELIVERY = "Apache ActiveMQ documentation: Redelivery policy"
SIZES = ("mq.t3.micro", "mq.m5.large", "mq.m5.xlarge", "mq.m5.2xlarge", "mq.m5.4xlarge")


class Params(Parameters):
    broker_type: Literal[
        "mq.t3.micro", "mq.m5.large", "mq.m5.xlarge", "mq.m5.2xlarge", "mq.m5.4xlarge"
    ] = param(
        "mq.m5.large",
        "The size of the ActiveMQ broker.",
        source=TYPES,
        confidence="H",
        basic=True,
    )
    deployment: Literal["single", "active_standby"] = param(
        "active_standby",
        "One broker, or a second one in another zone that takes over. The standby does no work.",
        source=ARCHITECTURE,
        confidence="H",
        basic=True,
    )
    storage: Literal["efs", "ebs"] = param(
        "efs",
        "Where persistent messages are written: EFS in several zones, or EBS, which is faster, for "
        "a single m5 broker only.",
        source=STORAGE,
        confidence="H",
        basic=True,
    )
    destination: Literal["queue", "topic"] = param(
        "queue",
        "A queue hands each message to one consumer; a topic keeps a copy for each subscriber that "
        "is linked (a durable subscription), until that one acknowledges it.",
        source=TOPICS,
        confidence="M",
        basic=True,
    )
    persistent: bool = param(
        True,
        "Whether messages are written to storage before they are accepted; else they are in memory "
        "only, and lost with the broker.",
        source=STORAGE,
        confidence="H",
        basic=True,
    )
    producers: int = param(
        10,
        "Connections that send. Each is acknowledged message by message, so it has a rate of its "
        "own: 80/s on EFS, 500/s on EBS, 5,000/s in memory.",
        ge=1,
        le=100_000,
        source=STORAGE,
        confidence="H",
        basic=True,
    )
    consumers: int = param(
        10,
        "Connections that receive.",
        ge=1,
        le=100_000,
        group="Consumers",
    )
    prefetch: int = param(
        1000,
        "Messages that the broker pushes to a consumer ahead of its acknowledgements.",
        ge=1,
        le=32_766,
        source=PREFETCH,
        confidence="M",
        group="Consumers",
    )
    maximum_redeliveries: int = param(
        6,
        "Redeliveries after which a message moves to the broker's dead-letter queue.",
        ge=0,
        le=1000,
        source=REDELIVERY,
        confidence="M",
        group="Consumers",
    )
    redelivery_delay_s: float = param(
        1.0,
        "Delay before a message that failed is delivered again.",
        unit="s",
        ge=0,
        le=86_400,
        source=REDELIVERY,
        confidence="M",
        group="Consumers",
    )
    failover_s: float = param(
        45.0,
        "How long the standby takes to follow a broker that crashed: 30 to 60 s.",
        unit="s",
        ge=0,
        le=3600,
        confidence="L",
        group="Failures",
    )
    restart_s: float = param(
        300.0,
        "How long a broker that has no standby is away after a crash.",
        unit="s",
        ge=0,
        le=86_400,
        group="Failures",
    )
    other_gb: float = param(
        0.0,
        "Storage that other destinations of the broker use.",
        unit="GB",
        ge=0,
        le=200,
        group="Workload",
    )
    poison_share: float = poison()

    @model_validator(mode="after")
    def _fits(self) -> Params:
        if self.storage == "ebs" and self.deployment != "single":
            raise ValueError("EBS is for a single broker: take storage efs, or deployment single")
        if self.storage == "ebs" and self.broker_type == "mq.t3.micro":
            raise ValueError("EBS is for mq.m5 brokers: take storage efs, or a larger broker")
        return self
