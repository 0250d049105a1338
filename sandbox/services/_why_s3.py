"""What a bucket says of its numbers, its prefixes and its bill."""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.services.explain import Cells, CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/s3/pricing/"
PERFORMANCE = "Amazon S3 User Guide: Best practices design patterns: optimizing performance"

EXPLANATIONS = (
    Explanation(
        "utilization",
        "The load of the hottest prefix: reads of 5,500/s or writes of 3,500/s for each of its "
        "partitions, whichever is nearer its limit.",
        ("hottest_prefix",),
        lambda load: min(1.0, load),
        PERFORMANCE,
    ),
    Explanation(
        "instances",
        "Partitions of all prefixes; a prefix that stays above 80 % is split.",
        ("partitions",),
        lambda count: count,
        PERFORMANCE,
    ),
    Explanation(
        "backlog",
        "A bucket keeps no requests: what is too much is refused with 503.",
        (),
        lambda: 0.0,
        PERFORMANCE,
    ),
)


def _line(title: str, rule: str, name: str) -> CostLine:
    return CostLine(title, rule, (Input(name, title, "USD/s"),), lambda usd: usd * 3600.0, PRICING)


COST_LINES = (
    _line(
        "Requests", "Writes × 0.005 USD a thousand + reads × 0.0004 USD a thousand.",
        "s.request_usd",
    ),
    _line("Storage", "GB stored × 0.023 USD a month (S3 Standard).", "s.storage_usd"),
    _line(
        "Transfer", "GB read that go out to the internet × 0.09 USD; free within the Region.",
        "s.transfer_usd",
    ),
)  # fmt: skip


def _loads(p: Any, s: Any, io: Any, cells: Any) -> np.ndarray:
    return np.asarray(np.ravel(s["load"])[: _prefixes(p)], dtype="f8")


def _prefixes(p: Any) -> int:
    return int(np.ravel(p["prefixes"])[0])


def _notes(p: Any, s: Any, io: Any, cells: Any) -> list[str]:
    many = np.ravel(s["partitions"])[: _prefixes(p)]
    return [f"{n:,.0f} partitions" if n != 1 else "1 partition" for n in many]


BARS = (
    Cells(
        "Prefixes",
        "Prefix",
        "of the rate of its partitions",
        _loads,
        rows=lambda p, s, cells: np.arange(_prefixes(p)),
        note=_notes,
    ),
)
