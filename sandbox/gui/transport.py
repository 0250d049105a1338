"""The bar on top: play, step, speed, the simulated clock, the load, and the rules of the run."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontDatabase, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sandbox.experiments import units
from sandbox.gui.glyphs import glyph
from sandbox.gui.load import LoadControl
from sandbox.gui.moments import Moment
from sandbox.gui.theme import Theme
from sandbox.gui.timeline import Timeline
from sandbox.language import tr

FASTEST = math.inf
SPEEDS = (1.0, 10.0, 60.0, 300.0, 1800.0, 3600.0, FASTEST)
_FOR_REGION, _FOR_ERA = 1160, 1080  # px of width from which these are shown
_STEPS = ((1.0, tr("One second")), (60.0, tr("One minute")), (3600.0, tr("One hour")))
ERAS = (("current", tr("Rules of today")), ("2020", tr("Rules of 2020")))
PRICED = "us-east-1"
_REGION = tr("Prices and quotas are those of us-east-1 (N. Virginia), the only region known so far")


class Transport(QWidget):
    """Announces what a person wants of the run; shows what the run says."""

    play_wanted = Signal(bool)
    step_wanted = Signal(float)
    """Simulated seconds; 0 is one tick."""
    reset_wanted = Signal()
    speed_wanted = Signal(float)
    load_wanted = Signal(float)
    era_wanted = Signal(str)
    run_to_wanted = Signal()
    present_wanted = Signal()
    go_on_wanted = Signal()
    bookmark_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playing = False
        self._start = "2026-01-05T08:00:00Z"
        self.setAccessibleName(tr("Transport"))
        self.play = _button("play", tr("Play"), tr("Run the simulation (Space)"))
        self.step = _button("step", tr("Step"), tr("Advance by one tick and pause (.)"))
        self.reset = _button("reset", tr("Reset"), tr("Start again at time zero (Ctrl+R)"))
        self.speed, self.real = QComboBox(), QLabel()
        self.clock, self.since = QLabel(), QLabel()
        self.load = LoadControl()
        self.era, self.region = QComboBox(), QLabel()
        self.timeline = Timeline()
        self.bookmark = _button(
            "bookmark", tr("Bookmark"), tr("Mark this moment to find it again (B)")
        )
        self.present = _wordy(tr("Back to now"), tr("Show the present moment again (Escape)"))
        self.go_on = _wordy(
            tr("Continue from here"),
            tr("Let the run go on from the moment that is shown; what came after it is forgotten"),
        )
        self._build()
        self.play.setCheckable(True)
        self.play.clicked.connect(lambda: self.play_wanted.emit(not self._playing))
        self.step.clicked.connect(lambda: self.step_wanted.emit(0.0))
        self.reset.clicked.connect(self.reset_wanted)
        self.speed.activated.connect(lambda row: self.speed_wanted.emit(SPEEDS[row]))
        self.load.factor_changed.connect(self.load_wanted)
        self.bookmark.clicked.connect(self.bookmark_wanted)
        self.present.clicked.connect(self.present_wanted)
        self.go_on.clicked.connect(self.go_on_wanted)
        self.era.activated.connect(lambda row: self.era_wanted.emit(ERAS[row][0]))
        self.show_moment(Moment())

    def show_moment(self, moment: Moment) -> None:
        """Follow the run: the clock, the real speed, the load."""
        if moment.playing != self._playing:
            self._playing = moment.playing
            self.play.setIcon(glyph("pause" if moment.playing else "play"))
            self.play.setChecked(moment.playing)
            self.play.setToolTip(
                tr("Pause the simulation (Space)")
                if moment.playing
                else tr("Run the simulation (Space)")
            )
        _say(self.clock, units.clock(self._start, moment.t_s))
        ago = moment.end_s - moment.t_s
        since = tr("{ago} ago", ago=units.duration(ago)) if moment.looking_back else ""
        _say(self.since, since or tr("{elapsed} simulated", elapsed=units.elapsed(moment.t_s)))
        self.timeline.show_time(moment.t_s, max(moment.end_s, moment.t_s), moment.dt,
                                moment.looking_back)  # fmt: skip
        for button in (self.present, self.go_on):
            if button.isEnabled() != moment.looking_back:
                button.setEnabled(moment.looking_back)
        _say(self.real, self._pace(moment))
        self.load.show_factor(moment.load)
        if moment.speed in SPEEDS and not self.speed.view().isVisible():
            self.speed.setCurrentIndex(SPEEDS.index(moment.speed))

    def set_theme(self, theme: Theme) -> None:
        self.timeline.set_theme(theme)

    def show_scenario(
        self, start: str, era: str, region: str, base_per_s: float, duration_s: float = 86_400.0
    ) -> None:
        """Follow the document: when the run starts, under which rules, what the sources emit."""
        self.timeline.show_scenario(start, duration_s)
        self._start = start
        rows = [name for name, _ in ERAS]
        self.era.setCurrentIndex(rows.index(era) if era in rows else 0)
        _say(
            self.region,
            region
            if region == PRICED
            else tr("{region} at prices of {PRICED}", region=region, PRICED=PRICED),
        )
        self.load.show_base(base_per_s)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow window what is told elsewhere, too, makes room for the load."""
        super().resizeEvent(event)
        width = event.size().width()
        self.region.setVisible(width >= _FOR_REGION)
        for part in (self._rules, self.era):
            part.setVisible(width >= _FOR_ERA)
        self.load.unit.setText(tr("requests/s") if width >= _FOR_ERA else "/s")

    def minimumSizeHint(self) -> QSize:
        """As narrow as the window may be: parts give way."""
        return QSize(600, super().minimumSizeHint().height())

    def _pace(self, moment: Moment) -> str:
        if moment.compiling:
            return tr("preparing…")
        if moment.looking_back:
            return tr("looking back")
        if not moment.playing:
            return tr("paused")
        return tr("now {factor}", factor=units.factor(moment.real))

    def _build(self) -> None:
        menu = QMenu(self.step)
        for seconds, text in _STEPS:
            menu.addAction(text).triggered.connect(
                lambda _=False, s=seconds: self.step_wanted.emit(s)
            )
        menu.addSeparator()
        menu.addAction(tr("Run to a time…")).triggered.connect(self.run_to_wanted)
        self.step.setMenu(menu)
        self.step.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.speed.setAccessibleName(tr("Speed"))
        self.speed.setToolTip(tr("How much faster than the wall clock (− and + change it)"))
        for speed in SPEEDS:
            named = tr("Fastest") if speed == FASTEST else f"{speed:,.0f}×"
            self.speed.addItem(named)
        self.speed.setCurrentIndex(SPEEDS.index(60.0))
        self.era.setAccessibleName(tr("Era"))
        self.era.setToolTip(tr("Which rules, quotas and prices hold; part of the diagram"))
        for _, named in ERAS:
            self.era.addItem(named)
        self.region.setAccessibleName(tr("Region"))
        self.region.setToolTip(_REGION)
        self.region.setForegroundRole(self.region.foregroundRole().PlaceholderText)
        for box, letters in ((self.speed, 5), (self.era, 9)):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(letters)
            box.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(8, 4, 8, 2)
        rows.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(6)
        rows.addLayout(row)
        below = QHBoxLayout()
        below.setSpacing(6)
        below.addWidget(self.timeline, 1)
        for part in (self.bookmark, self.present, self.go_on):
            part.setFixedHeight(24)
            below.addWidget(part)
        rows.addLayout(below)
        for part in (self.play, self.step, self.reset):
            row.addWidget(part)
        row.addWidget(_divider())
        row.addWidget(self.speed)
        row.addWidget(_fixed(self.real, tr("Real speed"), "now 88.8 k×"))
        row.addWidget(_divider())
        row.addLayout(self._clock_column())
        row.addWidget(_divider())
        row.addWidget(self.load, 1)
        self._rules = _divider()
        row.addWidget(self._rules)
        row.addWidget(self.era)
        row.addWidget(self.region)

    def _clock_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        digits = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        digits.setPointSizeF(self.font().pointSizeF())
        digits.setBold(True)
        self.clock.setFont(digits)
        small = self.font()
        small.setPointSizeF(small.pointSizeF() * 0.82)
        self.since.setFont(small)
        column.addWidget(_fixed(self.clock, tr("Clock"), "Wed 88 May 88:88:88"))
        column.addWidget(_fixed(self.since, tr("Elapsed"), "888 d 88:88:88 simulated"))
        self.since.setForegroundRole(self.since.foregroundRole().PlaceholderText)
        return column


def _button(sign: str, name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(glyph(sign))
    button.setAccessibleName(name)
    button.setToolTip(tip)
    button.setFixedHeight(30)
    button.setMinimumWidth(34)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _wordy(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setAccessibleName(text)
    button.setToolTip(tip)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def _fixed(label: QLabel, name: str, widest: str) -> QLabel:
    """A label that does not push its neighbours about as its text changes."""
    label.setAccessibleName(name)
    label.setMinimumWidth(label.fontMetrics().horizontalAdvance(widest))
    return label


def _say(label: QLabel, text: str) -> None:
    """A label with a name of its own says what it shows as its description, or nobody hears it."""
    if label.text() != text:
        label.setText(text)
        label.setAccessibleDescription(text)


def _divider() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.VLine)
    line.setFrameShadow(QFrame.Shadow.Plain)
    line.setFixedWidth(1)
    line.setForegroundRole(line.foregroundRole().Mid)
    return line
