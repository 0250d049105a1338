"""The part of a node that seldom changes, painted once: card, icon, name, title, ports.

It is a pixmap at the resolution at which it is shown, so a frame of a running diagram only adds the
live numbers on top.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from time import perf_counter

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGlyphRun,
    QPainter,
    QPen,
    QPixmap,
    QTextLayout,
)
from PySide6.QtWidgets import QApplication

from sandbox.gui.canvas.faces import Face
from sandbox.gui.canvas.geometry import MARGIN, NODE_WIDTH, PORT_RADIUS
from sandbox.gui.frames import EMPTY, Frame
from sandbox.gui.icons import paint_icon
from sandbox.gui.theme import Theme
from sandbox.language import tr

RADIUS = 10.0
ICON = QRectF(12, 10, 34, 34)
TEXT_LEFT = 56.0
BRIEF_BELOW = 0.6
"""Below this zoom a card shows a larger name and no title: the small print could not be read."""


@dataclass(slots=True)
class Lens:
    """How the diagram is looked at now, shared by all that is drawn in it."""

    frame: Frame = EMPTY
    motion: bool = True
    """False where people want reduced motion: values jump to where they are."""
    paper: bool = False
    """Drawn to be kept: lines and letters instead of pixels, and every word whole."""
    zooming: bool = False
    """Zoom is still changing: cards are stretched for the moment, and drawn afresh after it."""
    due: float = 0.0
    """When this picture should be done (`perf_counter`), while cards are drawn afresh, some in
    each picture, so that none takes long; 0 where every card is to be as it should."""
    behind: bool = False
    """Some cards are still as they were, or bare."""

    def hurried(self) -> bool:
        """Whether a card that would have to be drawn afresh must wait for the next picture."""
        self.behind |= (late := 0.0 < self.due < perf_counter())
        return late


@dataclass(frozen=True, slots=True)
class CardLook:
    """All that a card's pixmap depends on: equal looks give equal pixels."""

    node_id: str
    face: Face
    label: str
    theme: str
    scale: float
    brief: bool
    live: bool


@lru_cache(maxsize=32)
def font_of(pixels: int, bold: bool = False) -> QFont:
    font = QFont(QApplication.font())
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def card_pixmap(look: CardLook, theme: Theme) -> QPixmap:
    """The card with `MARGIN` round it, in as many pixels as it takes on the screen."""
    face = look.face
    width, height = NODE_WIDTH + 2 * MARGIN, face.height + 2 * MARGIN
    pixmap = QPixmap(ceil(width * look.scale), ceil(height * look.scale))
    pixmap.setDevicePixelRatio(look.scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
    )
    painter.drawPixmap(QPointF(0, 0), bare_pixmap(look, theme))
    painter.translate(MARGIN, MARGIN)
    _paint_text(painter, look, theme)
    _paint_ports(painter, face, theme)
    painter.end()
    return pixmap


_Colours = tuple[bool, str, str, str]


def _colours(theme: Theme) -> _Colours:
    """What a card's body takes from the theme: whether it is dark, and three of its colours."""
    return theme.is_dark, theme.card, theme.card_border, theme.muted


@lru_cache(maxsize=32)
def _body_pixmap(height: float, known: bool, scale: float, colours: _Colours) -> QPixmap:
    """A card without its words, of which many look alike."""
    size = QSizeF(NODE_WIDTH + 2 * MARGIN, height + 2 * MARGIN)
    pixmap = QPixmap(ceil(size.width() * scale), ceil(size.height() * scale))
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(MARGIN, MARGIN)
    _paint_body(painter, height, known, colours)
    painter.end()
    return pixmap


def bare_pixmap(look: CardLook, theme: Theme) -> QPixmap:
    """The card without words, icon and ports."""
    face = look.face
    return QPixmap(_body_pixmap(face.height, face.known, look.scale, _colours(theme)))


