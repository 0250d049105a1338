"""The contract of a service: what one file in the catalogue declares, in one frozen object.

A service is its parameters, ports, causes of loss, metrics, events, actions, its law (`step`),
an optional controller on its own clocks (`control`), and the Python that prepares them.  The
records a law works on are described in `law.py`.  Adding a service is one new file that defines
``SERVICE = Service(...)``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import numpy as np

from sandbox.services.explain import Cells, CostLine, Explanation
from sandbox.services.law import CAUSES, FAULTS, KINDS, MODES, NODE
from sandbox.services.params import (
    Parameters,
    ParamInfo,
    describe,
    layout,
    param,
    record,
)
from sandbox.services.views import Graph, Text, Watchers

Category = Literal[
    "clients",
    "networking",
    "compute",
    "integration",
    "streaming",
    "database",
    "management",
    "external",
]
CATEGORIES: tuple[str, ...] = (
    "clients",
    "networking",
    "compute",
    "integration",
    "streaming",
    "database",
    "management",
    "external",
)
LossKind = Literal["throttled", "rejected", "failed", "timed_out", "expired", "moved"]


class LinkParams(Parameters):
    """What every link has, whatever it joins."""

    mode: Literal["sync", "async", "pull", "standby", "control"] | None = param(
        None, "How the two ends meet; empty takes what the ports do by nature.", basic=True
    )
    share: float = param(
        1.0, "Share of the flow, relative to the other links of a service that balances.", ge=0
    )
    calls: float = param(
        1.0, "Calls a request; below 1 it is a probability.", ge=0, le=10_000, basic=True
    )
    stage: int | None = param(
        None,
        "Synchronous calls of the same stage run in parallel, others one after the other; "
        "empty takes the order in which they were drawn.",
        ge=0,
        le=999,
    )
    operation: Literal["same", "read", "write"] = param(
        "same", "What the calls do at the other end: the same as the request, reads or writes."
    )
    payload_kb: float | None = param(
        None, "Mean payload of a call; empty passes on the request's.", unit="KB", ge=0
    )
    network_ms: float = param(
        0.0, "Network time of a call, there and back; 0 within a zone.", unit="ms", ge=0, le=60_000
    )


@dataclass(frozen=True, slots=True)
class Port:
    """A place where links begin or end.

    ``modes`` are what the port can do, the first of those both ends share is a link's default;
    ``params`` gives the link parameters that exist only at this port, by mode; ``peers`` limits
    the services at the other end; ``redrive`` links carry last tick's value.
    """

    name: str
    direction: Literal["in", "out"]
    title: str
    modes: tuple[str, ...] = ("sync", "async")
    many: bool = True
    params: Mapping[str, type[Parameters]] = field(default_factory=dict)
    peers: tuple[str, ...] | None = None
    redrive: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """A way to lose a request: its kind, a name for files, the quota or reason in words, and its
    source.  ``refusal`` tells whether the caller sees it at once as the answer to its attempt."""

    kind: LossKind
    name: str
    text: str
    source: str = "assumption"
    refusal: bool = True


FAULT_CAUSES = (
    Cause("failed", "fault_errors", "a fault makes requests fail"),
    Cause("throttled", "fault_throttle", "a fault throttles requests"),
)
"""How faults lose the requests of any node, after the service's own causes."""
FAULTS_OF_ANY = ("error_rate", "added_latency", "downstream_throttle")
"""The kinds of faults that the engine applies to every node that requests arrive at."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A number recorded every tick beside the common ones, found in the state as ``at``."""

    name: str
    unit: str
    title: str
    at: str
    cloudwatch: str = ""
    total: bool = False  # a rate per second whose total is a count
    sampled: str = ""  # the field that references sample, where ``at`` is published late; NaN: none
    period: str = ""  # the derived parameter with the metric's own period, s; else a minute


@dataclass(frozen=True, slots=True)
class EventKind:
    """A discrete event: ``text`` is a format string over the numbers that caused it, {0} to {5}."""

    name: str
    text: str
    severity: Literal["info", "warning", "error"] = "info"


