"""The page of a node's states: the live graph, what is chosen in it, and a sample to follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from sandbox.engine.states import States
from sandbox.gui.glyphs import glyph
from sandbox.gui.graphs import words
from sandbox.gui.graphs.follow import Follow
from sandbox.gui.graphs.paint import Marks
from sandbox.gui.graphs.view import GraphView
from sandbox.language import tr
from sandbox.services.views import Drawing, Graph, Mistake, Text

_WIDE = 640  # px from which the sample stands beside the graph
_TALL = 380
_SMALLEST = 0.5  # scale of the graph at first, where there is a window for it


class StatesPage(QWidget):
    """Below each other where it is narrow, side by side where there is room."""

    larger_wanted = Signal()
    """A person wants to see it in a window of its own."""

    def __init__(self, graph: Graph, texts: tuple[Text, ...], large: bool = False) -> None:
        super().__init__()
        self._graph = graph
        self._params: Any = None
        self._states: States | None = None
        self.view = GraphView(graph.title, graph.one, *((_SMALLEST,) if large else ()))
        self.view.setMinimumHeight(_TALL)
        self.about = QLabel()
        self.about.setWordWrap(True)
        self.about.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.about.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.about.setAccessibleName(tr("About the chosen state"))
        self.about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.about.setMinimumHeight(4 * self.fontMetrics().lineSpacing())
        self.follow: Follow | None = None
        if graph.trial is not None:
            self.follow = Follow(graph.one, self._trial, _checker(graph, texts))
            self.follow.stepped.connect(self._stepped)
        self.view.chosen.connect(lambda _name: self._tell())
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._arrange(large)
        self._tell()

    def show_params(self, params: Any) -> None:
        """The parameters as the document has them; None while they are wrong."""
        self._params = params
        if params is None:
            return
        if self.follow is not None and self._graph.sample:
            self.follow.show_sample(str(getattr(params, self._graph.sample)))
        if self._states is None:
            self._draw(self._graph.draw(params), None)

    def show_states(self, states: States | None) -> None:
        """What the run has in its states at the moment that is shown."""
        if states is None or states is self._states:
            return
        self._states = states
        self._draw(states.drawing, states)

    def _draw(self, drawing: Drawing, states: States | None) -> None:
        if self.follow is not None and drawing != self.view.drawing:
            self.follow.clear()
        self.view.show_graph(drawing, states.figures if states is not None else None)
        self._tell()

    def _trial(self, text: str, seed: int, failures: float) -> Any:
        assert self._graph.trial is not None
        if self._params is None:
            raise ValueError(tr("the settings are wrong; mend them first"))
        return self._graph.trial(self._params, text, seed, failures)

    def _stepped(self, marks: Marks) -> None:
        self.view.show_marks(replace(marks, selected=self.view.marks.selected))

    def _tell(self) -> None:
        chosen = self.view.marks.selected
        drawing = self.view.drawing
        figures = self._states.figures if self._states is not None else None
        if chosen:
            text = words.place(drawing, chosen, figures, self._graph.one)
        elif len(drawing.places) == 1:
            text = tr("1 state. Choose it to see what goes through it.")
        elif drawing.places:
            count = len(drawing.places)
            text = tr("{count} states. Choose one to see what goes through it.", count=count)
        else:
            text = tr("Nothing can be drawn while the settings are wrong; mend them first.")
        if text != self.about.text():
            self.about.setText(text)
            self.about.setObjectName("" if chosen else "help")
            self.about.style().unpolish(self.about)
            self.about.style().polish(self.about)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self.width() >= _WIDE
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._box.setDirection(across if side else down)

    def _arrange(self, large: bool) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(2)
        for icon, name, tip, do in (
            ("fit", tr("Show all states"), tr("The whole graph, as large as there is room for (0)"),
             self.view.fit),
            ("zoom-in", tr("Larger"), tr("Zoom in (+, or Ctrl and wheel)"),
             lambda: self.view.zoom(1.25)),
            ("zoom-out", tr("Smaller"), tr("Zoom out (−, or Ctrl and wheel)"),
             lambda: self.view.zoom(0.8)),
        ):  # fmt: skip
            button = QToolButton()
            button.setIcon(glyph(icon))
            button.setAutoRaise(True)
            button.setAccessibleName(name)
            button.setToolTip(tip)
            button.clicked.connect(lambda _on=False, do=do: do())
            tools.addWidget(button)
        tools.addStretch(1)
        if not large:
            own = QToolButton()
            own.setText(tr("Own window"))
            own.setAutoRaise(True)
            own.setAccessibleName(tr("Show the states in a window of their own"))
            own.setToolTip(tr("The same graph, live, with more room and the log beside it"))
            own.clicked.connect(self.larger_wanted)
            tools.addWidget(own)
        first = QVBoxLayout()
        first.setSpacing(4)
        first.addLayout(tools)
        first.addWidget(self.view, 1)
        first.addWidget(self.about)
        self._box.setContentsMargins(12, 6, 8, 6)
        self._box.setSpacing(10)
        self._box.addLayout(first, 3)
        if self.follow is not None:
            self._box.addWidget(self.follow, 2)


def _checker(graph: Graph, texts: tuple[Text, ...]) -> Any:
    """What finds mistakes in the input of a sample: that of its parameter."""
    found = next((text.check for text in texts if text.parameter == graph.sample), None)

    def nothing(text: str) -> Mistake | None:
        return None

    return found or nothing


def valid(service: Any, params: Mapping[str, Any]) -> Any:
    """The parameters of a node as its service's model, None while they are wrong."""
    try:
        return service.params.model_validate(dict(params))
    except ValidationError:
        return None
