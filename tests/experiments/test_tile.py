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


def test_the_last_copy_has_what_comes_first_in_the_flow(shop):
    assert sorted(tile(shop, 5).nodes) == ["api", "api-2", "deep", "users", "users-2"]
    assert sorted(tile(shop, 2).nodes) == ["api", "users"]
    assert len(tile(shop, 1000).nodes) == 1000


def test_nothing_cannot_be_repeated():
    with pytest.raises(InputError, match="without services"):
        tile(Document(), 20)
