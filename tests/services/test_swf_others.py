"""SWF domains that start each other's executions as children, and send each other signals."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.engine.why import bill
from tests.services.test_swf import DECIDER, now, one
from tests.simulation import go, simulate

REPORT = one("report", kind="signal_external")
CHILD = one("child", kind="child_workflow", duration_s=1.0)


def family(
    rate: float,
    parent: list[dict[str, Any]],
    child: list[dict[str, Any]],
    seconds: float,
    links: tuple[str, ...] = (),
    tick_s: float = 1.0,
    policy: str = "abandon",
    parent_timeout_s: float = 31_536_000.0,
    **params: Any,
) -> Any:
    """A parent's domain `p` whose children run in `k`; each with its deciders."""
    of_parent = {"child_policy": policy, "execution_timeout_s": parent_timeout_s}
    nodes = {
        "c": ("clients", {"rate_per_s": rate}),
        "p": ("swf", {"steps": parent, "retention_days": 0, **of_parent}),
        "k": ("swf", {"steps": child, "retention_days": 0, **params}),
        "d": ("worker_pool", DECIDER),
        "e": ("worker_pool", DECIDER),
    }
    given = ["c.out > p.in", "p.decisions > d.in", "k.decisions > e.in", "p.children > k.in"]
    return simulate(nodes, [*given, *links], seconds=seconds, tick_s=tick_s)


@pytest.mark.parametrize("tick_s", [0.5, 1.0, 10.0])
def test_a_child_runs_in_its_own_domain_and_its_parent_waits_for_it(tick_s: float) -> None:
    timer = one("rest", kind="timer", duration_s=60.0)
    run = family(2.0, [CHILD], [timer], 600, tick_s=tick_s)
    for node in "pk":
        assert now(run, "workflows_completed", node) == pytest.approx(2.0, rel=1e-3)
    assert now(run, "open_executions", "k") == pytest.approx(2 * 60.0, rel=0.03)
    # six hand-overs of 50 ms of the child, and four of the parent, besides
    assert now(run, "open_executions", "p") == pytest.approx(2 * 60.4, rel=0.01)
    assert now(run, "workflow_time", "p") == pytest.approx(60.4, rel=0.02)
    assert run.balance_error < 1e-9


def test_a_child_that_fails_fails_its_step_and_the_parent_tries_again() -> None:
    work = one("work", duration_s=20.0, failure_share=0.5, task_list="people")
    run = family(2.0, [CHILD | {"attempts": 2}], [work], 900)
    assert now(run, "workflows_failed", "k") == pytest.approx(1.5, rel=0.01)
    assert now(run, "executions_started", "k") == pytest.approx(3.0, rel=0.01)
    assert now(run, "workflows_failed", "p") == pytest.approx(0.5, rel=0.02)


def test_a_child_that_may_not_start_fails_its_step() -> None:
    timer = one("rest", kind="timer", duration_s=1e6)
    run = family(2.0, [CHILD], [timer], 120, open_executions_limit=100)
    assert now(run, "open_executions", "k") == pytest.approx(100.0)
    assert now(run, "workflows_failed", "p") == pytest.approx(2.0, rel=0.01)


def test_a_child_that_takes_longer_than_its_parent_allows_fails_its_step() -> None:
    timer = one("rest", kind="timer", duration_s=60.0)
    for limit, failed in ((50.0, 2.0), (70.0, 0.0)):
        run = family(2.0, [CHILD | {"start_to_close_s": limit}], [timer], 300)
        assert now(run, "workflows_failed", "p") == pytest.approx(failed, abs=0.01)


