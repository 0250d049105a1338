"""Elastic Load Balancing: application, network and classic balancers, and what they bill.

Each outgoing link is a target group.  Who gets a request inside a group, and which of its hosts are
healthy, is known where the hosts are: the balancer tells its targets how it deals requests out, and
they report how many are registered and healthy.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import carray

from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.latency import LEAST_OUTSTANDING, RANDOM, ROUND_ROBIN
from sandbox.services import _elb_routes as routes
from sandbox.services import _elb_units as units
from sandbox.services import _why_elb as why
from sandbox.services._elb_notes import NOTES
from sandbox.services._elb_params import Params
from sandbox.services._elb_words import CAUSES, EVENTS, METRICS
from sandbox.services._target_group import SURGE_QUEUE, TargetGroup
from sandbox.services.contract import Port, Service, Setup
from sandbox.services.law import FAILED, NODE, SYNC, emit, pointer
from sandbox.services.params import code

IDLE_S = 60  # Elastic Load Balancing API: LoadBalancerAttribute, idle_timeout.timeout_seconds
NETWORK_IDLE_S = 350  # NLB user guide: Listeners, TCP idle timeout
PORTS_A_MINUTE = 55_000.0  # NLB user guide: Troubleshoot, connections a minute to a target
CLASSIC_GROWTH_PERCENT = 50.0  # Best Practices in Evaluating Elastic Load Balancing (AWS, 2012)
ADDED_MS, NETWORK_ADDED_MS = 1.0, 0.1  # assumption

NETWORK = code(Params, "type", "network")
CLASSIC_TYPE = code(Params, "type", "classic")


class Derived(units.Units):
    policy: int  # how the targets divide what they get: see kernels.latency.BALANCING
    own_s: float
    growth: float
    weighs: bool  # whether a target group has several links
    functions: int  # links that go to functions


class State:
    requests: float
    elb_4xx: float
    elb_460: float
    elb_502: float
    elb_503: float
    elb_504: float
    elb_5xx: float
    target_4xx: float
    target_5xx: float
    response_s: float
    healthy: float
    unhealthy: float
    new_connections: float
    active_connections: float
    processed_kb: float
    lcus: float
    capacity: float
    to_functions: float  # share of requests
    surge_length: float
    spillover: float
    port_errors: float
    open_groups: float
    was_open: float


NO_TARGET, OVER_CAPACITY, NO_PORT, TOO_LARGE, ANSWER_TOO_LARGE = range(5)
FAILS_OPEN, CLOSED_AGAIN = np.arange(2)


@compiled
def step(p, s, io, cells, tick):
    """Pass on what it can take, and tell the targets how they share it out among their servers."""
    rate = io.reads + io.writes
    n = tick.out.shape[0]
    classes = tick.mix.shape[1]
    targets = 0
    for j in range(n):
        if tick.out[j].mode == SYNC:
            targets += 1
            tick.out[j].balancing = p.policy
    s.open_groups = routes.weigh(tick, tick.table[classes:])
    if p.type == CLASSIC_TYPE:
        for j in range(n):
            tick.out[j].surge = SURGE_QUEUE * (tick.out[j].weight if p.weighs else 1.0)
    s.requests = rate
    s.new_connections = rate / p.requests_per_connection
    s.active_connections = s.new_connections * p.connection_s
    s.processed_kb = rate * (io.kb + p.response_kb)
    s.lcus = units.used(p, s, _evaluations(io, tick), s.to_functions)
    over = units.grow(p, s, tick.dt)
    io.cost_per_hour = p.hour_usd + max(s.lcus, p.reserved_lcus) * p.unit_usd
    io.cost_per_hour += s.processed_kb * 3600.0 / units.KB_PER_GB * p.gb_usd
    if targets == 0:
        io.loss[NO_TARGET] = rate
        return
    io.loss[OVER_CAPACITY] = rate * over
    passed = rate - io.loss[OVER_CAPACITY]
    if p.type == NETWORK and not p.preserve_client_ip:
        io.loss[NO_PORT] = passed * _no_port(p, s, tick)
        passed -= io.loss[NO_PORT]
    if p.functions == n and classes == 1:
        if io.kb > routes.LAMBDA_KB:
            io.loss[TOO_LARGE] = passed
        elif p.response_kb > routes.LAMBDA_KB:
            io.loss[ANSWER_TOO_LARGE] = passed
        passed -= io.loss[TOO_LARGE] + io.loss[ANSWER_TOO_LARGE]
    io.svc_m = p.own_s
    io.done = passed
    io.out_reads = io.reads * (passed / rate) if rate > 0.0 else 0.0
    io.out_writes = passed - io.out_reads
    io.out_ca2 = io.ca2


@inlined
def _evaluations(io, tick):
    """Billed rule evaluations/s: the rules each class is held against, beyond the free ones."""
    evaluations = 0.0
    for k in range(tick.mix.shape[1]):
        evaluations += tick.table[k] * (tick.mix[0, k] + tick.mix[1, k])
    return evaluations


@inlined
def _no_port(p, s, tick):
    """The share of new connections for which no port to a target is left."""
    hosts = 0.0
    for j in range(tick.out.shape[0]):
        hosts += max(tick.out[j].healthy, 1.0)
    limit = hosts * PORTS_A_MINUTE / 60.0
    return max(0.0, 1.0 - limit / s.new_connections) if s.new_connections > 0.0 else 0.0


@compiled
def control(p, s, io, cells, tick):
    """What the targets made of it, once they have answered: who answers with what, and why."""
    nodes = carray(pointer(tick.world[0].nodes), tick.world[0].nodes_n, NODE)
    classes = tick.mix.shape[1]
    s.response_s = io.down_m
    s.healthy = s.unhealthy = s.surge_length = s.spillover = 0.0
    s.target_4xx = s.target_5xx = 0.0
    refused = io.loss[NO_TARGET] + io.loss[OVER_CAPACITY] + io.loss[NO_PORT]
    s.elb_502, s.elb_503, s.elb_504 = io.loss[ANSWER_TOO_LARGE], refused, 0.0
    s.port_errors = io.loss[NO_PORT] / p.requests_per_connection
    s.elb_4xx = io.loss[TOO_LARGE]
    s.elb_460 = max(io.served - io.goodput, 0.0)  # the client has gone before the answer
    sent = functions = 0.0
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        if link.mode != SYNC:
            continue
        flow = link.reads + link.writes
        sent += flow
        known = link.hosts >= 0.0
        s.healthy += link.healthy if known else 1.0
        s.unhealthy += link.hosts - link.healthy if known else 0.0
        s.surge_length += link.surged
        s.elb_504 += flow * link.timed_out
        if tick.table[classes + 3 * j] > 0.0:  # whatever goes wrong in a function is a 502
            functions += flow
            s.elb_502 += flow * (link.failed + link.throttled + link.rejected)
            continue
        if p.type == CLASSIC_TYPE or (known and link.hosts == 0.0):
            s.elb_503 += flow * link.rejected
            s.spillover += flow * link.rejected if link.healthy > 0.0 else 0.0
        else:  # a connection that is not taken in ten seconds
            s.elb_504 += flow * link.rejected
        broken = min(link.failed, _broken(nodes[link.target]))
        s.elb_502 += flow * broken
        s.target_5xx += flow * (link.failed - broken)
        s.target_4xx += flow * link.throttled
    if io.done > sent:  # no rule takes them
        s.elb_503 += io.done - sent
    s.to_functions = functions / sent if sent > 0.0 else 0.0
    s.elb_5xx = s.elb_502 + s.elb_503 + s.elb_504
    if s.open_groups > s.was_open:
        emit(tick, FAILS_OPEN, s.unhealthy, s.open_groups, 0.0, 0.0, 0.0, 0.0)
    elif s.open_groups < s.was_open:
        emit(tick, CLOSED_AGAIN, s.healthy, 0.0, 0.0, 0.0, 0.0, 0.0)
    s.was_open = s.open_groups


@inlined
def _broken(callee):
    """The share of requests that break off at a target: cut while it leaves, or as it stops."""
    found = 0.0
    for c in range(callee.fault_causes):
        if callee.kinds[c] == FAILED:
            found += callee.loss[c]
    return found / callee.arrivals if callee.arrivals > 0.0 else 0.0


def patience(params: Params, era: str) -> float:
    """The idle timeout (s)."""
    if params.type == "network":
        return float(NETWORK_IDLE_S if era == "2020" else params.idle_timeout_s or NETWORK_IDLE_S)
    return float(params.idle_timeout_s or IDLE_S)


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    """The policy for the targets, units and prices; the table of `_elb_routes.plan`."""
    kind = params.type
    record["policy"] = _policy(params, setup.era)
    units.write(record, kind, "tcp" if params.listener == "http" else params.listener)
    usual = CLASSIC_GROWTH_PERCENT if kind == "classic" else 0.0
    growth = usual if params.growth_percent is None else params.growth_percent
    record["growth"] = growth / 100.0
    if kind == "classic" or setup.era == "2020":
        record["reserved_lcus"] = 0.0
    usual = NETWORK_ADDED_MS if kind == "network" else ADDED_MS
    record["own_s"] = (usual if params.latency_ms is None else params.latency_ms) / 1e3
    cross = params.cross_zone == "on" or (params.cross_zone == "default" and kind == "application")
    table, record["weighs"] = routes.plan(setup, kind == "application", cross)
    record["functions"] = sum(out.service == "lambda_function" for out in setup.outs)
    return table


def _policy(params: Params, era: str) -> int:
    if params.type == "network":
        return RANDOM
    if params.type == "classic":
        return LEAST_OUTSTANDING if params.listener == "http" else ROUND_ROBIN
    if params.algorithm == "least_outstanding_requests":
        return LEAST_OUTSTANDING
    return RANDOM if params.algorithm == "weighted_random" and era != "2020" else ROUND_ROBIN


def route(params: Params, setup: Setup) -> np.ndarray:
    """1 where a class takes a link: those of its first matching rule, else those of the default."""
    return routes.route(setup, params.type == "application")


SERVICE = Service(
    id="elb",
    title="Elastic Load Balancing",
    category="networking",
    summary="Divides requests among targets that are healthy, by path and by turn.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    ports=(
        Port("in", "in", "Requests", modes=("sync",)),
        Port("targets", "out", "Targets", modes=("sync",), params={"sync": TargetGroup}),
    ),
    step=step,
    control=control,
    prepare=prepare,
    route=route,
    patience=patience,
    causes=CAUSES,
    metrics=METRICS,
    events=EVENTS,
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    headline="request_count",
    balances=True,
    sparse=True,  # "only when requests are flowing" (CloudWatch metrics for your load balancer)
    transparent=True,
)
