"""The parameters of a bus, of where events come from, and of the rules that take them."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import field_validator

from sandbox.services._delivery_policy import Schedule
from sandbox.services._patterns import parse
from sandbox.services.params import Parameters, param

QUOTAS = "Amazon EventBridge User Guide: Amazon EventBridge quotas"
RETRY = "Amazon EventBridge User Guide: How EventBridge retries delivering events"
PATTERNS = "Amazon EventBridge User Guide: Comparison operators for use in event patterns"
ARCHIVE = "Amazon EventBridge API Reference: CreateArchive, StartReplay"

PARTNER_PER_S, PARTNER_BURST = 1_400.0, 3_600.0  # PutPartnerEvents; QUOTAS; H
ENTRIES_MOST = 10  # of a PutEvents call; API Reference: PutEvents; H
ATTEMPTS, MOST_AGE_S = 185, 86_400.0  # RETRY; H
# AWS names no delays: here they double from a second, and then are such that 185 attempts last 24 h
DOUBLINGS = 10  # assumption
LONGEST_S = (MOST_AGE_S - (2.0**DOUBLINGS - 1.0)) / (ATTEMPTS - DOUBLINGS)


class Params(Parameters):
    entries_per_call: float = param(
        1.0,
        "Events that publishers put into one PutEvents call; the quota counts calls.",
        ge=1,
        le=ENTRIES_MOST,
        source="Amazon EventBridge API Reference: PutEvents",
        confidence="H",
        basic=True,
    )
    archive: bool = param(
        False,
        "Keep what arrives, so that it can be replayed. Not in 2020.",
        source=ARCHIVE,
        confidence="H",
        basic=True,
        group="Archive",
    )
    archive_retention_days: int = param(
        0,
        "Days that archived events are kept; 0 is for ever.",
        ge=0,
        le=36_500,
        source=ARCHIVE,
        confidence="H",
        group="Archive",
    )


class Origin(Parameters):
    """Where events come from, which decides their quota and their price."""

    origin: Literal["custom", "partner", "aws"] = param(
        "custom",
        "Your own applications, a partner's (such as a ticket system), or an AWS service, whose "
        "events are free.",
        source=QUOTAS,
        confidence="H",
        basic=True,
    )


class Rule(Parameters):
    """A rule's target. Links of one rule name are targets of one rule."""

    rule: str = param("", "Name of the rule; empty is a rule of its own.", basic=True)
    event_pattern: str = param(
        "",
        'Which events it takes, as JSON: {"detail": {"state": ["paid"]}}. It is held against the '
        "attributes of the request classes. Empty takes all.",
        source=PATTERNS,
        confidence="H",
        basic=True,
    )
    schedule: str = param(
        "",
        "rate(5 minutes): an event of its own, as often; the rule takes no others then.",
        source="Amazon EventBridge User Guide: Creating a rule that runs on a schedule",
        confidence="H",
    )
    maximum_retry_attempts: int = param(
        ATTEMPTS,
        "Retries until an event is given up.",
        ge=0,
        le=ATTEMPTS,
        source=RETRY,
        confidence="H",
    )
    maximum_event_age_s: float = param(
        MOST_AGE_S,
        "Age at which an event is given up, from when the bus took it in.",
        unit="s",
        ge=60,
        le=MOST_AGE_S,
        source=RETRY,
        confidence="H",
    )
    redrive: bool = param(
        False,
        "Whether what is given up goes to the dead-letter queue, or is lost.",
        source=RETRY,
        confidence="H",
    )

    @field_validator("event_pattern")
    @classmethod
    def _readable(cls, text: str) -> str:
        parse(text)
        return text

    @field_validator("schedule")
    @classmethod
    def _known(cls, text: str) -> str:
        period(text)
        return text


_RATE = re.compile(r"rate\(\s*(\d+)\s+(minute|hour|day)(s?)\s*\)")
_UNIT_S = {"minute": 60.0, "hour": 3600.0, "day": 86_400.0}


def period(schedule: str) -> float:
    """Seconds between the events of a rate expression; 0 for an empty one.

    Raises ValueError with what is expected.
    """
    if not schedule:
        return 0.0
    found = _RATE.fullmatch(schedule.strip())
    if found is None or int(found[1]) < 1 or (int(found[1]) == 1) == bool(found[3]):
        raise ValueError("write rate(1 minute), rate(5 minutes), rate(1 hour), rate(2 days) …")
    return int(found[1]) * _UNIT_S[found[2]]


def retries(given: Rule) -> Schedule:
    """Delays double from 1 s, then are all alike, for so many attempts or until too old."""
    doubling = min(DOUBLINGS, given.maximum_retry_attempts)
    ages = [2.0**k - 1.0 for k in range(1, doubling + 1)]
    left = given.maximum_retry_attempts - doubling
    end = (ages[-1] if ages else 0.0) + left * LONGEST_S
    return Schedule(ages, LONGEST_S if left > 0 else 0.0, end, given.maximum_event_age_s)
