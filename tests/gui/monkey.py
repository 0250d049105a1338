"""A monkey at the canvas: whatever it does, window and document agree, and undo leads back.

Its moves are gestures and commands as a person makes them, drawn from a seeded source, so that a
failure can be repeated from the seed and the number of the step.
"""

from __future__ import annotations

import random

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from sandbox.document import edits
from sandbox.document.file import dump, loads
from sandbox.document.groups import inside, join, leave, stand_ins
from sandbox.gui.canvas import Canvas
from sandbox.gui.canvas.geometry import Port
from tests.gui.fakes import SERVICES
from tests.gui.gesture import CTRL, LEFT, PLAIN, SHIFT, click, drag, drop, key, press_and_move

ALT = Qt.KeyboardModifier.AltModifier
ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)
MANY = 40


class Monkey:
    """`step()` does something; `check()` compares what is shown with the document."""

    def __init__(self, canvas: Canvas, seed: int) -> None:
        self.canvas, self.session, self.dice = canvas, canvas.session, random.Random(seed)
        self.done: list[str] = []
        self.loaded = self.bytes()
        self.moves = [name for name in dir(self) if name.startswith("do_")]

    def bytes(self) -> bytes:
        return dump(self.session.document, self.session.catalogue)

    def step(self) -> None:
        move = self.dice.choice(self.moves)
        self.done.append(move)
        getattr(self, move)()
        if self.dice.random() < 0.2 and self.canvas.gesture is not None:
            key(self.canvas, Qt.Key.Key_Escape)
        for editor in self.canvas.findChildren(QWidget):
            if isinstance(editor, (QLineEdit, QPlainTextEdit)) and editor.hasFocus():
                QTest.keyClick(editor, Qt.Key.Key_Escape)
        self.canvas.cancel()
        QApplication.sendPostedEvents(None, 52)  # what is to be deleted goes now: DeferredDelete

    def check(self) -> None:
        document, diagram, session = self.session.document, self.canvas.diagram, self.session
        assert set(diagram.items_by_id) == set(document.nodes)
        for id, node in document.nodes.items():
            item = diagram.items_by_id[id]
            # Qt takes places that differ by rounding alone as the same, and leaves an item there.
            assert max(abs(item.x() - node.x), abs(item.y() - node.y)) < 1e-6, id
            assert item.label == (node.label or item.face.title)
            assert item.selected == (id in session.selected_nodes)
            assert not item.greyed
        assert diagram.hidden == stand_ins(document)
        seen = {
            link
            for link in document.links
            if (group := diagram.hidden.get(link[0])) is None
            or group != diagram.hidden.get(link[1])
        }
        assert set(diagram.edges._row) == seen
        for link in seen:
            curve = diagram.edges._curves[diagram.edges._row[link]]
            record = document.links[link]
            begin = diagram.port_place(Port(record.source, record.source_port, "out"))
            end = diagram.port_place(Port(record.target, record.target_port, "in"))
            assert (curve[0] - (begin.x(), begin.y())).max() < 1e-6
            assert (curve[-1] - (end.x(), end.y())).max() < 1e-6
        notes = {id: (note.x, note.y) for id, note in document.annotations.items()}
        assert {id: (r.x(), r.y()) for id, r in diagram.notes.rects().items()} == notes
        shown = {id for id, g in document.groups.items() if g.collapsed and inside(document, id)}
        nodes = {id for id in shown if inside(document, id) & document.nodes.keys()}
        assert set(diagram.folded.cards) == nodes - diagram.hidden.keys()
        assert session.selected_nodes <= document.nodes.keys()
        assert session.selected_links <= document.links.keys()
        assert session.selected_areas <= document.groups.keys() | document.annotations.keys()
        assert self.canvas.gesture is None
        assert session.dirty == (session.undo_stack.index() != session.undo_stack.cleanIndex())
        saved = self.bytes()
        assert dump(loads(saved, "saved", session.catalogue), session.catalogue) == saved

    def undo_all(self) -> None:
        """Back to the last load, byte for byte; then forth again."""
        after, stack = self.bytes(), self.session.undo_stack
        index = stack.index()
        stack.setIndex(0)
        assert self.bytes() == self.loaded
        self.check()
        stack.setIndex(index)
        assert self.bytes() == after

    # --- where -----------------------------------------------------------------------------------

    def spot(self) -> QPoint:
        room = self.canvas.viewport().rect()
        return QPoint(self.dice.randrange(room.width()), self.dice.randrange(room.height()))

    def some(self, things: object) -> str | None:
        among = sorted(things)  # type: ignore[call-overload]
        return self.dice.choice(among) if among else None

    def at(self, id: str) -> QPoint:
        rect = self.canvas.diagram.rect_of(id)
        if rect is None:
            return self.spot()
        # A group is taken by its name, the others anywhere.
        open_group = id in self.canvas.diagram.groups.rects()
        place = rect.topLeft() + QPointF(30, 10) if open_group else rect.center()
        return self.canvas.mapFromScene(place)

    def thing(self) -> QPoint:
        document = self.session.document
        id = self.some([*document.nodes, *document.groups, *document.annotations])
        return self.at(id) if id is not None and self.dice.random() < 0.9 else self.spot()

    def port(self) -> QPoint:
        id = self.some(self.session.document.nodes.keys() - self.canvas.diagram.hidden.keys())
        if id is None or not (ports := self.canvas.diagram.items_by_id[id].ports()):
            return self.spot()
        return self.canvas.mapFromScene(self.canvas.diagram.port_place(self.dice.choice(ports)))

    def modifiers(self) -> Qt.KeyboardModifier:
        return self.dice.choice([PLAIN, PLAIN, PLAIN, SHIFT, CTRL, ALT])

    # --- pointer ---------------------------------------------------------------------------------

    def do_drop(self) -> None:
        if len(self.session.document.nodes) < MANY:
            service = self.dice.choice([*SERVICES, "abacus"])
            drop(self.canvas, service, self.spot(), leave=self.dice.random() < 0.1)

    do_drop_again = do_drop

    def do_click(self) -> None:
        click(self.canvas, self.thing(), self.modifiers())

    def do_double_click(self) -> None:
        QTest.mouseDClick(self.canvas.viewport(), LEFT, PLAIN, self.thing())

    def do_drag(self) -> None:
        drag(self.canvas, self.thing(), self.spot(), self.modifiers())

    do_drag_again = do_drag

    def do_band(self) -> None:
        drag(self.canvas, self.spot(), self.spot(), self.modifiers())

    def do_connect(self) -> None:
        drag(self.canvas, self.port(), self.port())

    do_connect_again = do_connect

    def do_connect_to_the_ground(self) -> None:
        drag(self.canvas, self.port(), self.spot())
        self._choose()

    def do_break_off(self) -> None:
        press_and_move(self.canvas, self.dice.choice([self.thing, self.port])(), self.spot())
        key(self.canvas, Qt.Key.Key_Escape)
        QTest.mouseRelease(self.canvas.viewport(), LEFT, PLAIN, self.spot())

    def do_look_elsewhere(self) -> None:
        self.dice.choice(
            [
                self.canvas.fit,
                lambda: self.canvas.set_zoom(self.dice.choice([0.15, 0.5, 1.0, 2.0])),
                lambda: self.canvas.pan(QPoint(60, -40)),
                self.canvas.fit_selection,
            ]
        )()

    # --- keys ------------------------------------------------------------------------------------

    def do_arrow(self) -> None:
        key(self.canvas, self.dice.choice(ARROWS), self.modifiers())

    def do_tab(self) -> None:
        self.canvas.focusNextPrevChild(self.dice.random() < 0.7)

    def do_letter(self) -> None:
        key(self.canvas, self.dice.choice([Qt.Key.Key_C, Qt.Key.Key_L, Qt.Key.Key_Return]))
        for _ in range(self.dice.randrange(3)):
            key(self.canvas, Qt.Key.Key_Down)
        key(self.canvas, self.dice.choice([Qt.Key.Key_Return, Qt.Key.Key_Escape]))

    def do_quick_add(self) -> None:
        if len(self.session.document.nodes) < MANY:
            key(self.canvas, Qt.Key.Key_A, self.dice.choice([PLAIN, SHIFT]))
            self._choose()

    def _choose(self) -> None:
        field = QApplication.focusWidget()
        if self.canvas.gesture is None or not isinstance(field, QLineEdit):
            return
        QTest.keyClicks(field, self.dice.choice(["", "s", "la", "queue", "note", "zzz"]))
        for _ in range(self.dice.randrange(4)):
            QTest.keyClick(field, Qt.Key.Key_Down)
        wanted = self.dice.random() < 0.8
        QTest.keyClick(field, Qt.Key.Key_Return if wanted else Qt.Key.Key_Escape)
        self._write()

    def _write(self) -> None:
        editor = QApplication.focusWidget()
        text = self.dice.choice(["", "A", "Long words, and many of them\nin lines", "Ü – 漢"])
        if isinstance(editor, QPlainTextEdit):
            editor.setPlainText(text)
            QTest.keyClick(editor, Qt.Key.Key_Return, CTRL)
        elif isinstance(editor, QLineEdit):
            editor.setText(text)
            QTest.keyClick(editor, Qt.Key.Key_Return)

    def do_note(self) -> None:
        self.canvas.add_note(self.canvas.mapToScene(self.spot()))
        self._write()

    def do_rename(self) -> None:
        self.canvas.commands.rename.trigger()
        self._write()

    def do_find(self) -> None:
        self.canvas.commands.find.trigger()
        QTest.keyClicks(self.canvas.find_bar.field, self.dice.choice(["s", "web", "zzz"]))
        QTest.keyClick(self.canvas.find_bar.field, Qt.Key.Key_Return)
        QTest.keyClick(self.canvas.find_bar.field, Qt.Key.Key_Escape)

    # --- commands --------------------------------------------------------------------------------

    def do_command(self) -> None:
        commands = self.canvas.commands
        small = len(self.session.document.nodes) < MANY
        action = self.dice.choice(
            [
                commands.cut, commands.copy, commands.delete, commands.tidy, commands.upstream,
                commands.downstream, commands.connected, commands.ungroup, commands.fold_selected,
                commands.minimap, *commands.align, *commands.distribute,
                *([commands.paste, commands.duplicate] if small else []),
            ]
        )  # fmt: skip
        action.trigger()

    do_command_again = do_command

    def do_group(self) -> None:
        if len(self.session.document.groups) < 8:
            self.dice.choice(self.canvas.commands.group_as).trigger()
            self._write()

    def do_fold(self) -> None:
        if (group := self.some(self.session.document.groups)) is not None:
            self.canvas.commands.fold(group)

    def do_membership(self) -> None:
        document = self.session.document
        group, id = self.some(document.groups), self.some([*document.nodes, *document.groups])
        if group is not None and id is not None:
            self.session.do(self.dice.choice([join, leave]), group, [id])

    def do_parameter(self) -> None:
        if (node := self.some(self.session.document.nodes)) is not None:
            value = self.dice.choice([None, 1, 2.5, "text"])
            self.session.do(edits.set_params, {node: {"size": value}})

    def do_undo(self) -> None:
        for _ in range(self.dice.randrange(1, 6)):
            self.session.undo_stack.undo()

    do_undo_again = do_undo

    def do_redo(self) -> None:
        for _ in range(self.dice.randrange(1, 4)):
            self.session.undo_stack.redo()

    def do_save(self) -> None:
        self.session.undo_stack.setClean()

    def do_reload(self) -> None:
        if self.dice.random() < 0.15:
            self.undo_all()
            self.loaded = self.bytes()
            self.session.open(loads(self.loaded, "again", self.session.catalogue))
