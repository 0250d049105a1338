"""Which names of the services' sources their machine code may hold.

A constant that only Python reads (a default, a price that `prepare` turns into a parameter) can be
changed without compiling anything. What is not surely of that kind counts as held: names are
followed whatever module they are in, so one too many may be, never one too few.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

DECORATORS = {"compiled", "inlined"}


def held(services: Path) -> set[str]:
    """The names that compiled functions read, and all that these are made from."""
    uses: dict[str, set[str]] = defaultdict(set)
    found: set[str] = set()
    for path in services.glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                if DECORATORS & {ast.unparse(one) for one in node.decorator_list}:
                    found |= _names(node)
                else:
                    uses[node.name] |= _names(node)
            elif isinstance(node, ast.ClassDef):
                found |= _laid_out(node)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for name in (name for target in targets for name in _names(target)):
                    uses[name] |= _names(node.value)
    todo = set(found)
    while todo:
        todo = set().union(*(uses[name] for name in todo if name in uses)) - found
        found |= todo
    return found


def _names(tree: ast.AST) -> set[str]:
    """Names, attributes of modules, and what an import inside a function renames."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
    return found


def _laid_out(klass: ast.ClassDef) -> set[str]:
    """What decides how the records of a class lie in memory: types, lengths, greatest counts."""
    found = set()
    for node in klass.body:
        if isinstance(node, ast.AnnAssign):
            found |= _names(node.annotation)
            if isinstance(node.value, ast.Call):
                for keyword in node.value.keywords:
                    if keyword.arg == "max_items":
                        found |= _names(keyword.value)
    return found
