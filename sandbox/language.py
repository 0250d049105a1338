"""The one place where the program's English becomes the language of the person.

Every text that a person reads is written in English where it is used, inside `tr`, or inside `mark`
where it is chosen now and read later. `assets/translations/sandbox.ts` lists them all, for Qt
Linguist; `sandbox.gui.speaking` has Qt look up the translations.
"""

from __future__ import annotations

from collections.abc import Callable

_through: Callable[[str], str] | None = None
_english: dict[str, str] = {}  # of what was said in another language, what it was in English


def tr(text: str, /, **values: object) -> str:
    """`text` in the language of the person, with `values` in the places of their names.

    >>> tr("{found} of {all}", found=3, all=4)
    '3 of 4'
    """
    if _through is None:
        return text.format(**values) if values else text
    said = _through(text)
    if not values:
        _english.setdefault(said, text)
        return said
    return said.format(**values)


def english(said: str, /) -> str:
    """The text that `tr` said so, without values: a name that is the same in every language."""
    return _english.get(said, said)


def mark(text: str, /) -> str:
    """`text` itself, listed for translation: whoever shows it says `tr(text)`."""
    return text


def speak(through: Callable[[str], str] | None) -> None:
    """Have every text looked up by `through`; None is English."""
    global _through
    _through = through
    _english.clear()
