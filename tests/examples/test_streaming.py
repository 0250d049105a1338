"""The examples of video and of Flink show the numbers that their notes name."""

from __future__ import annotations

import pytest

from tests.examples.test_comparisons import example, total


def test_a_camera_that_all_watch_serves_five_hundred_and_does_not_notice() -> None:
    result = example("cameras")
    assert result.summary("watched", "viewers")["max"] == pytest.approx(500)
    late = result.series("viewers", "throttled")
    assert late.mean[late.t <= 900].max() == 0
    assert late.mean[-1] == pytest.approx(150)  # of the 400 fragments a second of 800 viewers
    assert total(result, "event", "throttled") == 0
    assert result.summary("streams", "behind_s")["max"] == 0
    assert total(result, "people", "arrivals") == pytest.approx(20 * 1200)


def test_longer_fragments_serve_a_thousand() -> None:
    settings = {"watched.fragment_s": 4.0, "viewers.rate_per_s": 62.5}
    result = example("cameras", settings=settings)
    assert result.summary("watched", "viewers")["last"] == pytest.approx(1000)
    assert total(result, "viewers", "throttled") == 0


def test_auto_scaling_waits_for_a_quarter_of_an_hour_while_the_clicks_pile_up() -> None:
    result = example("clicks-in-sessions")
    said = [(e.t_s, e.kind) for e in result.events if e.node == "sessions"]
    assert [kind for _, kind in said] == ["scaled_up", "running", "scaled_up", "running"]
    times = [t for t, _ in said]
    assert times == pytest.approx([1500, 1590, 2520, 2610], abs=61)
    assert result.summary("sessions", "behind_s")["max"] == pytest.approx(390, rel=0.03)
    assert result.summary("sessions", "behind_s")["last"] < 3
    assert total(result, "results", "throttled") == 0
    clicks = 5000 * (600 + 3 * 3600 + 3000)
    assert total(result, "alerts", "served") == pytest.approx(clicks / 100, rel=1e-3)


def test_two_kpus_from_the_start_are_never_behind() -> None:
    result = example("clicks-in-sessions", settings={"sessions.parallelism": 2})
    assert result.summary("sessions", "behind_s")["max"] < 400
    # 15,000 a second are 75 % of them: they are doubled all the same, with a stop
    assert [e.kind for e in result.events if e.node == "sessions"] == ["scaled_up", "running"]
