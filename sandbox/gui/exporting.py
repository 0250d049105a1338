"""File → Export: the diagram as a file for other programs, made on a thread of its own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QProgressDialog, QWidget

from sandbox.document import Document
from sandbox.document.errors import FileError
from sandbox.experiments.files import write_whole
from sandbox.gui.files import usual_folder
from sandbox.gui.messages import Messages
from sandbox.gui.session import Session
from sandbox.gui.threads import Thread
from sandbox.language import tr

if TYPE_CHECKING:
    from sandbox.exchange import ExportReport, Format

Look = Callable[[Callable[[Any], Any]], SimpleQueue[Any]]
_SHOWN_AFTER_MS = 500
_PATIENCE_S = 3.0
"""For a run that is just being compiled: a report is written without its figures then."""


class Exporter(QObject):
    """Asks where to, writes while the window goes on, and says what came of it."""

    def __init__(self, session: Session, messages: Messages, look: Look, window: QWidget) -> None:
        """`look(ask)` has `ask(run)` answered into a queue."""
        super().__init__(window)
        self._session, self._messages, self._window = session, messages, window
        self._look = look
        self._job: _Job | None = None
        self._progress: QProgressDialog | None = None
        self.dark = False
        """Whether the window is."""
        self.as_window = False
        """Whether pictures are drawn in the window's theme, and not light as paper is."""
        self.ask_path: Callable[[Format], str] = self._ask_path

    def formats(self) -> Sequence[Format]:
        from sandbox.exchange import FORMATS

        return list(FORMATS.values())

    def draw_as_window(self, wanted: bool) -> None:
        self.as_window = wanted

    @property
    def busy(self) -> bool:
        return self._job is not None

    def ask(self, to: str) -> bool:
        """Ask where to, and begin to write; False when the person thought better."""
        from sandbox.exchange import FORMATS

        if self.busy:
            self._messages.say(tr("One export is still under way; wait for it, or cancel it."))
            return False
        chosen = self.ask_path(FORMATS[to])
        if not chosen:
            return False
        path = Path(chosen)
        self._begin(to, path if path.suffix else path.with_suffix(FORMATS[to].suffix))
        return True

    def stop(self) -> None:
        """The window closes: what is under way is given up."""
        if self._job is not None:
            self._job.cancelled = True
        self._close()

    def _begin(self, to: str, path: Path) -> None:
        theme = "dark" if self.as_window and self.dark else "light"
        document = self._session.document.copy()
        figures = self._look(_figures) if to == "markdown" else None
        job = _Job(document, self._session.catalogue, to, path, theme, figures, self)
        job.finished.connect(self._done)
        self._progress = QProgressDialog(
            tr("Exporting {name}…", name=path.name), "Cancel", 0, 0, self._window
        )
        self._progress.setWindowTitle(tr("Export"))
        self._progress.setAccessibleName(tr("Export under way"))
        self._progress.setMinimumDuration(_SHOWN_AFTER_MS)
        self._progress.canceled.connect(self._cancel)
        self._job = job
        job.start()

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancelled = True

    def _done(self) -> None:
        job = self._job
        if job is None:
            return
        self._close()
        if job.cancelled:
            self._messages.say(tr("Nothing was exported."))
        elif job.why_not:
            self._messages.say(tr("Not exported: {why_not}", why_not=job.why_not), "error")
        else:
            self._messages.say(tr("Exported {path}{left}", path=job.path, left=_left(job.report)))

    def _close(self) -> None:
        if self._progress is not None:
            self._progress.canceled.disconnect(self._cancel)
            self._progress.reset()
            self._progress.deleteLater()
            self._progress = None
        if self._job is not None:
            self._job.let_go()
            self._job.deleteLater()
            self._job = None

    def _ask_path(self, format: Format) -> str:
        at = self._session.path
        folder = at.parent if at is not None else usual_folder()
        start = folder / f"{default_stem(at, self._session.document)}{format.suffix}"
        kinds = tr("{title} (*{suffix});;All files (*)", title=format.title, suffix=format.suffix)
        title = tr("Export as {title}", title=format.title)
        return QFileDialog.getSaveFileName(self._window, title, str(start), kinds)[0]


def default_stem(path: Path | None, document: Document) -> str:
    """What a file of this diagram is called before its ending."""
    if path is not None:
        return path.stem
    words = re.sub(r"[^\w.-]+", "-", document.name.strip().lower()).strip("-.")
    return words or "diagram"


def _left(report: ExportReport | None) -> str:
    """What is not wholly in the file, in words; nothing where all of it is."""
    if report is None or all(line.went == "exported" for line in report.lines):
        notes = "; ".join(report.notes) if report is not None else ""
        return f" ({notes})" if notes else ""
    return f" ({report.summary()})"


def _figures(run: Any) -> dict[str, Any] | None:
    """What a report tells of the run so far, in the words of `sandbox run --json`."""
    if run.t_s <= 0:
        return None
    history = run.history
    return {
        "duration_s": run.t_s,
        "cost_usd": run.cost_usd,
        "nodes": {
            node: {info.name: history.summary(node, info.name) for info in run.metrics(node)}
            for node in run.program.ids
        },
    }


class _Job(Thread):
    """Makes the bytes and writes them; `why_not` says what went wrong."""

    def __init__(
        self,
        document: Document,
        catalogue: Any,
        to: str,
        path: Path,
        theme: str,
        figures: SimpleQueue[Any] | None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._document, self._catalogue, self._to, self._theme = document, catalogue, to, theme
        self._figures = figures
        self.path = path
        self.report: ExportReport | None = None
        self.why_not = ""
        self.cancelled = False

    def run(self) -> None:
        from sandbox.exchange import Options, export_with_report
        from sandbox.exchange.out.figures import of_run

        try:
            told = self._wait()
            options = Options(self._theme, of_run(told) if told else None, lambda: self.cancelled)
            made = export_with_report(self._document, self._catalogue, self._to, options)
            if not self.cancelled:
                write_whole(self.path, made.data)
                self.report = made.report
        except FileError as error:
            self.why_not = str(error)
        except Exception as error:  # whatever a diagram brings about, the window lives
            self.why_not = str(error) or type(error).__name__

    def _wait(self) -> Any:
        until = time.monotonic() + _PATIENCE_S
        while self._figures is not None and not self.cancelled and time.monotonic() < until:
            try:
                return self._figures.get(timeout=0.05)
            except Empty:
                continue
        return None
