"""What can go wrong with a file, in one line that says what, where, and what to do."""

from __future__ import annotations

import errno


class FileError(Exception):
    """A file that cannot be opened or saved; the message is one line for a person to read."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


_REASONS = {
    errno.ENOENT: "there is no such file or folder; check the name",
    errno.EACCES: "access is denied; change its permissions or choose another place",
    errno.EPERM: "it is not permitted; change its permissions or choose another place",
    errno.EROFS: "the disk is read-only; choose another place",
    errno.ENOSPC: "the disk is full; free some space or choose another place",
    errno.EDQUOT: "the disk quota is used up; free some space or choose another place",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.EISDIR: "it is a folder; choose a file name",
    errno.ENOTDIR: "part of the path is not a folder; check the path",
    errno.ELOOP: "its links lead in a circle; choose another place",
}


def reason_of(failure: OSError | ValueError) -> str:
    """Why the system refused, and what to do about it."""
    number = failure.errno if isinstance(failure, OSError) else None
    if number in _REASONS:
        return _REASONS[number]
    text = (failure.strerror if isinstance(failure, OSError) else None) or str(failure)
    return f"{text[:1].lower()}{text[1:]}; choose another file"
