"""Where a node that is dropped belongs: into the link under it, and into the group around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from sandbox.document import Document, Edit
from sandbox.document.compose import Step, in_turn
from sandbox.document.groups import holders, join
from sandbox.document.records import LinkId
from sandbox.document.splicing import fitting, splice
from sandbox.language import tr

if TYPE_CHECKING:
    from sandbox.gui.canvas.scene import CanvasScene

_REACH = 26.0
"""How near the middle of a card has to come to a link, in scene units."""


class Landing:
    """Follows a node that is dragged, shows what it would join, and makes that an edit.

    `node` is its id when it is on the canvas already: then it goes into a link only while it has
    none, and into a group only while it is in none. So nothing is rewired by tidying up.
    """

    def __init__(self, scene: CanvasScene, service: str, node: str | None = None) -> None:
        self._scene, self._service = scene, service
        document = scene.session.document
        self._may_splice = node is None or not any(document.links_of(node))
        self._may_join = node is None or not holders(document, node)
        self.link: LinkId | None = None
        self.group: str | None = None

    def move(self, middle: QPointF) -> None:
        """The middle of the card is here now."""
        scene = self._scene
        self.group = scene.groups.at(middle) if self._may_join else None
        self.link = None
        if self._may_splice:
            link = scene.link_at(middle, _REACH)
            document, catalogue = scene.session.document, scene.session.catalogue
            if link is not None and fitting(document, catalogue, link, self._service):
                self.link = link
        scene.set_hot(None, self.link)
        scene.groups.mark(scene.groups.selected, scene.groups.focused, self.group)

    def end(self) -> None:
        """Nothing is lit up any longer."""
        self._scene.set_hot(None, None)
        self._scene.groups.mark(self._scene.groups.selected, self._scene.groups.focused, None)

    def edit(self, document: Document, node: str, first: Step) -> Edit:
        """`first`, which places or moves the node, and what it joins there: one step to undo."""
        steps, label = [first], ""
        link, group, catalogue = self.link, self.group, self._scene.session.catalogue
        if link is not None:
            steps.append(lambda now: splice(now, catalogue, link, node))
            label = tr("Insert {} into a link")
        if group is not None:
            steps.append(lambda now: join(now, group, [node]))
            label = label or tr("Put {} into ") + (document.groups[group].label or group)
        if len(steps) == 1:
            return first(document)
        record = document.nodes.get(node)
        called = record.label if record else ""
        if not called:
            known = self._service in catalogue
            called = catalogue.title(self._service) if known else self._service
        return in_turn(document, label.format(called), *steps)
