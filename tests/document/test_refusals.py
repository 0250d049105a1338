"""What is not a diagram is refused in one line that says what, where, and what to do."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from sandbox.document import Document
from sandbox.document.file import FileError, dump, load, loads
from tests.document.fakes import CATALOGUE, shop

SHOP = dump(shop()).decode()


def refusal(data: bytes | str) -> str:
    with pytest.raises(FileError) as refused:
        loads(data, "shop.json", CATALOGUE)
    message = str(refused.value)
    assert "\n" not in message
    assert message.startswith("shop.json")
    return message


def changed(old: str, new: str) -> str:
    assert SHOP.count(old) == 1, f"{old} stands there {SHOP.count(old)} times"
    return SHOP.replace(old, new)


def line(part: str, text: str = SHOP) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"x": 320', '"x": "left"', 'node "web": x is "left"; write a number'),
        ('"x": 320', '"x": true', 'node "web": x is true; write a number'),
        ('"x": 320', '"x": NaN', 'node "web": x is NaN; write a finite number'),
        ('"x": 320', '"x": 1e999', 'node "web": x is Infinity; write a finite number'),
        ('"x": 320', '"x": null', 'node "web": x is null; write a number'),
        ('"max_size": 12', '"max_size": -Infinity', 'node "web": -inf is not a finite number'),
        ('"service": "alarm", ', "", 'node "alarm": has no "service"; add "service": '),
        ('"id": "workers"', '"id": "wor kers"', "write an id of letters, digits, - and _"),
        ('"id": "workers"', '"id": "web"', 'node "web": two nodes are called "web"'),
        ('"label": "Web fleet"', '"label": 5', "label is 5; write text in quotes"),
        ('{"max_size": 12}', "[]", "params is a list of 0; write an object"),
        (
            '"source": "clients", "target": "web"',
            '"source": "clients", "target": "wbe"',
            'link "clients" → "wbe": its target "wbe" is not a node; write "web"',
        ),
        ('"web", "target": "queue", "key": "out>in"', '"web", "target": "queue", "key": "out"',
         'link "web" → "queue": key is "out"; write the ports it joins'),
        ('"start_s": 3600', '"start_s": "soon"', 'fault 1: start_s is "soon"; write a number'),
        ('"seed": 7', '"seed": 7.5', "scenario: seed is 7.5; write a whole number"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_its_line_its_owner_and_the_remedy(
    old: str, new: str, expected: str
) -> None:
    message = refusal(changed(old, new))
    assert expected in message
    assert f"line {line(old)}," in message


def test_a_file_cut_in_half_says_where_it_ends() -> None:
    for end in (len(SHOP) // 2, len(SHOP) // 3, len(SHOP) - 3):
        message = refusal(SHOP[:end])
        assert f"line {SHOP[:end].count(chr(10)) + 1} column" in message
        assert "cut off" in message


def test_a_missing_comma_is_shown_by_line_and_column() -> None:
    message = refusal(changed('"seed": 7,', '"seed": 7'))
    place = line('"load"')
    assert f"line {place} column 4: expecting ',' delimiter" in message


def test_a_doubled_link_is_refused() -> None:
    edge = next(row for row in SHOP.splitlines() if '"web", "target": "queue"' in row)
    assert "linked twice" in refusal(SHOP.replace(edge, edge + "\n" + edge))


def test_a_doubled_key_is_refused_rather_than_dropped() -> None:
    text = changed('"max_size": 12', '"max_size": 12, "max_size": 13')
    assert 'the key "max_size" stands twice' in refusal(text)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ('"2.0"', "install a newer Architecture Sandbox"),
        ("99", "install a newer Architecture Sandbox"),
        ('"' + "9" * 5000 + '"', "install a newer Architecture Sandbox"),
        ('"new"', 'write "version": "1.0"'),
        ("[1]", 'write "version": "1.0"'),
        ("true", 'write "version": "1.0"'),
    ],
)
def test_a_version_that_cannot_be_read_says_what_to_do(version: str, expected: str) -> None:
    assert expected in refusal(changed('"version": "1.0"', f'"version": {version}'))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"\0" * 1000, "not a diagram"),
        (b"\x89PNG\r\n\x1a\n", "not a diagram"),
        (b"Resources:\n  A:\n", "not a diagram"),
        (b"[1, 2]", "not a diagram"),
        (b"\xff\xfe{\0", "UTF-16"),
        (b'{"nodes": [], "x": "\xff"}', "not UTF-8"),
        (b'{"Resources": {}}', "sandbox import"),
        (b'{"StartAt": "A", "States": {}}', "sandbox import"),
        (b'{"graph": {"format": "drawing"}, "nodes": []}', '"drawing"'),
        (b'{"directed": false, "nodes": []}', "direction"),
        (b'{"nodes": {}}', "write a list"),
        (b'{"nodes": [7]}', "write an object"),
        (b'{"nodes": [], "graph": []}', "write an object"),
        (b'{"nodes": [], "edges": 7}', "write a list"),
        (b'{"nodes": [], "edges": [{"source": [], "target": {}}]}', "source is a list of 0"),
        (b'{"nodes": [{"id": {}}]}', "write text"),
        (b'{"nodes": ' + b"[" * 100_000, "too deeply"),
        (b'{"a":' * 100_000, "too deeply"),
        (b'{"nodes": [], "a": ' + b"[" * 300 + b"]" * 300 + b"}", "deeper than 64"),
        (b'{"nodes": [], "a": ' + b"9" * 5000 + b"}", "too many digits"),
        (b'{"nodes": [' + b"[]," * 4_500_000 + b"[]]}", "more lists and objects"),
    ],
)
def test_what_is_no_diagram_is_refused(data: bytes, expected: str) -> None:
    assert expected in refusal(data)


def test_a_hundred_megabytes_of_zeros_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "zeros.json"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)
    began = time.perf_counter()
    with pytest.raises(FileError, match=r"zeros\.json is 100 MB and a diagram is at most 64 MB"):
        load(path)
    assert time.perf_counter() - began < 0.1


def test_sixty_megabytes_of_zeros_are_refused_by_their_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "zeros.json"
    with path.open("wb") as stream:
        stream.truncate(60_000_000)
    began = time.perf_counter()
    with pytest.raises(FileError, match="not a diagram"):
        load(path)
    assert time.perf_counter() - began < 0.1


def test_what_is_no_ordinary_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="folder"):
        load(tmp_path)
    with pytest.raises(FileError, match=r"missing\.json .* no such file"):
        load(tmp_path / "missing.json")
    with pytest.raises(FileError, match="name is too long"):
        load(tmp_path / ("x" * 5000))
    with pytest.raises(FileError):
        load("nul\0byte")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(FileError, match="ordinary file"):
            load(tmp_path / "pipe")


def test_a_file_that_may_not_be_read_says_so(own_folder: Path) -> None:
    path = own_folder / "secret.json"
    path.write_bytes(dump(Document()))
    path.chmod(0)
    with pytest.raises(FileError, match="access is denied"):
        load(path)


def test_a_refused_file_points_to_its_backup(tmp_path: Path) -> None:
    (tmp_path / "shop.json").write_text(SHOP[:500])
    (tmp_path / "shop.json.bak").write_text(SHOP)
    with pytest.raises(FileError, match=r"what it was before is in shop\.json\.bak"):
        load(tmp_path / "shop.json")
