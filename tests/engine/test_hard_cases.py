"""The cases that a design of links and laws breaks on: cycles, slow callees, routes by class."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest

from sandbox.document.records import RequestClass
from sandbox.engine.errors import EngineError
from tests.simulation import simulate


def test_a_cycle_settles_at_its_fixed_point() -> None:
    # a calls b, b calls a back for half of its requests: a sees 10 + a/2, so 20
    nodes = {
        "c": ("clients", {"rate_per_s": 10.0}),
        "a": ("external", {"servers": 100, "service_time_s": 0.01}),
        "b": ("external", {"servers": 100, "service_time_s": 0.01}),
    }
    links = ["c.out > a.in", "a.out > b.in", "b.out > a.in {'calls': 0.5}"]
    run = simulate(nodes, links, seconds=120)
    assert run.now("a")["arrivals"] == pytest.approx(20, rel=1e-3)
    assert run.now("b")["arrivals"] == pytest.approx(20, rel=1e-3)


def test_a_diagram_full_of_cycles_is_compiled_in_time_and_carries_the_last_link_of_each() -> None:
    # 1,000 services that call each other to and fro: each pair is a cycle, and there are others
    size = 1000
    names = [f"n{i:04}" for i in range(size)]
    links = [f"{a}.out > {b}.in {{'calls': 0.1}}" for a, b in pairwise(names)]
    links += [f"{b}.out > {a}.in {{'calls': 0.1}}" for a, b in pairwise(names)]
    begin = time.perf_counter()
    run = simulate({name: ("external", {}) for name in names}, links, seconds=10)
    assert time.perf_counter() - begin < 15  # and not minutes, growing with the square
    place = {int(node): at for at, node in enumerate(run.program.order)}
    late = [
        link
        for link in run.program.link_ids
        if place[run.program.index[link[0]]] >= place[run.program.index[link[1]]]
    ]
    # of n0000 > n0001 and n0001 > n0000 the latter is the last in order of id
    assert late == [(b, a, "out>in") for a, b in pairwise(names)]


@pytest.mark.parametrize("service_time_s", [1e-13, 1e-160, 1e-237])
def test_a_service_that_takes_next_to_no_time_serves_all(service_time_s: float) -> None:
    nodes = {"c": ("clients", {}), "x": ("external", {"service_time_s": service_time_s})}
    run = simulate(nodes, ["c.out > x.in"], seconds=10)
    assert run.now("x")["served"] == pytest.approx(50)
    assert run.now("x")["latency_mean"] == pytest.approx(0, abs=1e-12)


def test_a_caller_fills_up_because_its_callee_is_slow() -> None:
    # 10 threads, 10 ms of own work, a callee of 1 s: at most 10 / 1.01 = 9.9 requests/s
    nodes = {
        "c": ("clients", {"rate_per_s": 20.0}),
        "app": ("external", {"servers": 10, "service_time_s": 0.01, "queue_limit": 5}),
        "slow": ("external", {"servers": 1000, "service_time_s": 1.0}),
    }
    run = simulate(nodes, ["c.out > app.in", "app.out > slow.in"], seconds=300)
    assert run.now("app")["served"] == pytest.approx(10 / 1.01, rel=0.01)
    assert run.now("app")["rejected"] == pytest.approx(20 - 10 / 1.01, rel=0.02)
    assert run.now("app")["utilization"] > 0.97
    assert run.now("slow")["utilization"] < 0.05
    free = {**nodes, "app": ("external", {**nodes["app"][1], "holds_server": False})}
    event_loop = simulate(free, ["c.out > app.in", "app.out > slow.in"], seconds=300)
    assert event_loop.now("app")["rejected"] == pytest.approx(0, abs=1e-3)


def test_calls_in_parallel_end_with_the_slowest_and_in_order_add_up() -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 1.0}),
        "app": ("external", {"servers": 100, "service_time_s": 0.0}),
        "x": ("external", {"service_time_s": 0.3, "service_shape": "deterministic"}),
        "y": ("external", {"service_time_s": 0.2, "service_shape": "deterministic"}),
    }
    drawn = ["c.out > app.in", "app.out > x.in", "app.out > y.in"]
    assert simulate(nodes, drawn, seconds=60).now("c")["latency_mean"] == pytest.approx(
        0.5, rel=0.01
    )
    together = ["c.out > app.in", "app.out > x.in {'stage': 0}", "app.out > y.in {'stage': 0}"]
    run = simulate(nodes, together, seconds=60)
    assert run.now("c")["latency_mean"] == pytest.approx(0.3, rel=0.01)


def test_the_network_of_a_link_is_part_of_the_callers_latency() -> None:
    nodes = {"c": ("clients", {"rate_per_s": 1.0}), "x": ("external", {"service_time_s": 0.1})}
    run = simulate(nodes, ["c.out > x.in {'network_ms': 50.0}"], seconds=60)
    assert run.now("c")["latency_mean"] == pytest.approx(0.15, rel=0.01)
    assert run.now("x")["latency_mean"] == pytest.approx(0.10, rel=0.01)


def test_an_asynchronous_call_neither_delays_nor_fails_its_caller() -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 10.0}),
        "app": ("external", {"service_time_s": 0.01}),
        "slow": ("external", {"servers": 1, "service_time_s": 5.0, "queue_limit": 1}),
    }
    run = simulate(nodes, ["c.out > app.in", "app.out > slow.in {'mode': 'async'}"], seconds=300)
    assert run.now("c")["latency_mean"] == pytest.approx(0.01, rel=0.02)
    assert run.now("c")["served"] == pytest.approx(10)
    assert run.now("slow")["rejected"] == pytest.approx(10 - 0.2, rel=0.02)


TOY = '''
"""A router for tests: sends each request class where its link's rule says."""
import fnmatch
import numpy as np
from sandbox.kernels.compiled import compiled
from sandbox.services.contract import Cause, Metric, Port, Service
from sandbox.services.params import Parameters, param


