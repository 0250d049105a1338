"""What is worth writing down: the parameters that differ from the catalogue's defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .catalogue import Catalogue
from .document import Document
from .records import JsonMap, Link


def same(a: Any, b: Any) -> bool:
    """Whether two JSON values mean the same: 1 and 1.0 do, 1 and true do not."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b)


def without(params: JsonMap, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters that differ from the defaults, in the order of the defaults, unknown ones last."""
    kept = {
        name: params[name]
        for name, default in defaults.items()
        if name in params and not same(params[name], default)
    }
    return kept | {name: value for name, value in params.items() if name not in defaults}


def stripped(catalogue: Catalogue | None, service: str, params: JsonMap) -> JsonMap:
    """A node's parameters without defaults; as they are when the service is unknown."""
    if not params or catalogue is None or service not in catalogue:
        return params
    return without(params, catalogue.defaults(service))


def stripped_link(
    catalogue: Catalogue | None, source_service: str, target_service: str, link: Link
) -> JsonMap:
    """A link's parameters without defaults; as they are when a service is unknown."""
    if not link.params or catalogue is None:
        return link.params
    if source_service not in catalogue or target_service not in catalogue:
        return link.params
    mode = link.params.get("mode")
    usual = catalogue.link_defaults(
        source_service, link.source_port, target_service, link.target_port
    )
    defaults = dict(usual)
    if isinstance(mode, str) and mode != usual.get("mode"):
        # Another mode has parameters of its own, and must itself be written down.
        defaults = dict(
            catalogue.link_defaults(
                source_service, link.source_port, target_service, link.target_port, mode
            )
        )
        defaults["mode"] = usual.get("mode")
    return without(link.params, defaults)


def without_link_defaults(doc: Document, link: Link) -> Link:
    """The link with only the parameters worth writing down."""
    source, target = doc.nodes[link.source].service, doc.nodes[link.target].service
    return replace(link, params=stripped_link(doc.catalogue, source, target, link))
