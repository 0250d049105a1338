"""The status tracker of an SWF domain: open executions by what they wait for."""

from __future__ import annotations

import pytest

from sandbox.engine.states import states
from sandbox.services._swf_graph import DECISIONS, draw
from sandbox.services._swf_params import Params
from tests.services.test_swf import domain, one


def test_the_tracker_shows_where_open_executions_are_and_what_was_scheduled() -> None:
    steps = [
        one("pack"),
        one("check", stage=1, share=0.25),
        one("cool down", stage=1, kind="timer", duration_s=30.0),
    ]
    run = domain(4.0, steps, 200)
    seen = states(run, "s")
    assert seen is not None
    names = [place.name for place in seen.drawing.places]
    assert names == [DECISIONS, "pack", "check", "cool down"]
    held = dict(zip(names, seen.figures.held, strict=True))
    assert held["pack"] == pytest.approx(8.0, rel=0.05)  # 4/s for 2 s
    assert held["check"] == pytest.approx(2.0, rel=0.05)
    assert held["cool down"] == pytest.approx(120.0, rel=0.05)
    entering = dict(zip(names, seen.figures.entering, strict=True))
    assert entering["pack"] == pytest.approx(4.0, rel=0.01)
    assert entering["check"] == pytest.approx(1.0, rel=0.01)
    ways = zip(seen.drawing.ways, seen.figures.flows, strict=True)
    flows = {(way.source, way.target): float(flow) for way, flow in ways}
    assert flows == {
        (DECISIONS, "pack"): pytest.approx(4.0, rel=0.01),
        ("pack", "check"): pytest.approx(1.0, rel=0.01),
        ("pack", "cool down"): pytest.approx(4.0, rel=0.01),
    }
    assert {place.name for place in seen.drawing.places if place.ends} == {"check", "cool down"}


def test_without_deciders_everything_stands_before_the_first_decision() -> None:
    run = domain(4.0, [one("pack")], 60, deciders={"desired_count": 0})
    seen = states(run, "s")
    assert seen is not None
    assert seen.figures.held[0] == pytest.approx(4.0 * 60, rel=0.05)
    assert seen.figures.held[1] == 0.0


def test_a_domain_without_steps_has_its_decisions_only() -> None:
    drawing = draw(Params())
    assert [(place.name, place.ends) for place in drawing.places] == [(DECISIONS, True)]
    assert drawing.ways == ()
