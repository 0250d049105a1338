"""What a person asked for that cannot be done: one line that says what, where, what to do."""

from __future__ import annotations


class InputError(Exception):
    """Wrong use or unreadable input; the message is one line for a person to read."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))
