"""Tabs that take the room of the one that is shown, which is kept while the window is open."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget

from sandbox.language import tr

_last = ""


class Pages(QWidget):
    """A QTabWidget would be as tall as its tallest page."""

    turned = Signal()

    def __init__(self, named: Sequence[tuple[str, str]]) -> None:
        """`named` are the titles of the pages with their tooltips."""
        super().__init__()
        self._bar = QTabBar()
        self._bar.setAccessibleName(tr("Pages of the inspector"))
        self._bar.setExpanding(False)
        self._bar.setDrawBase(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        self._pages: dict[str, QWidget] = {}
        for title, tip in named:
            place = self._bar.addTab(tr(title))
            self._bar.setTabToolTip(place, tip)
            page = self._pages[title] = QWidget()
            inside = QVBoxLayout(page)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.setSpacing(2)
            column.addWidget(page)
        self._bar.currentChanged.connect(self._turn)
        titles = [title for title, _ in named]
        self._bar.setCurrentIndex(titles.index(_last) if _last in titles else 0)
        self._turn(self._bar.currentIndex())

    def add(self, title: str, part: QWidget) -> None:
        layout = self._pages[title].layout()
        assert layout is not None
        layout.addWidget(part)

    def turn_to(self, title: str) -> None:
        self._bar.setCurrentIndex(list(self._pages).index(title))

    def _turn(self, place: int) -> None:
        global _last
        for i, (title, page) in enumerate(self._pages.items()):
            page.setVisible(i == place)
            if i == place:
                _last = title
        self.turned.emit()
