"""EC2 Auto Scaling group: instances that serve requests, kept, added and removed by its policies.

The instances in service are one station of workers, or one each, as the balancer in front deals
requests out.  A worker is busy for a request's CPU time and its waits; never are more requests
worked on than the CPU can bear, so the smaller of workers and CPU limits the throughput.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from pydantic import model_validator

from sandbox.kernels.compiled import compiled
from sandbox.kernels.latency import (
    ERLANG,
    balancing,
    service_cumulants,
    station,
    theta,
    wait_cumulants,
)
from sandbox.services import _instances as instances
from sandbox.services import _scaling as scaling
from sandbox.services import _scaling_metrics as published
from sandbox.services import _why_auto_scaling_group as why
from sandbox.services._auto_scaling_group_notes import NOTES
from sandbox.services._forecast import PREDICTIVE, recall
from sandbox.services._health import (
    Health,
    dealt,
    look,
    ramps,
    report,
    set_aside,
    unhealthy,
    work_off_aside,
)
from sandbox.services._instance_types import SOURCE, Name
from sandbox.services._instances import Fleet, Instance
from sandbox.services._instances_actions import ACTIONS as INSTANCE_ACTIONS
from sandbox.services._instances_clocks import turn
from sandbox.services._instances_credits import burn, pay
from sandbox.services._instances_health import new_ones, rebalance, strike, sweep, too_busy
from sandbox.services._instances_leave import drain
from sandbox.services._instances_params import FleetDerived, FleetParams, derive, not_yet
from sandbox.services._instances_pool import tend
from sandbox.services._instances_spot import watch
from sandbox.services._instances_start import follow_edit, settle
from sandbox.services._plans import instruction, told_to_plan
from sandbox.services._scaling import Dynamic, Policy, SimplePolicy, StepPolicy
from sandbox.services._scaling_events import EVENTS as SCALING_EVENTS
from sandbox.services._scaling_predictive import MOST as PREDICTIVES
from sandbox.services._scaling_predictive import Predictive, PredictivePolicy, predict
from sandbox.services._scaling_schedule import Schedule, scheduled
from sandbox.services._scaling_steps import STEPPING
from sandbox.services._scaling_tracking import POLICIES, longest_warmup
from sandbox.services._scaling_watch import METRICS as WATCHED
from sandbox.services._scaling_watch import note_clocks
from sandbox.services._scheduled_actions import (
    ACTIONS,
    ROW,
    SCHEDULED,
    ScheduledAction,
    collide,
    key_of,
    meetings,
)
from sandbox.services._scheduled_actions import table as schedule_table
from sandbox.services.contract import Action, Cause, Metric, Port, Service, Setup
from sandbox.services.law import CAPACITY_CUT, boundary, struck_now
from sandbox.services.params import Parameters, fill, param

API = "EC2 Auto Scaling API: CreateAutoScalingGroup"
HEALTH = "EC2 Auto Scaling user guide: Health checks for Auto Scaling instances"
TARGETS = "Application Load Balancers user guide: Target groups for your load balancers"
CHECKS = "Application Load Balancers user guide: Health checks for your target groups"
WARMUP = "EC2 Auto Scaling user guide: Set the default instance warmup"
BOOT = "https://www.daemonology.net/blog/2021-08-12-EC2-boot-time-benchmarking.html"
KB_PER_S_A_GBPS = 125_000.0
QUEUE = "Linux kernel documentation, ip-sysctl: somaxconn, 4096 since Linux 5.4 (128 before)"


class Group(Parameters):
    instance_type: Name = param(
        "m5.large",
        "EC2 instance type: vCPUs, network, price. A change during a run is a new version of "
        "what is launched from: for new instances; resize or refresh the others.",
        source=SOURCE,
        confidence="H",
        basic=True,
    )
    min_size: int = param(
        1, "Least number of instances.", ge=0, le=5000, source=API, confidence="H", basic=True
    )
    max_size: int = param(
        4, "Greatest number of instances.", ge=0, le=5000, source=API, confidence="H", basic=True
    )
    desired_capacity: int | None = param(
        None,
        "Instances at the start; empty is the minimum size.",
        ge=0,
        le=5000,
        source=API,
        confidence="H",
        basic=True,
    )
    cpu_time_ms: float = param(
        20.0,
        "Mean CPU time of a request on one vCPU (of m5; all types count alike).",
        unit="ms",
        ge=0,
        le=3.6e6,
        basic=True,
        group="Work",
    )
    wait_time_ms: float = param(
        0.0,
        "Mean time of its own that a request waits without using CPU.",
        unit="ms",
        ge=0,
        le=3.6e6,
        basic=True,
        group="Work",
    )
    service_cv2: float = param(
        1.0,
        "Squared coefficient of variation of CPU and wait time together: 1 is exponential, 0 even.",
        ge=0,
        le=100,
        group="Work",
    )
    workers_per_vcpu: int = param(
        1,
        "Requests that one vCPU's workers (threads) take on at once.",
        ge=1,
        le=10_000,
        group="Work",
    )
    holds_server: bool = param(
        True,
        "Whether a worker stays occupied while the services it calls work: true for threads, "
        "false for event loops.",
        group="Work",
    )
    queue_limit: int = param(
        4096,
        "Requests that wait at one instance (its listen queue); 0 is unlimited. What finds it full "
        "is rejected.",
        ge=0,
        le=10**9,
        source=QUEUE,
        confidence="H",
        group="Work",
    )
    policies: list[Policy] = param(
        [],
        "Target tracking policies; without any policy the group keeps its desired capacity.",
        max_items=POLICIES,
        source=published.TRACKING,
        confidence="H",
        console=[{}],
        basic=True,
        group="Scaling",
    )
    step_policies: list[StepPolicy] = param(
        [],
        "Step scaling policies: the farther off the threshold, the larger the step.",
        max_items=POLICIES,
        source=STEPPING,
        confidence="H",
        group="Scaling",
    )
    simple_policies: list[SimplePolicy] = param(
        [],
        "Simple scaling policies: one adjustment, then a cooldown.",
        max_items=POLICIES,
        source=STEPPING,
        confidence="H",
        group="Scaling",
    )
    scheduled_actions: list[ScheduledAction] = param(
        [],
        "Sizes to set at moments known beforehand.",
        max_items=ACTIONS,
        source=SCHEDULED,
        confidence="H",
        group="Scaling",
    )
    predictive_policies: list[PredictivePolicy] = param(
        [],
        "Predictive scaling policies: capacity for the coming hour, by the days before.",
        max_items=PREDICTIVES,
        source=PREDICTIVE,
        confidence="H",
        group="Scaling",
    )
    detailed_monitoring: bool = param(
        False,
        "CPU datapoints each minute instead of every five, at a price for each instance.",
        source="EC2 user guide: Enable or turn off detailed monitoring for your instances",
        confidence="H",
        basic=True,
        group="Scaling",
    )
    metric_delay_s: float = param(
        60.0,
        "Until a datapoint arrives, rounded up to minutes.",
        unit="s",
        ge=0,
        le=900,
        group="Scaling",
    )
    default_instance_warmup_s: int | None = param(
        None,
        "Warm-up of policies that have none of their own; empty is the default cooldown. Not in "
        "2020.",
        unit="s",
        ge=0,
        le=3600,
        source=WARMUP,
        confidence="H",
        group="Scaling",
    )
    default_cooldown_s: int = param(
        300,
        "Pause after the activity of a simple policy, and the warm-up where nothing else gives "
        "one.",
        unit="s",
        ge=0,
        le=86_400,
        source=API,
        confidence="H",
        group="Scaling",
    )
    boot_median_s: float = param(
        45.0,
        "Median time from launch until an instance runs (Linux; Windows about 240).",
        unit="s",
        ge=0,
        le=7200,
        source=BOOT,
        confidence="M",
        group="Launch",
    )
    boot_sigma: float = param(
        0.35, "Spread of the boot time (lognormal).", ge=0, le=3, group="Launch"
    )
    app_start_s: float = param(
        60.0,
        "From running until the application is ready.",
        unit="s",
        ge=0,
        le=7200,
        basic=True,
        group="Launch",
    )
    health_check_type: Literal["EC2", "ELB"] = param(
        "EC2",
        "Whether instances that the balancer finds unhealthy are replaced, or only those that "
        "no longer run.",
        source=HEALTH,
        confidence="H",
        group="Health",
    )
    health_check_grace_period_s: int = param(
        0,
        "For so long after it runs an instance may be unhealthy to the balancer.",
        unit="s",
        ge=0,
        le=86_400,
        source=HEALTH,
        confidence="H",
        console=300,
        group="Health",
    )
    health_check_interval_s: int = param(
        30,
        "How often the balancer looks at a target; one pass brings a new one into service.",
        unit="s",
        ge=5,
        le=300,
        source=CHECKS,
        confidence="H",
        group="Health",
    )
    unhealthy_threshold_count: int = param(
        2,
        "Failed looks until a target is unhealthy.",
        ge=2,
        le=10,
        source=CHECKS,
        confidence="H",
        group="Health",
    )
    deregistration_delay_s: int = param(
        300,
        "For so long at most a terminating instance works off what it holds.",
        unit="s",
        ge=0,
        le=3600,
        source=TARGETS,
        confidence="H",
        group="Health",
    )

    @model_validator(mode="after")
    def _ordered(self) -> Group:
        desired = self.min_size if self.desired_capacity is None else self.desired_capacity
        if not self.min_size <= desired <= self.max_size:
            raise ValueError(
                f"min_size {self.min_size} ≤ desired_capacity {desired} ≤ max_size "
                f"{self.max_size} must hold; change one of them"
            )
        if clash := collide(self.scheduled_actions):
            raise ValueError(clash)
        dynamic = len(self.policies) + len(self.step_policies) + len(self.simple_policies)
        if dynamic + len(self.predictive_policies) > POLICIES:
            raise ValueError(f"a group has at most {POLICIES} policies of all kinds; remove some")
        if sum(x.mode == "forecast_and_scale" for x in self.predictive_policies) > 1:
            raise ValueError(
                "only one predictive policy may be forecast_and_scale; let the others forecast_only"
            )
        return self


class Params(FleetParams, Group):
    """What the group is and how it scales, then what its instances are and how they are bought."""


class Derived(FleetDerived):
    delay_minutes: int
    monitoring_s: float
    fine: bool  # some policy looks every 10 s
    schedule_rows: int
    schedule_key: int
    plan_predicts: bool


class State(Fleet, Health, Dynamic, Schedule, Predictive):
    unhealthy: float  # of those in service, as the balancer finds them
    read_share: float
    worker_utilization: float
    last_each: float  # servers an instance, as last served
    given_min: int  # as the parameters gave them, to notice an edit
    given_max: int
    given_desired: int


QUEUE_FULL, NO_INSTANCE, CUT_OFF, STOPPED = range(4)


@compiled
def step(p, s, io, cells, tick):
    """Move the instances on, then serve: those in service as a station, those draining apart."""
    if struck_now(io):
        strike(p, s, io, cells, tick)
    if tick.t + 1e-9 >= s.due or (
        s.alive != s.desired + s.extra and (tick.t + 1e-9 >= s.retry_s or s.desired != s.tried)
    ):
        turn(p, s, cells, tick, io)
        note_clocks(p, s, cells, longest_warmup(p, tick))
    arrived = io.reads + io.writes
    if arrived > 0.0:
        s.read_share = io.reads / arrived
    cpu_s = p.cpu_time_ms * 1e-3
    mean, variance, third = service_cumulants(ERLANG, cpu_s + p.wait_time_ms * 1e-3, p.service_cv2)
    io.svc_m, io.svc_v, io.svc_k = mean, variance, third
    if p.holds_server:
        mean += io.down_m
        variance += io.down_v
        third += io.down_k
    n = float(s.in_service)
    s.unhealthy = unhealthy(s, n) if p.behind_elb else 0.0
    # the mean instance, where types are mixed or some have run out of CPU credits
    vcpus = s.able / n * (1.0 - io.fault[CAPACITY_CUT]) if n > 0.0 else 0.0
    workers = vcpus * p.workers_per_vcpu
    # as many at work as keep every vCPU busy, if there are workers enough
    each = min(workers, vcpus * mean / cpu_s) if cpu_s > 0.0 else workers
    if io.kb > 0.0 and n > 0.0 and mean > 0.0:
        # and no more than the network carries at its baseline
        kb = io.kb * max(s.read_share, 1.0 - s.read_share)  # answers out, or payloads in
        each = min(each, s.gbps / n * KB_PER_S_A_GBPS / kb * mean)
    takers = n - s.unhealthy if 0.0 < s.unhealthy < n else n
    if takers < n or s.idle > 0.0:
        s.dropped += set_aside(s, n, takers)
    s.takers = takers
    if s.lost > 0 or s.dropped > 0.0:
        stopped = arrived * s.lost / max(1.0, n + s.lost)
        io.loss[STOPPED] = stopped + s.dropped / tick.dt
        s.dropped = 0.0
        arrived -= stopped
    done = surged = 0.0
    s.worker_utilization = 0.0
    if n == 0.0:
        io.loss[NO_INSTANCE] = arrived
    else:
        policy, surge = dealt(tick)
        full = new_ones(p, s, cells, tick.t) if ramps(p) else n
        if takers < n:
            full *= takers / n
        elif s.unhealthy > 0.0 and not p.fails_open:  # they work off what they hold
            io.loss[NO_INSTANCE] = arrived
            arrived = 0.0
        places = takers * p.queue_limit if p.queue_limit > 0 else math.inf
        groups, ca2, lines = balancing(policy, full, each, io.ca2)
        done, queue, busy, wait, p_wait, kc, rejected = station(
            s,
            arrived,
            full * each,
            mean,
            tick.dt,
            variance / (mean * mean) if mean > 0.0 else 0.0,
            theta(mean, variance, third),
            ca2,
            places + surge,
            groups,
            lines,
        )
        io.loss[QUEUE_FULL] = rejected
        io.waiting = queue
        surged = max(0.0, queue - places)
        io.in_flight = s.level - queue
        if s.aside > 0.0:
            off, waiting, in_flight = work_off_aside(s, tick.dt, each, mean)
            done += off / tick.dt
            busy += off / tick.dt * mean
            io.waiting += waiting
            io.in_flight += in_flight
        io.wait_p = p_wait
        io.wait_m, io.wait_v, io.wait_k = wait_cumulants(wait, p_wait, kc)
        if vcpus > 0.0:
            io.utilization = done * cpu_s / (s.vcpus * (1.0 - io.fault[CAPACITY_CUT]))
            s.worker_utilization = busy / (n * workers)
        down = max(s.read_share, 1.0 - s.read_share)
        s.network_utilization = done * io.kb * down / (s.gbps * KB_PER_S_A_GBPS)
    had = s.vcpus * (1.0 - io.fault[CAPACITY_CUT]) / n if n > 0.0 else 0.0
    published.tally(s, io, tick.dt, arrived, done, n, had, cpu_s)
    if s.bursting > 0.0:
        burn(p, s, cells, tick, done * cpu_s)
    if s.terminating > 0:
        out, cut, waiting, in_flight = drain(
            p, s, cells, tick, each if n > 0.0 else s.last_each, mean
        )
        done += out / tick.dt
        io.loss[CUT_OFF] = cut / tick.dt
        io.waiting += waiting
        io.in_flight += in_flight
    io.done = done
    io.out_reads = done * s.read_share
    io.out_writes = done - io.out_reads
    io.instances = n
    s.last_each = each if n > 0.0 else s.last_each
    s.cost_surplus_credits = pay(s, tick.dt) if s.owed_usd > 0.0 else 0.0
    io.cost_per_hour = s.billed + s.cost_surplus_credits
    if p.behind_elb:  # those that stopped are healthy until it is found out
        look(p, s, io, tick, n, each, mean)
        report(tick, n + s.starting + s.lost, n - s.unhealthy + s.lost, surged)


@compiled
def control(p, s, io, cells, tick):
    """Once a minute: health check, metrics, alarms, policies; and what has a clock of its own."""
    if boundary(tick, 60.0):
        if s.unhealthy > 0.0:
            too_busy(p, s, cells, tick)
        sweep(p, s, cells, tick)
        if p.buys_spot:
            watch(p, s, cells, tick)
        if p.zones_n > 1:
            rebalance(p, s, io, cells, tick)
        if p.has_pool:
            tend(p, s, io, cells, tick)
        published.close_minute(p, s, tick)
    scheduled(p, s, cells, tick)
    predict(p, s, cells, tick)
    scaling.clocks(p, s, tick)
    scaling.decide(p, s, cells, tick)
    told_to_plan(tick, s.desired, s.capacity_forecast)


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    """The table is the schedule, see `_scheduled_actions`."""
    derive(params, record, setup)
    record["delay_minutes"] = math.ceil(params.metric_delay_s / 60.0)
    record["monitoring_s"] = 60.0 if params.detailed_monitoring else 300.0
    policies = (*params.policies, *params.step_policies, *params.simple_policies)
    record["fine"] = any(
        policy.metric == "custom" and policy.custom_metric and policy.custom_metric.period_s < 60
        for policy in policies
    )
    _take_plan(record, setup)
    rows = schedule_table(params.scheduled_actions, setup)
    record["schedule_rows"], record["schedule_key"] = len(rows) // ROW, key_of(rows)
    return rows


def _take_plan(record: Any, setup: Setup) -> None:
    """The policies that a scaling plan makes here stand beside the group's own, or replace them."""
    plan = instruction(setup)
    record["plan_predicts"] = False
    if plan is None:
        return
    if plan.replaces:
        for name in ("policies", "step_policies", "simple_policies", "predictive_policies"):
            record[f"{name}_n"] = 0
    n = int(record["policies_n"])
    if plan.dynamic and n < POLICIES:
        policy = Policy(target_value=plan.target, disable_scale_in=plan.disable_scale_in)
        fill(record["policies"][n : n + 1], policy)
        record["policies_n"] = n + 1
    if plan.predictive is not None:
        fill(record["predictive_policies"][:1], plan.predictive)
        record["predictive_policies_n"] = 1
        record["plan_predicts"] = True


