"""What an Auto Scaling group says of its numbers, its bill and its instances."""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.kernels.alarm import INSUFFICIENT_DATA
from sandbox.services._instance_types import ADVISOR, CREDITS_SOURCE, SOURCE, TYPES
from sandbox.services._instances import FREE, IN_SERVICE, SPOT
from sandbox.services.explain import Cells, CellState, CostLine, Explanation, Input

ALARMS = "alarms that target tracking made, as listed in github.com/aws/copilot-cli/issues/4233"
_FAULT_CUT = Input("io.fault.5", "Share of the capacity that a fault takes", "share")
EXPLANATIONS = (
    Explanation(
        "utilization",
        "CPU time that the requests used, of the CPU time that the instances in service have: "
        "completed/s × CPU time of one, over the vCPUs in service.",
        (Input("io.done", "Completed", "1/s"), "p.cpu_time_ms",
         Input("s.vcpus", "vCPUs in service", quota=True), _FAULT_CUT, "terminating"),
        lambda done, ms, vcpus, cut, _leaving: done * ms / 1e3 / (vcpus * (1.0 - cut)),
        when=lambda done, ms, vcpus, cut, leaving: leaving == 0 and vcpus * (1 - cut) > 0,
    ),
    Explanation(
        "instances",
        "Those that take requests: all that the group counts as alive, without those that boot, "
        "start, or stopped running and are not noticed yet.",
        (Input("s.alive", "Counted as alive"), "pending", "starting",
         Input("s.lost", "Stopped or impaired, not noticed yet"),
         Input("s.apart", "Being resized, replaced or out of rotation")),
        lambda alive, pending, starting, lost, apart: alive - pending - starting - lost - apart,
        "EC2 Auto Scaling user guide: Amazon EC2 Auto Scaling instance lifecycle",
    ),
    Explanation(
        "desired_capacity",
        "What policies, schedules and people asked for last, within the minimum and maximum size.",
        (Input("s.desired", "Asked for"), Input("s.min_size", "Minimum size", quota=True),
         Input("s.max_size", "Maximum size", quota=True)),
        lambda desired, least, most: min(max(desired, least), most),
        "EC2 Auto Scaling user guide: Set capacity limits on your Auto Scaling group",
    ),
    Explanation(
        "alarm_high",
        "ALARM (1) when as many datapoints one after another as it needs are above the target; "
        "the group then grows to instances that are warm × datapoint ÷ target, rounded up.",
        ("breaching_high", Input("s.need_high", "Datapoints it needs"), "policy_datapoint",
         Input("s.bound_high", "Above", quota=True), "alarm_high_for_s",
         Input("p.policies_n", "Target tracking policies"), "alarm_high"),
        lambda breaching, need, _value, _bound, _since, _n, _state: float(breaching >= need),
        ALARMS,
        when=lambda _b, _need, _v, _bound, _since, n, state: n == 1 and state != INSUFFICIENT_DATA,
    ),
    Explanation(
        "alarm_low",
        "ALARM (1) when as many datapoints one after another as it needs are below 0.9 of the "
        "target; the group then shrinks, if nothing warms up and all policies agree.",
        ("breaching_low", Input("s.need_low", "Datapoints it needs"), "policy_datapoint",
         Input("s.bound_low", "Below", quota=True), "alarm_low_for_s",
         Input("p.policies_n", "Target tracking policies"), "alarm_low"),
        lambda breaching, need, _value, _bound, _since, _n, _state: float(breaching >= need),
        ALARMS,
        when=lambda _b, _need, _v, _bound, _since, n, state: n == 1 and state != INSUFFICIENT_DATA,
    ),
)  # fmt: skip


def _line(title: str, rule: str, name: str, source: str) -> CostLine:
    return CostLine(title, rule, (Input(f"s.{name}", title, "USD/h"),), lambda usd: usd, source)


COST_LINES = (
    _line("Instances on demand", "Those that run, standby and draining ones too, at the price of "
          "their types an hour.", "cost_on_demand", SOURCE),
    _line("Spot instances", "Those that run, at the price on demand less the type's saving.",
          "cost_spot", ADVISOR),
    _line("Warm pool", "Those that run in it; stopped and hibernated ones pay for their volumes "
          "alone.", "cost_warm_pool", SOURCE),
    _line("Detailed monitoring", "Instances that run × seven metrics a minute, 2.10 USD a month.",
          "cost_monitoring", "https://aws.amazon.com/cloudwatch/pricing/"),
    _line("Volumes", "The root volumes of all instances, stopped ones too, by GB and month.",
          "cost_storage", "Amazon EBS pricing, us-east-1"),
    _line("Surplus CPU credits", "Credits spent beyond what a day earns, and the minute that a "
          "launch is billed at least.", "cost_surplus_credits", CREDITS_SOURCE),
)  # fmt: skip

STATES = (
    CellState("free", "idle"),
    CellState("pending", "idle"),
    CellState("starting", "busy"),
    CellState("in service", "ok"),
    CellState("terminating", "warning"),
    CellState("lost", "critical"),
    CellState("waiting for a launch hook", "idle"),
    CellState("waiting for a termination hook", "warning"),
    CellState("standby", "idle"),
    CellState("being prepared for the warm pool", "idle"),
    CellState("in the warm pool", "idle"),
    CellState("impaired", "critical"),
    CellState("stopped to be resized", "warning"),
)


def _rows(p: Any, s: Any, cells: np.ndarray) -> np.ndarray:
    return np.flatnonzero(cells["state"] != FREE)


def _busy(p: Any, s: Any, io: Any, cells: np.ndarray) -> np.ndarray:
    """Those in service are alike, so each is as busy as all together; the others serve nothing."""
    return np.where(cells["state"] == IN_SERVICE, float(io["utilization"]), np.nan)


def _note(p: Any, s: Any, io: Any, cells: np.ndarray) -> list[str]:
    """Type, zone, how it is bought, and what is special about each."""
    names = list(TYPES)
    found = []
    for cell in cells:
        parts = [names[int(cell["kind"])], f"zone {int(cell['zone']) + 1}"]
        parts += ["spot"] * bool(cell["market"] == SPOT) + ["protected"] * bool(cell["protected"])
        parts += ["to be interrupted"] * bool(cell["gone_s"] < np.inf)
        parts += ["to be replaced"] * bool(cell["doomed"] or cell["reason"])
        found.append(", ".join(parts))
    return found


BARS = (
    Cells("Instances", "Instance", "CPU in use", _busy, _rows, "state", STATES, _note),
)  # fmt: skip
