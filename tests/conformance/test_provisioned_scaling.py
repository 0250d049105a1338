"""Application Auto Scaling of provisioned concurrency and of Aurora's replicas; plans over both."""

import pytest

from sandbox.services import catalogue
from tests.conformance import fact
from tests.conformance.metered import kinds, meter
from tests.simulation import go, simulate

LAMBDA = "AWS Lambda Developer Guide: Configuring provisioned concurrency"
AURORA = "Amazon Aurora User Guide: Using Amazon Aurora Auto Scaling with Aurora replicas"
PLANS = "AWS Auto Scaling user guide: How scaling plans work"
NOW = {"metric_delay_s": 0.0}


def function(values, minutes=None, provisioned=100, policies=None, run=None, **given):
    """A function whose executions last 1 s, so that each value is so many at once, by minutes."""
    own = policies or {"target_tracking": [{"target_value": 70.0}]}
    target = {"min_capacity": 1, "max_capacity": 800, **NOW, **own}
    nodes = {
        "c": meter(values),
        "f": (
            "lambda_function",
            {
                "cpu_time_ms": 0.0,
                "wait_time_ms": 1000.0,
                "duration_cv2": 0.0,
                "timeout_s": 10,
                "provisioned_concurrency": provisioned,
                "provisioned_scaling": target,
                **given,
            },
        ),
    }
    seconds = 60.0 * (len(values) if minutes is None else minutes)
    return simulate(nodes, ["c.out > f.in"], seconds=seconds, **(run or {}))


def wanted(run):
    return run.now("f")["provisioned_target"]


@fact("The policy of a function scales out above its target, at 3 datapoints of 3", source=LAMBDA)
@pytest.mark.parametrize(
    ("values", "found"), [([71] * 2, 100), ([71] * 3, 102), ([70] * 5, 100), ([90] * 3, 129)]
)
def test_provisioned_concurrency_grows_after_three_minutes_above_the_target(values, found):
    assert wanted(function(values)) in (found, found - 1)  # some seconds have none under way yet


@fact("The policy of a function with target 70 % scales in below 63 %", source=LAMBDA)
@pytest.mark.parametrize(("rate", "found"), [(63.0, 100), (62.0, 89)])
def test_provisioned_concurrency_shrinks_below_nine_tenths_of_the_target(rate, found):
    assert wanted(function([rate] * 16)) == found


@fact("Its scale-in needs 15 datapoints of 15", source=LAMBDA)
def test_provisioned_concurrency_shrinks_after_fifteen_minutes():
    assert wanted(function([65.0] + [35.0] * 14)) == 100
    assert wanted(function([65.0] + [35.0] * 15)) == 50


@fact(
    "Utilisation is not published while nobody invokes the function, so it does not shrink",
    source="https://pesh.dev/posts/automatically-scaling-down-lambda-provisioned-concurrency",
)
def test_a_function_that_nobody_calls_keeps_what_is_provisioned():
    assert wanted(function([65.0] + [0.0] * 30)) == 100
    assert wanted(function([65.0] + [0.1] * 17)) == 1


@fact(
    "Lambda has no cooldown: each minute of the alarm scales anew",
    source=("AWS CDK: BaseTargetTrackingProps, scaleInCooldown and scaleOutCooldown"),
)
def test_each_minute_of_the_alarm_asks_for_more():
    run = function([71] * 4 + [200] * 6)
    assert len(kinds(run, "scale_out", node="f")) >= 2


@fact(
    "New environments of provisioned concurrency are ready after a minute or two",
    source=LAMBDA,
)
def test_what_is_asked_for_is_ready_later():
    run = function([90] * 3)
    assert wanted(run) in (128, 129)
    assert run.now("f")["provisioned_environments"] == 100
    assert go(run, 80).now("f")["provisioned_environments"] == 100
    assert go(run, 40).now("f")["provisioned_environments"] >= 128


