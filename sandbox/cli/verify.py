"""`sandbox verify FILE`: the figures of a run beside theory and a simulation of single requests."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import DONE, FAILED
from .output import STANDARD, check_places, console, put

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from sandbox.experiments.requests.plan import Plan
    from sandbox.experiments.requests.verify import Check, Line, NodeCheck
    from sandbox.experiments.requests.waterfall import Waterfall

FIRST_S = 600.0  # when to look, if nobody says
WIDE = 44  # characters of a waterfall


def command(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The diagram.")],
    at: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="The moment of the run to freeze (default: 10m)."),
    ] = None,
    node: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Only this service; its part of the diagram is simulated."),
    ] = None,
    within: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE",
            help="Status 1 when a latency of a source or station is off by more, such as 10%.",
        ),
    ] = None,
    load: Annotated[
        float | None, typer.Option(metavar="FACTOR", help="Factor on the load of all sources.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed, another draw of chance.")] = None,
    json: Annotated[
        str | None, typer.Option(metavar="OUT", help="Write all figures as JSON (- for output).")
    ] = None,
    services: Annotated[
        list[str] | None, typer.Option(metavar="DIR", help="A folder of services of your own.")
    ] = None,
) -> Callable[[], int]:
    """Check a diagram against theory: its present, simulated request by request."""

    def work() -> int:
        from sandbox.experiments.requests.verify import as_json, verify
        from sandbox.experiments.tables import json_bytes

        from .folders import existing

        check_places([file], json=json)
        most = None if within is None else _share(within)
        name, plan = _frozen(file, at, node, load, seed, existing(services))
        with _progress() as progress:
            check = verify(plan, seed=seed, progress=progress)
        if json is not None:
            chosen = {"diagram": name, "node": node, **as_json(check)}
            put(json, json_bytes(chosen))
        if json != STANDARD:
            _show(check, name, node, console())
        wide = [] if most is None else list(_exceeding(check, node, most))
        for one, line in wide:
            print(
                f"sandbox: {one.node}: {line.title.lower()} is off by {_gap(line)}, more than "
                f"{within} and the interval of the simulation",
                file=sys.stderr,
            )
        return FAILED if wide else DONE

    return work


def _frozen(
    file: str,
    at: str | None,
    node: str | None,
    load: float | None,
    seed: int | None,
    folders: tuple[str, ...],
) -> tuple[str, Plan]:
    """The diagram's name, and its plan at that moment."""
    from dataclasses import replace
    from pathlib import Path

    from sandbox.document.file import load as read
    from sandbox.engine.run import Run
    from sandbox.experiments.errors import InputError
    from sandbox.experiments.quantities import seconds
    from sandbox.experiments.requests.plan import freeze
    from sandbox.services import catalogue

    known = catalogue(*folders)
    document = read(file, known)
    given: dict[str, Any] = {"load": load, "seed": seed}
    scenario = replace(document.scenario, **{k: v for k, v in given.items() if v is not None})
    run = Run(document, known, scenario)
    moment = min(FIRST_S, scenario.duration_s) if at is None else seconds(at)
    ticks = math.ceil(moment / run.dt - 1e-9)
    if ticks < 1:
        raise InputError("--at must be later than the start, such as 10m")
    run.advance(ticks)
    return document.name or Path(file).stem, freeze(run, node)


def _share(text: str) -> float:
    from sandbox.experiments.errors import InputError

    cleaned = text.strip()
    try:
        value = float(cleaned.rstrip("%")) / (100.0 if cleaned.endswith("%") else 1.0)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise InputError(f"--within {text} is no share; give one such as 10% or 0.1")
    return value


def _exceeding(check: Check, node: str | None, most: float) -> Iterator[tuple[NodeCheck, Line]]:
    from sandbox.experiments.requests.verify import LATENCIES

    for one in check.nodes:
        if one.kind == "stage" or node not in (None, one.node):
            continue
        for line in one.lines:
            if line.metric not in LATENCIES or line.gap is None or line.product is None:
                continue
            half = line.simulated.half if math.isfinite(line.simulated.half) else 0.0
            if abs(line.product - line.simulated.value) > most * line.simulated.value + half:
                yield one, line


