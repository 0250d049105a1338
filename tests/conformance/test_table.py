"""The table of facts is that of the tests."""

from __future__ import annotations

from tests.conformance.table import PAGE, markdown, rows


def test_the_table_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == markdown(), (
        "run `python -m tests.conformance`, look at what changed, commit it"
    )


def test_each_fact_has_a_public_source() -> None:
    missing = [row.test for row in rows() if len(row.fact.source) < 8]
    assert not missing
