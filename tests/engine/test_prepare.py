"""Compiling beforehand, in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.engine import native, prepare
from sandbox.services import catalogue


@pytest.fixture
def cold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(native, "user_cache_path", lambda *a, **k: tmp_path / "sandbox")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the cache folder is moved as on Linux")
def test_another_process_leaves_its_code_in_the_cache(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    service = catalogue()["external"]
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert not native.has_code(service, "step")
    process = prepare._start("external", "step")
    assert process.wait(timeout=280) == 0
    assert native.has_code(service, "step")


@pytest.mark.usefixtures("cold")
def test_all_that_is_missing_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def start(name: str, law: str) -> subprocess.Popen[bytes]:
        asked.append((name, law))
        return subprocess.Popen([sys.executable, "-c", ""])

    monkeypatch.setattr(prepare, "_start", start)
    monkeypatch.setattr(prepare.os, "cpu_count", lambda: 2)
    told: list[tuple[int, int, str]] = []
    services = [catalogue()["external"], catalogue()["sqs"]]
    prepare.beforehand(services, lambda *a: told.append(a))
    assert asked == [("loop", ""), ("external", "step"), ("sqs", "step"), ("sqs", "control")]
    assert told[0] == (0, 4, "the run")


@pytest.mark.usefixtures("cold")
def test_one_cpu_compiles_where_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare.os, "cpu_count", lambda: 1)
    monkeypatch.setattr(prepare, "_start", lambda *a: pytest.fail("another process was started"))
    prepare.beforehand([catalogue()["sqs"]], lambda *a: None)
