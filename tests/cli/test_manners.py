"""The command line's manners: no Qt, no traceback, no noise when interrupted or cut off."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def python(code: str, *arguments: str, **options) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


@pytest.mark.parametrize(
    "arguments",
    [("run", "FILE", "--json", "-"), ("run", "FILE"), ("services",), ("check", "FILE")],
)
def test_no_command_loads_qt(shop, arguments):
    code = (
        "import sys; from sandbox.__main__ import main; status = main(sys.argv[1:]);"
        "qt = sorted(m for m in sys.modules if m.startswith(('PySide', 'shiboken', 'pyqtgraph')));"
        "print(status, qt, file=sys.stderr)"
    )
    ran = python(code, *(shop if word == "FILE" else word for word in arguments))
    assert ran.stderr == "0 []\n"


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, sandbox; print([m for m in ('numpy', 'numba', 'PySide6') if m in sys.modules])"
    )
    assert python(code).stdout == "[]\n"


def test_the_names_of_the_package_are_what_they_say():
    code = (
        "import sandbox.experiments.run; from sandbox import Document, Scenario, run;"
        "import sandbox.experiments; print(callable(run), run is sandbox.experiments.run)"
    )
    assert python(code).stdout == "True True\n"


def test_being_interrupted_is_status_130_and_silent(sandbox, shop, monkeypatch):
    from sandbox.engine.run import Run

    def interrupted(run: Run, ticks: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "advance", interrupted)
    assert sandbox("run", shop, "--json", "-") == (130, b"", "")


def test_a_reader_that_stops_reading_is_no_error(shop):
    command = [sys.executable, "-m", "sandbox", "run", shop, "--every", "1s", "--csv", "-"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.read(3) == "t_s"
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(timeout=60) == 0


def test_what_nobody_foresaw_is_one_line_unless_asked_for_more(sandbox, shop, monkeypatch):
    from sandbox.engine.run import Run

    def broken(run: Run, ticks: int) -> None:
        raise ZeroDivisionError("the engine\nfell over")

    monkeypatch.setattr(Run, "advance", broken)
    monkeypatch.delenv("SANDBOX_DEBUG", raising=False)
    status, out, err = sandbox("run", shop, "--json", "-")
    assert (status, out) == (2, b"")
    assert err.startswith("sandbox: something went wrong that should not: ZeroDivisionError: the")
    assert err.count("\n") == 1
    monkeypatch.setenv("SANDBOX_DEBUG", "1")
    assert "Traceback" in sandbox("run", shop, "--json", "-")[2]


def test_help_and_version_are_given(sandbox):
    import sandbox as package

    assert sandbox("--version")[:2] == (0, f"sandbox {package.__version__}\n".encode())
    text = sandbox("run", "--help")[1].decode()
    for option in ("--for", "--tick", "--load", "--seed", "--every", "--trace", "--set"):
        assert option in text
    for option in ("--assert", "--replay", "--json", "--csv", "--plot", "--services"):
        assert option in text


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_a_picture_is_drawn_without_a_screen(sandbox, shop, tmp_path: Path, ending, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    out = tmp_path / f"run.{ending}"
    status, _, err = sandbox("run", shop, "--plot", str(out))
    assert (status, err) == (0, "")
    data = out.read_bytes()
    if ending == "svg":
        assert b"Latency at users" in data
        assert b"api rejected" in data
    else:
        assert data.startswith(b"\x89PNG\r\n")
        assert int.from_bytes(data[16:20], "big") == 2400
    assert sorted(path.name for path in tmp_path.iterdir()) == [out.name, "shop.json"]


def test_a_picture_that_cannot_be_drawn_leaves_no_file(sandbox, shop, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    status, _, err = sandbox("run", shop, "--plot", str(tmp_path / "run.png"))
    assert status == 2
    assert err.startswith("sandbox: the picture could not be drawn")
    assert not (tmp_path / "run.png").exists()


def test_the_bench_prints_json(sandbox, monkeypatch):
    import sandbox.experiments.bench as measured

    def stub(document, known, sizes, progress):
        return {"nodes": len(document.nodes), "sizes": sizes}

    monkeypatch.setattr(measured, "bench", stub)
    status, out, _ = sandbox("bench", "--json", "-", "--sizes", "10,1000", "--no-peers")
    assert (status, json.loads(out)) == (0, {"nodes": 7, "sizes": [10, 1000]})


@pytest.mark.parametrize("sizes", ["many", "10;20", "0", ""])
def test_sizes_that_are_none_are_refused_with_an_example(sandbox, sizes):
    status, _, err = sandbox("bench", "--sizes", sizes)
    assert status == 2
    assert "such as 10,1000,100000" in err


def test_output_takes_the_permissions_of_the_file_it_replaces(sandbox, shop, tmp_path: Path):
    out = tmp_path / "out.csv"
    out.write_text("")
    out.chmod(0o600)
    assert sandbox("run", shop, "--csv", str(out))[0] == 0
    assert out.stat().st_mode & 0o777 == 0o600
    fresh = tmp_path / "fresh.csv"
    assert sandbox("run", shop, "--csv", str(fresh))[0] == 0
    mask = os.umask(0)
    os.umask(mask)
    assert fresh.stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("arguments", [("run", "FILE", "--json", "-"), ("check", "FILE")])
def test_a_full_disk_behind_standard_output_is_one_line(shop, arguments):
    words = [shop if word == "FILE" else word for word in arguments]
    with open("/dev/full", "w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "sandbox", *words],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ran.returncode == 2
    assert ran.stderr.startswith("sandbox: standard output cannot be written: the disk is full")
    assert ran.stderr.count("\n") == 1


def test_closed_streams_are_no_error(shop, tmp_path: Path):
    out = tmp_path / "out.json"
    code = "import os, sys; os.close(1); os.close(2); os.execv(sys.executable, sys.argv[1:])"
    command = [sys.executable, "-m", "sandbox", "run", shop, "--for", "10", "--json", str(out)]
    assert python(code, *command).returncode == 0
    assert json.loads(out.read_text())["ticks"] == 10


@pytest.mark.parametrize(
    ("control", "complaint"),
    [
        ('"action": "load", "args": {"factor": true}', "load needs a factor from 0 to 1,000,000"),
        ('"action": "document", "args": {}', "document needs the text of a diagram's file"),
        ('"action": "document", "args": {"document": 5}', "document needs the text"),
        ('"action": "document", "args": {"document": "{}"}', "which has a list of nodes"),
    ],
)
def test_a_control_that_cannot_be_is_refused_in_one_line(
    sandbox, shop, tmp_path: Path, control, complaint
):
    log = tmp_path / "log.jsonl"
    log.write_text(f'{{"t_s": 5, "node": null, {control}}}\n')
    status, out, err = sandbox("run", shop, "--for", "10", "--replay", str(log), "--json", "-")
    assert (status, out, err.count("\n")) == (2, b"", 1)
    assert complaint in err


def test_a_log_that_clears_the_canvas_ends_with_an_empty_one(sandbox, shop, tmp_path: Path):
    log = tmp_path / "log.jsonl"
    empty = json.dumps({"nodes": []})
    edit = {"t_s": 5, "node": None, "action": "document", "args": {"document": empty}}
    log.write_text(json.dumps(edit) + "\n")
    status, out, err = sandbox("run", shop, "--for", "10", "--replay", str(log), "--json", "-")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert found["ticks"] == 10
    assert found["nodes"]["users"]["arrivals"]["total"] == pytest.approx(250)
