"""Log analysis on EMR: a transient cluster on Spot beside one that is kept all day."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.assets import asset
from sandbox.experiments import run

LANES = ("transient", "long-running")


@pytest.fixture(scope="module")
def night() -> Any:
    result = run(str(asset("examples/log-analysis.json")))
    assert result.balance_error < 1e-9
    return result


def ended(night: Any, lane: str) -> float:
    """Seconds after two o'clock at which the report is there."""
    told = [e.t_s for e in night.events if e.node == lane and "Step 2 COMPLETED" in e.text]
    return told[0] - 7200.0


def test_both_are_done_with_all_steps(night: Any) -> None:
    for lane in LANES:
        assert night.summary(lane, "steps_completed")["last"] == 2
        assert night.summary(lane, "steps_failed")["last"] == 0


def test_the_transient_cluster_costs_a_thirtieth_and_is_done_earlier(night: Any) -> None:
    kept, launched = night.cost_of("long-running"), night.cost_of("transient")
    # nine nodes, the whole day
    assert kept == pytest.approx(9 * 24 * (0.192 + 0.048 + 64 * 0.08 / 730), rel=1e-3)
    assert launched == pytest.approx(1.79, rel=0.02)
    assert launched < kept / 25
    # 1,600 maps of 33 s on 30 places are 54 waves; the reduce and the report come after them
    assert ended(night, "long-running") == pytest.approx(2124.0, rel=0.02)
    assert ended(night, "transient") == pytest.approx(1722.0, rel=0.02)


def test_half_of_the_spot_nodes_are_taken_and_only_tasks_run_again(night: Any) -> None:
    assert night.summary("transient", "interrupted")["last"] == 8
    assert night.summary("transient", "tasks_rerun")["last"] > 30
    assert night.summary("transient", "missing_blocks")["max"] == 0


def test_nothing_is_left_of_the_transient_cluster_in_the_morning(night: Any) -> None:
    nodes = night.series("transient", "instances")
    assert nodes.mean[nodes.t < 7200].max() == 0
    assert nodes.mean[nodes.t > 12_000].max() == 0
    assert night.summary("transient", "instances")["max"] >= 21
    assert night.summary("long-running", "instances")["min"] == 9


def test_every_split_is_read_from_the_logs_once_or_again(night: Any) -> None:
    written = 2.0 * 86_400
    read = night.summary("logs", "arrivals")["total"] - written
    again = night.summary("transient", "tasks_rerun")["last"]
    assert 3200 <= read <= 3200 + again + 1
