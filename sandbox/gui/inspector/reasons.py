"""The Why tab: each number with its rule, what went into it, the quota it is held against."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from sandbox.engine.why import BillLine, Reason, Term
from sandbox.experiments import units
from sandbox.language import tr

_SEARCH = "https://docs.aws.amazon.com/search/doc-search.html?searchPath=documentation&searchQuery="
_open: set[str] = set()  # metrics whose reasons are unfolded, whatever is selected


class Reasons(QWidget):
    """A card for each metric that has a rule; those unfolded are kept up to date."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Why"))
        self._cards: dict[str, _Card] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 4, 8, 6)
        self._column.setSpacing(0)
        self._intro = QLabel(
            tr("Each number, the rule that makes it, and what the rule was given.")
        )
        self._intro.setWordWrap(True)
        self._intro.setObjectName("help")
        self._column.addWidget(self._intro)

    def show_reasons(self, reasons: Sequence[Reason], lines: Sequence[BillLine]) -> None:
        shown = {reason.metric: reason for reason in reasons}
        for line in lines:
            if line.terms:
                name = f"cost: {line.title}"
                usd = line.usd_per_hour
                shown[name] = Reason(
                    name,
                    tr("Cost: {line}", line=line.title.lower()),
                    "USD/h",
                    usd,
                    line.rule,
                    line.terms,
                    usd,
                    line.source,
                )
        for name in [name for name in self._cards if name not in shown]:
            self._cards.pop(name).deleteLater()
        for name, reason in shown.items():
            card = self._cards.get(name)
            if card is None:
                card = self._cards[name] = _Card(name)
                self._column.addWidget(card)
            card.show_reason(reason)


class _Card(QWidget):
    """The number in a line; unfolded, how it came about."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._reason: Reason | None = None
        self._head, self._value, self._body = QToolButton(), QLabel(), QLabel()
        self._head.setCheckable(True)
        self._head.setAutoRaise(True)
        self._head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._head.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._head.setObjectName("reason")
        self._head.setToolTip(tr("Show the rule behind this number"))
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._body.setWordWrap(True)
        self._body.setTextFormat(Qt.TextFormat.RichText)
        self._body.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._body.setOpenExternalLinks(True)
        self._body.setContentsMargins(18, 0, 0, 8)
        line = QHBoxLayout()
        line.addWidget(self._head, 1)
        line.addWidget(self._value)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(line)
        column.addWidget(self._body)
        self._head.toggled.connect(self._fold)
        self._head.setChecked(name in _open)
        self._fold(name in _open)

    def show_reason(self, reason: Reason) -> None:
        self._reason = reason
        if self._head.text() != reason.title:
            self._head.setText(reason.title)
            self._head.setAccessibleName(tr("Why {title}", title=reason.title))
            self._body.setAccessibleName(tr("Why {title}: the rule", title=reason.title))
        value = units.quantity(reason.value, units.unit_of(reason.metric, reason.unit))
        if self._value.text() != value:
            self._value.setText(value)
        self._tell()

    def _tell(self) -> None:
        if self._reason is not None and self._head.isChecked():
            text = told(self._reason)
            if text != self._body.text():
                self._body.setText(text)

    def _fold(self, unfolded: bool) -> None:
        (_open.add if unfolded else _open.discard)(self._name)
        arrow = Qt.ArrowType.DownArrow if unfolded else Qt.ArrowType.RightArrow
        self._head.setArrowType(arrow)
        self._body.setVisible(unfolded)
        self._tell()


def told(reason: Reason) -> str:
    """A reason as rich text: the rule, its inputs, what comes out, and the source."""
    parts = [escape(reason.rule)]
    rows = "".join(_row(term) for term in reason.terms)
    unit = units.unit_of(reason.metric, reason.unit)
    computed = units.quantity(reason.computed, unit)
    if reason.agrees:
        result = f"= <b>{escape(computed)}</b>"
    else:
        shown = escape(units.quantity(reason.value, unit))
        result = tr(
            "= {computed} now; <b>{shown}</b> was recorded while an input moved",
            computed=escape(computed),
            shown=shown,
        )
    rows += f"<tr><td></td><td align='right'>{result}</td></tr>"
    parts.append(f"<table width='100%' cellspacing='0' cellpadding='1'>{rows}</table>")
    parts.append(f"<span style='color:palette(placeholder-text)'>{source(reason.source)}</span>")
    return "<br>".join(parts[:1]) + "".join(parts[1:])


def _row(term: Term) -> str:
    value = escape(units.quantity(term.value, units.unit_of("", term.unit)))
    title = escape(term.title)
    if term.quota:
        title = tr("<b>{title}</b> (quota)", title=title)
    if term.source and term.source != "assumption":
        title = f"{title} {link(term.source, '↗')}"
    return f"<tr><td>{title}</td><td align='right'><nobr>&nbsp;{value}</nobr></td></tr>"


def source(page: str) -> str:
    """Where a rule or a parameter is from, as a link."""
    if not page or page == "assumption":
        return tr("Source: this model")
    if page.startswith("Model:"):
        return tr("Source: {page}", page=escape(page))
    return tr("Source: {link}", link=link(page, page))


def link(page: str, shown: str) -> str:
    """A page by its address, or looked for by its title in AWS's documentation."""
    if page.startswith("Model:") or page == "assumption":
        return escape(shown)
    address = page if page.startswith("https://") else _SEARCH + quote(page)
    return f"<a href='{escape(address)}' title='{escape(page)}'>{escape(shown)}</a>"
