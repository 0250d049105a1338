"""Groups: nested as regions, VPCs and zones are, joined, left, collapsed."""

from __future__ import annotations

import pytest

from sandbox.document import Document, EditError, Group, Link, Node
from sandbox.document.file import dump, loads
from sandbox.document.groups import fold, inside, join, leave, stand_ins, usual_label, wrap


def doc(*groups: Group) -> Document:
    nodes = [Node(name, "queue", x=300 * i) for i, name in enumerate("abcd")]
    return Document(nodes=nodes, links=[Link("a", "b", "out", "in")], groups=groups)


def applied(document: Document, edit) -> str:
    document.apply(edit)
    return str(edit.changes[0].key)


def test_zones_are_named_after_the_region_one_letter_after_the_other() -> None:
    document = doc()
    first = applied(document, wrap(document, "availability_zone", ["a"]))
    second = applied(document, wrap(document, "availability_zone", ["a", "b"]))
    assert [document.groups[id].label for id in (first, second)] == ["us-east-1a", "us-east-1b"]
    assert usual_label(document, "vpc") == "VPC"
    assert usual_label(document, "region") == "us-east-1"


def test_a_zone_made_inside_a_vpc_becomes_part_of_it() -> None:
    document = doc(Group("vpc", "vpc", "VPC", ("a", "b", "c")))
    zone = applied(document, wrap(document, "availability_zone", ["a", "b"]))
    assert zone in document.groups["vpc"].members
    assert inside(document, "vpc") == {"a", "b", "c", zone}


def test_a_vpc_made_round_whole_zones_contains_them() -> None:
    document = doc(Group("az", "availability_zone", "", ("a", "b")))
    vpc = applied(document, wrap(document, "vpc", ["a", "b", "c"]))
    assert document.groups[vpc].members == ("a", "b", "c", "az")


def test_an_empty_group_is_refused_in_words() -> None:
    with pytest.raises(EditError, match="Select what the group is to contain first"):
        wrap(doc(), "vpc", [])


def test_a_group_cannot_be_put_into_itself_however_deep() -> None:
    document = doc(Group("outer", "vpc", "Outer", ("inner",)), Group("inner", "vpc", "", ("a",)))
    with pytest.raises(EditError, match="cannot be inside itself"):
        document.apply(join(document, "inner", ["outer"]))


def test_the_last_member_that_leaves_takes_the_group_along() -> None:
    document = doc(Group("az", "availability_zone", "", ("a", "b")))
    document.apply(leave(document, "az", ["a"]))
    assert document.groups["az"].members == ("b",)
    document.apply(leave(document, "az", ["b"]))
    assert not document.groups


def test_the_outermost_collapsed_group_stands_for_a_node_and_a_file_remembers_it() -> None:
    document = doc(
        Group("inner", "availability_zone", "", ("a",)), Group("outer", "vpc", "", ("inner", "b"))
    )
    before = dump(document)
    assert stand_ins(document) == {}
    document.apply(fold(document, ["inner"], True))
    assert stand_ins(document) == {"a": "inner"}
    document.apply(fold(document, ["outer"], True))
    assert stand_ins(document) == {"a": "outer", "b": "outer", "inner": "outer"}
    again = loads(dump(document), "again")
    assert again == document
    assert b'"collapsed": true' in dump(document)
    document.apply(fold(document, ["inner", "outer"], False))
    assert dump(document) == before


def test_groups_that_contain_each_other_in_a_damaged_file_are_walked_once() -> None:
    document = doc(Group("x", "vpc", "", ("y", "a")), Group("y", "vpc", "", ("x", "b")))
    assert inside(document, "x") == {"y", "a", "b"}
