"""Which names of the services' sources are constants that their machine code reads.

Names are followed whatever module they are in, so one too many may be, never one too few: `dials`
leaves alone what is no number, and reads the same value where a number is not changed.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

DECORATORS = {"compiled", "inlined"}


def dialled(services: Path, sourced: Iterable[str]) -> set[str]:
    """The names that compiled functions read and that are sourced, or made from what is."""
    uses: dict[str, set[str]] = defaultdict(set)
    read: set[str] = set()
    for path in services.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    if alias.asname:
                        uses[alias.asname].add(alias.name)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                if DECORATORS & {ast.unparse(one) for one in node.decorator_list}:
                    read |= _names(node)
                else:
                    uses[node.name] |= _names(node)
            elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for name in (name for target in targets for name in _names(target)):
                    uses[name] |= _names(node.value)
    found = set(sourced)
    while more := {name for name, made_of in uses.items() if made_of & found} - found:
        found |= more
    return found & read


def _names(tree: ast.AST) -> set[str]:
    """Names, and attributes of modules."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
    return found
