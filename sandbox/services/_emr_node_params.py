"""The core or task nodes of EMR: groups and fleets, how they are bought, what YARN has of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sandbox.services._instance_types import MONTHLY, PLACE, SAVING, TABLE, TYPES, Name
from sandbox.services.params import Parameters, param

GUIDE = "Amazon EMR Management Guide"
NODES_PAGE = f"{GUIDE}: Understand node types in Amazon EMR"
FLEETS = f"{GUIDE}: Planning and configuring instance fleets for your Amazon EMR cluster"
SPOT_SPEC = "Amazon EMR API Reference: SpotProvisioningSpecification"
ON_DEMAND_SPEC = "Amazon EMR API Reference: OnDemandProvisioningSpecification"
TYPE_SPEC = "Amazon EMR API Reference: InstanceTypeConfig"
MORE_GROUPS = 5  # assumption: as many more task groups as the law is laid out for; EMR has 48
# POOLS: primary; core and task nodes, each on demand and Spot; each further task group
FIRST_GROUP, KINDS = 5, 5
POOLS = FIRST_GROUP + MORE_GROUPS
MOST_TYPES = 5  # Amazon EMR Management Guide: Planning and configuring instance fleets
MOST_NODES = 200  # assumption: as many of a kind as the law is laid out for
YARN_PART = 0.75  # Amazon EMR Release Guide: Hadoop task configuration, m5.xlarge: 12,288 MB


class Kind(Parameters):
    """An instance type that a group or fleet may launch."""

    instance_type: Name = param("m5.xlarge", "Instance type.", source=FLEETS, basic=True)
    weighted_capacity: int = param(
        1, "Units of a fleet's target that one of it is.", ge=1, le=999, source=TYPE_SPEC,
        confidence="H",
    )  # fmt: skip


class Nodes(Parameters):
    """The core or the task nodes: an instance group, or an instance fleet."""

    instance_types: list[Kind] = param(
        [Kind()], "Its type; a fleet may have five.", max_items=MOST_TYPES, source=FLEETS,
        confidence="H", basic=True,
    )  # fmt: skip
    market: Literal["on_demand", "spot"] = param(
        "on_demand", "What a group is bought as; a fleet has both.", source=NODES_PAGE,
        confidence="H", basic=True,
    )  # fmt: skip
    count: int = param(
        2, "Instances of the group; of a fleet the units on demand.", ge=0, le=MOST_NODES,
        source=NODES_PAGE, confidence="H", basic=True,
    )  # fmt: skip
    spot_count: int = param(
        0, "Of a fleet: its units on Spot.", ge=0, le=MOST_NODES, source=FLEETS, confidence="H"
    )
    on_demand_allocation: Literal["lowest-price", "prioritized"] = param(
        "lowest-price",
        "Of a fleet: the type with the lowest price of a unit, or the first of the list.",
        source=ON_DEMAND_SPEC,
        confidence="H",
    )
    spot_allocation: Literal[
        "lowest-price",
        "capacity-optimized",
        "price-capacity-optimized",
        "capacity-optimized-prioritized",
        "diversified",
    ] = param(
        "lowest-price",
        "Of a fleet: which Spot pools it buys of. That a fleet without a strategy takes the "
        "lowest price is an assumption.",
        source=SPOT_SPEC,
    )

    @property
    def counts(self) -> tuple[int, int]:
        """On demand, and Spot."""
        return (0, self.count) if self.market == "spot" else (self.count, self.spot_count)


class TaskGroup(Parameters):
    """Another task group: one type, one market."""

    instance_type: Name = param("m5.xlarge", "Its type.", source=NODES_PAGE, basic=True)
    market: Literal["on_demand", "spot"] = param(
        "spot", "What it is bought as.", source=NODES_PAGE, confidence="H", basic=True
    )
    count: int = param(
        2, "Its instances.", ge=0, le=MOST_NODES, source=NODES_PAGE, confidence="H", basic=True
    )


def scores(nodes: Nodes, spot: bool, then: bool) -> Sequence[float]:
    """By which a pool chooses among its types, the lowest first.

    Where a pool has capacity is told by how often Spot takes its instances back.
    """
    strategy = nodes.spot_allocation if spot else nodes.on_demand_allocation
    if then and strategy.startswith("price"):
        strategy = "capacity-optimized"
    found = []
    for i, kind in enumerate(nodes.instance_types):
        row = TABLE[PLACE[kind.instance_type]]
        usd = TYPES[kind.instance_type].usd_per_hour * (1.0 - row[SAVING] if spot else 1.0)
        usd /= kind.weighted_capacity
        found.append({
            "lowest-price": usd,
            "prioritized": float(i),
            "capacity-optimized": row[MONTHLY],
            "price-capacity-optimized": usd * (1.0 + row[MONTHLY]),
            "capacity-optimized-prioritized": row[MONTHLY] + 1e-6 * i,
            "diversified": 0.0,
        }[strategy])  # fmt: skip
    return found


def bought(nodes: Nodes, spot: bool, then: bool) -> Sequence[int]:
    """The types, by their place in the list, that a pool is bought as where all are to be had."""
    found: list[int] = []
    units = 0
    each = scores(nodes, spot, then)
    many = range(len(nodes.instance_types))
    while units < nodes.counts[spot]:
        spread = spot and nodes.spot_allocation == "diversified"
        best = min(many, key=found.count) if spread else min(many, key=each.__getitem__)
        found.append(best)
        units += nodes.instance_types[best].weighted_capacity
    return found


def yarn_mb(name: str) -> float:
    """The memory that YARN has on a node of a type."""
    return TYPES[name].memory_gib * 1024 * YARN_PART
