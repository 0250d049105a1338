"""The command palette: type part of what you want, and do it. All commands, with their keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QRect, QSize, Qt
from PySide6.QtGui import QFont, QIcon, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from sandbox.language import tr

_ENTRY = Qt.ItemDataRole.UserRole
_WIDTH, _ROWS, _ROW = 620, 11, 30
_TOLD = 800  # a score: worse than names with these words, better than those with the letters


@dataclass(frozen=True)
class Entry:
    """Something that can be done: what, where it stands or what it is, its key, and how."""

    name: str
    place: str
    key: str
    tip: str
    do: Callable[[], object]
    enabled: bool = True
    icon: QIcon | None = None


def score(wanted: str, text: str) -> int | None:
    """How well typed letters fit a text, the more the better; None when they do not.

    All words must be there, at best as beginnings of words; else all letters in their order.
    """
    wanted, text = wanted.lower().strip(), text.lower()
    words = wanted.split()
    if _has(text, words):
        starts = sum(f" {word}" in f" {text}" for word in words)
        return 1000 + 50 * starts + (100 if text.startswith(wanted) else 0) - len(text)
    at, gaps = -1, 0
    for letter in wanted.replace(" ", ""):
        found = text.find(letter, at + 1)
        if found < 0:
            return None
        gaps += found - at - 1 if at >= 0 else 0
        at = found
    return 500 - 5 * gaps - len(text) if gaps <= len(wanted) * 2 else None


def _has(text: str, words: Iterable[str]) -> bool:
    return all(word in text.lower() for word in words)


class _Model(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def show(self, entries: list[Entry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent=QModelIndex()) -> int:  # type: ignore[no-untyped-def]  # noqa: B008
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):  # type: ignore[no-untyped-def]
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            parts = [
                entry.name,
                entry.place,
                entry.key,
                "" if entry.enabled else tr("not possible now"),
            ]
            return ", ".join(part for part in parts if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return entry.tip or None
        return entry if role == _ENTRY else None


class _Rows(QStyledItemDelegate):
    """An icon, the name, where it stands, and its key at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index) -> None:  # type: ignore[no-untyped-def]
        entry: Entry = index.data(_ENTRY)
        rect: QRect = option.rect
        palette: QPalette = option.palette
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(rect, palette.highlight())
        strong = palette.highlightedText() if chosen else palette.text()
        weak = palette.highlightedText() if chosen else palette.placeholderText()
        inner = rect.adjusted(12, 0, -12, 0)
        if entry.icon is not None:
            entry.icon.paint(painter, QRect(inner.x(), rect.y() + 6, 18, 18))
        inner.setLeft(inner.left() + 28)
        middle = Qt.AlignmentFlag.AlignVCenter
        metrics = painter.fontMetrics()
        painter.setPen(weak.color())
        key_width = metrics.horizontalAdvance(entry.key)
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, entry.key)
        painter.setPen(strong.color() if entry.enabled else weak.color())
        painter.drawText(inner, middle, entry.name)
        place = inner.adjusted(metrics.horizontalAdvance(entry.name) + 12, 0, -key_width - 16, 0)
        small = QFont(painter.font())
        small.setPointSizeF(small.pointSizeF() * 0.88)
        painter.setFont(small)
        painter.setPen(weak.color())
        text = painter.fontMetrics().elidedText(
            entry.place, Qt.TextElideMode.ElideRight, place.width()
        )
        painter.drawText(place, middle, text)
        painter.restore()

    def sizeHint(self, option, index) -> QSize:  # type: ignore[no-untyped-def]
        return QSize(100, max(_ROW, option.fontMetrics.height() + 12))


