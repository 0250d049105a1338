"""JSONPath and payload templates: how data is taken from and put into the input of a state."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

_STEP = re.compile(
    r"""\.\.(?P<deep>\*|[^\s.\[\]()'"]+)
      |\.(?P<name>\*|[^\s.\[\]()'"]+)
      |\['(?P<single>(?:[^'\\]|\\.)*)'\]
      |\["(?P<double>(?:[^"\\]|\\.)*)"\]
      |\[(?P<index>-?\d+)\]
      |\[(?P<list>-?\d+(?:\s*,\s*-?\d+)+)\]
      |\[(?P<slice>-?\d*:-?\d*(?::-?\d+)?)\]
      |\[(?P<any>\*)\]
      |\[\?\((?P<filter>.*?)\)\]""",
    re.VERBOSE,
)
_FILTER = re.compile(r"\s*@(?P<path>[^\s=<>!]*)\s*(?:(?P<op>==|!=|<=|>=|<|>)\s*(?P<value>.+?)\s*)?")
MANY = ("deep", "list", "slice", "any", "filter")


class Unknown(str):
    """What stands in a sample for data that the sample does not have."""


class PathError(ValueError):
    """A path that is written wrongly, or finds nothing: what, and in which path."""


@lru_cache(maxsize=4096)
def _steps(path: str) -> tuple[tuple[str, str], ...]:
    """The steps of a path after its root, each (kind, text)."""
    rest = path.lstrip("$")
    if rest and rest[0] not in ".[":
        rest = "." + rest  # a variable: $name
    found = []
    while rest:
        rest = rest[1:] if rest.startswith(".[") else rest  # $.[0] is written, too
        match = _STEP.match(rest)
        if match is None or match.lastgroup is None:
            raise PathError(f"{path!r} is no path: {rest!r} cannot be read")
        kind = match.lastgroup
        text = match.group(kind)
        if kind in ("single", "double"):
            kind, text = "name", re.sub(r"\\(.)", r"\1", text)
        elif text == "*" and kind == "name":
            kind = "any"
        found.append((kind, text))
        rest = rest[match.end() :]
    return tuple(found)


def check_path(path: Any, reference: bool = False) -> None:
    """Raise PathError unless this is a path (a reference path: one place only)."""
    if isinstance(path, str) and path.startswith("States."):
        from sandbox.services._asl_intrinsics import read

        read(path)
        return
    if not isinstance(path, str) or not path.startswith("$"):
        raise PathError(f"{path!r} is no path; a path begins with $")
    steps = _steps(path)
    if reference:
        if path.startswith("$$") or any(kind in MANY for kind, _ in steps):
            raise PathError(f"{path!r} names more than one place; this one must name one")


def check_template(value: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """(place, what is wrong) of each path and intrinsic function of a payload template."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key.endswith(".$"):
                try:
                    check_path(one)
                except PathError as error:
                    yield (key,), str(error)
            else:
                yield from (((key, *place), text) for place, text in check_template(one))
    elif isinstance(value, list):
        for i, one in enumerate(value):
            yield from (((i, *place), text) for place, text in check_template(one))


def select(path: str, data: Any, context: Any) -> Any:
    """What a path finds: in the data ($), the context object ($$) or a variable ($name)."""
    if path.startswith("States."):
        from sandbox.services._asl_intrinsics import evaluate

        return evaluate(path, data, context)
    if path.startswith("$$"):
        root = context
    elif len(path) > 1 and path[1] not in ".[":
        root = (context or {}).get("_variables", {})
    else:
        root = data
    steps = _steps(path)
    found = [root]
    for kind, text in steps:
        found = [one for item in found for one in _take(item, kind, text)]
    if any(kind in MANY for kind, _ in steps):
        return found
    if not found:
        if context and context.get("_lenient"):
            return Unknown(f"‹{path}›")
        raise PathError(f"the path {path} finds nothing in the input")
    return found[0]


def _take(item: Any, kind: str, text: str) -> Iterator[Any]:
    if kind == "name":
        if isinstance(item, dict) and text in item:
            yield item[text]
    elif kind == "any":
        yield from item.values() if isinstance(item, dict) else item if _list(item) else ()
    elif kind == "deep":
        for one in _all(item):
            yield from _take(one, "any" if text == "*" else "name", text)
    elif kind == "filter":
        items = item if _list(item) else item.values() if isinstance(item, dict) else ()
        yield from (one for one in items if _passes(text, one))
    elif _list(item):
        if kind == "slice":
            parts = [int(part) if part else None for part in text.split(":")]
            yield from item[slice(*parts)]
        else:
            for part in text.split(","):
                if -len(item) <= int(part) < len(item):
                    yield item[int(part)]


def _list(item: Any) -> bool:
    return isinstance(item, list)


def _all(item: Any) -> Iterator[Any]:
    yield item
    for one in item.values() if isinstance(item, dict) else item if _list(item) else ():
        yield from _all(one)


def _passes(text: str, item: Any) -> bool:
    """A filter such as @.price < 10 or @.isbn."""
    match = _FILTER.fullmatch(text)
    if match is None:
        raise PathError(f"the filter {text!r} cannot be read")
    try:
        value = select("$" + match["path"], item, None)
    except PathError:
        return False
    if match["op"] is None:
        return True
    wanted: Any = match["value"]
    if wanted[:1] in "'\"":
        wanted = wanted[1:-1]
    else:
        wanted = {"true": True, "false": False, "null": None}.get(wanted, wanted)
        if isinstance(wanted, str):
            try:
                wanted = float(wanted)
            except ValueError:
                raise PathError(f"the filter {text!r} cannot be read") from None
    op = match["op"]
    if op in ("==", "!="):
        return bool((value == wanted) == (op == "=="))
    try:
        less, same = value < wanted, value == wanted
    except TypeError:
        return False
    return bool(
        {"<": less, "<=": less or same, ">": not less and not same, ">=": not less or same}[op]
    )


def fill(template: Any, data: Any, context: Any) -> Any:
    """A payload template with its paths and intrinsic functions replaced by what they find."""
    if isinstance(template, dict):
        return {
            key[:-2] if key.endswith(".$") else key: (
                copy.deepcopy(select(one, data, context))
                if key.endswith(".$")
                else fill(one, data, context)
            )
            for key, one in template.items()
        }
    if isinstance(template, list):
        return [fill(one, data, context) for one in template]
    return template


def put(path: str, data: Any, value: Any) -> Any:
    """The data with a value put where a reference path says; PathError where it cannot be."""
    steps = _steps(path)
    if not steps:
        return value
    found = copy.deepcopy(data) if isinstance(data, (dict, list)) else {}
    here = found
    for i, (kind, text) in enumerate(steps):
        last = i == len(steps) - 1
        key: Any = int(text) if kind == "index" else text
        if kind == "index":
            if not _list(here) or not 0 <= key < len(here):
                raise PathError(f"the result cannot be put at {path}: there is no element {key}")
        elif not isinstance(here, dict):
            raise PathError(f"the result cannot be put at {path}: {text} is no field")
        if last:
            here[key] = value
        else:
            if isinstance(here, dict) and not isinstance(here.get(key), (dict, list)):
                here[key] = {}
            here = here[key]
    return found
