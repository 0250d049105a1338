"""The pill that says what is lost and how much, and signs of health by shape, not colour alone."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from sandbox.experiments import units
from sandbox.gui.canvas.cards import font_of
from sandbox.gui.canvas.geometry import BADGE_HEIGHT, NODE_WIDTH
from sandbox.gui.frames import Health
from sandbox.gui.theme import Theme


def paint_loss(
    painter: QPainter, height: float, cause: str, rate_per_s: float, theme: Theme, brief: bool
) -> None:
    """A pill across a card's lower edge: a warning sign, the cause, and how much is lost.

    A cause that is too long for a line has two, unless the card is small on the screen.
    """
    rate = f" {units.loss(rate_per_s)}" if rate_per_s > 0 else ""
    painter.setFont(font_of(14 if brief else 11, bold=True))
    text, width, more = _laid_out(cause, rate, brief)
    top = height - (1 if brief else 6)
    pill = QRectF((NODE_WIDTH - width) / 2, top, width, BADGE_HEIGHT + more)
    painter.setPen(QPen(QColor(theme.canvas), 2))
    painter.setBrush(QColor(theme.critical))
    painter.drawRoundedRect(pill, BADGE_HEIGHT / 2, BADGE_HEIGHT / 2)
    ink = QColor(theme.on_critical)
    x, y = pill.left() + 9, pill.center().y()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawPolygon(
        QPolygonF([QPointF(x, y + 5), QPointF(x + 6, y - 5.5), QPointF(x + 12, y + 5)])
    )
    painter.setPen(QPen(QColor(theme.critical), 1.5))
    painter.drawLine(QPointF(x + 6, y - 1.5), QPointF(x + 6, y + 1.5))
    painter.drawPoint(QPointF(x + 6, y + 3.4))
    painter.setPen(ink)
    painter.drawText(pill.adjusted(24, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, text)


@lru_cache(maxsize=1024)
def _laid_out(cause: str, rate: str, brief: bool) -> tuple[str, float, float]:
    """The words of a pill, how wide it is, and how much higher than for one line."""
    metrics = QFontMetricsF(font_of(14 if brief else 11, bold=True))
    lines = told(cause, rate, metrics, 1 if brief else 2)
    width = max(metrics.horizontalAdvance(line) for line in lines) + 34
    return "\n".join(lines), width, metrics.height() * (len(lines) - 1)


def told(cause: str, rate: str, metrics: QFontMetricsF, most: int) -> list[str]:
    """The cause and the rate in one line, or at most `most`; only what even they cannot hold is
    left out, and never of the rate."""
    room = NODE_WIDTH - 24  # wider than the card, by what stands around it
    words = cause.split()
    if most == 1 or len(words) < 2 or metrics.horizontalAdvance(cause + rate) <= room:
        elided = metrics.elidedText(
            cause, Qt.TextElideMode.ElideRight, room - metrics.horizontalAdvance(rate)
        )
        return [elided + rate]
    kept = 1
    while kept < len(words) - 1 and metrics.horizontalAdvance(" ".join(words[: kept + 1])) <= room:
        kept += 1
    first = metrics.elidedText(" ".join(words[:kept]), Qt.TextElideMode.ElideRight, room)
    return [first, *told(" ".join(words[kept:]), rate, metrics, most - 1)]


def sign(health: Health, at: QPointF, reach: float) -> QPolygonF:
    """A triangle for what loses, a diamond for what is near to it, as a closed outline."""
    x, y = at.x(), at.y()
    corners = [QPointF(x, y - reach), QPointF(x + reach, y + reach * 0.8)]
    corners += [QPointF(x - reach, y + reach * 0.8)]
    if health == "warning":
        corners = [QPointF(x, y - reach), QPointF(x + reach, y)]
        corners += [QPointF(x, y + reach), QPointF(x - reach, y)]
    return QPolygonF([*corners, corners[0]])


def paint_sign(painter: QPainter, health: Health, at: QPointF, theme: Theme, brief: bool) -> None:
    """The sign of ill health at a card's corner, so that it does not rest on colour."""
    painter.setPen(QPen(QColor(theme.canvas), 1.6))
    painter.setBrush(theme.health(health))
    painter.drawPolygon(sign(health, at, 9.0 if brief else 7.0))
