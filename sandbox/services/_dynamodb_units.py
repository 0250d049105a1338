"""Requests to a table as capacity units."""

from __future__ import annotations

from sandbox.kernels.compiled import inlined
from sandbox.services._dynamodb_indexes import unit_of
from sandbox.services._dynamodb_params import Params
from sandbox.services.params import code

READ_KB = 4.0  # UNITS: one strongly consistent read a second of up to 4 KB
WRITE_KB = 1.0  # UNITS: one write a second of up to 1 KB

STRONG = code(Params, "consistency", "strong")
TRANSACTIONAL = code(Params, "consistency", "transactional")


@inlined
def read_units(kb, consistency):
    """Capacity units of a read of an item of that many KB (binary)."""
    units = unit_of(kb, READ_KB)
    if consistency == TRANSACTIONAL:
        return 2.0 * units
    return units if consistency == STRONG else 0.5 * units


@inlined
def write_units(p, kb, consistency):
    """Capacity units of a write of an item of that many KB (binary), local indexes with it."""
    units = unit_of(kb, WRITE_KB)
    if p.local_indexes > 0:
        entry = p.local_kb if p.local_kb == p.local_kb else kb
        units += p.local_indexes * p.local_writes_each * unit_of(entry, WRITE_KB)
    return 2.0 * units if consistency == TRANSACTIONAL else units
