"""SNS: a topic, which pushes each message to every subscription whose filter policy takes it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np
from pydantic import field_validator, model_validator

from sandbox.kernels.bucket import quota
from sandbox.kernels.compiled import compiled
from sandbox.services import _why_sns as why
from sandbox.services._deliveries import (
    CELLS,
    CLASSES,
    DEAD_LETTER,
    LINKS,
    Deliveries,
    Schedule,
    begin,
    cells_count,
    composition,
    dead_letters,
    output,
    phases,
    pushes,
    row,
    send,
    settle,
)
from sandbox.services._patterns import matches, parse
from sandbox.services._sns_notes import NOTES
from sandbox.services.contract import Cause, Metric, Port, Service, Setup
from sandbox.services.law import CONTROL
from sandbox.services.params import Parameters, code, param

QUOTAS = "AWS General Reference: Amazon SNS endpoints and quotas"
RETRIES = "Amazon SNS Developer Guide: Amazon SNS message delivery retries"
FILTERS = "Amazon SNS Developer Guide: Amazon SNS subscription filter policies"
LETTERS = "Amazon SNS Developer Guide: Amazon SNS dead-letter queues"
PRICING = "https://aws.amazon.com/sns/pricing/"
FAST = 30_000.0  # messages/s of an account in us-east-1; QUOTAS; H
MIDDLE, SLOW = 9_000.0, 1_500.0  # in us-west-2 and eu-west-1; in other large Regions; QUOTAS; H
REST = 300.0  # in all others; QUOTAS; H
FIFO_PER_S = 3_000.0  # messages/s of a FIFO topic; QUOTAS; H
FIFO_KB_PER_S = 20 * 1024.0  # QUOTAS; H
GROUP_PER_S = 300.0  # messages/s of a message group; QUOTAS; H
LARGEST_KB = 256.0  # QUOTAS; H
EMAIL_PER_S = 10.0  # messages/s of an email subscription; QUOTAS; H
SMS_PER_S = 20.0  # QUOTAS; H
UNIT_KB = 64.0  # each 64 KB of a publish is billed as a request; SNS pricing; H
PUBLISH_USD = 0.50e-6  # SNS pricing, us-east-1; H
FIFO_PUBLISH_USD, FIFO_PUBLISH_USD_GB = 0.30e-6, 0.017  # SNS pricing; H
FIFO_DELIVERY_USD, FIFO_DELIVERY_USD_GB = 0.01e-6, 0.001  # SNS pricing; H
HTTP_USD = 0.06e-5  # a delivery over HTTP or HTTPS; SNS pricing; H
EMAIL_USD = 2.00e-5  # SNS pricing; H
PUSH_USD = 0.50e-6  # mobile push; SNS pricing; H
FIREHOSE_USD = 0.19e-6  # SNS pricing; H
SMS_USD = 0.0075  # to a number in the US: assumption
PUBLISH_M, PUBLISH_V = 0.020, 0.01**2 / 12  # Publish takes 15 to 25 ms: assumption
KB_PER_GB = 1024.0 * 1024.0
SERVICES = phases(3, (2, 1.0, 1.0), (10, 1.0, 20.0), (100_000, 20.0, 20.0))  # RETRIES; H
PEOPLE = phases(0, (2, 10.0, 10.0), (10, 10.0, 600.0), (38, 600.0, 600.0))  # RETRIES; H
_MIDDLE = ("us-west-2", "eu-west-1")
_SLOW = (
    *("us-east-2", "us-west-1", "ap-south-1", "ap-northeast-1", "ap-northeast-2"),
    *("ap-southeast-1", "ap-southeast-2", "eu-central-1"),
)
AWS_TARGETS = ("sqs", "lambda_function", "firehose")


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


class Derived:
    per_s: float
    group_per_s: float
    dead_letter: int  # index of that port


class State(Deliveries):
    published: float
    publish_kb: float
    publish_usd: float


THROTTLED, TOO_LARGE, GROUP_THROTTLED = range(3)
FIFO = code(Params, "type", "fifo")
BY_GROUP = code(Params, "fifo_throughput_scope", "message_group")


@compiled
def step(p, s, io, cells, tick):
    """Take in what the quotas admit, and deliver it, in the same tick, to all that want it."""
    begin(s)
    offered = small = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        flow = link.reads + link.writes
        if link.mode == CONTROL or flow <= 0.0:
            continue
        offered += flow
        if link.kb > LARGEST_KB:
            io.loss[TOO_LARGE] += flow
        else:
            small += flow
    per_s = p.per_s
    if p.type == FIFO and p.fifo_throughput_scope != BY_GROUP:
        per_s = min(FIFO_PER_S, FIFO_KB_PER_S / max(io.kb, 1e-9))
    accepted, io.loss[THROTTLED] = quota(small, per_s, io.ca2)
    if p.type == FIFO and p.fifo_throughput_scope == BY_GROUP:
        groups = float(p.message_groups)
        each, over = quota(accepted / groups, GROUP_PER_S, io.ca2)
        io.loss[GROUP_THROTTLED] = over * groups
        accepted = each * groups
    s.published = io.done = accepted
    s.publish_kb = io.kb if accepted > 0.0 else 0.0
    io.svc_m, io.svc_v = PUBLISH_M, PUBLISH_V
    fifo_gb = io.kb / KB_PER_GB
    for j in range(tick.out.shape[0]):
        if j >= LINKS or not pushes(tick.out[j], p.dead_letter):
            continue
        settle(s, cells, tick, j)
        passing = composition(io, tick, j)
        send(s, cells, tick, j, accepted * passing, passing, math.inf)
        s.filtered += accepted * max(0.0, 1.0 - passing)
    output(io)
    dead_letters(s, tick, p.dead_letter)
    io.lag = s.retrying
    io.lag_expired = s.discarded
    units = math.ceil(max(io.kb, 1e-9) / UNIT_KB)
    usd = accepted * units * PUBLISH_USD
    if p.type == FIFO:
        usd = accepted * (FIFO_PUBLISH_USD + fifo_gb * FIFO_PUBLISH_USD_GB)
        s.delivery_usd = s.delivered * (FIFO_DELIVERY_USD + fifo_gb * FIFO_DELIVERY_USD_GB)
    s.publish_usd = usd
    io.cost_per_hour = (usd + s.delivery_usd) * 3600.0


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    """The quota of the Region; the schedule, price and classes of each subscription."""
    region = setup.region
    record["per_s"] = (
        FAST
        if region == "us-east-1"
        else MIDDLE
        if region in _MIDDLE
        else SLOW
        if region in _SLOW
        else REST
    )
    record["dead_letter"] = PORTS.index("dead_letter")
    total = sum(c.share for c in setup.classes) or 1.0
    parts = [c.share / total for c in setup.classes] or [1.0]
    taken = route(params, setup)
    rows = []
    for j, link in enumerate(setup.outs[:LINKS]):
        schedule, cap, price = _endpoint(link)
        shares = np.array(parts[:CLASSES]) * taken[j][:CLASSES]
        given = link.params
        rows.append(
            row(
                schedule,
                cap=cap,
                redrive=bool(given.get("redrive")),
                trusted=link.service == "lambda_function",  # its queue takes all events
                price=price,
                shares=shares,
            )
        )
    return np.concatenate(rows) if rows else np.zeros(1)


def _endpoint(link: Any) -> tuple[Schedule, float, float]:
    """(schedule of retries, most messages a second, price of a delivery) of a subscription."""
    if link.service in AWS_TARGETS:
        return SERVICES, math.inf, FIREHOSE_USD if link.service == "firehose" else 0.0
    if link.port == "dead_letter":
        return Schedule((), 0.0, 0.0), math.inf, 0.0
    given = Subscription(**{name: link.params[name] for name in Subscription.model_fields})
    if given.protocol == "http":
        most = given.max_receives_per_s
        return http(given), math.inf if most is None else most, HTTP_USD
    return PEOPLE, *{
        "email": (EMAIL_PER_S, EMAIL_USD),
        "sms": (SMS_PER_S, SMS_USD),
        "mobile_push": (math.inf, PUSH_USD),
    }[given.protocol]


def route(params: Params, setup: Setup) -> np.ndarray:
    """1 where a subscription's filter policy takes the attributes of a class."""
    taken = np.ones((len(setup.outs), max(1, len(setup.classes))))
    for j, link in enumerate(setup.outs):
        policy = parse(str(link.params.get("filter_policy") or ""))
        if policy:
            events = [dict(c.attributes) for c in setup.classes] or [{}]
            taken[j] = [float(matches(policy, event)) for event in events]
    return taken


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    return list(_warnings(params, setup))


