"""The result of a run: numbers by node and metric, with units, as numpy arrays and summaries."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sandbox.document.records import Scenario

from .assertions import Verdict
from .records import Records, Summary

if TYPE_CHECKING:
    from sandbox.engine.controls import Control
    from sandbox.engine.history import MetricInfo
    from sandbox.engine.run import EventRecord


@dataclass(frozen=True, slots=True)
class Series:
    """One metric over time: the mean, least and greatest value over the ticks of each row, f8.

    ``t`` is the end of each row in s since the start; for percentiles the three are alike.
    """

    t: np.ndarray
    mean: np.ndarray
    least: np.ndarray
    greatest: np.ndarray
    unit: str


@dataclass(frozen=True, slots=True)
class Loss:
    """What was lost to one cause: its kind, the number of requests, and the cause in words."""

    kind: str
    total: float
    text: str


@dataclass(frozen=True, slots=True)
class Node:
    """What a result's tables call a node."""

    id: str
    label: str
    service: str
    title: str
    source: bool


@dataclass(frozen=True)
class Result:
    """A finished run of a diagram under a scenario.

    ``result.series("api", "latency_p99")`` is a curve, ``result.summary("api", "served")`` its
    mean, min, max, last, total (of a rate: a count), run (of a percentile: that of the whole run)
    and unit, ``result.quantile("api", 0.99)`` any percentile of the latency over the whole run.
    Names that do not exist raise KeyError with those that do.
    """

    diagram: str
    scenario: Scenario
    ticks: int
    duration_s: float
    wall_s: float
    balance_error: float
    balance_node: str
    nodes: Mapping[str, Node]
    records: Records
    losses: Mapping[str, Mapping[str, Loss]]
    events: tuple[EventRecord, ...]
    controls: tuple[Control, ...] = ()
    assertions: tuple[Verdict, ...] = field(default=())
    warnings: tuple[str, ...] = ()
    """What the diagram says and the run did without, a sentence each."""

    @property
    def holds(self) -> bool:
        """Whether every assertion holds."""
        return all(verdict.holds for verdict in self.assertions)

    @property
    def cost_usd(self) -> float:
        """The cost of the run."""
        return math.fsum(self.cost_of(node) for node in self.nodes)

    def cost_of(self, node: str) -> float:
        """The cost of one node over the run, USD."""
        mean = self.records.summary(node, "cost_per_hour")["mean"]
        return float(mean or 0.0) * self.records.seconds(node) / 3600

    def metrics(self, node: str) -> tuple[MetricInfo, ...]:
        """What is recorded of a node: name, unit, title of each metric."""
        if node not in self.records.metrics:
            raise KeyError(f"no node '{node}'; there are {', '.join(self.records.metrics)}")
        return self.records.metrics[node]

    def unit(self, node: str, metric: str) -> str:
        """The unit that a metric is in; "" is none, or a share of 1."""
        return self.records.info(node, metric).unit

    def series(self, node: str, metric: str) -> Series:
        """A metric over the run."""
        unit = self.unit(node, metric)
        return Series(self.records.times(node), *self.records.column(node, metric), unit)

    def summary(self, node: str, metric: str) -> Summary:
        """mean, min, max, last, total, run and unit of a metric over all ticks."""
        return self.records.summary(node, metric)

    def quantile(self, node: str, p: float, own: bool = False) -> float:
        """A percentile of a node's latency over the whole run, s; `own` without its callees."""
        self.metrics(node)
        return self.records.quantile(node, p, own)
