"""A group tells of every policy: its alarms, its forecast, and the clocks that run."""

from __future__ import annotations

import math

import pytest

from sandbox.engine.states import watchers
from tests.simulation import go, simulate


def begun():
    """100 requests/s of 100 ms CPU on one instance of two vCPUs: hopelessly busy."""
    policies = [{"target_value": 50.0}, {"target_value": 90.0, "metric": "asg_average_network_in"}]
    alarm = {"threshold": 70.0, "evaluation_periods": 3, "datapoints_to_alarm": 2}
    nodes = {
        "clients": ("clients", {"rate_per_s": 100.0}),
        "group": (
            "auto_scaling_group",
            {
                "min_size": 1,
                "max_size": 4,
                "cpu_time_ms": 100.0,
                "detailed_monitoring": True,
                "policies": policies,
                "step_policies": [{**alarm, "steps": [{"lower_bound": 0.0}]}],
                "simple_policies": [{**alarm, "comparison": "less_than_threshold"}],
                "predictive_policies": [{"mode": "forecast_only"}],
            },
        ),
    }
    return simulate(nodes, ["clients.out > group.in"], tick_s=10.0)


@pytest.fixture(scope="module")
def group():
    return go(begun(), 600)


def test_each_policy_has_its_alarms_with_value_bound_and_datapoints(group):
    found = {one.title: one for one in watchers(group, "group")}
    assert list(found)[:7] == [
        "Target tracking 1: AlarmHigh",
        "Target tracking 1: AlarmLow",
        "Target tracking 2: AlarmHigh",
        "Target tracking 2: AlarmLow",
        "Step policy 1: alarm",
        "Simple policy 1: alarm",
        "Predictive policy 1",
    ]
    high, low = (found[f"Target tracking 1: Alarm{side}"] for side in ("High", "Low"))
    assert (high.state, high.side, high.bound, high.unit, high.needed) == ("ALARM", ">", 50, "%", 3)
    assert high.value > 90
    assert high.breaching >= 3
    assert 0 < high.for_s < 600
    assert (low.state, low.side, low.bound, low.breaching) == ("OK", "<", 45, 0)
    step, simple = found["Step policy 1: alarm"], found["Simple policy 1: alarm"]
    assert (step.state, step.side, step.needed, step.of) == ("ALARM", "≥", 2, 3)
    assert (simple.state, simple.side, simple.breaching) == ("OK", "<", 0)


def test_a_policy_without_a_forecast_says_so(group):
    found = {one.title: one for one in watchers(group, "group")}
    told = found["Predictive policy 1"]
    assert (told.state, math.isnan(told.value)) == ("no forecast yet", True)


def test_the_warm_up_of_a_new_instance_is_a_clock_that_runs(group):
    assert not [one for one in watchers(group, "group") if one.title.startswith("Warm-up")]
    run = begun()
    while run.t_s < 600 and run.now("group")["warm_in_s"] == 0:
        go(run, 10)
    (clock,) = [one for one in watchers(run, "group") if one.title.startswith("Warm-up")]
    assert clock.left_s == run.now("group")["warm_in_s"] > 0


def test_a_service_that_decides_nothing_has_none(group):
    assert watchers(group, "clients") == ()
