"""A topic before its first tick: its quota, the row of each subscription, what is odd."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from sandbox.services._deliveries import LINKS
from sandbox.services._delivery_policy import CLASSES, Schedule, phases, row
from sandbox.services._patterns import matches, parse
from sandbox.services._sns_params import Params, Subscription, http
from sandbox.services.contract import Setup

FAST = 30_000.0  # messages/s of an account in us-east-1; QUOTAS; H
MIDDLE, SLOW = 9_000.0, 1_500.0  # in us-west-2 and eu-west-1; in other large Regions; QUOTAS; H
REST = 300.0  # in all others; QUOTAS; H
EMAIL_PER_S = 10.0  # messages/s of an email subscription; QUOTAS; H
SMS_PER_S = 20.0  # QUOTAS; H
HTTP_USD = 0.06e-5  # a delivery over HTTP or HTTPS; SNS pricing; H
EMAIL_USD = 2.00e-5  # SNS pricing; H
PUSH_USD = 0.50e-6  # mobile push; SNS pricing; H
FIREHOSE_USD = 0.19e-6  # SNS pricing; H
SMS_USD = 0.0075  # to a number in the US: assumption
SERVICES = phases(3, (2, 1.0, 1.0), (10, 1.0, 20.0), (100_000, 20.0, 20.0))  # RETRIES; H
PEOPLE = phases(0, (2, 10.0, 10.0), (10, 10.0, 600.0), (38, 600.0, 600.0))  # RETRIES; H
_MIDDLE = ("us-west-2", "eu-west-1")
_SLOW = (
    *("us-east-2", "us-west-1", "ap-south-1", "ap-northeast-1", "ap-northeast-2"),
    *("ap-southeast-1", "ap-southeast-2", "eu-central-1"),
)
AWS_TARGETS = ("sqs", "lambda_function", "firehose")


class Derived:
    per_s: float
    group_per_s: float
    dead_letter: int  # index of that port


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
