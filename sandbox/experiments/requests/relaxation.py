"""How long a frozen system remembers: what its stations are offered, and how slowly they relax."""

from __future__ import annotations

import math

from sandbox.experiments.requests import records as r
from sandbox.experiments.requests.plan import Plan


def load(plan: Plan, i: int) -> float:
    """Offered load for each server of a station at the frozen moment; 0 for what has none.

    Where a server is held during calls, these count with the time that the run gives them now.
    """
    row = plan.nodes[i]
    if int(row["kind"]) != r.STATION:
        return 0.0
    servers, processors = _capacity(plan, i)
    figures, flow = plan.figures[plan.ids[i]], float(plan.flows[i])
    held = float(row["mean"])
    if row["holds"]:
        held += max(0.0, figures.mean - figures.own_mean)
    loads = [flow * held / servers]
    if processors > 0:
        loads.append(flow * float(row["mean"] * row["cpu"]) / processors)
    return max(loads)


def _capacity(plan: Plan, i: int) -> tuple[int, int]:
    row = plan.nodes[i]
    group = plan.groups[int(row["group"])]
    count = int(row["groups"])
    return int(group["servers"]) * count, int(group["processors"]) * count


def memory_s(plan: Plan) -> float:
    """About how long a moment remembers another: the longest relaxation time of a station.

    Of M/M/1 it is 1/(μ(1-√ρ)²) (Cohen 1969); with more servers and other variability about as
    much, divided by the servers of a queue, and never less than a service.
    """
    longest = 1e-3
    users = sum(int(root["users"]) for root in plan.roots)
    open_ = sum(int(root["users"]) == 0 for root in plan.roots)
    bursty = max(1.0, *(float(root["cv2"]) for root in plan.roots))
    for i, row in enumerate(plan.nodes):
        mean = float(row["mean"])
        if int(row["kind"]) in (r.STATION, r.FUNCTION):
            figures = plan.figures[plan.ids[i]]
            held = mean + (max(0.0, figures.mean - figures.own_mean) if row["holds"] else 0.0)
            longest = max(longest, held)
            if int(row["kind"]) == r.STATION:
                servers, processors = _capacity(plan, i)
                c = (processors or servers) / int(row["groups"])
                cv2 = float(row["variance"]) / mean**2 if mean > 0 else 1.0
                gap = 1.0 - math.sqrt(min(load(plan, i), 0.999))
                relaxes = held * 0.5 * (bursty + cv2) / (c * gap * gap)
                if row["places"] >= 0:  # a full queue forgets what it could not take
                    relaxes = min(relaxes, held * (1.0 + float(row["places"]) / c))
                if users > 0 and open_ == 0:  # who waits does not ask again
                    relaxes = min(relaxes, held * (1.0 + users / c))
                longest = max(longest, relaxes)
        else:
            longest = max(longest, mean)
    return longest
