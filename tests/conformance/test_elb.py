"""Elastic Load Balancing against its documentation: application, network and classic."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sandbox.document.document import Document
from sandbox.document.records import Group, RequestClass
from sandbox.engine import Run
from sandbox.services import catalogue
from tests.conformance import fact
from tests.simulation import diagram, go, simulate

ALB = "User Guide for Application Load Balancers"
NLB = "User Guide for Network Load Balancers"
CLB = "User Guide for Classic Load Balancers"
API = "Elastic Load Balancing API Reference, 2015-12-01"
PRICING = "https://aws.amazon.com/elasticloadbalancing/pricing/"
ELB = "Elastic Load Balancing User Guide: How Elastic Load Balancing works"
TYPES = ("application", "network", "classic")


def behind(
    balancer: dict[str, Any] | None = None,
    target: tuple[str, dict[str, Any]] = ("external", {"servers": 1000, "service_time_s": 0.01}),
    link: dict[str, Any] | None = None,
    rate: float = 100.0,
    seconds: float = 10.0,
    clients: dict[str, Any] | None = None,
    call: str = "",
    **scenario: Any,
) -> Run:
    nodes = {
        "c": ("clients", {"rate_per_s": rate, **(clients or {})}),
        "lb": ("elb", {"latency_ms": 0.0, "response_kb": 0.0, **(balancer or {})}),
        "x": target,
    }
    links = [f"c.out > lb.in {call}", f"lb.targets > x.in {link or {}}"]
    return simulate(nodes, links, seconds=seconds, **scenario)


TASKS = {
    "desired_count": 1,
    "provision_s": 0.0,
    "image_pull_s": 0.0,
    "app_start_s": 0.0,
    "cpu_time_ms": 1.0,
    "health_check_grace_period_s": 10**9,
}


def new_targets(
    kind: str, link: dict[str, Any] | None = None, era: str = "current", **balancer: Any
) -> Run:
    """A service of one task, asked for forty more just now: all of them run at once."""
    tasks = ("ecs_service", {**TASKS, "desired_count": 40})
    run = behind({"type": kind, **balancer}, tasks, link, seconds=0.0, era=era)
    run.control("x", "set_desired_count", {"value": 1})
    run.advance(1)
    run.control("x", "set_desired_count", {"value": 41})
    return run


def serving(run: Run) -> float:
    return run.now("x")["healthy_count"]


def rules(run: Run) -> dict[str, float]:
    """What holds for the targets, as their law reads it."""
    program = run.program
    record = program.places[program.index["x"]].p[0]
    names = ("look_every_s", "look_timeout_s", "looks_first", "looks_healthy", "looks_unhealthy")
    return {name: float(record[name]) for name in (*names, "drain_s", "slow_start_s")}


# ---------------------------------------------------------------- health checks


@fact(
    "A new target of an Application Load Balancer gets requests after one passed check",
    source=f"{ALB}: Health checks for your target groups",
)
@fact("Health checks of an Application Load Balancer come every 30 s", source=API)
def test_one_check_of_thirty_seconds_brings_a_new_target_of_an_application_balancer_in() -> None:
    run = new_targets("application")
    go(run, 15)
    assert 5 < serving(run) < 36
    go(run, 16)
    assert serving(run) == 41
    assert rules(run)["look_every_s"] == 30
    assert rules(run)["looks_first"] == 1


@fact(
    "A Classic Load Balancer takes a target in after 10 passed checks, 30 s apart",
    source=f"{CLB}: Configure health checks for your Classic Load Balancer",
)
def test_ten_checks_bring_a_new_target_of_a_classic_balancer_in() -> None:
    run = new_targets("classic")
    go(run, 269)
    assert serving(run) == 1
    go(run, 32)
    assert serving(run) == 41
    found = rules(run)
    assert (found["look_timeout_s"], found["looks_healthy"], found["looks_unhealthy"]) == (5, 10, 2)


@fact(
    "A Network Load Balancer needs 5 passed checks now and 2 failed ones; a look waits 10 s",
    source=f"{NLB}: Health checks for Network Load Balancer target groups",
)
def test_five_checks_bring_a_new_target_of_a_network_balancer_in() -> None:
    run = new_targets("network")
    go(run, 119)
    assert serving(run) == 1
    go(run, 32)
    assert serving(run) == 41
    found = rules(run)
    assert (found["look_timeout_s"], found["looks_healthy"], found["looks_unhealthy"]) == (10, 5, 2)


@fact(
    "In 2020 a Network Load Balancer looked every 10 or 30 s, and needed 3 checks either way",
    source=f"{NLB} (January 2020): Health checks for your target groups",
)
def test_in_2020_three_checks_of_a_network_balancer_decided_either_way() -> None:
    run = new_targets("network", era="2020")
    go(run, 59)
    assert serving(run) == 1
    go(run, 32)
    assert serving(run) == 41
    assert (rules(run)["looks_healthy"], rules(run)["looks_unhealthy"]) == (3, 3)
    quick = new_targets("network", {"health_check_interval_s": 29}, era="2020")
    assert rules(quick)["look_every_s"] == 10
    slow = new_targets("network", {"health_check_interval_s": 31}, era="2020")
    assert rules(slow)["look_every_s"] == 30
    own = new_targets("network", {"unhealthy_threshold_count": 7}, era="2020")
    assert rules(own)["looks_unhealthy"] == 3


@fact("An unhealthy target of an Application Load Balancer has to pass 5 checks", source=API)
@fact("Two failed checks make a target unhealthy; a look waits 5 s for its answer", source=ALB)
def test_a_target_too_busy_to_answer_a_look_is_unhealthy_until_five_pass() -> None:
    run = behind(target=("ecs_service", {**TASKS, "cpu_time_ms": 20.0}), rate=40.0, seconds=120.0)
    found = rules(run)
    assert (found["look_timeout_s"], found["looks_healthy"], found["looks_unhealthy"]) == (5, 5, 2)
    run.control(None, "load", {"factor": 2.0})  # 80/s on 50/s: 5 s of waiting after 8 s
    go(run, 6)
    assert run.now("lb")["unhealthy_host_count"] == 0
    go(run, 120)
    assert run.now("lb")["unhealthy_host_count"] == 1
    run.control(None, "load", {"factor": 0.1})
    go(run, 150)  # some of these are for the line to end
    assert run.now("lb")["unhealthy_host_count"] == 1
    go(run, 300)
    assert run.now("lb")["unhealthy_host_count"] == 0


@fact("Each target is looked at once in 30 s: out after 2 failures, in after 5 passes", source=ALB)
def test_no_target_changes_its_health_sooner_than_its_looks_allow() -> None:
    tasks = ("ecs_service", {**TASKS, "desired_count": 6, "cpu_time_ms": 10.0})
    run = behind(target=tasks, rate=450.0, seconds=60.0)
    run.control(None, "load", {"factor": 2.0})
    row = run.program.places[run.program.index["x"]].s[0]["row"]
    since = np.zeros(6)
    healthy = np.ones(6, bool)
    lasted: dict[bool, list[float]] = {True: [], False: []}
    for t in range(1000):
        if t == 60:
            run.control(None, "load", {"factor": 1.0})
        run.advance(1)
        for i in np.flatnonzero((row[:6] >= 0) != healthy):
            lasted[bool(healthy[i])].append(t - since[i])
            healthy[i], since[i] = not healthy[i], t
    assert len(lasted[True]) == 6
    # waits are 5 s after some 10 s; then two looks 30 s apart, at a time of each one's own
    assert 40 <= min(lasted[True]) < 50
    assert 60 < max(lasted[True]) <= 70
    assert set(lasted[False]) == {210}  # two more looks fail, and five pass
    assert run.balance_error < 1e-6
    assert run.now("lb")["unhealthy_host_count"] == sum(~healthy)


@fact("Health checks come every 5 to 300 s, wait 2 to 120 s, and decide by 2 to 10", source=API)
@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("health_check_interval_s", 5, 300),
        ("health_check_timeout_s", 2, 120),
        ("healthy_threshold_count", 2, 10),
        ("unhealthy_threshold_count", 2, 10),
        ("deregistration_delay_s", 0, 3600),
    ],
)
def test_a_target_group_keeps_to_the_bounds_of_its_attributes(
    name: str, least: int, most: int
) -> None:
    ends = ("elb", "targets", "ecs_service", "in")
    for value in (least, most):
        assert catalogue().check_link_params(*ends, {name: value}) == []
    for value in (least - 1, most + 1):
        assert catalogue().check_link_params(*ends, {name: value})


@fact("A function as a target is looked at every 35 s, and not by default", source=API)
def test_a_function_is_not_looked_at() -> None:
    run = behind(target=("lambda_function", {}))
    assert run.now("lb")["healthy_host_count"] == 1
    assert run.now("lb")["unhealthy_host_count"] == 0


@fact(
    "With no healthy target an Application or Network Load Balancer sends requests to all of them",
    source=f"{ALB}: Health checks for your target groups",
)
@fact("With no healthy instance a Classic Load Balancer answers 503", source=f"{CLB}: 503")
@pytest.mark.parametrize(("kind", "served"), [("application", 50), ("network", 50), ("classic", 0)])
def test_without_a_healthy_target_the_new_balancers_fail_open(kind: str, served: float) -> None:
    tasks = ("ecs_service", {**TASKS, "desired_count": 1, "cpu_time_ms": 20.0, "queue_limit": 1000})
    run = behind({"type": kind}, tasks, rate=40.0, seconds=10.0)
    run.control(None, "load", {"factor": 2.5})
    go(run, 400)
    _, ok, _, _ = run.series("x", "served", 200, 300)
    if served:
        assert ok.mean() == pytest.approx(served, rel=0.02)
        assert any(e.kind == "fails_open" for e in run.events)
    else:
        assert ok.mean() < 1
        _, refused, _, _ = run.series("lb", "http_code_elb_503", 200, 300)
        assert refused.mean() > 99


# ---------------------------------------------------------------- routing


@fact("An Application Load Balancer deals requests out round robin by default", source=ALB)
@fact("Least outstanding requests sends each to the target with the fewest under way", source=ALB)
@fact("A Network Load Balancer takes the target of a flow by a hash", source=f"{NLB}: Introduction")
@fact("A Classic Load Balancer sends HTTP to the fewest under way and TCP in turn", source=ELB)
@pytest.mark.parametrize(
    ("balancer", "wait"),
    [
        ({}, 0.7290 * 0.04),  # four single servers at 0.6: Erlang-4 gaps, exact
        ({"algorithm": "least_outstanding_requests"}, 0.2867 * 0.04),  # simulated
        ({"algorithm": "weighted_random"}, 1.5 * 0.04),  # M/M/1
        ({"type": "network"}, 1.5 * 0.04),
        ({"type": "classic"}, 0.2867 * 0.04),
        ({"type": "classic", "listener": "tcp"}, 0.7290 * 0.04),
    ],
)
def test_each_balancer_deals_requests_out_its_own_way(balancer: Any, wait: float) -> None:
    tasks = ("ecs_service", {**TASKS, "desired_count": 4, "cpu_time_ms": 40.0})
    run = behind(balancer, tasks, rate=60.0, seconds=300.0)
    assert run.now("x")["own_latency_mean"] - 0.04 == pytest.approx(wait, rel=0.03)


@fact("Weighted random came in November 2023; before, it was round robin", source=ALB)
def test_there_was_no_weighted_random_in_2020() -> None:
    tasks = ("ecs_service", {**TASKS, "desired_count": 4, "cpu_time_ms": 40.0})
    run = behind({"algorithm": "weighted_random"}, tasks, rate=60.0, seconds=300.0, era="2020")
    assert run.now("x")["own_latency_mean"] - 0.04 == pytest.approx(0.729 * 0.04, rel=0.03)


def zones(kind: str, cross_zone: str = "default") -> tuple[float, float]:
    """What a host in a zone of four and one in a zone of one get, of 100/s."""
    nodes = {
        "c": ("clients", {"rate_per_s": 100.0}),
        "lb": ("elb", {"type": kind, "cross_zone": cross_zone}),
        "many": ("external", {"servers": 4, "service_time_s": 0.001}),
        "one": ("external", {"servers": 1, "service_time_s": 0.001}),
    }
    links = [
        "c.out > lb.in",
        "lb.targets > many.in {'target_group': 'web'}",
        "lb.targets > one.in {'target_group': 'web'}",
    ]
    plain = diagram(nodes, links)
    document = Document(
        nodes=list(plain.nodes.values()),
        links=list(plain.links.values()),
        groups=[
            Group("az-a", "availability_zone", "a", ("many",)),
            Group("az-b", "availability_zone", "b", ("one",)),
        ],
        scenario=plain.scenario,
    )
    run = go(Run(document, catalogue()), 10)
    return run.now("many")["arrivals"] / 4, run.now("one")["arrivals"]


@fact("Cross-zone load balancing is on for application, off for network and classic", source=ELB)
@pytest.mark.parametrize(
    ("kind", "cross_zone", "many", "one"),
    [
        ("application", "default", 20.0, 20.0),
        ("network", "default", 12.5, 50.0),
        ("classic", "default", 12.5, 50.0),
        ("application", "off", 12.5, 50.0),
        ("network", "on", 20.0, 20.0),
        ("classic", "on", 20.0, 20.0),
    ],
)
def test_without_cross_zone_a_zone_with_one_target_of_five_gets_half(
    kind: str, cross_zone: str, many: float, one: float
) -> None:
    assert zones(kind, cross_zone) == (pytest.approx(many), pytest.approx(one))


@fact("Paths match with case, hosts without; the lowest priority number wins", source=ALB)
def test_a_rule_is_met_by_path_and_host() -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 80.0}),
        "lb": ("elb", {}),
        "api": ("external", {"servers": 100}),
        "site": ("external", {"servers": 100}),
    }
    rule = {"path_pattern": "/v1/*", "host_header": "api.Example.com", "priority": 5}
    links = ["c.out > lb.in", f"lb.targets > api.in {rule}", "lb.targets > site.in"]
    asked = (("/v1/a", "API.example.com"), ("/V1/a", "api.example.com"), ("/v1/a", "b.com"))
    classes = tuple(
        RequestClass(f"c{i}", path=path, attributes={"host": host})
        for i, (path, host) in enumerate((*asked, ("/", "")))
    )
    run = simulate(nodes, links, seconds=10, classes=classes)
    assert run.now("api")["arrivals"] == pytest.approx(20)
    assert run.now("site")["arrivals"] == pytest.approx(60)


# ---------------------------------------------------------------- limits and errors


@fact("A Classic Load Balancer queues 1,024 requests; what finds them waiting is 503", source=CLB)
def test_1024_requests_wait_at_a_classic_balancer_before_it_spills_over() -> None:
    slow = ("external", {"servers": 1, "service_time_s": 100.0, "queue_limit": 1})
    run = behind({"type": "classic", "idle_timeout_s": 4000}, slow, rate=10.0, seconds=102.0)
    assert run.now("lb")["spillover"] == 0
    assert 1000 < run.now("lb")["surge_queue_length"] <= 1024
    go(run, 10)
    _, longest, _, _ = run.series("lb", "surge_queue_length")
    assert longest.max() == pytest.approx(1024, abs=0.9)
    assert run.now("lb")["spillover"] == pytest.approx(10, rel=0.05)
    assert run.now("lb")["http_code_elb_503"] == pytest.approx(10, rel=0.05)
    other = behind({"idle_timeout_s": 4000}, slow, rate=10.0, seconds=60.0)
    assert other.now("lb")["surge_queue_length"] == 0
    assert other.now("lb")["http_code_elb_504"] == pytest.approx(10, rel=0.05)


def slow_target(seconds: float) -> tuple[str, dict[str, Any]]:
    given = {"servers": 10_000, "service_time_s": seconds, "service_shape": "deterministic"}
    return "external", given


@fact("A request that is not answered within the idle timeout, 60 s, is a 504", source=ALB)
@fact("A Classic Load Balancer has an idle timeout of 60 s", source=f"{CLB}: Idle timeout")
@fact("TCP flows through a Network Load Balancer idle 350 s at most", source=f"{NLB}: Listeners")
@pytest.mark.parametrize(
    ("kind", "idle_s"), [("application", 60), ("classic", 60), ("network", 350)]
)
def test_what_takes_longer_than_the_idle_timeout_is_a_504(kind: str, idle_s: float) -> None:
    quick = behind({"type": kind}, slow_target(idle_s * 0.995), rate=1.0, seconds=2000.0)
    assert quick.now("c")["goodput"] == pytest.approx(1.0)
    late = behind({"type": kind}, slow_target(idle_s * 1.005), rate=1.0, seconds=2000.0)
    assert late.now("c")["goodput"] == pytest.approx(0.0, abs=1e-6)
    assert late.now("lb")["http_code_elb_504"] == pytest.approx(1.0)


@fact("The idle timeout of a Network Load Balancer was fixed in 2020", source=f"{NLB} (2020)")
def test_the_idle_timeout_of_a_network_balancer_was_fixed() -> None:
    given = {"type": "network", "idle_timeout_s": 100}
    assert behind(given, slow_target(200.0), rate=1.0, seconds=900.0).now("c")["goodput"] < 1e-6
    old = behind(given, slow_target(200.0), rate=1.0, seconds=900.0, era="2020")
    assert old.now("c")["goodput"] == pytest.approx(1.0)


@fact("The idle timeout is 1 to 4,000 s, for network up to 6,000 s", source=API)
def test_the_idle_timeout_has_bounds() -> None:
    known = catalogue()
    for kind, most in (("application", 4000), ("classic", 4000), ("network", 6000)):
        assert known.check_params("elb", {"type": kind, "idle_timeout_s": most}) == []
        assert known.check_params("elb", {"type": kind, "idle_timeout_s": most + 1})
    assert known.check_params("elb", {"idle_timeout_s": 0})


@fact("460: the client closed the connection before the idle timeout", source=ALB)
def test_a_client_that_gives_up_before_the_balancer_does_is_a_460() -> None:
    run = behind(target=slow_target(10.0), rate=5.0, seconds=60.0, call="{'timeout_s': 5.0}")
    assert run.now("lb")["http_code_elb_460"] == pytest.approx(5.0)
    assert run.now("lb")["http_code_elb_504"] == 0


@fact("503: no target is registered", source=f"{ALB}: Troubleshoot")
def test_a_group_without_targets_is_a_503() -> None:
    run = behind(target=("ecs_service", {**TASKS, "desired_count": 0}), rate=10.0)
    assert run.now("lb")["http_code_elb_503"] == pytest.approx(10)
    assert run.now("lb")["http_code_elb_504"] == 0


@fact("A target that leaves works off its requests for 300 s; then they are cut: 502", source=ALB)
def test_requests_under_way_after_300_seconds_of_draining_are_a_502() -> None:
    long = {**TASKS, "desired_count": 2, "cpu_time_ms": 0.0, "wait_time_ms": 900_000.0}
    tasks = ("ecs_service", {**long, "workers_per_vcpu": 1000, "service_cv2": 0.0})
    run = behind({"idle_timeout_s": 4000}, tasks, rate=1.0, seconds=60.0)
    run.control("x", "set_desired_count", {"value": 1})
    go(run, 299)
    assert run.now("x")["draining_count"] == 1
    assert run.losses("x")["cut_off"][1] == 0
    go(run, 1)
    assert run.now("x")["draining_count"] == 0
    assert run.losses("x")["cut_off"][1] > 10
    assert run.now("lb")["http_code_elb_502"] > 0
    assert rules(run)["drain_s"] == 300


@fact("Slow start lasts 30 to 900 s; new targets get a share that grows linearly", source=ALB)
def test_a_new_target_in_slow_start_gets_half_a_share_after_half_the_time() -> None:
    ends = ("elb", "targets", "ecs_service", "in")
    for value in (0, 30, 900):
        assert catalogue().check_link_params(*ends, {"slow_start_s": value}) == []
    for value in (29, 901):
        assert catalogue().check_link_params(*ends, {"slow_start_s": value})
    run = new_targets("application", {"slow_start_s": 600, "health_check_interval_s": 5})
    go(run, 303)
    state = run.program.places[run.program.index["x"]].s[0]
    assert float(state["full"]) == pytest.approx(1 + 40 * 0.5, abs=0.5)
    go(run, 310)
    assert float(state["full"]) == 41


@fact("Slow start is not for least outstanding requests", source=ALB)
def test_least_outstanding_requests_has_no_slow_start() -> None:
    given = {"algorithm": "least_outstanding_requests"}
    run = new_targets("application", {"slow_start_s": 600}, **given)
    assert rules(run)["slow_start_s"] == 0
    assert rules(new_targets("application", {"slow_start_s": 600}))["slow_start_s"] == 600


@fact("A function takes and gives 1 MB at most through a balancer: 413, 502", source=ALB)
@pytest.mark.parametrize(
    ("asked_kb", "answer_kb", "code"),
    [(1024.0, 1024.0, ""), (1025.0, 8.0, "4xx"), (1024.0, 1025.0, "502")],
)
def test_a_function_behind_a_balancer_takes_a_megabyte(
    asked_kb: float, answer_kb: float, code: str
) -> None:
    run = behind(
        {"response_kb": answer_kb},
        ("lambda_function", {}),
        rate=10.0,
        seconds=120.0,
        clients={"payload_kb": asked_kb},
    )
    for name in ("4xx", "502"):
        wanted = 10.0 if name == code else 0.0
        assert run.now("lb")[f"http_code_elb_{name}"] == pytest.approx(wanted, abs=1e-6)


@fact("Without the client's address a target takes 55,000 new connections a minute", source=NLB)
def test_ports_run_out_at_55000_connections_a_minute_and_target() -> None:
    def errors(rate: float, **more: Any) -> float:
        given = {"type": "network", "requests_per_connection": 1.0, **more}
        target = ("external", {"servers": 1, "service_time_s": 1e-5})
        return behind(given, target, rate=rate).now("lb")["port_allocation_errors"]

    assert errors(916.0, preserve_client_ip=False) == 0
    assert errors(917.0, preserve_client_ip=False) == pytest.approx(1 / 3, abs=0.01)
    assert errors(2000.0) == 0


# ---------------------------------------------------------------- capacity and price


@fact("An LCU is 25 new connections/s, 3,000 active ones, 1 GB/h, 1,000 rules/s", source=PRICING)
@fact("An NLCU is 800 new TCP flows/s, 100,000 active, 1 GB/h; TLS 50 and 3,000", source=PRICING)
@fact("1 GB/h to instances is a capacity unit, 0.4 GB/h to functions", source=PRICING)
@pytest.mark.parametrize(
    ("balancer", "units"),
    [
        ({"connection_s": 1.0}, 4.0),  # 100 new ones a second
        ({"connection_s": 300.0}, 10.0),  # 30,000 open ones
        ({"type": "network", "connection_s": 1.0}, 0.125),
        ({"type": "network", "connection_s": 1000.0}, 1.0),
        ({"type": "network", "listener": "tls", "connection_s": 1.0}, 2.0),
        ({"type": "network", "listener": "tls", "connection_s": 300.0}, 10.0),
        ({"type": "network", "listener": "udp", "connection_s": 1.0}, 0.25),
        ({"type": "network", "listener": "udp", "connection_s": 1000.0}, 2.0),
    ],
)
def test_capacity_units_by_connections(balancer: dict[str, Any], units: float) -> None:
    run = behind({"requests_per_connection": 1.0, **balancer}, clients={"payload_kb": 0.0})
    assert run.now("lb")["consumed_lcus"] == pytest.approx(units)


@fact("A capacity unit is 1 GB/h, to functions 0.4 GB/h", source=PRICING)
def test_capacity_units_by_bytes() -> None:
    def units(target: tuple[str, dict[str, Any]]) -> float:
        given = {"requests_per_connection": 1e4, "connection_s": 1.0}
        size = {"payload_kb": 100.0}
        return behind(given, target, clients=size, seconds=60.0).now("lb")["consumed_lcus"]

    assert units(("external", {"servers": 1000})) == pytest.approx(36.0)  # 10 MB/s
    assert units(("lambda_function", {})) == pytest.approx(90.0)


@fact("ALB 0.0225 USD/h and 0.008 an LCU-hour; NLB 0.006 an NLCU-hour", source=PRICING)
@fact("A Classic Load Balancer costs 0.025 USD/h and 0.008 a GB", source=PRICING)
@pytest.mark.parametrize(
    ("kind", "usd"),
    [
        ("application", 0.0225 + 36 * 0.008),
        ("network", 0.0225 + 36 * 0.006),
        ("classic", 0.025 + 36 * 0.008),
    ],
)
def test_what_ten_megabytes_a_second_cost(kind: str, usd: float) -> None:
    given = {"type": kind, "requests_per_connection": 1e4, "connection_s": 1.0}
    run = behind(given, clients={"payload_kb": 100.0})
    assert run.now("lb")["cost_per_hour"] == pytest.approx(usd)


@fact("Capacity units can be reserved since November 2024, for application and network", source=API)
def test_reserved_units_are_paid_for() -> None:
    given = {"reserved_lcus": 1000.0}
    assert behind(given).now("lb")["cost_per_hour"] == pytest.approx(0.0225 + 8.0)
    old = behind(given, clients={"payload_kb": 0.0}, era="2020")
    assert old.now("lb")["cost_per_hour"] < 0.1


@fact(
    "Grow a load by no more than 50 % in five minutes",
    source="Best Practices in Evaluating Elastic Load Balancing (AWS, 2012)",
)
def test_a_classic_balancer_keeps_up_with_half_as_much_again_in_five_minutes() -> None:
    given = {"type": "classic", "base_lcus": 0.0}
    run = behind(given, rate=1000.0, seconds=60.0)
    run.control(None, "load", {"factor": 1.5})
    go(run, 10)
    assert run.now("lb")["rejected"] == 0
    run.control(None, "load", {"factor": 4.5})
    go(run, 1)
    # room for 1,500/s and a little since
    assert run.now("lb")["http_code_elb_503"] == pytest.approx(3000, rel=0.02)
    go(run, 299)
    assert run.now("lb")["http_code_elb_503"] == pytest.approx(4500 - 1.5 * 1500, rel=0.03)
    assert behind({"base_lcus": 0.0}, rate=1e5).now("lb")["rejected"] == 0
