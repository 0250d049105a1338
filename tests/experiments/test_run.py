"""A run from Python: what it says, and that it says the same each time."""

from __future__ import annotations

import importlib
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sandbox import Document, Scenario, run
from sandbox.document.file import dump, save
from sandbox.document.records import Node
from sandbox.engine import Run
from sandbox.experiments import InputError, Result, controls
from sandbox.experiments.tables import as_json, csv_bytes, json_bytes
from sandbox.services import catalogue
from tests.simulation import diagram


@pytest.fixture
def shop() -> Document:
    return diagram(
        {
            "users": ("clients", {"rate_per_s": 30, "noise": "slow", "shape": "diurnal"}),
            "api": ("external", {"servers": 3, "service_time_s": 0.1, "queue_limit": 20}),
        },
        ["users.out > api.in"],
        seed=7,
    )


def said(result: Result) -> bytes:
    return json_bytes(as_json(result) | {"wall_s": 0}) + csv_bytes(result)


def test_a_file_runs_from_python_and_answers_with_arrays_and_units(shop, tmp_path):
    path = tmp_path / "shop.json"
    save(shop, path, catalogue())
    result = run(path, duration_s="1h", settings={"api.servers": 8}, assertions=["p99(api) < 2s"])
    curve = result.series("api", "latency_p99")
    assert isinstance(curve.mean, np.ndarray)
    assert curve.unit == "s"
    assert len(curve.t) == len(curve.mean)
    assert result.holds
    assert result.summary("users", "arrivals")["unit"] == "1/s"


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(shop):
    first, again, other = (run(shop, duration_s="1h", seed=s) for s in (7, 7, 8))
    assert said(first) == said(again)
    assert said(first) != said(other)


def test_chunks_do_not_matter(shop, monkeypatch):
    whole = run(shop, duration_s="30m", load=3)
    module = importlib.import_module("sandbox.experiments.run")
    monkeypatch.setattr(module, "NODE_TICKS", 2 * 7)  # seven ticks at a time
    pieces = run(shop, duration_s="30m", load=3)
    assert said(whole) == said(pieces)
    assert whole.events  # overload: there is something to be told in the wrong order


def test_what_is_asked_for_overrides_the_scenario(shop):
    result = run(shop, duration_s="10m", tick_s=5, load=0.5, seed=3, every_s="1m")
    assert (result.ticks, result.duration_s) == (120, 600)
    assert result.scenario == replace(shop.scenario, duration_s=600, tick_s=5, load=0.5, seed=3)
    assert list(result.series("api", "served").t) == [60 * i for i in range(1, 11)]
    assert run(shop, scenario=Scenario(duration_s=60.0)).ticks == 60


def test_an_unfinished_interval_is_a_row_too(shop):
    series = run(shop, duration_s="150s", every_s="60s").series("users", "arrivals")
    ticks = run(shop, duration_s="150s", every_s="1s").series("users", "arrivals").mean
    assert list(series.t) == [60, 120, 150]
    assert series.mean == pytest.approx(
        [ticks[:60].mean(), ticks[60:120].mean(), ticks[120:].mean()], rel=1e-6
    )
    p99 = run(shop, duration_s="150s", every_s="60s").series("api", "latency_p99")
    assert len(p99.mean) == 3
    assert np.isfinite(p99.mean).all()


def test_the_percentile_of_the_run_is_that_of_the_mixture_of_all_its_ticks(shop):
    engine = Run(shop, catalogue())
    engine.advance(3600)
    result = run(shop, duration_s="1h")
    for p in (0.5, 0.95, 0.99):
        exact = engine.history.quantile("api", p)
        assert result.quantile("api", p) == pytest.approx(exact, rel=2e-3)


def test_totals_are_counts_and_losses_are_told_by_cause(shop):
    result = run(shop, duration_s="1h", load=3)
    lost = {cause: loss for cause, loss in result.losses["api"].items() if loss.total > 0}
    assert lost, "an overload without losses"
    total = sum(loss.total for loss in lost.values())
    arrived = result.summary("api", "arrivals")["total"]
    served = result.summary("api", "served")["total"]
    held = result.summary("api", "backlog")["last"] + result.summary("api", "in_flight")["last"]
    assert arrived == pytest.approx(served + total + held, rel=1e-9)


