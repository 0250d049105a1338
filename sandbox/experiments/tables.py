"""A result as JSON and CSV."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

from .result import Result


def as_json(result: Result) -> dict[str, Any]:
    """Everything there is to say of a run, keys in a fixed order, unknown numbers null.

    Rates are per second, latencies seconds; `total` of a rate is a count, `run` of a percentile is
    that of the whole run.  Only `wall_s` differs between two runs of the same.
    """
    return {
        "diagram": result.diagram,
        "seed": result.scenario.seed,
        "tick_s": result.scenario.tick_s,
        "duration_s": result.duration_s,
        "ticks": result.ticks,
        "wall_s": round(result.wall_s, 6),
        "balance_error": finite(result.balance_error),
        "cost_usd": finite(result.cost_usd),
        "nodes": {
            node: {
                info.name: {
                    name: finite(value) for name, value in result.summary(node, info.name).items()
                }
                for info in result.metrics(node)
            }
            for node in result.nodes
        },
        "losses": {
            node: {
                cause: {"kind": loss.kind, "total": finite(loss.total), "text": loss.text}
                for cause, loss in losses.items()
            }
            for node, losses in result.losses.items()
        },
        "events": [
            {"t_s": event.t_s, "node": event.node, "kind": event.kind, "text": event.text}
            for event in result.events
        ],
        "assertions": [
            {"text": verdict.text, "value": verdict.value, "holds": verdict.holds}
            for verdict in result.assertions
        ],
        "warnings": list(result.warnings),
    }


def finite(value: Any) -> Any:
    """A number that JSON can hold, or None."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def json_bytes(value: Any) -> bytes:
    """As it is written: UTF-8, indented, ending with a line feed."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2) + "\n"
    return text.encode("utf-8", "backslashreplace")


def csv_bytes(result: Result) -> bytes:
    """`t_s` and a column NODE.METRIC each, one row a recorded interval, whose mean it is.

    Empty where a number is unknown, or the node was not there.
    """
    times = result.records.times()
    names, columns = ["t_s"], [times]
    for node in result.nodes:
        own = result.records.times(node)
        places = np.searchsorted(times, own)
        for info in result.metrics(node):
            values = result.records.column(node, info.name)[0]
            if len(own) != len(times):
                spread = np.full(len(times), np.nan)
                spread[places] = values
                values = spread
            names.append(f"{node}.{info.name}")
            columns.append(values)
    table = np.column_stack(columns)
    line = ",".join(["%.10g"] + ["%.7g"] * (len(names) - 1))
    known = np.isfinite(table).all(axis=1)
    lines = [",".join(names)]
    for row, whole in zip(table.tolist(), known.tolist(), strict=True):
        if whole:
            lines.append(line % tuple(row))
        else:
            lines.append(",".join(_cell(value) for value in row))
    return ("\n".join(lines) + "\n").encode()


def _cell(value: float) -> str:
    return f"{value:.7g}" if math.isfinite(value) else ""
