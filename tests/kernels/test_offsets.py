"""The log of a stream."""

import numpy as np
import pytest

from sandbox.kernels.offsets import kept, moved, place, reached, written


def test_half_of_what_a_steady_minute_wrote_was_written_in_half_a_minute():
    times, totals = np.array([0.0, 60.0]), np.array([0.0, 600.0])
    assert written(totals, *place(times, 2, 30.0)) == 300.0
    assert reached(times, totals, 2, 300.0) == 30.0


def test_nothing_was_written_before_the_log_begins_nor_after_it_ends():
    times, totals = np.array([10.0, 20.0, 30.0]), np.array([5.0, 5.0, 25.0])
    assert written(totals, *place(times, 3, 0.0)) == 5.0
    assert written(totals, *place(times, 3, 99.0)) == 25.0
    assert reached(times, totals, 3, 0.0) == 10.0
    assert reached(times, totals, 3, 25.0) == 30.0


def test_a_reader_who_has_all_of_a_pause_waits_for_what_came_after_it():
    # nothing came from 10 s to 20 s, so the next one to read was written at 20 s, not at 10
    times, totals = np.array([0.0, 10.0, 20.0, 30.0]), np.array([0.0, 10.0, 10.0, 20.0])
    assert reached(times, totals, 4, 10.0) == 20.0
    assert reached(times, totals, 4, 9.999) == pytest.approx(9.999)


def test_times_and_amounts_are_each_others_inverse():
    rng = np.random.default_rng(1)
    times = np.cumsum(rng.uniform(0.1, 5.0, 64))
    totals = np.cumsum(rng.uniform(0.1, 5.0, 64))
    for t in rng.uniform(times[0], times[-1], 200):
        amount = written(totals, *place(times, 64, t))
        assert amount == pytest.approx(np.interp(t, times, totals))
        assert reached(times, totals, 64, amount) == pytest.approx(t)


def thin(times, totals, needed_from):
    marks = np.zeros(len(times), "i8")
    chosen = kept(times, len(times), needed_from, marks)
    moved(times, marks, chosen)
    moved(totals, marks, chosen)
    return times[:chosen], totals[:chosen]


def test_a_full_log_forgets_first_what_all_have_read():
    times, totals = thin(np.arange(64.0), np.arange(64.0) ** 2, 50.0)
    assert times[0] == 50.0
    assert len(times) == 14
    assert (totals == times**2).all()


def test_a_full_log_that_is_all_needed_keeps_half_its_points_evenly():
    times, totals = thin(np.arange(64.0), np.arange(64.0) ** 2, -1.0)
    assert len(times) <= 32
    assert times[0] == 0.0
    assert times[-1] == 63.0
    assert np.diff(times).max() <= 4.0
    assert (totals == times**2).all()


def test_thinning_for_a_day_still_knows_times_to_a_sixteenth_of_the_day():
    times, totals = np.zeros(64), np.zeros(64)
    count, marks = 1, np.zeros(64, "i8")
    for n in range(1, 86_400):
        if count == 64:
            count = kept(times, 64, -1.0, marks)
            moved(times, marks, count)
            moved(totals, marks, count)
        times[count], totals[count] = n, totals[count - 1] + 1 + n % 2
        count += 1
    assert np.diff(times[:count]).max() <= 86_400 / 16
    assert reached(times, totals, count, totals[count - 1] / 2) == pytest.approx(43_200, rel=0.001)
