"""Many definitions: read, refused with a place, drawn, run in samples and as nodes, imported."""

from __future__ import annotations

import json

import pytest

from sandbox.exchange.bring import import_text
from sandbox.services import catalogue
from sandbox.services._asl import AslError, parse, walk
from sandbox.services._asl_run import Settings, execute
from sandbox.services._step_functions_graph import draw
from sandbox.services.step_functions import Params
from sandbox.services.trial import log_text
from tests.services.definitions import INVALID, VALID, text
from tests.services.test_step_functions import machine


@pytest.mark.parametrize("name", VALID)
def test_a_definition_gives_what_the_language_says(name: str) -> None:
    definition, data, mocks, wanted, lasts = VALID[name]
    run = execute(parse(text(definition)), data, Settings(mocks=mocks, strict=True))
    assert ((run.error, run.cause) if run.status == "FAILED" else run.output) == wanted
    assert run.end_s == pytest.approx(lasts)
    assert run.status in log_text(run)[-1]
    assert execute(parse(text(definition)), data).steps  # and with nothing known of the data


@pytest.mark.parametrize("name", VALID)
def test_a_definition_is_drawn_with_all_its_states(name: str) -> None:
    definition = text(VALID[name][0])
    drawing = draw(Params(definition=definition))
    assert [place.name for place in drawing.places].count("") == 0
    assert {place.name for place in drawing.places} == {s.name for s, _ in walk(parse(definition))}


@pytest.mark.parametrize("name", VALID)
def test_a_definition_runs_as_a_node_and_holds_its_rate_times_its_time(name: str) -> None:
    definition, data, *_ = VALID[name]
    given = {"map_items": 4, "sample_input": json.dumps(data)}
    run = machine(text(definition), 2.0, 900, tick_s=5.0, **given)
    now = run.now("m")
    ended = now["executions_succeeded"] + now["executions_failed"] + now["executions_timed_out"]
    assert ended == pytest.approx(2.0, rel=0.02)
    assert now["open_executions"] == pytest.approx(2.0 * now["execution_time"], rel=0.02, abs=1e-6)


@pytest.mark.parametrize("name", VALID)
def test_a_definition_is_imported(name: str) -> None:
    nodes = import_text(text(VALID[name][0]), "flow.asl.json", catalogue()).document.nodes.values()
    found = next(node for node in nodes if "definition" in node.params)
    drawn = walk(parse(found.params["definition"]))  # with the names of nodes for their ARNs
    wanted = walk(parse(text(VALID[name][0])))
    assert [(s.name, s.kind, s.next) for s, _ in drawn] == [
        (s.name, s.kind, s.next) for s, _ in wanted
    ]


@pytest.mark.parametrize("name", INVALID)
def test_a_mistake_is_refused_with_its_place(name: str) -> None:
    definition, words = INVALID[name]
    with pytest.raises(AslError, match=r"line \d+, column \d+") as caught:
        parse(text(definition))
    assert words in str(caught.value)
