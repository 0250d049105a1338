"""`sandbox bench`: how fast the engine is on this machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from . import DONE
from .output import check_places, console, put

EXAMPLE = "examples/web-shop.json"


def command(
    json: Annotated[
        str | None, typer.Option(metavar="OUT", help="Write it as JSON (- for output).")
    ] = None,
) -> Callable[[], int]:
    """Measure the cost of a node-tick, a simulated day, and snapshots; takes about a minute."""

    def work() -> int:
        from sandbox.assets import asset
        from sandbox.document.file import load
        from sandbox.experiments.bench import bench
        from sandbox.experiments.tables import json_bytes
        from sandbox.services import catalogue

        check_places((), json=json)
        known = catalogue()
        tell = _tell if sys.stderr.isatty() else None
        measured = bench(load(asset(EXAMPLE), known), known, progress=tell)
        if json is not None:
            put(json, json_bytes(measured))
        else:
            _show(measured)
        return DONE

    return work


def _tell(text: str) -> None:
    print(f"measuring {text} …", file=sys.stderr)


def _show(measured: dict[str, Any]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 3, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    for size, cost in measured["node_tick_ns"].items():
        table.add_row(f"a node-tick, {int(size):,} nodes", f"{cost:.0f} ns")
    table.add_row("a day of 20 services, 1 s ticks", f"{measured['day_20_services_s']:.3f} s")
    table.add_row(
        "… and all percentiles of its rows",
        f"{measured['day_20_services_with_percentiles_s']:.3f} s",
    )
    table.add_row(
        "snapshot and restore, 200 nodes",
        f"{measured['snapshot_and_restore_200_nodes_ms']:.2f} ms",
    )
    out = console()
    out.print(f"{measured['diagram']}, repeated; {measured['cpus']} CPUs, {measured['machine']}")
    out.print(table)
