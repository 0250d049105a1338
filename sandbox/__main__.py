"""The start of the program: `sandbox [FILE]` opens the window, everything else is a command.

The one place that knows both the window and the command line, and it imports only the one asked
for: the window paints before the command line's parser would be loaded, and no command loads Qt.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program with the given arguments (default: the process's) and return its status.

    0 done, 1 a check failed, 2 wrong use or unreadable input.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments:
        return _window(None)
    if len(arguments) == 1 and _is_file_name(arguments[0]):
        return _window(Path(arguments[0]))

    from sandbox.cli import main as command_line

    return command_line(arguments)


def _is_file_name(argument: str) -> bool:
    """Commands have neither a dot nor a separator in their names, diagrams have."""
    return not argument.startswith("-") and any(mark in argument for mark in (".", os.sep))


def _window(diagram: Path | None) -> int:
    if diagram is not None and not diagram.is_file():
        return _refuse(f"{diagram}: no such file; `sandbox` alone opens an example")

    from sandbox.gui.preflight import problem

    if (why_not := problem()) is not None:
        return _refuse(why_not)

    from sandbox.gui.app import open_window

    return open_window(diagram)


def _refuse(message: str) -> int:
    print(f"sandbox: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
