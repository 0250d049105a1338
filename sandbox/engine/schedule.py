"""The faults of a program, scheduled and injected: rows for the tick loop, and words for people."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import numpy as np

from sandbox.document.document import Document
from sandbox.document.faults import KINDS, aimed_at, complaint, members
from sandbox.document.records import Fault, LinkId
from sandbox.engine.dials import FaultNow
from sandbox.engine.faults import ACTIVE, BEGINS, ENDS, FAULT, OVER, PLANNED
from sandbox.services.law import FAULTS, ZONES
from sandbox.services.registry import Catalogue

_ROOM = 256  # further rows, for what is injected
_STATES: tuple[Literal["planned", "active", "over"], ...] = ("planned", "active", "over")


class Schedule:
    """Rows of all faults of one program; what the loop changes of them lies in `rows`."""

    def __init__(
        self,
        document: Document,
        catalogue: Catalogue,
        faults: tuple[Fault, ...],
        nodes: Mapping[str, int],
        links: Mapping[LinkId, int],
        zones: Mapping[str, tuple[str, ...]],
        part_of: np.ndarray,
    ) -> None:
        """`part_of` is the part of the diagram that each node is in, by its index."""
        self.document, self._catalogue = document, catalogue
        self._nodes, self._links, self._zones = nodes, links, zones
        self._part_of = part_of
        self.records: list[Fault] = []
        self.ignored: list[str] = []
        made = []
        for fault in faults:
            wrong = complaint(document, catalogue, fault)
            if wrong is not None:
                self.ignored.append(f"{wrong[1]}; it is left out")
                continue
            made += list(self._rows(fault, len(self.records)))
            self.records.append(fault)
        self.scheduled = len(self.records)
        self.count = len(made)
        self.rows = np.zeros(len(made) + max(_ROOM, 2 * len(nodes)), FAULT)
        for place, row in enumerate(made):
            self.rows[place] = row

    def _rows(self, fault: Fault, record: int) -> Iterator[tuple[Any, ...]]:
        aim = aimed_at(self.document, fault.kind, fault.target)
        assert aim is not None
        place, target = aim
        kind = FAULTS.index(fault.kind)
        if place == "link":
            found: list[tuple[int, int, float, int]] = []
            if target in self._links:
                found = [(-1, self._links[target], fault.amount, -1)]  # type: ignore[index]
        elif place == "group":
            found = [
                (
                    *(self._nodes[node], -1, fault.amount / len(self._zones[node])),
                    self._zones[node].index(str(target)) % ZONES,
                )
                for node in members(self.document, str(target))
                if node in self._nodes and self._feels(node, fault.kind)
            ]
        else:
            found = [(self._nodes[str(target)], -1, fault.amount, -1)]
        near = aim[1][0] if place == "link" else ""
        end_s = max(fault.start_s, fault.end_s)
        for node, link, amount, zone in found:
            part = int(self._part_of[node if node >= 0 else self._nodes[near]])
            times = fault.start_s, end_s
            whole = fault.amount
            yield kind, node, link, part, *times, amount, zone, whole, record, PLANNED, 0.0

    def _feels(self, node: str, kind: str) -> bool:
        return kind in self._catalogue.faults(self.document.nodes[node].service)

    # ------------------------------------------------------------------ during a run

    def inject(self, fault: Fault) -> None:
        """One more fault. Raises ValueError if there is no such, or no room for it."""
        wrong = complaint(self.document, self._catalogue, fault)
        if wrong is not None:
            raise ValueError(f"{wrong[1]}; {wrong[2][:1].lower()}{wrong[2][1:].rstrip('.')}")
        used = self.rows["record"][: self.count]
        del self.records[max(self.scheduled, int(used.max(initial=-1)) + 1) :]
        made = list(self._rows(fault, len(self.records)))
        if self.count + len(made) > len(self.rows):
            left = self.rows[: self.count][self.rows["state"][: self.count] != OVER]
            self.count = len(left)
            self.rows[: self.count] = left
        if self.count + len(made) > len(self.rows):
            raise ValueError("there are too many faults at once; wait until some have ended")
        for row in made:
            self.rows[self.count] = row
            self.count += 1
        self.records.append(fault)

    def end(self, t_s: float, kind: str | None, target: str | None) -> list[Fault]:
        """End what is under way now of this kind and target (None: any)."""
        ended: dict[int, Fault] = {}
        for row in self.rows[: self.count]:
            fault = self.records[int(row["record"])]
            mine = kind in (None, fault.kind) and target in (None, fault.target)
            under_way = row["state"] == ACTIVE or (row["state"] == PLANNED and fault.start_s <= t_s)
            if mine and under_way and row["end_s"] > t_s:
                row["end_s"] = t_s
                ended[int(row["record"])] = fault
        return list(ended.values())

    def adopt(self, old: Schedule) -> None:
        """Go on from the schedule before an edit: what was injected stays, what began has begun."""
        used = {int(record) for record in old.rows["record"][: old.count]}
        for place, fault in enumerate(old.records[old.scheduled :], old.scheduled):
            if place in used and complaint(self.document, self._catalogue, fault) is None:
                self.inject(fault)
        states: dict[tuple[Any, ...], list[Any]] = {}
        for row, key in old._keyed():
            states.setdefault(key, []).append(row)
        for row, key in self._keyed():
            if states.get(key):
                before = states[key].pop(0)
                for name in ("state", "end_s", "lost_before"):
                    row[name] = before[name]

    def _keyed(self) -> Iterator[tuple[Any, tuple[Any, ...]]]:
        nodes, links = list(self._nodes), list(self._links)
        for row in self.rows[: self.count]:
            node, link = int(row["node"]), int(row["link"])
            place = nodes[node] if node >= 0 else links[link]
            yield row, (self.records[int(row["record"])], place)

    # ------------------------------------------------------------------ reading

    def now(self, t_s: float) -> tuple[FaultNow, ...]:
        """All faults, in the order of their beginnings."""
        if not self.count:
            return ()
        nodes, links = list(self._nodes), list(self._links)
        found: dict[int, FaultNow] = {}
        for row in self.rows[: self.count]:
            place = int(row["record"])
            fault, before = self.records[place], found.get(place)
            state = _STATES[row["state"]]
            if state == "planned" and row["start_s"] <= t_s < row["end_s"]:
                state = "active"
            elif state == "active" and row["end_s"] <= t_s:
                state = "over"
            struck = (*(before.nodes if before else ()),)
            if row["node"] >= 0:
                struck = (*struck, nodes[int(row["node"])])
            found[place] = FaultNow(
                *(fault.kind, fault.target, float(row["start_s"]), float(row["end_s"])),
                *(fault.amount, state, struck),
                None if row["node"] >= 0 else links[int(row["link"])],
            )
        return tuple(sorted(found.values(), key=lambda fault: fault.start_s))

    def worded(self, event: Any) -> tuple[str, str, str]:
        """(kind, text, severity) of an event of the loop."""
        fault = self.records[int(event["x"][0])]
        kind = KINDS[fault.kind]
        where, own = self._where(fault, float(event["x"][1]))
        if int(event["kind"]) == BEGINS:
            lasts = fault.end_s - fault.start_s
            until = f", for {span(lasts)}" if 0 < lasts < math.inf else ""
            return "fault", f"Fault{where}: {kind.words(fault.amount)}{until}{own}", "warning"
        assert int(event["kind"]) == ENDS
        lost = float(event["x"][2])
        took = span(float(event["x"][3]) - fault.start_s)
        verb = "throttled" if fault.kind == "downstream_throttle" else "lost"
        by_it = f"; {lost:,.0f} {verb} by it" if lost >= 0.5 else ""
        return "fault_ended", f"Fault{where} over after {took}: {kind.title.lower()}{by_it}", "info"

    def _where(self, fault: Fault, amount: float) -> tuple[str, str]:
        aim = aimed_at(self.document, fault.kind, fault.target)
        if aim is None or aim[0] == "node":
            return "", ""
        if aim[0] == "group":
            group = self.document.groups[str(aim[1])]
            return f" in {group.label or group.id}", f"; {100 * amount:.3g} % of what is here"
        target = self.document.nodes[aim[1][1]]
        return f" on the link to {target.label or target.id}", ""


def span(seconds: float) -> str:
    """A length of time in words: 90 s, 10 min, 1 h 30 min."""
    if seconds < 120:
        return f"{seconds:.4g} s"
    minutes = seconds / 60
    if minutes < 120:
        return f"{minutes:.4g} min"
    hours, rest = divmod(round(minutes), 60)
    return f"{hours:,} h {rest} min" if rest else f"{hours:,} h"
