"""A plugin of pytest: after all tests have passed, each change is judged in a copy of the process.

`FORKS` is a JSON list of changes of numbers that machine code reads: file, line, begin, end, what
stands there instead, and the name.  A copy has imported everything and holds all machine code, so
it only writes the number, wherever a module has it by its name, and runs the tests up to the
first failure.  What is derived from the number stays as it is: a change that no test notices is to
be judged from the start.  `FORKED` names the file of the verdicts, one a line.
"""

from __future__ import annotations

import ast
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import dials
from tests.conformance.mutant import changed, first

LONGEST_S = 300
FAILED, BROKEN = 10, 11


def _set(file: str, line: int, begin: int, end: int, new: str, name: str) -> None:
    path = Path(file)
    module = sys.modules[f"{dials.PACKAGE}.{path.stem}"]
    tree = ast.parse(changed(path.read_text(encoding="utf-8"), line, begin, end, new))
    made = dict(vars(module))
    for node in tree.body:
        if isinstance(node, ast.Assign) and node.lineno <= line <= (node.end_lineno or line):
            exec(compile(ast.Module([node], []), file, "exec"), made)
    before = vars(module)[name]
    for other in list(sys.modules.values()):
        known = vars(other).get(name) if hasattr(other, "__dict__") else None
        if type(known) is type(before) and known == before:
            setattr(other, name, made[name])
    dials.write()


def _notices(session: Any, change: list[Any] | None) -> bool:
    """Whether a test fails, or never ends."""
    child = os.fork()
    if child:
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return status in (FAILED, -signal.SIGALRM)
    try:
        signal.alarm(LONGEST_S)
        items = session.items
        if change:
            _set(*change)
            items = first(items, change[-1])
        for item, after in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if session.testsfailed:
                os._exit(FAILED)
        os._exit(0)
    except BaseException:
        os._exit(BROKEN)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: Any) -> Any:
    done = yield
    if not session.testsfailed and "FORKS" in os.environ:
        assert not _notices(session, None), "tests that pass fail in a copy of the process"
        with Path(os.environ["FORKED"]).open("w", encoding="utf-8") as verdicts:
            for change in json.loads(os.environ["FORKS"]):
                print(int(_notices(session, change)), file=verdicts, flush=True)
    return done
