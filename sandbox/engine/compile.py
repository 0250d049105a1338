"""A document as flat arrays: the program that the tick loop runs.

Everything a run changes lies in a few contiguous arrays (`Program.memory`), so a snapshot is a
copy and a restore a copy back; addresses inside the records stay valid for the program's life.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np

from sandbox.document.document import Document
from sandbox.document.records import Scenario
from sandbox.document.rename import references
from sandbox.engine.attempts import GUARD
from sandbox.engine.cycles import closing
from sandbox.engine.drawn import Drawn, epoch_of
from sandbox.engine.guards import guard_bytes
from sandbox.engine.native import entry
from sandbox.engine.parts import split
from sandbox.engine.schedule import Schedule
from sandbox.kernels.random import key_of
from sandbox.services.attempts import Attempts, guards
from sandbox.services.law import (
    BALANCES,
    CONTROL,
    ERAS,
    FAULTS,
    GUARDS,
    KINDS,
    LINK,
    MODES,
    NODE,
    OPERATIONS,
    PULL,
    SOURCE,
    STREAM,
    SYNC,
    TRANSPARENT,
    WORLD,
)
from sandbox.services.params import fill
from sandbox.services.registry import Catalogue

_ALIGN = 64


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a node's records lie in the arenas."""

    p: np.ndarray
    s: np.ndarray
    cells: np.ndarray
    table: np.ndarray


