"""A run: a document brought to life, advanced by ticks, controlled, edited, snapshotted."""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sandbox.document.document import Document
from sandbox.document.records import LinkId, Scenario
from sandbox.engine import series as curves
from sandbox.engine.before import live_through
from sandbox.engine.carry import adopt, retune
from sandbox.engine.compile import Program
from sandbox.engine.controls import Control, apply
from sandbox.engine.dials import FaultNow
from sandbox.engine.drawn import epoch_of
from sandbox.engine.errors import EngineError
from sandbox.engine.faults import BEGINS, ENDS
from sandbox.engine.figures import Figure
from sandbox.engine.guards import retrying
from sandbox.engine.history import KEPT, ROWS, History, MetricInfo, now_quantile
from sandbox.engine.lanes import Lanes
from sandbox.engine.notes import LOSS_BEGINS, LOSS_ENDS, WORDS
from sandbox.services.contract import Service
from sandbox.services.law import MODES
from sandbox.services.registry import Catalogue

NEAT_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400)
CHUNK = 100_000  # ticks between two looks at controls and events at the most


@dataclass(frozen=True, slots=True)
class EventRecord:
    """Something that happened: when, where, its kind, in words with the numbers that caused it."""

    t_s: float
    node: str
    kind: str
    text: str
    severity: str = "info"


