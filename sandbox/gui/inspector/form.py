"""The parameters of one thing as rows: the basic ones first, the others folded by group."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sandbox.gui.inspector.fields import Field
from sandbox.gui.inspector.row import Row
from sandbox.gui.inspector.section import Section
from sandbox.language import tr
from sandbox.services.params import ParamInfo


class Form(QWidget):
    """Generated from what the catalogue says of the parameters; knows no service."""

    chosen = Signal(str, object, int)
    """Parameter, its new value (None: the default), and the number of the editing session."""

    def __init__(
        self,
        infos: Sequence[ParamInfo],
        choices: Mapping[str, tuple[str, ...]] | None = None,
        title: str = tr("Parameters"),
        fields: Mapping[str, Field] | None = None,
    ) -> None:
        """`fields` are those of parameters that have one of their own, by name."""
        super().__init__()
        self._rows: dict[str, Row] = {}
        self._session = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for name, members, folded in _parts(infos, title):
            section = Section(name, folded)
            for info in members:
                row = Row(info, (choices or {}).get(info.name), (fields or {}).get(info.name))
                row.chosen.connect(lambda value, key=info.name: self._chosen(key, value))
                row.entered.connect(self._entered)
                section.content.addWidget(row)
                self._rows[info.name] = row
            column.addWidget(section)

    def row(self, name: str) -> Row:
        return self._rows[name]

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show what differs from the defaults, and the defaults for the rest."""
        for name, row in self._rows.items():
            row.show_value(values.get(name, row.info.default), name in values)

    def show_mixed(self, names: Collection[str]) -> None:
        """Say of these that the things which are set together differ in them."""
        for name, row in self._rows.items():
            row.show_mixed(name in names)

    def refuse(self, complaints: Sequence[tuple[str, str]]) -> None:
        """Say beside each parameter what is wrong with it; all others are right."""
        said: dict[str, str] = {}
        for where, why in complaints:
            name = where.partition(".")[0].partition("[")[0]
            if name in self._rows:
                said.setdefault(name, f"{why[:1].upper()}{why[1:]}")
        for name, row in self._rows.items():
            row.refuse(said.get(name, ""))

    def _entered(self) -> None:
        self._session += 1

    def _chosen(self, name: str, value: Any) -> None:
        self.chosen.emit(name, value, self._session)


def _parts(infos: Sequence[ParamInfo], title: str) -> list[tuple[str, list[ParamInfo], bool]]:
    basic = [info for info in infos if info.basic]
    rest = [info for info in infos if not info.basic]
    if not basic:
        basic, rest = list(infos), []
    parts: list[tuple[str, list[ParamInfo], bool]] = [(title, basic, False)] if basic else []
    groups: dict[str, list[ParamInfo]] = {}
    for info in rest:
        groups.setdefault(info.group, []).append(info)
    for group, members in groups.items():
        parts.append((tr("More") if group == "General" else tr(group), members, True))
    return parts
