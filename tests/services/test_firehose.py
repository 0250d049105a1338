"""Firehose: its buffer, its destination, its source."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document.records import Fault
from sandbox.engine import Run
from sandbox.engine.why import bill
from tests.simulation import go, simulate


def from_stream(seconds: float, *faults: Fault, **params: Any) -> Run:
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "c": ("clients", {"rate_per_s": 100, "payload_kb": 1.0, "arrival_cv2": 0.0}),
        "k": ("kinesis_stream", {"shard_count": 2}),
        "f": ("firehose", params),
        "d": ("external", {"servers": 100}),
    }
    links = ["c.out > k.in", "k.records > f.in", "f.delivery > d.in"]
    return simulate(nodes, links, seconds=seconds, faults=faults)


def test_objects_have_the_size_of_the_buffer() -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 2048, "payload_kb": 1.0, "arrival_cv2": 0.0}),
        "f": ("firehose", {"records_per_call": 100, "buffer_size_mib": 1.0}),
        "d": ("external", {"servers": 100}),
    }
    run = simulate(nodes, ["c.out > f.in", "f.delivery > d.in"], seconds=10)
    # 2 MiB a second in objects of one
    assert run.now("d")["arrivals"] == pytest.approx(2)
    assert run.now("f")["objects"] == pytest.approx(2)


@pytest.mark.parametrize("tick_s", [0.5, 1.0, 10.0])
def test_the_length_of_a_tick_changes_no_number_of_objects(tick_s: float) -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 100, "payload_kb": 1.0, "arrival_cv2": 0.0}),
        "f": ("firehose", {"buffer_interval_s": 20.0}),
        "d": ("external", {"servers": 100}),
    }
    run = simulate(nodes, ["c.out > f.in", "f.delivery > d.in"], seconds=100, tick_s=tick_s)
    assert run.history.summary("f", "objects")["total"] == pytest.approx(5)


def test_a_stream_keeps_what_the_destination_refuses() -> None:
    run = from_stream(605, Fault("error_rate", "d", 0, 640, 1.0), buffer_interval_s=60.0)
    held, kept = run.now("f")["backlog"], run.now("k")["backlog"]
    assert held < 8000  # the first buffer; from then on nothing is read
    assert held + kept == pytest.approx(60_500, rel=0.01)
    go(run, 300)
    assert run.now("k")["backlog"] < 1000
    assert run.losses("f")["given_up"][1] == 0


def test_a_delivery_stream_that_reads_a_stream_takes_no_puts() -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 100, "payload_kb": 1.0, "arrival_cv2": 0.0}),
        "k": ("kinesis_stream", {}),
        "f": ("firehose", {}),
        "d": ("external", {}),
    }
    links = ["c.out > k.in", "c.out > f.in", "k.records > f.in", "f.delivery > d.in"]
    run = simulate(nodes, links, seconds=10)
    assert run.losses("f")["no_direct_puts"][0] == pytest.approx(50)
    assert any(event.kind == "no_direct_puts" for event in run.events)


def test_a_destination_without_backup_that_is_not_s3_is_warned_of() -> None:
    nodes = {"c": ("clients", {}), "f": ("firehose", {"destination": "opensearch"})}
    run = simulate(nodes, ["c.out > f.in"], seconds=1)
    assert any(event.kind == "no_backup" for event in run.events)


def test_the_lines_of_the_bill_add_up() -> None:
    run = from_stream(10, format_conversion=True)
    assert sum(line.usd_per_hour for line in bill(run, "f")) == pytest.approx(
        run.now("f")["cost_per_hour"]
    )
