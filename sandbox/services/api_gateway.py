"""API Gateway: the front door of an API, with throttles, a cache and a timeout."""

from __future__ import annotations

import math

from sandbox.kernels.bucket import token_bucket
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services import _why_api_gateway as why
from sandbox.services._api_gateway_cache import TIERS, Cache, hits
from sandbox.services._api_gateway_limits import (
    ACCOUNT,
    CONNECTIONS,
    METHOD,
    NO_ROUTE,
    STAGE,
    TOO_LARGE,
    USAGE_PLAN,
    USAGE_QUOTA,
    Limits,
    account,
    full_buckets,
    method,
    stage,
    usage_plan,
)
from sandbox.services._api_gateway_notes import NOTES
from sandbox.services._api_gateway_params import QUOTAS, THROTTLING, Integration, Params
from sandbox.services._api_gateway_setup import (
    Derived,
    adjust,
    flush_cache,
    foretell,
    init,
    prepare,
    route,
)
from sandbox.services.contract import Action, Cause, EventKind, Metric, Port, Service
from sandbox.services.law import SYNC, emit, state_of
from sandbox.services.params import NoArguments, code
from sandbox.services.params import record as record_of

NEW_CONNECTIONS_PER_S = 500.0  # Amazon API Gateway Developer Guide: Quotas for WebSocket APIs
LATENCY_CV2 = 0.25  # assumption: squared coefficient of variation of what the gateway adds
CONNECTION_MINUTE_USD = 0.25e-6  # Amazon API Gateway pricing
WEBSOCKET = code(Params, "type", "websocket")


class State(Limits, Cache):
    begun: int
    count: float
    refused: float
    errors_4xx: float
    errors_5xx: float
    late_504: float
    bad_502: float
    throttled_500: float
    integration_s: float
    cache_hits: float
    cache_misses: float
    connections: float
    billed: float
    month: float  # billed requests so far
    request_usd: float
    asked: float
    limit: float
    late_until: float


STATE = record_of(State)
LATE = 0


@compiled
def step(p, s, io, cells, tick):
    """One tick of an API:

    1. what is too large, or has no route, is refused;
    2. so is what exceeds the limits of usage plan, method, stage and account, in this order;
    3. the cache answers what it holds;
    4. the rest goes on, to the integration that its path belongs to.
    """
    books = state_of(tick, p.keeper, STATE)
    if s.begun == 0:
        s.begun = 1
        full_buckets(p, s, tick.out)
    rate = io.reads + io.writes
    s.count = rate
    writing = io.writes / rate if rate > 0.0 else 0.0
    # 1
    s.connections = 0.0
    if io.kb > p.largest_kb:
        io.loss[TOO_LARGE] = rate
        rate = 0.0
    if p.type == WEBSOCKET and rate > 0.0:
        rate = _connect(p, s, io, tick, rate)
    # 2
    rate, throttled, over = usage_plan(p, s, io, tick, rate)
    io.loss[USAGE_PLAN], io.loss[USAGE_QUOTA] = throttled, over
    routed, let_in = _methods(p, s, io, tick, rate)
    io.loss[NO_ROUTE] = rate - routed
    io.loss[METHOD] = routed - let_in
    rate = stage(p, s, io, let_in, tick.dt)
    io.loss[STAGE] = let_in - rate
    admitted = account(p, s, books, io, tick, rate)
    io.loss[ACCOUNT] = rate - admitted
    s.asked = books.offered_rest + books.offered_now
    s.limit = min(books.rate, books.rate_now) if tick.n > 0 else books.rate_now
    s.refused = throttled + over + io.loss[METHOD] + io.loss[STAGE] + io.loss[ACCOUNT]
    s.refused += io.loss[CONNECTIONS]
    # 3
    reads = admitted * (1.0 - writing)
    s.cache_hits = 0.0
    if p.capacity > 0.0:
        s.cache_hits = reads * hits(p, s, io, tick, reads)
    s.cache_misses = reads - s.cache_hits if p.capacity > 0.0 else 0.0
    # 4
    io.done = admitted
    io.out_reads = reads - s.cache_hits
    io.out_writes = admitted * writing
    io.out_ca2 = io.ca2
    io.absorbed = s.cache_hits / admitted if admitted > 0.0 else 0.0
    io.svc_m = p.own_s
    io.svc_v = LATENCY_CV2 * p.own_s * p.own_s
    io.svc_k = 2.0 * LATENCY_CV2 * io.svc_v * p.own_s
    io.utilization = min(1.0, s.asked / s.limit) if s.limit > 0.0 else 0.0
    _bill(p, s, io, tick, admitted)


