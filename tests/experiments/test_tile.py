"""A diagram beside copies of itself."""

from __future__ import annotations

import pytest

from sandbox.document import Document
from sandbox.experiments import InputError, run
from sandbox.experiments.tile import tile
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


def test_copies_do_not_share_the_quotas_of_an_account():
    busy = diagram(
        {
            "users": ("clients", {"rate_per_s": 900.0}),
            "f": ("lambda_function", {"memory_mb": 1769, "cpu_time_ms": 1000.0}),
        },
        ["users.out > f.in"],
    )
    alone, twice = (run(tile(busy, count), duration_s="20m") for count in (2, 4))
    assert alone.summary("f", "throttled") == twice.summary("f", "throttled")
    assert twice.summary("f", "throttled") == twice.summary("f-2", "throttled")


def test_the_last_copy_has_what_comes_first_in_the_flow(shop):
    assert sorted(tile(shop, 5).nodes) == ["api", "api-2", "deep", "users", "users-2"]
    assert sorted(tile(shop, 2).nodes) == ["api", "users"]
    assert len(tile(shop, 1000).nodes) == 1000


def test_nothing_cannot_be_repeated():
    with pytest.raises(InputError, match="without services"):
        tile(Document(), 20)
