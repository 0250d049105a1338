"""How the program starts: without a screen, on a warm machine, and for the first time ever."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from tests.window.person import PATIENCE_S, ROOT, middle

LOOSE_S = 10.0
"""For a machine that does other things as well; on an idle one it is under two seconds."""


def test_without_a_screen_one_line_names_the_command_that_needs_none(shop):
    bare = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")}
    bare.pop("QT_QPA_PLATFORM", None)
    for arguments in ([], [str(shop)]):
        refused = subprocess.run(
            [sys.executable, "-m", "sandbox", *arguments],
            cwd=ROOT, env=bare, capture_output=True, text=True, timeout=PATIENCE_S,
        )  # fmt: skip
        assert refused.returncode == 2
        assert refused.stdout == ""
        assert len(refused.stderr.splitlines()) == 1
        assert "sandbox run" in refused.stderr


@pytest.mark.real_window
@pytest.mark.timeout(300)
@pytest.mark.usefixtures("warm")
def test_the_window_stands_and_the_diagram_runs_soon_after_the_start(
    start, shop, surroundings, record_property, capsys
):
    first = start(shop)  # what is imported is compiled to bytecode, and the disk is warm
    first.come()
    assert first.quit() == 0
    begun = time.monotonic()
    plain = subprocess.Popen(
        [sys.executable, "-m", "sandbox", str(shop)], cwd=ROOT, env=surroundings
    )
    try:
        waiting = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "Architecture Sandbox"]
        subprocess.run(
            waiting, env=surroundings, check=True, timeout=PATIENCE_S, stdout=subprocess.DEVNULL
        )
        shown = time.monotonic() - begun
    finally:
        plain.kill()
        plain.wait(timeout=PATIENCE_S)

    person = start(shop)
    person.come()
    furnished = time.monotonic() - person.started
    person.until_running()
    running = time.monotonic() - person.started
    figures = f"window {shown:.2f} s, furnished {furnished:.2f} s, running {running:.2f} s"
    record_property("start", figures)
    with capsys.disabled():
        print(f"\n  start: {figures}")
    assert person.quit() == 0
    assert shown < LOOSE_S
    assert running < 3 * LOOSE_S


@pytest.mark.real_window
@pytest.mark.timeout(300)
@pytest.mark.usefixtures("warm")
def test_the_window_looks_as_it_was_left_and_as_usual_when_asked(start, shop):
    def widths(seen):
        return [seen.one(name)["rect"][2] for name in ("Palette", "Canvas", "Inspector")]

    person = start(shop)
    seen = person.come()
    usual = widths(seen)
    x, y, _, height = seen.one("Inspector")["rect"]
    person.drag((x - 2, y + height // 2), (x - 102, y + height // 2))
    seen = person.until("a wide inspector", lambda seen: widths(seen)[2] > usual[2] + 80)
    left = widths(seen)
    assert person.quit() == 0

    again = start(shop)
    seen = again.come()
    again.picture("again-1-as-left")
    assert widths(seen) == pytest.approx(left, abs=4)
    again.keys("alt+v", "l", "u")
    again.until("the usual layout", lambda seen: widths(seen) == pytest.approx(usual, abs=4))
    assert again.quit() == 0


@pytest.mark.real_window
@pytest.mark.timeout(300)
def test_on_a_new_machine_the_window_says_what_it_compiles_and_stays_usable(
    start, shop, tmp_path, capsys
):
    person = start(shop, XDG_CACHE_HOME=str(tmp_path / "cache"))
    seen = person.come()
    seen = person.until(
        "what is being compiled",
        lambda seen: "Preparing" in seen.message and seen.one("Real speed")["about"],
    )
    assert seen.one("Real speed")["about"] == "preparing…"
    person.picture("cold-1-preparing")

    waits = []
    end = time.monotonic() + 4.0
    while time.monotonic() < end:
        waits.append(person.wait_s())
        time.sleep(0.02)
    waits.sort()
    with capsys.disabled():
        median, worst = waits[len(waits) // 2], waits[-1]
        print(f"\n  answers while compiling: median {median:.3f} s, worst {worst:.3f} s")
    # A busy machine may take the processor away from all of us for a moment, but not for most.
    assert waits[len(waits) * 9 // 10] < 0.5

    x, y = middle(seen.nodes["shop"])
    person.drag((x, y), (x, y + 100))
    seen = person.until("the node moved", lambda seen: middle(seen.nodes["shop"])[1] > y + 60, 5.0)
    person.keys("ctrl+z")
    seen = person.until("the node back", lambda seen: middle(seen.nodes["shop"])[1] == y, 5.0)
    person.picture("cold-2-used")
    assert seen.one("Real speed")["about"] == "preparing…", "it was compiled before it was tried"
    assert person.quit(10.0) == 0  # nobody has to wait for the compiler
    assert person.said() == ""
