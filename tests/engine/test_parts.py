"""Parts of a diagram that are not connected are advanced one after the other."""

from __future__ import annotations

import numpy as np
import pytest

from sandbox.engine import Run
from sandbox.engine.parts import PART, split
from sandbox.experiments.tile import tile
from sandbox.services import catalogue
from tests.simulation import diagram, simulate

SHOP = {
    "c": ("clients", {"rate_per_s": 60.0, "noise": "slow", "noise_period_s": 30.0}),
    "app": ("external", {"servers": 4, "service_time_s": 0.05, "queue_limit": 50}),
    "db": ("external", {"servers": 2, "service_time_s": 0.02}),
}
CALLS = ["c.out > app.in", "app.out > db.in"]


def test_a_small_diagram_is_one_part_though_its_nodes_are_not_connected():
    assert set(split(PART, [])) == {0}
    assert len(split(0, [])) == 0


def test_connected_nodes_are_of_one_part_however_many_they_are():
    chain = [(i + 1, i) for i in range(3 * PART)]
    assert set(split(3 * PART + 1, chain)) == {0}


def test_parts_fill_up_with_whole_components():
    pairs = [(i, i + 1) for i in range(0, 4 * PART, 2)]
    part_of = split(4 * PART, pairs)
    assert list(np.bincount(part_of)) == [PART] * 4
    assert all(part_of[a] == part_of[b] for a, b in pairs)


@pytest.mark.parametrize("window", [False, True])
def test_a_diagram_of_many_parts_runs_as_its_copies_would_alone(window):
    one = diagram(SHOP, CALLS)
    alone, many = (
        Run(one, catalogue(), window=window),
        Run(tile(one, 6 * PART), catalogue(), window=window),
    )
    assert len(set(many.program.part_of)) > 3
    for chunk in (1, 150, 449):
        alone.advance(chunk)
        many.advance(chunk)
    assert many.t_s == alone.t_s == 600
    for node in SHOP:
        assert many.now(node) == alone.now(node)
        for info in alone.metrics(node):
            expected = alone.history.summary(node, info.name)
            assert many.history.summary(node, info.name) == expected
            for mine, its in zip(
                many.series(node, info.name), alone.series(node, info.name), strict=True
            ):
                np.testing.assert_array_equal(mine, its)


def test_events_of_all_parts_come_in_order_of_time():
    clients = ("clients", {"shape": "steps", "steps": [[0, 1], [100, 9], [300, 1]]})
    one = diagram({**SHOP, "c": clients}, CALLS)
    many = Run(tile(one, 6 * PART), catalogue())
    many.advance(600)
    times = [event.t_s for event in many.events]
    assert times == sorted(times)
    assert len({event.node for event in many.events}) > PART


def test_metrics_are_listed_in_the_order_of_nodes():
    run = simulate({name: ("external", {}) for name in "dcba"}, [], seconds=1)
    assert list(run.history.metrics) == ["a", "b", "c", "d"]
