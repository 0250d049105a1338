"""Reads a time of the run as a person types it."""

from __future__ import annotations

import re
from datetime import timedelta

from sandbox.document.scenario import instant

_UNITS = {"d": 86_400.0, "h": 3600.0, "m": 60.0, "s": 1.0}
_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*(days?|d|hours?|h|minutes?|min|m|seconds?|sec|s)\s*", re.I)
_CLOCK = re.compile(r"(?:(\d+)\s*d\s+)?(\d+):(\d{2})(?::(\d{2}(?:\.\d+)?))?$", re.I)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def read_time(text: str, start: str, now_s: float = 0.0) -> float | None:
    """Seconds since the run's `start`, or None for what is no time.

    "02:30:00" and "1 d 04:00:00" count from the start, as do "90 min" and "1 d 4 h"; "14:00" and
    "Tue 14:00" are the next such time of the day after `now_s`.
    """
    text = " ".join(text.strip().split())
    day, _, rest = text.partition(" ")
    weekday = next((i for i, name in enumerate(_DAYS) if day.lower().startswith(name)), None)
    clock = _CLOCK.match(rest if weekday is not None else text)
    if clock is not None:
        days, hours, minutes, seconds = clock.groups()
        if weekday is not None or (seconds is None and days is None):
            return _of_day(int(hours), int(minutes), weekday, start, now_s)
        return (
            int(days or 0) * 86_400.0
            + int(hours) * 3600.0
            + int(minutes) * 60
            + float(seconds or 0)
        )
    total, at = 0.0, 0
    while part := _PART.match(text, at):
        number, unit = part.groups()
        total += float(number.replace(",", ".")) * _UNITS[unit[0].lower()]
        at = part.end()
    if at == len(text) and at > 0:
        return total
    try:
        return float(text) if float(text) >= 0 else None
    except ValueError:
        return None


def _of_day(hour: int, minute: int, weekday: int | None, start: str, now_s: float) -> float | None:
    """The next time of the day after `now_s`, on a weekday if one is given."""
    if hour > 23 or minute > 59:
        return None
    begin, now = instant(start), instant(start, now_s)
    found = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    while found <= now or (weekday is not None and found.weekday() != weekday):
        found += timedelta(days=1)
    return (found - begin).total_seconds()
