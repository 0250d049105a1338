"""How a caller guards its synchronous calls: timeout, retries, quota, circuit breaker, cache.

These are parameters of every synchronous link, whatever it joins.  ``retry_mode`` takes the AWS
SDKs' own settings instead of those given one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sandbox.services.params import Parameters, param

SDK = "AWS SDKs and Tools Reference Guide, retry behavior; botocore retries/standard.py, quota.py"
BREAKER = "Hystrix wiki, Configuration (circuit breaker)"
MOST_ATTEMPTS = 20
QUOTA = 500.0  # tokens of an AWS SDK's retry quota; SDK; H
RETRY_COST, TIMEOUT_COST = 5.0, 10.0  # tokens that a retry takes, after a timeout; SDK; H
FIRST_RETURN = 1.0  # tokens that a success without a retry gives back; SDK; H
SDK_CAP_S = 20.0  # SDK; H


class Attempts(Parameters):
    """The caller's side of a synchronous link."""

    timeout_s: float | None = param(
        None,
        "How long one attempt waits for its answer; what comes later is lost to the caller, though "
        "the other end still works on it. Empty waits for ever.",
        unit="s",
        gt=0,
        le=3600,
        group="Retries",
        basic=True,
    )
    attempts: int = param(
        1,
        "How often a call is tried in all, after errors, throttling and timeouts alike.",
        ge=1,
        le=MOST_ATTEMPTS,
        group="Retries",
        basic=True,
    )
    backoff_s: float = param(
        0.0,
        "Pause before the second attempt; it doubles before each further one.",
        unit="s",
        ge=0,
        le=3600,
        group="Retries",
    )
    backoff_cap_s: float = param(
        SDK_CAP_S,
        "The longest pause.",
        unit="s",
        ge=0,
        le=3600,
        source=SDK,
        confidence="H",
        group="Retries",
    )
    jitter: Literal["none", "full", "equal"] = param(
        "none",
        "How pauses are drawn: full takes any part of the pause, equal its second half.",
        source="AWS Architecture Blog, Exponential Backoff And Jitter",
        confidence="M",
        group="Retries",
    )
    retry_quota: float | None = param(
        None,
        "Tokens of each caller's retry quota: a retry takes 5, after a timeout 10, and is dropped "
        "when there are none; a success gives 1 back, one after retries what they took. "
        "Empty is without a quota.",
        ge=0,
        le=1e6,
        source=SDK,
        confidence="H",
        group="Retries",
    )
    retry_mode: Literal["custom", "legacy", "standard"] = param(
        "custom",
        "The AWS SDKs' settings in place of those above: legacy makes 5 attempts (10 to DynamoDB), "
        "standard 3 with a quota of 500, both with exponential backoff and full jitter.",
        source=SDK,
        confidence="H",
        group="Retries",
    )
    circuit_breaker: float | None = param(
        None,
        "Share of calls that fail from which the caller makes none for a while; empty is none.",
        gt=0,
        le=1,
        source=BREAKER,
        confidence="M",
        group="Circuit breaker",
    )
    circuit_window_s: float = param(
        10.0,
        "Over how long the share is taken.",
        unit="s",
        gt=0,
        le=3600,
        source=BREAKER,
        confidence="M",
        group="Circuit breaker",
    )
    circuit_volume: float = param(
        20.0,
        "Calls in that time below which it does not open.",
        ge=0,
        le=1e9,
        source=BREAKER,
        confidence="M",
        group="Circuit breaker",
    )
    circuit_open_s: float = param(
        5.0,
        "How long it stays open before one call is let through to try.",
        unit="s",
        gt=0,
        le=3600,
        source=BREAKER,
        confidence="M",
        group="Circuit breaker",
    )
    client_cache: float | None = param(
        None,
        "Share of reads that the caller answers from a cache of its own, at once.",
        ge=0,
        le=1,
        group="Cache",
    )
    cache_aside: str | None = param(
        None,
        "The cache that the caller asks before: only reads that miss there, and writes, come here. "
        "Its id; empty takes the one cache that the caller calls, if this is a database and "
        "nothing is behind the cache; none is without.",
        group="Cache",
    )


NO_CACHE = "none"  # no cache is asked before


@dataclass(frozen=True, slots=True)
class Retries:
    """What a link's retries come to, ``retry_mode`` taken into account."""

    attempts: int
    backoff_s: float
    cap_s: float
    jitter: str
    quota: float | None


def retries(given: Attempts, service: str) -> Retries:
    """The retries of a link to a node of this service."""
    if given.retry_mode == "standard":
        return Retries(3, 1.0, SDK_CAP_S, "full", QUOTA)
    if given.retry_mode == "legacy":
        table = service == "dynamodb"
        # legacy knows no cap; its last pause is 2^3 s, or 0.05·2^8 s
        return Retries(10 if table else 5, 0.05 if table else 1.0, 3600.0, "full", None)
    return Retries(
        given.attempts, given.backoff_s, given.backoff_cap_s, given.jitter, given.retry_quota
    )


def guards(given: Attempts) -> bool:
    """Whether the caller does anything but wait for the one answer."""
    return (
        given.timeout_s is not None
        or given.attempts > 1
        or given.retry_mode != "custom"
        or given.circuit_breaker is not None
        or bool(given.client_cache)
    )
