"""Elastic Load Balancing: where requests go, what it says of its targets, what it bills."""

import pytest

from sandbox.document.records import RequestClass
from tests.simulation import diagram, simulate


def behind(targets, rate=100.0, links=(), seconds=60.0, clients=None, **scenario):
    """Clients, a balancer, and `targets` (id -> (service, parameters)) with links as given."""
    nodes = {
        "c": ("clients", {"rate_per_s": rate, **(clients or {})}),
        "lb": ("elb", {"latency_ms": 0.0, "response_kb": 0.0, "requests_per_connection": 1e4}),
        **targets,
    }
    joined = links or [f"lb.targets > {name}.in" for name in targets]
    return simulate(nodes, ["c.out > lb.in", *joined], seconds=seconds, **scenario)


QUICK = ("external", {"servers": 1000, "service_time_s": 0.01})


def classes(**paths):
    """Equal shares of requests for these paths."""
    return tuple(RequestClass(name, 1.0, path=path) for name, path in paths.items())


def test_requests_divide_over_targets_by_their_shares():
    run = behind(
        {"a": QUICK, "b": QUICK}, links=["lb.targets > a.in {'share': 3.0}", "lb.targets > b.in"]
    )
    assert run.now("a")["arrivals"] == pytest.approx(75)
    assert run.now("b")["arrivals"] == pytest.approx(25)
    assert run.now("lb")["served"] == pytest.approx(100)


def test_a_path_goes_where_its_rule_says_and_the_rest_to_the_default():
    run = behind(
        {"images": QUICK, "site": QUICK},
        links=["lb.targets > images.in {'path_pattern': '/img/*'}", "lb.targets > site.in"],
        classes=classes(logo="/img/logo.png", home="/", shop="/shop", other="/IMG/logo.png"),
    )
    assert run.now("images")["arrivals"] == pytest.approx(25)  # case counts
    assert run.now("site")["arrivals"] == pytest.approx(75)


def test_the_rule_with_the_lowest_number_wins():
    links = [
        "lb.targets > all.in {'path_pattern': '/*', 'priority': 20}",
        "lb.targets > api.in {'path_pattern': '/api/?', 'priority': 10}",
    ]
    run = behind(
        {"all": QUICK, "api": QUICK}, links=links, classes=classes(a="/api/1", b="/api/12")
    )
    assert run.now("api")["arrivals"] == pytest.approx(50)
    assert run.now("all")["arrivals"] == pytest.approx(50)


def test_a_path_without_any_rule_is_rejected():
    run = behind(
        {"a": QUICK},
        links=["lb.targets > a.in {'path_pattern': '/a'}"],
        classes=classes(known="/a", unknown="/b"),
    )
    assert run.now("a")["arrivals"] == pytest.approx(50)
    assert run.now("c")["rejected"] == pytest.approx(50)


def test_without_a_target_every_request_is_a_503():
    run = behind({}, rate=10.0)
    assert run.now("c")["rejected"] == 10
    assert run.now("lb")["http_code_elb_5xx"] == 10
    assert run.losses("lb")["no_target"][:2] == (10.0, pytest.approx(600.0))


def test_what_one_of_two_targets_refuses_is_half_of_the_traffic():
    full = ("auto_scaling_group", {"min_size": 0, "max_size": 1})
    run = behind({"empty": full, "good": QUICK})
    assert run.now("c")["rejected"] == pytest.approx(50)
    assert run.now("lb")["http_code_elb_5xx"] == pytest.approx(50)
    assert run.now("lb")["http_code_target_5xx"] == 0


def test_its_own_time_comes_on_top_of_the_targets():
    nodes = {
        "c": ("clients", {"rate_per_s": 10.0}),
        "lb": ("elb", {"latency_ms": 3.0}),
        "a": QUICK,
    }
    run = simulate(nodes, ["c.out > lb.in", "lb.targets > a.in"], seconds=60)
    assert run.now("lb")["target_response_time"] == pytest.approx(0.010, rel=1e-3)
    assert run.now("c")["latency_mean"] == pytest.approx(0.013, rel=1e-3)


