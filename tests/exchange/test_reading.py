"""Reading templates: short tags, and what is refused, with its place."""

from __future__ import annotations

import pytest

from sandbox.exchange.errors import TemplateError
from sandbox.exchange.reading import MAX_BYTES, MAX_DEPTH, read_text


def values(text: str, name: str = "t.yaml"):
    return read_text(text.encode(), name).value


def test_short_tags_are_the_long_notation():
    text = "a: !Ref Q\nb: !GetAtt Q.Arn\nc: !Sub ['${X}', {X: !Ref P}]\nd: !If [C, 1, !Ref X]\n"
    assert values(text) == {
        "a": {"Ref": "Q"},
        "b": {"Fn::GetAtt": ["Q", "Arn"]},
        "c": {"Fn::Sub": ["${X}", {"X": {"Ref": "P"}}]},
        "d": {"Fn::If": ["C", 1, {"Ref": "X"}]},
    }


def test_plain_words_are_those_of_yaml_1_1_but_dates_and_accounts_stay_text():
    text = "[yes, Off, ~, 012, 017000801446, 2012-10-17, 1e3, '5', 1.5, -3]"
    assert values(text) == [
        *(True, False, None, 10, "017000801446", "2012-10-17", 1000.0, "5", 1.5, -3),
    ]


def test_an_alias_stands_for_its_anchor_and_merges():
    assert values("a: &x {k: 1, l: 2}\nb: *x\nc: {<<: *x, k: 3}\n") == {
        "a": {"k": 1, "l": 2},
        "b": {"k": 1, "l": 2},
        "c": {"k": 3, "l": 2},
    }


def test_a_key_that_stands_twice_is_told_with_its_line():
    found = read_text(b"a: 1\nb: 2\na: 3\n", "t.yaml")
    assert found.value == {"a": 3, "b": 2}
    assert found.notes == ["line 3: the key 'a' stands twice; the last holds"]


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("a: !!python/object/apply:os.system ['id']", "line 1, column 4", "the tag"),
        ("a: !<x> 1", "line 1, column 4", "none of CloudFormation's"),
        ("a:\n  - b\n c: 1", "line 3", "this is not YAML"),
        ("a: *nobody", "line 1, column 4", "there is no anchor &nobody"),
        ("a: 1\n---\nb: 2", "line 2", "a second document"),
        ("? [1, 2]\n: 3", "line 1", "write it as text"),
        (BOMB, "line 6", "its aliases make the file too large"),
        ("[" * 5000, "line 1", f"deeper than {MAX_DEPTH}"),
        ("- " * 200 + "x", "line 1", f"deeper than {MAX_DEPTH}"),
    ],
)
def test_what_no_template_has_is_refused_with_its_place(text, place, says):
    with pytest.raises(TemplateError) as refused:
        values(text)
    assert str(refused.value).startswith("t.yaml, " + place)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b'{"a": 1,\n "b" 2}', "t.json", "line 2, column 6"),
        (b'{"a": ' * 20_000, "t.json", "deeper than"),
        (b'{"a": NaN}', "t.json", "NaN is not JSON"),
        (b"a: \xff", "t.yaml", "byte 4 is not UTF-8"),
        (b" " * (MAX_BYTES + 1), "t.yaml", "larger than 5 MB"),
        (b"a: \x00", "t.yaml", "not YAML"),
    ],
)
def test_broken_and_huge_files_are_refused_in_one_line(data, name, says):
    with pytest.raises(TemplateError) as refused:
        read_text(data, name)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_nesting_just_at_the_limit_is_read():
    assert values("[" * MAX_DEPTH + "]" * MAX_DEPTH) is not None
    assert values("[" * MAX_DEPTH + "]" * MAX_DEPTH, "t.json") is not None
    for name in ("t.yaml", "t.json"):
        with pytest.raises(TemplateError):
            values("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), name)