@inlined
def _connect(p, s, io, tick, rate):
    """Messages/s over connections that could be opened: the Region takes so many new a second."""
    fresh = rate / p.messages_per_connection
    ok, over, s.connection_tokens = token_bucket(
        s.connection_tokens, fresh, NEW_CONNECTIONS_PER_S, NEW_CONNECTIONS_PER_S, tick.dt
    )
    io.loss[CONNECTIONS] = over * p.messages_per_connection
    s.connections = ok * p.connection_s
    return ok * p.messages_per_connection


@compiled
def _methods(p, s, io, tick, rate):
    """(requests/s that have a route, those that their methods let through).

    Where classes of requests meet different limits their composition changes with it.
    """
    offered = io.reads + io.writes
    classes = tick.mix.shape[1]
    routed = let_in = 0.0
    scale = rate / offered if offered > 0.0 else 0.0
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        if link.mode == SYNC:
            link.weight = 1.0
    for k in range(classes):
        shares = 0.0
        for j in range(tick.out.shape[0]):
            shares += tick.out[j].share * tick.route[j, k]
        part = scale * (tick.mix[0, k] + tick.mix[1, k])
        routed += part if shares > 0.0 else 0.0
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        mine = 0.0
        for k in range(classes):
            if tick.route[j, k] <= 0.0:
                continue
            shares = 0.0
            for i in range(tick.out.shape[0]):
                shares += tick.out[i].share * tick.route[i, k]
            if shares > 0.0:
                one = scale * (tick.mix[0, k] + tick.mix[1, k])
                mine += one * link.share * tick.route[j, k] / shares
        ok = method(s, io, j, link, mine, mine / rate if rate > 0.0 else 0.0, tick.dt)
        link.weight = ok
        let_in += mine * ok
    routed = min(routed, rate)  # sums of shares may be more by a rounding
    let_in = min(let_in, routed)
    if classes > 1 and let_in < rate:
        _compose(io, tick, offered, let_in / scale if scale > 0.0 else 0.0)
    return routed, let_in


@inlined
def _compose(io, tick, offered, kept):
    """Leave each class what its routes let through; the sum stays, for shares are taken of it."""
    if kept <= 0.0:
        return
    reads = writes = 0.0
    for k in range(tick.mix.shape[1]):
        all_ = through = 0.0
        for j in range(tick.out.shape[0]):
            part = tick.out[j].share * tick.route[j, k]
            all_ += part
            through += part * tick.out[j].weight
        ok = through / all_ if all_ > 0.0 else 0.0
        tick.mix[0, k] *= ok
        tick.mix[1, k] *= ok
        reads += tick.mix[0, k]
        writes += tick.mix[1, k]
    for k in range(tick.mix.shape[1]):
        if reads > 0.0:
            tick.mix[0, k] *= io.reads / reads
        if writes > 0.0:
            tick.mix[1, k] *= io.writes / writes


@inlined
def _bill(p, s, io, tick, admitted):
    """Requests by the tier of the month, the cache, the connections."""
    size = max(io.kb, p.response_kb)
    s.billed = admitted * (math.ceil(size / p.unit_kb - 1e-9) if p.unit_kb > 0.0 else 1.0)
    s.request_usd = tick.table[tick.table.shape[0] - 1]
    tiers = tick.table.shape[0] - 2 * TIERS
    for i in range(TIERS):
        if s.month < tick.table[tiers + 2 * i]:
            s.request_usd = tick.table[tiers + 2 * i + 1]
            break
    s.month += s.billed * tick.dt
    usd = s.billed * s.request_usd * 3600.0
    usd += p.cache_hour_usd
    io.cost_per_hour = usd + s.connections * 60.0 * CONNECTION_MINUTE_USD


