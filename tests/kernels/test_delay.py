"""A delay line gives back exactly what it was given, when it is due."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.kernels import delay


def run(line, ticks):
    head, out = 0, []
    for _ in range(ticks):
        out.append(delay.pop(line, head))
        head = delay.following(line, head)
    return out


def test_a_delay_of_whole_ticks_moves_an_amount_into_one_slot():
    line = np.zeros(8)
    delay.push(line, 0, 6.0, 3.0, 1.0)
    assert run(line, 5) == [0, 0, 0, 6, 0]


def test_a_delay_between_two_ticks_is_shared_by_both():
    line = np.zeros(8)
    delay.push(line, 0, 8.0, 2.25, 1.0)
    assert run(line, 5) == [0, 0, 6, 2, 0]


def test_rounding_of_the_delay_makes_no_crumbs():
    line = np.zeros(8)
    delay.push(line, 0, 1.0, 0.1 + 0.2, 0.1)  # 3.0000000000000004 ticks
    delay.push(line, 0, 1.0, 0.7 - 0.4, 0.1)  # 2.9999999999999996 ticks
    assert run(line, 5) == [0, 0, 0, 2, 0]


def test_what_is_due_beyond_the_ring_comes_out_of_its_last_slot():
    line = np.zeros(4)
    delay.push(line, 1, 5.0, 1e9, 1.0)
    delay.push(line, 1, 5.0, np.inf, 1.0)
    assert line.tolist() == [10, 0, 0, 0]


def test_a_delay_below_zero_is_due_now():
    line = np.zeros(4)
    delay.push(line, 2, 5.0, -1.0, 1.0)
    assert delay.pop(line, 2) == 5


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1e9), st.floats(0, 50)), min_size=1, max_size=30),
    st.sampled_from([0.1, 1.0, 7.5]),
)
def test_all_that_goes_in_comes_out_once(pushes, dt):
    line, head, out = np.zeros(16), 0, 0.0
    for amount, delay_s in pushes:
        delay.push(line, head, amount, delay_s, dt)
        assert line.min() >= 0
        out += delay.pop(line, head)
        head = delay.following(line, head)
    given_in = sum(amount for amount, _ in pushes)
    assert out + delay.total(line) == pytest.approx(given_in, rel=1e-12)


def test_the_mean_delay_is_the_one_asked_for():
    for asked in (0.0, 0.3, 1.0, 4.9, 6.0):
        line = np.zeros(10)
        delay.push(line, 0, 1.0, asked, 1.0)
        out = run(line, 10)
        assert sum(k * amount for k, amount in enumerate(out)) == pytest.approx(asked, abs=1e-9)


def test_a_delay_that_is_not_a_number_counts_as_none() -> None:
    slots = np.zeros(4)
    delay.push(slots, 1, 3.0, np.nan, 1.0)
    assert list(slots) == [0.0, 3.0, 0.0, 0.0]
