"""Clients: the load they offer over time."""

from __future__ import annotations

import pytest

from sandbox.services import catalogue
from tests.simulation import simulate


@pytest.mark.parametrize("name", ["steps", "trace"])
def test_no_step_and_no_trace_is_of_less_than_no_requests(name: str) -> None:
    ((where, message),) = catalogue().check_params("clients", {name: [[0, 1], [60, -1]]})
    assert where == f"{name}.1.1"
    assert "greater than or equal to 0" in message


def test_a_trace_that_was_written_out_of_order_is_replayed_in_order() -> None:
    points = [[0.0, 10.0], [20.0, 30.0], [10.0, 20.0]]
    nodes = {"c": ("clients", {"shape": "trace", "trace": points}), "x": ("external", {})}
    run = simulate(nodes, ["c.out > x.in"], seconds=15)
    assert run.now("c")["offered"] == pytest.approx(20)
