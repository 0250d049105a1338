"""What the project says of itself is so: the README's commands, the wheel's content, the pins."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement

from sandbox.gui.preflight import DEBIAN_PACKAGES

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    return path


def test_every_make_command_of_the_readme_exists(makefile: str):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", readme, flags=re.DOTALL))
    commands = set(re.findall(r"\bmake ([a-z-]+)", code))
    assert {"run", "test"} <= commands
    assert commands <= set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))


def test_the_wheel_holds_every_asset_and_every_module(wheel: Path):
    tracked = subprocess.run(
        ["git", "ls-files", "assets", "sandbox"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    wanted = {re.sub(r"^assets/", "sandbox/_assets/", path) for path in tracked}
    assert wanted, "git tracks nothing"
    assert wanted <= set(zipfile.ZipFile(wheel).namelist())


def test_an_unpacked_wheel_finds_its_own_assets(wheel: Path, tmp_path: Path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    ask = "from sandbox.assets import asset; print(asset('icons'))"
    found = subprocess.run(
        [sys.executable, "-c", ask], cwd=tmp_path, check=True, capture_output=True, text=True
    ).stdout.strip()
    assert Path(found).resolve() == (tmp_path / "sandbox/_assets/icons").resolve()


def test_a_checkout_finds_the_assets_beside_the_package():
    from sandbox.assets import asset, assets

    assert assets() == ROOT / "assets"
    with pytest.raises(FileNotFoundError, match=r"no asset 'icons/teapot\.svg'"):
        asset("icons/teapot.svg")


@pytest.mark.parametrize(
    ("python", "version", "allowed"),
    [
        ("3.11", "6.11.3", True),
        ("3.11", "6.12.0", False),
        ("3.12", "6.12.0", True),
        ("3.13", "6.9.0", False),
    ],
)
def test_the_binding_that_aborts_on_python_3_11_is_not_installed_there(
    project: dict, python: str, version: str, allowed: bool
):
    pins = [
        requirement
        for requirement in map(Requirement, project["dependencies"])
        if requirement.name == "PySide6-Essentials"
        and Marker(str(requirement.marker)).evaluate({"python_version": python})
    ]
    assert len(pins) == 1
    assert pins[0].specifier.contains(version) is allowed


def test_make_installs_every_library_whose_absence_is_reported(makefile: str):
    installed = re.findall(r"^\w+_LIBRARIES\s*:=(.*)$", makefile, flags=re.MULTILINE)
    assert set(DEBIAN_PACKAGES.values()) == set(" ".join(installed).split())


def test_importing_the_package_imports_nothing_heavy():
    ask = (
        "import sys, sandbox, sandbox.__main__, sandbox.gui.preflight;"
        "print(*{'PySide6', 'numpy', 'numba', 'networkx', 'typer'} & set(sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    assert loaded == []