@dataclass(frozen=True, slots=True)
class Action:
    """Something a person can do during a run.

    ``effect(params_record, state, cells, args, tick_s)`` changes the records in place and returns
    the sentence that the event log shows, or raises ValueError saying why it is refused.
    """

    name: str
    title: str
    args: type[Parameters]
    effect: Callable[..., str]


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph of the service's help page, in words of its own: what ``changed`` since 2020, so
    that older notes are wrong about it, or a ``mistake`` that people make; the public source."""

    kind: Literal["changed", "mistake"]
    text: str
    source: str = "assumption"


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link as ``prepare`` and ``init`` see it: the other end, its port there, the parameters."""

    other: str
    service: str
    port: str
    other_port: str
    mode: str
    params: Mapping[str, Any]
    given: Any = None  # the other node's own parameters
    standing: Sequence[str] = ()  # the availability-zone groups that it stands in


@dataclass(frozen=True, slots=True)
class Setup:
    """Where a node stands, for ``prepare`` and ``init``: plain values, never the document."""

    node: str
    key: int
    label: str
    start_epoch: float
    duration_s: float
    dt: float
    era: str
    region: str
    seed: int
    classes: Sequence[Any]
    ins: Sequence[LinkView]
    outs: Sequence[LinkView]
    zone_ids: Sequence[str] = ()  # the availability-zone groups that the node stands in
    aside: Sequence[tuple[str, str]] = ()  # of a cache: (caller, what it asks at a miss)
    keeper: int = 0  # index of the first node of the account's service, which keeps its books
    fellows: Sequence[tuple[str, Any]] = ()  # (id, parameters) of all that share the account


