"""What each kind of fault does to each service that understands it."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document import Document
from sandbox.document.records import Fault, Group, Scenario
from sandbox.engine import Run
from sandbox.services import catalogue
from sandbox.services.law import FAULTS
from tests.simulation import diagram, go, simulate


def under(
    service: str, params: dict[str, Any], *faults: Fault, rate: float = 100.0, **more: Any
) -> Run:
    """Clients, and one node x of a service."""
    nodes = {"c": ("clients", {"rate_per_s": rate, **more}), "x": (service, params)}
    return simulate(nodes, ["c.out > x.in"], faults=faults)


def fault(kind: str, amount: float, start: float = 60, end: float = 360) -> Fault:
    return Fault(kind, "x", start, end, amount)


def total(run: Run, metric: str, node: str = "x") -> float:
    return float(run.history.summary(node, metric)["total"] or 0.0)


@pytest.mark.parametrize("service", sorted(catalogue()))
def test_a_service_understands_kinds_that_there_are(service: str) -> None:
    known = catalogue().faults(service)
    assert set(known) <= set(FAULTS)
    assert len(set(known)) == len(known)
    if catalogue()[service].source:
        assert "error_rate" not in known


# ---------------------------------------------------------------- external


def test_servers_that_are_killed_are_back_when_the_fault_is_over() -> None:
    params = {"servers": 10, "service_time_s": 0.05}
    run = go(under("external", params, fault("kill_instances", 4)), 120)
    assert run.now("x")["instances"] == 6
    assert run.now("x")["utilization"] == pytest.approx(5 / 6, rel=0.02)
    go(run, 300)
    assert run.now("x")["instances"] == 10


def test_what_killed_servers_worked_on_is_gone() -> None:
    params = {"servers": 10, "service_time_s": 0.05}
    run = go(under("external", params, fault("kill_instances", 0.5)), 62)
    assert run.losses("x")["stopped"][1] == pytest.approx(5 / 2, rel=0.02)


def test_with_no_server_left_everything_is_rejected() -> None:
    params = {"servers": 10, "service_time_s": 0.05}
    run = go(under("external", params, fault("capacity_cut", 1.0)), 120)
    assert run.now("x")["rejected"] == pytest.approx(100.0)
    assert run.losses("x")["no_server"][2] == "no server is running"


# ---------------------------------------------------------------- auto-scaling group

FLEET = {"min_size": 4, "max_size": 8, "cpu_time_ms": 20.0}


def test_killed_instances_lose_what_reaches_them_until_the_group_notices_and_replaces_them() -> (
    None
):
    run = go(under("auto_scaling_group", FLEET, fault("kill_instances", 2, 90)), 91)
    assert run.now("x")["in_service"] == 2
    assert run.now("x")["failed"] == pytest.approx(50.0, rel=0.05)
    go(run, 60)  # the health check of minute two
    assert run.now("x")["failed"] == 0.0
    go(run, 600)
    assert run.now("x")["in_service"] == 4
    kinds = [event.kind for event in run.events if event.node == "x"]
    assert kinds.index("fault") < kinds.index("lost") < kinds.index("launched")


def test_a_share_of_the_fleet_is_a_whole_number_of_instances() -> None:
    run = go(under("auto_scaling_group", FLEET, fault("kill_instances", 0.3)), 62)
    assert run.now("x")["in_service"] == 3


def test_instances_at_half_their_capacity_are_twice_as_busy() -> None:
    run = go(under("auto_scaling_group", FLEET, fault("capacity_cut", 0.5)), 300)
    assert run.now("x")["in_service"] == 4
    assert run.now("x")["utilization"] == pytest.approx(100 * 0.02 / 4, rel=0.02)


def fleet_in(*zones: str, faults: tuple[Fault, ...]) -> Run:
    plain = diagram({"c": ("clients", {}), "x": ("auto_scaling_group", FLEET)}, ["c.out > x.in"])
    document = Document(
        nodes=plain.nodes.values(),
        links=plain.links.values(),
        groups=[Group(zone, "availability_zone", "", ("x",)) for zone in zones],
        scenario=Scenario(duration_s=7200, faults=faults),
    )
    return Run(document, catalogue())


def test_a_zone_takes_half_of_a_fleet_in_two_and_the_group_goes_to_the_other() -> None:
    run = go(fleet_in("a", "b", faults=(Fault("zone_outage", "a", 60, 3000),)), 62)
    assert run.now("x")["in_service"] == 2
    go(run, 900)
    assert run.now("x")["in_service"] == 4, "relaunched in zone b while a is still out"


def test_the_second_zone_takes_all_that_moved_there() -> None:
    faults = (Fault("zone_outage", "a", 60, 3000), Fault("zone_outage", "b", 1500, 3000))
    run = go(fleet_in("a", "b", faults=faults), 1502)
    assert run.now("x")["in_service"] == 0


def test_with_every_zone_out_nothing_is_launched_until_one_is_back() -> None:
    run = go(fleet_in("a", faults=(Fault("zone_outage", "a", 60, 1200),)), 1199)
    assert run.now("x")["in_service"] == 0
    assert run.now("x")["pending"] == 0
    assert run.now("x")["rejected"] == pytest.approx(50.0)
    assert "every zone of the group is out" in next(
        event.text for event in run.events if event.kind == "no_zone"
    )
    assert go(run, 600).now("x")["in_service"] == 4


# ---------------------------------------------------------------- lambda

SLOW = {"wait_time_ms": 500.0, "cpu_time_ms": 0.0}


def test_a_function_with_half_its_concurrency_throttles_what_needs_more() -> None:
    params = {**SLOW, "reserved_concurrency": 80}
    run = go(under("lambda_function", params, fault("capacity_cut", 0.5)), 300)
    assert run.now("x")["concurrent_executions"] == pytest.approx(40, rel=0.1)
    # 50 at once on 40 places that are not kept: Erlang's loss formula, B(40, 50) = 0.25
    assert run.now("x")["throttled"] == pytest.approx(25, rel=0.05)
    assert go(run, 300).now("x")["throttled"] < 0.1


def test_killed_environments_fail_what_they_run_and_come_back_cold() -> None:
    run = go(under("lambda_function", SLOW, fault("kill_instances", 0.5)), 60)
    cold, failed = total(run, "cold_starts"), total(run, "failed")
    go(run, 10)
    assert total(run, "failed") - failed == pytest.approx(25, rel=0.1)
    assert total(run, "cold_starts") - cold == pytest.approx(25, rel=0.3)
    assert run.now("x")["failed"] < 0.01


def test_invocations_that_a_fault_fails_count_as_its_loss_and_the_rest_as_the_functions_own() -> (
    None
):
    params = {**SLOW, "error_rate": 0.1}
    run = go(under("lambda_function", params, fault("error_rate", 0.5)), 300)
    assert run.now("x")["errors"] == pytest.approx(100 * (1 - 0.9 * 0.5), rel=0.01)
    assert run.losses("x")["function_error"][0] == pytest.approx(10, rel=0.02)
    assert run.losses("x")["fault_errors"][0] == pytest.approx(45, rel=0.02)


def test_a_slow_function_occupies_environments_for_as_long() -> None:
    run = go(under("lambda_function", SLOW, fault("added_latency", 1.0)), 300)
    assert run.now("x")["concurrent_executions"] == pytest.approx(150, rel=0.02)
    assert run.now("c")["latency_mean"] == pytest.approx(1.5, rel=0.02)


def test_a_function_slower_than_its_timeout_fails() -> None:
    run = go(under("lambda_function", SLOW, fault("added_latency", 5.0)), 300)
    assert run.losses("x")["timeout"][0] == pytest.approx(100, rel=0.02)


def test_messages_that_a_fault_fails_come_back_to_their_queue() -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 10.0}),
        "q": ("sqs", {"visibility_timeout_s": 30}),
        "x": ("lambda_function", {}),
    }
    links = ["c.out > q.in {'mode': 'async'}", "q.messages > x.in"]
    run = simulate(nodes, links, seconds=200, faults=(fault("error_rate", 1.0, 60, 120),))
    assert total(run, "received_again", "q") > 500
    go(run, 400)
    assert run.now("q")["backlog"] < 20


# ---------------------------------------------------------------- streams and tables


def test_a_hot_key_throttles_though_the_stream_has_room() -> None:
    run = go(
        under(
            "kinesis_stream", {"shard_count": 4}, fault("hot_key", 0.9), rate=2000, payload_kb=0.5
        ),
        120,
    )
    assert run.now("x")["throttled"] == pytest.approx(2000 * (0.9 + 0.1 / 4) - 1000, rel=0.02)
    assert run.now("x")["hottest_shard_share"] == pytest.approx(0.925, rel=0.01)
    go(run, 300)
    assert run.now("x")["throttled"] == 0.0
    assert run.now("x")["hottest_shard_share"] == pytest.approx(0.25, rel=0.05)


def test_a_hot_key_stays_hot_when_the_shards_are_split() -> None:
    run = go(under("kinesis_stream", {"shard_count": 4}, fault("hot_key", 0.9), rate=500), 90)
    run.control("x", "update_shard_count", {"target": 8})
    go(run, 200)
    assert run.now("x")["shards"] == 8
    assert run.now("x")["hottest_shard_share"] == pytest.approx(0.9 + 0.1 / 8, rel=0.01)


def test_a_stream_at_half_its_capacity_takes_half_of_what_it_could() -> None:
    run = go(
        under(
            "kinesis_stream",
            {"shard_count": 2},
            fault("capacity_cut", 0.5),
            rate=1500,
            payload_kb=0.5,
        ),
        120,
    )
    assert run.now("x")["incoming_records"] == pytest.approx(1000, rel=0.02)
    assert go(run, 300).now("x")["incoming_records"] == pytest.approx(1500, rel=0.01)


def test_a_hot_key_of_a_table_meets_the_ceiling_of_its_partition() -> None:
    params = {"capacity_mode": "provisioned", "write_capacity_units": 4000}
    hot = fault("hot_key", 1.0)
    run = go(under("dynamodb", params, hot, rate=2000, write_fraction=1.0, payload_kb=1.0), 120)
    assert run.losses("x")["partition"][0] == pytest.approx(1000, rel=0.02)
    assert go(run, 300).now("x")["throttled"] < 1


def test_a_table_at_half_its_capacity_throttles_the_rest_once_its_savings_are_gone() -> None:
    params = {"capacity_mode": "provisioned", "write_capacity_units": 100}
    cut = fault("capacity_cut", 0.5, 60, 1500)
    run = go(under("dynamodb", params, cut, rate=80, write_fraction=1.0, payload_kb=1.0), 1400)
    assert run.now("x")["throttled"] == pytest.approx(30, rel=0.1)
    assert run.now("x")["provisioned_write_capacity"] == 100


@pytest.mark.parametrize("kind", ["kinesis_stream", "dynamodb", "lambda_function", "external"])
def test_nothing_at_all_is_left_of_any_capacity(kind: str) -> None:
    params = {"capacity_mode": "on_demand"} if kind == "dynamodb" else {}
    run = go(under(kind, params, fault("capacity_cut", 1.0)), 1500)
    assert total(run, "served") == pytest.approx(1200 * 100, rel=0.02)
