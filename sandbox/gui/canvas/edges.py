"""All links in one item: curves sampled with numpy, stroked as one path for each style."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from sandbox.gui.canvas import curves as cv
from sandbox.gui.canvas.dots import Dots
from sandbox.gui.canvas.linkstyle import LinkStyle, hairline, pen_of, style_of, width_of
from sandbox.gui.frames import LinkFrame, LinkId
from sandbox.gui.theme import Theme

HAIRLINES_BELOW = 0.4
_IDLE = LinkFrame()
_ROOM = 400.0
"""How far beyond the exposed part paths are kept, so that panning a little rebuilds nothing."""


@dataclass(frozen=True, slots=True)
class Ends:
    """What the layer knows of one link: its mode and where it starts and ends, in scene units."""

    mode: str
    start: tuple[float, float]
    end: tuple[float, float]


@dataclass(slots=True)
class _Stroke:
    line: QPainterPath
    heads: QPainterPath
    marks: QPainterPath
    pen: QPen


class EdgeLayer(QGraphicsItem):
    """Paints and picks links by id. Cheap to move a few, cheap to restyle all."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setZValue(1)
        self.selected: frozenset[LinkId] = frozenset()
        self.hot: LinkId | None = None
        self.greyed = False
        self._theme = theme
        self._row: dict[LinkId, int] = {}
        self._ids: list[LinkId] = []
        self._modes: list[str] = []
        self._frames: list[LinkFrame] = []
        self._styles: list[LinkStyle] = []
        self._curves = np.empty((0, cv.SAMPLES, 2))
        self._boxes = np.empty((0, 4))
        self._bounds = QRectF()
        self._strokes: list[_Stroke] = []
        self._built = QRectF()
        self.dots = Dots()

    # --- what is there ---------------------------------------------------------------------------

    def replace(self, links: Mapping[LinkId, Ends], frames: Mapping[LinkId, LinkFrame]) -> None:
        """Show exactly these links."""
        self._ids = list(links)
        self._row = {link: row for row, link in enumerate(self._ids)}
        self._modes = [ends.mode for ends in links.values()]
        starts = np.array([ends.start for ends in links.values()]).reshape(-1, 2)
        stops = np.array([ends.end for ends in links.values()]).reshape(-1, 2)
        self._curves = cv.sampled(starts, stops)
        self._boxes = cv.bounds(self._curves)
        self._frames = [frames.get(link, _IDLE) for link in self._ids]
        self._restyle()
        self._measure()

    def move(self, links: Mapping[LinkId, Ends]) -> None:
        """Give some of the links new ends."""
        rows = [self._row[link] for link in links if link in self._row]
        if not rows:
            return
        ends = [e for link, e in links.items() if link in self._row]
        moved = cv.sampled(np.array([e.start for e in ends]), np.array([e.end for e in ends]))
        self._curves[rows] = moved
        self._boxes[rows] = cv.bounds(moved)
        self._measure()

    def take(self, frames: Mapping[LinkId, LinkFrame]) -> None:
        """Take live values; paths are rebuilt only when a link's style changed."""
        self._frames = [frames.get(link, _IDLE) for link in self._ids]
        if self._restyle():
            self._built = QRectF()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._built = QRectF()
        self.update()

    def frame_of(self, link: LinkId) -> LinkFrame:
        return self._frames[self._row[link]]

    def middle(self, link: LinkId) -> QPointF:
        x, y = self._curves[self._row[link], cv.SAMPLES // 2]
        return QPointF(float(x), float(y))

    def picked(self, at: QPointF, reach: float) -> LinkId | None:
        """The nearest link within `reach` scene units of a point."""
        x, y = at.x(), at.y()
        near = cv.within(self._boxes, x - reach, y - reach, x + reach, y + reach)
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
        )
        return [self._ids[row] for row in np.flatnonzero(inside)]

    # --- painting --------------------------------------------------------------------------------

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if not self._ids:
            return
        exposed = option.exposedRect  # type: ignore[attr-defined]
        zoom = painter.worldTransform().m11()
        if not self._built.contains(exposed):
            self._build(exposed.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM))
        if self.greyed:
            painter.setOpacity(0.25)
        far = zoom < HAIRLINES_BELOW
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not far)
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
            frames = [self._frames[row] for row in shown]
            self.dots.paint(painter, self._curves[shown], frames, self._theme)

    def _paint_chosen(self, painter: QPainter, zoom: float) -> None:
        chosen = [self._row[link] for link in self._all_chosen()]
        if not chosen:
            return
        halo = QColor(self._theme.accent)
        halo.setAlpha(110)
        pen = QPen(halo, max(9.0, 4.0 / zoom))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.strokePath(cv.path_of(self._curves[chosen]), pen)

    def _all_chosen(self) -> Iterable[LinkId]:
        chosen = set(self.selected)
        if self.hot is not None:
            chosen.add(self.hot)
        return (link for link in chosen if link in self._row)

    # --- keeping up ------------------------------------------------------------------------------

    def _restyle(self) -> bool:
        styles = [
            style_of(mode, frame.health, width_of(frame.flow_per_s, mode))
            for mode, frame in zip(self._modes, self._frames, strict=True)
        ]
        changed = styles != self._styles
        self._styles = styles
        return changed

    def _measure(self) -> None:
        self.prepareGeometryChange()
        if len(self._boxes):
            left, top = self._boxes[:, :2].min(axis=0) - 20
            right, bottom = self._boxes[:, 2:].max(axis=0) + 20
            self._bounds = QRectF(left, top, right - left, bottom - top)
        else:
            self._bounds = QRectF()
        self._built = QRectF()
        self.update()

    def _build(self, area: QRectF) -> None:
        shown = cv.within(self._boxes, area.left(), area.top(), area.right(), area.bottom())
        buckets: dict[LinkStyle, list[int]] = {}
        for row in shown:
            buckets.setdefault(self._styles[row], []).append(row)
        # Ill health is painted last, so that no healthy link covers it.
        order = sorted(buckets, key=lambda style: (_SEVERITY[style.health], style))
        self._strokes = [self._stroke(style, buckets[style]) for style in order]
        self._built = area

    def _stroke(self, style: LinkStyle, rows: Sequence[int]) -> _Stroke:
        curves = self._curves[rows]
        marks = QPainterPath()
        if style.health == "warning":
            marks = cv.crossings_of(curves, 34.0, 9.0 + style.width, crossed=False)
        elif style.health == "critical":
            marks = cv.crossings_of(curves, 26.0, 9.0 + style.width, crossed=True)
        heads = cv.heads_of(curves, 8.0 + 1.5 * style.width)
        return _Stroke(cv.path_of(curves), heads, marks, pen_of(style, self._theme))


_SEVERITY = {"idle": 0, "ok": 1, "warning": 2, "critical": 3}
