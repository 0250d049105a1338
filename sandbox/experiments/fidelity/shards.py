"""A stream with hot keys: real keys, hashed, against a count of every record."""

from __future__ import annotations

import numpy as np

from .diagrams import Nodes, rows, simulate, total
from .exact import exact
from .figures import MEAN, Case, Curve, Figure, Outcome, Section

RAMP_S = 3600.0
FROM_PER_S, TO_PER_S = 8000.0, 14_000.0


def shard_section() -> Section:
    """W4."""
    workload = (
        "10,000 keys with popularity i^-1.1, hashed by MD5 to 16 shards of 1,000 records/s; "
        f"{FROM_PER_S:,.0f} records/s rise to {TO_PER_S:,.0f} in an hour, no retries"
    )
    return Section(
        "Hot shards",
        "A count of Poisson arrivals in fixed windows of 1 s, 39.6 million records. Clients write "
        "to a Kinesis stream.",
        (Case("hot shards", workload, _hour),),
    )


def _hour() -> Outcome:
    case = exact()["shards"]
    load = {
        "rate_per_s": FROM_PER_S,
        "write_fraction": 1.0,
        "payload_kb": 0.1,
        "shape": "ramp",
        "ramp_from": 1.0,
        "ramp_to": TO_PER_S / FROM_PER_S,
        "ramp_duration_s": RAMP_S,
    }
    stream = {"shard_count": len(case["shard_mass"]), "key_count": 10_000, "key_skew": 1.1}
    nodes: Nodes = {"c": ("clients", load), "stream": ("kinesis_stream", stream)}
    run = simulate(nodes, [("c", "stream")], RAMP_S, 60.0)
    throttled = rows(run, "stream", "throttled") / rows(run, "stream", "arrivals")
    share = total(run, "stream", "throttled") / total(run, "stream", "arrivals")
    per_minute = np.array(case["per_minute_throttled_fraction"])
    hottest = float(run.now("stream")["hottest_shard_share"])
    worst = int(np.abs(throttled / per_minute - 1).argmax())
    t = tuple(60.0 * (np.arange(len(throttled)) + 1))
    return Outcome(
        (
            Figure("records", "", case["records"], total(run, "stream", "arrivals"), 0.01),
            Figure("traffic on the hottest shard", "", max(case["shard_mass"]), hottest, 0.001),
            Figure("throttled share", "", case["throttled_fraction_total"], share, MEAN),
            Figure("… in the worst minute", "", per_minute[worst], throttled[worst], MEAN),
        ),
        (Curve("throttled share", "", t, tuple(per_minute), tuple(throttled)),),
    )
