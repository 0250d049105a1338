"""The palette: services by category with a search, placed by dragging or by Enter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QDrag, QKeyEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QTreeView, QVBoxLayout, QWidget

from sandbox.gui.catalogue import Services
from sandbox.gui.palette_model import SEARCH_ROLE, SERVICE_ROLE, PaletteModel
from sandbox.gui.theme import Theme
from sandbox.language import tr

_ICON = 26


class Palette(QWidget):
    """A search field above the list of services."""

    place_requested = Signal(str)
    """Enter or a double click on a service: place it at the view's centre."""

    def __init__(self, catalogue: Services, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self.model = PaletteModel(catalogue, theme)
        self.filtered = _Filter(self)
        self.filtered.setSourceModel(self.model)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(tr("Search services"))
        self.search.setAccessibleName(tr("Search services"))
        self.search.setClearButtonEnabled(True)
        self.list = ServiceList(self)
        self.list.setModel(self.filtered)
        self.list.expandAll()
        self.setFocusProxy(self.search)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        self.search.textChanged.connect(self._narrow)
        self.search.installEventFilter(self)
        self.list.chosen.connect(self.place_requested)

    def current(self) -> str | None:
        """The service that is chosen in the list."""
        service = self.list.currentIndex().data(SERVICE_ROLE)
        return str(service) if service else None

    def has_focus(self) -> bool:
        return self.list.hasFocus() or self.search.hasFocus()

    def set_catalogue(self, catalogue: Services, theme: Theme) -> None:
        """Show another catalogue, such as after services were added."""
        self.model = PaletteModel(catalogue, theme)
        self.filtered.setSourceModel(self.model)
        self.list.expandAll()

    def set_theme(self, theme: Theme) -> None:
        self.model.set_theme(theme)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down and Enter in the search field go to the list, so that hands stay on the keys."""
        typed = watched is self.search and event.type() == QEvent.Type.KeyPress
        if typed and isinstance(event, QKeyEvent) and self._search_key(Qt.Key(event.key())):
            return True
        return super().eventFilter(watched, event)

    def _search_key(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Down:
            self.list.setFocus(Qt.FocusReason.TabFocusReason)
            if not self.list.currentIndex().data(SERVICE_ROLE):
                self.list.setCurrentIndex(self.list.first())
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            current = self.list.currentIndex()
            self.list.choose(current if current.data(SERVICE_ROLE) else self.list.first())
            return True
        if key == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            return True
        return False

    def _narrow(self, text: str) -> None:
        self.filtered.search(text)
        self.list.expandAll()
        self.list.setCurrentIndex(self.list.first() if text.strip() else QModelIndex())


class ServiceList(QTreeView):
    """The list itself; its drag carries the service's id and shows its icon."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Palette"))
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setIconSize(QSize(_ICON, _ICON))
        self.setIndentation(10)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setExpandsOnDoubleClick(False)
        self.doubleClicked.connect(self.choose)

    def first(self) -> QModelIndex:
        """The first service shown."""
        model = self.model()
        for row in range(model.rowCount()):
            head = model.index(row, 0)
            if model.rowCount(head):
                return model.index(0, 0, head)
        return QModelIndex()

    def choose(self, index: QModelIndex) -> None:
        if service := index.data(SERVICE_ROLE):
            self.chosen.emit(service)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Written out, for Qt's own drags a picture of the whole row."""
        index = self.currentIndex()
        if not index.data(SERVICE_ROLE):
            return
        drag = QDrag(self)
        drag.setMimeData(self.model().mimeData([index]))
        icon: QPixmap = index.data(Qt.ItemDataRole.DecorationRole).pixmap(QSize(40, 40))
        drag.setPixmap(icon)
        drag.setHotSpot(icon.rect().center())
        drag.exec(Qt.DropAction.CopyAction)


class _Filter(QSortFilterProxyModel):
    """Services in whose title, id, category or summary every word of the search occurs."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self.setRecursiveFilteringEnabled(True)

    def search(self, text: str) -> None:
        self.beginFilterChange()
        self._words = text.lower().split()
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent) -> bool:  # type: ignore[no-untyped-def]
        index = self.sourceModel().index(row, 0, parent)
        text = index.data(SEARCH_ROLE)
        return text is not None and all(word in text.lower() for word in self._words)
