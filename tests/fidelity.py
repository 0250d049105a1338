"""The cases of the fidelity page as tests: one each, and what is beyond its tolerance named."""

from __future__ import annotations

from functools import partial

import pytest

from sandbox.experiments.fidelity import Outcome, Section, wording
from sandbox.experiments.fidelity.report import measured


def every_case(section: Section) -> pytest.MarkDecorator:
    """`measure` is each case of a section in turn."""
    cases = [partial(measured, section.title, case.name) for case in section.cases]
    return pytest.mark.parametrize("measure", cases, ids=[case.name for case in section.cases])


def hold(outcome: Outcome) -> None:
    """All figures are within their tolerances, and some are held to one, or all are only shown."""
    beyond = [
        f"{figure.name}: expected {wording.expected(figure)}, got {wording.got(figure)}, "
        f"{wording.error(figure)} against {wording.within(figure)}"
        for figure in outcome.figures
        if figure.holds is False
    ]
    assert not beyond, "\n".join(beyond)
    shown = all(figure.tolerance is None for figure in outcome.figures)
    assert outcome.figures
    assert shown or any(figure.holds for figure in outcome.figures)
