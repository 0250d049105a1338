"""What cannot be imported or exported, in one line that says what, where, and what to do."""

from __future__ import annotations

from sandbox.document.errors import FileError


class TemplateError(FileError):
    """A template that is refused; nothing of it was followed or run."""


class ExportError(FileError):
    """A diagram that cannot be written in another format."""
