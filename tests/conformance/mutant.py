"""A plugin of pytest: one number of one module is another, and the tests about it come first.

`MUTANT` says which: the file, the line, where the number begins and ends, and what stands there
instead; `MUTANT_OF` what it is called.  The file stays as it is, so the machine code made from it
is found, which reads the number from memory (see `dials`).
"""

from __future__ import annotations

import importlib.machinery
import inspect
import os
from pathlib import Path
from typing import Any


def changed(source: str, line: int, begin: int, end: int, new: str) -> str:
    """The source with something else at a place; columns count bytes, as those of `ast` do."""
    lines = source.splitlines(keepends=True)
    one = lines[line - 1].encode()
    lines[line - 1] = (one[:begin] + new.encode() + one[end:]).decode()
    return "".join(lines)


def _plant(path: Path, *place: Any) -> None:
    """From now on the module is loaded from the changed source."""
    load = importlib.machinery.SourceFileLoader.get_code

    def get_code(loader: Any, name: str) -> Any:
        if Path(loader.path) != path:
            return load(loader, name)
        return compile(changed(path.read_text(encoding="utf-8"), *place), loader.path, "exec")

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign]


if planted := os.environ.get("MUTANT"):
    _file, _line, _begin, _end, _new = planted.split("|")
    _plant(Path(_file).resolve(), int(_line), int(_begin), int(_end), _new)


def first(items: list[Any], *names: str) -> list[Any]:
    """Those whose text has the constant's name first: one of them fails, if any does."""

    def far(item: Any) -> int:
        try:
            text = inspect.getsource(item.function)
        except (OSError, TypeError):
            return 1
        return 0 if any(name in text for name in names) else 1

    return sorted(items, key=far)


def pytest_collection_modifyitems(items: list[Any]) -> None:
    items[:] = first(items, *filter(None, [os.environ.get("MUTANT_OF")]))
