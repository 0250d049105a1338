"""What an edit during a run means for jobs that are there: they keep their places if these stay."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sandbox.services._batch_cells import ENTRIES
from sandbox.services._hosts import single


def resize(record: Any, state: Any, old: np.ndarray, cells: np.ndarray) -> None:
    """The number of places or of instances is another: carry all over, and who stands where."""
    before, now = int(single(state["laid"])), int(single(record["slots_n"]))
    old = old.copy()
    cells[:] = np.zeros(1, cells.dtype)
    cells[:ENTRIES] = old[:ENTRIES]
    alive = np.flatnonzero(old["state"][ENTRIES + before :] > 0) + ENTRIES + before
    room = len(cells) - ENTRIES - now
    moved = {int(h): ENTRIES + now + i for i, h in enumerate(alive[:room])}
    for h, place in moved.items():
        cells[place] = old[h]
    held = old[ENTRIES : ENTRIES + int(single(state["places"]))]
    held = held[np.argsort(held["end_s"], kind="stable")]  # in order it is a heap
    kept = 0
    for attempt in held:
        host = int(attempt["host"])
        if kept >= now - 1 or (host >= 0 and host not in moved):
            _back(cells, attempt)
            continue
        cells[ENTRIES + kept] = attempt
        cells["host"][ENTRIES + kept] = moved.get(host, -1)
        kept += 1
    state["places"], state["laid"] = kept, now


def _back(cells: np.ndarray, attempt: Any) -> None:
    """The attempt has no place any more: the job waits as if it had not begun."""
    entry = int(attempt["entry"])
    cells["active"][entry] -= 1.0
    if attempt["attempt"] > 1:
        cells["again"][entry, int(attempt["attempt"])] += 1.0
    else:
        cells["fresh"][entry] += 1.0


def refit(record: Any, state: Any, cells: np.ndarray) -> None:
    """Let go of what is declared no more, and count what each place holds by what is."""
    if int(single(state["laid"])) != int(single(record["slots_n"])):
        resize(record, state, cells.copy(), cells)
    jobs_n, envs_n = int(single(record["jobs_n"])), int(single(record["envs_n"]))
    fargate = bool(single(record["fargate"]))
    first = ENTRIES + int(single(record["slots_n"]))
    hosts = cells[first:]
    hosts["state"][(hosts["env"] >= envs_n) | fargate] = 0
    entries = cells[:ENTRIES]
    entries["state"][entries["job"] >= jobs_n] = 0
    loose = (entries["state"] > 0) & (entries["needs"] >= 0)
    for e in np.flatnonzero(loose):  # what it depended on is declared no more
        if entries["state"][int(entries["needs"][e])] == 0:
            entries["needs"][e] = -1
            entries["fresh"][e] += entries["held"][e]
            entries["held"][e] = 0.0
    held = cells[ENTRIES : ENTRIES + int(single(state["places"]))].copy()
    for name in ("busy", "used"):
        state[name] = 0.0
    state["used_vcpus"] = state["fargate_now"] = 0.0
    hosts["used_vcpus"] = hosts["used_memory"] = 0.0
    given = single(record["jobs"])
    kept = 0
    for attempt in held[np.argsort(held["end_s"], kind="stable")]:
        k, h, env = int(attempt["job"]), int(attempt["host"]), int(attempt["env"])
        if k >= jobs_n:
            continue
        gone = env >= envs_n or (h < 0) != fargate or (h >= 0 and cells["state"][h] == 0)
        if gone:
            _back(cells, attempt)
            continue
        cells[ENTRIES + kept] = attempt
        kept += 1
        vcpus = float(given["vcpus"][k])
        state["busy"][..., k] += vcpus
        state["used"][..., env] += vcpus
        state["used_vcpus"] += vcpus
        if h >= 0:
            cells["used_vcpus"][h] += vcpus
            cells["used_memory"][h] += float(given["memory_mib"][k])
        else:
            usd = float(single(record["job_usd"])[k]) * float(single(record["env_price"])[env])
            state["fargate_now"] += usd
    state["places"] = kept
    state["saturated"] = 0
    state["never"] = 0
    state["row"] = -1
    state["scale_due"] = min(float(single(state["scale_due"])), float(single(state["clock"])))
    state["host_due"] = -math.inf  # they are counted anew
