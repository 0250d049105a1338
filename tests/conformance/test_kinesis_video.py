"""What AWS says of Kinesis Video Streams, at its boundaries."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document.records import Fault
from sandbox.engine.why import bill
from tests.conformance import fact
from tests.services.test_kinesis_video import fed, video
from tests.simulation import simulate

LIMITS = "Amazon Kinesis Video Streams service quotas"
CREATE = "Amazon Kinesis Video Streams API Reference: CreateStream"
PRICING = "https://aws.amazon.com/kinesis/video-streams/pricing/"
MB = 1e6 / 1024.0  # in KB


@pytest.mark.parametrize(("mb", "over"), [(12.4, 0.0), (12.5, 0.0), (12.6, 0.1)])
@fact("PutMedia takes 12.5 MB a second of a stream, 100 Mbit/s", source=LIMITS)
def test_a_stream_takes_12_5_megabytes(mb: float, over: float) -> None:
    run = video(1.0, mb * MB, seconds=5)
    assert run.losses("v")["put_bandwidth"][0] * mb == pytest.approx(over, abs=1e-6)
    many = video(10.0, mb * MB, seconds=5, streams=10)
    assert many.losses("v")["put_bandwidth"][0] * mb == pytest.approx(10 * over, abs=1e-6)


@pytest.mark.parametrize(("rate", "over"), [(4.9, 0.0), (5.0, 0.0), (5.1, 0.1)])
@fact("PutMedia takes 5 fragments a second of a stream", source=LIMITS)
def test_a_stream_takes_five_fragments(rate: float, over: float) -> None:
    assert video(rate, 10.0, seconds=5).losses("v")["put_fragments"][0] == pytest.approx(over)


@pytest.mark.parametrize(("mb", "lost"), [(49.9, 0.0), (50.0, 0.0), (50.1, 1.0)])
@fact("A fragment has 50 MB at most", source=LIMITS)
def test_a_fragment_has_fifty_megabytes(mb: float, lost: float) -> None:
    run = video(1.0, mb * MB, seconds=5, put_media_mbps=1000.0)
    assert run.losses("v")["fragment_too_large"][0] == lost


@fact("A fragment lasts 1 to 20 seconds, in 3 tracks at most", source=LIMITS)
def test_a_fragment_lasts_one_to_twenty_seconds() -> None:
    for good in ({"fragment_s": 1.0}, {"fragment_s": 20.0}, {"tracks": 3}):
        video(seconds=1, **good)
    bad: list[dict[str, Any]] = [{"fragment_s": 0.9}, {"fragment_s": 20.1}, {"tracks": 4}]
    for params in bad:
        with pytest.raises(Exception, match=r"fragment_s|tracks"):
            video(seconds=1, **params)


@pytest.mark.parametrize(("viewers", "over"), [(249, 0), (250, 0), (251, 1)])
@fact(
    "500 fragments of a stream may be fetched a second: 250 live players with fragments of one "
    "second, video and sound",
    source=LIMITS,
)
def test_250_live_players_are_served(viewers: float, over: float) -> None:
    run = video(players=viewers, retention_hours=1.0, fragment_s=1.0)
    assert run.losses("v")["fragment_media"][0] == pytest.approx(over, abs=1e-6)
    assert run.now("v")["media_points"] == pytest.approx(2 * min(viewers, 250))


@pytest.mark.parametrize(("fragments", "over"), [(49, 0.0), (50, 0.0), (51, 100 - 10_000 / 102)])
@fact("Playlists of a stream may name 10,000 fragments a second", source=LIMITS)
def test_playlists_name_ten_thousand_fragments(fragments: int, over: float) -> None:
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "players": ("clients", {"rate_per_s": 100.0, "arrival_cv2": 0.0}),
        "v": ("kinesis_video", {"retention_hours": 1.0}),
    }
    link = f"players.out > v.playback {{'playlist_fragments': {fragments}}}"
    run = simulate(nodes, [link], seconds=5)
    assert run.losses("v")["fragment_metadata"][0] == pytest.approx(over, abs=1e-6)


def _delivered(rate: float, kb: float, **params: Any) -> float:
    """Fragments/s that an application gets while it catches up after a minute of outage."""
    down = (Fault("error_rate", "a", 0.0, 60.0, 1.0),)
    run = video(rate, kb, seconds=63, faults=down, retention_hours=1.0, **params)
    return float(run.now("a")["arrivals"])


@fact("A GetMedia connection gives 5 fragments a second", source=LIMITS)
def test_get_media_gives_five_fragments() -> None:
    assert _delivered(4.0, 10.0) == pytest.approx(5)
    assert _delivered(8.0, 10.0, streams=2) == pytest.approx(10)


@pytest.mark.parametrize("mb", [4.9, 5.1, 6.0])
@fact("A GetMedia connection gives 25 MB a second", source=LIMITS)
def test_get_media_gives_25_megabytes(mb: float) -> None:
    assert _delivered(2.0, mb * MB) == pytest.approx(min(5.0, 25.0 / mb))


@fact("A stream has 3 GetMedia connections", source=LIMITS)
def test_a_stream_has_three_connections() -> None:
    assert fed(4) == [1, 1, 1, 0]
    assert fed(3) == [1, 1, 1]


@pytest.mark.parametrize(("streams", "told"), [(9_999, 0), (10_000, 0), (10_001, 1)])
@fact("An account has 10,000 streams", source=LIMITS)
def test_an_account_has_ten_thousand_streams(streams: int, told: int) -> None:
    run = video(seconds=1, streams=streams)
    assert sum(event.kind == "quota" for event in run.events) == told


@fact("Retention is 0 or an hour to ten years; 0 is the default", source=CREATE)
def test_retention_is_nothing_or_an_hour_to_ten_years() -> None:
    for hours in (0.0, 1.0, 87_600.0):
        video(seconds=1, retention_hours=hours)
    for hours in (0.9, 87_601.0):
        with pytest.raises(Exception, match="retention_hours"):
            video(seconds=1, retention_hours=hours)
    assert video(players=1, seconds=5).losses("v")["not_kept"][0] == pytest.approx(1)
    assert video(players=1, seconds=5, retention_hours=1.0).losses("v")["not_kept"][0] == 0


@fact(
    "Without retention a buffer holds 5 minutes, or 200 MB, for applications that follow",
    source=CREATE,
)
def test_a_buffer_holds_five_minutes_or_200_megabytes() -> None:
    def held(rate: float, kb: float) -> float:
        down = (Fault("error_rate", "a", 0.0, 3600.0, 1.0),)
        return float(video(rate, kb, seconds=700, faults=down).now("v")["behind_s"])

    assert held(1.0, 100.0) == pytest.approx(300, abs=2)
    assert held(1.0, 1.0 * MB) == pytest.approx(200, abs=1.5)  # 200 MB at 1 MB/s


@fact(
    "A GB costs 0.0085 USD to send, 0.0085 to read, 0.0119 to play with HLS, and 0.023 a month "
    "to keep",
    source=PRICING,
)
def test_video_is_billed_by_the_gigabyte() -> None:
    gb = 2.0**20 / 1000  # fragments in a GB
    run = video(players=2.0, retention_hours=1.0, seconds=7200, tick_s=10.0)
    lines = {line.title: line.usd_per_hour for line in bill(run, "v")}
    assert lines["Video sent"] == pytest.approx(3600 / gb * 0.0085)
    assert lines["Video read"] == pytest.approx(3600 / gb * 0.0085)
    assert lines["Video played"] == pytest.approx(2 * 3600 / gb * 0.0119)
    assert lines["Video kept"] == pytest.approx(3600 / gb * 0.023 / 730)
