"""EC2 Auto Scaling: when a group's policies, schedules and forecasts change its size."""

import pytest

from sandbox.engine.why import explain
from sandbox.services import catalogue
from sandbox.services._scaling import StepPolicy
from tests.conformance import fact
from tests.conformance.metered import CUSTOM, METER, desired, kinds, meter, metered, sizes
from tests.simulation import go, simulate

TRACKING = (
    "EC2 Auto Scaling user guide: Target tracking scaling policies for Amazon EC2 Auto Scaling"
)
STEPPING = "EC2 Auto Scaling user guide: Step and simple scaling policies"
COOLDOWNS = "EC2 Auto Scaling user guide: Scaling cooldowns"
SCHEDULED = "EC2 Auto Scaling user guide: Scheduled scaling for Amazon EC2 Auto Scaling"
PREDICTIVE = "EC2 Auto Scaling user guide: Predictive scaling for Amazon EC2 Auto Scaling"
API = "EC2 Auto Scaling API: PutScalingPolicy"
SEEN = "alarms that target tracking made, as listed in github.com/aws/copilot-cli/issues/4233"
QUOTAS = "EC2 Auto Scaling user guide: Quotas"
PLANS = "AWS Auto Scaling user guide: Step 2: Specify a scaling strategy"


def refused(params):
    return " ".join(
        message for _, message in catalogue().check_params("auto_scaling_group", params)
    )


# ---------------------------------------------------------------- target tracking


def track(**policy):
    return {**CUSTOM, "target_value": 100.0, **policy}


@fact("AlarmHigh needs 3 datapoints of 3 above the target", source=SEEN)
@pytest.mark.parametrize(("minutes", "size"), [(2, 10), (3, 11)])
def test_three_datapoints_above_the_target_add_capacity_and_two_do_not(minutes, size):
    values = [100.0] * 3 + [101.0] * minutes + [100.0] * 3
    assert desired(metered(values, desired_capacity=10, policies=[track()])) == size


@fact("AlarmHigh looks at the metric above the target, not at it", source=SEEN)
@pytest.mark.parametrize(("value", "size"), [(100.0, 10), (100.1, 11)])
def test_a_metric_at_its_target_adds_nothing(value, size):
    assert desired(metered([value] * 3, desired_capacity=10, policies=[track()])) == size


@fact("AlarmLow needs 15 datapoints of 15 below 0.9 of the target", source=SEEN)
@pytest.mark.parametrize(("minutes", "size"), [(14, 10), (15, 5)])
def test_fifteen_datapoints_below_take_capacity_and_fourteen_do_not(minutes, size):
    values = [95.0] + [50.0] * minutes
    assert desired(metered(values, desired_capacity=10, policies=[track()])) == size


@fact("AlarmLow's threshold is 0.9 of the target", source=SEEN)
@pytest.mark.parametrize(("value", "low"), [(90.0, 0), (89.9, 1)])
def test_nine_tenths_of_the_target_is_the_threshold_of_alarm_low(value, low):
    run = metered([value] * 15, desired_capacity=10, policies=[track()])
    assert run.now("g")["alarm_low"] == low


@fact(
    "1,500 messages, 10 instances, a target of 100 each: 15 instances",
    source=("EC2 Auto Scaling user guide: Scaling based on Amazon SQS"),
)
@pytest.mark.parametrize(("messages", "size"), [(1000, 10), (1001, 11), (1500, 15)])
def test_a_queues_backlog_per_instance_is_a_custom_metric(messages, size):
    nodes = {
        "p": (
            "clients",
            {
                "rate_per_s": 1.0,
                "shape": "steps",
                "steps": [[0, messages], [1, 0]],
                "write_fraction": 1.0,
            },
        ),
        "q": ("sqs", {}),
        "c": ("clients", {"rate_per_s": 1.0}),
        "g": (
            "auto_scaling_group",
            {
                "min_size": 1,
                "max_size": 50,
                "desired_capacity": 10,
                "metric_delay_s": 0.0,
                "policies": [
                    {
                        "metric": "custom",
                        "target_value": 100.0,
                        "custom_metric": {"node": "q", "metric": "visible"},
                        "divide_by": {"node": "g", "metric": "in_service"},
                    }
                ],
            },
        ),
    }
    run = simulate(nodes, ["p.out > q.in", "c.out > g.in"], seconds=240)
    assert desired(run) == size


@fact(
    "Divided by no instances the backlog per instance is missing: the group never wakes up",
    source="EC2 Auto Scaling user guide: Scaling based on Amazon SQS",
)
def test_a_group_of_none_is_not_woken_by_a_backlog_per_instance():
    policy = track(divide_by={"node": "g", "metric": "in_service"})
    asleep = metered([1000.0] * 30, policies=[policy])
    assert desired(asleep) == 0
    assert asleep.now("g")["alarm_high"] == 2  # insufficient data
    assert desired(metered([1000.0] * 5, policies=[policy], min_size=1)) > 1


