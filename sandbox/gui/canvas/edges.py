"""All links in one item: curves sampled with numpy, stroked as one path for each style."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from sandbox.experiments.units import percent, quantity
from sandbox.gui.canvas import curves as cv
from sandbox.gui.canvas.cards import Lens, font_of
from sandbox.gui.canvas.dots import Dots
from sandbox.gui.canvas.faultmark import paint_pill
from sandbox.gui.canvas.linkstyle import HEALTHS, LinkStyle, hairline, pen_of, style_of, width_of
from sandbox.gui.canvas.questions import paint_question
from sandbox.gui.canvas.routing import Obstacles, routed
from sandbox.gui.frames import LinkFrame, LinkId, link_healths
from sandbox.gui.theme import Theme
from sandbox.language import tr

HAIRLINES_BELOW = 0.4
_IDLE = LinkFrame()
_MARGIN = 80.0
"""What is painted beyond the curves: marks, halos, and the words on a chosen link."""
_ROOM = 120.0
"""How far beyond the exposed part paths are kept, so that panning a little rebuilds nothing."""


REFERENCE = "~metric"
"""In place of the ports: what joins a node to one whose metric it watches. Nobody drew it, and
nobody can pick it."""


@dataclass(frozen=True, slots=True)
class Ends:
    """What the layer knows of one link: its mode, where it starts and ends, in scene units, and
    whether it is certain."""

    mode: str
    start: tuple[float, float]
    end: tuple[float, float]
    sure: bool = True


@dataclass(slots=True)
class _Stroke:
    line: QPainterPath
    heads: QPainterPath
    marks: QPainterPath
    pen: QPen


class EdgeLayer(QGraphicsItem):
    """Paints and picks links by id. Cheap to move a few, cheap to restyle all."""

    def __init__(self, theme: Theme, lens: Lens) -> None:
        super().__init__()
        self._lens = lens
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setZValue(1)
        self.selected: frozenset[LinkId] = frozenset()
        self.hot: LinkId | None = None
        self.greyed = False
        self._theme = theme
        self._row: dict[LinkId, int] = {}
        self._ids: list[LinkId] = []
        self._drawn = np.empty(0, dtype=bool)
        self._modes: list[str] = []
        self._unsure: set[LinkId] = set()
        self._starts = self._stops = np.empty((0, 2))
        self._curves = np.empty((0, cv.SAMPLES, 2))
        self._boxes = np.empty((0, 4))
        self._bounds = QRectF()
        self._strokes: list[_Stroke] = []
        self._built = QRectF()
        self._built_far = False
        self._built_rows: NDArray[np.intp] = np.empty(0, dtype=np.intp)
        self._built_styles: list[LinkStyle] = []
        self.dots = Dots()

    # --- what is there ---------------------------------------------------------------------------

    def replace(self, links: Mapping[LinkId, Ends], cards: Sequence[QRectF] = ()) -> None:
        """Show exactly these links, clear of the cards."""
        self._ids = list(links)
        self._row = {link: row for row, link in enumerate(self._ids)}
        self._drawn = np.array([link[2] != REFERENCE for link in self._ids], bool)
        self._modes = [ends.mode for ends in links.values()]
        self._unsure = {link for link, ends in links.items() if not ends.sure}
        self._starts = np.array([ends.start for ends in links.values()], float).reshape(-1, 2)
        self._stops = np.array([ends.end for ends in links.values()], float).reshape(-1, 2)
        self._route(cards)

    def move(self, links: Mapping[LinkId, Ends], cards: Sequence[QRectF] | None = None) -> None:
        """Give some of the links new ends.

        With the cards, all links are led clear of them; without, only those given move, straight
        away: something is still being dragged.
        """
        rows = [self._row[link] for link in links if link in self._row]
        ends = [e for link, e in links.items() if link in self._row]
        for row, end in zip(rows, ends, strict=True):
            self._starts[row], self._stops[row] = end.start, end.end
            self._modes[row] = end.mode
        self._unsure.difference_update(links)
        self._unsure.update(link for link, end in links.items() if not end.sure)
        if cards is not None:
            self._route(cards)
        elif rows:
            moved = cv.sampled(self._starts[rows], self._stops[rows])
            self._curves[rows] = moved
            self._boxes[rows] = cv.bounds(moved)
            self._measure()

    def _route(self, cards: Sequence[QRectF]) -> None:
        boxes = [(c.left(), c.top(), c.right(), c.bottom()) for c in cards]
        obstacles = Obstacles(np.array(boxes, float).reshape(-1, 4))
        self._curves = routed(self._starts, self._stops, obstacles)
        self._boxes = cv.bounds(self._curves)
        self._measure()

    def take(self) -> bool:
        """Follow the live values; paths are rebuilt only when the style of one shown changed, and
        once zoom rests."""
        if self._lens.zooming or self._built_styles == self._styles(
            self._built_rows, self._built_far
        ):
            return False
        self._built = QRectF()
        return True

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._built = QRectF()
        self.update()

    def frame_of(self, link: LinkId) -> LinkFrame:
        return self._lens.frame.links.get(link, _IDLE)

    def middle(self, link: LinkId) -> QPointF:
        x, y = self._curves[self._row[link], cv.SAMPLES // 2]
        return QPointF(float(x), float(y))

    def picked(self, at: QPointF, reach: float) -> LinkId | None:
        """The nearest link within `reach` scene units of a point."""
        x, y = at.x(), at.y()
        near = cv.within(self._boxes, x - reach, y - reach, x + reach, y + reach)
        near = near[self._drawn[near]]
        if not len(near):
            return None
        gaps = cv.distances(self._curves[near], x, y)
        best = int(np.argmin(gaps))
        return self._ids[near[best]] if gaps[best] <= reach else None

    def touching(self, area: QRectF) -> list[LinkId]:
        """Links that lie wholly inside an area."""
        boxes = self._boxes
        inside = (
            (boxes[:, 0] >= area.left())
            & (boxes[:, 1] >= area.top())
            & (boxes[:, 2] <= area.right())
            & (boxes[:, 3] <= area.bottom())
            & self._drawn
        )
        return [self._ids[row] for row in np.flatnonzero(inside)]

    # --- painting --------------------------------------------------------------------------------

    def boundingRect(self) -> QRectF:
        return self._bounds

    def extent(self) -> QRectF:
        """Round the curves alone."""
        bounds = self._bounds
        return bounds if bounds.isNull() else bounds.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if not self._ids:
            return
        exposed = option.exposedRect
        zoom = painter.worldTransform().m11()
        far = zoom < HAIRLINES_BELOW and not self._lens.paper
        if far != self._built_far or not self._built.contains(exposed):
            self._build(exposed.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM), far)
        if self.greyed:
            painter.setOpacity(0.25)
        # Smooth strokes take five times as long: many links are smooth once zoom rests.
        rough = far or self._lens.zooming
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not rough)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in self._strokes:
            painter.strokePath(stroke.line, hairline(stroke.pen.color()) if far else stroke.pen)
        self._paint_chosen(painter, zoom)
        if far:
            return
        for stroke in self._strokes:
            painter.fillPath(stroke.heads, stroke.pen.color())
            if not stroke.marks.isEmpty():
                painter.strokePath(stroke.marks, QPen(stroke.pen.color(), 1.8))
        if self.dots.moving:
            shown = cv.within(
                self._boxes, exposed.left(), exposed.top(), exposed.right(), exposed.bottom()
            )
            frames = [self.frame_of(self._ids[row]) for row in shown]
            self.dots.paint(painter, self._curves[shown], frames, self._theme, rough)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for link in self._unsure:
            paint_question(painter, self.middle(link), self._theme)
        self._paint_flows(painter)
        for place, words in self._lens.frame.struck.items():
            if isinstance(place, tuple) and place in self._row:
                paint_pill(painter, self.middle(place), words, 220.0, self._theme)

    def _paint_chosen(self, painter: QPainter, zoom: float) -> None:
        chosen = [self._row[link] for link in self._all_chosen()]
        if not chosen:
            return
        halo = QColor(self._theme.accent)
        halo.setAlpha(110)
        pen = QPen(halo, max(9.0, 4.0 / zoom))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.strokePath(cv.path_of(self._curves[chosen]), pen)

    def _paint_flows(self, painter: QPainter) -> None:
        """How much flows through the chosen links, in words."""
        painter.setFont(font_of(11, bold=True))
        metrics = QFontMetricsF(painter.font())
        for link in self._all_chosen():
            text = told(self.frame_of(link))
            if not text:
                continue
            pill = QRectF(0, 0, metrics.horizontalAdvance(text) + 18, 20)
            pill.moveCenter(self.middle(link) - QPointF(0, 20))
            painter.setPen(QPen(QColor(self._theme.card_border), 1))
            painter.setBrush(QColor(self._theme.card))
            painter.drawRoundedRect(pill, 10, 10)
            painter.setPen(QColor(self._theme.text))
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)

    def _all_chosen(self) -> Iterable[LinkId]:
        chosen = set(self.selected)
        if self.hot is not None:
            chosen.add(self.hot)
        return (link for link in chosen if link in self._row)

    # --- keeping up ------------------------------------------------------------------------------

    def _styles(self, rows: NDArray[np.intp], far: bool) -> list[LinkStyle]:
        """From far only health tells links apart."""
        frames, ids, modes = self._lens.frame.links, self._ids, self._modes
        if far:
            healths = link_healths(frames)
            return [_HAIR[healths.get(ids[row], "idle")] for row in rows.tolist()]
        found = []
        for row in rows.tolist():
            frame, mode = frames.get(ids[row], _IDLE), modes[row]
            sure = ids[row] not in self._unsure
            found.append(style_of(mode, frame.health, width_of(frame.flow_per_s, mode), sure))
        return found

    def _measure(self) -> None:
        self.prepareGeometryChange()
        if len(self._boxes):
            left, top = self._boxes[:, :2].min(axis=0) - _MARGIN
            right, bottom = self._boxes[:, 2:].max(axis=0) + _MARGIN
            self._bounds = QRectF(left, top, right - left, bottom - top)
        else:
            self._bounds = QRectF()
        self._built = QRectF()
        # The rows of the last picture may be gone, and values come in before the next is painted.
        self._built_rows, self._built_styles = np.empty(0, dtype=np.intp), []
        self.update()

    def _build(self, area: QRectF, far: bool) -> None:
        shown = cv.within(self._boxes, area.left(), area.top(), area.right(), area.bottom())
        styles = self._styles(shown, far)
        buckets: dict[LinkStyle, list[int]] = {}
        for row, style in zip(shown.tolist(), styles, strict=True):
            buckets.setdefault(style, []).append(row)
        # Ill health is painted last, so that no healthy link covers it.
        order = sorted(buckets, key=lambda style: (_SEVERITY[style.health], style))
        self._strokes = [self._stroke(style, buckets[style], far) for style in order]
        self._built, self._built_far = area, far
        self._built_rows, self._built_styles = shown, styles

    def _stroke(self, style: LinkStyle, rows: Sequence[int], far: bool) -> _Stroke:
        curves, marks = self._curves[rows], QPainterPath()
        if far:
            line = cv.path_of(curves[:, cv.COARSE])
            return _Stroke(line, QPainterPath(), marks, pen_of(style, self._theme))
        if style.health == "warning":
            marks = cv.crossings_of(curves, 34.0, 9.0 + style.width, crossed=False)
        elif style.health == "critical":
            marks = cv.crossings_of(curves, 26.0, 9.0 + style.width, crossed=True)
        heads = cv.heads_of(curves, 8.0 + 1.5 * style.width)
        return _Stroke(cv.path_of(curves), heads, marks, pen_of(style, self._theme))


def told(frame: LinkFrame) -> str:
    """A link's flow in words: "1.2 k/s · 98 % ok"; nothing where nothing flows."""
    if frame.flow_per_s <= 0:
        return ""
    flow = quantity(frame.flow_per_s, "/s")
    return (
        flow
        if frame.ok_fraction >= 1
        else tr("{flow} · {ok_fraction} ok", flow=flow, ok_fraction=percent(frame.ok_fraction))
    )


_SEVERITY = {"idle": 0, "ok": 1, "warning": 2, "critical": 3}
_HAIR = {health: style_of("sync", health, 1) for health in HEALTHS}
