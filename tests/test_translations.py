"""Every text of the window can be translated, is listed, and is looked up when it is shown."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow

from sandbox import language
from sandbox.assets import asset
from sandbox.gui.commands import Command, Commands
from sandbox.gui.speaking import speak
from sandbox.language import tr
from tests import translations
from tests.gui.texts import bare


@pytest.fixture
def english():
    yield
    language.speak(None)


def test_no_text_of_the_window_is_out_of_the_reach_of_translators():
    assert bare() == [], "a text that a person reads is written tr(…), see sandbox/language.py"


def test_the_list_for_translators_is_that_of_the_sources():
    kept = (asset("translations") / translations.TEMPLATE).read_text(encoding="utf-8")
    assert kept == translations.listed(), "make translations lists the texts again"


def test_what_is_translated_stays_when_texts_are_listed_again(tmp_path):
    (tmp_path / "sandbox_de.ts").write_text(translations.listed("de", {"&Quit": "&Beenden"}))
    assert translations.translations(tmp_path / "sandbox_de.ts") == {"&Quit": "&Beenden"}


def test_a_language_that_somebody_made_is_spoken(tmp_path, qapp, english):
    source = tmp_path / "sandbox_de.ts"
    source.write_text(translations.listed("de", {"{at} of {count}": "{at} von {count}"}))
    release = Path(sys.executable).with_name("pyside6-lrelease")
    subprocess.run([release, source], check=True, capture_output=True)
    assert speak(qapp, QLocale("de_AT"), str(tmp_path))
    assert tr("{at} of {count}", at=1, count=3) == "1 von 3"
    assert tr("&Quit") == "&Quit", "what is not translated stays English"


def test_a_language_that_nobody_made_is_english(tmp_path, qapp, english):
    assert not speak(qapp, QLocale("fi_FI"), str(tmp_path))
    assert tr("&Quit") == "&Quit"
    assert QCoreApplication.instance() is qapp


def test_keys_are_kept_under_names_that_are_the_same_in_every_language(qtbot, english):
    windows: list[QMainWindow] = []

    def window() -> tuple[Commands, Command]:
        windows.append(made := QMainWindow())
        qtbot.addWidget(made)
        made.menuBar().addMenu(tr("&File")).addAction(tr("Save &as…"))
        commands = Commands(made.menuBar())
        return commands, commands.fixed()[0]

    german = {"&File": "&Datei", "Save &as…": "Speichern &unter…"}
    language.speak(lambda text: german.get(text, text))
    commands, saving = window()
    assert (saving.menus, saving.name) == (("Datei",), "Speichern unter")
    assert saving.id == "File/Save as"
    commands.give(saving, [QKeySequence("Ctrl+Alt+S")])
    language.speak(None)
    commands, saving = window()
    assert (saving.id, saving.name) == ("File/Save as", "Save as")
    assert commands.keys(saving) == [QKeySequence("Ctrl+Alt+S")], "given while it was German"
    commands.reset_all()


EXAMPLES = list(asset("examples").glob("*.json"))
# Data, units, and what Qt itself says.
_SAID_BY_OTHERS = {
    "", "100 &%", "Architecture Sandbox", "Close", "Float", "Mon 5 Jan 08:00:00",
    "Restore Defaults", "Scroll Left", "Scroll Right", "info", "s", "us-east-1", "×",
}  # fmt: skip
_IN_BRACKETS = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from PySide6.QtCore import QSettings
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
    from sandbox import language
    language.speak(lambda text: f"«{text}»")
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, sys.argv[1])
    app = QApplication([])
    from sandbox.gui.shell import Shell
    from sandbox.gui.window import Workbench
    from sandbox.services.registry import catalogue
    services = catalogue()
    bench = Workbench(Shell(), services, lambda document, tell: None, Path(sys.argv[1]))
    bench.aids.show_settings(0)
    said = {action.text() for action in bench.window.findChildren(QAction)}
    for widget in bench.window.findChildren(QWidget):
        said |= {widget.toolTip(), widget.accessibleName(), widget.windowTitle()}
        if isinstance(widget, (QLabel, QAbstractButton)):
            said.add(widget.text())
    for text in sorted(said):
        print(repr(text))
    sys.stdout.flush()
    import os
    os._exit(0)
    """
)


def test_the_whole_window_speaks_through_the_translator(tmp_path):
    """Said in brackets, what has none was not looked up; names of services are data."""
    asked = [sys.executable, "-c", _IN_BRACKETS, str(tmp_path)]
    answer = subprocess.run(asked, capture_output=True, text=True, timeout=120)
    assert answer.returncode == 0, answer.stderr
    said = {line.strip("'") for line in answer.stdout.splitlines()}
    assert len(said) > 300
    examples = {path.stem.replace("-", " ").capitalize() for path in EXAMPLES}
    assert {text for text in said if "«" not in text} - examples <= _SAID_BY_OTHERS
