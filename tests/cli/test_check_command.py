"""`sandbox check`: what is wrong with a diagram, without running it."""

from __future__ import annotations

import json
from pathlib import Path


def test_a_sound_diagram_is_status_0(sandbox, shop):
    status, out, err = sandbox("check", shop)
    assert (status, err) == (0, "")
    assert out.decode().endswith("shop.json: no problems\n")


def test_a_wrong_parameter_is_an_error_with_a_remedy_and_status_1(sandbox, shop):
    text = Path(shop).read_text().replace('"servers": 3,', '"servers": -3,')
    assert "-3" in text
    Path(shop).write_text(text)
    status, out, _ = sandbox("check", shop, "--json")
    assert status == 1
    found = json.loads(out)
    assert found["errors"] == 1
    (problem,) = (p for p in found["problems"] if p["severity"] == "error")
    assert (problem["node"], problem["parameter"]) == ("api", "servers")
    assert problem["remedy"]
    assert "error" in sandbox("check", shop)[1].decode()


def test_what_only_the_engine_refuses_is_found_too(sandbox, shop, monkeypatch):
    import sandbox.engine.run as engine
    from sandbox.engine.errors import EngineError

    def refuse(*arguments: object) -> None:
        raise EngineError("node 'api': its servers are on strike; talk to them")

    monkeypatch.setattr(engine, "Run", refuse)
    status, out, _ = sandbox("check", shop, "--json")
    assert status == 1
    (problem,) = json.loads(out)["problems"]
    assert problem["text"] == "node 'api': its servers are on strike"
    assert problem["remedy"] == "talk to them"


def test_a_file_that_is_no_diagram_is_status_2(sandbox, tmp_path):
    (tmp_path / "notes.json").write_text("hello")
    status, _, err = sandbox("check", str(tmp_path / "notes.json"))
    assert status == 2
    assert err.startswith("sandbox: notes.json")
    assert err.count("\n") == 1
