"""Bytes into JSON, with limits: what cannot be a diagram is refused early and in one line."""

from __future__ import annotations

import codecs
import json
from typing import Any

from .codec import Json
from .errors import FileError
from .shape import shown

MAX_MEGABYTES = 64
MAX_BYTES = MAX_MEGABYTES * 1_000_000
"""A diagram of 100,000 nodes takes some 25 MB."""
MAX_BRACKETS = 4_000_000
"""Objects and lists in a file; each costs far more memory than its two characters."""


def sniff(start: bytes, name: str) -> None:
    """Refuse what cannot be JSON by its first bytes. Raises FileError."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FileError(f"{name} is UTF-16 text; save it again as UTF-8")
    head = start.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
    if not start.strip():
        raise FileError(f"{name} is empty; choose another file")
    if head and head[:1] != b"{":
        raise FileError(
            f"{name}, line 1: this is not a diagram, which is JSON and begins with {{; "
            "choose another file"
        )


def decoded(data: bytes | str, name: str) -> str:
    """The text of a file. Raises FileError."""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    if len(data) > MAX_BYTES:
        raise FileError(
            f"{name} is more than {MAX_MEGABYTES} MB, too large for a diagram; choose another file"
        )
    sniff(data[:4096], name)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        line = data.count(b"\n", 0, failure.start) + 1
        raise FileError(
            f"{name}, line {line}: byte {failure.start} is not UTF-8 text; save it again as UTF-8"
        ) from None


def parsed(text: str, name: str) -> Json:
    """The JSON object of a text. Raises FileError, or RecursionError for what nests too deeply."""
    if text.count("{") + text.count("[") > MAX_BRACKETS:
        raise FileError(f"{name} holds more lists and objects than a diagram; choose another file")
    try:
        raw = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as failure:
        what = failure.msg[:1].lower() + failure.msg[1:]
        if not text[failure.pos :].strip() or not text.rstrip().endswith("}"):
            what += "; the file seems to be cut off, so use a backup or finish it by hand"
        else:
            what += "; correct the JSON there"
        raise FileError(f"{name}, line {failure.lineno} column {failure.colno}: {what}") from None
    except _Twice as failure:
        raise FileError(f"{name}: {failure}") from None
    except ValueError:  # of all else, only integers beyond Python's limit of digits
        raise FileError(f"{name} holds a number of too many digits; shorten it") from None
    if not isinstance(raw, dict):
        raise FileError(f"{name} is not a diagram, which is a JSON object; choose another file")
    return raw


class _Twice(Exception):
    """An object has a key twice."""


def _once(pairs: list[tuple[str, Any]]) -> Json:
    whole = dict(pairs)
    if len(whole) < len(pairs):
        seen: set[str] = set()
        key = next(k for k, _ in pairs if k in seen or seen.add(k))  # type: ignore[func-returns-value]
        where = f" in {shown(whole['id'])}" if "id" in whole else ""
        raise _Twice(f"the key {shown(key)} stands twice{where}; remove one of them")
    return whole
