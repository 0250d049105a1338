"""The inner state that services declare, such as instances and shards, as glyphs on their cards."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from sandbox.gui.frames import Cells

MOST = 20
"""A card shows so many; of more, the fullest."""
_A_FRAME = 40
"""So many nodes are read in a frame, one after the other: nobody sees more of them change."""
_LEVELS = 8  # how finely a fill is told apart: a glyph is a few pixels high


class Shelf:
    """Reads the cells of a run's nodes, some in each frame, and remembers the others."""

    def __init__(self, run: Any) -> None:
        services = run.program.services
        self._nodes = [i for i, service in enumerate(services) if service.bars]
        self._turn = 0
        self._known: dict[str, Cells] = {}

    def read(self, run: Any, moving: bool) -> Mapping[str, Cells]:
        """The cells by node; only nodes whose service declares any. Of a run that stands, all."""
        count = len(self._nodes)
        for step in range(min(_A_FRAME, count) if moving else count):
            index = self._nodes[(self._turn + step) % count]
            self._known[run.program.ids[index]] = cells_of(run, index)
        self._turn = (self._turn + _A_FRAME) % max(count, 1)
        return dict(self._known)


def cells_of(run: Any, index: int) -> Cells:
    """What one node's service draws first, as fills and tones."""
    program = run.program
    place, row = program.places[index], program.nodes[index]
    declared = program.services[index].bars[0]
    p, s, cells = place.p[0], place.s[0], place.cells
    rows = np.arange(len(cells)) if declared.rows is None else declared.rows(p, s, cells)
    rows = np.asarray(rows)
    chosen = cells[rows]
    values = np.broadcast_to(np.asarray(declared.value(p, s, row, chosen), "f8"), rows.shape)
    tones = ["ok"] * len(rows)
    if declared.state:
        tones = [declared.states[int(state)].tone for state in chosen[declared.state]]
    shown = range(len(rows))
    if len(rows) > MOST:
        fullest = np.argsort(-np.nan_to_num(values, nan=-1.0), kind="stable")[:MOST]
        shown = sorted(fullest.tolist())  # type: ignore[assignment]
    found = tuple((_level(float(values[i])), _tone(tones[i], float(values[i]))) for i in shown)
    return Cells(declared.title, len(rows), found)


def _level(value: float) -> float:
    """To an eighth, so that what is used at all shows; above 1 where overloaded, -1 for none."""
    if math.isnan(value):
        return -1.0
    if value > 1.0:
        return 1.25
    return math.ceil(max(value, 0.0) * _LEVELS) / _LEVELS


def _tone(tone: str, value: float) -> str:
    """A cell that is fine in itself is coloured by how full it is."""
    if tone not in ("ok", "busy"):
        return tone
    if value > 1.0:
        return "critical"
    return "warning" if value > 0.9 else "ok"
