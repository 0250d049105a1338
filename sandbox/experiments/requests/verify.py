"""The run's figures beside closed forms and an independent simulation, with the gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.experiments.requests import forms
from sandbox.experiments.requests import records as r
from sandbox.experiments.requests.plan import Note, Plan
from sandbox.experiments.requests.relaxation import memory_s
from sandbox.experiments.requests.simulate import EVENTS, Simulated, simulate
from sandbox.experiments.requests.statistics import UNKNOWN, Estimate
from sandbox.experiments.requests.theory import Form
from sandbox.experiments.requests.waterfall import Waterfall, pick
from sandbox.experiments.units import duration

LATENCIES = ("mean", "p50", "p95", "p99")
TITLES = {
    "mean": "Latency, mean",
    "p50": "Latency, p50",
    "p95": "Latency, p95",
    "p99": "Latency, p99",
    "own_mean": "Own latency, mean",
    "wait": "Wait, mean",
    "waited": "Share that waits",
    "served": "Served",
    "lost": "Refused or failed",
    "utilization": "Utilization",
    "in_system": "In the system",
}
RUN = "the run"
RESTS = 4.0  # relaxation times, after which two per cent of a step are left
UNITS = {
    "served": "1/s",
    "utilization": "share",
    "waited": "share",
    "lost": "share",
    "in_system": "",
}
_LEAST = {"s": 1e-6, "1/s": 1e-3, "share": 1e-3, "": 0.02}  # below, a gap in per cent says nothing


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a node: by closed form, by simulation of requests, by the product.

    `gap` is (product - simulated) / simulated; None where one is missing or both are next to
    nothing. `sure` is false where the interval of the simulation is wider than the gap.
    """

    metric: str
    title: str
    unit: str
    closed: float | None
    simulated: Estimate
    product: float | None
    gap: float | None
    sure: bool


@dataclass(frozen=True, slots=True)
class NodeCheck:
    """All lines of one node, and its closed form."""

    node: str
    label: str
    service: str
    kind: str
    form: Form
    lines: tuple[Line, ...]
    notes: tuple[str, ...]

    @property
    def worst(self) -> Line | None:
        """The line of the latencies with the largest gap."""
        gaps = [x for x in self.lines if x.gap is not None and x.metric in LATENCIES]
        return max(gaps, key=lambda x: abs(x.gap or 0.0), default=None)


@dataclass(frozen=True, slots=True)
class Check:
    """A whole check. `why_not` says why the simulated state may be none that lasts."""

    t_s: float
    seed: int
    nodes: tuple[NodeCheck, ...]
    waterfalls: dict[str, tuple[Waterfall, ...]]
    over: tuple[Note, ...]
    out: tuple[Note, ...]
    unsettled: tuple[Note, ...]
    why_not: str
    diverges: bool
    window_s: float
    events: int
    took_s: float

    def node(self, node: str) -> NodeCheck:
        return next(x for x in self.nodes if x.node == node)

    @property
    def worst(self) -> tuple[NodeCheck, Line] | None:
        """The largest gap of all sources and stations."""
        found = [(x, x.worst) for x in self.nodes if x.kind != "stage"]
        gaps = [(x, line) for x, line in found if line is not None]
        return max(gaps, key=lambda pair: abs(pair[1].gap or 0.0), default=None)