def cells_count(params: Params, setup: Setup) -> int:
    """Room for the maximum twice over, as old ones drain while new ones boot; and for actions."""
    pool = 0
    if params.warm_pool:
        pool = max(params.warm_pool_min_size, params.max_group_prepared_capacity or params.max_size)
    return max(64, 2 * params.max_size + 16) + pool


def init(params: Params, record: Any, state: Any, cells: np.ndarray, setup: Setup) -> None:
    """The desired capacity has been in service for a day."""
    _give(params, state)
    desired = int(state["desired"])
    settle(params, record, state, cells, desired)
    scaling.start(state)
    state["read_share"] = 1.0


def adjust(params: Params, record: Any, state: Any, cells: np.ndarray, setup: Setup) -> None:
    """Take over sizes that were edited; others stay as policies and actions have set them."""
    follow_edit(params, record, state)
    desired = -1 if params.desired_capacity is None else params.desired_capacity
    given = (params.min_size, params.max_size, desired)
    if given == tuple(int(state[f"given_{name}"]) for name in ("min", "max", "desired")):
        return
    before = int(state["desired"])
    asked = desired >= 0 and desired != int(state["given_desired"])
    _give(params, state)
    state["desired"] = desired if asked else min(max(before, params.min_size), params.max_size)


def _give(params: Params, state: Any) -> None:
    state["min_size"] = state["given_min"] = params.min_size
    state["max_size"] = state["given_max"] = params.max_size
    given = params.desired_capacity
    state["given_desired"] = -1 if given is None else given
    state["desired"] = params.min_size if given is None else given


