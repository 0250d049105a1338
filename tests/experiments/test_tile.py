"""A diagram beside copies of itself."""

from __future__ import annotations

import pytest

from sandbox.document import Document
from sandbox.experiments import InputError, run
from sandbox.experiments.bench import bench
from sandbox.experiments.tile import tile
from sandbox.services import catalogue
from tests.simulation import diagram


@pytest.fixture
def shop() -> Document:
    return diagram(
        {"users": ("clients", {}), "api": ("external", {}), "deep": ("external", {})},
        ["users.out > api.in", "api.out > deep.in"],
    )


def test_copies_are_whole_independent_and_alike(shop):
    six = tile(shop, 6)
    assert sorted(six.nodes) == ["api", "api-2", "deep", "deep-2", "users", "users-2"]
    assert len(six.links) == 4
    result = run(six, duration_s="10m")
    assert result.summary("deep", "served") == result.summary("deep-2", "served")


def test_the_last_copy_has_what_comes_first_in_the_flow(shop):
    assert sorted(tile(shop, 5).nodes) == ["api", "api-2", "deep", "users", "users-2"]
    assert sorted(tile(shop, 2).nodes) == ["api", "users"]
    assert len(tile(shop, 1000).nodes) == 1000


def test_nothing_cannot_be_repeated():
    with pytest.raises(InputError, match="without services"):
        tile(Document(), 20)


def test_the_benchmark_measures_what_it_says(shop):
    found = bench(shop, catalogue(), node_ticks=5000, day_s=600.0)
    assert set(found["node_tick_ns"]) == {"10", "100", "1000"}
    assert all(1 < cost < 100_000 for cost in found["node_tick_ns"].values())
    assert 0 < found["day_20_services_s"] < found["day_20_services_with_percentiles_s"]
    assert found["snapshot_and_restore_200_nodes_ms"] > 0