@compiled
def control(p, s, io, cells, tick):
    """What the integrations made of it, once they have answered."""
    s.integration_s = io.down_m
    s.late_504 = io.done * io.down_timed_out
    s.throttled_500 = io.done * io.down_throttled
    s.bad_502 = io.done * (io.down_failed + io.down_rejected)
    s.errors_5xx = s.late_504 + s.bad_502 + s.throttled_500
    s.errors_4xx = s.refused + io.loss[TOO_LARGE] + io.loss[NO_ROUTE]
    if s.late_504 > 1e-3 * io.done and s.late_504 > 0.0:
        if tick.t >= s.late_until:
            emit(tick, LATE, s.late_504, io.done)
        s.late_until = tick.t + 60.0


SERVICE = Service(
    id="api_gateway",
    title="API Gateway",
    category="networking",
    summary="The front door of an API: refuses what is too much, and waits only so long.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    ports=(
        Port("in", "in", "Requests", modes=("sync",)),
        Port("out", "out", "Integrations", modes=("sync",), params={"sync": Integration}),
    ),
    step=step,
    control=control,
    prepare=prepare,
    init=init,
    adjust=adjust,
    route=route,
    foretell=foretell,
    account=True,
    causes=(
        Cause("rejected", "too_large", "413: the payload is larger than an API takes", QUOTAS),
        Cause("throttled", "usage_plan", "429: a client exceeds its usage plan", THROTTLING),
        Cause("throttled", "usage_quota", "429: a client's quota of the period is used up",
              THROTTLING),
        Cause("throttled", "method", "429: a method gets more than its limit", THROTTLING),
        Cause("throttled", "stage", "429: the stage gets more than its limit", THROTTLING),
        Cause("throttled", "account", "429: the account's APIs get more than its limit", QUOTAS),
        Cause("throttled", "connections", "429: 500 new connections a second", QUOTAS),
        Cause("rejected", "no_route", "403 or 404: no route fits the path", THROTTLING),
    ),
    metrics=(
        Metric("count", "1/s", "Requests", "count", "Count", total=True),
        Metric("errors_4xx", "1/s", "Refused (4xx)", "errors_4xx", "4XXError", total=True),
        Metric("errors_5xx", "1/s", "Failed (5xx)", "errors_5xx", "5XXError", total=True),
        Metric("http_429", "1/s", "Too many requests (429)", "refused", total=True),
        Metric("http_504", "1/s", "Integration timed out (504)", "late_504", total=True),
        Metric("http_502", "1/s", "Integration failed (502)", "bad_502", total=True),
        Metric("http_500", "1/s", "Integration throttled (500)", "throttled_500", total=True),
        Metric("integration_latency_s", "s", "Time of the integration", "integration_s",
               "IntegrationLatency"),
        Metric("cache_hit_count", "1/s", "Answered by the cache", "cache_hits", "CacheHitCount",
               total=True),
        Metric("cache_miss_count", "1/s", "Not in the cache", "cache_misses", "CacheMissCount",
               total=True),
        Metric("cache_hit_ratio", "share", "Hit ratio", "hit_ratio"),
        Metric("connections", "", "Open connections", "connections"),
        Metric("billed_requests", "1/s", "Billed requests", "billed", total=True),
    ),
    events=(
        EventKind(
            "integration_timeout",
            "504: {0:,.1f}/s of {1:,.1f}/s wait longer than the integration timeout; what is "
            "behind works on",
            "warning",
        ),
    ),
    actions=(Action("flush_cache", "Flush the cache", NoArguments, flush_cache),),
    faults=("cache_flush",),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    headline="count",
    balances=True,
)  # fmt: skip
