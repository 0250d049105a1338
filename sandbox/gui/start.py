"""The start page: examples with their pictures, recent files, and the tour, over the canvas."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QIcon,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sandbox.document.errors import FileError
from sandbox.document.file import load
from sandbox.gui.portrait import thumbnail
from sandbox.gui.theme import LIGHT, Theme
from sandbox.language import tr

if TYPE_CHECKING:
    from sandbox.gui.catalogue import Services

_PICTURE = QSize(194, 104)
_COLUMNS, _COLUMN = 3, _PICTURE.width() + 22
_BESIDE = 200
_CARD, _LEAST = QSize(960, 520), QSize(880, 480)


class Choice(QToolButton):
    """An example: its picture, its name, and what it shows."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.setObjectName("choice")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(_PICTURE)
        self.setAutoRaise(True)
        # As large as its picture and a line, however long its name is and however little room.
        self.setFixedSize(_PICTURE + QSize(14, 14 + round(1.5 * self.fontMetrics().height())))
        self._name(path.stem.replace("-", " ").capitalize())

    def _name(self, name: str) -> None:
        self.name = name
        room, right = _PICTURE.width(), Qt.TextElideMode.ElideRight
        self.setText(self.fontMetrics().elidedText(name, right, room).replace("&", "&&"))
        self.setAccessibleName(tr("Open the example {text}", text=name))

    def show_picture(self, catalogue: Services, theme: Theme) -> None:
        try:
            document = load(self.path, catalogue)
        except FileError as error:
            self.setToolTip(str(error))
            self.setEnabled(False)
            return
        ratio = self.devicePixelRatioF()
        picture = QPixmap.fromImage(thumbnail(document, catalogue, theme, _PICTURE, ratio))
        self.setIcon(QIcon(picture))
        if document.name:
            self._name(document.name)
        first = document.notes.split("\n")[0]
        self.setToolTip(f"<p><b>{escape(self.name)}</b></p><p>{escape(first)}</p>")
        self.setAccessibleDescription(first)


