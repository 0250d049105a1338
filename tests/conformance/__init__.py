"""Facts that services must obey: one test each, named by the fact and its public source.

`python -m tests.conformance` writes the table of facts, tests and sources; a test compares it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Fact(NamedTuple):
    """A sentence anybody can check, and the public page it can be checked on."""

    text: str
    source: str


def fact(text: str, *, source: str) -> Callable[[Any], Any]:
    """Say which fact a test is about; a test may be about several."""

    def mark(test: Any) -> Any:
        test.facts = [Fact(text, source), *getattr(test, "facts", [])]
        return test

    return mark
