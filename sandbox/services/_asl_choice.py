"""The comparisons of Choice states, evaluated on data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sandbox.services._asl_paths import PathError, Unknown, select

_OF = {
    "Equals": lambda a, b: a == b,
    "LessThan": lambda a, b: a < b,
    "GreaterThan": lambda a, b: a > b,
    "LessThanEquals": lambda a, b: a <= b,
    "GreaterThanEquals": lambda a, b: a >= b,
}
TESTS = ("IsPresent", "IsNull", "IsString", "IsNumeric", "IsBoolean", "IsTimestamp")
_COMPARE = (
    *(f"{kind}{name}" for kind in ("String", "Numeric", "Timestamp") for name in _OF),
    "BooleanEquals",
)
OF_2019 = (*_COMPARE, "And", "Or", "Not")  # the rest came in August 2020
COMPARISONS = (*_COMPARE, *(f"{name}Path" for name in _COMPARE), "StringMatches", *TESTS)


def holds(rule: Mapping[str, Any], data: Any, context: Any) -> bool:
    """Whether a rule holds; PathError where a variable it compares is not there."""
    if "And" in rule:
        return all(holds(one, data, context) for one in rule["And"])
    if "Or" in rule:
        return any(holds(one, data, context) for one in rule["Or"])
    if "Not" in rule:
        return not holds(rule["Not"], data, context)
    name = next(key for key in rule if key in COMPARISONS)
    wanted = rule[name]
    if name == "IsPresent":
        try:
            select(rule["Variable"], data, {**(context or {}), "_lenient": False})
        except PathError:
            return not wanted
        return bool(wanted)
    value = select(rule["Variable"], data, context)
    if name in TESTS and not isinstance(value, Unknown):
        return bool(_is(name, value) == wanted)
    if name.endswith("Path"):
        wanted, name = select(wanted, data, context), name[:-4]
    if isinstance(value, Unknown) or isinstance(wanted, Unknown):
        raise PathError(f"the sample does not say what {rule['Variable']} is")
    if name == "StringMatches":
        return isinstance(value, str) and _like(wanted).fullmatch(value) is not None
    if name == "BooleanEquals":
        return isinstance(value, bool) and isinstance(wanted, bool) and value == wanted
    kind = next(k for k in ("String", "Numeric", "Timestamp") if name.startswith(k))
    pair = _read(kind, value), _read(kind, wanted)
    if pair[0] is None or pair[1] is None:
        return False  # values of another type do not match
    return bool(_OF[name[len(kind) :]](*pair))


def _read(kind: str, value: Any) -> Any:
    if kind == "Numeric":
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return value if number else None
    if kind == "Timestamp":
        return _time(value)
    return value if isinstance(value, str) else None


def _is(name: str, value: Any) -> bool:
    if name == "IsNull":
        return value is None
    if name == "IsBoolean":
        return isinstance(value, bool)
    return _read(name[2:], value) is not None


def _time(value: Any) -> datetime | None:
    if not isinstance(value, str) or "T" not in value:
        return None
    try:
        found = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _like(pattern: str) -> re.Pattern[str]:
    """A pattern with * for any text; a backslash takes the next character as it is."""
    found = ""
    at = 0
    while at < len(pattern):
        one = pattern[at]
        if one == "\\" and at + 1 < len(pattern):
            at += 1
            found += re.escape(pattern[at])
        else:
            found += ".*" if one == "*" else re.escape(one)
        at += 1
    return re.compile(found, re.DOTALL)
