"""What AWS says of RDS and Aurora, at its boundaries."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sandbox.document.records import Fault
from sandbox.engine import Run
from sandbox.kernels.random import key_of, uniform
from sandbox.services import catalogue
from tests.conformance import fact
from tests.conformance.metered import METER, meter
from tests.simulation import go, simulate

LIMITS = "Amazon RDS User Guide: Quotas and constraints (maximum number of database connections)"
AURORA = "Amazon Aurora User Guide"
STORAGE = "Amazon RDS User Guide: Amazon RDS DB instance storage"
PRICING = "https://aws.amazon.com/rds/pricing/"
R5 = {"db_instance_class": "db.r5.large"}
NO_IO = {"pages_per_read": 0.0, "ios_per_write": 0.0}


def base(rate: float = 100.0, write: float = 0.0, seconds: float = 5, **params: Any) -> Run:
    scenario = {k: params.pop(k) for k in ("faults", "era") if k in params}
    params = {"data_gb": 1.0, **params}
    nodes = {
        "c": ("clients", {"rate_per_s": rate, "write_fraction": write}),
        "x": ("rds", params),
    }
    return simulate(nodes, ["c.out > x.in"], seconds=seconds, **scenario)


def takes(connections: int, **params: Any) -> None:
    """So many connections fit, and one more does not."""
    for held, refused in ((connections, False), (connections + 1, True)):
        nodes = {
            "c": ("clients", {"rate_per_s": 100.0, "write_fraction": 0.0}),
            "app": ("external", {"servers": 1, "service_time_s": 0.0001}),
            "x": ("rds", {"pages_per_read": 0.0, **params}),
        }
        links = ["c.out > app.in", f"app.out > x.in {{'pool_size': {held}}}"]
        run = simulate(nodes, links, seconds=5)
        assert (run.now("x")["rejected"] > 0) is refused, held


@pytest.mark.parametrize(
    ("name", "connections"),
    [("db.t3.micro", 85), ("db.m5.large", 682), ("db.r5.large", 1365), ("db.r5.24xlarge", 65536)],
)
@fact("MySQL: memory of the class / 12,582,880 bytes, about 85 a GiB", source=LIMITS)
def test_mysql_takes_a_connection_for_each_12_mb(name: str, connections: int) -> None:
    takes(connections, db_instance_class=name)


@pytest.mark.parametrize(
    ("name", "connections"),
    [("db.t3.micro", 112), ("db.t3.medium", 450), ("db.r5.xlarge", 3604), ("db.r5.2xlarge", 5000)],
)
@fact("PostgreSQL: memory of the class / 9,531,392 bytes, at most 5,000", source=LIMITS)
def test_postgres_takes_a_connection_for_each_9_mb(name: str, connections: int) -> None:
    takes(connections, engine="postgres", db_instance_class=name)


@pytest.mark.parametrize(
    ("name", "connections"),
    [("db.m5.large", 341), ("db.r5.8xlarge", 10922), ("db.r5.12xlarge", 12000)],
)
@fact("MariaDB 10.6: memory / 25,165,760 bytes, at most 12,000", source=LIMITS)
def test_mariadb_takes_a_connection_for_each_25_mb(name: str, connections: int) -> None:
    takes(connections, engine="mariadb", db_instance_class=name)


@pytest.mark.parametrize(
    ("name", "connections"),
    [
        ("db.t3.small", 45),
        ("db.t3.medium", 90),
        ("db.t3.large", 135),
        ("db.r5.large", 1000),
        ("db.r5.xlarge", 2000),
        ("db.r5.2xlarge", 3000),
        ("db.r5.4xlarge", 4000),
        ("db.r5.8xlarge", 5000),
        ("db.r5.12xlarge", 6000),
        ("db.r5.16xlarge", 6000),
        ("db.r5.24xlarge", 7000),
    ],
)
@fact(
    "Aurora MySQL: 90 connections on a db.t3.medium, 1,000 on a db.r5.large, by a table",
    source=f"{AURORA}: Maximum connections to an Aurora MySQL DB instance",
)
def test_aurora_mysql_takes_connections_by_its_table(name: str, connections: int) -> None:
    takes(connections, engine="aurora-mysql", db_instance_class=name)


def failover_s(tick_s: float = 1.0, **params: Any) -> list[float]:
    """Times of twelve failovers, each of another database."""
    found = []
    kill = (Fault("kill_instances", "x", 10, 11, 1),)
    for seed in range(12):
        nodes = {"c": ("clients", {"write_fraction": 1.0}), "x": ("rds", params)}
        run = simulate(nodes, ["c.out > x.in"], seconds=150, faults=kill, seed=seed, tick_s=tick_s)
        times = {event.kind: event.t_s for event in run.events}
        found.append(times["failed_over"] - times["failover"])
    return found


@fact(
    "A Multi-AZ failover typically takes 60 to 120 s",
    source="Amazon RDS User Guide: Failing over a Multi-AZ DB instance",
)
def test_a_multi_az_failover_takes_one_to_two_minutes() -> None:
    found = failover_s(deployment="multi_az")
    assert 60 <= min(found) < 75
    assert 105 < max(found) <= 121


@fact(
    "A Multi-AZ failover typically takes 60 to 120 s",
    source="Amazon RDS User Guide: Failing over a Multi-AZ DB instance",
)
def test_multi_az_failovers_are_spread_from_60_to_120_s() -> None:
    drawn = [uniform(np.uint64(seed), np.uint64(key_of("x")), 1) for seed in range(12)]
    width, least = np.polyfit(drawn, failover_s(0.1, deployment="multi_az"), 1)
    assert least == pytest.approx(60, abs=0.2)
    assert least + width == pytest.approx(120, abs=0.2)


@fact(
    "A Multi-AZ DB cluster fails over in under 35 s",
    source="Amazon RDS User Guide: Multi-AZ DB cluster deployments",
)
def test_a_cluster_fails_over_in_under_35_s() -> None:
    assert 30 < max(failover_s(deployment="multi_az_cluster")) <= 36


@fact(
    "Aurora fails over to a replica in under 60 s, often under 30 s",
    source=f"{AURORA}: High availability for Amazon Aurora",
)
def test_aurora_fails_over_to_a_replica_within_a_minute() -> None:
    found = failover_s(engine="aurora-mysql", read_replicas=1, **R5)
    assert max(found) < 60
    assert sorted(found)[len(found) // 2] < 35


@fact(
    "RDS Proxy cuts failover times by up to 66 %",
    source="Amazon RDS User Guide: RDS Proxy concepts (failover)",
)
def test_a_proxy_cuts_failovers_to_a_third() -> None:
    with_proxy = failover_s(0.1, deployment="multi_az", proxy=True)
    without = failover_s(0.1, deployment="multi_az")
    for short, long in zip(with_proxy, without, strict=True):
        assert short == pytest.approx(0.34 * long, abs=0.15)


@fact(
    "A standby of Multi-AZ takes no reads; those of a Multi-AZ DB cluster do",
    source="Amazon RDS User Guide: Configuring and managing a Multi-AZ deployment",
)
def test_a_standby_takes_no_reads() -> None:
    assert base(deployment="multi_az").now("x")["reader_cpu_utilization"] == 0
    assert base(deployment="multi_az_cluster").now("x")["reader_cpu_utilization"] > 0


@fact("The scale-out cooldown of Aurora's replicas is 300 s unless given",
      source=f"{AURORA}: Amazon Aurora Auto Scaling with Aurora Replicas")  # fmt: skip
def test_replicas_wait_five_minutes_after_a_scale_out() -> None:
    tracked = {"metric": "custom", "custom_metric": METER, "target_value": 100.0}
    target = {"max_capacity": 12, "metric_delay_s": 0.0, "target_tracking": [tracked]}
    given = {"engine": "aurora-mysql", "read_replicas": 1, "replica_scaling": target, **R5}
    nodes = {
        "meter": meter([110.0]),
        "sink": ("external", {"servers": 1000, "service_time_s": 0.001}),
        "c": ("clients", {"rate_per_s": 1.0}),
        "x": ("rds", given),
    }
    run = simulate(nodes, ["c.out > x.in", "meter.out > sink.in"], seconds=300)
    assert [event.t_s for event in run.events if event.kind == "scale_out"] == [179]
    (refused,) = (event.text for event in run.events if event.kind == "scale_out_refused")
    assert "cooldown until 08:08:00" in refused


@fact("Aurora has 15 replicas at most", source=f"{AURORA}: Quotas")
def test_aurora_has_at_most_fifteen_replicas() -> None:
    assert catalogue().check_params("rds", {"read_replicas": 16})
    run = base(engine="aurora-mysql", read_replicas=15, **R5)
    assert run.now("x")["replicas"] == 15


@fact(
    "RDS had 5 replicas at most in 2020, and has 15 since 2022",
    source="Amazon RDS User Guide: Working with DB instance read replicas",
)
def test_rds_has_five_replicas_in_2020_and_fifteen_now() -> None:
    assert base(read_replicas=6, era="2020").now("x")["replicas"] == 5
    assert base(read_replicas=5, era="2020").now("x")["replicas"] == 5
    assert base(read_replicas=15).now("x")["replicas"] == 15
    aurora = base(read_replicas=15, era="2020", engine="aurora-mysql", **R5)
    assert aurora.now("x")["replicas"] == 15


def iops(size: float, seconds: float = 5, **params: Any) -> float:
    """What the volume can do: ask it for more than any can, of no CPU."""
    more = {"write_cpu_ms": 0.001, "ios_per_write": 100.0, "max_connections": 100_000}
    run = base(1000, 1.0, seconds, allocated_storage_gb=size, **{**more, **params})
    return float(run.now("x")["iops_limit"])


@pytest.mark.parametrize(
    ("size", "expected"),
    [(20, 100), (33, 100), (34, 102), (100, 300), (999, 2997), (1000, 3000), (2000, 6000)],
)
@fact("gp2: 3 operations/s a GiB, at least 100", source=STORAGE)
def test_gp2_does_three_operations_a_gib(size: float, expected: float) -> None:
    # 5.4 million credits at 3,000/s last 2,000 s and a little
    assert iops(size, 2000 if expected < 2997 else 5) >= expected
    run = base(1000, 1.0, 5, allocated_storage_gb=size, ios_per_write=100.0, write_cpu_ms=0.001)
    state = run.program.places[run.program.index["x"]].s[0]
    state["credits"] = 0.0
    go(run, 3)
    assert run.now("x")["iops_limit"] == pytest.approx(expected)


@fact("gp2 does at most 64,000 operations/s, striped", source=STORAGE)
def test_gp2_does_at_most_64000() -> None:
    assert iops(21_300) == pytest.approx(63_900)
    assert iops(21_334) == pytest.approx(64_000)
    assert iops(30_000) == pytest.approx(64_000)


@fact("gp2 below 1,000 GiB bursts to 3,000 operations/s", source=STORAGE)
def test_gp2_bursts_to_3000_below_1000_gib() -> None:
    assert iops(20) == pytest.approx(3000)
    assert iops(999) == pytest.approx(3000)
    assert iops(1100) == pytest.approx(3300)


@fact("gp2 saves 5.4 million credits: 30 minutes at 3,000 operations/s", source=STORAGE)
def test_gp2_saves_5_4_million_credits() -> None:
    # 3,000/s of 100 GiB (300/s) use 2,700/s: 2,000 s
    asked = {"allocated_storage_gb": 100, "ios_per_write": 3.0, "write_cpu_ms": 0.001}
    run = base(1000, 1.0, 1990, **asked, stored_kb_per_write=0.0)
    assert run.now("x")["iops_limit"] == pytest.approx(3000)
    assert go(run, 25).now("x")["iops_limit"] < 400


@pytest.mark.parametrize(
    ("size", "expected"), [(20, 3000), (399, 3000), (400, 12_000), (5000, 12_000)]
)
@fact("gp3: 3,000 operations/s, from 400 GiB on 12,000", source=STORAGE)
def test_gp3_does_four_times_as_many_from_400_gib_on(size: float, expected: float) -> None:
    assert iops(size, storage_type="gp3") == expected


@fact("io1 does what is provisioned", source=STORAGE)
def test_io1_does_what_is_provisioned() -> None:
    assert iops(100, storage_type="io1", provisioned_iops=5000) == 5000


@fact(
    "Aurora's storage grows by itself, and its replicas are usually much less than 100 ms behind",
    source=f"{AURORA}: Replication with Amazon Aurora",
)
def test_aurora_replicas_are_hardly_behind_and_its_storage_is_never_full() -> None:
    run = base(100, 1.0, engine="aurora-mysql", read_replicas=1, data_gb=500, **R5)
    assert run.now("x")["failed"] == 0
    assert 0 < run.now("x")["replica_lag_s"] < 0.1


@pytest.mark.parametrize(
    ("params", "usd"),
    [
        ({"db_instance_class": "db.t3.large"}, 0.136),
        ({"db_instance_class": "db.m5.large"}, 0.171),
        ({"db_instance_class": "db.m5.large", "deployment": "multi_az"}, 0.342),
        ({"db_instance_class": "db.m5.large", "read_replicas": 2}, 0.513),
        ({"db_instance_class": "db.t3.large", "engine": "postgres"}, 0.145),
        ({"db_instance_class": "db.t3.medium", "engine": "aurora-mysql"}, 0.082),
        ({"db_instance_class": "db.r5.large", "engine": "aurora-postgresql"}, 0.29),
        ({"db_instance_class": "db.m5.2xlarge"}, 0.684),
    ],
)
@fact(
    "db.t3.large and db.m5.large with MySQL cost 0.136 and 0.171 USD an hour, twice that Multi-AZ",
    source=PRICING,
)
def test_instances_cost_their_price(params: dict[str, Any], usd: float) -> None:
    assert base(**params).now("x")["cost_instances"] == pytest.approx(usd)


@pytest.mark.parametrize(
    ("params", "usd_month"),
    [
        ({"storage_type": "gp2"}, 11.5),
        ({"storage_type": "gp3"}, 11.5),
        ({"storage_type": "io1", "provisioned_iops": 1000}, 12.5 + 100),
        ({"storage_type": "gp2", "deployment": "multi_az"}, 23.0),
        ({"engine": "aurora-mysql", "data_gb": 100, **R5}, 10.0),
    ],
)
@fact(
    "Storage costs 0.115 USD a GB and month (gp2, gp3), 0.125 and 0.10 an IOPS (io1), twice that "
    "Multi-AZ; Aurora's 0.10",
    source=PRICING,
)
def test_storage_costs_its_price(params: dict[str, Any], usd_month: float) -> None:
    now = base(1.0, **params).now("x")
    assert now["cost_storage"] * 730 == pytest.approx(usd_month, rel=1e-6)


@fact(
    "A million operations of Aurora's storage cost 0.20 USD",
    source="https://aws.amazon.com/rds/aurora/pricing/",
)
def test_aurora_costs_by_the_operation() -> None:
    params = {"ios_per_write": 10.0, "write_cpu_ms": 0.01, "pages_per_read": 0.0}
    now = base(1000, 1.0, engine="aurora-mysql", **R5, **params).now("x")
    assert now["cost_io"] == pytest.approx(36 * 0.20)


@fact(
    "RDS Proxy lets a request wait 120 s for a connection",
    source="Amazon RDS User Guide: RDS Proxy (connection borrow timeout)",
)
def test_a_proxy_lets_requests_wait_two_minutes() -> None:
    run = base(2500, 0.0, 2000, proxy=True, **NO_IO)
    # 2,000/s are served; those who wait come to 120 s of that, and the connections themselves
    waiting = run.now("x")["backlog"]
    assert waiting == pytest.approx(120 * 2000, rel=0.004)
    assert run.now("x")["timed_out"] == pytest.approx(500, rel=0.02)
    assert run.now("c")["failed"] == pytest.approx(500, rel=0.02)  # an error, not silence
