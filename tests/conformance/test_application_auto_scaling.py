"""Application Auto Scaling, by the capacity of tables: bounds, alarms, cooldowns, budget."""

import pytest

from sandbox.services import catalogue
from tests.conformance import fact
from tests.conformance.metered import kinds, meter
from tests.simulation import go, simulate

GUIDE = "Application Auto Scaling User Guide: Target tracking scaling policies"
REPOST = "https://repost.aws/knowledge-center/dynamodb-auto-scaling"
LIMITS = "DynamoDB Developer Guide: Service, account, and table quotas"
STEP_API = "Application Auto Scaling API: StepScalingPolicyConfiguration"
TRACK_70 = {"target_tracking": [{"target_value": 70.0}]}
NOW = {"metric_delay_s": 0.0}
BY_METER = {"metric": "custom", "custom_metric": {"node": "meter", "metric": "offered"}}


def table(values, minutes=None, start=100, run=None, policies=None, **target):
    """A table of `start` write units on which one unit a second is written for each of a value's
    units, minute by minute, and a meter of the same rate."""
    scaling = {"min_capacity": 10, "max_capacity": 1000, **NOW, **(policies or TRACK_70), **target}
    nodes = {
        "c": meter(values),
        "meter": meter(values),
        "sink": ("external", {"servers": 5000, "service_time_s": 0.001}),
        "d": (
            "dynamodb",
            {"write_capacity_units": start, "write_scaling": scaling, "item_kb": 1.0},
        ),
    }
    nodes["c"][1]["write_fraction"] = 1.0
    seconds = 60.0 * (len(values) if minutes is None else minutes)
    return simulate(
        nodes,
        ["c.out > d.in", "meter.out > sink.in"],
        seconds=seconds,
        **{"duration_s": 90_000.0, **(run or {})},
    )


def asked(run):
    """Write units that UpdateTable was asked for, one after another."""
    return [
        int(e.text.split(" and ")[1].split()[0].replace(",", ""))
        for e in kinds(run, "updating", node="d")
    ]


@fact("The scale-up alarm of a table needs 2 minutes of 2 above the target", source=REPOST)
@pytest.mark.parametrize(("values", "found"), [([71, 69, 71], []), ([71, 71], [102])])
def test_a_table_grows_after_two_minutes_above_its_target(values, found):
    assert asked(table(values)) == found


@fact("A table grows when it consumes more than the target, 70 of 100", source=REPOST)
@pytest.mark.parametrize(("rate", "found"), [(70.0, []), (70.1, [101]), (90.0, [129])])
def test_the_target_itself_is_no_breach(rate, found):
    assert asked(table([rate] * 2)) == found


@fact("The scale-down alarm is 20 points below the target: 50 of 100 for 70", source=REPOST)
@pytest.mark.parametrize(("rate", "found"), [(50.0, []), (49.9, [72])])
def test_a_table_shrinks_below_the_target_less_twenty_points(rate, found):
    assert asked(table([rate] * 15)) == found


@fact("The scale-down alarm needs 15 minutes of 15", source=REPOST)
@pytest.mark.parametrize(("minutes", "found"), [(14, []), (15, [29])])
def test_a_table_shrinks_after_fifteen_minutes(minutes, found):
    assert asked(table([60.0] + [20.0] * minutes)) == found


@fact(
    "Capacity keeps within minimum and maximum",
    source=("Application Auto Scaling API: RegisterScalableTarget"),
)
def test_capacity_keeps_within_its_bounds():
    assert asked(table([150.0] * 2, max_capacity=120)) == [120]
    assert asked(table([1.0] * 15, min_capacity=60)) == [60]
    run = table([150.0] * 6, max_capacity=100)
    assert asked(run) == []
    assert "100 is the maximum" in kinds(run, "scale_out_refused", node="d")[0].text


@fact(
    "The old capacity is enforced until the table is updated",
    source=("DynamoDB Developer Guide: Managing throughput capacity with DynamoDB auto scaling"),
)
def test_an_update_takes_minutes():
    run = table([90.0] * 2, minutes=3.9)
    assert run.now("d")["provisioned_write_capacity"] == 100
    assert go(run, 10).now("d")["provisioned_write_capacity"] == 129


