"""The dock "Sample event": one event stepped through the diagram, and its payload."""

from __future__ import annotations

import json

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from sandbox.experiments.stepping import Hop, checked, entries, follow, sample_of
from sandbox.gui.frames import LinkId
from sandbox.gui.session import Session
from sandbox.gui.texts.area import CodeArea
from sandbox.language import tr

_PAUSE_MS = 200
_FIRST = tr("Choose where the event arrives, change it as you like, and press Follow.")
_EMPTY = tr("Place a service first: an event needs somewhere to arrive.")


class Stepping(QWidget):
    """Follows the document: what was followed through an older one is taken away."""

    shown = Signal(str, object)
    """The node of the hop that is looked at, and its link or None."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setAccessibleName(tr("Sample event"))
        self._session = session
        self._hops: list[Hop] = []
        self._written: dict[str, str] = {}
        self.entry, self.editor, self.told = QComboBox(), CodeArea(), QLabel()
        self.go, self.afresh = QPushButton(tr("&Follow")), QPushButton(tr("&Sample"))
        self.back, self.next = QPushButton(tr("← &Back")), QPushButton(tr("&Next →"))
        self.hops, self.happens, self.payload = QListWidget(), QLabel(_FIRST), CodeArea()
        self._build()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self._refill)
        session.opened.connect(self._forget)
        session.edited.connect(lambda _edit: self._soon.start())
        self.entry.currentIndexChanged.connect(self._enter)
        self.editor.textChanged.connect(self._check)
        self.go.clicked.connect(self.begin)
        self.afresh.clicked.connect(self.take_sample)
        self.back.clicked.connect(lambda: self.step(-1))
        self.next.clicked.connect(lambda: self.step(1))
        self.hops.currentRowChanged.connect(self._show)
        self._refill()

    # --- verbs -----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Follow the event from where it arrives, and look at its first hop."""
        node = self._node()
        if node is None:
            return
        try:
            event = checked(self._service(node), self.editor.toPlainText())
        except ValueError as error:
            self.told.setText(str(error))
            return
        document = self._session.document
        self._hops = follow(document, self._session.catalogue, node, event)
        self.hops.clear()
        for hop in self._hops:
            sign = "" if hop.taken else "✕ "
            label = document.nodes[hop.node].label or hop.node
            item = QListWidgetItem(f"{'    ' * hop.depth}{sign}{label}")
            item.setToolTip(" ".join(hop.told))
            if not hop.taken:
                item.setForeground(self.palette().placeholderText())
                said = tr("{label}: not taken", label=label)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            self.hops.addItem(item)
        self.hops.setCurrentRow(0)

    def step(self, by: int) -> None:
        """The next hop, or the one before; without any, follow first."""
        if not self._hops:
            self.begin()
        else:
            row = min(max(self.hops.currentRow() + by, 0), len(self._hops) - 1)
            self.hops.setCurrentRow(row)

    def take_sample(self) -> None:
        """An event of the right shape for where it arrives."""
        node = self._node()
        if node is not None:
            event = sample_of(self._service(node), node)
            self.editor.setPlainText(json.dumps(event, indent=2, ensure_ascii=False))

    def arrive_at(self, node: str) -> None:
        """Let the event arrive at this node."""
        row = self.entry.findData(node)
        if row >= 0:
            self.entry.setCurrentIndex(row)

    def stop(self) -> None:
        self._soon.stop()

    # --- how -------------------------------------------------------------------------------------

    def _forget(self) -> None:
        self._written = {}
        self._refill()

    def _refill(self) -> None:
        """Another document, or another diagram in it: what can be entered may be other nodes."""
        self._soon.stop()
        before = self._node()
        document = self._session.document
        self.entry.blockSignals(True)
        self.entry.clear()
        for node in entries(document, self._session.catalogue):
            record = document.nodes[node]
            title = self._session.catalogue.title(record.service)
            name = record.label or node
            self.entry.addItem(f"{name} ({title})" if name != title else name, node)
        row = self.entry.findData(before)
        self.entry.setCurrentIndex(max(row, 0) if self.entry.count() else -1)
        self.entry.blockSignals(False)
        self._hops = []
        self.hops.clear()
        if row < 0:
            self._enter()
        else:
            self._check()
        self._show(-1)

    def _enter(self) -> None:
        node = self._node()
        kept = self._written.get(node or "")
        if kept is not None:
            self.editor.setPlainText(kept)
        else:
            self.take_sample()
        if node is None:
            self.editor.setPlainText("")
        self._check()

    def _check(self) -> None:
        """Say at once what is wrong with the event."""
        node, wrong = self._node(), ""
        if node is None:
            wrong = _EMPTY
        else:
            self._written[node] = self.editor.toPlainText()
            try:
                checked(self._service(node), self.editor.toPlainText())
            except ValueError as error:
                wrong = str(error)
        self.told.setText(wrong)
        self.told.setVisible(bool(wrong))
        self.go.setEnabled(not wrong)
        self.afresh.setEnabled(node is not None)

    def _show(self, row: int) -> None:
        found = 0 <= row < len(self._hops)
        self.back.setEnabled(found and row > 0)
        self.next.setEnabled(found and row < len(self._hops) - 1)
        if not found:
            self.happens.setText(_FIRST)
            self.payload.setPlainText("")
            return
        hop = self._hops[row]
        document = self._session.document
        if hop.node not in document.nodes:
            return
        name = document.nodes[hop.node].label or hop.node
        head = f"{row + 1} of {len(self._hops)}: {name}" + ("" if hop.taken else tr(", not taken"))
        self.happens.setText("\n".join((head, *hop.told)))
        self.payload.setPlainText(json.dumps(hop.payload, indent=2, ensure_ascii=False))
        link: LinkId | None = hop.link if hop.link in document.links else None
        self.shown.emit(hop.node, link)

    def _node(self) -> str | None:
        node = self.entry.currentData()
        return node if isinstance(node, str) and node in self._session.document.nodes else None

    def _service(self, node: str) -> str:
        return self._session.document.nodes[node].service

    def _build(self) -> None:
        for widget, name, tip in (
            (self.entry, tr("Arrives at"), tr("Where the event arrives")),
            (
                self.editor,
                tr("The event as JSON"),
                tr("In the shape that this service is given events"),
            ),
            (
                self.go,
                tr("Follow the event"),
                tr("Follow it through the diagram, by rules and filters"),
            ),
            (
                self.afresh,
                tr("A sample event"),
                tr("Write an event of the right shape for this service"),
            ),
            (self.back, tr("Previous hop"), tr("The hop before")),
            (self.next, tr("Next hop"), tr("The next hop; it is marked on the canvas")),
            (
                self.hops,
                tr("Hops"),
                tr("Each arrival in its order; ✕ marks what did not take the event"),
            ),
            (self.payload, tr("Payload at this hop"), tr("The event as it arrives there")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(tip)
        self.told.setAccessibleName(tr("What is wrong with the event"))
        self.happens.setAccessibleName(tr("What happens at this hop"))
        self.happens.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (self.told, self.happens):
            label.setWordWrap(True)
        self.told.setObjectName("help")
        self.editor.setTabChangesFocus(True)
        self.payload.setReadOnly(True)
        self.payload.setTabChangesFocus(True)
        self.entry.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.entry.setMinimumContentsLength(12)
        panes = QSplitter(Qt.Orientation.Horizontal)
        panes.setChildrenCollapsible(False)
        panes.addWidget(_column([[self.entry, self.afresh, self.go]], self.editor, self.told))
        panes.addWidget(_column([[self.back, self.next]], self.hops))
        panes.addWidget(_column([[self.happens]], self.payload))
        panes.setSizes([360, 240, 420])
        row = QVBoxLayout(self)
        row.setContentsMargins(6, 6, 6, 6)
        row.addWidget(panes)


def _column(tops: list[list[QWidget]], *below: QWidget) -> QWidget:
    pane = QWidget()
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    for widgets in tops:
        row = QHBoxLayout()
        for widget in widgets:
            row.addWidget(widget, 1 if isinstance(widget, (QComboBox, QLabel)) else 0)
        if not any(isinstance(widget, (QComboBox, QLabel)) for widget in widgets):
            row.addStretch(1)
        column.addLayout(row)
    for number, widget in enumerate(below):
        column.addWidget(widget, 0 if number else 1)
    return pane
