"""What is to be seen of a group's policies while it runs: each alarm, each forecast, each clock."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from sandbox.kernels.alarm import ALARM, OK
from sandbox.kernels.clock import HOUR_S
from sandbox.services._alarms import SHARED
from sandbox.services._scaling_metrics import CPU, NETWORK_IN, NETWORK_OUT
from sandbox.services._scaling_predictive import AND_SCALE, capacity_for
from sandbox.services._scaling_tracking import LOW
from sandbox.services.explain import Tone
from sandbox.services.views import Watcher, Watchers

_STATES: dict[int, tuple[str, Tone]] = {OK: ("OK", "ok"), ALARM: ("ALARM", "warning")}
_NO_DATA: tuple[str, Tone] = ("INSUFFICIENT_DATA", "idle")
_UNITS = {CPU: "%", NETWORK_IN: "B", NETWORK_OUT: "B"}
_SIDES = (">", "≥", "<", "≤")  # in the order of the parameter's choices


def _alarm(title: str, state: Any, metric: int, side: str, bound: float,
           needed: int, of: int, t_s: float) -> Watcher:  # fmt: skip
    known = int(state["state"]) in _STATES
    said, tone = _STATES.get(int(state["state"]), _NO_DATA)
    return Watcher(
        title, said, tone,
        float(state["value"]) if known else math.nan, side, bound,  # type: ignore[arg-type]
        _UNITS.get(metric, ""), int(state["breaching"]), needed, of,
        max(0.0, t_s - float(state["since_s"])),
    )  # fmt: skip


def _tracking(p: Any, s: Any, t_s: float) -> Iterator[Watcher]:
    for i in range(int(p["policies_n"])):
        policy = p["policies"][i]
        target, metric = float(policy["target_value"]), int(policy["metric"])
        high, low = (int(policy[f"alarm_{side}_datapoints"]) for side in ("high", "low"))
        name = f"Target tracking {i + 1}"
        yield _alarm(f"{name}: AlarmHigh", s["high"][i], metric, ">", target, high, high, t_s)
        yield _alarm(f"{name}: AlarmLow", s["low"][i], metric, "<", LOW * target, low, low, t_s)


def _stepping(p: Any, s: Any, kind: str, t_s: float) -> Iterator[Watcher]:
    for i in range(int(p[f"{kind}_policies_n"])):
        policy, state = p[f"{kind}_policies"][i], s[f"{kind}_alarm"][i]
        name = f"{kind.capitalize()} policy {i + 1}"
        address = int(policy["shared_alarm"]["source"])
        if address:
            shared = _shared(address)
            said, tone = _STATES.get(int(shared["state"]), _NO_DATA)
            side = ">" if shared["above"] else "<"
            value, bound = float(shared["value"]), float(shared["threshold"])
            yield Watcher(f"{name}: shared alarm", said, tone, value, side, bound)  # type: ignore[arg-type]
            continue
        of, side = int(policy["evaluation_periods"]), _SIDES[int(policy["comparison"])]
        needed = int(policy["datapoints_to_alarm"])
        needed = needed if needed > 0 else of
        bound = float(policy["threshold"])
        yield _alarm(f"{name}: alarm", state, int(policy["metric"]), side, bound, needed, of, t_s)


def _shared(address: int) -> Any:
    """The beginning of the state of an alarm node, copied."""
    raw = ctypes.string_at(address, SHARED.itemsize)
    return np.frombuffer(raw, SHARED)[0]


def _predictive(p: Any, s: Any, hour: int) -> Iterator[Watcher]:
    for i in range(int(p["predictive_policies_n"])):
        policy = p["predictive_policies"][i]
        name = f"Predictive policy {i + 1}"
        ahead = hour - int(s["forecast_hour"])
        loads = s["forecast"][int(policy["metric_pair"])]
        if int(s["forecast_hour"]) == 0 or not 0 <= ahead < len(loads):
            yield Watcher(name, "no forecast yet", "idle")
            continue
        acts = int(policy["mode"]) == AND_SCALE
        needs = float(capacity_for.py_func(loads[ahead], float(policy["target_value"])))
        state, tone = ("scales", "ok") if acts else ("forecast only", "idle")
        yield Watcher(name, state, tone, needs, unit="instances this hour")  # type: ignore[arg-type]


def _clocks(p: Any, s: Any) -> Iterator[Watcher]:
    shown = [("Warm-up of the last instance", "warm_in")]
    shown += [("Cooldown of simple policies", "cooldown_left")] * (int(p["simple_policies_n"]) > 0)
    shown += [("Health check grace of the last instance", "grace_left")]
    for title, field in shown:
        left = float(s[field])
        if left > 0.0:
            yield Watcher(title, "runs", "busy", left_s=left)


def _live(p: Any, s: Any, t_s: float, epoch_s: float) -> list[Watcher]:
    return [
        *_tracking(p, s, t_s),
        *_stepping(p, s, "step", t_s),
        *_stepping(p, s, "simple", t_s),
        *_predictive(p, s, math.floor((epoch_s + t_s + 1e-6) / HOUR_S)),
        *_clocks(p, s),
    ]


WATCHERS = Watchers("Scaling policies", _live)
