"""The states of a node in a window of their own, live beside whatever else is looked at."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from sandbox.gui.graphs.page import StatesPage, valid
from sandbox.gui.moments import Moment
from sandbox.gui.session import Session


class StatesWindow(QDialog):
    """Not modal; Escape closes it, and it goes with its node."""

    def __init__(self, session: Session, node: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self.node = session, node
        self._sheet = session.sheet.number
        record = session.document.nodes[node]
        catalogue: Any = session.catalogue
        self._service: Any = catalogue[record.service]
        self._id = record.service
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint, True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1080, 720)
        self.page = StatesPage(self._service.graph, self._service.texts, large=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        self.follow()

    def follow(self) -> bool:
        """Show the document as it is; False when the node is not in it any more."""
        record = self._session.document.nodes.get(self.node)
        if record is None or record.service != self._id:
            return False
        if self._session.sheet.number != self._sheet:
            return False
        title = f"{self._service.graph.title} of {record.label or self._service.title}"
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.page.show_params(valid(self._service, record.params))
        return True

    def show_moment(self, moment: Moment) -> None:
        details = moment.details.get(self.node)
        if details is not None:
            self.page.show_states(details.states)