class Params(Parameters):
    limit_per_s: float = param(1000.0, "Requests a second it lets pass.", unit="1/s", ge=0)


class Rule(Parameters):
    path: str = param("*", "Path pattern.", record=False)


class State:
    seen: float


@compiled
def step(p, s, io, cells, tick):
    arrived = io.reads + io.writes
    passed = min(arrived, p.limit_per_s)
    share = passed / arrived if arrived > 0.0 else 1.0
    io.done = passed
    io.loss[0] = arrived - passed
    io.out_reads = io.reads * share
    io.out_writes = io.writes * share
    s.seen = arrived


def route(params, setup):
    table = np.zeros((len(setup.outs), max(1, len(setup.classes))))
    for k, kind in enumerate(setup.classes):
        for j, link in enumerate(setup.outs):
            if fnmatch.fnmatch(kind.path, link.params["path"]):
                table[j, k] = 1.0
                break
    return table


SERVICE = Service(
    id="toy_router", title="Toy router", category="networking", summary="For tests.",
    params=Params, state=State, step=step, route=route, transparent=True, balances=True,
    ports=(Port("in", "in", "Requests"), Port("out", "out", "Routes", params={"sync": Rule})),
    causes=(Cause("throttled", "toy_limit", "the toy's limit"),),
    metrics=(Metric("seen", "1/s", "Seen", "seen"),),
)
'''


@pytest.fixture
def folder(tmp_path: Path) -> str:
    (tmp_path / "toy_router.py").write_text(TOY)
    return str(tmp_path)


def test_a_service_dropped_into_a_folder_works_like_a_built_in_one(folder: str) -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 50.0}),
        "r": ("toy_router", {"limit_per_s": 40.0}),
        "x": ("external", {}),
    }
    run = simulate(nodes, ["c.out > r.in", "r.out > x.in"], seconds=60, folders=(folder,))
    assert run.now("r")["seen"] == pytest.approx(50)
    assert run.now("r")["throttled"] == pytest.approx(10)
    assert run.now("c")["throttled"] == pytest.approx(10)  # a router passes the kind on
    assert "the toy's limit" in run.events[0].text


def test_requests_take_the_route_of_their_class(folder: str) -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 100.0, "write_fraction": 0.0}),
        "r": ("toy_router", {}),
        "shop": ("external", {"servers": 100}),
        "pay": ("external", {"servers": 100}),
    }
    links = ["c.out > r.in", "r.out > pay.in {'path': '/pay/*'}", "r.out > shop.in"]
    classes = (
        RequestClass(name="browse", share=3.0, path="/shop/list"),
        RequestClass(name="checkout", share=1.0, path="/pay/now", write_fraction=1.0),
    )
    run = simulate(nodes, links, seconds=60, folders=(folder,), classes=classes)
    assert run.now("shop")["arrivals"] == pytest.approx(75)
    assert run.now("pay")["arrivals"] == pytest.approx(25)
    flows = run.program.links
    assert flows["writes"][flows["target"] == run.program.index["pay"]] == pytest.approx(25)
    assert flows["writes"][flows["target"] == run.program.index["shop"]] == pytest.approx(0)


def test_a_class_that_no_rule_routes_is_rejected_and_seen_by_the_clients(folder: str) -> None:
    nodes = {"c": ("clients", {"rate_per_s": 10.0}), "r": ("toy_router", {}), "x": ("external", {})}
    links = ["c.out > r.in", "r.out > x.in {'path': '/a*'}"]
    classes = (RequestClass(name="a", path="/a"), RequestClass(name="b", path="/b"))
    run = simulate(nodes, links, seconds=10, folders=(folder,), classes=classes)
    assert run.now("x")["arrivals"] == pytest.approx(5)
    assert run.now("c")["rejected"] == pytest.approx(5)


@pytest.mark.parametrize(
    ("nodes", "links", "words"),
    [
        ({"x": ("external", {"servers": 0})}, [], ["'x'", "servers", "greater than or equal to 1"]),
        (
            {"x": ("external", {"colour": 1})},
            [],
            ["colour", "is not a parameter", "service_time_s"],
        ),
        (
            {"x": ("external", {}), "c": ("clients", {})},
            ["x.out > c.out"],
            ["x -> c", "no input 'out'"],
        ),
        (
            {"x": ("external", {}), "c": ("clients", {})},
            ["c.out > x.in {'calls': -1}"],
            ["c -> x", "calls"],
        ),
    ],
)
def test_a_diagram_that_cannot_run_says_where_and_why(
    nodes: dict, links: list[str], words: list[str]
) -> None:
    with pytest.raises(EngineError) as caught:
        simulate(nodes, links)
    for word in words:
        assert word in str(caught.value)


def test_an_unknown_service_is_left_out_and_said_so() -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 5.0}),
        "q": ("quantum_queue", {}),
        "x": ("external", {}),
    }
    run = simulate(nodes, ["c.out > x.in", "c.out > q.in"], seconds=10)
    assert run.now("x")["arrivals"] == pytest.approx(5)
    assert run.events[0].node == "q"
