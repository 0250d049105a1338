"""What an Auto Scaling group says of its numbers, its bill and its instances."""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.services._instance_types import SOURCE
from sandbox.services._instances import FREE, IN_SERVICE
from sandbox.services.explain import Cells, CellState, CostLine, Explanation, Input

_FAULT_CUT = Input("io.fault.5", "Share of the capacity that a fault takes", "share")
_MONITORED = Input("p.detailed_monitoring", "Detailed monitoring (1 is on)")
_BILLED = Input("s.billed", "Instances that run, draining ones included")
_A_MONTH = Input("HOURS_A_MONTH", "Hours in a month of the price list", "h")
_MONITORING = Input(
    "DETAILED_MONITORING_USD_MONTH", "Detailed monitoring of an instance, a month", "USD",
    "https://aws.amazon.com/cloudwatch/pricing/",
)  # fmt: skip

EXPLANATIONS = (
    Explanation(
        "utilization",
        "CPU time that the requests used, of the CPU time that the instances in service have: "
        "completed/s × CPU time of one, over instances × vCPUs.",
        (Input("io.done", "Completed", "1/s"), "p.cpu_time_ms", "in_service", Input("p.vcpus",
         "vCPUs of an instance", quota=True), _FAULT_CUT, "terminating"),
        lambda done, ms, n, vcpus, cut, _leaving: done * ms / 1e3 / (n * vcpus * (1.0 - cut)),
        when=lambda done, ms, n, vcpus, cut, leaving: leaving == 0 and n * vcpus * (1 - cut) > 0,
    ),
    Explanation(
        "instances",
        "Those that take requests: all that the group counts as alive, without those that boot, "
        "start, or stopped running and are not noticed yet.",
        (Input("s.alive", "Counted as alive"), "pending", "starting",
         Input("s.lost", "Stopped, not noticed yet")),
        lambda alive, pending, starting, lost: alive - pending - starting - lost,
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
)  # fmt: skip

COST_LINES = (
    CostLine(
        "Instances",
        "Instances that run × price of an instance-hour.",
        (_BILLED, Input("p.usd_per_hour", "An instance-hour with its monitoring", "USD"),
         _MONITORED, _MONITORING, _A_MONTH),
        lambda n, usd, on, month, hours: n * (usd - on * month / hours),
        SOURCE,
    ),
    CostLine(
        "Detailed monitoring",
        "Instances that run × price of seven metrics a minute.",
        (_BILLED, _MONITORED, _MONITORING, _A_MONTH),
        lambda n, on, month, hours: n * on * month / hours,
        "https://aws.amazon.com/cloudwatch/pricing/",
    ),
)  # fmt: skip

STATES = (
    CellState("free", "idle"),
    CellState("pending", "idle"),
    CellState("starting", "busy"),
    CellState("in service", "ok"),
    CellState("terminating", "warning"),
    CellState("lost", "critical"),
)


def _rows(p: Any, s: Any, cells: np.ndarray) -> np.ndarray:
    return np.flatnonzero(cells["state"] != FREE)


def _busy(p: Any, s: Any, io: Any, cells: np.ndarray) -> np.ndarray:
    """Those in service are alike, so each is as busy as all together; the others serve nothing."""
    return np.where(cells["state"] == IN_SERVICE, float(io["utilization"]), np.nan)


BARS = (
    Cells("Instances", "Instance", "CPU in use", _busy, _rows, "state", STATES),
)  # fmt: skip
