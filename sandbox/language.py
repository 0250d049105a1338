"""The one place where the program's English becomes the language of the person.

Every text that a person reads is written in English where it is used, inside `tr`, or inside `mark`
where it is chosen now and read later. `assets/translations/sandbox.ts` lists them all, for Qt
Linguist; `sandbox.gui.speaking` has Qt look up the translations.
"""

from __future__ import annotations

from collections.abc import Callable

_through: Callable[[str], str] | None = None


def tr(text: str, /, **values: object) -> str:
    """`text` in the language of the person, with `values` in the places of their names.

    >>> tr("{found} of {all}", found=3, all=4)
    '3 of 4'
    """
    said = text if _through is None else _through(text)
    return said.format(**values) if values else said


def mark(text: str, /) -> str:
    """`text` itself, listed for translation: whoever shows it says `tr(text)`."""
    return text


def speak(through: Callable[[str], str] | None) -> None:
    """Have every text looked up by `through`; None is English."""
    global _through
    _through = through
