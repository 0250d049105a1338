"""Lists of pairs and of records are edited row by row."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from sandbox.gui.inspector.pairs import PairsField, columns


@pytest.fixture
def steps(bench) -> PairsField:
    bench.session.select(["clients"])
    return bench.inspector.page._form.row("steps").field


def stored(bench):
    pairs = bench.session.document.nodes["clients"].params.get("steps", ())
    return [list(pair) for pair in pairs]


def cell(steps, row, column, text):
    steps.table.item(row, column).setText(text)


def test_columns_are_named_by_the_help(steps):
    names = [steps.table.horizontalHeaderItem(c).text() for c in (0, 1)]
    assert names == ["Time (s)", "Factor"]
    assert columns("Odd.") == ["First", "Second"]


def test_rows_are_added_changed_and_removed_each_as_an_undo_step(bench, steps):
    steps.add.click()
    assert stored(bench) == [[0, 1]]
    steps.add.click()
    assert stored(bench) == [[0, 1], [600, 1]]
    cell(steps, 1, 1, "2.5")
    cell(steps, 1, 0, "1k")
    assert stored(bench) == [[0, 1], [1000, 2.5]]
    assert steps.table.item(1, 0).text() == "1000"
    steps.table.setCurrentCell(0, 1)
    steps.remove.click()
    assert stored(bench) == [[1000, 2.5]]
    bench.session.undo_stack.undo()
    assert stored(bench) == [[0, 1], [1000, 2.5]]
    assert steps.table.rowCount() == 2


def test_delete_removes_the_chosen_row(bench, steps):
    steps.add.click()
    steps.table.setCurrentCell(0, 0)
    QTest.keyClick(steps.table, Qt.Key.Key_Delete)
    assert stored(bench) == []
    assert not steps.remove.isEnabled()


def test_a_cell_that_is_no_number_is_named_and_not_taken(bench, steps):
    steps.add.click()
    cell(steps, 0, 1, "much")
    row = bench.inspector.page._form.row("steps")
    assert row._words.text() == "Row 1: “much” is not a number."
    assert stored(bench) == [[0, 1]]
    steps.revert()
    assert steps.table.item(0, 1).text() == "1"
    assert not row._words.text().startswith("Row 1")


def test_a_value_out_of_bounds_is_refused_by_the_catalogue(bench, steps):
    steps.add.click()
    cell(steps, 0, 1, "-3")
    assert "greater than or equal to 0" in bench.inspector.page._form.row("steps")._words.text()
    assert stored(bench) == [[0, 1]]


def test_rows_are_pasted_from_a_spreadsheet(bench, steps):
    steps.paste("0\t1\n3600\t4\n7200\t2")
    assert stored(bench) == [[0, 1], [3600, 4], [7200, 2]]
    assert bench.session.undo_stack.count() == 1
    steps.paste("0\tmany")
    assert stored(bench) == [[0, 1], [3600, 4], [7200, 2]]
