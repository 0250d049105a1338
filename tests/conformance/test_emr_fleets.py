"""Amazon EMR's task groups, its fleets by weight and strategy, and what protects a cluster."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document.records import Fault
from sandbox.engine import Run
from sandbox.engine.errors import EngineError
from sandbox.engine.why import bars
from tests.conformance import fact
from tests.conformance.clusters import cluster, nodes, now, said, wrong
from tests.simulation import go

API = "Amazon EMR API Reference"
GUIDE = "Amazon EMR Management Guide"
CONFIG = f"{API}: InstanceFleetConfig"
SPOT = f"{API}: SpotProvisioningSpecification"
ON_DEMAND = f"{API}: OnDemandProvisioningSpecification"
PROTECTION = f"{API}: SetTerminationProtection"
ENDING = f"{GUIDE}: Managing Cluster Termination"


def kinds(*given: str | tuple[str, int]) -> list[dict[str, Any]]:
    named = [(one, 1) if isinstance(one, str) else one for one in given]
    return [{"instance_type": name, "weighted_capacity": weight} for name, weight in named]


def fleet(task: dict[str, Any], **more: Any) -> Run:
    """A cluster with a task fleet, there since the day before; its core is one m5.xlarge."""
    return cluster(
        submit=(), seconds=10, collection="fleets", core=nodes(1), task=task, hdfs_data_gb=0.0,
        **more,
    )  # fmt: skip


def types(run: Run) -> dict[str, int]:
    """The task nodes by their type, told apart by the memory that YARN has of each."""
    (drawn,) = (found.bars for found in bars(run, "e") if found.title == "Nodes")
    notes = [bar.note for bar in drawn if bar.note.startswith("task")]
    memory = {"c5.xlarge": "6,144", "m5.xlarge": "12,288", "r5.xlarge": "24,576"}
    return {name: sum(f"of {mb} MB" in note for note in notes) for name, mb in memory.items()}


# ---------------------------------------------------------------- task groups


@fact("A cluster has several task groups beside its core group", source=f"{GUIDE}: Guidelines")
def test_each_task_group_has_a_type_and_a_market_of_its_own() -> None:
    groups = [{"count": 3}, {"instance_type": "c5.xlarge", "market": "on_demand"}]
    run = cluster(submit=(), seconds=10, task=nodes(2), task_groups=groups)
    assert now(run, "task_nodes_running") == 2 + 3 + 2  # a group has two, unless it is told
    assert not wrong(task_groups=groups)
    assert wrong(task_groups=groups, collection="fleets")


@fact("Spot takes back nodes of the task groups on Spot only", source=f"{GUIDE}: Guidelines")
def test_spot_takes_from_the_groups_on_spot() -> None:
    fault = Fault("spot_interruption", "e", 10.0, 20.0, 0.9)
    groups = [{"count": 3}, {"market": "on_demand", "count": 4}]
    run = cluster(submit=(), task_groups=groups, provision_s=7200.0, run={"faults": (fault,)})
    assert now(go(run, 200), "interrupted") == 3
    assert now(run, "task_nodes_running") == 4
    assert now(run, "core_nodes_running") == 2


@fact("Managed scaling takes from the Spot task groups first", source=f"{GUIDE}: Managed scaling")
def test_managed_scaling_sizes_all_task_groups() -> None:
    # nothing to do: least is 3 nodes, of which 2 are core
    groups = [{"market": "on_demand", "count": 2}, {"count": 2}]
    run = cluster(
        submit=(), task=nodes(0), task_groups=groups, seconds=120,
        managed_scaling={"minimum": 3, "maximum": 10},
    )  # fmt: skip
    assert now(run, "nodes_requested") == 3
    assert now(run, "core_nodes_running") == 2
    assert now(run, "task_nodes_running") == 1
    assert "core 2, task 1" in said(run, "managed")[-1]


@fact("Managed scaling keeps within its limits", source=f"{API}: ComputeLimits")
@pytest.mark.parametrize(("gb", "nodes_wanted"), [(0.0, 1), (1000.0, 10)])
def test_managed_scaling_goes_to_its_limits_and_no_further(gb: float, nodes_wanted: int) -> None:
    step = {"input": "s3", "input_gb": max(gb, 1.0)}
    run = cluster(
        step, submit=((1, 1),) if gb else (), managed_scaling={}, hdfs_data_gb=0.0, seconds=120
    )  # fmt: skip
    assert now(run, "nodes_requested") == nodes_wanted


# ---------------------------------------------------------------- weighted capacity


@fact("A fleet launches until its units are fulfilled, even if that exceeds them", source=CONFIG)
@pytest.mark.parametrize(("units", "there"), [(4, 1), (5, 1), (6, 2), (10, 2), (11, 3)])
def test_an_instance_counts_as_its_weight(units: int, there: int) -> None:
    made = fleet({"instance_types": kinds(("m5.2xlarge", 5)), "count": units})
    assert now(made, "task_nodes_running") == there
    for action in ("terminate", "launch"):
        made.control("e", action, {})
        go(made, 20)
    assert now(made, "task_nodes_running") == there


@fact("A fleet that shrinks keeps the instances that its target needs", source=CONFIG)
@pytest.mark.parametrize(("target", "there"), [(11, 3), (10, 2), (6, 2), (5, 1), (1, 1), (0, 0)])
def test_a_fleet_is_not_shrunk_below_its_target(target: int, there: int) -> None:
    run = fleet({"instance_types": kinds(("m5.2xlarge", 5)), "count": 15})
    run.control("e", "resize", {"nodes": "task", "count": target})
    assert now(go(run, 20), "task_nodes_running") == there


@fact("Instances of a group have no weight", source=f"{API}: InstanceTypeConfig")
def test_a_weight_is_for_fleets() -> None:
    core = nodes(2, instance_types=kinds(("m5.xlarge", 2)))
    assert wrong(core=core)
    assert not wrong(core=core, collection="fleets")
    assert wrong(core=core, collection="fleets", managed_scaling={"unit": "instances"})
    assert not wrong(core=core, collection="fleets", managed_scaling={"unit": "fleet_units"})


# ---------------------------------------------------------------- allocation strategies


@fact("On demand a fleet takes the lowest price, or the first priority", source=ON_DEMAND)
@pytest.mark.parametrize(
    ("strategy", "weight", "cost"),
    [("lowest-price", 1, 0.17), ("lowest-price", 2, 0.384), ("prioritized", 1, 0.384)],
)
def test_the_type_on_demand_goes_by_the_strategy(strategy: str, weight: int, cost: float) -> None:
    # m5.2xlarge 0.384, or of two units 0.192 each; c5.xlarge 0.17; with weight 3: 0.128
    types = kinds(("m5.2xlarge", 1 if weight == 1 else 3), "c5.xlarge")
    task = {"instance_types": types, "count": 1, "on_demand_allocation": strategy}
    alone = fleet({"count": 0})
    made = fleet(task)
    fee = 0.096 if cost > 0.3 else 0.043
    more = now(made, "cost_per_hour") - now(alone, "cost_per_hour")
    assert more == pytest.approx(cost + fee, abs=0.008)  # and the storage


def spot(strategy: str, count: int = 6, faults: tuple[Fault, ...] = ()) -> Run:
    types = kinds("m5.xlarge", "c5.xlarge", "r5.xlarge")
    task = {"instance_types": types, "count": 0, "spot_count": count, "spot_allocation": strategy}
    return fleet(task, run={"faults": faults})


@fact("A diversified fleet spreads over all of its Spot pools", source=SPOT)
@pytest.mark.parametrize(
    ("count", "found"), [(2, (1, 1, 0)), (3, (1, 1, 1)), (6, (2, 2, 2)), (7, (3, 2, 2))]
)
def test_a_diversified_fleet_has_as_many_of_each_type(
    count: int, found: tuple[int, int, int]
) -> None:
    there = types(spot("diversified", count))
    assert tuple(there[name] for name in ("m5.xlarge", "c5.xlarge", "r5.xlarge")) == found


@fact("A Spot fleet takes the cheapest type, or the one with the most capacity", source=SPOT)
@pytest.mark.parametrize(
    ("strategy", "chosen"),
    [
        ("lowest-price", "m5.xlarge"),
        ("capacity-optimized", "c5.xlarge"),
        ("capacity-optimized-prioritized", "c5.xlarge"),
        ("price-capacity-optimized", "c5.xlarge"),
    ],
)
def test_the_spot_type_goes_by_the_strategy(strategy: str, chosen: str) -> None:
    assert types(spot(strategy))[chosen] == 6


# ---------------------------------------------------------------- termination protection


@fact("A protected cluster is not terminated by anybody", source=PROTECTION)
@pytest.mark.parametrize("protected", [False, True])
def test_somebody_terminates_a_cluster_unless_it_is_protected(protected: bool) -> None:
    run = cluster(submit=(), seconds=10, termination_protected=protected)
    if protected:
        with pytest.raises(EngineError, match="termination protection"):
            run.control("e", "terminate", {})
    else:
        run.control("e", "terminate", {})
    assert now(go(run, 20), "cluster_state") == (5 if protected else 0)


@fact("A failed step does not terminate a protected cluster that is kept alive", source=ENDING)
@pytest.mark.parametrize(
    ("protected", "lifecycle", "state"),
    [
        (False, "long_running", 1),
        (True, "long_running", 5),
        (False, "transient", 1),
        (True, "transient", 1),
    ],
)
def test_protection_outlives_a_failed_step(protected: bool, lifecycle: str, state: int) -> None:
    step = {"failure_percent": 100.0, "action_on_failure": "TERMINATE_CLUSTER", "input": "s3"}
    run = cluster(
        step, seconds=10, submit=((1, 2),), lifecycle=lifecycle, termination_protected=protected
    )
    for _ in range(100):
        if now(go(run, 10), "steps_failed") > 0:
            break
    assert now(go(run, 10), "cluster_state") == state
    assert now(run, "steps_failed") == 1
    assert now(run, "steps_cancelled") == 1
    assert len(said(run, "protected")) == (state == 5)


@fact("A protected cluster still terminates after its last step", source=PROTECTION)
def test_a_protected_transient_cluster_ends_after_its_steps() -> None:
    run = cluster({"input": "s3"}, lifecycle="transient", termination_protected=True, seconds=900)
    assert now(run, "steps_completed") == 1
    assert now(run, "cluster_state") == 0
    assert len(said(run, "last_step")) == 1
