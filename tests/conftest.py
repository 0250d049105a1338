"""What all tests share: no screen, nothing of the user's touched, real inputs where there are any.

The user's cache folder alone is kept: it holds compiled machine code, which every worker and every
run would otherwise compile again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

# Set while tests are being collected: Qt and platformdirs read them when first asked.
_HOME = Path(tempfile.mkdtemp(prefix="sandbox-tests-"))
for _variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
    os.environ[_variable] = str(_HOME / _variable.lower())
os.environ.pop("SANDBOX_SERVICES", None)
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The first example of a compiled law pays for its compilation, so time says nothing about it; and
# a change is judged by the same examples each time.
hypothesis.settings.register_profile("here", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("here")


def pytest_unconfigure() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)


def pytest_runtest_setup(item: pytest.Item) -> None:
    needed = set()
    if item.get_closest_marker("xvfb") or item.get_closest_marker("real_window"):
        needed.add("Xvfb")
    if item.get_closest_marker("real_window"):
        needed.add("xdotool")
    missing = sorted(program for program in needed if shutil.which(program) is None)
    if missing:
        reason = f"needs {', '.join(missing)}"
        # Where changes are judged a test that cannot run is a failure, not a pass.
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


@pytest.fixture(autouse=True, scope="session")
def _own_settings() -> None:
    """QSettings lie in this run's folder, as INI files: macOS's native ones cannot be moved."""
    from PySide6.QtCore import QSettings

    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for format_ in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
        for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
            QSettings.setPath(format_, scope, str(_HOME / "settings"))


@pytest.fixture(scope="session")
def real_inputs() -> Path:
    """The folder of templates, workflows and load traces that people use: $SANDBOX_REAL_INPUTS."""
    folder = os.environ.get("SANDBOX_REAL_INPUTS")
    if not folder:
        pytest.skip("SANDBOX_REAL_INPUTS names no folder of real templates and traces")
    assert Path(folder).is_dir(), f"SANDBOX_REAL_INPUTS={folder} is no folder"
    return Path(folder)


@pytest.fixture
def display() -> Iterator[str]:
    """A virtual X display of the test's own, such as ":99", for programs that it starts.

    Mark the test `xvfb`, or `real_window` when it moves the pointer.
    """
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x900x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as answer:
        number = answer.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait(timeout=10)
