"""The records of the second engine: what the event loop reads and writes, one array of each.

Times are seconds since the simulation's own start, rates per second.  Nothing here is shared with
the tick engine: the two meet only in the numbers that they give.
"""

from __future__ import annotations

import numpy as np

SOURCE, BALANCER, STAGE, STATION, FUNCTION = range(5)
"""What a node is to the loop: who asks, who deals out, a time taken over from the run, servers
with queues, and servers without (who finds them all busy is refused)."""

OK, THROTTLED, REJECTED, FAILED, TIMED_OUT = range(5)
OUTCOMES = ("ok", "throttled", "rejected", "failed", "timed_out")

POOLED, RANDOM, ROUND_ROBIN, LEAST = range(4)
POLICIES = ("pooled", "random", "round_robin", "least_outstanding")

EXPONENTIAL, DETERMINISTIC, GAMMA, LOGNORMAL, HYPEREXPONENTIAL, CUMULANTS = range(6)
SHAPES = (
    "exponential",
    "deterministic",
    "erlang",
    "lognormal",
    "hyperexponential",
    "cumulants",
)
"""How a time is drawn; `erlang` is a gamma of any variability, `cumulants` any time of which three
cumulants are known."""

NO_JITTER, FULL_JITTER, EQUAL_JITTER = range(3)
JITTERS = ("none", "full", "equal")

NODE = np.dtype(
    [
        ("kind", "i8"),
        ("link", "i8"),  # its calls are links[link : link + links]
        ("links", "i8"),
        ("group", "i8"),  # its servers are groups[group : group + groups]
        ("groups", "i8"),
        ("policy", "i8"),
        ("places", "i8"),  # to wait in, at each group; -1 for any number
        ("refusal", "i8"),  # the outcome for whom none is left
        ("holds", "i8"),  # whether a server waits while the calls are answered
        ("balances", "i8"),  # one call to one of the links, instead of all of them
        ("transparent", "i8"),  # passes on how a call failed
        ("shape", "i8"),
        ("mean", "f8"),
        ("variance", "f8"),
        ("third", "f8"),
        ("extra_p", "f8"),  # with this chance the time is longer by, or another of, these cumulants
        ("extra_mean", "f8"),
        ("extra_variance", "f8"),
        ("extra_third", "f8"),
        ("cpu", "f8"),  # share of the time that needs a processor
        ("refused", "f8", (5,)),  # chances to be turned away, by outcome
        ("error", "f8"),  # chance that it fails at its end
        ("timeout_s", "f8"),
        # as it goes
        ("turn", "i8"),
        ("in_system", "f8"),
        ("busy", "f8"),
        ("since", "f8"),
        # measured since the last batch began
        ("arrived", "i8"),
        ("ended", "i8", (5,)),
        ("own", "f8"),
        ("wait", "f8"),
        ("waited", "i8"),
        ("served", "i8"),
        ("area_system", "f8"),
        ("area_busy", "f8"),
    ],
    align=True,
)

LINK = np.dtype(
    [
        ("target", "i8"),
        ("stage", "i8"),
        ("network_s", "f8"),
        ("timeout_s", "f8"),  # inf: none
        ("attempts", "i8"),
        ("backoff_s", "f8"),
        ("cap_s", "f8"),
        ("jitter", "i8"),
        ("quota", "f8"),  # tokens of the caller's retry quota; inf: none
        ("hit", "f8"),  # chance that the caller has the answer already
        # as it goes
        ("tokens", "f8"),
    ],
    align=True,
)

GROUP = np.dtype(
    [
        ("servers", "i8"),
        ("free", "i8"),
        ("head", "i8"),
        ("tail", "i8"),
        ("waiting", "i8"),
        ("outstanding", "i8"),
        ("processors", "i8"),  # 0: a server has one to itself
        ("idle", "i8"),
        ("cpu_head", "i8"),
        ("cpu_tail", "i8"),
    ],
    align=True,
)

ROOT = np.dtype(
    [
        ("node", "i8"),
        ("rate", "f8"),
        ("cv2", "f8"),
        ("users", "i8"),  # 0: requests come whatever the answers do
        ("think_s", "f8"),
        ("background", "i8"),  # arrivals at a node from a part that is not simulated
    ],
    align=True,
)

FRAME = np.dtype(
    [
        ("node", "i8"),
        ("call", "i8"),  # that it answers; -1: a root, or its caller has given up
        ("root", "i8"),
        ("request_class", "i8"),
        ("stamp", "i8"),  # events of an earlier use of this frame bear another
        ("group", "i8"),
        ("stage", "i8"),
        ("pending", "i8"),
        ("outcome", "i8"),
        ("doomed", "i8"),
        ("next", "i8"),
        ("calls", "i8"),
        ("entered", "f8"),
        ("own_end", "f8"),
        ("service", "f8"),
        ("rest", "f8"),
        ("span", "i8"),
    ],
    align=True,
)

CALL = np.dtype(
    [
        ("frame", "i8"),
        ("link", "i8"),
        ("left", "i8"),
        ("attempt", "i8"),
        ("child", "i8"),
        ("stamp", "i8"),
        ("next", "i8"),
        ("begun", "f8"),
    ],
    align=True,
)

SPAN = np.dtype(
    [
        ("trace", "i8"),
        ("parent", "i8"),
        ("node", "i8"),
        ("link", "i8"),
        ("attempt", "i8"),
        ("call", "i8"),  # which of several calls over the same link
        ("begun", "f8"),  # when the caller sent it
        ("entered", "f8"),
        ("wait", "f8"),
        ("own_end", "f8"),
        ("end", "f8"),
        ("outcome", "i8"),
        ("abandoned", "f8"),  # when its caller gave up; inf: not
    ],
    align=True,
)

SAMPLE = np.dtype([("node", "i4"), ("total", "f4"), ("own", "f4")], align=True)
"""A request that a node answered well: its response with all calls, and without them (s)."""

STATE = np.dtype(
    [
        ("t", "f8"),
        ("events", "i8"),
        ("order", "i8"),
        ("heap", "i8"),
        ("free_frame", "i8"),
        ("frames_left", "i8"),
        ("free_call", "i8"),
        ("calls_left", "i8"),
        ("samples", "i8"),
        ("sampling", "i8"),
        ("spans", "i8"),
        ("traces", "i8"),
        ("traces_most", "i8"),
        ("tracing", "i8"),  # traced requests that are under way
    ],
    align=True,
)
