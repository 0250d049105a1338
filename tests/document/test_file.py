"""What is saved is loaded, what the product wrote stays byte for byte, and old files open."""

from __future__ import annotations

import json
from pathlib import Path

import networkx
import pytest

from sandbox.document import Document, Node, Scenario, edits
from sandbox.document.file import dump, load, loads, save
from sandbox.document.migrations import MIGRATIONS, migrated
from tests.document.fakes import CATALOGUE, shop

FIXTURES = Path(__file__).parent / "fixtures"


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    save(shop(), tmp_path / "shop.json")
    assert load(tmp_path / "shop.json", CATALOGUE) == shop()


def test_opening_and_saving_a_file_of_our_own_changes_no_byte() -> None:
    data = (FIXTURES / "version-1.0.json").read_bytes()
    assert dump(loads(data, "", CATALOGUE)) == data
    assert dump(loads(data)) == data
    assert loads(data, "", CATALOGUE) == shop()


def test_networkx_opens_a_file_as_it_is(tmp_path: Path) -> None:
    save(shop(), tmp_path / "shop.json")
    with (tmp_path / "shop.json").open() as stream:
        graph = networkx.node_link_graph(json.load(stream), edges="edges")
    assert set(graph.edges(keys=True)) == set(shop().links)
    assert graph.nodes["web"]["params"] == {"max_size": 12}
    assert isinstance(graph, networkx.MultiDiGraph)


def test_a_changed_parameter_is_a_one_line_diff() -> None:
    doc = shop()
    before = dump(doc).splitlines()
    doc.apply(edits.set_params(doc, {"web": {"max_size": 13}}))
    after = dump(doc).splitlines()
    assert [a != b for a, b in zip(before, after, strict=True)].count(True) == 1


def test_numbers_are_kept_as_they_were_written() -> None:
    text = (
        '{"nodes": [{"id": "a", "service": "s", "x": 1, "y": 1.0, "params": {"p": 2.0, "q": 2}}]}'
    )
    written = dump(loads(text)).decode()
    assert '"x": 1, "y": 1.0, "params": {"p": 2.0, "q": 2}' in written


def test_parameters_at_their_defaults_are_not_written_and_true_is_not_one() -> None:
    doc = Document(
        nodes=[Node("a", "fleet", params={"max_size": 4.0, "min_size": True, "policies": []})]
    )
    assert '"params": {"min_size": true}' in dump(doc, CATALOGUE).decode()


def test_parameters_are_written_in_the_order_of_the_catalogue_unknown_ones_last() -> None:
    doc = Document(nodes=[Node("a", "fleet", params={"z": 1, "spot": True, "max_size": 9})])
    assert '{"max_size": 9, "spot": true, "z": 1}' in dump(doc, CATALOGUE).decode()


def test_a_newer_minor_version_survives_opening_and_saving_unharmed() -> None:
    data = (FIXTURES / "newer-1.9.json").read_bytes()
    doc = loads(data, "", CATALOGUE)
    assert doc.version == "1.9"
    assert doc.nodes["queue"].service == "queue_of_the_future"
    assert dump(doc) == data


def test_what_a_newer_version_added_survives_an_edit_and_a_copy_of_the_document() -> None:
    doc = loads((FIXTURES / "newer-1.9.json").read_bytes(), "", CATALOGUE).copy()
    doc.apply(edits.move(doc, {"web": (0, 0)}))
    doc.apply(edits.set_link_params(doc, {("web", "queue", "out>in"): {"calls": 3}}))
    text = dump(doc).decode()
    for kept in ('"tags": {"team": [1, 2.0]}', '"colour": "red"', '"weather": "fine"', "1.9"):
        assert kept in text


def test_a_file_of_version_1_gets_the_ports_that_fit() -> None:
    doc = load(FIXTURES / "version-1.json", CATALOGUE)
    assert set(doc.links) == {
        ("clients", "web", "out>in"),
        ("web", "queue", "out>in"),
        ("queue", "workers", "messages>in"),
    }
    assert doc.links[("web", "queue", "out>in")].params["calls"] == 0.5
    assert not doc.nodes["clients"].params
    assert doc.version == "1.0"
    assert loads(dump(doc), "", CATALOGUE) == doc


def test_every_version_ever_written_has_a_fixture_that_opens() -> None:
    for version in [version for version, _ in MIGRATIONS] + ["1.0"]:
        assert load(FIXTURES / f"version-{version}.json", CATALOGUE).nodes


def test_a_migration_leaves_its_argument_alone() -> None:
    text = (FIXTURES / "version-1.json").read_text()
    raw = json.loads(text)
    assert migrated(raw)["graph"]["version"] == "1.0"
    assert raw == json.loads(text)


@pytest.mark.parametrize("version", ["1.0", 1, 1.0, "1", None])
def test_plain_node_link_data_opens_whatever_it_calls_its_version(version: object) -> None:
    graph = networkx.DiGraph()
    graph.add_node("clients", service="clients")
    graph.add_node("web", service="fleet")
    graph.add_edge("clients", "web")
    data = networkx.node_link_data(graph, edges="edges")
    if version is not None:
        data["graph"]["version"] = version
    doc = loads(json.dumps(data), "", CATALOGUE)
    assert list(doc.links) == [("clients", "web", "out>in")]


def test_the_number_keys_of_networkx_become_different_ports() -> None:
    graph = networkx.MultiDiGraph()
    graph.add_node("queue", service="queue")
    graph.add_node("web", service="fleet")
    graph.add_edge("queue", "web")
    graph.add_edge("queue", "web")
    doc = loads(json.dumps(networkx.node_link_data(graph, edges="edges")), "", CATALOGUE)
    assert {key for _, _, key in doc.links} == {"messages>in", "dead_letter>in"}


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter() -> None:
    data = dump(shop()).replace(b"\n", b"\r\n")
    assert loads(b"\xef\xbb\xbf" + data, "", CATALOGUE) == shop()


def test_text_that_has_no_utf8_is_saved_and_loaded_all_the_same() -> None:
    doc = Document(name="half a \ud83d pair", nodes=[Node("a", "queue", label="\0\u2028")])
    assert loads(dump(doc)) == doc


def test_an_empty_document_is_a_file_too() -> None:
    assert loads(dump(Document())) == Document()
    assert loads(b'{"nodes": []}').scenario == Scenario()


def test_a_note_without_an_id_gets_one() -> None:
    doc = loads('{"nodes": [], "graph": {"annotations": [{"text": "a"}, {"text": "b"}]}}')
    assert [note.text for note in doc.annotations.values()] == ["a", "b"]
