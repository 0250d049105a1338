"""A group whose custom metric a test dictates, minute by minute: the rate of clients of its own."""

from __future__ import annotations

from typing import Any

from sandbox.engine import Run
from tests.simulation import simulate

METER = {"node": "meter", "metric": "offered"}
CUSTOM = {"metric": "custom", "custom_metric": METER}
AT_ONCE = {
    "boot_median_s": 0.0,
    "app_start_s": 0.0,
    "default_instance_warmup_s": 0,
    "metric_delay_s": 0.0,
}


def meter(values: list[float]) -> tuple[str, dict[str, Any]]:
    """Clients whose rate is one value a minute; the last stays."""
    steps = [[60.0 * i, v] for i, v in enumerate(values)]
    return "clients", {"rate_per_s": 1.0, "shape": "steps", "steps": steps}


def metered(
    values: list[float], *, minutes: float | None = None, run: dict | None = None, **group: Any
) -> Run:
    """A group beside such a meter, after as many minutes as there are values."""
    nodes = {
        "meter": meter(values),
        "sink": ("external", {"servers": 1000, "service_time_s": 0.001}),
        "c": ("clients", {"rate_per_s": 1.0}),
        "g": ("auto_scaling_group", {"min_size": 0, "max_size": 100, **AT_ONCE, **group}),
    }
    links = ["meter.out > sink.in", "c.out > g.in"]
    seconds = 60.0 * (len(values) if minutes is None else minutes)
    return simulate(nodes, links, seconds=seconds, **{"duration_s": 86_400.0, **(run or {})})


def desired(run: Run) -> float:
    return run.now("g")["desired_capacity"]


def sizes(run: Run) -> list[int]:
    """The desired capacity after each decision."""
    words = [e.text for e in run.events if e.node == "g" and e.kind in ("scale_out", "scale_in")]
    return [int(text.split(" to ")[1].split()[0]) for text in words]


def kinds(run: Run, *wanted: str, node: str = "g") -> list[Any]:
    return [e for e in run.events if e.node == node and e.kind in wanted]
