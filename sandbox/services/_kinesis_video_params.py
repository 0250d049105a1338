"""The parameters of video streams, and how players read them."""

from __future__ import annotations

from pydantic import model_validator

from sandbox.services.params import Parameters, param

LIMITS = "Amazon Kinesis Video Streams service quotas"
CREATE = "Amazon Kinesis Video Streams API Reference: CreateStream"

PUT_MBPS = 100.0  # LIMITS: PutMedia, of each stream, Mbit/s; soft
GET_MBPS = 200.0  # LIMITS: a GetMedia connection, Mbit/s; soft


class Params(Parameters):
    streams: int = param(
        1,
        "Streams, one a camera; what is sent and played is spread evenly over them. An account has "
        "10,000 until AWS raises that.",
        ge=1,
        le=1_000_000,
        source=LIMITS,
        confidence="H",
        basic=True,
    )
    fragment_s: float = param(
        2.0,
        "Duration of the video in a fragment, which is what cameras send and players fetch. It can "
        "be 1 to 20 s.",
        unit="s",
        ge=1,
        le=20,
        source=LIMITS,
        confidence="H",
        basic=True,
    )
    tracks: int = param(
        2,
        "Tracks of a stream, as video and sound; a player fetches a fragment of each.",
        ge=1,
        le=3,
        source=LIMITS,
        confidence="H",
    )
    retention_hours: float = param(
        0.0,
        "How long fragments are kept, up to 10 years; 0 keeps nothing but a buffer of 5 minutes or "
        "200 MB for GetMedia, and nothing can be played.",
        unit="h",
        ge=0,
        le=87_600,
        source=CREATE,
        confidence="H",
        basic=True,
    )
    put_media_mbps: float = param(
        PUT_MBPS,
        "What a stream takes, where AWS has raised the quota of 100 Mbit/s (12.5 MB/s).",
        unit="Mbit/s",
        ge=PUT_MBPS,
        le=10_000,
        source=LIMITS,
        confidence="H",
        group="Quotas",
    )
    get_media_mbps: float = param(
        GET_MBPS,
        "What a GetMedia connection gives, where AWS has raised the quota of 200 Mbit/s (25 MB/s).",
        unit="Mbit/s",
        ge=GET_MBPS,
        le=10_000,
        source=LIMITS,
        confidence="H",
        group="Quotas",
    )
    put_latency_ms: float = param(
        100.0,
        "Mean time until a fragment is acknowledged, or fetched.",
        unit="ms",
        ge=0,
        le=60_000,
        group="Latency",
    )
    player_delay_s: float = param(
        2.0,
        "How far a live player is behind beside the duration of a fragment: 1 to 3 s.",
        unit="s",
        ge=0,
        le=60,
        confidence="L",
        group="Latency",
    )

    @model_validator(mode="after")
    def _kept(self) -> Params:
        if 0 < self.retention_hours < 1:
            raise ValueError("retention_hours is 0 or at least 1")
        return self


class Playback(Parameters):
    """How players ask for a stream: parameters of the link from them."""

    playlist_fragments: int = param(
        5,
        "Fragments in the playlist that a player asks for with each fragment of a track "
        "(MaxMediaPlaylistFragmentResults); each counts against the metadata quota.",
        ge=1,
        le=5000,
        source="Amazon Kinesis Video Streams API Reference: GetHLSStreamingSessionURL",
        confidence="H",
        basic=True,
    )