@fact("Provisioned concurrency must leave 100 of the account's unreserved", source=LAMBDA)
def test_what_the_account_does_not_give_is_refused():
    run = function([100] * 5, account_concurrency=220)  # 143 are asked for, 120 there
    assert wanted(run) == 100
    assert "120" in kinds(run, "scale_out_refused", node="f")[-1].text
    assert wanted(function([100] * 5, account_concurrency=250)) > 140


def test_a_schedule_sets_the_provisioned_concurrency_ahead():
    action = {"start_time": "2026-01-05T08:01:00Z", "min_capacity": 300}
    assert wanted(function([1] * 2, policies={"scheduled_actions": [action]})) == 300


# ---------------------------------------------------------------- Aurora


def cluster(values, minutes=None, replicas=1, policies=None, link="", plan=None, **target):
    """An Aurora cluster whose readers' CPU, of two vCPUs each, takes 10 ms for a read."""
    own = policies or {"target_tracking": [{"target_value": 50.0}]}
    given = {"replica_scaling": {"min_capacity": 1, "max_capacity": 15, **NOW, **own, **target}}
    nodes = {
        "c": meter(values),
        "db": (
            "rds",
            {
                "engine": "aurora-mysql",
                "db_instance_class": "db.r5.large",
                "read_replicas": replicas,
                "read_cpu_ms": 10.0,
                **({} if plan else given),
            },
        ),
    }
    nodes["c"][1]["write_fraction"] = 0.0
    links = ["c.out > db.in"]
    if plan:
        nodes["plan"] = ("scaling_plan", plan)
        links.append("plan.resources > db.scaling")
    seconds = 60.0 * (len(values) if minutes is None else minutes)
    return simulate(nodes, links, seconds=seconds)


def replicas(run):
    return run.now("db")["desired_replicas"]


@fact("Aurora's replicas follow RDSReaderAverageCPUUtilization, at 3 of 3", source=AURORA)
@pytest.mark.parametrize(
    ("rates", "found"), [([102] * 2, 1), ([102] * 3, 2), ([99] * 5, 1), ([160] * 3, 2)]
)
def test_replicas_are_added_above_the_target(rates, found):
    run = cluster(rates)
    assert replicas(run) == found
    assert run.now("db")["replicas"] == 1  # a new one takes its time


@fact("Aurora scales only while all its replicas are available", source=AURORA)
def test_while_a_replica_is_created_no_other_is_asked_for():
    run = cluster([65] * 3 + [190] * 9, policies={"target_tracking": [{"target_value": 30.0}]})
    assert replicas(run) == 2
    assert len(kinds(run, "scale_out", node="db")) == 1
    assert "waits until all are" in kinds(run, "scaling_waits", node="db")[0].text
    go(run, 180)  # ten minutes after the decision
    assert run.now("db")["replicas"] == 2
    assert replicas(run) > 2


@fact("Aurora Auto Scaling only removes replicas that it created", source=AURORA)
def test_replicas_that_auto_scaling_did_not_create_stay():
    run = cluster([20] * 17, replicas=3)
    assert replicas(run) == 3
    assert "removes only its own" in kinds(run, "scale_in_refused", node="db")[-1].text
    run = cluster([102] * 4 + [60] * 12 + [20] * 17)
    assert replicas(run) == 1
    assert kinds(run, "replicas_created", node="db")


@fact("The cluster must start with at least one Aurora Replica; 15 at most", source=AURORA)
def test_what_aurora_refuses():
    def wrong(**given):
        return catalogue().check_params(
            "rds", {"engine": "aurora-mysql", "db_instance_class": "db.r5.large", **given}
        )

    target = {"min_capacity": 1, "max_capacity": 15}
    assert not wrong(read_replicas=1, replica_scaling=target)
    assert "first replica" in wrong(read_replicas=0, replica_scaling=target)[0][1]
    assert "at most 15" in wrong(read_replicas=1, replica_scaling={"max_capacity": 16})[0][1]
    assert wrong(engine="mysql", read_replicas=1, replica_scaling=target)


