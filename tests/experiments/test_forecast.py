"""A forecast is what the run then does, and makes room at once for a newer one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sandbox.assets import asset
from sandbox.document.edits import set_params
from sandbox.document.file import load
from sandbox.engine import Run
from sandbox.experiments.forecast import TOTAL, Forecaster, start_of
from sandbox.services import catalogue

pytestmark = pytest.mark.timeout(600)
NAMES = ("web-shop", "queue-decouples", "retry-storm", "zone-outage")


@pytest.mark.parametrize("name", NAMES)
def test_the_run_then_does_what_was_forecast(name: str) -> None:
    document = load(asset(f"examples/{name}.json"), catalogue())
    scenario = replace(document.scenario, duration_s=20_000.0)
    run = Run(document, catalogue(), scenario, every_s=60.0)
    run.advance(1200)
    run.control(None, "load", {"factor": 1.7})
    pairs = [(node, metric) for node in run.program.ids for metric in ("served", "instances",
             "latency_p99", "backlog")]  # fmt: skip
    forecast = Forecaster(catalogue()).forecast(
        start_of(run, document), [*pairs, (TOTAL, "cost_per_hour")], 14_400.0
    )
    assert forecast is not None
    assert (forecast.t0, forecast.t1) == (1200.0, 15_600.0)
    told = len(run.events)
    run.advance(14_400)
    assert list(forecast.events) == run.events[told:]
    for node, metric in pairs:
        t, mean, least, most = forecast.curves[node, metric]
        then = run.series(node, metric, 1201.0, 15_600.0, points=10_000)
        assert np.array_equal(t, then[0])
        for mine, theirs in zip((mean, least, most), then[1:], strict=True):
            assert np.allclose(mine, theirs, rtol=1e-6, equal_nan=True), (node, metric)
    assert len(forecast.curves[TOTAL, "cost_per_hour"][0]) == 240


def test_a_forecast_leaves_the_run_alone() -> None:
    document = load(asset("examples/web-shop.json"), catalogue())
    run, alone = (Run(document, catalogue()) for _ in range(2))
    for one in (run, alone):
        one.advance(900)
    Forecaster(catalogue()).forecast(start_of(run, document), [], 3600.0)
    for one in (run, alone):
        one.advance(900)
    assert run.program.state_arena.tobytes() == alone.program.state_arena.tobytes()


def test_a_forecast_that_is_cancelled_gives_nothing_and_stops_soon() -> None:
    document = load(asset("examples/web-shop.json"), catalogue())
    run = Run(document, catalogue())
    looks = []

    def cancelled() -> bool:
        looks.append(1)
        return len(looks) > 2

    forecaster = Forecaster(catalogue())
    assert forecaster.forecast(start_of(run, document), [], 1e6, cancelled) is None
    assert len(looks) == 3
    again = forecaster.forecast(start_of(run, document), [("web", "served")], 600.0)
    assert again is not None
    assert again.t1 == 600.0


def test_a_forecast_after_an_edit_is_of_the_edited_document() -> None:
    document = load(asset("examples/web-shop.json"), catalogue())
    run = Run(document, catalogue(), window=True)
    run.advance(300)
    forecaster = Forecaster(catalogue())
    before = forecaster.forecast(start_of(run, document), [("web", "instances")], 3600.0)
    edited = document.copy()
    edited.apply(set_params(edited, {"web": {"min_size": 7, "desired_capacity": 7}}))
    run.edit(edited)
    after = forecaster.forecast(start_of(run, edited), [("web", "instances")], 3600.0)
    assert before is not None
    assert after is not None
    assert before.curves["web", "instances"][1][1] == 4
    assert after.curves["web", "instances"][1][60] >= 7


def test_curves_nobody_has_are_left_out() -> None:
    document = load(asset("examples/web-shop.json"), catalogue())
    run = Run(document, catalogue())
    forecast = Forecaster(catalogue()).forecast(
        start_of(run, document), [("web", "nonsense"), ("nobody", "served")], 600.0
    )
    assert forecast is not None
    assert forecast.curves == {}
