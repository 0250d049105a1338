"""A window with palette and canvas for the test with a real pointer; tells what happens, as JSON.

Run as a program: the first line says where things are on the screen, each further one what the
document holds after an edit. It ends when its standard input does.
"""

from __future__ import annotations

import json
import sys
import threading

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from sandbox.document import Document, Node
from sandbox.gui import theme
from sandbox.gui.canvas import Canvas
from sandbox.gui.canvas.geometry import Port
from sandbox.gui.palette import Palette
from sandbox.gui.session import Session
from tests.gui.fakes import FakeCatalogue


def main() -> None:
    app = QApplication([])
    theme.apply(app, theme.LIGHT)
    catalogue = FakeCatalogue()
    nodes = [Node("web", "external", "Web", 0, 0), Node("bank", "external", "Bank", 400, 0)]
    session = Session(catalogue, Document(nodes=nodes, catalogue=catalogue))
    window = QWidget()
    palette, canvas = Palette(catalogue, theme.LIGHT), Canvas(session, theme.LIGHT)
    palette.setFixedWidth(260)
    layout = QHBoxLayout(window)
    layout.addWidget(palette)
    layout.addWidget(canvas, 1)
    window.setGeometry(0, 0, 1400, 800)
    window.show()

    def place(widget: QWidget, at: QPoint) -> list[int]:
        point = widget.mapToGlobal(at)
        return [point.x(), point.y()]

    def tell() -> None:
        document = session.document
        state = {
            "services": {node.id: node.service for node in document.nodes.values()},
            "places": {node.id: [node.x, node.y] for node in document.nodes.values()},
            "links": sorted(map(list, document.links)),
        }
        print(json.dumps(state), flush=True)

    def locate() -> None:
        row = palette.filtered.match(
            palette.filtered.index(0, 0),
            Qt.ItemDataRole.DisplayRole,
            "Amazon SQS queue",
            1,
            Qt.MatchFlag.MatchRecursive | Qt.MatchFlag.MatchExactly,
        )[0]
        view, scene = canvas.viewport(), canvas.diagram
        out, into = Port("web", "out", "out"), Port("bank", "in", "in")
        spots = {
            "sqs": place(palette.list.viewport(), palette.list.visualRect(row).center()),
            "ground": place(view, canvas.mapFromScene(300, 260)),
            "web": place(view, canvas.mapFromScene(scene.items_by_id["web"].card.center())),
            "out": place(view, canvas.mapFromScene(scene.port_place(out))),
            "in": place(view, canvas.mapFromScene(scene.port_place(into))),
        }
        print(json.dumps(spots), flush=True)

    def until_told() -> None:
        sys.stdin.read()
        QTimer.singleShot(0, app, app.quit)

    session.edited.connect(lambda _edit: tell())
    QTimer.singleShot(500, app, locate)
    threading.Thread(target=until_told, daemon=True).start()
    app.exec()


if __name__ == "__main__":
    main()