@fact("Aurora Auto Scaling keeps 15 replicas at most", source=AURORA)
@pytest.mark.parametrize(("least", "found"), [(14, 14), (15, 15), (16, 15)])
def test_a_schedule_gets_fifteen_replicas_at_most(least, found):
    action = {"start_time": "2026-01-05T08:01:00Z", "min_capacity": least, "max_capacity": 20}
    assert replicas(cluster([1] * 2, policies={"scheduled_actions": [action]})) == found


@fact("The cooldowns of Aurora's policies are 300 s unless given", source=AURORA)
def test_replicas_leave_five_minutes_apart():
    schedule = [
        {"start_time": "2026-01-05T08:00:30Z", "min_capacity": 6},
        {"start_time": "2026-01-05T08:01:30Z", "min_capacity": 1},
    ]
    tracking = {"target_tracking": [{"target_value": 50.0}], "scheduled_actions": schedule}
    run = cluster([120] * 27 + [60] * 8, policies=tracking)  # six at 10 %, then two at 15 %
    first, then = (e.t_s for e in kinds(run, "scale_in", node="db"))
    assert then - first == 300
    assert replicas(run) == 1


@fact(
    "A policy of Aurora's replicas scales in after 15 of 15 below 0.9 of its target", source=AURORA
)
@pytest.mark.parametrize(("rate", "times"), [(1345, [1559]), (1356, [])])  # 44.8 and 45.2 %
def test_replicas_leave_below_nine_tenths_of_the_target(rate, times):
    schedule = [
        {"start_time": "2026-01-05T08:00:30Z", "min_capacity": 15},
        {"start_time": "2026-01-05T08:20:30Z", "min_capacity": 1},
    ]
    tracking = {"target_tracking": [{"target_value": 50.0}], "scheduled_actions": schedule}
    run = cluster([rate] * 30, policies=tracking)
    assert [e.t_s for e in kinds(run, "replicas_created", node="db")] == [631]
    assert [e.t_s for e in kinds(run, "scale_in", node="db")] == times  # of minutes 11 to 25


# ---------------------------------------------------------------- plans over them


@fact("A scaling plan steers ECS services, tables and Aurora's replicas, too", source=PLANS)
def test_a_plan_adds_a_replica_of_aurora_and_answers_with_the_number():
    run = cluster([90] * 5, plan={"strategy": "availability"})  # 45 % is above 40 %
    assert replicas(run) == 2
    assert run.now("plan")["planned_capacity"] == 2
    assert replicas(cluster([90] * 5, plan={"strategy": "balanced"})) == 1


def service(plan, scaling=None, minutes=5):
    nodes = {
        "c": ("clients", {"rate_per_s": 90.0}),
        "s": (
            "ecs_service",
            {
                "desired_count": 4,
                "task_cpu_units": 1024,
                "task_memory_mib": 2048,
                "cpu_time_ms": 20.0,
                **({"scaling": scaling} if scaling else {}),
            },
        ),
        "plan": ("scaling_plan", plan),
    }
    return simulate(nodes, ["c.out > s.in", "plan.resources > s.scaling"], seconds=60.0 * minutes)


def test_a_plan_scales_a_service_beside_its_own_policies_or_instead():
    def tasks(*given, **more):
        return service(*given, **more).now("s")["desired_count"]

    assert tasks({"strategy": "availability"}) == 5  # 45 % of four is above 40 %
    assert tasks({"strategy": "balanced"}) == 4
    own = {"max_capacity": 9, **NOW, "target_tracking": [{"target_value": 20.0}]}
    assert tasks({"strategy": "cost"}, scaling=own) == 9
    assert tasks({"strategy": "cost", "replace_external_policies": True}, scaling=own) == 4


def test_a_plan_over_a_database_that_does_not_scale_says_so():
    nodes = {"db": ("rds", {}), "plan": ("scaling_plan", {})}
    run = simulate(nodes, ["plan.resources > db.scaling"], seconds=2)
    assert any("Aurora only" in e.text for e in run.events)
