"""DynamoDB: units, partitions, bursts, previous peaks, hot keys, latency and cost."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.engine import Run
from sandbox.engine.errors import EngineError
from sandbox.engine.why import bars, bill, explain
from sandbox.services import catalogue
from tests.simulation import diagram, go, simulate


def table(
    rate: float = 0.0,
    write: float = 1.0,
    *,
    seconds: float = 60,
    cv2: float = 0.0,
    shape: dict[str, Any] | None = None,
    scenario: dict[str, Any] | None = None,
    **params: Any,
) -> Run:
    """One client and a table with plenty of capacity in few partitions unless told otherwise."""
    clients = {"rate_per_s": rate, "write_fraction": write, "arrival_cv2": cv2, **(shape or {})}
    plenty = {"read_capacity_units": 1500, "write_capacity_units": 500, **params}
    nodes = {"c": ("clients", clients), "d": ("dynamodb", plenty)}
    return simulate(nodes, ["c.out > d.in"], seconds=seconds, **(scenario or {}))


def lost(run: Run, cause: str) -> float:
    return run.losses("d")[cause][1]


# ---------------------------------------------------------------- units


@pytest.mark.parametrize(("kb", "units"), [(0.1, 1), (3.9, 1), (4.0, 1), (4.1, 2), (8.1, 3)])
@pytest.mark.parametrize(
    ("consistency", "factor"), [("eventual", 0.5), ("strong", 1), ("transactional", 2)]
)
def test_a_read_takes_a_unit_for_each_4_kb_rounded_up(
    kb: float, units: int, consistency: str, factor: float
) -> None:
    run = table(10, 0.0, seconds=1, item_kb=kb, consistency=consistency)
    assert run.now("d")["consumed_read_capacity"] == pytest.approx(10 * units * factor)
    assert run.now("d")["consumed_write_capacity"] == 0


@pytest.mark.parametrize(("kb", "units"), [(0.1, 1), (1.0, 1), (1.1, 2), (9.5, 10)])
@pytest.mark.parametrize(
    ("consistency", "factor"), [("eventual", 1), ("strong", 1), ("transactional", 2)]
)
def test_a_write_takes_a_unit_for_each_kb_rounded_up(
    kb: float, units: int, consistency: str, factor: float
) -> None:
    run = table(10, 1.0, seconds=1, item_kb=kb, consistency=consistency)
    assert run.now("d")["consumed_write_capacity"] == pytest.approx(10 * units * factor)


def test_without_a_size_of_its_own_an_item_is_as_large_as_the_request() -> None:
    run = table(10, 1.0, seconds=1, item_kb=None, shape={"payload_kb": 2.5})
    assert run.now("d")["consumed_write_capacity"] == pytest.approx(30)


@pytest.mark.parametrize(("kb", "refused"), [(399, 0), (400, 0), (401, 1)])
def test_an_item_of_more_than_400_kb_is_refused(kb: float, refused: float) -> None:
    run = table(2, 0.5, seconds=1, item_kb=kb)
    assert lost(run, "item_too_large") == pytest.approx(refused)
    assert run.now("d")["rejected"] == pytest.approx(refused)


# ---------------------------------------------------------------- partitions


@pytest.mark.parametrize(
    ("reads", "writes", "gb", "partitions"),
    [
        (1000, 500, 1, 1),
        (1000, 1000, 1, 2),
        (5000, 2000, 1, 4),
        (2997, 1, 1, 1),
        (2998, 1, 1, 2),
        (1500, 500, 1, 1),
        (1500, 501, 1, 2),
        (100, 100, 80, 8),
        (100, 100, 80.1, 9),
    ],
)
def test_a_table_has_the_partitions_of_its_capacity_or_its_size_whichever_is_more(
    reads: int, writes: int, gb: float, partitions: int
) -> None:
    run = table(seconds=1, read_capacity_units=reads, write_capacity_units=writes, storage_gb=gb)
    assert run.now("d")["instances"] == run.now("d")["partitions"] == partitions


@pytest.mark.parametrize(("rate", "over"), [(999, 0), (1000, 0), (1001, 1), (1500, 500)])
def test_one_key_takes_a_thousand_writes_a_second_whatever_the_table_has(
    rate: float, over: float
) -> None:
    run = table(rate, 1.0, write_capacity_units=4000, key_count=1)
    assert run.now("d")["write_throttles"] == pytest.approx(over, abs=1e-6)
    assert lost(run, "partition") == pytest.approx(60 * over, abs=1e-4)
    assert lost(run, "table_write") == 0


@pytest.mark.parametrize(("rate", "over"), [(2999, 0), (3000, 0), (3001, 1)])
def test_one_key_takes_three_thousand_strong_reads_a_second(rate: float, over: float) -> None:
    run = table(rate, 0.0, read_capacity_units=12_000, key_count=1, consistency="strong")
    assert run.now("d")["read_throttles"] == pytest.approx(over, abs=1e-6)


def test_a_hot_key_throttles_though_the_table_has_room() -> None:
    # half of 3,000 writes and a sixteenth of the others for a partition that takes 1,000
    run = table(3000, 1.0, write_capacity_units=15_999, read_capacity_units=1, hot_key_share=0.5)
    now = run.now("d")
    assert now["utilization"] < 0.2
    assert now["write_throttles"] == pytest.approx(1500 + 1500 / 16 - 1000, abs=10)
    assert any(e.kind == "hot_partition" and ": 53." in e.text for e in run.events)


def test_a_busy_partition_may_use_what_the_others_leave() -> None:
    """AWS's example: 400 units over four partitions, three asked for 50 and one for 150."""
    run = table(
        300,
        1.0,
        write_capacity_units=400,
        read_capacity_units=1,
        storage_gb=40,
        hot_key_share=1 / 3,
    )
    assert run.now("d")["partitions"] == 4
    assert run.now("d")["throttled"] == 0


