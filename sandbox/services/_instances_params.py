"""What a person sets of a group's instances: zones, purchase, launch source, hooks, warm pool."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import model_validator

from sandbox.kernels.random import key_of
from sandbox.services import _instance_types as types
from sandbox.services._instance_types import PLACE, Name
from sandbox.services._instances import OVERRIDES
from sandbox.services._target_group import Looked, rules, write
from sandbox.services.contract import Setup
from sandbox.services.law import ZONES
from sandbox.services.params import Parameters, param

POLICIES = "EC2 Auto Scaling user guide: Control which instances terminate during scale in"
LIFETIME = "EC2 Auto Scaling API: CreateAutoScalingGroup, MaxInstanceLifetime"
HOOKS = "EC2 Auto Scaling API: LifecycleHookSpecification"
POOL = "EC2 Auto Scaling API: PutWarmPool"
MIXED = "EC2 Auto Scaling API: InstancesDistribution"
REBALANCE = "EC2 Auto Scaling user guide: Capacity Rebalancing"
DISTRIBUTION = "EC2 Auto Scaling API: AvailabilityZoneDistribution"
TEMPLATES = "EC2 Auto Scaling user guide: Launch templates"
CONFIGURATIONS = "EC2 Auto Scaling user guide: Launch configurations"
QUOTA = "Amazon EC2 user guide: On-Demand Instance limits (1,152 vCPUs early in 2020)"
CREDITS = "Amazon EC2 user guide: Unlimited and standard mode for burstable instances"
LEAST_LIFETIME_S = 86_400  # EC2 Auto Scaling API: CreateAutoScalingGroup, MaxInstanceLifetime
HEARTBEAT_S = 3600  # EC2 Auto Scaling API: LifecycleHookSpecification, HeartbeatTimeout
ON_DEMAND_PERCENTAGE = 100  # EC2 Auto Scaling API: InstancesDistribution
SPOT_POOLS = 2  # EC2 Auto Scaling API: InstancesDistribution, SpotInstancePools
MOST_HOOKS = 50  # EC2 Auto Scaling user guide: Quotas


class Hook(Parameters):
    """A lifecycle hook."""

    transition: Literal["launching", "terminating"] = param(
        "launching", "Which way the instance goes.", source=HOOKS, confidence="H", basic=True
    )
    heartbeat_timeout_s: int = param(
        HEARTBEAT_S,
        "For so long the group waits for somebody to complete the action.",
        unit="s",
        ge=30,
        le=7200,
        source=HOOKS,
        confidence="H",
        basic=True,
    )
    default_result: Literal["ABANDON", "CONTINUE"] = param(
        "ABANDON",
        "What happens then. A launch that is abandoned is terminated and tried again; a "
        "termination goes on either way.",
        source=HOOKS,
        confidence="H",
    )
    completes_after_s: float | None = param(
        None,
        "When the instance's own script completes the action with CONTINUE; empty: nobody does, "
        "but by hand.",
        unit="s",
        ge=0,
        le=172_800,
        basic=True,
    )


class Override(Parameters):
    """One of the instance types of a mixed group."""

    instance_type: Name = param(
        "m5.large", "A type that may be launched.", source=MIXED, confidence="H", basic=True
    )


class FleetParams(Parameters):
    launch_source: Literal["launch_template", "launch_configuration"] = param(
        "launch_template",
        "What instances are launched from. A launch configuration has one type, no spot beside "
        "on demand, no unlimited T2, and none of the types since 2023; new accounts have had none "
        "since October 2024. One made by the API has detailed monitoring on by default.",
        source=CONFIGURATIONS,
        confidence="M",
        group="Instances",
    )
    volume_gb: float = param(
        0.0,
        "Root volume of an instance (gp3; gp2 in 2020), billed while it exists, stopped too; 0 "
        "leaves storage out of the bill.",
        unit="GB",
        ge=0,
        le=16_384,
        source="Amazon EBS pricing, us-east-1",
        confidence="H",
        console=8.0,
        group="Instances",
    )
    credit_specification: Literal["standard", "unlimited"] | None = param(
        None,
        "CPU credits of T types: without any left, an instance falls to its baseline (standard) "
        "or pays for surplus (unlimited). Empty is unlimited for T3 and T4g, standard for T2.",
        source=CREDITS,
        confidence="H",
        group="Instances",
    )
    vcpu_quota: int | None = param(
        1152,
        "The account's quota of vCPUs on demand, for this group alone; empty is none. New "
        "accounts start lower.",
        ge=0,
        le=1_000_000,
        source=QUOTA,
        confidence="H",
        group="Instances",
    )
    max_instance_lifetime_s: int = param(
        0,
        "Older instances are replaced, terminated first; 0 is never, else at least a day.",
        unit="s",
        ge=0,
        le=31_536_000,
        source=LIFETIME,
        confidence="H",
        group="Instances",
    )
    app_restart_s: float = param(
        10.0,
        "Until the application is ready when a prepared instance starts again (resized, or "
        "stopped in a warm pool).",
        unit="s",
        ge=0,
        le=7200,
        group="Instances",
    )
    stop_s: float = param(
        30.0,
        "How long an instance takes to stop before its type can be changed.",
        unit="s",
        ge=0,
        le=3600,
        group="Instances",
    )
    lifecycle_hooks: list[Hook] = param(
        [],
        "Hold instances back when they are launched (before they are in service) or terminated "
        "(after they have drained). They are billed meanwhile.",
        max_items=MOST_HOOKS,
        source=HOOKS,
        confidence="H",
        console=[],
        group="Instances",
    )
    zones: int = param(
        1,
        "Availability zones, where the group stands in no zone of the diagram.",
        ge=1,
        le=ZONES,
        group="Zones and termination",
    )
    zone_distribution: Literal["balanced-best-effort", "balanced-only"] = param(
        "balanced-best-effort",
        "Where launches in a failed zone go: to the others, or on trying (since 2024).",
        source=DISTRIBUTION,
        confidence="H",
        group="Zones and termination",
    )
    termination_policy: Literal[
        "Default",
        "OldestInstance",
        "NewestInstance",
        "OldestLaunchConfiguration",
        "OldestLaunchTemplate",
        "ClosestToNextInstanceHour",
        "AllocationStrategy",
    ] = param(
        "Default",
        "Which instance goes first, in the zone with the most. Default: the purchase option that "
        "is over its share, then the oldest launch template, then the one closest to its next "
        "hour, then any.",
        source=POLICIES,
        confidence="H",
        group="Zones and termination",
    )
    new_instances_protected: bool = param(
        False,
        "Whether new instances are protected from scale-in (not from replacement when unhealthy).",
        source=POLICIES,
        confidence="H",
        group="Zones and termination",
    )
    instance_types: list[Override] = param(
        [],
        "Types of a mixed group, in order of priority; none is the one type above.",
        max_items=OVERRIDES,
        source=MIXED,
        confidence="H",
        group="Spot",
    )
    on_demand_base_capacity: int = param(
        0,
        "The first so many instances are on demand.",
        ge=0,
        le=5000,
        source=MIXED,
        confidence="H",
        group="Spot",
    )
    on_demand_percentage_above_base: int = param(
        ON_DEMAND_PERCENTAGE,
        "Of the others, the share on demand, rounded up; the rest is spot.",
        unit="%",
        ge=0,
        le=100,
        source=MIXED,
        confidence="H",
        group="Spot",
    )
    on_demand_allocation_strategy: Literal["prioritized", "lowest-price"] = param(
        "prioritized",
        "Which type is bought on demand: the first, or the cheapest.",
        source=MIXED,
        confidence="H",
        group="Spot",
    )
    spot_allocation_strategy: Literal[
        "lowest-price", "capacity-optimized", "price-capacity-optimized"
    ] = param(
        "lowest-price",
        "Which pool (a type in a zone) is bought: the cheapest few, the least interrupted, or the "
        "cheapest of the little interrupted (since 2022; in 2020 the least interrupted).",
        source=MIXED,
        confidence="H",
        group="Spot",
    )
    spot_instance_pools: int = param(
        SPOT_POOLS,
        "How many of the cheapest types lowest-price spreads over in a zone.",
        ge=1,
        le=20,
        source=MIXED,
        confidence="H",
        group="Spot",
    )
    spot_max_price_usd: float | None = param(
        None,
        "The most paid for an hour of spot; empty is the price on demand.",
        unit="USD/h",
        ge=0,
        le=1000,
        source=MIXED,
        confidence="H",
        group="Spot",
    )
    spot_interruptions_per_month: float | None = param(
        None,
        "Share of spot instances interrupted in a month; empty takes the type's.",
        ge=0,
        le=0.999999,
        source=types.ADVISOR,
        confidence="H",
        group="Spot",
    )
    capacity_rebalance: bool = param(
        False,
        "Launch a replacement at the rebalance recommendation, and terminate the one at risk when "
        "that is in service (since November 2020).",
        source=REBALANCE,
        confidence="H",
        group="Spot",
    )
    drain_on_notice: bool = param(
        False,
        "Whether something of your own deregisters an instance at its two minutes' notice. "
        "Without it, and without rebalancing, it takes requests until it is gone.",
        source=REBALANCE,
        confidence="M",
        group="Spot",
    )
    warm_pool: bool = param(
        False,
        "Keep prepared instances beside the group (since April 2021).",
        source=POOL,
        confidence="H",
        group="Warm pool",
    )
    warm_pool_state: Literal["Stopped", "Running", "Hibernated"] = param(
        "Stopped",
        "How they wait. Stopped and hibernated ones cost their storage, hibernated ones for their "
        "memory too; their application need not start again.",
        source=POOL,
        confidence="H",
        group="Warm pool",
    )
    warm_pool_min_size: int = param(
        0, "At least so many.", ge=0, le=5000, source=POOL, confidence="H", group="Warm pool"
    )
    max_group_prepared_capacity: int | None = param(
        None,
        "Pool and group together; empty is the maximum size. What the group has is taken off.",
        ge=0,
        le=5000,
        source=POOL,
        confidence="H",
        group="Warm pool",
    )
    reuse_on_scale_in: bool = param(
        False,
        "Whether scale-in puts instances back into the pool; else they are terminated and fresh "
        "ones prepared.",
        source=POOL,
        confidence="H",
        group="Warm pool",
    )
    warm_start_s: float = param(
        30.0,
        "Median time from stopped or hibernated to running.",
        unit="s",
        ge=0,
        le=3600,
        group="Warm pool",
    )

    @model_validator(mode="after")
    def _possible(self) -> FleetParams:
        mixed = bool(self.instance_types) or self.on_demand_percentage_above_base < 100
        if 0 < self.max_instance_lifetime_s < LEAST_LIFETIME_S:
            raise ValueError("max_instance_lifetime_s must be 0 or at least 86,400 (a day)")
        if self.warm_pool and mixed:
            raise ValueError(
                "warm_pool cannot go with instance_types or spot; leave those out or turn it off"
            )
        if self.launch_source == "launch_configuration":
            if mixed:
                raise ValueError(
                    "a launch_configuration has one instance type and one way to buy it; "
                    "take launch_template for instance_types and spot"
                )
            if self.credit_specification == "unlimited":
                raise ValueError(
                    "a launch_configuration cannot set unlimited credits; take launch_template"
                )
            one = getattr(self, "instance_type", "")
            if types.family(one) in types.YOUNGEST_FOR_CONFIGURATIONS:
                raise ValueError(
                    f"a launch_configuration cannot have {one}, a type since 2023; "
                    "take launch_template"
                )
        return self


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
