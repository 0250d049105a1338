"""The template that a diagram came from, and beside it the CloudFormation that was made of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from sandbox.document.errors import FileError
from sandbox.exchange.expanded import TITLES, Expanded, expanded, has_template, line_of
from sandbox.gui.messages import Messages
from sandbox.gui.session import Session
from sandbox.gui.texts.area import CodeArea
from sandbox.language import tr


class Templates(QObject):
    """Shows the two of the open document, and says when there is none."""

    def __init__(self, session: Session, messages: Messages, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._messages, self._window = session, messages, window

    def show(self) -> SideBySide | None:
        """Beside the window, which stays usable; at the resource of the selected node."""
        source = self._session.document.source
        if not has_template(source):
            self._messages.say(
                tr(
                    "This diagram did not come from a template. "
                    "File → Import makes one of a template."
                )
            )
            return None
        try:
            found = expanded(source)
        except FileError as error:
            self._messages.say(tr("The template cannot be shown: {error}", error=error), "error")
            return None
        dialog = SideBySide(found, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for id in self._session.selected_nodes:
            about = self._session.document.nodes[id].extra.get("resource", {})
            dialog.go_to(str(about.get("id") or id))
        dialog.show()
        return dialog


class SideBySide(QDialog):
    """Two texts that cannot be changed, and a list of resources that both go to."""

    def __init__(self, found: Expanded, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = tr("{file} beside its CloudFormation", file=found.file)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(1180, 720)
        self._found = found
        self.resources = QComboBox()
        self.resources.setAccessibleName(tr("Resource"))
        self.resources.setToolTip(tr("Both texts go to where this resource is written"))
        self.resources.addItems(found.resources)
        self.resources.setCurrentIndex(-1)
        self.resources.setPlaceholderText(tr("Choose a resource"))
        self.resources.setMinimumContentsLength(28)
        self.resources.currentTextChanged.connect(self.go_to)
        name = QLabel(tr("&Go to"))
        name.setBuddy(self.resources)
        row = QHBoxLayout()
        row.addWidget(name)
        row.addWidget(self.resources)
        row.addStretch(1)
        self.left, self.right = CodeArea(), CodeArea()
        panes = QSplitter(Qt.Orientation.Horizontal)
        panes.setChildrenCollapsible(False)
        said = {"sam": "expanded", "asl": tr("made of it"), "cloudformation": tr("as it was read")}
        for area, text, head in (
            (
                self.left,
                found.source,
                tr(
                    "{file}, {TITLES}, as it was written",
                    file=found.file,
                    TITLES=TITLES[found.kind],
                ),
            ),
            (self.right, found.cloudformation, tr("CloudFormation, {said}", said=said[found.kind])),
        ):
            panes.addWidget(_pane(area, text, head))
        panes.setSizes([580, 580])
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(row)
        column.addWidget(panes, 1)
        column.addWidget(buttons)

    def go_to(self, resource: str) -> None:
        """Show a resource in both; what SAM made, on the left at what it was made of."""
        if resource and self.resources.currentText() != resource:
            self.resources.blockSignals(True)
            self.resources.setCurrentText(resource)
            self.resources.blockSignals(False)
        for area, text in (
            (self.left, self._found.source),
            (self.right, self._found.cloudformation),
        ):
            line = next(filter(None, (line_of(text, name) for name in _origins(resource))), None)
            if line is not None:
                area.verticalScrollBar().setValue(max(line - 2, 0))
                area.go_to(line, 1)


def _origins(resource: str) -> list[str]:
    """A resource, and what it may be a part of: SAM calls the role of `Api` `ApiRole`."""
    return [resource[:end] for end in range(len(resource), 0, -1)]


def _pane(area: CodeArea, text: str, head: str) -> QWidget:
    area.setReadOnly(True)
    area.setTabChangesFocus(True)
    area.setAccessibleName(head)
    area.setPlainText(text)
    label = QLabel(head)
    label.setWordWrap(True)
    pane = QWidget()
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(label)
    column.addWidget(area, 1)
    return pane
