"""What cannot be imported, in one line that says what, where, and what to do."""

from __future__ import annotations

from sandbox.document.errors import FileError


class TemplateError(FileError):
    """A template that is refused; nothing of it was followed or run."""
