"""A monkey edits by pointer and keys; the document is checked after each step."""

from __future__ import annotations

import pytest

from tests.gui.monkey import Monkey


def play(canvas, seed: int, steps: int) -> None:
    monkey = Monkey(canvas, seed)
    for number in range(steps):
        try:
            monkey.step()
            monkey.check()
        except Exception as failure:
            failure.add_note(f"seed {seed}, step {number}: {', '.join(monkey.done[-6:])}")
            raise
    monkey.undo_all()


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_done_the_window_shows_the_document_and_undo_leads_back(canvas, seed):
    play(canvas, seed, steps=150)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_ten_thousand_steps_lead_back_too(canvas):
    play(canvas, seed=2026, steps=10_000)