@fact("Of several policies any may scale out, and the largest capacity wins", source=TRACKING)
def test_the_largest_wish_for_more_wins():
    run = metered(
        [150.0] * 3,
        desired_capacity=10,
        policies=[track(), track(target_value=50.0), track(target_value=1000.0)],
    )
    assert sizes(run) == [30]
    assert "policy 2" in kinds(run, "scale_out")[0].text


@fact("All policies with scale-in enabled must agree to scale in", source=TRACKING)
def test_less_needs_all_policies_that_may_take_away():
    values = [50.0] * 20
    both = [track(), track(target_value=50.0)]
    run = metered(values, desired_capacity=10, policies=both)
    assert desired(run) == 10
    assert "1 of 2 policies agree" in kinds(run, "scale_in_refused")[0].text
    excused = [track(), track(target_value=50.0, disable_scale_in=True)]
    assert desired(metered(values, desired_capacity=10, policies=excused)) < 10


@fact("With scale-in disabled a policy never removes instances", source=TRACKING)
def test_a_policy_that_may_not_scale_in_does_not():
    run = metered([1.0] * 30, desired_capacity=10, policies=[track(disable_scale_in=True)])
    assert desired(run) == 10


@fact("Scale-in is blocked while instances are warming", source=TRACKING)
def test_nothing_is_taken_while_an_instance_warms():
    values = [101.0] * 3 + [50.0] * 17
    policy = track(estimated_instance_warmup_s=3600)
    run = metered(values, desired_capacity=10, policies=[policy])
    assert desired(run) == 11
    text = kinds(run, "scale_in_refused")[0].text
    assert "refused: 1 warming until 09:03:0" in text
    assert (
        desired(metered([*values, 50.0], minutes=70, desired_capacity=10, policies=[policy])) < 11
    )


@fact(
    "A custom metric may have a period of 10 s (since November 2024)",
    source=("EC2 Auto Scaling API: TargetTrackingMetricStat"),
)
def test_a_metric_of_ten_seconds_is_acted_on_within_a_minute():
    fine = {"metric": "custom", "custom_metric": {**METER, "period_s": 10}, "target_value": 100.0}
    assert desired(metered([150.0], minutes=0.5, desired_capacity=10, policies=[fine])) == 15
    assert desired(metered([150.0], minutes=0.45, desired_capacity=10, policies=[fine])) == 10
    assert desired(metered([150.0], minutes=0.5, desired_capacity=10, policies=[track()])) == 10


def test_a_period_that_is_no_multiple_is_refused():
    wrong = {"policies": [{**CUSTOM, "custom_metric": {**METER, "period_s": 45}}]}
    assert "10, 20, 30 or a multiple of 60" in refused(wrong)


# ---------------------------------------------------------------- step policies


OUT = {
    **CUSTOM,
    "threshold": 50.0,
    "adjustment_type": "percent_change_in_capacity",
    "steps": [
        {"lower_bound": 0.0, "upper_bound": 10.0, "adjustment": 0.0},
        {"lower_bound": 10.0, "upper_bound": 20.0, "adjustment": 10.0},
        {"lower_bound": 20.0, "adjustment": 30.0},
    ],
}
IN = {
    **CUSTOM,
    "threshold": 50.0,
    "comparison": "less_than_or_equal_to_threshold",
    "adjustment_type": "percent_change_in_capacity",
    "steps": [
        {"lower_bound": -10.0, "upper_bound": 0.0, "adjustment": 0.0},
        {"lower_bound": -20.0, "upper_bound": -10.0, "adjustment": -10.0},
        {"upper_bound": -20.0, "adjustment": -30.0},
    ],
}


@fact("The worked example of step scaling: 10, 11, 14, 13, 10", source=STEPPING)
def test_the_documented_steps_come_out_exactly():
    run = metered([50, 60, 70, 40, 30, 50], desired_capacity=10, step_policies=[OUT, IN])
    assert sizes(run) == [11, 14, 13, 10]


@fact("Above the threshold a step holds its lower bound, and not its upper one", source=STEPPING)
@pytest.mark.parametrize(("value", "size"), [(59.9, 10), (60, 11), (69.9, 11), (70, 13)])
def test_bounds_above_the_threshold(value, size):
    assert desired(metered([value], desired_capacity=10, step_policies=[OUT])) == size


@fact("Below the threshold a step holds its upper bound, and not its lower one", source=STEPPING)
@pytest.mark.parametrize(("value", "size"), [(40.1, 10), (40, 9), (30.1, 9), (30, 7)])
def test_bounds_below_the_threshold(value, size):
    assert desired(metered([value], desired_capacity=10, step_policies=[IN])) == size


