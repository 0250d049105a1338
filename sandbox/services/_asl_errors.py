"""Errors of Amazon States Language, and which of them a retrier or catcher takes."""

from __future__ import annotations

from collections.abc import Sequence

SOURCE = "AWS Step Functions Developer Guide: Handling errors in workflows"
NEVER = ("States.Runtime", "States.DataLimitExceeded")  # not even States.ALL takes them; SOURCE; H


class Failure(Exception):
    """A state that failed: its error, why, and when (s since the start)."""

    def __init__(self, error: str, cause: str = "", at_s: float = 0.0) -> None:
        super().__init__(f"{error}: {cause}")
        self.error, self.cause, self.at_s = error, cause, at_s


def matches(errors: Sequence[str], error: str) -> bool:
    """Whether an ErrorEquals takes an error."""
    if error in errors:
        return True
    if error in NEVER:
        return False
    if "States.ALL" in errors:
        return True
    if error == "States.HeartbeatTimeout" and "States.Timeout" in errors:
        return True
    return "States.TaskFailed" in errors and error != "States.Timeout"
