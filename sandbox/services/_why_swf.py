"""What an SWF domain says of its numbers, its bill, and of its open executions."""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.services.explain import Cells, CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/swf/pricing/"
QUOTAS = "Amazon SWF Developer Guide: Quotas"


def _names(params: Any, setup: Any, p: Any, cells: np.ndarray) -> list[str]:
    return ["Decision tasks", "At deciders", *(step.name for step in params.steps)]


def _rows(p: Any, s: Any, cells: np.ndarray) -> np.ndarray:
    return np.arange(int(p["drawn"]))


def _share(p: Any, s: Any, io: Any, cells: np.ndarray) -> np.ndarray:
    return np.asarray(np.maximum(cells["amount"], 0.0) / max(1e-9, float(s["open_now"])))


def _notes(p: Any, s: Any, io: Any, cells: np.ndarray) -> list[str]:
    lines = []
    for i, cell in enumerate(cells):
        text = f"{cell['amount']:,.4g} executions"
        if i > 1 and cell["t0"] > 1e-9:
            text += f", of which {cell['t0']:,.4g} wait for a worker"
        lines.append(text)
    return lines


BARS = (
    Cells(
        "Open executions by what they wait for",
        "State",
        "executions there, of those open (parallel steps count each)",
        _share,
        _rows,
        note=_notes,
        names=_names,
    ),
)

EXPLANATIONS = (
    Explanation(
        "utilization",
        "Open executions and children, of those that the domain may have.",
        (
            "open_executions",
            Input("s.children_open", "Open child workflows"),
            Input("p.open_executions_limit", "Quota", source=QUOTAS, quota=True),
        ),
        lambda own, children, most: min(1.0, (own + children) / most),
        QUOTAS,
    ),
)

COST_LINES = (
    CostLine(
        "Executions",
        "Executions started, children and those continued as new too × price of a start.",
        (
            "executions_started",
            Input("s.starts_beside", "Children, continued as new", "1/s"),
            Input("START_USD", "A start", "USD", PRICING),
        ),
        lambda own, beside, usd: (own + beside) * usd * 3600.0,
        PRICING,
    ),
    CostLine(
        "Tasks, timers and signals",
        "Decision tasks, activity tasks, timers and signals × price of a task.",
        (
            Input("s.tasks_billed", "Tasks, timers, signals", "1/s"),
            Input("TASK_USD", "A task", "USD", PRICING),
        ),
        lambda tasks, usd: tasks * usd * 3600.0,
        PRICING,
    ),
    CostLine(
        "Open for more than a day",
        "Executions open for longer than the first 24 hours × price of a day.",
        (Input("s.day_old", "Executions"), Input("DAY_USD", "A day", "USD", PRICING)),
        lambda old, usd: old * usd / 24.0,
        PRICING,
    ),
    CostLine(
        "Retention",
        "Executions that close × the days that they are kept × price of a day, all when they "
        "close.",
        (
            Input("s.closed_rate", "Closed", "1/s"),
            Input("p.retention_days", "Days", "d"),
            Input("DAY_USD", "A day", "USD", PRICING),
        ),
        lambda closed, days, usd: closed * days * usd * 3600.0,
        PRICING,
    ),
)
