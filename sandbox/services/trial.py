"""One sample of what goes through a node, step by step: its record, and its log as text."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Step:
    """One visit of a state, or one attempt of it; times in s since the start."""

    state: str
    kind: str
    start_s: float
    end_s: float
    input: Any
    output: Any = None
    error: str = ""
    note: str = ""
    next: str = ""
    attempt: int = 0
    depth: int = 0


@dataclass(slots=True)
class Execution:
    """A sample execution: how it ended, when, its log, its billed transitions and its events."""

    status: str = "RUNNING"
    output: Any = None
    error: str = ""
    cause: str = ""
    end_s: float = 0.0
    steps: list[Step] = field(default_factory=list)
    left_out: int = 0
    transitions: int = 0
    events: int = 1  # ExecutionStarted


def log_text(execution: Execution, width: int = 100) -> list[str]:
    """The log as lines to print."""
    lines = []
    for step in execution.steps:
        indent = "  " * step.depth
        head = f"{step.start_s:10.2f} s  {indent}{step.state} ({step.kind})"
        lines.append(head + (f"  {step.error}" if step.error else "") + _tail(step))
        lines.append(f"{'':14}{indent}in  {_short(step.input, width)}")
        lines.append(f"{'':14}{indent}out {_short(step.output, width)}")
    end = f"{execution.end_s:10.2f} s  {execution.status}"
    lines.append(end + (f"  {execution.error}: {execution.cause}" if execution.error else ""))
    return lines


def _tail(step: Step) -> str:
    return f"  {step.note}" if step.note else ""


def _short(value: Any, width: int) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= width else text[: width - 1] + "…"