def verify(
    plan: Plan,
    *,
    seed: int | None = None,
    events: int = EVENTS,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Check:
    """Simulate a frozen present, and lay the figures side by side."""
    result = simulate(plan, seed=seed, events=events, progress=progress, cancelled=cancelled)
    nodes = tuple(_node(plan, result, node) for node in _in_order(plan))
    falls = {node: _falls(plan, result, node) for node in plan.ids}
    return Check(
        t_s=plan.t_s,
        seed=plan.seed if seed is None else seed,
        nodes=nodes,
        waterfalls=falls,
        over=plan.over,
        out=plan.out,
        unsettled=(*plan.unsettled, *_young(plan)),
        why_not=result.why_not,
        diverges=result.diverges,
        window_s=result.window_s,
        events=result.events,
        took_s=result.took_s,
    )


def _young(plan: Plan) -> Iterator[Note]:
    """A run that has not lasted as long as the system takes to come to rest."""
    settles = RESTS * memory_s(plan)
    if plan.t_s < settles:
        text = f"is {duration(plan.t_s)} old; this system takes about {duration(settles)} to settle"
        yield Note(RUN, text)


KINDS = {
    r.SOURCE: "path",
    r.BALANCER: "balancer",
    r.STAGE: "stage",
    r.STATION: "station",
    r.FUNCTION: "function",
}


def _in_order(plan: Plan) -> list[str]:
    """Sources first, then as requests meet them."""
    found = list(plan.sources)
    for node in found:
        row = plan.nodes[plan.index(node)]
        for x in range(int(row["link"]), int(row["link"] + row["links"])):
            target = plan.ids[int(plan.links[x]["target"])]
            if target not in found:
                found.append(target)
    return found + [node for node in plan.ids if node not in found]


def _node(plan: Plan, result: Simulated, node: str) -> NodeCheck:
    i = plan.index(node)
    kind = KINDS[int(plan.nodes[i]["kind"])]
    form, counted, figures = forms.of_node(plan, node), result.nodes[node], plan.figures[node]
    alone = plan.nodes[i]["links"] == 0 or kind == "path"
    # a taken-over time would check itself; what grows without end has no figure to compare with
    mute = result.diverges or (kind == "stage" and plan.nodes[i]["links"] == 0)
    lines = []

    def line(metric: str, simulated: Estimate, product: float | None, closed: float | None) -> None:
        unit = UNITS.get(metric, "s")
        gap, sure = None, True
        least = _LEAST[unit]
        if metric == "wait":  # next to a service time, a moment's wait is none
            least = 0.01 * max(figures.own_mean, counted.own["mean"].value)
        known = product is not None and not mute and simulated.value > 0
        if known and product is not None and max(product, simulated.value) >= least:
            gap = product / simulated.value - 1.0
            sure = abs(product - simulated.value) > simulated.half
        lines.append(Line(metric, TITLES[metric], unit, closed, simulated, product, gap, sure))

    for metric in LATENCIES:
        product = getattr(figures, metric) if counted.samples else None
        line(metric, counted.latency[metric], product, form.get(metric) if alone else None)
    if kind in ("station", "function"):
        line("own_mean", counted.own["mean"], figures.own_mean, form.get("mean"))
    if kind == "station":
        own = float(plan.nodes[i]["mean"])
        line("wait", counted.wait, max(0.0, figures.own_mean - own), form.get("wait"))
    if kind != "stage":  # of a queue, what was served has not come by calls
        line("served", counted.served, figures.served, None)
    lost = 1.0 - counted.ended["ok"]
    gone = 1.0 - figures.served / figures.arrivals if figures.arrivals > 0 else 0.0
    if kind != "stage" and max(lost, gone) > 5e-4:
        line("lost", Estimate(lost, float("nan")), gone, form.get("lost"))
    if kind in ("station", "function"):
        line("utilization", counted.utilization, figures.utilization, form.get("utilization"))
        line("in_system", counted.in_system, figures.in_system, form.get("in_system"))
    notes = tuple(n.text for n in (*plan.over, *plan.out, *plan.unsettled) if n.where == node)
    return NodeCheck(node, plan.labels[node], plan.services[node], kind, form, tuple(lines), notes)


def _falls(plan: Plan, result: Simulated, node: str) -> tuple[Waterfall, ...]:
    """Requests that pass a node, of the source that sends it most."""
    if node in plan.sources:
        latency = result.nodes[node].latency
        return pick(plan, result.spans, node, wanted=(latency["p50"].value, latency["p99"].value))
    i = plan.index(node)
    spans = result.spans
    through = spans["trace"][spans["node"] == i]
    roots = spans[(spans["parent"] < 0)]
    best, most = "", 0
    for source in plan.sources:
        traces = roots["trace"][roots["node"] == plan.index(source)]
        count = len(set(traces.tolist()) & set(through.tolist()))
        if count > most:
            best, most = source, count
    return pick(plan, spans, best, node) if best else ()


def as_json(check: Check) -> dict[str, Any]:
    """Everything, in plain values; times in seconds, an estimate as [value, half-width]."""
    return {
        "t_s": check.t_s,
        "seed": check.seed,
        "steady": not check.why_not,
        "why_not_steady": check.why_not,
        "window_s": check.window_s,
        "events": check.events,
        "took_s": check.took_s,
        "nodes": {x.node: _node_json(x) for x in check.nodes},
        "taken_over": [{"where": n.where, "text": n.text} for n in check.over],
        "not_represented": [{"where": n.where, "text": n.text} for n in check.out],
        "unsettled": [{"where": n.where, "text": n.text} for n in check.unsettled],
        "requests": {
            x.node: [_fall_json(f) for f in check.waterfalls[x.node]]
            for x in check.nodes
            if x.kind == "path"
        },
    }


def _node_json(node: NodeCheck) -> dict[str, Any]:
    form = node.form
    return {
        "kind": node.kind,
        "closed_form": {
            "name": form.name or None,
            "inputs": dict(form.inputs),
            "assumes": form.assumes or None,
            "why_not": form.why_not or None,
        },
        "figures": {
            line.metric: {
                "unit": line.unit,
                "closed_form": line.closed,
                "simulated": line.simulated.json(),
                "product": line.product,
                "gap": line.gap,
            }
            for line in node.lines
        },
    }


def _fall_json(fall: Waterfall) -> dict[str, Any]:
    return {
        "which": fall.which,
        "seconds": fall.seconds,
        "outcome": fall.outcome,
        "spans": [{name: getattr(span, name) for name in span.__slots__} for span in fall.spans],
    }


def all_notes(check: Check) -> Iterator[tuple[str, Note]]:
    """(what kind of note, note)."""
    for kind, notes in (
        ("taken over", check.over),
        ("not represented", check.out),
        ("passing", check.unsettled),
    ):
        for note in notes:
            yield kind, note


__all__ = ["UNKNOWN", "Check", "Line", "NodeCheck", "as_json", "verify"]
