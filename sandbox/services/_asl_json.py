"""JSON that remembers where each value stands, so that a mistake is named by line and column."""

from __future__ import annotations

import json
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

Path = tuple[str | int, ...]
_SPACE = " \t\r\n"


class AslError(ValueError):
    """What is wrong with a definition, and where: ``line`` and ``column`` count from 1."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        where = f"line {line}, column {column}: " if line else ""
        super().__init__(where + message)
        self.reason, self.line, self.column = message, line, column


class Located:
    """A JSON text: its ``value``, and the place of each part of it by path."""

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self.value: Any = json.loads(text, parse_constant=_no_constant)
        except json.JSONDecodeError as error:
            message = f"not JSON: {_plain(error.msg)}"
            raise AslError(message, error.lineno, error.colno) from None
        except RecursionError:
            raise AslError("nested too deeply to be read", 1, 1) from None
        self._at: dict[Path, int] = {}
        self._keys: dict[Path, int] = {}
        self._scan(self._skip(0), ())

    def error(self, message: str, path: Path, key: bool = False) -> AslError:
        """An error at the value of a path, or at its key; at the nearest part that exists."""
        while path and path not in self._at:
            path = path[:-1]
        places = self._keys if key and path in self._keys else self._at
        at = places.get(path, 0)
        line = self.text.count("\n", 0, at) + 1
        return AslError(message, line, at - (self.text.rfind("\n", 0, at) + 1) + 1)

    def _skip(self, at: int) -> int:
        while at < len(self.text) and self.text[at] in _SPACE:
            at += 1
        return at

    def _scan(self, at: int, path: Path) -> int:
        """Note where the value at ``at`` and its parts begin; where it ends."""
        self._at[path] = at
        first = self.text[at]
        if first == '"':
            return int(scanstring(self.text, at + 1)[1])
        if first not in "{[":
            end = at
            while end < len(self.text) and self.text[end] not in ",]}" + _SPACE:
                end += 1
            return end
        at = self._skip(at + 1)
        index = 0
        while self.text[at] not in "}]":
            step: str | int = index
            if first == "{":
                start = at
                step, at = scanstring(self.text, at + 1)
                if (*path, step) in self._keys:
                    raise self._twice(str(step), start)
                self._keys[(*path, step)] = start
                at = self._skip(self._skip(at) + 1)
            at = self._skip(self._scan(at, (*path, step)))
            if self.text[at] == ",":
                at = self._skip(at + 1)
            index += 1
        return at + 1

    def _twice(self, name: str, at: int) -> AslError:
        line = self.text.count("\n", 0, at) + 1
        column = at - (self.text.rfind("\n", 0, at) + 1) + 1
        return AslError(f'"{name}" stands here twice; rename or remove one', line, column)


def _no_constant(name: str) -> Any:
    raise AslError(f"not JSON: {name} is not a number", 1, 1)


def _plain(message: str) -> str:
    return message[:1].lower() + message[1:]