@fact(
    "Instances that warm do not count: 10 warm of 11, another 10 % adds none, 30 % makes 13",
    source=STEPPING,
)
def test_adjustments_are_reckoned_from_what_is_warm():
    warm = {**OUT, "estimated_instance_warmup_s": 300}
    assert sizes(metered([60, 60], desired_capacity=10, step_policies=[warm])) == [11]
    assert sizes(metered([60, 70], desired_capacity=10, step_policies=[warm])) == [11, 13]


@fact("Scale-in is blocked while a scale-out warms", source=STEPPING)
def test_a_step_down_waits_for_what_warms():
    policies = [
        {**OUT, "estimated_instance_warmup_s": 300},
        {**IN, "estimated_instance_warmup_s": 300},
    ]
    run = metered([60] + [30] * 4, desired_capacity=10, step_policies=policies)
    assert desired(run) == 11
    assert "refused: 1 warming until" in kinds(run, "step_refused")[-1].text
    go(run, 180)
    assert desired(run) < 11


@fact(
    "A step policy acts each minute that its alarm lasts, without cooldown or lock", source=STEPPING
)
def test_a_step_policy_acts_every_minute():
    one = {**CUSTOM, "threshold": 50.0, "steps": [{"lower_bound": 0.0, "adjustment": 1.0}]}
    assert sizes(metered([60] * 4, desired_capacity=10, step_policies=[one])) == [11, 12, 13, 14]


@fact("Percentages round: 12.7 to 12, 0.67 to 1, -0.58 to -1, -6.67 to -6", source=STEPPING)
@pytest.mark.parametrize(
    ("percent", "size"), [(127.0, 22), (6.7, 11), (-5.8, 9), (-66.7, 4), (20.0, 12), (-20.0, 8)]
)
def test_percentages_round_as_documented(percent, size):
    policy = {
        **CUSTOM,
        "threshold": 50.0,
        "adjustment": percent,
        "adjustment_type": "percent_change_in_capacity",
    }
    assert desired(metered([60], desired_capacity=10, simple_policies=[policy])) == size


@fact("25 % of 4 is 1, but 2 with a minimum adjustment magnitude of 2", source=STEPPING)
@pytest.mark.parametrize(("least", "size"), [(0, 5), (1, 5), (2, 6), (3, 7)])
def test_a_percentage_has_a_minimum_magnitude(least, size):
    policy = {
        **CUSTOM,
        "threshold": 50.0,
        "adjustment_type": "percent_change_in_capacity",
        "min_adjustment_magnitude": least,
        "steps": [{"lower_bound": 0.0, "adjustment": 25.0}],
    }
    assert desired(metered([60], desired_capacity=4, step_policies=[policy])) == size


@fact("ExactCapacity sets the capacity", source=STEPPING)
@pytest.mark.parametrize(("now", "then"), [(2, 5), (5, 5), (9, 5)])
def test_an_exact_capacity_is_set(now, then):
    policy = {
        **CUSTOM,
        "threshold": 50.0,
        "adjustment_type": "exact_capacity",
        "steps": [{"lower_bound": 0.0, "adjustment": 5.0}],
    }
    assert desired(metered([60], desired_capacity=now, step_policies=[policy])) == then


@fact("Steps may not overlap or leave a gap", source=STEPPING)
def test_steps_that_overlap_or_leave_a_gap_are_refused():
    def with_steps(*bounds):
        steps = [{"lower_bound": lo, "upper_bound": hi} for lo, hi in bounds]
        return refused({"step_policies": [{**CUSTOM, "steps": steps}]})

    assert with_steps((0, 10), (10, None)) == ""
    assert "overlap between 9 and 10" in with_steps((0, 10), (9, None))
    assert "no step is for 10 to 11" in with_steps((0, 10), (11, None))
    assert "overlap" in with_steps((0, None), (10, None))


@fact("A step policy has at most 20 steps, a group at most 50 policies", source=QUOTAS)
def test_steps_and_policies_have_quotas():
    steps = [{"lower_bound": i, "upper_bound": i + 1} for i in range(21)]
    assert refused({"step_policies": [{**CUSTOM, "steps": steps[:20]}]}) == ""
    assert "20" in refused({"step_policies": [{**CUSTOM, "steps": steps}]})
    assert refused({"policies": [{}] * 25, "simple_policies": [{}] * 25}) == ""
    assert "50 policies" in refused({"policies": [{}] * 25, "simple_policies": [{}] * 26})


# ---------------------------------------------------------------- simple policies


ADD_ONE = {**CUSTOM, "threshold": 50.0, "adjustment": 1.0}


@fact("A policy without a cooldown of its own takes the group's, 300 s", source=COOLDOWNS)
def test_a_simple_policy_waits_out_the_cooldown_of_the_group():
    run = metered([60] * 20, desired_capacity=1, simple_policies=[ADD_ONE])
    times = [e.t_s for e in kinds(run, "scale_out")]
    cools = [e.t_s for e in kinds(run, "cooldown")]
    # done some seconds after it began, so that the sixth minute is the first beyond 300 s
    assert times[1] - times[0] == 360
    assert cools[0] + 240 < times[1] - 60 < cools[0] + 300 < times[1]
    shorter = metered(
        [60] * 20, desired_capacity=1, simple_policies=[ADD_ONE], default_cooldown_s=230
    )
    times = [e.t_s for e in kinds(shorter, "scale_out")]
    assert times[1] - times[0] == 240


