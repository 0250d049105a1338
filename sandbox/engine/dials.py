"""What every node and link of a run carries now, read as whole columns: no loop over the nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from sandbox.document.records import LinkId
from sandbox.engine.guards import retrying

if TYPE_CHECKING:
    from sandbox.engine.run import Run


@dataclass(frozen=True, slots=True)
class Reading:
    """Copies of the numbers of one tick, in the order of the program's nodes and links.

    ``values`` f8[N, M] are the metrics that were asked for, ``headlines`` f8[N] each service's own;
    ``causes`` i8[N] the index of the cause by which most is lost, -1 where none is named;
    ``flows`` f8[L] requests/s, ``ok`` f8[L] the share of a link's calls that went well;
    ``retrying`` of those whose callers try again: retries/s, calls that wait, is the breaker open.
    """

    t_s: float
    values: np.ndarray
    headlines: np.ndarray
    causes: np.ndarray
    flows: np.ndarray
    ok: np.ndarray
    retrying: Mapping[int, tuple[float, float, bool]]


@dataclass(frozen=True, slots=True)
class FaultNow:
    """A fault of a run, and what it strikes: nodes, or one link."""

    kind: str
    target: str
    start_s: float
    end_s: float
    amount: float
    state: Literal["planned", "active", "over"]
    nodes: tuple[str, ...] = ()
    link: LinkId | None = None


class Dials:
    """Where the numbers of one program stand, looked up once; an edit needs new ones."""

    def __init__(self, run: Run, metrics: Sequence[str]) -> None:
        """`metrics` are common ones, without percentiles."""
        self._program = program = run.program
        columns, services = run.history.columns, program.services
        nodes = range(len(program.ids))
        shape = (len(program.ids), len(metrics))
        places = [columns[program.ids[i], name] for i in nodes for name in metrics]
        self._columns = np.array(places, "i8").reshape(shape)
        own = [columns.get((program.ids[i], services[i].headline), -1) for i in nodes]
        self._headlines = np.array(own, "i8")
        self._solved = [(i, services[i].headline) for i in nodes if own[i] < 0]

    def read(self, run: Run) -> Reading:
        """The present numbers. The run must still have the program that these dials are for."""
        now, nodes, links = run.history.tape.now, self._program.nodes, self._program.links
        headlines = now[self._headlines]
        for i, metric in self._solved:  # percentiles, of which no service of the catalogue has one
            headlines[i] = run.now(self._program.ids[i]).get(metric, np.nan)
        losses = nodes["loss"]
        causes = losses.argmax(axis=1)
        lost = np.take_along_axis(losses, causes[:, None], axis=1)[:, 0]
        return Reading(
            run.t_s,
            now[self._columns],
            headlines,
            np.where(lost > 0, causes, -1),
            links["reads"] + links["writes"],
            links["ok"].copy(),
            {j: retrying(guard) for j, guard in self._program.guards.items()},
        )
