"""Instances under everything at once: whatever is done to a group, it comes to rest again."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import numpy as np
import pytest

from sandbox.document import Document
from sandbox.document.records import Fault, Group, Scenario
from sandbox.engine import Run
from sandbox.engine.errors import EngineError
from sandbox.services import catalogue
from sandbox.services._instances import IN_SERVICE, SPOT
from tests.conformance.fleets import BOOT_S, cells, fleet, now, said, serving, when
from tests.simulation import diagram, go

ACTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("stop_instances", {"count": 2}),
    ("impair_instances", {"count": 2}),
    ("terminate_instances", {"count": 1}),
    ("terminate_instances", {"count": 2, "decrement_desired": False}),
    ("detach_instances", {"count": 1, "decrement_desired": False}),
    ("enter_standby", {"count": 1}),
    ("enter_standby", {"count": 2, "decrement_desired": False}),
    ("exit_standby", {"count": 1}),
    ("set_protection", {"count": 2}),
    ("set_protection", {"count": 9, "protected": False}),
    ("complete_lifecycle_action", {}),
    ("complete_lifecycle_action", {"result": "ABANDON"}),
    ("complete_lifecycle_action", {"transition": "terminating"}),
    ("new_launch_version", {}),
    ("start_instance_refresh", {"min_healthy_percentage": 50}),
    ("resize", {"instance_type": "m5.xlarge"}),
    ("resize", {"instance_type": "m5.large", "at_a_time": 3}),
    ("set_desired_capacity", {"value": 2}),
    ("set_desired_capacity", {"value": 7}),
    ("set_desired_capacity", {"value": 10}),
)
SPOTTY = {
    "on_demand_base_capacity": 1,
    "on_demand_percentage_above_base": 40,
    "spot_interruptions_per_month": 0.9,
    "instance_types": [{"instance_type": "m5.large"}, {"instance_type": "c5.large"}],
}
KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "balanced": {"elb": True, "health_check_type": "ELB", "health_check_grace_period_s": 60},
    "spot": SPOTTY,
    "rebalanced": {**SPOTTY, "capacity_rebalance": True, "zone_distribution": "balanced-only"},
    "hooked": {
        "lifecycle_hooks": [
            {"heartbeat_timeout_s": 200, "default_result": "CONTINUE"},
            {"transition": "terminating", "heartbeat_timeout_s": 90},
        ]
    },
    "warm": {"warm_pool": True, "reuse_on_scale_in": True},
    "t2": {"instance_type": "t2.medium", "max_instance_lifetime_s": 90_000},
}


def consistent(run: Run) -> None:
    state = run.program.places[run.program.index["g"]].s[0]
    there = cells(run)
    assert state["in_service"] == np.sum(there["state"] == IN_SERVICE) == now(run, "in_service")
    assert state["level"] >= 0
    assert (there["held"] >= 0).all()
    assert (there["credits"] >= 0).all()
    assert state["owed_usd"] >= 0
    assert now(run, "cost_per_hour") >= 0
    assert state["extra"] <= max(1, 0.1 * state["desired"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_a_group_comes_to_rest_at_its_desired_capacity_whatever_is_done_to_it(kind, seed):
    chance = np.random.default_rng(seed)
    faults = (
        Fault("zone_outage", "a", 500, 900),
        Fault("kill_instances", "g", 1200, 1200, 0.5),
        Fault("zone_outage", "b", 1500, 1800, 0.5),
        Fault("spot_interruption", "g", 2100, 2300, 0.7),
    )
    run = fleet(1, min_size=1, desired_capacity=4, max_size=10, rate=100.0, groups=("a", "b"),
                faults=faults, scenario={"seed": seed}, **KINDS[kind])  # fmt: skip
    for _ in range(80):
        action, args = ACTIONS[chance.integers(len(ACTIONS))]
        with suppress(EngineError):  # refused, in words: nothing happens
            run.control("g", action, args)
        go(run, int(chance.integers(1, 60)))
        consistent(run)
    # protected instances alone are kept beyond the desired capacity
    run.program.places[run.program.index["g"]].cells["protected"] = 0
    for _ in range(120):
        go(run, 60)
        if said_recently(run, "spot_notice", "spot_pool", "lifetime", "refresh"):
            continue
        if now(run, "in_service") == now(run, "desired_capacity") and now(run, "pending") == 0:
            break
    else:
        raise AssertionError(run.events[-20:])
    consistent(run)


def said_recently(run: Run, *kinds: str) -> bool:
    return any(e.t_s > run.t_s - 600 for e in run.events if e.kind in kinds)


def test_two_groups_in_a_zone_lose_the_same_pool_in_the_same_minute() -> None:
    params = {"min_size": 8, "max_size": 8, "on_demand_percentage_above_base": 0,
              "spot_interruptions_per_month": 0.999999}  # fmt: skip
    plain = diagram(dict.fromkeys(("g", "h", "far"), ("auto_scaling_group", params)), [])
    document = Document(
        nodes=plain.nodes.values(),
        groups=[Group("a", "availability_zone", "", ("g", "h")),
                Group("b", "availability_zone", "", ("far",))],
        scenario=Scenario(duration_s=864_000, tick_s=10.0),
    )  # fmt: skip
    run = Run(document, catalogue())
    go(run, 864_000)

    def shocks(node: str) -> list[float]:
        return [e.t_s for e in run.events if e.node == node and e.kind == "spot_pool"]

    assert len(shocks("g")) >= 3
    assert set(shocks("g")) & set(shocks("h"))
    assert not set(shocks("g")) & set(shocks("far"))


def test_the_length_of_the_tick_does_not_change_the_market() -> None:
    def story(tick_s: float) -> list[tuple[str, float]]:
        run = fleet(200_000, min_size=10, max_size=10, on_demand_percentage_above_base=0,
                    spot_interruptions_per_month=0.999999, groups=("a", "b"),
                    scenario={"tick_s": tick_s})  # fmt: skip
        return [(e.text, round(e.t_s / 60)) for e in run.events if e.kind == "spot_pool"]

    assert story(1.0) == story(10.0) != []


def test_another_seed_is_another_market() -> None:
    def story(seed: int) -> list[float]:
        run = fleet(400_000, min_size=10, max_size=10, on_demand_percentage_above_base=0,
                    spot_interruptions_per_month=0.999999, groups=("a", "b"),
                    scenario={"tick_s": 10.0, "seed": seed})  # fmt: skip
        return when(run, "spot_pool")

    assert story(1) == story(1)
    assert story(1) != story(2)


def test_the_network_of_a_small_type_limits_large_answers() -> None:
    # 0.064 Gbps are 8,000 KB/s; 400 KB an answer, all reads: 20/s
    nodes = {
        "c": ("clients", {"rate_per_s": 30.0, "payload_kb": 400.0, "write_fraction": 0.0}),
        "g": ("auto_scaling_group", {"instance_type": "t3.micro", "min_size": 1, "max_size": 1,
              "cpu_time_ms": 1.0, "workers_per_vcpu": 100, "queue_limit": 50}),
    }  # fmt: skip
    run = go(Run(diagram(nodes, ["c.out > g.in"]), catalogue()), 300)
    assert now(run, "served") == pytest.approx(20, rel=0.02)
    assert now(run, "network_utilization") == pytest.approx(1, rel=0.02)
    assert now(run, "utilization") < 0.02


def test_an_edited_type_is_for_new_instances_and_resize_brings_it_to_the_others() -> None:
    params: dict[str, Any] = {"min_size": 2, "max_size": 4, "boot_sigma": 0.0, "boot_median_s": 5.0}
    nodes = {"c": ("clients", {}), "g": ("auto_scaling_group", params)}
    run = go(Run(diagram(nodes, ["c.out > g.in"]), catalogue()), 10)
    params["instance_type"] = "m5.xlarge"
    run.edit(diagram(nodes, ["c.out > g.in"]))
    assert now(go(run, 60), "vcpus") == 4
    run.control("g", "set_desired_capacity", {"value": 3})
    assert now(go(run, 100), "vcpus") == 8
    run.control("g", "resize", {"instance_type": "m5.xlarge"})
    assert now(go(run, 400), "vcpus") == 12


def test_spot_shares_follow_the_group_and_the_bars_say_who_is_spot() -> None:
    run = fleet(1, min_size=4, max_size=4, on_demand_percentage_above_base=50,
                spot_interruptions_per_month=0.0)  # fmt: skip
    assert int(np.sum(serving(run)["market"] == SPOT)) == now(run, "spot_instances") == 2
    bars = catalogue()["auto_scaling_group"].bars[0]
    place = run.program.places[run.program.index["g"]]
    notes = bars.note(place.p[0], place.s[0], None, cells(run))
    assert notes == ["m5.large, zone 1"] * 2 + ["m5.large, zone 1, spot"] * 2


def test_a_boot_that_is_cancelled_leaves_nothing_behind() -> None:
    run = fleet(1, min_size=1, max_size=4)
    run.control("g", "set_desired_capacity", {"value": 4})
    go(run, BOOT_S / 2)
    run.control("g", "set_desired_capacity", {"value": 1})
    go(run, 2)
    assert len(cells(run)) == 1
    assert now(run, "cost_per_hour") == pytest.approx(0.096)
    assert not said(run, "launch_failed")


def test_an_impaired_instance_in_a_zone_that_fails_is_accounted_for() -> None:
    run = fleet(500, min_size=4, max_size=4, rate=100.0, groups=("a", "b"),
                faults=(Fault("zone_outage", "a", 500, 900),))  # fmt: skip
    run.control("g", "impair_instances", {"count": 2})
    go(run, 600)  # the balance is checked
    assert now(run, "in_service") == 4
