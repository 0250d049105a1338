"""What the inspector shows of one node beside its metrics: reasons, the bill, inner state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.engine.states import States, states, watchers
from sandbox.engine.why import Bars, BillLine, Reason, bars, bill, explain
from sandbox.services.views import Watcher


@dataclass(frozen=True, slots=True)
class Details:
    """Of one node at one moment."""

    reasons: tuple[Reason, ...] = ()
    bill: tuple[BillLine, ...] = ()
    bars: tuple[Bars, ...] = ()
    states: States | None = None
    watchers: tuple[Watcher, ...] = ()


def details_of(run: Any, node: str) -> Details:
    """Read between two ticks, in the thread of the run."""
    return Details(
        explain(run, node), bill(run, node), bars(run, node), states(run, node), watchers(run, node)
    )
