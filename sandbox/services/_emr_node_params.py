"""The core or task nodes of EMR: their types, how they are bought, what YARN has of them."""

from __future__ import annotations

from typing import Literal

from sandbox.services._instance_types import TYPES, Name
from sandbox.services.params import Parameters, param

GUIDE = "Amazon EMR Management Guide"
NODES_PAGE = f"{GUIDE}: Understand node types in Amazon EMR"
FLEETS = f"{GUIDE}: Planning and configuring instance fleets for your Amazon EMR cluster"
POOLS, KINDS = 5, 5  # POOLS: primary, core and task nodes, each on demand and Spot
MOST_TYPES = 5  # Amazon EMR Management Guide: Planning and configuring instance fleets
MOST_NODES = 200  # assumption: as many of a kind as the law is laid out for
YARN_PART = 0.75  # Amazon EMR Release Guide: Hadoop task configuration, m5.xlarge: 12,288 MB


class Kind(Parameters):
    """An instance type that a group or fleet may launch."""

    instance_type: Name = param("m5.xlarge", "Instance type.", source=FLEETS, basic=True)


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
        2, "Instances of the group; of a fleet those on demand.", ge=0, le=MOST_NODES,
        source=NODES_PAGE, confidence="H", basic=True,
    )  # fmt: skip
    spot_count: int = param(
        0, "Of a fleet: its Spot instances.", ge=0, le=MOST_NODES, source=FLEETS, confidence="H"
    )

    @property
    def counts(self) -> tuple[int, int]:
        """On demand, and Spot."""
        return (0, self.count) if self.market == "spot" else (self.count, self.spot_count)


def yarn_mb(name: str) -> float:
    """The memory that YARN has on a node of a type."""
    return TYPES[name].memory_gib * 1024 * YARN_PART
