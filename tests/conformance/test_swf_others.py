"""Amazon SWF: children and signals between executions, against the documentation."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance import fact
from tests.services.test_swf import domain, now, one
from tests.services.test_swf_others import CHILD, family
from tests.simulation import go

QUOTAS = "Amazon SWF Developer Guide: Quotas"
API = "Amazon SWF API Reference"
SEND = f"{API}: Decision, SignalExternalWorkflowExecution"
MANY = [one(f"s{i}", kind="signal_external") for i in range(12)]
QUICK = {"cpu_time_ms": 0.1, "workers_per_vcpu": 10_000, "desired_count": 4}


@fact(
    "SignalExternalWorkflowExecution has a bucket of 1,200 and refills at 120 a second",
    source=QUOTAS,
)
def test_signals_to_others_draw_on_their_bucket() -> None:
    sent = domain(150.0, MANY, 40, deciders=QUICK).series("s", "signals_sent")[1]
    refill = sent[-20:].mean()
    assert refill == pytest.approx(120.0, rel=2e-3)
    # the first decisions are made in the second second
    assert sent.sum() - refill * 39 == pytest.approx(1200.0, rel=2e-3)


@fact("A signal that is sent is two events of the sender's history", source=SEND)
def test_a_signal_sent_is_initiated_and_signaled() -> None:
    run = domain(2.0, [one(kind="signal_external")], 60)
    # started, closed and the first decision: 5; initiated, signaled, and a decision after it: 5
    assert now(run, "history_events") == pytest.approx(10.0)


@fact("A signal to an execution makes its decider look", source=SEND)
@pytest.mark.parametrize("sends", [False, True])
def test_a_signalled_child_decides_once_more(sends: bool) -> None:
    timer = one("rest", kind="timer", duration_s=30.0)
    parent = [CHILD, one("tell", kind="signal_external")]
    links = ("p.signals_sent > k.signals",) if sends else ()
    run = family(0.1, parent, [timer], 900, links)
    rate = run.series("k", "decision_tasks_completed")[1][-300:].mean()
    assert rate == pytest.approx(0.1 * (2 + sends), rel=0.03)


@fact("A child is an execution of its own, and is started as one", source=f"{API}: Decision")
def test_a_child_counts_where_it_runs() -> None:
    timer = one("rest", kind="timer", duration_s=30.0)
    run = family(2.0, [CHILD], [timer], 300)
    assert now(run, "executions_started", "k") == pytest.approx(2.0, rel=1e-3)
    assert now(run, "open_executions", "k") == pytest.approx(60.0, rel=0.03)


@fact("StartChildWorkflowExecution has a bucket of 500 and refills at 12 a second", source=QUOTAS)
def test_children_in_a_domain_draw_on_the_same_bucket() -> None:
    timer = one("rest", kind="timer", duration_s=1e6)
    run = family(100.0, [CHILD], [timer], 60)
    assert now(run, "executions_started", "k") == pytest.approx(12.0, rel=1e-3)
    assert now(run, "open_executions", "k") == pytest.approx(500.0 + 12.0 * 60, rel=0.03)


CHILD_POLICY = f"{API}: StartWorkflowExecution, childPolicy"
LONG = one("rest", kind="timer", duration_s=60.0)


def _ended(policy: str) -> Any:
    """A parent's executions are terminated; three seconds later."""
    run = family(2.0, [CHILD], [LONG], 120, policy=policy)
    run.control("p", "terminate", {"share": 1.0})
    go(run, 3)
    return run


@fact("Children of a terminated execution go on under the child policy ABANDON",
      source=CHILD_POLICY)  # fmt: skip
def test_abandoned_children_go_on() -> None:
    run = _ended("abandon")
    assert now(run, "open_executions", "k") == pytest.approx(120.0, rel=0.05)


@fact("Children of a terminated execution are terminated under the child policy TERMINATE",
      source=CHILD_POLICY)  # fmt: skip
def test_children_are_terminated_with_their_parent() -> None:
    run = _ended("terminate")
    assert now(run, "open_executions", "k") < 10.0
    assert run.series("k", "workflows_terminated")[1].sum() == pytest.approx(120.0, rel=0.05)
    assert run.series("k", "workflows_cancelled")[1].sum() == 0.0
    go(run, 150)  # those of the executions that came later run as ever
    assert now(run, "workflows_completed", "p") == pytest.approx(2.0, rel=0.01)
    assert now(run, "open_executions", "k") == pytest.approx(120.0, rel=0.05)
    assert run.balance_error < 1e-9


@fact("Under REQUEST_CANCEL it is up to the child's decider to act on the request",
      source=CHILD_POLICY)  # fmt: skip
def test_children_asked_to_cancel_need_their_decider() -> None:
    run = _ended("request_cancel")
    assert now(run, "open_executions", "k") < 20.0
    assert run.series("k", "workflows_cancelled")[1].sum() == pytest.approx(120.0, rel=0.07)
    assert run.series("k", "workflows_terminated")[1].sum() == 0.0
    run = family(2.0, [CHILD], [LONG], 60, policy="request_cancel")
    run.control("e", "set_desired", {"value": 0})  # from the next minute on
    go(run, 70)
    before = now(run, "open_executions", "k")
    run.control("p", "terminate", {"share": 1.0})
    go(run, 10)
    assert now(run, "open_executions", "k") >= before
    assert run.balance_error < 1e-9


@fact("The child policy also acts when an execution's timeout has expired", source=CHILD_POLICY)
@pytest.mark.parametrize("policy", ["terminate", "request_cancel"])
def test_a_parent_that_times_out_takes_its_children_along(policy: str) -> None:
    left = family(2.0, [CHILD], [LONG], 300, parent_timeout_s=30.0)
    assert now(left, "workflows_timed_out", "p") == pytest.approx(2.0, rel=0.01)
    assert now(left, "open_executions", "k") == pytest.approx(120.0, rel=0.05)
    run = family(2.0, [CHILD], [LONG], 300, policy=policy, parent_timeout_s=30.0)
    assert now(run, "workflows_timed_out", "p") == pytest.approx(2.0, rel=0.01)
    assert now(run, "open_executions", "k") == pytest.approx(60.0, rel=0.05)
    ended = "terminated" if policy == "terminate" else "cancelled"
    assert now(run, f"workflows_{ended}", "k") == pytest.approx(2.0, rel=0.01)
    assert run.balance_error < 1e-9


@fact("The child policy does not act on an execution that its decider fails", source=CHILD_POLICY)
def test_children_of_a_failed_parent_go_on() -> None:
    bad = one("bad", duration_s=5.0, failure_share=1.0, task_list="people")
    run = family(2.0, [CHILD, bad], [LONG], 300, policy="terminate")
    assert now(run, "workflows_failed", "p") == pytest.approx(2.0, rel=0.01)
    assert now(run, "open_executions", "k") == pytest.approx(120.0, rel=0.05)
