"""What is copied, for whoever pastes it: a diagram here, text in an editor, a picture elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QStringListModel

from sandbox.document.file import loads
from sandbox.gui.session import Session
from sandbox.language import tr

DIAGRAM_MIME = "application/x-architecture-sandbox-diagram+json"
_PICTURED = 300
"""More nodes than these are copied without a picture, which nobody could read."""


def clip(session: Session, text: str) -> QMimeData:
    """The JSON text of a part of a diagram, as all that it can be pasted as.

    The picture is drawn at once, and into an object that Qt has made: the clipboard outlives
    Python, and would bring the program down when it lets one of Python's go.
    """
    # The canvas copies by way of this module, and the portrait is drawn by the canvas.
    from sandbox.gui.portrait import portrait
    from sandbox.gui.theme import LIGHT

    mime = _made_by_qt()
    mime.setData(DIAGRAM_MIME, text.encode("utf-8", "replace"))
    mime.setText(text)
    part = loads(text, tr("the clipboard"), session.catalogue)
    if len(part.nodes) <= _PICTURED:
        picture = portrait(part, session.catalogue, LIGHT)
        if picture is not None:
            mime.setImageData(picture)
    return mime


def _made_by_qt() -> QMimeData:
    model = QStringListModel([""])
    mime = model.mimeData([model.index(0)])
    mime.clear()
    return mime
