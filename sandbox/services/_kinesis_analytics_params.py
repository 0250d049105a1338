"""The parameters of a Flink application: its size, its work, its checkpoints."""

from __future__ import annotations

from sandbox.services.params import Parameters, param

SCALING = "Managed Service for Apache Flink Developer Guide: Implement application scaling"
PARALLELISM = "Managed Service for Apache Flink API Reference: ParallelismConfiguration"
CHECKPOINTS = "Managed Service for Apache Flink API Reference: CheckpointConfiguration"

PARALLELISM_MOST = 256  # SCALING


class Params(Parameters):
    parallelism: int = param(
        1,
        "Tasks that work side by side at the start. Auto scaling adds to them, and never goes "
        "below.",
        ge=1,
        le=PARALLELISM_MOST,
        source=SCALING,
        confidence="H",
        basic=True,
    )
    parallelism_per_kpu: int = param(
        1,
        "Tasks that share a KPU (1 vCPU, 4 GB). More than one helps those that wait.",
        ge=1,
        le=8,
        source=SCALING,
        confidence="H",
        basic=True,
    )
    auto_scaling_enabled: bool = param(
        True,
        "Whether the parallelism is doubled when the CPU was at 75 % or more for 15 minutes, and "
        "halved when it was below 10 % for six hours.",
        source=SCALING,
        confidence="H",
        basic=True,
    )
    kpu_quota: int | None = param(
        None,
        "KPUs that the application may have, where AWS has raised the quota. Empty is 64, or 32 in "
        "2020.",
        ge=1,
        le=2048,
        source=PARALLELISM,
        confidence="H",
    )
    cpu_time_ms: float = param(
        0.1,
        "CPU time of a record on one vCPU: 0.1 ms are 10,000 records a second of each KPU.",
        unit="ms",
        ge=0.0001,
        le=3.6e6,
        basic=True,
        group="Work",
    )
    wait_time_ms: float = param(
        0.0,
        "Time that a task waits for each record without using the CPU, as for a call that it does "
        "not make asynchronously.",
        unit="ms",
        ge=0,
        le=3.6e6,
        basic=True,
        group="Work",
    )
    checkpoint_interval_s: float = param(
        60.0,
        "Time from one checkpoint to the next. A job that fails reads again what came since.",
        unit="s",
        ge=0.5,
        le=86_400,
        source=CHECKPOINTS,
        confidence="H",
        group="Checkpoints",
    )
    min_pause_between_checkpoints_s: float = param(
        5.0,
        "Least pause from the end of a checkpoint to the next.",
        unit="s",
        ge=0,
        le=86_400,
        source=CHECKPOINTS,
        confidence="H",
        group="Checkpoints",
    )
    checkpoint_duration_s: float = param(
        2.0,
        "How long a checkpoint takes to be written: the more, the larger the state.",
        unit="s",
        ge=0,
        le=86_400,
        group="Checkpoints",
    )
    rescale_s: float = param(
        90.0,
        "How long the job stands still when its parallelism changes: a snapshot, and a new start.",
        unit="s",
        ge=0,
        le=3600,
        confidence="L",
        group="Restarts",
    )
    recovery_s: float = param(
        30.0,
        "How long the job stands still when it failed, until it runs from its last checkpoint.",
        unit="s",
        ge=0,
        le=3600,
        group="Restarts",
    )
    backup_gb: float = param(
        0.0,
        "Durable application backups (snapshots) that are kept.",
        unit="GB",
        ge=0,
        le=1e9,
        group="Checkpoints",
    )


class SetParallelism(Parameters):
    parallelism: int = param(2, "Tasks to have.", ge=1, le=PARALLELISM_MOST)