def paint_on_paper(painter: QPainter, look: CardLook, theme: Theme) -> None:
    """The same straight onto paper; a name that is too long is written smaller, in lines."""
    face = look.face
    _paint_body(painter, face.height, face.known, _colours(theme))
    room = QRectF(TEXT_LEFT, 0, NODE_WIDTH - TEXT_LEFT - 14, 20)
    title = _title_under(look)
    if max(_overlong(look.label, room, 14, True), _overlong(title, room, 11)) <= 0:
        _paint_text(painter, look, theme)
    else:
        _paint_long(painter, look, title, room, theme)
    _paint_ports(painter, face, theme)


def _overlong(text: str, room: QRectF, pixels: int, bold: bool = False) -> float:
    """How much wider a line is than there is room."""
    return QFontMetricsF(font_of(pixels, bold)).horizontalAdvance(text) - room.width()


def _paint_long(painter: QPainter, look: CardLook, title: str, room: QRectF, theme: Theme) -> None:
    face, icon = look.face, icon_box(look.face, False)
    tile = theme.category(face.category)
    paint_icon(painter, icon, face.service, face.title, face.known, tile)
    small, flags = font_fitting(title, QSizeF(room.width(), 26), 11)
    under = QFontMetricsF(small).boundingRect(QRectF(0, 0, room.width(), 1e6), flags, title)
    most = face.height - 12 - under.height()
    font, wrap = font_fitting(look.label, QSizeF(room.width(), most), 14, bold=True)
    name = QFontMetricsF(font).boundingRect(QRectF(0, 0, room.width(), 1e6), wrap, look.label)
    top = (face.height - name.height() - under.height() - 2) / 2
    painter.setFont(font)
    painter.setPen(QColor(theme.text))
    painter.drawText(QRectF(room.x(), top, room.width() + 4, name.height()), wrap, look.label)
    painter.setFont(small)
    painter.setPen(QColor(theme.muted))
    below = QRectF(room.x(), top + name.height() + 2, room.width() + 4, under.height())
    painter.drawText(below, flags, title)


def paint_fitting(
    painter: QPainter, room: QRectF, text: str, pixels: int, colour: QColor, bold: bool = False
) -> None:
    """Write all of a text, in lines and smaller if need be."""
    font, wrap = font_fitting(text, room.size(), pixels, bold)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter) | wrap, text)


_WORDS, _ANYWHERE = int(Qt.TextFlag.TextWordWrap), int(Qt.TextFlag.TextWrapAnywhere)
_LEGIBLE = 9


def font_fitting(text: str, room: QSizeF, pixels: int, bold: bool = False) -> tuple[QFont, int]:
    """The largest font, of at most this many pixels, in which a text in lines fits the room, and
    how lines break: between words, and within one sooner than in letters too small to read."""
    sizes = [(size, _WORDS) for size in range(pixels, _LEGIBLE - 1, -1)]
    sizes += [(size, _ANYWHERE) for size in range(pixels, 0, -1)]
    for size, wrap in sizes:
        font = font_of(size, bold)
        taken = QFontMetricsF(font).boundingRect(QRectF(0, 0, room.width(), 1e6), wrap, text)
        if taken.width() <= room.width() and taken.height() <= room.height():
            return font, wrap
    return font_of(1, bold), _ANYWHERE


def icon_box(face: Face, live: bool) -> QRectF:
    """Before anything runs the lower row is empty, and icon and name stand in the middle."""
    return ICON if live else ICON.translated(0, (face.height - ICON.height()) / 2 - ICON.y())


