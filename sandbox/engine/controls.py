"""What a person does to a run: to all of it (load, faults, an edit), or an action of a node."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sandbox.document.faults import KINDS, link_of, written
from sandbox.document.records import Fault
from sandbox.engine.errors import EngineError
from sandbox.engine.schedule import span

if TYPE_CHECKING:
    from sandbox.engine.run import Run


@dataclass(frozen=True, slots=True)
class Control:
    """Something a person did to a run; `node` None is the run itself."""

    t_s: float
    node: str | None
    action: str
    args: Mapping[str, Any]

    def json(self) -> dict[str, Any]:
        return {"t_s": self.t_s, "node": self.node, "action": self.action, "args": dict(self.args)}


def apply(run: Run, control: Control) -> str:
    """Do it now; what happened, in words. Raises EngineError, with nothing done, for what cannot
    be."""
    return _to_run(run, control) if control.node is None else _to_node(run, control)


def _to_run(run: Run, control: Control) -> str:
    if control.action == "document":
        from sandbox.document.file import loads

        text = control.args.get("document")
        if not isinstance(text, str):
            raise EngineError("document needs the text of a diagram's file")
        run.rebuild(loads(text, "control log", run.catalogue))
        return "edited"
    if control.action == "fault":
        return _inject(run, control.args)
    if control.action == "end_fault":
        return _end_fault(run, control.args)
    if control.action != "load":
        raise EngineError(
            f"the run has no action '{control.action}'; it has load (factor), "
            "fault (kind, target, amount, duration_s), end_fault (kind, target), document"
        )
    factor = control.args.get("factor")
    if isinstance(factor, bool) or not isinstance(factor, (int, float)) or not 0 <= factor <= 1e6:
        raise EngineError("load needs a factor from 0 to 1,000,000, such as 2.0")
    run.program.world[0]["load"] = float(factor)
    return f"load {factor:g}×"


def _inject(run: Run, args: Mapping[str, Any]) -> str:
    """A fault that begins now."""
    if unknown := set(args) - {"kind", "target", "amount", "duration_s", "end_s"}:
        raise EngineError(
            f"a fault has no '{min(unknown)}'; it has kind, target, amount, duration_s, end_s"
        )
    kind, target = args.get("kind"), args.get("target")
    if not isinstance(kind, str) or not isinstance(target, str):
        raise EngineError("a fault needs a kind and a target, such as error_rate at web")
    known = KINDS.get(kind)
    amount = _number(args, "amount", known.usual if known else 1.0)
    if "duration_s" in args and "end_s" in args:
        raise EngineError("a fault has either duration_s or end_s; give one of them")
    end_s = _number(args, "end_s", run.t_s + _number(args, "duration_s", 0.0))
    lasts = end_s - run.t_s
    if known is not None and lasts <= 0.0 and not known.instant:
        raise EngineError("a fault needs duration_s above 0, or end_s after the present time")
    link = link_of(run.program.schedule.document, target)
    fault = Fault(kind, written(link) if link else target, run.t_s, end_s, amount)
    try:
        run.program.schedule.inject(fault)
    except ValueError as error:
        raise EngineError(str(error)) from error
    run.program.follow_faults()
    until = f", for {span(lasts)}" if lasts > 0 else ""
    return f"{KINDS[kind].words(amount)}{until}"


def _end_fault(run: Run, args: Mapping[str, Any]) -> str:
    """What is under way ends now."""
    if unknown := set(args) - {"kind", "target"}:
        raise EngineError(f"end_fault has no '{min(unknown)}'; it has kind, target")
    ended = run.program.schedule.end(run.t_s, args.get("kind"), args.get("target"))
    if not ended:
        raise EngineError("there is no such fault under way to end")
    run.program.follow_faults()
    return "ended: " + ", ".join(f"{fault.kind} at {fault.target}" for fault in ended)


def _to_node(run: Run, control: Control) -> str:
    node = str(control.node)
    if node not in run.program.index:
        raise EngineError(f"there is no node '{node}' to {control.action}")
    i = run.program.index[node]
    service = run.program.services[i]
    action = next((a for a in service.actions if a.name == control.action), None)
    if action is None:
        names = ", ".join(a.name for a in service.actions) or "none"
        raise EngineError(f"'{node}' has no action '{control.action}'; it has {names}")
    place = run.program.places[i]
    try:
        args = action.args.model_validate(dict(control.args))
        text = action.effect(place.p[0], place.s[0], place.cells, args, run.t_s)
    except ValidationError as error:
        item = error.errors()[0]
        where = ".".join(str(x) for x in item["loc"])
        raise EngineError(f"'{node}' {action.name}: {where}: {item['msg']}") from error
    except ValueError as error:
        raise EngineError(f"'{node}' {action.name}: {error}") from error
    run.say(node, control.action, text)
    return text


def _number(args: Mapping[str, Any], name: str, default: float) -> float:
    value = args.get(name, default)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not math.isfinite(value):
        raise EngineError(f"{name} of a fault must be a number")
    return float(value)
