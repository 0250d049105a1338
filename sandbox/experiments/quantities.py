"""Quantities as people write them on a command line: 24h, 250ms, 60 %, 100/s, 5 USD."""

from __future__ import annotations

import math
import re

from .errors import InputError

_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
_QUANTITY = re.compile(rf"\s*({_NUMBER})\s*(.*?)\s*")
_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*(ms|min|s|m|h|d|w)\s*", re.IGNORECASE)

_SECONDS = {"ms": 1e-3, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_TIMES = {"us": 1e-6, "µs": 1e-6, **_SECONDS}
_PLAIN = {"": 1.0}
_COUNTS = {"": 1.0, "k": 1e3, "M": 1e6}
_SHARES = {"": 1.0, "%": 0.01}
_RATES = {
    "": 1.0,
    **{
        f"{size}{per}": factor
        for size, factor in (("", 1.0), ("1", 1.0), ("k", 1e3), ("M", 1e6))
        for per in ("/s",)
    },
    "/min": 1 / 60,
    "/h": 1 / 3600,
}
_MONEY = {"": 1.0, "USD": 1.0, "$": 1.0}
_MONEY_PER_HOUR = {"": 1.0, "USD/h": 1.0, "$/h": 1.0, "USD": 1.0}

# The units that may be written for a value that is kept in the unit of the key.
UNITS: dict[str, dict[str, float]] = {
    "": _SHARES | _COUNTS,
    "s": {"": 1.0, **_TIMES},
    "1/s": _RATES,
    "count": _COUNTS,
    "share": _SHARES,
    "USD": _MONEY,
    "USD/h": _MONEY_PER_HOUR,
}


def seconds(text: str | float) -> float:
    """A length of time: `24h`, `90m`, `30s`, `1d`, `500ms`, `1h30m`, or plain seconds.

    Raises InputError for what is none, or is less than 0.
    """
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        value = float(text)
    else:
        value = _seconds(str(text).strip())
    if not math.isfinite(value) or value < 0:
        raise InputError(
            f"{str(text)!r} is not a length of time; write it like 24h, 90m, 30s, 500ms, 1d, "
            "or in seconds"
        )
    return value


def _seconds(text: str) -> float:
    if re.fullmatch(_NUMBER, text):
        return float(text)
    total, at = 0.0, 0
    while part := _PART.match(text, at):
        total += float(part[1]) * _SECONDS[part[2].lower()]
        at = part.end()
    return total if at and at == len(text) else math.nan


def quantity(text: str, unit: str) -> float:
    """A number in the unit that a value is kept in; ValueError, saying what to write, if not."""
    found = _QUANTITY.fullmatch(text)
    if not found:
        raise ValueError(f"{text.strip()!r} is not a number")
    number, written = float(found[1]), found[2].replace(" ", "")
    known = UNITS.get(unit, {"": 1.0, unit: 1.0})
    if written not in known:
        names = ", ".join(name for name in known if name)
        raise ValueError(
            f"{written!r} does not fit; write "
            + (f"one of {names}, or no unit" if names else "no unit")
            + (f" (it is in {unit})" if unit else "")
        )
    return number * known[written]
