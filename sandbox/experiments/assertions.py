"""`--assert 'p99(api) < 250ms'`: what a run is held to.

    FUNC(NODE[.METRIC]) OP VALUE[unit]

mean, min, max, last (of any metric, over ticks) and total (of a rate: a count); p50, p95, p99 of a
node's latency over the whole run, or of its own: ``p99(api.own_latency)``; goodput(NODE), answers
within the caller's timeout, per second or, with %, as a share of arrivals; cost(NODE) of the run,
with USD/h an hour; cost() is that of everything.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import InputError
from .quantities import quantity

if TYPE_CHECKING:
    from sandbox.engine.history import MetricInfo

    from .result import Result

_ASSERTION = re.compile(
    r"\s*(\w+)\s*\(\s*([A-Za-z0-9_-]+|\*)?\s*(?:\.\s*(\w+)\s*)?\)\s*(<=|>=|==|!=|<|>)\s*(.+?)\s*"
)
_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_STATISTICS = ("mean", "min", "max", "last", "total")
_PERCENTILES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
FUNCTIONS = (*_STATISTICS, *_PERCENTILES, "goodput", "cost")


@dataclass(frozen=True, slots=True)
class Assertion:
    """One of them, checked against what there is; ``limit`` is in ``unit``."""

    text: str
    function: str
    node: str | None
    metric: str
    compare: str
    limit: float
    unit: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of an assertion: the value in the metric's unit, None if there is none."""

    text: str
    value: float | None
    holds: bool
    unit: str = ""


def parse(texts: Iterable[str], metrics: Mapping[str, tuple[MetricInfo, ...]]) -> list[Assertion]:
    """Raises InputError naming what exists; ``metrics`` are those of each node."""
    return [_parse(text.strip(), metrics) for text in texts]


def judge(assertion: Assertion, result: Result) -> Verdict:
    """Whether it holds of a result; what has no value does not hold."""
    value = _of(assertion, result)
    holds = math.isfinite(value) and _OPERATORS[assertion.compare](value, assertion.limit)
    return Verdict(assertion.text, value if math.isfinite(value) else None, holds, assertion.unit)


def _parse(text: str, metrics: Mapping[str, tuple[MetricInfo, ...]]) -> Assertion:
    found = _ASSERTION.fullmatch(text)
    if not found:
        raise InputError(
            f"--assert {text!r}: write FUNC(NODE.METRIC) OP VALUE, such as 'p99(api) < 250ms', "
            f"'max(queue.backlog) <= 1000', 'goodput(clients) > 99%'; FUNC is one of "
            f"{', '.join(FUNCTIONS)}"
        )
    function, node, metric, compare, value = found.groups()
    if function not in FUNCTIONS:
        raise _wrong(text, f"no function '{function}'; there are {', '.join(FUNCTIONS)}")
    everything = node in (None, "*")
    if everything and (function != "cost" or metric):
        raise _wrong(text, f"{function} needs a node; there are {', '.join(metrics)}")
    if not everything and node not in metrics:
        raise _wrong(text, f"no node '{node}'; there are {', '.join(metrics)}")
    infos = () if everything else metrics[node]
    metric, unit = _measure(text, function, node, metric, infos, value)
    try:
        limit = quantity(value, unit)
    except ValueError as failure:
        raise _wrong(text, str(failure)) from None
    return Assertion(text, function, None if everything else node, metric, compare, limit, unit)


def _measure(
    text: str,
    function: str,
    node: str,
    metric: str | None,
    infos: tuple[MetricInfo, ...],
    value: str,
) -> tuple[str, str]:
    """The metric and the unit that the limit is in."""
    if function == "cost":
        if metric:
            raise _wrong(text, f"cost takes a node alone: cost({node})")
        return "cost_per_hour", "USD/h" if value.endswith("/h") else "USD"
    if function == "goodput":
        if metric:
            raise _wrong(text, f"goodput takes a node alone: goodput({node})")
        return "goodput", "share" if value.endswith("%") else "1/s"
    if function in _PERCENTILES:
        if metric not in (None, "latency", "own_latency"):
            raise _wrong(
                text,
                f"{function} is of latencies: {function}({node}) with the services it calls, "
                f"{function}({node}.own_latency) without; of '{metric}' there are mean, min, max, "
                "last",
            )
        return metric or "latency", "s"
    names = ", ".join(info.name for info in infos)
    if metric is None:
        raise _wrong(text, f"{function} needs a metric of '{node}'; it has {names}")
    info = next((info for info in infos if info.name == metric), None)
    if info is None:
        raise _wrong(text, f"'{node}' has no metric '{metric}'; it has {names}")
    if function == "total":
        if not info.total:
            rates = ", ".join(info.name for info in infos if info.total)
            raise _wrong(text, f"only a rate has a total; '{node}' has {rates}")
        return metric, "count"
    return metric, info.unit


def _of(assertion: Assertion, result: Result) -> float:
    function, node, metric = assertion.function, assertion.node, assertion.metric
    if function == "cost":
        usd = result.cost_usd if node is None else result.cost_of(node)
        hours = result.duration_s / 3600
        return usd if assertion.unit == "USD" else usd / hours if hours else math.nan
    assert node is not None
    if function in _PERCENTILES:
        return result.quantile(node, _PERCENTILES[function], own=metric == "own_latency")
    summary = result.summary(node, metric)
    if function == "goodput" and assertion.unit == "share":
        arrivals = result.summary(node, "arrivals")["total"]
        good = summary["total"]
        return float(good) / float(arrivals) if good is not None and arrivals else math.nan
    found = summary["mean" if function == "goodput" else function]
    return math.nan if found is None else float(found)


def _wrong(text: str, message: str) -> InputError:
    return InputError(f"--assert '{text}': {message}")
