"""How many nodes and containers an EMR cluster may come to, and what its scaling counts."""

from __future__ import annotations

from sandbox.services._emr_node_params import MOST_NODES, yarn_mb
from sandbox.services._emr_params import Params, containers
from sandbox.services._instance_types import TYPES

MOST_PLACES = 50_000  # assumption: containers at once, as many as are told apart


def unit_of(params: Params) -> int:
    """Units of managed scaling that a node is."""
    vcpus = TYPES[params.core.instance_types[0].instance_type].vcpus
    return vcpus if params.managed_scaling and params.managed_scaling.unit == "vcpu" else 1


def managed_limit(params: Params, units: int) -> int:
    """A limit of managed scaling in nodes."""
    return min(units // unit_of(params), 2 * MOST_NODES)


def most_nodes(params: Params) -> int:
    """Cells for nodes: those that scaling may ask for, and as many that are on their way out."""
    core, task = sum(params.core.counts), sum(params.task.counts)
    most = core + task + sum(group.count for group in params.task_groups)
    if params.managed_scaling:
        most = max(most, managed_limit(params, params.managed_scaling.maximum))
    for scaling, now in ((params.core_scaling, core), (params.task_scaling, task)):
        if scaling:
            most += max(0, min(scaling.max_capacity, MOST_NODES) - now)
    return 2 * most + 2 * int(params.primary_count) + 16


def places(params: Params) -> int:
    """Cells for containers: what all nodes hold, and one to spare."""
    small, _ = containers(params)
    kinds = [kind.instance_type for nodes in (params.core, params.task)
             for kind in nodes.instance_types]  # fmt: skip
    kinds += [group.instance_type for group in params.task_groups]
    each = int(max(yarn_mb(name) for name in kinds) / small + 1e-9)
    return min(MOST_PLACES, most_nodes(params) * each) + 1
