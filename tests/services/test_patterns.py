"""Event patterns: which events match, and what is said of patterns that cannot be."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.services._patterns import matches, parse

EVENT = {
    "source": "shop.orders",
    "detail": {"state": "paid", "total": 120.5, "tags": ["gift", "rush"], "ip": "10.0.0.7"},
    "note": "",
    "refund": None,
}


@pytest.mark.parametrize(
    ("pattern", "taken"),
    [
        ({"source": ["shop.orders"]}, True),
        ({"source": ["shop.bills", "shop.orders"]}, True),
        ({"source": ["shop.bills"]}, False),
        ({"source": ["shop.orders"], "detail": {"state": ["open"]}}, False),
        ({"detail": {"tags": ["rush"]}}, True),
        ({"detail": {"total": [{"numeric": [">", 100, "<=", 120.5]}]}}, True),
        ({"detail": {"total": [{"numeric": ["<", 120.5]}]}}, False),
        ({"source": [{"prefix": "shop."}]}, True),
        ({"source": [{"suffix": ".orders"}]}, True),
        ({"source": [{"prefix": {"equals-ignore-case": "SHOP"}}]}, True),
        ({"source": [{"equals-ignore-case": "Shop.Orders"}]}, True),
        ({"source": [{"wildcard": "sh*.ord*"}]}, True),
        ({"source": [{"wildcard": "sh\\*"}]}, False),
        ({"source": [{"anything-but": "shop.orders"}]}, False),
        ({"source": [{"anything-but": ["a", "b"]}]}, True),
        ({"source": [{"anything-but": {"prefix": "shop"}}]}, False),
        ({"detail": {"ip": [{"cidr": "10.0.0.0/24"}]}}, True),
        ({"detail": {"ip": [{"cidr": "10.0.1.0/24"}]}}, False),
        ({"detail": {"missing": [{"exists": False}]}}, True),
        ({"detail": {"state": [{"exists": False}]}}, False),
        ({"missing": [{"anything-but": "x"}]}, False),
        ({"refund": [None]}, True),
        ({"note": [""]}, True),
        ({"$or": [{"source": ["x"]}, {"detail": {"state": ["paid"]}}]}, True),
        ({"$or": [{"source": ["x"]}, {"source": ["y"]}]}, False),
        ({}, True),
    ],
)
def test_a_pattern_takes_what_has_all_that_it_asks_for(pattern: Any, taken: bool) -> None:
    text = json.dumps(pattern) if pattern else ""
    assert matches(parse(text), EVENT) is taken


def test_true_is_not_the_number_one() -> None:
    assert not matches(parse('{"n": [1]}'), {"n": True})
    assert matches(parse('{"n": [1]}'), {"n": 1.0})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"a": ', "line 1"),
        ("[1]", "JSON object"),
        ('{"a": "x"}', 'write ["x"]'),
        ('{"a": []}', "empty list"),
        ('{"a": {}}', "a is empty"),
        ('{"a": [{"starts": "x"}]}', "no operator starts"),
        ('{"a": [{"numeric": [">"]}]}', "pairs such as"),
        ('{"a": [{"prefix": 3}]}', "takes a text"),
        ('{"a": [{"exists": "yes"}]}', "true or false"),
        ('{"a": [{"cidr": "10.0.0.0/99"}]}', "cidr"),
        ('{"a": [{"wildcard": "x**"}]}', "no two"),
        ('{"$or": [{"a": [1]}]}', "two patterns"),
        ('{"a": [{"prefix": "x", "suffix": "y"}]}', "one operator"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_pattern_that_cannot_be_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("[", "\\[")):
        parse(text)
