"""Compiled loops over kernels for cases that need no diagram; kept in the engine's code cache."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from numba import njit

from sandbox.engine.native import use_cache
from sandbox.kernels import bucket, erlang, latency, mixture

use_cache("fidelity", Path(__file__).read_bytes())

BOOTING = 1000  # the most workers that boot at once
QUEUE, RUNNING, DESIRED, AGE = range(4)


@njit(error_model="numpy", nogil=True, cache=True)
def m_m_c(q, mix, servers, load, service_s, ticks, dt):
    """Bring the empty STATION `q` to rest at a `load` per server; its response goes to `mix`."""
    rate = load * servers / service_s
    wait, p_wait, kc = 0.0, 0.0, 1.0
    for _ in range(ticks):
        _, _, _, wait, p_wait, kc, _ = latency.station(q, rate, servers, service_s, dt)
    mean, variance, third = latency.service_cumulants(latency.EXPONENTIAL, service_s, 1.0)
    wait_mean, wait_variance, wait_third = latency.wait_cumulants(wait, p_wait, kc)
    mixture.respond(mix, mean, variance, third, p_wait, wait_mean, wait_variance, wait_third)
    return mixture.mean(mix)


@njit(error_model="numpy", nogil=True, cache=True)
def admitted(tokens, rate, refill, depth, dt, ticks):
    """What a token bucket admits in so many ticks."""
    count = 0.0
    for _ in range(ticks):
        accepted, _, tokens = bucket.token_bucket(tokens, rate, refill, depth, dt)
        count += accepted * dt
    return count


@njit(error_model="numpy", nogil=True, cache=True)
def burst_s(before, save_s, rate, quota, window_s, dt):
    """How long a rate beyond the quota is served after `save_s` at the rate `before`, s."""
    saved = 0.0
    for _ in range(round(save_s / dt)):
        _, _, saved = bucket.burst(saved, before, quota, quota * window_s, dt)
    held = 0.0
    while held < 1e6:
        _, throttled, saved = bucket.burst(saved, rate, quota, quota * window_s, dt)
        if throttled > 1.0:
            return held
        held += dt
    return held


@njit(error_model="numpy", nogil=True, cache=True)
def fleet_day(q, rows, dt, window_s):
    """A day of workers that follow a queue (see `fleet`); `rows` [window, 4] are means of the
    number waiting, workers running, workers desired, and the age (s) of the oldest that waits."""
    ticks, each = round(86_400.0 / dt), round(window_s / dt)
    ready = np.zeros(BOOTING)
    booting = 0
    running, desired, waiting, acted = 3.0, 3.0, 0.0, -1e9
    come = np.zeros(ticks + 1)  # arrivals so far; `oldest` is the tick in which the oldest came
    oldest = 0
    for k in range(ticks):
        t = k * dt
        while booting > 0 and ready[0] <= t + 1e-9:
            for i in range(1, booting):
                ready[i - 1] = ready[i]
            booting -= 1
            running += 1.0
        if k > 0 and k % round(60.0 / dt) == 0 and t - acted >= 300.0 - 1e-9:
            each_has = waiting / max(running, 1.0)
            if each_has > 100.0:
                more = max(1, math.ceil(0.1 * desired - 1e-9))
                for _ in range(more):
                    ready[booting] = t + 120.0
                    booting += 1
                desired += more
                acted = t
            elif each_has < 10.0 and desired > 1.0:
                desired -= 1.0
                acted = t
                if booting > 0:
                    booting -= 1
                else:
                    running -= 1.0
        rate = 110.0 - 90.0 * math.cos(2.0 * math.pi * (t + 0.5 * dt) / 86_400.0)
        waiting = latency.station(q, rate, running, 0.1, dt)[1]
        come[k + 1] = come[k] + rate * dt
        begun = come[k + 1] - waiting
        while oldest < k and come[oldest + 1] <= begun:
            oldest += 1
        part = (begun - come[oldest]) / (come[oldest + 1] - come[oldest])
        row = rows[k // each]
        row[QUEUE] += waiting / each
        row[RUNNING] += running / each
        row[DESIRED] += desired / each
        row[AGE] += (t + dt - (oldest + part) * dt) / each


@njit(error_model="numpy", nogil=True, cache=True)
def lost(servers, load):
    """The share that so many servers without a queue lose."""
    return erlang.erlang_b(float(servers), load)
