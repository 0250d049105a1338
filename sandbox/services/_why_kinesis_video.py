"""What video streams say of their numbers and their bill."""

from __future__ import annotations

from sandbox.services.explain import CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/kinesis/video-streams/pricing/"
LIMITS = "Amazon Kinesis Video Streams service quotas"
_GB = Input("KB_PER_GB", "KB in a GB")
_SIZE = Input("s.kb", "Size of a fragment", "KB")
_STREAMS = Input("p.streams", "Streams")

EXPLANATIONS = (
    Explanation(
        "utilization",
        "The higher of two loads: fragments taken of those that PutMedia takes (5 a second or "
        "12.5 MB/s of each stream), and what players fetch of the quotas of fragments.",
        (Input("s.put_load", "Load by cameras", "share"),
         Input("s.play_load", "Load by players", "share")),
        lambda put, play: min(1.0, max(put, play)),
        LIMITS,
    ),
    Explanation(
        "instances",
        "Streams, one a camera.",
        (_STREAMS,),
        lambda count: count,
        LIMITS,
    ),
    Explanation(
        "incoming_bytes",
        "Fragments taken × their size.",
        ("incoming_fragments", _SIZE),
        lambda rate, kb: rate * kb * 1024.0,
    ),
    Explanation(
        "viewers",
        "Fragments that players fetch a second × the duration of one: a live player fetches one "
        "in that time.",
        (Input("s.points", "Fragments fetched, by track", "1/s"),
         Input("p.tracks", "Tracks of each"), Input("p.fragment_s", "Duration of one", "s")),
        lambda points, tracks, seconds: points / tracks * seconds,
        LIMITS,
    ),
    Explanation(
        "live_delay_s",
        "A fragment is played when it is whole, and players keep a little in hand.",
        (Input("p.fragment_s", "Duration of a fragment", "s"), "p.player_delay_s", "viewers"),
        lambda fragment, player, viewers: fragment + player if viewers > 0.0 else 0.0,
    ),
)  # fmt: skip


def _by_gb(title: str, what: str, metric: str, price: str) -> CostLine:
    return CostLine(
        title,
        f"{what} × price of a GB.",
        (metric, _GB, Input(price, "A GB", "USD", PRICING)),
        lambda rate, gb, usd: rate / 1024.0 / gb * 3600.0 * usd,
        PRICING,
    )


COST_LINES = (
    _by_gb("Video sent", "Bytes taken", "incoming_bytes", "IN_GB_USD"),
    _by_gb("Video read", "Bytes that GetMedia gives", "outgoing_bytes", "OUT_GB_USD"),
    _by_gb("Video played", "Bytes that players fetch", "played_bytes", "PLAYED_GB_USD"),
    CostLine(
        "Video kept",
        "GB kept × price of a GB-month ÷ hours in a month.",
        ("stored_gb", Input("STORED_GB_USD", "A GB-month", "USD", PRICING),
         Input("MONTH_H", "Hours in a month", "h")),
        lambda stored, usd, hours: stored * usd / hours,
        PRICING,
    ),
)  # fmt: skip
