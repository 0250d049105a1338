"""Numbers are written the way people write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.experiments import units


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (1234.0, "1/s", "1.23 k/s"),
        (80.0, "1/s", "80/s"),
        (0.137, "s", "137 ms"),
        (137.0, "ms", "137 ms"),
        (0.0000042, "s", "4.2 µs"),
        (2.5, "s", "2.5 s"),
        (750.0, "s", "12 min 30 s"),
        (11_100.0, "s", "3 h 5 min"),
        (187_200.0, "s", "2 d 4 h"),
        (0.42, "USD/h", "$0.42/h"),
        (0.0042, "USD/h", "$0.0042/h"),
        (1240.5, "USD", "$1,240"),
        (0.45, "ratio", "45 %"),
        (0.0004, "ratio", "0.04 %"),
        (12.0, "", "12"),
        (999.9999, "", "1 k"),
        (2.5e6, "", "2.5 M"),
        (3e6, "B/s", "3 MB/s"),
        (256.0, "kB", "256 kB"),
        (4.0, "instances", "4 instances"),
        (float("nan"), "s", "–"),
        (None, "s", "–"),
        (math.inf, "s", "∞"),
        (0.0, "1/s", "0/s"),
    ],
)
def test_a_quantity_reads_as_people_write_it(value, unit, written):
    assert units.quantity(value, unit) == written


def test_the_clock_shows_the_simulated_date_and_time():
    assert units.clock("2026-01-05T08:00:00Z", 845) == "Mon 5 Jan 08:14:05"
    assert units.elapsed(2 * 86400 + 3 * 3600) == "2 d 03:00:00"


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1200", 1200), ("1.2k", 1200), ("3 M", 3e6), ("0,5", 0.5), ("1,200", 1200), ("2.5×", 2.5)],
)
def test_a_typed_number_is_understood(typed, value):
    assert units.parsed(typed) == pytest.approx(value)


@pytest.mark.parametrize("typed", ["", "many", "1.2.3", "inf", "nan", "k"])
def test_what_is_no_number_is_refused(typed):
    assert units.parsed(typed) is None


@given(st.floats(min_value=1e-3, max_value=9e11))
def test_a_written_number_keeps_three_digits_when_read_back(value):
    assert units.parsed(units.si(value)) == pytest.approx(value, rel=0.006)


@pytest.mark.parametrize(
    ("rate", "written"),
    [(1234.0, "1.23 k/s"), (5e-4, "0.0005/s"), (4.9e-4, "1.76/h"), (1e-5, "0.036/h"), (0.0, "0/s")],
)
def test_what_is_lost_seldom_is_counted_by_the_hour(rate: float, written: str) -> None:
    assert units.loss(rate) == written
