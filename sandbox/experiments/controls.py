"""The log of what a person did during a run: a JSON object a line, in the order it was done.

    {"t_s": 3600.0, "node": null, "action": "load", "args": {"factor": 2.0}}

`node` null is the run itself.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import InputError
from .files import read_text, write_whole

if TYPE_CHECKING:
    from sandbox.engine.controls import Control


def save(controls: Iterable[Control], path: str | Path) -> None:
    """Write a run's controls, whole or not at all. Raises FileError."""
    lines = [json.dumps(control.json(), ensure_ascii=False) + "\n" for control in controls]
    write_whole(Path(path), "".join(lines).encode("utf-8", "backslashreplace"))


def load(path: str | Path) -> list[Control]:
    """Read a log. Raises InputError naming the file and line for what is none."""
    path = Path(path)
    text = read_text(path, "a control log is a JSON object a line")
    # a file may hold U+2028 within a text: only line feeds end a line
    return [
        _control(line, f"{path}, line {number}")
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip()
    ]


def _control(line: str, where: str) -> Control:
    from sandbox.engine.controls import Control

    try:
        item: Any = json.loads(line)
    except (ValueError, RecursionError):
        raise InputError(f"{where}: not JSON; a control is {_EXAMPLE}") from None
    if not isinstance(item, dict):
        raise InputError(f"{where}: not an object; a control is {_EXAMPLE}")
    t_s, node = item.get("t_s"), item.get("node")
    if isinstance(t_s, bool) or not isinstance(t_s, (int, float)) or not 0 <= t_s < math.inf:
        raise InputError(f'{where}: "t_s" must be seconds since the start, 0 or more')
    if node is not None and not isinstance(node, str):
        raise InputError(f'{where}: "node" must be the id of a node, or null for the run')
    action, args = item.get("action"), item.get("args", {})
    if not isinstance(action, str) or not isinstance(args, dict):
        raise InputError(f'{where}: "action" must be text and "args" an object, as {_EXAMPLE}')
    return Control(float(t_s), node, action, args)


_EXAMPLE = '{"t_s": 60, "node": null, "action": "load", "args": {"factor": 2}}'
