"""The table of facts: what services must obey, the tests that hold them to it, public sources."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.conformance import Fact

FOLDER = Path(__file__).parent
PAGE = FOLDER.parents[1] / "assets" / "fidelity" / "conformance.md"

HEAD = """# Conformance

What the services must obey, fact by fact: the test that runs the engine against it, and the public
page the fact stands on. `python -m tests.conformance` writes this table; a test compares it.
"""


class Row(NamedTuple):
    subject: str
    fact: Fact
    test: str


def rows() -> Iterator[Row]:
    """Every fact of the tests in this folder, in the order of the files and of their lines."""
    for path in sorted(FOLDER.glob("test_*.py")):
        module = importlib.import_module(f"{__package__}.{path.stem}")
        title = (module.__doc__ or path.stem).partition("\n")[0].partition(":")[0].rstrip(".")
        for name, test in vars(module).items():
            for fact in getattr(test, "facts", ()):
                yield Row(title, fact, f"{path.name}::{name}")


def markdown() -> str:
    """The page, ending in a newline."""
    found = list(rows())
    lines = [HEAD, f"{len(found)} facts.", ""]
    for subject, group in itertools.groupby(found, lambda row: row.subject):
        lines += [f"## {subject}", "", "| Fact | Source | Test |", "|---|---|---|"]
        lines += [f"| {_cell(r.fact.text)} | {_cell(r.fact.source)} | `{r.test}` |" for r in group]
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
