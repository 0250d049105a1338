"""The limits of a video stream: what cameras may send, and what players may fetch.

All streams of a node are alike.  What happens at one port is told to those who call there only.
"""

from __future__ import annotations

from numba import carray

from sandbox.kernels.bucket import quota
from sandbox.kernels.compiled import inlined
from sandbox.services._kinesis_video_params import LIMITS, Playback
from sandbox.services._kinesis_video_readers import KB_PER_MB, KB_PER_MBIT
from sandbox.services.contract import Cause, link_record
from sandbox.services.law import CONTROL, pointer

FRAGMENTS_PER_S = 5.0  # LIMITS: that PutMedia takes of a stream
LARGEST_MB = 50.0  # LIMITS: the largest fragment
MEDIA_PER_S = 500.0  # LIMITS: fragments of a stream that may be fetched,
METADATA_PER_S = 10_000.0  # … and that may stand in playlists
PLAYBACK = link_record(Playback)
PORTS = ("in", "playback", "media")
PLAYED_AT = PORTS.index("playback")
PUT_BYTES, PUT_FRAGMENTS, TOO_LARGE, MEDIA, METADATA, NOT_KEPT = range(6)

LOSSES = (
    Cause(
        "throttled",
        "put_bandwidth",
        "a stream takes 12.5 MB/s of PutMedia",
        LIMITS,
        refusal=False,
    ),
    Cause(
        "throttled",
        "put_fragments",
        "a stream takes 5 fragments a second",
        LIMITS,
        refusal=False,
    ),
    Cause("rejected", "fragment_too_large", "a fragment may have 50 MB", LIMITS, refusal=False),
    Cause(
        "throttled",
        "fragment_media",
        "500 fragments of a stream may be fetched a second",
        LIMITS,
        refusal=False,
    ),
    Cause(
        "throttled",
        "fragment_metadata",
        "10,000 fragments of a stream may stand in playlists a second",
        LIMITS,
        refusal=False,
    ),
    Cause(
        "rejected",
        "not_kept",
        "nothing is kept to be played: retention is 0",
        LIMITS,
        refusal=False,
    ),
)


class Limited:
    """What the state says of the limits."""

    put_load: float  # what cameras send, of its limit
    play_load: float
    points: float  # fragments/s that players fetch, by track
    metadata: float


@inlined
def put(p, s, io, tick):
    """(fragments/s taken, their size).

    A camera sends one fragment after the other on its one connection, so that they arrive evenly.
    """
    sent = bytes_sent = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        flow = link.reads + link.writes
        if link.mode == CONTROL or link.target_port == PLAYED_AT:
            continue
        large = link.kb > LARGEST_MB * KB_PER_MB and flow > 0.0
        if large:
            io.loss[TOO_LARGE] += flow
        else:
            sent += flow
            bytes_sent += flow * link.kb
        if link.afflicted == 0:
            link.failing = 1.0 if large else 0.0
    kb = max(bytes_sent / sent, 1e-9) if sent > 0.0 else max(s.kb, 1e-9)
    by_size = p.streams * p.put_media_mbps * KB_PER_MBIT / kb
    limit = min(p.fragments_per_s, by_size)
    taken = min(sent, limit)
    io.loss[PUT_BYTES if by_size < p.fragments_per_s else PUT_FRAGMENTS] = sent - taken
    s.put_load = taken / limit
    share = max(0.0, 1.0 - taken / sent) if sent > 0.0 else 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode != CONTROL and link.target_port != PLAYED_AT and link.afflicted == 0:
            link.choking = share * (1.0 - link.failing)
    return taken, kb


@inlined
def play(p, s, io, tick):
    """Fragments/s that players fetch, all tracks of each, within both quotas of a stream."""
    asked = metadata = spread = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode != CONTROL and link.target_port == PLAYED_AT:
            flow = link.reads + link.writes
            playlist = carray(pointer(link.p_target), 1, PLAYBACK)[0].playlist_fragments
            asked += flow
            metadata += flow * p.tracks * playlist
            spread += flow * link.ca2
    played = asked
    if asked > 0.0 and p.retention_hours <= 0.0:
        io.loss[NOT_KEPT] = asked
        played = 0.0
    elif asked > 0.0:
        by_media = p.streams * MEDIA_PER_S / p.tracks
        by_metadata = p.streams * METADATA_PER_S * asked / metadata
        each = min(by_media, by_metadata) / p.streams
        uneven = 1.0 + (spread / asked - 1.0) / p.streams
        through, over = quota(asked / p.streams, each, uneven)
        played = through * p.streams
        io.loss[METADATA if by_metadata < by_media else MEDIA] = over * p.streams
    part = min(1.0, played / asked) if asked > 0.0 else 1.0
    s.points = played * p.tracks
    s.metadata = metadata * part
    s.play_load = max(s.points / MEDIA_PER_S, s.metadata / METADATA_PER_S) / p.streams
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode != CONTROL and link.target_port == PLAYED_AT and link.afflicted == 0:
            link.failing = 1.0 if p.retention_hours <= 0.0 and asked > 0.0 else 0.0
            link.choking = (1.0 - part) * (1.0 - link.failing)
    return played
