"""Can a window open here? Asked before Qt is imported, which aborts the process when it cannot.

`QApplication([])` without a reachable display ends in SIGABRT with no Python exception, and blames
xcb-cursor whatever is missing. So the questions are put to the display and to the dynamic linker
directly, which takes some 75 ms and names what is wrong:

1. Is this one of the Qt bindings that corrupt this interpreter?
2. Does a Wayland or X11 display answer?
3. Does the plugin that would draw on it find its libraries?

`python -m sandbox.gui.preflight` says the same with its exit status, 0 or 2.
"""

from __future__ import annotations

import ctypes
import os
import re
import socket
import sys
from collections.abc import Mapping
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

WITHOUT_WINDOW = "run the diagram without one: sandbox run FILE"

DEBIAN_PACKAGES: Mapping[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
"""The packages of Debian and Ubuntu that hold the libraries Qt's plugins need."""


def problem(environ: Mapping[str, str] = os.environ) -> str | None:
    """One line saying why no window can open and what to do about it; None when one can."""
    if (bad_pair := broken_bindings()) is not None:
        return bad_pair
    if sys.platform in ("darwin", "win32"):
        return None
    asked = [name.split(":")[0] for name in environ.get("QT_QPA_PLATFORM", "").split(";") if name]
    if any(not name.startswith(("wayland", "xcb")) for name in asked):
        return None  # offscreen, vnc, eglfs …: chosen on purpose, and no display is needed
    answering = [
        platform
        for platform, answers in (("wayland", wayland_answers), ("xcb", x11_answers))
        if (not asked or any(name.startswith(platform) for name in asked)) and answers(environ)
    ]
    if not answering:
        return f"no display to open a window on; {WITHOUT_WINDOW}"
    refusals = [plugin_refusal(platform) for platform in answering]
    return None if None in refusals else refusals[-1]


def broken_bindings(python: tuple[int, ...] = sys.version_info[:2]) -> str | None:
    """A line refusing PySide6 6.12 on CPython 3.11, None for any other pair.

    Each signal emitted from Python drops a reference to `True` there, until the interpreter aborts
    with "bool_dealloc" after some hundred (seen with PySide6 6.12.0 and CPython 3.11.7; 6.10.3,
    6.11.x, and CPython 3.12 and newer, are not affected).
    """
    if python != (3, 11):
        return None
    try:
        version = metadata.version("PySide6-Essentials")
    except metadata.PackageNotFoundError:
        return None  # a distribution's own package; what is not there at all is named later
    if not version.startswith("6.12."):
        return None
    return (
        f"PySide6 {version} crashes on Python 3.11; use Python 3.12 or newer, "
        "or: pip install 'PySide6-Essentials<6.12'"
    )


def wayland_answers(environ: Mapping[str, str]) -> bool:
    """Whether somebody listens at the Wayland socket that the environment names."""
    name = environ.get("WAYLAND_DISPLAY", "")
    path = Path(environ.get("XDG_RUNTIME_DIR", ""), name)  # an absolute name stands for itself
    if not name or not path.is_absolute():
        return False
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(path))
        except OSError:
            return False
    return True


def x11_answers(environ: Mapping[str, str]) -> bool:
    """Whether an X server accepts a connection at `DISPLAY`."""
    display = environ.get("DISPLAY", "")
    if not display:
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return False
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    try:
        return xcb.xcb_connection_has_error(connection) == 0
    finally:
        xcb.xcb_disconnect(connection)


def plugin_refusal(platform: str) -> str | None:
    """Load Qt's plugin for `platform` ("xcb" or "wayland"): what the linker misses, or None."""
    qt = find_spec("PySide6")
    if qt is None or not qt.submodule_search_locations:
        return f"PySide6 is not installed: pip install architecture-sandbox; or {WITHOUT_WINDOW}"
    plugins = Path(qt.submodule_search_locations[0], "Qt", "plugins", "platforms")
    for plugin in sorted(plugins.glob(f"libq{platform}*.so")):
        try:
            ctypes.CDLL(str(plugin))
        except OSError as error:
            return _missing_library(str(error))
    return None


def _missing_library(linker_error: str) -> str:
    found = re.match(r"(\S+): cannot open shared object file", linker_error)
    if found is None:
        return f"Qt cannot draw here ({linker_error}); {WITHOUT_WINDOW}"
    library = found[1]
    package = DEBIAN_PACKAGES.get(library)
    how = f" (Debian, Ubuntu: apt-get install {package})" if package else ""
    return f"a window needs {library}, which is missing: install it{how}, or {WITHOUT_WINDOW}"


def main() -> int:
    """Say on standard error why no window can open and return 2, or return 0."""
    message = problem()
    if message is None:
        return 0
    print(f"sandbox: {message}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
