"""`sandbox services`: the catalogue on paper."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandbox.services import catalogue


def test_the_list_has_every_service(sandbox):
    status, out, _ = sandbox("services")
    assert status == 0
    for service in catalogue().values():
        assert service.title in out.decode()


def test_one_service_tells_its_parameters_metrics_actions_and_causes(sandbox):
    text = sandbox("services", "clients")[1].decode()
    for word in ("rate_per_s", "1/s", "diurnal", "Ports", "filled_in", "Set this source's load"):
        assert word in text
    assert "Causes of loss" in sandbox("services", "external")[1].decode()


@pytest.mark.parametrize("service", sorted(catalogue()))
def test_json_gives_all_there_is_to_know(sandbox, service):
    found = json.loads(sandbox("services", service, "--json")[1])
    assert list(found) == [
        *("id", "title", "category", "summary"),
        *("parameters", "ports", "metrics", "actions", "causes", "faults"),
    ]
    names = [info.name for info in catalogue()[service].parameters()]
    assert [parameter["name"] for parameter in found["parameters"]] == names
    assert {"arrivals", "latency_p99"} <= {metric["name"] for metric in found["metrics"]}


def test_the_whole_catalogue_as_json(sandbox):
    found = json.loads(sandbox("services", "--json")[1])
    assert {service["id"] for service in found["services"]} == set(catalogue())


def test_an_unknown_service_is_answered_with_those_there_are(sandbox):
    status, _, err = sandbox("services", "externl")
    assert status == 2
    assert err.startswith("sandbox: no service 'externl'; did you mean external? There are ")


def test_a_persons_own_service_is_listed_and_a_broken_one_is_named(sandbox, tmp_path: Path):
    import sandbox.services.external as external

    own = Path(external.__file__).read_text().replace('id="external"', 'id="own_thing"')
    sound, unsound = tmp_path / "sound", tmp_path / "unsound"
    sound.mkdir()
    unsound.mkdir()
    (sound / "own_thing.py").write_text(own)
    (unsound / "broken.py").write_text("1 / 0")
    assert "own_thing" in sandbox("services", "--services", str(sound))[1].decode()
    status, _, err = sandbox("services", "--services", str(unsound))
    assert status == 2
    assert "broken.py: ZeroDivisionError" in err
    assert err.count("\n") == 1