class SizeArgs(Parameters):
    value: int = param(1, "Number of instances.", ge=0, le=5000)


class DesiredArgs(SizeArgs):
    honor_cooldown: bool = param(
        False,
        "Whether it is refused while a cooldown runs.",
        source="EC2 Auto Scaling API: SetDesiredCapacity, HonorCooldown",
        confidence="H",
    )


def foretell(params: Params, setup: Setup) -> list[tuple[float, str, str]]:
    """What is odd about the policies, known beforehand."""
    found = [(0.0, "policy_without_metric", text) for text in scaling.blind(params)]
    found += [(t, "scheduled", text) for t, text in meetings(params.scheduled_actions, setup)]
    found += not_yet(params, setup)
    return found


def set_desired(record: Any, state: Any, cells: Any, args: DesiredArgs, t_s: float) -> str:
    if args.honor_cooldown and (state["activity"] or t_s < state["cooldown_until_s"]):
        left = float(state["cooldown_until_s"]) - t_s
        why = f"cooldown for {left:,.0f} s more" if left > 0 else "an activity is under way"
        raise ValueError(f"{why}; wait, or do not honor the cooldown")
    least, most, before = (int(state[name]) for name in ("min_size", "max_size", "desired"))
    if not least <= args.value <= most:
        raise ValueError(f"desired capacity must be {least} to {most}; change those sizes first")
    state["desired"] = args.value
    return f"desired capacity set by hand: {before} to {args.value}"


