"""AWS Batch alone, with jobs that are submitted by hand."""

from __future__ import annotations

from typing import Any

from sandbox.engine import Run
from sandbox.services import catalogue
from tests.simulation import go, simulate

FIXED = {"managed": False, "desired_vcpus": 4, "instance_types": [{"instance_type": "m5.xlarge"}]}
QUICK = {"scheduler_s": 0.0, "image_pull_s": 0.0, "boot_median_s": 0.0, "fargate_start_s": 0.0}
JOB = {"memory_mib": 1024, "duration_s": 100.0}


def batch(
    jobs: list[dict[str, Any]],
    *environments: dict[str, Any],
    submit: tuple[tuple[int, int], ...] = ((1, 1),),
    seconds: float = 0.0,
    run: dict[str, Any] | None = None,
    **params: Any,
) -> Run:
    """Jobs on four vCPUs that stay, unless environments are given; `submit` is (job, count)."""
    named = [{"name": f"job{i}", **JOB, **job} for i, job in enumerate(jobs, 1)]
    given = [{"name": f"env{i}", **env} for i, env in enumerate(environments or (FIXED,), 1)]
    params = {**QUICK, "jobs": named, "compute_environments": given, **params}
    scenario = {"tick_s": 10.0, "duration_s": 86_400.0, **(run or {})}
    made = simulate({"b": ("batch", params)}, [], **scenario)
    for job, count in submit:
        made.control("b", "submit", {"job": job, "count": count})
    return go(made, seconds)


def now(run: Run, name: str) -> float:
    return run.now("b")[name]


def said(run: Run, kind: str) -> list[str]:
    return [e.text for e in run.events if e.node == "b" and e.kind == kind]


def wrong(**params: Any) -> bool:
    return bool(catalogue().check_params("batch", params))
