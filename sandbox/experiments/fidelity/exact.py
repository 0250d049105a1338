"""The exact numbers: simulations of every request, and closed forms, as one file of data."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from sandbox.assets import asset


@cache
def exact() -> dict[str, Any]:
    """By kind (`stations`, `paths`, `m_m_c`, `steps`, `fleet`, `shards`, `retries`), then by case.

    A pair is a mean over replications and the half-width of its 95 % confidence interval. Times
    are in seconds. Not to be changed.
    """
    data: dict[str, Any] = json.loads(asset("fidelity/exact.json").read_text(encoding="utf-8"))
    return data