@fact("A policy's own cooldown overrides the group's", source=COOLDOWNS)
@pytest.mark.parametrize(("cooldown", "apart"), [(0, 60), (100, 120), (119, 180), (600, 660)])
def test_a_policys_own_cooldown_counts(cooldown, apart):
    own = {**ADD_ONE, "cooldown_s": cooldown}
    run = metered([60] * 25, desired_capacity=1, simple_policies=[own])
    times = [e.t_s for e in kinds(run, "scale_out")]
    assert times[1] - times[0] == apart


@fact(
    "The cooldown begins when the last instance of the activity has finished launching",
    source=COOLDOWNS,
)
def test_the_cooldown_begins_when_the_last_instance_is_in_service():
    run = metered([60] * 20, desired_capacity=1, simple_policies=[ADD_ONE], app_start_s=100.0)
    launched = kinds(run, "launched")[0].t_s
    cools = kinds(run, "cooldown")[0]
    assert cools.t_s == kinds(run, "in_service")[0].t_s
    assert cools.t_s >= launched + 100
    assert "cooldown 300 s until 08:0" in cools.text


@fact(
    "While an activity or a cooldown runs, further alarms of simple policies are ignored",
    source=STEPPING,
)
def test_a_locked_simple_policy_says_what_it_waits_for():
    run = metered([60] * 8, desired_capacity=1, simple_policies=[ADD_ONE], app_start_s=100.0)
    texts = [e.text for e in kinds(run, "simple_refused")]
    assert "ignored: an activity runs, 1 pending" in texts[0]
    assert "ignored: cooldown until" in texts[1]


@fact(
    "A cooldown delays neither scheduled actions nor manual scaling, unless it is honored",
    source=COOLDOWNS,
)
def test_schedules_and_hands_need_not_wait():
    run = metered(
        [60] * 3,
        desired_capacity=1,
        simple_policies=[ADD_ONE],
        scheduled_actions=[{"start_time": "2026-01-05T08:02:30Z", "desired_capacity": 7}],
    )
    assert desired(run) == 7
    assert run.now("g")["cooldown_left_s"] > 100
    with pytest.raises(Exception, match="cooldown for"):
        run.control("g", "set_desired_capacity", {"value": 9, "honor_cooldown": True})
    run.control("g", "set_desired_capacity", {"value": 9})
    assert desired(go(run, 1)) == 9


@fact("A step policy does not wait for the cooldown of a simple one", source=COOLDOWNS)
def test_a_cooldown_holds_up_no_step_policy():
    step = {**CUSTOM, "threshold": 55.0, "steps": [{"lower_bound": 0.0, "adjustment": 1.0}]}
    run = metered([52, 60, 60], desired_capacity=1, simple_policies=[ADD_ONE], step_policies=[step])
    assert sizes(run) == [2, 3, 4]


def test_a_simple_policy_crawls_up_a_ramp_that_target_tracking_follows():
    ramp = [50.0 + 5.0 * i for i in range(60)]
    simple = metered(ramp, desired_capacity=4, simple_policies=[ADD_ONE])
    tracks = metered(ramp, desired_capacity=4, policies=[track(target_value=50.0)])
    assert desired(simple) <= 4 + 10  # one in six minutes
    assert desired(tracks) > 2 * desired(simple)


# ---------------------------------------------------------------- alarms that are shared


def test_two_groups_act_on_one_shared_alarm():
    shared = {"shared_alarm": {"node": "a", "metric": "alarm_state"}}
    group = {"min_size": 1, "max_size": 9, "metric_delay_s": 0.0}
    nodes = {
        "c": ("clients", {"rate_per_s": 60.0}),
        "s": ("external", {"servers": 100, "service_time_s": 0.01}),
        "a": (
            "alarm",
            {
                "metric": {"node": "s", "metric": "arrivals"},
                "threshold": 50.0,
                "metric_delay_s": 0.0,
            },
        ),
        "g": (
            "auto_scaling_group",
            {
                **group,
                "step_policies": [
                    {
                        **shared,
                        "steps": [
                            {"lower_bound": 0, "upper_bound": 5, "adjustment": 1},
                            {"lower_bound": 5, "adjustment": 3},
                        ],
                    }
                ],
            },
        ),
        "h": ("auto_scaling_group", {**group, "simple_policies": [{**shared, "adjustment": 2}]}),
    }
    run = simulate(nodes, ["c.out > s.in", "c.out > g.in", "c.out > h.in"], seconds=119)
    assert run.now("g")["desired_capacity"] == 1 + (60 / 3 > 50)  # a third each: no alarm
    nodes["c"][1]["rate_per_s"] = 180.0
    run = simulate(nodes, ["c.out > s.in", "c.out > g.in", "c.out > h.in"], seconds=125)
    assert run.now("a")["alarm_state"] == 1
    assert run.now("g")["desired_capacity"] >= 4
    assert run.now("h")["desired_capacity"] == 3
    assert "60 against threshold 50" in kinds(run, "scale_out")[0].text


