"""What a screen reader says of the thing that has the keyboard's focus on the canvas."""

from __future__ import annotations

from sandbox.document.groups import inside, kind_title
from sandbox.gui.canvas.scene import CanvasScene
from sandbox.language import tr


def description(scene: CanvasScene, id: str | None) -> str:
    """A node's name, service, number, loss and links; a group's contents; a note's words."""
    document = scene.session.document
    if id is None:
        return ""
    if id in document.annotations:
        return tr("Note: {text}", text=document.annotations[id].text)
    struck = scene.lens.frame.struck.get(id, "")
    fault = [tr("fault: {struck}", struck=struck)] if struck else []
    if id in document.groups:
        group, count = document.groups[id], len(inside(document, id) & document.nodes.keys())
        state = tr("collapsed") if group.collapsed else tr("open")
        told = [
            group.label or id,
            kind_title(group.kind),
            tr("{count} nodes", count=count),
            state,
            *fault,
        ]
        return ", ".join(told)
    item = scene.items_by_id.get(id)
    if item is None:
        return ""
    told = [item.label, item.face.title]
    if (live := item.frame) is not None:
        told += [live.headline, tr("losing: {loss}", loss=live.loss) if live.loss else ""]
    return ", ".join(part for part in [*told, *fault] if part)
