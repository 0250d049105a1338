"""What flickers from tick to tick is shown as a mean of seconds; what stands, as it is."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sandbox.engine.dials import Reading
from sandbox.gui.cells import MOST, cells_of
from sandbox.gui.smoothing import SPAN_S, Calm
from sandbox.services.explain import Cells, CellState


def reading(t_s: float, lost: float = 0.0, flow: float = 10.0, ok: float = 1.0, cause: int = -1):
    values = np.array([[lost, 0, 0, 0, 0, 10.0, 0.5]])
    return Reading(
        t_s, values, np.array([t_s]), np.array([cause]), np.array([flow]), np.array([ok]), {}
    )


@pytest.fixture
def clock():
    return SimpleNamespace(now=0.0)


@pytest.fixture
def calm(clock) -> Calm:
    return Calm(lambda: clock.now)


def watch(calm, clock, losses, step_s=0.25):
    shown = None
    for number, lost in enumerate(losses):
        clock.now += step_s
        shown = calm.smoothed(reading(float(number + 1), lost, cause=0 if lost else -1), True)
    return shown


def test_a_loss_in_every_second_tick_is_shown_as_half_and_steadily(calm, clock):
    shown = watch(calm, clock, [4.0, 0.0] * 8)
    assert shown.values[0, 0] == pytest.approx(2.0, rel=0.15)
    clock.now += 0.02
    again = calm.smoothed(reading(99.0, 0.0), True)
    assert again.values[0, 0] == pytest.approx(shown.values[0, 0], rel=0.2)


def test_a_loss_that_is_over_is_gone_from_the_picture_after_the_span(calm, clock):
    watch(calm, clock, [4.0] * 12)
    after = int(SPAN_S / 0.25) + 1
    assert watch_more(calm, clock, after - 4).values[0, 0] > 0
    assert watch_more(calm, clock, 6, at=200).values[0, 0] == 0


def watch_more(calm, clock, times, at=100):
    shown = None
    for number in range(times):
        clock.now += 0.25
        shown = calm.smoothed(reading(float(at + number)), True)
    return shown


def test_a_run_that_stands_is_shown_as_it_is(calm, clock):
    watch(calm, clock, [4.0] * 8)
    exact = reading(9.0, 0.0)
    assert calm.smoothed(exact, False) is exact


def test_a_run_that_goes_back_in_time_starts_afresh(calm, clock):
    watch(calm, clock, [4.0] * 8)
    clock.now += 0.1
    assert calm.smoothed(reading(2.0, 0.0), True).values[0, 0] == 0


def test_what_was_lost_a_moment_ago_keeps_its_cause(calm, clock):
    shown = watch(calm, clock, [4.0, 0.0])
    assert shown.values[0, 0] > 0
    assert shown.causes.tolist() == [0]


def test_a_links_quality_counts_by_what_flowed(calm, clock):
    clock.now = 1.0
    calm.smoothed(reading(1.0, flow=30.0, ok=0.5), True)
    clock.now = 1.3
    shown = calm.smoothed(reading(2.0, flow=10.0, ok=1.0), True)
    assert shown.ok[0] == pytest.approx((30 * 0.5 + 10 * 1.0) / 40)
    assert shown.flows[0] == pytest.approx(20.0)


def a_run(fills, states):
    cells = np.zeros(len(fills), [("fill", "f8"), ("state", "i8")])
    cells["fill"], cells["state"] = fills, states
    declared = Cells(
        "Shards", "Shard", "used", lambda p, s, io, c: c["fill"], state="state",
        states=(CellState("open"), CellState("starting", "idle"), CellState("broken", "critical")),
    )  # fmt: skip
    place = SimpleNamespace(p=[None], s=[None], cells=cells)
    return SimpleNamespace(
        program=SimpleNamespace(
            places=[place], nodes=[None], services=[SimpleNamespace(bars=(declared,))]
        )
    )


def test_cells_are_as_full_and_as_well_as_their_service_says():
    held = cells_of(a_run([0.5, 0.01, 2.0, 0.4, 0.95, np.nan], [0, 0, 0, 2, 0, 1]), 0)
    assert (held.title, held.count) == ("Shards", 6)
    assert held.shown == (
        (0.5, "ok"),
        (0.125, "ok"),
        (1.25, "critical"),
        (0.5, "critical"),
        (1.0, "warning"),
        (-1.0, "idle"),
    )


def test_of_more_cells_than_fit_the_fullest_are_shown_in_their_order():
    fills = [0.1] * 100
    fills[40] = fills[70] = 0.9
    held = cells_of(a_run(fills, [0] * 100), 0)
    assert held.count == 100
    assert len(held.shown) == MOST
    assert [fill for fill, _ in held.shown].count(1.0) == 2