# ---------------------------------------------------------------- scheduled actions


@fact("A recurrence is UTC unless a time zone is given", source=SCHEDULED)
@pytest.mark.parametrize(("zone", "hour"), [("UTC", 9), ("Europe/Berlin", 10)])
def test_a_schedule_follows_its_time_zone(zone, hour):
    action = {"recurrence": f"0 {hour} * * MON-FRI", "time_zone": zone, "desired_capacity": 5}
    run = metered([1.0], minutes=59.9, min_size=1, scheduled_actions=[action])  # from 08:00 UTC
    assert desired(run) == 1
    assert desired(go(run, 7)) == 5


@fact("Daylight saving time is followed", source=SCHEDULED)
def test_the_clocks_go_forward_and_the_schedule_with_them():
    from sandbox.services._cron import moment, occurrences

    first, last = moment("2026-03-27T00:00:00Z"), moment("2026-03-31T00:00:00Z")
    times = list(occurrences("0 9 * * *", "Europe/Berlin", first, last))
    assert [(t - first) / 3600 % 24 for t in times] == [8, 8, 7, 7]  # the 29th is the day


@fact(
    "An action sets any of minimum, maximum and desired; desired keeps within them",
    source=SCHEDULED,
)
@pytest.mark.parametrize(
    ("action", "after"),
    [
        ({"min_size": 6}, 6),
        ({"max_size": 2}, 2),
        ({"desired_capacity": 9}, 8),
        ({"desired_capacity": 9, "max_size": 9}, 9),
    ],
)
def test_what_an_action_sets(action, after):
    when = {"start_time": "2026-01-05T08:00:30Z"}
    run = metered(
        [1.0],
        minutes=0.45,
        min_size=1,
        max_size=8,
        desired_capacity=4,
        scheduled_actions=[{**when, **action}],
    )
    assert desired(run) == 4
    assert desired(go(run, 5)) == after


@fact("After its end time a recurrence is over", source=SCHEDULED)
def test_an_action_ends():
    action = {
        "recurrence": "*/10 * * * *",
        "end_time": "2026-01-05T08:25:00Z",
        "desired_capacity": 3,
    }
    run = metered([1.0], minutes=60, min_size=1, scheduled_actions=[action])
    assert [round(e.t_s / 60) for e in kinds(run, "scheduled")] == [0, 10, 20]


@fact("Two actions of a group for the same time are rejected", source=SCHEDULED)
def test_actions_that_collide_are_refused():
    at = {"recurrence": "0 9 * * *", "desired_capacity": 2}
    assert "are for the same time" in refused({"scheduled_actions": [at, {**at, "min_size": 1}]})
    later = {**at, "recurrence": "1 9 * * *"}
    assert refused({"scheduled_actions": [at, later]}) == ""


@pytest.mark.parametrize(
    ("action", "why"),
    [
        ({"recurrence": "0 9 * *"}, "five"),
        ({"recurrence": "61 * * * *"}, "0 to 59"),
        ({"time_zone": "Mars/Base"}, "no time zone"),
        ({"start_time": "tomorrow"}, "is no time"),
    ],
)
def test_an_action_that_cannot_be_read_is_refused_in_words(action, why):
    assert why in refused({"scheduled_actions": [action]})


# ---------------------------------------------------------------- predictive scaling


def predicts(history_days, seconds, rate=100.0, run=None, clients=None, **group):
    policy = {"mode": "forecast_and_scale", **group.pop("policy", {})}
    nodes = {
        "c": ("clients", {"rate_per_s": rate, **(clients or {})}),
        "g": (
            "auto_scaling_group",
            {"min_size": 2, "max_size": 20, "predictive_policies": [policy], **group},
        ),
    }
    scenario = {"history_days": history_days, "duration_s": 200_000.0, "tick_s": 10.0}
    return simulate(nodes, ["c.out > g.in"], seconds=seconds, **{**scenario, **(run or {})})


DAY = {"shape": "diurnal", "daily_swing": 0.8, "peak_hour": 14.0}


@fact("Predictive scaling needs 24 hours of history", source=PREDICTIVE)
def test_there_is_no_forecast_before_a_day_has_passed():
    run = predicts(0, 86_400)
    assert "0 h of history, 24 h are needed" in kinds(run, "forecast_refused")[0].text
    assert not kinds(run, "forecast")
    go(run, 20)
    assert kinds(run, "forecast")[0].t_s == 86_400
    assert "24 h of history" in kinds(predicts(1, 20), "forecast")[0].text


