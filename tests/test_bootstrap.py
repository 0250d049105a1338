"""What `make` does on a bare machine, whose apt-get and dpkg-query are played by small scripts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Knows the packages listed in $MACHINE/packages; like the real one, fails when a name is unknown.
DPKG_QUERY = """#!/bin/sh
status=0
for name in "$@"; do
    case $name in --*|*db:Status*) continue ;; esac
    if grep -qx "$name" "$MACHINE/packages"; then echo installed; else status=1; fi
done
exit $status
"""
# Installs only after an update, as on a machine without package lists.
APT_GET = """#!/bin/sh
echo "$@" >> "$MACHINE/log"
case $1 in
    update) touch "$MACHINE/lists" ;;
    install) [ -e "$MACHINE/lists" ] || exit 100
        for name in "$@"; do echo "$name" >> "$MACHINE/packages"; done ;;
esac
"""


class Machine:
    """A bare Debian machine: `packages` are installed, `user` is who types."""

    def __init__(self, folder: Path, user: int = 0, packages: tuple[str, ...] = ()) -> None:
        self.folder = folder
        (folder / "packages").write_text("".join(f"{package}\n" for package in packages))
        (folder / "log").touch()
        self.program("dpkg-query", DPKG_QUERY)
        self.program("apt-get", APT_GET)
        self.program("id", f"#!/bin/sh\necho {user}\n")
        self.program("sudo", "#!/bin/sh\nexit 1\n")

    def program(self, name: str, script: str) -> None:
        path = self.folder / name
        path.write_text(script)
        path.chmod(0o755)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        path = f"{self.folder}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            [str(ROOT / ".make" / command[0]), *command[1:]],
            env={**os.environ, "MACHINE": str(self.folder), "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def packages(self) -> set[str]:
        return set((self.folder / "packages").read_text().split())

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()


def test_what_is_missing_is_installed_and_the_lists_fetched_first(tmp_path: Path):
    machine = Machine(tmp_path, packages=("libegl1",))
    result = machine.run("install-packages", "libegl1", "libgl1", "xvfb")
    assert result.returncode == 0, result.stderr
    assert {"libgl1", "xvfb"} <= machine.packages
    assert "installing system packages: libgl1 xvfb" in result.stdout
    assert "libegl1" not in machine.log


def test_what_is_there_is_left_alone_also_under_its_newer_name(tmp_path: Path):
    machine = Machine(tmp_path, packages=("libegl1", "libglib2.0-0t64"))
    result = machine.run("install-packages", "libegl1", "libglib2.0-0")
    assert (result.returncode, result.stdout, machine.log) == (0, "", "")


def test_who_may_not_install_is_told_what_to_type_and_the_command_goes_on(tmp_path: Path):
    machine = Machine(tmp_path, user=1000)
    result = machine.run("install-packages", "libegl1", "libgl1")
    assert result.returncode == 0
    assert machine.log == ""
    assert "apt-get install libegl1 libgl1" in result.stderr


def test_a_failing_installation_is_said_and_the_command_goes_on(tmp_path: Path):
    machine = Machine(tmp_path)
    machine.program("apt-get", "#!/bin/sh\nexit 100\n")
    result = machine.run("install-packages", "libegl1")
    assert result.returncode == 0
    assert "could not install" in result.stderr


def test_the_environment_is_made_with_the_python_that_is_named(tmp_path: Path):
    machine = Machine(tmp_path)
    result = machine.run("create-venv", str(tmp_path / "venv"), sys.executable)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "venv/bin/python").exists()
    assert machine.log == ""


def test_a_python_that_cannot_make_environments_gets_the_package_it_lacks(tmp_path: Path):
    machine = Machine(tmp_path)
    # As Debian's own: everything works but ensurepip, until the package is there.
    machine.program(
        "bare-python",
        f"""#!/bin/sh
case "$2" in *ensurepip*) grep -q -- '-venv$' "$MACHINE/packages"; exit ;; esac
exec {sys.executable} "$@"
""",
    )
    result = machine.run("create-venv", str(tmp_path / "venv"), "bare-python")
    assert result.returncode == 0, result.stderr
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert f"python{version}-venv" in machine.packages


@pytest.mark.parametrize("script", ["#!/bin/sh\nexit 1\n", None])
def test_a_python_that_is_too_old_or_missing_is_refused_by_name(tmp_path: Path, script: str | None):
    machine = Machine(tmp_path)
    if script:
        machine.program("python-old", script)
    result = machine.run("create-venv", str(tmp_path / "venv"), "python-old")
    assert result.returncode == 1
    assert "python-old is missing or older than 3.11" in result.stderr
    assert not (tmp_path / "venv").exists()
