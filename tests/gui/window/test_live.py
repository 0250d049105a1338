"""A frame of the run is copied as whole columns, and worded only for what is looked at."""

from __future__ import annotations

import time

import pytest

from sandbox.document import Document, Link, Node
from sandbox.engine.run import Run
from sandbox.gui.pictures import Gauges


@pytest.fixture(scope="module")
def crowd(services):
    """250 clients of 750 stations; every third station has half the servers it needs."""
    nodes, links = [], []
    for i in range(250):
        nodes.append(Node(f"c{i}", "clients", params={"rate_per_s": 100.0}))
        for k in range(3):
            few = {"servers": 5 if k == 0 else 20, "service_time_s": 0.1, "queue_limit": 10}
            nodes.append(Node(f"s{i}-{k}", "external", params=few))
            links.append(Link(f"c{i}" if k == 0 else f"s{i}-{k - 1}", f"s{i}-{k}", "out", "in"))
    run = Run(Document(nodes=nodes, links=links, catalogue=services), services, window=True)
    run.advance(30)
    return run


def test_a_frame_of_a_thousand_nodes_takes_the_run_no_more_than_five_milliseconds(crowd):
    gauges = Gauges(crowd)
    times = []
    for _ in range(20):
        began = time.thread_time()
        gauges.frame(crowd)
        times.append(time.thread_time() - began)
    assert sorted(times)[10] < 0.005


def test_a_frame_says_what_the_run_says_of_each_node_and_link(crowd):
    frame = Gauges(crowd).frame(crowd)
    assert set(frame.nodes) == set(crowd.program.ids)
    now, seen = crowd.now("s7-0"), frame.nodes["s7-0"]
    assert seen.utilization == pytest.approx(now["utilization"], abs=1e-3)
    assert seen.loss_rate == pytest.approx(now["rejected"], rel=1e-2)
    ((_, _, words),) = (x for x in crowd.losses("s7-0").values() if x[0] > 0)
    assert seen.loss.lower() == words.lower()
    link = ("c7", "s7-0", "out>in")
    assert frame.links[link].flow_per_s == crowd.links_now()[link].flow_per_s
    assert frame.links[link].ok_fraction == crowd.links_now()[link].ok
    assert frame.nodes.get("nobody") is None


def test_the_far_view_learns_of_ill_nodes_without_words_for_any(crowd):
    frame = Gauges(crowd).frame(crowd)
    ailing = dict(frame.ailing())
    assert ailing["s7-0"] == "critical"  # half of what comes is turned away
    assert "s7-2" not in ailing
    assert not frame.nodes._made
    assert ailing == {n: f.health for n, f in frame.nodes.items()
                      if f.health in ("warning", "critical")}  # fmt: skip


def test_a_frame_stays_what_it_was_while_the_run_goes_on(crowd):
    frame = Gauges(crowd).frame(crowd)
    crowd.control(None, "load", {"factor": 3.0})
    crowd.advance(5)
    assert frame.nodes["c3"].headline == "100/s"
    assert Gauges(crowd).frame(crowd).nodes["c3"].headline == "300/s"
    crowd.control(None, "load", {"factor": 1.0})
    crowd.advance(30)


def test_events_that_came_behind_another_tab_are_caught_up_with_when_it_is_raised(bench, qtbot):
    from sandbox.engine.run import EventRecord
    from sandbox.gui.moments import Happened

    bench.events.show_events(
        Happened(tuple(EventRecord(float(t), "shop", "x", f"event {t}") for t in range(300)))
    )
    bar = bench.events.table.verticalScrollBar()
    bench.docks["Events"].raise_()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    bar.setValue(0)
    bench.events.show_events(Happened((EventRecord(400.0, "shop", "x", "later"),)))
    assert bar.value() == 0  # somebody reads further up