@fact(
    "A table that nobody uses has no datapoints and keeps its capacity",
    source="CloudWatch User Guide: alarms that evaluate AWS/DynamoDB metrics ignore missing data",
)
def test_no_consumption_takes_no_capacity_away():
    assert asked(table([60.0] + [0.0] * 40)) == []
    assert asked(table([60.0] + [0.5] * 40)) != []


@fact("4 decreases a day, then one for each hour without", source=LIMITS)
def test_the_budget_of_decreases_of_a_day():
    policy = {
        "step_policies": [
            {
                **BY_METER,
                "threshold": 500.0,
                "comparison": "less_than_threshold",
                "cooldown_s": 0,
                "steps": [{"upper_bound": 0.0, "adjustment": -10}],
            }
        ]
    }
    run = table([60.0], minutes=30, policies=policy, target_tracking=[])
    assert asked(run) == [90, 80, 70, 60]
    assert "4 decreases today, one more in" in kinds(run, "scale_in_refused", node="d")[-1].text
    last = kinds(run, "updating", node="d")[-1].t_s
    go(run, last + 3600 - 61 - run.t_s)
    assert len(asked(run)) == 4
    go(run, 122)
    assert asked(run)[4:] == [50]


@fact("Increases have no budget", source=LIMITS)
def test_a_table_grows_as_often_as_it_must():
    run = table([80.0 * 1.5**i for i in range(6) for _ in range(4)], start=100, max_capacity=40_000)
    assert len(asked(run)) >= 6


@fact(
    "DynamoDB's cooldowns are 0 s",
    source=("AWS CDK API reference: BaseTargetTrackingProps, scaleInCooldown"),
)
def test_a_table_has_no_cooldown_of_its_own():
    run = table([71.0] * 2 + [110.0] * 4, minutes=6)
    assert len(asked(run)) == 2


@fact("In the cooldown of a scale-out another follows only if it asks for more", source=GUIDE)
def test_a_scale_out_cooldown_lets_only_more_through():
    policy = {**BY_METER, "target_value": 100.0, "scale_out_cooldown_s": 600}
    run = table([110.0] * 5, policies={"target_tracking": [policy]})
    assert asked(run) == [110]  # what was added counts: 100 × 1.1 is no more than that
    assert "cooldown until" in kinds(run, "scale_out_refused", node="d")[0].text
    more = table([110.0] * 5 + [150.0], policies={"target_tracking": [policy]})
    assert asked(more) == [110, 150]
    without = {**policy, "scale_out_cooldown_s": 0}
    assert len(asked(table([110.0] * 9, policies={"target_tracking": [without]}))) > 1


@fact("A scale-in cooldown blocks scale-in, and a scale-out ends it", source=GUIDE)
def test_a_scale_in_cooldown_blocks_only_less():
    policy = {**BY_METER, "target_value": 100.0, "scale_in_cooldown_s": 3600}
    low = [50.0] * 15
    run = table([*low, 50.0, 50.0, 50.0, 50.0], policies={"target_tracking": [policy]})
    assert asked(run) == [50]
    assert "cooldown until" in kinds(run, "scale_in_refused", node="d")[-1].text
    again = table([*low, 150.0, 150.0, 150.0] + low * 2, policies={"target_tracking": [policy]})
    assert asked(again)[0] == 50
    assert min(asked(again)[1:]) < max(asked(again)[1:])  # the scale-out had ended the cooldown


@fact("A step policy's cooldown is 300 s", source=STEP_API)
def test_a_step_policy_of_a_scalable_target_has_a_cooldown():
    policy = {**BY_METER, "threshold": 50.0, "steps": [{"lower_bound": 0.0, "adjustment": 100}]}
    first = table([60.0], minutes=9, policies={"step_policies": [policy]}, target_tracking=[])
    times = [e.t_s for e in kinds(first, "scaled_by_step", node="d")]
    assert times[1] - times[0] == 300
    shorter = {**policy, "cooldown_s": 180}
    first = table([60.0], minutes=9, policies={"step_policies": [shorter]}, target_tracking=[])
    times = [e.t_s for e in kinds(first, "scaled_by_step", node="d")]
    assert times[1] - times[0] == 180


