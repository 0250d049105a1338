"""A recorded load: a CSV of counts or rates over time, as a source's parameters.

A time column (ISO, seconds since any beginning, or Unix seconds), then a count per period, or a
rate if its header says ``rate_per_s``.  The period is the most common spacing.  A count becomes the
rate over its period; where rows are missing, the rate between the neighbours is interpolated
linearly, and the stretch is named, so that totals can be told with and without it.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from .errors import InputError
from .files import read_text

TIMES = {"timestamp", "time", "period", "date", "datetime", "time_s", "t_s", "t", "s", "seconds"}
VALUES = ("rate_per_s", "count", "value", "requests", "requestcount", "request_count")
UNIX = 1e8  # seconds from here on are a date (March 1973), below they count from the beginning
MISSING = 1.5  # a spacing of so many periods means that rows are missing; less is a jitter


@dataclass(frozen=True, slots=True)
class Trace:
    """A load over time: each rate (1/s) holds from its time (s since the start) to the next.

    ``start_epoch`` is the Unix time of the first row, None if the file counts from a beginning of
    its own.  ``gaps`` are the stretches (from s, to s) that were filled in; ``total`` is the number
    of requests in the file, without them.
    """

    start_epoch: float | None
    points: tuple[tuple[float, float], ...]
    gaps: tuple[tuple[float, float], ...]
    period_s: float
    total: float
    duration_s: float

    @property
    def start(self) -> str | None:
        """The first time as a scenario's start."""
        if self.start_epoch is None:
            return None
        moment = datetime.fromtimestamp(self.start_epoch, UTC).isoformat()
        return moment.replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    time: float
    value: float


def as_params(trace: Trace, offset_s: float = 0.0) -> dict[str, Any]:
    """The parameters of a source that sends this load and, when it has ended, nothing.

    ``offset_s`` is the trace's start in the run.  A recorded load has its own variation already.
    """
    points = [[t + offset_s, rate] for t, rate in trace.points]
    return {
        "shape": "trace",
        "noise": "none",
        "trace": [*points, [trace.duration_s + offset_s, 0.0]],
        "trace_gaps": [[begin + offset_s, end + offset_s] for begin, end in trace.gaps],
    }


def load(path: str | Path) -> Trace:
    """Read a trace. Raises InputError naming the file and line for what is not one."""
    path = Path(path)
    text = read_text(path, "a trace is a CSV of times and counts")
    rows, rate, dated = _rows(text, path)
    return _trace(rows, rate, dated, path)


# ---------------------------------------------------------------- the file


def _rows(text: str, path: Path) -> tuple[list[_Row], bool, bool]:
    """The rows in order, whether they are rates, and whether their times are dates."""
    lines = _lines(text, path)
    first = next(lines, None)
    if first is None:
        raise InputError(f"{path} is empty; a trace is a time and a count in each line")
    number, cells = first
    at, rate = (0, 1), False
    rows: list[_Row] = []
    dates: list[bool] = []

    def take(number: int, cells: list[str]) -> None:
        where = f"{path}, line {number}"
        if len(cells) <= max(at):
            raise InputError(f"{where}: {len(cells)} columns; a time and a count are needed")
        time, dated = _time(cells[at[0]], where)
        row = _Row(number, time, _value(cells[at[1]], where))
        if rows and dates[0] != dated:
            raise InputError(f"{where}: {cells[at[0]]!r} is a date or not, unlike the lines above")
        if rows and time == rows[-1].time:
            raise InputError(
                f"{where}: {cells[at[0]]} stands in line {rows[-1].line} already; "
                "keep one row for each time"
            )
        if rows and time < rows[-1].time:
            raise InputError(
                f"{where}: {cells[at[0]]} is earlier than line {rows[-1].line}; sort the file "
                "by time"
            )
        rows.append(row)
        dates.append(dated)

    if _is_header(cells):
        at, rate = _columns(cells, f"{path}, line {number}")
    else:
        take(number, cells)
    for number, cells in lines:
        take(number, cells)
    if len(rows) < 2:
        raise InputError(
            f"{path} has {len(rows) or 'no'} row{'s' * (len(rows) != 1)} of load; "
            "a trace needs two or more, to tell its period"
        )
    return rows, rate, dates[0]


