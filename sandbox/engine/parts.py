"""Parts of a diagram that know nothing of each other, each advanced by itself for some ticks.

Nodes meet over links only (or where a parameter names one, or a quota is shared); others may
be computed in any order. A part of some dozens of nodes stays in the processor's cache for a whole
block of ticks; a walk over a large diagram tick by tick would fetch it all from memory each time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numba import njit

from sandbox.engine import tick
from sandbox.engine.native import borrowed, use_cache

use_cache("engine", Path(__file__).read_bytes())

PART = 64  # nodes: small components are joined until they have as many, about 300 KB of records,
LANES = 16  # or, in a smaller diagram, until there are as many parts for threads to share
BLOCK = 64  # ticks that one part is ahead of the next at the most


def split(count: int, pairs: Iterable[tuple[int, int]]) -> np.ndarray:
    """The part of each of `count` nodes, from 0 on, of which `pairs` belong together: i8[count].

    Parts are numbered by their first node, and a part has at most PART nodes if it can.
    """
    root = list(range(count))

    def find(node: int) -> int:
        while root[node] != node:
            root[node] = node = root[root[node]]
        return node

    for one, other in pairs:
        low, high = sorted((find(one), find(other)))
        root[high] = low
    component = np.array([find(node) for node in range(count)], "i8")
    sizes = np.bincount(component, minlength=count)
    part_of = np.zeros(count, "i8")
    most = min(PART, math.ceil(count / LANES))
    part = filled = 0
    for first in np.flatnonzero(sizes):
        if filled and filled + sizes[first] > most:
            part, filled = part + 1, 0
        part_of[first] = part
        filled += sizes[first]
    return part_of[component]


@njit(error_model="numpy", nogil=True, cache=True)
def advance(
    ticks,
    address,
    worlds,
    nodes,
    links,
    ins,
    order,
    controllers,
    parts,
    mixes,
    classes,
    events,
    scratch,
    tape,
):
    """Run `ticks` ticks of some parts. `parts` are the bounds of each in the order of nodes, among
    the controllers, and among the recorder's columns, and its number: i8[parts + 1, 4]; for the
    rest see `tick`.
    """
    (parts,) = borrowed((parts,))
    world = worlds[0]
    done = 0
    while done < ticks:
        block = min(BLOCK, ticks - done)
        first = world.n
        for k in range(parts.shape[0] - 1):
            world.n = first
            world.part = parts[k, 3]
            world.faults_due_s = -math.inf if world.faults_n > 0 else math.inf
            for x in range(tape.head.shape[0]):
                tape.pace[x] = tape.head[x]
            tape.pace[5] = parts[k, 2]
            tape.pace[6] = parts[k + 1, 2]
            tick.advance(
                block,
                address,
                worlds,
                nodes,
                links,
                ins,
                order[parts[k, 0] : parts[k + 1, 0]],
                controllers[parts[k, 1] : parts[k + 1, 1]],
                mixes,
                classes,
                events,
                scratch,
                tape,
            )
        for x in range(tape.head.shape[0]):
            tape.head[x] = tape.pace[x]
        done += block
