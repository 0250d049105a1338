"""What must hold whatever a person does and whatever a file contains."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.document import Document, Edit, EditError, edits
from sandbox.document.clipboard import copy, duplicate, paste
from sandbox.document.codec import edit_from, edit_json
from sandbox.document.file import FileError, dump, loads
from sandbox.document.layout import tidy
from sandbox.document.problems import problems
from tests.document.fakes import CATALOGUE, shop

SERVICES = ["clients", "fleet", "queue", "alarm", "teleporter"]
PORTS = ["out", "in", "messages", "dead_letter"]
TEXT = st.text(max_size=8)
VALUES = st.none() | st.booleans() | st.integers(0, 9) | st.floats(0, 9) | TEXT
COORDINATES = st.floats(-1e6, 1e6)


def some(data: st.DataObject, things: object) -> object:
    return data.draw(st.sampled_from([*things, "nobody"]))  # type: ignore[misc]


def random_edit(doc: Document, data: st.DataObject) -> Edit:
    draw = data.draw
    node, group = some(data, doc.nodes), some(data, doc.groups)
    link = draw(st.sampled_from([*doc.links, ("a", "b", "out>in")]))
    x, y = draw(COORDINATES), draw(COORDINATES)
    verb = draw(st.integers(0, 15))
    if verb == 0:
        params = draw(st.dictionaries(TEXT, VALUES, max_size=2))
        return edits.place(doc, draw(st.sampled_from(SERVICES)), x, y, params, draw(TEXT))
    if verb == 1:
        ports = st.sampled_from(PORTS)
        return edits.connect(doc, node, draw(ports), some(data, doc.nodes), draw(ports))
    if verb == 2:
        return edits.delete(doc, {node, group} - {"nobody"}, [link] if link in doc.links else [])
    if verb == 3:
        return edits.move(doc, {node: (x, y)})
    if verb == 4:
        return edits.relabel(doc, draw(st.sampled_from([node, group])), draw(TEXT))
    if verb == 5:
        return edits.rename_id(doc, node, draw(st.sampled_from(["a", "b-2", "web", "no good"])))
    if verb == 6:
        return edits.rename_id(doc, group, draw(st.sampled_from(["az-a", "a", "g"])))
    if verb == 7:
        return edits.set_params(
            doc, {node: {draw(st.sampled_from(["max_size", "a"])): draw(VALUES)}}
        )
    if verb == 8:
        return edits.set_link_params(
            doc, {link: {"mode": draw(VALUES), "batch_size": draw(VALUES)}}
        )
    if verb == 9:
        return edits.set_scenario(doc, load=draw(st.floats(0, 100)), seed=draw(st.integers()))
    if verb == 10:
        return edits.group(doc, "vpc", draw(TEXT), {node, group})
    if verb == 11:
        return edits.ungroup(doc, group)
    if verb == 12:
        return duplicate(doc, {node, group})
    if verb == 13:
        return paste(doc, copy(doc, doc.nodes), (x, y)) if len(doc.nodes) < 20 else tidy(doc)
    if verb == 14:
        return edits.reconnect(doc, link, target=node)
    return edits.annotate(doc, draw(TEXT), x, y)


@settings(max_examples=60)
@given(st.data())
def test_undoing_everything_brings_back_every_byte_and_redoing_it_too(data: st.DataObject) -> None:
    doc, before, done = shop(), dump(shop()), []
    for _ in range(data.draw(st.integers(1, 25))):
        try:
            edit = random_edit(doc, data)
            doc.apply(edit)
        except EditError:
            continue
        done.append(edit)
        assert all(
            link.source in doc.nodes and link.target in doc.nodes for link in doc.links.values()
        )
        assert edit_from(json.loads(json.dumps(edit_json(edit)))) == edit
    saved, after = dump(doc), doc.copy()
    assert loads(saved, "", CATALOGUE) == doc
    assert dump(loads(saved, "", CATALOGUE)) == saved
    problems(doc)
    for edit in reversed(done):
        doc.apply(edit.reversed())
    assert doc == shop()
    assert dump(doc) == before
    for edit in done:
        doc.apply(edit)
    assert doc == after
    assert dump(doc) == saved


def opens_or_is_refused_in_one_line(data: bytes | str) -> None:
    try:
        doc = loads(data, "shop.json", CATALOGUE)
    except FileError as failure:
        refusal = str(failure)
    else:
        refusal = ""
        assert loads(dump(doc), "", CATALOGUE) == doc
        problems(doc)
        tidy(doc)
    assert "\n" not in refusal
    assert len(refusal) < 400


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=8,
)


@given(st.data())
def test_a_file_with_any_value_anywhere_opens_or_is_refused(data: st.DataObject) -> None:
    here = whole = json.loads(dump(shop()))
    while True:
        key = data.draw(st.sampled_from(sorted(here)) if isinstance(here, dict) else
                        st.integers(0, len(here) - 1))  # fmt: skip
        if isinstance(here[key], (dict, list)) and here[key] and data.draw(st.integers(0, 5)):
            here = here[key]
            continue
        if data.draw(st.booleans()):
            here[key] = data.draw(JSON)
        else:
            del here[key]
        break
    opens_or_is_refused_in_one_line(json.dumps(whole))


@given(st.integers(0, 3000), st.integers(0, 3000), st.binary(max_size=6))
def test_a_file_with_bytes_cut_out_and_others_put_in_opens_or_is_refused(
    start: int, length: int, instead: bytes
) -> None:
    saved = dump(shop())
    opens_or_is_refused_in_one_line(saved[:start] + instead + saved[start + length :])


@given(st.binary() | st.text() | JSON.map(json.dumps))
def test_anything_at_all_opens_or_is_refused(data: bytes | str) -> None:
    opens_or_is_refused_in_one_line(data)
