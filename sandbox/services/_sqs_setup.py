"""What a queue is before it runs: quotas of its type, era and Region; and what purges it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sandbox.services._sqs_bill import FIFO_USD, STANDARD_USD, polls
from sandbox.services._sqs_fifo import calls_per_s
from sandbox.services._sqs_messages import AT, FLIGHT, SIZES
from sandbox.services._sqs_params import Params
from sandbox.services.contract import Setup
from sandbox.services.params import NoArguments

IN_FLIGHT_LIMIT = 120_000.0  # API Reference, ReceiveMessage: OverLimit; FIFO queue quotas; H
FIFO_IN_FLIGHT_LIMIT_2020 = 20_000.0  # FIFO queue quotas, 2020; H
PURGE_AGAIN_S = 60.0  # API Reference, PurgeQueue: PurgeQueueInProgress; H


class Derived:
    most_receives: int  # 0: never moved
    redrives: int  # whether there is a queue to move messages back to
    in_flight_limit: float
    calls_per_s: float
    by_group: int  # whether the groups of a FIFO queue have quotas of their own
    request_usd: float
    kms_calls: float  # 1/s


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    """Quotas of the type, the era and the Region; who polls how."""
    linked = {link.port for link in setup.outs}
    fifo = params.type == "fifo"
    record["most_receives"] = (params.max_receive_count or 0) if "dead_letter" in linked else 0
    record["redrives"] = "redrive" in linked
    then = fifo and setup.era == "2020"
    record["in_flight_limit"] = FIFO_IN_FLIGHT_LIMIT_2020 if then else IN_FLIGHT_LIMIT
    record["calls_per_s"] = calls_per_s(params.high_throughput, setup.era, setup.region)
    record["by_group"] = params.high_throughput and not then
    record["request_usd"] = FIFO_USD if fifo else STANDARD_USD
    producers = sum(link.port == "in" for link in setup.ins)
    consumers = sum(link.port == "messages" for link in setup.outs)
    calls = 2 * producers + consumers  # "Estimating AWS KMS costs" in the Developer Guide
    record["kms_calls"] = calls / params.kms_data_key_reuse_s if params.sse_kms else 0.0
    return polls(params, setup)


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """What does nothing as it is drawn, and says so."""
    found = []
    if params.max_receive_count is not None and not any(
        o.port == "dead_letter" for o in setup.outs
    ):
        text = (
            f"max_receive_count is {params.max_receive_count}, but there is no dead-letter queue: "
            "link one, or messages come back until they expire"
        )
        found.append((0.0, "no_dead_letter_queue", text))
    for link in setup.outs:
        other = getattr(link.given, "type", params.type)
        if link.port == "dead_letter" and other != params.type:
            text = (
                f"the dead-letter queue {link.other} is {other}, this queue is {params.type}: "
                "SQS wants both of one type"
            )
            found.append((0.0, "dead_letter_type", text))
    if params.type == "fifo" and params.high_throughput and setup.era == "2020":
        text = "high throughput came in 2021; in 2020's era the queue takes 300 calls a second"
        found.append((0.0, "not_in_era", text))
    return found


def purge(record: Any, state: Any, cells: Any, args: NoArguments, t_s: float) -> str:
    """Consumers go on with what they hold, but there is nothing left for them to delete."""
    if t_s < state["purge_until"]:
        raise ValueError("PurgeQueueInProgress: a queue can be purged once in 60 seconds")
    state["purge_until"] = t_s + PURGE_AGAIN_S
    state["to_move"] = 0.0
    ring = state["rings"][FLIGHT]
    for i in range(int(ring["count"])):
        one = cells[AT[FLIGHT] + (int(ring["head"]) + i) % SIZES[FLIGHT]]
        state["overdue"][int(one["link"])] += one["amount"]
    amount = float(state["rings"]["total"].sum())
    state["purged"] += amount
    for name in ("head", "count", "total"):
        state["rings"][name] = 0
    state["late_visible"] = 0.0
    return f"purged {amount:,.0f} messages, those in flight included"
