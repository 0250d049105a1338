"""The intrinsic functions of Amazon States Language: States.Format and the others."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
import uuid
import zlib
from functools import lru_cache
from typing import Any

from sandbox.services._asl_paths import PathError, Unknown, check_path, select

SOURCE = "AWS Step Functions Developer Guide: Intrinsic functions for JSONPath states"
_NAME = re.compile(r"States\.([A-Za-z0-9]+)\(")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_HASHES = ("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512")
MOST_ITEMS = 1000  # of States.ArrayRange; SOURCE; H
_COUNTS = {
    "Format": (1, 99),
    "StringToJson": (1, 1),
    "JsonToString": (1, 1),
    "Array": (0, 99),
    "ArrayPartition": (2, 2),
    "ArrayContains": (2, 2),
    "ArrayRange": (3, 3),
    "ArrayGetItem": (2, 2),
    "ArrayLength": (1, 1),
    "ArrayUnique": (1, 1),
    "Base64Encode": (1, 1),
    "Base64Decode": (1, 1),
    "Hash": (2, 2),
    "JsonMerge": (3, 3),
    "MathRandom": (2, 3),
    "MathAdd": (2, 2),
    "StringSplit": (2, 2),
    "UUID": (0, 0),
}
Call = tuple[str, tuple[Any, ...]]


@lru_cache(maxsize=1024)
def read(text: str) -> Call:
    """A call as (function, arguments); an argument is ("value", x), ("path", p) or a call."""
    call, rest = _call(text)
    if rest.strip():
        raise PathError(f"{text!r}: {rest.strip()!r} stands after the call")
    return call


def _call(text: str) -> tuple[Call, str]:
    match = _NAME.match(text)
    if match is None or match[1] not in _COUNTS:
        known = ", ".join(_COUNTS)
        raise PathError(f"{text[:40]!r} is no intrinsic function; States has {known}")
    name, rest = match[1], text[match.end() :].lstrip()
    arguments: list[Any] = []
    while not rest.startswith(")"):
        if arguments:
            if not rest.startswith(","):
                raise PathError(f"States.{name}: a comma or ) is missing before {rest[:20]!r}")
            rest = rest[1:].lstrip()
        argument, rest = _argument(rest, name)
        arguments.append(argument)
        rest = rest.lstrip()
    least, most = _COUNTS[name]
    if not least <= len(arguments) <= most:
        count = f"{least}" if least == most else f"{least} to {most}"
        raise PathError(f"States.{name} takes {count} arguments, not {len(arguments)}")
    return (name, tuple(arguments)), rest[1:]


def _argument(rest: str, name: str) -> tuple[Any, str]:
    if rest.startswith("States."):
        return _call(rest)
    if rest.startswith("'"):
        match = re.match(r"'((?:[^'\\]|\\.)*)'", rest, re.DOTALL)
        if match is None:
            raise PathError(f"States.{name}: a text has no end: {rest[:20]!r}")
        return ("value", match[1]), rest[match.end() :]
    if rest.startswith("$"):
        match = re.match(r"""\$(?:\[[^\]]*\]|[^\s,()\[\]])*""", rest)
        assert match is not None
        check_path(match[0])
        return ("path", match[0]), rest[match.end() :]
    for word, value in (("true", True), ("false", False), ("null", None)):
        if rest.startswith(word):
            return ("value", value), rest[len(word) :]
    match = _NUMBER.match(rest)
    if match is None:
        raise PathError(f"States.{name}: {rest[:20]!r} is no argument; texts stand in '…'")
    return ("value", json.loads(match[0])), rest[match.end() :]


def evaluate(text: str, data: Any, context: Any) -> Any:
    """The value of a call; PathError where its arguments do not fit."""
    call = read(text)
    seed = int((context or {}).get("_seed", 0)) ^ zlib.crc32(text.encode())
    try:
        return _value(call, data, context, random.Random(seed))
    except PathError:
        if context and context.get("_lenient"):
            return Unknown(f"‹{text}›")
        raise


def _value(call: Any, data: Any, context: Any, chance: random.Random) -> Any:
    kind, rest = call
    if kind == "value":
        return _unescape(rest) if isinstance(rest, str) else rest
    if kind == "path":
        return select(rest, data, context)
    if kind == "Format":  # its braces may be escaped, so its first text is read as it stands
        first = rest[0][1] if rest[0][0] == "value" else _value(rest[0], data, context, chance)
        others = [_value(one, data, context, chance) for one in rest[1:]]
        return _format(first, others)
    arguments = [_value(one, data, context, chance) for one in rest]
    try:
        return _apply(kind, arguments, chance)
    except (TypeError, ValueError, IndexError, AttributeError) as error:
        raise PathError(f"States.{kind} cannot take its arguments: {error}") from None


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _format(template: Any, values: list[Any]) -> str:
    if not isinstance(template, str):
        raise PathError("States.Format takes a text first")
    parts = re.split(r"(?<!\\)\{\}", template)
    if len(parts) - 1 != len(values):
        raise PathError(f"States.Format has {len(parts) - 1} places for {len(values)} values")
    found = _unescape(parts[0])
    for value, part in zip(values, parts[1:], strict=True):
        shown = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        found += shown + _unescape(part)
    return found


def _apply(name: str, a: list[Any], chance: random.Random) -> Any:
    if name == "StringToJson":
        return json.loads(a[0])
    if name == "JsonToString":
        return json.dumps(a[0], separators=(",", ":"))
    if name == "Array":
        return a
    if name == "ArrayPartition":
        size = _whole(a[1], 1)
        return [a[0][i : i + size] for i in range(0, len(a[0]), size)]
    if name == "ArrayContains":
        return a[1] in a[0]
    if name == "ArrayRange":
        first, last, step = (_whole(one) for one in a)
        if step == 0:
            raise ValueError("the step is 0")
        found = list(range(first, last + (1 if step > 0 else -1), step))
        if len(found) > MOST_ITEMS:
            raise ValueError(f"it makes at most {MOST_ITEMS:,} items")
        return found
    if name == "ArrayGetItem":
        return a[0][_whole(a[1], 0)]
    if name == "ArrayLength":
        return len(_a_list(a[0]))
    if name == "ArrayUnique":
        return [one for i, one in enumerate(_a_list(a[0])) if one not in a[0][:i]]
    if name == "Base64Encode":
        return base64.b64encode(a[0].encode()).decode()
    if name == "Base64Decode":
        return base64.b64decode(a[0]).decode()
    if name == "Hash":
        if a[1] not in _HASHES:
            raise ValueError(f"there is {', '.join(_HASHES)}")
        text = a[0] if isinstance(a[0], str) else json.dumps(a[0], separators=(",", ":"))
        return hashlib.new(a[1].replace("-", "").lower(), text.encode()).hexdigest()
    if name == "JsonMerge":
        if a[2] is not False:
            raise ValueError("deep merging does not exist; the third argument is false")
        return {**a[0], **a[1]}
    if name == "MathRandom":
        own = random.Random(a[2]) if len(a) > 2 else chance
        return own.randrange(_whole(a[0]), _whole(a[1]))
    if name == "MathAdd":
        return _whole(a[0]) + _whole(a[1])
    if name == "StringSplit":
        return [part for part in re.split("[" + re.escape(a[1]) + "]", a[0]) if part]
    return str(uuid.UUID(int=chance.getrandbits(128), version=4))


def _a_list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def _whole(value: Any, least: int | None = None) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is no number")
    found = int(value + (0.5 if value > 0 else -0.5)) if isinstance(value, float) else value
    if least is not None and found < least:
        raise ValueError(f"{found} is below {least}")
    return found
