"""All cases measured: what holds, and what is furthest off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from .cases import sections
from .figures import Case, Figure, Outcome, Section


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of every case, by section and case name."""

    outcomes: Mapping[tuple[str, str], Outcome]

    def outcome(self, section: Section, case: Case) -> Outcome:
        return self.outcomes[section.title, case.name]

    def figures(self) -> Iterator[tuple[Section, Case, Figure]]:
        for section in sections():
            for case in section.cases:
                for figure in self.outcome(section, case).figures:
                    yield section, case, figure

    def failures(self) -> list[tuple[Section, Case, Figure]]:
        """The figures beyond their tolerance."""
        return [entry for entry in self.figures() if entry[2].holds is False]


def measure(progress: Callable[[int, int, str], None] | None = None) -> Report:
    """Run every case; `progress(done, of, name)` is told before each."""
    every = [(section, case) for section in sections() for case in section.cases]
    outcomes = {}
    for done, (section, case) in enumerate(every):
        if progress is not None:
            progress(done, len(every), case.name)
        outcomes[section.title, case.name] = measured(section.title, case.name)
    return Report(outcomes)


@cache
def measured(section: str, name: str) -> Outcome:
    """The outcome of one case, run once a process."""
    found = next(s for s in sections() if s.title == section)
    return next(case for case in found.cases if case.name == name).measure()
