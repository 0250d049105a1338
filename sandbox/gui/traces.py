"""A recorded load put into the open diagram: read, stored as one edit, and told about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from sandbox.document import Document, Edit
from sandbox.document.edits import place, set_params, set_scenario
from sandbox.document.scenario import instant
from sandbox.experiments import trace as traces
from sandbox.experiments import units
from sandbox.experiments.errors import InputError
from sandbox.gui.session import Session
from sandbox.language import tr

_MOST_S = 30 * 86400.0
FILTER = tr("Recorded loads (*.csv *.tsv *.txt);;All files (*)")


def drives(session: Session, node: str) -> bool:
    """Whether a recorded load can drive a node: its service has a parameter for one."""
    record = session.document.nodes.get(node)
    return record is not None and _takes(session, record.service)


def load(session: Session, path: Path, node: str) -> str:
    """Store the load of a file in a node of the open document; what was done, in words.

    Raises InputError, naming the file and line, for what is not a recorded load.
    """
    return _store(session, traces.load(path), path, node, Edit(""))


def drop(session: Session, path: Path, node: str | None, at: tuple[float, float]) -> str:
    """The same for a file that was dropped on a node, or somewhere beside them all.

    Beside them it drives the one source there is, or a new one at that place if there is none.
    """
    if node is not None:
        if not drives(session, node):
            label = session.document.nodes[node].label or node
            raise InputError(
                tr("{label} sends no load of its own; drop a recorded load on clients", label=label)
            )
        return load(session, path, node)
    sources = [node for node in session.document.nodes if drives(session, node)]
    if len(sources) > 1:
        raise InputError(
            tr(
                "there are {count} sources of load; drop {name} on the one to drive",
                count=len(sources),
                name=path.name,
            )
        )
    if sources:
        return load(session, path, sources[0])
    trace = traces.load(path)
    service = next(s for s in session.catalogue if _takes(session, s))
    created = place(session.document, service, *at)
    return _store(session, trace, path, created.changes[0].key, created)


def summary(params: Mapping[str, Any]) -> str:
    """What a node's recorded load is, in a line; "" when it has none."""
    points: Sequence[Any] = params.get("trace") or ()
    gaps: Sequence[Any] = params.get("trace_gaps") or ()
    if len(points) < 2:
        return ""
    total = sum(point[1] * (later[0] - point[0]) for point, later in pairwise(points))
    length = points[-1][0] - points[0][0]
    peak = max(point[1] for point in points)
    text = tr(
        "{count:,} periods over {length}: {total} on average, {peak} at most",
        count=len(points) - 1,
        length=units.duration(length),
        total=units.quantity(total / length, "1/s"),
        peak=units.quantity(peak, "1/s"),
    )
    if gaps:
        missing = sum(end - begin for begin, end in gaps)
        many = tr("{count} gaps", count=len(gaps)) if len(gaps) > 1 else tr("1 gap")
        text += tr("; {many} of {missing} filled in", many=many, missing=units.duration(missing))
    return text


def _store(session: Session, trace: traces.Trace, path: Path, node: str, before: Edit) -> str:
    document = session.document
    changed = document.copy()
    if before:
        changed.apply(before)
    others = [
        n for n, r in document.nodes.items() if n != node and r.params.get("shape") == "trace"
    ]
    offset = _offset(document, trace) if others else 0.0
    length = offset + trace.duration_s
    scenario: dict[str, Any] = {"duration_s": length}
    if others:
        scenario = {"duration_s": max(length, document.scenario.duration_s)}
    elif trace.start is not None:
        scenario["start"] = trace.start
    # One edit of what the clients send and of the time that is simulated: undone in one step.
    params = set_params(changed, {node: traces.as_params(trace, offset)})
    times = set_scenario(changed, **scenario)
    label = changed.nodes[node].label or session.catalogue.title(changed.nodes[node].service)
    edit = before.followed_by(params).followed_by(times)
    edit = Edit(tr("Load {name} into {label}", name=path.name, label=label), edit.changes)
    if not session.push(edit):
        return tr("{label} sends the load of {name} already", label=label, name=path.name)
    session.select([node])
    return tr(
        "{label} now sends {name}: {summary}",
        label=label,
        name=path.name,
        summary=summary(document.nodes[node].params),
    )


def _offset(document: Document, trace: traces.Trace) -> float:
    """When a dated load begins in a run whose start others have settled, s; one that lies
    elsewhere in time begins with the run."""
    if trace.start_epoch is None:
        return 0.0
    start = instant(document.scenario.start).timestamp()
    offset = trace.start_epoch - start
    return offset if 0 <= offset < _MOST_S else 0.0


def _takes(session: Session, service: str) -> bool:
    catalogue: Any = session.catalogue
    if service not in catalogue:
        return False
    names = {info.name for info in catalogue[service].parameters()}
    return {"shape", "trace", tr("trace_gaps")} <= names
