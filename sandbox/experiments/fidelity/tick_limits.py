"""Figures of examples that the length of the tick changes by more than is promised."""

from __future__ import annotations

LIMITS: dict[str, tuple[str, tuple[str, ...]]] = {
    "cold-cache": (
        "Totals beyond the cache differ with the tick, by up to a quarter at 10 s.",
        (
            *("many-web served, 0.1 s", "many-db arrivals, 0.1 s"),
            *("many-web served, 10 s", "many-db arrivals, 10 s", "few-db arrivals, 10 s"),
        ),
    ),
    "edge-invalidation": (
        "Totals at the origin differ with the tick, by up to a twelfth at 10 s.",
        ("all-origin arrivals, 0.1 s", "all-origin arrivals, 10 s", "all-origin served, 10 s"),
    ),
    "fan-out": (
        "The environments left when the load has ended differ at 0.1 s, by up to double.",
        tuple(
            f"{way}-{application} instances, 0.1 s"
            for way in ("one", "bus", "broker")
            for application in ("stock", "mail", "bill")
        ),
    ),
    "consumer-down": (
        "At 10 s the bus makes a quarter fewer attempts at its consumer.",
        ("bus-shop arrivals, 10 s",),
    ),
    "in-order": (
        "About one message waits in the FIFO queue, and 8 % more at 10 s.",
        ("fifo backlog, 10 s",),
    ),
    "poison-message": (
        "The stream's consumer fails and holds other amounts; at 10 s next to nothing fails.",
        (
            *("stream-work in_flight, 0.1 s", "stream-work failed, 0.1 s"),
            *("stream-work in_flight, 10 s", "stream-work failed, 10 s"),
            *("stream-work served, 10 s", "cost, 10 s"),
        ),
    ),
    "four-coordinators": (
        "At 10 s SWF completes 1.5 % less, and Batch is half as busy in the last minutes.",
        ("swf served, 10 s", "batch utilization, 10 s"),
    ),
    "zone-outage": (
        "At 10 s the lean fleet answers 2.3 % more.",
        ("lean-alb served, 10 s", "lean served, 10 s"),
    ),
    "nightly-batch": (
        "Of the last spot instance, another share of the last minutes is left.",
        ("spot instances, 0.1 s", "spot instances, 10 s"),
    ),
    "down-for-days": (
        "Other numbers of attempts reach what is down, 12 % fewer from the bus at 10 s.",
        (
            *("bus-work arrivals, 0.1 s", "bus-work arrivals, 10 s"),
            *("queue-work arrivals, 10 s", "queue-work throttled, 10 s"),
            *("topic-work arrivals, 10 s", "topic-work throttled, 10 s"),
        ),
    ),
}
"""By example: what is seen, and the figures that miss the promise: known errors of the engine."""
