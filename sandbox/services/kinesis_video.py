"""Kinesis Video Streams: cameras send fragments, players fetch them, applications follow live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.latency import EXPONENTIAL, service_cumulants
from sandbox.kernels.random import key_of
from sandbox.services import _why_kinesis_video as why
from sandbox.services._kinesis_video_limits import FRAGMENTS_PER_S, LOSSES, Limited, play, put
from sandbox.services._kinesis_video_notes import NOTES
from sandbox.services._kinesis_video_params import Params, Playback
from sandbox.services._kinesis_video_readers import (
    BUFFER_S,
    CONNECTIONS,
    Kept,
    read,
    write,
)
from sandbox.services.contract import EventKind, Metric, Port, Service, Setup
from sandbox.services.law import emit

STREAMS_QUOTA = 10_000  # LIMITS: streams of an account; soft
PRICING = "https://aws.amazon.com/kinesis/video-streams/pricing/"
IN_GB_USD = 0.0085  # PRICING, US East: a GB sent,
OUT_GB_USD = 0.0085  # … read by GetMedia,
PLAYED_GB_USD = 0.0119  # … played with HLS,
STORED_GB_USD = 0.023  # … and a GB-month kept
MONTH_H = 730.0
KB_PER_GB = 1024.0 * 1024.0


class Derived:
    kept_s: float
    fragments_per_s: float  # that PutMedia takes, by the count of fragments


class State(Kept, Limited):
    rate: float
    kb: float
    viewers: float
    live_delay: float
    incoming: float
    incoming_bytes: float
    played_bytes: float
    media_bytes: float
    late: int


BEHIND = 0


@compiled
def step(p, s, io, cells, tick):
    """Take what cameras send, let players fetch, and hand on to those who follow."""
    accepted, kb = put(p, s, io, tick)
    played = play(p, s, io, tick)
    io.done = accepted + played
    steady = accepted == s.rate and kb == s.kb
    s.rate, s.kb = accepted, kb
    write(s, tick, accepted, accepted * kb / KB_PER_GB, p.kept_s, steady)
    if p.retention_hours <= 0.0:
        s.stored = 0.0
    given = read(p, s, io, tick, accepted, kb)
    _watch(p, s, tick)
    s.incoming = accepted
    s.incoming_bytes = accepted * kb * 1024.0
    s.played_bytes = played * kb * 1024.0
    s.media_bytes = given * kb * 1024.0
    s.viewers = played * p.fragment_s
    s.live_delay = p.fragment_s + p.player_delay_s if played > 0.0 else 0.0
    io.svc_m, io.svc_v, io.svc_k = service_cumulants(EXPONENTIAL, p.put_latency_ms / 1e3, 1.0)
    io.utilization = min(1.0, max(s.put_load, s.play_load))
    io.instances = float(p.streams)
    usd = s.incoming_bytes * IN_GB_USD + s.media_bytes * OUT_GB_USD
    usd += s.played_bytes * PLAYED_GB_USD
    io.cost_per_hour = usd / 1024.0 / KB_PER_GB * 3600.0 + s.stored * STORED_GB_USD / MONTH_H


@inlined
def _watch(p, s, tick):
    """Say once that an application has fallen behind half of what is kept."""
    if s.behind > 0.5 * p.kept_s:
        if s.late == 0:
            emit(tick, BEHIND, s.behind, p.kept_s)
        s.late = 1
    elif s.behind < 0.25 * p.kept_s:
        s.late = 0


# ---------------------------------------------------------------- the Python side


def prepare(params: Params, record: Any, setup: Setup) -> None:
    record["kept_s"] = 3600.0 * params.retention_hours or BUFFER_S
    record["fragments_per_s"] = params.streams * FRAGMENTS_PER_S


def _names(setup: Setup) -> list[int]:
    """The readers that have a connection, in the order of their links."""
    found = [key_of(f"{out.other} {out.other_port}") for out in setup.outs if out.mode == "async"]
    return (found + [0] * CONNECTIONS)[:CONNECTIONS]


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    state["names"][:] = _names(setup)


def adjust(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    """Readers that stay keep their places in the stream."""
    names, before = _names(setup), state["names"].tolist()
    for field in ("held", "sent"):
        old = state[field].copy()
        state[field][:] = [
            old[before.index(name)] if name and name in before else 0.0 for name in names
        ]
    state["names"][:] = names


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """What of the parameters and links AWS would refuse."""
    found = []
    if params.streams > STREAMS_QUOTA:
        text = f"An account has {STREAMS_QUOTA:,} streams until AWS raises that"
        found.append((0.0, "quota", text))
    if params.retention_hours <= 0.0 and any(link.port == "playback" for link in setup.ins):
        text = "Players get nothing while retention_hours is 0: nothing is kept to be played"
        found.append((0.0, "not_kept", text))
    if sum(out.mode == "async" for out in setup.outs) > CONNECTIONS:
        text = f"A stream has {CONNECTIONS} GetMedia connections: only the first links get anything"
        found.append((0.0, "connections", text))
    return found


SERVICE = Service(
    id="kinesis_video",
    title="Kinesis Video Stream",
    category="streaming",
    summary="Takes video from cameras, keeps it, and plays it to viewers and applications.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    ports=(
        Port("in", "in", "Fragments from cameras (PutMedia)"),
        Port(
            "playback",
            "in",
            "Fragments for players (HLS, DASH)",
            modes=("sync",),
            params={"sync": Playback},
        ),
        Port(
            "media",
            "out",
            "Fragments for applications (GetMedia)",
            modes=("async",),
            peers=("external", "ecs_service", "auto_scaling_group"),
        ),
    ),
    step=step,
    prepare=prepare,
    init=init,
    adjust=adjust,
    foretell=foretell,
    causes=LOSSES,
    metrics=(
        Metric(
            "incoming_fragments",
            "1/s",
            "Fragments taken",
            "incoming",
            "PutMedia.IncomingFragments",
            True,
        ),
        Metric(
            "incoming_bytes", "B/s", "Bytes taken", "incoming_bytes", "PutMedia.IncomingBytes", True
        ),
        Metric(
            "outgoing_bytes",
            "B/s",
            "Bytes given by GetMedia",
            "media_bytes",
            "GetMedia.OutgoingBytes",
            True,
        ),
        Metric("played_bytes", "B/s", "Bytes played", "played_bytes", "", True),
        Metric(
            "behind_s",
            "s",
            "How far an application is behind",
            "behind",
            "GetMedia.MillisBehindNow",
        ),
        Metric(
            "media_points",
            "1/s",
            "Fragments fetched, by track",
            "points",
            "ArchivedFragmentsConsumed.Media",
            True,
        ),
        Metric(
            "metadata_points",
            "1/s",
            "Fragments in playlists",
            "metadata",
            "ArchivedFragmentsConsumed.Metadata",
            True,
        ),
        Metric("viewers", "", "Live viewers served", "viewers"),
        Metric("live_delay_s", "s", "How far live players are behind", "live_delay"),
        Metric("stored_gb", "GB", "Video kept", "stored"),
    ),
    events=(
        EventKind(
            "lagging",
            "An application is {0:,.0f} s behind, half of the {1:,.0f} s that fragments are kept",
            "warning",
        ),
    ),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    headline="incoming_fragments",
    stream=True,
    holds="streams",
)
