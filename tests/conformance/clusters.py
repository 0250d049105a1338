"""Amazon EMR alone, with steps that are submitted by hand, and times that are easy to add up."""

from __future__ import annotations

from typing import Any

from sandbox.engine import Run
from sandbox.services import catalogue
from tests.simulation import go, simulate

QUICK = {"provision_s": 0.0, "bootstrap_s": 0.0, "termination_s": 0.0, "hdfs_mb_per_s": 1e5}
# 8 splits; of an HDFS that reads them in a millisecond, a map task is a hundred seconds
STEP = {"input": "hdfs", "input_gb": 1.0, "map_s": 100.0, "reducers": 0, "output_gb": 0.0}
DATA = {"hdfs_data_gb": 100.0}


def cluster(
    *steps: dict[str, Any],
    submit: tuple[tuple[int, int], ...] = ((1, 1),),
    seconds: float = 0.0,
    run: dict[str, Any] | None = None,
    **params: Any,
) -> Run:
    """Steps on a cluster; `submit` is (step, count)."""
    named = [{"name": f"step{i}", **STEP, **step} for i, step in enumerate(steps or ({},), 1)]
    params = {**QUICK, **DATA, "steps": named, **params}
    scenario = {"tick_s": 10.0, "duration_s": 86_400.0, **(run or {})}
    made = simulate({"e": ("emr", params)}, [], **scenario)
    for step, count in submit:
        made.control("e", "submit", {"step": step, "count": count})
    return go(made, seconds)


def nodes(count: int, **more: Any) -> dict[str, Any]:
    return {"count": count, **more}


def now(run: Run, name: str) -> float:
    return run.now("e")[name]


def said(run: Run, kind: str) -> list[str]:
    return [e.text for e in run.events if e.node == "e" and e.kind == kind]


def wrong(**params: Any) -> bool:
    return bool(catalogue().check_params("emr", params))