@fact("The forecast is refreshed every 6 hours", source=PREDICTIVE)
def test_the_forecast_is_refreshed_every_six_hours():
    times = [e.t_s for e in kinds(predicts(1, 44_000), "forecast")]
    assert times == [0, 21_600, 43_200]


@fact(
    "Capacity is raised at the hour less the buffer, 300 s by default",
    source=("EC2 Auto Scaling API: PredictiveScalingConfiguration"),
)
@pytest.mark.parametrize(
    ("buffer", "at"), [({}, 10490), ({"scheduling_buffer_time_s": 600}, 10190)]
)
def test_capacity_comes_before_the_hour(buffer, at):
    # from 11:00 on 164/s in the mean need 4 instances at 50 of 100/s each
    run = predicts(2, 11_000, clients=DAY, policy=buffer)
    rises = [e.t_s for e in kinds(run, "predicted")]
    assert rises == [0, at]
    assert "forecast from 11:00:00" in kinds(run, "predicted")[1].text
    assert desired(run) == 4


@fact("Predictive scaling never scales in", source=PREDICTIVE)
def test_a_forecast_takes_nothing_away():
    run = predicts(2, 68_000, clients=DAY)
    assert desired(run) == 4  # at the peak 180/s of 50/s each
    assert run.now("g")["capacity_forecast"] == 1  # at three in the night
    assert not kinds(run, "scale_in")


@fact(
    "Forecast only is the default mode",
    source=("EC2 Auto Scaling API: PredictiveScalingConfiguration"),
)
def test_a_policy_that_only_forecasts_changes_nothing():
    run = predicts(2, 20_000, clients=DAY, policy={"mode": "forecast_only"})
    assert desired(run) == 2
    assert run.now("g")["capacity_forecast"] == 4
    default = catalogue()["auto_scaling_group"].params.model_fields["predictive_policies"]
    assert default.annotation.__args__[0]().mode == "forecast_only"


@fact(
    "Forecast 50, maximum 40, buffer 10: the maximum becomes 55, and stays",
    source=("EC2 Auto Scaling API: PredictiveScalingConfiguration"),
)
def test_a_forecast_may_raise_the_maximum():
    size = {"min_size": 40, "max_size": 40}
    raises = {"max_capacity_breach_behavior": "increase_max_capacity", "max_capacity_buffer": 10}
    run = predicts(1, 20, rate=2500.0, policy=raises, **size)
    assert "for 50 instances; maximum raised 40 to 55" in kinds(run, "predicted")[0].text
    assert desired(run) == 50
    run = predicts(1, 20, rate=2500.0, **size)
    assert desired(run) == 40  # the maximum is honored by default
    assert "held at the maximum, 40" in kinds(run, "predicted")[0].text


@fact("Only one predictive policy of a group may scale", source=PREDICTIVE)
def test_two_predictive_policies_that_scale_are_refused():
    acts = {"mode": "forecast_and_scale"}
    assert "only one" in refused({"predictive_policies": [acts, acts]})
    assert refused({"predictive_policies": [acts, {}]}) == ""


@fact("Of several ways to scale the largest capacity wins", source=PREDICTIVE)
def test_dynamic_scaling_does_not_take_what_the_forecast_needs():
    policies = [{"target_value": 90.0}]
    run = predicts(2, 7000, rate=200.0, policies=policies, detailed_monitoring=True)
    assert desired(run) == 4  # 50 % is forecast; 90 % would need 3
    without = predicts(
        2,
        7000,
        rate=200.0,
        policies=policies,
        detailed_monitoring=True,
        desired_capacity=4,
        policy={"mode": "forecast_only"},
    )
    assert desired(without) == 3


# ---------------------------------------------------------------- scaling plans


def planned(strategy, link=None, **plan):
    nodes = {
        "c": ("clients", {"rate_per_s": 200.0}),
        "g": (
            "auto_scaling_group",
            {"min_size": 1, "max_size": 20, "desired_capacity": 4, "detailed_monitoring": True},
        ),
        "plan": ("scaling_plan", {"strategy": strategy, **plan}),
    }
    control = f"plan.resources > g.scaling {link or {}}"
    return simulate(nodes, ["c.out > g.in", control], seconds=2400)


@fact("A plan's strategies are 40 % for availability, 50 % balanced, 70 % for cost", source=PLANS)
@pytest.mark.parametrize(
    ("strategy", "size", "bound"),
    [("availability", 5, "40 %"), ("balanced", 4, ""), ("cost", 3, "63 %")],
)
def test_a_plan_makes_target_tracking_policies(strategy, size, bound):
    run = planned(strategy)  # 4 instances at 50 %
    assert desired(run) == size
    assert all(bound in e.text for e in kinds(run, "scale_out", "scale_in")[:1])
    assert run.now("plan")["planned_capacity"] == size


