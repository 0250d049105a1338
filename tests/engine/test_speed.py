"""What ticks, snapshots and percentiles cost. Nothing is asserted about time; rounds are few."""

from __future__ import annotations

import math

import pytest

from sandbox.assets import asset
from sandbox.document.file import load
from sandbox.engine import Run
from sandbox.experiments.records import Records
from sandbox.experiments.tile import tile
from sandbox.services import catalogue

ROUNDS = 5


@pytest.fixture
def shop():
    return load(asset("examples/web-shop.json"), catalogue())


@pytest.mark.parametrize(("nodes", "ticks"), [(10, 2000), (1000, 20)])
def test_ticks_of_the_web_shop(benchmark, shop, nodes, ticks):
    run = Run(tile(shop, nodes), catalogue(), every_s=20.0)
    run.advance(300)
    benchmark.extra_info["node_ticks"] = nodes * ticks
    benchmark.pedantic(run.advance, (ticks,), rounds=ROUNDS)
    assert (run.tick - 300) % ticks == 0  # once when benchmarks are off
    assert run.balance_error < 1e-9


def test_a_snapshot_and_its_restore(benchmark, shop):
    run = Run(tile(shop, 200), catalogue(), window=True)
    run.advance(100)
    benchmark.pedantic(lambda: run.restore(run.snapshot()), rounds=ROUNDS)
    assert run.tick == 100


def test_a_percentile_of_a_thousand_rows(benchmark, shop):
    run = Run(shop, catalogue(), every_s=2.0)
    run.advance(2000)

    def solve():
        return Records([run.history]).column("shoppers", "latency_p99")[0]

    found = benchmark.pedantic(solve, rounds=ROUNDS)
    assert len(found) == 1000
    assert all(0.0 < value < math.inf for value in found)
