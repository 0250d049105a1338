"""Auto Scaling group: what its instances serve, and when its policies add and remove some."""

import math

import numpy as np
import pytest

from sandbox.kernels.alarm import ALARM, INSUFFICIENT_DATA, OK
from tests.simulation import diagram, go, simulate

# An m5.large has 2 vCPUs; 20 ms of CPU a request: 100 requests/s an instance.
BEHIND_ELB = ["c.out > lb.in", "lb.targets > g.in"]
CPU_50 = [{"target_value": 50.0}]


def group(
    rate=60.0, steps=(), algorithm="round_robin", clients=None, seconds=0.0, run=None, **params
):
    """Clients, a balancer and a group; `steps` are (time, factor) of the rate."""
    shape = {"shape": "steps", "steps": [list(x) for x in steps]} if steps else {}
    nodes = {
        "c": ("clients", {"rate_per_s": rate, **shape, **(clients or {})}),
        "lb": ("elb", {"algorithm": algorithm, "latency_ms": 0.0}),
        "g": ("auto_scaling_group", params),
    }
    return simulate(nodes, BEHIND_ELB, seconds=seconds, **{"duration_s": 14_400.0, **(run or {})})


def alone(rate, seconds=0.0, run=None, steps=(), **params):
    """The group without a balancer: one queue for all."""
    shape = {"shape": "steps", "steps": [list(x) for x in steps]} if steps else {}
    nodes = {
        "c": ("clients", {"rate_per_s": rate, **shape}),
        "g": ("auto_scaling_group", params),
    }
    return simulate(nodes, ["c.out > g.in"], seconds=seconds, **(run or {}))


def fixed(n, **params):
    return {"min_size": n, "max_size": n, **params}


def happened(run, kind, after=0.0):
    return [e for e in run.events if e.node == "g" and e.kind == kind and e.t_s >= after]


def most(run, metric):
    return float(np.max(run.series("g", metric)[3]))


# ---------------------------------------------------------------- serving


def exact_wait(servers, rho, service_s):
    """Mean wait of M/M/c by Erlang's formula, summed term by term."""
    load = servers * rho
    terms = [load**k / math.factorial(k) for k in range(servers + 1)]
    last = terms[-1] / (1 - rho)
    return last / (sum(terms[:-1]) + last) * service_s / (servers * (1 - rho))


@pytest.mark.parametrize("rho", [0.3, 0.7, 0.9])
def test_a_fixed_group_with_one_queue_waits_as_m_m_c_does(rho):
    run = alone(8 * rho / 0.05, seconds=1800, **fixed(4, cpu_time_ms=50.0))  # 8 vCPUs
    now = run.now("g")
    assert now["utilization"] == pytest.approx(rho, rel=1e-3)
    assert now["latency_mean"] == pytest.approx(0.05 + exact_wait(8, rho, 0.05), rel=0.005)


def test_dealing_in_turn_is_worse_than_by_outstanding_requests_and_that_worse_than_one_queue():
    size = fixed(8, instance_type="t2.micro", cpu_time_ms=50.0)  # 8 single vCPUs
    turn = group(128.0, seconds=1800, **size).now("g")
    least_requests = group(128.0, algorithm="least_outstanding_requests", seconds=1800, **size)
    pooled = alone(128.0, seconds=1800, **size).now("g")
    means = [x["latency_mean"] for x in (pooled, least_requests.now("g"), turn)]
    p95s = [x["latency_p95"] for x in (pooled, least_requests.now("g"), turn)]
    assert means[0] * 1.02 < means[1]
    assert means[1] * 1.2 < means[2]
    assert p95s == sorted(p95s)


def test_overload_builds_a_backlog_that_drains_at_what_is_left_over():
    run = alone(50.0, steps=[(60, 3.0), (120, 1.0)], **fixed(1, queue_limit=0))
    go(run, 120)  # 150/s on 100/s for 60 s
    assert run.now("g")["backlog"] == pytest.approx(3000, rel=0.01)
    go(run, 40)  # 50/s are left over
    assert run.now("g")["backlog"] == pytest.approx(1000, rel=0.02)
    go(run, 60)
    assert run.now("g")["backlog"] < 1


def test_a_full_listen_queue_rejects_by_name():
    run = alone(150.0, seconds=120, **fixed(2, cpu_time_ms=40.0, queue_limit=100))  # 100/s
    now = run.now("g")
    assert now["rejected"] == pytest.approx(50, rel=0.02)
    assert now["backlog"] <= 200  # 100 at each
    assert run.losses("g")["queue_full"][0] == now["rejected"]


