"""Quantities as people write them."""

from __future__ import annotations

import pytest

from sandbox.experiments.errors import InputError
from sandbox.experiments.quantities import quantity, seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24h", 86_400),
        ("90m", 5_400),
        ("30s", 30),
        ("1d", 86_400),
        ("500ms", 0.5),
        ("1h30m", 5_400),
        ("2 min", 120),
        ("1.5h", 5_400),
        ("45", 45),
        (45, 45),
    ],
)
def test_a_length_of_time_is_read_in_the_usual_ways(text, expected):
    assert seconds(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    "text", ["", "h", "24x", "-1h", "-3", "1h-2m", "nan", "inf", "1h 2", "1e999"]
)
def test_what_is_no_length_of_time_is_refused_with_examples(text):
    with pytest.raises(InputError, match=r"is not a length of time; write it like 24h"):
        seconds(text)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("250ms", "s", 0.25),
        ("0.25", "s", 0.25),
        ("2 min", "s", 120.0),
        ("60%", "", 0.6),
        ("0.6", "", 0.6),
        ("100/s", "1/s", 100.0),
        ("6000/min", "1/s", 100.0),
        ("1.5k/s", "1/s", 1500.0),
        ("5 USD", "USD", 5.0),
        ("0.1 USD/h", "USD/h", 0.1),
        ("12 KB", "KB", 12.0),
    ],
)
def test_a_limit_is_turned_into_the_unit_of_its_metric(text, unit, expected):
    assert quantity(text, unit) == pytest.approx(expected)


def test_a_unit_that_does_not_fit_names_those_that_do():
    with pytest.raises(ValueError, match=r"'USD' does not fit; write one of .*ms"):
        quantity("5 USD", "s")
    with pytest.raises(ValueError, match="is not a number"):
        quantity("fast", "s")