def test_a_parent_signals_the_child_that_waits_for_it() -> None:
    wait = one("go", kind="signal")
    steps = [CHILD, one("think", kind="timer", duration_s=30.0)]
    apart = family(2.0, steps, [wait], 300)
    assert now(apart, "workflows_completed", "k") == 0.0
    send = one("release", kind="signal_external", stage=1)
    again = [one("think", kind="timer", duration_s=30.0), send]
    # the child is started in the first stage and not waited for but by the last
    run = family(2.0, [*again, CHILD | {"stage": 1}], [wait], 300, ("p.signals_sent > k.signals",))
    assert now(run, "signals_sent", "p") == pytest.approx(2.0, rel=1e-3)
    assert now(run, "workflows_completed", "k") == pytest.approx(2.0, rel=0.01)
    assert now(run, "workflows_completed", "p") == pytest.approx(2.0, rel=0.01)


def test_a_child_signals_its_parent_that_waits_for_it() -> None:
    news = one("news", kind="signal")
    child = [REPORT, one("rest", kind="timer", duration_s=60.0, stage=1)]
    run = family(2.0, [CHILD, news], child, 300, ("k.signals_sent > p.signals",))
    assert now(run, "workflows_completed", "p") == pytest.approx(2.0, rel=0.01)
    silent = family(2.0, [CHILD, news], child[1:], 300, ("k.signals_sent > p.signals",))
    assert now(silent, "workflows_completed", "p") == 0.0
    assert now(silent, "open_executions", "p") > 500.0


def test_links_take_the_children_and_signals_that_they_name() -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 2.0}),
        "p": ("swf", {"steps": [CHILD | {"name": "a"}, CHILD | {"name": "b", "share": 0.25}]}),
        "x": ("swf", {"steps": [one("t", kind="timer", duration_s=10.0)]}),
        "y": ("swf", {"steps": [one("t", kind="timer", duration_s=10.0)]}),
        **{f"d{n}": ("worker_pool", DECIDER) for n in "pxy"},
    }
    links = [f"{n}.decisions > d{n}.in" for n in "pxy"]
    links += ["c.out > p.in", "p.children > x.in", "p.children > y.in {'step': 'b'}"]
    run = simulate(nodes, links, seconds=120)
    assert now(run, "executions_started", "x") == pytest.approx(2.0, rel=1e-3)
    assert now(run, "executions_started", "y") == pytest.approx(0.5, rel=1e-3)
    assert now(run, "workflows_completed", "p") == pytest.approx(2.0, rel=0.01)


def test_a_child_s_start_and_its_signals_are_billed_once() -> None:
    timer = one("rest", kind="timer", duration_s=5.0)
    run = family(1.0, [CHILD, REPORT | {"stage": 1}], [timer], 120, ("p.signals_sent > k.signals",))
    for node in "pk":
        lines = sum(line.usd_per_hour for line in bill(run, node))
        assert lines == pytest.approx(now(run, "cost_per_hour", node), rel=1e-9)
    # of the parent: its start, four decisions at most; of the child a start and a timer besides
    task, start = 0.000025 * 3600, 0.0001 * 3600
    both = now(run, "cost_per_hour", "p") + now(run, "cost_per_hour", "k")
    assert 2 * start + 5 * task < both < 2 * start + 9 * task


def test_whoever_is_edited_or_ended_leaves_the_other_in_balance() -> None:
    timer = one("rest", kind="timer", duration_s=60.0)
    run = family(2.0, [CHILD], [timer], 120)
    run.control("k", "terminate", {"share": 1.0})
    go(run, 5)
    assert now(run, "open_executions", "k") < 15.0
    assert now(run, "open_executions", "p") < 30.0
    assert run.balance_error < 1e-9


def test_a_parent_that_is_terminated_leaves_its_children_and_begins_anew() -> None:
    timer = one("rest", kind="timer", duration_s=60.0)
    run = family(2.0, [CHILD], [timer], 120)
    run.control("p", "terminate", {"share": 1.0})
    go(run, 2)
    assert now(run, "open_executions", "p") < 5.0
    assert now(run, "open_executions", "k") == pytest.approx(120.0, rel=0.03)
    go(run, 150)
    assert now(run, "open_executions", "p") == pytest.approx(120.5, rel=0.03)
    assert now(run, "workflows_completed", "p") == pytest.approx(2.0, rel=0.01)
