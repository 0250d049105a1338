"""CloudWatch: buckets, statistics and periods of metrics, and alarms by M of N."""

import pytest

from sandbox.services import catalogue
from tests.conformance import fact
from tests.conformance.metered import kinds
from tests.simulation import diagram, go, simulate

ALARMS = "Amazon CloudWatch User Guide: Using Amazon CloudWatch alarms"
MISSING = "Amazon CloudWatch User Guide: Configuring how CloudWatch alarms treat missing data"
API = "Amazon CloudWatch API: PutMetricAlarm"
OK, ALARM, INSUFFICIENT = range(3)
TREATMENTS = ("missing", "ignore", "breaching", "not_breaching")
NOW = {"metric_delay_s": 0.0}


def watched(values, *alarms, minutes=None, service="elb", metric="arrivals", **scenario):
    """Alarms a0, a1 … on a balancer that gets one rate a minute; without traffic it sends none."""
    steps = [[60.0 * i, v] for i, v in enumerate(values)]
    nodes = {
        "c": ("clients", {"rate_per_s": 1.0, "shape": "steps", "steps": steps}),
        "it": (service, {}),
        "s": ("external", {"servers": 1000, "service_time_s": 0.001}),
    }
    for i, alarm in enumerate(alarms):
        of = {"node": "it", "metric": metric, **alarm.get("metric", {})}
        nodes[f"a{i}"] = ("alarm", {"threshold": 50.0, **NOW, **alarm, "metric": of})
    out = "targets" if service == "elb" else "out"
    seconds = 60.0 * (len(values) if minutes is None else minutes)
    return simulate(nodes, ["c.out > it.in", f"it.{out} > s.in"], seconds=seconds, **scenario)


def state(run, node="a0"):
    return run.now(node)["alarm_state"]


TABLE = {
    (3, "0-X-X"): (OK, OK, OK, OK),
    (3, "0----"): (OK, OK, OK, OK),
    (3, "-----"): (INSUFFICIENT, INSUFFICIENT, ALARM, OK),
    (3, "0XX-X"): (ALARM, ALARM, ALARM, ALARM),
    (3, "--X--"): (ALARM, INSUFFICIENT, ALARM, OK),
    (2, "0-X-X"): (ALARM, ALARM, ALARM, ALARM),
    (2, "00X0X"): (ALARM, ALARM, ALARM, ALARM),
    (2, "0-X--"): (OK, OK, ALARM, OK),
    (2, "----0"): (OK, OK, ALARM, OK),
    (2, "---X-"): (ALARM, INSUFFICIENT, ALARM, OK),
}


@fact("The tables of missing data, for 3 of 3 and 2 of 3 datapoints", source=MISSING)
@pytest.mark.parametrize(("to_alarm", "points"), TABLE)
def test_the_tables_of_missing_data_hold(to_alarm, points):
    values = [{"0": 10.0, "X": 90.0, "-": 0.0}[x] for x in points]
    alarms = [
        {"evaluation_periods": 3, "datapoints_to_alarm": to_alarm, "treat_missing_data": t}
        for t in TREATMENTS
    ]
    run = watched(values, *alarms)
    # where the state is kept it is the first one: nothing before had decided any
    assert tuple(state(run, f"a{i}") for i in range(4)) == TABLE[to_alarm, points]


@fact("An alarm begins in INSUFFICIENT_DATA", source=ALARMS)
def test_an_alarm_begins_without_data():
    run = watched([90.0, 90.0], {}, minutes=0.9)
    assert state(run) == INSUFFICIENT
    assert state(go(run, 10)) == ALARM


@fact("ALARM when M of the newest N datapoints breach, not necessarily in a row", source=ALARMS)
@pytest.mark.parametrize(("values", "found"), [([90, 10, 90, 10], OK), ([90, 10, 90, 90], ALARM)])
def test_m_of_n_need_not_be_in_a_row(values, found):
    run = watched(values, {"evaluation_periods": 4, "datapoints_to_alarm": 3})
    assert state(run) == found


@fact("Without M an alarm needs all N", source=API)
@pytest.mark.parametrize(("values", "found"), [([90, 10, 90], OK), ([90, 90, 90], ALARM)])
def test_all_of_n_unless_told_otherwise(values, found):
    assert state(watched(values, {"evaluation_periods": 3})) == found


