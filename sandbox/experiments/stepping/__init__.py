"""One sample event stepped through a diagram, hop by hop, with the payload as it travels.

`entries(document, catalogue)` are the nodes that it can begin at, `sample_of(service, id)` an event
of the right shape for one, `follow(document, catalogue, node, event)` all hops in their order.
Nothing is simulated: a hop says what the service does with one event, by its rules.
"""

from .follow import Hop, entries, follow
from .samples import checked, sample_of

__all__ = ["Hop", "checked", "entries", "follow", "sample_of"]
