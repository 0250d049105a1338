"""What the README says is true: its Python, its service and its commands work."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from sandbox.__main__ import main
from tests.simulation import simulate

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_the_python_example_runs(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.chdir(ROOT)
    (example,) = (block for block in blocks("python") if "from sandbox import run" in block)
    exec(compile(example, "README.md", "exec"), {})
    most, end, longest, cost = (float(word) for word in capsys.readouterr().out.split())
    assert 12 < most <= 20  # three times the load asks for more than the file's maximum
    assert end == 7200
    assert 0 < longest < 60
    assert cost > 0


def test_the_service_of_the_readme_is_a_whole_service(tmp_path: Path) -> None:
    (service,) = (block for block in blocks("python") if "SERVICE = Service(" in block)
    (tmp_path / "rate_limiter.py").write_text(service)
    nodes = {
        "c": ("clients", {"rate_per_s": 150.0}),
        "limiter": ("rate_limiter", {}),
        "x": ("external", {"servers": 100}),
    }
    links = ["c.out > limiter.in", "limiter.out > x.in"]
    limited = simulate(nodes, links, seconds=60, folders=(str(tmp_path),))
    assert limited.now("x")["arrivals"] == pytest.approx(100)
    assert limited.now("c")["throttled"] == pytest.approx(50)


COMMANDS = [
    line.split("#")[0].strip()
    for block in blocks("sh")
    for line in block.splitlines()
    if line.startswith("sandbox ")
]


@pytest.mark.parametrize("command", [c for c in COMMANDS if "bench" not in c])
def test_each_command_of_the_readme_works(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    (tmp_path / "assets").symlink_to(ROOT / "assets")
    (tmp_path / "load.csv").write_text("timestamp,value\n0,6000\n60,9000\n120,3000\n")
    (tmp_path / "template.yaml").write_text("Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n")
    (tmp_path / "my.json").write_bytes((ROOT / "assets/examples/web-shop.json").read_bytes())
    monkeypatch.chdir(tmp_path)
    words = shlex.split(command)[1:]
    if words[0] == "run" and "--for" not in words and "--trace" not in words:
        words += ["--for", "1h"]
    assert main(words) == 0
    assert "Traceback" not in capsys.readouterr().err


def test_the_pictures_and_files_it_shows_exist() -> None:
    linked = re.findall(r"\]\(((?!http)[^)]+)\)", TEXT)
    for path in linked + re.findall(r"`(assets/examples/[^`]+)`", TEXT):
        assert (ROOT / path).exists(), path


def test_every_example_has_its_row() -> None:
    rows = set(re.findall(r"^\| `(assets/examples/[\w-]+\.json)` \|", TEXT, re.MULTILINE))
    assert rows == {f"assets/examples/{path.name}" for path in (ROOT / "assets/examples").glob("*")}
