"""What a name says of its numbers, its bill and its records."""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.services.explain import Cells, CellState, CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/route53/pricing/"
TTL = "Amazon Route 53 Developer Guide: TTL (seconds)"

EXPLANATIONS = (
    Explanation(
        "queries",
        "Resolvers ask when they have no copy: each once in TTL + the time between two requests "
        "of its users.",
        (
            Input("arrivals", "Requests", "1/s"),
            Input("p.resolvers", "Resolvers"),
            Input("p.keeps_s", "TTL", "s"),
        ),
        lambda rate, resolvers, ttl: rate / (1.0 + rate / resolvers * ttl),
        TTL,
    ),
)

COST_LINES = (
    CostLine(
        "Hosted zone",
        "Price of a month ÷ 730 hours.",
        (Input("ZONE_HOUR_USD", "An hour", "USD", PRICING),),
        lambda usd: usd,
        PRICING,
    ),
    CostLine(
        "Queries",
        "Queries × price of one by policy; those for an alias cost nothing.",
        ("queries", Input("p.query_usd", "A query", "USD", PRICING)),
        lambda queries, usd: queries * 3600.0 * usd,
        PRICING,
    ),
    CostLine(
        "Health checks",
        "Each by the month, of endpoints in AWS or elsewhere, more for the fast interval.",
        (Input("p.checks_usd", "An hour of all", "USD", PRICING),),
        lambda usd: usd,
        PRICING,
    ),
)


def _share(p: Any, s: Any, io: Any, cells: np.ndarray) -> np.ndarray:
    return np.asarray(cells["share"], dtype=np.float64)


def _rows(p: Any, s: Any, cells: np.ndarray) -> np.ndarray:
    return np.arange(int(p["records"]))


def _note(p: Any, s: Any, io: Any, cells: np.ndarray) -> list[str]:
    return [
        f"{'healthy' if c['healthy'] > 0 else 'unhealthy'}; resolvers are told {c['wanted']:.0%}, "
        f"{c['share']:.0%} of requests come"
        for c in cells
    ]


BARS = (
    Cells(
        "Records",
        "Record",
        "Share of the requests (of the first class)",
        _share,
        _rows,
        "state",
        (CellState("unhealthy", "critical"), CellState("healthy")),
        _note,
        names=lambda params, setup, p, cells: [link.other for link in setup.outs],
    ),
)
