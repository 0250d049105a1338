"""Which ports a link joins when nobody said."""

from __future__ import annotations

from collections.abc import Iterator

from .catalogue import Catalogue

USUAL_KEY = "out>in"


def usual_key(
    catalogue: Catalogue | None, source: str | None, target: str | None, taken: set[str]
) -> str:
    """The first pair of ports, as `out>in`, that the services allow and no other link joins."""
    keys = allowed_keys(catalogue, source, target)
    return next((key for key in keys if key not in taken), USUAL_KEY)


def allowed_keys(
    catalogue: Catalogue | None, source: str | None, target: str | None
) -> Iterator[str]:
    """Every pair of ports that a link from one service to another may join, as `out>in`."""
    if catalogue is None or source is None or target is None:
        return
    if source not in catalogue or target not in catalogue:
        return
    for out in catalogue.ports(source):
        for into in catalogue.ports(target):
            if (out.direction, into.direction) == ("out", "in") and not catalogue.why_not(
                source, out.name, target, into.name
            ):
                yield f"{out.name}>{into.name}"
