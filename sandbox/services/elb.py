"""Elastic Load Balancing: the application balancer, its listener rules, and what it bills."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any, Literal

import numpy as np

from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.latency import LEAST_OUTSTANDING, ROUND_ROBIN
from sandbox.services import _why_elb as why
from sandbox.services._elb_notes import NOTES
from sandbox.services.contract import Cause, Metric, Port, Service, Setup
from sandbox.services.law import SYNC
from sandbox.services.params import Parameters, code, param

GROUPS = "Application Load Balancers user guide: Target groups for your load balancers"
LISTENERS = "Application Load Balancers user guide: Listener rules"
PRICING = "https://aws.amazon.com/elasticloadbalancing/pricing/"

HOUR_USD = 0.0225  # PRICING, us-east-1
LCU_HOUR_USD = 0.008  # PRICING, us-east-1
LCU_NEW_PER_S = 25.0  # PRICING: what one load balancer capacity unit (LCU) holds
LCU_ACTIVE = 3000.0
LCU_GB_PER_HOUR = 1.0
LCU_EVALUATIONS_PER_S = 1000.0
FREE_RULES = 10  # PRICING: the first ten rules a request is held against cost nothing
KB_PER_GB = 1e6


class Params(Parameters):
    type: Literal["application"] = param(
        "application", "The kind of balancer: application works on requests (layer 7).", basic=True
    )
    algorithm: Literal["round_robin", "least_outstanding_requests"] = param(
        "round_robin",
        "How requests are dealt out to the targets of a group: in turn, or each to the target "
        "with the fewest requests under way.",
        source=GROUPS,
        confidence="H",
        basic=True,
    )
    latency_ms: float = param(
        1.0, "Time that the balancer itself adds to a request.", unit="ms", ge=0, le=1000
    )
    response_kb: float = param(
        8.0, "Mean size of an answer, for the processed bytes.", unit="KB", ge=0, le=1e6
    )
    requests_per_connection: float = param(
        10.0, "Requests that a client sends over one connection.", ge=1, le=1e6
    )
    connection_s: float = param(
        60.0, "How long a client's connection stays open.", unit="s", ge=0, le=604_800
    )


class Rule(Parameters):
    """What sends a request to this target."""

    path_pattern: str = param(
        "",
        "Paths that go this way, such as /images/*: * is any text, ? any character, and case "
        "counts. Empty is the default rule.",
        source=LISTENERS,
        confidence="H",
        basic=True,
    )
    priority: int = param(
        1,
        "The matching rule with the lowest number takes the request; targets with the same "
        "pattern and number divide it by share.",
        ge=1,
        le=50_000,
        source=LISTENERS,
        confidence="H",
        basic=True,
    )


LEAST = code(Params, "algorithm", "least_outstanding_requests")


class Derived:
    policy: int  # how the targets divide what they get: see kernels.latency.BALANCING


class State:
    requests: float
    elb_5xx: float
    target_5xx: float
    response_s: float
    new_connections: float
    active_connections: float
    processed_kb: float
    lcus: float


NO_TARGET = 0


@compiled
def step(p, s, io, cells, tick):
    """Pass every request on, and tell the targets how they share it out among their servers."""
    rate = io.reads + io.writes
    targets = 0
    for j in range(tick.out.shape[0]):
        if tick.out[j].mode == SYNC:
            targets += 1
            tick.out[j].balancing = p.policy
    s.requests = rate
    s.new_connections = rate / p.requests_per_connection
    s.active_connections = s.new_connections * p.connection_s
    s.processed_kb = rate * (io.kb + p.response_kb)
    s.lcus = max(s.new_connections / LCU_NEW_PER_S, s.active_connections / LCU_ACTIVE)
    s.lcus = max(s.lcus, s.processed_kb * 3600.0 / KB_PER_GB / LCU_GB_PER_HOUR)
    s.lcus = max(s.lcus, _evaluations(io, tick) / LCU_EVALUATIONS_PER_S)
    io.cost_per_hour = HOUR_USD + s.lcus * LCU_HOUR_USD
    if targets == 0:
        io.loss[NO_TARGET] = rate
        return
    io.svc_m = p.latency_ms * 1e-3
    io.done = rate
    io.out_reads = io.reads
    io.out_writes = io.writes
    io.out_ca2 = io.ca2


@inlined
def _evaluations(io, tick):
    """Billed rule evaluations/s: the rules each class is held against, beyond the free ones."""
    billed = 0.0
    for k in range(tick.table.shape[0]):
        billed += tick.table[k] * (tick.mix[0, k] + tick.mix[1, k])
    return billed


@compiled
def control(p, s, io, cells, tick):
    """What the targets made of it, once they have answered."""
    s.response_s = io.down_m
    # a target that takes no request is answered for by the balancer: 502, 503, or 504 when late
    s.elb_5xx = io.loss[NO_TARGET] + io.done * (io.down_rejected + io.down_timed_out)
    s.target_5xx = io.done * (io.down_failed + io.down_throttled)


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    """The policy for the targets; by class, how many billed rules a request is held against."""
    record["policy"] = LEAST_OUTSTANDING if record["algorithm"] == LEAST else ROUND_ROBIN
    rules = _rules(setup)
    billed = []
    for path in _paths(setup):
        tried = next((i + 1 for i, rule in enumerate(rules) if _takes(rule, path)), len(rules))
        billed.append(float(max(0, tried - FREE_RULES)))
    return np.array(billed)


def route(params: Params, setup: Setup) -> np.ndarray:
    """1 where a class takes a link: those of its first matching rule, else those of the default."""
    taken = np.zeros((len(setup.outs), len(_paths(setup))))
    rules = _rules(setup)
    for k, path in enumerate(_paths(setup)):
        wanted = next((rule for rule in rules if _takes(rule, path)), None)
        for j, link in enumerate(setup.outs):
            pattern = link.params["path_pattern"]
            mine = (link.params["priority"], pattern) if pattern else None
            taken[j, k] = float(mine == wanted)
    return taken


def _rules(setup: Setup) -> list[tuple[int, str]]:
    """(priority, pattern) in the order in which they are tried."""
    found = {(o.params["priority"], o.params["path_pattern"]) for o in setup.outs}
    return sorted(rule for rule in found if rule[1])


def _paths(setup: Setup) -> list[str]:
    return [c.path for c in setup.classes] or ["/"]


def _takes(rule: tuple[int, str], path: str) -> bool:
    return fnmatchcase(path, rule[1].replace("[", "[[]"))  # brackets are plain text here


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
        Port("targets", "out", "Targets", modes=("sync",), params={"sync": Rule}),
    ),
    step=step,
    control=control,
    prepare=prepare,
    route=route,
    causes=(
        Cause(
            "rejected",
            "no_target",
            "503: no target is registered",
            "Application Load Balancers user guide: Troubleshoot",
        ),
    ),
    metrics=(
        Metric("request_count", "1/s", "Requests", "requests", "RequestCount", total=True),
        Metric(
            "http_code_elb_5xx",
            "1/s",
            "Errors of the balancer (502, 503, 504)",
            "elb_5xx",
            "HTTPCode_ELB_5XX_Count",
            total=True,
        ),
        Metric(
            "http_code_target_5xx",
            "1/s",
            "Errors of the targets",
            "target_5xx",
            "HTTPCode_Target_5XX_Count",
            total=True,
        ),
        Metric(
            "target_response_time",
            "s",
            "Response of the targets",
            "response_s",
            "TargetResponseTime",
        ),
        Metric(
            "new_connections",
            "1/s",
            "New connections",
            "new_connections",
            "NewConnectionCount",
            total=True,
        ),
        Metric(
            "active_connections",
            "",
            "Active connections",
            "active_connections",
            "ActiveConnectionCount",
        ),
        Metric(
            "processed_kb",
            "KB/s",
            "Processed bytes",
            "processed_kb",
            "ProcessedBytes",
            total=True,
        ),
        Metric("consumed_lcus", "", "Consumed capacity units (LCU)", "lcus", "ConsumedLCUs"),
    ),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    headline="request_count",
    balances=True,
    sparse=True,  # "only when requests are flowing" (CloudWatch metrics for your load balancer)
    transparent=True,
)
