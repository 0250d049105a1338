"""Ticks of 0.1, 1 and 10 s give the same steady states, totals and costs."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.experiments.fidelity import Outcome
from sandbox.experiments.fidelity.ticks import tick_section
from tests.fidelity import every_case, hold


@every_case(tick_section())
def test_the_length_of_the_tick_moves_neither_steady_states_nor_totals(
    measure: Callable[[], Outcome],
) -> None:
    hold(measure())
