"""A tour of the window on the running example: each step points at a part, which can be used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout
from PySide6.QtWidgets import QWidget as Widget

from sandbox.gui.theme import LIGHT, Theme
from sandbox.language import tr

_GAP, _WIDTH = 6, 360


@dataclass(frozen=True, slots=True)
class Step:
    """What is said, at which widget; `prepare` brings it into sight first."""

    title: str
    text: str
    target: Callable[[], Widget]
    prepare: Callable[[], Any] = lambda: None


class Tour(Widget):
    """Dims all of the window but the part that is spoken of, which takes the pointer as ever.

    Enter and → go on, ← goes back, Escape ends it.
    """

    ended = Signal()

    def __init__(self, window: Widget, steps: Sequence[Step]) -> None:
        super().__init__(window)
        self._window, self._steps = window, steps
        self._theme: Theme = LIGHT
        self._at = 0
        self._hole = QRect()
        self._used = False  # the part that is spoken of has been taken in hand
        self.setAccessibleName(tr("Tour"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.bubble = QFrame(self)
        self.bubble.setObjectName("bubble")
        self.bubble.setAutoFillBackground(True)
        self.bubble.setAccessibleName(tr("Step of the tour"))
        self.title, self.text, self.count = QLabel(), QLabel(), QLabel()
        self.title.setObjectName("head")
        self.count.setObjectName("help")
        self.text.setWordWrap(True)
        for label, name in (
            (self.title, tr("Title of the step")),
            (self.text, tr("What the step says")),
            (self.count, tr("Place in the tour")),
        ):
            label.setAccessibleName(name)
        self.back = _button(tr("Back"), tr("The step before (←)"))
        self.next = _button(tr("Next"), tr("The next step (Enter or →)"))
        self.skip = _button(tr("Skip the tour"), tr("End it here (Escape); it is in the menu Help"))
        self.skip.setFlat(True)
        self.next.setDefault(True)
        self.back.clicked.connect(lambda: self.go(self._at - 1))
        self.next.clicked.connect(lambda: self.go(self._at + 1))
        self.skip.clicked.connect(self.end)
        buttons = QHBoxLayout()
        buttons.addWidget(self.skip)
        buttons.addStretch(1)
        buttons.addWidget(self.back)
        buttons.addWidget(self.next)
        column = QVBoxLayout(self.bubble)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.count)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addLayout(buttons)
        # A dock that is brought to the front gets there, above the tour, after this turn.
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(30)
        self._again.timeout.connect(self.point)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    @property
    def step(self) -> int:
        return self._at

    def start(self) -> None:
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self.go(0)

    def go(self, step: int) -> None:
        """Show a step; beyond the last the tour ends."""
        if step >= len(self._steps):
            self.end()
            return
        self._at = max(step, 0)
        self._used = False
        here = self._steps[self._at]
        here.prepare()
        self.title.setText(here.title)
        self.text.setText(here.text)
        self.count.setText(tr("{at} of {count}", at=self._at + 1, count=len(self._steps)))
        for label in (self.title, self.text, self.count):
            label.setAccessibleDescription(label.text())
        self.bubble.setAccessibleDescription(f"{here.title}. {here.text}")
        self.back.setEnabled(self._at > 0)
        last = self._at == len(self._steps) - 1
        self.next.setText(tr("Finish") if last else tr("Next"))
        self.next.setAccessibleName(self.next.text())
        self.skip.setVisible(not last)
        self.point()
        self._again.start()
        self.next.setFocus(Qt.FocusReason.PopupFocusReason)

    def end(self) -> None:
        if self.isHidden():
            return
        application = QApplication.instance()
        assert application is not None
        application.removeEventFilter(self)
        self._again.stop()
        self.hide()
        self.ended.emit()

    def point(self) -> None:
        """Find the part that is spoken of where it is now."""
        self.raise_()
        target = self._steps[self._at].target()
        seen = target.isVisible() and target.window() is self._window.window()
        self._hole = QRect()
        if seen:
            corner = target.mapTo(self._window, QPoint(0, 0))
            around = QRect(corner, target.size()).adjusted(-_GAP, -_GAP, _GAP, _GAP)
            self._hole = around.intersected(self.rect())
        self._place_bubble()
        whole = QRegion(self.rect())
        inside = self._hole.adjusted(4, 4, -4, -4)
        if not inside.isEmpty():
            whole -= QRegion(inside)
        self.setMask(whole + QRegion(self.bubble.geometry()))
        self.update()
        # Qt does not draw again what the mask uncovers: the veil would stay on it.
        for part in (target, *target.findChildren(Widget)):
            part.update()

    def _place_bubble(self) -> None:
        """Beside the part where there is room, else within it."""
        width = min(_WIDTH, self.width() - 40)
        self.bubble.setFixedWidth(width)
        layout = self.bubble.layout()
        assert layout is not None
        layout.activate()
        size = QSize(width, max(layout.heightForWidth(width), layout.sizeHint().height()))
        hole, room, gap = self._hole, self.rect().adjusted(12, 12, -12, -12), 14
        middle = QPoint(hole.center().x() - width // 2, hole.center().y() - size.height() // 2)
        places = [
            QPoint(hole.right() + gap, middle.y()),
            QPoint(hole.left() - gap - width, middle.y()),
            QPoint(middle.x(), hole.bottom() + gap),
            QPoint(middle.x(), hole.top() - gap - size.height()),
        ]
        chosen = QRect(QPoint(hole.right() - width - 24, hole.bottom() - size.height() - 24), size)
        if hole.isEmpty():
            chosen.moveCenter(self.rect().center())
            places = []
        nearest = float("inf")
        for place in places:
            tried = QRect(place, size)
            tried.moveLeft(min(max(tried.left(), room.left()), room.right() - width))
            tried.moveTop(min(max(tried.top(), room.top()), room.bottom() - size.height()))
            moved = (tried.topLeft() - place).manhattanLength()
            if not tried.intersects(hole) and moved < nearest:
                chosen, nearest = tried, moved
        self.bubble.setGeometry(chosen)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QPainterPath()
        veil.addRect(QRectF(self.rect()))
        hole = QPainterPath()
        hole.addRoundedRect(QRectF(self._hole).adjusted(2, 2, -2, -2), 8, 8)
        painter.fillPath(veil - hole, QColor(0, 0, 0, 130 if self._theme.is_dark else 90))
        if not self._hole.isEmpty():
            painter.setPen(QPen(QColor(self._theme.accent), 3))
            painter.drawPath(hole)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self.setGeometry(self._window.rect())
            self.point()
        elif event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, Widget):
            self._used = watched is not self.bubble and not self.bubble.isAncestorOf(watched)
        elif isinstance(event, QKeyEvent) and isinstance(watched, Widget):
            here = watched.window() is self._window.window()
            if here and event.type() == QEvent.Type.KeyPress:
                return self._key(Qt.Key(event.key()), watched)
        return False

    def _key(self, key: Qt.Key, watched: Widget) -> bool:
        if key == Qt.Key.Key_Escape:
            self.end()
            return True
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._used = True
        inside = self.bubble.isAncestorOf(watched)
        if self._used and not inside:
            return False
        # A part that was brought into sight may have taken the focus: it was not meant to.
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            self.go(self._at + (1 if key == Qt.Key.Key_Right else -1))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            pressed = watched if inside and isinstance(watched, QPushButton) else self.next
            pressed.click()
            return True
        return False


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setAccessibleName(text)
    button.setToolTip(tip)
    return button
