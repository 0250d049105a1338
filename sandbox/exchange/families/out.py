"""What each service means on the way out: `MADE` makes its resources, `LINKS` says what a link
from one of its ports is."""

from __future__ import annotations

from sandbox.exchange.out.draft import Linker, Maker

from . import (
    api_out,
    data_out,
    edge_out,
    events_out,
    fleet_out,
    functions_out,
    messaging_out,
    plans_out,
    scaling_out,
    streams_out,
    workflow_out,
)

_ALL = (
    functions_out,
    messaging_out,
    events_out,
    streams_out,
    data_out,
    fleet_out,
    scaling_out,
    plans_out,
    api_out,
    edge_out,
    workflow_out,
)

MADE: dict[str, Maker] = {}
LINKS: dict[tuple[str, str], Linker] = {}
for _family in _ALL:
    MADE.update(getattr(_family, "MADE", {}))
    LINKS.update(getattr(_family, "LINKS", {}))
