"""What a run came to, for people: a line a node, what was lost and why, what happened last."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sandbox.document.scenario import instant
from sandbox.experiments.result import Loss, Result
from sandbox.experiments.units import duration, money, percent, quantity
from sandbox.services.law import KINDS, MOVED

EVENTS = 10
FULL = 0.95  # utilization from which a service is called saturated
LOST_STYLE = "red"

_WORDS = {
    "throttled": "throttled",
    "rejected": "rejected",
    "failed": "failed",
    "timed_out": "timed out",
    "expired": "expired",
    "moved": "moved away",
}


def show(result: Result, out: Console) -> None:
    """Print it."""
    name = result.diagram or "the diagram"
    out.print(
        Text.assemble(
            (name, "bold"),
            f": {duration(result.duration_s)} from {_clock(result.scenario.start, 0)}, "
            f"seed {result.scenario.seed}, load {result.scenario.load:g}×",
        )
    )
    out.print()
    out.print(_nodes(result))
    _section(out, "What saturated, and why", _saturated(result) or ["nothing: no losses"])
    _section(out, "Newest events", _events(result))
    _section(out, "Assertions", _assertions(result))
    _section(out, "In all", _totals(result))


def _section(out: Console, title: str, lines: list[str] | list[Text]) -> None:
    if lines:
        out.print(Text(f"\n{title}", style="bold"))
        for line in lines:
            out.print(Text("  ").append(line), soft_wrap=True)


def _nodes(result: Result) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("Node", overflow="fold")
    table.add_column("Service", style="dim", overflow="fold")
    for head in ("Arrivals/s", "Served/s", "Lost", "p50", "p95", "p99"):
        table.add_column(head, justify="right")
    for head in ("Utilization", "Instances", "Cost"):
        table.add_column(head, justify="right")
    for node in result.nodes.values():

        def mean(metric: str, node: str = node.id) -> float:
            return float(result.summary(node, metric)["mean"] or 0.0)

        quantiles = [duration(result.quantile(node.id, p)) for p in (0.5, 0.95, 0.99)]
        table.add_row(
            node.id,
            node.title,
            quantity(mean("arrivals")),
            quantity(mean("served")),
            Text(_lost(result, node.id), style=LOST_STYLE),
            *quantiles,
            percent(mean("utilization")) if mean("utilization") else "",
            quantity(mean("instances")) if mean("instances") else "",
            money(result.cost_of(node.id)),
        )
    return table


def _lost(result: Result, node: str) -> str:
    """The losses of a node by kind, its own and its callees', as shares of its arrivals."""
    arrived = float(result.summary(node, "arrivals")["total"] or 0.0)
    kinds = {kind: float(result.summary(node, kind)["total"] or 0.0) for kind in KINDS[:MOVED]}
    for loss in result.losses[node].values():
        if loss.kind not in kinds:
            kinds[loss.kind] = loss.total
    return ", ".join(
        f"{_WORDS[kind]} {_part(total, arrived)}"
        for kind, total in kinds.items()
        if total >= 0.5 or (arrived and total / arrived >= 1e-6)
    )


def _part(total: float, arrived: float) -> str:
    return percent(total / arrived) if arrived > 0 else quantity(total)


def _saturated(result: Result) -> list[str]:
    """Losses with their causes, the largest first; then what was full or fell behind."""
    losses = [
        (loss, node)
        for node, causes in result.losses.items()
        for loss in causes.values()
        if loss.total >= 0.5
    ]
    losses.sort(key=lambda item: (-item[0].total, item[1]))
    lines = [_loss(result, node, loss) for loss, node in losses]
    lossy = {node for _, node in losses}
    for node in result.nodes:
        lines += _full(result, node, node in lossy)
    return lines


def _loss(result: Result, node: str, loss: Loss) -> str:
    arrived = float(result.summary(node, "arrivals")["total"] or 0.0)
    part = f"{quantity(loss.total)} ({_part(loss.total, arrived)})"
    text = f"{node} {_WORDS[loss.kind]} {part}: {loss.text}"
    begins = (e.t_s for e in result.events if e.node == node and e.kind == loss.kind)
    first = min(begins, default=None)
    return text if first is None else f"{text}; first at {_clock(result.scenario.start, first)}"


def _full(result: Result, node: str, lossy: bool) -> Iterator[str]:
    used = result.summary(node, "utilization")
    if float(used["max"] or 0.0) >= FULL and not lossy:
        yield (
            f"{node} was full: utilization reached {percent(float(used['max'] or 0))}, "
            f"{percent(float(used['mean'] or 0))} on average"
        )
    waiting, served = result.summary(node, "backlog"), result.summary(node, "served")
    last, most = float(waiting["last"] or 0.0), float(waiting["max"] or 0.0)
    # more than a minute's work, and no less than ever
    if last > 60 * float(served["last"] or 0.0) and last > 1 and last >= 0.999 * most:
        yield f"{node} falls behind: {quantity(last)} waiting at the end, more than ever before"


def _events(result: Result) -> list[str]:
    newest = result.events[-EVENTS:]
    lines = [
        f"{_clock(result.scenario.start, event.t_s)}  {event.node or 'run'}: {event.text}"
        for event in newest
    ]
    if len(result.events) > EVENTS:
        lines.insert(0, f"… {len(result.events) - EVENTS:,} earlier (all with --json)")
    return lines


def _assertions(result: Result) -> list[Text]:
    lines = []
    for verdict in result.assertions:
        value = "no value" if verdict.value is None else f"{verdict.value:.6g} {verdict.unit}"
        word, style = ("holds", "green") if verdict.holds else ("DOES NOT HOLD", "bold red")
        lines.append(Text.assemble((word, style), f"  {verdict.text}  ({value.strip()})"))
    return lines


def _totals(result: Result) -> list[str]:
    lines = []
    for node in result.nodes.values():
        if not node.source:
            continue
        arrived = float(result.summary(node.id, "arrivals")["total"] or 0.0)
        good = float(result.summary(node.id, "goodput")["total"] or 0.0)
        text = f"{node.id}: {arrived:,.0f} requests"
        if arrived:
            text += f", {percent(good / arrived)} answered in time"
        names = {info.name for info in result.metrics(node.id)}
        if "filled_in" in names:
            filled = float(result.summary(node.id, "filled_in")["total"] or 0.0)
            if filled:
                text += f"; {filled:,.0f} of them fill gaps of the trace"
        lines.append(text)
    cost = result.cost_usd
    month = cost / result.duration_s * 730 * 3600
    lines.append(f"cost: {money(cost)} ({money(month)} a month at this rate)")
    lines.append(f"{result.ticks:,} ticks in {duration(result.wall_s)}")
    return lines


def _clock(start: str, t_s: float) -> str:
    """The simulated date and time of second `t_s`."""
    return f"{instant(start, t_s):%Y-%m-%d %H:%M:%S}"
