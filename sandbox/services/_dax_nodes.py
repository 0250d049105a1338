"""The nodes of a DAX cluster: types, and what happens when some are lost.

One is the primary, which takes the writes; another follows it within seconds.  Every node has all
the keys, so that the hit ratio stays while the capacity is less by those that are lost.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal, NamedTuple, get_args

from sandbox.kernels.compiled import compiled
from sandbox.services.contract import EventKind
from sandbox.services.law import emit, stopping, struck_now

SIZING = "DynamoDB Developer Guide: DAX cluster sizing guide"
PRICING = "https://aws.amazon.com/dynamodb/pricing/"
FAILOVER_S = 5.0  # assumption (low confidence): without a primary for a few seconds
REPLACED_S = 300.0  # assumption (low confidence): a lost node is replaced within minutes
MOST = (10, 11)  # DynamoDB Developer Guide: Service, account, and table quotas; 2020 and now
ACCOUNT_MOST = 50  # DynamoDB Developer Guide: Service, account, and table quotas
CLOCKS = 11


class NodeType(NamedTuple):
    """Normalized requests a second and memory by SIZING; the price of a large by PRICING."""

    per_s: float
    memory_gb: float
    usd_per_hour: float


LARGE_USD = 0.269  # by third parties (medium confidence); larger types in proportion: assumption
TYPES: dict[str, NodeType] = {
    "dax.r5.large": NodeType(75_000.0, 16.0, LARGE_USD),
    "dax.r5.xlarge": NodeType(150_000.0, 32.0, 2 * LARGE_USD),
    "dax.r5.2xlarge": NodeType(300_000.0, 64.0, 4 * LARGE_USD),
    "dax.r5.4xlarge": NodeType(600_000.0, 128.0, 8 * LARGE_USD),
    "dax.r5.8xlarge": NodeType(1_000_000.0, 256.0, 16 * LARGE_USD),
    "dax.r5.12xlarge": NodeType(1_000_000.0, 384.0, 24 * LARGE_USD),
    "dax.r5.16xlarge": NodeType(1_000_000.0, 512.0, 32 * LARGE_USD),
    "dax.r5.24xlarge": NodeType(1_000_000.0, 768.0, 48 * LARGE_USD),
}
Name = Literal[
    "dax.r5.large",
    "dax.r5.xlarge",
    "dax.r5.2xlarge",
    "dax.r5.4xlarge",
    "dax.r5.8xlarge",
    "dax.r5.12xlarge",
    "dax.r5.16xlarge",
    "dax.r5.24xlarge",
]
assert get_args(Name) == tuple(TYPES)

EVENTS = (
    EventKind(
        "node_lost",
        "{0:.0f} of {1:.0f} nodes are lost, with them the primary: no writes for {2:.0f} s; the "
        "others hold the same keys",
        "warning",
    ),
    EventKind(
        "cluster_lost",
        "All {0:.0f} nodes are lost: new, empty ones in {1:.0f} s",
        "error",
    ),
    EventKind("replaced", "{0:.0f} nodes again"),
)
LOST, GONE, REPLACED = range(3)


class Nodes:
    """What the state says of the nodes."""

    nodes_up: float
    no_primary_until: float
    back_s: Annotated[object, ("f8", (CLOCKS,))]  # when lost nodes are replaced; 0: none


@compiled
def strike(p, s, io, tick):
    """Nodes stop in this tick, the primary first; whether none is left."""
    if not struck_now(io) or s.nodes_up <= 0.0:
        return False
    lost = min(s.nodes_up, math.ceil(stopping(io, s.nodes_up) - 1e-9))
    if lost <= 0.0:
        return False
    free = lost
    for i in range(CLOCKS):
        if free > 0.0 and s.back_s[i] == 0.0:
            s.back_s[i] = tick.t + REPLACED_S
            free -= 1.0
    if lost >= s.nodes_up:
        emit(tick, GONE, s.nodes_up, REPLACED_S)
    else:
        emit(tick, LOST, lost, s.nodes_up, FAILOVER_S)
        s.no_primary_until = tick.t + FAILOVER_S
    s.nodes_up -= lost
    return s.nodes_up <= 0.0


@compiled
def recover(p, s, tick):
    """Let the clocks of lost nodes ring."""
    if s.nodes_up >= p.size:
        return
    waiting = 0.0
    for i in range(CLOCKS):
        if s.back_s[i] > 0.0 and tick.t >= s.back_s[i] - 1e-6:
            s.back_s[i] = 0.0
        waiting += s.back_s[i] > 0.0
    up = max(0.0, p.size - waiting)
    if up != s.nodes_up:
        s.nodes_up = up
        emit(tick, REPLACED, up)
