"""A database before and between its ticks: what its parameters come to, and edits on the way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from sandbox.kernels.cache import LRU
from sandbox.services import _rds_scaling as scaling
from sandbox.services import _rds_storage as storage
from sandbox.services._cached_keys import IGNORE, begin, table
from sandbox.services._plans import instruction
from sandbox.services._rds_classes import CLASSES, GIB, max_connections, usd_per_hour
from sandbox.services._rds_params import REPLICAS_MOST, Params
from sandbox.services._rds_storage import (
    AURORA,
    GB_MONTH_USD,
    IO1,
    IOPS_MONTH_USD,
    MONTH_H,
    base_iops,
)
from sandbox.services.contract import Setup

REPLICAS_2020 = 5  # REPLICAS: of RDS until 2022
BUFFERS = 0.75  # assumption: part of the memory that holds pages (MySQL's default is 3/4)
PAGE_KB = 16.0  # assumption: InnoDB's page; PostgreSQL's has 8 KB
PAGES_MOST = 10_000_000


class Derived:
    aurora: int
    vcpus: float
    replicas: float  # that can be read, as configured
    billed: float  # instances, but those that auto scaling created
    schedule_at: int  # of the table: where the schedule begins
    connections_max: float
    storage: int
    base_iops: float
    size_gb: float
    pages: float
    usd: float
    storage_usd: float  # per hour of a GB used (Aurora), or of the whole volume
    # what `_cached_keys` reads of a cache
    evicts: int
    on_write: int
    ttl_s: float


def _replicas(params: Params, setup: Setup) -> int:
    """Replicas that the era allows."""
    old = setup.era == "2020" and not params.engine.startswith("aurora")
    return min(params.read_replicas, REPLICAS_2020 if old else REPLICAS_MOST)


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    kind = CLASSES[params.db_instance_class]
    aurora = params.engine.startswith("aurora")
    replicas = _replicas(params, setup)
    cluster = not aurora and params.deployment == "multi_az_cluster"
    standby = not aurora and params.deployment == "multi_az"
    record["aurora"], record["vcpus"] = aurora, kind.vcpus
    record["replicas"] = replicas + 2 * cluster
    copies = 1 + standby + 2 * cluster
    record["billed"] = copies + replicas
    record["connections_max"] = params.max_connections or max_connections(
        params.engine, params.db_instance_class
    )
    choice = AURORA if aurora else int(record["storage_type"])
    record["storage"] = choice
    record["size_gb"] = params.allocated_storage_gb
    record["base_iops"] = base_iops(choice, params.allocated_storage_gb, params.provisioned_iops)
    record["usd"] = usd_per_hour(params.engine, params.db_instance_class)
    usd = GB_MONTH_USD[choice] / MONTH_H
    if not aurora:
        usd *= params.allocated_storage_gb
        if choice == IO1:
            usd += params.provisioned_iops * IOPS_MONTH_USD / MONTH_H
        usd *= copies + replicas
    record["storage_usd"] = usd
    pages = max(1.0, params.data_gb * 1e6 / PAGE_KB)
    counted = min(pages, PAGES_MOST)
    room = BUFFERS * kind.memory_gib * GIB / 1024.0 / PAGE_KB
    record["pages"] = room * counted / pages  # where there are more, each stands for several
    record["evicts"], record["on_write"], record["ttl_s"] = LRU, IGNORE, 0.0
    return scaling.prepare(params, record, setup, table(int(counted), params.page_skew))


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    begin(state, params.starts_warm)
    state["credits"] = storage.GP2_CREDITS
    state["used_gb"] = params.data_gb
    state["standby_s"] = -math.inf
    state["replicas"] = state["desired"] = record["replicas"]
    scaling.begin(params, state, setup)
    state["solved"][:] = np.nan


def adjust(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    """Fit a running database to edited parameters at once."""
    state["solved"][:] = np.nan
    if not record["replica_scaling_n"]:  # whoever scaled the replicas no longer does
        state["added"] = state["creating"] = 0.0
    there = float(record["replicas"]) + float(state["added"])
    state["replicas"] = max(0.0, there - float(state["replicas_lost"]))
    scaling.edited(params, state, setup)


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """What of the parameters AWS would refuse, or leaves without effect."""
    found = []
    if _replicas(params, setup) < params.read_replicas:
        found.append((0.0, "quota", f"RDS had {REPLICAS_2020} replicas at most in 2020"))
    if params.engine.startswith("aurora") and params.deployment != "single_az":
        text = "Aurora has no standby: its replicas follow the writer, so set read_replicas"
        found.append((0.0, "deployment", text))
    if params.deployment == "multi_az_cluster" and setup.era == "2020":
        found.append((0.0, "deployment", "Multi-AZ DB clusters came in 2022"))
    if not params.engine.startswith("aurora") and params.data_gb > params.allocated_storage_gb:
        found.append((0.0, "storage", "data_gb is more than the volume holds: it is full"))
    if not params.engine.startswith("aurora") and instruction(setup) is not None:
        text = "A scaling plan steers the replicas of Aurora only: choose an aurora engine"
        found.append((0.0, "not_scalable", text))
    return found
