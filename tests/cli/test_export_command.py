"""`sandbox export`: a diagram as a template, and what of it the template cannot say."""

from __future__ import annotations

import json
from pathlib import Path


def test_a_template_goes_to_a_file_and_the_report_to_the_screen(sandbox, shop, tmp_path: Path):
    template, report = tmp_path / "shop.yaml", tmp_path / "report.json"
    status, out, err = sandbox(
        "export", shop, "--to", "cloudformation", "-o", str(template), "--report", str(report)
    )
    assert (status, err) == (0, "")
    assert "Resources:" in template.read_text()
    assert "2 nodes: 2 kept beside it" in out.decode()
    lines = {line["what"]: line["went"] for line in json.loads(report.read_text())["lines"]}
    assert lines == {"users": "kept beside", "api": "kept beside", "users → api": "kept beside"}


def test_what_goes_out_comes_in_again(sandbox, shop, tmp_path: Path):
    status, template, _ = sandbox("export", shop, "--to", "sam")
    assert status == 0
    (tmp_path / "shop.yaml").write_bytes(template)
    again = tmp_path / "again.json"
    assert sandbox("import", str(tmp_path / "shop.yaml"), "-o", str(again))[0] == 0
    old, new = json.loads(Path(shop).read_text()), json.loads(again.read_text())
    assert (new["nodes"], new["edges"]) == (old["nodes"], old["edges"])


def test_a_format_that_is_not_there_is_refused_with_those_that_are(sandbox, shop):
    status, _, err = sandbox("export", shop, "--to", "terraform")
    assert status == 2
    assert "terraform" in err
    assert "cloudformation" in err


def test_the_template_does_not_go_over_the_diagram(sandbox, shop):
    status, _, err = sandbox("export", shop, "--to", "sam", "-o", shop)
    assert status == 2
    assert "overwrite" in err
