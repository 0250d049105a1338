"""Events that the engine itself notes, whatever the service: kinds below zero, and their words."""

from __future__ import annotations

from sandbox.kernels.compiled import compiled

LOSS_BEGINS, LOSS_ENDS = -1, -101  # less the cause's index
BREAKER_OPENS, BREAKER_CLOSES, QUOTA_EMPTY, QUOTA_BACK, TOO_LATE, IN_TIME_AGAIN = range(
    -301, -307, -1
)
"""Of a link: x[0] is its index."""

WORDS = {
    BREAKER_OPENS: (
        "breaker_opens",
        "The circuit breaker to {to} opens for {1:g} s: {2:.0%} of {3:,.0f} calls failed",
        "warning",
    ),
    BREAKER_CLOSES: (
        "breaker_closes",
        "The circuit breaker to {to} closes: a call succeeded",
        "info",
    ),
    QUOTA_EMPTY: (
        "retry_quota",
        "The retry quota to {to} is used up: {1:,.4g} of {2:,.4g} retries/s are dropped",
        "warning",
    ),
    QUOTA_BACK: (
        "retry_quota_ended",
        "The retry quota to {to} lets all retries through again",
        "info",
    ),
    TOO_LATE: (
        "timeouts",
        "Timed out {1:,.4g}/s of {2:,.4g}/s: {to} answers later than the timeout of {3:g} s",
        "warning",
    ),
    IN_TIME_AGAIN: ("timeouts_ended", "{to} answers within the timeout of {3:g} s again", "info"),
}


@compiled
def note(world, events, i, kind, a, b, c, d):
    """Record an event of node `i`, as long as there is room."""
    if world.events_n >= world.events_max:
        world.events_lost += 1
        return
    event = events[world.events_n]
    event.t = world.t
    event.node = i
    event.kind = kind
    event.x[0] = a
    event.x[1] = b
    event.x[2] = c
    event.x[3] = d
    world.events_n += 1
