"""Any moment of a run can be shown again, and gone on from: it is the same to the last bit."""

from __future__ import annotations

import numpy as np
import pytest

from sandbox.assets import asset
from sandbox.document.document import Document
from sandbox.document.edits import delete, place, set_params
from sandbox.document.file import load
from sandbox.engine import Run
from sandbox.engine.errors import EngineError
from sandbox.engine.past import Past
from sandbox.services import catalogue

pytestmark = pytest.mark.timeout(600)
NAMES = ("web-shop", "zone-outage", "queue-decouples", "retry-storm", "hot-shard")
every_example = pytest.mark.parametrize("name", NAMES)


def example(name: str) -> Document:
    return load(asset(f"examples/{name}.json"), catalogue())


def bits(run: Run) -> bytes:
    """All that nodes and links hold, but for where it lies in memory."""
    program = run.program
    named = [n for n in program.nodes.dtype.names if n not in ("step", "control", "p", "s",
             "cells", "table")]  # fmt: skip
    linked = [n for n in program.links.dtype.names if n not in ("p_source", "p_target", "guard")]
    parts = [program.nodes[n].tobytes() for n in named] + [
        program.links[n].tobytes() for n in linked
    ]
    for held in program.places:
        parts += [held.p.tobytes(), held.s.tobytes(), held.cells.tobytes()]
    return b"".join(parts)


def played(doc: Document, ticks: int, *, stop: int = 137) -> tuple[Run, Past, dict[int, bytes]]:
    """A run with its past, controlled on the way, and what it was at some ticks."""
    run = Run(doc, catalogue(), window=True)
    past, seen = Past(run, doc.copy()), {}
    while run.tick < ticks:
        if run.tick == 5 * stop:
            run.control(None, "load", {"factor": 2.5})
        if run.tick == 9 * stop:
            node = run.program.ids[-1]
            fault = {"kind": "error_rate", "target": node, "amount": 0.3, "duration_s": 400.0}
            if not run.service(node).source:
                run.control(None, "fault", fault)
        run.advance(min(stop, ticks - run.tick))
        past.look()
        seen[run.tick] = bits(run)
    return run, past, seen


@every_example
def test_any_moment_is_shown_as_it_was(name: str) -> None:
    run, past, seen = played(example(name), 3000)
    present = bits(run)
    for tick in [2740, 137, 1370, 1507, 411, 2877, 3000]:
        assert bits(past.at(tick)) == seen[tick], tick
    assert bits(run) == present
    assert run.tick == 3000


@every_example
def test_a_run_that_goes_on_from_a_moment_repeats_what_was_bit_for_bit(name: str) -> None:
    run, past, seen = played(example(name), 3000)
    node = run.program.ids[0]
    before = [x.copy() for x in run.series(node, "arrivals", 0.0, 1233.0)]
    events = [event for event in run.events if event.t_s < 1233.0]
    forked = past.fork(1233)
    assert forked.tick == 1233
    assert past.run is forked
    assert [c.json() for c in forked.controls] == [c.json() for c in run.controls if c.t_s < 1233.0]
    assert [e for e in forked.events if e.t_s < 1233.0] == events
    for mine, theirs in zip(forked.series(node, "arrivals", 0.0, 1233.0), before, strict=True):
        assert np.array_equal(mine, theirs)
    again = Run(example(name), catalogue(), window=True)
    again.replay(list(forked.controls))
    for ticks in (1233, 500):
        again.advance(ticks - (0 if ticks == 500 else forked.tick - 1233))
        if ticks == 500:
            forked.advance(500)
            past.look()
        assert bits(forked) == bits(again), ticks
    assert bits(past.at(274)) == seen[274]


def test_a_moment_before_an_edit_has_the_document_of_then() -> None:
    doc = example("web-shop")
    run, past, seen = played(doc, 1370)
    first = doc.copy()
    group = next(n for n, node in doc.nodes.items() if node.service == "auto_scaling_group")
    doc.apply(set_params(doc, {group: {"max_size": 5}}))
    run.edit(doc.copy())
    past.edited(doc.copy())
    run.advance(200)
    past.look()
    doc.apply(place(doc, "sqs", 0.0, 0.0))
    doc.apply(delete(doc, [group]))
    run.edit(doc.copy())
    past.edited(doc.copy())
    run.advance(300)
    past.look()
    assert run.tick == 1870
    assert past.document_at(1370).nodes == first.nodes
    assert past.document_at(1371).nodes[group].params["max_size"] == 5
    assert group not in past.document_at(1571).nodes
    assert bits(past.at(1233)) == seen[1233]
    assert past.at(1500).program.params[past.at(1500).program.index[group]].max_size == 5
    forked = past.fork(1400)
    assert group in forked.program.index
    forked.advance(100)
    again = Run(first, catalogue(), window=True)
    again.replay(list(forked.controls))
    again.advance(1500)
    assert bits(again) == bits(forked)


def test_few_snapshots_are_kept_however_long_and_however_often_edited() -> None:
    doc = example("queue-decouples")
    run = Run(doc, catalogue(), window=True)
    past, seen = Past(run, doc.copy()), {}
    queue = next(n for n, node in doc.nodes.items() if node.service == "sqs")
    for turn in range(600):
        run.advance(97)
        past.look()
        if turn % 50 == 10:
            seen[run.tick] = bits(run)
        if turn < 300:
            doc.apply(set_params(doc, {queue: {"visibility_timeout_s": 30.0 + turn}}))
            run.edit(doc.copy())
            past.edited(doc.copy())
    assert len(past._stills) <= 192
    for tick, was in seen.items():
        assert bits(past.at(tick)) == was


def test_there_is_no_moment_that_has_not_been() -> None:
    _run, past, _ = played(example("web-shop"), 137)
    with pytest.raises(EngineError, match="there is no tick 138 yet"):
        past.at(138)
    assert past.at(0).t_s == 0.0
    forked = past.fork(0)
    assert forked.tick == 0
    assert forked.events == Run(example("web-shop"), catalogue(), window=True).events
