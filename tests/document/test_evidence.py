"""How sure a link is, and a person's word on it."""

from __future__ import annotations

from sandbox.document import Document, Link, Node
from sandbox.document.evidence import evidence_of, reason_of, settle


def made() -> Document:
    links = [
        Link("a", "b", "out", "in", {"calls": 2}, {"evidence": "probable", "other": 1}),
        Link("b", "a", "out", "in", {}, {"evidence": "nonsense"}),
    ]
    told = {"links": [{"drawn": [["a", "b", "out>in"]], "why": "its role allows it"}]}
    nodes = [Node("a", "x"), Node("b", "x")]
    return Document(nodes=nodes, links=links, source={"report": told})


def test_only_what_an_import_says_is_unsure():
    links = list(made().links.values())
    assert [evidence_of(link) for link in links] == ["probable", "certain"]
    assert [reason_of(made(), link) for link in links] == ["its role allows it", ""]


def test_a_settled_link_keeps_all_else_and_can_be_unsettled():
    document = made()
    before = document.links["a", "b", "out>in"]
    edit = settle(document, before.id)
    document.apply(edit)
    after = document.links[before.id]
    assert evidence_of(after) == "certain"
    assert (dict(after.params), dict(after.extra)) == ({"calls": 2}, {"other": 1})
    document.apply(edit.reversed())
    assert document.links[before.id] == before
    document.apply(edit)
    assert not settle(document, before.id)


def test_a_source_of_an_odd_shape_gives_no_reason():
    for source in ({}, {"report": 3}, {"report": {"links": "x"}}, {"report": {"links": [4]}}):
        document = Document(nodes=[Node("a", "x")], links=[], source=source)
        assert reason_of(document, Link("a", "a", "o", "i")) == ""
