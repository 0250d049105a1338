"""`sandbox verify`: the product's figures beside theory and a simulation of every request."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandbox.document.file import save
from sandbox.services import catalogue
from tests.simulation import diagram


@pytest.fixture
def calm(tmp_path: Path) -> str:
    """64/s to four servers that serve 80/s."""
    document = diagram(
        {
            "users": ("clients", {"rate_per_s": 64.0}),
            "api": ("external", {"servers": 4, "service_time_s": 0.05}),
        },
        ["users.out > api.in"],
    )
    path = tmp_path / "calm.json"
    save(document, path, catalogue())
    return str(path)


def test_the_table_names_the_form_and_shows_a_request(sandbox, calm):
    status, out, err = sandbox("verify", calm)
    text = out.decode()
    assert (status, err) == (0, "")
    assert "M/M/4, Erlang C (λ = 64/s, s = 50 ms, c = 4, ρ = 0.800)" in text
    assert "87.3 ms" in text  # Erlang C by hand: C(4, 3.2) = 0.596, wait 37.3 ms
    assert "A typical request (at the median)" in text
    assert "█" in text


def test_json_has_every_figure_with_its_gap(sandbox, calm):
    status, out, _ = sandbox("verify", calm, "--at", "5m", "--json", "-")
    found = json.loads(out)
    assert status == 0
    assert found["t_s"] == 300
    mean = found["nodes"]["api"]["figures"]["mean"]
    value, half = mean["simulated"]
    assert abs(value - mean["closed_form"]) <= half + 0.01 * value
    assert abs(mean["gap"]) < 0.05
    assert found["requests"]["users"][0]["spans"][1]["node"] == "api"


def test_a_gap_beyond_what_is_allowed_is_status_1_and_says_which(sandbox, tmp_path):
    """A function's blocking is no latency; a heavy-tailed wait is."""
    document = diagram(
        {
            "users": ("clients", {"rate_per_s": 12.0}),
            "api": (
                "external",
                {"servers": 1, "service_time_s": 0.05, "service_shape": "lognormal",
                 "service_cv2": 4.0},
            ),
        },
        ["users.out > api.in"],
    )  # fmt: skip
    path = tmp_path / "heavy.json"
    save(document, path, catalogue())
    status, _, err = sandbox("verify", str(path), "--within", "0.01%", "--node", "api")
    assert status == 1
    assert err.startswith("sandbox: api: latency, ")
    assert "users" not in err
    assert sandbox("verify", str(path), "--within", "90%")[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--within", "much"], "--within much is no share"),
        (["--node", "nobody"], "there is no node 'nobody'"),
        (["--at", "0"], "--at must be later than the start"),
        (["--at", "soon"], "soon"),
    ],
)
def test_wrong_use_is_status_2_and_one_line(sandbox, calm, words, said):
    status, out, err = sandbox("verify", calm, *words)
    assert (status, out) == (2, b"")
    assert said in err
    assert err.count("\n") == 1


def test_an_overload_is_called_no_steady_state(sandbox, calm):
    status, out, _ = sandbox("verify", calm, "--load", "2", "--at", "60s")
    assert status == 0
    assert b"Not steady: api is offered 160 % of what it can serve" in out
