"""The parameters of AWS Batch: job queues, job definitions, and the whole."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from sandbox.services import _fargate as fargate
from sandbox.services._batch_environments import API, GUIDE, JOBS, QUEUES, ComputeEnvironment
from sandbox.services._cron import parsed
from sandbox.services.params import Parameters, param

QUEUE = f"{API}: CreateJobQueue"
FAIR = f"{API}: FairsharePolicy"
LIMITS = f"{GUIDE}: AWS Batch service quotas"
RETRIES = f"{GUIDE}: Automated job retries"
TIMEOUTS = f"{GUIDE}: Job timeouts"
ARRAYS = f"{GUIDE}: Array jobs"
DEPENDENCIES = f"{GUIDE}: Job dependencies"
STATES = f"{GUIDE}: Job states"

ENVIRONMENTS = 3  # AWS Batch User Guide: Service quotas, compute environments of a queue
ATTEMPTS = 1  # AWS Batch User Guide: Automated job retries
MOST_ATTEMPTS = 10  # AWS Batch User Guide: Automated job retries
LEAST_TIMEOUT_S = 60  # AWS Batch User Guide: Job timeouts
LEAST_ARRAY, MOST_ARRAY = 2, 10_000  # AWS Batch User Guide: Array jobs
LEAST_LIMIT_S, MOST_LIMIT_S = 600, 86_400  # AWS Batch API Reference: JobStateTimeLimitAction
MOST_DECAY_S = 604_800  # AWS Batch API Reference: FairsharePolicy
MOST_RESERVED = 99  # AWS Batch API Reference: FairsharePolicy
SHARE_WEIGHT = 1.0  # AWS Batch API Reference: FairsharePolicy, weightFactor


class JobQueue(Parameters):
    """Where jobs wait."""

    name: str = param("queue", "Its name.", basic=True)
    priority: int = param(
        1, "The queue with the higher number goes first.", ge=0, le=1000, source=QUEUE,
        confidence="H", basic=True,
    )  # fmt: skip
    scheduling: Literal["fifo", "fair_share"] = param(
        "fifo",
        "In the order of submission, or by what each job definition, a share of its own, has used; "
        "fair share since November 2021.",
        source=FAIR,
        confidence="H",
        basic=True,
    )
    share_decay_s: int = param(
        0,
        "Fair share: how long usage counts; 0 is a window of 600 s.",
        unit="s",
        ge=0,
        le=MOST_DECAY_S,
        source=FAIR,
        confidence="H",
    )
    compute_reservation: int = param(
        0,
        "Fair share: keeps (reservation / 100) to the power of the active shares of the vCPUs "
        "free for shares that are not active yet.",
        unit="%",
        ge=0,
        le=MOST_RESERVED,
        source=FAIR,
        confidence="H",
    )
    state_time_limit_s: int | None = param(
        None,
        "A job at the head that is RUNNABLE for so long is cancelled; empty waits for ever. Not "
        "in 2020.",
        unit="s",
        ge=LEAST_LIMIT_S,
        le=MOST_LIMIT_S,
        source=f"{API}: JobStateTimeLimitAction",
        confidence="H",
    )


class JobDefinition(Parameters):
    """What a job needs and does, and how it is submitted."""

    name: str = param("job", "Its name; requests name it on their link.", basic=True)
    queue: str = param("", "Job queue it is submitted to; empty is the first.", basic=True)
    vcpus: float = param(
        1.0, "vCPUs; whole ones on instances, 0.25 to 16 on Fargate.", ge=0.25, le=192,
        source=f"{API}: ContainerProperties", confidence="H", basic=True,
    )  # fmt: skip
    memory_mib: int = param(
        2048, "Memory.", unit="MiB", ge=4, le=1_000_000, source=f"{API}: ContainerProperties",
        confidence="H", basic=True,
    )  # fmt: skip
    duration_s: float = param(
        300.0, "Mean time an attempt runs.", unit="s", ge=1, le=2_592_000, basic=True
    )
    duration_cv: float = param(
        0.0, "Spread of it: standard deviation over mean, lognormal.", ge=0, le=3
    )
    array_size: int = param(
        0,
        "Children of an array job, 2 to 10,000; 0 is a job without.",
        ge=0,
        le=MOST_ARRAY,
        source=ARRAYS,
        confidence="H",
        basic=True,
    )
    sequential: bool = param(
        False, "Whether each child of the array waits for the one before.", source=ARRAYS,
        confidence="H",
    )  # fmt: skip
    depends_on: str = param(
        "",
        "Job definition whose last submission must succeed first.",
        source=DEPENDENCIES,
        confidence="H",
    )
    n_to_n: bool = param(
        False,
        "Each child waits for the child with its number, of an array of the same size.",
        source=ARRAYS,
        confidence="H",
    )
    attempts: int = param(
        ATTEMPTS, "Attempts, the first included.", ge=1, le=MOST_ATTEMPTS, source=RETRIES,
        confidence="H", basic=True,
    )  # fmt: skip
    retry_on: Literal["any", "host_terminated"] = param(
        "any",
        "Which failures are tried again: all, or only the loss of the instance (evaluateOnExit "
        "with 'Host EC2*').",
        source=RETRIES,
        confidence="H",
    )
    failure_percent: float = param(
        0.0, "Attempts that exit with an error at their end.", unit="%", ge=0, le=100
    )
    timeout_s: int | None = param(
        None,
        "An attempt that runs for longer is stopped, and not tried again; empty is none.",
        unit="s",
        ge=LEAST_TIMEOUT_S,
        le=2_592_000,
        source=TIMEOUTS,
        confidence="H",
    )
    stop_s: float = param(
        0.0,
        "Time the job takes to stop when told to by SIGTERM; SIGKILL ends it after 30 s.",
        unit="s",
        ge=0,
        le=3600,
        source=TIMEOUTS,
        confidence="H",
    )
    share_weight: float = param(
        SHARE_WEIGHT, "Fair share: multiplies its usage; a lower one gets more.", ge=0.0001,
        le=999.9999, source=FAIR, confidence="H",
    )  # fmt: skip
    schedule: str = param(
        "",
        "Cron of five fields, UTC, at which it is submitted by a rule: '0 2 * * *'.",
        basic=True,
    )

    @model_validator(mode="after")
    def _possible(self) -> JobDefinition:
        if self.schedule:
            parsed(self.schedule)
        if self.array_size and self.array_size < LEAST_ARRAY:
            raise ValueError("array_size is 0 for no array, or 2 to 10,000")
        if self.sequential and not self.array_size:
            raise ValueError("sequential is for the children of an array; give array_size")
        if self.n_to_n and not (self.array_size and self.depends_on):
            raise ValueError("n_to_n needs array_size, and depends_on another array")
        if self.n_to_n and self.sequential:
            raise ValueError("n_to_n and sequential exclude each other; take one")
        return self


class Params(Parameters):
    jobs: list[JobDefinition] = param(
        [JobDefinition()],
        "Job definitions; at least one.",
        max_items=JOBS,
        basic=True,
        group="Jobs",
    )
    queues: list[JobQueue] = param(
        [JobQueue()], "Job queues; at least one.", max_items=QUEUES, basic=True, group="Queues"
    )
    compute_environments: list[ComputeEnvironment] = param(
        [ComputeEnvironment()],
        "Compute environments in the order in which they are tried; at least one.",
        max_items=ENVIRONMENTS,
        source=QUEUE,
        confidence="H",
        basic=True,
        group="Compute environments",
    )
    image_pull_s: float = param(
        20.0, "Pulling a job's image for the first time on an instance.", unit="s", ge=0, le=3600
    )
    boot_median_s: float = param(
        90.0, "From launch until an instance has joined.", unit="s", ge=0, le=7200
    )
    fargate_start_s: float = param(
        30.0,
        "STARTING on Fargate, image included.",
        unit="s",
        ge=0,
        le=3600,
        source=f"{GUIDE}: When to use Fargate",
        confidence="H",
    )
    fargate_interruption_percent_a_month: float = param(
        5.0, "Fargate Spot: tasks that are taken back.", unit="%", ge=0, le=99
    )
    scheduler_s: float = param(
        1.0, "SUBMITTED: until the scheduler has looked at a job.", unit="s", ge=0, le=600
    )
    rescale_s: float | None = param(
        None,
        "Time between decisions about instances; empty is 10 s, 600 s in 2020.",
        unit="s",
        ge=10,
        le=3600,
        source="github.com/awsdocs/aws-batch-user-guide, issue 10",
        confidence="M",
    )
    idle_s: float = param(
        60.0,
        "An instance without a job for so long is terminated; AWS publishes no time.",
        unit="s",
        ge=0,
        le=86_400,
    )

    @model_validator(mode="after")
    def _fits(self) -> Params:
        for what, given in (
            ("jobs", self.jobs),
            ("queues", self.queues),
            ("compute_environments", self.compute_environments),
        ):
            names = [item.name for item in given]
            if not names:
                raise ValueError(f"{what} is empty; there must be one at least")
            if len(set(names)) < len(names):
                raise ValueError(f"two {what} have one name; give each its own")
        if len({env.fargate for env in self.compute_environments}) > 1:
            raise ValueError("a queue cannot have both Fargate and EC2 compute environments")
        queues = {queue.name for queue in self.queues}
        sizes = {job.name: job.array_size for job in self.jobs}
        seen: set[str] = set()
        for job in self.jobs:
            if job.queue and job.queue not in queues:
                raise ValueError(f"{job.name}: there is no queue {job.queue}")
            if job.depends_on and job.depends_on not in seen:
                raise ValueError(f"{job.name}: depends_on must name a job definition above it")
            if job.n_to_n and sizes[job.depends_on] != job.array_size:
                raise ValueError(f"{job.name}: n_to_n needs an array of its own size")
            self._size(job)
            seen.add(job.name)
        return self

    def _size(self, job: JobDefinition) -> None:
        if not self.compute_environments[0].fargate:
            if job.vcpus != int(job.vcpus):
                raise ValueError(f"{job.name}: vcpus is a whole number on instances")
            return
        units = round(job.vcpus * 1024)
        if units not in fargate.MIB:
            raise ValueError(f"{job.name}: Fargate has 0.25, 0.5, 1, 2, 4, 8 or 16 vCPUs")
        least, most, _ = fargate.MIB[units]
        if not least <= job.memory_mib <= most:
            raise ValueError(
                f"{job.name}: with {job.vcpus:g} vCPUs Fargate has {least:,} to {most:,} MiB"
            )