def test_capacity_that_partitions_cannot_carry_doubles_them() -> None:
    run = table(10, seconds=1, read_capacity_units=5000, write_capacity_units=2000)
    assert run.now("d")["partitions"] == 4
    run.control("d", "update_table", {"read_capacity_units": 8000, "write_capacity_units": 2000})
    go(run, 120)
    assert run.now("d")["partitions"] == 4
    go(run, 1)
    assert run.now("d")["partitions"] == 8
    assert [e.text for e in run.events if e.kind == "partitions_split"]


def test_partitions_never_merge() -> None:
    run = table(10, seconds=1, read_capacity_units=5000, write_capacity_units=2000)
    run.control("d", "update_table", {"read_capacity_units": 10, "write_capacity_units": 10})
    assert go(run, 200).now("d")["partitions"] == 4


def test_a_key_can_be_made_hot_during_a_run() -> None:
    run = table(1500, 1.0, write_capacity_units=4000, read_capacity_units=1)
    assert run.now("d")["throttled"] == 0
    run.control("d", "hot_key", {"share": 1.0})
    assert go(run, 10).now("d")["write_throttles"] == pytest.approx(500)


# ---------------------------------------------------------------- provisioned capacity and bursts


@pytest.mark.parametrize(("rate", "over"), [(99, 0), (100, 0), (101, 1), (200, 100)])
def test_without_savings_a_table_serves_its_capacity(rate: float, over: float) -> None:
    run = table(rate, 1.0, write_capacity_units=100)
    assert run.now("d")["write_throttles"] == pytest.approx(over, abs=1e-6)
    assert lost(run, "table_write") == pytest.approx(60 * over, abs=1e-4)
    assert lost(run, "table_read") == 0


def test_reads_and_writes_have_capacity_of_their_own() -> None:
    run = table(400, 0.5, read_capacity_units=100, write_capacity_units=100, consistency="strong")
    assert run.now("d")["read_throttles"] == pytest.approx(100)
    assert run.now("d")["write_throttles"] == pytest.approx(100)
    assert run.now("d")["served"] == pytest.approx(200)


def test_random_arrivals_at_the_capacity_are_throttled_a_little() -> None:
    # Poisson without savings: the second above the capacity is throttled, the one below saves
    run = table(1000, 1.0, cv2=1.0, write_capacity_units=1000, seconds=600)
    assert 0 < run.now("d")["write_throttles"] < 12.6


def test_five_minutes_of_unused_capacity_are_saved_and_no_more() -> None:
    # 300 of 600 used for ten minutes: 300 x 600 = 180,000 saved; then 1,000/s lasts 450 s
    steps = {"shape": "steps", "steps": [[0, 0.3], [600, 1.0]]}
    run = table(
        1000, 1.0, write_capacity_units=600, read_capacity_units=1, shape=steps, seconds=600
    )
    assert run.now("d")["write_burst_balance"] == pytest.approx(1.0)
    go(run, 440)
    assert lost(run, "table_write") == 0
    assert run.now("d")["write_burst_balance"] == pytest.approx(10 / 450, abs=0.001)
    go(run, 20)
    assert run.now("d")["write_throttles"] == pytest.approx(400, abs=1)
    assert lost(run, "table_write") == pytest.approx(4000, rel=0.06)
    assert any(e.kind == "burst_used_up" for e in run.events)


