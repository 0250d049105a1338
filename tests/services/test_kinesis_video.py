"""Video streams: cameras, players, and applications that follow live."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document.records import Fault
from sandbox.engine import Run
from sandbox.engine.why import bill, explain
from tests.simulation import go, simulate


def video(
    fragments: float = 1.0,
    kb: float = 1000.0,
    players: float = 0.0,
    seconds: float = 20.0,
    application: dict[str, Any] | None = None,
    faults: tuple[Fault, ...] = (),
    tick_s: float = 1.0,
    **params: Any,
) -> Run:
    """A camera, its stream, players, and an application behind it."""
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "camera": (
            "clients",
            {
                "rate_per_s": fragments,
                "payload_kb": kb,
                "write_fraction": 1.0,
                "arrival_cv2": 0.0,
            },
        ),
        "players": ("clients", {"rate_per_s": players, "arrival_cv2": 0.0}),
        "v": ("kinesis_video", params),
        "a": ("external", {"servers": 1000, "service_time_s": 0.01, **(application or {})}),
    }
    links = ["camera.out > v.in", "players.out > v.playback", "v.media > a.in"]
    return simulate(nodes, links, seconds=seconds, faults=faults, tick_s=tick_s)


def test_players_that_are_throttled_do_not_slow_the_camera() -> None:
    run = video(players=300, retention_hours=1.0, fragment_s=1.0)
    assert run.now("players")["throttled"] == pytest.approx(50)
    assert run.now("players")["served"] == pytest.approx(250)
    assert run.now("camera")["throttled"] == 0
    assert run.now("camera")["served"] == pytest.approx(1)


def test_a_camera_that_is_throttled_does_not_stop_players() -> None:
    run = video(fragments=8, players=10, retention_hours=1.0)
    assert run.now("camera")["throttled"] == pytest.approx(3)
    assert run.now("players")["served"] == pytest.approx(10)


def test_longer_fragments_serve_more_viewers_further_behind() -> None:
    for seconds in (1.0, 4.0):
        run = video(players=250, retention_hours=1.0, fragment_s=seconds)
        assert run.now("v")["viewers"] == pytest.approx(250 * seconds)
        assert run.now("v")["live_delay_s"] == pytest.approx(seconds + 2)


def test_an_application_that_is_down_catches_up_from_where_it_was() -> None:
    down = Fault("error_rate", "a", 0.0, 60.0, 1.0)
    run = video(seconds=60, faults=(down,), retention_hours=1.0)
    assert run.now("v")["behind_s"] == pytest.approx(55, abs=6)
    go(run, 60)  # five fragments a second are handed over, of one that comes
    assert run.now("v")["behind_s"] == 0
    assert run.now("v")["backlog"] == pytest.approx(0, abs=1e-9)
    answered = run.history.summary("a", "served")["total"]
    assert answered == pytest.approx(120, abs=1.1)  # what is on its way comes with the next tick


def test_an_application_that_is_down_for_too_long_loses_what_the_buffer_does_not_hold() -> None:
    down = Fault("error_rate", "a", 0.0, 900.0, 1.0)
    run = video(seconds=600, faults=(down,), kb=100.0)
    assert run.now("v")["behind_s"] == pytest.approx(300, abs=3)
    assert run.history.summary("v", "expired")["total"] == pytest.approx(300, abs=10)
    assert any(event.kind == "lagging" for event in run.events)


def fed(applications: int) -> list[float]:
    """Fragments/s that each of so many applications gets."""
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "camera": ("clients", {"rate_per_s": 1.0, "write_fraction": 1.0, "arrival_cv2": 0.0}),
        "v": ("kinesis_video", {}),
    }
    links = ["camera.out > v.in"]
    names = [f"a{i}" for i in range(applications)]
    for name in names:
        nodes[name] = ("external", {})
        links.append(f"v.media > {name}.in")
    run = simulate(nodes, links, seconds=10)
    assert any(event.kind == "connections" for event in run.events) == (applications > 3)
    return [float(run.now(name)["arrivals"]) for name in names]


def test_a_fourth_application_gets_nothing_and_is_told_so() -> None:
    assert fed(4) == [1, 1, 1, 0]


@pytest.mark.parametrize("tick_s", [0.1, 1.0, 10.0])
def test_the_length_of_a_tick_changes_no_amounts(tick_s: float) -> None:
    run = video(seconds=600, tick_s=tick_s, players=20, retention_hours=1.0)
    assert run.now("v")["stored_gb"] == pytest.approx(600 * 1000 / 2**20)
    assert run.history.summary("a", "arrivals")["total"] == pytest.approx(600)
    assert run.history.summary("v", "media_points")["total"] == pytest.approx(24_000)


def test_what_is_kept_is_what_came_within_the_retention() -> None:
    run = video(seconds=3 * 3600, tick_s=10.0, retention_hours=1.0)
    assert run.now("v")["stored_gb"] == pytest.approx(3600 * 1000 / 2**20)


def test_a_quiet_stream_and_an_empty_one_are_nothing() -> None:
    run = video(fragments=0.0, seconds=30)
    assert run.now("v")["cost_per_hour"] == 0
    assert run.now("v")["arrivals"] == 0


def test_the_lines_of_the_bill_add_up_and_the_rules_give_the_numbers() -> None:
    run = video(players=50, retention_hours=24.0)
    assert sum(line.usd_per_hour for line in bill(run, "v")) == pytest.approx(
        run.now("v")["cost_per_hour"]
    )
    found = {reason.metric: reason for reason in explain(run, "v")}
    for metric in ("utilization", "viewers", "live_delay_s", "incoming_bytes"):
        assert found[metric].agrees
