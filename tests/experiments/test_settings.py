"""`--set`: another value, in its own type, or a line that names what exists."""

from __future__ import annotations

import pytest

from sandbox.document import Document
from sandbox.experiments import InputError
from sandbox.experiments.settings import apply
from sandbox.services import catalogue
from tests.simulation import diagram


@pytest.fixture
def shop() -> Document:
    return diagram(
        {
            "users": ("clients", {"shape": "steps", "steps": [[0, 1], [60, 2]]}),
            "api": ("external", {}),
        },
        ["users.out > api.in"],
    )


def changed(document: Document, *texts: str) -> Document:
    return apply(document, texts, catalogue())


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("users.rate_per_s=120", "rate_per_s", 120),
        ("users.rate_per_s = 6000/min", "rate_per_s", 100),
        ("users.shape=spike", "shape", "spike"),
        ("users.spike_duration_s=10m", "spike_duration_s", 600),
        ("users.steps=[[0, 3]]", "steps", [[0, 3]]),
        ("users.steps[1][1]=5", "steps", [[0, 1], [60, 5]]),
    ],
)
def test_a_parameter_takes_the_value_in_its_own_type(shop, text, name, value):
    assert changed(shop, text).nodes["users"].params[name] == value


def test_the_document_given_stays_as_it_was(shop):
    changed(shop, "users.rate_per_s=120")
    assert "rate_per_s" not in shop.nodes["users"].params


def test_a_default_that_is_set_is_not_kept(shop):
    twice = changed(shop, "users.rate_per_s=120", "users.rate_per_s=50")
    assert twice.nodes["users"].params.get("rate_per_s", 50) == 50


def test_the_scenario_and_links_are_set_too(shop):
    after = changed(
        shop, "scenario.era=2020", "scenario.duration_s=2h", "scenario.seed=9", "users>api.calls=3"
    )
    assert after.scenario.era == "2020"
    assert after.scenario.duration_s == 7200
    assert after.scenario.seed == 9
    assert next(iter(after.links.values())).params["calls"] == 3


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("users.rate_per_s", "write NODE.PARAMETER=VALUE"),
        ("nobody.rate_per_s=1", "no node 'nobody'; there are users, api and scenario"),
        ("users.rate=1", "'users' has no parameter 'rate'; it has rate_per_s, write_fraction"),
        ("users.rate_per_s=-1", "rate_per_s input should be greater than or equal to 0"),
        ("users.rate_per_s=fast", "it is 'fast'"),
        ("users.shape=round", "'constant', 'ramp'"),
        ("users.steps[2][0]=5", "steps has 2 items, [0] to [1]"),
        ("users.rate_per_s[0]=5", "rate_per_s is not a list"),
        ("users.shape.x=5", "shape has no parts with names"),
        ("users>nobody.calls=2", "no link users>nobody; there are users>api"),
        ("users>api.cals=2", "no parameter 'cals'; it has mode, share, calls"),
        ("scenario.color=red", "the scenario has no 'color'; it has start, duration_s"),
        ("scenario.era=1999", "the era '1999' is not known. Choose current or 2020."),
        ("scenario.seed=many", 'seed is "many"; write a whole number'),
    ],
)
def test_what_cannot_be_set_is_refused_naming_what_can(shop, text, complaint):
    with pytest.raises(InputError) as refused:
        changed(shop, text)
    assert complaint in str(refused.value)
    assert text in str(refused.value)
