"""The fidelity page: what it says is what the command finds, and what is off is seen."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from sandbox.assets import asset
from sandbox.cli import main
from sandbox.experiments.fidelity import Case, Figure, Outcome, Report, Section, measure, sections
from sandbox.experiments.fidelity import report as reports
from sandbox.experiments.fidelity.data import as_json
from sandbox.experiments.fidelity.html import html
from sandbox.experiments.fidelity.markdown import markdown

pytestmark = pytest.mark.timeout(600)  # all services of the examples may have to be compiled
STALE = "is not what `sandbox fidelity` finds: run `make fidelity`, look at what changed, commit it"


@pytest.fixture(scope="module")
def found() -> Report:
    return measure()


def test_the_page_that_is_shipped_is_what_the_command_writes(found: Report) -> None:
    for name, text in (("fidelity.md", markdown(found)), ("fidelity.html", html(found))):
        shipped = asset(f"fidelity/{name}").read_text(encoding="utf-8").splitlines()
        written = text.splitlines()
        changed = [pair for pair in zip(shipped, written, strict=False) if pair[0] != pair[1]]
        assert not changed, f"{name} {STALE}\n" + "\n".join(changed[0])
        assert len(shipped) == len(written), f"{name} {STALE}"


def test_the_page_needs_nothing_else_and_closes_what_it_opens(found: Report) -> None:
    text = html(found)
    assert not re.findall(r"(?:src|href)=|url\(|@import|<script|<link", text)

    stack: list[str] = []

    class Open(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag != "meta":
                stack.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert stack.pop() == tag

    Open().feed(text)
    assert stack == []


def test_every_figure_of_every_case_is_on_both_pages(found: Report) -> None:
    text, page = markdown(found), html(found)
    for section in sections():
        assert f"## {section.title}\n" in text
        for case in section.cases:
            assert f"| {case.name} |" in text
            assert f">{escape(case.name)}<" in page
            if case.remark:
                assert case.remark in text
    count = sum(1 for _ in found.figures())
    assert page.count("<tr") == count + len(sections())  # and a heading each


def test_names_of_cases_are_unique_in_their_section() -> None:
    for section in sections():
        names = [case.name for case in section.cases]
        assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("got", "holds"), [(105.0, True), (105.9, True), (106.1, False), (93.9, False), (100.0, True)]
)
def test_a_figure_holds_within_its_tolerance_and_its_confidence_interval(
    got: float, holds: bool
) -> None:
    figure = Figure("mean", "s", 100.0, got, 0.05, 1.0)
    assert figure.holds is holds
    assert replace(figure, tolerance=None).holds is None


def planted(monkeypatch: pytest.MonkeyPatch, got: float) -> None:
    """Only one case, whose figure is 100."""
    figure = Figure("mean", "s", 100.0, got, 0.05)
    section = Section("Planted", "By hand.", (Case("one", "a case", lambda: [figure]),))
    for module in ("report", "markdown", "html", "data"):
        name = f"sandbox.experiments.fidelity.{module}.sections"
        monkeypatch.setattr(name, lambda: (section,))
    monkeypatch.setattr("sandbox.experiments.fidelity.sections", lambda: (section,))
    reports.measured.cache_clear()


def test_the_command_ends_with_1_and_names_what_is_beyond(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    planted(monkeypatch, 106.0)
    assert main(["fidelity"]) == 1
    out = capsys.readouterr().out
    assert "BEYOND  Planted, one, mean: expected 100 s, got 106 s, +6.0 % against 5 %" in out
    planted(monkeypatch, 104.0)
    assert main(["fidelity"]) == 0
    assert "all hold" in capsys.readouterr().out
    reports.measured.cache_clear()


def test_the_command_writes_what_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    planted(monkeypatch, 106.0)
    page, text = tmp_path / "page.html", tmp_path / "page.md"
    status = main(["fidelity", "-o", str(page), "--markdown", str(text), "--json", "-"])
    assert status == 1
    data = json.loads(capsys.readouterr().out)
    assert data["holds"] is False
    (figure,) = data["cases"][0]["figures"]
    assert (figure["expected"], figure["got"], figure["error"]) == (100.0, 106.0, 0.06)
    assert 'class="first beyond"' in page.read_text(encoding="utf-8")
    assert "| one | mean | 100 s | 106 s | +6.0 % | 5 % | ✗ beyond |" in text.read_text("utf-8")
    reports.measured.cache_clear()


def test_the_command_refuses_a_folder_that_is_not_there_before_it_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["fidelity", "-o", str(tmp_path / "no" / "page.html")]) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_json_has_every_case_and_no_number_that_json_cannot_say(found: Report) -> None:
    data = as_json(found)
    json.dumps(data, allow_nan=False)
    assert len(data["cases"]) == len(found.outcomes)


def test_an_outcome_holds_when_no_figure_is_beyond() -> None:
    good, bad = (Figure("x", "", 1.0, got, 0.1) for got in (1.0, 2.0))
    shown = replace(bad, tolerance=None)
    assert Outcome((good, shown)).holds
    assert not Outcome((good, bad)).holds
