"""The inspector's word on a link that an import is not sure of, and a button that settles it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from sandbox.document import Document
from sandbox.document.evidence import CERTAIN, MEANINGS, evidence_of, reason_of
from sandbox.document.records import Link
from sandbox.language import tr


class Evidence(QWidget):
    """Seen only beside a link that is not certain."""

    settled = Signal()
    """A person says that the link is right."""

    def __init__(self) -> None:
        super().__init__()
        self.words = QLabel()
        self.words.setAccessibleName(tr("How sure the link is"))
        self.words.setWordWrap(True)
        self.right = QPushButton(tr("This link is right"))
        self.right.setAccessibleName(tr("This link is right"))
        self.right.setToolTip(
            tr("Draws it as a certain one. To say that it is wrong, delete it. Both can be undone")
        )
        self.right.clicked.connect(self.settled)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 4, 12, 4)
        column.addWidget(self.words)
        column.addWidget(self.right)

    def show_link(self, document: Document, link: Link) -> None:
        evidence = evidence_of(link)
        self.setVisible(evidence != CERTAIN)
        if evidence != CERTAIN:
            why = reason_of(document, link)
            told = tr(" Drawn because {why}.", why=why) if why else ""
            self.words.setText(f"{MEANINGS[evidence]}{told}")
