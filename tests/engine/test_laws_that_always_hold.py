"""What holds whatever the diagram: balance, determinism, any chunk, tick or neighbour."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.engine import Run
from sandbox.services import catalogue
from tests.simulation import diagram, go, simulate

SHOP = {
    "c": ("clients", {"rate_per_s": 60.0, "noise": "slow", "noise_period_s": 30.0}),
    "app": ("external", {"servers": 4, "service_time_s": 0.05, "queue_limit": 50}),
    "db": ("external", {"servers": 2, "service_time_s": 0.02}),
}
CALLS = ["c.out > app.in", "app.out > db.in"]


def everything(run: Run) -> bytes:
    return b"".join(a.tobytes() for a in (run.program.state_arena, *_plain(run)))


def _plain(run: Run) -> list[np.ndarray]:
    keep = ("reads", "writes", "served", "waiting", "in_flight", "latency_mean", "loss_total")
    return [np.ascontiguousarray(run.program.nodes[name]) for name in keep]


def test_the_same_seed_gives_the_same_run_to_the_last_bit() -> None:
    one = simulate(SHOP, CALLS, seconds=600, seed=7)
    two = simulate(SHOP, CALLS, seconds=600, seed=7)
    assert everything(one) == everything(two)
    other = simulate(SHOP, CALLS, seconds=600, seed=8)
    assert everything(one) != everything(other)


def test_the_order_of_drawing_changes_nothing() -> None:
    turned = simulate(dict(reversed(SHOP.items())), CALLS[::-1], seconds=300)
    straight = simulate(SHOP, CALLS, seconds=300)
    assert straight.now("c") == turned.now("c")


def test_a_fork_repeats_the_run_it_left() -> None:
    run = simulate(SHOP, CALLS, seconds=120)
    snapshot = run.snapshot()
    go(run, 200)
    first = everything(run)
    run.control(None, "load", {"factor": 5.0})
    go(run, 50)
    run.restore(snapshot)
    assert run.t_s == 120
    go(run, 200)
    assert everything(run) == first


def test_a_replayed_control_log_gives_the_run_that_was_played() -> None:
    played = simulate(SHOP, CALLS, seconds=100)
    played.control(None, "load", {"factor": 3.0})
    go(played, 60)
    played.control("c", "load", {"factor": 0.5})
    go(played, 40)
    again = simulate(SHOP, CALLS)
    again.replay(played.controls)
    go(again, 200)
    assert everything(played) == everything(again)
    assert [c.json() for c in again.controls] == [c.json() for c in played.controls]


def test_an_edit_keeps_what_the_nodes_hold() -> None:
    app = {"servers": 2, "service_time_s": 0.05, "holds_server": False}  # 40/s of 60/s
    nodes = {**SHOP, "app": ("external", app)}
    run = simulate({**nodes, "c": ("clients", {"rate_per_s": 60.0})}, CALLS, seconds=60)
    waiting = run.now("app")["backlog"]
    assert waiting == pytest.approx(60 * 20, rel=0.02)
    more = {**nodes, "c": ("clients", {"rate_per_s": 60.0}), "new": ("external", {})}
    run.edit(diagram(more, [*CALLS, "app.out > new.in"]))
    go(run, 1)
    assert run.now("app")["backlog"] == pytest.approx(waiting + 20, rel=0.02)
    assert run.now("new")["arrivals"] == pytest.approx(40, rel=0.01)


def test_the_windows_curves_go_on_over_an_edit() -> None:
    run = Run(diagram(SHOP, CALLS), catalogue(), window=True)
    go(run, 100)
    before = run.series("app", "arrivals", 0, 100)[1]
    run.edit(diagram({**SHOP, "new": ("external", {})}, CALLS))
    go(run, 100)
    t, after, _, _ = run.series("app", "arrivals", 0, 200)
    assert len(t) == 200
    assert list(after[:100]) == list(before)
    whole = simulate(SHOP, CALLS, seconds=200).history.summary("app", "arrivals")
    assert run.history.summary("app", "arrivals")["total"] == pytest.approx(whole["total"])


def test_a_changed_parameter_takes_effect_without_a_new_program() -> None:
    run = simulate(SHOP, CALLS, seconds=60)
    program = run.program
    run.edit(diagram({**SHOP, "db": ("external", {"servers": 9, "service_time_s": 0.02})}, CALLS))
    assert run.program is program
    assert go(run, 10).now("db")["instances"] == 9


def test_what_waited_in_a_removed_node_is_booked_as_moved() -> None:
    nodes = {"c": ("clients", {"rate_per_s": 60.0}), "app": ("external", {"servers": 2})}
    run = simulate(nodes, ["c.out > app.in"], seconds=60)
    run.edit(diagram({"c": nodes["c"]}, []))
    moved = [e for e in run.events if e.kind == "moved"]
    assert len(moved) == 1
    assert moved[0].node == "app"


ids = st.integers(2, 7)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict, list[str]]:
    """Random diagrams of clients and pools of servers, cycles and parallel calls among them."""
    n = draw(ids)
    nodes: dict = {"c": ("clients", {"rate_per_s": draw(st.floats(0, 500))})}
    for i in range(n):
        nodes[f"n{i}"] = (
            "external",
            {
                "servers": draw(st.integers(1, 40)),
                "service_time_s": draw(st.sampled_from([0.0, 0.001, 0.05, 0.7, 30.0])),
                "queue_limit": draw(st.sampled_from([0, 1, 20])),
                "balancing": draw(st.sampled_from(["pooled", "round_robin", "random"])),
                "holds_server": draw(st.booleans()),
            },
        )
    ends = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1))
    pairs = draw(st.sets(ends, max_size=10))
    links = [f"c.out > n{draw(st.integers(0, n - 1))}.in"]
    for a, b in sorted(pairs):
        if a != b:
            options = {
                "calls": draw(st.sampled_from([0.0, 0.3, 1.0])),
                "mode": draw(st.sampled_from(["sync", "async"])),
                "stage": draw(st.integers(0, 2)),
            }
            links.append(f"n{a}.out > n{b}.in {options}")
    return nodes, links


@settings(max_examples=60)
@given(graphs(), st.sampled_from([0.1, 1.0, 10.0]), st.floats(0, 50))
def test_nothing_is_made_or_lost_in_any_graph(
    graph: tuple[dict, list[str]], tick_s: float, load: float
) -> None:
    run = Run(diagram(*graph, tick_s=tick_s), catalogue())
    run.advance(40)
    run.control(None, "load", {"factor": load})
    run.advance(40)
    assert run.balance_error < 1e-9
    for node in run.program.ids:
        now = run.now(node)
        odd = {k: v for k, v in now.items() if not (np.isfinite(v) and v >= 0)}
        assert not odd, odd
