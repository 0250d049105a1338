"""Lanes: neighbouring parts of a diagram that threads advance side by side.

Parts know nothing of each other, but have the clock, the list of events and the recorder's head in
common. Each lane has these for itself, and what they say is put together afterwards in the order of
the lanes. A diagram has the same lanes on every machine, so its results are the same to the last
bit, however many threads there are.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from sandbox.engine import parts as loop
from sandbox.kernels.mixture import MIXTURE
from sandbox.services.law import EVENT, WORLD

if TYPE_CHECKING:
    from sandbox.engine.compile import Program
    from sandbox.engine.history import History

EVENTS_MAX = 8192  # of a lane between two looks at them
WORTH = 50_000  # node-ticks, some 10 ms: below that threads cost more than they save


class Lanes:
    """The lanes of a program and of the history that records it.

    ``threads`` advance them at the most; None: as many as there are processors, where that pays.
    """

    def __init__(self, program: Program, history: History, threads: int | None = None) -> None:
        self._program = program
        self._history = history
        self.threads = threads
        parts = len(history.parts) - 1
        self._lanes = [
            _Lane(history, history.parts[mine[0] : mine[-1] + 2])
            for mine in np.array_split(np.arange(parts), min(loop.LANES, parts))
        ]

    def advance(self, ticks: int) -> None:
        """Run so many ticks of all lanes."""
        program, head = self._program, self._history.tape.head
        threads = self.threads
        if threads is None:
            threads = _processors() if ticks * len(program.ids) >= WORTH else 1
        threads = min(threads, len(self._lanes))
        if threads > 1:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(lambda lane: lane.advance(program, head, ticks), self._lanes))
        else:
            for lane in self._lanes:
                lane.advance(program, head, ticks)
        self._join()

    def _join(self) -> None:
        world = self._program.world[0]
        for lane in self._lanes:
            mine = lane.world[0]
            world["events_lost"] += mine["events_lost"]
            if mine["balance_error"] > world["balance_error"] or np.isnan(mine["balance_error"]):
                world["balance_error"] = mine["balance_error"]
                world["balance_node"] = mine["balance_node"]
        last = self._lanes[-1]
        world["n"], world["t"] = last.world[0]["n"], last.world[0]["t"]
        self._history.tape.head[:] = last.tape.head

    def events(self) -> Iterator[np.void]:
        """What the last ticks noted, lane by lane."""
        for lane in self._lanes:
            yield from lane.events[: lane.world[0]["events_n"]]


class _Lane:
    def __init__(self, history: History, parts: np.ndarray) -> None:
        tape = history.tape
        self.world = np.zeros(1, WORLD)
        self.events = np.zeros(EVENTS_MAX, EVENT)
        self.tape = tape._replace(head=tape.head.copy(), pace=np.zeros(7, "i8"))
        self._scratch = np.zeros(8, MIXTURE)
        self._parts = parts

    def advance(self, program: Program, head: np.ndarray, ticks: int) -> None:
        self.world[:] = program.world
        world = self.world[0]
        world["events"], world["events_max"] = self.events.ctypes.data, EVENTS_MAX
        world["events_n"] = world["events_lost"] = 0
        self.tape.head[:] = head
        loop.advance(
            ticks,
            self.world.ctypes.data,
            self.world,
            program.nodes,
            program.links,
            program.ins,
            program.order,
            program.controllers,
            self._parts,
            (program.node_mix, program.link_mix, program.route),
            program.class_table,
            self.events,
            self._scratch,
            self.tape,
        )


def _processors() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
