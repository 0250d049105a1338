"""What a DynamoDB table stores: items that are added, and those whose time to live is over.

Storage has no limit: partitions split when they are full.  Items that expire are deleted in the
background, without a charge and some time later; until then they are stored and read.
"""

from __future__ import annotations

import math
from typing import Annotated, Any

from sandbox.kernels.compiled import inlined

ITEM_BYTES = 100.0  # DynamoDB Developer Guide: Item sizes and formats; billed beside each item
KB_PER_GB = 1024.0 * 1024.0
COLLECTION_GB = 10.0  # DynamoDB Developer Guide: Item collection size limit, of local indexes
SLOTS = 96  # ages told apart among items with a time to live


class Stored:
    """What the state says of it."""

    gb: float
    wanted_gb: float  # the parameter as last read
    fullest: float  # GB of the fullest partition
    ages: Annotated[object, ("f8", (SLOTS,))]  # GB by the time at which they expire
    slot: int
    overdue_gb: float  # expired, and not deleted yet
    ttl_deleted: float
    ttl_pending: float
    collection_gb: float  # of the largest partition key


def start(record: Any, state: Any) -> None:
    """What is in the table at the start expires evenly over the time to live."""
    if record["ttl_s"] > 0.0:
        state["ages"][:] = state["gb"] / SLOTS


@inlined
def store(p, s, cells, tick, added, kb, deletes):
    """Let `added` items/s in, and those whose time has come out; `deletes` says whether any do."""
    item_gb = (kb + ITEM_BYTES / 1024.0) / KB_PER_GB
    came = added * item_gb * tick.dt
    gone = 0.0
    s.ttl_deleted = 0.0
    if deletes:
        each = p.ttl_s / SLOTS
        now = int((tick.t + tick.dt) / each)
        if now - s.slot > SLOTS:
            s.slot = now - SLOTS
        while s.slot < now:  # the slot that ends held what came a whole time to live ago
            s.slot += 1
            at = s.slot % SLOTS
            s.overdue_gb += s.ages[at]
            s.ages[at] = 0.0
        s.ages[s.slot % SLOTS] += came
        late = 3600.0 * p.ttl_delete_delay_h
        gone = s.overdue_gb
        if late > 0.0:
            gone *= -math.expm1(-tick.dt / late)
        gone = min(gone, s.gb)
        s.overdue_gb -= gone
        s.ttl_deleted = gone / item_gb / tick.dt
        s.ttl_pending = s.overdue_gb / item_gb
    if came > 0.0 or gone > 0.0:
        kept = 1.0 - gone / s.gb if s.gb > 0.0 else 1.0
        s.gb = s.fullest = 0.0
        for i in range(s.shards):
            c = cells[i]
            part = c.share if p.sort_key > 0 else (c.end - c.start) / p.room
            c.gb = c.gb * kept + came * part
            s.gb += c.gb
            s.fullest = max(s.fullest, c.gb / c.copies)
    s.collection_gb = s.gb * p.top_key