def test_a_resource_may_have_another_strategy_than_its_plan():
    assert desired(planned("cost", {"strategy": "availability"})) == 5
    assert desired(planned("cost", {"strategy": "custom", "target_value": 25.0})) == 8


@fact("A custom strategy proposes 50 %", source=PLANS)
def test_a_custom_strategy_begins_at_fifty_percent():
    assert planned("custom").now("plan") == planned("balanced").now("plan")
    assert catalogue().defaults("scaling_plan")["target_value"] == 50


@fact(
    "A plan's predictive scaling acts unless told otherwise, and raises the minimum",
    source=("AWS Auto Scaling user guide: How scaling plans work"),
)
def test_a_plan_scales_ahead_by_the_minimum():
    nodes = {
        "c": ("clients", {"rate_per_s": 200.0}),
        "g": ("auto_scaling_group", {"min_size": 1, "max_size": 20}),
        "plan": ("scaling_plan", {"predictive_scaling": True}),
    }
    links = ["c.out > g.in", "plan.resources > g.scaling"]
    run = simulate(nodes, links, seconds=90_000, history_days=2, tick_s=10.0, duration_s=90_000.0)
    assert run.program.places[run.program.index["g"]].s[0]["min_size"] == 4
    assert [e.t_s for e in kinds(run, "forecast")] == [0, 86_400]  # daily


def test_the_days_before_a_day_of_steps_were_like_it():
    steps = {"shape": "steps", "steps": [[0, 1.0], [7200, 3.0]]}
    run = predicts(1, 7200, rate=50.0, clients=steps, max_size=4)
    assert desired(run) == 3  # provided for before the load came


# ---------------------------------------------------------------- limits, and what is missing


@fact("A group has at most 125 scheduled actions", source=QUOTAS)
def test_scheduled_actions_have_a_quota():
    def actions(count):
        return [
            {"start_time": f"2026-01-06T{i // 60:02d}:{i % 60:02d}:00Z", "min_size": 1}
            for i in range(count)
        ]

    assert not refused({"scheduled_actions": actions(125)})
    assert "125" in refused({"scheduled_actions": actions(126)})


@fact(
    "Target tracking looks at periods of 10, 20, 30 or 60 s: three datapoints of it",
    source="EC2 Auto Scaling API: TargetTrackingMetricStat",
)
@pytest.mark.parametrize("period", [10, 20, 30, 60])
def test_three_periods_decide(period):
    policy = {
        "metric": "custom",
        "custom_metric": {**METER, "period_s": period},
        "target_value": 100.0,
    }
    run = metered([150.0], minutes=5, desired_capacity=10, policies=[policy])
    # windows slide by 10 s where they are shorter than a minute, so the first may be part of one
    assert 2 * period < kinds(run, "scale_out")[0].t_s + 1 <= 3 * period


@fact("Without data nothing is scaled, in or out", source=TRACKING)
def test_a_metric_that_is_missing_moves_nothing():
    gone = {"custom_metric": METER, "divide_by": {"node": "g", "metric": "pending"}}
    run = metered([1.0] * 30, desired_capacity=10, policies=[{**track(), **gone}])
    assert desired(run) == 10
    assert run.now("g")["alarm_low"] == 2  # insufficient data


def quiet(era):
    """A group behind a balancer that nobody calls for half an hour."""
    nodes = {
        "c": ("clients", {"rate_per_s": 1.0, "shape": "steps", "steps": [[0, 10], [120, 0]]}),
        "lb": ("elb", {}),
        "g": (
            "auto_scaling_group",
            {
                "min_size": 0,
                "max_size": 9,
                "desired_capacity": 4,
                "policies": [{"metric": "alb_request_count_per_target", "target_value": 155.0}],
            },
        ),
    }
    links = ["c.out > lb.in", "lb.targets > g.in"]
    return desired(simulate(nodes, links, seconds=2400, era=era, tick_s=10.0))


@fact(
    "In 2020 requests a target were zero without requests, so a group could reach 0; now missing",
    source=f"{TRACKING} (2020)",
)
@pytest.mark.parametrize(("era", "left"), [("2020", 0), ("current", 4)])
def test_a_group_that_nobody_calls_is_taken_down_only_in_2020(era, left):
    assert quiet(era) == left


@fact("Target tracking does not scale out when the metric is below its target", source=TRACKING)
def test_a_metric_that_falls_as_load_rises_never_adds():
    run = metered([90.0, 60.0, 30.0, 10.0], desired_capacity=3, policies=[track()])
    assert not kinds(run, "scale_out")