@dataclass(frozen=True)
class Service:
    """One entry of the catalogue.

    The law: ``step`` each tick, and ``control`` after the way back, for what has its own clock.

    The Python around it, all optional:
    ``prepare(params, record, setup)`` writes the derived parameters (the fields of ``derived``) and
    may return a table (f8) for the law; at the start, and whenever a parameter changes.
    ``cells_count(params, setup)`` sizes the inner state.
    ``init(params, record, state, cells, setup)`` sets the state at the start.
    ``resize(record, state, old_cells, cells)`` carries cells over when their number changes; the
    default copies what fits.
    ``adjust(params, record, state, cells, setup)`` fits a running state to edited parameters.
    ``route(params, setup)`` gives the share of each request class that takes each outgoing link.
    ``foretell(params, setup)`` gives the events known beforehand, as (t_s, kind, text).
    ``recall(state, past)`` takes over what metrics remember of the days before the start, from
    the state of a node that has lived through them.
    ``patience(params, era)`` is how long (s) it waits for an answer where a link says nothing.

    What it is to the engine: ``balances`` splits the flow over links by share; ``transparent``
    passes the kind of a callee's failure on to the caller; ``source`` makes its own arrivals;
    ``stream`` keeps a ledger for each consumer; ``cache`` answers some reads for what callers ask
    behind it, by the ``hits`` that it writes on its links, which begin with the ``hit_ratio`` of
    its state; ``polls`` asks its pull links for the ``first_pulls`` of its state in the first tick.
    ``holds`` says what ``instances`` counts.
    ``account`` nodes share the quotas of their account and Region: those in the same groups of
    these kinds are computed together, and their ``Setup`` names them.
    ``faults`` are the kinds (of ``law.FAULTS``) that the law itself applies.

    What it says of itself (see ``explain.py``): ``explanations`` of its metrics beside the common
    ones, the ``cost_lines`` that add up to its cost, the inner state that is drawn as ``bars``, and
    the ``notes`` of its help page.  Beside that (see ``views.py``) the ``graph`` of the states that
    things go through inside it, the ``watchers`` (alarms, clocks) that decide in it, and the
    parameters that are ``texts`` in a language.
    """

    id: str
    title: str
    category: Category
    summary: str
    params: type[Parameters]
    ports: tuple[Port, ...]
    step: Callable[..., None]
    state: type | None = None
    derived: type | None = None
    cell: Any = None
    control: Callable[..., None] | None = None
    prepare: Callable[..., np.ndarray | None] | None = None
    cells_count: Callable[..., int] | None = None
    init: Callable[..., None] | None = None
    resize: Callable[..., None] | None = None
    adjust: Callable[..., None] | None = None
    route: Callable[..., np.ndarray] | None = None
    foretell: Callable[..., Sequence[tuple[float, str, str]]] | None = None
    recall: Callable[[Any, Any], None] | None = None
    patience: Callable[..., float] | None = None
    causes: tuple[Cause, ...] = ()
    metrics: tuple[Metric, ...] = ()
    events: tuple[EventKind, ...] = ()
    actions: tuple[Action, ...] = ()
    headline: str = "served"
    balances: bool = False
    transparent: bool = False
    source: bool = False
    stream: bool = False
    sparse: bool = False  # its metrics exist only while there is traffic
    cache: bool = False
    polls: bool = False
    ignores_missing: bool = False  # alarms on its metrics ignore missing data, whatever they say
    account: bool = False
    faults: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    holds: str = ""  # what `instances` counts: "instances", "shards", "partitions" …
    explanations: tuple[Explanation, ...] = ()
    cost_lines: tuple[CostLine, ...] = ()
    bars: tuple[Cells, ...] = ()
    graph: Graph | None = None
    watchers: Watchers | None = None
    texts: tuple[Text, ...] = ()
    module: str = ""  # filled in by the catalogue, as is the source it was made from
    code: bytes = field(default=b"", repr=False)

    def __post_init__(self) -> None:
        most = CAUSES - len(FAULT_CAUSES)
        if len(self.causes) > most:
            raise ValueError(f"{self.id}: at most {most} causes of loss")
        if unknown := set(self.faults) - set(FAULTS):
            raise ValueError(f"{self.id}: there are no faults {', '.join(sorted(unknown))}")
        for cause in self.causes:
            if cause.kind not in KINDS:
                raise ValueError(f"{self.id}: cause {cause.name} is of no known kind")
        for port in self.ports:
            if not set(port.modes) <= set(MODES):
                raise ValueError(f"{self.id}: port {port.name} has an unknown mode")
        names = set(self.state_record.names or ())
        for metric in self.metrics:
            if metric.at not in names or self.state_record[metric.at] != np.dtype("f8"):
                raise ValueError(f"{self.id}: metric {metric.name} needs a float field {metric.at}")
            if metric.sampled and metric.sampled not in names:
                raise ValueError(f"{self.id}: metric {metric.name} samples no field of the state")
            if metric.name in (NODE.names or ()):
                raise ValueError(f"{self.id}: metric {metric.name} is a common one already")

    @cached_property
    def params_record(self) -> np.dtype:
        return layout(self.params, self.derived)

    @cached_property
    def state_record(self) -> np.dtype:
        return record(self.state)

    @cached_property
    def cell_record(self) -> np.dtype:
        return self.cell if isinstance(self.cell, np.dtype) else record(self.cell)

    @property
    def losses(self) -> tuple[Cause, ...]:
        """All causes of loss in the order of the records: its own, then those of faults."""
        return (*self.causes, *FAULT_CAUSES)

    @property
    def known_faults(self) -> tuple[str, ...]:
        """The kinds of faults that mean something to it."""
        return tuple(dict.fromkeys((*(() if self.source else FAULTS_OF_ANY), *self.faults)))

    def parameters(self) -> tuple[ParamInfo, ...]:
        """The parameters in the order of the inspector."""
        return describe(self.params)

    def port(self, name: str) -> Port | None:
        return next((p for p in self.ports if p.name == name), None)

    def cause(self, name: str) -> int:
        """The index of a cause of loss, for its law."""
        return next(i for i, c in enumerate(self.causes) if c.name == name)


def link_record(model: type[Parameters]) -> np.dtype:
    """The record that a law reads through ``link_params`` for a port's own link parameters."""
    return layout(model)
