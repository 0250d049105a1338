"""What a person can do to a running table."""

from __future__ import annotations

from typing import Any

from sandbox.services._dynamodb_capacity import SwitchMode, UpdateTable, switch_mode, update_table
from sandbox.services._keys import HotKey
from sandbox.services.contract import Action


def hot_key(record: Any, state: Any, cells: Any, args: HotKey, t_s: float) -> str:
    state["hot_share"] = args.share
    state["changed"] = 1
    return f"{args.share:.0%} of the requests are for one key"


ACTIONS = (
    Action("update_table", "Set the capacity", UpdateTable, update_table),
    Action("switch_mode", "Switch the capacity mode", SwitchMode, switch_mode),
    Action("hot_key", "Make one key hot", HotKey, hot_key),
)
