"""Starts the window: asks whether one can open, paints it, and only then imports what is heavy."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.gui import preflight
from sandbox.language import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from sandbox.gui.shell import Shell
    from sandbox.gui.window import Workbench

NAME = "Architecture Sandbox"
_PATIENCE_S = 1.0  # how long a closed window waits for its run


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window with the FILE in `argv`, or with an example; returns the exit status."""
    given = list(sys.argv[1:] if argv is None else argv)
    trouble = preflight.problem()
    if trouble is not None:
        print(f"sandbox: {trouble}", file=sys.stderr)
        return 2
    return open_window(Path(given[0]) if given else None)


def open_window(file: Path | None) -> int:
    """Show the window until it is closed. A window must be able to open: ask `preflight` first."""
    app = _application()
    window = _first_paint(app)
    bench = furnish(window, file)
    bench.runner.patience_s = _PATIENCE_S
    previous = signal.signal(signal.SIGINT, lambda *_: app.quit())
    status = int(app.exec())
    signal.signal(signal.SIGINT, previous)
    if bench.runner.alive:
        bench.stop()
    if bench.runner.alive:
        # It compiles, which can take half a minute and cannot be broken off. What matters is on
        # disk already, and the compiler puts its files in place whole.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status


def furnish(window: Shell, file: Path | None, journals: Path | None = None) -> Workbench:
    """Put everything into the painted window, open the diagram and let it run."""
    from platformdirs import user_state_path
    from PySide6.QtCore import QCoreApplication, QEventLoop

    from sandbox.gui.window import Workbench
    from sandbox.services.registry import catalogue

    folder = journals or user_state_path("architecture-sandbox", appauthor=False) / "journals"
    services = catalogue()
    bench = Workbench(window, services, run_maker(services), folder)
    # Only docks that have their sizes can be given others: what is recalled earlier is distorted.
    QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    bench.layouts.usual_is_now()
    bench.layouts.recall()
    _hear_errors(bench)
    opened = bench.files.open(file) if file is not None else bench.open_first_example()
    if opened:
        bench.runner.play()
    offered = bench.files.offer_recovery()
    if file is None and bench.preferences.start_page and not offered:
        bench.aids.show_start()
    return bench


def run_maker(catalogue: Any) -> Callable[..., Any]:
    """What brings a document to life, on the run's thread: it may have to compile its services."""

    warm: list[bool] = []

    def make_run(document: Any, tell: Callable[[str], None]) -> Any:
        from sandbox.engine.native import compile_all
        from sandbox.engine.prepare import beforehand
        from sandbox.engine.run import Run

        used = {node.service for node in document.nodes.values()}
        services = [catalogue[service] for service in sorted(used) if service in catalogue]
        beforehand(
            services,
            lambda done, of, title: tell(
                tr("{title} ({done} of {of})", title=title, done=done, of=of)
            ),
        )
        compile_all(services, lambda done, of, title: tell(title or tr("the run")))
        run = Run(document, catalogue, window=True)
        if not warm:
            # What all runs share is compiled when it is first called: not while somebody waits
            # for the first tick, but here, where the window says what it is doing.
            start = run.snapshot()
            run.advance(1)
            for node in run.program.ids[:1]:
                run.now(node)
                run.series(node, "latency_p95")
            run.restore(start)
            warm.append(True)
        return run

    return make_run


def _application() -> QApplication:
    from PySide6.QtCore import QCoreApplication, QLocale, qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    from sandbox.gui.speaking import speak

    qInstallMessageHandler(_qt_says)
    QCoreApplication.setOrganizationName(NAME)
    QCoreApplication.setApplicationName(NAME)
    app = QApplication([NAME])
    speak(app, QLocale())
    return app


def _first_paint(app: QApplication) -> Shell:
    from PySide6.QtCore import QSettings
    from PySide6.QtGui import QIcon

    from sandbox.assets import asset
    from sandbox.gui import theme as themes
    from sandbox.gui.shell import Shell

    chosen = themes.THEMES.get(str(QSettings().value("view/theme", "system")))
    themes.apply(app, chosen or themes.system_theme(app))
    points = QSettings().value("preferences/font_points", 0.0)
    app.setProperty("system-points", app.font().pointSizeF())
    if (size := _number(points)) > 0:
        font = app.font()
        font.setPointSizeF(size)
        app.setFont(font)
    app.setWindowIcon(QIcon(str(asset("icons/app.svg"))))
    window = Shell()
    room = window.screen().availableSize()
    window.resize(min(1600, room.width()), min(900, room.height()))
    window.show()
    app.processEvents()
    return window


def _number(kept: object) -> float:
    """A kept size of text, within reason; 0 for none."""
    try:
        size = float(str(kept))
    except ValueError:
        return 0.0
    return min(max(size, 7.0), 20.0) if size > 0 else 0.0


def _qt_says(kind: Any, context: Any, message: str) -> None:
    """Qt's own complaints, one line each; its chatter is left out."""
    from PySide6.QtCore import QtMsgType

    if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg):
        print(f"sandbox: Qt: {message}", file=sys.stderr)


def _hear_errors(bench: Workbench) -> None:
    """An unexpected error is said in the window and written out; it does not end the program."""

    def tell(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        traceback.print_exception(kind, error, trace)
        bench.messages.say(
            tr("Something unexpected happened: {error}", error=str(error) or kind.__name__), "error"
        )

    sys.excepthook = tell
