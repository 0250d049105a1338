"""The parameters of a function."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from sandbox.services._lambda_account import ACCOUNT_CONCURRENCY, UNRESERVED
from sandbox.services._lambda_runtimes import MEASURED
from sandbox.services._scalable_targets import ScalableTarget
from sandbox.services.params import Parameters, param

GUIDE = "AWS Lambda Developer Guide"
QUOTAS = f"{GUIDE}: Lambda quotas"
CONCURRENCY = f"{GUIDE}: Configuring reserved concurrency"
PROVISIONED = f"{GUIDE}: Configuring provisioned concurrency"
ASYNCHRONOUS = f"{GUIDE}: Asynchronous invocation"
SNAP_RUNTIME = "java21"
ZIP_MB, IMAGE_MB = 250.0, 10_240.0  # QUOTAS: unzipped archive with its layers, container image


class Params(Parameters):
    memory_mb: int = param(
        128,
        "Memory; CPU comes with it, one vCPU at 1,769 MB. In 2020 at most 3,008 MB, in steps of "
        "64.",
        unit="MB",
        ge=128,
        le=10_240,
        source=QUOTAS,
        confidence="H",
        basic=True,
    )
    runtime: Literal[
        "python3.12",
        "nodejs22.x",
        "java21",
        "java17",
        "dotnet8",
        "ruby3.4",
        "go",
        "rust",
        "python3.14",
        "nodejs24.x",
        "dotnet8_aot",
        "graalvm_java21",
    ] = param(
        "python3.12",
        "Language runtime, which sets how long a cold start takes.",
        source=MEASURED,
        confidence="H",
        basic=True,
    )
    architecture: Literal["x86_64", "arm64"] = param(
        "x86_64",
        "Processor: arm64 (since September 2021) costs a fifth less.",
        source="AWS Lambda pricing",
        confidence="H",
    )
    ephemeral_storage_mb: int = param(
        512,
        "Size of /tmp; beyond 512 MB it is paid for by the second. In 2020 it was 512 MB.",
        unit="MB",
        ge=512,
        le=10_240,
        source=QUOTAS,
        confidence="H",
    )
    init_ms: float = param(
        0.0,
        "What the function itself does before its first request: loading libraries, connecting. "
        "The init phase ends after 10 s; what has not ended begins again in the first request, "
        "whose timeout then counts. Not so with provisioned concurrency or SnapStart.",
        unit="ms",
        ge=0,
        le=900_000,
        source="AWS Lambda Developer Guide: Lambda runtime environment, Init phase",
        confidence="H",
        group="Cold start",
    )
    package: Literal["zip", "image"] = param(
        "zip",
        "How the code is delivered: an archive (250 MB unzipped), or a container image (10 GB).",
        source=QUOTAS,
        confidence="H",
        group="Cold start",
    )
    package_mb: float = param(
        0.0,
        "Size of the code, which a cold start fetches at about 250 MB a second.",
        unit="MB",
        ge=0,
        le=IMAGE_MB,
        group="Cold start",
    )
    snap_start: bool = param(
        False,
        "Whether a cold start restores a snapshot taken after the init, rather than to run it: for "
        "Java 21, since November 2022.",
        source="github.com/maxday/lambda-perf, October 2024",
        confidence="M",
        group="Cold start",
    )
    attach_vpc_s: float = param(
        0.0,
        "Attaching a network interface to a new environment: 10 s and more for functions in a VPC "
        "until late 2019, about nothing since.",
        unit="s",
        ge=0,
        le=60,
        confidence="L",
        group="Cold start",
    )
    cpu_time_ms: float = param(
        2.0,
        "CPU time of a request (or of each message of a batch) on one whole vCPU.",
        unit="ms",
        ge=0,
        le=900_000,
        basic=True,
        group="Workload",
    )
    wait_time_ms: float = param(
        50.0,
        "Time of a request that uses no CPU, beside the services it calls.",
        unit="ms",
        ge=0,
        le=900_000,
        basic=True,
        group="Workload",
    )
    threads: int = param(
        1, "Threads that share a request's CPU work: vCPUs beyond that are idle.", ge=1, le=6
    )
    duration_cv2: float = param(
        0.25,
        "Squared coefficient of variation of the function's own duration.",
        ge=0,
        le=100,
        group="Workload",
    )
    error_rate: float = param(
        0.0,
        "Share of invocations that end in an error.",
        unit="share",
        ge=0,
        le=1,
        group="Workload",
    )
    timeout_s: float = param(
        3.0,
        "An invocation that lasts longer fails; its work is paid for.",
        unit="s",
        ge=1,
        le=900,
        source=QUOTAS,
        confidence="H",
        basic=True,
    )
    reserved_concurrency: int | None = param(
        None,
        "Concurrency that is this function's own, and the most it gets; 0 switches it off.",
        ge=0,
        le=1_000_000,
        source=CONCURRENCY,
        confidence="H",
        basic=True,
        group="Concurrency",
    )
    account_concurrency: int | None = param(
        None,
        "What the account lets all its functions have in the Region. Empty takes what another "
        "function of the diagram says, else 1,000.",
        ge=10,
        le=1_000_000,
        source=QUOTAS,
        confidence="H",
        group="Concurrency",
    )
    provisioned_concurrency: int = param(
        0,
        "Environments that are always initialised, and always paid for.",
        ge=0,
        le=1_000_000,
        source=PROVISIONED,
        confidence="H",
        group="Concurrency",
    )
    provisioned_scaling: ScalableTarget | None = param(
        None,
        "Application Auto Scaling of the provisioned concurrency, by its utilisation in % "
        "(LambdaProvisionedConcurrencyUtilization, which a minute without invocations does not "
        "have), or by any metric. Empty is none: it stays as it is set.",
        source=PROVISIONED,
        confidence="H",
        group="Application Auto Scaling",
    )
    idle_environment_s: float = param(
        600.0,
        "How long an idle environment is kept; observed 5 to 25 minutes, not published.",
        unit="s",
        ge=1,
        le=86_400,
        group="Concurrency",
    )
    maximum_retry_attempts: int = param(
        2,
        "Further attempts of an asynchronous invocation that ended in an error: after 1 minute, "
        "then 2.",
        ge=0,
        le=2,
        source=ASYNCHRONOUS,
        confidence="H",
        group="Asynchronous",
    )
    maximum_event_age_s: float = param(
        21_600.0,
        "How long an asynchronous event is kept for an invocation that is not throttled.",
        unit="s",
        ge=60,
        le=21_600,
        source=ASYNCHRONOUS,
        confidence="H",
        group="Asynchronous",
    )

    @model_validator(mode="after")
    def _within_the_account(self) -> Params:
        account = self.account_concurrency or int(ACCOUNT_CONCURRENCY)
        most = max(0, account - int(UNRESERVED))
        if self.reserved_concurrency is not None and self.reserved_concurrency > most:
            raise ValueError(
                f"reserved_concurrency must leave {UNRESERVED:.0f} of the account's {account:,} "
                f"unreserved: at most {most:,}, unless account_concurrency says more"
            )
        limit = most if self.reserved_concurrency is None else self.reserved_concurrency
        if self.provisioned_concurrency > limit:
            raise ValueError(
                f"provisioned_concurrency is at most {limit:,} here: the reserved, or what the "
                "account leaves unreserved"
            )
        return self

    @model_validator(mode="after")
    def _what_goes_together(self) -> Params:
        if self.snap_start and self.runtime != SNAP_RUNTIME:
            raise ValueError(
                f"snap_start was measured for {SNAP_RUNTIME} only: choose that runtime, or none"
            )
        if self.snap_start and (self.provisioned_concurrency or self.provisioned_scaling):
            raise ValueError("snap_start and provisioned_concurrency exclude each other")
        if self.package == "zip" and self.package_mb > ZIP_MB:
            raise ValueError(
                f"package_mb of a zip archive is at most {ZIP_MB:,.0f}, unzipped and with its "
                "layers: make it an image"
            )
        return self
