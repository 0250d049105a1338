"""The storage of a database: operations a second by type, burst credits, growth and price."""

from __future__ import annotations

from sandbox.kernels.compiled import inlined
from sandbox.services.contract import EventKind
from sandbox.services.law import emit

STORAGE = "Amazon RDS User Guide: Amazon RDS DB instance storage"
PRICING = "https://aws.amazon.com/rds/pricing/"
AURORA_PRICING = "https://aws.amazon.com/rds/aurora/pricing/"

GP2, GP3, IO1, AURORA = range(4)
GP2_PER_GB = 3.0  # STORAGE: operations a second for each GiB
GP2_LEAST = 100.0  # STORAGE
GP2_MOST = 64_000.0  # STORAGE: of striped volumes
GP2_BURST = 3000.0  # STORAGE: below 1,000 GiB
GP2_CREDITS = 5_400_000.0  # STORAGE: operations saved at most, and at the start
GP3_SMALL = 3000.0  # STORAGE: below 400 GiB
GP3_LARGE = 12_000.0  # STORAGE: from 400 GiB on
GP3_LARGE_GB = 400.0
MONTH_H = 730.0
GB_MONTH_USD = (0.115, 0.115, 0.125, 0.10)  # PRICING; AURORA_PRICING: its storage is paid by use
IOPS_MONTH_USD = 0.10  # PRICING: provisioned (io1)
AURORA_MILLION_USD = 0.20  # AURORA_PRICING: operations of storage
LOW = 0.1  # part of the storage that is free when it is said to run out


class Volume:
    """What the state says of it."""

    credits: float
    burst_balance: float
    iops: float  # operations/s of the busiest instance
    iops_limit: float
    used_gb: float
    free_gb: float
    low: int
    dry: int


EVENTS = (
    EventKind(
        "burst_used_up",
        "The burst credits of the gp2 volume are used up: {0:,.0f} operations/s are asked of "
        "{1:,.0f}",
        "warning",
    ),
    EventKind("burst_back", "The volume has burst credits again"),
    EventKind("storage_low", "{0:,.1f} GB of {1:,.0f} GB of storage are free", "warning"),
    EventKind("storage_full", "The storage of {0:,.0f} GB is full: writes fail", "error"),
)
DRY, WET, LOW_ON, FULL_UP = range(4)


def base_iops(storage: int, size_gb: float, provisioned: float) -> float:
    """Operations a second that it can always do; Aurora's storage has no such limit."""
    if storage == GP2:
        return min(max(GP2_LEAST, GP2_PER_GB * size_gb), GP2_MOST)
    if storage == GP3:
        return GP3_LARGE if size_gb >= GP3_LARGE_GB else GP3_SMALL
    return provisioned if storage == IO1 else 0.0


@inlined
def limit(p, s, dt):
    """Operations/s that the volume can do in this tick; 0 is without limit."""
    if p.storage == GP2 and p.base_iops < GP2_BURST:
        return min(GP2_BURST, p.base_iops + s.credits / dt)
    return p.base_iops


@inlined
def spend(p, s, tick, done, offset):
    """Take what was done from the credits, and say when they end; `offset` is of EVENTS."""
    s.iops = done
    s.burst_balance = 1.0
    if p.storage != GP2 or p.base_iops >= GP2_BURST:
        return
    s.credits = min(GP2_CREDITS, max(0.0, s.credits + (p.base_iops - done) * tick.dt))
    s.burst_balance = s.credits / GP2_CREDITS
    if s.dry == 0 and s.credits <= p.base_iops * tick.dt * 1e-6:
        s.dry = 1
        emit(tick, offset + DRY, done, p.base_iops, 0.0, 0.0, 0.0, 0.0)
    elif s.dry == 1 and s.burst_balance > 0.01:
        s.dry = 0
        emit(tick, offset + WET, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@inlined
def grow(p, s, tick, gb_per_s, offset):
    """The data grow; a volume runs out of room, Aurora's storage does not."""
    s.used_gb += gb_per_s * tick.dt
    if p.storage == AURORA:
        s.free_gb = 0.0
        return
    s.used_gb = min(s.used_gb, p.size_gb)
    s.free_gb = p.size_gb - s.used_gb
    level = 2 if s.free_gb <= 0.0 else (1 if s.free_gb <= LOW * p.size_gb else 0)
    if level > s.low:
        kind = FULL_UP if level == 2 else LOW_ON
        a = p.size_gb if level == 2 else s.free_gb
        emit(tick, offset + kind, a, p.size_gb, 0.0, 0.0, 0.0, 0.0)
    s.low = level
