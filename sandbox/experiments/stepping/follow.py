"""An event followed through a diagram, breadth first: at each node what happens, and where next."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.document import Document, Link, Node
from sandbox.document.records import LinkId

from .envelopes import content, handed
from .filters import verdict
from .machines import steps_of

MOST_HOPS = 200
_NOT_WAYS = {
    "dead_letter": "a dead-letter queue gets only what cannot be delivered",
    "redrive": "a redrive is started by hand",
    "on_failure": "the destination of failures gets only what fails",
    "backup": "the backup gets a copy of the raw records",
}
_ONE_OF = ("elb", "route53", "clients")
_CODE = ("lambda_function", "ecs_service", "auto_scaling_group", "worker_pool", "external", "batch")


@dataclass(frozen=True)
class Hop:
    """One arrival, or one link that takes nothing on. `told` are sentences of what happens."""

    node: str
    link: LinkId | None
    taken: bool
    told: tuple[str, ...]
    payload: Any
    """As it arrives at the node; where it is not taken, as the link was offered it."""
    depth: int


def entries(document: Document, catalogue: Any) -> list[str]:
    """The nodes that an event can begin at: those that sources call first, then all others."""
    source = {id for id, node in document.nodes.items() if _is_source(catalogue, node)}
    first = dict.fromkeys(link.target for link in document.links.values() if link.source in source)
    return [*(id for id in first if id not in source),
            *(id for id in document.nodes if id not in source and id not in first)]  # fmt: skip


def follow(document: Document, catalogue: Any, node: str, event: Any) -> list[Hop]:
    """All hops of an event that arrives at a node, the nearest first; at most `MOST_HOPS`."""
    hops: list[Hop] = []
    been: set[str] = set()
    waiting: deque[tuple[str, LinkId | None, tuple[str, ...], Any, int]] = deque()
    waiting.append((node, None, (), event, 0))
    while waiting and len(hops) < MOST_HOPS:
        id, by, how, payload, depth = waiting.popleft()
        here, again = document.nodes[id], id in been
        been.add(id)
        told = (*how, *_at(here, catalogue, payload))
        if again:
            hops.append(Hop(id, by, True, (*told, _AGAIN), payload, depth))
            continue
        ways, more = _ways(document, catalogue, here, payload)
        hops.append(Hop(id, by, True, (*told, *more), payload, depth))
        for link, taken, words, offered in ways:
            if not taken:
                hops.append(Hop(link.target, link.id, False, words, offered, depth + 1))
                continue
            target = document.nodes[link.target]
            kept = link.extra.get("filter")
            raw = isinstance(kept, Mapping) and kept.get("raw") is True
            arrives = handed(here.service, id, target.service, target.id, offered, raw)
            waiting.append((target.id, link.id, words, arrives, depth + 1))
    return hops[:MOST_HOPS]


_CODE_RUNS = (
    "Your code runs with it. What it hands on is its own affair: the same content is followed."
)
_AGAIN = "It was here before: what follows is the same again, so it is not followed a second time."
Way = tuple[Link, bool, tuple[str, ...], Any]


def _ways(
    document: Document, catalogue: Any, node: Node, payload: Any
) -> tuple[list[Way], tuple[str, ...]]:
    """The links out, whether each takes the event on, why, and the event it is offered."""
    links = [link for link in document.links.values() if link.source == node.id]
    ways: list[Way] = []
    more: tuple[str, ...] = ()
    calls: Mapping[str, Any] = {}
    if node.service == "step_functions":
        calls, more = steps_of(document, node, content(payload), links)
    chosen = _busiest(links) if node.service in _ONE_OF else None
    for link in links:
        if (why := _not_a_way(document, catalogue, link)) is not None:
            ways.append((link, False, (f"Not this way: {why}.",), payload))
        elif chosen is not None and link is not chosen:
            share = "another share of the requests goes here"
            ways.append((link, False, (f"Not this one: {share}.",), payload))
        elif link.source_port == "tasks":
            taken = link.target in calls
            words = ("a Task calls it with this input",) if taken else (
                "No Task of this execution calls it.",)  # fmt: skip
            ways.append((link, taken, words, calls.get(link.target, payload)))
        else:
            taken, why_so = verdict(link, node.service, payload)
            batch = _batch(document, catalogue, link) if taken else ""
            ways.append((link, taken, tuple(filter(None, (why_so, batch))), payload))
    if not links:
        more = (*more, "The event ends here.")
    return ways, more


def _busiest(links: list[Link]) -> Link | None:
    def share(link: Link) -> float:
        value = link.params.get("share", 1.0)
        return float(value) if isinstance(value, (int, float)) else 1.0

    ways = [link for link in links if link.params.get("mode") not in ("standby", "control")]
    return max(ways, key=share, default=None)


def _not_a_way(document: Document, catalogue: Any, link: Link) -> str | None:
    if link.source_port in _NOT_WAYS:
        return _NOT_WAYS[link.source_port]
    mode = link.params.get("mode") or _usual_mode(document, catalogue, link)
    if mode == "standby":
        return "the standby is used only when the primary fails"
    return "the link is control and carries no load" if mode == "control" else None


def _usual_mode(document: Document, catalogue: Any, link: Link) -> str:
    source, target = document.nodes[link.source].service, document.nodes[link.target].service
    if source not in catalogue or target not in catalogue:
        return "sync"
    modes = catalogue.link_modes(source, link.source_port, target, link.target_port)
    return str(modes[0]) if modes else "sync"


def _batch(document: Document, catalogue: Any, link: Link) -> str:
    """How long a poller waits for more, where it takes batches."""
    if _usual_mode(document, catalogue, link) != "pull":
        return ""
    source, target = document.nodes[link.source].service, document.nodes[link.target].service
    usual: Mapping[str, Any] = {}
    if source in catalogue and target in catalogue:
        usual = catalogue.link_defaults(source, link.source_port, target, link.target_port, "pull")
    size = link.params.get("batch_size", usual.get("batch_size"))
    wait = link.params.get("maximum_batching_window_s", usual.get("maximum_batching_window_s"))
    if size is None:
        return "polled"
    waits = f", gathered for up to {wait:g} s" if wait else ", as soon as there is one"
    return f"polled in batches of up to {size:g}{waits}; this one is alone in its batch"


def _at(node: Node, catalogue: Any, payload: Any) -> list[str]:
    """What the service of a node does with the event."""
    say: Callable[[Mapping[str, Any], Any], str] | None = _DOES.get(node.service)
    if say is not None:
        usual = catalogue.defaults(node.service) if node.service in catalogue else {}
        return [say({**usual, **node.params}, payload)]
    if node.service in _CODE:
        return [_CODE_RUNS]
    return []


def _size(payload: Any) -> str:
    return f"{len(json.dumps(payload, ensure_ascii=False, default=str).encode()):,} bytes"


_DOES: Mapping[str, Callable[[Mapping[str, Any], Any], str]] = {
    "s3": lambda p, e: "The object is stored; its notifications go out.",
    "sqs": lambda p, e: (
        f"The message of {_size(e)} is kept until a consumer takes and deletes it; once taken, "
        f"it is unseen for {p.get('visibility_timeout_s', 30):g} s."
    ),
    "sns": lambda p, e: "Each subscription whose filter policy takes the message gets a copy.",
    "eventbridge": lambda p, e: "Each rule whose pattern takes the event hands it to its targets.",
    "kinesis_stream": lambda p, e: (
        f"The partition key {e.get('PartitionKey', '')!r} chooses the shard; every consumer reads "
        "the record."
    ),
    "firehose": lambda p, e: "The record is buffered and delivered with others.",
    "dynamodb": lambda p, e: "The item is written; its stream, if it is read, gets the change.",
    "api_gateway": lambda p, e: (
        f"The request {e.get('httpMethod', '')} {e.get('path', '')} is passed to its integration."
    ),
    "elb": lambda p, e: "The request goes to one of the targets.",
    "cloudfront": lambda p, e: (
        "A hit would be answered here; a miss, or a request that cannot be "
        "cached, goes to the origin."
    ),
    "elasticache": lambda p, e: "The cache answers if it has the key.",
    "dax": lambda p, e: "An item that it has is answered here; a write goes on to the table.",
}


def _is_source(catalogue: Any, node: Node) -> bool:
    return node.service in catalogue and bool(getattr(catalogue[node.service], "source", False))
