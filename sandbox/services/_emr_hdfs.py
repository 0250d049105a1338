"""HDFS on the core nodes: blocks by their copies, what losses do, and how copies come back.

A block's copies lie on different nodes, any of them alike.  Of blocks with r copies on n nodes the
share r / n loses one with each node that is lost.
"""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled
from sandbox.services._emr_cells import BLOCKS, BLOCKS_LOST, COPIES, CORE, HEALED
from sandbox.services._emr_step_params import SPLIT_MB
from sandbox.services.law import emit

DEAD_S = 630.0  # hdfs-default.xml: 2 x heartbeat.recheck-interval + 10 x heartbeat.interval
COPIED_PER_S = 2.0 / 3.0  # hdfs-default.xml: 2 blocks a node and heartbeat (3 s); medium confidence
BLOCK_GB = SPLIT_MB / 1024.0
FEW, SOME = 4, 10  # Amazon EMR Release Guide: HDFS configuration, dfs.replication by core nodes


@compiled
def replication_of(p, core):
    """Copies of a block on so many core nodes."""
    if p.hdfs_replication > 0:
        return float(p.hdfs_replication)
    return 1.0 if core < FEW else (2.0 if core < SOME else 3.0)


@compiled
def raw_gb(cells):
    """What all copies take."""
    found = 0.0
    for r in range(1, COPIES):
        found += r * cells[BLOCKS + r].blocks
    return found * BLOCK_GB


@compiled
def held_gb(cells):
    found = 0.0
    for r in range(1, COPIES):
        found += cells[BLOCKS + r].blocks
    return found * BLOCK_GB


@compiled
def least_core(p, s, cells):
    """Core nodes that HDFS needs: for its copies where there are data, and for the data."""
    raw = 0.0
    for r in range(1, COPIES):
        raw += s.replication * cells[BLOCKS + r].blocks
    return max(1.0, max(s.replication, math.ceil(raw * BLOCK_GB / p.disk_gb - 1e-9)))


@compiled
def write(p, s, cells, gb):
    """Whether there was room for so much more, with its copies."""
    copies = int(max(1.0, min(s.replication, s.running[CORE])))
    if raw_gb(cells) + gb * copies > s.running[CORE] * p.disk_gb + 1e-9:
        return False
    cells[BLOCKS + copies].blocks += gb / BLOCK_GB
    return True


@compiled
def lose_node(cells, nodes):
    """One of so many nodes is gone with its copies."""
    for r in range(1, COPIES):
        part = cells[BLOCKS + r].blocks * min(1.0, r / max(1.0, nodes))
        cells[BLOCKS + r].blocks -= part
        cells[BLOCKS + r - 1].blocks += part


@compiled
def tell_loss(s, cells, tick, before):
    gone = cells[BLOCKS].blocks - before
    if gone >= 0.5:
        emit(tick, BLOCKS_LOST, gone, gone * BLOCK_GB, 0.0, 0.0, 0.0, 0.0)


@compiled
def heal(p, s, cells, tick, now):
    """Copies are made of blocks that lack some, once the lost nodes count as dead."""
    since = max(s.healed_s, s.heal_at_s)
    s.healed_s = now
    goal = int(min(s.replication, s.running[CORE]))
    lacking = 0.0
    for r in range(1, goal):
        lacking += cells[BLOCKS + r].blocks
    if lacking <= 0.0 or now <= since or s.running[CORE] < 1.0:
        return
    budget = (now - since) * COPIED_PER_S * s.running[CORE]
    room = (s.running[CORE] * p.disk_gb - raw_gb(cells)) / BLOCK_GB
    budget = min(budget, max(0.0, room))
    for r in range(1, goal):  # those with the fewest copies first
        made = min(budget, cells[BLOCKS + r].blocks)
        cells[BLOCKS + r].blocks -= made
        cells[BLOCKS + r + 1].blocks += made
        budget -= made
    left = 0.0
    for r in range(1, goal):
        left += cells[BLOCKS + r].blocks
    if left < 0.5:
        for r in range(1, goal):
            cells[BLOCKS + goal].blocks += cells[BLOCKS + r].blocks
            cells[BLOCKS + r].blocks = 0.0
        if lacking >= 0.5:
            emit(tick, HEALED, float(goal), 0.0, 0.0, 0.0, 0.0, 0.0)


@compiled
def survey(p, s, cells):
    """What the metrics say of HDFS."""
    s.missing = cells[BLOCKS].blocks
    s.under = 0.0
    for r in range(1, int(s.replication)):
        s.under += cells[BLOCKS + r].blocks
    s.hdfs_gb = held_gb(cells)
    there = s.running[CORE] * p.disk_gb
    s.hdfs_percent = 100.0 * raw_gb(cells) / there if there > 0.0 else 0.0
