"""`sandbox bench`: how fast the engine is on this machine."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from . import DONE
from .output import check_places, console, put

EXAMPLE = "examples/web-shop.json"
BUSY = "web.policies[0].target_value=70"  # so that the fleet stays as busy as it begins


def command(
    json: Annotated[
        str | None, typer.Option(metavar="OUT", help="Write it as JSON (- for output).")
    ] = None,
    sizes: Annotated[
        str | None,
        typer.Option(metavar="N,…", help="Numbers of nodes (default: 10 to 100,000)."),
    ] = None,
    peers: Annotated[
        bool,
        typer.Option(help="Also run the simulators of the `bench` extra that are installed."),
    ] = True,
    peers_for: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="What they simulate, up to 24h (default: what takes seconds)."
        ),
    ] = None,
) -> Callable[[], int]:
    """Measure a node-tick, a simulated day, snapshots, and simulators that play every request.

    Takes some minutes; less with --sizes 10,1000 and --no-peers.
    """

    def work() -> int:
        from sandbox.assets import asset
        from sandbox.document.file import load
        from sandbox.experiments.bench import SIZES, bench
        from sandbox.experiments.quantities import seconds
        from sandbox.experiments.settings import apply
        from sandbox.experiments.tables import json_bytes
        from sandbox.services import catalogue

        check_places((), json=json)
        counts = SIZES if sizes is None else _counts(sizes)
        horizon_s = None if peers_for is None else seconds(peers_for)
        known = catalogue()
        tell = _tell if sys.stderr.isatty() else None
        shop = apply(load(asset(EXAMPLE), known), [BUSY], known)
        measured = bench(shop, known, sizes=counts, progress=tell)
        if peers:
            from sandbox.experiments.peers import compare

            measured["peers"] = compare(known, horizon_s=horizon_s, progress=tell)
        if json is not None:
            put(json, json_bytes(measured))
        else:
            _show(measured)
        return DONE

    return work


def _counts(text: str) -> list[int]:
    from sandbox.experiments.errors import InputError

    try:
        counts = [int(part.replace("_", "")) for part in text.split(",")]
    except ValueError:
        counts = [0]
    if not all(1 <= count <= 1_000_000 for count in counts):
        raise InputError(f"--sizes {text!r}: write numbers of nodes, such as 10,1000,100000")
    return counts


def _tell(text: str) -> None:
    print(f"measuring {text} …", file=sys.stderr)


def _show(measured: dict[str, Any]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 3, 0, 0))
    table.add_column()
    table.add_column(justify="right")
    for size, cost in measured["node_tick_ns"].items():
        alone = measured["node_tick_one_thread_ns"][size]
        told = f"{cost:.0f} ns; one thread {alone:.0f} ns"
        table.add_row(f"a node-tick, {int(size):,} nodes", told)
    table.add_row("a day of 20 services, 1 s ticks", f"{measured['day_20_services_s']:.3f} s")
    table.add_row(
        "… and all percentiles of its rows",
        f"{measured['day_20_services_with_percentiles_s']:.3f} s",
    )
    table.add_row(
        "snapshot and restore, 200 nodes",
        f"{measured['snapshot_and_restore_200_nodes_ms']:.2f} ms",
    )
    table.add_row(
        "any moment of 100,000 ticks of 50 nodes shown again, at the most",
        f"{measured['look_back_50_nodes_ms']:.1f} ms",
    )
    table.add_row(
        "a forecast of 6 h, 20 services", f"{measured['forecast_20_services_6_h_ms']:.0f} ms"
    )
    if measured["peak_memory_mb"] is not None:
        table.add_row("memory at the most", f"{measured['peak_memory_mb']:,} MB")
    for workload, rows in measured.get("peers", {}).items():
        title = {"mm8": "M/M/8", "elastic_fleet": "elastic fleet"}[workload]
        for name, row in rows.items():
            hour = f"{row['wall_s_per_hour'] * 1e3:,.4g} ms"
            times = f", {row['times_ours']:,.0f} × ours" if "times_ours" in row else ""
            who = f"{name} {row['version']}" if "version" in row else "here"
            table.add_row(f"an hour of {title}, {who}", f"{hour}{times}")
    out = console()
    out.print(f"{measured['diagram']}, repeated; {measured['cpus']} CPUs, {measured['machine']}")
    out.print(table)
