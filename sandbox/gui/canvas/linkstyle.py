"""How a link is drawn: stroke by mode, width by flow, colour and marks by health."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import log10

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from sandbox.gui.frames import Health
from sandbox.gui.theme import Theme

MODES = ("sync", "async", "pull", "standby", "control")
HEALTHS: tuple[Health, ...] = ("idle", "ok", "warning", "critical")

#: Dashes in pixels, caps not counted; None is a solid line.
_DASHES: dict[str, list[float] | None] = {
    "sync": None,
    "async": [10.0, 6.0],
    "pull": [0.1, 9.0],
    "standby": [16.0, 5.0, 3.0, 5.0],
    "control": [3.0, 4.0],
}
_UNSURE = [4.0, 4.0]
"""Short dashes, whatever the mode: an import thinks that the link is there."""
WIDEST = 6


@dataclass(frozen=True, slots=True, order=True)
class LinkStyle:
    """A bucket: links of one style are stroked as one path."""

    mode: str
    health: Health
    width: int
    sure: bool = True


@lru_cache(maxsize=512)
def style_of(mode: str, health: Health, width: int, sure: bool = True) -> LinkStyle:
    """The one object of these values: styles are made for every link in every frame."""
    return LinkStyle(mode, health, width, sure)


def width_of(flow_per_s: float, mode: str) -> int:
    """1 to 6 pixels, one more for each tenfold flow; control links carry none and stay thin."""
    if mode == "control" or flow_per_s <= 0:
        return 1 if mode == "control" else 2
    return min(WIDEST, 2 + int(log10(1.0 + flow_per_s)))


def pen_of(style: LinkStyle, theme: Theme) -> QPen:
    pen = QPen(theme.health(style.health), style.width)
    pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
    dashes = _DASHES.get(style.mode) if style.sure else _UNSURE
    pen.setCapStyle(
        Qt.PenCapStyle.RoundCap if style.mode == "pull" and style.sure else Qt.PenCapStyle.FlatCap
    )
    if dashes:
        # Qt counts dashes in pen widths; a wide link would get dashes as long as itself.
        pen.setDashPattern([length / style.width for length in dashes])
    return pen


def hairline(color: QColor) -> QPen:
    """One pixel at any zoom, for links seen from far."""
    pen = QPen(color, 1)
    pen.setCosmetic(True)
    return pen
