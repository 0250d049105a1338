"""The states of a state machine: drawn live, followed step by step, its definition edited."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible

from sandbox.document import Document, Link, Node, Scenario
from sandbox.gui.graphs.page import StatesPage, valid
from sandbox.gui.graphs.plan import picture
from sandbox.gui.texts.editor import Editor
from sandbox.services._step_functions_graph import draw
from sandbox.services.step_functions import Params
from tests.gui.window.test_accessible import unlabelled

REAL = Path(os.environ.get("SANDBOX_REAL_INPUTS", "")) / "asl"
FILES = sorted(REAL.glob("*.json")) if os.environ.get("SANDBOX_REAL_INPUTS") else []
BROKEN = "sfn-iot-data-analytics-dataset.asl.json"
VALID = [file for file in FILES if file.name != BROKEN]
RETRY = {"ErrorEquals": ["States.ALL"], "MaxAttempts": 1, "IntervalSeconds": 1}
ORDER = json.dumps(
    {
        "StartAt": "Size",
        "States": {
            "Size": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.n", "NumericGreaterThan": 9, "Next": "Large"}],
                "Default": "Small",
            },
            "Large": {"Type": "Wait", "Seconds": 10, "Next": "Pay"},
            "Small": {"Type": "Wait", "Seconds": 2, "Next": "Pay"},
            "Pay": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Retry": [RETRY],
                "End": True,
            },
        },
    },
    indent=2,
)
SHARES = [
    {"state": "Size", "next": "Large", "share": 1},
    {"state": "Size", "next": "Small", "share": 3},
]


@pytest.fixture
def diagram(services):
    """20 orders/s, a quarter of them large."""
    params = {"definition": ORDER, "choices": SHARES, "sample_input": '{"n": 12}'}
    return Document(
        name="Orders",
        scenario=Scenario(duration_s=7200.0),
        nodes=[
            Node("clients", "clients", "", 0, 100, {"rate_per_s": 20.0}),
            Node("orders", "step_functions", "", 300, 100, params),
        ],
        links=[Link("clients", "orders", "out", "in")],
        catalogue=services,
    )


@pytest.fixture
def page(bench, qtbot):
    """The page of the states, after a minute of the run."""
    bench.session.select(["orders"])
    bench.inspector.page._pages.turn_to("States")
    bench.runner.step(60)
    qtbot.waitUntil(lambda: bench.runner.moment.tick >= 60)
    found = bench.inspector.page._states
    qtbot.waitUntil(lambda: found._states is not None and found._states.t_s >= 60.0)
    return found


def test_the_graph_shows_what_is_in_each_state_and_the_shares_of_a_choice(page):
    names = [place.name for place in page.view.drawing.places]
    held = dict(zip(names, page.view.figures.held, strict=True))
    assert held["Large"] == pytest.approx(50.0, rel=0.02)
    page.view.choose("Size")
    said = page.about.text()
    assert "→ Large if $.n > 9: 5/s, 25 %" in said
    assert "→ Small otherwise: 15/s, 75 %" in said
    page.view.choose("Large")
    assert "50 executions inside, 5/s enter, for 10 s each" in page.about.text()
    assert page.view.accessibleDescription() == page.about.text()


def test_a_moment_one_looks_back_to_shows_what_was_in_the_states_then(bench, page, qtbot):
    bench.runner.scrub(3.0)
    qtbot.waitUntil(lambda: page._states.t_s == 3.0)
    names = [place.name for place in page.view.drawing.places]
    large = names.index("Large")
    assert page.view.figures.held[large] == pytest.approx(15.0, rel=0.02)  # 5/s for 3 s
    bench.runner.present()
    qtbot.waitUntil(lambda: page._states.t_s == 60.0)


def test_keys_go_from_state_to_state_and_escape_leaves_them(page, qtbot):
    qtbot.keyClick(page.view, Qt.Key.Key_Down)
    assert page.view.marks.selected == "Size"
    qtbot.keyClick(page.view, Qt.Key.Key_Down)
    qtbot.keyClick(page.view, Qt.Key.Key_Escape)
    assert page.view.marks.selected == ""
    scale = page.view._scale
    qtbot.keyClick(page.view, Qt.Key.Key_Plus)
    assert page.view._scale > scale
    qtbot.keyClick(page.view, Qt.Key.Key_0)
    box = page.view.rect_of("Pay")
    assert page.view.rect().contains(box.toAlignedRect())
    qtbot.mouseClick(page.view, Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert page.view.marks.selected == "Pay"
    qtbot.mouseClick(page.view, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert page.view.marks.selected == ""


def followed(follow, qtbot):
    before = follow.found
    follow.start()
    qtbot.waitUntil(lambda: follow.found is not None and follow.found is not before)
    return follow.found


def test_one_execution_is_followed_step_by_step_with_its_state_in_the_graph(page, qtbot):
    follow = page.follow
    found = followed(follow, qtbot)
    assert [step.state for step in found.steps] == ["Size", "Large", "Pay"]  # 12 is above 9
    assert page.view.marks.present == "Size"
    follow.go(2)
    marks = page.view.marks
    assert marks.present == "Pay"
    assert marks.visited == {"Size", "Large", "Pay"}
    assert marks.gone == {("Size", "Large"), ("Large", "Pay")}
    assert json.loads(follow.given.toPlainText()) == {"n": 12}
    assert "SUCCEEDED after 11 s" in follow.status.text()
    follow.input.setPlainText('{"n": 1}')
    assert [step.state for step in followed(follow, qtbot).steps] == ["Size", "Small", "Pay"]


def test_failures_are_drawn_by_a_seed(page, qtbot):
    follow = page.follow
    follow.seed.setValue(5)
    follow.failures.setValue(100)
    found = followed(follow, qtbot)
    assert found.status == "FAILED"
    pays = [step for step in found.steps if step.state == "Pay"]
    assert [bool(step.error) for step in pays] == [True, True]
    assert pays[0].note == "retry 1 in 1 s"
    follow.go(len(found.steps) - 1)
    assert page.view.marks.failed


def test_an_input_that_is_no_json_is_not_followed(page, qtbot):
    follow = page.follow
    follow.input.setPlainText('{"n": }')
    follow.start()
    assert follow.found is None
    assert "line 1, column 7" in follow.status.text()


def test_a_window_of_its_own_stays_live_while_something_else_is_selected(bench, page, qtbot):
    page.larger_wanted.emit()
    window = bench.inspector._windows["orders"]
    bench.session.select(["clients"])
    bench.runner.step(10)
    qtbot.waitUntil(lambda: window.page._states is not None and window.page._states.t_s >= 70.0)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not bench.inspector._windows)


def test_nothing_of_the_page_or_the_editor_is_without_a_name(bench, page, qtbot):
    QAccessible.setActive(True)
    followed(page.follow, qtbot)
    editor = editor_of(bench)
    assert set(unlabelled(bench.window)) == set()
    assert set(unlabelled(editor)) == set()
    editor.reject()
    QAccessible.setActive(False)


def editor_of(bench):
    row = bench.inspector.page._form.row("definition")
    return row.field.open()


def test_a_mistake_is_marked_at_its_line_and_cannot_be_applied(bench, page):
    editor = editor_of(bench)
    editor.area.setPlainText(ORDER.replace('"Next": "Large"', '"Next": "Huge"'))
    assert not editor.check()
    found = editor.mistake
    line = ORDER.splitlines().index('          "Next": "Large"') + 1
    assert (found.line, found.column) == (line, 19)
    assert editor.told.text().startswith(f'Line {line}, column 19: there is no state "Huge"')
    before = bench.session.document.nodes["orders"].params["definition"]
    editor.apply()
    assert editor.isVisible()
    assert editor.area.place() == (line, 19)
    assert bench.session.document.nodes["orders"].params["definition"] == before
    editor.area.setPlainText(before)
    editor.reject()


def test_another_definition_is_applied_as_one_edit_and_undone(bench, page, qtbot):
    editor = editor_of(bench)
    changed = ORDER.replace('"Seconds": 10', '"Seconds": 20')
    editor.area.setPlainText(changed)
    editor.apply()
    assert bench.session.document.nodes["orders"].params["definition"] == changed
    assert bench.session.undo_stack.count() == 1
    bench.session.undo_stack.undo()
    assert bench.session.document.nodes["orders"].params["definition"] == ORDER
    assert bench.inspector.page._form.row("definition").field.shown.toPlainText() == ORDER


def test_escape_warns_once_before_a_text_is_lost(bench, page, qtbot):
    editor = editor_of(bench)
    qtbot.keyClick(editor.area, Qt.Key.Key_Space)
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert editor.isVisible()
    assert "Escape again" in editor.told.text()
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert not editor.isVisible()
    assert bench.session.undo_stack.count() == 0


def test_what_is_typed_outlives_another_selection(bench, page, qtbot):
    editor = editor_of(bench)
    changed = ORDER.replace('"Seconds": 10', '"Seconds": 30')
    editor.area.setPlainText(changed)
    bench.session.select(["clients"])
    editor.apply()
    assert bench.session.document.nodes["orders"].params["definition"] == changed


def test_enter_keeps_the_indentation_and_laying_out_is_one_undo(bench, page, qtbot):
    editor = editor_of(bench)
    editor.area.setPlainText('{"a": [1]}')
    editor.tidy()
    assert editor.area.toPlainText() == '{\n  "a": [\n    1\n  ]\n}'
    editor.area.undo()
    assert editor.area.toPlainText() == '{"a": [1]}'
    editor.area.setPlainText('  "b": {')
    editor.area.go_to(1, 9)
    qtbot.keyClick(editor.area, Qt.Key.Key_Return)
    assert editor.area.toPlainText() == '  "b": {\n    '
    editor.area.setPlainText(ORDER)
    editor.reject()


@pytest.mark.skipif(not FILES, reason="needs SANDBOX_REAL_INPUTS")
def test_real_files_open_in_the_editor_and_the_broken_one_is_refused_at_its_place(bench, page):
    editor: Editor = editor_of(bench)
    for file in VALID:
        assert editor.read(file)
        assert editor.mistake is None, file.name
    editor.read(REAL / BROKEN)
    assert (editor.mistake.line, editor.mistake.column) == (10, 33)
    assert editor.told.text().startswith("Line 10, column 33: not JSON")
    assert not editor._apply.isEnabled()
    editor.area.setPlainText(ORDER)
    editor.reject()


@pytest.mark.skipif(not FILES, reason="needs SANDBOX_REAL_INPUTS")
def test_the_window_refuses_to_open_the_broken_file_and_says_where(bench):
    assert not bench.files.open(REAL / BROKEN)
    assert "line 10" in bench.messages.text
    assert "column 33" in bench.messages.text


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.name)
def test_boxes_of_a_real_definition_lie_apart_and_inside_those_that_hold_them(file):
    drawing = draw(Params(definition=file.read_text()))
    made = picture(drawing)
    inside = {place.name: place.inside for place in drawing.places}
    for a in drawing.places:
        ax, ay, aw, ah = made.boxes[a.name]
        assert ax >= 0
        assert ax + aw <= made.width + 1e-6
        if a.inside:
            bx, by, bw, bh = made.boxes[a.inside]
            assert bx < ax
            assert by < ay
            assert ax + aw < bx + bw
            assert ay + ah < by + bh
        for b in drawing.places:
            if a.name < b.name and inside[a.name] == inside[b.name]:
                bx, by, bw, bh = made.boxes[b.name]
                assert ax + aw <= bx or bx + bw <= ax or ay + ah <= by or by + bh <= ay
    assert len(made.routes) == len(drawing.ways)


def test_the_graph_is_there_before_the_run_and_without_a_valid_definition_says_so(services, qtbot):
    service = services["step_functions"]
    page = StatesPage(service.graph, service.texts)
    qtbot.addWidget(page)
    page.show_params(valid(service, {"definition": "{"}))
    assert "while the settings are wrong" in page.about.text()
    page.show_params(valid(service, {"definition": ORDER}))
    assert page.about.text().startswith("4 states.")
    assert page.view.figures is None
    page.view.choose("Pay")
    assert "↻ retries States.ALL: 1 times after 1 s" in page.about.text()
