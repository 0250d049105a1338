"""Going on: a program takes over edits, or the state of another program of the same diagram."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sandbox.document.document import Document
from sandbox.document.records import Scenario
from sandbox.engine.compile import Program
from sandbox.engine.guards import carry_over
from sandbox.engine.places import accounts, zones
from sandbox.services.law import CONTROL, LINK, NODE

_WORLD_ADDRESSES = (
    *("nodes", "links", "ins", "order", "node_mix", "link_mix", "route", "events", "faults"),
)
_NODE_ADDRESSES = ("step", "control", "p", "s", "cells", "table")
_LINK_ADDRESSES = ("p_source", "p_target", "guard")
_PLAN = {
    *("key", "step", "control", "p", "s", "cells", "cells_n", "table", "table_n"),
    *("ins", "ins_n", "out", "out_n", "flags", "kinds", "refusal", "fault_causes", "heeds"),
    *("afflicted", "fault", "struck", "zone_fault", "zone_struck", "watches", "watches_n"),
}
_LINK_PLAN = {
    *("source", "target", "mode", "stage", "operation", "source_port", "target_port"),
    *("calls", "share", "payload_kb", "network_s", "p_source", "p_target", "guard"),
    *("asks_first", "spared"),
    *("given_network_s", "afflicted", "fault", "failing", "choking"),
}


def retune(program: Program, document: Document, scenario: Scenario) -> bool:
    """Take over edits that change parameters of nodes only; False if more has changed.

    The common case while a person types or drags: nothing is compiled or moved. All or
    nothing: raises EngineError, and changes nothing, if a parameter cannot be.
    """
    records = dict(document.nodes)
    known = {i for i, n in records.items() if n.service in program.catalogue}
    links = {
        link.id: link for link in document.links.values() if {link.source, link.target} <= known
    }
    same = (
        known == set(program.index)
        and all(records[n.id].service == n.service for n in program.records)
        and len(links) == len(program.link_records)
        and all(links.get(link.id) == link for link in program.link_records)
        and scenario == program.scenario
        and zones(document) == program.zones
        and accounts(document) == program.accounts
    )
    if not same:
        return False
    changed = [i for i, n in enumerate(program.records) if records[n.id].params != n.params]
    params = {i: program.validated(records[program.ids[i]]) for i in changed}
    services = dict(zip(program.ids, program.services, strict=True))
    for i in changed:
        program.refuse_references(services, program.ids[i], params[i])
        first = int(program.nodes[i]["out"])
        tells = program.links["mode"][first : first + int(program.nodes[i]["out_n"])] == CONTROL
        if not program.watches.knows(params[i]) or tells.any():
            return False  # others are prepared by what this node says
    for i in changed:
        count = program.services[i].cells_count
        if count and count(params[i], program.setups[i]) != program.cell_counts[i]:
            return False
        if program.services[i].patience:  # its links and those at their ends know of it
            return False
    program.records = [records[n] for n in program.ids]
    program.schedule.document = document
    for i in changed:
        service, place = program.services[i], program.places[i]
        program.params[i] = params[i]
        program.derive(i)
        if service.adjust:
            service.adjust(params[i], place.p[0], place.s[0], place.cells, program.setups[i])
    return True


def take(program: Program, memory: Sequence[np.ndarray]) -> None:
    """Stand where another program of the same document stood: all its state, to the last bit.

    `memory` are copies of what is in that program's `memory`; addresses stay this one's.
    """
    kept = [(a, names, a[names].copy()) for a, names in _addresses(program)]
    for array, theirs in zip(program.memory, memory, strict=True):
        array[...] = theirs
    for array, names, mine in kept:
        array[names] = mine


def _addresses(program: Program) -> Iterator[tuple[np.ndarray, list[str]]]:
    yield program.world, list(_WORLD_ADDRESSES)
    yield program.nodes, list(_NODE_ADDRESSES)
    yield program.links, list(_LINK_ADDRESSES)


def adopt(program: Program, old: Program) -> dict[str, float]:
    """Carry over the state of the nodes and links that remain; what waited in removed nodes.

    A node keeps its state if its service is the same; one that was deleted and brought back
    between two edits is the same node only if it was never absent from a program.
    """
    keep = [name for name in (NODE.names or ()) if name not in _PLAN]
    for i, node in enumerate(program.ids):
        before = old.index.get(node)
        if before is None or old.services[before] is not program.services[i]:
            continue
        for name in keep:
            program.nodes[i][name] = old.nodes[before][name]
        mine, theirs = program.places[i], old.places[before]
        mine.s[:] = theirs.s
        resize = program.services[i].resize
        if resize and len(mine.cells) != len(theirs.cells):
            resize(mine.p[0], mine.s[0], theirs.cells, mine.cells)
        else:
            fits = min(len(mine.cells), len(theirs.cells))
            mine.cells[:fits] = theirs.cells[:fits]
        adjust = program.services[i].adjust
        if adjust:
            adjust(program.params[i], mine.p[0], mine.s[0], mine.cells, program.setups[i])
    places = {link: j for j, link in enumerate(old.link_ids)}
    keep = [name for name in (LINK.names or ()) if name not in _LINK_PLAN]
    for j, link_id in enumerate(program.link_ids):
        if link_id in places:
            for name in keep:
                program.links[j][name] = old.links[places[link_id]][name]
            program.links[j]["version"] = -1
            before = places[link_id]
            if j in program.guard_memory and before in old.guard_memory:
                carry_over(old.guard_memory[before], program.guard_memory[j])
    for name in ("n", "t", "load", "balance_error", "balance_node"):
        program.world[0][name] = old.world[0][name]
    program.watches.adopt(old.watches)
    program.schedule.adopt(old.schedule)
    program.follow_faults()
    gone = {n: float(old.nodes[i]["held"]) for n, i in old.index.items() if n not in program.index}
    return {node: held for node, held in gone.items() if held > 0}
