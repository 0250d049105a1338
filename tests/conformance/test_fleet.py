"""The instances of an Auto Scaling group obey what AWS says of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sandbox.document.records import Fault
from sandbox.engine.errors import EngineError
from sandbox.services import catalogue
from sandbox.services._instances import IN_SERVICE, ON_DEMAND, SPOT
from tests.conformance import fact
from tests.conformance.fleets import (
    BOOT_S,
    by_zone,
    cells,
    fleet,
    now,
    said,
    seconds_until,
    serving,
    when,
)
from tests.simulation import go, simulate

API = "EC2 Auto Scaling API: CreateAutoScalingGroup"
GRACE = "EC2 Auto Scaling user guide: Set the health check grace period"
CHECKS = "EC2 Auto Scaling user guide: Health checks for Auto Scaling instances"
TERMINATION = "EC2 Auto Scaling user guide: Control which instances terminate during scale in"
ZONES = "EC2 Auto Scaling user guide: Rebalancing activities"
DISTRIBUTION = "EC2 Auto Scaling API: AvailabilityZoneDistribution"
HOOK = "EC2 Auto Scaling API: LifecycleHookSpecification"
HOOKS = "EC2 Auto Scaling user guide: How lifecycle hooks work"
POOL = "EC2 Auto Scaling API: PutWarmPool"
WARM = "EC2 Auto Scaling user guide: Warm pools"
MIXED = "EC2 Auto Scaling API: InstancesDistribution"
REBALANCING = "EC2 Auto Scaling user guide: Capacity Rebalancing"
NOTICE = "Amazon EC2 user guide: Spot Instance interruption notices"
TEMPLATES = "EC2 Auto Scaling user guide: Launch templates"
BOOT = "https://www.daemonology.net/blog/2021-08-12-EC2-boot-time-benchmarking.html"
PRICES = "Amazon EC2 on-demand pricing, Linux, us-east-1"
CREDITS = "Amazon EC2 user guide: Key concepts for burstable performance instances"
ON_CREDIT = "Amazon EC2 user guide: Unlimited mode for burstable performance instances"
STANDARD = "Amazon EC2 user guide: Standard mode for burstable performance instances"
DRAIN = "Application Load Balancers user guide: Target groups for your load balancers"


def wrong(**params: Any) -> str:
    """What the catalogue says against parameters; "" if nothing."""
    return " ".join(text for _, text in catalogue().check_params("auto_scaling_group", params))


# ---------------------------------------------------------------- 1.1 the group


@fact("Desired capacity that is not given is the minimum size", source=API)
def test_a_group_begins_with_its_minimum():
    assert now(fleet(1, min_size=3, max_size=9), "desired_capacity") == 3
    assert now(fleet(1, min_size=3, max_size=9, desired_capacity=4), "desired_capacity") == 4


@fact("Desired capacity lies between the minimum and the maximum size", source=API)
def test_a_desired_capacity_outside_the_sizes_is_refused():
    assert not wrong(min_size=2, max_size=4, desired_capacity=2)
    assert not wrong(min_size=2, max_size=4, desired_capacity=4)
    assert "must hold" in wrong(min_size=2, max_size=4, desired_capacity=1)
    assert "must hold" in wrong(min_size=2, max_size=4, desired_capacity=5)


@fact("A maximum instance lifetime is at least a day, 86,400 s, and off by default", source=API)
def test_a_lifetime_below_a_day_is_refused():
    assert not wrong(max_instance_lifetime_s=0)
    assert not wrong(max_instance_lifetime_s=86_400)
    assert "86,400" in wrong(max_instance_lifetime_s=86_399)
    assert catalogue().defaults("auto_scaling_group")["max_instance_lifetime_s"] == 0


@fact("Instances older than the maximum lifetime are replaced", source=API)
def test_instances_past_their_lifetime_go_one_tenth_at_a_time():
    # they are a day old at the start, so a day and 300 s are over after 300 s
    run = fleet(299, min_size=3, max_size=3, max_instance_lifetime_s=86_700)
    assert not said(run, "lifetime")
    go(run, 2)
    assert "1 older than the maximum instance lifetime of 86,700 s" in said(run, "lifetime")[0]
    go(run, 600)
    assert len(said(run, "lifetime")) == 3
    assert now(run, "in_service") == 3


@fact(
    "Early in 2020 an account had 1,152 vCPUs of the standard families on demand",
    source="Amazon EC2 user guide: On-Demand Instance limits",
)
def test_the_thirteenth_m5_24xlarge_exceeds_the_quota_of_vcpus():
    big = {"instance_type": "m5.24xlarge", "min_size": 0, "max_size": 20}  # 96 vCPUs
    run = fleet(1, **big)
    run.control("g", "set_desired_capacity", {"value": 12})  # 1,152 vCPUs
    assert now(go(run, 100), "in_service") == 12
    assert not said(run, "launch_failed")
    run.control("g", "set_desired_capacity", {"value": 13})
    assert now(go(run, 100), "in_service") == 12
    assert (
        "1152 vCPUs run and 96 more would exceed the account's quota of 1152"
        in (said(run, "launch_failed")[0])
    )


def test_a_launch_that_failed_is_tried_again_later_each_time():
    run = fleet(1, min_size=1, max_size=4, vcpu_quota=2)
    run.control("g", "set_desired_capacity", {"value": 2})
    go(run, 1000)
    gaps = np.diff(when(run, "launch_failed"))
    assert list(gaps[:5]) == [15, 30, 60, 120, 240]
    assert max(gaps) == 300
    run.control("g", "set_desired_capacity", {"value": 1})
    assert now(go(run, 10), "pending") == 0


# ---------------------------------------------------------------- 1.6, 1.7 health

SLOW = {"min_size": 1, "max_size": 4, "health_check_type": "ELB", "app_start_s": 200.0}


def added(seconds, **params):
    run = fleet(1, elb=True, **{**SLOW, **params})
    run.control("g", "set_desired_capacity", {"value": 2})
    return go(run, seconds)


@fact("The grace period is 0 s by the API and 300 s in the console", source=GRACE)
def test_without_grace_a_slow_application_is_replaced_for_ever_and_with_300_s_it_is_not():
    info = {i.name: i for i in catalogue()["auto_scaling_group"].parameters()}
    assert info["health_check_grace_period_s"].default == 0
    field = catalogue()["auto_scaling_group"].params.model_fields["health_check_grace_period_s"]
    assert field.json_schema_extra["console"] == 300
    loop = added(3600)
    assert now(loop, "in_service") == 1
    # boot 20 s, two looks 30 s apart, the next minute: a new one every two minutes
    assert 20 <= len(said(loop, "unhealthy")) <= 60
    assert not said(added(900, health_check_grace_period_s=300), "unhealthy")
    assert now(added(900, health_check_grace_period_s=300), "in_service") == 2


@fact("The grace period begins when the instance is InService, not when it is launched",
      source=GRACE)  # fmt: skip
def test_the_grace_period_counts_from_running():
    # launched at 1, running at 21; never ready; the check at 240 is within 220 s of grace, and
    # that at 300 beyond; with 219 s the one at 240 is
    for grace, at in ((219, 239), (220, 299)):
        run = added(400, app_start_s=5000.0, health_check_grace_period_s=grace)
        assert when(run, "unhealthy")[0] == at


@fact("An instance that leaves running is replaced at once, even within its grace period",
      source=CHECKS)  # fmt: skip
def test_grace_does_not_keep_a_stopped_instance():
    run = fleet(61, elb=True, min_size=2, max_size=2, health_check_grace_period_s=86_400)
    run.control("g", "stop_instances", {"count": 1})
    go(run, 60)
    assert len(said(run, "lost")) == 1
    assert now(run, "pending") == 1


@fact("ELB health is ignored unless the health check type says ELB", source=API)
def test_by_default_the_balancers_verdict_replaces_nobody():
    run = added(3600, health_check_type="EC2")
    assert not said(run, "unhealthy")
    assert now(run, "in_service") == 2


@fact("An impaired instance is replaced after some minutes, one that stops at once", source=CHECKS)
def test_an_impaired_instance_is_replaced_minutes_later():
    run = fleet(60, min_size=10, max_size=10, rate=100.0)
    run.control("g", "impair_instances", {"count": 1})
    assert now(go(run, 2), "failed") == pytest.approx(10)  # nobody takes it out of rotation
    go(run, 177)
    assert not said(run, "unhealthy")
    go(run, 2)
    assert "1 impaired: terminated first" in said(run, "unhealthy")[0]
    assert now(go(run, 60), "in_service") == 10


def test_the_balancer_takes_an_impaired_instance_out_after_two_looks():
    run = fleet(60, elb=True, min_size=10, max_size=10, rate=100.0, health_check_type="ELB")
    run.control("g", "impair_instances", {"count": 1})
    assert now(go(run, 59), "failed") == pytest.approx(10)
    assert now(go(run, 2), "failed") == 0.0
    assert len(said(go(run, 60), "unhealthy")) == 1  # and with ELB checks the group follows


@fact("Desired capacity lies between the minimum and the maximum size", source=API)
def test_a_group_has_four_instances_at_most_unless_it_is_told():
    run = fleet(1)
    run.control("g", "set_desired_capacity", {"value": 4})
    with pytest.raises(EngineError, match="1 to 4"):
        run.control("g", "set_desired_capacity", {"value": 5})


@fact("A target is looked at every 30 s, and is unhealthy after 2 failed looks, by default",
      source="Elastic Load Balancing: Health checks for target groups")  # fmt: skip
def test_the_balancer_looks_twice_in_a_minute():
    run = fleet(60, elb=True, min_size=10, max_size=10, rate=100.0)
    run.control("g", "impair_instances", {"count": 1})
    assert "the balancer finds out in 60 s" in run.events[-1].text
    slow = fleet(60, elb=True, min_size=10, max_size=10, health_check_interval_s=31)
    slow.control("g", "impair_instances", {"count": 1})
    assert "the balancer finds out in 62 s" in slow.events[-1].text


@fact("An unhealthy instance is terminated first and replaced then", source=CHECKS)
def test_the_capacity_dips_when_an_unhealthy_one_is_replaced():
    run = fleet(60, min_size=4, max_size=4)
    run.control("g", "impair_instances", {"count": 1})
    go(run, 300)
    counts = run.series("g", "in_service")[2]
    assert counts.min() == 3
    assert now(run, "in_service") == 4
    fault_s, launched_s = when(run, "unhealthy")[0], when(run, "launched")[-1]
    assert launched_s >= fault_s


def batches(size, sick, seconds=1200, era="current"):
    run = fleet(60, min_size=size, max_size=size, scenario={"era": era})
    run.control("g", "impair_instances", {"count": sick})
    go(run, seconds)
    return [int(text.split("Health check: ")[1].split()[0]) for text in said(run, "unhealthy")]


@fact("At most 10 % of the desired capacity, or one, is replaced at a time", source=CHECKS)
def test_unhealthy_instances_are_replaced_a_tenth_at_a_time():
    assert batches(20, 5) == [2, 2, 1]
    assert batches(19, 3) == [1, 1, 1]
    assert batches(30, 7) == [3, 3, 1]
    assert batches(20, 5, era="2020") == [5]


@fact("Replacement waits while the group is 10 % or more under its desired capacity",
      source=CHECKS)  # fmt: skip
def test_the_next_batch_waits_until_the_last_is_in_service_and_warm():
    run = fleet(60, min_size=10, max_size=10, default_instance_warmup_s=400)
    run.control("g", "impair_instances", {"count": 2})
    go(run, 1500)
    first, second = when(run, "unhealthy")
    # running 20 s after the launch that follows, then 400 s warm, then the next minute
    assert 420 <= second - first <= 540
    quick = fleet(60, min_size=10, max_size=10, default_instance_warmup_s=0)
    quick.control("g", "impair_instances", {"count": 2})
    first, second = when(go(quick, 1500), "unhealthy")
    assert second - first == 60


@fact("When all instances are unhealthy, fewer are replaced at once", source=CHECKS)
def test_a_group_that_is_unhealthy_as_a_whole_is_replaced_with_care():
    assert batches(20, 20)[0] == 1
    assert batches(20, 19)[0] == 2


@fact("Before an unhealthy instance is terminated it is deregistered, 300 s at most by default",
      source=CHECKS)  # fmt: skip
def test_a_replacement_starts_when_the_old_one_has_drained():
    long = {"cpu_time_ms": 1.0, "wait_time_ms": 60_000.0, "workers_per_vcpu": 1000}
    run = fleet(299, min_size=2, max_size=2, max_instance_lifetime_s=86_700, **long)
    go(run, 1200)
    retired, launched = when(run, "lifetime")[0], when(run, "launched")[0]
    assert 299 <= launched - retired <= 302  # e^-5 of them are still there after 300 s
    assert run.losses("g")["cut_off"][1] > 1


# ---------------------------------------------------------------- 1.8 termination, zones


def left_after(scale_in_to, **params):
    """Instances by the order of their launch that stay; launched 100 s apart, after the first."""
    run = fleet(1, min_size=1, max_size=8, **params)
    for size in (2, 3, 4):
        run.control("g", "set_desired_capacity", {"value": size})
        go(run, 100)
    run.control("g", "set_desired_capacity", {"value": scale_in_to})
    go(run, 2)
    return sorted(serving(run)["draw"].tolist())


@fact("OldestInstance and NewestInstance terminate what their names say", source=TERMINATION)
def test_the_oldest_or_the_newest_goes():
    assert left_after(2, termination_policy="OldestInstance") == [3, 4]
    assert left_after(2, termination_policy="NewestInstance") == [1, 2]


@fact("ClosestToNextInstanceHour terminates the one closest to its next hour", source=TERMINATION)
def test_the_one_next_to_its_hour_goes():
    # the first has run a whole day, so 302 s of its hour are over; the others less
    assert left_after(3, termination_policy="ClosestToNextInstanceHour") == [2, 3, 4]
    assert left_after(2, termination_policy="ClosestToNextInstanceHour") == [3, 4]


def with_versions(policy, **params):
    """Two old instances of version 1 and one of version 2, which is closest to its next hour."""
    run = fleet(1, min_size=2, max_size=8, termination_policy=policy, **params)
    run.control("g", "new_launch_version", {})
    run.control("g", "set_desired_capacity", {"value": 3})
    go(run, 3609)  # the first two have begun another hour, the third is about to
    run.control("g", "set_min_size", {"value": 1})
    run.control("g", "set_desired_capacity", {"value": 2})
    go(run, 2)
    return sorted(serving(run)["version"].tolist())


@fact("Default takes the oldest launch template or configuration first, then the next hour",
      source=TERMINATION)  # fmt: skip
def test_the_oldest_version_goes_before_the_one_next_to_its_hour():
    assert with_versions("Default") == [1, 2]
    assert with_versions("OldestLaunchTemplate") == [1, 2]
    assert with_versions("ClosestToNextInstanceHour") == [1, 1]
    configuration = {"launch_source": "launch_configuration"}
    assert with_versions("OldestLaunchConfiguration", **configuration) == [1, 2]
    # equal in version: the one closest to its hour, which is the last launched
    assert left_after(3) == [2, 3, 4]


@fact("The zone with the most instances is chosen before any policy", source=TERMINATION)
def test_scale_in_takes_from_the_fullest_zone():
    run = fleet(1, min_size=1, max_size=9, desired_capacity=5, groups=("a", "b"),
                termination_policy="OldestInstance")  # fmt: skip
    assert by_zone(run) == [3, 2]
    run.control("g", "set_desired_capacity", {"value": 4})
    assert by_zone(go(run, 2)) == [2, 2]
    run.control("g", "set_desired_capacity", {"value": 2})
    assert by_zone(go(run, 2)) == [1, 1]


@fact("Launches go to the zone with the fewest instances", source=ZONES)
def test_launches_even_out_the_zones():
    run = fleet(1, min_size=1, max_size=9, groups=("a", "b", "c"))
    run.control("g", "set_desired_capacity", {"value": 7})
    assert sorted(by_zone(go(run, 60))) == [2, 2, 3]


@fact("An instance protected from scale-in is not terminated by scale-in", source=TERMINATION)
def test_protection_holds_against_scale_in():
    run = fleet(1, min_size=0, max_size=4, desired_capacity=3)
    run.control("g", "set_protection", {"count": 2, "protected": True})
    run.control("g", "set_desired_capacity", {"value": 0})
    assert now(go(run, 30), "in_service") == 2
    assert "but all 2 in service are protected" in said(run, "scale_in_refused")[0]
    run.control("g", "set_protection", {"count": 1, "protected": False})
    assert now(go(run, 5), "in_service") == 1


@fact("Scale-in protection does not save from replacement when unhealthy", source=TERMINATION)
def test_protection_does_not_hold_against_health_checks():
    run = fleet(1, min_size=2, max_size=2, new_instances_protected=True)
    assert serving(run)["protected"].all()
    run.control("g", "impair_instances", {"count": 1})
    assert len(said(go(run, 300), "unhealthy")) == 1


@fact("Scale-in protection does not save from spot interruption", source=TERMINATION)
def test_protection_does_not_hold_against_the_spot_market():
    run = spot(2, new_instances_protected=True, faults=(taken(2.0, 10),))
    assert now(go(run, 140), "in_service") == 0


def zone_fails(seconds, size, most, **params):
    """Two zones, one of which is out from 60 s to 600 s."""
    return fleet(seconds, min_size=1, desired_capacity=size, max_size=most, groups=("a", "b"),
                 faults=(Fault("zone_outage", "a", 60, 600),), **params)  # fmt: skip


@fact("When a zone fails, launches go to the others (balanced-best-effort, the default)",
      source=DISTRIBUTION)  # fmt: skip
def test_a_group_replaces_a_failed_zone_in_the_other():
    run = zone_fails(62, 4, 4)
    assert by_zone(run) == [0, 2]
    assert now(go(run, 200), "in_service") == 4
    assert by_zone(run) == [0, 4]


@fact("balanced-only goes on trying in the zone that fails", source=DISTRIBUTION)
def test_balanced_only_stays_short_until_the_zone_is_back():
    run = zone_fails(590, 4, 4, zone_distribution="balanced-only")
    assert now(run, "in_service") == 2
    assert "failed in zone 1, which is out; balanced-only" in said(run, "launch_failed")[0]
    go(run, 400)
    assert by_zone(run) == [2, 2]
    old = zone_fails(590, 4, 4, zone_distribution="balanced-only", scenario={"era": "2020"})
    assert now(old, "in_service") == 4  # it came in 2024


@fact("Rebalancing launches before it terminates, past the maximum by 10 % or one", source=ZONES)
def test_zones_even_out_without_a_dip_and_by_one_beyond_the_maximum():
    for size, most in ((4, 5), (19, 20), (20, 22)):
        run = zone_fails(599, size, size)
        assert now(run, "in_service") == size
        go(run, 3000)
        low = run.series("g", "in_service", t0=620, points=5000)[2]
        assert low.min() == size
        assert size + run.series("g", "pending", t0=620, points=5000)[3].max() == most
        assert max(by_zone(run)) - min(by_zone(run)) <= 1
        assert said(run, "rebalancing")


def test_a_group_outside_all_zones_has_as_many_as_its_parameter_says():
    assert by_zone(fleet(1, min_size=6, max_size=6)) == [6]
    assert by_zone(fleet(1, min_size=6, max_size=6, zones=3)) == [2, 2, 2]


# ---------------------------------------------------------------- 1.9 lifecycle hooks


def hooked(seconds, transition="launching", **hook):
    run = fleet(1, min_size=1, max_size=3,
                lifecycle_hooks=[{"transition": transition, **hook}])  # fmt: skip
    run.control("g", "set_desired_capacity", {"value": 2})
    return go(run, seconds)


@fact("A lifecycle hook waits 3,600 s by default, then ABANDON", source=HOOK)
def test_a_launch_that_nobody_completes_is_abandoned_after_an_hour_and_tried_again():
    run = hooked(BOOT_S + 3599)
    assert now(run, "pending") == 1
    assert not said(run, "hook_abandoned")
    go(run, 2)
    assert "no CONTINUE within 3,600 s, so ABANDON: 1 terminated" in said(run, "hook_abandoned")[0]
    assert now(run, "pending") == 1  # the next try
    assert len(when(run, "launched")) == 2


@fact("A heartbeat timeout is 30 s to 7,200 s", source=HOOK)
def test_a_heartbeat_outside_its_range_is_refused():
    def hook(seconds):
        return wrong(lifecycle_hooks=[{"heartbeat_timeout_s": seconds}])

    assert not hook(30)
    assert not hook(7200)
    assert "30" in hook(29)
    assert "7200" in hook(7201)


@fact("CONTINUE puts the instance in service, by default after the timeout or when completed",
      source=HOOKS)  # fmt: skip
def test_continue_lets_the_instance_in():
    late = hooked(BOOT_S + 100, heartbeat_timeout_s=101, default_result="CONTINUE")
    assert now(late, "in_service") == 1
    assert now(go(late, 2), "in_service") == 2
    early = hooked(BOOT_S + 50, heartbeat_timeout_s=3600)
    early.control("g", "complete_lifecycle_action", {})
    assert now(go(early, 1), "in_service") == 2  # its application started meanwhile
    script = hooked(BOOT_S + 39, completes_after_s=40.0)
    assert now(script, "in_service") == 1
    assert now(go(script, 2), "in_service") == 2


@fact("On termination both results continue, and the wait is billed", source=HOOKS)
def test_a_termination_hook_holds_an_instance_that_has_drained_and_bills_it():
    hook = {"transition": "terminating", "heartbeat_timeout_s": 100}
    run = fleet(1, min_size=1, max_size=3, desired_capacity=2, lifecycle_hooks=[hook])
    run.control("g", "set_desired_capacity", {"value": 1})
    go(run, 95)
    assert now(run, "terminating") == 1
    assert now(run, "in_service") == 1
    assert now(run, "cost_per_hour") == pytest.approx(2 * 0.096)
    go(run, 10)
    assert now(run, "terminating") == 0
    assert now(run, "cost_per_hour") == pytest.approx(0.096)


# ---------------------------------------------------------------- 1.10 warm pools

PREPARED = {"min_size": 1, "max_size": 6, "desired_capacity": 2, "warm_pool": True}


@fact("A warm pool holds the maximum size less the desired capacity", source=WARM)
def test_the_pool_makes_up_the_maximum():
    run = fleet(1, **PREPARED)
    assert now(run, "warm_pool_size") == 4
    run.control("g", "set_desired_capacity", {"value": 5})
    go(run, 300)
    assert now(run, "in_service") == 5
    assert now(run, "warm_pool_size") == 1


@fact("MaxGroupPreparedCapacity takes the place of the maximum; the minimum size is 0", source=POOL)
def test_the_prepared_capacity_sizes_the_pool():
    assert now(fleet(1, max_group_prepared_capacity=3, **PREPARED), "warm_pool_size") == 1
    assert now(fleet(1, max_group_prepared_capacity=2, **PREPARED), "warm_pool_size") == 0
    least = fleet(1, max_group_prepared_capacity=2, warm_pool_min_size=2, **PREPARED)
    assert now(least, "warm_pool_size") == 2
    assert catalogue().defaults("auto_scaling_group")["warm_pool_min_size"] == 0


@fact("The instances of a warm pool are stopped by default, and cost their volumes", source=WARM)
def test_a_stopped_pool_costs_its_volumes_a_running_one_its_instances():
    assert catalogue().defaults("auto_scaling_group")["warm_pool_state"] == "Stopped"
    volume = 8 * 0.08 / 730
    stopped = fleet(1, volume_gb=8.0, **PREPARED)
    assert now(stopped, "cost_per_hour") == pytest.approx(2 * 0.096 + 6 * volume)
    running = fleet(1, volume_gb=8.0, warm_pool_state="Running", **PREPARED)
    assert now(running, "cost_per_hour") == pytest.approx(6 * 0.096 + 6 * volume)
    # m5.large: 8 GiB of memory are kept on the volume
    hibernated = fleet(1, volume_gb=8.0, warm_pool_state="Hibernated", **PREPARED)
    assert now(hibernated, "cost_per_hour") == pytest.approx(2 * 0.096 + 10 * volume)


@fact("By default scale-in terminates and a fresh instance is prepared; reuse is optional",
      source=WARM)  # fmt: skip
def test_reuse_puts_instances_back_into_the_pool():
    reuse = fleet(1, reuse_on_scale_in=True, **PREPARED)
    fresh = fleet(1, **PREPARED)
    for run in (reuse, fresh):
        run.control("g", "set_desired_capacity", {"value": 1})
    assert now(go(reuse, 10), "warm_pool_size") == 5
    assert now(go(fresh, 10), "warm_pool_size") == 4
    assert now(go(fresh, 120), "warm_pool_size") == 5
    assert not said(reuse, "warm_pool")
    assert "launched 1 to hold 5" in said(fresh, "warm_pool")[0]


def test_a_prepared_instance_is_there_sooner():
    def wait(**params):
        run = fleet(1, **{**PREPARED, "app_start_s": 200.0, **params})
        run.control("g", "set_desired_capacity", {"value": 3})
        return seconds_until(run, "in_service", 3, 400)

    assert wait(warm_pool=False) == pytest.approx(BOOT_S + 200, abs=2)
    assert wait() == pytest.approx(30 + 10, abs=2)  # starts, and its application again
    assert wait(warm_pool_state="Hibernated") == pytest.approx(30, abs=2)
    assert wait(warm_pool_state="Running") <= 2


def test_there_was_no_warm_pool_in_2020():
    run = fleet(1, scenario={"era": "2020"}, **PREPARED)
    assert now(run, "warm_pool_size") == 0
    assert any("no warm pools until April 2021" in e.text for e in run.events)


# ---------------------------------------------------------------- 1.11 mixed instances, spot


def spot(n, *, seconds=0.0, faults=(), **params):
    """A group that is all spot, and never interrupted by chance."""
    given = {"min_size": n, "max_size": n + 2, "on_demand_percentage_above_base": 0,
             "spot_interruptions_per_month": 0.0, **params}  # fmt: skip
    return fleet(seconds, faults=faults, **given)


def taken(amount, at, end=None):
    return Fault("spot_interruption", "g", at, at if end is None else end, amount)


def bought(run):
    there = cells(run)
    return int(np.sum(there["market"] == ON_DEMAND)), int(np.sum(there["market"] == SPOT))


@fact("Without a distribution all is on demand: base 0, 100 % above it", source=MIXED)
def test_by_default_nothing_is_spot():
    defaults = catalogue().defaults("auto_scaling_group")
    assert defaults["on_demand_base_capacity"] == 0
    assert defaults["on_demand_percentage_above_base"] == 100
    assert bought(fleet(1, min_size=5, max_size=5)) == (5, 0)


@fact("The percentage on demand above the base is rounded up", source=MIXED)
@pytest.mark.parametrize(
    ("base", "percent", "size", "on_demand"),
    [(0, 50, 4, 2), (0, 50, 5, 3), (2, 25, 6, 3), (2, 25, 7, 4), (10, 0, 4, 4), (1, 0, 4, 1)],
)
def test_on_demand_is_the_base_and_a_share_rounded_up(base, percent, size, on_demand):
    mix = {"on_demand_base_capacity": base, "on_demand_percentage_above_base": percent,
           "spot_interruptions_per_month": 0.0}  # fmt: skip
    assert bought(fleet(1, min_size=size, max_size=9, **mix)) == (on_demand, size - on_demand)
    grown = fleet(1, min_size=0, max_size=9, **mix)
    grown.control("g", "set_desired_capacity", {"value": size})
    assert bought(go(grown, 60)) == (on_demand, size - on_demand)


def test_scale_in_keeps_the_shares():
    mix = {"on_demand_base_capacity": 1, "on_demand_percentage_above_base": 50,
           "spot_interruptions_per_month": 0.0}  # fmt: skip
    run = fleet(1, min_size=1, desired_capacity=7, max_size=9, **mix)
    assert bought(run) == (4, 3)
    run.control("g", "set_desired_capacity", {"value": 3})
    assert bought(go(run, 60)) == (2, 1)


TYPES = [{"instance_type": t} for t in ("m5.large", "c5.large", "t3.large", "r5.large")]


@fact("Lowest-price is the default, spread over two pools", source=MIXED)
def test_lowest_price_spreads_over_the_two_cheapest():
    assert catalogue().defaults("auto_scaling_group")["spot_allocation_strategy"] == "lowest-price"
    run = spot(0, max_size=9, instance_types=TYPES)
    run.control("g", "set_desired_capacity", {"value": 6})
    go(run, 60)
    # t3.large 0.0832 × 0.38 = 0.0316, m5.large 0.096 × 0.34 = 0.0326, c5.large 0.0349
    assert now(run, "cost_per_hour") == pytest.approx(3 * 0.0832 * 0.38 + 3 * 0.096 * 0.34)
    three = spot(0, max_size=9, instance_types=TYPES, spot_instance_pools=3)
    three.control("g", "set_desired_capacity", {"value": 6})
    assert len(set(serving(go(three, 60))["kind"])) == 3


@fact("capacity-optimized takes the pool with most capacity, price-capacity-optimized the "
      "cheapest of those", source=MIXED)  # fmt: skip
def test_other_strategies_look_at_interruptions():
    def price(strategy, **scenario):
        run = spot(0, max_size=9, instance_types=TYPES, spot_allocation_strategy=strategy,
                   spot_interruptions_per_month=None, scenario=scenario)  # fmt: skip
        run.control("g", "set_desired_capacity", {"value": 1})
        return now(go(run, 60), "cost_per_hour")

    # c5.large and r5.large are interrupted least, t3.large a bucket more and is cheaper
    assert price("capacity-optimized") == pytest.approx(0.085 * 0.41)
    assert price("price-capacity-optimized") == pytest.approx(0.0832 * 0.38)
    assert price("price-capacity-optimized", era="2020") == pytest.approx(0.085 * 0.41)


@fact("On demand, types are prioritized in their order by default", source=MIXED)
def test_on_demand_takes_the_first_type_or_the_cheapest():
    first = fleet(1, min_size=1, max_size=1, instance_types=TYPES)
    assert now(first, "cost_per_hour") == pytest.approx(0.096)
    cheap = fleet(1, min_size=1, max_size=1, instance_types=TYPES,
                  on_demand_allocation_strategy="lowest-price")  # fmt: skip
    assert now(cheap, "cost_per_hour") == pytest.approx(0.0832)


@fact("The most paid for spot is the price on demand, unless it is set", source=MIXED)
def test_a_maximum_below_the_market_gets_nothing():
    price = 0.096 * 0.34

    def got(most):
        run = spot(0, max_size=2, spot_max_price_usd=most)
        run.control("g", "set_desired_capacity", {"value": 1})
        return now(go(run, 60), "in_service"), said(run, "launch_failed")

    assert got(None)[0] == 1
    assert got(price + 1e-6)[0] == 1
    assert got(price - 1e-6)[0] == 0
    assert "InsufficientInstanceCapacity" in got(price - 1e-6)[1][0]


@fact("A spot instance is taken away two minutes after its notice", source=NOTICE)
def test_an_interrupted_instance_is_gone_after_120_s():
    run = spot(4, seconds=100, faults=(taken(1.0, 100),))
    go(run, 119)
    assert now(run, "in_service") == 4
    assert now(go(run, 2), "in_service") == 3
    assert when(run, "spot_interrupted") == [220]
    assert "1 will be taken away in 120 s" in said(run, "spot_notice")[0]


@fact("Without capacity rebalancing an interrupted instance is replaced when it is gone and has "
      "failed its check", source=REBALANCING)  # fmt: skip
def test_off_the_replacement_comes_after_the_interruption():
    assert not catalogue().defaults("auto_scaling_group")["capacity_rebalance"]
    run = spot(2, seconds=900, faults=(taken(1.0, 100),))
    assert when(run, "spot_interrupted") == [220]
    assert when(run, "lost") == [239]
    assert when(run, "launched")[0] == 240


@fact("With capacity rebalancing the replacement is launched at the signal, and the old one leaves "
      "when it is healthy", source=REBALANCING)  # fmt: skip
def test_on_the_replacement_comes_first():
    def short(on):
        run = spot(20, seconds=864_000, capacity_rebalance=on, spot_interruptions_per_month=0.999,
                   groups=("a", "b"), scenario={"tick_s": 10.0})  # fmt: skip
        assert said(run, "spot_pool")
        return 20 - run.history.summary("g", "in_service")["mean"], run

    missed, _ = short(False)
    covered, run = short(True)
    assert covered < 0.7 * missed
    assert said(run, "replaced")


def test_the_old_era_knew_no_rebalancing():
    run = spot(2, seconds=400, capacity_rebalance=True, faults=(taken(1.0, 100),),
               scenario={"era": "2020"})  # fmt: skip
    assert when(run, "lost") == [239]
    assert any("no capacity rebalancing until November 2020" in e.text for e in run.events)


LONG = {"cpu_time_ms": 1.0, "wait_time_ms": 60_000.0, "workers_per_vcpu": 1000}


@fact("Two minutes' notice ends a drain of 300 s early", source=NOTICE)
def test_spot_with_a_drain_of_300_s_loses_requests():
    def cut(delay):
        run = spot(2, seconds=600, faults=(taken(1.0, 600),), drain_on_notice=True,
                   deregistration_delay_s=delay, rate=20.0, **LONG)  # fmt: skip
        held = now(run, "in_flight") / 2  # 600
        go(run, 400)
        return run.losses("g")["cut_off"][1] / held

    assert cut(300) == pytest.approx(math.exp(-120 / 60), rel=0.03)  # not e^-5
    assert cut(120) == pytest.approx(cut(300))
    assert cut(119) > cut(120)
    alone = fleet(600, min_size=1, max_size=2, desired_capacity=2, rate=20.0, **LONG)
    alone.control("g", "set_desired_capacity", {"value": 1})
    go(alone, 400)
    assert alone.losses("g")["cut_off"][1] == pytest.approx(600 * math.exp(-5), rel=0.1)


@fact("A target drains for 300 s at most, unless it is told", source="Elastic Load Balancing: "
      "Edit target group attributes, deregistration delay")  # fmt: skip
def test_a_drain_ends_after_five_minutes():
    def cut(**given):
        run = fleet(600, min_size=1, max_size=2, desired_capacity=2, rate=20.0, **LONG, **given)
        run.control("g", "set_desired_capacity", {"value": 1})
        return go(run, 400).losses("g")["cut_off"][1]

    assert cut() == cut(deregistration_delay_s=300) > cut(deregistration_delay_s=301)


def test_what_nobody_drains_is_lost_with_the_instance():
    run = spot(2, seconds=600, faults=(taken(1.0, 600),), rate=20.0, **LONG)
    go(run, 400)
    # all that it held, and what still came to it until the health check
    assert run.losses("g")["stopped"][1] >= 600
    assert run.losses("g")["cut_off"][1] == 0


def test_while_the_fault_lasts_there_is_no_spot_capacity():
    run = spot(2, seconds=1000, faults=(taken(0.5, 100, 1000),))
    assert now(run, "in_service") == 1
    assert "none of 1 pools has capacity" in said(run, "launch_failed")[0]
    assert now(go(run, 400), "in_service") == 2


def test_a_fault_at_a_group_without_spot_says_that_it_does_nothing():
    run = fleet(20, min_size=2, max_size=2, faults=(taken(1.0, 10),))
    assert "runs no spot instance" in said(run, "spot_notice")[0]
    assert now(go(run, 200), "in_service") == 2


@fact(
    "A monthly frequency of interruption p is a hazard of -ln(1-p)/730 an hour",
    source="AWS Spot Instance Advisor: frequency of interruption",
)
def test_spot_instances_are_interrupted_as_often_as_the_market_says():
    run = fleet(8_640_000, min_size=60, max_size=60, on_demand_percentage_above_base=0,
                spot_interruptions_per_month=0.5, rate=0.0, groups=tuple("abcdef"),
                scenario={"tick_s": 60.0})  # fmt: skip
    gone = sum(int(text.split()[0]) for text in said(run, "spot_interrupted"))
    expected = 60 * 2400 * -math.log(0.5) / 730
    assert gone == pytest.approx(expected, rel=0.35)  # correlated: some 40 pool events
    assert any(int(text.split(": ")[1].split()[0]) > 3 for text in said(run, "spot_pool"))


# ---------------------------------------------------------------- 1.12 launch sources


@fact("Mixed instances and unlimited T2 need a launch template", source=TEMPLATES)
def test_a_launch_configuration_cannot_do_what_a_template_can():
    old = {"launch_source": "launch_configuration"}
    assert not wrong(**old)
    assert "one instance type" in wrong(instance_types=TYPES, **old)
    assert "one instance type" in wrong(on_demand_percentage_above_base=50, **old)
    assert "unlimited" in wrong(instance_type="t2.micro", credit_specification="unlimited", **old)
    assert "a type since 2023" in wrong(instance_type="m7i.large", **old)
    assert not wrong(instance_types=TYPES, on_demand_percentage_above_base=50)


def test_a_warm_pool_with_spot_is_refused():
    assert "warm_pool" in wrong(warm_pool=True, on_demand_percentage_above_base=50)


def test_a_new_version_holds_for_new_instances_and_a_refresh_brings_it_to_the_others():
    run = fleet(1, min_size=10, max_size=12)
    run.control("g", "new_launch_version", {"instance_type": "m5.xlarge"})
    run.control("g", "set_desired_capacity", {"value": 11})
    assert now(go(run, 60), "vcpus") == 24
    run.control("g", "start_instance_refresh", {"min_healthy_percentage": 80})
    go(run, 1800)
    assert now(run, "vcpus") == 44
    lowest = run.series("g", "in_service", t0=60)[2].min()
    assert lowest == 9  # 20 % of 11 is two at a time
    assert now(run, "in_service") == 11


@fact("A refresh keeps 90 % of the desired capacity in service, unless it is told",
      source="EC2 Auto Scaling API: StartInstanceRefresh")  # fmt: skip
def test_a_refresh_replaces_a_tenth_at_a_time():
    run = fleet(1, min_size=20, max_size=22)
    run.control("g", "start_instance_refresh", {})
    go(run, 600)
    assert run.series("g", "in_service", t0=2)[2].min() == 18


@fact("An instance runs some 45 s after its launch", source=BOOT)
def test_a_linux_instance_boots_in_45_s():
    given = {"min_size": 1, "max_size": 2, "boot_sigma": 0.0, "app_start_s": 0.0}
    links = ["c.out > g.in"]
    run = simulate({"c": ("clients", {}), "g": ("auto_scaling_group", given)}, links, tick_s=0.1)
    run.control("g", "set_desired_capacity", {"value": 2})
    assert now(go(run, 44.8), "in_service") == 1
    assert now(go(run, 0.4), "in_service") == 2


# ---------------------------------------------------------------- 6.1 types


@fact("Price is linear within a family: four m5.large cost one m5.2xlarge", source=PRICES)
@pytest.mark.parametrize(
    ("large", "small"),
    [("m5.2xlarge", "m5.large"), ("c5.2xlarge", "c5.large"), ("t3.xlarge", "t3.medium"),
     ("t3.large", "t3.small"), ("r5.2xlarge", "r5.large")],
)  # fmt: skip
def test_one_large_costs_four_small(large, small):
    one = fleet(1, instance_type=large, min_size=1, max_size=1)
    four = fleet(1, instance_type=small, min_size=4, max_size=4)
    assert now(one, "cost_per_hour") == pytest.approx(now(four, "cost_per_hour"))


@fact("vCPU, baseline network and price of the types", source=PRICES)
@pytest.mark.parametrize(
    ("name", "vcpus", "gbps", "usd"),
    [
        ("t3.micro", 2, 0.064, 0.0104),
        ("t3.large", 2, 0.512, 0.0832),
        ("t2.micro", 1, 0.064, 0.0116),
        ("t4g.medium", 2, 0.256, 0.0336),
        ("m5.large", 2, 0.75, 0.096),
        ("m5.4xlarge", 16, 5.0, 0.768),
        ("m6i.large", 2, 0.781, 0.096),
        ("m7g.large", 2, 0.937, 0.0816),
        ("m7i.large", 2, 0.781, 0.1008),
        ("c5.xlarge", 4, 1.25, 0.170),
        ("c6i.large", 2, 0.781, 0.085),
        ("c7g.large", 2, 0.937, 0.0725),
        ("r5.xlarge", 4, 1.25, 0.252),
    ],
)
def test_a_type_has_its_vcpus_network_and_price(name, vcpus, gbps, usd):
    run = fleet(10, instance_type=name, min_size=1, max_size=1)
    assert now(run, "vcpus") == vcpus
    assert now(run, "cost_per_hour") == pytest.approx(usd)
    share = now(run, "network_utilization")
    clients = run.now("g")["served"]
    assert share * gbps == pytest.approx(
        clients * payload_kb(run) * 8e-6 * 0.9, rel=1e-6
    )  # answers


def payload_kb(run):
    return float(run.program.nodes[run.program.index["g"]]["kb"])


@fact("Linux is billed by the second, a minute at least", source=PRICES)
def test_an_instance_that_lives_shorter_is_billed_a_minute():
    def bill(lives):
        run = fleet(0, min_size=0, max_size=1, app_start_s=0.0)
        run.control("g", "set_desired_capacity", {"value": 1})
        go(run, BOOT_S + 1)
        go(run, lives)
        run.control("g", "set_desired_capacity", {"value": 0})
        go(run, 7200)
        return run.cost_usd

    second = 0.096 / 3600
    assert bill(10) == pytest.approx(60 * second, abs=2 * second)
    assert bill(200) == pytest.approx(201 * second, abs=3 * second)


@fact("Linux is billed by the second, a minute at least", source=PRICES)
@pytest.mark.parametrize(("lives", "billed"), [(10, 60), (59, 60), (60, 60), (61, 61), (62, 62)])
def test_the_least_that_is_billed_is_a_minute(lives, billed):
    run = fleet(0, rate=0.0, min_size=0, max_size=1, app_start_s=0.0, scenario={"tick_s": 0.1})
    run.control("g", "set_desired_capacity", {"value": 1})
    go(run, BOOT_S + lives)
    run.control("g", "set_desired_capacity", {"value": 0})
    go(run, 3600)  # what is owed of the minute is paid over minutes
    assert run.cost_usd * 3600 / 0.096 == pytest.approx(billed, abs=0.25)


# ---------------------------------------------------------------- vertical scaling


@fact(
    "An instance is stopped to change its type, and started again",
    source="Amazon EC2 user guide: Change the instance type",
)
def test_a_resize_costs_the_downtime_of_its_clocks():
    run = fleet(60, min_size=1, max_size=1, stop_s=30.0, app_restart_s=10.0)
    run.control("g", "resize", {})
    go(run, 5)
    assert now(run, "in_service") == 0
    assert run.losses("g")["no_instance"][0] == pytest.approx(10)
    down = 5 + seconds_until(run, "in_service", 1, 200)
    assert down == pytest.approx(30 + BOOT_S + 10, abs=4)
    assert now(run, "vcpus") == 4
    assert now(run, "cost_per_hour") == pytest.approx(0.192)
    assert not said(run, "lost")
    assert "All resized: 1 in service with 4 vCPUs" in said(run, "resized")[0]


def test_a_fleet_is_resized_one_at_a_time():
    run = fleet(60, min_size=3, max_size=3)
    run.control("g", "resize", {"instance_type": "m5.2xlarge"})
    go(run, 400)
    assert now(run, "vcpus") == 24
    assert run.series("g", "in_service", points=2000)[2].min() == 2
    both = fleet(60, min_size=3, max_size=3)
    both.control("g", "resize", {"at_a_time": 3})
    assert now(go(both, 10), "in_service") == 0


def test_up_ends_at_the_largest_type_with_a_word_about_it():
    run = fleet(1, instance_type="m5.16xlarge", min_size=1, max_size=1)
    run.control("g", "resize", {})
    go(run, 300)
    assert now(run, "vcpus") == 96
    with pytest.raises(Exception, match=r"m5\.24xlarge is the largest type of m5"):
        run.control("g", "resize", {})


# ---------------------------------------------------------------- 6.2 credits


def busy(name, share, seconds, n=1, **params):
    """One instance of a T type that is asked for `share` of its vCPUs, from an empty balance."""
    vcpus = 1 if name == "t2.micro" else 2
    run = fleet(0, instance_type=name, min_size=n, max_size=n, cpu_time_ms=10.0, queue_limit=50,
                rate=n * share * vcpus * 100.0, **params)  # fmt: skip
    for cell in run.program.places[run.program.index["g"]].cells:
        cell["credits"] = 0.0
    return go(run, seconds)


@fact("A t3.micro earns 12 credits an hour, a t3.large 36, a t2.micro 6", source=CREDITS)
@pytest.mark.parametrize(("name", "earns"), [("t3.micro", 12), ("t3.large", 36), ("t3.nano", 6),
                                             ("t3.2xlarge", 192), ("t2.micro", 6)])  # fmt: skip
def test_an_idle_instance_earns_its_credits(name, earns):
    run = busy(name, 0.0, 3600)
    assert now(run, "cpu_credit_balance") == pytest.approx(earns, rel=0.02)


@fact("The balance holds what is earned in 24 hours", source=CREDITS)
def test_the_balance_is_full_after_a_day():
    for name, most in (("t3.micro", 288), ("t3.large", 864)):
        run = fleet(120, instance_type=name, min_size=1, max_size=1, rate=0.0)
        assert now(run, "cpu_credit_balance") == pytest.approx(most)
        day = busy(name, 0.0, 86_000, scenario={"tick_s": 10.0})
        assert now(day, "cpu_credit_balance") < most
        assert now(go(day, 1000), "cpu_credit_balance") == pytest.approx(most)


@fact("Baseline: a t3.micro 10 % of each vCPU, a t3.large 30 %, a t2.micro 10 %", source=CREDITS)
@pytest.mark.parametrize(("name", "baseline"), [("t3.micro", 0.1), ("t3.large", 0.3),
                                                ("t3.small", 0.2)])  # fmt: skip
def test_a_standard_instance_without_credits_falls_to_its_baseline(name, baseline):
    run = busy(name, 0.9, 600, credit_specification="standard")
    assert now(run, "utilization") == pytest.approx(baseline, rel=0.02)
    assert now(run, "rejected") > 0
    below = busy(name, baseline * 0.95, 600, credit_specification="standard")
    assert now(below, "rejected") == 0


@fact("A credit is one vCPU for a minute", source=CREDITS)
def test_credits_are_spent_by_the_vcpu_minute():
    run = fleet(0, instance_type="t3.micro", min_size=1, max_size=1, cpu_time_ms=10.0, rate=100.0)
    go(run, 3600)  # half of two vCPUs: 60 spent, 12 earned
    assert now(run, "cpu_credit_balance") == pytest.approx(288 - 48, rel=0.01)


@fact("T3 and T4g are unlimited by default, T2 is standard", source=ON_CREDIT)
def test_by_default_t3_goes_on_and_t2_is_throttled():
    for name in ("t3.micro", "t4g.micro"):
        run = busy(name, 0.5, 900)
        assert now(run, "utilization") == pytest.approx(0.5, rel=0.01)
        assert now(run, "cpu_surplus_credits") > 1
    assert now(busy("t2.micro", 0.5, 900), "utilization") == pytest.approx(0.1, rel=0.02)


@fact("T2 standard gets 30 launch credits for each vCPU, T3 none", source=STANDARD)
def test_a_new_t2_has_its_launch_credits():
    def fresh(name, **more):
        run = fleet(0, instance_type=name, min_size=0, max_size=1, rate=0.0, **more)
        run.control("g", "set_desired_capacity", {"value": 1})
        return now(go(run, 120), "cpu_credit_balance")

    assert fresh("t2.micro") == pytest.approx(30, abs=0.3)
    assert fresh("t2.medium") == pytest.approx(60, abs=1)
    assert fresh("t2.micro", credit_specification="unlimited") == pytest.approx(0, abs=0.3)
    assert fresh("t3.micro") == pytest.approx(0, abs=0.5)


@fact("Surplus beyond a day's earnings costs 0.05 USD for a vCPU-hour", source=ON_CREDIT)
def test_surplus_is_free_up_to_a_days_earnings_and_costs_beyond():
    # a t3.micro all out spends 120 an hour and earns 12: 288 of surplus are full after 2 h 40 min
    run = busy("t3.micro", 0.999, 9000, scenario={"tick_s": 10.0})
    assert now(run, "cost_per_hour") == pytest.approx(0.0104)
    go(run, 7200)
    vcpus = 2 * now(run, "utilization")  # less the baseline of 0.2
    assert now(run, "cost_per_hour") == pytest.approx(0.0104 + (vcpus - 0.2) * 0.05, rel=0.005)
    assert now(run, "cpu_surplus_credits") == pytest.approx(288)


@fact("Surplus is billed when the instance ends", source=ON_CREDIT)
def test_ending_an_instance_charges_its_surplus():
    run = busy("t3.micro", 0.999, 3600, scenario={"tick_s": 10.0})
    surplus = now(run, "cpu_surplus_credits")
    assert surplus == pytest.approx(120 * now(run, "utilization") - 12, rel=0.01)
    before = run.cost_usd
    run.control("g", "set_min_size", {"value": 0})
    run.control("g", "set_desired_capacity", {"value": 0})
    go(run, 7200)
    assert run.cost_usd - before == pytest.approx(surplus / 60 * 0.05, rel=0.05)


# ---------------------------------------------------------------- 18 prices


@fact(
    "Detailed monitoring costs 2.10 USD an instance and month", source="Amazon CloudWatch pricing"
)
def test_detailed_monitoring_costs_seven_metrics():
    run = fleet(1, min_size=3, max_size=3, detailed_monitoring=True)
    assert now(run, "cost_per_hour") == pytest.approx(3 * (0.096 + 2.10 / 730))


@fact("Volumes cost 0.08 USD a GB and month (gp3), 0.10 in 2020 (gp2)", source="Amazon EBS pricing")
def test_a_volume_costs_by_the_gigabyte_and_the_era():
    today = fleet(1, min_size=1, max_size=1, volume_gb=100.0)
    assert now(today, "cost_per_hour") == pytest.approx(0.096 + 8 / 730)
    then = fleet(1, min_size=1, max_size=1, volume_gb=100.0, scenario={"era": "2020"})
    assert now(then, "cost_per_hour") == pytest.approx(0.096 + 10 / 730)


@fact("Spot saves 66 % of an m5.large and 62 % of a t3.large",
      source="AWS Spot Instance Advisor, us-east-1, Linux, June 2025")  # fmt: skip
def test_spot_costs_the_price_less_its_saving():
    assert now(spot(2, seconds=1), "cost_per_hour") == pytest.approx(2 * 0.096 * 0.34)
    t3 = spot(2, seconds=1, instance_type="t3.large")
    assert now(t3, "cost_per_hour") == pytest.approx(2 * 0.0832 * 0.38)


# ---------------------------------------------------------------- standby, detach


@fact("An instance in standby takes no requests, is still billed, and may be replaced or not",
      source="EC2 Auto Scaling user guide: Temporarily remove instances")  # fmt: skip
def test_standby_shrinks_the_group_or_is_replaced():
    run = fleet(1, min_size=1, max_size=4, desired_capacity=3)
    run.control("g", "enter_standby", {"count": 1})
    go(run, 30)
    assert (now(run, "in_service"), now(run, "standby"), now(run, "desired_capacity")) == (2, 1, 2)
    assert now(run, "cost_per_hour") == pytest.approx(3 * 0.096)
    run.control("g", "exit_standby", {"count": 1})
    go(run, 5)
    assert (now(run, "in_service"), now(run, "standby"), now(run, "desired_capacity")) == (3, 0, 3)
    run.control("g", "enter_standby", {"count": 1, "decrement_desired": False})
    go(run, 60)
    assert (now(run, "in_service"), now(run, "standby"), now(run, "desired_capacity")) == (3, 1, 3)
    run.control("g", "set_desired_capacity", {"value": 4})
    with pytest.raises(Exception, match="exceed the maximum size 4"):
        run.control("g", "exit_standby", {"count": 1})


@fact("Detaching or terminating may shrink the desired capacity, but not below the minimum",
      source="EC2 Auto Scaling API: DetachInstances")  # fmt: skip
@pytest.mark.parametrize("action", ["detach_instances", "terminate_instances", "enter_standby"])
def test_the_minimum_holds_against_decrements(action):
    run = fleet(1, min_size=2, max_size=4, desired_capacity=3)
    run.control("g", action, {"count": 1})
    assert now(go(run, 60), "in_service") == 2
    with pytest.raises(Exception, match="below the minimum size 2"):
        run.control("g", action, {"count": 1})
    run.control("g", action, {"count": 1, "decrement_desired": False})
    assert now(go(run, 60), "in_service") == 2
    assert IN_SERVICE in cells(run)["state"]
