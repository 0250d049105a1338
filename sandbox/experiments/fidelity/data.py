"""The fidelity report as JSON."""

from __future__ import annotations

import math
from typing import Any

import sandbox

from .cases import sections
from .figures import Case, Figure, Section
from .report import Report


def as_json(report: Report) -> dict[str, Any]:
    """Every figure with what was expected and got; an error that has no meaning is null."""
    return {
        "version": sandbox.__version__,
        "holds": not report.failures(),
        "cases": [_case(report, section, case) for section in sections() for case in section.cases],
    }


def _case(report: Report, section: Section, case: Case) -> dict[str, Any]:
    outcome = report.outcome(section, case)
    return {
        "section": section.title,
        "name": case.name,
        "workload": case.workload,
        "remark": case.remark,
        "holds": outcome.holds,
        "figures": [_figure(figure) for figure in outcome.figures],
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "unit": figure.unit,
        "expected": float(figure.expected),
        "half_width": float(figure.width),
        "got": float(figure.got),
        "error": None if math.isnan(figure.error) else float(figure.error),
        "tolerance": figure.tolerance,
        "holds": figure.holds,
    }
