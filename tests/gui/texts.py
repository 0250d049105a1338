"""Finds the texts of the window in its sources: those that can be translated, and bare ones."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import sandbox

PACKAGE = Path(sandbox.__file__).parent
# They speak before there is a window or without one: to the terminal, or into a picture file.
ELSEWHERE = {"preflight.py", "picture.py"}
_MARKED = {"tr", "mark"}
# The name of the program, the group of parameters without one, and what only makes room.
_NAMES = {"Architecture Sandbox", "General", "Fusion", "Wed 28 May 88:88:88", "Wed 88 May 88:88:88"}
_SHORTCUT = re.compile(r"((Ctrl|Alt|Shift|Meta)\+)+\S+|Ins|Backspace|Del|Space|Esc|Tab|Home|End")
_STYLE = re.compile(r"\{\{?|;\s*$|: ?#|font-size|^<html>|\(\.\+\?\)|^inspector: ")
_TAGS = re.compile(r"<[^>]*>|&\w+;")
_WORDS = re.compile(r"[A-Za-z]{2,}[,.:;]? +[A-Za-z]")
_TITLE = re.compile(r"(^|\x00 ?|[“>])&?[A-Z][a-z&]")
# What is told to a program, not to a person.
_TOLD = {
    "setObjectName", "findChild", "findChildren", "setProperty", "property", "compile", "sub",
    "getattr", "setattr", "strftime", "print", "push", "encode", "decode", "startswith",
    "endswith", "replace", "removeprefix", "raised",
}  # fmt: skip


class Text(NamedTuple):
    """An English text, and where it stands in the package."""

    text: str
    file: str
    line: int


def translatable() -> list[Text]:
    """All that is listed for translators, in the order of the sources."""
    found = []
    for path in _sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in _MARKED and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.append(Text(first.value, _place(path), first.lineno))
    return sorted(found, key=lambda text: (text.file, text.line, text.text))


def bare() -> list[Text]:
    """Texts of the window that look as if a person reads them, and that cannot be translated."""
    known = {text.text for text in translatable()} | _NAMES
    found = []
    for path in _sources():
        if path.parent.name != "cli" and "gui" in path.parts and path.name not in ELSEWHERE:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found += [
                Text(text.replace("\0", "{}"), _place(path), line)
                for text, line in _strings(tree)
                if text not in known and _is_prose(text)
            ]
    return found


def _strings(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Strings that are values: no docstrings, annotations, keys, nor what `tr` has already."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno
        elif isinstance(node, ast.JoinedStr):
            parts = [p.value if isinstance(p, ast.Constant) else "\0" for p in node.values]
            yield "".join(map(str, parts)), node.lineno
            waiting += [p.value for p in node.values if isinstance(p, ast.FormattedValue)]
        else:
            waiting += _values(node)


def _values(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    skipped: set[int] = set()
    if isinstance(node, ast.Call) and _called(node) in _MARKED:
        skipped = {id(node.args[0])} if isinstance(node.args[0], ast.Constant) else set()
    elif isinstance(node, ast.Call) and _called(node) in _TOLD:
        skipped = {id(argument) for argument in node.args}
    elif isinstance(node, ast.Subscript):
        skipped = {id(node.slice)}
    elif isinstance(node, ast.Compare):
        skipped = {id(part) for part in (node.left, *node.comparators)}
    elif isinstance(node, ast.Dict):
        skipped = {id(key) for key in node.keys}
    elif isinstance(node, (ast.AnnAssign, ast.arg)):
        skipped = {id(node.annotation)}
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        skipped = {id(node.returns)}
    for child in ast.iter_child_nodes(node):
        if id(child) not in skipped:
            yield child


def _is_prose(text: str) -> bool:
    if _SHORTCUT.fullmatch(text) or _STYLE.search(text):
        return False
    plain = _TAGS.sub("", text)
    return bool(_WORDS.search(plain) or _TITLE.search(plain))


def _called(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _sources() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.name != "language.py")


def _place(path: Path) -> str:
    return path.relative_to(PACKAGE.parent).as_posix()
