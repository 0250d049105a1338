"""Parameters of a pool of workers: their work, how many there are, how they poll."""

from __future__ import annotations

from sandbox.services._instance_types import SOURCE, Name
from sandbox.services._scalable_targets import ScalableTarget
from sandbox.services._workers import Effort
from sandbox.services.params import Parameters, param

RECEIVE = "Amazon SQS API Reference, ReceiveMessage"
KCL = "Kinesis Data Streams developer guide: KCL configurations"
YEAR_MS = 365.0 * 86_400.0 * 1e3
MOST = 5_000  # workers of a pool


class Params(Effort):
    wait_time_ms: float = param(
        100.0,
        "Mean time of its own that a task waits without using CPU: for other systems, or for the "
        "person who does it.",
        unit="ms",
        ge=0,
        le=YEAR_MS,
        basic=True,
        group="Work",
    )
    failure_share: float = param(
        0.0,
        "Share of the tasks that the worker gives back as failed.",
        unit="share",
        ge=0,
        le=1,
        basic=True,
        group="Work",
    )
    desired_count: int = param(
        2, "Workers (instances) at the start.", ge=0, le=MOST, basic=True, group="Workers"
    )
    instance_type: Name = param(
        "m5.large",
        "EC2 instance type of a worker: vCPUs and price.",
        source=SOURCE,
        confidence="H",
        basic=True,
        group="Workers",
    )
    launch_s: float = param(
        105.0,
        "From a launch until the worker polls: 45 s until the instance runs, a minute until the "
        "program does.",
        unit="s",
        ge=0,
        le=7200,
        group="Workers",
    )
    replace_stopped: bool = param(
        True,
        "Whether workers that stop are replaced, at the next minute, as an Auto Scaling group "
        "does; else they stay away until the desired count is set.",
        group="Workers",
    )
    scaling: ScalableTarget | None = param(
        None,
        "Bounds and policies of the number of workers. Predefined metric: share of the places for "
        "tasks that are taken, in %. For the backlog a worker, a custom metric divided by the "
        "pool's own instances.",
        source="EC2 Auto Scaling user guide: Scaling policy based on Amazon SQS",
        confidence="H",
        group="EC2 Auto Scaling",
    )
    checkpoint_s: float = param(
        60.0,
        "Of a stream: how often a worker notes how far it has read. What a stopped worker has "
        "read since is read again.",
        unit="s",
        ge=0,
        le=86_400,
        group="Streams",
    )
    lease_failover_s: float = param(
        10.0,
        "Of a stream: a lease that was not renewed for so long is taken over by another worker.",
        unit="s",
        ge=0,
        le=3600,
        source=KCL,
        confidence="H",
        group="Streams",
    )


class Polling(Parameters):
    """How the workers poll what the link comes from."""

    batch_size: int = param(
        1,
        "Messages asked for in a call to SQS (MaxNumberOfMessages); the larger, the fewer "
        "requests are billed.",
        ge=1,
        le=10,
        source=RECEIVE,
        confidence="H",
        basic=True,
    )
