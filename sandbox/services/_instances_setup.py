"""What the parameters of a fleet come to, and what its era does not have."""

from __future__ import annotations

from typing import Annotated, Any

from sandbox.kernels.random import key_of
from sandbox.services import _instance_types as types
from sandbox.services._instance_types import PLACE
from sandbox.services._instances import OVERRIDES
from sandbox.services._instances_params import Hook
from sandbox.services._target_group import Looked, rules, write
from sandbox.services.contract import Setup
from sandbox.services.law import ZONES


class FleetDerived(Looked):
    zones_n: int
    zone_keys: Annotated[object, ("i8", (ZONES,))]
    kinds: Annotated[object, ("i2", (OVERRIDES,))]
    kinds_n: int  # 0: the group's one type
    buys_spot: bool
    launch_wait_s: float  # negative: no hook
    launch_abandons: bool
    leave_wait_s: float
    monitoring_usd: float  # an instance and hour
    storage_usd: float  # a GB and hour
    has_pool: bool
    rebalances: bool
    tick_s: float


def derive(params: Any, record: Any, setup: Setup) -> None:
    """Fill in what the law needs of the above."""
    old = setup.era == "2020"
    found = rules(setup, params)
    write(record, found)
    if found:  # what is the target group's is said at the balancer's link
        record["health_check_interval_s"] = found.interval_s
        record["unhealthy_threshold_count"] = found.unhealthy
        record["deregistration_delay_s"] = found.delay_s
    zones = list(setup.zone_ids)[:ZONES] or [f"zone {z + 1}" for z in range(params.zones)]
    record["zones_n"] = len(zones)
    record["zone_keys"][: len(zones)] = [key_of(zone) for zone in zones]
    kinds = [PLACE[override.instance_type] for override in params.instance_types]
    record["kinds"][: len(kinds)] = kinds
    record["kinds_n"] = len(kinds)
    record["buys_spot"] = params.on_demand_percentage_above_base < 100
    wait, abandons = _launching(params.lifecycle_hooks)
    record["launch_wait_s"], record["launch_abandons"] = wait, abandons
    record["leave_wait_s"] = _terminating(params.lifecycle_hooks)
    monitoring = types.DETAILED_MONITORING_USD_MONTH if params.detailed_monitoring else 0.0
    record["monitoring_usd"] = monitoring / types.HOURS_A_MONTH
    storage = types.GP2_USD_GB_MONTH if old else types.GP3_USD_GB_MONTH
    record["storage_usd"] = storage / types.HOURS_A_MONTH
    record["has_pool"] = params.warm_pool and not old
    record["tick_s"] = setup.dt
    record["rebalances"] = params.capacity_rebalance and not old


def _ends(hook: Hook) -> tuple[float, bool]:
    """(seconds until it ends, whether in ABANDON)."""
    after = hook.completes_after_s
    if after is not None and after <= hook.heartbeat_timeout_s:
        return after, False
    return float(hook.heartbeat_timeout_s), hook.default_result == "ABANDON"


def _launching(hooks: list[Hook]) -> tuple[float, bool]:
    """All must continue; the first that abandons ends it."""
    ends = [_ends(hook) for hook in hooks if hook.transition == "launching"]
    if not ends:
        return -1.0, False
    abandoned = [after for after, abandons in ends if abandons]
    return (min(abandoned), True) if abandoned else (max(after for after, _ in ends), False)


def _terminating(hooks: list[Hook]) -> float:
    """Either result goes on, but ABANDON stops the hooks that remain."""
    ends = [_ends(hook) for hook in hooks if hook.transition == "terminating"]
    abandoned = [after for after, abandons in ends if abandons]
    return min(abandoned) if abandoned else max((after for after, _ in ends), default=-1.0)


def not_yet(params: Any, setup: Setup) -> list[tuple[float, str, str]]:
    """What the era of the diagram does not have, as events at the start."""
    if setup.era != "2020":
        return []
    asked = [params.instance_type, *(o.instance_type for o in params.instance_types)]
    young = sorted({name for name in asked if types.family(name) not in types.IN_2020})
    said = {
        f"{', '.join(young)} did not exist early in 2020; priced as today": bool(young),
        "there were no warm pools until April 2021; the group has none": params.warm_pool,
        "there was no capacity rebalancing until November 2020": params.capacity_rebalance,
        "price-capacity-optimized came in November 2022; capacity-optimized is taken": (
            params.spot_allocation_strategy == "price-capacity-optimized"
        ),
        "balanced-only came in 2024; launches go to other zones": (
            params.zone_distribution == "balanced-only"
        ),
    }
    return [(0.0, "not_yet", text) for text, applies in said.items() if applies]
