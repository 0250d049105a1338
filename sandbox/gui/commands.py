"""All commands of the window by name, and the keys a person gave them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from sandbox.language import english

_KEYS = "shortcuts"
CHANGING = "changing"
"""A menu with this property set is filled anew each time it opens: its entries keep no keys."""


@dataclass(frozen=True, slots=True)
class Command:
    """An entry of the menus: where it stands there ("View", "Theme"), and what it is called.

    Its `id` ("View/Theme/Dark") is English whatever the language: its keys are kept under it.
    """

    action: QAction
    menus: tuple[str, ...]
    name: str
    changing: bool
    id: str

    @property
    def tip(self) -> str:
        """What it does, where that is more than its name."""
        tip = self.action.statusTip() or self.action.toolTip()
        return tip if plain(tip) != self.name else ""


def plain(text: str) -> str:
    """A menu text as people say it."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").split("\t")[0].rstrip("…")


class Commands:
    """The commands of one menu bar."""

    def __init__(self, bar: QMenuBar) -> None:
        self._bar = bar
        # Undo is called by what it takes back: names are those at the start.
        self._known = [command for command in _walk(bar) if not command.changing]
        self._usual = {command.id: command.action.shortcuts() for command in self._known}
        self._recall()

    def all(self) -> list[Command]:
        """All there are at this moment, with what changing menus hold now."""
        return list(_walk(self._bar, refresh=True))

    def fixed(self) -> list[Command]:
        """Those that are always there, and can have keys of their own."""
        return self._known

    def keys(self, command: Command) -> list[QKeySequence]:
        return command.action.shortcuts()

    def usual(self, command: Command) -> list[QKeySequence]:
        return self._usual[command.id]

    def is_usual(self, command: Command) -> bool:
        return self.keys(command) == self.usual(command)

    def holder(self, key: QKeySequence, but: Command | None = None) -> Command | None:
        """The command that has a key already."""
        for command in self._known:
            if (but is None or command.id != but.id) and key in command.action.shortcuts():
                return command
        return None

    def give(self, command: Command, keys: list[QKeySequence]) -> None:
        """Give a command these keys and no others; whoever had one of them loses it."""
        for key in keys:
            while (other := self.holder(key, but=command)) is not None:
                self._set(other, [k for k in other.action.shortcuts() if k != key])
        self._set(command, keys)

    def reset(self, command: Command) -> None:
        self.give(command, self._usual[command.id])

    def reset_all(self) -> None:
        QSettings().remove(_KEYS)
        for command in self._known:
            command.action.setShortcuts(self._usual[command.id])

    def _set(self, command: Command, keys: list[QKeySequence]) -> None:
        command.action.setShortcuts(keys)
        settings = QSettings()
        if keys == self._usual[command.id]:
            settings.remove(_place(command))
        else:
            settings.setValue(_place(command), "; ".join(key.toString() for key in keys))

    def _recall(self) -> None:
        settings = QSettings()
        for command in self._known:
            kept = settings.value(_place(command))
            if isinstance(kept, str):
                keys = [QKeySequence(part) for part in kept.split("; ") if part]
                command.action.setShortcuts(keys)


def _place(command: Command) -> str:
    return f"{_KEYS}/{command.id.replace('/', '-')}"


def _walk(bar: QMenuBar, refresh: bool = False) -> Iterator[Command]:
    for top in bar.actions():
        menu = top.menu()
        if isinstance(menu, QMenu):
            yield from _below(menu, (plain(top.text()),), _id(top), refresh)


def _below(menu: QMenu, path: tuple[str, ...], id: str, refresh: bool) -> Iterator[Command]:
    if refresh:
        menu.aboutToShow.emit()
    changing = bool(menu.property(CHANGING))
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _below(inner, (*path, plain(action.text())), f"{id}/{_id(action)}", refresh)
        elif not action.isSeparator() and action.isVisible():
            name = plain(action.text())
            yield Command(action, path, name, changing, f"{id}/{_id(action)}")


def _id(action: QAction) -> str:
    return plain(english(action.text().rstrip(" ")))
