"""The line above a plot: its title, and each curve's name and value in the curve's colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from sandbox.language import tr

_COUNT = 26.0  # px that "+12" takes
_LEFT = Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    value: str
    color: QColor


class Legend(QWidget):
    """Painted rather than laid out: it is rewritten many times a second."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._entries: tuple[Entry, ...] = ()
        self._note = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("{title} legend", title=title))

    def set_title(self, title: str) -> None:
        if title != self._title:
            self._title = title
            self.setAccessibleName(tr("{title} legend", title=title))
            self.update()

    def set_note(self, note: str) -> None:
        """A few words at the right of the title: the time that is read, say."""
        if note != self._note:
            self._note = note
            self.update()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        if tuple(entries) == self._entries:
            return
        lines, self._entries = self._lines(), tuple(entries)
        if lines != self._lines():
            self.updateGeometry()
        text = "\n".join(f"{e.label}: {e.value}" for e in entries)
        self.setToolTip(text)
        self.setAccessibleDescription(text)
        self.update()

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(120, (1 + self._lines()) * line + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = float(self.fontMetrics().height())
        bold = self.font()
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        title = QRectF(2, 0, self.width() - 4, line)
        painter.drawText(title, _LEFT, self._title)
        if self._note:
            room = title.width() - painter.fontMetrics().horizontalAdvance(self._title) - 8
            tiny = self.font()
            tiny.setPointSizeF(tiny.pointSizeF() * 0.85)
            painter.setFont(tiny)
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            if painter.fontMetrics().horizontalAdvance(self._note) <= room:
                painter.drawText(title, Qt.AlignmentFlag.AlignRight, self._note)
        small = self.font()
        small.setPointSizeF(small.pointSizeF() * 0.88)
        painter.setFont(small)
        self._paint_entries(painter, QFontMetricsF(small), line + 1)

    def _paint_entries(self, painter: QPainter, metrics: QFontMetricsF, y: float) -> None:
        """As many as fit into the lines there are, and a count of those that do not."""
        muted = self.palette().color(QPalette.ColorRole.PlaceholderText)
        text = self.palette().color(QPalette.ColorRole.WindowText)
        x, height, edge = 2.0, metrics.height(), self.width() - 2
        lines_left = self._lines() - 1
        if not self._entries:
            painter.setPen(muted)
            painter.drawText(QRectF(x, y, self.width() - 4, height), _LEFT, tr("nothing to show"))
        for index, entry in enumerate(self._entries):
            label, value = entry.label, metrics.horizontalAdvance(entry.value)
            width = 17 + metrics.horizontalAdvance(label) + value
            more = len(self._entries) - index - 1
            if x > 2 and lines_left and x + width > edge:
                x, y, lines_left = 2.0, y + height, lines_left - 1
            count = _COUNT if more and not lines_left else 0
            if x > 2 and x + width + count > edge:
                painter.setPen(muted)
                painter.drawText(QRectF(x, y, self.width() - x, height), _LEFT, f"+{more + 1}")
                return
            if x + width + count > edge:  # value and count matter more than a long name
                room = edge - x - 17 - value - count
                label = metrics.elidedText(label, Qt.TextElideMode.ElideRight, room)
            name = metrics.horizontalAdvance(label)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(entry.color)
            painter.drawRoundedRect(QRectF(x, y + height / 2 - 1.5, 8, 3), 1.5, 1.5)
            painter.setPen(muted)
            painter.drawText(QRectF(x + 12, y, name + 2, height), _LEFT, label)
            painter.setPen(text)
            painter.drawText(QRectF(x + 17 + name, y, value + 2, height), _LEFT, entry.value)
            x += 17 + name + value + 10

    def _lines(self) -> int:
        """By number alone: values change their width too often to lay out a plot by."""
        return 2 if len(self._entries) > 2 else 1
