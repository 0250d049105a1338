"""What a database may lose requests by, what it measures, and what it says."""

from __future__ import annotations

from sandbox.services import _rds_instances as instances
from sandbox.services import _rds_scaling as scaling
from sandbox.services import _rds_storage as storage
from sandbox.services._rds_classes import LIMITS
from sandbox.services._rds_params import RDS_PROXY
from sandbox.services._rds_storage import STORAGE
from sandbox.services.contract import Cause, EventKind, Metric

NO_WRITER, LOST, TOO_MANY, STORAGE_FULL, BORROW = range(5)
OF_STORAGE = len(instances.EVENTS)

CAUSES = (
    Cause("failed", "no_writer", "there is no writer", instances.MULTI_AZ),
    Cause("failed", "connection_lost", "the connection to a lost instance", instances.MULTI_AZ),
    Cause("rejected", "too_many_connections", "too many connections", LIMITS),
    Cause("failed", "storage_full", "the storage is full", STORAGE),
    Cause("timed_out", "borrow_timeout", "no connection of the proxy is free", RDS_PROXY),
)

METRICS = (
    Metric("cpu_utilization", "share", "CPU of the writer", "cpu", "CPUUtilization"),
    Metric("reader_cpu_utilization", "share", "CPU of the replicas", "reader_cpu"),
    Metric(
        "database_connections",
        "",
        "Connections to the writer",
        "connections",
        "DatabaseConnections",
    ),
    Metric("reader_connections", "", "Connections to each replica", "reader_connections"),
    Metric("buffer_hit_ratio", "share", "Pages found in the buffers", "hit_ratio"),
    Metric("read_iops", "1/s", "Reads of storage", "read_iops", "ReadIOPS", True),
    Metric("write_iops", "1/s", "Writes to storage", "write_iops", "WriteIOPS", True),
    Metric("iops_limit", "1/s", "Operations/s the volume can do", "iops_limit"),
    Metric("burst_balance", "share", "Burst credits left", "burst_balance", "BurstBalance"),
    Metric("queue_depth", "", "Requests that wait", "queue_depth", "DiskQueueDepth"),
    Metric("used_storage_gb", "GB", "Data", "used_gb"),
    Metric("free_storage_gb", "GB", "Storage free", "free_gb", "FreeStorageSpace"),
    Metric("replica_lag_s", "s", "Replica lag", "lag_s", "ReplicaLag"),
    Metric("replicas", "", "Replicas that take reads", "replicas"),
    *scaling.METRICS,
    Metric("writer_up", "", "Whether there is a writer", "writer_up"),
    Metric("cost_instances", "USD/h", "Cost of instances", "cost_instances"),
    Metric("cost_storage", "USD/h", "Cost of storage", "cost_storage"),
    Metric("cost_io", "USD/h", "Cost of operations (Aurora)", "cost_io"),
)

EVENTS = (
    *instances.EVENTS,
    *storage.EVENTS,
    EventKind(
        "replica_lag",
        "Replicas are {0:,.0f} s behind: {1:,.0f} writes/s come, and each applies {2:,.0f}",
        "warning",
    ),
    EventKind("replica_lag_ended", "Replicas have caught up: {0:.2f} s behind"),
    *scaling.EVENTS,
)
