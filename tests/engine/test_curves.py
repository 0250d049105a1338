"""The window's curves go on over edits, without a gap, a jump or a point twice."""

from __future__ import annotations

import numpy as np
import pytest

from sandbox.engine import Run, history
from sandbox.services import catalogue
from tests.simulation import diagram, go

NODES = {
    "c": ("clients", {"rate_per_s": 60.0}),
    "app": ("external", {"servers": 10, "service_time_s": 0.1}),
    "db": ("external", {"servers": 9, "service_time_s": 0.02}),
}
LINKS = ["c.out > app.in", "app.out > db.in"]
FEWER = ({k: v for k, v in NODES.items() if k != "db"}, LINKS[:1])


def changed(**params):
    return {**NODES, "app": ("external", {**NODES["app"][1], **params})}


@pytest.fixture(params=["ring", "rows"])
def run(request, monkeypatch):
    """A run of the window, once with all its ticks in the ring, once with rows that are joined."""
    if request.param == "rows":
        monkeypatch.setattr(history, "KEPT", 64)
        monkeypatch.setattr("sandbox.engine.run.KEPT", 64)
        monkeypatch.setattr(history, "RING", 16)
    return go(Run(diagram(NODES, LINKS), catalogue(), window=True), 300)


EDITS = {
    "a parameter": (changed(servers=12), LINKS),
    "an addition": ({**NODES, "new": ("sqs", {})}, [*LINKS, "app.out > new.in"]),
    "a deletion": FEWER,
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("metric", ["arrivals", "latency_p95", "instances"])
def test_a_curve_goes_on_over_an_edit_of(run, edit, metric):
    before = run.series("app", metric, 0)
    run.edit(diagram(*EDITS[edit]))
    kept = run.series("app", metric, 0)
    for was, now in zip(before, kept, strict=True):
        assert now == pytest.approx(was, rel=1e-5)
    go(run, 200)
    t, mean, least, most = run.series("app", metric, 0)
    apart = np.diff(t)
    assert np.all(apart == apart[0])  # neither a gap nor a time twice
    assert t[-1] >= run.t_s - apart[0]
    assert np.all((least <= mean * (1 + 1e-6)) & (mean <= most * (1 + 1e-6)))
    assert np.all(mean[2:] > 0)  # the load is steady: a hole would be a zero
    if metric == "arrivals":
        assert mean == pytest.approx(60.0)


def test_a_new_node_has_no_curve_from_before_it_was_there(run):
    run.edit(diagram(*EDITS["an addition"]))
    go(run, 200)
    t = run.series("new", "arrivals", 0)[0]
    assert 300 < t[0] <= 300 + 2 * run.history.row_s()
    assert run.series("new", "latency_p95", 0)[0][0] > 300


def test_the_total_of_a_metric_is_the_sum_over_the_nodes(run):
    run.edit(diagram(*EDITS["a deletion"]))
    go(run, 100)
    t, total, _, _ = run.total("served")
    app = run.series("app", "served", 0)
    clients = run.series("c", "served", 0)
    assert list(t) == list(app[0])
    assert total == pytest.approx(app[1] + clients[1])
    with pytest.raises(KeyError, match="no node has a metric 'colour'"):
        run.total("colour")


def test_rows_are_joined_when_an_edit_leaves_room_for_fewer(monkeypatch):
    run = go(Run(diagram(NODES, LINKS), catalogue(), window=True), 301)
    alone = run.history.summary("app", "arrivals")
    monkeypatch.setattr("sandbox.engine.run.KEPT", 100)
    run.edit(diagram(*EDITS["an addition"]))
    assert run.history.rows < 100
    assert run.history.summary("app", "arrivals") == pytest.approx(alone)
    go(run, 99)
    t, mean, _, _ = run.series("app", "arrivals", 0)
    assert mean == pytest.approx(60.0)
    assert np.all(np.diff(t) == np.diff(t)[0])
    assert run.history.summary("app", "arrivals")["total"] == pytest.approx(60.0 * 400)


def test_a_ring_that_grew_does_not_show_ticks_that_it_never_saw(monkeypatch):
    monkeypatch.setattr(history, "RING", 50)
    run = go(Run(diagram(NODES, LINKS), catalogue(), window=True), 300)
    monkeypatch.setattr(history, "RING", 200)
    run.edit(diagram(*FEWER))
    go(run, 20)
    for since in (0, 150, 260, 300):
        assert run.series("app", "arrivals", since)[1] == pytest.approx(60.0)


def test_points_that_are_seen_stay_while_time_goes_on(run):
    """A plot of a moving span must not shimmer: its groups begin at multiples of their length."""
    t, mean, _, _ = run.series("app", "latency_p95", run.t_s - 12, None, 3)
    go(run, 1)
    later, again, _, _ = run.series("app", "latency_p95", run.t_s - 12, None, 3)
    both = np.intersect1d(t, later)
    assert len(both) >= len(t) - 1
    assert mean[np.isin(t, both)] == pytest.approx(again[np.isin(later, both)])