@pytest.mark.parametrize(("idle_s", "saved"), [(299, 299 / 300), (300, 1), (301, 1), (900, 1)])
def test_a_table_is_full_of_savings_after_300_idle_seconds(idle_s: float, saved: float) -> None:
    run = table(0, seconds=idle_s)
    assert run.now("d")["write_burst_balance"] == pytest.approx(saved)
    assert run.now("d")["read_burst_balance"] == pytest.approx(saved)


def test_the_length_of_a_tick_changes_nothing_of_what_a_burst_carries() -> None:
    found = []
    for tick_s in (0.1, 1.0, 10.0):
        steps = {"shape": "steps", "steps": [[0, 0.0], [100, 1.0]]}
        run = table(
            300,
            1.0,
            write_capacity_units=100,
            shape=steps,
            seconds=300,
            scenario={"tick_s": tick_s},
        )
        found.append(lost(run, "table_write"))
    # 100 s x 100 saved last 50 s at 200/s over; 150 s x 200 are lost
    assert found == pytest.approx([30_000] * 3, rel=0.01)


# ---------------------------------------------------------------- changing the capacity


def test_new_capacity_takes_effect_after_minutes() -> None:
    run = table(200, 1.0, write_capacity_units=100, seconds=60)
    run.control("d", "update_table", {"read_capacity_units": 10, "write_capacity_units": 300})
    assert go(run, 119).now("d")["write_throttles"] == pytest.approx(100)
    assert go(run, 2).now("d")["write_throttles"] == 0
    assert run.now("d")["provisioned_write_capacity"] == 300


def test_four_decreases_a_day_then_one_an_hour() -> None:
    run = table(1, seconds=1, scenario={"start": "2026-01-05T00:00:00Z"})
    for n in range(4):
        new = {"read_capacity_units": 1000 - n, "write_capacity_units": 400}
        run.control("d", "update_table", new)
        go(run, 200)
    less = {"read_capacity_units": 900, "write_capacity_units": 400}
    with pytest.raises(EngineError, match="after 4 decreases"):
        run.control("d", "update_table", less)
    more = {"read_capacity_units": 1200, "write_capacity_units": 400}
    run.control("d", "update_table", more)  # increases are free
    go(run, 3400)  # the hour since the last decrease ends at 601 + 3,600
    assert run.t_s == 4201
    assert "decrease 5" in run.control("d", "update_table", less)


def test_a_new_day_brings_new_decreases() -> None:
    run = table(1, seconds=1, scenario={"start": "2026-01-05T23:45:00Z"})
    for n in range(4):
        new = {"read_capacity_units": 1000 - n, "write_capacity_units": 400}
        run.control("d", "update_table", new)
        go(run, 225)
    less = {"read_capacity_units": 900, "write_capacity_units": 400}
    assert "decrease 1 of the day" in run.control("d", "update_table", less)


def test_a_table_that_is_being_updated_cannot_be_updated() -> None:
    run = table(1, seconds=1)
    run.control("d", "update_table", {"read_capacity_units": 2000, "write_capacity_units": 600})
    with pytest.raises(EngineError, match="being updated until 121 s"):
        run.control("d", "update_table", {"read_capacity_units": 10, "write_capacity_units": 10})


def test_the_quota_of_a_table_is_forty_thousand_units() -> None:
    run = table(1, seconds=1, read_capacity_units=40_001, write_capacity_units=1)
    assert run.now("d")["read_limit"] == 40_000
    assert [e for e in run.events if e.kind == "quota"]
    with pytest.raises(EngineError, match="40,000"):
        run.control("d", "update_table", {"read_capacity_units": 40_001})


def test_capacity_edited_during_a_run_counts_at_once_and_keeps_the_savings() -> None:
    run = table(100, 1.0, write_capacity_units=200, seconds=60)
    nodes = {
        "c": ("clients", {"rate_per_s": 100, "write_fraction": 1.0, "arrival_cv2": 0.0}),
        "d": ("dynamodb", {"read_capacity_units": 1500, "write_capacity_units": 50}),
    }
    run.edit(diagram(nodes, ["c.out > d.in"]))
    go(run, 100)
    # 60 s x 100 saved carry 50/s for 120 s
    assert lost(run, "table_write") == 0
    assert go(run, 60).now("d")["write_throttles"] == pytest.approx(50)


