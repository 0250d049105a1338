"""The line of something in JSON text, found only when there is an error to report."""

from __future__ import annotations

import json
import re

_SPACE = re.compile(r"[ \t\n\r]*")


def line_of(text: str, place: tuple[str | int, ...]) -> int:
    """The line (from 1) where the value at this path begins, or as far along the path as it goes.

    The text must be valid JSON.
    """
    return text.count("\n", 0, _offset_of(text, place)) + 1


def _offset_of(text: str, place: tuple[str | int, ...]) -> int:
    decoder = json.JSONDecoder()

    def skip(at: int) -> int:
        found = _SPACE.match(text, at)
        return found.end() if found else at

    here = skip(0)
    for step in place:
        opening = "{" if isinstance(step, str) else "["
        if text[here : here + 1] != opening:
            return here
        at, number, found = skip(here + 1), 0, None
        while text[at] not in "}]":
            name: str | int = number
            if opening == "{":
                name, at = decoder.raw_decode(text, at)
                at = skip(skip(at) + 1)
            if name == step:
                found = at
                break
            _, at = decoder.raw_decode(text, at)
            at = skip(at)
            if text[at] == ",":
                at = skip(at + 1)
            number += 1
        if found is None:
            return here
        here = found
    return here