class Finder(QFrame):
    """A field and a list over the window; Enter does, Escape or a click elsewhere leaves."""

    def __init__(self, window: QWidget, entries: Callable[[], Iterable[Entry]]) -> None:
        """`entries` is asked each time, for what can be done then."""
        super().__init__(window)
        self._window, self._ask = window, entries
        self._entries: list[Entry] = []
        self._before: QWidget | None = None
        self.setObjectName("finder")
        self.setAccessibleName(tr("Command palette"))
        self.setAutoFillBackground(True)
        self.field, self.list, self._none = QLineEdit(), QListView(), QLabel()
        self.field.setAccessibleName(tr("Find a command"))
        self.field.setPlaceholderText(
            tr("What would you like to do? A command, a service, a node…")
        )
        self.field.setToolTip(
            tr("Type part of its name; ↑ and ↓ choose, Enter does it, Escape leaves")
        )
        self.field.textChanged.connect(self._narrow)
        self.field.installEventFilter(self)
        self._model = _Model(self)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Rows(self.list))
        self.list.setAccessibleName(tr("Commands found"))
        self.list.setToolTip(tr("What fits; Enter or a click does it"))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMouseTracking(True)
        self.list.clicked.connect(self._do)
        self._none.setObjectName("help")
        self._none.setAccessibleName(tr("Nothing found"))
        self._none.setContentsMargins(12, 6, 12, 10)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self._none)
        column.addWidget(self.list)
        self.hide()

    def pop_up(self, text: str = "") -> None:
        """Ask what there is, and take the keys."""
        if self.isVisible():
            self._leave()
            return
        self._before = QApplication.focusWidget()
        self._entries = list(self._ask())
        self.field.setText(text)
        self._narrow(text)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)

    def shown(self) -> list[str]:
        return [entry.name for entry in self._model.entries]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and watched is self.field:
            assert isinstance(event, QKeyEvent)
            return self._key(Qt.Key(event.key()))
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            inside = watched is self or self.isAncestorOf(watched)
            if watched.window() is self._window and not inside:
                self._leave()
        elif event.type() == QEvent.Type.Resize and watched is self._window:
            self._lay_out()
        return False

    def _key(self, key: Qt.Key) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS - 1,
                 Qt.Key.Key_PageUp: 1 - _ROWS}  # fmt: skip
        if key == Qt.Key.Key_Escape:
            self._leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._do(self.list.currentIndex())
        elif key in steps and self._model.rowCount():
            rows = self._model.rowCount()
            row, step = self.list.currentIndex().row(), steps[key]
            row = (row + step) % rows if abs(step) == 1 else min(max(row + step, 0), rows - 1)
            self.list.setCurrentIndex(self._model.index(row))
        else:
            return key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        return True

    def _narrow(self, text: str) -> None:
        ranked, words = [], text.lower().split()
        for number, entry in enumerate(self._entries):
            # at last what it does, in other words than its name
            told = _TOLD if _has(f"{entry.name} {entry.tip}", words) else None
            best = [score(text, entry.name), score(text, f"{entry.place} {entry.name}"), told]
            found = [value - 40 * i for i, value in enumerate(best) if value is not None]
            if found:
                ranked.append((not entry.enabled, -max(found) if text.strip() else 0, number))
        self._model.show([self._entries[number] for _, _, number in sorted(ranked)])
        self.list.setCurrentIndex(self._model.index(0))
        self._none.setText(tr("Nothing is called “{text}”. Try fewer letters.", text=text))
        self._none.setVisible(not ranked)
        self.list.setVisible(bool(ranked))
        self._lay_out()

    def _lay_out(self) -> None:
        width = min(_WIDTH, self._window.width() - 40)
        row = self.list.sizeHintForRow(0) if self._model.rowCount() else _ROW
        room = max(self._window.height() - 160, 3 * row)
        rows = min(self._model.rowCount(), _ROWS, max(room // row, 3))
        self.list.setFixedHeight(rows * row)
        self.layout().activate()  # type: ignore[union-attr]
        self.setGeometry((self._window.width() - width) // 2, 70, width, self.sizeHint().height())

    def _do(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        entry: Entry = index.data(_ENTRY)
        if entry.enabled:
            self._leave()
            entry.do()

    def _leave(self) -> None:
        application = QApplication.instance()
        assert application is not None
        application.removeEventFilter(self)
        self.hide()
        before, self._before = self._before, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)
