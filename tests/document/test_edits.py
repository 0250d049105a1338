"""The verbs return edits that fit, and refuse in words what cannot be."""

from __future__ import annotations

import pytest

from sandbox.document import Document, EditError, Fault, Node, edits
from tests.document.fakes import CATALOGUE, shop


def test_ids_are_readable_and_unique() -> None:
    doc = Document(catalogue=CATALOGUE)
    for _ in range(3):
        doc.apply(edits.place(doc, "queue", 0, 0))
    assert list(doc.nodes) == ["queue", "queue-2", "queue-3"]


def test_an_id_that_is_free_again_is_used_again() -> None:
    doc = Document()
    for _ in range(3):
        doc.apply(edits.place(doc, "queue", 0, 0))
    doc.apply(edits.delete(doc, ["queue-2"]))
    doc.apply(edits.place(doc, "queue", 0, 0))
    assert set(doc.nodes) == {"queue", "queue-2", "queue-3"}


def test_nothing_changes_before_the_edit_is_applied() -> None:
    doc = shop()
    edits.delete(doc, ["web"])
    assert doc == shop()


def test_a_parameter_at_its_default_is_not_kept() -> None:
    doc = shop()
    doc.apply(edits.set_params(doc, {"web": {"max_size": 4, "min_size": 2}}))
    assert dict(doc.nodes["web"].params) == {"min_size": 2}


def test_a_parameter_set_to_none_goes_back_to_its_default() -> None:
    doc = shop()
    doc.apply(edits.set_params(doc, {"web": {"max_size": None}}))
    assert not doc.nodes["web"].params


def test_one_is_not_true_when_defaults_are_compared() -> None:
    doc = shop()
    doc.apply(edits.set_params(doc, {"web": {"min_size": True, "spot": 0}}))
    assert doc.nodes["web"].params["min_size"] is True
    assert doc.nodes["web"].params["spot"] == 0


def test_a_link_in_another_mode_keeps_the_mode_but_not_the_defaults_of_that_mode() -> None:
    doc = shop()
    link = ("clients", "web", "out>in")
    doc.apply(edits.set_link_params(doc, {link: {"mode": "pull", "batch_size": 10, "calls": 1}}))
    assert dict(doc.links[link].params) == {"mode": "pull"}


def test_setting_what_is_so_already_is_no_edit() -> None:
    doc = shop()
    assert not edits.set_params(doc, {"web": {"max_size": 12}})
    assert not edits.move(doc, {"web": (320, 120.5)})
    assert not edits.relabel(doc, "web", "Web fleet")


def test_deleting_a_node_takes_its_links_its_places_in_groups_and_its_faults() -> None:
    doc = shop()
    doc.apply(edits.set_scenario(doc, faults=[Fault("crash", "web", 0, 1)]))
    doc.apply(edits.delete(doc, ["web"]))
    assert list(doc.links) == [("queue", "workers", "messages>in")]
    assert doc.groups["az-a"].members == ("workers",)
    assert doc.scenario.faults == ()


def test_deleting_two_connected_nodes_deletes_their_link_once() -> None:
    doc = shop()
    doc.apply(edits.delete(doc, ["web", "queue"], [("web", "queue", "out>in")]))
    assert not doc.links
    assert len(doc.nodes) == 3


def test_ungrouping_leaves_the_members_and_the_group_around() -> None:
    doc = shop()
    doc.apply(edits.ungroup(doc, "az-a"))
    assert "web" in doc.nodes
    assert doc.groups["vpc"].members == ("queue",)


def test_links_groups_faults_and_metric_references_follow_a_renamed_node() -> None:
    doc = shop()
    doc.apply(edits.rename_id(doc, "queue", "orders"))
    assert ("web", "orders", "out>in") in doc.links
    assert ("orders", "workers", "messages>in") in doc.links
    assert doc.groups["vpc"].members == ("az-a", "orders")
    assert doc.nodes["alarm"].params["metric"]["node"] == "orders"
    assert shop().nodes["alarm"].params["metric"]["node"] == "queue"


