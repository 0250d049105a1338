"""The canvas's context menu: the commands, then what can be done to what is under the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMenu

from sandbox.document.edits import set_group
from sandbox.document.faults import KINDS, Target, kinds_of, written
from sandbox.document.groups import KINDS as KINDS_OF_GROUP
from sandbox.document.groups import join, kind_title, leave
from sandbox.document.records import LinkId
from sandbox.language import tr

if TYPE_CHECKING:
    from sandbox.gui.canvas.view import Canvas


def context_menu(canvas: Canvas, at: QPointF) -> QMenu:
    """The menu for a point, with what is there selected first. The caller shows and deletes it."""
    session, diagram = canvas.session, canvas.diagram
    node, area = diagram.node_at(at), diagram.area_at(at, canvas.zoom)
    if node is not None:
        if node not in session.selected_nodes:
            session.select([node])
    elif area is not None:
        if area not in session.selected_areas:
            session.select(areas=[area])
    elif link := diagram.link_at(at, 8.0 / canvas.zoom):
        session.select(links=[link])
    menu = QMenu(canvas)
    menu.setAccessibleName(tr("Canvas menu"))
    menu.setToolTipsVisible(True)
    canvas.commands.fill(menu, at)
    offer_kinds(canvas, menu)
    offer_membership(canvas, menu)
    offer_faults(canvas, menu, at)
    return menu


def offer_kinds(canvas: Canvas, menu: QMenu) -> None:
    """What a selected group can be instead: only a zone can fail as a whole."""
    session = canvas.session
    chosen = [id for id in session.document.groups if id in session.selected_areas]
    if len(chosen) != 1 or session.selected_nodes:
        return
    group = session.document.groups[chosen[0]]
    kinds = menu.addMenu(tr("&Kind of group"))
    for kind in dict.fromkeys([*KINDS_OF_GROUP, group.kind]):
        action = kinds.addAction(kind_title(kind))
        action.setCheckable(True)
        action.setChecked(kind == group.kind)
        action.triggered.connect(
            lambda _=False, kind=kind: session.do(set_group, group.id, kind=kind)
        )


def offer_membership(canvas: Canvas, menu: QMenu) -> None:
    """Every group, ticked when the selection is in it: a node may stand in several."""
    session = canvas.session
    document = session.document
    chosen = [*session.selected_nodes, *(session.selected_areas & document.groups.keys())]
    groups = [group for group in document.groups.values() if group.id not in chosen]
    if not chosen or not groups:
        return
    member = menu.addMenu(tr("&Member of"))
    for group in groups:
        action = member.addAction(group.label or group.id)
        action.setCheckable(True)
        within = set(chosen) <= set(group.members)
        action.setChecked(within)
        verb = leave if within else join
        action.triggered.connect(
            lambda _=False, verb=verb, id=group.id: session.do(verb, id, sorted(chosen))
        )


def offer_faults(canvas: Canvas, menu: QMenu, at: QPointF) -> None:
    """What can strike the node, link or group at a point."""
    document, catalogue = canvas.session.document, canvas.session.catalogue
    place: Target = "group"
    target: str | LinkId | None = canvas.diagram.node_at(at)
    if target is not None:
        place, words = "node", document.nodes[str(target)].label or str(target)
    elif link := canvas.diagram.link_at(at, 8.0 / canvas.zoom):
        place, target = "link", link
        words = " → ".join(document.nodes[end].label or end for end in link[:2])
    else:
        target = canvas.diagram.folded.at(at) or canvas.diagram.groups.at(at)
        words = (document.groups[target].label or target) if target is not None else ""
    if target is None or not (kinds := kinds_of(document, catalogue, place, target)):
        return
    called = written(target) if isinstance(target, tuple) else target
    menu.addSeparator()
    faults = menu.addMenu(tr("&Inject a fault at {words}", words=words))
    for kind in kinds:
        action = faults.addAction(f"{KINDS[kind].title}…")
        action.setToolTip(KINDS[kind].help)
        action.triggered.connect(
            lambda _=False, kind=kind: canvas.fault_wanted.emit(called, words, kind, kinds)
        )
