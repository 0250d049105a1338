"""Alarms do what the tables of the CloudWatch User Guide say."""

import math

import numpy as np
import pytest

from sandbox.kernels import alarm

TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
STATES = {"OK": alarm.OK, "ALARM": alarm.ALARM, "INSUFFICIENT": alarm.INSUFFICIENT_DATA}

# Data points, newest last: X breaches, 0 does not, - is missing; then the state for each treatment.
THREE_OF_THREE = {
    "0-X-X": ("OK", "OK", "OK", "OK"),
    "0----": ("OK", "OK", "OK", "OK"),
    "-----": ("INSUFFICIENT", "keep", "ALARM", "OK"),
    "0XX-X": ("ALARM", "ALARM", "ALARM", "ALARM"),
    "--X--": ("ALARM", "keep", "ALARM", "OK"),
}
TWO_OF_THREE = {
    "0-X-X": ("ALARM", "ALARM", "ALARM", "ALARM"),
    "00X0X": ("ALARM", "ALARM", "ALARM", "ALARM"),
    "0-X--": ("OK", "OK", "ALARM", "OK"),
    "----0": ("OK", "OK", "ALARM", "OK"),
    "---X-": ("ALARM", "keep", "ALARM", "OK"),
}
TABLE = [
    (to_alarm, points, treatment, state)
    for to_alarm, rows in ((3, THREE_OF_THREE), (2, TWO_OF_THREE))
    for points, states in rows.items()
    for treatment, state in zip(TREATMENTS, states, strict=True)
]


def closed(points, size=16, buckets_each=1):
    ring = np.zeros(size, alarm.BUCKET).view(np.recarray)
    bucket = np.zeros(1, alarm.BUCKET).view(np.recarray)[0]
    newest = size - 1
    for point in points:
        for _ in range(buckets_each):
            if point != "-":
                alarm.observe(bucket, 90.0 if point == "X" else 10.0)
            newest = alarm.close(ring, newest, bucket)
    return ring, newest


def state_after(points, to_alarm, periods, treatment, before=alarm.OK, span=1):
    ring, newest = closed(points, size=64, buckets_each=span)
    code = alarm.TREATMENTS.index(treatment)
    fetched = np.array(
        [alarm.value_of(ring, newest, k, span, alarm.AVERAGE) for k in range(periods + alarm.MORE)]
    )
    return alarm.evaluate(fetched, alarm.GREATER, 50.0, to_alarm, periods, code, before)


@pytest.mark.parametrize(("to_alarm", "points", "treatment", "state"), TABLE)
def test_the_table_of_missing_data_holds(to_alarm, points, treatment, state):
    for before in STATES.values():
        expected = before if state == "keep" else STATES[state]
        assert state_after(points, to_alarm, 3, treatment, before) == expected
        assert state_after(points, to_alarm, 3, treatment, before, span=5) == expected


def test_two_of_three_need_not_be_in_a_row():
    assert state_after("X0X", 2, 3, "missing") == alarm.ALARM
    assert state_after("X00X", 2, 3, "missing") == alarm.OK


def test_one_fresh_breach_after_nothing_decides_nothing():
    for before in STATES.values():
        assert state_after("----X", 3, 3, "missing", before) == before


def test_a_five_minute_period_is_the_average_of_its_last_five_minutes():
    ring, newest = closed("000XX")
    assert alarm.value_of(ring, newest, 0, 5, alarm.AVERAGE) == pytest.approx(42.0)
    assert math.isnan(alarm.value_of(ring, newest, 1, 5, alarm.AVERAGE))
    newest = alarm.close(ring, newest, full(90.0))
    assert alarm.value_of(ring, newest, 0, 5, alarm.AVERAGE) == pytest.approx(58.0)


def full(value):
    bucket = np.zeros(1, alarm.BUCKET).view(np.recarray)[0]
    alarm.observe(bucket, value)
    return bucket


def test_a_bucket_knows_its_five_statistics_and_closes_empty():
    ring = np.zeros(4, alarm.BUCKET).view(np.recarray)
    bucket = full(-3.0)
    alarm.observe(bucket, 5.0, 3.0)
    alarm.observe(bucket, 99.0, 0.0)
    newest = alarm.close(ring, 3, bucket)
    assert newest == 0
    got = [alarm.value_of(ring, newest, 0, 1, statistic) for statistic in range(5)]
    assert got == [3.0, 12.0, -3.0, 5.0, 4.0]
    newest = alarm.close(ring, newest, bucket)
    assert math.isnan(alarm.value_of(ring, newest, 0, 1, alarm.SUM))


def test_a_value_at_the_threshold_breaches_only_if_equal_counts():
    at = [alarm.breaches(50.0, comparison, 50.0) for comparison in range(4)]
    assert at == [False, True, False, True]
    assert alarm.breaches(49.0, alarm.LESS, 50.0)
    assert not alarm.breaches(49.0, alarm.GREATER, 50.0)


def test_target_tracking_asks_for_enough_and_rounding_adds_nothing():
    assert alarm.target_tracking(10, 60.0, 50.0) == 12
    assert alarm.target_tracking(10, 61.0, 50.0) == 13
    assert alarm.target_tracking(4, 25.0, 50.0) == 2
    assert alarm.target_tracking(3, 0.1 + 0.2, 0.3) == 3  # 3.0000000000000004
    assert alarm.target_tracking(7, 0.0, 50.0) == 0
