"""The alarms and clocks that decide inside a node: what each saw, its state, for how long."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel

from sandbox.experiments import units
from sandbox.gui.theme import DARK, LIGHT
from sandbox.language import tr
from sandbox.services.views import Watcher

_SIGNS = {"ok": "●", "busy": "◔", "warning": "◆", "critical": "▲", "idle": "○"}


class WatcherList(QLabel):
    """Two lines each: its name and state, then the figures behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Alarms and clocks"))
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setToolTip(
            tr("What decides here: each alarm with its datapoints, each clock that runs")
        )

    def show_watchers(self, watchers: Sequence[Watcher]) -> None:
        dark = self.palette().color(QPalette.ColorRole.Base).lightness() < 128
        theme = DARK if dark else LIGHT
        rows = "".join(
            f"<tr><td><nobr>{escape(one.title)}</nobr></td><td align='right'><nobr>"
            f"<font color='{getattr(theme, _COLOURS[one.tone])}'>{_SIGNS[one.tone]}</font> "
            f"{escape(one.state)}</nobr></td></tr>"
            f"<tr><td colspan='2'><font color='{theme.muted}'>{escape(figures(one))}</font></td>"
            "</tr>"
            for one in watchers
        )
        text = f"<table width='100%' cellspacing='0' cellpadding='1'>{rows}</table>"
        text = text if rows else tr("Nothing decides by itself here.")
        if text != self.text():
            self.setText(text)
            said = (f"{one.title}: {one.state}, {figures(one)}" for one in watchers)
            self.setAccessibleDescription("; ".join(said))


_COLOURS = {"ok": "ok", "busy": "accent", "warning": "warning", "critical": "critical",
            "idle": "idle"}  # fmt: skip


def figures(one: Watcher) -> str:
    """ "61.2 % (> 50 %), 2 of 3 datapoints breach, for 4 min" """
    parts = []
    if not math.isnan(one.bound):
        value, bound = (units.quantity(number, one.unit) for number in (one.value, one.bound))
        parts.append(tr("{value} ({side} {bound})", value=value, side=one.side, bound=bound))
    elif not math.isnan(one.value):
        parts.append(units.quantity(one.value, one.unit))
    if one.needed:
        parts.append(
            tr("{count} breach, {needed} needed", count=one.breaching, needed=one.needed)
            if one.needed == one.of
            else tr(
                "{count} breach, {needed} of {of} needed",
                count=one.breaching,
                needed=one.needed,
                of=one.of,
            )
        )
    if not math.isnan(one.for_s):
        parts.append(tr("for {time}", time=units.duration(one.for_s)))
    if not math.isnan(one.left_s):
        parts.append(tr("{time} left", time=units.duration(one.left_s)))
    return ", ".join(parts)