def test_a_renamed_cache_stays_the_one_that_is_asked_first() -> None:
    doc = shop()
    link = next(link for link in doc.links.values() if link.source == "web")
    doc.apply(edits.set_link_params(doc, {link.id: {"cache_aside": "queue"}}))
    doc.apply(edits.rename_id(doc, "queue", "orders"))
    named = [link.params.get("cache_aside") for link in doc.links.values()]
    assert [name for name in named if name] == ["orders"]


def test_faults_follow_a_renamed_group() -> None:
    doc = shop()
    doc.apply(edits.rename_id(doc, "az-a", "az-b"))
    assert doc.scenario.faults[0].target == "az-b"
    assert doc.groups["vpc"].members[0] == "az-b"


def test_the_same_ports_are_not_connected_twice() -> None:
    doc = shop()
    with pytest.raises(EditError, match="connected to Web fleet already"):
        edits.connect(doc, "clients", "out", "web", "in")


def test_a_link_that_the_services_refuse_is_refused_with_their_reason() -> None:
    doc = shop()
    doc.apply(edits.place(doc, "queue", 0, 0, id="other"))
    with pytest.raises(EditError, match="a queue does not pull from a queue"):
        edits.connect(doc, "queue", "messages", "other", "in")


def test_a_service_may_call_itself_when_the_catalogue_has_nothing_against_it() -> None:
    doc = shop()
    doc.apply(edits.connect(doc, "web", "out", "web", "in"))
    assert ("web", "web", "out>in") in doc.links
    doc.apply(edits.delete(doc, ["web"]))
    assert ("web", "web", "out>in") not in doc.links


def test_a_reconnected_link_keeps_its_parameters() -> None:
    doc = shop()
    doc.apply(edits.reconnect(doc, ("web", "queue", "out>in"), source="workers"))
    assert doc.links[("workers", "queue", "out>in")].params["calls"] == 0.5
    assert ("web", "queue", "out>in") not in doc.links


@pytest.mark.parametrize(
    "verb",
    [
        lambda doc: edits.delete(doc, ["nobody"]),
        lambda doc: edits.move(doc, {"nobody": (0, 0)}),
        lambda doc: edits.relabel(doc, "nobody", "x"),
        lambda doc: edits.rename_id(doc, "nobody", "x"),
        lambda doc: edits.rename_id(doc, "web", "queue"),
        lambda doc: edits.rename_id(doc, "web", "two words"),
        lambda doc: edits.set_params(doc, {"nobody": {}}),
        lambda doc: edits.set_link_params(doc, {("a", "b", "c>d"): {}}),
        lambda doc: edits.connect(doc, "web", "out", "nobody", "in"),
        lambda doc: edits.place(doc, "queue", 0, 0, id="web"),
        lambda doc: edits.group(doc, "vpc", "", ["nobody"]),
        lambda doc: edits.ungroup(doc, "nobody"),
        lambda doc: edits.set_scenario(doc, weather="fine"),
        lambda doc: edits.set_scenario(doc, seed=1.5),
        lambda doc: edits.move(doc, {"web": (float("inf"), 0)}),
        lambda doc: edits.set_params(doc, {"web": {"max_size": float("nan")}}),
    ],
)
def test_a_verb_asked_for_what_cannot_be_says_so(verb) -> None:
    with pytest.raises(EditError):
        verb(shop())


def test_whole_pixels_are_integers() -> None:
    doc = shop()
    doc.apply(edits.move(doc, {"web": (40.0, 60.123456)}))
    assert repr((doc.nodes["web"].x, doc.nodes["web"].y)) == "(40, 60.12)"


def test_a_record_that_no_file_could_hold_cannot_be_made() -> None:
    for wrong in (
        {"x": float("nan")},
        {"label": 5},
        {"params": {"a": float("inf")}},
        {"params": {"a": {1, 2}}},
        {"params": {"a": {1: 2}}},
    ):
        with pytest.raises(EditError, match=r"finite|cannot be|cannot hold|text"):
            Node("a", "queue", **wrong)


def test_parameters_are_not_shared_with_whoever_made_them_and_cannot_be_written() -> None:
    params = {"steps": [[0, 1]]}
    node = Node("a", "queue", params=params)
    params["steps"][0][0] = 99
    assert node.params["steps"] == [[0, 1]]
    with pytest.raises(TypeError):
        node.params["steps"] = []  # type: ignore[index]
