"""One run of a diagram, headless: what `sandbox run` and `from sandbox import run` do."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.document.document import Document
from sandbox.document.edits import set_params
from sandbox.document.file import load as open_document
from sandbox.document.records import Fault, Scenario
from sandbox.document.scenario import scenario_problems

from . import assertions as held
from . import controls as log
from . import trace as traces
from .errors import InputError
from .faults import apply as apply_faults
from .quantities import seconds
from .records import Records
from .result import Loss, Node, Result

if TYPE_CHECKING:
    from sandbox.engine.controls import Control
    from sandbox.engine.run import Run as EngineRun
    from sandbox.services.registry import Catalogue

# Ticks between two looks at the keyboard and the progress bar are so many node-ticks. It depends
# on the diagram alone: not on the clock, which no result may depend on.
NODE_TICKS = 20_000

PathLike = str | Path
Load = PathLike | traces.Trace


def run(
    diagram: Document | PathLike,
    *,
    duration_s: float | str | None = None,
    tick_s: float | str | None = None,
    load: float | None = None,
    seed: int | None = None,
    every_s: float | str | None = None,
    trace: Load | Mapping[str, Load] | Sequence[str] | None = None,
    settings: Mapping[str, Any] | Iterable[str] = (),
    assertions: Iterable[str] = (),
    replay: PathLike | Sequence[Control] | None = None,
    faults: Iterable[str | Fault] = (),
    services: Sequence[PathLike] = (),
    scenario: Scenario | None = None,
    catalogue: Catalogue | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Run a diagram, given as a document or its file, and return what came of it.

    What is not given is the scenario's, which is the document's own unless given.  Times are
    seconds, or text such as "24h".  ``every_s`` is the recording interval (at most 10,000 rows
    otherwise); ``trace`` a recorded load (`"load.csv"`, `"web=load.csv"` or `{"web": "load.csv"}`)
    that also sets start and length; ``settings`` such as `{"web.max_size": 12}` or
    `["web.max_size=12"]`; ``faults`` besides the scenario's own, such as
    `["kind=error_rate target=web start=10m end=20m amount=0.2"]`; ``assertions`` such as
    `"p99(api) < 250ms"`; ``replay`` a control log; ``services`` folders of a person's own services;
    ``progress`` is called with (ticks done, ticks).  Same document, scenario and seed give the same
    result.

    Raises InputError, FileError, PluginError or EngineError with one line that helps.
    """
    from sandbox.engine.prepare import beforehand
    from sandbox.engine.run import Run
    from sandbox.services.registry import catalogue as services_of

    catalogue = catalogue or services_of(*services)
    document = diagram if isinstance(diagram, Document) else open_document(diagram, catalogue)
    name = document.name or ("" if isinstance(diagram, Document) else Path(diagram).stem)
    if scenario is not None:
        document = _with_scenario(document, scenario)
    document = _with_traces(document, _traces(trace, document), catalogue)
    document = _with_settings(document, settings, catalogue)
    given = {
        "duration_s": None if duration_s is None else seconds(duration_s),
        "tick_s": None if tick_s is None else seconds(tick_s),
        "load": load,
        "seed": seed,
    }
    document = _with_scenario(document, _scenario(document.scenario, given))
    if struck := list(faults):
        document = apply_faults(document, struck, catalogue)
    controls = log.load(replay) if isinstance(replay, (str, Path)) else list(replay or ())

    used = {node.service for node in document.nodes.values()}
    beforehand([catalogue[one] for one in sorted(used) if one in catalogue], lambda *_: None)
    engine = Run(document, catalogue, every_s=None if every_s is None else seconds(every_s))
    if not engine.program.ids:
        raise InputError(f"{name or 'the diagram'} has no services to run; place some first")
    wanted = held.parse(assertions, engine.history.metrics)
    ticks = math.ceil(engine.scenario.duration_s / engine.dt - 1e-9)
    played = _Player(engine, controls)
    begin = time.perf_counter()
    played.play(ticks, progress)
    result = played.result(name, ticks, time.perf_counter() - begin)
    return replace(
        result,
        assertions=tuple(held.judge(one, result) for one in wanted),
        warnings=_done_without(document, engine),
    )


def _done_without(document: Document, engine: EngineRun) -> tuple[str, ...]:
    skipped = [
        f"'{node}' is of an unknown service and is left out" for node in engine.program.skipped
    ]
    wrong = scenario_problems(document, catalogue=engine.catalogue)
    found = [text for severity, _, text, _ in wrong if severity == "warning"]
    return (*skipped, *found)


