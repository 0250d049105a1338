"""The colours of JSON: names, texts, numbers, words, and in texts what is computed."""

from __future__ import annotations

import re

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from sandbox.gui.theme import DARK, LIGHT, Theme

_TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*"?'  # a text, or one that is not closed yet
    r"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
    r"|\b(?:true|false|null)\b"
)
_NAME = re.compile(r"\s*:")
_COMPUTED = re.compile(r"\{%.*?%\}|\$\$?(?:\.[\w\[\]*-]+)+|States\.\w+")


class JsonHighlighter(QSyntaxHighlighter):
    """Line by line, as JSON's texts do not run over lines."""

    def __init__(self, document: QTextDocument, dark: bool) -> None:
        super().__init__(document)
        self._formats = _formats(DARK if dark else LIGHT)

    def highlightBlock(self, text: str) -> None:
        for token in _TOKEN.finditer(text):
            begin, long = token.start(), len(token[0])
            if token[0][0] == '"':
                kind = "name" if _NAME.match(text, token.end()) else "text"
                self.setFormat(begin, long, self._formats[kind])
                if kind == "text":
                    for part in _COMPUTED.finditer(token[0]):
                        self.setFormat(
                            begin + part.start(), len(part[0]), self._formats["computed"]
                        )
            else:
                word = token[0][0].isalpha()
                self.setFormat(begin, long, self._formats["word" if word else "number"])


def _formats(theme: Theme) -> dict[str, QTextCharFormat]:
    colors = {
        "name": theme.category("database"),
        "text": theme.category("storage"),
        "computed": theme.category("integration"),
        "number": theme.category("compute"),
        "word": theme.category("networking"),
    }
    found = {}
    for kind, color in colors.items():
        found[kind] = QTextCharFormat()
        found[kind].setForeground(QColor(color))
    found["name"].setFontWeight(QFont.Weight.DemiBold)
    return found
