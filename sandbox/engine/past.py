"""Every moment of a run so far: snapshots kept sparsely, and a replay from the nearest.

The run itself goes on undisturbed: a moment is brought about in a second run of the same document
(a stand-in), which takes the snapshot's state to the last bit and repeats the controls since then.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass

from sandbox.document.document import Document
from sandbox.document.records import Fault, Scenario
from sandbox.engine.carry import take
from sandbox.engine.errors import EngineError
from sandbox.engine.history import KEPT, History
from sandbox.engine.run import Run, Snapshot

FIRST_GAP = 256  # ticks between two snapshots, doubled whenever there are too many
MOST = 192  # snapshots
MEMORY = 384 * 2**20  # bytes of all of them at the most


@dataclass(slots=True)
class _Part:
    """The run from one edit of the document to the next."""

    begin: int
    document: Document
    scenario: Scenario
    stand_in: Run | None = None


@dataclass(frozen=True, slots=True)
class Still:
    """A run at the end of a tick: a snapshot, and what of the run is not in it."""

    tick: int
    snapshot: Snapshot
    faults: tuple[Fault, ...]
    controls: int


def still_of(run: Run) -> Still:
    """The present moment of a run."""
    faults = tuple(run.program.schedule.records)
    return Still(run.tick, run.snapshot(), faults, len(run.controls))


def stand(run: Run, still: Still) -> None:
    """Bring a run to a moment of another run of the same document, to the last bit.

    Its recorder, which must keep the same metrics, begins afresh there.
    """
    program, tape = run.program, run.history.tape
    take(program, still.snapshot.memory)
    program.schedule.records[:] = still.faults
    program.schedule.count = int(program.world[0]["faults_n"])
    for mine, theirs in zip(tape.unfinished(), still.snapshot.tape, strict=True):
        if mine is not tape.head:
            mine[...] = theirs
    tape.pending[:] = 0.0
    tape.bucket_latency[:] = 0.0
    tape.head[1] = tape.head[2] = tape.head[4] = 0
    run.events, run.controls, run._replay = [], [], []
    run._announced = sum(1 for told in run._foretold if told[0] <= run.t_s)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A moment, and the part of the run that it is in."""

    part: _Part
    still: Still

    @property
    def tick(self) -> int:
        return self.still.tick


class Past:
    """Follows a run: `look` after every advance, `edited` after every edit."""

    def __init__(self, run: Run, document: Document) -> None:
        """`run` keeps its history as a window does; `document` is a copy that nobody changes."""
        self._run = run
        self._gap = FIRST_GAP
        self._parts = [_Part(run.tick, document, run.scenario)]
        self._stills: list[_Kept] = []
        self._keep()

    @property
    def run(self) -> Run:
        """The run that is followed; another one after a fork."""
        return self._run

    def look(self) -> None:
        """Keep a snapshot, if it is time for one."""
        if self._run.tick - self._stills[-1].tick >= self._gap:
            self._keep()

    def edited(self, document: Document) -> None:
        """The run goes on with another document from here."""
        if self._parts[-1].begin == self._run.tick:  # nothing has run in between
            part = self._parts.pop()
            self._stills = [still for still in self._stills if still.part is not part]
        self._parts.append(_Part(self._run.tick, document, self._run.scenario))
        self._keep()

    # ------------------------------------------------------------------ going back

    def document_at(self, tick: int) -> Document:
        """The document as the run had it in a tick."""
        return self._part(self._checked(tick)).document

    def at(self, tick: int) -> Run:
        """A run that stands at this tick, with all controls and edits until then.

        It is good until the next call. Raises EngineError for a tick that has not been.
        """
        return self._replayed(self._checked(tick))[0]

    def fork(self, tick: int) -> Run:
        """The run as it was at this tick, to go on from: what came after is forgotten.

        It repeats the prefix bit for bit. The old run must not be used any more.
        """
        tick, old = self._checked(tick), self._run
        part = self._part(tick)
        while True:
            # rows are kept whole, so the one in which the tick lies is recorded again
            length = int(old.history.tape.head[0])
            run, still = self._replayed(tick // length * length)
            history = History(run.program, 1, KEPT, window=True)
            history.adopt(old.history)
            if history.cut(tick) == run.tick:  # else rows had to be joined to make room
                break
        history.tape.now[:] = run.history.tape.now
        history.tape.latency[:] = run.history.tape.latency
        run.record(history)
        run._window, run._every = True, 1
        controls = old.controls[: max(still.controls, self._controls_before(tick))]
        run.replay(controls[max(still.controls, self._controls_before(run.tick)) :])
        run.advance(tick - run.tick)
        run.controls = controls
        run.events = old.events[: still.snapshot.events] + run.events
        for one in self._parts:
            one.stand_in = None
        del self._parts[self._parts.index(part) + 1 :]
        self._stills = [s for s in self._stills if s.tick <= tick and s.part in self._parts]
        self._run = run
        return run

    # ------------------------------------------------------------------ inside

    def _checked(self, tick: int) -> int:
        if not 0 <= tick <= self._run.tick:
            raise EngineError(
                f"the run has been from tick 0 to {self._run.tick:,}; there is no tick {tick:,} yet"
            )
        return tick

    def _part(self, tick: int) -> _Part:
        """An edit acts from the tick on in which it was made."""
        return next((p for p in reversed(self._parts) if p.begin < tick), self._parts[0])

    def _controls_before(self, tick: int) -> int:
        ticks = [round(control.t_s / self._run.dt) for control in self._run.controls]
        return bisect_left(ticks, tick)

    def _keep(self) -> None:
        kept = _Kept(self._parts[-1], still_of(self._run))
        self._stills.append(kept)
        size = sum(array.nbytes for array in kept.still.snapshot.memory)
        if len(self._stills) > max(4, min(MOST, MEMORY // max(1, size))):
            self._thin()

    def _thin(self) -> None:
        """Half as many; where an edit left none, the replay makes the edit again."""
        self._gap *= 2
        self._stills = [s for i, s in enumerate(self._stills) if i % 2 == 0]

    def _replayed(self, tick: int) -> tuple[Run, Still]:
        """A stand-in at this tick, with the events since the snapshot it was brought about from."""
        earlier = bisect_left([kept.tick for kept in self._stills], tick)
        kept = self._stills[max(0, earlier - 1)]
        part, still = kept.part, kept.still
        run = self._stand_in(part)
        stand(run, still)
        controls = self._run.controls[still.controls : self._controls_before(tick)]
        if any(control.action == "document" for control in controls):
            part.stand_in = None  # it becomes a run of another document
        run.replay(controls)
        run.advance(tick - run.tick)
        return run, still

    def _stand_in(self, part: _Part) -> Run:
        """A run of the document of a part; there is one at a time."""
        if part.stand_in is None:
            scenario = part.scenario
            length = math.ceil(scenario.duration_s / scenario.tick_s) * scenario.tick_s
            run = Run(part.document, self._run.catalogue, scenario, every_s=length)
            for other in self._parts:
                other.stand_in = None
            part.stand_in = run
        return part.stand_in
