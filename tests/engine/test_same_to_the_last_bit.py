"""One document, scenario and seed is one run, to the last bit, wherever and however it is run."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox import run as run_example
from sandbox.assets import asset
from sandbox.cli import main
from sandbox.document.document import Document
from sandbox.document.edits import place, set_attribute, set_params
from sandbox.document.file import load
from sandbox.engine import Run
from sandbox.experiments.tables import as_json
from sandbox.services import catalogue

pytestmark = pytest.mark.timeout(600)  # the services of the examples may have to be compiled
SECONDS = 3600
EXAMPLES = sorted(path.stem for path in asset("examples").glob("*.json"))
every_example = pytest.mark.parametrize("name", EXAMPLES)
NUMBERS = ("reads", "writes", "served", "waiting", "in_flight", "latency_mean", "loss_total")


def document(name: str) -> Document:
    """An hour of an example, whose load varies at random beside what it does by itself."""
    found = load(asset(f"examples/{name}.json"), catalogue())
    found.apply(set_attribute(found, "scenario", replace(found.scenario, duration_s=SECONDS)))
    clients = [n for n, node in found.nodes.items() if node.service == "clients"]
    noise = {"noise": "slow", "noise_period_s": 30.0}
    found.apply(set_params(found, dict.fromkeys(clients, noise)))
    return found


def played(doc: Document, chunks: tuple[int, ...] = (SECONDS,), *, window: bool = False) -> Run:
    run = Run(doc, catalogue(), window=window)
    for ticks in chunks:
        run.advance(ticks)
    assert run.tick == SECONDS
    return run


def bits(run: Run, nodes: list[str] | None = None) -> dict[str, bytes]:
    """All that a node holds and its numbers, by node."""
    found = {}
    for node in nodes or run.program.ids:
        i = run.program.index[node]
        held, row = run.program.places[i], run.program.nodes[i]
        # the books of an account that nodes share stand with the first of them, whoever that is
        state = b"" if run.program.services[i].account else held.s.tobytes()
        parts = [state, held.cells.tobytes()]
        found[node] = b"".join([*parts, *(row[name].tobytes() for name in NUMBERS)])
    return found


@every_example
def test_it_is_the_same_in_pieces_of_any_length(name: str) -> None:
    doc = document(name)
    whole = played(doc)
    parts = played(doc, (1, 59, 7, 533, 1000, 2000))
    assert bits(parts) == bits(whole)
    assert [e.text for e in parts.events] == [e.text for e in whole.events]
    for node in whole.program.ids:
        for metric in ("served", "backlog", "latency_p50", "latency_p99"):
            one, other = (run.history.summary(node, metric) for run in (whole, parts))
            assert repr(one) == repr(other)  # no number is itself


@every_example
def test_it_is_the_same_in_the_window_and_without(name: str) -> None:
    doc = document(name)
    frames = (17,) * (SECONDS // 17) + (SECONDS % 17,)
    assert bits(played(doc, frames, window=True)) == bits(played(doc))


@every_example
def test_it_is_the_same_in_one_thread_and_in_four_at_once(name: str) -> None:
    alone = bits(played(document(name)))
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda _: bits(played(document(name))), range(4)))
    assert together == [alone] * 4


@every_example
def test_an_unconnected_node_of_every_service_changes_nothing_else(name: str) -> None:
    alone, crowded = document(name), document(name)
    for i, service in enumerate(catalogue()):
        label = f"{'aaa' if i % 2 else 'zzz'}-{service}"  # before and after the others
        crowded.apply(place(crowded, service, 0, 0, id=label))
    nodes = list(alone.nodes)
    assert bits(played(crowded), nodes) == bits(played(alone))


@every_example
def test_the_command_line_says_what_python_says(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = str(asset(f"examples/{name}.json")), tmp_path / "out.json"
    assert main(["run", path, "--for", "1h", "--seed", "5", "--json", str(out)]) == 0
    said = json.loads(out.read_text(encoding="utf-8"))
    known = json.loads(json.dumps(as_json(run_example(path, duration_s="1h", seed=5))))
    assert known["nodes"] == said["nodes"]
    assert known["events"] == said["events"]
    assert known["cost_usd"] == said["cost_usd"]
