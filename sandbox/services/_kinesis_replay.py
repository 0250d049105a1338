"""Reading a Kinesis stream again: a consumer goes back to the oldest record that is kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.services._kinesis_resharding import opened
from sandbox.services.params import Parameters, param


class ReadAgain(Parameters):
    consumer: int = param(
        0,
        "Which consumer, counted from 1 in the order of the links; 0 is all of them.",
        ge=0,
        le=20,
    )


def read_again(record: Any, state: Any, cells: Any, args: ReadAgain, t_s: float) -> str:
    """Move iterators to TRIM_HORIZON; records of before the last resharding are not read again.

    The log of a shard goes back to what some consumer has yet to read.  What was written before
    is taken as spread evenly over the time until then.
    """
    readers = int(record["readers"])
    if args.consumer > readers:
        raise ValueError(f"the stream has {readers} consumers; give 1 to {readers}, or 0 for all")
    if readers == 0:
        raise ValueError("nobody reads the stream: link a consumer")
    count, oldest_s = int(state["count"]), t_s - float(record["retention_s"])
    if count < 2:
        raise ValueError("nothing has been written to the stream yet")
    shards = opened(state, cells, int(record["room"]))
    begins = float(state["times"][0])
    logs = shards["log"][:, :count]
    if oldest_s >= begins:
        gone = np.array([np.interp(oldest_s, state["times"][:count], log) for log in logs])
    else:
        gone = logs[:, 0] * max(0.0, oldest_s) / max(begins, 1e-9)
    kept = np.maximum(shards["total"] - gone, 0.0)
    names = np.flatnonzero(state["names"])
    chosen = names if args.consumer == 0 else names[args.consumer - 1 : args.consumer]
    for j in chosen.tolist():
        more = np.maximum(kept - shards["held"][:, j], 0.0)
        shards["held"][:, j] += more
        state["again"][j] += more.sum()
    return f"reads again from the oldest record: {kept.sum():,.0f} records are kept"
