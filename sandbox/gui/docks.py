"""The window's places: palette and outline left, inspector right, plots and lists below."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QMainWindow, QScrollArea, QTabBar, QTabWidget, QWidget

from sandbox.language import mark, tr

_LEFT = Qt.DockWidgetArea.LeftDockWidgetArea
_RIGHT = Qt.DockWidgetArea.RightDockWidgetArea
_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea
THEORY = mark("Check against theory")
SAMPLE = mark("Sample event")
_LEFTWARD = (mark("Palette"), mark("Outline"), mark("History"))
_RIGHTWARD = (mark("Inspector"), mark("Guide"))
_TIPS = {"History": mark("The undo history: all edits, to go back to any of them")}
_BELOW = (mark("Plots"), mark("Events"), mark("Problems"), SAMPLE, THEORY)
_SHORT = 600  # px: a screen that is less high has no room for panels on both sides


def arrange(window: QMainWindow, panels: dict[str, QWidget]) -> dict[str, QDockWidget]:
    """A dock for each panel, by its title, in the usual places; on a short screen, as one that is
    magnified to 200 % is, those of the left stand behind the inspector.
    """
    short = window.screen().availableGeometry().height() < _SHORT
    # With the option, a tab can be dragged out of its row; its dock has no title of its own.
    window.setDockOptions(
        QMainWindow.DockOption.AllowNestedDocks
        | QMainWindow.DockOption.AllowTabbedDocks
        | QMainWindow.DockOption.GroupedDragging
    )
    window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
    window.setCorner(Qt.Corner.BottomRightCorner, _RIGHT)
    window.setCorner(Qt.Corner.BottomLeftCorner, _BOTTOM)
    docks = {title: _dock(window, title, panel) for title, panel in panels.items()}
    beside = (((*_RIGHTWARD, *_LEFTWARD), _RIGHT),)
    for row, area in (
        *(beside if short else ((_LEFTWARD, _LEFT), (_RIGHTWARD, _RIGHT))),
        (_BELOW, _BOTTOM),
    ):
        window.addDockWidget(area, docks[row[0]])
        for before, title in pairwise(row):
            window.tabifyDockWidget(docks[before], docks[title])
    docks["Guide"].hide()  # F1 shows it
    docks["Inspector" if short else "Palette"].raise_()
    docks["Plots"].raise_()
    if short:
        window.resizeDocks([docks["Inspector"]], [290], Qt.Orientation.Horizontal)
    else:
        sides = [docks["Palette"], docks["Inspector"]]
        window.resizeDocks(sides, [230, 350], Qt.Orientation.Horizontal)
    window.resizeDocks([docks["Plots"]], [140 if short else 260], Qt.Orientation.Vertical)
    _Slim(window, list(docks.values()))
    return docks


def bring(dock: QDockWidget) -> None:
    """Show a dock, before those it shares its place with."""
    dock.show()
    dock.raise_()


class _Slim(QObject):
    """Takes away the title of a dock that stands under a tab of the same name."""

    def __init__(self, window: QMainWindow, docks: Sequence[QDockWidget]) -> None:
        super().__init__(window)
        self._window, self._docks = window, docks
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._look)
        for dock in docks:
            dock.topLevelChanged.connect(self._soon.start)
            dock.dockLocationChanged.connect(self._soon.start)
            dock.visibilityChanged.connect(self._soon.start)
        self._soon.start()

    def _look(self) -> None:
        _hide_leftovers(self._window)
        for dock in self._docks:
            tabbed = not dock.isFloating() and bool(self._window.tabifiedDockWidgets(dock))
            if tabbed != (dock.titleBarWidget() is not None):
                old = dock.titleBarWidget()
                dock.setTitleBarWidget(QWidget() if tabbed else None)  # type: ignore[arg-type]
                if old is not None:
                    old.deleteLater()


def _hide_leftovers(window: QMainWindow) -> None:
    """Once another area has tabs, Qt leaves a bar of the first two behind where it makes a row; it
    shows through the panel above. Of two bars with the same tab one is in use: the longer, newer.
    """
    known: list[set[str]] = []
    children = Qt.FindChildOption.FindDirectChildrenOnly
    bars = window.findChildren(QTabBar, options=children)
    newest_first = bars[::-1]
    for bar in sorted(newest_first, key=lambda bar: -bar.count()):
        titles = {bar.tabText(i) for i in range(bar.count())}
        if any(titles <= other for other in known):
            bar.hide()
        known.append(titles)


def _dock(window: QMainWindow, title: str, panel: QWidget) -> QDockWidget:
    dock = QDockWidget(tr(title), window)
    dock.setObjectName(f"dock-{title.lower()}")
    dock.setAccessibleName(tr("{title} dock", title=tr(title)))
    dock.toggleViewAction().setStatusTip(tr(_TIPS[title]) if title in _TIPS else "")
    dock.setWidget(_scrolled(panel) if title in (SAMPLE, THEORY) else panel)
    return dock


def _scrolled(panel: QWidget) -> QScrollArea:
    """A panel of two columns must not make the window wider than a small or magnified screen."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setAccessibleName(panel.accessibleName())
    area.setWidget(panel)
    return area
