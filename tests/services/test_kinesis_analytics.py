"""A Flink application: its pace, its checkpoints, its restarts, its sinks."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document.records import Fault
from sandbox.engine import Run
from sandbox.engine.why import bill, explain
from sandbox.services import catalogue
from tests.simulation import go, simulate


def application(
    rate: float = 5000.0,
    seconds: float = 60.0,
    sink: tuple[str, dict[str, Any]] | None = None,
    faults: tuple[Fault, ...] = (),
    tick_s: float = 1.0,
    era: str = "current",
    **params: Any,
) -> Run:
    """Producers, a stream of 40 shards, the application, and where its results go."""
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "c": (
            "clients",
            {"rate_per_s": rate, "payload_kb": 0.1, "write_fraction": 1.0, "arrival_cv2": 0.0},
        ),
        "k": ("kinesis_stream", {"shard_count": 40}),
        "f": ("kinesis_analytics", params),
        "d": sink or ("external", {"servers": 1000, "service_time_s": 0.001}),
    }
    links = ["c.out > k.in", "k.records > f.in", "f.out > d.in"]
    return simulate(nodes, links, seconds=seconds, faults=faults, tick_s=tick_s, era=era)


def total(run: Run, node: str, metric: str) -> float:
    return float(run.history.summary(node, metric)["total"])


def stood_still(run: Run) -> float:
    """Seconds in which the job did not run."""
    return float(run.history.summary("f", "downtime")["mean"]) * run.t_s


def test_a_job_reads_no_more_than_it_can_and_the_rest_waits_in_the_stream() -> None:
    run = application(12_000, 60, auto_scaling_enabled=False)
    assert run.now("f")["records_in"] == pytest.approx(10_000)
    assert run.now("k")["backlog"] == pytest.approx(60 * 2000, rel=0.2)
    # 120,000 records are ten seconds of what comes; the fullest shard is older than all together
    assert 10 <= run.now("f")["behind_s"] <= run.now("k")["iterator_age_s"] + 1


def test_tasks_that_wait_are_behind_with_an_idle_cpu_and_are_not_scaled() -> None:
    run = application(1000, 1200, tick_s=10.0, wait_time_ms=9.9)
    assert run.now("f")["records_in"] == pytest.approx(100)
    assert run.now("f")["cpu_utilization"] == pytest.approx(1, rel=0.02)
    assert run.now("f")["parallelism"] == 1
    more = application(1000, 60, wait_time_ms=9.9, parallelism=8, parallelism_per_kpu=8)
    assert more.now("f")["records_in"] == pytest.approx(800)
    assert more.now("f")["kpus"] == 1


def test_a_spike_is_over_before_the_job_is_scaled_and_its_backlog_is_worked_off() -> None:
    run = application(12_000, 3000, tick_s=10.0)
    scaled = [event for event in run.events if event.kind == "scaled_up"]
    assert [event.t_s for event in scaled] == pytest.approx([900], abs=10.1)
    assert run.history.summary("f", "behind_s")["max"] > 200
    assert run.now("f")["behind_s"] < 30
    assert total(run, "d", "arrivals") == pytest.approx(12_000 * 3000, rel=0.01)


def test_a_job_that_fails_reads_again_what_came_since_its_checkpoint() -> None:
    run = application(1000, 100)
    age = run.now("f")["checkpoint_age_s"]
    run.control("f", "fail", {})
    go(run, 200)
    again = total(run, "f", "reprocessed")
    # the checkpoint covers what came before it began, two seconds earlier
    assert again == pytest.approx(1000 * (age + 2), abs=1100)
    assert total(run, "d", "arrivals") == pytest.approx(300 * 1000 + again, rel=0.01)
    assert run.losses("f")["restarted"][1] == pytest.approx(1000, rel=0.01)
    assert any(event.kind == "job_failed" for event in run.events)


def test_a_rescaled_job_reads_nothing_again() -> None:
    run = application(1000, 100)
    run.control("f", "set_parallelism", {"parallelism": 4})
    go(run, 300)
    assert run.now("f")["parallelism"] == 4
    assert total(run, "f", "reprocessed") == 0
    assert total(run, "d", "arrivals") == pytest.approx(400 * 1000, rel=0.01)
    assert stood_still(run) == pytest.approx(90, abs=1)


def test_instances_that_are_killed_take_the_job_down_once() -> None:
    run = application(1000, 200, faults=(Fault("kill_instances", "f", 100.0, 101.0, 1.0),))
    assert sum(event.kind == "job_failed" for event in run.events) == 1
    assert stood_still(run) == pytest.approx(30, abs=1.1)


def test_a_sink_that_refuses_holds_the_job_back_and_no_result_is_lost() -> None:
    run = application(3000, 300, ("kinesis_stream", {"shard_count": 2}), auto_scaling_enabled=False)
    taken = total(run, "d", "served")
    assert taken == pytest.approx(300 * 2000, rel=0.1)
    state = run.program.places[run.program.index["f"]].s
    done = total(run, "f", "records_in")
    # what is sent in the last tick is neither taken nor known to be refused
    assert taken + float(state["unsent"][0][0]) == pytest.approx(done, abs=3 * 2100)
    assert run.now("k")["backlog"] > 250_000


@pytest.mark.parametrize("tick_s", [0.1, 1.0, 10.0])
def test_the_length_of_a_tick_changes_no_totals(tick_s: float) -> None:
    run = application(12_000, 1500, tick_s=tick_s)
    assert total(run, "f", "records_in") == pytest.approx(1500 * 12_000, rel=0.06)
    assert stood_still(run) == pytest.approx(90, abs=0.1)


def test_two_streams_are_read_by_what_they_hold() -> None:
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "a": ("clients", {"rate_per_s": 100, "write_fraction": 1.0, "arrival_cv2": 0.0}),
        "b": ("clients", {"rate_per_s": 900, "write_fraction": 1.0, "arrival_cv2": 0.0}),
        "ka": ("kinesis_stream", {}),
        "kb": ("kinesis_stream", {}),
        "f": ("kinesis_analytics", {"cpu_time_ms": 1.0}),
    }
    links = ["a.out > ka.in", "b.out > kb.in", "ka.records > f.in", "kb.records > f.in"]
    run = simulate(nodes, links, seconds=60)
    assert run.now("f")["records_in"] == pytest.approx(1000, rel=0.01)
    assert run.now("f")["behind_s"] < 3


def test_an_application_without_sources_is_idle_and_is_paid() -> None:
    run = simulate({"f": ("kinesis_analytics", {"parallelism": 4})}, [], seconds=60)
    assert run.now("f")["records_in"] == 0
    assert run.now("f")["cost_per_hour"] == pytest.approx(5 * 0.11 + 4 * 50 * 0.10 / 730)


def test_its_numbers_and_its_bill_follow_from_its_rules() -> None:
    run = application(5000, 100, parallelism=3, parallelism_per_kpu=2, backup_gb=10.0)
    for reason in explain(run, "f"):
        assert reason.agrees, reason
    lines = sum(line.usd_per_hour for line in bill(run, "f"))
    assert lines == pytest.approx(run.now("f")["cost_per_hour"], rel=1e-12)


def test_a_delivery_stream_is_no_source_and_it_says_what_is() -> None:
    known = catalogue()
    refused = known.why_not("firehose", "delivery", "kinesis_analytics", "in")
    assert refused is not None
    assert "Kinesis Data Stream" in refused
    assert known.why_not("kinesis_stream", "records", "kinesis_analytics", "in") is None