def test_the_dimension_used_most_is_billed():
    def consumed(**params):
        nodes = {
            "c": ("clients", {"rate_per_s": 1000.0, "payload_kb": 2.0}),
            "lb": (
                "elb",
                {"response_kb": 0.0, "connection_s": 1.0, "requests_per_connection": 1e4, **params},
            ),
            "a": ("external", {"servers": 10_000}),
        }
        return simulate(nodes, ["c.out > lb.in", "lb.targets > a.in"], seconds=5).now("lb")

    # 1000/s of 2 KB are 7.2 GB an hour: 7.2 units
    assert consumed()["consumed_lcus"] == pytest.approx(7.2)
    assert consumed()["cost_per_hour"] == pytest.approx(0.0225 + 7.2 * 0.008)
    # a connection each: 1000 new ones a second, 25 a unit
    assert consumed(requests_per_connection=1.0)["consumed_lcus"] == pytest.approx(40)
    # 100 new ones a second for 300 s: 30,000 open, 3,000 a unit
    long = consumed(requests_per_connection=10.0, connection_s=300.0)
    assert long["active_connections"] == pytest.approx(30_000)
    assert long["consumed_lcus"] == pytest.approx(10)


def test_the_first_ten_rules_cost_nothing():
    def units(rules):
        targets = {f"t{i}": ("external", {"servers": 10_000}) for i in range(rules)}
        links = [
            f"lb.targets > t{i}.in {{'path_pattern': '/{i}', 'priority': {i + 1}}}"
            for i in range(rules)
        ]
        last = classes(last=f"/{rules - 1}")
        run = behind(
            targets, 4000.0, links, 5.0, {"payload_kb": 0.0}, classes=last, duration_s=60.0
        )
        return run.now("lb")

    assert units(10)["consumed_lcus"] < 0.1
    assert units(15)["consumed_lcus"] == pytest.approx(20)  # five billed ones for each of 4,000/s


def test_sticky_sessions_keep_new_targets_idle():
    def busy(**link):
        nodes = {
            "c": ("clients", {"rate_per_s": 150.0}),
            "lb": ("elb", {}),
            "web": ("ecs_service", {"desired_count": 4, "provision_s": 0.0, "image_pull_s": 0.0}),
        }
        run = simulate(nodes, ["c.out > lb.in", f"lb.targets > web.in {link}"], seconds=30)
        run.control("web", "set_desired_count", {"value": 8})
        run.advance(120)
        return run.now("web")["own_latency_mean"]

    assert busy() < 0.025
    assert busy(sticky_session_s=3600.0) > 0.035  # as if there were hardly more than four


def test_a_zone_without_healthy_targets_gets_nothing():
    nodes = {
        "c": ("clients", {"rate_per_s": 100.0}),
        "lb": ("elb", {"type": "network"}),
        "a": ("ecs_service", {"desired_count": 2}),
        "b": ("ecs_service", {"desired_count": 2}),
    }
    group = "{'target_group': 'web'}"
    links = ["c.out > lb.in", f"lb.targets > a.in {group}", f"lb.targets > b.in {group}"]
    run = simulate(nodes, links, seconds=30)
    assert run.now("a")["arrivals"] == pytest.approx(50)
    run.control("a", "set_desired_count", {"value": 0})
    run.advance(3)
    assert run.now("a")["arrivals"] == pytest.approx(0, abs=1e-9)
    assert run.now("b")["arrivals"] == pytest.approx(100)
    assert run.now("lb")["healthy_host_count"] == 2


def test_an_edit_of_the_type_reaches_the_targets():
    def nodes(kind):
        return {
            "c": ("clients", {"rate_per_s": 1.0}),
            "lb": ("elb", {"type": kind}),
            "web": ("ecs_service", {}),
        }

    links = ["c.out > lb.in", "lb.targets > web.in"]
    run = simulate(nodes("application"), links, seconds=5)
    run.edit(diagram(nodes("classic"), links))
    run.advance(5)
    program = run.program
    assert program.places[program.index["web"]].p[0]["looks_first"] == 10
