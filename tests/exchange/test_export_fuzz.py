"""Any diagram at all goes out and comes back, and is a template that CloudFormation takes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.document import Document, Link, Node
from sandbox.exchange import export_with_report

from .judges import back, errors_of, plain
from .templates import known

SERVICES = sorted(known())


def _value(about: Any) -> st.SearchStrategy[Any]:
    """A value of a parameter; of those that are lists or records, the default."""
    if about.choices:
        return st.sampled_from(list(about.choices))
    if about.kind == "bool":
        return st.booleans()
    lo = 0 if about.lo is None else about.lo
    hi = lo + 1e6 if about.hi is None else about.hi
    if about.kind == "int":
        return st.integers(int(lo), int(hi))
    if about.kind == "float":
        return st.floats(lo, hi, allow_subnormal=False)
    return st.just(about.default)


@st.composite
def diagrams(draw: st.DrawFn, most: int = 8) -> Document:
    catalogue: Any = known()
    ids = st.text("abzABZ019-_", min_size=1, max_size=5)
    nodes = []
    for id in draw(st.lists(ids, max_size=most, unique=True)):
        service = draw(st.sampled_from(SERVICES))
        infos = {info.name: info for info in catalogue[service].parameters()}
        names = draw(st.lists(st.sampled_from(sorted(infos)), max_size=5, unique=True))
        params = {name: draw(_value(infos[name])) for name in names}
        for wrong, _ in catalogue.check_params(service, params):
            params.pop(wrong.split(".")[0].split("[")[0], None)
        if catalogue.check_params(service, params):
            params = {}
        place = st.floats(-1e4, 1e4)
        label = draw(st.text(max_size=8))
        nodes.append(Node(id, service, label, draw(place), draw(place), params))
    links: dict[Any, Link] = {}
    for _ in range(draw(st.integers(0, 2 * len(nodes)))):
        source, target = (draw(st.sampled_from(nodes)) for _ in range(2))
        fit = [
            (out, into)
            for out in catalogue.ports(source.service)
            for into in catalogue.ports(target.service)
            if out.direction == "out" and into.direction == "in" and source is not target
            and (out.many or all((k.source, k.source_port) != (source.id, out.name)
                                 for k in links.values()))
            and catalogue.why_not(source.service, out.name, target.service, into.name) is None
        ]  # fmt: skip
        if fit:
            out, into = draw(st.sampled_from(fit))
            link = Link(source.id, target.id, out.name, into.name)
            links[link.id] = link
    name = draw(st.text(max_size=9))
    return Document(nodes=nodes, links=links.values(), name=name, catalogue=catalogue)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("to", ["cloudformation", "sam"])
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(diagram=diagrams())
def test_any_diagram_comes_back(to, diagram):
    made = export_with_report(diagram, known(), to)
    assert plain(back(made.data).document) == plain(diagram)
    assert sum(line.kind == "node" for line in made.report.lines) == len(diagram.nodes)
    assert sum(line.kind == "link" for line in made.report.lines) == len(diagram.links)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("to", ["cloudformation", "sam"])
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(diagram=diagrams(5))
def test_any_diagram_can_be_deployed(to, diagram):
    made = export_with_report(diagram, known(), to)
    assert errors_of(made.data.decode()) == []
