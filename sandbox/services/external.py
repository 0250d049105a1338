"""External: a third party, or any pool of servers with a service time and a limit."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.latency import (
    BALANCING,
    SHAPES,
    balancing,
    service_cumulants,
    station,
    theta,
    wait_cumulants,
)
from sandbox.services._external_notes import NOTES
from sandbox.services._health import report
from sandbox.services.contract import Cause, Port, Service
from sandbox.services.law import (
    KILL_COUNT,
    KILL_INSTANCES,
    capacity_left,
    stopping,
    struck_now,
)
from sandbox.services.params import Parameters, param

MODEL = "Queueing theory: a G/G/c station; the numbers are the workload's own"


class Params(Parameters):
    servers: int = param(8, "Requests worked on at once.", ge=1, le=10_000_000, basic=True)
    service_time_s: float = param(
        0.05, "Mean time of a request at a server.", unit="s", ge=0, le=86_400, basic=True
    )
    service_cv2: float = param(
        1.0,
        "Squared coefficient of variation of the service time (1 for exponential, 0 for "
        "deterministic, which fix it).",
        ge=0,
        le=100,
    )
    service_shape: Literal[
        "exponential", "deterministic", "erlang", "lognormal", "hyperexponential"
    ] = param("exponential", "Distribution of the service time.", source=MODEL)
    queue_limit: int = param(
        0, "Places to wait in; 0 is unlimited. What finds them full is rejected.", ge=0, le=10**9
    )
    balancing: Literal["pooled", "random", "round_robin", "least_outstanding"] = param(
        "pooled",
        "One queue for all servers, or one each with requests dealt out this way.",
        source=MODEL,
    )
    holds_server: bool = param(
        True,
        "Whether a server stays occupied while the services it calls work: true for threads, "
        "false for event loops.",
    )


assert tuple(Params.model_json_schema()["properties"]["service_shape"]["enum"]) == SHAPES
assert tuple(Params.model_json_schema()["properties"]["balancing"]["enum"]) == BALANCING


class State:
    level: float
    rho: float
    variance: float
    w0: float
    solved: Annotated[object, ("f8", (7,))]


QUEUE_FULL, STOPPED, NO_SERVER = range(3)


@compiled
def step(p, s, io, cells, tick):
    """One G/G/c station; completions call on what is behind."""
    servers = float(p.servers)
    if io.afflicted != 0:
        servers = _faults(s, io, servers, tick.dt)
    arrived = io.reads + io.writes
    if servers <= 0.0:
        io.loss[NO_SERVER] = arrived
        arrived = 0.0
    mean, variance, third = service_cumulants(p.service_shape, p.service_time_s, p.service_cv2)
    io.svc_m, io.svc_v, io.svc_k = mean, variance, third
    if p.holds_server:
        mean += io.down_m
        variance += io.down_v
        third += io.down_k
    cs2 = variance / (mean * mean) if mean > 0.0 else 0.0
    groups, ca2, lines = balancing(p.balancing, servers, 1.0, io.ca2)
    limit = float(p.queue_limit) if p.queue_limit > 0 else math.inf
    places = limit
    for x in range(tick.ins.shape[0]):
        places += tick.links[tick.ins[x]].surge
    done, queue, busy, wait, p_wait, kc, rejected = station(
        s,
        arrived,
        servers,
        mean,
        tick.dt,
        cs2,
        theta(mean, variance, third),
        ca2,
        places,
        groups,
        lines,
    )
    io.done = done
    io.loss[QUEUE_FULL] = rejected
    io.waiting = queue
    io.in_flight = s.level - queue
    io.wait_p = p_wait
    io.wait_m, io.wait_v, io.wait_k = wait_cumulants(wait, p_wait, kc)
    io.utilization = busy / servers if servers > 0.0 else 0.0
    io.instances = servers
    report(tick, float(p.servers), servers, max(0.0, queue - limit))
    if arrived > 0.0:
        io.out_reads = done * (io.reads / arrived)
        io.out_writes = done * (io.writes / arrived)
    else:
        io.out_reads = done


@inlined
def _faults(s, io, servers, dt):
    """The servers that faults leave. Those that stop take what they work on along.

    They are back when the fault is over: nothing here would replace them before.
    """
    if struck_now(io):
        stopped = min(s.level, servers) * stopping(io, servers) / servers
        s.level -= stopped
        io.loss[STOPPED] = stopped / dt
    left = servers * capacity_left(io) * (1.0 - io.fault[KILL_INSTANCES]) - io.fault[KILL_COUNT]
    if left <= 1e-9 * servers:  # what waits goes with the last of them
        io.loss[STOPPED] += s.level / dt
        s.level = 0.0
        return 0.0
    return left


SERVICE = Service(
    id="external",
    title="External service",
    category="external",
    summary="A third party, or any pool of servers with a service time and a limit.",
    notes=NOTES,
    params=Params,
    state=State,
    ports=(
        Port("in", "in", "Requests"),
        Port("out", "out", "Calls"),
    ),
    step=step,
    causes=(
        Cause("rejected", "queue_full", "the queue of the servers is full", MODEL),
        Cause("failed", "stopped", "the server stopped running"),
        Cause("rejected", "no_server", "no server is running"),
    ),
    faults=("kill_instances", "capacity_cut", "zone_outage"),
    headline="utilization",
    holds="servers",
)
