"""An API before its ticks: what its parameters come to, its routes, and what AWS would refuse."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from sandbox.services._api_gateway_cache import TIERS, capacity, empty, key_table
from sandbox.services._api_gateway_params import Params
from sandbox.services.contract import Setup
from sandbox.services.params import NoArguments

LARGEST_KB = 10_240.0  # Amazon API Gateway Developer Guide: Quotas and important notes; payload
MESSAGE_KB = 128.0  # Amazon API Gateway Developer Guide: Quotas for WebSocket APIs; a message
REST_TIMEOUT_S, REST_TIMEOUT_RAISED_S = 29.0, 300.0  # QUOTAS; What's New, June 2024
HTTP_TIMEOUT_S = 30.0  # Amazon API Gateway Developer Guide: Quotas for HTTP APIs
REST_MS, LIGHT_MS = 20.0, 7.5  # what the gateway adds: assumption
REST_TIERS = (  # Amazon API Gateway pricing, us-east-1: USD of a request up to so many a month
    (333e6, 3.50e-6),
    (1e9, 2.80e-6),
    (20e9, 2.38e-6),
    (math.inf, 1.51e-6),
)
HTTP_TIERS = ((300e6, 1.00e-6), (math.inf, 0.90e-6))  # Amazon API Gateway pricing
SOCKET_TIERS = ((1e9, 1.00e-6), (math.inf, 0.80e-6))  # Amazon API Gateway pricing
HTTP_UNIT_KB, SOCKET_UNIT_KB = 512.0, 32.0  # Amazon API Gateway pricing: billed in these
CACHE_HOUR_USD = {  # Amazon API Gateway pricing, by size in GB
    "none": 0.0,
    "0.5": 0.02,
    "1.6": 0.038,
    "6.1": 0.20,
    "13.5": 0.25,
    "28.4": 0.50,
    "58.2": 1.00,
    "118": 1.90,
    "237": 3.80,
}
PERIOD_DAYS = {"day": 1.0, "week": 7.0, "month": 30.0}


class Derived:
    keeper: int
    capacity: float  # answers that the cache holds
    cache_hour_usd: float
    period_days: float
    own_s: float
    largest_kb: float
    unit_kb: float  # billed size of a request


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    """The cache's keys, then the price tiers."""
    record["keeper"] = setup.keeper
    record["capacity"] = capacity(params.cache_gb, params.response_kb)
    record["cache_hour_usd"] = CACHE_HOUR_USD[params.cache_gb]
    record["period_days"] = PERIOD_DAYS[params.usage_plan_period]
    usual = REST_MS if params.type == "rest" else LIGHT_MS
    record["own_s"] = (usual if params.latency_ms is None else params.latency_ms) / 1e3
    record["largest_kb"] = MESSAGE_KB if params.type == "websocket" else LARGEST_KB
    record["unit_kb"] = {"rest": 0.0, "http": HTTP_UNIT_KB, "websocket": SOCKET_UNIT_KB}[
        params.type
    ]
    tiers = {"rest": REST_TIERS, "http": HTTP_TIERS, "websocket": SOCKET_TIERS}[params.type]
    rows = [*tiers, *[tiers[-1]] * (TIERS - len(tiers))]
    keys = np.zeros(0)
    if params.cache_gb != "none":
        keys = key_table(params.cache_key_count, params.cache_key_skew)
    return np.concatenate((keys, np.array(rows).ravel()))


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    empty(state)


def adjust(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    """Another size or other keys: the hit ratio is computed anew. What it holds, it holds."""
    state["reach_rate"] = 0.0
    state["settled"] = 0


def route(params: Params, setup: Setup) -> np.ndarray:
    """1 where a class takes a link: those with the longest pattern that fits its path."""
    paths = [c.path for c in setup.classes] or ["/"]
    taken = np.zeros((len(setup.outs), len(paths)))
    for k, path in enumerate(paths):
        fitting = [o.params["path_pattern"] for o in setup.outs if _fits(o.params, path)]
        if not fitting:
            continue
        best = max(fitting, key=len)
        for j, out in enumerate(setup.outs):
            taken[j, k] = float(_fits(out.params, path) and out.params["path_pattern"] == best)
    return taken


def _fits(params: Any, path: str) -> bool:
    pattern = params["path_pattern"]
    return not pattern or fnmatchcase(path, pattern.replace("[", "[[]"))


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """Timeouts that AWS refuses, and APIs that disagree about their account."""
    found = []
    most, which = REST_TIMEOUT_RAISED_S, "a Regional or private REST API takes"
    if params.type == "http":
        most, which = HTTP_TIMEOUT_S, "an HTTP API takes"
    elif params.type == "websocket" or setup.era == "2020":
        most, which = REST_TIMEOUT_S, "it takes" if setup.era != "2020" else "2020 knew"
    for out in setup.outs:
        given = out.params.get("timeout_s")
        if given is None or given > most:
            asked = "no timeout" if given is None else f"a timeout of {given:g} s"
            text = f"{asked} to {out.other}: {which} {most:g} s at most, so AWS refuses it"
            found.append((0.0, "quota", text))
    if len({(f.account_rate_per_s, f.account_burst) for _, f in setup.fellows}) > 1:
        text = "APIs say different things of the account's rate and burst: the least holds"
        found.append((0.0, "quota", text))
    return found


def flush_cache(record: Any, state: Any, cells: Any, args: NoArguments, t_s: float) -> str:
    """All entries are dropped at once; every read is a miss until it fills again."""
    if record["capacity"] <= 0:
        raise ValueError("there is no cache: choose cache_gb first")
    state["to_flush"] = 1.0
    return f"flushed {float(state['entries']):,.0f} entries"
