"""`Fn::ForEach` written out (AWS CloudFormation User Guide: Fn::ForEach)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MAX_COPIES = 5_000
_BEGINS = "Fn::ForEach::"


def unrolled(value: Any, listed: Callable[[Any], Any]) -> Any:
    """A copy in which each loop is replaced by its copies; `listed` resolves a collection."""
    left = [MAX_COPIES]

    def walk(here: Any) -> Any:
        if isinstance(here, list):
            return [walk(item) for item in here]
        if not isinstance(here, dict):
            return here
        found: dict[str, Any] = {}
        for key, inner in here.items():
            if not (isinstance(key, str) and key.startswith(_BEGINS)):
                found[key] = walk(inner)
                continue
            if not (isinstance(inner, list) and len(inner) == 3 and isinstance(inner[2], dict)):
                continue
            name, collection, body = inner
            items = listed(collection)
            for item in items if isinstance(items, list) else [items]:
                left[0] -= 1
                if left[0] < 0:
                    return found
                found.update(walk(_put(body, str(name), str(item))))
        return found

    return walk(value)


def _put(value: Any, name: str, item: str) -> Any:
    if isinstance(value, str):
        letters = "".join(filter(str.isalnum, item))
        return value.replace(f"${{{name}}}", item).replace(f"&{{{name}}}", letters)
    if isinstance(value, list):
        return [_put(inner, name, item) for inner in value]
    if isinstance(value, dict):
        if value == {"Ref": name}:
            return item
        return {_put(key, name, item): _put(inner, name, item) for key, inner in value.items()}
    return value
