"""A step of EMR: its application, its input and its tasks, and what a request submits."""

from __future__ import annotations

import math
from typing import Literal

from sandbox.services.params import Parameters, param

API = "Amazon EMR API Reference"
GUIDE = "Amazon EMR Management Guide"
RELEASE = "Amazon EMR Release Guide"
STEP = f"{API}: StepConfig"
SPLITS = f"{RELEASE}: Hadoop task configuration"

STEPS = 8  # assumption: as many as the law is laid out for
MOST_CONCURRENT = 256  # Amazon EMR API Reference: RunJobFlow, StepConcurrencyLevel
MOST_ACTIVE = 256  # Amazon EMR API Reference: RunJobFlow, steps PENDING and RUNNING
SPLIT_MB = 128.0  # Amazon EMR Release Guide: HDFS configuration, dfs.block.size
MOST_TASKS = 2_000_000
APPLICATIONS = ("mapreduce", "spark", "hive", "flink", "presto", "hbase")
YARN = APPLICATIONS[:4]


class Step(Parameters):
    """Some work on some data: a task for each split of the input, then reduce tasks."""

    name: str = param("step", "Its name; requests name it on their link.", basic=True)
    application: Literal["mapreduce", "spark", "hive", "flink", "presto", "hbase"] = param(
        "mapreduce",
        "What runs it. Presto and HBase are no YARN applications: managed scaling, and the "
        "metrics of YARN, do not see their work.",
        source=f"{GUIDE}: Using managed scaling",
        confidence="H",
        basic=True,
    )
    input: Literal["s3", "hdfs"] = param(
        "s3", "Where its input is: in S3 (EMRFS), or in the cluster's HDFS.", basic=True,
        source=f"{GUIDE}: Work with storage and file systems", confidence="H",
    )  # fmt: skip
    input_gb: float = param(10.0, "Size of its input.", unit="GB", gt=0, le=200_000, basic=True)
    files: int = param(1, "Files of the input.", ge=1, le=1_000_000)
    splittable: bool = param(
        True,
        "Whether a file can be read in splits of 128 MB; one compressed with gzip is one task.",
        source=SPLITS,
        confidence="H",
        basic=True,
    )
    map_s: float = param(
        30.0, "Time that a task computes on a split, reading aside.", unit="s", ge=0, le=86_400,
        basic=True,
    )  # fmt: skip
    map_cv: float = param(0.0, "Spread of it: standard deviation over mean, lognormal.", ge=0, le=3)
    reducers: int = param(1, "Reduce tasks; 0 is none.", ge=0, le=100_000, basic=True)
    reduce_s: float = param(
        30.0, "Time that a reduce task takes, shuffle included, writing aside.", unit="s", ge=0,
        le=86_400, basic=True,
    )  # fmt: skip
    output: Literal["s3", "hdfs"] = param("s3", "Where its output goes.")
    output_gb: float = param(0.1, "Size of its output.", unit="GB", ge=0, le=200_000)
    failure_percent: float = param(0.0, "Steps that fail at their end.", unit="%", ge=0, le=100)
    action_on_failure: Literal["CONTINUE", "CANCEL_AND_WAIT", "TERMINATE_CLUSTER"] = param(
        "CONTINUE",
        "What a failure means: the next step runs, all that wait are cancelled, or the cluster is "
        "terminated.",
        source=STEP,
        confidence="H",
    )
    schedule: str = param(
        "", "Cron of five fields, UTC, at which it is submitted by a rule: '0 2 * * *'.",
        basic=True,
    )  # fmt: skip

    @property
    def maps(self) -> int:
        """Map tasks: a split each, or a file each where files cannot be split."""
        if not self.splittable:
            return self.files
        each = self.input_gb * 1024.0 / self.files
        return min(MOST_TASKS, self.files * max(1, math.ceil(each / SPLIT_MB - 1e-9)))


class Submission(Parameters):
    """What a request submits, and that is all: AddJobFlowSteps answers at once."""

    step: str = param("", "The step; empty submits all, in their order.", basic=True)


class WaitingSubmission(Submission):
    """What a request submits, and whether it waits."""

    wait_for_step: bool = param(
        False,
        "Step Functions' addStep.sync: the answer comes when the step has ended, and is an error "
        "if it FAILED or was CANCELLED. How is told by the last of these steps.",
        source="AWS Step Functions Developer Guide: Create and manage Amazon EMR clusters",
        confidence="H",
        basic=True,
    )
