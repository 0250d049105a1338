"""The palette's contents: services under their categories, and what dragging one carries."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QStandardItem, QStandardItemModel

from sandbox.gui.catalogue import Services
from sandbox.gui.icons import service_icon
from sandbox.gui.theme import Theme

SERVICE_MIME = "application/x-sandbox-service"
SERVICE_ROLE = Qt.ItemDataRole.UserRole + 1
SEARCH_ROLE = Qt.ItemDataRole.UserRole + 2

Index = QModelIndex | QPersistentModelIndex


class PaletteModel(QStandardItemModel):
    """Categories in the order in which the catalogue first has them, services by title."""

    def __init__(self, catalogue: Services, theme: Theme) -> None:
        super().__init__()
        self._catalogue = catalogue
        by_category: dict[str, list[str]] = {}
        for service in catalogue:
            by_category.setdefault(catalogue[service].category, []).append(service)
        known = [category for category in theme.categories if category in by_category]
        for category in [*known, *sorted(set(by_category) - set(known))]:
            self.appendRow(self._category(category, by_category[category], theme))

    def service(self, index: Index) -> str | None:
        """The service an index stands for; None for a category."""
        value = index.data(SERVICE_ROLE)
        return str(value) if value else None

    def mimeTypes(self) -> list[str]:
        return [SERVICE_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        service = next((s for s in map(self.service, indexes) if s), None)
        if service is not None:
            data.setData(SERVICE_MIME, service.encode())
        return data

    def set_theme(self, theme: Theme) -> None:
        """Lettered tiles take the theme's colours."""
        for row in range(self.rowCount()):
            head = self.item(row)
            head.setForeground(QColor(theme.muted))
            for child in range(head.rowCount()):
                item = head.child(child)
                service = str(item.data(SERVICE_ROLE))
                item.setIcon(self._icon(service, theme))

    def _category(self, category: str, services: list[str], theme: Theme) -> QStandardItem:
        head = QStandardItem(category.replace("_", " ").capitalize())
        head.setFlags(Qt.ItemFlag.ItemIsEnabled)
        font = head.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 0.9)
        head.setFont(font)
        head.setForeground(QColor(theme.muted))
        head.setSizeHint(QSize(0, 30))
        head.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        for service in sorted(services, key=lambda s: self._catalogue[s].title.lower()):
            info = self._catalogue[service]
            item = QStandardItem(self._icon(service, theme), info.title)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsSelectable
                | Qt.ItemFlag.ItemIsDragEnabled
                | Qt.ItemFlag.ItemNeverHasChildren
            )
            item.setData(service, SERVICE_ROLE)
            item.setData(f"{info.title} {service} {category} {info.summary}", SEARCH_ROLE)
            item.setSizeHint(QSize(0, 36))
            item.setToolTip(info.summary)
            item.setAccessibleText(info.title)
            item.setAccessibleDescription(info.summary)
            head.appendRow(item)
        return head

    def _icon(self, service: str, theme: Theme) -> QIcon:
        info = self._catalogue[service]
        return service_icon(service, info.title, True, theme.category(info.category))
