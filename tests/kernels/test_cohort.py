"""A queue of cohorts loses nothing, keeps order, and knows ages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.kernels import cohort


def make(size=8):
    cells = np.zeros(size, cohort.COHORT).view(np.recarray)
    queue = np.zeros(1, cohort.QUEUE).view(np.recarray)[0]
    return cells, queue


def take_all(cells, queue, amount):
    pieces = []
    while amount > 0:
        got, t0, t1, mark = cohort.take(cells, queue, amount)
        if got == 0:
            break
        pieces.append((got, t0, t1, mark))
        amount -= got
    return pieces


def test_what_came_first_leaves_first_piece_by_piece():
    cells, queue = make()
    cohort.push(cells, queue, 0.0, 1.0, 10.0, 1)
    cohort.push(cells, queue, 1.0, 2.0, 20.0, 2)
    assert take_all(cells, queue, 15.0) == [(10.0, 0.0, 1.0, 1), (5.0, 1.0, 1.25, 2)]
    assert queue.total == 15.0
    assert cohort.take(cells, queue, 99.0) == (15.0, 1.25, 2.0, 2)
    assert cohort.take(cells, queue, 1.0) == (0.0, 0.0, 0.0, 0)


def test_eighty_in_and_fifty_out_for_ten_seconds_leaves_300_whose_oldest_is_3_75_s_old():
    cells, queue = make(64)
    for t in range(10):
        cohort.push(cells, queue, t, t + 1, 80.0)
        take_all(cells, queue, 50.0)
    assert queue.total == pytest.approx(300.0)
    assert cohort.oldest_age(cells, queue, 10.0) == pytest.approx(300 / 80)
    assert cohort.mean_age(cells, queue, 10.0) == pytest.approx(300 / 80 / 2)


def test_a_steady_rate_needs_one_cell_however_long_the_queue():
    cells, queue = make(4)
    for n in range(1000):
        cohort.push(cells, queue, n * 0.1, n * 0.1 + 0.1, 5.0)
    assert queue.count == 1
    assert cohort.expire(cells, queue, 40.0) == pytest.approx(2000.0)
    assert cohort.oldest_age(cells, queue, 100.0) == pytest.approx(60.0)


def test_expiry_removes_the_part_that_is_too_old():
    cells, queue = make()
    cohort.push(cells, queue, 0.0, 1.0, 10.0)
    cohort.push(cells, queue, 1.0, 2.0, 40.0)
    assert cohort.expire(cells, queue, 0.0) == 0
    assert cohort.expire(cells, queue, 1.5) == pytest.approx(30.0)
    assert queue.total == pytest.approx(20.0)
    assert cohort.oldest_age(cells, queue, 2.0) == pytest.approx(0.5)
    assert cohort.clear(cells, queue) == pytest.approx(20.0)
    assert queue.total == 0


def test_an_instant_cohort_expires_as_a_whole():
    cells, queue = make()
    cohort.push(cells, queue, 3.0, 3.0, 10.0)
    assert cohort.expire(cells, queue, 3.0) == 0
    assert cohort.expire(cells, queue, 3.1) == 10


def test_a_full_ring_keeps_every_amount_and_ages_to_a_sixteenth_of_its_span():
    cells, queue = make(64)
    rates = 10 + 9 * np.sin(np.arange(1000))
    for t, rate in enumerate(rates):
        cohort.push(cells, queue, t, t + 1, rate)
    assert queue.total == pytest.approx(rates.sum(), rel=1e-12)
    half = rates.sum() / 2
    exact = np.interp(half, np.cumsum(rates), np.arange(1, 1001))
    pieces = take_all(cells, queue, half)
    assert sum(piece[0] for piece in pieces) == pytest.approx(half)
    assert 1000 - cohort.oldest_age(cells, queue, 1000.0) == pytest.approx(exact, abs=1000 / 16)
    assert all(t1 - t0 <= 1000 / 16 + 1e-9 for _, t0, t1, _ in pieces)


def test_unlike_marks_stay_apart_while_there_is_room_to_make():
    cells, queue = make(8)
    for t in range(40):
        mark = 1 if t < 36 else 2
        cohort.push(cells, queue, t, t + 1, 1.0 + t % 3, mark)
    marked = sum(amount for amount, _, _, mark in take_all(cells, queue, 1e9) if mark == 2)
    assert marked == sum(1.0 + t % 3 for t in range(36, 40))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("push"), st.floats(0, 1e6), st.integers(0, 3)),
            st.tuples(st.just("late"), st.floats(0, 1e6), st.integers(0, 3)),
            st.tuples(st.just("take"), st.floats(0, 2e6), st.just(0)),
            st.tuples(st.just("expire"), st.floats(0, 20), st.just(0)),
        ),
        max_size=60,
    ),
    st.sampled_from([2, 3, 8]),
)
def test_whatever_is_done_nothing_is_lost_and_nothing_is_negative(steps, size):
    cells, queue = make(size)
    put = got = 0.0
    for t, (what, x, mark) in enumerate(steps):
        if what == "push":
            cohort.push(cells, queue, t, t + 1.0, x, mark)
            put += x
        elif what == "late":  # a message that comes back keeps the time it was first sent
            cohort.push(cells, queue, t / 2, t / 2 + 1.0, x, mark)
            put += x
        elif what == "take":
            pieces = take_all(cells, queue, x)
            assert sum(piece[0] for piece in pieces) <= x * (1 + 1e-9)
            got += sum(piece[0] for piece in pieces)
        else:
            got += cohort.expire(cells, queue, t - x)
        assert 0 <= queue.count <= size
        assert cohort.total(cells, queue) == pytest.approx(put - got, rel=1e-9, abs=1e-6)
        assert queue.total == pytest.approx(put - got, rel=1e-9, abs=1e-6)
        assert cells.amount.min() >= 0
