"""A DAX cluster before and between its ticks: what its parameters come to, and edits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np

from sandbox.kernels.cache import LRU
from sandbox.services._cached_keys import IGNORE, WRITE_THROUGH, begin, table
from sandbox.services._dax_nodes import ACCOUNT_MOST, MOST, TYPES
from sandbox.services._dax_params import Params
from sandbox.services.contract import Setup
from sandbox.services.law import ERAS
from sandbox.services.params import record

SAFE_NODES = 3  # DynamoDB Developer Guide: DAX cluster components; in three zones
KB_PER_GB = 1024.0 * 1024.0
LEAST_KB = 1e-3  # an item has a byte at least


class Kept:
    """Derived, of one of the two caches: what `_cached_keys` asks of its parameters."""

    on_write: int
    ttl_s: float
    evicts: int


class Derived:
    items: Annotated[object, record(Kept)]
    queries: Annotated[object, record(Kept)]
    items_room: float
    queries_room: float
    queries_at: int  # where in the table the queries begin
    query_kb: float
    size: float  # nodes
    node_capacity: float
    usd: float
    passes: int  # whether the table is read in a way that cannot be cached
    touched: float  # of a write, the chance that it changes a given query's result


def _nodes(params: Params, setup: Setup) -> int:
    """Nodes that the quotas of the cluster and of the account leave."""
    others = 0
    for name, other in setup.fellows:
        if name == setup.node:
            break
        others += other.nodes
    return max(1, min(params.nodes, MOST[ERAS.index(setup.era)], ACCOUNT_MOST - others))


def _passes(setup: Setup) -> bool:
    return any(getattr(out.given, "consistency", "eventual") != "eventual" for out in setup.outs)


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    node = TYPES[params.node_type]
    record["size"] = _nodes(params, setup)
    record["node_capacity"], record["usd"] = node.per_s, node.usd_per_hour
    record["passes"] = _passes(setup)
    for name, ttl_s, on_write in (
        ("items", params.item_ttl_s, WRITE_THROUGH),
        ("queries", params.query_ttl_s, IGNORE),
    ):
        record[name]["ttl_s"], record[name]["on_write"] = ttl_s, on_write
        record[name]["evicts"] = LRU
    for_queries = params.query_memory if params.query_share > 0.0 else 0.0
    room_kb = node.memory_gb * KB_PER_GB
    item_kb = max(params.item_kb, LEAST_KB)
    record["query_kb"] = params.query_items * item_kb
    record["items_room"] = room_kb * (1.0 - for_queries) / item_kb
    record["queries_room"] = room_kb * for_queries / record["query_kb"]
    record["touched"] = min(1.0, params.query_items / params.key_count)
    items = table(params.key_count, params.key_skew)
    record["queries_at"] = len(items)
    return np.concatenate((items, table(params.query_count, params.query_skew)))


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    for name in ("items", "queries"):
        begin(state[name], params.starts_warm)
    if params.starts_warm and not record["passes"]:
        state["hit_ratio"] = 1.0  # of an instant: the first tick looks it up
    adjust(params, record, state, cells, setup)


def adjust(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    """Fit a running cluster to edited parameters at once."""
    for name in ("items", "queries"):
        state[name]["solved"][:] = np.nan
    state["stale_of"][:] = np.nan
    lost = int((state["back_s"] > 0.0).sum())
    state["nodes_up"] = max(0.0, float(record["size"]) - lost)


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """What of the parameters AWS would refuse, and uses that bring nothing."""
    found = []
    size = _nodes(params, setup)
    if size < params.nodes:
        most = MOST[ERAS.index(setup.era)]
        text = f"A cluster has {most} nodes at most and an account {ACCOUNT_MOST}: it gets {size}"
        found.append((0.0, "quota", f"{text} of {params.nodes}"))
    if size < SAFE_NODES:
        text = f"{size} node{'s' * (size > 1)}: the loss of a zone may be the loss of the cluster"
        found.append((0.0, "zones", f"{text}; three in three zones withstand it"))
    if not setup.outs:
        text = "Nothing stands behind it: draw its link to the table that it caches"
        found.append((0.0, "table", text))
    return found
