"""Cost by line: what an hour and a month cost, and which part of it is for what."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from sandbox.engine.why import BillLine
from sandbox.experiments import units
from sandbox.language import tr

MONTH_H = 730.0  # the hours in a month of AWS's price lists


class Bill(QLabel):
    """A table; lines of nothing are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Cost by line"))
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setToolTip(tr("Unfold a cost on the Why tab to see its rule and price"))

    def show_bill(self, lines: Sequence[BillLine]) -> None:
        text = told(lines)
        if text != self.text():
            self.setText(text)
            said = (f"{line.title} {units.money(line.usd_per_hour, 'h')}" for line in lines)
            self.setAccessibleDescription("; ".join(said))


def told(lines: Sequence[BillLine]) -> str:
    """The bill as rich text."""
    shown = [line for line in lines if abs(line.usd_per_hour) > 1e-12]
    if not shown:
        return tr("It costs nothing now.") if lines else tr("It is not billed.")
    rows = [_row(line.title, line.usd_per_hour) for line in shown]
    if len(shown) > 1:
        rows.append(
            _row(tr("<b>In all</b>"), sum(line.usd_per_hour for line in lines), escaped=True)
        )
    head = tr("<tr><td></td><td align='right'>an hour</td><td align='right'>a month</td></tr>")
    head = f"<font color='gray'>{head}</font>"
    return f"<table width='100%' cellspacing='0' cellpadding='2'>{head}{''.join(rows)}</table>"


def _row(title: str, usd: float, escaped: bool = False) -> str:
    name = title if escaped else escape(title)
    hour, month = units.money(usd), units.money(usd * MONTH_H)
    return f"<tr><td>{name}</td><td align='right'>{hour}</td><td align='right'>{month}</td></tr>"
