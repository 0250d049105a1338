"""The outline: the diagram as a tree, for the keyboard and screen readers."""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic
from typing import Any

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSignalBlocker,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from sandbox.document import Edit
from sandbox.document.evidence import CERTAIN, evidence_of
from sandbox.document.groups import inside, kind_title
from sandbox.gui import selection
from sandbox.gui.canvas.faces import category_of
from sandbox.gui.frames import EMPTY, Frame, LinkId
from sandbox.gui.glyphs import glyph
from sandbox.gui.icons import service_icon
from sandbox.gui.session import Session
from sandbox.gui.theme import Theme
from sandbox.language import tr

_ID = Qt.ItemDataRole.UserRole + 1
_LIVE_S = 0.25
"""Live text changes no more often: nobody reads faster, and a screen reader would never rest."""


class Outline(QTreeWidget):
    """Mirrors the document both ways: select, rename, delete. Links stand under their source,
    groups and notes beside the nodes."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._theme = theme
        self._nodes: dict[str, QTreeWidgetItem] = {}
        self._links: dict[LinkId, QTreeWidgetItem] = {}
        self._areas: dict[str, QTreeWidgetItem] = {}
        self._frame, self._shown_at = EMPTY, 0.0
        self.setObjectName("outline")
        self.setAccessibleName(tr("Outline"))
        self.setHeaderHidden(True)
        self.setColumnCount(2)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        # Not as wide as its contents: each change of a text would measure all rows again.
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        self.header().resizeSection(1, self.fontMetrics().horizontalAdvance("88.8 environments "))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setIconSize(QSize(20, 20))
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.setExpandsOnDoubleClick(False)
        session.opened.connect(self.rebuild)
        session.edited.connect(self._follow)
        session.selection_changed.connect(self._show_selection)
        self.verticalScrollBar().valueChanged.connect(self._show_live)
        self.itemExpanded.connect(self._show_live)
        self.itemCollapsed.connect(self._show_live)
        self.itemSelectionChanged.connect(self._take_selection)
        self.itemChanged.connect(self._take_label)
        self.rebuild()

    def rebuild(self) -> None:
        with QSignalBlocker(self):
            self.clear()
            self._nodes, self._links, self._areas = {}, {}, {}
            for node_id in self.session.document.nodes:
                self._put_node(node_id)
            for link_id in self.session.document.links:
                self._put_link(link_id)
            for area in (*self.session.document.groups, *self.session.document.annotations):
                self._put_area(area)
        self._show_selection()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.rebuild()

    def show_frame(self, frame: Frame) -> None:
        """Show each node's headline beside its name, a few times a second while time runs."""
        now = monotonic()
        if frame.t_s > self._frame.t_s and now - self._shown_at < _LIVE_S:
            return
        self._frame, self._shown_at = frame, now
        self._show_live()

    def _show_live(self) -> None:
        """The rows that can be seen; others when they are scrolled to."""
        with QSignalBlocker(self):
            item, end = self.itemAt(0, 0), self.viewport().height()
            while item is not None and self.visualItemRect(item).top() < end:
                live = self._frame.nodes.get(item.data(0, _ID)) if item.parent() is None else None
                headline = live.headline if live else ""
                if item.text(1) != headline:
                    item.setText(1, headline)
                item = self.itemBelow(item)

    def edit(self, index: QModelIndex | QPersistentModelIndex, *how: Any) -> Any:
        """What can be edited is the name, wherever in its row it was asked for."""
        return super().edit(index.sibling(index.row(), 0), *how)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            selection.delete(self.session)
        else:
            super().keyPressEvent(event)

    # --- following the document ------------------------------------------------------------------

    def _follow(self, edit: Edit) -> None:
        document = self.session.document
        with QSignalBlocker(self):
            for change in edit.changes:
                if change.kind == "link" and change.key not in document.links:
                    self._drop(self._links.pop(change.key, None))
            for change in edit.changes:
                if change.kind != "node":
                    continue
                if change.key not in document.nodes:
                    self._drop(self._nodes.pop(change.key, None))
                elif change.before is None or _told(change.before) != _told(change.after):
                    self._put_node(change.key)
                    self._retitle(change.key)
            for change in edit.changes:
                if change.kind == "link" and change.key in document.links:
                    self._put_link(change.key)
                elif change.kind in ("group", "annotation"):
                    if document.find(change.kind, change.key) is None:
                        self._drop(self._areas.pop(change.key, None))
                    else:
                        self._put_area(change.key)
        self._show_selection()

    def _put_node(self, node_id: str) -> None:
        node, catalogue = self.session.document.nodes[node_id], self.session.catalogue
        known = node.service in catalogue
        title = catalogue.title(node.service) if known else node.service
        item = self._nodes.get(node_id)
        if item is None:
            item = self._nodes[node_id] = QTreeWidgetItem(self)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setData(0, _ID, node_id)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setExpanded(True)
        item.setForeground(1, QColor(self._theme.muted))
        item.setText(0, node.label or title)
        tile = self._theme.category(category_of(catalogue, node.service))
        item.setIcon(0, service_icon(node.service, title, known, tile))
        about = title if known else tr("{title} (not installed)", title=title)
        item.setToolTip(0, f"{about} · {node_id}")
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, node.label or title)
        item.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, f"{about}, {node_id}")

    def _put_link(self, link_id: LinkId) -> None:
        link = self.session.document.links[link_id]
        source = self._nodes[link.source]
        item = self._links.get(link_id)
        if item is None:
            item = self._links[link_id] = QTreeWidgetItem(source)
            item.setData(0, _ID, link_id)
            item.setFirstColumnSpanned(True)
            source.setExpanded(True)
        text = f"→ {self._nodes[link.target].text(0)}  ({link.source_port} → {link.target_port})"
        sure = "" if evidence_of(link) == CERTAIN else f", {evidence_of(link)}"
        item.setText(0, text + sure)
        told = tr("Link to {text}", text=self._nodes[link.target].text(0))
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, told + sure)

    def _put_area(self, area: str) -> None:
        """A group with its kind and size, or a note with its first words."""
        document = self.session.document
        item = self._areas.get(area)
        if item is None:
            item = self._areas[area] = QTreeWidgetItem(self)
            item.setData(0, _ID, area)
        if (group := document.groups.get(area)) is not None:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            text, kind = group.label or area, kind_title(group.kind)
            about = tr(
                "{kind}, {count} nodes",
                kind=kind,
                count=len(inside(document, area) & document.nodes.keys()),
            )
            about += tr(", collapsed") if group.collapsed else ""
        else:
            words = document.annotations[area].text
            text, kind, about = words.partition("\n")[0], tr("Note"), words
        item.setText(0, text)
        item.setIcon(0, glyph("note" if kind == "Note" else "group"))
        item.setToolTip(0, about)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{kind}: {text}")
        item.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, about)

    def _retitle(self, node_id: str) -> None:
        """Links that end at a renamed node say its new name."""
        for edge in list(self.session.document.graph.in_edges(node_id, keys=True)):
            if edge in self._links:
                self._put_link(edge)

    def _drop(self, item: QTreeWidgetItem | None) -> None:
        if item is None:
            return
        if (parent := item.parent()) is not None:
            parent.removeChild(item)
        else:
            self.takeTopLevelItem(self.indexOfTopLevelItem(item))

    # --- selection and labels, both ways ---------------------------------------------------------

    def _show_selection(self) -> None:
        session = self.session
        chosen = self._items(session.selected_nodes, session.selected_links)
        chosen += [self._areas[area] for area in session.selected_areas if area in self._areas]
        with QSignalBlocker(self):
            if set(map(id, self.selectedItems())) != set(map(id, chosen)):
                self.clearSelection()
                for item in chosen:
                    item.setSelected(True)
            if len(chosen) == 1 and self.currentItem() is not chosen[0]:
                flag = QItemSelectionModel.SelectionFlag.NoUpdate
                self.setCurrentItem(chosen[0], 0, flag)
        self.viewport().update()

    def _items(self, nodes: Iterable[str], links: Iterable[LinkId]) -> list[QTreeWidgetItem]:
        found = [self._nodes[n] for n in nodes if n in self._nodes]
        return found + [self._links[link] for link in links if link in self._links]

    def _take_selection(self) -> None:
        ids = [item.data(0, _ID) for item in self.selectedItems()]
        named = [i for i in ids if isinstance(i, str)]
        self.session.select(named, [tuple(i) for i in ids if not isinstance(i, str)], named)

    def _take_label(self, item: QTreeWidgetItem) -> None:
        node_id = item.data(0, _ID)
        if isinstance(node_id, str) and not selection.rename(self.session, node_id, item.text(0)):
            with QSignalBlocker(self):
                (self._put_area if node_id in self._areas else self._put_node)(node_id)


def _told(node: object) -> tuple[object, object]:
    return getattr(node, "label", None), getattr(node, "service", None)
