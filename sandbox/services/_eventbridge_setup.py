"""A bus before its first tick: quotas, the row of each target, what is odd about it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from sandbox.services._deliveries import LINKS, OF_LINK, RING
from sandbox.services._delivery_policy import CLASSES, row
from sandbox.services._eventbridge_params import PARTNER_BURST, Params, Rule, period, retries
from sandbox.services._patterns import matches, parse
from sandbox.services.contract import Setup

PUT_PER_S, PUT_PER_S_2020 = 10_000.0, 2_400.0  # PutEvents calls/s in large Regions; QUOTAS; H
INVOKE_PER_S, INVOKE_PER_S_2020 = 18_750.0, 4_500.0  # invocations/s there; QUOTAS; H
# elsewhere the quotas differ by Region: these are the largest of them; QUOTAS; M
PUT_PER_S_ELSEWHERE, PUT_PER_S_ELSEWHERE_2020 = 2_400.0, 1_200.0
INVOKE_PER_S_ELSEWHERE, INVOKE_PER_S_ELSEWHERE_2020 = 4_500.0, 2_250.0
DESTINATION_PER_S = 300.0  # invocations/s of an API destination; QUOTAS; H
RULES_MOST, TARGETS_MOST = 300, 5  # rules of a bus, targets of a rule; QUOTAS; H
DESTINATION_USD = 0.20e-6  # API destinations; EventBridge pricing; M

_LARGE = ("us-east-1", "us-west-2", "eu-west-1")


class Derived:
    put_per_s: float
    invoke_per_s: float
    dead_letter: int


def cells_count(params: Params, setup: Setup) -> int:
    """A ring for each target, and one for the archive."""
    return RING + OF_LINK * min(LINKS, len(setup.outs))


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    """The quotas of the Region and era; the row of each target."""
    then, large = setup.era == "2020", setup.region in _LARGE
    put, invoke = (
        ((PUT_PER_S, PUT_PER_S_2020), (INVOKE_PER_S, INVOKE_PER_S_2020))
        if large
        else (
            (PUT_PER_S_ELSEWHERE, PUT_PER_S_ELSEWHERE_2020),
            (INVOKE_PER_S_ELSEWHERE, INVOKE_PER_S_ELSEWHERE_2020),
        )
    )
    record["put_per_s"], record["invoke_per_s"] = put[then], invoke[then]
    record["dead_letter"] = PORTS.index("dead_letter")
    total = sum(c.share for c in setup.classes) or 1.0
    parts = np.array([c.share / total for c in setup.classes] or [1.0])
    taken = route(params, setup)
    rows = []
    for j, link in enumerate(setup.outs[:LINKS]):
        given = _rule(link)
        outside = link.service == "external"
        rows.append(
            row(
                retries(given),
                cap=DESTINATION_PER_S if outside else math.inf,
                redrive=given.redrive,
                trusted=link.service == "lambda_function",  # its queue takes all events
                price=DESTINATION_USD if outside else 0.0,
                shares=(parts * taken[j])[:CLASSES],
                own=period(given.schedule),
            )
        )
    return np.concatenate(rows) if rows else np.zeros(1)


def _rule(link: Any) -> Rule:
    return Rule(**{name: link.params[name] for name in Rule.model_fields if name in link.params})


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    """A partner's bucket is full to begin with."""
    state["tokens"] = PARTNER_BURST


def route(params: Params, setup: Setup) -> np.ndarray:
    """1 where a rule's pattern takes the attributes of a class."""
    taken = np.ones((len(setup.outs), max(1, len(setup.classes))))
    for j, link in enumerate(setup.outs):
        given = _rule(link)
        if given.event_pattern and not given.schedule:
            pattern = parse(given.event_pattern)
            events = [dict(c.attributes) for c in setup.classes] or [{}]
            taken[j] = [float(matches(pattern, event)) for event in events]
    return taken


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    return [(0.0, kind, text) for kind, text in _warnings(params, setup)]


def _warnings(params: Params, setup: Setup) -> Iterator[tuple[str, str]]:
    targets = [link for link in setup.outs if link.port == "targets"]
    rules = Counter(_rule(link).rule or f"for {link.other}" for link in targets)
    if len(rules) > RULES_MOST:
        yield "quota", f"a bus has {RULES_MOST} rules at most, here are {len(rules)}"
    for name, count in rules.items():
        if count > TARGETS_MOST:
            yield "quota", f"rule {name} has {count} targets; a rule has {TARGETS_MOST} at most"
    if params.archive and setup.era == "2020":
        yield "not_in_era", "archives came in November 2020; in 2020's era nothing is kept"
    if len(setup.outs) > LINKS:
        yield "quota", f"only the first {LINKS} targets are invoked"
    if not any(link.port == "dead_letter" for link in setup.outs):
        for link in targets:
            if _rule(link).redrive:
                text = f"what {link.other} refuses for good is lost: link a dead-letter queue"
                yield "no_dead_letter_queue", text


PORTS = ("in", "targets", "dead_letter")
