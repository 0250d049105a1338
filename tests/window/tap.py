"""The program as it is, and beside it a listener that tells where things stand on the screen.

`python -m tests.window.tap [FILE]` is `sandbox [FILE]`. It answers each line on standard input with
one line of JSON. "look": what assistive technology is told of every visible widget (`things`: role,
name, description, value, rectangle), and the places on the screen of the canvas's nodes and ports,
which are painted and so in no such tree. "ping": nothing, as soon as the window gets to it. It does
nothing else: hands and eyes are the test's.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from sandbox.__main__ import main


def listen() -> None:
    """Answer each request on the window's own thread, as soon as that is free."""
    for request in sys.stdin:
        while (application := _application()) is None:
            time.sleep(0.02)
        from PySide6.QtCore import QTimer

        answered = threading.Event()

        def answer(wanted: str = request.strip(), done: threading.Event = answered) -> None:
            print(json.dumps(look() if wanted == "look" else {}), flush=True)
            done.set()

        # The timer's context lives on the window's thread, and there the answer is given.
        QTimer.singleShot(0, application, answer)
        answered.wait()


def look() -> dict[str, Any]:
    """Everything visible, and what the canvas shows."""
    from PySide6.QtGui import QAccessible
    from PySide6.QtWidgets import QApplication

    QAccessible.setActive(True)  # as a screen reader does: lists then tell what became of them
    windows = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
    things = [thing for window in windows for thing in _things(window)]
    canvas = [c for w in windows for c in w.findChildren(object) if type(c).__name__ == "Canvas"]
    nodes, ports = _canvas(canvas[0]) if canvas else ({}, {})
    active = QApplication.activeWindow() is not None
    return {"things": things, "nodes": nodes, "ports": ports, "active": active}


def _application() -> Any:
    """The application once a window of it is shown: Qt is not imported before the program does."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    instance = widgets.QApplication.instance() if widgets is not None else None
    return instance if instance is not None and instance.topLevelWidgets() else None


def _things(window: Any) -> Iterator[dict[str, Any]]:
    from PySide6.QtGui import QAccessible

    waiting = [QAccessible.queryAccessibleInterface(window)]
    frame = window.frameGeometry()
    while waiting:
        thing = waiting.pop()
        if thing is None or not thing.isValid() or thing.state().invisible:
            continue
        area = thing.rect()
        if frame.intersects(area):  # a dock under another tab lies outside
            yield {
                "role": thing.role().name,
                "name": thing.text(QAccessible.Text.Name),
                "about": thing.text(QAccessible.Text.Description),
                "value": thing.text(QAccessible.Text.Value),
                "rect": [area.x(), area.y(), area.width(), area.height()],
                "focused": bool(thing.state().focused),
            }
        waiting += [thing.child(row) for row in reversed(range(thing.childCount()))]


def _canvas(canvas: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Nodes: what their cards say, and where; ports by "node.port": a point."""
    view, scene = canvas.viewport(), canvas.diagram

    def seen(at: Any) -> list[int]:
        point = view.mapToGlobal(canvas.mapFromScene(at))
        return [point.x(), point.y()]

    nodes, ports = {}, {}
    for node_id, item in scene.items_by_id.items():
        first, last = seen(item.card.topLeft()), seen(item.card.bottomRight())
        nodes[node_id] = {
            "label": item.label,
            "headline": item.frame.headline if item.frame else "",
            "loss": item.frame.loss if item.frame else None,
            "rect": [*first, last[0] - first[0], last[1] - first[1]],
        }
        for port in item.ports():
            ports[f"{node_id}.{port.name}"] = seen(scene.port_place(port))
    return nodes, ports


if __name__ == "__main__":
    threading.Thread(target=listen, daemon=True).start()
    sys.exit(main())
