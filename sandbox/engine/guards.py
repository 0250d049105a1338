"""Guards of links as bytes: made from what a person set, read, and carried over an edit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sandbox.engine.attempts import CLOSED, GUARD, JITTERS
from sandbox.services.attempts import Attempts, retries

_KEPT = ("tokens", "read_share", "breaker_state", "opened_until", "seen", "seen_bad")
_SIZE = GUARD.itemsize


def guard_bytes(given: Attempts, service: str, network_s: float, dt: float) -> np.ndarray:
    """The guard of a link to a node of this service, and its delay lines, as bytes."""
    plan = retries(given, service)
    g = np.zeros(1, GUARD)[0]
    g["timeout_s"] = math.inf if given.timeout_s is None else given.timeout_s
    g["network_s"], g["attempts"] = network_s, plan.attempts
    g["backoff_s"], g["cap_s"] = plan.backoff_s, plan.cap_s
    g["jitter"] = JITTERS.index(plan.jitter)
    g["quota"] = math.inf if plan.quota is None else plan.quota
    g["breaker"] = math.inf if given.circuit_breaker is None else given.circuit_breaker
    g["window_s"], g["volume"] = given.circuit_window_s, given.circuit_volume
    g["open_s"] = given.circuit_open_s
    g["own_cache"] = g["cache"] = given.client_cache or 0.0
    longest = min(plan.backoff_s * 2.0 ** max(plan.attempts - 2, 0), plan.cap_s)
    longest += network_s if given.timeout_s is None else given.timeout_s
    g["slots"] = math.ceil(longest / dt) + 3 if plan.attempts > 1 else 0
    g["tokens"] = 0.0 if plan.quota is None else plan.quota
    g["read_share"], g["version"], g["composed_of"] = 1.0, -1, np.nan
    g["in_time"] = 1.0
    for name in ("attempt", "answer", "held"):
        g[name]["n"], g[name]["w"][0] = 1, 1.0
    lines = np.zeros(plan.attempts + (plan.attempts - 1) * int(g["slots"]))
    return np.frombuffer(g.tobytes() + lines.tobytes(), "u1")


def retrying(guard: Any) -> tuple[float, float, bool]:
    """Of a GUARD record: retries/s, calls that wait for another attempt, is the breaker open."""
    return float(guard["retried"]), float(guard["waiting"]), int(guard["breaker_state"]) != CLOSED


def carry_over(old: np.ndarray, new: np.ndarray) -> None:
    """Bring what waits for another attempt, and what was seen, from one guard to its successor."""
    was, now = old[:_SIZE].view(GUARD)[0], new[:_SIZE].view(GUARD)[0]
    for name in _KEPT:
        now[name] = was[name]
    theirs, mine = _lines(old, was), _lines(new, now)
    kept = 0.0
    if mine.size:
        for k, line in enumerate(theirs):
            line = np.roll(line, -int(was["head"]))
            fits = min(line.size, mine.shape[1])
            mine[min(k, len(mine) - 1), :fits] += line[:fits]
            mine[min(k, len(mine) - 1), -1] += line[fits:].sum()
        kept = float(mine.sum())
    now["waiting"] = kept


def _lines(guard: np.ndarray, g: Any) -> np.ndarray:
    """The delay lines, f8[attempts - 1, slots]."""
    cells = guard[_SIZE:].view("f8")[int(g["attempts"]) :]
    return cells.reshape(max(int(g["attempts"]) - 1, 0), int(g["slots"]))
