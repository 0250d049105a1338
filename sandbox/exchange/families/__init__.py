"""What each resource type of CloudFormation means here, one file a family.

A family has up to three tables: `NODES` (types that become nodes), `PARTS` (types that say
something of nodes and links) and `STANDS` (types whose references mean another resource).
"""

from __future__ import annotations

from sandbox.exchange.work import Kind, Part

from . import (
    capacity,
    clusters,
    data,
    edge,
    events,
    fleet,
    functions,
    messaging,
    others,
    plans,
    scaling,
    streams,
    workflow,
)

_ALL = (
    *(functions, messaging, events, data, streams, edge, fleet, clusters, scaling),
    *(capacity, plans, workflow, others),
)

NODES: dict[str, Kind] = {}
PARTS: dict[str, Part] = {}
STANDS: dict[str, str] = {}
for _family in _ALL:
    NODES.update(getattr(_family, "NODES", {}))
    PARTS.update(getattr(_family, "PARTS", {}))
    STANDS.update(getattr(_family, "STANDS", {}))

meaning_of = others.meaning_of