def test_a_slow_callee_exhausts_the_workers_while_the_cpu_idles():
    def with_callee(holds):
        nodes = {
            "c": ("clients", {"rate_per_s": 20.0}),
            "g": (
                "auto_scaling_group",
                fixed(1, workers_per_vcpu=5, holds_server=holds, queue_limit=50),
            ),
            "db": ("external", {"service_time_s": 2.0, "servers": 1000}),
        }
        return simulate(nodes, ["c.out > g.in", "g.out > db.in"], seconds=600)

    threads = with_callee(True).now("g")  # 10 workers, 2.02 s each: 4.95/s
    assert threads["arrivals"] - threads["rejected"] == pytest.approx(4.95, rel=0.01)
    assert threads["utilization"] < 0.06
    assert threads["worker_utilization"] == pytest.approx(1, abs=0.01)
    loops = with_callee(False).now("g")
    assert loops["rejected"] == 0
    assert loops["backlog"] < 1
    assert loops["utilization"] == pytest.approx(0.2, rel=0.01)


def test_more_workers_than_the_cpu_can_feed_do_not_serve_more():
    work = {"cpu_time_ms": 10.0, "wait_time_ms": 90.0, "queue_limit": 100}
    few = alone(300.0, seconds=300, **fixed(1, workers_per_vcpu=5, **work)).now("g")
    many = alone(300.0, seconds=300, **fixed(1, workers_per_vcpu=50, **work)).now("g")
    assert few["served"] == pytest.approx(100, rel=0.01)  # 10 workers, 0.1 s
    assert many["served"] == pytest.approx(200, rel=0.01)  # 2 vCPUs, 0.01 s
    assert many["utilization"] == pytest.approx(1, abs=0.01)


def test_no_instance_means_every_request_is_rejected():
    run = group(10.0, seconds=60, min_size=0, max_size=2)
    assert run.now("g")["rejected"] == 10
    assert run.losses("g")["no_instance"][0] == 10
    assert run.now("c")["rejected"] == 10
    assert run.now("lb")["http_code_elb_5xx"] == 10


def test_three_large_instances_cost_three_times_their_price():
    assert alone(10.0, seconds=1, **fixed(3)).now("g")["cost_per_hour"] == pytest.approx(0.288)


# ---------------------------------------------------------------- keeping and changing the size


def test_a_group_without_policies_keeps_its_minimum():
    run = group(60.0, seconds=90, **fixed(3))
    run.control("g", "stop_instances", {"count": 1})
    go(run, 10)
    assert run.now("g")["in_service"] == 2
    assert run.now("g")["failed"] == pytest.approx(20)  # a third goes where nobody listens
    go(run, 50)  # noticed at the minute
    assert run.now("g")["failed"] == 0
    assert run.now("g")["pending"] == 1
    go(run, 300)
    assert run.now("g")["in_service"] == 3


def test_desired_capacity_set_by_hand_holds_at_once_and_boots():
    run = group(60.0, seconds=60, min_size=2, max_size=6)
    run.control("g", "set_desired_capacity", {"value": 5})
    go(run, 1)
    now = run.now("g")
    assert (now["desired_capacity"], now["pending"], now["in_service"]) == (5, 3, 2)
    go(run, 600)
    assert run.now("g")["in_service"] == 5
    first = happened(run, "in_service")[0].t_s
    assert 60 + 60 < first < 60 + 200  # boot, application, first health check


def test_a_size_beyond_the_maximum_is_refused_with_the_bounds():
    run = group(60.0, seconds=1, min_size=2, max_size=6)
    with pytest.raises(Exception, match="must be 2 to 6"):
        run.control("g", "set_desired_capacity", {"value": 7})
    run.control("g", "set_max_size", {"value": 8})
    run.control("g", "set_desired_capacity", {"value": 7})
    go(run, 1)
    assert run.now("g")["desired_capacity"] == 7


def test_sizes_out_of_order_are_refused_in_words():
    with pytest.raises(Exception, match="min_size 3 ≤ desired_capacity 3 ≤ max_size 2 must hold"):
        group(1.0, min_size=3, max_size=2)


def test_what_a_terminating_instance_holds_drains_first():
    work = {"cpu_time_ms": 1.0, "wait_time_ms": 20_000.0, "workers_per_vcpu": 1000}
    run = group(20.0, seconds=300, min_size=1, max_size=4, desired_capacity=4, **work)
    run.control("g", "set_desired_capacity", {"value": 1})  # 400 in flight, 100 at each
    go(run, 1)
    assert run.now("g")["terminating"] == 3
    assert run.now("g")["in_flight"] == pytest.approx(400, rel=0.02)
    go(run, 299)
    assert run.now("g")["terminating"] == 0
    assert run.losses("g")["cut_off"][1] == 0
    left = run.now("g")["in_flight"] + run.now("g")["backlog"]
    assert run.history.summary("g", "served")["total"] + left == pytest.approx(20.0 * 600)


