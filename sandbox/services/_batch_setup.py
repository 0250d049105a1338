"""Job queues before and between their ticks: names become numbers, and what is odd."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np

from sandbox.services import _fargate as fargate
from sandbox.services._batch_cells import ENTRIES
from sandbox.services._batch_edits import refit
from sandbox.services._batch_environments import JOBS, KINDS, QUEUES
from sandbox.services._batch_params import ENVIRONMENTS, Params
from sandbox.services._hosts import ACTIVE
from sandbox.services._instance_types import PLACE, SAVING, TABLE, TYPES
from sandbox.services._job_ends import WAITS
from sandbox.services._submission_rows import rows
from sandbox.services.contract import Setup

RESCALE_S, RESCALE_2020_S = 10.0, 600.0  # assumption; github.com/awsdocs/aws-batch-user-guide, 10
FAIR_WINDOW_S = 600.0  # AWS Batch API Reference: FairsharePolicy, shareDecaySeconds of 0


class Derived:
    entries_n: int
    slots_n: int
    envs_n: int
    queue_of: Annotated[object, ("i8", (JOBS,))]
    needs: Annotated[object, ("i8", (JOBS,))]
    decay_s: Annotated[object, ("f8", (JOBS,))]
    job_usd: Annotated[object, ("f8", (JOBS,))]  # an hour on Fargate
    fair: Annotated[object, ("i8", (QUEUES,))]
    limit_s: Annotated[object, ("f8", (QUEUES,))]
    env_type: Annotated[object, ("i8", (ENVIRONMENTS,))]
    env_price: Annotated[object, ("f8", (ENVIRONMENTS,))]
    managed: Annotated[object, ("i8", (ENVIRONMENTS,))]
    kinds: Annotated[object, ("i8", (ENVIRONMENTS * KINDS,))]
    kinds_n: Annotated[object, ("i8", (ENVIRONMENTS,))]
    fargate: int
    born: int  # whether Fargate is there in this era
    era_2020: int
    every_s: float


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    """Names become numbers; the definition of each link, then the rows of the schedule."""
    then = setup.era == "2020"
    names = [job.name for job in params.jobs]
    queues = [queue.name for queue in params.queues]
    record["entries_n"], record["slots_n"] = ENTRIES, slots(params) + 1
    record["envs_n"] = len(params.compute_environments)
    for k, job in enumerate(params.jobs):
        q = queues.index(job.queue) if job.queue else 0
        record["queue_of"][..., k] = q
        record["needs"][..., k] = names.index(job.depends_on) if job.depends_on else -1
        record["decay_s"][..., k] = params.queues[q].share_decay_s or FAIR_WINDOW_S
        record["job_usd"][..., k] = fargate.usd_per_hour(job.vcpus, job.memory_mib)
    for q, queue in enumerate(params.queues):
        record["fair"][..., q] = queue.scheduling == "fair_share" and not then
        record["limit_s"][..., q] = 0 if then else queue.state_time_limit_s or 0
    for v, env in enumerate(params.compute_environments):
        record["env_type"][..., v] = ("EC2", "SPOT", "FARGATE", "FARGATE_SPOT").index(env.type)
        record["env_price"][..., v] = (
            1.0 - fargate.SPOT_SAVING if env.type == "FARGATE_SPOT" else 1.0
        )
        record["managed"][..., v] = env.managed
        record["kinds_n"][..., v] = len(env.instance_types)
        for i, kind in enumerate(env.instance_types):
            record["kinds"][..., v * KINDS + i] = PLACE[kind.instance_type]
    record["fargate"] = params.compute_environments[0].fargate
    record["born"] = not then
    record["era_2020"] = then
    record["every_s"] = params.rescale_s or (RESCALE_2020_S if then else RESCALE_S)
    asked = [
        float(_named(names, link.params.get("job", "")))
        + WAITS * bool(link.params.get("wait_for_job"))
        for link in setup.ins
    ]
    return np.array([*asked, *rows((job.schedule for job in params.jobs), setup)])


def _named(names: list[str], name: str) -> int:
    return names.index(name) if name in names else 0


def slots(params: Params) -> int:
    """Jobs that run at once at most, an instance beyond each maximum included."""
    vcpus = sum(
        env.max_vcpus
        + (0 if env.fargate else max(TYPES[k.instance_type].vcpus for k in env.instance_types))
        for env in params.compute_environments
    )
    return int(vcpus / min(job.vcpus for job in params.jobs)) + 1


def hosts(params: Params) -> int:
    """Instances at once at most."""
    count = 0
    for env in params.compute_environments:
        if not env.fargate:
            least = min(TYPES[k.instance_type].vcpus for k in env.instance_types)
            count += -(-env.max_vcpus // least) + 2
    return count


def cells_count(params: Params, setup: Setup) -> int:
    """Submissions, attempts (one to spare), instances."""
    return ENTRIES + slots(params) + 1 + hosts(params)


def init(params: Params, record: Any, state: Any, cells: np.ndarray, setup: Setup) -> None:
    """The instances of the minimum, and those of desired_vcpus, have been there for a day."""
    state["seen_due"] = state["host_due"] = math.inf
    state["laid"] = slots(params) + 1
    place = ENTRIES + slots(params) + 1
    for v, env in enumerate(params.compute_environments):
        if env.fargate:
            continue
        kind = min((k.instance_type for k in env.instance_types), key=lambda n: TYPES[n].vcpus)
        wanted = max(env.min_vcpus, env.desired_vcpus)
        for _ in range(-(-wanted // TYPES[kind].vcpus)):
            host = cells[place : place + 1]
            host["state"], host["env"], host["kind"] = ACTIVE, v, PLACE[kind]
            host["vcpus"], host["memory"] = TYPES[kind].vcpus, TYPES[kind].memory_gib * 1024
            host["launched_s"] = host["ready_s"] = host["idle_s"] = -86_400.0
            host["gone_s"] = math.inf
            market = int(env.type == "SPOT")
            saving = TABLE[PLACE[kind]][SAVING] if market else 0.0
            state["hosts_now"][..., market] += TYPES[kind].usd_per_hour * (1.0 - saving)
            state["hosts"] += 1
            state["vcpus"] += TYPES[kind].vcpus
            state["desired_vcpus"] += TYPES[kind].vcpus
            place += 1


def adjust(params: Params, record: Any, state: Any, cells: np.ndarray, setup: Setup) -> None:
    """Jobs keep their places where these are still declared; the schedule may be another."""
    refit(record, state, cells)


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    found: list[str] = []
    names = [job.name for job in params.jobs]
    for link in setup.ins:
        if (name := link.params.get("job", "")) and name not in names:
            found.append(f"{link.other} submits {name}, which is no job definition; it takes the "
                         f"first, {names[0]}")  # fmt: skip
    if setup.era == "2020":
        if params.compute_environments[0].fargate:
            found.append("Batch runs on Fargate since December 2020: no job starts")
        if any(q.scheduling == "fair_share" for q in params.queues):
            found.append("fair share came in November 2021; jobs run in their order")
    for job in params.jobs:
        if job.duration_s > 1800 and any("SPOT" in e.type for e in params.compute_environments):
            found.append(f"{job.name} runs for {job.duration_s / 60:.0f} minutes on Spot; AWS "
                         "advises 30 at most, since what is interrupted begins anew")  # fmt: skip
    return [(0.0, "notice", text) for text in found]
