"""What a distribution says of its numbers, its bill and its caches."""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.services.explain import Cells, CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/cloudfront/pricing/"
METRICS = "Amazon CloudFront Developer Guide: View CloudFront and edge function metrics"
QUOTAS = "Amazon CloudFront Developer Guide: Quotas"

EXPLANATIONS = (
    Explanation(
        "hit_ratio",
        "Of reads that may be cached, those that an edge answers and those that a regional cache "
        "does.",
        ("edge_hit_ratio", "regional_hit_ratio"),
        lambda edge, regional: edge + regional,
        METRICS,
    ),
    Explanation(
        "regional_hit_ratio",
        "What misses at the edges and is found at a regional cache, of all reads.",
        ("hit_ratio", "edge_hit_ratio"),
        lambda both, edge: both - edge,
        METRICS,
    ),
    Explanation(
        "errors_4xx",
        "Refused for the country, the path or the size.",
        (Input("s.errors_4xx", "Refused", "1/s"),),
        lambda refused: refused,
        METRICS,
    ),
    Explanation(
        "data_rate_gbit",
        "KB/s sent to viewers × 8,192 bits.",
        ("bytes_downloaded",),
        lambda kb: kb * 8192.0 / 1e9,
        QUOTAS,
    ),
)

COST_LINES = (
    CostLine(
        "Viewers' requests",
        "Requests of each class × the price where its viewers are.",
        (Input("s.request_usd", "An hour", "USD", PRICING),),
        lambda usd: usd,
        PRICING,
    ),
    CostLine(
        "Data to viewers",
        "GB × the price where viewers are, of the tier that this month has come to.",
        (Input("s.transfer_usd", "An hour", "USD", PRICING),),
        lambda usd: usd,
        PRICING,
    ),
    CostLine(
        "Data to the origins",
        "GB an hour that viewers send × price of a GB.",
        ("bytes_uploaded", Input("p.to_origin_usd", "A KB", "USD", PRICING)),
        lambda kb, usd: kb * usd * 3600.0,
        PRICING,
    ),
    CostLine(
        "Invalidation paths",
        "Paths beyond the 1,000 free of a month, paid when they are asked for.",
        (Input("s.invalidation_usd", "An hour", "USD", PRICING),),
        lambda usd: usd,
        PRICING,
    ),
)


def _hits(p: Any, s: Any, io: Any, cells: np.ndarray) -> np.ndarray:
    return np.asarray(cells["hit_ratio"], dtype=np.float64)


def _note(p: Any, s: Any, io: Any, cells: np.ndarray) -> list[str]:
    return [
        f"{c['requests']:,.0f}/s; edges {c['edge_hits']:.1%}, regional {c['regional_hits']:.1%}"
        for c in cells
    ]


def _names(params: Any, setup: Any, p: Any, cells: np.ndarray) -> list[str]:
    return [one.name for one in setup.classes] or ["all"]


BARS = (Cells("Request classes", "Class", "Hit ratio", _hits, note=_note, names=_names),)
