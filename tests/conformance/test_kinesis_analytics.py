"""What AWS says of Managed Service for Apache Flink, at its boundaries."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.engine.why import bill
from tests.conformance import fact
from tests.services.test_kinesis_analytics import application
from tests.simulation import go, simulate

SCALING = "Managed Service for Apache Flink Developer Guide: Implement application scaling"
AUTO = "Managed Service for Apache Flink Developer Guide: Use automatic scaling"
PARALLELISM = "Managed Service for Apache Flink API Reference: ParallelismConfiguration"
CHECKPOINTS = "Managed Service for Apache Flink API Reference: CheckpointConfiguration"
BILLING = "Managed Service for Apache Flink Developer Guide: Per second billing"
PRICING = "https://aws.amazon.com/managed-service-apache-flink/pricing/"


@pytest.mark.parametrize(("rate", "doubled"), [(7450, False), (7500, True), (7550, True)])
@fact("CPU at 75 % or more doubles the parallelism", source=AUTO)
def test_a_busy_cpu_doubles_the_parallelism(rate: float, doubled: bool) -> None:
    run = application(rate, 1000, tick_s=10.0, parallelism=3, cpu_time_ms=0.3)
    assert run.now("f")["parallelism"] == (6 if doubled else 3)


@fact("It takes 15 datapoints of a minute to double", source=AUTO)
def test_it_takes_fifteen_minutes_to_double() -> None:
    run = application(20_000, 899, tick_s=1.0)
    assert run.now("f")["parallelism"] == 1
    assert go(run, 1).now("f")["parallelism"] == 2


def _quiet(rate: float, seconds: float) -> Any:
    """An application that was scaled by hand from 3 to 9, with so much to do."""
    run = application(rate, 60, tick_s=10.0, parallelism=3)
    run.control("f", "set_parallelism", {"parallelism": 9})
    return go(run, seconds)


@fact("Six hours below 10 % halve the parallelism, rounded up", source=AUTO)
def test_six_quiet_hours_halve_the_parallelism() -> None:
    run = _quiet(100, 360 * 60 - 60)
    assert run.now("f")["parallelism"] == 9
    assert go(run, 70).now("f")["parallelism"] == 5  # half of nine, rounded up
    assert go(run, 360 * 60 + 60).now("f")["parallelism"] == 3  # never below the setting


@pytest.mark.parametrize(("rate", "halved"), [(8_950, True), (9_050, False)])
@fact("CPU below 10 % halves the parallelism", source=AUTO)
def test_only_an_idle_cpu_halves_the_parallelism(rate: float, halved: bool) -> None:
    run = _quiet(rate, 361 * 60 + 600)
    assert (run.now("f")["parallelism"] < 9) == halved


@pytest.mark.parametrize(("parallelism", "each", "kpus"), [(8, 4, 2), (9, 4, 3), (1, 8, 1)])
@fact("KPUs are the parallelism divided by the tasks of a KPU", source=SCALING)
def test_kpus_are_parallelism_by_tasks(parallelism: int, each: int, kpus: int) -> None:
    run = application(1, 2, parallelism=parallelism, parallelism_per_kpu=each)
    assert run.now("f")["kpus"] == kpus


@fact("Parallelism is 1 by default and 256 at most, 1 to 8 tasks a KPU", source=SCALING)
def test_parallelism_has_bounds() -> None:
    assert application(1, 1).now("f")["parallelism"] == 1
    application(1, 1, parallelism=256, parallelism_per_kpu=8)
    for wrong in ({"parallelism": 257}, {"parallelism": 0}, {"parallelism_per_kpu": 9}):
        with pytest.raises(Exception, match="parallelism"):
            application(1, 1, **wrong)


@pytest.mark.parametrize(("era", "quota"), [("2020", 32), ("current", 64)])
@fact("An application has 64 KPUs at most, 32 before", source=PARALLELISM)
def test_an_application_has_so_many_kpus(era: str, quota: int) -> None:
    for parallelism, told in ((quota, 0), (quota + 1, 1)):
        run = application(1, 1, era=era, parallelism=parallelism)
        assert run.now("f")["kpus"] == quota
        assert sum(event.kind == "quota" for event in run.events) == told
    assert application(1, 1, era=era, parallelism=128, kpu_quota=128).now("f")["kpus"] == 128


@fact("Auto scaling ends at the quota of KPUs", source=PARALLELISM)
def test_auto_scaling_ends_at_the_quota() -> None:
    run = application(30_000, 3600, tick_s=10.0, kpu_quota=3)
    assert run.now("f")["parallelism"] == 3
    assert sum(event.kind == "at_quota" for event in run.events) == 1


@fact("A KPU is one vCPU", source=SCALING)
def test_a_kpu_is_one_vcpu() -> None:
    run = application(5000, 30, cpu_time_ms=1.0, parallelism=2, parallelism_per_kpu=1)
    assert run.now("f")["records_in"] == pytest.approx(2000)
    shared = application(5000, 30, cpu_time_ms=1.0, parallelism=2, parallelism_per_kpu=2)
    assert shared.now("f")["records_in"] == pytest.approx(1000)


@fact("A checkpoint begins every 60 s", source=CHECKPOINTS)
def test_a_checkpoint_begins_every_minute() -> None:
    run = application(10, 119)
    assert run.now("f")["checkpoint_age_s"] == pytest.approx(59)
    assert go(run, 1).now("f")["checkpoint_age_s"] == 0


@fact("5 s pass from the end of a checkpoint to the next", source=CHECKPOINTS)
def test_checkpoints_pause_for_five_seconds() -> None:
    run = application(10, 1, checkpoint_interval_s=10.0, checkpoint_duration_s=30.0)
    ages = [go(run, 1).now("f")["checkpoint_age_s"] for _ in range(200)]
    assert max(ages[100:]) == 34  # 30 s to write it and 5 s of pause, less the last second


@fact("A job whose parallelism changes starts again from a snapshot: it stands still", source=AUTO)
def test_a_job_stands_still_while_it_is_rescaled() -> None:
    run = application(1000, 60)
    run.control("f", "set_parallelism", {"parallelism": 2})
    assert go(run, 5).now("f")["downtime"] == 1
    assert run.now("f")["records_in"] == 0


@fact("A KPU-hour costs 0.11 USD, and one KPU more is billed for orchestration", source=BILLING)
def test_one_kpu_more_is_billed() -> None:
    for parallelism in (1, 4):
        run = simulate({"f": ("kinesis_analytics", {"parallelism": parallelism})}, [], seconds=5)
        lines = {line.title: line.usd_per_hour for line in bill(run, "f")}
        assert lines["KPUs"] == pytest.approx(0.11 * parallelism)
        assert lines["Orchestration"] == pytest.approx(0.11)


@fact(
    "A KPU has 50 GB of running storage at 0.10 USD a GB-month; backups are 0.023", source=PRICING
)
def test_storage_is_billed() -> None:
    nodes = {"f": ("kinesis_analytics", {"parallelism": 2, "backup_gb": 100.0})}
    run = simulate(nodes, [], seconds=5)
    lines = {line.title: line.usd_per_hour for line in bill(run, "f")}
    assert lines["Running storage"] * 730 == pytest.approx(10.0)
    assert lines["Backups"] * 730 == pytest.approx(2.3)