# ---------------------------------------------------------------- on demand


@pytest.mark.parametrize(("rate", "over"), [(3999, 0), (4000, 0), (4010, 10)])
def test_a_new_table_on_demand_serves_four_thousand_writes_a_second(
    rate: float, over: float
) -> None:
    run = table(
        rate, 1.0, capacity_mode="on_demand", storage_gb=80, key_count=1_000_000, seconds=50
    )
    assert lost(run, "previous_peak") == pytest.approx(50 * over, abs=1e-3)
    assert lost(run, "table_write") == 0


def test_a_new_table_on_demand_serves_twelve_thousand_strong_reads_a_second() -> None:
    run = table(
        12_100, 0.0, capacity_mode="on_demand", storage_gb=80, consistency="strong", seconds=50
    )
    assert run.now("d")["read_limit"] == 12_000
    assert lost(run, "previous_peak") == pytest.approx(5000)


def test_the_ceiling_on_demand_doubles_once_in_thirty_minutes() -> None:
    # 10,000/s: 4,000 for a minute, 8,000 for 30 minutes, then all
    run = table(
        10_000, 1.0, capacity_mode="on_demand", storage_gb=640, key_count=1_000_000, seconds=60
    )
    assert run.now("d")["served"] == pytest.approx(4000)
    go(run, 1)
    assert run.now("d")["served"] == pytest.approx(8000)
    go(run, 1799)
    assert run.now("d")["served"] == pytest.approx(8000)
    go(run, 1)
    assert run.now("d")["served"] == pytest.approx(10_000)
    assert lost(run, "previous_peak") == pytest.approx(6000 * 60 + 2000 * 1800)
    assert [e.t_s for e in run.events if e.kind == "previous_peak"] == [59, 1859]


def test_a_load_that_doubles_slowly_is_never_throttled_on_demand() -> None:
    shape = {"shape": "ramp", "ramp_from": 1.0, "ramp_to": 2.0, "ramp_duration_s": 3600}
    run = table(3500, 1.0, capacity_mode="on_demand", storage_gb=640, shape=shape, seconds=3600)
    assert lost(run, "previous_peak") == 0
    assert run.now("d")["write_limit"] > 7000


def test_warm_throughput_serves_a_spike_at_once_but_not_in_2020() -> None:
    params = {"capacity_mode": "on_demand", "storage_gb": 640, "warm_write_units": 10_000}
    assert lost(table(10_000, 1.0, **params), "previous_peak") == 0
    old = table(10_000, 1.0, scenario={"era": "2020"}, **params)
    assert lost(old, "previous_peak") == pytest.approx(360_000)


def test_no_table_on_demand_grows_beyond_its_quota() -> None:
    run = table(
        100_000,
        1.0,
        capacity_mode="on_demand",
        storage_gb=2000,
        key_count=1_000_000,
        seconds=4 * 3600,
        scenario={"tick_s": 10.0},
    )
    assert run.now("d")["write_limit"] == 40_000
    assert run.now("d")["served"] == pytest.approx(40_000)


def test_partitions_follow_the_ceiling_on_demand() -> None:
    run = table(6000, 1.0, capacity_mode="on_demand", seconds=60)
    assert run.now("d")["partitions"] == 4
    go(run, 1)
    assert run.now("d")["partitions"] == 8


# ---------------------------------------------------------------- answers and cost


def test_reads_and_writes_take_single_digit_milliseconds() -> None:
    assert table(100, 0.0).now("c")["latency_mean"] == pytest.approx(0.0039)
    assert table(100, 1.0).now("c")["latency_mean"] == pytest.approx(0.0065)
    assert table(100, 0.5).now("c")["latency_mean"] == pytest.approx(0.0052)
    assert table(100, 1.0).now("c")["latency_p99"] == pytest.approx(0.015, rel=0.05)


def test_provisioned_capacity_costs_by_the_hour_used_or_not() -> None:
    run = table(0, read_capacity_units=100, write_capacity_units=100, storage_gb=0)
    assert run.now("d")["cost_per_hour"] == pytest.approx(0.013 + 0.065)


@pytest.mark.parametrize(("era", "factor"), [("current", 1), ("2020", 2)])
def test_requests_on_demand_cost_half_of_what_they_did(era: str, factor: int) -> None:
    run = table(
        1000,
        0.5,
        capacity_mode="on_demand",
        consistency="strong",
        storage_gb=73,
        scenario={"era": era},
    )
    # 1.8 million reads and as many writes an hour, and 73 GB at 0.25 a month of 730 h
    assert run.now("d")["cost_per_hour"] == pytest.approx(factor * 1.8 * (0.125 + 0.625) + 0.025)


