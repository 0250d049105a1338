"""Changes sourced constants one by one, a step each, and shows which changes no test notices.

`python -m tests.conformance.mutate lambda_function` works on one service (all of them with no
name), in a copy of the project; `--share 0.1` takes every tenth constant.  A constant is sourced
when a comment with its source stands beside it, or when it is the default of a parameter that
names one.  Exit status 1 when fewer than 95 % of the changes are noticed.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
SERVICES = Path("sandbox/services")
NOTICED = 0.95
SMALL = 1000  # up to here a whole number steps by one, beyond by a hundredth


class Constant(NamedTuple):
    """A number in a file: where it stands, and what it is called."""

    path: Path
    line: int
    begin: int
    end: int
    name: str
    value: float


def constants(path: Path) -> Iterator[Constant]:
    """The sourced numbers of a file of services."""
    text = (ROOT / path).read_text(encoding="utf-8")
    lines = text.splitlines()
    tree = ast.parse(text)
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name.isupper() and re.search(r"#.*\w{3}", lines[node.lineno - 1]):
                yield from _numbers(path, name, node.value)
    for klass in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        for node in klass.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                call = node.value
                if isinstance(call, ast.Call) and any(k.arg == "source" for k in call.keywords):
                    yield from _numbers(path, f"{klass.name}.{node.target.id}", call.args[0])


def _numbers(path: Path, name: str, value: ast.expr) -> Iterator[Constant]:
    """The number itself, or the first of a product."""
    while isinstance(value, ast.BinOp):
        value = value.left
    if not isinstance(value, ast.Constant) or value.end_col_offset is None:
        return
    number = value.value
    if isinstance(number, (int, float)) and not isinstance(number, bool) and number:
        yield Constant(path, value.lineno, value.col_offset, value.end_col_offset, name, number)


def step(value: float) -> str:
    """The next value: one more of a small whole number, a hundredth more of anything else."""
    if isinstance(value, int) and value <= SMALL:
        return str(value + 1)
    return str(round(value * 1.01)) if isinstance(value, int) else repr(value * 1.01)


def files(service: str) -> list[Path]:
    """The service's own file and the helpers that it alone imports."""
    found = [SERVICES / f"{service}.py"]
    for helper in sorted((ROOT / SERVICES).glob("_[a-z]*.py")):
        users = {
            path.stem
            for path in (ROOT / SERVICES).glob("*.py")
            if re.search(rf"\b{helper.stem}\b", path.read_text(encoding="utf-8"))
        } - {helper.stem}
        if users and all(user == service or _serves(user, service) for user in users):
            found.append(SERVICES / helper.name)
    return found


def _serves(helper: str, service: str) -> bool:
    own = (ROOT / SERVICES / f"{service}.py").read_text(encoding="utf-8")
    return helper.startswith("_") and re.search(rf"\b{helper}\b", own) is not None


def tests(service: str) -> list[str]:
    """The tests that are about a service: those whose text names it."""
    folders = ("tests/conformance", "tests/services")
    found = [path for folder in folders for path in sorted((ROOT / folder).glob("test_*.py"))]
    return [
        str(path.relative_to(ROOT))
        for path in found
        if path.stem == f"test_{service}"
        or (path.parent.name == "conformance" and f'"{service}"' in path.read_text("utf-8"))
    ]


def noticed(constant: Constant, which: list[str], copy: Path) -> bool:
    """Whether a test fails once the constant has been changed in the copy."""
    path = copy / constant.path
    before = path.read_text(encoding="utf-8")
    lines = before.splitlines(keepends=True)
    line = lines[constant.line - 1].encode()
    new = line[: constant.begin] + step(constant.value).encode() + line[constant.end :]
    lines[constant.line - 1] = new.decode()
    path.write_text("".join(lines), encoding="utf-8")
    try:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider"]
        command += ["--timeout", "0", *which]
        environment = {**os.environ, "PYTHONPATH": str(copy)}
        return (
            subprocess.run(command, cwd=copy, env=environment, capture_output=True).returncode == 1
        )
    finally:
        path.write_text(before, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("services", nargs="*")
    parser.add_argument("--share", type=float, default=1.0)
    given = parser.parse_args()
    names = given.services or sorted(
        path.stem.removeprefix("test_")
        for path in (ROOT / "tests/services").glob("test_*.py")
        if (ROOT / SERVICES / f"{path.stem.removeprefix('test_')}.py").exists()
    )
    seen = of = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        leave = shutil.ignore_patterns(".git", ".venv", "__pycache__", "build", ".*_cache")
        shutil.copytree(ROOT, copy, ignore=leave)
        for service in names:
            which = tests(service)
            found = [c for path in files(service) for c in constants(path)]
            for constant in found[:: max(1, round(1 / given.share))]:
                of += 1
                fails = noticed(constant, which, copy)
                seen += fails
                if not fails:
                    where = f"{constant.path}:{constant.line}"
                    print(
                        f"{where}: {constant.name} = {constant.value}: no test notices", flush=True
                    )
            print(f"{service}: {seen} of {of} so far", flush=True)
    print(f"{seen} of {of} changes are noticed")
    return 0 if seen >= NOTICED * of else 1


if __name__ == "__main__":
    sys.exit(main())
