"""CloudFront: caches close to viewers, regional caches behind them, origins by path."""

from __future__ import annotations

from sandbox.kernels.compiled import compiled, inlined
from sandbox.services import _cloudfront_invalidation as fresh
from sandbox.services import _cloudfront_keys as keys
from sandbox.services import _why_cloudfront as why
from sandbox.services._cloudfront_notes import NOTES
from sandbox.services._cloudfront_origins import second_try
from sandbox.services._cloudfront_params import (
    GEO,
    QUOTAS,
    RTMP,
    Behavior,
    Params,
)
from sandbox.services._cloudfront_serve import (
    DATA_RATE,
    ERROR_CACHED,
    GEO_BLOCKED,
    NO_BEHAVIOR,
    REQUEST_RATE,
    TOO_LARGE,
    refuse,
    serve,
)
from sandbox.services._cloudfront_setup import (
    Derived,
    adjust,
    cells_count,
    foretell,
    init,
    prepare,
    route,
)
from sandbox.services.contract import Cause, EventKind, Metric, Port, Service
from sandbox.services.law import CACHE_FLUSH, emit

ERRORS = "Amazon CloudFront Developer Guide: How CloudFront processes HTTP 4xx and 5xx status codes"


class State(fresh.Jobs):
    requests: float
    hit_ratio: float  # of reads that may be cached
    edge_ratio: float
    regional_ratio: float
    bytes_kb: float
    gbit: float
    to_origin: float
    origin_s: float
    stale_on_error: float
    failed_over: float
    collapsed: float
    error_cached: float
    errors_4xx: float
    errors_5xx: float
    request_usd: float  # USD an hour, of viewers' requests,
    transfer_usd: float  # of what they get,
    upload_usd: float  # and send on
    month_kb: float
    uploads_kb: float


@compiled
def step(p, s, io, cells, tick):
    """One tick of a distribution:

    1. countries that are not served, and what exceeds the quotas, are refused;
    2. invalidations arrive at the caches;
    3. edges and regional caches answer what they hold, class by class;
    4. what an origin has just failed is answered with that error, or with an expired copy;
    5. the rest goes to the origin of its behaviour, and what fails there to its standby.
    """
    if io.struck[CACHE_FLUSH] > 0.0:
        keys.forget(cells, io.struck[CACHE_FLUSH])
        emit(tick, fresh.STRUCK_FLUSH, io.struck[CACHE_FLUSH], s.hit_ratio)
    fresh.work(p, s, cells, tick)
    s.requests = io.reads + io.writes
    _clear(s)
    kept = refuse(p, s, io, tick)
    second_try(tick)
    serve(p, s, io, cells, tick, kept)
    io.cost_per_hour = s.request_usd + s.transfer_usd + s.upload_usd + s.invalidation_usd


@inlined
def _clear(s):
    s.bytes_kb = s.gbit = s.stale_on_error = s.collapsed = s.error_cached = 0.0
    s.request_usd = s.transfer_usd = s.upload_usd = s.uploads_kb = 0.0


@compiled
def control(p, s, io, cells, tick):
    """What the origins made of it, once they have answered."""
    s.errors_4xx = io.loss[GEO_BLOCKED] + io.loss[NO_BEHAVIOR] + io.loss[TOO_LARGE]
    s.errors_5xx = io.loss[REQUEST_RATE] + io.loss[DATA_RATE] + io.loss[ERROR_CACHED]
    s.errors_5xx += io.done * max(0.0, 1.0 - io.down_ok)
    s.origin_s = s.failed_over = 0.0
    asked = 0.0
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        flow = link.reads + link.writes
        if link.spared < 0:
            s.failed_over += flow
        asked += flow
    if asked > 0.0 and io.done > 0.0:
        s.origin_s = io.down_m / min(1.0, max(1.0 - io.absorbed, 1e-9))


SERVICE = Service(
    id="cloudfront",
    title="CloudFront",
    category="networking",
    summary="Caches close to viewers: what they hold is answered there, the rest by the origins.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    cell=keys.Site,
    ports=(
        Port("in", "in", "Viewers' requests", modes=("sync",)),
        Port(
            "origins",
            "out",
            "Origins",
            modes=("sync", "standby"),
            params={"sync": Behavior, "standby": Behavior},
        ),
    ),
    step=step,
    control=control,
    prepare=prepare,
    cells_count=cells_count,
    init=init,
    adjust=adjust,
    route=route,
    foretell=foretell,
    causes=(
        Cause("rejected", "geo_restriction", "403: the country is not served", GEO),
        Cause("throttled", "request_rate", "503: the distribution's requests a second", QUOTAS),
        Cause("throttled", "data_rate", "503: the distribution's data rate", QUOTAS),
        Cause("failed", "error_cached", "the origin's error, which the edge keeps a while", ERRORS),
        Cause("rejected", "no_behavior", "403: no behaviour fits the path"),
        Cause("rejected", "too_large", "413: body, URL or headers are longer than may be",
              QUOTAS),
        Cause("rejected", "rtmp_ended", "RTMP distributions ended on 2020-12-31", RTMP),
    ),
    metrics=(
        Metric("requests", "1/s", "Requests", "requests", "Requests", total=True),
        Metric("hit_ratio", "share", "Hit ratio", "hit_ratio", "CacheHitRate"),
        Metric("edge_hit_ratio", "share", "Answered by an edge", "edge_ratio"),
        Metric("regional_hit_ratio", "share", "By a regional cache", "regional_ratio"),
        Metric("bytes_downloaded", "KB/s", "Sent to viewers", "bytes_kb", "BytesDownloaded",
               total=True),
        Metric("data_rate_gbit", "Gbit/s", "Data rate", "gbit"),
        Metric("bytes_uploaded", "KB/s", "Sent by viewers", "uploads_kb", "BytesUploaded",
               total=True),
        Metric("errors_4xx", "1/s", "Refused (4xx)", "errors_4xx", total=True),
        Metric("errors_5xx", "1/s", "Failed (5xx)", "errors_5xx", total=True),
        Metric("origin_requests", "1/s", "To the origins", "to_origin", total=True),
        Metric("origin_latency_s", "s", "Time of the origins", "origin_s", "OriginLatency"),
        Metric("failed_over", "1/s", "Asked of a standby", "failed_over", total=True),
        Metric("collapsed", "1/s", "Waited for a fetch under way", "collapsed", total=True),
        Metric("stale_on_error", "1/s", "Expired copies served as the origin fails",
               "stale_on_error", total=True),
        Metric("stale_share", "share", "Answers that are out of date", "stale"),
        Metric("invalidations_in_progress", "", "Invalidations under way", "jobs"),
        Metric("invalidation_paths", "", "Invalidation paths of the month", "paths"),
    ),
    events=(
        EventKind(
            "invalidated",
            "{0:.0%} of the objects are gone from all caches ({1:,.0f} paths): the hit ratio was "
            "{2:.1%}",
            "warning",
        ),
        EventKind("fresh", "All old copies have expired, {0:,.0f} s after the new content"),
        EventKind("flushed", "{0:.0%} of the caches are empty: the hit ratio was {1:.1%}",
                  "warning"),
    ),
    actions=fresh.ACTIONS,
    faults=("cache_flush",),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    bars=why.BARS,
    headline="hit_ratio",
    balances=True,
)  # fmt: skip
