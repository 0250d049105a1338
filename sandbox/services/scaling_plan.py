"""AWS Auto Scaling: one plan over several resources, which makes a target tracking policy at each.

A plan serves nothing itself.  It is linked to groups, services and tables by control links; each
of them runs the policies that the plan makes, and answers with its capacity and its forecast.
"""

from __future__ import annotations

from typing import Any, Literal

from sandbox.kernels.compiled import compiled
from sandbox.services._plans import API, CAPACITY, FORECAST, PLANS, STRATEGIES, TOLD, Instruction
from sandbox.services.contract import Metric, Port, Service, Setup
from sandbox.services.law import CONTROL
from sandbox.services.params import Parameters, param

HOW = "AWS Auto Scaling user guide: How scaling plans work"
RESOURCES = ("auto_scaling_group", "ecs_service", "dynamodb", "rds")


class Params(Parameters):
    strategy: Literal["availability", "balanced", "cost", "custom"] = param(
        "balanced",
        "Target utilisation of every resource: 40 % for availability, 50 % balanced, 70 % for "
        "cost, or one of your own.",
        source=PLANS,
        confidence="H",
        basic=True,
    )
    target_value: float = param(
        50.0,
        "With custom: target utilisation.",
        unit="%",
        gt=0,
        le=100,
        source=PLANS,
        confidence="H",
        basic=True,
    )
    dynamic_scaling: bool = param(
        True,
        "Whether the plan makes target tracking policies.",
        source=HOW,
        confidence="H",
        basic=True,
    )
    disable_scale_in: bool = param(
        False, "Whether those policies never remove capacity.", source=API, confidence="H"
    )
    replace_external_policies: bool = param(
        False,
        "Whether the resources' own policies go when the plan comes; else they stay beside its.",
        source=API,
        confidence="H",
    )
    predictive_scaling: bool = param(
        False,
        "Whether groups are also scaled ahead of the load, by the days before. Groups only.",
        source=HOW,
        confidence="H",
        basic=True,
    )
    predictive_mode: Literal["forecast_only", "forecast_and_scale"] = param(
        "forecast_and_scale",
        "Only forecast, or act on it, too: a plan acts unless told otherwise.",
        source=API,
        confidence="H",
        group="Predictive scaling",
    )
    load_metric: Literal["cpu", "alb_request_count", "network_in", "network_out"] = param(
        "cpu",
        "The load of a whole group that is forecast.",
        source=API,
        confidence="H",
        group="Predictive scaling",
    )
    load_target_value: float = param(
        1000.0,
        "Where the load is not CPU: how much of it, in a minute, one instance takes.",
        gt=0,
        le=1e12,
        source=API,
        confidence="H",
        group="Predictive scaling",
    )
    scheduled_action_buffer_time_s: int = param(
        300,
        "So long before the hour its capacity is launched.",
        unit="s",
        ge=0,
        le=3599,
        source=API,
        confidence="H",
        group="Predictive scaling",
    )
    max_capacity_behavior: Literal[
        "set_forecast_capacity_to_max_capacity",
        "set_max_capacity_to_forecast_capacity",
        "set_max_capacity_above_forecast_capacity",
    ] = param(
        "set_forecast_capacity_to_max_capacity",
        "What a forecast beyond the maximum does: it is cut, or it raises the maximum.",
        source=API,
        confidence="H",
        group="Predictive scaling",
    )
    max_capacity_buffer: int = param(
        10,
        "So much above the forecast the maximum is raised.",
        unit="%",
        ge=1,
        le=100,
        source=API,
        confidence="H",
        group="Predictive scaling",
    )


class Derived:
    target: float


class State:
    target: float
    resources: float
    capacity: float
    forecast: float


@compiled
def step(p, s, io, cells, tick):
    """What the resources answered in the tick before."""
    s.target = p.target
    s.resources = s.capacity = s.forecast = 0.0
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        if link.mode == CONTROL:
            s.resources += link.signal[TOLD]
            s.capacity += link.signal[CAPACITY]
            s.forecast += link.signal[FORECAST]


def prepare(params: Params, record: Any, setup: Setup) -> None:
    record["target"] = STRATEGIES.get(params.strategy, params.target_value)


def foretell(params: Params, setup: Setup) -> list[tuple[float, str, str]]:
    others = [link.other for link in setup.outs if link.service != "auto_scaling_group"]
    if params.predictive_scaling and others:
        text = (
            f"Predictive scaling is for EC2 Auto Scaling groups only: not for {', '.join(others)}"
        )
        return [(0.0, "predictive_for_groups", text)]
    return []


SERVICE = Service(
    id="scaling_plan",
    title="AWS Auto Scaling plan",
    category="management",
    summary="One scaling strategy over several resources: a target, and forecasts for groups.",
    params=Params,
    derived=Derived,
    state=State,
    ports=(
        Port(
            "resources",
            "out",
            "Resources",
            modes=("control",),
            params={"control": Instruction},
            peers=RESOURCES,
        ),
    ),
    step=step,
    prepare=prepare,
    foretell=foretell,
    metrics=(
        Metric("target_utilization", "%", "Target utilisation", "target"),
        Metric("resources", "", "Resources of the plan", "resources"),
        Metric("planned_capacity", "", "Capacity of its resources", "capacity"),
        Metric("planned_forecast", "", "Capacity forecast for this hour", "forecast"),
    ),
    headline="target_utilization",
)
