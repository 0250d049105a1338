"""Older files made like new ones: one pure function a version, in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]

MAJOR = 1
"""The newest major version this program reads. Minor versions only add keys, which are kept."""


class NewerMajor(ValueError):
    """The file is of a major version that this program cannot know."""


def version_of(raw: Json) -> str:
    """The version a file says it has; files that say nothing are of version 1.

    Raises ValueError for what is not a version.
    """
    graph = raw.get("graph")
    version = graph.get("version", 1) if isinstance(graph, dict) else 1
    if isinstance(version, bool) or not isinstance(version, (int, float, str)):
        raise ValueError("is not a version")
    parts = str(version).split(".")
    if not 1 <= len(parts) <= 3 or not all(p.isascii() and p.isdigit() for p in parts):
        raise ValueError("is not a version")
    return str(version)


def migrated(raw: Json) -> Json:
    """The same diagram in the current format; the argument is left alone.

    Raises NewerMajor for a major version of the future and ValueError for what is not a version.
    """
    version = version_of(raw)
    if len(version) > 9 or int(version.split(".")[0]) > MAJOR:
        raise NewerMajor(version)
    for before, migrate in MIGRATIONS:
        if version_of(raw) == before:
            raw = migrate(raw)
    return raw


def _from_1(raw: Json) -> Json:
    """Version 1: plain node-link data, as networkx wrote it by default before 3.6.

    Links stood under `links`, one between two nodes and without ports; version 1.0 calls them
    `edges` and allows several. Which ports they join is settled when the services are known.
    """
    graph = raw.get("graph")
    after = {key: value for key, value in raw.items() if key != "links"}
    after["multigraph"] = True
    after["edges"] = raw.get("edges", raw.get("links", []))
    after["graph"] = {**(graph if isinstance(graph, dict) else {}), "version": "1.0"}
    return after


MIGRATIONS: tuple[tuple[str, Callable[[Json], Json]], ...] = (("1", _from_1),)
