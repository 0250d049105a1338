"""What a person can do to a group."""

from __future__ import annotations

from typing import Any

from sandbox.services._instances_actions import ACTIONS as INSTANCE_ACTIONS
from sandbox.services.contract import Action
from sandbox.services.params import Parameters, param


class SizeArgs(Parameters):
    value: int = param(1, "Number of instances.", ge=0, le=5000)


class DesiredArgs(SizeArgs):
    honor_cooldown: bool = param(
        False,
        "Whether it is refused while a cooldown runs.",
        source="EC2 Auto Scaling API: SetDesiredCapacity, HonorCooldown",
        confidence="H",
    )


def set_desired(record: Any, state: Any, cells: Any, args: DesiredArgs, t_s: float) -> str:
    if args.honor_cooldown and (state["activity"] or t_s < state["cooldown_until_s"]):
        left = float(state["cooldown_until_s"]) - t_s
        why = f"cooldown for {left:,.0f} s more" if left > 0 else "an activity is under way"
        raise ValueError(f"{why}; wait, or do not honor the cooldown")
    least, most, before = (int(state[name]) for name in ("min_size", "max_size", "desired"))
    if not least <= args.value <= most:
        raise ValueError(f"desired capacity must be {least} to {most}; change those sizes first")
    state["desired"] = args.value
    return f"desired capacity set by hand: {before} to {args.value}"


def set_min(record: Any, state: Any, cells: Any, args: SizeArgs, t_s: float) -> str:
    if args.value > int(state["max_size"]):
        raise ValueError(f"minimum size must not exceed the maximum, {int(state['max_size'])}")
    state["min_size"] = args.value
    state["desired"] = max(int(state["desired"]), args.value)
    return f"minimum size is now {args.value}, desired capacity {int(state['desired'])}"


def set_max(record: Any, state: Any, cells: Any, args: SizeArgs, t_s: float) -> str:
    least = int(state["min_size"])
    if not least <= args.value <= len(cells):
        raise ValueError(
            f"maximum size must be {least} to {len(cells)} in this run; edit max_size for more"
        )
    state["max_size"] = args.value
    state["desired"] = min(int(state["desired"]), args.value)
    return f"maximum size is now {args.value}, desired capacity {int(state['desired'])}"


ACTIONS = (
    Action("set_desired_capacity", "Set the desired capacity", DesiredArgs, set_desired),
    Action("set_min_size", "Set the minimum size", SizeArgs, set_min),
    Action("set_max_size", "Set the maximum size", SizeArgs, set_max),
    *INSTANCE_ACTIONS,
)
