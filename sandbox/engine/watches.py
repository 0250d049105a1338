"""The metrics of a program that alarms and policies refer to: found, sampled, and remembered.

Every reference in the parameters of a node becomes an address in its record: that of the WATCH
that the tick loop samples into.  References to the same metric share one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from pydantic import BaseModel

from sandbox.services.contract import Service
from sandbox.services.law import NODE
from sandbox.services.references import (
    COMMON,
    LATENCIES,
    RATES,
    WATCH,
    WATCH_STATE,
    MetricReference,
)

Key = tuple[str, str, float]
"""Node, metric, seconds of a bucket."""


def referred(value: Any) -> Iterator[MetricReference]:
    """The references to metrics in a parameter, however deep."""
    if isinstance(value, MetricReference):
        if value.given:
            yield value
    elif isinstance(value, BaseModel):
        for _, item in value:
            yield from referred(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from referred(item)


def why_not(services: Mapping[str, Service], reference: MetricReference) -> str | None:
    """Why a metric cannot be watched, in words that help; None if it can."""
    if reference.node not in services:
        return f"watches a metric of '{reference.node}', which does not exist; choose another node"
    service = services[reference.node]
    names = (*COMMON, *(metric.name for metric in service.metrics))
    if reference.metric in names:
        return None
    return unknown(reference.node, service.title, reference.metric, names)


def unknown(node: str, title: str, metric: str, names: tuple[str, ...]) -> str:
    if "latency_p" in metric:
        return (
            f"cannot watch {metric} of '{node}': percentiles are solved only when they are shown; "
            "watch latency_mean"
        )
    own = [name for name in names if name not in COMMON]
    listed = ", ".join([*own, *COMMON])
    return f"watches '{metric}' of '{node}', but {title} has no such metric; it has {listed}"


class Watches:
    """The WATCH records of a program, those of a node side by side."""

    def __init__(self, services: Mapping[str, Service], params: list[Any]) -> None:
        order = {node: i for i, node in enumerate(services)}
        keys = {
            (r.node, r.metric, r.base_s): None
            for given in params
            for r in referred(given)
            if r.node in services
        }
        self.keys: list[Key] = sorted(keys, key=lambda key: (order[key[0]], *key[1:]))
        self.row = {key: i for i, key in enumerate(self.keys)}
        self.rows = np.zeros(len(self.keys), WATCH)

    def knows(self, params: Any) -> bool:
        """Whether all that these parameters refer to is watched already."""
        return all((r.node, r.metric, r.base_s) in self.row for r in referred(params))

    def bind(self, program: Any) -> None:
        """Give each its addresses, and each node its own."""
        first = self.rows.ctypes.data
        for i, (node, metric, base_s) in enumerate(self.keys):
            at = program.index[node]
            service, row = program.services[at], self.rows[i]
            base = program.nodes[at : at + 1].ctypes.data
            row["node"], row["base_s"] = at, base_s
            row["value"], row["every"] = self._address(program, at, metric)
            counts = {m.name for m in service.metrics if m.total}
            row["rate"] = metric in RATES or metric in counts
            row["ignores_missing"] = service.ignores_missing
            gate = "served" if metric in LATENCIES else "arrivals" if service.sparse else None
            row["gate"] = 0 if gate is None else base + _offset(NODE, gate)
            io = program.nodes[at]
            if io["watches_n"] == 0:
                io["watches"] = first + i * WATCH.itemsize
            io["watches_n"] += 1

    def _address(self, program: Any, at: int, metric: str) -> tuple[int, int]:
        """Where the number is, and where the metric's own period."""
        if metric in COMMON:
            return program.nodes[at : at + 1].ctypes.data + _offset(NODE, metric), 0
        place, service = program.places[at], program.services[at]
        declared = next(m for m in service.metrics if m.name == metric)
        field = declared.sampled or declared.at
        every = 0
        if declared.period:
            every = place.p.ctypes.data + _offset(service.params_record, declared.period)
        return place.s.ctypes.data + _offset(service.state_record, field), every

    def fill(self, record: Any, params: BaseModel) -> None:
        """Write the addresses into the record of a model, beside what it refers to."""
        names = set(record.dtype.names or ())
        for name, value in params:
            if name not in names:
                continue
            if isinstance(value, MetricReference):
                self._point(record[name], value)
            elif isinstance(value, BaseModel):
                self.fill(record[name], value)
            elif isinstance(value, list) and value and isinstance(value[0], BaseModel):
                nested = record[name]
                for i, item in enumerate(value):
                    self.fill(nested[i], item)

    def _point(self, record: Any, reference: MetricReference) -> None:
        record["watch"] = record["source"] = 0
        if reference.given:
            i = self.row[reference.node, reference.metric, reference.base_s]
            record["watch"] = self.rows.ctypes.data + i * WATCH.itemsize
            record["source"] = self.rows[i]["value"]

    def adopt(self, old: Watches) -> None:
        """Go on with what is known of the metrics that were watched before."""
        for key, i in self.row.items():
            if key in old.row:
                for name in WATCH_STATE:
                    self.rows[i][name] = old.rows[old.row[key]][name]


def _offset(record: np.dtype, name: str) -> int:
    fields: dict[str, Any] = dict(record.fields or {})
    return int(fields[name][1])