def _lines(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and cells of what is not blank; the separator is that of the first line."""
    begin = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(",;\t", key=begin.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as failure:
        raise InputError(f"{path}, line {reader.line_num}: {failure}") from None


def _is_header(cells: list[str]) -> bool:
    """The first line names its columns unless it begins with a time."""
    try:
        _time(cells[0], "")
    except InputError:
        return True
    return False


def _columns(header: list[str], where: str) -> tuple[tuple[int, int], bool]:
    """The columns of time and load, and whether the load is a rate."""
    names = [name.lower().replace(" ", "_") for name in header]
    time = next((i for i, name in enumerate(names) if name in TIMES), 0)
    found = [names.index(name) for name in VALUES if name in names and names.index(name) != time]
    others = [i for i in range(len(names)) if i != time]
    if not others:
        raise InputError(f"{where}: one column only; a time and a count are needed")
    value = found[0] if found else others[0]
    return (time, value), names[value] == "rate_per_s"


def _time(cell: str, where: str) -> tuple[float, bool]:
    """Seconds, and whether they are a date's."""
    try:
        number = float(cell)
    except ValueError:
        try:
            moment = datetime.fromisoformat(cell)
        except ValueError:
            raise InputError(
                f"{where}: {cell!r} is not a time; write 2026-01-05T08:00:00Z or seconds"
            ) from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp(), True
    if not math.isfinite(number):
        raise InputError(f"{where}: {cell!r} is not a time; write a date or seconds")
    return number, number >= UNIX


def _value(cell: str, where: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        wrong = f"{cell!r} is not a count" if cell else "the count is missing"
        raise InputError(f"{where}: {wrong}; write a number of 0 or more, or leave the row out")
    return number


# ---------------------------------------------------------------- the load


def _trace(rows: list[_Row], rate: bool, dated: bool, path: Path) -> Trace:
    from sandbox.services.clients import TRACE_MAX

    spacings = Counter(round(b.time - a.time, 6) for a, b in pairwise(rows))
    most = max(spacings.values())
    period = min(spacing for spacing, count in spacings.items() if count == most)
    start = rows[0].time
    points: list[tuple[float, float]] = []
    gaps: list[tuple[float, float]] = []
    total = 0.0
    for i, row in enumerate(rows):
        begin = row.time - start
        following = rows[i + 1] if i + 1 < len(rows) else None
        spacing = following.time - row.time if following else period
        missing = spacing > MISSING * period
        # a count is spread over its own time: rows that come a little early or late lose nothing
        span = period if missing else spacing
        per_s = row.value if rate else row.value / span
        total += per_s * span
        points.append((begin, per_s))
        if missing and following:
            next_per_s = following.value if rate else following.value / period
            if len(points) + spacing / period > TRACE_MAX:
                raise InputError(
                    f"{path}, line {following.line}: {spacing / period:,.0f} rows are missing "
                    f"before it; a trace has {TRACE_MAX:,} periods at the most, so split the file"
                )
            gaps.append((begin + period, begin + spacing))
            points += _filled(begin, spacing, period, per_s, next_per_s)
    if len(points) >= TRACE_MAX:
        raise InputError(
            f"{path} has {len(points):,} periods; a trace has fewer than {TRACE_MAX:,}: "
            "join neighbouring rows, or split the file"
        )
    return Trace(
        start_epoch=start if dated else None,
        points=tuple(points),
        gaps=tuple(gaps),
        period_s=period,
        total=total,
        duration_s=rows[-1].time - start + period,
    )


def _filled(
    begin: float, spacing: float, period: float, rate: float, following: float
) -> Iterator[tuple[float, float]]:
    """A gap period by period: straight from the middle of the row before it to that after it."""
    whole = period * (1 + 1e-9)
    for k in range(1, math.ceil(spacing / whole)):
        at = k * period
        middle = (at + min(at + period, spacing)) / 2 - period / 2
        yield begin + at, rate + (following - rate) * middle / spacing