@fact("Each comparison breaches on its own side of the threshold", source=API)
@pytest.mark.parametrize(
    ("comparison", "breaching"),
    [
        ("greater_than_threshold", [50.1]),
        ("greater_than_or_equal_to_threshold", [50, 50.1]),
        ("less_than_threshold", [49.9]),
        ("less_than_or_equal_to_threshold", [49.9, 50]),
    ],
)
def test_comparisons_at_the_threshold(comparison, breaching):
    for value in (49.9, 50, 50.1):
        run = watched([value], {"comparison": comparison})
        assert (state(run) == ALARM) == (value in breaching)


@fact("A period of five minutes is evaluated every minute over a sliding window", source=ALARMS)
def test_five_minutes_slide_by_a_minute():
    alarm = {"metric": {"period_s": 300}}
    # 0, 0, 0, 125, 125: a mean of 50 in the fifth minute; half a minute of a sixth changes nothing
    values = [1e-9, 1e-9, 1e-9, 125.0, 125.0, 125.0]
    run = watched(values, alarm, minutes=4.9)
    assert state(run) != ALARM
    assert state(go(run, 6.0)) == ALARM
    run = watched([1e-9, 1e-9, 1e-9, 1e-9, 125.0, 125.0, 1e-9], alarm, minutes=5)
    assert state(run) == OK
    assert state(go(run, 60.0)) == ALARM


@fact("The sum of a rate over a period is a count", source="Amazon CloudWatch concepts: Statistics")
@pytest.mark.parametrize(("threshold", "found"), [(3000.0, ALARM), (3000.1, OK)])
def test_a_sum_counts_requests(threshold, found):
    run = watched([50.0], {"metric": {"statistic": "sum"}, "threshold": threshold})
    assert state(run) == found


@fact(
    "Minimum and maximum look at the samples of a period",
    source="Amazon CloudWatch concepts: Statistics",
)
def test_the_extremes_of_a_period():
    nodes = {
        "c": (
            "clients",
            {"rate_per_s": 1.0, "shape": "steps", "steps": [[0, 10], [30, 90], [31, 10]]},
        ),
        "s": ("external", {"servers": 1000, "service_time_s": 0.001}),
        **{
            name: (
                "alarm",
                {
                    "threshold": 50.0,
                    **NOW,
                    "metric": {"node": "s", "metric": "arrivals", "statistic": name},
                },
            )
            for name in ("maximum", "minimum", "average")
        },
    }
    run = simulate(nodes, ["c.out > s.in"], seconds=60)
    assert [state(run, n) for n in ("maximum", "minimum", "average")] == [ALARM, OK, OK]
    assert run.now("maximum")["value"] == 90


@fact("Metrics of high resolution are evaluated every 10 s", source=ALARMS)
def test_ten_seconds_are_enough_at_high_resolution():
    run = watched([90.0], {"metric": {"period_s": 10}}, {}, minutes=10 / 60)
    assert (state(run, "a0"), state(run, "a1")) == (ALARM, INSUFFICIENT)
    fine, standard = (run.now(n)["cost_per_hour"] * 730 for n in ("a0", "a1"))
    assert (fine, standard) == (pytest.approx(0.30), pytest.approx(0.10))


@fact("A period is 10, 20 or 30 s, or a multiple of 60 s", source=API)
@pytest.mark.parametrize(
    ("period", "allowed"),
    [(10, True), (20, True), (30, True), (60, True), (120, True), (40, False), (61, False)],
)
def test_periods(period, allowed):
    params = {"metric": {"node": "x", "metric": "arrivals", "period_s": period}}
    assert (not catalogue().check_params("alarm", params)) == allowed


@fact("Evaluation periods times period is a day at most", source=API)
@pytest.mark.parametrize(
    ("period", "periods", "allowed"),
    [(300, 288, True), (300, 289, False), (10, 1440, True), (10, 1441, False)],
)
def test_an_alarm_looks_back_a_day_at_most(period, periods, allowed):
    params = {
        "metric": {"node": "x", "metric": "arrivals", "period_s": period},
        "evaluation_periods": periods,
    }
    assert (not catalogue().check_params("alarm", params)) == allowed


@fact(
    "Balancers send metrics only while requests flow",
    source=(
        "Elastic Load Balancing User Guide: CloudWatch metrics for your Application Load Balancer"
    ),
)
def test_a_balancer_without_traffic_has_no_datapoints():
    quiet = {"comparison": "less_than_threshold"}
    assert state(watched([0.0] * 5, quiet)) == INSUFFICIENT
    assert state(watched([1.0] * 5, quiet)) == ALARM


