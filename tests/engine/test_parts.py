"""Parts of a diagram that are not connected are advanced one after the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sandbox.document.edits import set_attribute
from sandbox.document.records import Fault
from sandbox.engine import Run
from sandbox.engine.parts import LANES, PART, split
from sandbox.experiments.tile import tile
from sandbox.services import catalogue
from tests.simulation import diagram, simulate

SHOP = {
    "c": ("clients", {"rate_per_s": 60.0, "noise": "slow", "noise_period_s": 30.0}),
    "app": ("external", {"servers": 4, "service_time_s": 0.05, "queue_limit": 50}),
    "db": ("external", {"servers": 2, "service_time_s": 0.02}),
}
CALLS = ["c.out > app.in", "app.out > db.in"]


def test_a_small_diagram_has_as_many_parts_as_there_are_lanes():
    assert list(np.bincount(split(3 * LANES, []))) == [3] * LANES
    assert list(split(3, [])) == [0, 1, 2]
    assert len(split(0, [])) == 0


def test_connected_nodes_are_of_one_part_however_many_they_are():
    chain = [(i + 1, i) for i in range(3 * PART)]
    assert set(split(3 * PART + 1, chain)) == {0}


def test_parts_fill_up_with_whole_components():
    count = 2 * LANES * PART
    pairs = [(i, i + 1) for i in range(0, count, 2)]
    part_of = split(count, pairs)
    assert list(np.bincount(part_of)) == [PART] * (2 * LANES)
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


@pytest.mark.parametrize("window", [False, True])
def test_the_number_of_threads_changes_nothing(window):
    clients = ("clients", {**SHOP["c"][1], "shape": "steps", "steps": [[0, 60], [100, 900]]})
    one = diagram({**SHOP, "c": clients}, CALLS)
    outage = Fault("error_rate", "app", 150.0, 210.0, 0.5)
    tiled = tile(one, 6 * LANES)
    tiled.apply(set_attribute(tiled, "scenario", replace(tiled.scenario, faults=(outage,))))
    runs = [Run(tiled, catalogue(), window=window, threads=n) for n in (1, 2, 7)]
    for run in runs:
        assert len(set(run.program.part_of)) == LANES
        for ticks in (1, 150, 449):
            run.advance(ticks)
    alone, *others = runs
    assert {"rejected", "fault"} <= {event.kind for event in alone.events}
    for run in others:
        assert run.events == alone.events
        assert run.balance_error == alone.balance_error
        for name in ("served", "waiting", "latency", "loss_total"):
            assert run.program.nodes[name].tobytes() == alone.program.nodes[name].tobytes()
        for name in ("now", "means", "leasts", "greatests", "latencies", "ring"):
            mine, its = (getattr(r.history.tape, name) for r in (run, alone))
            assert mine.tobytes() == its.tobytes()
