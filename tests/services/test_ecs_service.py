"""Amazon ECS service: what its tasks serve, cost and lose; what it shares with instances."""

import pytest

from sandbox.document.records import Fault
from sandbox.engine.errors import EngineError
from tests.simulation import diagram, go, simulate

LINKS = ["c.out > lb.in", "lb.targets > web.in"]


def service(rate=60.0, seconds=60.0, links=LINKS, nodes=None, **params):
    """Clients, a balancer, and a service of four tasks of 1 vCPU at 20 ms a request."""
    scenario = {k: params.pop(k) for k in ("faults", "duration_s", "seed") if k in params}
    found = {
        "c": ("clients", {"rate_per_s": rate}),
        "lb": ("elb", {"latency_ms": 0.0}),
        "web": ("ecs_service", {"desired_count": 4, **params}),
        **(nodes or {}),
    }
    return simulate(found, links, seconds=seconds, **scenario)


def test_tasks_of_a_vcpu_serve_as_instances_of_a_vcpu_do():
    run = service(rate=100.0)  # 2 of 4 vCPUs
    assert run.now("web")["served"] == pytest.approx(100)
    assert run.now("web")["utilization"] == pytest.approx(0.5, rel=1e-3)
    instances = simulate(
        {
            "c": ("clients", {"rate_per_s": 100.0}),
            "lb": ("elb", {"latency_ms": 0.0}),
            "web": ("auto_scaling_group", {"instance_type": "m5.large", "min_size": 2}),
        },
        LINKS,
        seconds=60,
    )
    # four single servers in turn wait longer than two pairs do
    assert instances.now("web")["latency_mean"] < run.now("web")["latency_mean"] < 0.04


def test_a_quarter_of_a_vcpu_takes_four_times_as_long():
    quarter = service(rate=1.0, task_cpu_units=256, task_memory_mib=512)
    assert quarter.now("web")["latency_mean"] == pytest.approx(0.080, rel=0.02)
    assert service(rate=1.0).now("web")["latency_mean"] == pytest.approx(0.020, rel=0.02)


def test_waiting_for_a_table_takes_threads_not_cpu():
    nodes = {"db": ("external", {"servers": 1000, "service_time_s": 0.08})}
    links = [*LINKS, "web.out > db.in"]
    run = service(rate=60.0, links=links, nodes=nodes, workers_per_vcpu=10, seconds=120)
    assert run.now("web")["utilization"] == pytest.approx(0.3, rel=0.01)
    assert run.now("web")["worker_utilization"] == pytest.approx(60 * 0.1 / 40, rel=0.01)
    alone = ["c.out > web.in", "web.out > db.in"]  # a balancer would find them too busy
    few = service(rate=60.0, links=alone, nodes=nodes, workers_per_vcpu=1, seconds=120)
    assert few.now("web")["served"] == pytest.approx(40, rel=0.01)  # four at 0.1 s each


def test_a_larger_desired_count_takes_the_start_of_a_task():
    run = service(seconds=10, provision_s=30.0, image_pull_s=15.0, app_start_s=10.0)
    run.control("web", "set_desired_count", {"value": 6})
    go(run, 20)
    assert run.now("web")["pending_count"] == 2
    go(run, 150)
    assert run.now("web")["healthy_count"] == 6
    assert run.now("web")["cost_per_hour"] == pytest.approx(6 * (0.04048 + 2 * 0.004445))


def test_fewer_tasks_drain_first_and_lose_nothing():
    run = service(rate=150.0)
    run.control("web", "set_desired_count", {"value": 3})
    go(run, 1)
    assert run.now("web")["draining_count"] == 1
    go(run, 400)
    assert run.now("web")["draining_count"] == 0
    assert run.losses("web")["cut_off"][1] == 0
    assert run.now("c")["served"] == pytest.approx(150 if 150 < 3 * 50 else 149, rel=0.02)


def test_the_delay_of_the_balancers_link_is_how_long_a_task_drains():
    links = ["c.out > lb.in", "lb.targets > web.in {'deregistration_delay_s': 20}"]
    run = service(links=links)
    run.control("web", "set_desired_count", {"value": 3})
    go(run, 19)
    assert run.now("web")["draining_count"] == 1
    go(run, 1)
    assert run.now("web")["draining_count"] == 0


