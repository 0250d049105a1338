"""Amazon ECS services against their documentation: tasks, deployments, capacity providers."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from sandbox.document.records import Fault
from sandbox.engine import Run
from sandbox.engine.errors import EngineError
from sandbox.services import catalogue
from tests.conformance import fact
from tests.conformance.metered import METER, meter
from tests.simulation import go, simulate

GUIDE = "Amazon ECS Developer Guide"
API = "Amazon ECS API Reference"
BREAKER = f"{GUIDE}: How the Amazon ECS deployment circuit breaker detects failures"
SCALING = f"{GUIDE}: How Amazon ECS cluster auto scaling works"
QUICK = {"provision_s": 0.0, "image_pull_s": 0.0, "app_start_s": 0.0, "cpu_time_ms": 1.0}


def service(seconds: float = 10.0, elb: bool = False, rate: float = 1.0, era: str = "current",
            link: dict[str, Any] | None = None, **params: Any) -> Run:  # fmt: skip
    nodes = {
        "c": ("clients", {"rate_per_s": rate}),
        "web": ("ecs_service", {**QUICK, **params}),
    }
    links = ["c.out > web.in"]
    if elb:
        nodes["lb"] = ("elb", {})
        links = ["c.out > lb.in", f"lb.targets > web.in {link or {}}"]
    return simulate(nodes, links, seconds=seconds, era=era, duration_s=86_400.0)


def now(run: Run, name: str) -> float:
    return run.now("web")[name]


def said(run: Run, kind: str) -> list[Any]:
    return [e for e in run.events if e.kind == kind]


# ---------------------------------------------------------------- tasks


@fact("Fargate tasks have 256 to 4,096 CPU units, since 2022 up to 16,384", source=GUIDE)
@fact("Each size of a Fargate task has its own bounds of memory", source=GUIDE)
@pytest.mark.parametrize(
    ("units", "least", "most", "step"),
    [
        (256, 512, 2048, 512),
        (512, 1024, 4096, 1024),
        (1024, 2048, 8192, 1024),
        (2048, 4096, 16_384, 1024),
        (4096, 8192, 30_720, 1024),
        (8192, 16_384, 61_440, 4096),
        (16_384, 32_768, 122_880, 8192),
    ],
)
def test_fargate_has_these_sizes_only(units: int, least: int, most: int, step: int) -> None:
    def wrong(mib: int, cpu: int = units) -> bool:
        given = {"task_cpu_units": cpu, "task_memory_mib": mib}
        return bool(catalogue().check_params("ecs_service", given))

    assert not wrong(least)
    assert not wrong(most)
    assert wrong(least - step)
    assert wrong(most + step)
    assert wrong(least + 1)
    assert wrong(least, units + 128)


@fact("A task on instances has whatever size an instance has room for",
      source=f"{API}: RegisterTaskDefinition")  # fmt: skip
@pytest.mark.parametrize(("units", "fits"), [(49_152, True), (49_153, False)])
def test_a_task_on_instances_is_as_large_as_they_are(units: int, fits: bool) -> None:
    given = {"launch_type": "EC2", "instance_type": "m5.12xlarge", "task_memory_mib": 131_072}
    run = service(70, **given, task_cpu_units=units, desired_count=1)
    assert now(run, "running_count") == fits
    assert bool(said(run, "no_place")) is not fits


@fact("A service has 5,000 tasks at most", source=f"{GUIDE}: Service quotas")
@pytest.mark.parametrize(("tasks", "allowed"), [(5000, True), (5001, False)])
def test_the_tasks_of_a_service(tasks: int, allowed: bool) -> None:
    assert (not catalogue().check_params("ecs_service", {"desired_count": tasks})) is allowed


@fact("In 2020 a Fargate task had 4 vCPU at most", source=f"{GUIDE} (2020)")
@pytest.mark.parametrize(("units", "mib", "runs"), [(4096, 8192, 3), (8192, 16_384, 2)])
def test_in_2020_no_larger_task_starts(units: int, mib: int, runs: int) -> None:
    run = service(era="2020", task_cpu_units=units, task_memory_mib=mib, desired_count=2)
    run.control("web", "set_desired_count", {"value": 3})
    go(run, 70)
    assert now(run, "running_count") == runs
    assert bool(said(run, "no_size")) == (runs == 2)
    later = service(task_cpu_units=units, task_memory_mib=mib, desired_count=2)
    later.control("web", "set_desired_count", {"value": 3})
    assert now(go(later, 70), "running_count") == 3


@fact("In 2020 a Fargate task had 4 vCPU at most", source=f"{GUIDE} (2020)")
def test_what_is_said_of_a_task_too_large_for_2020() -> None:
    run = service(era="2020", task_cpu_units=8192, task_memory_mib=16_384, desired_count=2)
    run.control("web", "set_desired_count", {"value": 3})
    words = "Fargate had no tasks of 8 vCPU in 2020; it had 4 at most"
    assert said(go(run, 70), "no_size")[0].text == words


@fact("Fargate starts 100 tasks at once and then 20 a second", source=f"{GUIDE}: Throttling")
def test_the_first_hundred_tasks_start_at_once_and_then_twenty_a_second() -> None:
    run = service(desired_count=200)
    run.control("web", "set_desired_count", {"value": 0})
    go(run, 10)
    run.control("web", "set_desired_count", {"value": 200})
    for started in (100, 120, 140, 160, 180, 200):
        run.advance(1)
        assert now(run, "running_count") + now(run, "pending_count") == started


@fact("Fargate starts 100 tasks at once and then 20 a second", source=f"{GUIDE}: Throttling")
@pytest.mark.parametrize(("wanted", "started"), [(299, 299), (300, 300), (301, 300)])
def test_three_hundred_tasks_start_in_ten_seconds(wanted: int, started: int) -> None:
    run = service(desired_count=400)
    run.control("web", "set_desired_count", {"value": 0})
    go(run, 40)  # none is left, and the bucket is full again
    run.control("web", "set_desired_count", {"value": wanted})
    go(run, 11)
    assert now(run, "running_count") + now(run, "pending_count") == started


@fact("A task on Fargate starts in about 30 s", source="AWS Batch user guide: Fargate")
def test_a_task_starts_in_half_a_minute_unless_it_is_told() -> None:
    def started(**given: Any) -> float:
        quick = {name: value for name, value in QUICK.items() if name != "provision_s"}
        nodes = {
            "c": ("clients", {"rate_per_s": 1.0}),
            "web": ("ecs_service", {**quick, "desired_count": 2, **given}),
        }
        run = simulate(nodes, ["c.out > web.in"], seconds=10, tick_s=0.1)
        run.control("web", "set_desired_count", {"value": 3})
        while now(run, "running_count") < 3:
            run.advance(1)
            assert run.t_s < 120
        return run.t_s

    assert started() == started(provision_s=30.0) != started(provision_s=30.3)


@fact("Fargate costs 0.04048 USD a vCPU-hour and 0.004445 a GB-hour", source="AWS Fargate pricing")
@fact("Fargate Spot is up to 70 % cheaper", source="AWS Fargate pricing")
def test_what_three_tasks_of_two_vcpu_and_eight_gigabytes_cost() -> None:
    given = {"task_cpu_units": 2048, "task_memory_mib": 8192, "desired_count": 3}
    usd = 3 * (2 * 0.04048 + 8 * 0.004445)
    assert now(service(**given), "cost_per_hour") == pytest.approx(usd)
    spot = service(launch_type="FARGATE_SPOT", **given)
    assert now(spot, "cost_per_hour") == pytest.approx(0.3 * usd)


@fact("A task on Fargate is billed for a minute at least", source="AWS Fargate pricing")
def test_a_task_of_some_seconds_is_billed_for_a_minute() -> None:
    run = service(desired_count=1, seconds=10)
    run.control("web", "set_desired_count", {"value": 2})
    go(run, 5)
    before = run.cost_usd
    assert now(run, "running_count") == 2
    run.control("web", "stop_tasks", {"count": 1})
    go(run, 100)
    hour = 0.04048 + 2 * 0.004445
    assert run.cost_usd - before == pytest.approx(2 * 100 * hour / 3600, rel=0.03)


@fact("Fargate Spot gives two minutes' notice", source=f"{GUIDE}: Fargate Spot termination notices")
def test_an_interrupted_task_has_two_minutes() -> None:
    faults = (Fault("spot_interruption", "web", 20.0, 20.0, 1.0),)
    nodes = {
        "c": ("clients", {"rate_per_s": 1.0}),
        "lb": ("elb", {}),
        "web": ("ecs_service", {**QUICK, "launch_type": "FARGATE_SPOT", "desired_count": 3}),
    }
    run = simulate(nodes, ["c.out > lb.in", "lb.targets > web.in"], seconds=22, faults=faults)
    assert now(run, "draining_count") == 1
    go(run, 117)
    assert now(run, "draining_count") == 1
    go(run, 2)
    assert now(run, "draining_count") == 0


@fact("A container has 30 s to stop unless stopTimeout says more", source=f"{API}: stopTimeout")
def test_an_interrupted_task_without_a_balancer_has_half_a_minute() -> None:
    faults = (Fault("spot_interruption", "web", 20.0, 20.0, 1.0),)
    nodes = {
        "c": ("clients", {"rate_per_s": 1.0}),
        "web": ("ecs_service", {**QUICK, "launch_type": "FARGATE_SPOT", "desired_count": 3}),
    }
    run = simulate(nodes, ["c.out > web.in"], seconds=21, faults=faults)
    assert now(run, "draining_count") == 1
    go(run, 28)
    assert now(run, "draining_count") == 1
    go(run, 1)
    assert now(run, "draining_count") == 0


@fact("CPU utilization is of the CPU reserved, and may pass 100 % on instances", source=GUIDE)
def test_tasks_on_instances_may_use_more_than_they_reserve() -> None:
    given = {"task_cpu_units": 512, "task_memory_mib": 1024, "desired_count": 1}
    run = service(70, rate=60.0, launch_type="EC2", **{**given, "cpu_time_ms": 20.0})
    assert now(run, "cpu_utilization") == pytest.approx(240, rel=0.01)  # 1.2 of 0.5 vCPU
    fargate = service(190, rate=60.0, **{**given, "cpu_time_ms": 20.0})
    assert now(fargate, "cpu_utilization") == pytest.approx(100, rel=0.01)


@fact("Metrics of a service come every minute", source=f"{GUIDE}: Amazon ECS CloudWatch metrics")
def test_the_cpu_metric_is_a_minute_old() -> None:
    run = service(59, rate=100.0)
    assert now(run, "cpu_utilization") == 0
    go(run, 1)
    assert now(run, "cpu_utilization") == pytest.approx(5.0, rel=0.01)  # 0.1 of 2 vCPU


# ---------------------------------------------------------------- health


@fact("The health check grace period of a service is 0 s", source=f"{API}: CreateService")
def test_without_a_grace_period_a_slow_starter_is_stopped_for_ever() -> None:
    run = service(elb=True, desired_count=1, app_start_s=100.0)
    run.control("web", "set_desired_count", {"value": 3})
    go(run, 1200)
    assert now(run, "healthy_count") == 1
    assert now(run, "failed_tasks") > 10
    patient = service(elb=True, desired_count=1, app_start_s=100.0, health_check_grace_period_s=130)
    patient.control("web", "set_desired_count", {"value": 3})
    go(patient, 131)
    assert now(patient, "healthy_count") == 3
    assert now(patient, "failed_tasks") == 0
    assert catalogue().defaults("ecs_service")["health_check_grace_period_s"] == 0


@fact("A service retries tasks that do not start at longer and longer intervals, to 15 minutes",
      source=f"{GUIDE}: Service throttle logic")  # fmt: skip
def test_the_pause_between_tries_grows_to_fifteen_minutes() -> None:
    run = service(desired_count=1)
    run.control("web", "deploy", {"fault": "does_not_start"})
    go(run, 6000)
    times = [e.t_s for e in said(run, "does_not_start")]
    pauses = [b - a for a, b in itertools.pairwise(times)]
    assert pauses[:6] == pytest.approx([10, 20, 40, 80, 160, 320], abs=2)
    assert pauses[-1] == pytest.approx(900, abs=2)
    assert pauses[-2] == pytest.approx(900, abs=2)


# ---------------------------------------------------------------- deployments


def deployment(percents: tuple[int, int], desired: int) -> tuple[float, float]:
    """(fewest that serve, most that run or start) while a version is deployed."""
    least, most = percents
    given = {"minimum_healthy_percent": least, "maximum_percent": most, "provision_s": 10.0}
    run = service(desired_count=desired, **given)
    run.control("web", "deploy", {})
    serving, running = [], []
    for _ in range(400):
        run.advance(1)
        serving.append(now(run, "healthy_count"))
        running.append(now(run, "running_count") + now(run, "pending_count"))
    assert said(run, "deployed")
    return min(serving), max(running)


@fact("A rolling update keeps 100 % healthy and runs 200 % at most by default", source=API)
@fact("The minimum healthy percent is rounded up, the maximum percent down", source=API)
@pytest.mark.parametrize(
    ("percents", "desired", "least", "most"),
    [
        ((100, 200), 4, 4, 8),
        ((50, 100), 4, 2, 4),
        ((50, 100), 5, 3, 5),  # 2.5 healthy: 3
        ((100, 150), 5, 5, 7),  # 7.5 at most: 7
        ((0, 100), 3, 0, 3),
        ((75, 125), 4, 3, 5),
    ],
)
def test_a_rolling_update_keeps_to_its_percents(
    percents: tuple[int, int], desired: int, least: int, most: int
) -> None:
    assert deployment(percents, desired) == (least, most)
    known = catalogue().defaults("ecs_service")
    assert (known["minimum_healthy_percent"], known["maximum_percent"]) == (100, 200)


@fact("The circuit breaker trips after half the desired count, 3 to 200", source=BREAKER)
@pytest.mark.parametrize(("desired", "threshold"), [(1, 3), (6, 3), (7, 4), (20, 10), (401, 200)])
def test_the_circuit_breaker_trips_after_half_the_desired_count(
    desired: int, threshold: int
) -> None:
    run = service(desired_count=desired, circuit_breaker=True, provision_s=30.0)
    run.control("web", "deploy", {"fault": "does_not_start"})
    failed = 0.0
    for _ in range(400):
        run.advance(1)
        if said(run, "circuit_breaker"):
            break
        assert now(run, "failed_tasks") < threshold
        failed = now(run, "failed_tasks")
    assert said(run, "circuit_breaker")
    assert f"the threshold is {threshold} " in said(run, "circuit_breaker")[0].text
    assert failed < threshold
    go(run, 600)
    assert now(run, "healthy_count") == desired  # the old version serves on
    assert not said(run, "rolls_back")


@fact("With rollback a failed deployment goes back to the last one that was completed", source=API)
def test_a_failed_deployment_rolls_back() -> None:
    run = service(desired_count=4, elb=True, circuit_breaker=True, rollback=True)
    run.control("web", "deploy", {"fault": "fails_health_checks"})
    go(run, 900)
    assert said(run, "rolls_back")[0].text == "Rolling back to version 1"
    assert now(run, "healthy_count") == now(run, "running_count") == 4
    known = catalogue()
    assert known.defaults("ecs_service")["circuit_breaker"] is False
    assert known.console_defaults("ecs_service")["circuit_breaker"] is True


@fact("There was no circuit breaker before December 2020", source=BREAKER)
def test_in_2020_a_broken_version_is_tried_for_ever() -> None:
    run = service(desired_count=2, circuit_breaker=True, rollback=True, era="2020")
    run.control("web", "deploy", {"fault": "does_not_start"})
    go(run, 3600)
    assert now(run, "failed_tasks") > 3
    assert not said(run, "circuit_breaker")


def test_a_version_that_nobody_checks_cannot_fail_its_checks() -> None:
    with pytest.raises(EngineError, match="put a load balancer in front"):
        service().control("web", "deploy", {"fault": "fails_health_checks"})


@fact("A deployment on full instances waits for room", source=f"{GUIDE}: Deployment configuration")
def test_a_rolling_update_needs_room_for_both_versions() -> None:
    given = {"launch_type": "EC2", "task_cpu_units": 1024, "desired_count": 4, "max_instances": 2}
    run = service(**given)
    run.control("web", "deploy", {})
    go(run, 1200)
    assert now(run, "waiting_count") == 4
    assert not said(run, "deployed")
    room = service(**{**given, "minimum_healthy_percent": 50, "maximum_percent": 100})
    room.control("web", "deploy", {})
    assert said(go(room, 600), "deployed")


# ---------------------------------------------------------------- capacity providers

SMALL = {
    "launch_type": "EC2",
    "task_cpu_units": 1024,
    "task_memory_mib": 2048,
    "boot_median_s": 0.0,
}


@fact("CapacityProviderReservation is what is needed over what runs; the target is 100 %",
      source=SCALING)  # fmt: skip
@fact("One datapoint above the target adds instances", source=SCALING)
def test_waiting_tasks_bring_as_many_instances_as_they_need() -> None:
    run = service(10, **SMALL, desired_count=2)  # two to an m5.large
    run.control("web", "set_desired_count", {"value": 7})
    go(run, 50)
    assert now(run, "container_instances") == 1
    assert now(run, "capacity_provider_reservation") == 400  # four for one
    go(run, 59)
    assert now(run, "container_instances") == 1  # acted on a minute later
    go(run, 3)
    assert now(run, "container_instances") == 4
    assert now(run, "running_count") == 7
    assert catalogue().defaults("ecs_service")["target_capacity_percent"] == 100


@fact("With a target of 50 % every second instance is spare", source=f"{API}: ManagedScaling")
def test_a_lower_target_keeps_spare_instances() -> None:
    run = service(200, **SMALL, desired_count=4, target_capacity_percent=50)
    assert now(run, "container_instances") == 4
    assert now(run, "capacity_provider_reservation") == 50


@fact("From no instance the metric is 200 %, and two are launched", source=SCALING)
def test_from_none_two_instances_are_launched() -> None:
    run = service(10, **SMALL, desired_count=0)
    run.control("web", "set_desired_count", {"value": 1})
    go(run, 50)
    assert now(run, "capacity_provider_reservation") == 200
    go(run, 62)
    assert now(run, "container_instances") == 2
    assert now(run, "running_count") == 1


@fact("Fifteen datapoints below the target remove instances, half of them a minute", source=SCALING)
@fact("An instance with tasks is not removed", source=SCALING)
def test_after_fifteen_minutes_half_of_the_instances_go_each_minute() -> None:
    run = service(10, **SMALL, desired_count=16)
    assert now(run, "container_instances") == 8
    run.control("web", "set_desired_count", {"value": 1})
    go(run, 50)
    assert now(run, "capacity_provider_reservation") == 12.5
    go(run, 15 * 60 - 1)
    assert now(run, "container_instances") == 8
    for left in (4, 2, 1, 1):
        go(run, 1)
        assert now(run, "container_instances") == left
        go(run, 59)


@fact("Of the instances of a capacity provider at most half are removed a minute", source=SCALING)
@pytest.mark.parametrize(("instances", "left"), [(199, 100), (200, 100), (201, 101)])
def test_never_more_than_half_of_the_instances_go(instances: int, left: int) -> None:
    large = {**SMALL, "task_cpu_units": 2048}  # one to an m5.large
    run = service(10, **large, desired_count=instances, max_instances=1000)
    assert now(run, "container_instances") == instances
    run.control("web", "set_desired_count", {"value": 1})
    go(run, 50 + 15 * 60 - 1)
    assert now(run, "container_instances") == instances
    go(run, 1)
    assert now(run, "container_instances") == left


@fact("An instance that is new for 300 s is not removed", source=f"{API}: ManagedScaling")
def test_a_warming_instance_stays() -> None:
    known = catalogue().defaults("ecs_service")
    assert known["instance_warmup_s"] == 300
    assert (known["minimum_scaling_step_size"], known["maximum_scaling_step_size"]) == (1, 10_000)
    run = service(10, **{**SMALL, "instance_warmup_s": 3000}, desired_count=2)
    run.control("web", "set_desired_count", {"value": 8})
    go(run, 170)
    assert now(run, "container_instances") == 4
    run.control("web", "set_desired_count", {"value": 2})
    go(run, 1500)
    assert now(run, "container_instances") == 4
    go(run, 1500)
    assert now(run, "container_instances") == 1


@fact("Scale-out steps are 1 to 10,000 instances", source=f"{API}: ManagedScaling")
@pytest.mark.parametrize(("least", "most", "first"), [(1, 10_000, 4), (5, 10_000, 6), (1, 2, 3)])
def test_a_scale_out_keeps_to_its_steps(least: int, most: int, first: int) -> None:
    steps = {"minimum_scaling_step_size": least, "maximum_scaling_step_size": most}
    run = service(10, **SMALL, **steps, desired_count=2)
    run.control("web", "set_desired_count", {"value": 7})
    go(run, 112)
    assert now(run, "container_instances") == first


@fact("Spread puts a task where the fewest are, binpack where the least room is left", source=GUIDE)
@pytest.mark.parametrize(("placement", "needs"), [("spread", 100.0), ("binpack", 50.0)])
def test_binpacking_leaves_instances_empty(placement: str, needs: float) -> None:
    run = service(10, **SMALL, desired_count=4, placement=placement)
    run.control("web", "set_desired_count", {"value": 2})
    go(run, 60)
    assert now(run, "capacity_provider_reservation") == needs


@fact("ECS on instances costs what the instances do", source="Amazon ECS pricing")
def test_tasks_on_instances_cost_nothing_of_their_own() -> None:
    assert now(service(**SMALL, desired_count=4), "cost_per_hour") == pytest.approx(2 * 0.096)


# ---------------------------------------------------------------- Application Auto Scaling

AUTO = f"{GUIDE}: Automatically scale your Amazon ECS service"


def scaled(rate: float, **more: Any) -> Run:
    """Four tasks of 1 vCPU at 20 ms a request, to be kept at 50 %: 100/s; counted from 0."""
    target = {"min_capacity": 1, "max_capacity": 12, "target_tracking": [{"target_value": 50.0}]}
    given = {"desired_count": 4, "cpu_time_ms": 20.0, "scaling": {**target, "metric_delay_s": 0.0}}
    return service(0, rate=rate, **{**given, **more})


@fact("An ECS service scales out after 3 of 3 datapoints above the target", source=AUTO)
def test_three_minutes_above_the_target_scale_out() -> None:
    run = scaled(rate=150.0)  # 75 %: 6 tasks
    go(run, 179)
    assert now(run, "desired_count") == 4
    go(run, 1)
    assert now(run, "desired_count") == 6
    assert now(run, "cpu_utilization") == pytest.approx(75, rel=0.01)


@fact("An ECS service scales in after 15 of 15 datapoints below 0.9 of the target", source=AUTO)
@pytest.mark.parametrize(("rate", "left"), [(88.0, 4), (60.0, 3)])  # 44 % ≥ 0.9 · 50 % would be 45
def test_fifteen_minutes_below_the_target_scale_in(rate: float, left: int) -> None:
    run = scaled(rate=rate)
    go(run, 15 * 60 - 1)
    assert now(run, "desired_count") == 4
    go(run, 1)
    assert now(run, "desired_count") == left
    assert now(go(scaled(rate=92.0), 1800), "desired_count") == 4  # 46 %


@fact("0.9 of the target is 45 % of 50 %", source=AUTO)
@pytest.mark.parametrize(("rate", "left"), [(269.0, 11), (271.0, 12)])  # 44.8 and 45.2 %
def test_nine_tenths_of_the_target_are_the_limit(rate: float, left: int) -> None:
    assert now(go(scaled(rate=rate, desired_count=12), 910), "desired_count") == left


@fact("A scalable target lies between its minimum and its maximum",
      source="Application Auto Scaling API: RegisterScalableTarget")  # fmt: skip
@pytest.mark.parametrize(("rate", "tasks"), [(1000.0, 10), (1.0, 1)])
def test_a_service_scales_from_one_to_ten_unless_it_is_told(rate: float, tasks: int) -> None:
    target = {"metric_delay_s": 0.0, "target_tracking": [{"target_value": 50.0}]}
    assert now(go(scaled(rate, scaling=target), 3600), "desired_count") == tasks


@fact("The scale-in cooldown of a service's target tracking is 300 s unless given", source=AUTO)
def test_a_service_scales_in_again_after_five_minutes() -> None:
    target = {
        "max_capacity": 12,
        "metric_delay_s": 0.0,
        "target_tracking": [{"target_value": 50.0}],
    }
    given = {**QUICK, "desired_count": 12, "cpu_time_ms": 20.0, "scaling": target}
    nodes = {"c": meter([269.0] * 15 + [100.0] * 7), "web": ("ecs_service", given)}
    run = simulate(nodes, ["c.out > web.in"], seconds=22 * 60.0)
    assert [event.t_s for event in said(run, "scale_in")] == [899, 1199]


@fact("The scale-out cooldown of a service's target tracking is 300 s unless given", source=AUTO)
def test_a_service_scales_out_again_after_five_minutes() -> None:
    tracked = {"metric": "custom", "custom_metric": METER, "target_value": 100.0}
    target = {"max_capacity": 50, "metric_delay_s": 0.0, "target_tracking": [tracked]}
    nodes = {
        "meter": meter([110.0]),
        "sink": ("external", {"servers": 1000, "service_time_s": 0.001}),
        "c": ("clients", {"rate_per_s": 1.0}),
        "web": ("ecs_service", {**QUICK, "desired_count": 10, "scaling": target}),
    }
    run = simulate(nodes, ["c.out > web.in", "meter.out > sink.in"], seconds=840.0)
    # meanwhile it asks for no more than what was added
    assert [event.t_s for event in said(run, "scale_out")] == [179, 479, 779]


@fact("Scale-in is disabled while a deployment is under way, scale-out is not", source=AUTO)
def test_a_deployment_holds_scale_in_back() -> None:
    slow = {"provision_s": 3000.0, "image_pull_s": 0.0}
    run = scaled(rate=20.0, **slow)
    run.control("web", "deploy", {})
    go(run, 1000)
    assert now(run, "desired_count") == 4
    assert said(run, "scale_in_refused")
    out = scaled(rate=150.0, **slow)
    out.control("web", "deploy", {})
    assert now(go(out, 200), "desired_count") == 6
