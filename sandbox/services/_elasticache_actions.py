"""What a person can do to a running cache."""

from __future__ import annotations

from typing import Any

from sandbox.services._cached_keys import empty
from sandbox.services._keys import HotKey
from sandbox.services.contract import Action
from sandbox.services.params import Parameters, param


class Flush(Parameters):
    share: float = param(1.0, "Share of the entries that are deleted.", unit="share", gt=0, le=1)


def flush_all(record: Any, state: Any, cells: Any, args: Flush, t_s: float) -> str:
    """FLUSHALL, or that of some shards."""
    before = float(state["items"])
    empty(state, args.share, t_s)
    return f"{args.share:.0%} of {before:,.0f} entries are deleted"


def hot_key(record: Any, state: Any, cells: Any, args: HotKey, t_s: float) -> str:
    state["hot_share"] = args.share
    return f"{args.share:.0%} of the requests are for one key"


ACTIONS = (
    Action("flush", "Delete entries", Flush, flush_all),
    Action("hot_key", "Make one key hot", HotKey, hot_key),
)
