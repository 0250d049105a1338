"""How numbers are written for people, in the window and on the command line: 1.2 k/s, 137 ms, 45 %.

Three significant digits, SI prefixes, a space before the unit, and a dash for what is not known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sandbox.document.scenario import instant

UNKNOWN = "–"

_PREFIXES = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""))
_DIMENSIONLESS = {"", "1", "count", "none"}
_SHARES = {"ratio", "fraction", "share", "0-1", "%/100"}
# What a bare "per second" is spelt like in the catalogue; all are shown as "/s".
_RATES = {"1/s", "/s", "per_s", "requests/s", "req/s", "records/s", "messages/s", "count/s"}
# Less than one in half an hour is the tail of a distribution, not something that happens.
_NOTHING = 5e-4
_DURATIONS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "min": 60.0, "h": 3600.0, "days": 86400.0}
_BYTES = {"B": 1.0, "kB": 1e3, "KB": 1e3, "kb": 1e3, "MB": 1e6, "mb": 1e6, "GB": 1e9, "gb": 1e9}


@dataclass(frozen=True, slots=True)
class Style:
    """How a person wants numbers written; the command line always writes them the usual way."""

    currency: str = "$1,234.50"
    """Or "USD 1,234.50", or "1,234.50 $"."""
    binary: bool = False
    """Sizes in KiB of 1,024 bytes, and not in kB of 1,000."""
    twelve_hours: bool = False


_style = Style()


def set_style(style: Style) -> None:
    """From now on, all numbers are written so."""
    global _style
    _style = style


def quantity(value: float | None, unit: str = "") -> str:
    """`value` in `unit` as people write it: quantity(0.137, "s") is "137 ms"."""
    if value is None or math.isnan(value):
        return UNKNOWN
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    base, _, per = unit.partition("/")
    if unit in _DIMENSIONLESS:
        return si(value if abs(value) >= _NOTHING else 0.0)
    if unit in _SHARES:
        return percent(value)
    if unit in _RATES:
        return _joined(si(value if abs(value) >= _NOTHING else 0.0), "/s")
    if unit == "%":
        return f"{digits(value)} %"
    if unit in _DURATIONS:
        return duration(value * _DURATIONS[unit])
    if base.upper() in ("USD", "$"):
        return money(value, per)
    if base in _BYTES:
        written = _bytes(value * _BYTES[base])
        return f"{written}/{per}" if per else written
    if per in ("s", "min", "h") and base:
        return f"{_joined(si(value), base)}/{per}"
    return f"{si(value)} {unit}"


def loss(rate_per_s: float) -> str:
    """What is lost, however seldom: 12/s, 1.2/h."""
    seldom = 0.0 < rate_per_s < _NOTHING
    return _joined(digits(rate_per_s * 3600.0), "/h") if seldom else quantity(rate_per_s, "/s")


def unit_of(metric: str, unit: str) -> str:
    """The unit to write a metric in: shares of one are recorded without, and shown in per cent."""
    return "ratio" if metric.endswith("utilization") and not unit else unit


def si(value: float) -> str:
    """A bare number with an SI prefix from kilo up: 1234 is "1.23 k", 0.02 stays "0.02"."""
    size = abs(value)
    for factor, prefix in _PREFIXES:
        # 999.9995 would be written 1000: it belongs to the next prefix already.
        if size >= factor * 0.99995:
            return f"{digits(value / factor)} {prefix}".rstrip()
    return digits(value)


def digits(value: float) -> str:
    """Three significant digits without exponent where it is readable, and no trailing zeros."""
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 99.95:
        return f"{value:.0f}"
    if size < 1e-4:
        return f"{value:.1e}".replace("e-0", "e-")
    places = 2 - math.floor(math.log10(size) + 1e-12)
    written = f"{value:.{max(places, 0)}f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def percent(share: float) -> str:
    """A share of one: 0.45 is "45 %", 0.0004 is "0.04 %"."""
    return f"{digits(share * 100.0)} %"


def money(usd: float, per: str = "") -> str:
    """US dollars, cents from one dollar up and three digits below: $0.42/h, $1,240.50."""
    size, sign = abs(usd), "-" if usd < 0 else ""
    if size >= 1e6:
        number = si(size)
    elif size >= 1000:
        number = f"{size:,.0f}"
    elif size >= 1 or size == 0:
        number = f"{size:.2f}"
    else:
        number = f"{size:.2f}" if round(size, 2) >= 0.1 else digits(size)
    if _style.currency.startswith("USD"):
        text = f"{sign}USD {number}"
    elif _style.currency.endswith("$"):
        text = f"{sign}{number} $"
    else:
        text = f"{sign}${number}"
    return f"{text}/{per}" if per else text


def duration(seconds: float) -> str:
    """A latency or a span: 137 ms, 2.5 s, 12 min 30 s, 3 h 5 min, 2 d 4 h."""
    size, sign = abs(seconds), "-" if seconds < 0 else ""
    if size == 0:
        return "0 s"
    if size < 0.9995e-3:
        return f"{sign}{digits(size * 1e6)} µs"
    if size < 0.9995:
        return f"{sign}{digits(size * 1e3)} ms"
    if size < 119.5:
        return f"{sign}{digits(size)} s"
    for big, small, big_name, small_name in (
        (60, 1, "min", "s"),
        (3600, 60, "h", "min"),
        (86400, 3600, "d", "h"),
    ):
        if size < big * (60 if big < 3600 else 24 if big == 3600 else math.inf):
            whole, rest = divmod(round(size / small), big // small)
            tail = f" {rest} {small_name}" if rest else ""
            return f"{sign}{whole} {big_name}{tail}"
    return UNKNOWN


def tick(value: float, unit: str) -> str:
    """A round value beside an axis, short: long spans in one unit ("2.5 h") instead of two."""
    if unit == "s":
        for size, name in ((86400.0, "d"), (3600.0, "h"), (60.0, "min")):
            if abs(value) >= 2 * size:
                return f"{digits(value / size)} {name}"
    if unit.upper().startswith("USD") and abs(value) < 1e6:
        return money(value) if value else money(0).replace("0.00", "0")
    return quantity(value, unit)


def clock(start: str, t_s: float) -> str:
    """The simulated date and time, `t_s` after the ISO instant `start`: "Mon 5 Jan 08:14:05"."""
    now = instant(start, t_s)
    if _style.twelve_hours:
        half = "am" if now.hour < 12 else "pm"
        return f"{now:%a} {now.day} {now:%b} {(now.hour - 1) % 12 + 1}:{now:%M:%S} {half}"
    return f"{now:%a} {now.day} {now:%b %H:%M:%S}"


def elapsed(t_s: float) -> str:
    """Simulated time since the start: "00:14:05", "2 d 03:00:00"."""
    days, rest = divmod(int(t_s), 86400)
    text = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}:{rest % 60:02d}"
    return f"{days} d {text}" if days else text


def factor(times: float) -> str:
    """A multiple: "0×", "1.5×", "100×", "86 k×"."""
    return f"{si(times)}×"


def parsed(text: str) -> float | None:
    """A number typed by a person: "1200", "1.2k", "3 M", "0,5" – or None if it is none."""
    cleaned = text.strip().replace(" ", "").replace("×", "").replace("/s", "")
    if "," in cleaned:
        groups = cleaned.split(",")
        thousands = len(groups[0]) <= 3 and all(len(g.split(".")[0]) == 3 for g in groups[1:])
        grouped = thousands and groups[0] not in ("", "0", "-0")
        cleaned = cleaned.replace(",", "" if grouped else ".")
    scale = {"k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9}.get(cleaned[-1:], 1.0)
    try:
        value = float(cleaned[:-1] if scale != 1.0 else cleaned) * scale
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _bytes(size: float) -> str:
    if not _style.binary:
        return _joined(si(size), "B")
    for step, prefix in ((4, "Ti"), (3, "Gi"), (2, "Mi"), (1, "Ki")):
        if abs(size) >= 1024.0**step * 0.99995:
            return f"{digits(size / 1024.0**step)} {prefix}B"
    return f"{digits(size)} B"


def _joined(number: str, unit: str) -> str:
    """Prefix and unit stand together ("1.2 k/s", "3 MB"); a bare number keeps its space."""
    if unit.startswith("/"):
        return f"{number}{unit}"
    return f"{number}{unit}" if number[-1:].isalpha() else f"{number} {unit}"
