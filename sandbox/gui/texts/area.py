"""A text area for code: line numbers, the colours of JSON, and the first mistake at its place."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from sandbox.gui.texts.highlight import JsonHighlighter
from sandbox.gui.theme import DARK, LIGHT, Theme
from sandbox.services.views import Mistake

_INDENT = "  "


class CodeArea(QPlainTextEdit):
    """Tab indents, unless it only shows; Enter keeps the indentation."""

    def __init__(self, numbers: bool = True) -> None:
        super().__init__()
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.mistake: Mistake | None = None
        dark = self.palette().color(QPalette.ColorRole.Base).lightness() < 128
        self._theme: Theme = DARK if dark else LIGHT
        self._highlighter = JsonHighlighter(self.document(), dark)
        self._gutter = _Gutter(self) if numbers else None
        if self._gutter is not None:
            self.blockCountChanged.connect(lambda _count: self._make_room())
            self.updateRequest.connect(self._follow)
            self._make_room()
        self.cursorPositionChanged.connect(self._mark)

    def show_mistake(self, mistake: Mistake | None) -> None:
        """Mark it at its line and column, with the words beside the line."""
        self.mistake = mistake
        self._mark()
        self.viewport().update()
        if self._gutter is not None:
            self._gutter.update()

    def go_to(self, line: int, column: int) -> None:
        """Put the cursor there; both count from 1."""
        block = self.document().findBlockByNumber(line - 1)
        cursor = QTextCursor(block)
        cursor.movePosition(
            QTextCursor.MoveOperation.Right,
            QTextCursor.MoveMode.MoveAnchor,
            min(column - 1, max(0, block.length() - 1)),
        )
        self.setTextCursor(cursor)
        self.centerCursor()
        self.setFocus()

    def place(self) -> tuple[int, int]:
        """Line and column of the cursor, from 1."""
        cursor = self.textCursor()
        return cursor.blockNumber() + 1, cursor.positionInBlock() + 1

    def _mark(self) -> None:
        marks: list[QTextEdit.ExtraSelection] = []
        if not self.isReadOnly():
            line = QTextEdit.ExtraSelection()
            line.format.setBackground(QColor(self._theme.raised))
            line.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            line.cursor = self.textCursor()
            line.cursor.clearSelection()
            marks.append(line)
        if self.mistake is not None:
            marks.append(self._wave(self.mistake))
        self.setExtraSelections(marks)

    def _wave(self, mistake: Mistake) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        block = self.document().findBlockByNumber(mistake.line - 1)
        cursor = QTextCursor(block)
        text = block.text()
        begin = min(mistake.column - 1, max(0, len(text) - 1))
        end = begin + 1
        while end < len(text) and (text[end].isalnum() or text[end] in '_."'):
            end += 1
        cursor.setPosition(block.position() + begin)
        cursor.setPosition(block.position() + min(end, len(text)), QTextCursor.MoveMode.KeepAnchor)
        style = QTextCharFormat()
        style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        style.setUnderlineColor(QColor(self._theme.critical))
        ground = QColor(self._theme.critical)
        ground.setAlphaF(0.18)
        style.setBackground(ground)
        mark.format, mark.cursor = style, cursor
        return mark

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.mistake is None:
            return
        block = self.document().findBlockByNumber(self.mistake.line - 1)
        if not block.isValid():
            return
        line = self.blockBoundingGeometry(block).translated(self.contentOffset())
        wide = self.fontMetrics().horizontalAdvance(block.text())
        words = f"  ◂ {self.mistake.words}"
        begin = line.left() + self.document().documentMargin() + wide
        # what does not fit beside the line stands at the right edge, over its end
        room = self.viewport().width() - 6.0
        begin = max(0.0, min(begin, room - self.fontMetrics().horizontalAdvance(words) - 6))
        box = QRectF(begin, line.top(), room - begin, self.fontMetrics().height())
        painter = QPainter(self.viewport())
        ground = QColor(self._theme.base)
        ground.setAlphaF(0.86)
        painter.fillRect(box, ground)
        painter.setPen(QColor(self._theme.critical))
        elided = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elided)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.isReadOnly():
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Tab and not event.modifiers():
            self.insertPlainText(_INDENT)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            before = self.textCursor().block().text()[: self.textCursor().positionInBlock()]
            indent = before[: len(before) - len(before.lstrip())]
            deeper = _INDENT if before.rstrip().endswith(("{", "[")) else ""
            self.insertPlainText("\n" + indent + deeper)
        else:
            super().keyPressEvent(event)

    # ------------------------------------------------------------------ line numbers

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._gutter is not None:
            inside = self.contentsRect()
            width = self._gutter.sizeHint().width()
            self._gutter.setGeometry(QRect(inside.left(), inside.top(), width, inside.height()))

    def _make_room(self) -> None:
        assert self._gutter is not None
        self.setViewportMargins(self._gutter.sizeHint().width(), 0, 0, 0)

    def _follow(self, rect: QRect, dy: int) -> None:
        assert self._gutter is not None
        if dy:
            self._gutter.scroll(0, dy)
        else:
            self._gutter.update(0, rect.y(), self._gutter.width(), rect.height())

    def paint_numbers(self, gutter: QWidget, event: QPaintEvent) -> None:
        painter = QPainter(gutter)
        painter.setFont(self.font())
        painter.fillRect(event.rect(), QColor(self._theme.window))
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        wrong = self.mistake.line if self.mistake is not None else 0
        while block.isValid() and top <= event.rect().bottom():
            number = block.blockNumber() + 1
            tall = self.blockBoundingRect(block).height()
            bad = number == wrong
            painter.setPen(QColor(self._theme.critical if bad else self._theme.muted))
            words = f"✕ {number}" if bad else str(number)
            box = QRectF(0, top, gutter.width() - 6, self.fontMetrics().height())
            painter.drawText(box, Qt.AlignmentFlag.AlignRight, words)
            top += tall
            block = block.next()


class _Gutter(QWidget):
    def __init__(self, area: CodeArea) -> None:
        super().__init__(area)
        self._area = area

    def sizeHint(self) -> QSize:
        digits = max(2, len(str(self._area.blockCount())))
        return QSize(14 + self._area.fontMetrics().horizontalAdvance("✕ " + "8" * digits), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._area.paint_numbers(self, event)
