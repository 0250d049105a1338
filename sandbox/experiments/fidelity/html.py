"""The fidelity page as one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from . import wording
from .cases import sections
from .figures import Case, Curve, Outcome, Section
from .report import Report
from .scope import modelled, not_modelled

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --got: #0b6bcb; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --got: #6cb4ff; --bad: #ff8a80; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; font-size: 14px; margin: .5rem 0 1rem; }
th, td { padding: .15rem .6rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td small { display: block; opacity: .75; max-width: 24rem; }
tr.beyond td { color: var(--bad); font-weight: 600; }
tr.first td { border-top: 2px solid var(--line); }
details > summary { cursor: pointer; }
p.remark { border-left: 3px solid var(--line); padding-left: .8rem; }
svg { width: 100%; height: auto; background: var(--soft); margin: .5rem 0; }
svg text { font-size: 12px; fill: currentColor; }
.expected { stroke: currentColor; stroke-width: 3; opacity: .35; fill: none; }
.got { stroke: var(--got); stroke-width: 1.4; fill: none; }
"""
WIDE, HIGH, LEFT, FOOT = 900.0, 240.0, 70.0, 28.0
OPEN_ROWS = 120
"""A section with more rows is folded."""


def html(report: Report) -> str:
    """The whole page; the same report gives the same text."""
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Architecture Sandbox: {wording.TITLE}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{wording.TITLE}</h1>",
        (
            "<p>What Architecture Sandbox computes, beside what is known exactly. Written by "
            "<code>sandbox fidelity</code>; the tests assert the same cases.</p>"
        ),
        f"<p><strong>{escape(wording.summary(report))}</strong> {escape(wording.PROMISE)}</p>",
    ]
    for section in sections():
        parts += _section(report, section)
    parts += ["<h2>What is modelled</h2>", *_list(modelled())]
    parts += ["<h2>What is not</h2>", *_list(not_modelled()), "</body></html>"]
    return "\n".join(parts) + "\n"


def _list(texts: Sequence[str]) -> list[str]:
    return ["<ul>", *(f"<li>{escape(text)}</li>" for text in texts), "</ul>"]


def _section(report: Report, section: Section) -> list[str]:
    outcomes = [(case, report.outcome(section, case)) for case in section.cases]
    count = sum(len(outcome.figures) for _, outcome in outcomes)
    fold = count > OPEN_ROWS and all(outcome.holds for _, outcome in outcomes)
    parts = [f"<h2>{escape(section.title)}</h2>", f"<p>{escape(section.source)}</p>"]
    parts.append(f"<p>{escape(wording.spread(report, section.title))}</p>")
    for case, outcome in outcomes:
        parts += [_picture(case, curve) for curve in outcome.curves]
    if fold:
        parts.append(f"<details><summary>{count:,} figures</summary>")
    head = "".join(
        f"<th{' class=n' if 2 <= i <= 5 else ''}>{text}</th>"
        for i, text in enumerate((*wording.HEADINGS, ""))
    )
    parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>")
    for case, outcome in outcomes:
        parts += _rows(case, outcome)
    parts.append("</tbody></table>")
    if fold:
        parts.append("</details>")
    for names, remark in wording.remarks(section):
        parts.append(f'<p class="remark"><b>{escape(names)}:</b> {escape(remark)}</p>')
    return parts


def _rows(case: Case, outcome: Outcome) -> list[str]:
    rows = []
    for i, figure in enumerate(outcome.figures):
        first = ""
        if i == 0:
            words = f"<small>{escape(case.workload)}</small>" if case.workload else ""
            first = f'<td rowspan="{len(outcome.figures)}">{escape(case.name)}{words}</td>'
        kinds = [
            name
            for name, wanted in (("first", i == 0), ("beyond", figure.holds is False))
            if wanted
        ]
        numbers = "".join(
            f'<td class="n">{escape(text)}</td>'
            for text in (
                wording.expected(figure),
                wording.got(figure),
                wording.error(figure),
                wording.within(figure),
            )
        )
        style = f' class="{" ".join(kinds)}"' if kinds else ""
        rows.append(
            f"<tr{style}>{first}<td>{escape(figure.name)}</td>{numbers}"
            f"<td>{wording.verdict(figure)}</td></tr>"
        )
    return rows


def _picture(case: Case, curve: Curve) -> str:
    """Both curves over time: what is exact wide and pale, what is computed thin on it."""
    top = max(*curve.expected, *curve.got) or 1.0
    end = curve.t[-1]
    label = f"{case.name}: {curve.title}, expected (wide) and got (thin)"
    return (
        f'<svg viewBox="0 0 {WIDE:g} {HIGH:g}" role="img" aria-label="{escape(label)}">'
        f'<text x="{LEFT:g}" y="16">{escape(label)}</text>'
        f'<text x="4" y="40">{escape(wording.quantity(top, curve.unit))}</text>'
        f'<text x="4" y="{HIGH - FOOT:g}">0</text>'
        f'<text x="{WIDE - 60:g}" y="{HIGH - 8:g}">{end:,.0f} s</text>'
        f'<polyline class="expected" points="{_points(curve.t, curve.expected, end, top)}"/>'
        f'<polyline class="got" points="{_points(curve.t, curve.got, end, top)}"/></svg>'
    )


def _points(t: Sequence[float], values: Sequence[float], end: float, top: float) -> str:
    wide, high = WIDE - LEFT - 10, HIGH - FOOT - 34
    return " ".join(
        f"{LEFT + wide * x / end:.1f},{34 + high * (1 - y / top):.1f}"
        for x, y in zip(t, values, strict=True)
    )