def _show(check: Check, name: str, node: str | None, out: Console) -> None:
    from rich.text import Text

    from sandbox.experiments.requests.verify import all_notes
    from sandbox.experiments.units import duration, si

    out.print(
        Text.assemble(
            (name, "bold"),
            f": {duration(check.t_s)} after the start, frozen; {si(check.events)} events, "
            f"{duration(check.window_s)} simulated in {duration(check.took_s)}, seed {check.seed}",
        )
    )
    if check.why_not:
        out.print(Text(f"Not steady: {check.why_not}", style="bold red"), soft_wrap=True)
    out.print()
    shown = [one for one in check.nodes if node in (None, one.node)]
    out.print(_table(shown))
    _section(out, "Closed forms", list(_forms(shown)))
    kinds = {
        "taken over": "Taken over from the run, not simulated",
        "not represented": "Not represented",
        "passing": "The run is not at rest, so its figures are those of a moment",
    }
    for kind, title in kinds.items():
        _section(out, title, [f"{n.where}: {n.text}" for k, n in all_notes(check) if k == kind])
    for one in shown:
        if one.kind == "path" or node is not None:
            for fall in check.waterfalls.get(one.node, ()):
                _section(out, _title(fall), list(_bars(fall)))


def _section(out: Console, title: str, lines: list[str]) -> None:
    from rich.text import Text

    if lines:
        out.print(Text(f"\n{title}", style="bold"))
        for line in lines:
            out.print(Text(f"  {line}"), soft_wrap=True)


def _table(nodes: list[NodeCheck]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("Node", overflow="fold")
    table.add_column("Figure")
    for head in ("Theory", "Request by request", "Product", "Gap"):
        table.add_column(head, justify="right")
    for one in nodes:
        for k, line in enumerate(one.lines):
            gap = Text(_gap(line) or ("taken over" if one.kind == "stage" else ""))
            if line.gap is not None and line.sure and abs(line.gap) > 0.1:
                gap.stylize("yellow")
            table.add_row(
                Text(one.node if k == 0 else "", style="bold"),
                line.title,
                _value(line.closed, line.unit),
                _estimate(line),
                _value(line.product, line.unit),
                gap,
                end_section=k == len(one.lines) - 1,
            )
        if one is not nodes[-1]:
            table.add_row()
    return table


def _value(value: float | None, unit: str) -> str:
    from sandbox.experiments.units import quantity

    return "" if value is None else quantity(value, unit)


def _estimate(line: Line) -> str:
    value, half = line.simulated.value, line.simulated.half
    text = _value(value, line.unit)
    if math.isfinite(half) and value > 0:
        text += f" ± {100 * half / value:.2g} %"
    return text


def _gap(line: Line) -> str:
    return "" if line.gap is None else f"{100 * line.gap:+.1f} %"


def _forms(nodes: list[NodeCheck]) -> Iterator[str]:
    for one in nodes:
        form = one.form
        if form.name:
            inputs = ", ".join(f"{name} = {value}" for name, value in form.inputs)
            text = f"{one.node}: {form.name} ({inputs})"
            if form.assumes:
                text += f"; it assumes {form.assumes}"
            yield text + (f": {form.why_not}" if form.why_not else "")
        elif one.kind != "stage":
            yield f"{one.node}: none: {form.why_not}"


def _title(fall: Waterfall) -> str:
    from sandbox.experiments.units import duration

    words = {
        "typical": "A typical request (at the median)",
        "slow": "A slow request (at the 99th percentile)",
        "failed": f"A request that was not answered well ({fall.outcome.replace('_', ' ')})",
    }
    return f"{words[fall.which]}: {duration(fall.seconds)}"


def _bars(fall: Waterfall) -> Iterator[str]:
    """Each hop as a bar: waiting ░, being served █, its calls ─."""
    from sandbox.experiments.units import duration

    whole = max(fall.seconds, max(span.end_s for span in fall.spans), 1e-9)
    labels = ["  " * s.depth + s.node + _again(s.attempt, s.call) for s in fall.spans]
    wide = max(map(len, labels))
    for label, span in zip(labels, fall.spans, strict=True):
        bar = [" "] * WIDE
        ends = [span.start_s]
        for part in (span.wait_s, span.service_s, span.calls_s):
            ends.append(ends[-1] + part)
        for sign, begin, end in zip("░█─", ends, ends[1:], strict=False):
            first, last = round(begin / whole * WIDE), round(end / whole * WIDE)
            bar[first:last] = sign * (last - first)
        text = f"waits {duration(span.wait_s)}, " if span.wait_s > 0 else ""
        text += f"works {duration(span.service_s)}, ends at {duration(span.end_s)}"
        if span.outcome != "ok":
            text += f", {span.outcome.replace('_', ' ')}"
        if span.given_up_s is not None:
            text += f", given up at {duration(span.given_up_s)}"
        yield f"{label:<{wide}} |{''.join(bar[:WIDE])}| {text}"


def _again(attempt: int, call: int) -> str:
    return (f" call {call}" if call > 1 else "") + (f" attempt {attempt}" if attempt > 1 else "")


@contextmanager
def _progress() -> Iterator[Callable[[float], None] | None]:
    """A bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn

    columns = ("Simulating", BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda share: bar.update(task, completed=share)