@dataclass(frozen=True, slots=True)
class LinkNow:
    """What a link carries: attempts/s, and the shares of calls by outcome.

    Where the caller guards its calls: those attempts that are retries (1/s), the calls that wait
    for another attempt, and whether the circuit breaker is open.
    """

    flow_per_s: float
    ok: float
    throttled: float
    rejected: float
    failed: float
    timed_out: float
    mode: str
    retried_per_s: float = 0.0
    waiting: float = 0.0
    breaker_open: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole state of a run at the end of a tick."""

    program: Program
    memory: tuple[np.ndarray, ...]
    tape: tuple[np.ndarray, ...]
    events: int
    announced: int


class Run:
    """A document under a scenario, at rest at its present tick.

    `every_s` is the recording interval for a run of known length (None: at most 10,000 rows);
    `window` keeps the newest ticks one by one and joins older rows instead.  `threads` advance
    unconnected parts side by side, as many as there are processors unless told; results are the
    same with any number.  Raises EngineError, naming the node or link, if the document cannot be
    run.  To be used by one thread at a time.
    """

    def __init__(
        self,
        document: Document,
        catalogue: Catalogue,
        scenario: Scenario | None = None,
        *,
        every_s: float | None = None,
        window: bool = False,
        threads: int | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.scenario = scenario or document.scenario
        self.program = Program(document, catalogue, self.scenario)
        self.dt = self.scenario.tick_s
        self._epoch = epoch_of(self.scenario.start)
        self.controls: list[Control] = []
        self.events: list[EventRecord] = []
        self._replay: list[tuple[int, int, Control]] = []
        self._order = itertools.count()
        self._window = window
        self._every = self._ticks_a_row(every_s)
        self._threads = threads
        self.record(self._new_history())
        self._foretold = self._foretell()
        self._announced = 0
        for node in self.program.skipped:
            self.say(node, "skipped", "is of an unknown service and is left out", "warning")
        for text in self.program.schedule.ignored:
            self.say("", "skipped", text, "warning")
        live_through(self.program)
        self._advance(0)  # compiles the loop, if that was never done on this machine

    # ------------------------------------------------------------------ time

    @property
    def tick(self) -> int:
        return int(self.program.world[0]["n"])

    @property
    def t_s(self) -> float:
        """Seconds since the start, at the end of the last tick."""
        return self.tick * self.dt

    def advance(self, ticks: int) -> None:
        """Run this many ticks; other threads go on meanwhile."""
        until = self.tick + ticks
        while self.tick < until:
            while self._replay and self._replay[0][0] <= self.tick:
                self._apply(heapq.heappop(self._replay)[2])
            stop = min(until, self._replay[0][0]) if self._replay else until
            if not self.history.room():
                self.history.make_room()
            self._advance(min(stop - self.tick, self.history.room(), CHUNK))

    def _advance(self, ticks: int) -> None:
        self.lanes.advance(ticks)
        self._collect()

    # ------------------------------------------------------------------ controls and edits

    def control(self, node: str | None, action: str, args: Mapping[str, Any] | None = None) -> str:
        """Do something now; it is logged with the present time. Returns what happened, in words.

        Raises EngineError if there is no such node or action, or the action is refused.
        """
        control = Control(self.t_s, node, action, dict(args or {}))
        text = self._apply(control)
        return text

    def replay(self, controls: list[Control]) -> None:
        """Schedule logged controls for their own times."""
        for control in controls:
            at = max(self.tick, round(control.t_s / self.dt))
            heapq.heappush(self._replay, (at, next(self._order), control))

    def _apply(self, control: Control) -> str:
        text = apply(self, control)
        self.controls.append(replace(control, t_s=self.t_s))
        return text

    def edit(self, document: Document) -> None:
        """Go on with an edited document; nodes that remain keep what they hold.

        Logged whole, so that a run played by hand replays exactly.
        """
        from sandbox.document.file import dump

        self.rebuild(document)
        text = dump(document, self.catalogue).decode()
        self.controls.append(Control(self.t_s, None, "document", {"document": text}))

    def record(self, history: History) -> None:
        """Record in this history of the program from here on."""
        self.history = history
        self.lanes = Lanes(self.program, history, self._threads)

    def rebuild(self, document: Document) -> None:
        scenario = replace(
            document.scenario,
            tick_s=self.scenario.tick_s,
            seed=self.scenario.seed,
            start=self.scenario.start,
        )
        if retune(self.program, document, scenario):
            return
        program = Program(document, self.catalogue, scenario)
        held = adopt(program, self.program)
        self.program, self.scenario, old = program, scenario, self.history
        self.record(self._new_history())
        if self._window:
            self.history.adopt(old)
        else:
            self.history.started = self.tick
        self._foretold = [f for f in self._foretell() if f[0] >= self.t_s]
        self._announced = 0
        for node, amount in held.items():
            self.say(node, "moved", f"removed with {amount:,.0f} waiting or in flight", "warning")

    # ------------------------------------------------------------------ reading

    def metrics(self, node: str) -> tuple[MetricInfo, ...]:
        """What is recorded of a node."""
        return self.history.metrics[node]

    def service(self, node: str) -> Service:
        return self.program.services[self.program.index[node]]

    def now(self, node: str) -> dict[str, float]:
        """The values of the last tick by metric; percentiles are solved here."""
        tape, history = self.history.tape, self.history
        row = self.program.nodes[self.program.index[node]]
        found = {}
        for info in history.metrics[node]:
            if info.quantile is None:
                found[info.name] = float(tape.now[history.columns[node, info.name]])
            elif not info.own:
                found[info.name] = now_quantile(row["latency"], info.quantile)
        return found

    def losses(self, node: str) -> dict[str, tuple[float, float, str]]:
        """Causes of loss: present rate/s, total so far, and the cause in words."""
        i = self.program.index[node]
        row = self.program.nodes[i]
        return {
            cause.name: (float(row["loss"][c]), float(row["loss_total"][c]), cause.text)
            for c, cause in enumerate(self.program.services[i].losses)
        }

    def faults(self) -> tuple[FaultNow, ...]:
        """Faults scheduled and injected, those under way and over as well as those to come."""
        return self.program.schedule.now(self.t_s)

    def links_now(self) -> dict[LinkId, LinkNow]:
        """What each link carried in the last tick."""
        found = {}
        for j, (link_id, row) in enumerate(
            zip(self.program.link_ids, self.program.links, strict=True)
        ):
            guard = self.program.guards.get(j)
            found[link_id] = LinkNow(
                float(row["reads"] + row["writes"]),
                float(row["ok"]),
                float(row["throttled"]),
                float(row["rejected"]),
                float(row["failed"]),
                float(row["timed_out"]),
                "standby" if j in self.program.standing_by else MODES[row["mode"]],
                *((0.0, 0.0, False) if guard is None else retrying(guard)),
            )
        return found

    def series(
        self,
        node: str,
        metric: str,
        t0: float | None = None,
        t1: float | None = None,
        points: int = 700,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """(t, mean, least, greatest) between two times, f8."""
        begin = max(0.0 if t0 is None else t0, self.history.origin_s)
        return curves.curve(
            self.history, node, metric, begin, self.t_s if t1 is None else t1, points
        )

    def total(
        self, metric: str, t0: float = 0.0, points: int = 700, t1: float | None = None
    ) -> curves.Curve:
        """(t, sum, sum, sum) of a metric over all nodes between two times, f8."""
        return curves.total(self.history, metric, t0, self.t_s if t1 is None else t1, points)

    @property
    def balance_error(self) -> float:
        """Worst relative error of the balance of any node in any tick."""
        return float(self.program.world[0]["balance_error"])

    @property
    def balance_node(self) -> str:
        """Where it was."""
        ids = self.program.ids
        return ids[int(self.program.world[0]["balance_node"])] if ids else ""

    @property
    def cost_usd(self) -> float:
        return float(self.program.nodes["cost_total"].sum())

    # ------------------------------------------------------------------ snapshots

    def snapshot(self) -> Snapshot:
        """The whole state, to come back to."""
        return Snapshot(
            self.program,
            tuple(a.copy() for a in self.program.memory),
            tuple(a.copy() for a in self.history.tape.unfinished()),
            len(self.events),
            self._announced,
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a snapshot of the same program. Raises EngineError after an edit since."""
        if snapshot.program is not self.program:
            raise EngineError("the diagram was edited since this snapshot; start the run again")
        if snapshot.tape[0][0] != self.history.tape.head[0]:
            raise EngineError("older rows were joined since this snapshot; take one more often")
        for array, saved in zip(self.program.memory, snapshot.memory, strict=True):
            array[...] = saved
        for array, saved in zip(self.history.tape.unfinished(), snapshot.tape, strict=True):
            array[...] = saved
        self.program.schedule.count = int(self.program.world[0]["faults_n"])
        del self.events[snapshot.events :]
        self._announced = snapshot.announced

    # ------------------------------------------------------------------ inside

    def _ticks_a_row(self, every_s: float | None) -> int:
        if every_s is not None:
            if every_s < self.dt or abs(every_s / self.dt - round(every_s / self.dt)) > 1e-6:
                raise EngineError(
                    f"the recording interval {every_s:g} s must be a multiple of the tick "
                    f"({self.dt:g} s)"
                )
            # one row for the whole run is as long as a row can be
            longest = math.ceil(self.scenario.duration_s / self.dt)
            return min(round(every_s / self.dt), longest)
        if self._window:
            return 1
        ticks = math.ceil(self.scenario.duration_s / self.dt)
        # a length that people think in, and that divides a minute, an hour or a day
        lengths = [n for n in map(self._ticks_of, NEAT_S) if n and n * ROWS >= ticks]
        return lengths[0] if lengths else math.ceil(ticks / ROWS)

    def _ticks_of(self, seconds: float) -> int:
        """Ticks of so many seconds; 0 if it is not a whole number of them."""
        ticks = round(seconds / self.dt)
        return ticks if abs(ticks * self.dt - seconds) < 1e-9 else 0

    def _new_history(self) -> History:
        ticks = math.ceil(self.scenario.duration_s / self.dt)
        rows = KEPT if self._window else ticks // self._every + 2
        return History(self.program, self._every, rows, window=self._window)

    def _foretell(self) -> list[tuple[float, str, str, str]]:
        found = []
        for i, service in enumerate(self.program.services):
            if service.foretell:
                setup = self.program.setups[i]
                for t, kind, text in service.foretell(self.program.params[i], setup):
                    found.append((float(t), self.program.ids[i], kind, text))
        return sorted(found)

    def say(self, node: str, kind: str, text: str, severity: str = "info") -> None:
        self.events.append(EventRecord(self.t_s, node, kind, text, severity))

    def _collect(self) -> None:
        """Put the compiled loop's events, and those known beforehand, into words."""
        world = self.program.world[0]
        fresh = [self._worded(event) for event in self.lanes.events()]
        while self._announced < len(self._foretold):
            t, node, kind, text = self._foretold[self._announced]
            if t > self.t_s:
                break
            fresh.append(EventRecord(t, node, kind, text))
            self._announced += 1
        fresh.sort(key=lambda e: e.t_s)
        if world["events_lost"]:
            lost = int(world["events_lost"])
            fresh.append(
                EventRecord(self.t_s, "", "events", f"{lost} more events were not kept", "warning")
            )
            world["events_lost"] = 0
        self.events += fresh

    def _worded(self, event: Any) -> EventRecord:
        i, kind, t = int(event["node"]), int(event["kind"]), float(event["t"])
        service, node = self.program.services[i], self.program.ids[i]
        x = [float(v) for v in event["x"]]
        if kind in WORDS:
            name, text, severity = WORDS[kind]
            to = self.program.link_records[int(x[0])].target
            return EventRecord(t, node, name, text.format(*x, to=f"'{to}'"), severity)
        if kind in (BEGINS, ENDS):
            return EventRecord(t, node, *self.program.schedule.worded(event))
        if kind <= LOSS_ENDS:
            cause = service.losses[LOSS_ENDS - kind]
            text = f"No longer {_verb(cause.kind)}: {cause.text} ({x[0]:,.0f} in all so far)"
            return EventRecord(t, node, f"{cause.kind}_ended", text)
        if kind < 0:
            cause = service.losses[LOSS_BEGINS - kind]
            text = f"{_verb(cause.kind).capitalize()} {x[0]:,.4g}/s of {x[1]:,.4g}/s: {cause.text}"
            return EventRecord(t, node, cause.kind, text, "warning")
        declared = service.events[kind]
        text = declared.text.format(*(Figure.at(v, self._epoch) for v in x))
        return EventRecord(t, node, declared.name, text, declared.severity)


def _verb(kind: str) -> str:
    return {"timed_out": "timed out", "moved": "moved away"}.get(kind, kind)
