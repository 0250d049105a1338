"""Periods end when the clock says, whatever the tick."""

import pytest

from sandbox.kernels import clock


def test_a_minute_ends_with_the_tick_that_reaches_it():
    assert [n for n in range(200) if clock.due(n, 1.0, 60.0)] == [59, 119, 179]
    assert [n for n in range(1300) if clock.due(n, 0.1, 60.0)] == [599, 1199]
    assert [n for n in range(3) if clock.due(n, 60.0, 60.0)] == [0, 1, 2]
    assert [n for n in range(12) if clock.due(n, 60.0, 300.0)] == [4, 9]


def test_a_tick_that_does_not_divide_the_period_ends_it_on_the_way():
    assert [n for n in range(12) if clock.due(n, 7.0, 20.0)] == [2, 5, 8, 11]


@pytest.mark.parametrize("dt", [0.1, 0.25, 1.0, 7.5, 60.0])
@pytest.mark.parametrize("period", [10.0, 60.0, 300.0])
def test_a_day_has_its_number_of_periods(dt, period):
    ends = sum(clock.boundaries(n, dt, period) for n in range(round(86400 / dt)))
    assert ends == 86400 / period


def test_after_a_year_of_tenths_of_seconds_a_minute_still_ends_on_time():
    n = 365 * 86400 * 10
    assert clock.due(n - 1, 0.1, 60.0)
    assert not any(clock.due(n + i, 0.1, 60.0) for i in range(599))
    assert clock.due(n + 599, 0.1, 60.0)