def test_a_short_deregistration_delay_cuts_requests_off():
    work = {"cpu_time_ms": 1.0, "wait_time_ms": 20_000.0, "workers_per_vcpu": 1000}
    run = group(
        20.0,
        seconds=300,
        min_size=1,
        max_size=4,
        desired_capacity=4,
        deregistration_delay_s=20,
        **work,
    )
    run.control("g", "set_desired_capacity", {"value": 1})
    go(run, 60)
    cut = run.losses("g")["cut_off"][1]
    assert cut == pytest.approx(300 * math.exp(-1), rel=0.05)  # 20 s of a mean of 20 s


def test_an_edit_of_something_else_keeps_the_size_set_by_hand():
    nodes = {
        "c": ("clients", {"rate_per_s": 10.0}),
        "g": ("auto_scaling_group", {"min_size": 2, "max_size": 6}),
    }
    run = simulate(nodes, ["c.out > g.in"], seconds=10)
    run.control("g", "set_desired_capacity", {"value": 4})
    go(run, 300)
    nodes["g"][1]["cpu_time_ms"] = 10.0
    run.edit(diagram(nodes, ["c.out > g.in"]))
    go(run, 10)
    assert run.now("g")["in_service"] == 4
    nodes["g"][1]["min_size"] = 5
    run.edit(diagram(nodes, ["c.out > g.in"]))
    go(run, 10)
    assert run.now("g")["desired_capacity"] == 5


# ---------------------------------------------------------------- alarms


def test_cpu_exactly_at_the_target_starts_nothing_and_just_above_does():
    size = {"min_size": 2, "max_size": 8, "policies": CPU_50, "detailed_monitoring": True}
    at = group(100.0, seconds=1800, **size)  # 2 of 4 vCPUs
    assert at.now("g")["alarm_high"] == OK
    assert at.now("g")["desired_capacity"] == 2
    above = group(100.2, seconds=1800, **size)
    assert above.now("g")["desired_capacity"] == 3


def test_cpu_at_nine_tenths_of_the_target_removes_nothing_and_just_below_does():
    size = {"min_size": 1, "desired_capacity": 2, "max_size": 2, "policies": CPU_50}
    at = group(90.0, seconds=1800, detailed_monitoring=True, **size)  # 45 %
    assert at.now("g")["alarm_low"] == OK
    below = group(89.8, seconds=1800, detailed_monitoring=True, **size)
    assert below.now("g")["alarm_low"] == ALARM
    assert below.now("g")["desired_capacity"] == 2  # ceil(2 × 44.9 / 50)


# ---------------------------------------------------------------- target tracking


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_with_detailed_monitoring_help_is_in_service_five_to_eight_minutes_after_a_step(seed):
    run = group(
        60.0,
        steps=[(0, 1.0), (610, 2.5), (3600, 0.3)],
        seconds=6000,
        run={"seed": seed},
        min_size=2,
        max_size=10,
        policies=CPU_50,
        detailed_monitoring=True,
    )
    out = happened(run, "scale_out")[0]
    assert "AlarmHigh 3 of 3: CPU 75.0 % > 50 %; desired 2 to 3" in out.text
    first = happened(run, "in_service")[0].t_s
    assert 300 <= first - 610 <= 480
    gone = happened(run, "scale_in")[0]
    assert 15 * 60 <= gone.t_s - 3600 <= 21 * 60
    assert "AlarmLow 15 of 15: CPU" in gone.text
    assert run.now("g")["desired_capacity"] == 2


@pytest.mark.parametrize(
    ("detailed", "decided", "in_service", "fewer"),
    [(True, (180, 300), (300, 480), (900, 1260)), (False, (300, 600), (420, 780), (900, 1260))],
    ids=["detailed", "basic"],
)
@pytest.mark.parametrize("at", range(600, 900, 50))
def test_whenever_load_changes_the_clocks_of_monitoring_say_when_it_is_seen(
    at, detailed, decided, in_service, fewer
):
    """Basic monitoring has a datapoint in five minutes, so the first whole one is seen up to ten
    minutes later."""
    run = group(
        60.0,
        steps=[(0, 1.0), (at, 2.5), (at + 3000, 0.3)],
        seconds=at + 3000 + 1500,
        min_size=2,
        max_size=10,
        policies=CPU_50,
        detailed_monitoring=detailed,
    )
    assert decided[0] <= happened(run, "scale_out", at)[0].t_s - at <= decided[1]
    assert in_service[0] <= happened(run, "in_service", at)[0].t_s - at <= in_service[1]
    assert fewer[0] <= happened(run, "scale_in", at + 3000)[0].t_s - at - 3000 <= fewer[1]


