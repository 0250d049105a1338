"""Numbers as the page prints them, and what it says of the whole."""

from __future__ import annotations

import math

from .figures import Figure, Section
from .report import Report
from .stations import HARD

TITLE = "Fidelity"
PROMISE = (
    "Means are within 5 % and p50, p95 and p99 within 10 % of what is exact, beside the confidence "
    f"interval of a simulation, but for {len(HARD)} named cases with bursty arrivals. A figure "
    "without a tolerance is shown and not promised; the remark says why."
)
HEADINGS = ("case", "figure", "expected", "got", "error", "within")


def quantity(value: float, unit: str) -> str:
    """Four digits, with the unit; times below a second in milliseconds."""
    if unit == "s" and 0 < abs(value) < 1:
        value, unit = value * 1e3, "ms"
    return f"{number(value)} {unit}".rstrip()


def number(value: float) -> str:
    """Four digits, without an exponent where it would only hide the size."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"


def expected(figure: Figure) -> str:
    """What is exact, with its confidence interval where it has one."""
    text = quantity(figure.expected, figure.unit)
    if figure.width and figure.expected:
        text += f" ± {100 * figure.width / abs(figure.expected):.2g} %"
    return text


def got(figure: Figure) -> str:
    return quantity(figure.got, figure.unit)


def error(figure: Figure) -> str:
    """In per cent, signed; a dash where nothing is expected."""
    if math.isnan(figure.error):
        return "–"
    percent = round(100 * figure.error, 1)
    return f"{percent:+.1f} %" if percent else "0.0 %"


def within(figure: Figure) -> str:
    if figure.tolerance == 0 and figure.allowance:
        return f"± {figure.allowance:g}"
    return "–" if figure.tolerance is None else f"{100 * figure.tolerance:g} %"


def verdict(figure: Figure) -> str:
    """In a word: shapes and words, never colour alone."""
    return {True: "✓", False: "✗ beyond", None: "shown"}[figure.holds]


def summary(report: Report) -> str:
    """How many figures of how many cases hold."""
    figures = [figure for _, _, figure in report.figures()]
    promised = [figure for figure in figures if figure.holds is not None]
    beyond = sum(not figure.holds for figure in promised)
    text = (
        f"{len(report.outcomes)} cases with {len(promised):,} figures that are held to a "
        f"tolerance: {'all hold' if not beyond else f'{beyond} are beyond it'}"
    )
    return f"{text}; {len(figures) - len(promised)} more are shown only."


def spread(report: Report, section: str) -> str:
    """The mean and the greatest error of the promised figures of a section, in per cent."""
    errors = [
        abs(figure.error)
        for of, _, figure in report.figures()
        if of.title == section and figure.holds is not None and not math.isnan(figure.error)
    ]
    if not errors:
        return ""
    mean, most = 100 * sum(errors) / len(errors), 100 * max(errors)
    return f"Mean absolute error {mean:.1f} %, greatest {most:.1f} %."


def remarks(section: Section) -> list[tuple[str, str]]:
    """Names of cases and what is remarked of them; one entry a remark."""
    found: dict[str, list[str]] = {}
    for case in section.cases:
        if case.remark:
            found.setdefault(case.remark, []).append(case.name)
    return [("; ".join(names), remark) for remark, names in found.items()]
