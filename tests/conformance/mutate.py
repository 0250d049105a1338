"""Changes sourced constants one by one, a step each, and shows which changes no test notices.

`python -m tests.conformance.mutate lambda_function` works on one service (all of them with no
name), `… _fargate` on a file that several share; `--share 0.1` takes every tenth constant.  A
constant is sourced when a comment with its page stands beside it, or when it is the default of a
parameter that names one; what is marked as an assumption or of low confidence is not.

Nothing is written: a number is another in memory only (`mutant`).  Machine code reads the numbers
instead of holding them (`dials`), so all of it is compiled once, in ten minutes or so; `--cache
FOLDER` keeps it for the next time, and `--code` judges these numbers only.  Their changes are
judged in copies of one process (`forks`), seconds each; what no test notices there once more from
the start, for what is derived from it.  A number that lays out records compiles services again.
Exit status 1 when fewer than 95 % of the changes are noticed.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.conformance.machine_code import dialled

ROOT = Path(__file__).parents[2]
SERVICES = Path("sandbox/services")
PACKAGE = "sandbox.services"
PAGE = r"(?i)guide|reference|pricing|quota|\bAPI\b|https?:|documentation|…"
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
        if isinstance(node, ast.Assign) and _sourced(lines[node.end_lineno - 1]):
            for target, value in _pairs(node.targets[0], node.value):
                if isinstance(target, ast.Name) and target.id.isupper():
                    yield from _numbers(path, target.id, value)
    for klass in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        for node in klass.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                call = node.value
                if isinstance(call, ast.Call) and _certain(call):
                    yield from _numbers(path, f"{klass.name}.{node.target.id}", call.args[0])


def _sourced(line: str) -> bool:
    """Whether the comment at a line's end, or the one that it goes on with, names a page."""
    comment = line.partition("#")[2]
    named = re.search(PAGE, comment) or set(re.findall(r"\b[A-Z][A-Z_]{2,}\b", comment)) & _pages()
    return bool(named) and "assumption" not in comment


@cache
def _pages() -> set[str]:
    """The names that stand for titles and addresses of pages in the services' files."""
    text = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / SERVICES).glob("*.py"))
    return set(re.findall(r'^([A-Z][A-Z_]+) = \(?\s*f?"', text, flags=re.M))


def _certain(call: ast.Call) -> bool:
    """Whether a parameter names a source, and is not said to be of low confidence."""
    given = {k.arg: ast.unparse(k.value) for k in call.keywords}
    return "source" in given and given.get("confidence") != "'L'"


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The target and its value, or of `A, B = 1, 2` each with its own."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        yield from zip(target.elts, value.elts, strict=True)
    elif isinstance(value, ast.Tuple):
        yield from ((target, one) for one in value.elts)
    else:
        yield target, value


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
    """The service's own file and the helpers that it alone imports; or the one file named."""
    own = SERVICES / f"{service}.py"
    if service.startswith("_"):
        return [own]
    importers = _importers()
    found: set[str] = {service}
    while True:
        more = {name for name, users in importers.items() if name[0] == "_" and users <= found}
        if more <= found:
            return [own, *(SERVICES / f"{name}.py" for name in sorted(found - {service}))]
        found |= more


def _importers() -> dict[str, set[str]]:
    """By file, the files of services that import it."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / SERVICES).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
                module = (node.module or "").removeprefix(PACKAGE).removeprefix(".")
                for name in [module] if module else [alias.name for alias in node.names]:
                    found.setdefault(name, set()).add(path.stem)
    return found


def tests(service: str) -> list[str]:
    """The tests that are about a service, its conformance first: those whose text names it."""
    if service.startswith("_"):  # a file that several share
        users, found = _importers()[service], {service}
        while users - found:
            found |= users
            users = set().union(*(_importers().get(name, set()) for name in found))
        return sorted({t for name in found if name[0] != "_" for t in tests(name)})
    folders = ("tests/conformance", "tests/services")
    every = [path for folder in folders for path in sorted((ROOT / folder).glob("test_*.py"))]
    return [
        str(path.relative_to(ROOT))
        for path in every
        if path.stem == f"test_{service}"
        or path.stem.startswith(f"test_{service}_")
        or (path.parent.name == "conformance" and f'"{service}"' in path.read_text("utf-8"))
    ]


class Judge(NamedTuple):
    """The project and the machine code that all mutants share, and the names it reads."""

    cache: Path
    names: str

    def forks(self, which: list[str], found: list[Constant]) -> list[bool]:
        """Of each number that machine code reads, whether a test notices its change."""
        changes = [
            (str(ROOT / c.path), c.line, c.begin, c.end, step(c.value), c.name) for c in found
        ]
        with tempfile.TemporaryDirectory() as folder:
            verdicts = Path(folder) / "verdicts"
            self.run(which, FORKS=json.dumps(changes), FORKED=str(verdicts))
            return [line == "1" for line in verdicts.read_text("utf-8").splitlines()]

    def run(self, which: list[str], constant: Constant | None = None, **more: str) -> int:
        """The exit status of the tests, with one constant changed in memory."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(self.cache)}
        environment |= {"DIALS": self.names, "PYTHONDONTWRITEBYTECODE": "1", **more}
        if constant:
            place = (constant.line, constant.begin, constant.end, step(constant.value))
            environment["MUTANT"] = "|".join(map(str, (ROOT / constant.path, *place)))
            environment["MUTANT_OF"] = constant.name.rpartition(".")[2]
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider"]
        command += ["-p", "tests.conformance.mutant", "-p", "tests.conformance.dials"]
        command += ["-p", "tests.conformance.forks"]
        command += ["--timeout", "600", *which]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        # 2: a test could not even be imported, 3: nor could a service
        if done.returncode not in (0, 1, 2, 3) or (done.returncode == 3 and not constant):
            raise SystemExit(f"the tests could not be run: {done.stdout[-3000:]}{done.stderr}")
        if done.returncode and not constant:
            raise SystemExit(f"the tests fail as it is: {done.stdout[-3000:]}")
        return done.returncode


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("services", nargs="*")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--code", action="store_true", help="what machine code reads only")
    parser.add_argument("--cache", type=Path, help="folder of machine code, kept for the next time")
    given = parser.parse_args()
    every = sorted((ROOT / SERVICES).glob("*.py"))
    names = given.services or [
        path.stem for path in every if (ROOT / "tests/services" / f"test_{path.stem}.py").exists()
    ]
    sourced = {c.name for path in every for c in constants(path.relative_to(ROOT))}
    seen = of = 0
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge(
            (given.cache or Path(folder)).resolve(),
            "|".join(sorted(dialled(ROOT / SERVICES, sourced))),
        )
        for service in names:
            which = tests(service)
            found = [c for path in files(service) for c in constants(path)]
            found = found[:: max(1, round(1 / given.share))]
            read = [c for c in found if c.name in judge.names.split("|")]
            seen_by_forks = dict(zip(read, judge.forks(which, read), strict=True))
            if given.code:
                found = read
            fails = 0
            for constant in found:
                noticed = seen_by_forks.get(constant) or bool(judge.run(which, constant))
                fails += noticed
                if not noticed:
                    what = f"{constant.name} = {constant.value}"
                    print(f"{constant.path}:{constant.line}: {what}: no test notices", flush=True)
            print(f"{service}: {fails} of {len(found)}", flush=True)
            seen, of = seen + fails, of + len(found)
    print(f"{seen} of {of} changes are noticed")
    return 0 if seen >= NOTICED * of else 1


if __name__ == "__main__":
    sys.exit(main())
