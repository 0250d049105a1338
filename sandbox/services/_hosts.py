"""Instances that are launched for work and terminated after it, one a cell: AWS Batch, EMR.

Those of a node lie behind its places (``_place_heap.py``).  A cell's ``env`` is the compute
environment, group or fleet that it belongs to, ``kind`` its type; ``p.env_type`` tells whether an
environment is on demand or Spot.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sandbox.kernels.compiled import compiled
from sandbox.kernels.random import normal
from sandbox.services._instance_types import SAVING, TABLE, USD

HOST_LEAST_S = 60.0  # Amazon EC2 on-demand pricing: 60 seconds at least
NOTICE_S = 120.0  # Amazon EC2 user guide: Spot Instance interruption notices
BOOT_SIGMA = 0.35  # assumption
FREE, BOOTING, ACTIVE, NOTICED, DRAINING = range(5)
EC2, SPOT = range(2)
MIB = 1024.0
_BOOT = 1 << 43  # counters of random numbers


@compiled
def first_host(p):
    return p.entries_n + p.slots_n


@compiled
def usd(p, env, kind):
    """USD an hour."""
    price = TABLE[kind, USD]
    return price * (1.0 - TABLE[kind, SAVING]) if p.env_type[env] == SPOT else price


@compiled
def boot(p, s, tick, host, now, env, kind, median_s):
    """A free cell becomes an instance that boots, and joins after some time."""
    s.launched += 1
    host.state, host.env, host.kind = BOOTING, env, kind
    host.used_memory = 0.0
    host.draw = s.launched
    draw = normal(tick.seed, tick.key, _BOOT + s.launched)
    host.launched_s, host.gone_s = now, math.inf
    host.ready_s = now + median_s * math.exp(BOOT_SIGMA * draw)


@compiled
def terminate(p, s, cells, h, now):
    """The instance goes; what is left of the first minute is paid too."""
    host = cells[h]
    spot = 1 if p.env_type[host.env] == SPOT else 0
    rest = max(0.0, HOST_LEAST_S - (now - host.launched_s))
    s.hosts_acc[spot] += rest / 3600.0 * usd(p, host.env, host.kind)
    host.state = FREE
    s.saturated = 0


def single(value: Any) -> Any:
    """A field of a record of one element, or of the record itself, as an array without it."""
    found = np.asarray(value)
    return found[0] if found.ndim and found.shape[0] == 1 else found
