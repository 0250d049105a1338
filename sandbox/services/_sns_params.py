"""The parameters of a topic and of its subscriptions, with their retries."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import field_validator, model_validator

from sandbox.services._delivery_policy import Schedule
from sandbox.services._patterns import parse
from sandbox.services.params import Parameters, param

QUOTAS = "AWS General Reference: Amazon SNS endpoints and quotas"
RETRIES = "Amazon SNS Developer Guide: Amazon SNS message delivery retries"
FILTERS = "Amazon SNS Developer Guide: Amazon SNS subscription filter policies"
LETTERS = "Amazon SNS Developer Guide: Amazon SNS dead-letter queues"


class Params(Parameters):
    type: Literal["standard", "fifo"] = param(
        "standard",
        "A FIFO topic keeps the order within a message group, and delivers to SQS queues only. "
        "Not in 2020.",
        source="Amazon SNS Developer Guide: Message ordering and deduplication (FIFO topics)",
        confidence="H",
        basic=True,
    )
    message_groups: int = param(
        100,
        "Message groups that publishers use evenly (FIFO).",
        ge=1,
        le=10**9,
        group="FIFO",
    )
    fifo_throughput_scope: Literal["topic", "message_group"] = param(
        "topic",
        "Whether a FIFO topic's throughput is limited as a whole or by message group.",
        source=QUOTAS,
        confidence="H",
        group="FIFO",
    )


class Subscription(Parameters):
    """An endpoint that messages are delivered to."""

    protocol: Literal["http", "email", "sms", "mobile_push"] = param(
        "http",
        "How an endpoint outside AWS gets its messages. Queues, functions and delivery streams "
        "have protocols of their own.",
        source="Amazon SNS API Reference: Subscribe",
        confidence="H",
        basic=True,
    )
    filter_policy: str = param(
        "",
        'What the subscription takes, as JSON: {"type": ["order"]}. It is held against the '
        "attributes of the request classes. Empty takes all.",
        source=FILTERS,
        confidence="H",
        basic=True,
    )
    retries: int = param(
        3,
        "Retries over HTTP; other protocols have schedules of their own.",
        ge=0,
        le=100,
        source=RETRIES,
        confidence="H",
    )
    min_delay_s: float = param(
        20.0,
        "First delay between retries (HTTP).",
        unit="s",
        ge=1,
        le=3600,
        source=RETRIES,
        confidence="H",
    )
    max_delay_s: float = param(
        20.0,
        "Last delay between retries (HTTP).",
        unit="s",
        ge=1,
        le=3600,
        source=RETRIES,
        confidence="H",
    )
    backoff: Literal["linear", "arithmetic", "geometric", "exponential"] = param(
        "linear",
        "How the delays grow from the first to the last (HTTP).",
        source=RETRIES,
        confidence="H",
    )
    max_receives_per_s: float | None = param(
        None,
        "The most messages a second that the endpoint is sent (HTTP).",
        unit="1/s",
        gt=0,
        le=1e9,
        source=RETRIES,
        confidence="H",
    )
    redrive: bool = param(
        False,
        "Whether what is given up goes to the dead-letter queue of the topic's node, or is lost.",
        source=LETTERS,
        confidence="H",
    )

    @field_validator("filter_policy")
    @classmethod
    def _readable(cls, text: str) -> str:
        parse(text)
        return text

    @model_validator(mode="after")
    def _fits(self) -> Subscription:
        if self.min_delay_s > self.max_delay_s:
            raise ValueError(
                f"min_delay_s {self.min_delay_s:g} is above max_delay_s {self.max_delay_s:g}; "
                "raise one or lower the other"
            )
        if (end := http(self).end_s) > 3600.0:
            raise ValueError(f"all retries take {end:,.0f} s; they may take 3,600 s: lower one")
        return self


def http(params: Subscription) -> Schedule:
    """The retries of an HTTP endpoint."""
    n, first, last = params.retries, params.min_delay_s, params.max_delay_s
    ages: list[float] = []
    for k in range(n):
        part = k / (n - 1) if n > 1 else 0.0
        if params.backoff == "exponential":
            delay = first * (last / first) ** part
        elif params.backoff == "geometric":
            delay = first + (last - first) * (math.expm1(2.0 * part) / math.expm1(2.0))
        else:
            delay = first + (last - first) * part
        ages.append((ages[-1] if ages else 0.0) + delay)
    return Schedule(ages, 0.0, ages[-1] if ages else 0.0)
