"""The command line: `sandbox run`, `services`, `check`, `import`, `export`, `verify`…

Nothing here imports Qt. An error is one line on standard error, never a traceback: what, where,
what to do. `SANDBOX_DEBUG=1` shows the traceback of what was not foreseen.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

DONE, FAILED, WRONG, INTERRUPTED = 0, 1, 2, 130
COMMANDS = ("run", "services", "check", "import", "export", "verify", "bench", "fidelity")


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its status: 0 done, 1 a check failed, 2 wrong use or input."""
    # Who started us may have closed them, and Python then has none.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    try:
        status = _obey(arguments)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not try again when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        return _refuse(error, arguments)


def _obey(arguments: Sequence[str]) -> int:
    from .app import command

    # Typer reads the words and hands back the work, so that errors of the one are not taken for
    # those of the other.
    outcome = command().main(list(arguments), prog_name="sandbox", standalone_mode=False)
    return int(outcome() if callable(outcome) else outcome or 0)


def _refuse(error: Exception, arguments: Sequence[str]) -> int:
    if os.environ.get("SANDBOX_DEBUG"):
        traceback.print_exc()
    print(f"sandbox: {_line(error, arguments)}", file=sys.stderr)
    return WRONG


def _line(error: Exception, arguments: Sequence[str]) -> str:
    """An error in one line."""
    from sandbox.document.changes import EditError
    from sandbox.document.errors import FileError, reason_of
    from sandbox.experiments.errors import InputError

    if hasattr(error, "format_message"):  # of Typer: unknown options, missing arguments
        text = " ".join(str(error.format_message()).split()).rstrip(".")
        command = next((word for word in arguments if not word.startswith("-")), "")
        known = f"{command} " if command in COMMANDS else ""
        return f"{text[:1].lower()}{text[1:]}; see: sandbox {known}--help"
    if isinstance(error, (InputError, FileError, EditError)) or type(error).__name__ in (
        "EngineError",
        "PluginError",
    ):
        return " ".join(str(error).split())
    if isinstance(error, OSError) and error.filename is None:
        return f"standard output cannot be written: {reason_of(error)}"
    if isinstance(error, KeyError) and error.args and " " in str(error.args[0]):
        return str(error.args[0])
    if isinstance(error, MemoryError):
        return "there is not enough memory for this run; make it shorter or record less often"
    kind = " ".join(f"{type(error).__name__}: {error}".split()).strip(": ")
    return (
        f"something went wrong that should not: {kind}; please report it "
        "(SANDBOX_DEBUG=1 shows where)"
    )
