"""The instances that a run begins with, and what an edit of their parameters means."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sandbox.services._instance_types import CREDIT_HOURS, EARNS, MONTHLY, PLACE, SAVING, TABLE, USD
from sandbox.services._instances import IN_SERVICE, SPOT, WARM
from sandbox.services._instances_pool import pool_size


def settle(params: Any, record: Any, state: Any, cells: np.ndarray, desired: int) -> None:
    """The desired capacity and its warm pool have been there for a day, at rest: spread over
    zones, ways to buy and types as launches would be."""
    pool = 0
    if record["has_pool"]:
        pool = int(pool_size(record, float(desired), float(params.max_size)))
    count = desired + pool
    there = cells[:count]
    there["state"][:desired], there["state"][desired:] = IN_SERVICE, WARM
    for name in ("launched_s", "running_s", "until_s", "ready_s"):
        there[name] = -86_400.0
    for name in ("failing_s", "notice_s", "gone_s", "impaired_s"):
        there[name] = math.inf
    there["draw"] = np.arange(1, count + 1)
    there["version"] = 1
    there["zone"] = np.arange(count) % int(record["zones_n"])
    there["protected"] = params.new_instances_protected
    types = [override.instance_type for override in params.instance_types]
    kinds = [PLACE[name] for name in types] or [PLACE[params.instance_type]]
    first = kinds[0]
    if params.on_demand_allocation_strategy == "lowest-price":
        first = min(kinds, key=lambda kind: TABLE[kind, USD])
    there["kind"] = first
    base = min(desired, params.on_demand_base_capacity)
    share = 0.01 * params.on_demand_percentage_above_base
    bought = base + math.ceil((desired - base) * share - 1e-9)
    pools = _pools(params, kinds)
    for i in range(bought, desired):
        there["market"][i] = SPOT
        there["kind"][i] = pools[(i - bought) // int(record["zones_n"]) % len(pools)]
    there["credits"] = CREDIT_HOURS * TABLE[there["kind"], EARNS]
    state["in_service"] = state["alive"] = desired
    state["launched"] = count
    state["due"] = -math.inf  # the first tick counts
    state["version"] = 1
    state["last_each"] = 1.0
    state["kind"], state["given_kind"] = PLACE[params.instance_type], PLACE[params.instance_type]


def _pools(params: Any, kinds: list[int]) -> list[int]:
    """The types that spot is spread over."""

    def price(kind: int) -> float:
        return float(TABLE[kind, USD] * (1.0 - TABLE[kind, SAVING]))

    if params.spot_allocation_strategy == "lowest-price":
        return sorted(kinds, key=price)[: params.spot_instance_pools]
    calm = min(TABLE[kind, MONTHLY] for kind in kinds)
    if params.spot_allocation_strategy == "capacity-optimized":
        return [min(kinds, key=lambda kind: (TABLE[kind, MONTHLY], price(kind)))]
    return [min((k for k in kinds if TABLE[k, MONTHLY] <= calm + 0.05 + 1e-9), key=price)]


def follow_edit(params: Any, record: Any, state: Any) -> None:
    """Another type is a new version of what is launched from; the rest holds at once."""
    kind = PLACE[params.instance_type]
    if kind != int(state["given_kind"]):
        state["kind"] = state["given_kind"] = kind
        state["version"] += 1
    state["due"] = -math.inf
