"""The load slider runs from nothing to a hundredfold, and agrees with its fields."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from sandbox.gui.load import LoadControl, factor_at, position_of


def test_the_left_end_is_nothing_and_the_right_end_a_hundredfold():
    assert factor_at(0) == factor_at(10) == 0.0
    assert factor_at(1000) == 100.0
    assert factor_at(position_of(1.0)) == 1.0


@given(st.floats(min_value=0.01, max_value=100.0))
def test_a_factor_is_found_again_within_one_step_of_the_slider(factor):
    assert factor_at(position_of(factor)) == pytest.approx(factor, rel=0.012)


@given(st.integers(0, 999))
def test_further_right_is_never_less(position):
    assert factor_at(position) <= factor_at(position + 1)


@pytest.fixture
def control(qtbot):
    made = LoadControl()
    made.show_base(200.0)
    made.resize(600, 40)
    qtbot.addWidget(made)
    made.show()
    return made


def test_typing_requests_a_second_sets_the_multiple(control, qtbot):
    told = []
    control.factor_changed.connect(told.append)
    control.rate.selectAll()
    qtbot.keyClicks(control.rate, "1.5k")
    qtbot.keyClick(control.rate, Qt.Key.Key_Return)
    assert told == [7.5]
    assert control.times.text() == "7.5"
    assert factor_at(control.slider.value()) == pytest.approx(7.5, rel=0.012)


def test_a_load_that_is_none_is_refused_and_the_old_one_stays(control, qtbot):
    control.times.selectAll()
    qtbot.keyClicks(control.times, "plenty")
    qtbot.keyClick(control.times, Qt.Key.Key_Return)
    assert control.factor == 1.0
    assert control.times.text() == "1"


def test_the_arrow_keys_move_the_load(control, qtbot):
    control.slider.setFocus()
    qtbot.keyClick(control.slider, Qt.Key.Key_Right)
    assert control.factor > 1.0


def test_following_the_run_asks_for_nothing(control):
    told = []
    control.factor_changed.connect(told.append)
    control.show_factor(3.0)
    assert told == []
    assert control.times.text() == "3"
    assert control.rate.text() == "600"