def _paint_body(painter: QPainter, height: float, known: bool, colours: _Colours) -> None:
    card = QRectF(0, 0, NODE_WIDTH, height)
    painter.setPen(Qt.PenStyle.NoPen)
    # A soft shadow in three steps; darker grounds need a deeper one to show at all.
    dark, fill, border, dashes = colours
    depth = 26 if dark else 9
    for step in (3, 2, 1):
        painter.setBrush(QColor(0, 0, 0, depth))
        painter.drawRoundedRect(
            card.adjusted(-step, 1 - step, step, step + 1.5), RADIUS + step, RADIUS + step
        )
    painter.setBrush(QColor(fill))
    pen = QPen(QColor(border), 1)
    if not known:
        pen = QPen(QColor(dashes), 1.4, Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


def _paint_text(painter: QPainter, look: CardLook, theme: Theme) -> None:
    face = look.face
    icon = icon_box(face, look.live)
    paint_icon(painter, icon, face.service, face.title, face.known, theme.category(face.category))
    left, width = TEXT_LEFT, NODE_WIDTH - TEXT_LEFT - 14
    painter.setPen(QColor(theme.text))
    if look.brief:
        text = elided(look.label, font_of(20, bold=True), width)
        painter.setFont(font_of(20, bold=True))
        painter.drawText(
            QRectF(left, icon.y(), width + 8, icon.height()), Qt.AlignmentFlag.AlignVCenter, text
        )
        return
    top = icon.y() - 1
    painter.setFont(font_of(14, bold=True))
    text = elided(look.label, painter.font(), width)
    painter.drawText(QRectF(left, top, width + 8, 20), Qt.AlignmentFlag.AlignVCenter, text)
    painter.setFont(font_of(11))
    painter.setPen(QColor(theme.muted))
    text = elided(_title_under(look), painter.font(), width)
    painter.drawText(QRectF(left, top + 19, width + 8, 17), Qt.AlignmentFlag.AlignVCenter, text)


def _title_under(look: CardLook) -> str:
    """A node without a name of its own says which one it is, and not its title twice."""
    title = look.face.title
    if not look.face.known:
        title = tr("{title} (not installed)", title=title)
    return look.node_id if look.label == title else title


def _paint_ports(painter: QPainter, face: Face, theme: Theme) -> None:
    """Inputs are rings and outputs are discs, so that direction does not rest on the side alone."""
    line = QColor(theme.muted)
    for name in face.inputs:
        painter.setPen(QPen(line, 1.6))
        painter.setBrush(QColor(theme.card))
        painter.drawEllipse(face.place("in", name), PORT_RADIUS - 0.8, PORT_RADIUS - 0.8)
    for name in face.outputs:
        painter.setPen(QPen(QColor(theme.card), 1.4))
        painter.setBrush(line)
        painter.drawEllipse(face.place("out", name), PORT_RADIUS, PORT_RADIUS)


def paint_hot_port(painter: QPainter, at: QPointF, theme: Theme, big: bool) -> None:
    """A port under the pointer, or one that a link being drawn may end at."""
    accent = QColor(theme.accent)
    halo = QColor(accent)
    halo.setAlpha(60)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(halo)
    painter.drawEllipse(
        at, PORT_RADIUS * (2.1 if big else 1.7), PORT_RADIUS * (2.1 if big else 1.7)
    )
    painter.setPen(QPen(QColor(theme.card), 1.5))
    painter.setBrush(accent)
    painter.drawEllipse(at, PORT_RADIUS + 1, PORT_RADIUS + 1)


@lru_cache(maxsize=2048)
def _laid_out(text: str, pixels: int, bold: bool, width: float) -> tuple[list[QGlyphRun], QSizeF]:
    """Words that are painted in many pictures, laid out once for all sizes they are seen at."""
    font = font_of(pixels, bold)
    layout = QTextLayout(elided(text, font, width), font)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    return layout.glyphRuns(), QSizeF(line.naturalTextWidth(), line.height())


def paint_words(
    painter: QPainter, room: QRectF, text: str, pixels: int, bold: bool = False, right: bool = False
) -> None:
    """One line in the middle of a room's height, at its left or right, cut where it ends."""
    if not text:
        return
    runs, size = _laid_out(text, pixels, bold, room.width())
    x = room.right() - size.width() if right else room.left()
    at = QPointF(x, room.center().y() - size.height() / 2)
    for run in runs:
        painter.drawGlyphRun(at, run)


def elided(text: str, font: QFont, width: float) -> str:
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
