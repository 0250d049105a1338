"""A template becomes a diagram in a tab of its own, and a report says what became of each part."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from sandbox.document.errors import FileError
from sandbox.gui.messages import Messages
from sandbox.gui.session import Session
from sandbox.gui.templates import Templates
from sandbox.language import tr

if TYPE_CHECKING:
    from sandbox.exchange import Report

FILTER = tr("Templates (*.yaml *.yml *.json *.template *.asl);;All files (*)")
SUFFIXES = (".yaml", ".yml", ".template", ".asl")
_HEAD = 4096


def is_template(path: Path) -> bool:
    """Whether a file is to be imported rather than opened: by its name, and for JSON a look."""
    if path.suffix.lower() in SUFFIXES:
        return True
    if path.suffix.lower() != ".json":
        return False
    if path.name.lower().endswith(".asl.json"):
        return True
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    diagram = b'"architecture-sandbox"' in head or b'"multigraph"' in head
    words = (b'"Resources"', b'"AWSTemplateFormatVersion"', b'"Transform"', b'"StartAt"')
    return not diagram and any(word in head for word in words)


class Importer(QObject):
    """Asks for a template, opens its diagram unsaved in a tab of its own, and shows the report."""

    def __init__(
        self, session: Session, messages: Messages, window: QWidget, folder: Callable[[], Path]
    ) -> None:
        """`folder` is where to begin to look."""
        super().__init__(window)
        self._session, self._messages, self._window = session, messages, window
        self._folder = folder
        self.templates = Templates(session, messages, window)
        self.ask_path: Callable[[], str] = self._ask_path
        self.show_report: Callable[[Report], None] = self._show_report

    def ask(self) -> bool:
        chosen = self.ask_path()
        return bool(chosen) and self.bring(Path(chosen))

    def bring(self, path: Path) -> bool:
        """Import a file; in the message bar, why not."""
        from sandbox.exchange import import_template  # most starts of the window never need it

        try:
            made = import_template(path, self._session.catalogue)
        except FileError as error:
            self._messages.say(tr("Not imported: {error}", error=error), "error")
            return False
        self._messages.clear()
        self._session.open(made.document, beside=True)
        self._session.undo_stack.resetClean()
        self._session.path_changed.emit()
        self.show_report(made.report)
        return True

    def _ask_path(self) -> str:
        start, title = str(self._folder()), tr("Import a template")
        return QFileDialog.getOpenFileName(self._window, title, start, FILTER)[0]

    def _show_report(self, report: Report) -> None:
        dialog = ReportDialog(report, self._window)
        dialog.compare.clicked.connect(self.templates.show)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()


_WIDEST = 400
"""Pixels of a resource's name and type in the report; the reason needs the room more."""


class ReportDialog(QDialog):
    """Each resource and link with what became of it; the window stays usable beside it."""

    def __init__(self, report: Report, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Imported {template}", template=report.template))
        self.setAccessibleName(tr("Import report"))
        self.resize(1000, 520)
        summary = QLabel(report.summary(), self)
        summary.setWordWrap(True)
        self.tree = QTreeWidget(self)
        self.tree.setAccessibleName(tr("What became of each resource"))
        self.tree.setColumnCount(3)
        self.tree.setHeaderLabels([tr("Resource"), tr("Became"), "Why"])
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setWordWrap(True)
        self._fill(report)
        header = self.tree.header()
        header.resizeSection(0, min(self.tree.sizeHintForColumn(0), _WIDEST))
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        self.compare = buttons.addButton(
            tr("&Template and CloudFormation…"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.compare.setToolTip(tr("The template as it was written, beside what was read from it"))
        layout = QVBoxLayout(self)
        for widget in (summary, self.tree, buttons):
            layout.addWidget(widget)

    def _fill(self, report: Report) -> None:
        from sandbox.exchange.report import WORDS

        resources = self._section(tr("Resources ({count})", count=len(report.resources)))
        for entry in report.resources:
            row = [f"{entry.resource}  ({entry.type})", WORDS[entry.became], entry.why]
            item = QTreeWidgetItem(resources, row)
            for text in entry.assumptions:
                QTreeWidgetItem(item, ["", "assumed", text])
        links = self._section(tr("Links ({count})", count=len(report.links)))
        for link in report.links:
            why = (
                tr("{why}; not drawn: {not_drawn}", why=link.why, not_drawn=link.not_drawn)
                if link.not_drawn
                else link.why
            )
            QTreeWidgetItem(links, [f"{link.source} → {link.target}", link.certainty, why])
        for title, texts in (("Load", report.load), ("Notes", report.notes)):
            if texts:
                section = self._section(f"{title} ({len(texts)})")
                for text in texts:
                    item = QTreeWidgetItem(section, [text])
                    item.setFirstColumnSpanned(True)

    def _section(self, title: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self.tree, [title])
        item.setFirstColumnSpanned(True)
        item.setExpanded(True)
        return item