@fact("Step policies aggregate by the average unless told otherwise", source=API)
def test_the_average_is_the_default_statistic():
    fields = {
        p.name: p.default
        for p in catalogue()["auto_scaling_group"].parameters()
        if p.name in ("default_cooldown_s", "default_instance_warmup_s")
    }
    assert fields == {"default_cooldown_s": 300, "default_instance_warmup_s": None}
    step = {"metric": "asg_average_cpu_utilization", "threshold": 50.0}
    assert StepPolicy(**step).statistic == "average"


@fact(
    "Warm-up: the policy's own, else the group's default, else the default cooldown of 300 s",
    source="EC2 Auto Scaling user guide: Set the default instance warmup for an Auto Scaling group",
)
@pytest.mark.parametrize(
    ("own", "group", "cooldown", "seconds"),
    [(None, None, None, 300), (None, None, 200, 200), (None, 120, None, 120), (60, 120, None, 60)],
)
def test_where_a_warm_up_comes_from(own, group, cooldown, seconds):
    given = {} if own is None else {"estimated_instance_warmup_s": own}
    more = {} if group is None else {"default_instance_warmup_s": group}
    more |= {} if cooldown is None else {"default_cooldown_s": cooldown}
    boots = {"boot_median_s": 0.0, "app_start_s": 0.0, "metric_delay_s": 0.0}
    run = simulate(
        {
            "meter": meter([101.0]),
            "sink": ("external", {"servers": 1000, "service_time_s": 0.001}),
            "g": (
                "auto_scaling_group",
                {
                    "min_size": 1,
                    "max_size": 50,
                    "desired_capacity": 10,
                    "policies": [track(**given)],
                    **boots,
                    **more,
                },
            ),
        },
        ["meter.out > sink.in"],
        seconds=240,
    )
    assert kinds(run, "scale_out")[0].t_s == pytest.approx(180, abs=1)
    warm = 182 + seconds  # launched at the next tick
    left = warm - 240
    assert run.now("g")["warm_in_s"] == pytest.approx(max(0, left), abs=3)


@fact(
    "Aurora, ECS and Lambda may scale to 0",
    source="Application Auto Scaling API: RegisterScalableTarget",
)
def test_a_service_may_scale_to_none():
    action = {"start_time": "2026-01-05T08:00:30Z", "min_capacity": 0, "max_capacity": 0}
    nodes = {
        "s": (
            "ecs_service",
            {
                "desired_count": 3,
                "scaling": {"min_capacity": 0, "max_capacity": 5, "scheduled_actions": [action]},
            },
        ),
    }
    assert simulate(nodes, [], seconds=60).now("s")["desired_count"] == 0


@fact(
    "A plan forecasts and scales by default, 300 s ahead, within the maximum",
    source="AWS Auto Scaling API: ScalingInstruction",
)
def test_the_defaults_of_a_plan():
    known = catalogue().defaults("scaling_plan")
    assert known["predictive_mode"] == "forecast_and_scale"
    assert known["scheduled_action_buffer_time_s"] == 300
    assert known["max_capacity_behavior"] == "set_forecast_capacity_to_max_capacity"
    assert known["max_capacity_buffer"] == 10
    assert known["load_target_value"] == 1000
    for seconds, allowed in ((0, True), (3599, True), (3600, False)):
        wrong = catalogue().check_params(
            "scaling_plan", {"scheduled_action_buffer_time_s": seconds}
        )
        assert (not wrong) == allowed


# ---------------------------------------------------------------- the state machine, live


def test_the_alarms_of_a_policy_are_shown_with_their_datapoints_and_since_when():
    run = metered([101.0] * 2, desired_capacity=10, policies=[track()])
    now = run.now("g")
    assert (now["alarm_high"], now["breaching_high"], now["policy_datapoint"]) == (2, 2, 101)
    assert (now["alarm_high_threshold"], now["alarm_low_threshold"]) == (100, 90)
    reason = {r.metric: r for r in explain(go(run, 120), "g")}["alarm_high"]
    assert reason.agrees
    assert reason.value == 1
    assert [t.value for t in reason.terms][:2] == [3, 3]
    assert run.now("g")["alarm_high_for_s"] == pytest.approx(60)


def test_alarms_of_step_and_simple_policies_are_shown():
    run = metered(
        [60.0, 60.0, 40.0], minutes=2, desired_capacity=5, step_policies=[OUT],
        simple_policies=[ADD_ONE],
    )  # fmt: skip
    assert (run.now("g")["alarm_step"], run.now("g")["breaching_step"]) == (1, 1)
    assert run.now("g")["alarm_simple"] == 1
    assert go(run, 60).now("g")["alarm_step"] == 0


def test_the_grace_of_a_new_instance_runs_down():
    run = metered([1.0], minutes=1, min_size=1, health_check_grace_period_s=300)
    assert run.now("g")["grace_left_s"] == 0
    run.control("g", "set_desired_capacity", {"value": 2})
    assert go(run, 60).now("g")["grace_left_s"] == pytest.approx(240, abs=2)
    assert go(run, 100).now("g")["grace_left_s"] == pytest.approx(140, abs=2)