@fact("Alarms on DynamoDB metrics ignore missing data, whatever they are set to", source=MISSING)
def test_alarms_on_tables_ignore_missing_data():
    assert catalogue()["dynamodb"].ignores_missing
    assert not catalogue()["elb"].ignores_missing


@fact(
    "CPU datapoints come every five minutes, every minute with detailed monitoring",
    source="EC2 User Guide: Enable or turn off detailed monitoring for your instances",
)
@pytest.mark.parametrize(("detailed", "first_s"), [(True, 60), (False, 300)])
def test_basic_monitoring_has_a_datapoint_every_five_minutes(detailed, first_s):
    nodes = {
        "c": ("clients", {"rate_per_s": 60.0}),
        "g": ("auto_scaling_group", {"detailed_monitoring": detailed}),
        "a": (
            "alarm",
            {"threshold": 50.0, **NOW, "metric": {"node": "g", "metric": "cpu_utilization"}},
        ),
    }
    run = simulate(nodes, ["c.out > g.in"], seconds=first_s - 1)
    assert state(run, "a") == INSUFFICIENT
    assert state(go(run, 1), "a") == ALARM
    assert run.now("a")["value"] == pytest.approx(60, rel=1e-3)


def test_a_datapoint_arrives_as_late_as_it_is_told():
    for delay, minute in ((0.0, 1), (60.0, 2), (61.0, 3)):
        run = watched([90.0] * 4, {"metric_delay_s": delay}, minutes=minute - 0.02)
        assert state(run) == INSUFFICIENT
        assert state(go(run, 2)) == ALARM


def test_an_alarm_may_be_on_one_metric_divided_by_another():
    share = {"divide_by": {"node": "c", "metric": "offered"}, "threshold": 1.0}
    run = watched([90.0], share)
    assert (state(run), run.now("a0")["value"]) == (ALARM, 1.0)


def test_a_change_of_state_is_told_once_with_its_numbers():
    run = watched([10, 90, 90, 90, 10, 10], {"evaluation_periods": 2})
    assert [e.kind for e in kinds(run, "alarm", "alarm_ok", node="a0")] == [
        "alarm_ok",
        "alarm",
        "alarm_ok",
    ]
    text = kinds(run, "alarm", node="a0")[0].text
    assert text == "ALARM: 2 of 2 datapoints breach (newest 90, threshold 50, 2 needed)"


# ---------------------------------------------------------------- references


def test_a_reference_follows_the_node_it_names():
    from sandbox.document import edits

    doc = diagram(
        {"q": ("sqs", {}), "a": ("alarm", {"metric": {"node": "q", "metric": "visible"}})}, []
    )
    doc.apply(edits.rename_id(doc, "q", "orders"))
    assert doc.nodes["a"].params["metric"]["node"] == "orders"


@pytest.mark.parametrize(
    ("reference", "words", "remedy"),
    [
        (
            {"node": "gone", "metric": "visible"},
            "'gone', which does not exist",
            "Choose another node",
        ),
        ({"node": "q", "metric": "visibel"}, "'visibel' of q", "Watch visible"),
        ({"node": "q", "metric": "latency_p95"}, "'latency_p95' of q", "Watch latency_mean"),
    ],
)
def test_a_reference_to_nothing_is_a_problem_in_words_and_does_not_run(reference, words, remedy):
    from sandbox.document.problems import problems
    from sandbox.engine import Run
    from sandbox.engine.errors import EngineError

    doc = diagram({"q": ("sqs", {}), "a": ("alarm", {"metric": reference})}, [])
    (problem,) = [p for p in problems(doc, catalogue()) if p.parameter == "metric"]
    assert words in problem.text
    assert remedy in problem.remedy
    with pytest.raises(EngineError, match="node 'a'"):
        Run(doc, catalogue())


def test_a_watched_metric_is_in_a_snapshot_and_survives_an_edit():
    run = watched([90.0] * 3, {"evaluation_periods": 3}, minutes=2)
    before = run.snapshot()
    go(run, 60)
    assert state(run) == ALARM
    run.restore(before)
    assert state(run) == INSUFFICIENT
    edited = run.program.schedule.document
    from sandbox.document import edits

    edited.apply(edits.set_params(edited, {"s": {"servers": 500}}))
    edited.apply(edits.place(edited, "sqs", 0, 0))
    run.edit(edited)
    assert state(go(run, 60)) == ALARM