def test_a_task_that_stops_loses_what_it_holds_and_is_replaced():
    run = service(rate=100.0, provision_s=0.0, image_pull_s=0.0, app_start_s=0.0)
    held = run.now("web")["backlog"] + run.now("web")["in_flight"]
    run.control("web", "stop_tasks", {"count": 2})
    go(run, 1)
    assert run.losses("web")["stopped"][1] == pytest.approx(held / 2, rel=0.05)
    go(run, 60)
    assert run.now("web")["healthy_count"] == 4


def test_half_the_tasks_are_lost_in_a_fault_and_come_back():
    faults = (Fault("kill_instances", "web", 100.0, 100.0, 0.5),)
    run = service(seconds=101, faults=faults)
    assert run.now("web")["healthy_count"] == 2
    go(run, 200)
    assert run.now("web")["healthy_count"] == 4


def test_spot_tasks_are_interrupted_as_often_as_their_share_says():
    run = service(
        launch_type="FARGATE_SPOT",
        desired_count=50,
        interruption_percent_a_month=50.0,
        seconds=86_400.0,
        duration_s=1e6,
    )
    taken = sum("takes" in e.text for e in run.events)
    # 50 tasks for a day at ln 2 in 730 h: 1.14 a day
    assert 0 <= taken <= 5
    go(run, 4 * 86_400)
    taken = sum(int(e.text.split()[3]) for e in run.events if e.kind == "interrupted")
    assert 1 <= taken <= 13  # 5.7 expected


def test_a_deployment_keeps_serving():
    run = service(rate=150.0)
    run.control("web", "deploy", {})
    with pytest.raises(EngineError, match="version 2 is being deployed already"):
        run.control("web", "deploy", {})
    go(run, 600)
    assert run.now("web")["updated_share"] == 1
    assert run.losses("web")["no_task"][1] == 0
    _, served, _, _ = run.series("c", "goodput")
    assert served.min() == pytest.approx(150, rel=0.01)


def test_without_instances_to_spare_tasks_wait_and_say_so():
    given = {"launch_type": "EC2", "desired_count": 4, "max_instances": 2}
    run = service(**given)
    assert run.now("web")["container_instances"] == 2
    run.control("web", "set_desired_count", {"value": 6})
    go(run, 180)
    assert run.now("web")["waiting_count"] == 2
    assert any("no instance has room" in e.text for e in run.events)
    assert any("2 instances are the most" in e.text for e in run.events)


def test_an_image_is_pulled_once_an_instance_and_version():
    given = {"launch_type": "EC2", "desired_count": 1, "image_pull_s": 100.0, "app_start_s": 0.0}
    run = service(links=["c.out > web.in"], **given)
    run.control("web", "set_desired_count", {"value": 2})
    go(run, 5)
    assert run.now("web")["healthy_count"] == 2  # it is there already
    run.control("web", "deploy", {})
    go(run, 40)
    assert run.now("web")["updated_share"] == 0


def test_the_same_seed_gives_the_same_starts():
    def starts(seed):
        run = service(seed=seed)
        run.control("web", "set_desired_count", {"value": 9})
        go(run, 200)
        return [(e.t_s, e.text) for e in run.events]

    assert starts(3) == starts(3)
    assert starts(3) != starts(4)


def test_an_edit_of_the_desired_count_keeps_what_runs():
    def nodes(count):
        given = {"desired_count": count, "launch_type": "EC2", "max_instances": 20}
        return {"c": ("clients", {"rate_per_s": 60.0}), "web": ("ecs_service", given)}

    run = simulate(nodes(4), ["c.out > web.in"], seconds=60)
    run.edit(diagram(nodes(30), ["c.out > web.in"]))
    assert go(run, 1).now("web")["healthy_count"] == 4
    go(run, 900)
    assert run.now("web")["healthy_count"] == 30
    assert run.now("web")["container_instances"] == 15
