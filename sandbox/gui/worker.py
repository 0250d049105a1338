"""Drives a run by the wall clock, on a thread of its own; knows no Qt.

The window talks to it through one queue of commands, and it answers with immutable values: the
newest `Moment`, and letters (events, curves, refusals) in the order they came about.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from types import MappingProxyType
from typing import Any

from sandbox.gui.details import Details, details_of
from sandbox.gui.lookahead import Lookahead
from sandbox.gui.moments import (
    Compiled,
    Ended,
    Foretold,
    Happened,
    Letter,
    Moment,
    Query,
    Refused,
)
from sandbox.gui.pictures import picture
from sandbox.gui.rewind import Rewind
from sandbox.language import tr

_SLICE_S = 0.008  # the longest time spent in one call of the engine: what a command may wait
_FRAME_S = 0.02  # a new moment is published no more often than this
_CURVES_S = 0.03  # one plot's curves are read no more often than this
_DETAILS_S = 0.2
_MOST_DETAILED = 4  # nodes
_DEBT_S = 0.25  # the wall time that is caught up with after a stall; the rest is forgotten
_METER_S = 0.5  # the span over which the real speed is measured


class Worker:
    """Owns the run. Everything but `send`, `newest` and `letters` belongs to its own thread."""

    def __init__(self, make_run: Callable[[Any, Callable[[str], None]], Any]) -> None:
        """`make_run(document, tell)` compiles a document (a copy that nobody else changes) into a
        Run, telling what it is at."""
        self._make_run = make_run
        self._commands: SimpleQueue[tuple[str, tuple[Any, ...]]] = SimpleQueue()
        self.letters: deque[Letter] = deque()
        self.newest = Moment()
        self._run: Any = None
        self._document: Any = None
        self._number = 0  # of the open document
        self._resting: dict[int, tuple[Any, Any]] = {}  # documents of others, and their runs
        self._playing, self._speed = False, 60.0
        self._rewind: Any = None
        self._until: int | None = None
        self._forks = 0
        self._ahead = Lookahead(self._tell_forecast)
        self._stopped = False
        self._queries: tuple[Query, ...] = ()
        self._turn = 0
        self._edited_at = -1
        self._answered: dict[Query, int] = {}
        self._watched: tuple[str, ...] = ()
        self._details: tuple[float, tuple[Any, ...], Mapping[str, Details]] = (0.0, ("",), {})
        self._told = 0
        self._due = 0.0
        self._tick_s = 1e-4  # what a tick costs in wall time, measured as it goes
        self._clock = self._framed = self._read = time.perf_counter()
        self._meter = (self._clock, 0.0, 0.0)

    def send(self, command: str, *args: Any) -> None:
        """From any thread; the commands are the `_do_` methods below."""
        self._commands.put((command, args))

    def loop(self) -> None:
        """Until stopped: obey, advance by what the wall clock says, publish."""
        while not self._stopped:
            self._obey()
            if self._stopped:
                break
            self._advance()
            self._publish()

    # --- commands --------------------------------------------------------------------------------

    def _obey(self) -> None:
        """All commands that wait; when there is nothing else to do, wait for one."""
        try:
            waiting = [self._commands.get(timeout=self._idle_s())]
            while True:
                with suppress(Empty):
                    while True:
                        waiting.append(self._commands.get_nowait())
                command, args = waiting.pop(0)
                # a pointer that scrubs is faster than the moments it passes: the last one counts
                if not (command == "scrub" and waiting and waiting[0][0] == "scrub"):
                    self._one(command, args)
                if not waiting:
                    waiting = [self._commands.get_nowait()]
        except Empty:
            return

    def _idle_s(self) -> float:
        if self._run is None:
            return 0.25
        if not self._playing:
            return 0.02 if self._queries else 0.25
        if self._due >= 1 or math.isinf(self._speed):
            return 1e-4
        missing = (1 - self._due) * self._run.dt / max(self._speed, 1e-9)
        return min(max(missing, 0.001), _FRAME_S)

    def _one(self, command: str, args: tuple[Any, ...]) -> None:
        try:
            getattr(self, f"_do_{command}")(*args)
        except Exception as error:  # whatever an edit or a control brings about, the window lives
            self.letters.append(Refused(command, str(error) or type(error).__name__))
        self._framed = 0.0

    def _do_open(self, document: Any, number: int = 0) -> None:
        """Go on with the run of this document where it was left, or start one."""
        if self._run is not None:
            self._rewind.now()
            self._resting[self._number] = self._document, self._rewind
        self._number, self._until = number, None
        self._ahead.drop()
        if number not in self._resting:
            self._document = document
            self._start()
            return
        self._document, self._rewind = self._resting.pop(number)
        self._run = self._rewind.run
        self._told, self._edited_at = 0, -1
        self.letters.append(Happened((), afresh=True))
        self.newest = Moment(playing=self._playing, speed=self._speed)
        self._compiled()
        self._rewind_clock()

    def _do_forget(self, number: int) -> None:
        self._resting.pop(number, None)

    def _do_reset(self) -> None:
        self._start()

    def _do_edit(self, document: Any) -> None:
        """Go on with an edited document, or start again if it is another run altogether."""
        old, self._document = self._document, document
        if self._run is None or _begins_anew(old.scenario, document.scenario):
            self._start()
            return
        program = self._run.program
        self._rewind.now()
        self._run.edit(document)
        self._rewind.edited(document)
        self._edited_at = self._run.tick
        self._ahead.forget()
        if self._run.program is not program:
            self._compiled()

    def _start(self) -> None:
        """A run at time zero. Whatever it says, the old one is gone."""
        self._ahead.drop()
        self._run = None
        self._told, self._edited_at = 0, -1
        self._tell_progress(tr("the diagram"))
        self.letters.append(Happened((), afresh=True))
        try:
            self._run = self._make_run(self._document, self._tell_progress)
            self._rewind = Rewind(self._run, self._document)
            self._compiled()
        finally:
            self.newest = Moment(playing=self._playing, speed=self._speed)
        self._rewind_clock()

    def _tell_progress(self, at: str) -> None:
        self.newest = Moment(playing=self._playing, speed=self._speed, compiling=at)

    def _compiled(self) -> None:
        self._answered.clear()
        self._ahead.forget()
        metrics, known = {}, {}
        for node in self._run.program.ids:
            service = self._run.service(node)
            if service.id not in known:
                known[service.id] = _named(self._run.metrics(node), service.holds)
            metrics[node] = known[service.id]
        self.letters.append(Compiled(MappingProxyType(metrics)))

    def _do_play(self) -> None:
        self._do_present()
        self._playing, self._until = True, None
        self._rewind_clock()

    def _do_pause(self) -> None:
        self._playing, self._until = False, None
        self._rewind_clock()

    def _do_step(self, ticks: int) -> None:
        self._do_pause()
        if self._run is None:
            return
        if self._rewind.tick is not None:  # a step in the past shows the next moment of it
            self._rewind.go((self._rewind.tick + ticks) * self._run.dt)
            return
        self._run.advance(ticks)
        self._rewind.look()

    def _do_run_to(self, t_s: float) -> None:
        """Go on as fast as it goes, and pause at a time; one that has been is shown."""
        if self._run is None:
            raise ValueError(tr("there is no run yet; wait until it is prepared"))
        tick = round(t_s / self._run.dt)
        if tick <= self._run.tick:
            self._do_scrub(t_s)
            return
        self._do_play()
        self._until = tick

    def _do_scrub(self, t_s: float) -> None:
        """Pause, and show the moment of a time that has been."""
        if self._run is not None:
            self._do_pause()
            self._rewind.go(t_s)

    def _do_present(self) -> None:
        if self._rewind is not None:
            self._rewind.now()

    def _do_fork(self) -> None:
        """Let the run go on from the moment that is shown."""
        if self._run is None:
            return
        document = self._rewind.document
        if self._rewind.fork():
            self._run, self._document = self._rewind.run, document
            self._forks += 1
            self._edited_at = -1
            self._compiled()
            self._told = len(self._run.events)
            self.letters.append(Happened(tuple(self._run.events), afresh=True))
            self._rewind_clock()

    def _do_speed(self, times: float) -> None:
        self._speed = times
        self._rewind_clock()

    def _do_control(self, node: str | None, action: str, args: dict[str, Any]) -> None:
        if self._run is None:
            raise ValueError(tr("there is no run yet; wait until it is prepared"))
        self._do_fork()  # what is done to a moment that has been makes another future
        self._run.control(node, action, args)
        self._ahead.forget()

    def _do_watch(self, nodes: tuple[str, ...]) -> None:
        self._watched = nodes

    def _do_ask(self, queries: tuple[Query, ...]) -> None:
        if {p for q in queries for p in q.curves} != {p for q in self._queries for p in q.curves}:
            self._ahead.forget()
        self._queries, self._read = queries, 0.0
        self._answered = {query: tick for query, tick in self._answered.items() if query in queries}

    def _do_call(self, ask: Callable[[Any], Any], tell: Callable[[Any], None]) -> None:
        """Run `ask(run)` between two ticks and hand over its answer."""
        if self._run is not None:
            tell(ask(self._run))

    def _do_forecast(self, horizon_s: float | None) -> None:
        """Foretell so many seconds from now on, again whenever something changes; None ends it."""
        self._ahead.look(horizon_s)

    def _tell_forecast(self, forecast: Any) -> None:
        if isinstance(forecast, Exception):
            self.letters.append(Refused("forecast", str(forecast)))
        else:
            self.letters.append(Foretold(forecast))

    def _do_stop(self) -> None:
        self._stopped = True
        self._ahead.stop()

    # --- time ------------------------------------------------------------------------------------

    def _rewind_clock(self) -> None:
        self._clock, self._due = time.perf_counter(), 0.0
        self._meter = (self._clock, self._run.t_s if self._run is not None else 0.0, 0.0)

    def _advance(self) -> None:
        if self._run is None or not self._playing:
            return
        now = time.perf_counter()
        passed, self._clock = min(now - self._clock, _DEBT_S), now
        affordable = max(int(_SLICE_S / self._tick_s), 1)
        if math.isinf(self._speed) or self._until is not None:
            ticks = affordable
        else:
            most = max(_DEBT_S * self._speed / self._run.dt, 1.0)
            self._due = min(self._due + passed * self._speed / self._run.dt, most)
            ticks = min(int(self._due), affordable)
        ticks = min(ticks, self._until_end())
        if self._until is not None:
            ticks = min(ticks, self._until - self._run.tick)
        if ticks <= 0:
            return
        try:
            self._run.advance(ticks)
            self._rewind.look()
        except Exception as error:
            self._playing = False
            self.letters.append(Refused("advance", str(error) or type(error).__name__))
            return
        self._due = max(self._due - ticks, 0.0)
        cost = (time.perf_counter() - now) / ticks
        self._tick_s += (cost - self._tick_s) * 0.2
        self._tick_s = max(self._tick_s, 1e-7)
        if self._until is not None and self._run.tick >= self._until:
            self._do_pause()
            self._framed = 0.0
        elif self._run.tick % self._duration_ticks() == 0:
            self._do_pause()
            self._framed = 0.0
            self.letters.append(Ended(self._run.t_s))

    def _duration_ticks(self) -> int:
        return max(round(self._document.scenario.duration_s / self._run.dt), 1)

    def _until_end(self) -> int:
        """Ticks to the end of the scenario; a run that goes on beyond it stops once a length."""
        return self._duration_ticks() - self._run.tick % self._duration_ticks()

    # --- publishing ------------------------------------------------------------------------------

    def _publish(self) -> None:
        if self._run is None:
            return
        now = time.perf_counter()
        if now - self._framed >= _FRAME_S and (self._playing or self._framed == 0.0):
            self._framed = now
            self.newest = self._picture(now)
            self._tell_events()
        self._ahead.follow(self._run, self._document, self._queries, now)
        if self._queries and now - self._read >= _CURVES_S:
            self._read = now
            self._turn = (self._turn + 1) % len(self._queries)
            query = self._queries[self._turn]
            if self._answered.get(query) != self._run.tick:
                self._answered[query] = self._run.tick
                self.letters.append(query.answered(self._run))

    def _picture(self, now: float) -> Moment:
        """The run as it is; until the first tick after an edit the old values stand."""
        real = self._measured(now)
        back = self._rewind.tick is not None
        if not back and self._run.tick == self._edited_at and self.newest.ready:
            if not self.newest.looking_back:
                return replace(self.newest, playing=self._playing, speed=self._speed, real=real)
        elif not back:
            self._edited_at = -1
        shown, gauges = self._rewind.shown, self._rewind.gauges()
        made = picture(shown, gauges, self._watched, self._playing, self._speed, real)
        return replace(
            made,
            end_s=self._run.t_s,
            looking_back=back,
            then=self._rewind.document,
            forks=self._forks,
            number=self._number,
            details=self._detailed(now),
        )

    def _detailed(self, now: float) -> Mapping[str, Details]:
        """Of the few nodes that are looked into; words change no faster than they can be read."""
        shown = self._rewind.shown
        nodes = [node for node in self._watched if node in shown.program.index]
        if not nodes or len(self._watched) > _MOST_DETAILED:
            return {}
        place = (*nodes, shown.tick, id(shown.program))
        when, where, details = self._details
        same = where[:-2] == tuple(nodes)
        if where == place or (self._playing and same and now - when < _DETAILS_S):
            return details
        found = {node: details_of(shown, node) for node in nodes}
        self._details = (now, place, found)
        return found

    def _tell_events(self) -> None:
        events = self._run.events
        if len(events) != self._told:
            fresh = tuple(events[self._told :]) if len(events) > self._told else tuple(events)
            self.letters.append(Happened(fresh, afresh=len(events) < self._told))
            self._told = len(events)

    def _measured(self, now: float) -> float:
        """Simulated seconds per second of wall time, over the last half second."""
        since, t_s, speed = self._meter
        if not self._playing:
            return 0.0
        if now - since >= _METER_S:
            speed = (self._run.t_s - t_s) / (now - since)
            self._meter = (now, self._run.t_s, speed)
        return speed


def _named(infos: tuple[Any, ...], holds: str) -> tuple[Any, ...]:
    """A table has partitions, not instances: metrics in the words of what the node holds."""
    return tuple(
        replace(info, title=holds.capitalize()) if info.name == "instances" and holds else info
        for info in infos
    )


def _begins_anew(old: Any, new: Any) -> bool:
    """Whether a scenario differs in what is settled at the start of a run."""
    settled = ("start", "tick_s", "seed", "history_days")
    return any(getattr(old, name) != getattr(new, name) for name in settled)
