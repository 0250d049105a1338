"""How jobs and steps have ended lately, as those see it who wait for them (`.sync` tasks).

A caller that waits is answered while its own job still runs: by how the last of its kind ended.
"""

from __future__ import annotations

from typing import Annotated

from sandbox.kernels.compiled import compiled

SEEN = 20.0  # assumption: the last so many count
MOST = 8  # job definitions, or steps
WAITS = 100  # added to a link's number where the request waits for the end


class Ended:
    """What the state says of each definition or step."""

    last_n: Annotated[object, ("f8", (MOST,))]  # that count
    last_bad: Annotated[object, ("f8", (MOST,))]  # the share of them that FAILED
    last_s: Annotated[object, ("f8", (MOST,))]  # how long the last one took, from its submission


@compiled
def note(s, k, failed, lasted_s):
    """One of kind ``k`` has ended; ``failed`` is the share of it that has."""
    s.last_n[k] = min(SEEN, s.last_n[k] + 1.0)
    s.last_bad[k] += (failed - s.last_bad[k]) / s.last_n[k]
    s.last_s[k] = lasted_s