def test_the_console_offers_on_demand_and_the_interface_provisioned() -> None:
    known = catalogue()
    assert known.console_defaults("dynamodb")["capacity_mode"] == "on_demand"
    assert known.defaults("dynamodb")["capacity_mode"] == "provisioned"


# ---------------------------------------------------------------- explanations


@pytest.mark.parametrize(
    "params",
    [
        {"storage_gb": 80.0},
        {"capacity_mode": "on_demand", "storage_gb": 25.0},
        {"indexes": [{"write_capacity_units": 50}], "new_item_share": 0.5},
        {"sort_key": "spread", "local_indexes": 2, "time_to_live_h": 24.0},
        {"adaptive_capacity": False, "storage_gb": 35.0, "key_skew": 1.0},
    ],
)
def test_its_numbers_and_its_bill_follow_from_its_rules(params: dict[str, Any]) -> None:
    run = table(300, 0.5, seconds=120, cv2=1.0, **params)
    for reason in explain(run, "d"):
        assert reason.agrees, reason
    total = sum(line.usd_per_hour for line in bill(run, "d"))
    assert total == pytest.approx(run.now("d")["cost_per_hour"], rel=1e-12)


def test_the_partitions_are_shown_as_arithmetic() -> None:
    run = table(10, seconds=1, read_capacity_units=5000, write_capacity_units=2000, storage_gb=55)
    found = {reason.metric: reason for reason in explain(run, "d")}
    by_capacity = [term.value for term in found["partitions_by_capacity"].terms]
    assert by_capacity == [5000, 3000, 2000, 1000, 0]
    assert found["partitions_by_capacity"].value == 4
    assert [term.value for term in found["partitions_by_size"].terms] == [55, 10]
    assert found["partitions_by_size"].value == 6
    assert found["partitions"].value == 6


def test_partitions_and_indexes_have_bars() -> None:
    run = table(
        1500,
        1.0,
        seconds=2,
        write_capacity_units=4000,
        hot_key_share=1.0,
        indexes=[{"write_capacity_units": 6000}],
    )
    partitions, indexes = bars(run, "d")
    assert max(bar.value for bar in partitions.bars) == pytest.approx(1.5)
    assert len(partitions.bars) == 5
    assert indexes.bars[0].value == pytest.approx(0.25)
    (only,) = bars(table(1, seconds=1), "d")
    assert only.title == "Partitions"


def test_both_terms_for_the_keys_are_in_the_window() -> None:
    titles = {p.name: p.title for p in catalogue()["dynamodb"].parameters()}
    assert "hash key" in titles["key_count"]
    assert "range key" in titles["sort_key"]


def test_indexes_added_during_a_run_keep_the_partitions() -> None:
    run = table(100, seconds=60, new_item_share=1.0)
    before = run.now("d")
    nodes = {
        "c": ("clients", {"rate_per_s": 100.0, "write_fraction": 1.0, "arrival_cv2": 0.0}),
        "d": (
            "dynamodb",
            {
                "read_capacity_units": 1500,
                "write_capacity_units": 500,
                "new_item_share": 1.0,
                "indexes": [{"write_capacity_units": 60}],
            },
        ),
    }
    run.edit(diagram(nodes, ["c.out > d.in"]))
    go(run, 10)
    now = run.now("d")
    assert now["write_throttles"] == pytest.approx(40)
    assert now["stored_gb"] > before["stored_gb"]
    assert now["partitions"] == before["partitions"]


def test_a_table_with_a_stream_keeps_its_backlog_when_it_splits() -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 20.0, "write_fraction": 1.0, "arrival_cv2": 0.0}),
        "d": ("dynamodb", {"read_capacity_units": 5000, "write_capacity_units": 2000}),
        "f": ("lambda_function", {"reserved_concurrency": 0}),
    }
    run = simulate(nodes, ["c.out > d.in", "d.stream > f.in"], seconds=100)
    run.control("d", "update_table", {"read_capacity_units": 8000, "write_capacity_units": 2000})
    go(run, 200)  # the balance of the stream is checked in every tick
    assert run.now("d")["partitions"] == 8
    # but for what the function was handed before it was known to take nothing
    assert run.now("d")["backlog"] == pytest.approx(20 * 300, rel=0.02)
