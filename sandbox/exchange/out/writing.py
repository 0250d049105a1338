"""A template as YAML with CloudFormation's short tags, readable by YAML 1.1 and 1.2 alike.

A word is left without quotes only where every reader takes it for that word; most other texts are
written as JSON writes them, which is YAML too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from sandbox.exchange.reading import plain_value

_PLAIN = re.compile(r"[A-Za-z/](?:[A-Za-z0-9_./+-]|:(?=[A-Za-z0-9:])| (?=[A-Za-z0-9]))*")
_SHORT = ("Ref", "Fn::GetAtt", "Fn::Sub", "Fn::Join", "Fn::Select", "Fn::GetAZs", "Fn::Base64")
_INLINE = 80
_NOT_PRINTED = re.compile("[\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def yaml_text(template: dict[str, Any]) -> str:
    """The whole, each part of the template after an empty line."""
    parts = ["\n".join(yaml_lines({key: value}, "")) for key, value in template.items()]
    return "\n\n".join(parts) + "\n"


def yaml_lines(value: dict[str, Any], indent: str) -> Iterator[str]:
    """A mapping as lines that begin at an indent."""
    for key, inner in value.items():
        yield from _entry(f"{indent}{scalar(str(key))}:", inner, indent)


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    tag, value = _tagged(value)
    head = f"{head} {tag}" if tag else head
    if not isinstance(value, (dict, list)) or not value:
        text = scalar(value) if not isinstance(value, (dict, list)) else json.dumps(value)
        yield f"{head} {text}"
    elif (line := _inline(value)) is not None and len(head) + len(line) < _INLINE:
        yield f"{head} {line}"
    elif isinstance(value, dict):
        yield head
        yield from yaml_lines(value, indent + "  ")
    else:
        yield head
        for item in value:
            yield from _item(item, indent + "  ")


def _item(value: Any, indent: str) -> Iterator[str]:
    tag, inner = _tagged(value)
    if not tag and isinstance(inner, dict) and inner and _inline(inner) is None:
        lines = list(yaml_lines(inner, indent + "  "))
        yield f"{indent}- {lines[0].lstrip(' ')}"
        yield from lines[1:]
    else:
        yield from _entry(f"{indent}-", value, indent)


def _inline(value: Any) -> str | None:
    """A list of plain values on one line, or None."""
    if not isinstance(value, list) or any(isinstance(item, (dict, list)) for item in value):
        return None
    return "[" + ", ".join(json.dumps(i) if isinstance(i, str) else scalar(i) for i in value) + "]"


def _tagged(value: Any) -> tuple[str, Any]:
    """`{"Ref": x}` as the tag `!Ref` and x; a tag within a tag is written out."""
    if isinstance(value, dict) and len(value) == 1:
        key, inner = next(iter(value.items()))
        if key in _SHORT and not (isinstance(inner, dict) and _tagged(inner)[0]):
            if key == "Fn::GetAtt" and isinstance(inner, list) and "." not in inner[1]:
                inner = ".".join(inner)
            return "!" + key.removeprefix("Fn::"), inner
    return "", value


def scalar(value: Any) -> str:
    """A text, number, truth or null as YAML."""
    if isinstance(value, str):
        if _PLAIN.fullmatch(value) and plain_value(value) == value and value not in ("y", "n"):
            return value
        if '"' in value and value.isascii() and value.isprintable():
            return "'" + value.replace("'", "''") + "'"
        text = json.dumps(value, ensure_ascii=False)
        return _NOT_PRINTED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return json.dumps(value)
