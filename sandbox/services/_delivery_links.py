"""The links of a service that pushes: what takes which of them, and what was given up."""

from __future__ import annotations

from sandbox.kernels.compiled import compiled, inlined
from sandbox.services._delivery_policy import ROW, SHARES
from sandbox.services.law import ASYNC


@compiled
def composition(io, tick, j):
    """The share of the node's output that takes out link `j`, by what arrived."""
    k = tick.mix.shape[1]
    arrived = io.reads + io.writes
    if arrived <= 0.0:
        taken = 0.0
        for c in range(k):
            taken += tick.table[j * ROW + SHARES + c]
        return taken * tick.out[j].calls
    taken = 0.0
    for c in range(k):
        taken += (tick.mix[0, c] + tick.mix[1, c]) * tick.route[j, c]
    return taken / arrived * tick.out[j].calls


@inlined
def output(io):
    """One request/s of what arrived goes on: the weights of the links say how many in truth."""
    arrived = io.reads + io.writes
    io.out_writes = io.writes / arrived if arrived > 0.0 else 1.0
    io.out_reads = 1.0 - io.out_writes


@compiled
def dead_letters(s, tick, port):
    """What was given up goes on over the links of the dead-letter port."""
    links = 0
    for j in range(tick.out.shape[0]):
        if tick.out[j].source_port == port:
            links += 1
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        if link.source_port == port:
            link.weight = s.redriven / links


@inlined
def pushes(link, port):
    """Whether a link is one that is delivered to."""
    return link.mode == ASYNC and link.source_port != port