def _warnings(params: Params, setup: Setup) -> Iterator[tuple[float, str, str]]:
    fifo = params.type == "fifo"
    if fifo and setup.era == "2020":
        yield 0.0, "not_in_era", "FIFO topics came in October 2020; in 2020's era use standard"
    for link in setup.outs:
        if fifo and link.service != "sqs":
            text = f"a FIFO topic delivers to SQS queues only, not to {link.other}"
            yield 0.0, "protocol", text
        if link.params.get("redrive") and not any(o.port == "dead_letter" for o in setup.outs):
            text = f"what {link.other} refuses for good is lost: link a dead-letter queue"
            yield 0.0, "no_dead_letter_queue", text
    if len(setup.outs) > LINKS:
        yield 0.0, "quota", f"only the first {LINKS} subscriptions are delivered to"


PORTS = ("in", "subscriptions", "dead_letter")
SERVICE = Service(
    id="sns",
    title="SNS topic",
    category="integration",
    summary="Pushes each message to every subscription that wants it; keeps nothing.",
    params=Params,
    derived=Derived,
    state=State,
    cell=CELLS,
    cells_count=cells_count,
    ports=(
        Port("in", "in", "Messages published", modes=("sync", "async")),
        Port(
            "subscriptions",
            "out",
            "Subscriptions",
            modes=("async",),
            params={"async": Subscription},
        ),
        DEAD_LETTER,
    ),
    step=step,
    prepare=prepare,
    route=route,
    foretell=foretell,
    causes=(
        Cause("throttled", "publish_quota", "the account's messages a second are used up", QUOTAS),
        Cause("rejected", "too_large", "larger than a message may be (256 KB)", QUOTAS),
        Cause("throttled", "group_quota", "a message group takes 300 messages a second", QUOTAS),
    ),
    metrics=(
        Metric(
            "published",
            "1/s",
            "Messages published",
            "published",
            "NumberOfMessagesPublished",
            total=True,
        ),
        Metric(
            "delivered",
            "1/s",
            "Notifications delivered",
            "delivered",
            "NumberOfNotificationsDelivered",
            total=True,
        ),
        Metric(
            "delivery_failures",
            "1/s",
            "Attempts that failed",
            "failures",
            "NumberOfNotificationsFailed",
            total=True,
        ),
        Metric(
            "filtered_out",
            "1/s",
            "Notifications filtered out",
            "filtered",
            "NumberOfNotificationsFilteredOut",
            total=True,
        ),
        Metric(
            "redriven",
            "1/s",
            "Moved to the dead-letter queue",
            "redriven",
            "NumberOfNotificationsRedrivenToDlq",
            total=True,
        ),
        Metric("discarded", "1/s", "Given up and lost", "discarded", total=True),
        Metric("retrying", "", "Notifications waiting to be tried again", "retrying"),
        Metric("publish_kb", "KB", "Size of a message", "publish_kb", "PublishSize"),
    ),
    headline="published",
    stream=True,
    notes=NOTES,
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
)
