"""When scheduled actions are due: five-field cron expressions in a time zone, and ISO times.

Source: Amazon EC2 Auto Scaling User Guide, "Scheduled scaling for Amazon EC2 Auto Scaling":
minute, hour, day of month, month, day of week; UTC unless a time zone is given; clock changes are
followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of month", 1, 31, ()),
    (
        *("month", 1, 12),
        ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
    ),
    ("day of week", 0, 7, ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")),
)


@lru_cache(maxsize=256)
def parsed(expression: str) -> tuple[frozenset[int], ...]:
    """The values that each of the five fields allows. Raises ValueError, saying which is wrong."""
    parts = expression.split()
    if len(parts) != len(_FIELDS):
        raise ValueError(
            f"'{expression}' has {len(parts)} fields; a recurrence has five: minute hour "
            "day-of-month month day-of-week, such as '30 6 * * MON-FRI'"
        )
    found = []
    for part, (name, least, most, names) in zip(parts, _FIELDS, strict=True):
        values: set[int] = set()
        for item in part.split(","):
            values |= _values(item, str(name), int(least), int(most), tuple(names))
        found.append(
            frozenset(v % 7 for v in values) if name == "day of week" else frozenset(values)
        )
    return tuple(found)


def _values(item: str, name: str, least: int, most: int, names: tuple[str, ...]) -> set[int]:
    body, slash, stride = item.partition("/")
    if slash and (not stride.isdigit() or int(stride) < 1):
        raise ValueError(f"'{item}' is no {name}; after / stands a number from 1")
    if body == "*":
        first, last = least, most
    else:
        begin, dash, end = body.partition("-")
        first = _value(begin, name, least, most, names)
        last = _value(end, name, least, most, names) if dash else (most if slash else first)
    if last < first:
        raise ValueError(f"'{item}' is no {name}: {last} comes before {first}")
    return set(range(first, last + 1, int(stride) if slash else 1))


def _value(text: str, name: str, least: int, most: int, names: tuple[str, ...]) -> int:
    word = text.upper()[:3]
    if word in names and len(text) >= 3:
        return names.index(word) + least
    if not text.isdigit() or not least <= int(text) <= most:
        raise ValueError(f"'{text}' is no {name}; it is {least} to {most}")
    return int(text)


def zone(name: str) -> ZoneInfo:
    """A time zone by its name. Raises ValueError."""
    if name != "UTC" and name not in available_timezones():
        raise ValueError(f"there is no time zone '{name}'; names are such as Europe/Berlin")
    return ZoneInfo(name)


def moment(text: str) -> float:
    """Unix seconds of an ISO 8601 time; without a zone it is UTC. Raises ValueError."""
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(f"'{text}' is no time; write it as 2026-01-05T08:00:00Z") from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def occurrences(expression: str, time_zone: str, first: float, last: float) -> Iterator[float]:
    """The Unix times, in order, at which a recurrence is due, from `first` up to `last`.

    A time that a clock change leaves out is an hour later; one that comes twice is due once.
    """
    minutes, hours, days, months, weekdays = parsed(expression)
    where = zone(time_zone)
    any_day = expression.split()[2] == "*"
    any_weekday = expression.split()[4] == "*"
    day = datetime.fromtimestamp(first, where).date() - timedelta(days=1)
    until = datetime.fromtimestamp(last, where).date() + timedelta(days=1)
    while day <= until:
        if day.month in months and _on(day, days, weekdays, any_day, any_weekday):
            for hour in sorted(hours):
                for minute in sorted(minutes):
                    at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=where)
                    if first <= at.timestamp() <= last:
                        yield at.timestamp()
        day += timedelta(days=1)


def _on(
    day: date, days: frozenset[int], weekdays: frozenset[int], any_day: bool, any_weekday: bool
) -> bool:
    """Where both are given a day counts that is either, as cron has it."""
    on_day, on_weekday = day.day in days, day.isoweekday() % 7 in weekdays
    if any_day or any_weekday:
        return on_day and on_weekday
    return on_day or on_weekday
