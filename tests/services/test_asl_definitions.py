"""Many definitions: read, refused with a place, drawn, run in samples and as nodes, imported."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.exchange.bring import import_text
from sandbox.services import catalogue
from sandbox.services._asl import AslError, parse, walk
from sandbox.services._asl_run import Settings, execute
from sandbox.services._step_functions_graph import draw
from sandbox.services._step_functions_params import Params
from sandbox.services.trial import log_text
from tests.services.definitions import INVALID, VALID, text
from tests.services.test_step_functions import machine
from tests.services.test_step_functions_graph import planned


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
    given: dict[str, Any] = {"map_items": 4, "sample_input": json.dumps(data)}
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


JUNK: tuple[Any, ...] = (
    None,
    0,
    -1,
    1.5,
    "",
    "x",
    "$.a",
    "{% $x %}",
    True,
    [],
    {},
    [1],
    {"a": 1},
    "$$.Map.Item",
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if not isinstance(value, (dict, list)):
        return
    for key, one in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, key)
        yield from places(one, (*path, key))


def changed(definition: Any, chance: random.Random) -> Any:
    """With one field left out, or of another kind."""
    found = here = copy.deepcopy(definition)
    *way, last = chance.choice(list(places(found)))
    for key in way:
        here = here[key]
    if chance.random() < 0.3:
        del here[last]
    else:
        here[last] = copy.deepcopy(chance.choice(JUNK))
    return found


@pytest.mark.parametrize("name", VALID)
def test_whatever_is_changed_is_run_or_refused(name: str) -> None:
    definition, data, mocks, *_ = VALID[name]
    chance = random.Random(name)
    for _ in range(60):
        written = text(changed(definition, chance))
        try:
            found = parse(written)
        except AslError:
            continue
        for settings in (Settings(mocks=mocks, strict=True), Settings()):
            assert execute(found, data, settings).status in ("SUCCEEDED", "FAILED", "TIMED_OUT")
        drawn = draw(Params(definition=written))
        assert len(planned(written).names) == len(drawn.places)
