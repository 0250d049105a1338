"""References to resources inside resolved values: marks that survive joining and splitting.

`Ref` of a queue is its URL, of a topic its ARN and of a table its name. What counts here is which
resource is meant, so each becomes the resource's id between two private characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")


def mark(resource: str, attribute: str = "") -> str:
    return f"{_OPEN}{resource}{'.' + attribute if attribute else ''}{_CLOSE}"


def marked(value: Any) -> list[str]:
    """The resources a value refers to, each once, in order."""
    return list(dict.fromkeys(text.split(".", 1)[0] for text in _texts(value)))


def attributes(value: Any) -> list[tuple[str, str]]:
    """The same with the attribute that is asked for, empty for `Ref`."""
    found = (text.partition(".") for text in _texts(value))
    return list(dict.fromkeys((resource, attribute) for resource, _, attribute in found))


def without_marks(text: str) -> str:
    """For people: the resource's id in the place of the mark."""
    return _MARK.sub(lambda found: found[1], text)


def readable(value: Any) -> Any:
    """Plain values with resources' ids in the place of marks."""
    if isinstance(value, str):
        return without_marks(value)
    if isinstance(value, Mapping):
        return {str(key): readable(inner) for key, inner in value.items()}
    return [readable(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if _OPEN in value:
            yield from _MARK.findall(value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
