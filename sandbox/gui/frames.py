"""What a run looks like at one moment: immutable values the canvas paints and never asks about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Health = Literal["idle", "ok", "warning", "critical"]
LinkId = tuple[str, str, str]

#: Below these fractions of attempts answered well, a link is drawn as warning and as critical.
LINK_WARNING_BELOW = 0.999
LINK_CRITICAL_BELOW = 0.95


@dataclass(frozen=True, slots=True)
class Cells:
    """What a node holds, such as instances or shards: how many, and those that are drawn.

    Each is (fill, tone): 0 to 1 in eighths, more when it is overloaded, -1 where it has none; a
    tone is "ok", "warning", "critical" or "idle" (there, but not at work).
    """

    title: str = ""
    count: int = 0
    shown: tuple[tuple[float, str], ...] = ()


NONE = Cells()


@dataclass(frozen=True, slots=True)
class NodeFrame:
    """One node now.

    `headline` is a number with its unit as text ("12 instances"), `utilization` a fraction of
    capacity (None where a service has none; above 1 is overload), `loss` the cause of what is being
    lost (None when nothing is) and `loss_rate` how much of it, in requests per second; `cells` are
    the parts it is made of, where its service says so.
    """

    headline: str = ""
    utilization: float | None = None
    loss: str | None = None
    loss_rate: float = 0.0
    health: Health = "idle"
    cells: Cells = NONE


@dataclass(frozen=True, slots=True)
class LinkFrame:
    """One link now: requests per second, and the fraction of them answered well (0 to 1).

    Where the caller tries again: retries per second among them, calls that wait for another
    attempt, and whether the circuit breaker is open.
    """

    flow_per_s: float = 0.0
    ok_fraction: float = 1.0
    retried_per_s: float = 0.0
    waiting: float = 0.0
    breaker_open: bool = False

    @property
    def health(self) -> Health:
        if self.flow_per_s <= 0 and not self.breaker_open:
            return "idle"
        if self.ok_fraction < LINK_CRITICAL_BELOW:
            return "critical"
        return "warning" if self.ok_fraction < LINK_WARNING_BELOW else "ok"


def link_healths(links: Mapping[LinkId, LinkFrame]) -> Mapping[LinkId, Health]:
    """The health of all links at once, as the far view wants it."""
    at_once = getattr(links, "healths", None)
    return at_once() if at_once is not None else {k: live.health for k, live in links.items()}


@dataclass(frozen=True, slots=True)
class Frame:
    """The whole diagram at simulated time `t_s`. Nodes and links that are absent are drawn idle."""

    t_s: float = 0.0
    nodes: Mapping[str, NodeFrame] = field(default_factory=lambda: MappingProxyType({}))
    links: Mapping[LinkId, LinkFrame] = field(default_factory=lambda: MappingProxyType({}))
    struck: Mapping[str | LinkId, str] = field(default_factory=lambda: MappingProxyType({}))
    """What faults do now, in a few words: by node, link, or group."""

    def ailing(self) -> list[tuple[str, Health]]:
        """The nodes that lose something or are near to it, each with "warning" or "critical"."""
        at_once = getattr(self.nodes, "ailing", None)
        if at_once is not None:
            return list(at_once())
        bad = ("warning", "critical")
        return [(node, live.health) for node, live in self.nodes.items() if live.health in bad]

    def flowing(self) -> bool:
        """Whether anything flows over any link: else nothing on the canvas moves."""
        at_once = getattr(self.links, "flowing", None)
        if at_once is not None:
            return bool(at_once())
        return any(live.flow_per_s > 0 for live in self.links.values())


EMPTY = Frame()
