"""Event patterns and filter policies: which events a rule or a subscription takes.

A pattern is a JSON object: its keys must all match, a leaf is a list of which one must.  Sources:
Amazon EventBridge User Guide, "Comparison operators for use in event patterns"; Amazon SNS
Developer Guide, "Amazon SNS subscription filter policies".
"""

from __future__ import annotations

import functools
import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

MISSING = object()
Json = Any
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def parse(text: str) -> Mapping[str, Json]:
    """The pattern that a text says; an empty text takes everything.

    Raises ValueError with the place and the remedy.
    """
    if not text.strip():
        return {}
    try:
        pattern = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno}, column {error.colno}: {error.msg}") from error
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    if not isinstance(pattern, dict):
        raise ValueError('must be a JSON object, such as {"type": ["order"]}')
    _check(pattern, "")
    return pattern


def matches(pattern: Mapping[str, Json], event: Mapping[str, Json]) -> bool:
    """Whether an event has all that the pattern asks for."""
    return all(
        any(matches(one, event) for one in wanted)
        if key == "$or"
        else _matches_key(wanted, event.get(key, MISSING))
        for key, wanted in pattern.items()
    )


def _matches_key(wanted: Json, found: Json) -> bool:
    if isinstance(wanted, Mapping):
        return matches(wanted, found if isinstance(found, Mapping) else {})
    values = found if isinstance(found, list) else [found]
    return any(_leaf(one, value) for one in wanted for value in values)


def _leaf(wanted: Json, value: Json) -> bool:
    if not isinstance(wanted, Mapping):
        return _same(wanted, value)
    ((operator, given),) = wanted.items()
    if operator == "exists":
        return (value is not MISSING) == given
    return value is not MISSING and _OPERATORS[operator](given, value)


def _same(wanted: Json, value: Json) -> bool:
    if isinstance(wanted, bool) or isinstance(value, bool) or wanted is None:
        return wanted is value
    return bool(wanted == value)


def _anything_but(given: Json, value: Json) -> bool:
    if isinstance(given, Mapping):
        ((operator, inner),) = given.items()
        return not any(_OPERATORS[operator](one, value) for one in _listed(inner))
    return not any(_same(one, value) for one in _listed(given))


def _edge(given: Json, value: Json, ends: Callable[[str, str], bool]) -> bool:
    if not isinstance(value, str):
        return False
    if isinstance(given, Mapping):  # {"equals-ignore-case": "…"}
        return ends(value.casefold(), given["equals-ignore-case"].casefold())
    return ends(value, given)


def _numeric(given: list[Json], value: Json) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    pairs = zip(given[::2], given[1::2], strict=True)
    return all(_COMPARE[operator](value, bound) for operator, bound in pairs)


def _cidr(given: str, value: Json) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(given, strict=False)
    except ValueError:
        return False


def _wildcard(given: str, value: Json) -> bool:
    return isinstance(value, str) and _glob(given).fullmatch(value) is not None


@functools.lru_cache(maxsize=256)
def _glob(given: str) -> re.Pattern[str]:
    parts = re.findall(r"\\\*|\\\\|\*|[^*\\]+|\\", given)
    plain = {"*": ".*", "\\*": r"\*", "\\\\": r"\\"}
    return re.compile("".join(plain.get(part, re.escape(part)) for part in parts), re.DOTALL)


_OPERATORS: dict[str, Callable[[Json, Json], bool]] = {
    "prefix": lambda given, value: _edge(given, value, str.startswith),
    "suffix": lambda given, value: _edge(given, value, str.endswith),
    "equals-ignore-case": lambda given, value: (
        isinstance(value, str) and value.casefold() == given.casefold()
    ),
    "anything-but": _anything_but,
    "numeric": _numeric,
    "cidr": _cidr,
    "wildcard": _wildcard,
}
_WITHIN_ANYTHING_BUT = ("prefix", "suffix", "equals-ignore-case", "wildcard")


def _listed(given: Json) -> list[Json]:
    return given if isinstance(given, list) else [given]


# ---------------------------------------------------------------- what a pattern may say


def _check(pattern: Mapping[str, Json], at: str) -> None:
    if not pattern:
        raise ValueError(f"{at or 'the pattern'} is empty: name a field, or leave the text empty")
    for key, wanted in pattern.items():
        where = f"{at}.{key}" if at else key
        if key == "$or":
            if not isinstance(wanted, list) or len(wanted) < 2:
                raise ValueError(f"{where} needs a list of two patterns or more")
            for one in wanted:
                _check_object(one, where)
                _check(one, where)
        elif isinstance(wanted, dict):
            _check(wanted, where)
        elif isinstance(wanted, list):
            if not wanted:
                raise ValueError(f"{where} is an empty list, which matches nothing")
            for one in wanted:
                _check_leaf(one, where)
        else:
            raise ValueError(f"{where} must be a list: write [{json.dumps(wanted)}]")


def _check_object(given: Json, where: str) -> None:
    if not isinstance(given, dict):
        raise ValueError(f"{where}: {json.dumps(given)} is no JSON object")


def _check_leaf(given: Json, where: str) -> None:
    if isinstance(given, list):
        _check_object(given, where)
    if not isinstance(given, dict):
        return
    if len(given) != 1:
        raise ValueError(f"{where}: one operator at a time, not {', '.join(given) or 'none'}")
    ((operator, value),) = given.items()
    if operator == "exists":
        _need(isinstance(value, bool), where, operator, "true or false")
    elif operator == "numeric":
        _check_numeric(value, where)
    elif operator == "cidr":
        try:
            ipaddress.ip_network(value, strict=False)
        except ValueError as error:
            raise ValueError(f"{where}: cidr: {error}") from None
    elif operator == "anything-but":
        if isinstance(value, dict):
            _need(len(value) == 1, where, operator, "one operator at a time")
            ((inner, given_to),) = value.items()
            known = ", ".join(_WITHIN_ANYTHING_BUT)
            _need(inner in _WITHIN_ANYTHING_BUT, where, operator, f"a value, a list, or {known}")
            _need(_texts(_listed(given_to)), where, inner, "a text or a list of texts")
        else:
            _need(bool(_listed(value)), where, operator, "a value or a list of values")
    elif operator in ("prefix", "suffix"):
        folded = value.get("equals-ignore-case") if isinstance(value, dict) else value
        _need(isinstance(folded, str), where, operator, "a text")
    elif operator in _OPERATORS:
        _need(isinstance(value, str), where, operator, "a text")
        if operator == "wildcard":
            _need("**" not in value, where, operator, "no two * in a row")
    else:
        known = ", ".join(("exists", *_OPERATORS))
        raise ValueError(f"{where}: there is no operator {operator}; there are {known}")


def _texts(values: list[Json]) -> bool:
    return bool(values) and all(isinstance(value, str) for value in values)


def _check_numeric(value: Json, where: str) -> None:
    good = (
        isinstance(value, list)
        and len(value) in (2, 4)
        and all(operator in _COMPARE for operator in value[::2])
        and all(isinstance(n, (int, float)) and not isinstance(n, bool) for n in value[1::2])
    )
    _need(good, where, "numeric", 'pairs such as [">", 0, "<=", 5]')


def _need(good: bool, where: str, operator: str, wanted: str) -> None:
    if not good:
        raise ValueError(f"{where}: {operator} takes {wanted}")
