"""What a person can do to a running bus: replay what its archive holds."""

from __future__ import annotations

from typing import Any

from sandbox.services._deliveries import RING
from sandbox.services.params import Parameters, param


class ReplayArgs(Parameters):
    start_s: float = param(0.0, "From when on, on the run's clock.", unit="s", ge=0)
    end_s: float = param(3600.0, "Until when.", unit="s", gt=0)
    rate_per_s: float = param(
        1000.0, "Pace of the replay; AWS names none.", unit="1/s", gt=0, le=1e6
    )


def replay(record: Any, state: Any, cells: Any, args: ReplayArgs, t_s: float) -> str:
    """Send archived events through the rules once more. They are not archived again."""
    if args.start_s >= args.end_s:
        raise ValueError(f"the replay begins at {args.start_s:g} s and ends at {args.end_s:g} s")
    ring, part = state["archive"], cells[len(cells) - RING :]
    found = 0.0
    for i in range(int(ring["count"])):
        one = part[(int(ring["head"]) + i) % RING]
        t0, t1 = float(one["t0"]), float(one["t1"])
        both = min(t1, args.end_s) - max(t0, args.start_s)
        if both > 0.0:
            found += float(one["amount"]) * both / (t1 - t0)
    if found <= 0.0:
        raise ValueError(
            "the archive holds nothing of that time; only what arrives while the "
            "archive is on can be replayed"
        )
    state["replay_left"] += found
    state["replay_per_s"] = args.rate_per_s
    return f"replaying {found:,.0f} events at {args.rate_per_s:,g}/s"
