"""Services and groups that nothing calls and that take from a queue: pools of workers."""

from __future__ import annotations

from typing import Any

from sandbox.document import Catalogue

from .work import Planned, Wish, Work

_POOL = "worker_pool"
_COMPUTE = ("ecs_service", "auto_scaling_group")
_QUEUES = ("sqs", "kinesis_stream")


def find_workers(work: Work, catalogue: Catalogue) -> None:
    """Give what pulls the service that pulls.

    A role that may receive is evidence. Where a service takes no calls and its environment names
    a queue that nobody else takes from, what it does there is most likely to take as well.
    """
    if _POOL not in catalogue:
        return
    for id, planned in work.nodes.items():
        if planned.service not in _COMPUTE or any(_calls(work, w, id) for w in work.wishes):
            continue
        named = [wish for wish in work.wishes if _named(work, wish, id)]
        for wish in named:
            if not any(_takes(other, wish.target) for other in work.wishes):
                work.wishes.remove(wish)
                why = "nothing calls it, and its environment names the queue"
                work.link(wish.target, id, why, "probable", mode="pull")
        if any(wish.target == id and wish.mode == "pull" for wish in work.wishes):
            _become(work, planned)


def _calls(work: Work, wish: Wish, id: str) -> bool:
    return wish.target == id and wish.mode != "pull"


def _named(work: Work, wish: Wish, id: str) -> bool:
    queue = wish.source == id and work.nodes[wish.target].service in _QUEUES
    return queue and wish.certainty == "hint"


def _takes(wish: Wish, queue: str) -> bool:
    return wish.source == queue and wish.mode == "pull"


def _become(work: Work, planned: Planned) -> None:
    """Workers have no tasks of Fargate and no balancer: what both have is kept."""
    was, params = planned.service, planned.params
    count: Any = params.get("desired_count" if was == "ecs_service" else "desired_capacity")
    if count is None:
        count = params.get("min_size", 1)
    planned.service = _POOL
    planned.params = {"desired_count": count, "scaling": params.get("scaling")}
    if was == "auto_scaling_group":
        planned.params["instance_type"] = params.get("instance_type")
    entry = work.entries.get(planned.of)
    if entry is not None:
        entry.became = "assumed"
        entry.assumptions.append("it takes its work itself: shown as a pool of workers")
        entry.assumptions.append(
            "a worker is an instance; the size of its task is left out"
            if was == "ecs_service"
            else "the number of workers is fixed; what scales the group is left out"
        )
