"""The settings page: each choice takes effect at once, and is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from sandbox.gui.commands import Commands
from sandbox.gui.preferences import LEAST_POINTS, MOST_POINTS, Preferences
from sandbox.gui.shortcuts import Shortcuts
from sandbox.gui.transport import FASTEST, SPEEDS
from sandbox.language import tr

_THEMES = (("system", tr("As the system")), ("light", tr("Light")), ("dark", tr("Dark")))
_MONEY = (
    ("$1,234.50", "$1,234.50"),
    ("USD 1,234.50", "USD 1,234.50"),
    ("1,234.50 $", "1,234.50 $"),
)
_SIZES = (("decimal", tr("kB, MB: steps of 1,000")), ("binary", tr("KiB, MiB: steps of 1,024")))
_CLOCKS = (("24 h", tr("24 hours, 15:30:00")), ("12 h", tr("12 hours, 3:30:00 pm")))


class Settings(QDialog):
    """Shows preferences and hands changed ones to `change`."""

    def __init__(
        self,
        window: QWidget,
        preferences: Preferences,
        commands: Commands,
        change: Callable[[Preferences], Any],
    ) -> None:
        super().__init__(window)
        self._preferences, self._change = preferences, change
        self._filling = False
        self.setWindowTitle(tr("Settings"))
        self.setAccessibleName(tr("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.theme = _choice(tr("Theme"), tr("Colours of the window and the canvas"), _THEMES)
        self.speed = _choice(
            tr("Speed at the start"),
            tr("Simulated time for each second, when the program starts"),
            [(s, tr("As fast as it goes") if s == FASTEST else f"{s:,.0f}×") for s in SPEEDS],
        )
        self.currency = _choice(tr("Currency"), tr("How costs, in US dollars, are written"), _MONEY)
        self.sizes = _choice(tr("Sizes"), tr("Payloads, memory and throughput"), _SIZES)
        self.clock = _choice(tr("Clock"), tr("How the simulated time of day is written"), _CLOCKS)
        self.points = QDoubleSpinBox()
        self.points.setAccessibleName(tr("Text size"))
        self.points.setToolTip(tr("Points, for all of the window; the canvas zooms by itself"))
        # One step below the least stands for the system's own size.
        self.points.setRange(LEAST_POINTS - 0.5, MOST_POINTS)
        self.points.setSingleStep(0.5)
        self.points.setDecimals(1)
        self.points.setSuffix(tr(" pt"))
        self.points.setSpecialValueText(tr("As the system"))
        self.motion = _check(
            tr("Reduced motion"), tr("No moving dots on the links, no smooth zooming")
        )
        self.start = _check(tr("Start page"), tr("Show it when the program starts without a file"))
        self._build(commands)
        self._fill()
        for box in (self.theme, self.speed, self.currency, self.sizes, self.clock):
            box.currentIndexChanged.connect(self._changed)
        self.points.valueChanged.connect(self._changed)
        for check in (self.motion, self.start):
            check.toggled.connect(self._changed)

    def _changed(self, _value: object = None) -> None:
        if self._filling:
            return
        points = self.points.value()
        self._preferences = replace(
            self._preferences,
            theme=self.theme.currentData(),
            speed=self.speed.currentData(),
            currency=self.currency.currentData(),
            sizes=self.sizes.currentData(),
            clock=self.clock.currentData(),
            font_points=points if points >= LEAST_POINTS else 0.0,
            reduced_motion=self.motion.isChecked(),
            start_page=self.start.isChecked(),
        )
        self._change(self._preferences)

    def _reset(self) -> None:
        self._preferences = Preferences()
        self._fill()
        self._change(self._preferences)

    def _fill(self) -> None:
        self._filling, given = True, self._preferences
        for box, value in (
            (self.theme, given.theme),
            (self.speed, given.speed),
            (self.currency, given.currency),
            (self.sizes, given.sizes),
            (self.clock, given.clock),
        ):
            box.setCurrentIndex(max(box.findData(value), 0))
        self.points.setValue(given.font_points or LEAST_POINTS - 0.5)
        self.motion.setChecked(given.reduced_motion)
        self.start.setChecked(given.start_page)
        self._filling = False

    def _build(self, commands: Commands) -> None:
        looks, numbers = QFormLayout(), QFormLayout()
        for form in (looks, numbers):
            form.setLabelAlignment(Qt.AlignmentFlag.AlignRight)
            form.setHorizontalSpacing(14)
            form.setVerticalSpacing(10)
        looks.addRow(tr("&Theme"), self.theme)
        looks.addRow(tr("Te&xt size"), self.points)
        looks.addRow("", self.motion)
        looks.addRow("", self.start)
        looks.addRow(tr("&Speed at the start"), self.speed)
        numbers.addRow(tr("&Currency"), self.currency)
        numbers.addRow(tr("Si&zes"), self.sizes)
        numbers.addRow(tr("Cl&ock"), self.clock)
        general = QWidget()
        column = QVBoxLayout(general)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        for head, form in ((tr("The window"), looks), (tr("Numbers"), numbers)):
            label = QLabel(head)
            label.setObjectName("head")
            column.addWidget(label)
            column.addLayout(form)
        names = [name for name in general.findChildren(QLabel) if name.buddy() is not None]
        widest = max(name.sizeHint().width() for name in names)
        for name in names:
            name.setMinimumWidth(widest)  # so that both forms stand in one line
        prices = QLabel(
            tr("Prices are AWS's own, in US dollars and without tax; none is converted.")
        )
        prices.setObjectName("help")
        prices.setWordWrap(True)
        column.addWidget(prices)
        column.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.RestoreDefaults)
        restore = buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults)
        restore.setToolTip(tr("All choices of this page as they were at first"))
        restore.setAccessibleName(tr("Restore defaults"))
        restore.clicked.connect(self._reset)
        column.addWidget(buttons)
        tabs = QTabWidget()
        tabs.setAccessibleName(tr("Pages of the settings"))
        tabs.addTab(general, tr("&General"))
        tabs.addTab(Shortcuts(commands), tr("&Keyboard"))
        tabs.setDocumentMode(True)
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.close)
        button = close.button(QDialogButtonBox.StandardButton.Close)
        button.setAccessibleName(tr("Close"))
        button.setToolTip(tr("All choices are kept already (Escape)"))
        button.setIcon(QIcon())
        page = QVBoxLayout(self)
        page.addWidget(tabs, 1)
        page.addWidget(close)
        self.tabs = tabs
        self.resize(640, 540)


def _choice(name: str, tip: str, choices: Any) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(tip)
    for value, text in choices:
        box.addItem(text, value)
    return box


def _check(text: str, tip: str) -> QCheckBox:
    box = QCheckBox(text)
    box.setAccessibleName(text)
    box.setToolTip(tip)
    return box