def test_a_group_never_grows_beyond_its_maximum_and_says_so_once():
    run = group(
        60.0,
        steps=[(0, 1.0), (300, 20.0)],
        seconds=3600,
        min_size=2,
        max_size=5,
        policies=CPU_50,
        detailed_monitoring=True,
    )
    assert most(run, "desired_capacity") == 5
    assert most(run, "in_service") == 5
    refused = [
        e for e in happened(run, "scale_out_refused") if "desired 5 is the maximum" in e.text
    ]
    assert len(refused) == 1


def test_nothing_is_removed_while_an_instance_warms():
    # up for six minutes, then nearly nothing: the new instance is warm 20 min after it runs
    run = group(
        60.0,
        steps=[(0, 1.0), (600, 2.5), (960, 0.1)],
        seconds=4500,
        min_size=2,
        max_size=6,
        policies=[{"estimated_instance_warmup_s": 1800}],
        detailed_monitoring=True,
    )
    refused = happened(run, "scale_in_refused")[0]
    assert "refused: 1 warming until" in refused.text
    launched = happened(run, "launched")[0].t_s
    assert happened(run, "scale_in")[0].t_s > launched + 1800
    assert run.now("g")["desired_capacity"] == 2


def test_a_policy_may_be_forbidden_to_remove():
    run = group(
        60.0,
        steps=[(0, 2.5), (1200, 0.1)],
        seconds=6000,
        min_size=2,
        max_size=6,
        policies=[{"disable_scale_in": True}],
        detailed_monitoring=True,
    )
    assert run.now("g")["alarm_low"] == 1
    assert run.now("g")["desired_capacity"] == most(run, "desired_capacity") > 2


def test_requests_per_target_are_counted_by_the_minute():
    requests = [{"metric": "alb_request_count_per_target", "target_value": 1000.0}]
    run = group(100.0, seconds=900, min_size=2, max_size=20, policies=requests)
    out = happened(run, "scale_out")[0]  # 3,000 a minute and target, 2 of them
    assert "3,000 requests a target > 1000; desired 2 to 6" in out.text
    lonely = alone(100.0, seconds=900, min_size=2, max_size=20, policies=requests)
    assert lonely.now("g")["alarm_high"] == INSUFFICIENT_DATA  # no balancer, no datapoints
    assert lonely.now("g")["desired_capacity"] == 2


def test_of_two_policies_the_one_that_wants_most_adds_and_both_must_agree_to_remove():
    both = [
        {"target_value": 50.0},
        {"metric": "alb_request_count_per_target", "target_value": 1000.0},
    ]
    run = group(
        100.0, seconds=3600, min_size=2, max_size=20, policies=both, detailed_monitoring=True
    )
    assert run.now("g")["desired_capacity"] == 6  # 6,000 a minute; CPU would do with 2
    assert any("1 of 2 policies agree" in e.text for e in happened(run, "scale_in_refused"))
    assert not happened(run, "scale_in")


def test_scale_in_waits_for_a_datapoint_of_the_smaller_group():
    run = group(
        60.0,
        steps=[(0, 5.0), (2400, 1.0)],
        seconds=7200,
        min_size=1,
        max_size=20,
        desired_capacity=6,
        policies=CPU_50,
        detailed_monitoring=True,
    )
    # 10 % of 6 asks for 2; the same 10 % taken again, of 2, would ask for 1, but they are at 30 %
    assert run.now("g")["desired_capacity"] == 2
    assert len(happened(run, "scale_in")) == 1


def test_an_application_slower_than_the_grace_period_is_replaced_for_ever():
    slow = {"min_size": 1, "max_size": 4, "app_start_s": 200.0, "health_check_type": "ELB"}
    run = group(10.0, seconds=10, **slow)
    run.control("g", "set_desired_capacity", {"value": 2})
    go(run, 3000)
    assert run.now("g")["in_service"] == 1
    assert len(happened(run, "unhealthy")) > 10
    patient = group(10.0, seconds=10, health_check_grace_period_s=300, **slow)
    patient.control("g", "set_desired_capacity", {"value": 2})
    go(patient, 600)
    assert patient.now("g")["in_service"] == 2
    assert not happened(patient, "unhealthy")


def test_the_length_of_the_tick_changes_no_decision():
    def sizes(tick_s):
        run = group(
            60.0,
            steps=[(0, 1.0), (600, 2.5), (3600, 0.3)],
            seconds=7200,
            run={"tick_s": tick_s},
            min_size=2,
            max_size=10,
            policies=CPU_50,
            detailed_monitoring=True,
        )
        return [e.text for e in run.events if e.kind in ("scale_out", "scale_in")]

    assert sizes(1.0) == sizes(10.0) != []