def set_min(record: Any, state: Any, cells: Any, args: SizeArgs, t_s: float) -> str:
    if args.value > int(state["max_size"]):
        raise ValueError(f"minimum size must not exceed the maximum, {int(state['max_size'])}")
    state["min_size"] = args.value
    state["desired"] = max(int(state["desired"]), args.value)
    return f"minimum size is now {args.value}, desired capacity {int(state['desired'])}"


def set_max(record: Any, state: Any, cells: Any, args: SizeArgs, t_s: float) -> str:
    least = int(state["min_size"])
    if not least <= args.value <= len(cells):
        raise ValueError(
            f"maximum size must be {least} to {len(cells)} in this run; edit max_size for more"
        )
    state["max_size"] = args.value
    state["desired"] = min(int(state["desired"]), args.value)
    return f"maximum size is now {args.value}, desired capacity {int(state['desired'])}"


SERVICE = Service(
    id="auto_scaling_group",
    title="EC2 Auto Scaling group",
    category="compute",
    summary="Instances that serve requests, kept at a number that its policies decide.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    cell=Instance,
    ports=(
        Port("in", "in", "Requests"),
        Port("out", "out", "Calls"),
        Port("scaling", "in", "Scaling plan", modes=("control",), peers=("scaling_plan",)),
    ),
    step=step,
    control=control,
    prepare=prepare,
    cells_count=cells_count,
    init=init,
    adjust=adjust,
    foretell=foretell,
    recall=recall,
    causes=(
        Cause("rejected", "queue_full", "the listen queues of the instances are full", QUEUE),
        Cause("rejected", "no_instance", "no instance in service"),
        Cause("failed", "cut_off", "the deregistration delay ended before the request", TARGETS),
        Cause("failed", "stopped", "the instance stopped running", HEALTH),
    ),
    metrics=(
        Metric("desired_capacity", "", "Desired capacity", "desired", "GroupDesiredCapacity"),
        Metric("pending", "", "Pending (boot)", "pending", "GroupPendingInstances"),
        Metric("starting", "", "Starting (application, first health check)", "starting"),
        Metric("in_service", "", "In service", "in_service", "GroupInServiceInstances"),
        Metric("terminating", "", "Terminating", "terminating", "GroupTerminatingInstances"),
        Metric("standby", "", "In standby", "standby", "GroupStandbyInstances"),
        Metric("spot_instances", "", "Spot instances", "spot"),
        Metric("warm_pool_size", "", "Warm pool", "warm", "WarmPoolWarmedCapacity"),
        Metric("vcpus", "", "vCPUs in service", "vcpus"),
        Metric(
            "cpu_credit_balance", "", "CPU credits, mean", "cpu_credit_balance", "CPUCreditBalance"
        ),
        Metric(
            "cpu_surplus_credits",
            "",
            "Surplus CPU credits, mean",
            "cpu_surplus_credits",
            "CPUSurplusCreditBalance",
        ),
        Metric("network_utilization", "", "Share of the network baseline", "network_utilization"),
        Metric(
            "cpu_utilization",
            "%",
            "CPU, as published",
            "cpu_utilization",
            "CPUUtilization",
            sampled="cpu_now",
            period="monitoring_s",
        ),
        Metric(
            "request_count_per_target",
            "",
            "Requests a minute and target, as published",
            "requests_per_target",
            "RequestCountPerTarget",
            sampled="requests_now",
        ),
        Metric(
            "network_in",
            "B",
            "Bytes into an instance in a minute, as published",
            "network_in",
            "NetworkIn",
            sampled="network_in_now",
            period="monitoring_s",
        ),
        Metric(
            "network_out",
            "B",
            "Bytes out of an instance in a minute, as published",
            "network_out",
            "NetworkOut",
            sampled="network_out_now",
            period="monitoring_s",
        ),
        Metric("worker_utilization", "", "Busy workers", "worker_utilization"),
        Metric("alarm_high", "", "AlarmHigh (0 OK, 1 ALARM, 2 insufficient data)", "alarm_high"),
        Metric("alarm_low", "", "AlarmLow (0 OK, 1 ALARM, 2 insufficient data)", "alarm_low"),
        Metric("breaching_high", "", "Datapoints above target (policy 1)", "breaching_high"),
        Metric("breaching_low", "", "Datapoints below 0.9 of target (policy 1)", "breaching_low"),
        Metric("warming", "", "Warming: not counted yet, hold up scale-in", "warming"),
        Metric("cooldown_left_s", "s", "Cooldown left", "cooldown_left"),
        *WATCHED,
        Metric(
            "load_forecast",
            "",
            "Load forecast for this hour (predictive policy 1)",
            "load_forecast",
            "PredictiveScalingLoadForecast",
        ),
        Metric(
            "capacity_forecast",
            "",
            "Capacity forecast for this hour (predictive policy 1)",
            "capacity_forecast",
            "PredictiveScalingCapacityForecast",
        ),
    ),
    events=(*instances.EVENTS, *SCALING_EVENTS),
    actions=(
        Action("set_desired_capacity", "Set the desired capacity", DesiredArgs, set_desired),
        Action("set_min_size", "Set the minimum size", SizeArgs, set_min),
        Action("set_max_size", "Set the maximum size", SizeArgs, set_max),
        *INSTANCE_ACTIONS,
    ),
    faults=("kill_instances", "capacity_cut", "zone_outage", "spot_interruption"),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    bars=why.BARS,
    headline="instances",
    holds="instances",
)
