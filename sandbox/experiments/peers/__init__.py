"""Simulators that play every request, on the same two workloads, in the same run as ours.

They are installed with the `bench` extra; what is missing is left out. How long each simulates
is its own: costs are compared by the simulated hour. The fleet's load is the mean of its day from
5:30 to 6:30, so a part of that hour stands for a day where a whole one would take minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from .workloads import DAY_S, START, Measured

if TYPE_CHECKING:
    from sandbox.services.registry import Catalogue

PEERS = {"simpy": 1800.0, "ciw": 600.0, "cimba": DAY_S}  # s simulated, unless one says
MEAN_AT_S = 6 * 3600.0
MEAN_WORKERS = 12


def compare(
    catalogue: Catalogue,
    *,
    horizon_s: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Wall seconds of a simulated hour for each simulator, and how many times ours it is.

    ``horizon_s`` is what all peers simulate, a day at the most; by default each what takes it some
    seconds. ``mm8`` is the whole engine, ``elastic_fleet`` the kernel in a loop of its own.
    """
    from . import ours

    tell = progress or (lambda _text: None)
    found: dict[str, Any] = {
        "mm8": {"sandbox": _row(ours.mm8(DAY_S, catalogue))},
        "elastic_fleet": {"sandbox": _row(ours.fleet(0.0, DAY_S, START))},
    }
    for name in installed():
        simulated = min(horizon_s or PEERS[name], DAY_S)
        tell(f"{name} {version(name)}, {simulated / 3600:.3g} simulated hours")
        for workload, one in apart(play, name, simulated).items():
            row = _row(one)
            own = found[workload]["sandbox"]["wall_s_per_hour"]
            row["times_ours"] = round(row["wall_s_per_hour"] / own, 1)
            found[workload][name] = {"version": version(name), **row}
    return found


def installed() -> list[str]:
    """The peers that are there."""
    return [name for name in PEERS if _is_installed(name)]


def apart(work: Callable[..., Any], *arguments: Any) -> Any:
    """What `work` returns in a fresh process: cimba extends numba, and finds it in use in ours."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        return fresh.submit(work, *arguments).result()


def play(name: str, simulated_s: float) -> dict[str, Measured]:
    """Both workloads on one of the peers; a whole day of the fleet, or a part about its mean."""
    peer = import_module(f"{__name__}.on_{name}")
    whole = simulated_s == DAY_S
    begin = 0.0 if whole else MEAN_AT_S - simulated_s / 2.0
    return {
        "mm8": peer.mm8(simulated_s),
        "elastic_fleet": peer.fleet(begin, simulated_s, START if whole else MEAN_WORKERS),
    }


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _row(measured: Measured) -> dict[str, Any]:
    return {
        "simulated_s": measured.simulated_s,
        "wall_s": float(f"{measured.wall_s:.4g}"),
        "wall_s_per_hour": float(f"{measured.wall_s_per_hour:.4g}"),
        "busy": round(measured.busy, 3),
        "waiting": round(measured.waiting, 3),
    }
