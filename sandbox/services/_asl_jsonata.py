"""JSONata in Amazon States Language: `{% … %}` evaluated on $states and the variables."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from functools import lru_cache
from random import Random
from typing import Any

from sandbox.services._asl_paths import PathError

SOURCE = "AWS Step Functions Developer Guide: Transforming data with JSONata"


def is_expression(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("{%") and value.rstrip().endswith("%}")


@lru_cache(maxsize=1024)
def check_expression(text: str) -> None:
    """Raise PathError unless this `{% … %}` can be read."""
    from jsonata import Jsonata

    try:
        Jsonata(text.rstrip()[2:-2].strip())
    except Exception as error:  # the library raises many kinds: the expression is at fault
        raise PathError(f"{text[:60]!r} is no JSONata: {error}") from None


def resolve(value: Any, states: Mapping[str, Any], variables: Mapping[str, Any], seed: int) -> Any:
    """A value with each expression in it replaced by its result; PathError where one fails."""
    if isinstance(value, dict):
        return {key: resolve(one, states, variables, seed) for key, one in value.items()}
    if isinstance(value, list):
        return [resolve(one, states, variables, seed) for one in value]
    if not is_expression(value):
        return value
    return _evaluate(value.rstrip()[2:-2].strip(), states, variables, seed)


def _evaluate(text: str, states: Mapping[str, Any], variables: Mapping[str, Any], seed: int) -> Any:
    from jsonata import Jsonata

    chance = Random(seed)
    try:
        found = Jsonata(text)
        found.register_lambda("uuid", lambda: str(uuid.UUID(int=chance.getrandbits(128))))
        found.register_lambda("random", lambda *a: (Random(a[0]) if a else chance).random())
        found.register_lambda("parse", lambda one: json.loads(one))
        found.register_lambda("hash", _hash)
        found.register_lambda("partition", _partition)
        found.register_lambda("range", lambda a, b, c: list(range(int(a), int(b) + 1, int(c))))
        result = found.evaluate(None, {"states": dict(states), **variables})
        plain = json.loads(json.dumps(result))
    except Exception as error:  # the library raises many kinds: the expression is at fault
        raise PathError(f"the expression {text[:60]!r} fails: {error}") from None
    if plain is None and text != "null":
        raise PathError(f"the expression {text[:60]!r} finds nothing")
    return plain


def _hash(text: str, name: str) -> str:
    return hashlib.new(name.replace("-", "").lower(), text.encode()).hexdigest()


def _partition(items: list[Any], size: float) -> list[list[Any]]:
    n = int(size)
    return [items[i : i + n] for i in range(0, len(items), n)]
