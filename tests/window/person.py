"""Somebody in front of the program: real pointer, real keys, and eyes that know what to look for.

The program is a process of its own. What it shows is asked of it through `tap.py`, by the names
that assistive technology is told; what is done to it is done by xdotool on its X display. Nothing
is waited for longer than it takes: conditions are polled, and each has its bound.
"""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE_S = 30.0
"""How long anything may take, on a machine that is busy with other things."""


@dataclass(frozen=True)
class Seen:
    """One look at the window; see `tap.look`."""

    things: list[dict[str, Any]]
    nodes: dict[str, dict[str, Any]]
    ports: dict[str, list[int]]
    active: bool  # keys go to the window

    def all(self, name: str, role: str = "") -> list[dict[str, Any]]:
        return [t for t in self.things if t["name"] == name and role in ("", t["role"])]

    def one(self, name: str, role: str = "") -> dict[str, Any]:
        found = self.all(name, role)
        assert found, f"nothing visible is called {name!r}"
        return found[0]

    @property
    def message(self) -> str:
        """What the message bar says; "" without one."""
        found = self.all("Message")
        return found[0]["about"] if found else ""

    def headline(self, node: str) -> float:
        """The number on a node's card, 0 when it has none."""
        said = self.nodes[node]["headline"] if node in self.nodes else ""
        number = re.match(r"([\d.,]+) ?(k|M)?", said)
        if number is None:
            return 0.0
        return float(number[1].replace(",", "")) * {None: 1.0, "k": 1e3, "M": 1e6}[number[2]]


def middle(thing: dict[str, Any]) -> tuple[int, int]:
    x, y, width, height = thing["rect"]
    return x + width // 2, y + height // 2


class Person:
    """Starts the program and uses it."""

    def __init__(
        self, environment: dict[str, str], pictures: Path, file: Path | None = None
    ) -> None:
        self.environment, self.pictures = environment, pictures
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.window.tap", *([str(file)] if file else [])],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    # --- eyes ------------------------------------------------------------------------------------

    def look(self) -> Seen:
        return Seen(**self._ask("look"))

    def wait_s(self) -> float:
        """How long the window takes to get to something new."""
        begun = time.monotonic()
        self._ask("ping")
        return time.monotonic() - begun

    def until(self, what: str, holds: Callable[[Seen], Any], within_s: float = PATIENCE_S) -> Seen:
        """Look until it holds; the look in which it does."""
        end = time.monotonic() + within_s
        while True:
            seen = self.look()
            if holds(seen):
                return seen
            if time.monotonic() > end:
                self.picture("given-up")
                raise AssertionError(f"not within {within_s:.0f} s: {what}; {self._shown(seen)}")
            time.sleep(0.05)

    def come(self) -> Seen:
        """Wait for the furnished window and click into it.

        Only then keys go there; and there is no window manager to bring them back after a dialog.
        """
        seen = self.until("a furnished window", lambda seen: seen.all("Canvas"))
        self.click(middle(seen.one("Clock")))
        return self.until("an active window", lambda seen: seen.active)

    def until_running(self) -> Seen:
        """Until the diagram is compiled and its nodes show numbers."""
        return self.until(
            "numbers on the nodes",
            lambda seen: seen.nodes and all(n["headline"] for n in seen.nodes.values()),
            120.0,
        )

    def picture(self, name: str) -> None:
        path = str(self.pictures / f"{name}.png")
        self._run("import", "-window", "root", path)

    # --- hands -----------------------------------------------------------------------------------

    def click(self, at: tuple[int, int]) -> None:
        self._xdotool("mousemove", *at, "sleep", 0.05, "click", 1)

    def drag(self, begin: tuple[int, int], end: tuple[int, int], look: str = "") -> None:
        """Press, move in steps as a hand does, and let go; a picture before letting go."""
        (x, y), (to_x, to_y) = begin, end
        steps: list[object] = []
        for step in range(1, 11):
            at = x + (to_x - x) * step // 10, y + (to_y - y) * step // 10
            steps += ["mousemove", *at, "sleep", 0.02]
        self._xdotool("mousemove", x, y, "sleep", 0.1, "mousedown", 1, "sleep", 0.05, *steps)
        if look:
            time.sleep(0.15)
            self.picture(look)
        self._xdotool("sleep", 0.15, "mouseup", 1)

    def keys(self, *names: str) -> None:
        self._xdotool("key", "--delay", 30, *names)

    def type(self, text: str) -> None:
        self._xdotool("type", "--delay", 15, text)

    # --- starting and ending ---------------------------------------------------------------------

    def quit(self, within_s: float = PATIENCE_S) -> int:
        """Press Ctrl+Q; the exit status."""
        self.come()
        self.keys("ctrl+q")
        return self.ended(within_s)

    def ended(self, within_s: float = PATIENCE_S) -> int:
        try:
            return self.process.wait(timeout=within_s)
        except subprocess.TimeoutExpired:
            self.picture("not-ended")
            raise AssertionError(f"the program did not end within {within_s:.0f} s") from None

    def said(self) -> str:
        """All of standard error, once the program has ended."""
        assert self.process.stderr is not None
        return self.process.stderr.read().decode()

    def dismiss(self) -> None:
        """Whatever happened, no process stays."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=PATIENCE_S)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()

    # --- how -------------------------------------------------------------------------------------

    def _ask(self, request: str) -> dict[str, Any]:
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            stdin.write(f"{request}\n".encode())
            stdin.flush()
        except BrokenPipeError:
            raise AssertionError(f"the program has ended: {self.said()}") from None
        line = b""
        while not line.endswith(b"\n"):
            readable, _, _ = select.select([stdout], [], [], PATIENCE_S)
            assert readable, "the window does not answer"
            part = os.read(stdout.fileno(), 1 << 16)
            assert part, f"the program has ended: {self.said()}"
            line += part
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _shown(self, seen: Seen) -> str:
        cards = {name: node["headline"] for name, node in seen.nodes.items()}
        return f"the nodes say {cards}, the message is {seen.message!r}"

    def _xdotool(self, *words: object) -> None:
        self._run("xdotool", *map(str, words))

    def _run(self, *command: str) -> None:
        subprocess.run(command, env=self.environment, check=True, timeout=PATIENCE_S)
