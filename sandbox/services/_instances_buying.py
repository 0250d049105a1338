"""The parameters of what a group buys: types in a mix, on demand and spot; and its warm pool."""

from __future__ import annotations

from typing import Literal

from sandbox.services import _instance_types as types
from sandbox.services._instance_types import Name
from sandbox.services._instances import OVERRIDES
from sandbox.services.params import Parameters, param

MIXED = "EC2 Auto Scaling API: InstancesDistribution"
REBALANCE = "EC2 Auto Scaling user guide: Capacity Rebalancing"
POOL = "EC2 Auto Scaling API: PutWarmPool"
ON_DEMAND_PERCENTAGE = 100  # EC2 Auto Scaling API: InstancesDistribution
SPOT_POOLS = 2  # EC2 Auto Scaling API: InstancesDistribution, SpotInstancePools


class Override(Parameters):
    """One of the instance types of a mixed group."""

    instance_type: Name = param(
        "m5.large", "A type that may be launched.", source=MIXED, confidence="H", basic=True
    )


class Spot(Parameters):
    """Instances of several types, on demand and spot."""

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


class WarmPool(Parameters):
    """Prepared instances beside the group."""

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
