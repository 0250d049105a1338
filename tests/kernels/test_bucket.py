"""Saved bursts drain alike at every length of tick."""

from __future__ import annotations

import pytest

from sandbox.kernels.bucket import burst


@pytest.mark.parametrize("dt", [0.1, 1.0, 10.0])
def test_far_above_the_quota_all_that_is_saved_is_used_and_then_the_excess_is_throttled(
    dt: float,
) -> None:
    saved, accepted = 3000.0, 0.0
    for _ in range(round(60 / dt)):
        taken, throttled, saved = burst(saved, 2000.0, 300.0, 90_000.0, dt)
        assert taken + throttled == pytest.approx(2000.0)
        accepted += taken * dt
    assert accepted == pytest.approx(60 * 300 + 3000)
    assert throttled == pytest.approx(1700.0)
    assert saved == 0.0
