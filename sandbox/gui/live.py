"""The nodes and links of a run at one moment, worded only for those that somebody looks at.

A thousand nodes change forty times a second, and few of them can be seen: the thread of the run
copies whole columns of numbers, and the window makes words of those it paints.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np

from sandbox.engine.dials import Reading
from sandbox.experiments import units
from sandbox.gui.frames import (
    LINK_CRITICAL_BELOW,
    LINK_WARNING_BELOW,
    NONE,
    Cells,
    Health,
    LinkFrame,
    LinkId,
    NodeFrame,
)
from sandbox.language import tr

LOSSES = ("throttled", "rejected", "failed", "timed_out", "expired")
METRICS = (*LOSSES, "arrivals", "utilization")
_WORDS = dict(
    zip(
        LOSSES,
        (tr("Throttled"), tr("Rejected"), tr("Failed"), tr("Timed out"), tr("Expired")),
        strict=True,
    )
)
_LOST_SOMETHING = 1e-4  # shares of what arrived, below which a loss is not worth a badge
_LOST_MUCH = 0.05
_BUSY = 0.9
_HEALTH: tuple[Health, ...] = ("idle", "ok", "warning", "critical")

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Plate:
    """What does not change about a node's picture: how its headline is written, its causes."""

    headline: str
    unit: str
    counted: str
    source: bool
    causes: Sequence[str]


class _Worded(Mapping[K, V]):
    """Values made when they are first asked for, and kept."""

    def __init__(self, rows: Mapping[K, int]) -> None:
        self._rows = rows
        self._made: dict[K, V] = {}

    def __getitem__(self, key: K) -> V:
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._make(self._rows[key])
        return made

    def get(self, key: K, default: Any = None) -> Any:
        return self[key] if key in self._rows else default

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[K]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def _make(self, row: int) -> V:
        raise NotImplementedError


class LiveNodes(_Worded[str, NodeFrame]):
    """NodeFrames by id; `ailing` without wording any."""

    def __init__(
        self,
        rows: Mapping[str, int],
        plates: Sequence[Plate],
        reading: Reading,
        cells: Mapping[str, Cells] | None = None,
    ) -> None:
        super().__init__(rows)
        self._plates, self._reading = plates, reading
        self._cells = {rows[node]: held for node, held in (cells or {}).items() if node in rows}
        losses, arrived = reading.values[:, :5], reading.values[:, 5]
        self._lost = losses.sum(axis=1)
        whole = np.maximum(arrived, self._lost)
        share = np.divide(self._lost, whole, out=np.zeros_like(whole), where=self._lost > 0)
        busy = reading.values[:, 6] > _BUSY
        health = np.where((share > _LOST_SOMETHING) | busy, 2, 1)
        health = np.where(share > _LOST_MUCH, 3, health)
        self._health = np.where((arrived <= 0) & (share <= 0), 0, health)
        self._losing = share > _LOST_SOMETHING

    def ailing(self) -> list[tuple[str, Health]]:
        """Nodes that lose something or are near to it, and which of the two."""
        ids = list(self._rows)
        return [(ids[i], _HEALTH[self._health[i]]) for i in np.flatnonzero(self._health >= 2)]

    def _make(self, row: int) -> NodeFrame:
        plate, reading = self._plates[row], self._reading
        utilization = float(reading.values[row, 6])
        # Coarser than can be seen, so that what looks the same is the same, and is not painted.
        share = None if plate.source or math.isnan(utilization) else round(utilization, 3)
        value = float(f"{reading.headlines[row]:.4g}")
        return NodeFrame(
            headline(value, plate.headline, plate.unit, plate.counted),
            share,
            self._cause(row) if self._losing[row] else None,
            float(f"{self._lost[row]:.3g}"),
            _HEALTH[self._health[row]],
            self._cells.get(row, NONE),
        )

    def _cause(self, row: int) -> str:
        """By what most is lost, in the words of the service's own cause where it names one."""
        named = int(self._reading.causes[row])
        if named >= 0:
            text = self._plates[row].causes[named]
            return text[:1].upper() + text[1:]
        return _WORDS[LOSSES[int(self._reading.values[row, :5].argmax())]]


class LiveLinks(_Worded[LinkId, LinkFrame]):
    """LinkFrames by id."""

    def __init__(self, rows: Mapping[LinkId, int], reading: Reading) -> None:
        super().__init__(rows)
        self._reading = reading
        self._flows = reading.flows.tolist()
        asked = reading.flows > 0
        asked[[row for row, guard in reading.retrying.items() if guard[2]]] = True
        self._ok = np.where(asked, reading.ok, 1.0).tolist()

    def flowing(self) -> bool:
        return bool((self._reading.flows > 0).any())

    def healths(self) -> dict[LinkId, Health]:
        """As LinkFrame tells it, without making one for each link."""
        ok, flows = self._reading.ok, self._reading.flows
        codes = np.where(ok < LINK_WARNING_BELOW, 2, 1)
        codes = np.where(ok < LINK_CRITICAL_BELOW, 3, codes)
        open_ = [row for row, (_, _, is_open) in self._reading.retrying.items() if is_open]
        codes = np.where(flows > 0, codes, 0)
        codes[open_] = 3
        return {link: _HEALTH[code] for link, code in zip(self._rows, codes.tolist(), strict=True)}

    def _make(self, row: int) -> LinkFrame:
        retrying = self._reading.retrying.get(row, (0.0, 0.0, False))
        return LinkFrame(self._flows[row], self._ok[row], *retrying)


@lru_cache(maxsize=20_000)
def headline(value: float, metric: str, unit: str, counted: str = "instances") -> str:
    """The one number a node shows: "12 instances", "300 waiting", "80/s"."""
    if math.isnan(value):
        return ""
    if metric == "instances":
        noun = counted if round(value) != 1 else counted.removesuffix("s")
        return f"{units.si(round(value))} {noun}"
    if metric == "backlog":
        return tr("{number} waiting", number=units.si(math.floor(value + 0.5)))
    if metric == "in_flight":
        return tr("{number} in flight", number=units.si(value))
    if metric == "concurrent_executions":
        return tr("{number} at once", number=units.si(value))
    if metric.startswith("latency"):
        return f"{units.quantity(value, 's')} {metric.partition('_')[2]}"
    return units.quantity(value, units.unit_of(metric, unit))
