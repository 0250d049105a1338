"""Fidelity: every result that is known exactly, what the engine says to it, and the gap.

A case is a workload whose numbers are known from a closed form, or from a simulation of every
single request; it runs the engine (or a kernel) and hands back figures: expected, got, tolerance.
`sandbox fidelity` writes them as a page, and the tests assert the same cases one by one.
"""

from . import wording
from .cases import sections
from .figures import Case, Curve, Figure, Outcome, Section
from .report import Report, measure

__all__ = [
    "Case",
    "Curve",
    "Figure",
    "Outcome",
    "Report",
    "Section",
    "measure",
    "sections",
    "wording",
]
