"""The parameters of a relational database, and the pages that they are taken from."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import model_validator

from sandbox.services import _rds_scaling as scaling
from sandbox.services._rds_classes import (
    LIMITS,
    PRICING,
    Name,
    offered,
)
from sandbox.services._rds_storage import STORAGE
from sandbox.services._scalable_targets import ScalableTarget
from sandbox.services.params import Parameters, param

DEPLOYMENTS = "Amazon RDS User Guide: Configuring and managing a Multi-AZ deployment"
REPLICAS = "Amazon RDS User Guide: Working with DB instance read replicas"
AURORA_GUIDE = "Amazon Aurora User Guide: Amazon Aurora DB clusters"
RDS_PROXY = "Amazon RDS User Guide: Using Amazon RDS Proxy"

REPLICAS_MOST = 15  # AURORA_GUIDE, and REPLICAS since 2022


class Params(Parameters):
    engine: Literal["mysql", "postgres", "mariadb", "aurora-mysql", "aurora-postgresql"] = param(
        "mysql",
        "The database. Aurora's instances share one storage, and its replicas follow the writer.",
        source=AURORA_GUIDE,
        confidence="H",
        basic=True,
    )
    db_instance_class: Name = param(
        "db.m5.large",
        "vCPUs, memory, connections and price of each instance.",
        source=PRICING,
        confidence="M",
        basic=True,
    )
    deployment: Literal["single_az", "multi_az", "multi_az_cluster"] = param(
        "single_az",
        "A standby in another zone that takes over and is not read (Multi-AZ), or two that are "
        "read, too (Multi-AZ DB cluster, since 2022). Aurora goes by its replicas.",
        source=DEPLOYMENTS,
        confidence="H",
        basic=True,
    )
    read_replicas: int = param(
        0,
        "Instances that copy the writer and take reads.",
        ge=0,
        le=REPLICAS_MOST,
        source=REPLICAS,
        confidence="H",
        basic=True,
    )
    replica_scaling: ScalableTarget | None = param(
        None,
        "Aurora Auto Scaling of the replicas, by RDSReaderAverageCPUUtilization in %, or by any "
        "metric, such as the database's own reader_connections. It begins with one replica at "
        "least, and removes only what it created. Empty is none.",
        source=scaling.GUIDE,
        confidence="H",
        group="Application Auto Scaling",
    )
    reads_go_to: Literal["replicas", "writer"] = param(
        "replicas",
        "The endpoint that callers use for reads: the reader endpoint, while there are replicas "
        "(or readable standbys), or the writer's. Writes go to the writer.",
        source=AURORA_GUIDE,
        confidence="H",
    )
    storage_type: Literal["gp2", "gp3", "io1"] = param(
        "gp2",
        "gp2: 3 operations/s a GiB with burst credits. gp3: 3,000, from 400 GiB on 12,000. io1: "
        "as many as are provisioned. Aurora has its own.",
        source=STORAGE,
        confidence="H",
        group="Storage",
        basic=True,
    )
    allocated_storage_gb: float = param(
        100.0,
        "Size of the volume; Aurora's grows by itself.",
        unit="GB",
        ge=20,
        le=65_536,
        source=STORAGE,
        confidence="H",
        group="Storage",
        basic=True,
    )
    provisioned_iops: float = param(
        3000.0,
        "Operations a second of io1.",
        unit="1/s",
        ge=1000,
        le=256_000,
        source=STORAGE,
        confidence="M",
        group="Storage",
    )
    data_gb: float = param(
        20.0, "Data at the start.", unit="GB", ge=0.01, le=131_072, group="Storage", basic=True
    )
    stored_kb_per_write: float = param(
        0.5,
        "What a write adds to the data, in the mean of inserts, updates and deletes.",
        unit="KB",
        ge=0,
        le=65_536,
        group="Storage",
    )
    read_cpu_ms: float = param(
        1.0, "CPU time of a read.", unit="ms", ge=0, le=600_000, group="Work", basic=True
    )
    write_cpu_ms: float = param(
        2.0, "CPU time of a write.", unit="ms", ge=0, le=600_000, group="Work", basic=True
    )
    latency_ms: float = param(
        0.5,
        "Time of a request that uses neither CPU nor storage: the network, the proxy.",
        unit="ms",
        ge=0,
        le=10_000,
        group="Work",
    )
    pages_per_read: float = param(
        4.0,
        "Pages that a read touches; those not in the buffers are operations of storage.",
        ge=0,
        le=1e6,
        group="Work",
    )
    ios_per_write: float = param(
        2.0, "Operations of storage that a write takes: log and page.", ge=0, le=1e6, group="Work"
    )
    page_skew: float = param(
        0.8,
        "Zipf exponent of the pages' popularity: how much of the work a part of the data gets.",
        ge=0,
        le=5,
        group="Work",
    )
    replica_write_share: float = param(
        0.5,
        "CPU time that a replica spends to apply a write, as a share of the writer's; it applies "
        "them one after the other. Aurora's share storage, and hardly work for it.",
        ge=0,
        le=1,
        group="Work",
    )
    max_connections: int | None = param(
        None,
        "Connections of an instance; empty takes the engine's default, which goes by the memory of "
        "the class (MySQL about 85 a GiB, PostgreSQL 112; Aurora MySQL a table).",
        ge=1,
        le=100_000,
        source=LIMITS,
        confidence="H",
        group="Connections",
        basic=True,
    )
    proxy: bool = param(
        False,
        "RDS Proxy: callers share its connections and wait up to 120 s for one; a failover takes a "
        "third of the time.",
        source=RDS_PROXY,
        confidence="M",
        group="Connections",
        basic=True,
    )
    starts_warm: bool = param(
        True, "Whether the run begins with buffers that have long been in use, or empty ones."
    )

    @model_validator(mode="after")
    def _offered(self) -> Params:
        if not offered(self.engine, self.db_instance_class):
            raise ValueError(
                f"db_instance_class {self.db_instance_class} is not offered by {self.engine}: "
                "choose db.t3.small, medium or large, or a db.r5"
            )
        if self.replica_scaling is not None:
            self._scales()
        return self

    def _scales(self) -> None:
        if not self.engine.startswith("aurora"):
            raise ValueError("replica_scaling is Aurora's: choose an aurora engine, or leave it")
        if self.replica_scaling and self.replica_scaling.max_capacity > scaling.MOST:
            raise ValueError(f"max_capacity of replica_scaling is at most {scaling.MOST}")
        if self.read_replicas < 1:
            raise ValueError(
                "replica_scaling needs a first replica: set read_replicas to 1 or more"
            )


assert get_args(Params.model_fields["storage_type"].annotation) == ("gp2", "gp3", "io1")
