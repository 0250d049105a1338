"""RDS and Aurora: CPU, storage, connections, replicas, failover, growth and cost."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document import Document
from sandbox.document.records import Fault, Group, Scenario
from sandbox.engine import Run
from sandbox.engine.errors import EngineError
from sandbox.services import catalogue
from tests.simulation import diagram, go, simulate

NO_IO = {"pages_per_read": 0.0, "ios_per_write": 0.0}


def base(rate: float = 100.0, write: float = 0.0, *, seconds: float = 60, **params: Any) -> Run:
    """Clients and a database x."""
    scenario = {k: params.pop(k) for k in ("faults", "tick_s", "era") if k in params}
    nodes = {
        "c": ("clients", {"rate_per_s": rate, "write_fraction": write}),
        "x": ("rds", params),
    }
    return simulate(nodes, ["c.out > x.in"], seconds=seconds, **scenario)


def said(run: Run, kind: str) -> list[str]:
    return [event.text for event in run.events if event.node == "x" and event.kind == kind]


def at(run: Run, kind: str) -> float:
    return next(event.t_s for event in run.events if event.node == "x" and event.kind == kind)


def fault(kind: str, amount: float, start: float = 60, end: float = 360) -> Fault:
    return Fault(kind, "x", start, end, amount)


def recovery(run: Run) -> float:
    go(run, 700)
    lost = "failover" if said(run, "failover") else "writer_lost"
    return at(run, "failed_over") - at(run, lost)


# ---------------------------------------------------------------- CPU and storage


def test_cpu_is_the_time_of_all_requests_over_the_vcpus() -> None:
    run = base(500, 0.2, read_cpu_ms=1.0, write_cpu_ms=3.0)
    assert run.now("x")["cpu_utilization"] == pytest.approx((400 * 1 + 100 * 3) / 1e3 / 2)


def test_a_database_asked_for_more_than_its_cpu_runs_out_of_connections() -> None:
    run = base(3000, **NO_IO)
    assert run.now("x")["cpu_utilization"] == pytest.approx(1.0, abs=1e-3)
    assert run.now("x")["served"] == pytest.approx(2000, rel=0.01)
    assert run.losses("x")["too_many_connections"][1] > 1000
    # 682 connections at 2,000/s: a third of a second
    assert run.now("c")["latency_mean"] == pytest.approx(682 / 2000, rel=0.05)


def test_a_larger_class_serves_more_for_its_price() -> None:
    small = base(3000, **NO_IO)
    large = base(3000, **NO_IO, db_instance_class="db.m5.xlarge")
    assert large.now("x")["served"] == pytest.approx(3000)
    assert large.now("x")["cost_instances"] == pytest.approx(2 * small.now("x")["cost_instances"])


def test_more_memory_spares_reads_of_storage() -> None:
    small = base(500, data_gb=50)
    large = base(500, data_gb=50, db_instance_class="db.r5.2xlarge")
    assert small.now("x")["read_iops"] > 2 * large.now("x")["read_iops"] > 0
    assert small.now("x")["buffer_hit_ratio"] < large.now("x")["buffer_hit_ratio"]
    assert small.now("c")["latency_mean"] > large.now("c")["latency_mean"]


def test_a_small_gp2_volume_lives_on_credits_until_they_are_used_up() -> None:
    # 100 GiB: 300 operations/s; 1,300 are asked, so 5.4 million credits last 5,400 s
    params = {"pages_per_read": 0.0, "ios_per_write": 2.0, "write_cpu_ms": 0.1}
    run = base(650, 1.0, **params, seconds=5390)
    assert run.now("x")["write_iops"] == pytest.approx(1300)
    assert run.now("x")["burst_balance"] < 0.01
    go(run, 60)
    assert run.now("x")["write_iops"] == pytest.approx(300, rel=0.02)
    assert at(run, "burst_used_up") == pytest.approx(5400, abs=10)
    assert run.now("x")["rejected"] > 400


def test_provisioned_operations_do_not_run_out() -> None:
    params = {"pages_per_read": 0.0, "write_cpu_ms": 0.1, "storage_type": "io1"}
    run = base(650, 1.0, **params, seconds=6000)
    assert run.now("x")["write_iops"] == pytest.approx(1300)
    assert run.now("x")["burst_balance"] == 1.0


def test_the_storage_fills_and_writes_fail_though_reads_go_on() -> None:
    run = base(1000, 0.5, data_gb=99.99, stored_kb_per_write=10, seconds=10)
    assert run.now("x")["failed"] == pytest.approx(500)
    assert said(run, "storage_low")
    assert "writes fail" in said(run, "storage_full")[0]
    assert run.now("x")["free_storage_gb"] == 0
    aurora = base(1000, 0.5, engine="aurora-mysql", db_instance_class="db.r5.large", data_gb=200)
    assert aurora.now("x")["failed"] == 0


# ---------------------------------------------------------------- connections


def pools(size: float, **params: Any) -> Run:
    nodes = {
        "c": ("clients", {"rate_per_s": 100.0, "write_fraction": 0.0}),
        "app": ("external", {"servers": 100, "service_time_s": 0.01}),
        "x": ("rds", {"max_connections": 500, **params}),
    }
    links = ["c.out > app.in", f"app.out > x.in {{'pool_size': {size}}}"]
    return simulate(nodes, links, seconds=30)


def test_pools_of_all_callers_together_use_up_the_connections() -> None:
    assert pools(5).now("x")["database_connections"] == 500
    assert pools(5).now("x")["rejected"] == 0
    assert pools(10).now("x")["rejected"] == pytest.approx(50)
    assert pools(10).losses("x")["too_many_connections"][2] == "too many connections"


def test_a_proxy_shares_its_connections_among_all_pools() -> None:
    assert pools(10, proxy=True).now("x")["rejected"] == 0


def test_with_a_proxy_requests_wait_where_they_would_be_refused() -> None:
    refused = base(2500, **NO_IO, max_connections=50)
    waiting = base(2500, **NO_IO, max_connections=50, proxy=True)
    assert refused.now("x")["rejected"] > 400
    assert waiting.now("x")["rejected"] + waiting.now("x")["timed_out"] == 0
    assert waiting.now("c")["latency_mean"] > 5
    go(waiting, 3000)  # until they wait for the 120 s of the proxy
    assert waiting.now("x")["timed_out"] == pytest.approx(500, rel=0.02)


# ---------------------------------------------------------------- replicas


def test_replicas_take_the_reads_and_leave_the_writes() -> None:
    run = base(1000, 0.1, **NO_IO, read_replicas=2, replica_write_share=0.0)
    assert run.now("x")["cpu_utilization"] == pytest.approx(100 * 2e-3 / 2)
    assert run.now("x")["reader_cpu_utilization"] == pytest.approx(900 * 1e-3 / 4)
    one = base(1000, 0.1, **NO_IO, read_replicas=2, reads_go_to="writer")
    assert one.now("x")["reader_cpu_utilization"] == 0


def test_a_replica_falls_behind_writes_that_it_applies_one_by_one_and_catches_up() -> None:
    # 1,000 writes/s of 2 ms on 8 vCPUs; a replica needs 1.25 ms each, so it applies 800/s
    params = {"read_replicas": 1, "replica_write_share": 0.625, "ios_per_write": 0.0}
    nodes = {
        "c": (
            "clients",
            {
                "rate_per_s": 1000.0,
                "write_fraction": 1.0,
                "shape": "steps",
                "steps": [(0.0, 1.0), (120.0, 0.1)],
            },
        ),
        "x": ("rds", {**params, "db_instance_class": "db.m5.2xlarge"}),
    }
    run = simulate(nodes, ["c.out > x.in"], seconds=120)
    assert run.now("x")["replica_lag_s"] == pytest.approx(200 * 120 / 800, abs=0.5)
    assert "applies 800" in said(run, "replica_lag")[0]
    go(run, 60)
    assert run.now("x")["replica_lag_s"] < 1
    assert said(run, "replica_lag_ended")


def test_auroras_replicas_are_hardly_behind() -> None:
    aurora = {"engine": "aurora-mysql", "db_instance_class": "db.r5.2xlarge", "read_replicas": 2}
    run = base(2000, 0.5, **aurora)
    assert 0 < run.now("x")["replica_lag_s"] < 0.1


# ---------------------------------------------------------------- failover


@pytest.mark.parametrize(
    ("params", "least", "most"),
    [
        ({"deployment": "multi_az"}, 60, 120),
        ({"deployment": "multi_az", "proxy": True}, 20, 41),
        ({"deployment": "multi_az_cluster"}, 15, 35),
        ({}, 600, 600),
        (
            {"engine": "aurora-mysql", "db_instance_class": "db.r5.large", "read_replicas": 1},
            *(15, 45),
        ),
        ({"engine": "aurora-postgresql", "db_instance_class": "db.r5.large"}, 600, 600),
    ],
)
def test_a_lost_writer_is_followed_by_the_clock_of_its_deployment(
    params: dict[str, Any], least: float, most: float
) -> None:
    run = base(100, 0.5, faults=(fault("kill_instances", 1),), **params)
    assert least <= recovery(run) <= most + 1


def test_writes_fail_while_there_is_no_writer_and_replicas_still_answer_reads() -> None:
    kill = fault("kill_instances", 1)
    run = base(100, 0.4, deployment="multi_az", read_replicas=1, faults=(kill,), seconds=90)
    assert run.now("x")["failed"] == pytest.approx(40)
    assert run.now("x")["writer_up"] == 0
    alone = base(100, 0.4, deployment="multi_az", faults=(kill,), seconds=90)
    assert alone.now("x")["failed"] == pytest.approx(100)


def test_what_was_under_way_is_lost_with_the_writer() -> None:
    run = base(3000, **NO_IO, deployment="multi_az", faults=(fault("kill_instances", 1),))
    go(run, 2)
    assert run.losses("x")["connection_lost"][1] == pytest.approx(680, rel=0.02)


def test_a_standby_begins_with_empty_buffers() -> None:
    kill = fault("kill_instances", 1)
    run = base(500, deployment="multi_az", faults=(kill,))
    before = run.now("x")["buffer_hit_ratio"]
    while not said(run, "failed_over"):
        go(run, 1)
    assert run.now("x")["buffer_hit_ratio"] < 0.5 * before
    go(run, 3600)
    assert run.now("x")["buffer_hit_ratio"] == pytest.approx(before, rel=0.02)


def test_auroras_promoted_replica_is_missing_among_the_readers_until_one_is_back() -> None:
    aurora = {"engine": "aurora-mysql", "db_instance_class": "db.r5.large", "read_replicas": 2}
    run = base(100, 0.5, **aurora, faults=(fault("kill_instances", 1),), seconds=120)
    assert run.now("x")["replicas"] == 1
    assert run.now("x")["writer_up"] == 1
    assert go(run, 700).now("x")["replicas"] == 2


def test_a_second_failover_before_there_is_a_standby_takes_a_new_instance() -> None:
    kills = (fault("kill_instances", 1, 60, 61), fault("kill_instances", 1, 300, 301))
    run = base(100, 0.5, deployment="multi_az", faults=kills, seconds=301)
    assert said(run, "failover")
    assert said(run, "writer_lost")


def test_a_person_may_fail_over_and_not_twice_at_once() -> None:
    run = base(100, 0.5, deployment="multi_az")
    assert "reboots" in run.control("x", "fail_over", {})
    go(run, 5)
    assert run.now("x")["writer_up"] == 0
    with pytest.raises(EngineError, match="no writer now"):
        run.control("x", "fail_over", {})


def in_zones(zones: tuple[str, ...], *faults: Fault, **params: Any) -> Run:
    clients = {"rate_per_s": 100.0, "write_fraction": 0.5}
    plain = diagram({"c": ("clients", clients), "x": ("rds", params)}, ["c.out > x.in"])
    document = Document(
        nodes=plain.nodes.values(),
        links=plain.links.values(),
        groups=[Group(zone, "availability_zone", "", ("x",)) for zone in zones],
        scenario=Scenario(duration_s=7200, faults=faults),
    )
    return Run(document, catalogue())


def test_a_zone_takes_the_writer_and_the_standby_of_the_other_follows() -> None:
    outage = Fault("zone_outage", "a", 60, 3000)
    run = go(in_zones(("a", "b"), outage, deployment="multi_az"), 62)
    assert run.now("x")["failed"] == pytest.approx(100)
    assert go(run, 120).now("x")["failed"] == 0


def test_the_only_zone_takes_the_database_until_it_is_back() -> None:
    run = go(in_zones(("a",), Fault("zone_outage", "a", 60, 1000)), 990)
    assert run.now("x")["failed"] == pytest.approx(100)
    assert go(run, 20).now("x")["failed"] == 0


def test_a_capacity_cut_makes_the_cpu_busier() -> None:
    run = base(500, **NO_IO, faults=(fault("capacity_cut", 0.5, 10),))
    assert run.now("x")["cpu_utilization"] == pytest.approx(0.5)


# ---------------------------------------------------------------- cost and refusals


def test_the_lines_of_the_bill_add_up() -> None:
    run = base(100, 0.5, deployment="multi_az", read_replicas=1, storage_type="io1")
    now = run.now("x")
    assert now["cost_instances"] == pytest.approx(3 * 0.171)
    assert now["cost_storage"] == pytest.approx(3 * (100 * 0.125 + 3000 * 0.10) / 730)
    assert now["cost_per_hour"] == pytest.approx(now["cost_instances"] + now["cost_storage"])
    aurora = base(100, 0.5, engine="aurora-mysql", db_instance_class="db.r5.large").now("x")
    millions = (aurora["read_iops"] + aurora["write_iops"]) * 3600 / 1e6
    assert aurora["cost_io"] == pytest.approx(0.20 * millions)


def test_aurora_refuses_classes_that_it_does_not_have() -> None:
    wrong = catalogue().check_params("rds", {"engine": "aurora-mysql"})
    assert "db.m5.large is not offered by aurora-mysql" in wrong[0][1]


def test_the_tick_does_not_change_the_steady_state() -> None:
    found = [
        base(800, 0.2, tick_s=tick, seconds=120).now("c")["latency_mean"]
        for tick in (0.1, 1.0, 10.0)
    ]
    assert found == pytest.approx([found[1]] * 3, rel=0.02)


# ---------------------------------------------------------------- what is assumed


def test_a_write_waits_for_storage_and_for_a_synchronous_standby() -> None:
    # 0.5 ms of network, 2 ms of CPU, two operations of 1 ms; 3.5 ms more for the standby
    alone = base(0.1, 1.0)
    assert alone.now("c")["latency_mean"] == pytest.approx(4.5e-3, rel=2e-3)
    safe = base(0.1, 1.0, deployment="multi_az")
    assert safe.now("c")["latency_mean"] == pytest.approx(8.0e-3, rel=2e-3)


def test_the_time_of_a_query_varies_by_half_its_square() -> None:
    io = base(0.1, 0.0).program.nodes[1]
    assert io["svc_v"] / io["svc_m"] ** 2 == pytest.approx(0.5)


def test_three_quarters_of_the_memory_hold_pages() -> None:
    # 6 GiB of 16 GB that are all alike
    run = base(100, 0.0, data_gb=16.0, page_skew=0.0)
    assert run.now("x")["buffer_hit_ratio"] == pytest.approx(6 * 1.048576 / 16, rel=5e-3)


def test_replicas_that_keep_up_are_a_little_behind() -> None:
    assert base(1, 1.0, read_replicas=1).now("x")["replica_lag_s"] == pytest.approx(0.1)
    aurora = base(1, 1.0, engine="aurora-mysql", db_instance_class="db.r5.large", read_replicas=1)
    assert aurora.now("x")["replica_lag_s"] == pytest.approx(0.02)


def test_replicas_ten_seconds_behind_are_an_event() -> None:
    # 1,000 writes/s where 800 are applied: a quarter of a second more each second
    params = {"read_replicas": 1, "replica_write_share": 0.625, "ios_per_write": 0.0}
    run = base(1000, 1.0, db_instance_class="db.m5.2xlarge", **params)
    assert at(run, "replica_lag") == 39.0  # 0.1 s and 40 times 0.25


def test_a_lost_instance_is_back_after_ten_minutes() -> None:
    run = base(100, 0.5, read_replicas=1, faults=(fault("kill_instances", 2),), seconds=680)
    assert at(run, "failed_over") - at(run, "writer_lost") == pytest.approx(600)
    assert at(run, "replicas_back") - at(run, "replicas_lost") == pytest.approx(600)


def test_a_tenth_of_the_storage_is_little() -> None:
    run = base(500, 1.0, data_gb=89.99, stored_kb_per_write=1.0)
    assert at(run, "storage_low") == pytest.approx(20, abs=2)
    assert said(run, "storage_low")[0].startswith("10.0 GB of 100 GB")


def test_a_proxy_costs_by_the_vcpu() -> None:
    assert base(1, proxy=True).now("x")["cost_instances"] == pytest.approx(0.171 + 2 * 0.015)
