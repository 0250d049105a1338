"""The Guide dock: F1 opens the page of the selected service, and it follows the selection then."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from sandbox.gui import guide_page
from sandbox.gui.session import Session
from sandbox.gui.theme import LIGHT, Theme
from sandbox.language import tr


class Guide(QWidget):
    """A page of hypertext about one service, or the list of all."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._theme: Theme = LIGHT
        self.service: str | None = None
        self.setAccessibleName(tr("Guide"))
        self.text = QTextBrowser()
        self.text.setAccessibleName(tr("Page of the guide"))
        self.text.setToolTip(
            tr("What a service is, its rules with their sources, and common mistakes")
        )
        self.text.setOpenLinks(False)
        self.text.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.text.document().setDocumentMargin(12)
        self.text.anchorClicked.connect(self._follow)
        self.setFocusProxy(self.text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.text)
        session.selection_changed.connect(self._selected)
        self._stale = True

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._write()

    def show_service(self, service: str | None) -> None:
        """The page of a service; the list of all for None, or for one nobody knows."""
        known = service if service in self._session.catalogue else None
        if known != self.service or self._stale:
            self.service = known
            self._write()

    def show_selected(self) -> None:
        """The page of the service of the selected node; of a link's far end; else the list."""
        document = self._session.document
        nodes = sorted(self._session.selected_nodes)
        nodes += [link[1] for link in sorted(self._session.selected_links)]
        self.show_service(document.nodes[nodes[0]].service if nodes else None)

    def _selected(self) -> None:
        if self.isVisible() and self._session.selected_nodes:
            self.show_selected()

    def _write(self) -> None:
        """Written when it is seen; until then it is only known to be out of date."""
        self._stale = not self.isVisible()
        if self._stale:
            return
        catalogue = self._session.catalogue
        if self.service is None:
            html = guide_page.index(catalogue, self._theme)  # type: ignore[arg-type]
        else:
            html = guide_page.page(catalogue[self.service], self._theme)
        self.text.setHtml(html)
        self.text.verticalScrollBar().setValue(0)

    def showEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().showEvent(event)
        if self._stale:
            self._write()

    def _follow(self, url: QUrl) -> None:
        if url.scheme() == "service":
            self.show_service(url.path())
        elif url.scheme() == "index":
            self.show_service(None)
        else:
            QDesktopServices.openUrl(url)
