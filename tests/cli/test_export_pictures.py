"""`sandbox export` of pictures and reports: whole files, drawn without a screen."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path

import pytest

from sandbox.document import Annotation, Document, Group, Node
from sandbox.document.file import save
from sandbox.services import catalogue

LONG = "A label of many words that no card of this program could ever have on a single line"


@pytest.fixture
def drawn(tmp_path: Path) -> str:
    document = Document(
        nodes=[Node("a", "sqs", LONG), Node("b", "lambda_function", "Worker", x=9000.0, y=40.0)],
        groups=[Group("g", "vpc", f"{LONG}, not even of a group", ("a",))],
        annotations=[Annotation("n", f"{LONG}, nor of a note", 0, 200, 120, 40)],
    )
    path = tmp_path / "drawn.json"
    save(document, path, catalogue())
    return str(path)


def test_svg_has_every_word_of_every_label_and_no_pixels(drawn, sandbox, tmp_path):
    out = tmp_path / "drawn.svg"
    assert sandbox("export", drawn, "--to", "svg", "-o", str(out))[0] == 0
    text = out.read_text()
    words = " ".join(re.findall(r">([^<>\n]+)</text>", text))
    for word in f"{LONG}, not even of a group nor Worker".replace(",", "").split():
        assert word in words, word
    assert "<image" not in text
    assert "…" not in words


def test_png_is_sharp_and_holds_the_whole_diagram(drawn, sandbox, tmp_path):
    out = tmp_path / "drawn.png"
    assert sandbox("export", drawn, "--to", "png", "-o", str(out))[0] == 0
    data = out.read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert data[:4] == b"\x89PNG"
    assert width >= 3 * 9200
    assert height >= 3 * 240


def test_pdf_is_one_page_as_large_as_the_diagram(drawn, sandbox, tmp_path):
    out = tmp_path / "drawn.pdf"
    assert sandbox("export", drawn, "--to", "pdf", "-o", str(out))[0] == 0
    data = out.read_bytes()
    assert data.startswith(b"%PDF")
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    assert box is not None
    assert float(box[1]) >= 9200 * 0.75
    assert b"/Subtype /Image" not in data


def test_a_picture_can_be_dark(shop, sandbox):
    light = sandbox("export", shop, "--to", "svg")[1]
    dark = sandbox("export", shop, "--to", "svg", "--theme", "dark")[1]
    assert light.count(b"<text") == dark.count(b"<text")
    assert light != dark


def test_an_empty_diagram_is_not_drawn_and_says_why(tmp_path, sandbox):
    path = tmp_path / "empty.json"
    save(Document(), path, catalogue())
    status, _, err = sandbox("export", str(path), "--to", "png", "-o", str(tmp_path / "x.png"))
    assert status == 2
    assert "the diagram is empty; place a service first" in err
    assert not (tmp_path / "x.png").exists()


def test_a_report_takes_the_figures_of_a_run(shop, sandbox, tmp_path):
    run = tmp_path / "run.json"
    assert sandbox("run", shop, "--for", "60", "--json", str(run))[0] == 0
    page = sandbox("export", shop, "--to", "markdown", "--figures", str(run))[1].decode()
    cost = json.loads(run.read_text())["cost_usd"]
    assert cost == 0
    assert "60 s of simulated time. It cost $0.00." in page
    assert re.search(r"\| api \| 5\d", page)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--to", "mermaid", "--theme", "dark"], "only pictures have one"),
        (["--to", "svg", "--theme", "pink"], "choose light or dark"),
        (["--to", "svg", "--figures", "x.json"], "only --to markdown tells of a run"),
        (["--to", "markdown", "--figures", "DIAGRAM"], "what `sandbox run FILE --json OUT` writes"),
    ],
)
def test_options_that_mean_nothing_are_refused(shop, sandbox, options, said):
    options = [shop if option == "DIAGRAM" else option for option in options]
    status, _, err = sandbox("export", shop, *options)
    assert status == 2
    assert said in err