@fact(
    "Of several policies the largest capacity wins: +300 or +200 % of 100 is 400 or 300",
    source=("AWS CLI reference: application-autoscaling put-scaling-policy"),
)
def test_the_largest_capacity_wins():
    base = {**BY_METER, "threshold": 50.0}
    plus = {**base, "steps": [{"lower_bound": 0.0, "adjustment": 3}]}
    percent = {
        **base,
        "adjustment_type": "percent_change_in_capacity",
        "steps": [{"lower_bound": 0.0, "adjustment": 200}],
    }
    run = table([60.0], start=10, policies={"step_policies": [plus, percent]}, target_tracking=[])
    assert asked(run) == [30]


@fact(
    "Scheduled actions set minimum and maximum, which pull the capacity along",
    source=("Application Auto Scaling User Guide: Scheduled scaling"),
)
@pytest.mark.parametrize(
    ("bounds", "found"), [({"min_capacity": 300}, [300]), ({"max_capacity": 40}, [40])]
)
def test_a_scheduled_action_moves_the_bounds(bounds, found):
    action = {"start_time": "2026-01-05T08:00:30Z", **bounds}
    assert asked(table([60.0], scheduled_actions=[action])) == found


def test_a_plan_scales_a_table_that_does_not_scale_itself():
    nodes = {
        "c": ("clients", {"rate_per_s": 60.0, "write_fraction": 1.0}),
        "d": ("dynamodb", {"write_capacity_units": 100, "item_kb": 1.0}),
        "plan": ("scaling_plan", {"strategy": "availability"}),
    }
    run = simulate(nodes, ["c.out > d.in", "plan.resources > d.scaling"], seconds=400)
    assert asked(run) == [150]  # 60 of 100 is above 40 %


@fact(
    "Minimum and maximum must be in order",
    source=("Application Auto Scaling API: RegisterScalableTarget"),
)
def test_bounds_out_of_order_are_refused():
    def wrong(**target):
        return catalogue().check_params("dynamodb", {"read_scaling": target})

    assert "must not exceed" in wrong(min_capacity=5, max_capacity=4)[0][1]
    assert not wrong(min_capacity=5, max_capacity=5)


def test_what_application_auto_scaling_steers_says_so_above_its_parameter() -> None:
    """A group is Amazon EC2 Auto Scaling, a plan over several resources AWS Auto Scaling, and all
    that is neither the one controller that they share."""
    known = catalogue()
    found = {}
    for service in known.values():
        for name, field in service.params.model_fields.items():
            if "ScalableTarget" in str(field.annotation):
                info = next(one for one in service.parameters() if one.name == name)
                found[f"{service.id}.{name}"] = info.group
    assert found.pop("worker_pool.scaling") == "EC2 Auto Scaling"  # instances of its own
    assert set(found.values()) == {"Application Auto Scaling"}
    assert {"dynamodb.write_scaling", "ecs_service.scaling", "rds.replica_scaling"} <= set(found)
    assert known["scaling_plan"].title == "AWS Auto Scaling plan"
    assert known["auto_scaling_group"].title == "EC2 Auto Scaling group"


@fact("A policy has 20 step adjustments at most",
      source="Application Auto Scaling User Guide: Quotas")  # fmt: skip
@pytest.mark.parametrize(("count", "taken"), [(20, True), (21, False)])
def test_the_steps_of_a_policy(count, taken):
    steps = [
        {"lower_bound": float(i), "upper_bound": i + 1.0, "adjustment": 1} for i in range(count - 1)
    ]
    steps.append({"lower_bound": count - 1.0, "adjustment": 1})
    policy = {**BY_METER, "threshold": 1.0, "steps": steps}
    given = {"write_scaling": {"max_capacity": 1000, "step_policies": [policy]}}
    assert (not catalogue().check_params("dynamodb", given)) is taken


@fact("The console proposes a target of 70 %",
      source="Application Auto Scaling API: PutScalingPolicy")  # fmt: skip
@pytest.mark.parametrize(("rate", "found"), [(70.0, []), (70.1, [101])])
def test_a_table_is_kept_at_seventy_percent_unless_it_is_told(rate, found):
    assert asked(table([rate] * 2, policies={"target_tracking": [{}]})) == found
