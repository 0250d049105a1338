"""Every service of the catalogue alike: what it declares, and its law at the edges of its
parameters.  A new service is tested here without a line."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.assets import asset
from sandbox.document.records import Fault
from sandbox.engine import Run
from sandbox.engine.errors import EngineError
from sandbox.services import catalogue
from sandbox.services.contract import CATEGORIES, FAULTS_OF_ANY, LinkParams, Port, Service
from sandbox.services.params import ParamInfo, describe
from tests.drawing import allowed, of_service, values
from tests.simulation import diagram

CATALOGUE = catalogue()
SERVICES = sorted(CATALOGUE)
every_service = pytest.mark.parametrize("service", [CATALOGUE[s] for s in SERVICES], ids=SERVICES)

# ---------------------------------------------------------------- what a service declares


def flat(infos: tuple[ParamInfo, ...], owner: str) -> Iterator[tuple[str, ParamInfo]]:
    """Parameters and those of the items of lists, with their full names."""
    for info in infos:
        yield f"{owner}.{info.name}", info
        yield from flat(info.fields, f"{owner}.{info.name}")


def all_parameters(service: Service) -> Iterator[tuple[str, ParamInfo]]:
    yield from flat(service.parameters(), service.id)
    for port in service.ports:
        for mode, model in port.params.items():
            yield from flat(describe(model), f"{service.id}:{port.name}:{mode}")
    for action in service.actions:
        yield from flat(describe(action.args), f"{service.id}!{action.name}")


@every_service
def test_a_number_is_written_as_one(service: Service) -> None:
    """A text, or a truth, in its place is refused, and not taken for a number somewhere later."""
    for info in service.parameters():
        if info.kind in ("int", "float"):
            assert not CATALOGUE.check_params(service.id, {info.name: info.default})
            for wrong in ("1", True):
                ((where, text),) = CATALOGUE.check_params(service.id, {info.name: wrong})
                assert where == info.name
                assert text.startswith("input should be a number (it is ")


UNITS = {"_s": "s", "_ms": "ms", "_kb": "KB", "_mb": "MB", "_per_s": "1/s"}


@every_service
def test_every_parameter_tells_what_it_is_in_what_unit_and_from_where(service: Service) -> None:
    for name, info in all_parameters(service):
        assert info.help.endswith((".", "!", "?")), f"{name}: help is a sentence: {info.help!r}"
        assert info.source, f"{name} has no source"
        assert info.confidence in ("H", "M", "L", "assumption"), name
        if info.confidence in ("H", "M"):
            assert info.source != "assumption", name
        if info.kind in ("float", "int"):
            assert info.lo is not None, f"{name} has no least value"
            # the longest ending tells: _per_s before _s
            endings = sorted((e for e in UNITS if info.name.endswith(e)), key=len)
            if endings and "_per_" not in info.name.removesuffix(endings[-1]):
                assert info.unit == UNITS[endings[-1]], f"{name} is in {info.unit!r}"
        if info.kind in ("list", "pairs", "texts"):
            assert info.max_items, f"{name} has no greatest length"


@every_service
def test_every_service_has_an_icon_a_category_and_a_sentence(service: Service) -> None:
    assert asset(f"icons/{service.id}.svg").is_file()
    assert service.category in CATEGORIES
    assert service.summary.endswith(".")
    assert service.ports or service.category == "management"  # an alarm is pointed at
    assert service.title[:1].isupper()


@every_service
def test_every_loss_has_a_cause_in_words(service: Service) -> None:
    names = [cause.name for cause in service.causes]
    assert len(names) == len(set(names))
    for cause in service.causes:
        assert cause.text, cause.name
        assert cause.source, cause.name


@every_service
def test_every_metric_can_be_read_and_the_headline_is_one(service: Service) -> None:
    run = Run(around(service.id), CATALOGUE)
    run.advance(5)
    known = {info.name for info in run.metrics("it")}
    assert service.headline in known
    assert {metric.name for metric in service.metrics} <= known
    now = run.now("it")
    for info in run.metrics("it"):
        assert info.title
        assert info.name in now or info.own, info.name
        t, mean, _, _ = run.series("it", info.name)
        assert len(t) == len(mean) > 0


@every_service
def test_every_action_does_something_or_says_why_not(service: Service) -> None:
    run = Run(around(service.id), CATALOGUE)
    run.advance(30)
    for action in service.actions:
        assert action.title
        try:
            said = run.control("it", action.name, {})
        except EngineError as refused:
            said = str(refused)
        assert len(said) > 3
        with pytest.raises(EngineError, match="no_such_argument"):
            run.control("it", action.name, {"no_such_argument": 1})
        run.advance(30)
    sound(run)


@every_service
@pytest.mark.parametrize("era", ["2020", "current"])
def test_every_service_runs_in_every_era(service: Service, era: str) -> None:
    run = Run(around(service.id, era=era), CATALOGUE)
    run.advance(600)
    sound(run)
    loaded = any(port.modes != ("control",) for port in service.ports)
    assert (run.now("it")["arrivals"] > 0) == loaded


# ---------------------------------------------------------------- a diagram around a service


def peer_of(service: Service, port: Port) -> tuple[str, str, str]:
    """(service, port, mode) of something simple that may stand at the other end."""
    for other in ("external", "clients", "sqs", *SERVICES):
        for theirs in CATALOGUE[other].ports:
            ends = (
                (service.id, port.name, other, theirs.name)
                if port.direction == "out"
                else (other, theirs.name, service.id, port.name)
            )
            if theirs.direction != port.direction and CATALOGUE.why_not(*ends) is None:
                if other == "external" and port.direction == "in":
                    continue  # it sends nothing by itself
                return other, theirs.name, CATALOGUE.link_modes(*ends)[0]
    raise AssertionError(f"nothing can be joined to {service.id}.{port.name}")


def around(
    service_id: str,
    params: Mapping[str, Any] | None = None,
    peers: Mapping[str, Mapping[str, Any]] | None = None,
    links: Mapping[str, Mapping[str, Any]] | None = None,
    **scenario: Any,
) -> Any:
    """The service `it` with something at each of its ports, and clients in front.

    `peers` are parameters by service, `links` link parameters by port.
    """
    service = CATALOGUE[service_id]
    peers, links = peers or {}, links or {}
    nodes: dict[str, tuple[str, dict[str, Any]]] = {"it": (service_id, dict(params or {}))}
    drawn = []
    for port in service.ports:
        other, theirs, _ = peer_of(service, port)
        peer = f"{port.name}-{other}"
        nodes[peer] = (other, dict(peers.get(other, {})))
        written = dict(links.get(port.name, {})) or ""
        if port.direction == "out":
            drawn.append(f"it.{port.name} > {peer}.{theirs} {written}")
            continue
        drawn.append(f"{peer}.{theirs} > it.{port.name} {written}")
        if other != "clients" and any(p.name == "in" for p in CATALOGUE[other].ports):
            # what is pulled from needs something to put in
            nodes["feeder"] = ("clients", dict(peers.get("clients", {})))
            drawn.append(f"feeder.out > {peer}.in")
        if "pull" in port.modes and other == "clients":
            for queue in SERVICES:
                for end in CATALOGUE[queue].ports:
                    ends = (queue, end.name, service_id, port.name)
                    if "pull" in end.modes and CATALOGUE.why_not(*ends) is None:
                        nodes[queue] = (queue, dict(peers.get(queue, {})))
                        drawn.append(f"{queue}.{end.name} > it.{port.name}")
                        drawn.append(f"{peer}.out > {queue}.in")
    return diagram(nodes, drawn, **scenario)


def sound(run: Run) -> None:
    """Nothing is lost, less than nothing, or no number."""
    assert run.balance_error < 1e-9, f"balance of {run.balance_node}: {run.balance_error}"
    for node in run.program.ids:
        for name, value in run.now(node).items():
            unknown = name.startswith("latency_p") and math.isnan(value)
            assert unknown or (math.isfinite(value) and value >= 0), f"{node}.{name} is {value}"
    for name in ("reads", "writes", "ok", "throttled", "rejected", "failed", "timed_out"):
        values = run.program.links[name]
        assert (values >= 0).all(), f"{name} of links: {values}"
    assert math.isfinite(run.cost_usd)
    assert run.cost_usd >= 0


# ---------------------------------------------------------------- its law at the edges


def of_links(service: Service) -> st.SearchStrategy[dict[str, dict[str, Any]]]:
    """Link parameters by port."""
    found = {}
    for port in service.ports:
        _, _, mode = peer_of(service, port)
        models = [LinkParams, *([port.params[mode]] if mode in port.params else [])]
        infos = tuple(i for m in models for i in describe(m) if i.name != "mode")
        found[port.name] = values(infos).map(
            lambda chosen, models=models: {
                k: v
                for m in models
                for k, v in allowed(
                    m, {k: v for k, v in chosen.items() if k in m.model_fields}
                ).items()
            }
        )
    return st.fixed_dictionaries(found)


loads = st.sampled_from([0.0, 1e-6, 1.0, 1e3, 1e6]) | st.floats(0, 1e6)


@pytest.mark.timeout(600)  # the first example pays for the compilation of three services
@every_service
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_parameters_and_no_load_break_a_law(service: Service, data: st.DataObject) -> None:
    params = data.draw(of_service(service.id), "parameters")
    others = sorted({peer_of(service, port)[0] for port in service.ports} - {"clients"})
    peers = {other: data.draw(of_service(other), other) for other in others}
    tick_s = data.draw(st.sampled_from([0.1, 1.0, 10.0, 60.0]), "tick")
    document = around(
        service.id,
        params,
        peers,
        data.draw(of_links(service), "links"),
        tick_s=tick_s,
        load=data.draw(loads, "load"),
        era=data.draw(st.sampled_from(["current", "2020"]), "era"),
    )
    run = Run(document, CATALOGUE)
    run.advance(40)
    sound(run)
    run.control(None, "load", {"factor": data.draw(loads, "then")})
    run.advance(40)
    sound(run)
    run.control(None, "load", {"factor": 0.0})
    run.advance(40)
    sound(run)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("tick_s", [0.1, 10.0])
@every_service
def test_it_survives_every_fault_at_its_worst(service: Service, tick_s: float) -> None:
    for kind in sorted({*service.faults, *FAULTS_OF_ANY} - {"zone_outage"}):  # of a zone
        most = 5.0 if kind == "added_latency" else 1.0
        for start in (0.0, 20.0):
            fault = Fault(kind, "it", start, start + tick_s, most)
            run = Run(around(service.id, tick_s=tick_s, faults=(fault,)), CATALOGUE)
            run.advance(round(60 / tick_s))
            sound(run)
