"""Cache-aside: which of a caller's calls are made only when another one, to a cache, has missed.

A cache that stands beside a database is drawn as two links of one caller.  The link to the
database may name the cache (`cache_aside`).  Where it does not, it is the one cache that the
caller calls, as long as nothing is drawn behind that: that is what such a picture means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.services.attempts import NO_CACHE, Attempts

if TYPE_CHECKING:
    from sandbox.engine.drawn import Drawn


def asked_first(drawn: Drawn) -> dict[int, int]:
    """By the link that is called at a miss: the link of the same caller to the cache."""
    found: dict[int, int] = {}
    if not any(service.cache for service in drawn.services):
        return found
    caches: dict[str, list[int]] = {}
    behind = {link.source for link in drawn.link_records}
    sync = [j for j in range(len(drawn.link_records)) if drawn.mode(j) == "sync"]
    for j in sync:
        link = drawn.link_records[j]
        balances = drawn.services[drawn.index[link.source]].balances
        if drawn.services[drawn.index[link.target]].cache and not balances:
            caches.setdefault(link.source, []).append(j)
    for j in sync:
        link = drawn.link_records[j]
        near = [c for c in caches.get(link.source, ()) if c != j]
        given = next((m for m in drawn.link_params[j] if isinstance(m, Attempts)), Attempts())
        if given.cache_aside is not None:
            near = [c for c in near if drawn.link_records[c].target == given.cache_aside]
        else:
            service = drawn.services[drawn.index[link.target]]
            near = [c for c in near if drawn.link_records[c].target not in behind]
            if service.category != "database" or service.cache or len(near) != 1:
                near = []
        if near and given.cache_aside != NO_CACHE:
            found[j] = near[0]
    return found
