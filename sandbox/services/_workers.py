"""Hosts that serve requests with workers: what instances and tasks have in common.

A worker is busy for a request's CPU time and its waits, and for what it calls if it is a thread.
Never are more requests worked on than the CPU can bear, so the smaller of workers and CPU limits
the throughput.
"""

from __future__ import annotations

import math
from typing import Annotated

from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.latency import (
    ERLANG,
    balancing,
    service_cumulants,
    station,
    theta,
    wait_cumulants,
)
from sandbox.services.params import Parameters, param

QUEUE = "Linux kernel documentation, ip-sysctl: somaxconn, 4096 since Linux 5.4 (128 before)"
EMPTY = 0.01  # requests below which a draining host has finished


class Effort(Parameters):
    """The work of a request or task, and the workers for it."""

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
        "Requests that one vCPU's workers (threads) take on at once; a task has one at least.",
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


class Work(Effort):
    """The work of a request, and the places at a host."""

    queue_limit: int = param(
        4096,
        "Requests that wait at one instance or task (its listen queue); 0 is unlimited. What finds "
        "it full is rejected.",
        ge=0,
        le=10**9,
        source=QUEUE,
        confidence="H",
        group="Work",
    )


class Serving:
    """The station of all hosts that take requests; ``level`` is what they hold."""

    level: float
    rho: float
    variance: float
    w0: float
    solved: Annotated[object, ("f8", (7,))]
    read_share: float
    cpu_busy: float  # vCPUs
    worker_utilization: float


@inlined
def at_once(workers, vcpus, mean, cpu_s):
    """As many requests as keep every vCPU of a host busy, if there are workers enough."""
    return min(workers, max(1.0, vcpus) * mean / cpu_s) if cpu_s > 0.0 else workers


@inlined
def occupied(p, io, cpu_s):
    """Cumulants of the time that a request of `cpu_s` occupies a worker."""
    mean, variance, third = service_cumulants(ERLANG, cpu_s + p.wait_time_ms * 1e-3, p.service_cv2)
    io.svc_m, io.svc_v, io.svc_k = mean, variance, third
    if p.holds_server:
        mean += io.down_m
        variance += io.down_v
        third += io.down_k
    return mean, variance, third


@inlined
def take(p, s, io, dt, arrived, full, n, each, work, policy, surge):
    """Let the station take what arrived; (done/s, rejected/s, busy workers, surged).

    `full` and `surge` are as in `serve`, `n` are the hosts at whose places requests wait, `work`
    is as `occupied` says; surged are those that wait beyond these places.
    """
    mean, variance, third = work
    groups, ca2, lines = balancing(policy, full, each, io.ca2)
    places = n * p.queue_limit if p.queue_limit > 0 else math.inf
    done, queue, busy, wait, p_wait, kc, rejected = station(
        s,
        arrived,
        full * each,
        mean,
        dt,
        variance / (mean * mean) if mean > 0.0 else 0.0,
        theta(mean, variance, third),
        ca2,
        places + surge,
        groups,
        lines,
    )
    io.waiting = queue
    io.in_flight = s.level - queue
    io.wait_p = p_wait
    io.wait_m, io.wait_v, io.wait_k = wait_cumulants(wait, p_wait, kc)
    return done, rejected, busy, max(0.0, queue - places)


@compiled
def serve(p, s, io, tick, arrived, n, full, vcpus, policy, surge):
    """Let `n` hosts of `vcpus` each serve what arrived; (done/s, rejected/s, each, mean, surged).

    `full` are the hosts that get a full share, as others that are new may get less. `surge` are
    places at a balancer beyond the hosts' own. `each` are the requests that one host works on at
    once, `mean` the time that takes.
    """
    speed = max(1e-9, min(1.0, vcpus))  # a part of a vCPU takes longer, none nearly for ever
    cpu_s = p.cpu_time_ms * 1e-3 / speed
    work = occupied(p, io, cpu_s)
    mean = work[0]
    if arrived > 0.0:
        s.read_share = io.reads / (io.reads + io.writes)
    workers = max(1.0, vcpus * p.workers_per_vcpu)
    each = at_once(workers, vcpus, mean, cpu_s)
    s.worker_utilization = s.cpu_busy = 0.0
    if n <= 0.0:
        return 0.0, arrived, each, mean, 0.0
    done, rejected, busy, surged = take(
        p, s, io, tick.dt, arrived, full, n, each, work, policy, surge
    )
    s.cpu_busy = done * p.cpu_time_ms * 1e-3
    s.worker_utilization = busy / (n * workers)
    return done, rejected, each, mean, surged


@compiled
def work_off(cell, dt, each, mean):
    """Work off what one draining host holds; the requests that are done."""
    # in service at once or in turn; implicit, so that no tick is too long
    turns = max(1.0, cell.held / each)
    out = cell.held * dt / (mean * turns + dt)
    if cell.held - out < EMPTY:
        out = cell.held
    cell.held -= out
    return out
