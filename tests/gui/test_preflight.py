"""The look before the leap: why no window can open is said in one line, before Qt is loaded."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from sandbox.gui import preflight

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="asks X11 and Wayland")


@linux_only
def test_without_a_display_the_headless_command_is_named():
    assert preflight.problem({}) == (
        "no display to open a window on; run the diagram without one: sandbox run FILE"
    )


@linux_only
def test_a_display_that_does_not_answer_is_no_display():
    assert "no display" in str(preflight.problem({"DISPLAY": ":7654"}))


@linux_only
def test_an_abandoned_wayland_socket_is_no_display(tmp_path: Path):
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(tmp_path / "wayland-0"))
    environ = {"XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "wayland-0"}
    assert not preflight.wayland_answers(environ)


@linux_only
def test_a_wayland_socket_that_listens_is_a_display(tmp_path: Path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-1"))
        server.listen()
        environ = {"XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "wayland-1"}
        assert preflight.wayland_answers(environ)


@pytest.mark.xvfb
@linux_only
def test_a_display_that_answers_lets_the_window_open(display: str):
    assert preflight.problem({"DISPLAY": display}) is None


@pytest.mark.xvfb
@linux_only
def test_a_display_is_not_used_when_another_platform_is_asked_for(display: str):
    environ = {"DISPLAY": display, "QT_QPA_PLATFORM": "wayland"}
    assert "no display" in str(preflight.problem(environ))


def test_a_platform_without_a_display_is_let_through():
    assert preflight.problem({"QT_QPA_PLATFORM": "offscreen:configfile=screens.json"}) is None


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where the preflight looks for Qt's platform plugins, empty."""
    folder = tmp_path / "PySide6" / "Qt" / "plugins" / "platforms"
    folder.mkdir(parents=True)
    found = SimpleNamespace(submodule_search_locations=[str(tmp_path / "PySide6")])
    monkeypatch.setattr(preflight, "find_spec", lambda name: found)
    return folder


@linux_only
@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler to build a plugin")
def test_the_library_that_is_missing_is_named_with_its_package(
    plugins: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(preflight, "DEBIAN_PACKAGES", {"libteapot.so.1": "libteapot1"})
    library = plugins / "libteapot.so.1"
    build = ["cc", "-shared", "-fPIC", "-Wl,--no-as-needed", "-x", "c", "/dev/null", "-x", "none"]
    subprocess.run([*build, f"-Wl,-soname,{library.name}", "-o", str(library)], check=True)
    subprocess.run([*build, str(library), "-o", str(plugins / "libqxcb.so")], check=True)
    library.unlink()
    assert preflight.plugin_refusal("xcb") == (
        "a window needs libteapot.so.1, which is missing: install it "
        "(Debian, Ubuntu: apt-get install libteapot1), or "
        "run the diagram without one: sandbox run FILE"
    )


@linux_only
def test_a_plugin_that_is_damaged_is_said_to_be(plugins: Path):
    (plugins / "libqxcb.so").write_text("not a library")
    said = str(preflight.plugin_refusal("xcb"))
    assert said.startswith("Qt cannot draw here (")
    assert "libqxcb.so" in said
    assert said.endswith("sandbox run FILE")


@pytest.mark.parametrize(
    ("python", "pyside", "refused"),
    [
        ((3, 11), "6.12.0", True),
        ((3, 11), "6.12.1", True),
        ((3, 11), "6.11.3", False),
        ((3, 12), "6.12.0", False),
    ],
)
def test_the_binding_that_corrupts_python_3_11_is_refused(
    monkeypatch: pytest.MonkeyPatch, python: tuple[int, int], pyside: str, refused: bool
):
    monkeypatch.setattr(metadata, "version", lambda name: pyside)
    message = preflight.broken_bindings(python)
    assert (message is not None) is refused
    if message:
        assert message.startswith(f"PySide6 {pyside} crashes on Python 3.11; use Python 3.12")
        assert "\n" not in message
