"""How the command line writes numbers: 1.23 M, 137 ms, 45 %, $0.42."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

UNKNOWN = "–"
_PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))


def si(value: float | None) -> str:
    """Three digits, and a prefix from ten thousand on."""
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if abs(value) >= 9999.5:
        for factor, prefix in _PREFIXES:
            if abs(value) >= factor * 0.9995:
                return f"{_digits(value / factor)} {prefix}"
    return _digits(value)


def _digits(value: float) -> str:
    if abs(value) >= 99.95 or value == 0:
        return f"{value:,.0f}"
    if abs(value) < 0.001:
        return f"{value:.1e}"
    return f"{value:.{2 - math.floor(math.log10(abs(value)) + 1e-12)}f}".rstrip("0").rstrip(".")


def share(value: float | None) -> str:
    return UNKNOWN if value is None or not math.isfinite(value) else f"{_digits(value * 100)} %"


def latency(value: float | None) -> str:
    if value is None or not math.isfinite(value):
        return UNKNOWN
    if value == 0:
        return "0"
    for factor, unit in ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if value >= factor * 0.9995 or unit == "µs":
            return f"{_digits(value / factor)} {unit}"
    raise AssertionError


def money(value: float) -> str:
    if value == 0:
        return "$0"
    return f"${value:,.2f}" if value >= 0.995 else f"${_digits(value)}"


def span(seconds: float) -> str:
    """A length of time: 500 ms, 90 s, 1 h 30 min, 7 d."""
    if seconds < 120:
        return latency(seconds)
    parts = []
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count:.0f} {unit}")
    return " ".join(parts[:2])


def clock(start: str, t_s: float) -> str:
    """The simulated date and time of second ``t_s``."""
    moment = datetime.fromisoformat(start) + timedelta(seconds=t_s)
    return f"{moment:%Y-%m-%d %H:%M:%S}"
