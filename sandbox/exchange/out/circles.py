"""Resources that wait for each other, which CloudFormation refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import networkx

_PLACE = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.[^}]*)?\}")


def circle(resources: Mapping[str, Any]) -> bool:
    """Whether any resources refer to each other in a circle."""
    waits = networkx.DiGraph()
    for id, resource in resources.items():
        waits.add_edges_from((id, other) for other in referred(resource) if other in resources)
    return not networkx.is_directed_acyclic_graph(waits)


def referred(value: Any) -> Iterator[str]:
    """The ids that a part of a template refers to."""
    if isinstance(value, list):
        for inner in value:
            yield from referred(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "Ref":
                yield str(inner).split(".")[0]
            elif key == "Fn::GetAtt":
                yield str(inner[0] if isinstance(inner, list) else inner).split(".")[0]
            elif key == "Fn::Sub":
                yield from _PLACE.findall(str(inner[0] if isinstance(inner, list) else inner))
            elif key == "DependsOn":
                yield from [inner] if isinstance(inner, str) else inner
            else:
                yield from referred(inner)
