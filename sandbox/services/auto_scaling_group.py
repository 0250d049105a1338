"""EC2 Auto Scaling group: instances that serve requests, kept, added and removed by its policies.

The instances in service are one station of workers, or one each, as the balancer in front deals
requests out.  A worker is busy for a request's CPU time and its waits; never are more requests
worked on than the CPU can bear, so the smaller of workers and CPU limits the throughput.
"""

from __future__ import annotations

from sandbox.kernels.compiled import compiled
from sandbox.services import _plans as plans
from sandbox.services import _scaling as scaling
from sandbox.services import _scaling_metrics as published
from sandbox.services import _why_auto_scaling_group as why
from sandbox.services._auto_scaling_group_actions import ACTIONS
from sandbox.services._auto_scaling_group_notes import NOTES
from sandbox.services._auto_scaling_group_params import Params
from sandbox.services._auto_scaling_group_setup import (
    Derived,
    adjust,
    cells_count,
    foretell,
    init,
    prepare,
)
from sandbox.services._auto_scaling_group_words import CAUSES, EVENTS, METRICS
from sandbox.services._forecast import recall
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
from sandbox.services._instances import Fleet, Instance
from sandbox.services._instances_clocks import turn
from sandbox.services._instances_credits import burn, pay
from sandbox.services._instances_health import new_ones, rebalance, strike, sweep, too_busy
from sandbox.services._instances_leave import drain
from sandbox.services._instances_pool import tend
from sandbox.services._instances_spot import watch
from sandbox.services._plans import told_to_plan
from sandbox.services._scaling import Dynamic
from sandbox.services._scaling_predictive import Predictive, predict
from sandbox.services._scaling_schedule import Schedule, scheduled
from sandbox.services._scaling_tracking import longest_warmup
from sandbox.services._scaling_view import WATCHERS
from sandbox.services._scaling_watch import note_clocks
from sandbox.services._workers import occupied, take
from sandbox.services.contract import Port, Service
from sandbox.services.law import CAPACITY_CUT, boundary, struck_now

KB_PER_S_A_GBPS = 125_000.0


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
    work = occupied(p, io, cpu_s)
    mean = work[0]
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
        done, io.loss[QUEUE_FULL], busy, surged = take(
            p, s, io, tick.dt, arrived, full, takers, each, work, policy, surge
        )
        if s.aside > 0.0:
            off, waiting, in_flight = work_off_aside(s, tick.dt, each, mean)
            done += off / tick.dt
            busy += off / tick.dt * mean
            io.waiting += waiting
            io.in_flight += in_flight
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
        plans.PORT,
    ),
    step=step,
    control=control,
    prepare=prepare,
    cells_count=cells_count,
    init=init,
    adjust=adjust,
    foretell=foretell,
    recall=recall,
    causes=CAUSES,
    metrics=METRICS,
    events=EVENTS,
    actions=ACTIONS,
    faults=("kill_instances", "capacity_cut", "zone_outage", "spot_interruption"),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    bars=why.BARS,
    watchers=WATCHERS,
    headline="instances",
    holds="instances",
)
