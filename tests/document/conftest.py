"""A folder of somebody who is not root, for tests of what may not be read or written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

NOBODY = 65534


@pytest.fixture
def own_folder() -> Iterator[Path]:
    """A folder of one's own; root, whom no permission stops, is nobody until the test ends."""
    if not hasattr(os, "geteuid"):
        pytest.skip("permissions work differently here")
    with tempfile.TemporaryDirectory() as name:
        root = os.geteuid() == 0
        if root and not hasattr(os, "setresuid"):
            pytest.skip("root cannot be somebody else for a while here")
        if root:
            os.chown(name, NOBODY, -1)
            os.setresuid(NOBODY, NOBODY, 0)
        try:
            yield Path(name)
        finally:
            if root:
                os.setresuid(0, 0, 0)
            Path(name).chmod(0o700)
