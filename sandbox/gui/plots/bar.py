"""The bar above the plots: how far back, how far ahead, zoom."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QToolButton, QWidget

from sandbox.experiments import units
from sandbox.gui.glyphs import glyph
from sandbox.language import mark, tr

SPANS: tuple[tuple[str, float | None], ...] = (
    (mark("Fit the speed"), 0.0),
    (mark("Last 5 min"), 300.0),
    (mark("Last 30 min"), 1800.0),
    (mark("Last 3 h"), 10800.0),
    (mark("Last 24 h"), 86400.0),
    (mark("Everything"), None),
)
HORIZONS: tuple[tuple[str, float | None], ...] = (
    (tr("No forecast"), None),
    (tr("Forecast 1 h"), 3600.0),
    (tr("Forecast 6 h"), 21_600.0),
    (tr("Forecast 24 h"), 86_400.0),
)
_LAST_USED = 2  # the horizon that the switch takes first
_NARROW = 64  # px, of a box: a magnified window still fits its screen


class PlotBar(QWidget):
    """Announces what is chosen; knows no plot."""

    chosen = Signal()
    """The span, or whether the selection is followed."""
    horizon_chosen = Signal(object)
    """Seconds to foretell, or None."""
    zoom_wanted = Signal(float)
    """More (above 1) or less time."""
    unzoom_wanted = Signal()
    back_wanted = Signal()
    """Show again all plots that were taken away."""

    def __init__(self) -> None:
        super().__init__()
        self.span, self.horizon = QComboBox(), QComboBox()
        self.follow = QCheckBox(tr("Follow the selection"))
        self._said, self._hint = _Aside(), _Aside()
        self._last = _LAST_USED
        self.closer = _button(
            "zoom-in", tr("Zoom in"), tr("Show less time (Ctrl+wheel; drag over a plot)")
        )
        self.wider = _button("zoom-out", tr("Zoom out"), tr("Show more time (Ctrl+wheel)"))
        self.whole = _button(
            "fit", tr("Follow the run again"), tr("No zoom (double click on a plot)")
        )
        self.back = QToolButton()
        self._build()
        self.whole.setEnabled(False)
        self.span.currentIndexChanged.connect(lambda _row: self.chosen.emit())
        self.follow.toggled.connect(lambda _on: self.chosen.emit())
        self.horizon.currentIndexChanged.connect(self._horizon)
        self.closer.clicked.connect(lambda: self.zoom_wanted.emit(0.5))
        self.wider.clicked.connect(lambda: self.zoom_wanted.emit(2.0))
        self.whole.clicked.connect(self.unzoom_wanted)
        self.back.clicked.connect(self.back_wanted)

    @property
    def span_s(self) -> float | None:
        """0 is what fits the speed, None everything."""
        return SPANS[self.span.currentIndex()][1]

    @property
    def span_name(self) -> str:
        """ "" for the usual one."""
        return SPANS[self.span.currentIndex()][0] if self.span.currentIndex() else ""

    @property
    def horizon_s(self) -> float | None:
        return HORIZONS[self.horizon.currentIndex()][1]

    def switch_forecast(self) -> None:
        """On, as far ahead as it was last, or off."""
        self.horizon.setCurrentIndex(0 if self.horizon_s is not None else self._last)

    def show_choice(self, span: str, follow: bool) -> None:
        """Set without announcing it."""
        names = [name for name, _ in SPANS]
        for part in (self.span, self.follow):
            part.blockSignals(True)
        self.span.setCurrentIndex(names.index(span) if span in names else 0)
        self.follow.setChecked(follow)
        for part in (self.span, self.follow):
            part.blockSignals(False)

    def show_hidden(self, count: int) -> None:
        self.back.setVisible(count > 0)
        one, many = tr("Show 1 hidden plot"), tr("Show {count} hidden plots", count=count)
        self.back.setText(one if count == 1 else many)

    def say_took(self, took_s: float | None, tick_s: float) -> None:
        """How long the forecast took, and with which tick."""
        said = ""
        if took_s is not None:
            said = tr(
                "foretold in {took_s}, ticks of {tick_s}",
                took_s=units.duration(took_s),
                tick_s=units.duration(tick_s),
            )
        if said != self._said.text():
            self._said.setText(said)
            self._said.setAccessibleDescription(said)

    def _horizon(self, row: int) -> None:
        self._last = row or self._last
        self.horizon_chosen.emit(HORIZONS[row][1])

    def _build(self) -> None:
        self.span.setAccessibleName(tr("Time span of the plots"))
        for named, _ in SPANS:
            self.span.addItem(tr(named))
        self.span.setToolTip(tr("How far back the plots look"))
        for box in (self.span, self.horizon):
            box.setMinimumWidth(_NARROW)
        self.horizon.setAccessibleName(tr("Forecast"))
        for named, _ in HORIZONS:
            self.horizon.addItem(named)
        self.horizon.setToolTip(
            tr(
                "Continue the curves, dotted, by what the run will do under the present settings "
                "and load (Ctrl+F8 switches it)"
            )
        )
        self.follow.setAccessibleName(tr("Plots follow the selection"))
        self.follow.setToolTip(tr("Show the selected nodes alone"))
        self.back.setAutoRaise(True)
        self.back.setAccessibleName(tr("Show hidden plots"))
        self.back.setToolTip(tr("Show again the plots that were taken away"))
        self.back.hide()
        for label in (self._said, self._hint):
            label.setObjectName("help")
        self._said.setAccessibleName(tr("Forecast made"))
        self._hint.setText(tr("Drag metrics from the inspector onto a plot"))
        bar = QHBoxLayout(self)
        bar.setContentsMargins(8, 4, 8, 0)
        bar.setSpacing(6)
        for part in (self.span, self.closer, self.wider, self.whole, self.horizon, self._said):
            bar.addWidget(part)
        bar.addWidget(self.follow)
        bar.addWidget(self.back)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        bar.addWidget(self._hint, 1)


class _Aside(QLabel):
    """Good to know: it takes what room is left, and does not ask for any."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, room = QPainter(self), self.contentsRect()
        words = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, self.alignment(), words if len(words) > 4 else "")


def _button(sign: str, name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(glyph(sign))
    button.setAccessibleName(name)
    button.setToolTip(tip)
    button.setAutoRaise(True)
    return button
