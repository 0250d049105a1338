"""A distribution before its ticks: the table of its classes, its routes, what AWS would refuse."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sandbox.services import _cloudfront_keys as keys
from sandbox.services._cloudfront_params import Params
from sandbox.services._cloudfront_prices import GB_KB, TO_ORIGIN_GB_USD, edge, region_of
from sandbox.services._cloudfront_rules import (
    chosen,
    lifetime_s,
    patterns,
    refused_share,
    second,
    sent_kb,
    variants,
)
from sandbox.services.contract import Setup

REQUESTS_PER_S, REQUESTS_2020 = 250_000.0, 100_000.0  # CloudFront Developer Guide: Quotas
GBIT_PER_S, GBIT_2020 = 150.0, 40.0  # CloudFront Developer Guide: Quotas, data transfer rate
BEHAVIORS, BEHAVIORS_2020 = 75, 25  # CloudFront Developer Guide: Quotas
ORIGINS, ORIGINS_2020 = 100, 25  # CloudFront Developer Guide: Quotas
ORIGIN_GROUPS = 10  # CloudFront Developer Guide: Quotas
KEY_PARTS = 10  # CloudFront Developer Guide: Quotas, cookies, headers, query strings each
OBJECT_GB, OBJECT_GB_2020 = 50.0, 20.0  # CloudFront Developer Guide: Quotas, cacheable file
URL_BYTES = 8_192.0  # CloudFront Developer Guide: Quotas, length of a URL
REQUEST_BYTES, REQUEST_BYTES_2020 = 32_768.0, 20_480.0  # … Quotas, a request without its body
RESPONSE_2020_S = (4.0, 60.0)  # CloudFront Developer Guide (2020): origin response timeout
BODY_GB, BODY_GB_2020 = 64.0, 20.0  # CloudFront Developer Guide: Quotas, request length
ERROR_S, ERROR_2020_S = 10.0, 300.0  # CloudFront Developer Guide: How long errors are cached
INVALIDATION_S, INVALIDATION_2020_S = 60.0, 300.0  # assumption (low confidence): as reported
RTMP_ENDS = 1_609_372_800.0  # 2020-12-31, CloudFront Developer Guide: Document history
KIB_PER_GIB = 1024.0 * 1024.0


class Derived:
    most_per_s: float
    most_gbit: float
    error_s: float
    takes_s: float
    objects: float  # of all behaviours
    largest_kb: float
    body_kb: float
    edge_kb: float  # room at an edge; infinite
    regional_kb: float
    rtmp: bool
    rtmp_ends: float
    to_origin_usd: float


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    """A row for each class, then its objects; see `_cloudfront_keys`."""
    old = setup.era == "2020"
    record["most_per_s"] = REQUESTS_2020 if old else REQUESTS_PER_S
    record["most_gbit"] = GBIT_2020 if old else GBIT_PER_S
    usual = ERROR_2020_S if old else ERROR_S
    record["error_s"] = usual if params.error_caching_s is None else params.error_caching_s
    record["takes_s"] = params.invalidation_s or (INVALIDATION_2020_S if old else INVALIDATION_S)
    record["largest_kb"] = (OBJECT_GB_2020 if old else OBJECT_GB) * KIB_PER_GIB
    record["body_kb"] = (BODY_GB_2020 if old else BODY_GB) * KIB_PER_GIB
    record["edge_kb"] = _room(params.edge_cache_gb)
    record["regional_kb"] = _room(params.regional_cache_gb)
    record["rtmp"] = params.distribution == "rtmp"
    record["rtmp_ends"] = RTMP_ENDS if old else 0.0
    record["to_origin_usd"] = TO_ORIGIN_GB_USD / GB_KB
    record["objects"] = sum(
        float(out.params["key_count"] or params.key_count)
        for out in setup.outs
        if out.mode != "standby"
    ) or float(params.key_count)
    classes = _classes(setup)
    rows = np.zeros((len(classes), keys.ROW))
    blocks = []
    at = rows.size
    for k, (path, country, header) in enumerate(classes):
        rows[k], found = _row(params, setup, path, country, header)
        if setup.classes and _too_long(setup.classes[k].attributes, old):
            rows[k, keys.LINK], rows[k, keys.STANDBY] = keys.TOO_LONG, -1.0
        rows[k, keys.AT] = at
        blocks += [*found, np.zeros(len(found[0]))]
        at += 3 * len(found[0])
    return np.concatenate((rows.ravel(), *blocks))


def _room(gb: float | None) -> float:
    return math.inf if gb is None else gb * KIB_PER_GIB


def _classes(setup: Setup) -> list[tuple[str, str, str | None]]:
    """(path, country, Cache-Control) of each request class."""
    found = [(c.path, c.country, c.attributes.get("cache_control")) for c in setup.classes]
    return found or [("/", "", None)]


def _too_long(attributes: Mapping[str, Any], old: bool) -> bool:
    """Whether the URL of a class, or its requests without their bodies, are too long."""

    def length(name: str) -> float:
        try:
            return float(attributes.get(name, 0.0))
        except (TypeError, ValueError):
            return 0.0

    most = REQUEST_BYTES_2020 if old else REQUEST_BYTES
    return length("url_bytes") > URL_BYTES or length("request_bytes") > most


def _row(
    params: Params, setup: Setup, path: str, country: str, header: str | None
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    row = np.zeros(keys.ROW)
    j = chosen(setup, path)
    row[keys.LINK] = row[keys.STANDBY] = j
    count, copies, size = params.key_count, 1.0, params.object_kb
    if j >= 0:
        link = setup.outs[j].params
        row[keys.STANDBY] = second(setup.outs, j)
        row[keys.SEGMENT_S] = link["live_segment_s"]
        if link["caching"] == "cached" and not link["all_headers"]:
            said = link["cache_control"] if header is None else str(header)
            row[keys.TTL_S] = lifetime_s(
                said, link["min_ttl_s"], link["default_ttl_s"], link["max_ttl_s"]
            )
        count, copies = link["key_count"] or count, variants(link)
        size = link["object_kb"] or size
    # what is larger than a file that can be cached is fetched for each request
    largest = OBJECT_GB_2020 if setup.era == "2020" else OBJECT_GB
    if size > largest * KIB_PER_GIB:
        row[keys.TTL_S] = 0.0
    row[keys.KB] = sent_kb(size, params.compress, params.compressed_size)
    row[keys.REFUSED] = refused_share(params.geo_restriction, params.countries, country)
    region, edge_ms = edge(region_of(country, params.viewers), params.price_class)
    row[keys.REQUEST_USD] = region.https_usd if params.protocol == "https" else region.http_usd
    row[keys.GB_USD : keys.GB_USD + 3] = region.gb_usd
    row[keys.EDGE_S] = (edge_ms if params.edge_ms is None else params.edge_ms) / 1e3
    found = keys.objects(count, params.key_skew, copies)
    row[keys.BINS] = len(found[0])
    return row, found


def cells_count(params: Params, setup: Setup) -> int:
    return len(_classes(setup))


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    for cell in cells:
        keys.begin(cell, params.starts_warm)
    state["paths"] = float(params.paths_this_month)


def adjust(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    """Other lifetimes or keys: hits are computed anew; what the caches hold, they hold."""
    for cell in cells:
        keys.anew(cell)


def route(params: Params, setup: Setup) -> np.ndarray:
    """1 where a class takes a link: its behaviour's, and the standby of that origin group."""
    classes = _classes(setup)
    taken = np.zeros((len(setup.outs), len(classes)))
    for k, (path, _, _) in enumerate(classes):
        j = chosen(setup, path)
        if j >= 0:
            taken[j, k] = 1.0
            if (other := second(setup.outs, j)) >= 0:
                taken[other, k] = 1.0
    return taken


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """What of it exceeds a quota, and what is not to be had any more."""
    old = setup.era == "2020"
    found = []

    def over(count: int, most: int, what: str) -> None:
        if count > most:
            text = f"a distribution has {most} {what} at most, unless AWS raises it; this has "
            found.append((0.0, "quota", f"{text}{count}"))

    mine = [out.params for out in setup.outs if out.mode != "standby"]
    standing_by = [out.params["origin_group"] for out in setup.outs if out.mode == "standby"]
    over(
        sum(max(1, len(patterns(link))) for link in mine),
        BEHAVIORS_2020 if old else BEHAVIORS,
        "cache behaviours",
    )
    over(len(setup.outs), ORIGINS_2020 if old else ORIGINS, "origins")
    over(len(set(standing_by)), ORIGIN_GROUPS, "origin groups")
    for link in mine:
        for what in ("cookies", "query_strings", "headers"):
            over(link[f"{what}_in_key"], KEY_PARTS, f"{what.replace('_', ' ')} in a cache key")
        waits = link["timeout_s"]
        if old and waits is not None and not RESPONSE_2020_S[0] <= waits <= RESPONSE_2020_S[1]:
            text = f"an origin response timeout was 4 to 60 s in 2020, not {waits:g}"
            found.append((0.0, "not_in_era", text))
        if link["min_ttl_s"] > 0 and "no-" in link["cache_control"]:
            text = f"min_ttl_s is {link['min_ttl_s']:g}: answers are kept in spite of "
            found.append((0.0, "ttl", f"{text}{link['cache_control']}"))
    if params.distribution == "rtmp":
        if old:
            text = "RTMP distributions end on 2020-12-31: what players ask after that fails"
        else:
            text = "RTMP distributions ended on 2020-12-31: all requests fail"
        found.append((0.0, "rtmp", text))
        strange = [out.other for out in setup.outs if out.service not in ("s3", "external")]
        if strange:
            text = f"the origin of an RTMP distribution is an S3 bucket, not {', '.join(strange)}"
            found.append((0.0, "rtmp", text))
    return found