class _Player:
    """Advances a run to its end, and keeps what an edit in the control log would start afresh."""

    def __init__(self, engine: EngineRun, controls: Sequence[Control]) -> None:
        self.engine = engine
        self.histories = [engine.history]
        self.nodes: dict[str, Node] = {}
        self.losses: dict[str, dict[str, Loss]] = {}
        self._edits = sorted({round(c.t_s / engine.dt) for c in controls if c.action == "document"})
        engine.replay(list(controls))

    def play(self, ticks: int, progress: Callable[[int, int], None] | None) -> None:
        chunk = max(1, NODE_TICKS // len(self.engine.program.ids))
        stops = [*(tick for tick in self._edits if tick < ticks), ticks]
        for stop in stops:
            while self.engine.tick < stop:
                self.engine.advance(min(chunk, stop - self.engine.tick))
                if progress:
                    progress(self.engine.tick, ticks)
                self._keep()
            self._note()

    def _keep(self) -> None:
        if self.engine.history is not self.histories[-1]:
            self.histories.append(self.engine.history)

    def _note(self) -> None:
        """Take down what is only known of nodes while they are there."""
        program = self.engine.program
        for node, service, record in zip(
            program.ids, program.services, program.records, strict=True
        ):
            self.nodes[node] = Node(node, record.label, service.id, service.title, service.source)
            kinds = {cause.name: cause.kind for cause in service.losses}
            self.losses[node] = {
                cause: Loss(kinds[cause], total, text)
                for cause, (_, total, text) in self.engine.losses(node).items()
            }

    def result(self, name: str, ticks: int, wall_s: float) -> Result:
        engine = self.engine
        asked, took = engine.scenario.duration_s, ticks * engine.dt
        return Result(
            diagram=name,
            scenario=engine.scenario,
            ticks=ticks,
            duration_s=asked if abs(asked - took) < 1e-6 * engine.dt else took,
            wall_s=wall_s,
            balance_error=engine.balance_error,
            balance_node=engine.balance_node,
            nodes=dict(sorted(self.nodes.items())),
            records=Records(self.histories),
            losses=dict(sorted(self.losses.items())),
            # stable: what one node says of one moment stays in the order it was said
            events=tuple(sorted(engine.events, key=lambda event: (event.t_s, event.node))),
            controls=tuple(engine.controls),
        )


# ---------------------------------------------------------------- the document as it is run


def _with_scenario(document: Document, scenario: Scenario) -> Document:
    from sandbox.document.edits import set_attribute

    changed = document.copy()
    changed.apply(set_attribute(changed, "scenario", scenario))
    return changed


def _scenario(scenario: Scenario, given: Mapping[str, Any]) -> Scenario:
    found = {name: value for name, value in given.items() if value is not None}
    if "load" in found and not 0 <= found["load"] <= 1e6:
        raise InputError(f"a load of {found['load']:g} cannot be; it is from 0 to 1,000,000")
    scenario = replace(scenario, **found)
    if not scenario.duration_s > 0:
        raise InputError("a run must take more than 0 s; say how long, such as --for 24h")
    return scenario


def _with_settings(
    document: Document, given: Mapping[str, Any] | Iterable[str], catalogue: Catalogue
) -> Document:
    from .settings import apply

    if isinstance(given, Mapping):
        given = [f"{name}={_text(value)}" for name, value in given.items()]
    texts = list(given)
    return apply(document, texts, catalogue) if texts else document


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _traces(given: Any, document: Document) -> list[tuple[str | None, traces.Trace]]:
    """(node or None, trace) of what was asked for; ``NODE=FILE`` names a node of the document."""
    if given is None:
        return []
    if isinstance(given, traces.Trace):
        return [(None, given)]
    if isinstance(given, Mapping):
        return [
            (node, item if isinstance(item, traces.Trace) else traces.load(item))
            for node, item in given.items()
        ]
    texts = [given] if isinstance(given, (str, Path)) else list(given)
    found: list[tuple[str | None, traces.Trace]] = []
    for text in map(str, texts):
        node, equals, path = text.partition("=")
        named = bool(equals) and (node in document.nodes or not Path(text).is_file())
        found.append((node, traces.load(path)) if named else (None, traces.load(text)))
    return found


def _with_traces(
    document: Document, given: list[tuple[str | None, traces.Trace]], catalogue: Catalogue
) -> Document:
    """A copy whose sources send recorded loads; start and length become those of the earliest
    and of all."""
    if not given:
        return document
    sources = [
        node.id
        for node in document.nodes.values()
        if node.service in catalogue
        and catalogue[node.service].source
        and "trace" in catalogue[node.service].params.model_fields
    ]
    epochs = [trace.start_epoch for _, trace in given if trace.start_epoch is not None]
    first = min(epochs, default=None)
    params: dict[str, dict[str, Any]] = {}
    length = 0.0
    for node, trace in given:
        chosen = _source(node, sources)
        if chosen in params:
            raise InputError(f"two traces are to drive '{chosen}'; give one to each source")
        offset = 0.0 if trace.start_epoch is None or first is None else trace.start_epoch - first
        params[chosen] = traces.as_params(trace, offset)
        length = max(length, offset + trace.duration_s)
    starts = {trace.start_epoch: trace.start for _, trace in given}
    changed = document.copy()
    changed.apply(set_params(changed, params))
    start = starts[first] if first is not None else None
    scenario = replace(document.scenario, duration_s=length, start=start or document.scenario.start)
    return _with_scenario(changed, scenario)


def _source(node: str | None, sources: list[str]) -> str:
    known = ", ".join(sources) or "none"
    if node is not None:
        if node not in sources:
            raise InputError(f"a trace drives a source, and '{node}' is none; there are {known}")
        return node
    if len(sources) != 1:
        raise InputError(
            f"the diagram has {len(sources) or 'no'} sources of load; name the one that the trace "
            f"drives: --trace {sources[0]}=load.csv (there are {known})"
            if sources
            else "the diagram has no source for a trace to drive; place clients first"
        )
    return sources[0]