class Program(Drawn):
    """The compiled form of one document under one scenario."""

    def __init__(self, document: Document, catalogue: Catalogue, scenario: Scenario) -> None:
        super().__init__(document, catalogue, scenario)
        self.watches = self._watched()
        self._allocate()
        self._plan_nodes()
        self._plan_links()
        self._order()
        places = {link: j for j, link in enumerate(self.link_ids)}
        self.schedule = Schedule(
            document, catalogue, scenario.faults, self.index, places, self.zones, self.part_of
        )
        self.prepare()

    # ------------------------------------------------------------------ memory

    def _allocate(self) -> None:
        n, m, k = len(self.ids), len(self.link_ids), max(1, len(self.classes))
        self.nodes = np.zeros(n, NODE)
        self.links = np.zeros(m, LINK)
        self.ins = np.zeros(max(1, m), "i8")
        self.order = np.zeros(max(1, n), "i8")
        self.controllers = np.zeros(0, "i8")
        self.node_mix = np.zeros((max(1, n), 2, k))
        self.link_mix = np.zeros((max(1, m), 2, k))
        self.route = np.ones((max(1, m), k))
        self.class_table = _class_table(self.classes)
        self.world = np.zeros(1, WORLD)
        self.cell_counts = [
            s.cells_count(p, self.setups[i]) if s.cells_count else 0
            for i, (s, p) in enumerate(zip(self.services, self.params, strict=True))
        ]
        sizes = [
            (s.params_record.itemsize, s.state_record.itemsize, c * s.cell_record.itemsize)
            for s, c in zip(self.services, self.cell_counts, strict=True)
        ]
        self.params_arena = np.zeros(sum(_pad(a) for a, _, _ in sizes) + _ALIGN, "u1")
        self.state_arena = np.zeros(sum(_pad(b) for _, b, _ in sizes) + _ALIGN, "u1")
        self.cells_arena = np.zeros(sum(_pad(c) for _, _, c in sizes) + _ALIGN, "u1")
        self.places: list[_Place] = []
        at = [0, 0, 0]
        for service, count, size in zip(self.services, self.cell_counts, sizes, strict=True):
            p = self.params_arena[at[0] : at[0] + size[0]].view(service.params_record)
            s = self.state_arena[at[1] : at[1] + size[1]].view(service.state_record)
            cells = self.cells_arena[at[2] : at[2] + size[2]].view(service.cell_record)
            assert len(cells) == count
            self.places.append(_Place(p, s, cells, np.zeros(0)))
            at = [a + _pad(b) for a, b in zip(at, size, strict=True)]
        self.link_arena: list[np.ndarray] = []
        self.guard_memory: dict[int, np.ndarray] = {}
        self.guards: dict[int, Any] = {}  # GUARD records by link

    @property
    def memory(self) -> tuple[np.ndarray, ...]:
        """All that changes while the program runs."""
        return (
            self.world,
            self.nodes,
            self.links,
            self.params_arena,
            self.state_arena,
            self.cells_arena,
            self.guard_arena,
            self.node_mix,
            self.link_mix,
            self.route,
            self.schedule.rows,
            self.watches.rows,
        )

    # ------------------------------------------------------------------ planning

    def _plan_nodes(self) -> None:
        for i, service in enumerate(self.services):
            io, place = self.nodes[i], self.places[i]
            io["key"] = key_of(self.ids[i])
            io["step"] = entry(service, "step")
            io["control"] = entry(service, "control")
            io["p"], io["s"] = place.p.ctypes.data, place.s.ctypes.data
            io["cells"], io["cells_n"] = place.cells.ctypes.data, len(place.cells)
            io["flags"] = (
                BALANCES * service.balances
                + TRANSPARENT * service.transparent
                + SOURCE * service.source
                + STREAM * service.stream
            )
            for c, cause in enumerate(service.losses):
                io["kinds"][c] = KINDS.index(cause.kind)
                io["refusal"][c] = cause.refusal
            io["kinds"][len(service.losses) :] = -1
            io["fault_causes"] = len(service.causes)
            io["heeds"] = sum(1 << FAULTS.index(kind) for kind in service.faults)
            io["ok"] = io["down_ok"] = 1.0
            io["latency"]["n"], io["latency"]["w"][0] = 1, 1.0
            io["composed_of"] = np.nan
        self.watches.bind(self)

    def _plan_links(self) -> None:
        spared = set(self.asks_first.values())
        self.standing_by: set[int] = set()
        for j, link in enumerate(self.link_records):
            row, common = self.links[j], self.link_params[j][0]
            row["source"], row["target"] = self.index[link.source], self.index[link.target]
            # a standby link carries what its law lets it, which is nothing at first
            standing_by = self.mode(j) == "standby"
            row["mode"] = SYNC if standing_by else MODES.index(self.mode(j))
            row["operation"] = OPERATIONS.index(common.operation)
            row["source_port"] = self._port(link.source, link.source_port)
            row["target_port"] = self._port(link.target, link.target_port)
            # without a stage of its own a link keeps its place among those drawn
            drawn = 1000 + self._drawn[link.id]
            row["stage"] = common.stage if common.stage is not None else drawn
            row["calls"], row["share"] = common.calls, common.share
            row["payload_kb"] = -1.0 if common.payload_kb is None else common.payload_kb
            row["network_s"] = row["given_network_s"] = common.network_ms / 1e3
            row["weight"] = row["ok"] = row["ca2"] = row["fetched"] = 1.0
            if standing_by:
                self.standing_by.add(j)
                row["weight"] = 0.0
            row["version"] = row["hosts"] = -1
            row["asks_first"] = self.asks_first.get(j, -1)
            row["spared"] = j in spared
            for model in self.link_params[j][1:]:
                if isinstance(model, Attempts):
                    self._guard(j, model)
                if type(model) is not Attempts:
                    self._attach(j, model)
        self._lay_out_guards()
        sources, targets = self.links["source"], self.links["target"]
        n = len(self.ids)
        counts = np.bincount(sources, minlength=n)[:n] if len(sources) else np.zeros(n, int)
        self.nodes["out"] = np.concatenate(([0], np.cumsum(counts)[:-1])) if n else 0
        self.nodes["out_n"] = counts
        incoming = np.argsort(targets, kind="stable") if len(targets) else np.zeros(0, int)
        counts = np.bincount(targets, minlength=n)[:n] if len(targets) else np.zeros(n, int)
        self.ins[: len(incoming)] = incoming
        self.nodes["ins"] = np.concatenate(([0], np.cumsum(counts)[:-1])) if n else 0
        self.nodes["ins_n"] = counts

    def _guard(self, j: int, given: Attempts) -> None:
        """Give link ``j`` what its caller does about calls that fail or take too long."""
        caller = self.index[self.link_records[j].source]
        patience = self.services[caller].patience
        if given.timeout_s is None and patience:
            waits_s = patience(self.params[caller], self.scenario.era)
            given = given.model_copy(update={"timeout_s": waits_s})
        if guards(given) or j in self.asks_first:
            service = self.services[self.index[self.link_records[j].target]].id
            network_s = float(self.links[j]["network_s"])
            self.guard_memory[j] = guard_bytes(given, service, network_s, self.scenario.tick_s)

    def _lay_out_guards(self) -> None:
        """One arena for all guards, so that a snapshot has them: `guard_memory` are views of it."""
        sizes = [_pad(guard.size) for guard in self.guard_memory.values()]
        self.guard_arena = np.zeros(sum(sizes) + _ALIGN, "u1")
        at = 0
        for (j, guard), size in zip(self.guard_memory.items(), sizes, strict=True):
            place = self.guard_arena[at : at + guard.size]
            place[:] = guard
            self.guard_memory[j] = place
            self.guards[j] = place[: GUARD.itemsize].view(GUARD)[0]
            self.links[j]["guard"] = place.ctypes.data
            self.nodes[self.links[j]["source"]]["flags"] |= GUARDS
            at += size

    def _attach(self, j: int, model: Any) -> None:
        """Give link ``j`` the record of a port's own parameters."""
        from sandbox.services.params import layout

        record = np.zeros(1, layout(type(model)))
        fill(record, model)
        self.link_arena.append(record)
        link = self.link_records[j]
        mode = self.mode(j)
        begin = self.services[self.index[link.source]].port(link.source_port)
        assert begin is not None
        side = "p_source" if begin.params.get(mode) is type(model) else "p_target"
        self.links[j][side] = record.ctypes.data

    def _port(self, node: str, name: str) -> int:
        ports = self.services[self.index[node]].ports
        return next(i for i, port in enumerate(ports) if port.name == name)

    def _order(self) -> None:
        """Topological order; what closes a cycle carries last tick's value."""
        graph: nx.MultiDiGraph = nx.MultiDiGraph()
        graph.add_nodes_from(range(len(self.ids)))
        for j, link in enumerate(self.link_records):
            service = self.services[self.index[link.source]]
            port = service.port(link.source_port)
            if self.links[j]["mode"] == CONTROL or (port is not None and port.redrive):
                continue
            graph.add_edge(int(self.links[j]["source"]), int(self.links[j]["target"]), key=link.id)
        for part in list(nx.strongly_connected_components(graph)):
            if len(part) > 1 or any(graph.has_edge(v, v) for v in part):
                graph.remove_edges_from(closing(list(graph.subgraph(part).edges(keys=True))))
        order = np.array(list(nx.lexicographical_topological_sort(graph)), "i8")
        self.part_of = split(len(self.ids), self._pairs())
        self.order = order[np.argsort(self.part_of[order], kind="stable")]
        busy = (self.nodes["control"] != 0) | (self.nodes["watches_n"] != 0)
        controllers = np.flatnonzero(busy).astype("i8")
        self.controllers = controllers[np.argsort(self.part_of[controllers], kind="stable")]

    def _pairs(self) -> Iterator[tuple[int, int]]:
        """Nodes that may know of each other: by a link, a parameter that names one, or a quota."""
        for link in self.link_records:
            yield self.index[link.source], self.index[link.target]
        for i, node in enumerate(self.records):
            for name in references(node.params):
                if name in self.index:
                    yield i, self.index[name]
        for fellows in self._fellows.values():
            for i in fellows[1:]:
                yield fellows[0], i

    # ------------------------------------------------------------------ Python side of services

    def prepare(self) -> None:
        """Write the parameter records and what the services derive from them; set initial state."""
        for i in range(len(self.ids)):
            self.derive(i)
            service, place = self.services[i], self.places[i]
            if service.init:
                service.init(self.params[i], place.p[0], place.s[0], place.cells, self.setups[i])
        for i, service in enumerate(self.services):
            mine = self.ins[self.nodes[i]["ins"] :][: self.nodes[i]["ins_n"]]
            state = self.places[i].s[0]
            if service.cache:  # what its callers may expect in the first tick
                self.links["hits"][mine] = state["hit_ratio"]
            if service.polls:
                pulled = mine[self.links["mode"][mine] == PULL][: len(state["first_pulls"])]
                self.links["pull"][pulled] = state["first_pulls"][: len(pulled)]
            if service.route:
                first, count = int(self.nodes[i]["out"]), int(self.nodes[i]["out_n"])
                self.route[first : first + count] = service.route(self.params[i], self.setups[i])
        world = self.world[0]
        world["dt"], world["load"] = self.scenario.tick_s, self.scenario.load
        world["epoch"] = epoch_of(self.scenario.start)
        world["era"] = ERAS.index(self.scenario.era)
        world["seed"] = np.uint64(self.scenario.seed & (2**64 - 1))
        for name in ("nodes", "links", "ins", "order", "node_mix", "link_mix", "route"):
            world[name] = getattr(self, name).ctypes.data
        world["nodes_n"], world["links_n"] = len(self.nodes), len(self.links)
        world["ins_n"], world["classes"] = len(self.ins), self.route.shape[1]
        world["faults"] = self.schedule.rows.ctypes.data
        self.follow_faults()

    def follow_faults(self) -> None:
        """Let the loop look at all faults again in its next tick."""
        self.world[0]["faults_n"] = self.schedule.count
        self.world[0]["faults_due_s"] = -np.inf if self.schedule.count else np.inf

    def derive(self, i: int) -> None:
        """Write node ``i``'s parameter record and its table."""
        service, place, params = self.services[i], self.places[i], self.params[i]
        fill(place.p, params)
        self.watches.fill(place.p[0], params)
        if service.prepare:
            table = service.prepare(params, place.p[0], self.setups[i])
            table = np.zeros(0) if table is None else np.ascontiguousarray(table, "f8").ravel()
            self.places[i] = _Place(place.p, place.s, place.cells, table)
            self.nodes[i]["table"], self.nodes[i]["table_n"] = table.ctypes.data, len(table)


def _pad(size: int) -> int:
    return -(-size // _ALIGN) * _ALIGN


def _class_table(classes: Sequence[Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of each request class its share (their sum is 1), write fraction and payload (NaN: the
    source's own) and deadline (s, infinite without one)."""
    if not classes:
        return np.ones(1), np.full(1, np.nan), np.full(1, np.nan), np.full(1, np.inf)
    share = np.array([max(0.0, c.share) for c in classes])
    total = share.sum()
    share = share / total if total > 0 else np.full(len(share), 1 / len(share))
    writes = [np.nan if c.write_fraction is None else c.write_fraction for c in classes]
    size = [np.nan if c.payload_kb is None else c.payload_kb for c in classes]
    deadline = [np.inf if c.deadline_s is None else c.deadline_s for c in classes]
    return share, np.array(writes, "f8"), np.array(size, "f8"), np.array(deadline, "f8")