def test_everything_in_the_json_is_finite(shop):
    def numbers(value):
        if isinstance(value, dict):
            value = value.values()
        if isinstance(value, (int, float)):
            yield value
        elif value is not None and not isinstance(value, str):
            for item in value:
                yield from numbers(item)

    # no load at all: no answers, so no latencies
    for load in (0.0, 1.0, 50.0):
        found = as_json(run(shop, duration_s="5m", load=load))
        assert all(math.isfinite(number) for number in numbers(found))
        json_bytes(found)


def test_a_run_played_by_hand_replays_exactly(shop, tmp_path):
    engine = Run(replace_scenario(shop, duration_s=600.0), catalogue())
    engine.advance(100)
    engine.control(None, "load", {"factor": 4.0})
    engine.advance(150)
    engine.control("users", "load", {"factor": 0.5})
    engine.advance(350)
    controls.save(engine.controls, tmp_path / "log.jsonl")
    result = run(shop, duration_s="10m", replay=tmp_path / "log.jsonl")
    assert result.summary("api", "served") == engine.history.summary("api", "served")
    assert [c.json() for c in result.controls] == [c.json() for c in engine.controls]
    assert said(result) == said(run(shop, duration_s="10m", replay=result.controls))
    assert said(result) != said(run(shop, duration_s="10m"))


def test_a_replayed_edit_does_not_make_the_result_forget_what_was_before(shop):
    engine = Run(replace_scenario(shop, duration_s=600.0), catalogue())
    engine.advance(200)
    edited = shop.copy()
    edited = Document(
        nodes=[*edited.nodes.values(), Node("late", "external")],
        links=edited.links.values(),
        scenario=edited.scenario,
    )
    engine.edit(edited)
    engine.advance(400)
    result = run(shop, duration_s="10m", every_s="50s", replay=engine.controls)
    plain = run(shop, duration_s="10m", every_s="50s")
    assert list(result.series("users", "arrivals").t) == list(plain.series("users", "arrivals").t)
    ours, theirs = (r.summary("users", "arrivals") for r in (result, plain))
    assert ours["total"] == pytest.approx(theirs["total"])
    assert ours["max"] == theirs["max"]
    assert result.quantile("api", 0.99) == pytest.approx(plain.quantile("api", 0.99))
    assert list(result.series("late", "served").t) == [50 * i for i in range(5, 13)]
    rows = csv_bytes(result).decode().splitlines()
    column = rows[0].split(",").index("late.served")
    assert [row.split(",")[column] == "" for row in rows[1:]] == [True] * 4 + [False] * 8


def replace_scenario(document: Document, **values) -> Document:
    copy = document.copy()
    return Document(
        name=copy.name,
        nodes=copy.nodes.values(),
        links=copy.links.values(),
        scenario=replace(copy.scenario, **values),
    )


def test_a_document_is_not_changed_by_running_it(shop):
    before = dump(shop)
    run(shop, duration_s="1m", settings=["api.servers=9"], load=2)
    assert dump(shop) == before


def test_nothing_to_run_and_no_time_to_run_it_are_refused(shop):
    with pytest.raises(InputError, match="no services to run"):
        run(Document())
    with pytest.raises(InputError, match="more than 0 s"):
        run(shop, duration_s=0)
    with pytest.raises(InputError, match="a load of -1 cannot be"):
        run(shop, load=-1)


def test_names_that_do_not_exist_are_answered_with_those_that_do(shop):
    result = run(shop, duration_s="1m")
    with pytest.raises(KeyError, match="no node 'web'; there are api, users"):
        result.metrics("web")
    with pytest.raises(KeyError, match="'api' has no metric 'speed'; it has arrivals"):
        result.series("api", "speed")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "line 1: not JSON"),
        ("[1]", "line 1: not an object"),
        ('{"t_s": -1, "node": null, "action": "load"}', '"t_s" must be'),
        ('{"t_s": 1, "node": 3, "action": "load"}', '"node" must be'),
        ('{"t_s": 1, "node": null}', '"action" must be text'),
    ],
)
def test_a_log_that_is_none_is_refused_with_its_line(tmp_path: Path, line, complaint):
    path = tmp_path / "log.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(InputError) as refused:
        controls.load(path)
    assert complaint in str(refused.value)
