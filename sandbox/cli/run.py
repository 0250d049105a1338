"""`sandbox run FILE`: run a diagram headless."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sandbox.experiments.quantities import seconds

from . import DONE, FAILED
from .output import STANDARD, check_places, console, put

if TYPE_CHECKING:
    from sandbox.experiments import Result

_DURATION = "24h, 90m, 30s, 1d, 500ms or seconds"


def command(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The diagram.")],
    for_: Annotated[
        str | None,
        typer.Option(
            "--for", metavar="TIME", help=f"How long: {_DURATION} (default: the scenario's)."
        ),
    ] = None,
    tick: Annotated[
        str | None, typer.Option(metavar="TIME", help="Length of a tick; it divides a minute.")
    ] = None,
    load: Annotated[
        float | None, typer.Option(metavar="FACTOR", help="Factor on the load of all sources.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed, another draw of chance.")] = None,
    every: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Recording interval (default: at most 10,000 rows)."),
    ] = None,
    trace: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[NODE=]CSV", help="Replay a recorded load: a time, then a count or rate."
        ),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NODE.PARAM=VALUE",
            help="Another value: web.max_size=12, web.policies[0].target_value=60, "
            "queue>worker.batch_size=100, scenario.era=2020.",
        ),
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FAULT",
            help="Let something fail: 'kind=error_rate target=web start=10m end=20m amount=0.2'. "
            "Kinds: error_rate, added_latency, link_cut, downstream_throttle, kill_instances, "
            "capacity_cut, zone_outage, hot_key, cache_flush, spot_interruption. "
            "A link is a target as web.out>db.in; for=10m may stand for end.",
        ),
    ] = None,
    assert_: Annotated[
        list[str] | None,
        typer.Option(
            "--assert",
            metavar="CLAIM",
            help="FUNC(NODE[.METRIC]) OP VALUE, such as 'p99(api) < 250ms'; "
            "status 1 when one does not hold.",
        ),
    ] = None,
    replay: Annotated[
        str | None, typer.Option(metavar="JSONL", help="Do again what a control log says.")
    ] = None,
    json: Annotated[
        str | None, typer.Option(metavar="OUT", help="Write the result as JSON (- for output).")
    ] = None,
    csv: Annotated[
        str | None, typer.Option(metavar="OUT", help="Write the series as CSV (- for output).")
    ] = None,
    plot: Annotated[
        str | None, typer.Option(metavar="OUT", help="Draw the main curves as .png or .svg.")
    ] = None,
    services: Annotated[
        list[str] | None, typer.Option(metavar="DIR", help="A folder of services of your own.")
    ] = None,
) -> Callable[[], int]:
    """Run a diagram without a window."""

    def work() -> int:
        from sandbox.experiments import run

        from . import picture
        from .folders import existing

        inputs = [file, replay, *(word.partition("=")[2] or word for word in trace or ())]
        check_places(inputs, json=json, csv=csv, plot=plot)
        if plot is not None:
            picture.check(plot)
        with _progress() as progress:
            result = run(
                file,
                duration_s=for_,
                tick_s=tick,
                load=load,
                seed=seed,
                every_s=every,
                trace=trace,
                settings=set_ or (),
                assertions=assert_ or (),
                replay=replay,
                faults=fault or (),
                services=existing(services),
                progress=progress,
            )
        _warn(result, every)
        _write(result, json, csv, plot)
        if json is None and csv is None:
            from . import summary

            summary.show(result, console())
        for verdict in result.assertions:
            if not verdict.holds:
                print(
                    f"sandbox: {_failed(verdict.text, verdict.value, verdict.unit)}",
                    file=sys.stderr,
                )
        return DONE if result.holds else FAILED

    return work


def _write(result: Result, json: str | None, csv: str | None, plot: str | None) -> None:
    """Files before standard output, so that whoever reads the latter finds the former."""
    from sandbox.experiments.tables import as_json, csv_bytes, json_bytes

    from . import picture

    jobs: list[tuple[str, Callable[[], bytes]]] = []
    if json is not None:
        jobs.append((json, lambda: json_bytes(as_json(result))))
    if csv is not None:
        jobs.append((csv, lambda: csv_bytes(result)))
    if plot is not None:
        picture.draw(result, Path(plot))
    for where, make in sorted(jobs, key=lambda job: job[0] == STANDARD):
        put(where, make())


def _warn(result: Result, every: str | None) -> None:
    """Tell what the numbers alone would not."""
    for text in result.warnings:
        print(f"sandbox: {text}", file=sys.stderr)
    rows_s = max(history.row_s() for history in result.records.histories)
    if every is not None and rows_s > seconds(every) * 1.001:
        print(
            f"sandbox: rows of {every} do not fit in memory; they were joined to {rows_s:g} s",
            file=sys.stderr,
        )
    if not result.balance_error < 1e-9:
        print(
            f"sandbox: balance of '{result.balance_node}' is off by {result.balance_error:.1e}: "
            "a bug of the simulator; please report it with the diagram",
            file=sys.stderr,
        )


def _failed(text: str, value: float | None, unit: str) -> str:
    if value is None:
        return f"does not hold: {text} (there is no value)"
    shown = {"s": f"{value:.6g} s", "share": f"{value * 100:.6g} %", "1/s": f"{value:.6g}/s"}
    return f"does not hold: {text} (it is {shown.get(unit, f'{value:.6g} {unit}'.strip())})"


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """A bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

    with Progress(
        "{task.description}",
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        # services new to this machine are compiled first, which takes up to a minute
        task = bar.add_task("Preparing", total=None)
        yield lambda done, ticks: bar.update(
            task, description="Running", completed=done, total=ticks
        )
