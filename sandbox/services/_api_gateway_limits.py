"""What an API refuses for being too much: token buckets one after the other, and a quota.

In AWS's order: those of each client's usage plan, of the method, of the stage, of the account.
The account's is shared by all APIs of the diagram; the first of them keeps it.
"""

from __future__ import annotations

import math
from typing import Annotated

from numba import carray

from sandbox.kernels.bucket import token_bucket
from sandbox.kernels.compiled import inlined
from sandbox.services._api_gateway_params import Integration
from sandbox.services.contract import link_record
from sandbox.services.law import SYNC, pointer

METHODS = 32  # links with a bucket of their own; a further one has none
DAY_S = 86_400.0
TOO_LARGE, USAGE_PLAN, USAGE_QUOTA, METHOD, STAGE, ACCOUNT, CONNECTIONS, NO_ROUTE = range(8)
INTEGRATION = link_record(Integration)


class Limits:
    """State: tokens; of the first API also the account's."""

    usage_tokens: float
    stage_tokens: float
    connection_tokens: float
    method_tokens: Annotated[object, ("f8", (METHODS,))]
    used: float  # of the usage plan's quota, in the period
    period: int
    # the account's bucket: what all ask for, those who had their turn in this tick and the others
    account_tokens: float
    book_tick: int
    offered_now: float
    offered_rest: float
    offered: float  # by this API
    rate_now: float
    rate: float
    burst_now: float
    burst: float
    tokens_begun: int


@inlined
def integration(link):
    """The parameters of a link to what is behind."""
    return carray(pointer(link.p_source), 1, INTEGRATION)[0]


@inlined
def usage_plan(p, s, io, tick, rate):
    """(requests/s let through, throttled, beyond the quota) by the clients' own limits."""
    throttled = over = 0.0
    if p.usage_plan_rate_per_s >= 0.0:  # not if it is not given, which is no number
        each = rate / p.usage_plan_clients
        depth = _depth(p.usage_plan_burst, p.usage_plan_rate_per_s)
        spread = 1.0 + (io.ca2 - 1.0) / p.usage_plan_clients
        _ok, refused, s.usage_tokens = token_bucket(
            s.usage_tokens, each, p.usage_plan_rate_per_s, depth, tick.dt, spread
        )
        throttled = refused * p.usage_plan_clients
    rate -= throttled
    if p.usage_plan_quota >= 0.0:
        period = int(math.floor((tick.epoch + tick.t + 1e-6) / (p.period_days * DAY_S)))  # noqa: RUF046
        if period != s.period:
            s.period = period
            s.used = 0.0
        left = max(0.0, p.usage_plan_quota * p.usage_plan_clients - s.used) / tick.dt
        over = max(0.0, rate - left)
        rate -= over
        s.used += rate * tick.dt
    return rate, throttled, over


@inlined
def method(s, io, j, link, rate, share, dt):
    """The share of `rate` requests/s for link j that its method's bucket lets through."""
    m = integration(link)
    if not m.method_rate_per_s >= 0.0 or j >= METHODS or rate <= 0.0:
        return 1.0
    depth = _depth(m.method_burst, m.method_rate_per_s)
    ok, _over, s.method_tokens[j] = token_bucket(
        s.method_tokens[j], rate, m.method_rate_per_s, depth, dt, 1.0 + share * (io.ca2 - 1.0)
    )
    return ok / rate


@inlined
def stage(p, s, io, rate, dt):
    """Requests/s that the stage's bucket lets through."""
    if not p.stage_rate_per_s >= 0.0:
        return rate
    depth = _depth(p.stage_burst, p.stage_rate_per_s)
    ok, _over, s.stage_tokens = token_bucket(
        s.stage_tokens, rate, p.stage_rate_per_s, depth, dt, io.ca2
    )
    return ok


@inlined
def account(p, s, k, io, tick, rate):
    """Requests/s that the account lets through; each API has its part of the one bucket."""
    if k.book_tick != tick.n + 1:
        k.book_tick = tick.n + 1
        k.offered_rest = k.offered_now
        k.offered_now = 0.0
        k.rate = k.rate_now
        k.burst = k.burst_now
        k.rate_now = k.burst_now = math.inf
    k.rate_now = min(k.rate_now, p.account_rate_per_s)
    k.burst_now = min(k.burst_now, p.account_burst)
    refill = min(k.rate, k.rate_now) if tick.n > 0 else k.rate_now
    depth = min(k.burst, k.burst_now) if tick.n > 0 else k.burst_now
    if k.tokens_begun == 0:
        k.tokens_begun = 1
        k.account_tokens = depth
    k.offered_rest = max(0.0, k.offered_rest - s.offered)
    total = k.offered_rest + k.offered_now + rate
    s.offered = rate
    k.offered_now += rate
    part = rate / total if total > 0.0 else 1.0
    if part <= 0.0:
        return rate
    before = k.account_tokens * part
    ok, _over, after = token_bucket(
        before, rate, refill * part, depth * part, tick.dt, max(1e-6, io.ca2 * part)
    )
    k.account_tokens = min(depth, k.account_tokens + after - before)
    return ok


@inlined
def _depth(burst, rate):
    return burst if burst >= 0.0 else rate


@inlined
def full_buckets(p, s, out):
    """Buckets begin full."""
    s.usage_tokens = _depth(p.usage_plan_burst, p.usage_plan_rate_per_s)
    s.stage_tokens = _depth(p.stage_burst, p.stage_rate_per_s)
    s.connection_tokens = 0.0
    for j in range(out.shape[0]):
        if out[j].mode == SYNC and j < METHODS:
            m = integration(out[j])
            s.method_tokens[j] = _depth(m.method_burst, m.method_rate_per_s)
