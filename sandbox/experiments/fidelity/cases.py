"""All cases, by section, in the order of the page."""

from __future__ import annotations

from functools import cache

from .caches import cache_section
from .figures import Section
from .fleet import fleet_section
from .retries import available, retry_section
from .shards import shard_section
from .stations import path_section, station_section
from .theory import grid_section, theory_section
from .ticks import tick_section
from .transients import transient_section


@cache
def sections() -> tuple[Section, ...]:
    """What can be compared with the services that there are. Names are unique in a section."""
    retries = (retry_section(),) if available() else ()
    return (
        station_section(),
        path_section(),
        transient_section(),
        fleet_section(),
        shard_section(),
        cache_section(),
        *retries,
        theory_section(),
        grid_section(),
        tick_section(),
    )