class StartPage(QWidget):
    """Lies over the canvas, or more where that is small; Escape or a click beside it ends it."""

    wanted = Signal(object, bool)
    """A file to open, and whether it is an example."""
    new_wanted = Signal()
    open_wanted = Signal()
    tour_wanted = Signal()
    always_changed = Signal(bool)
    """Whether it is to be shown when the program starts."""
    left = Signal()

    def __init__(
        self,
        window: QWidget,
        canvas: QWidget,
        catalogue: Services,
        examples: Callable[[], list[Path]],
        recent: Callable[[], list[Path]],
    ) -> None:
        super().__init__(window)
        self._window, self._canvas, self._catalogue = window, canvas, catalogue
        self._examples, self._recent = examples, recent
        self._theme: Theme = LIGHT
        self._due: list[Choice] = []
        self.setAccessibleName(tr("Start page"))
        self.always = QCheckBox(tr("Show this page when the program starts"))
        self.always.setAccessibleName(tr("Show this page when the program starts"))
        self.always.setToolTip(tr("It is in the menu Help as well, and in the settings"))
        self.always.toggled.connect(self.always_changed)
        self.choices: list[Choice] = []
        self.recents: list[QPushButton] = []
        self.card = QFrame(self)
        self.card.setObjectName("start")
        self.card.setAutoFillBackground(True)
        self._grid, self._files = QGridLayout(), QVBoxLayout()
        self._build()
        # A click beside the buttons must not put the focus on the canvas below.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(self.tour)
        # One picture a turn of the event loop: the window answers in between.
        self._draw = QTimer(self)
        self._draw.setInterval(0)
        self._draw.timeout.connect(self._draw_next)
        for place in (window, canvas):
            place.installEventFilter(self)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        if self.isVisible():
            self._draw_all()

    def pop_up(self) -> None:
        """Show it with what there is now."""
        self._fill()
        self.show()
        self.raise_()
        self._lay_out()
        self._draw_all()
        first = self.tour
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def leave(self) -> None:
        if self.isVisible():
            self.hide()
            self.left.emit()

    def _draw_all(self) -> None:
        self._due = list(self.choices)
        self._draw.start()

    def _draw_next(self) -> None:
        if not self._due or not self.isVisible():
            self._draw.stop()
            return
        self._due.pop(0).show_picture(self._catalogue, self._theme)

    def hideEvent(self, event: Any) -> None:
        super().hideEvent(event)
        self._draw.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Only a dialog does this by itself.
            focused = self.focusWidget()
            if isinstance(focused, QAbstractButton):
                focused.click()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card.geometry().contains(event.position().toPoint()):
            self.leave()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()  # not the canvas's, which would zoom

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        veil = QColor(self._theme.window)
        veil.setAlpha(150)
        QPainter(self).fillRect(self.rect(), veil)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._lay_out()
        return False

    def _lay_out(self) -> None:
        corner = self._canvas.mapTo(self._window, QPoint(0, 0))
        area = QRect(corner, self._canvas.size())
        if area.width() < _LEAST.width() or area.height() < _LEAST.height():
            area = self._window.rect().adjusted(0, corner.y(), 0, 0)  # below the transport
        self.setGeometry(area)
        room = self.rect().adjusted(16, 16, -16, -16)
        size = _CARD.boundedTo(room.size())
        card = QRect(QPoint(), size)
        card.moveCenter(room.center())
        self.card.setGeometry(card)
        columns = min(max((card.width() - _BESIDE - 90) // _COLUMN, 1), _COLUMNS)
        for number, choice in enumerate(self.choices):
            self._grid.addWidget(choice, number // columns, number % columns)

    def _fill(self) -> None:
        for row in (self._grid, self._files):
            while row.count():
                widget = row.takeAt(0).widget()  # type: ignore[union-attr]
                if widget is not None:
                    widget.hide()
                    widget.deleteLater()
        self.choices = [Choice(path) for path in self._examples()]
        for choice in self.choices:
            choice.clicked.connect(partial(self._open, choice.path, True))
        self.recents = [self._file(path) for path in self._recent()]
        for button in self.recents:
            self._files.addWidget(button)
        if not self.recents:
            none = QLabel(tr("Files you open or save will be listed here."))
            none.setObjectName("help")
            none.setWordWrap(True)
            self._files.addWidget(none)

    def _file(self, path: Path) -> QPushButton:
        button = QPushButton(path.stem)
        button.setObjectName("recent")
        button.setFlat(True)
        button.setAccessibleName(tr("Open {name}", name=path.name))
        button.setToolTip(str(path))
        button.clicked.connect(partial(self._open, path, False))
        return button

    def _open(self, path: Path, example: bool, _checked: bool = False) -> None:
        self.leave()
        self.wanted.emit(path, example)

    def _then(self, signal: Any) -> None:
        self.leave()
        signal.emit()

    def _build(self) -> None:
        title = QLabel("Architecture Sandbox")
        title.setObjectName("title")
        said = QLabel(
            tr(
                "Draw a cloud architecture, put load on it, and watch it scale, throttle and "
                "recover. Behind this page an example is running."
            )
        )
        said.setWordWrap(True)
        said.setObjectName("help")
        self.tour = _button(
            tr("Take the two-minute tour"),
            tr("Points at the parts of the window, on the live example"),
        )
        self.tour.setDefault(True)
        self.new = _button(tr("New diagram"), tr("An empty canvas (Ctrl+N)"))
        self.open = _button(tr("Open a file…"), tr("A diagram on this machine (Ctrl+O)"))
        close = _button(tr("Go to the canvas"), tr("Leave this page (Escape)"))
        close.clicked.connect(self.leave)
        for button, signal in (
            (self.tour, self.tour_wanted),
            (self.new, self.new_wanted),
            (self.open, self.open_wanted),
        ):
            button.clicked.connect(partial(self._then, signal))
        left = QVBoxLayout()
        left.setSpacing(8)
        for button in (self.tour, self.new, self.open):
            left.addWidget(button)
        left.addSpacing(12)
        left.addWidget(_head(tr("Recent files")))
        left.addLayout(self._files)
        left.addStretch(1)
        beside = QWidget()
        beside.setLayout(left)
        beside.setFixedWidth(_BESIDE)
        left.setContentsMargins(0, 0, 12, 0)
        examples = QWidget()
        column = QVBoxLayout(examples)
        column.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        column.addLayout(self._grid)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName(tr("Examples"))
        area.setToolTip(tr("Each shows one thing that architectures do; point at one to read what"))
        area.setWidget(examples)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        right = QVBoxLayout()
        right.addWidget(_head(tr("Examples")))
        right.addWidget(area, 1)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(beside)
        middle.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.always)
        foot.addStretch(1)
        foot.addWidget(close)
        page = QVBoxLayout(self.card)
        page.setContentsMargins(28, 22, 28, 18)
        page.setSpacing(10)
        page.addWidget(title)
        page.addWidget(said)
        page.addSpacing(6)
        page.addLayout(middle, 1)
        page.addLayout(foot)
        area.setMinimumSize(_COLUMN + 20, _PICTURE.height() + 44)


def _head(text: str) -> QLabel:
    head = QLabel(text)
    head.setObjectName("head")
    return head


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setAccessibleName(text)
    button.setToolTip(tip)
    button.setMinimumHeight(32)
    return button
