"""What AWS says of DynamoDB, at its boundaries. Auto scaling: `test_application_auto_scaling`."""

from __future__ import annotations

import pytest

from sandbox.engine import Run
from sandbox.engine.errors import EngineError
from sandbox.services import catalogue
from tests.conformance import fact
from tests.conformance.metered import kinds
from tests.conformance.tables import lost, steps, table
from tests.simulation import diagram, go, simulate

UNITS = "DynamoDB Developer Guide: Read/write capacity mode"
LIMITS = "DynamoDB Developer Guide: Service, account, and table quotas"
FORMULA = "DynamoDB Developer Guide (2017): Partitions and data distribution"
DESIGN = "DynamoDB Developer Guide: Designing partition keys"
BURST = "DynamoDB Developer Guide: Burst and adaptive capacity"
ON_DEMAND = "DynamoDB Developer Guide: On-demand capacity mode"
SWITCHING = "DynamoDB Developer Guide: Considerations when switching capacity modes"
GLOBAL = "DynamoDB Developer Guide: Using global secondary indexes"
STREAMS = "DynamoDB Developer Guide: Change data capture for DynamoDB Streams"
TTL = "DynamoDB Developer Guide: Using time to live (TTL)"
SCALING = "DynamoDB Developer Guide: Managing throughput capacity with DynamoDB auto scaling"
SIZES = "DynamoDB Developer Guide: Item sizes and formats"
PRICING = "https://aws.amazon.com/dynamodb/pricing/"
MANY = {"key_count": 1_000_000, "storage_gb": 640.0}


# ---------------------------------------------------------------- units and items


@fact("A strongly consistent read takes a unit for each 4 KB, rounded up", source=UNITS)
@fact("An eventually consistent read takes half of that", source=UNITS)
@fact("A transactional read takes double", source=UNITS)
@pytest.mark.parametrize(("kb", "units"), [(3.99, 1), (4.0, 1), (4.01, 2), (8.0, 2), (8.01, 3)])
def test_read_units(kb: float, units: int) -> None:
    for consistency, factor in (("eventual", 0.5), ("strong", 1), ("transactional", 2)):
        run = table(10, 0.0, seconds=1, item_kb=kb, consistency=consistency)
        assert run.now("d")["consumed_read_capacity"] == pytest.approx(10 * units * factor)


@fact("A write takes a unit for each KB, rounded up", source=UNITS)
@fact("A transactional write takes two units for each KB", source=UNITS)
@pytest.mark.parametrize(("kb", "units"), [(0.99, 1), (1.0, 1), (1.01, 2), (2.0, 2), (2.01, 3)])
def test_write_units(kb: float, units: int) -> None:
    for consistency, factor in (("strong", 1), ("transactional", 2)):
        run = table(10, 1.0, seconds=1, item_kb=kb, consistency=consistency)
        assert run.now("d")["consumed_write_capacity"] == pytest.approx(10 * units * factor)


@fact("A read of a missing item takes 1 unit strong, 0.5 eventual", source=UNITS)
def test_reads_of_nothing_take_a_unit() -> None:
    # no item of 401 KB can have been written
    for consistency, units in (("eventual", 0.5), ("strong", 1)):
        run = table(10, 0.0, seconds=1, item_kb=401, consistency=consistency)
        assert run.now("d")["consumed_read_capacity"] == pytest.approx(10 * units)


@fact("An item may have 400 KB at most", source=LIMITS)
@pytest.mark.parametrize(("kb", "refused"), [(399, 0), (400, 0), (401, 2)])
def test_the_largest_item(kb: float, refused: float) -> None:
    run = table(2, 1.0, seconds=1, item_kb=kb)
    assert run.now("d")["rejected"] == pytest.approx(refused)
    assert lost(run, "item_too_large") == pytest.approx(refused)


@fact("100 bytes are stored beside each item", source=SIZES)
def test_what_an_item_stores() -> None:
    run = table(400, seconds=1000, new_item_share=1.0, storage_gb=0.0, scenario={"tick_s": 10.0})
    grown = 400_000 * (1024 + 100) / 1024**3
    assert run.now("d")["stored_gb"] == pytest.approx(grown, rel=1e-9)


# ---------------------------------------------------------------- partitions


@fact("Partitions of a new table: read units ÷ 3,000 + write units ÷ 1,000", source=FORMULA)
@fact("… or GB ÷ 10, whichever is more, rounded up", source=FORMULA)
@pytest.mark.parametrize(
    ("reads", "writes", "gb", "count"),
    [
        (1000, 500, 1, 1),
        (1000, 1000, 1, 2),
        (5000, 2000, 1, 4),
        (2997, 1, 1, 1),
        (2998, 1, 1, 2),
        (1500, 500, 1, 1),
        (1500, 501, 1, 2),
        (100, 100, 79.9, 8),
        (100, 100, 80, 8),
        (100, 100, 80.1, 9),
    ],
)
def test_the_partitions_of_a_new_table(reads: int, writes: int, gb: float, count: int) -> None:
    run = table(seconds=1, read_capacity_units=reads, write_capacity_units=writes, storage_gb=gb)
    now = run.now("d")
    assert now["partitions"] == count
    assert max(now["partitions_by_capacity"], now["partitions_by_size"]) == count


@fact("Partitions double when they cannot carry the new capacity: 4 carry 5,000 + 2,000, and 8 "
      "are made for 8,000 + 2,000", source=FORMULA)  # fmt: skip
@pytest.mark.parametrize(("reads", "count"), [(6000, 4), (6001, 8), (8000, 8)])
def test_partitions_double(reads: int, count: int) -> None:
    run = table(1, seconds=1, read_capacity_units=5000, write_capacity_units=2000)
    assert run.now("d")["partitions"] == 4
    units = {"read_capacity_units": reads, "write_capacity_units": 2000}
    run.control("d", "update_table", units)
    assert go(run, 121).now("d")["partitions"] == count


@fact("A partition that has 10 GB splits in two", source=FORMULA)
def test_a_full_partition_splits() -> None:
    # four items a second of 100 KB and 100 bytes fill the one partition
    item = (100 + 100 / 1024) / 1024**2
    run = table(
        4,
        seconds=0,
        item_kb=100.0,
        new_item_share=1.0,
        storage_gb=9.9,
        scenario={"tick_s": 1.0},
        write_capacity_units=500,
    )
    go(run, int(0.1 / (4 * item)))  # just below 10 GB
    assert run.now("d")["partitions"] == 1
    go(run, 2)
    assert run.now("d")["stored_gb"] == pytest.approx(10, rel=1e-3)
    assert run.now("d")["partitions"] == 2
    assert run.now("d")["fullest_partition_gb"] == pytest.approx(5, rel=1e-3)
    assert "full with 10.00 GB" in kinds(run, "partition_full", node="d")[0].text


def test_storage_has_no_limit() -> None:
    run = table(500, seconds=86_400, item_kb=400.0, new_item_share=1.0, storage_gb=5.0,
                capacity_mode="on_demand", warm_write_units=40_000, table_quota_units=1_000_000,
                scenario={"tick_s": 60.0, "duration_s": 90_000.0})  # fmt: skip
    now = run.now("d")
    assert now["stored_gb"] > 640  # more than the ranges told apart
    assert now["partitions"] >= now["stored_gb"] / 10
    assert now["partitions"] >= now["partitions_by_size"]
    assert now["fullest_partition_gb"] <= 10


@fact("A partition takes 1,000 write units a second, whatever the table has", source=DESIGN)
@pytest.mark.parametrize(("rate", "over"), [(999, 0), (1000, 0), (1001, 1), (1500, 500)])
def test_the_write_ceiling_of_a_partition(rate: float, over: float) -> None:
    run = table(rate, write_capacity_units=4000, key_count=1)
    assert run.now("d")["write_throttles"] == pytest.approx(over, abs=1e-6)
    assert lost(run, "partition") == pytest.approx(60 * over, abs=1e-4)


@fact("A partition takes 3,000 read units a second", source=DESIGN)
@pytest.mark.parametrize(("rate", "over"), [(2999, 0), (3000, 0), (3001, 1)])
def test_the_read_ceiling_of_a_partition(rate: float, over: float) -> None:
    run = table(rate, 0.0, read_capacity_units=12_000, key_count=1, consistency="strong")
    assert run.now("d")["read_throttles"] == pytest.approx(over, abs=1e-6)


FOUR = {"write_capacity_units": 400, "read_capacity_units": 1, "storage_gb": 40}


@fact("Adaptive capacity: of 400 units over four partitions one may use 150 where the others use "
      "50 each", source=BURST)  # fmt: skip
def test_a_busy_partition_uses_what_the_others_leave() -> None:
    assert table(300, hot_key_share=1 / 3, seconds=900, **FOUR).now("d")["throttled"] == 0


@fact(
    "Without adaptive capacity each partition has an equal part: 150 of 100 throttles 50",
    source=FORMULA,
)
def test_without_adaptive_capacity_the_busy_partition_throttles() -> None:
    run = table(300, hot_key_share=1 / 3, adaptive_capacity=False, key_count=1_000_000,
                seconds=60, **FOUR)  # fmt: skip
    assert run.now("d")["write_throttles"] == pytest.approx(50, abs=1)
    assert run.now("d")["utilization"] == pytest.approx(250 / 400, rel=0.01)


HOT = {"write_capacity_units": 4000, "read_capacity_units": 1, "seconds": 601, "hot_key_share": 1.0}


@fact("A collection of items is spread over partitions when its key is hot", source=BURST)
@fact("… but not with sort keys that only grow", source=BURST)
@fact("… nor with a local secondary index", source=BURST)
@pytest.mark.parametrize(
    ("params", "over"),
    [
        ({"sort_key": "none"}, 500),
        ({"sort_key": "monotonic"}, 500),
        ({"sort_key": "spread", "local_indexes": 1, "local_writes_each": 0}, 500),
        ({"sort_key": "spread"}, 0),
    ],
)
def test_a_hot_key_is_spread_by_its_sort_keys(params: dict, over: float) -> None:
    run = table(1500, **HOT, **params)
    assert run.now("d")["write_throttles"] == pytest.approx(over, abs=1)


@fact("Isolation was not for provisioned tables with a stream", source=BURST)
@pytest.mark.parametrize(("era", "over"), [("2020", 500), ("current", 0)])
def test_a_stream_once_kept_tables_from_being_isolated(era: str, over: float) -> None:
    nodes = {"f": ("lambda_function", {})}
    run = table(1500, sort_key="spread", nodes=nodes, links=("d.stream > f.in",),
                scenario={"era": era}, **HOT)  # fmt: skip
    assert run.now("d")["write_throttles"] == pytest.approx(over, abs=1)


# ---------------------------------------------------------------- bursts and provisioned capacity


@fact("300 s of unused capacity are saved for bursts", source=BURST)
@pytest.mark.parametrize(("idle_s", "saved"), [(299, 299 / 300), (300, 1), (301, 1)])
def test_savings(idle_s: float, saved: float) -> None:
    assert table(0, seconds=idle_s).now("d")["write_burst_balance"] == pytest.approx(saved)


def test_burst_hides_for_450_s_that_a_table_is_too_small() -> None:
    shape = steps((0, 0.3), (600, 1.0))
    run = table(1000, write_capacity_units=600, read_capacity_units=1, shape=shape, seconds=1049)
    assert lost(run, "table_write") == 0
    assert go(run, 60).now("d")["write_throttles"] == pytest.approx(400)


@pytest.mark.parametrize("tick_s", [0.1, 1.0, 10.0])
def test_a_steady_load_is_throttled_alike_in_every_tick(tick_s: float) -> None:
    run = table(101, write_capacity_units=100, scenario={"tick_s": tick_s}, seconds=400,
                shape={"arrival_cv2": 1.0})  # fmt: skip
    seen = []
    for _ in range(6):
        run.advance(1)
        seen.append(run.now("d")["write_throttles"])
    assert max(seen) - min(seen) < 0.3
    # 1/s is over in the long run; what is saved and used between the seconds changes nothing
    assert sum(seen) / 6 == pytest.approx(1.0, abs=0.35)


@fact("A table's quota is 40,000 units a second", source=LIMITS)
@pytest.mark.parametrize(("units", "found"), [(39_999, 39_999), (40_000, 40_000), (40_001, 40_000)])
def test_the_quota_of_a_table(units: int, found: int) -> None:
    run = table(1, seconds=1, read_capacity_units=units)
    assert run.now("d")["read_limit"] == found
    assert bool(kinds(run, "quota", node="d")) is (units > found)


@fact("An account's quota is 80,000 provisioned units a second in a Region", source=LIMITS)
@pytest.mark.parametrize(("third", "found"), [(0, 1), (1, 1), (20_000, 19_999), (19_999, 19_999)])
def test_the_quota_of_the_account(third: int, found: int) -> None:
    big = {"read_capacity_units": 40_000, "write_capacity_units": 1}
    other = {"read_capacity_units": 20_001, "write_capacity_units": 1}
    if third < 2:
        other = dict(big)
    more = {"read_capacity_units": max(third, 1), "write_capacity_units": 1}
    nodes = {"e": ("dynamodb", other), "f": ("dynamodb", more)}
    run = table(1, seconds=1, nodes=nodes, links=("c.out > e.in", "c.out > f.in"), **big)
    assert run.now("e")["read_limit"] == other["read_capacity_units"]
    assert run.now("f")["read_limit"] == found
    with pytest.raises(EngineError, match="80,000"):
        run.control("f", "update_table", {"read_capacity_units": 30_000})


@fact("4 decreases a day, then one in each hour without: 27 in all", source=LIMITS)
def test_the_decreases_of_a_day() -> None:
    run = table(1, seconds=0, update_table_s=0.0,
                scenario={"start": "2026-01-05T00:00:00Z", "tick_s": 60.0,
                          "duration_s": 100_000.0})  # fmt: skip
    done = 0
    for _ in range(24 * 60 - 1):
        go(run, 60)
        new = {"read_capacity_units": 1499 - done, "write_capacity_units": 400}
        try:
            run.control("d", "update_table", new)
        except EngineError:
            continue
        done += 1
    assert done == 27


# ---------------------------------------------------------------- capacity modes


@fact("A new on-demand table serves 4,000 writes a second", source=ON_DEMAND)
@pytest.mark.parametrize(("rate", "over"), [(3999, 0), (4000, 0), (4001, 1)])
def test_a_new_table_on_demand_takes_writes(rate: float, over: float) -> None:
    run = table(rate, capacity_mode="on_demand", seconds=50, **MANY)
    assert lost(run, "previous_peak") == pytest.approx(50 * over, abs=1e-3)


@fact("… and 12,000 reads", source=ON_DEMAND)
@pytest.mark.parametrize(("rate", "over"), [(11_999, 0), (12_000, 0), (12_001, 1)])
def test_a_new_table_on_demand_gives_reads(rate: float, over: float) -> None:
    run = table(rate, 0.0, capacity_mode="on_demand", consistency="strong", seconds=50, **MANY)
    assert lost(run, "previous_peak") == pytest.approx(50 * over, abs=1e-3)


@fact("It serves twice its previous peak at once, and more than that 30 minutes later", source=(
    ON_DEMAND))  # fmt: skip
def test_the_ceiling_doubles_once_in_thirty_minutes() -> None:
    run = table(10_000, capacity_mode="on_demand", seconds=60, **MANY)
    assert run.now("d")["served"] == pytest.approx(4000)
    assert go(run, 1800).now("d")["served"] == pytest.approx(8000)
    assert go(run, 1).now("d")["served"] == pytest.approx(10_000)
    # 3.96 million are throttled, and none of them with warm throughput
    assert lost(run, "previous_peak") == pytest.approx(3.96e6)


@fact("Warm throughput raises what a table serves from the start", source=(
    "DynamoDB Developer Guide: Understanding DynamoDB warm throughput"))  # fmt: skip
@pytest.mark.parametrize(("warm", "over"), [(9_999, 1), (10_000, 0)])
def test_warm_throughput(warm: int, over: float) -> None:
    run = table(10_000, capacity_mode="on_demand", warm_write_units=warm, seconds=20, **MANY)
    assert run.now("d")["write_throttles"] == pytest.approx(over, abs=1e-6)


@fact("A maximum may be set for an on-demand table", source=(
    "DynamoDB Developer Guide: On-demand maximum throughput"))  # fmt: skip
@pytest.mark.parametrize(("rate", "over"), [(500, 0), (501, 1)])
def test_the_maximum_of_an_on_demand_table(rate: float, over: float) -> None:
    run = table(rate, capacity_mode="on_demand", max_write_request_units=500, seconds=10)
    assert lost(run, "max_on_demand") == pytest.approx(10 * over, abs=1e-4)
    old = table(rate, capacity_mode="on_demand", max_write_request_units=500, seconds=10,
                scenario={"era": "2020"})  # fmt: skip
    assert old.now("d")["throttled"] == 0


def switch(run: Run, mode: str) -> str:
    units = {"read_capacity_units": 10, "write_capacity_units": 10}
    return run.control("d", "switch_mode", {"capacity_mode": mode, **units})


@fact("A table may switch to on demand 4 times in 24 hours, and back at any time", source=SWITCHING)
def test_switches_to_on_demand() -> None:
    run = table(1, seconds=10, scenario={"tick_s": 10.0, "duration_s": 100_000.0})
    for _ in range(4):
        switch(run, "on_demand")
        switch(run, "provisioned")
    with pytest.raises(EngineError, match="4 switches in 24 hours"):
        switch(run, "on_demand")
    go(run, 86_390)
    with pytest.raises(EngineError, match="4 switches"):
        switch(run, "on_demand")
    go(run, 10)
    switch(run, "on_demand")


@fact("In 2019 a table could switch once in 24 hours", source=SWITCHING)
def test_one_switch_a_day_in_2020() -> None:
    run = table(1, seconds=10, scenario={"era": "2020"})
    switch(run, "on_demand")
    with pytest.raises(EngineError, match="1 switch in 24 hours"):
        switch(run, "provisioned")


@fact("Switched from provisioned it serves at least what it was provisioned for, and no less than "
      "a new table", source=SWITCHING)  # fmt: skip
@pytest.mark.parametrize(("units", "limit"), [(3999, 4000), (4000, 4000), (4001, 4001)])
def test_what_a_switched_table_serves(units: int, limit: int) -> None:
    run = table(1, seconds=2, write_capacity_units=units)
    switch(run, "on_demand")
    assert go(run, 1).now("d")["write_limit"] == limit
    assert run.now("d")["read_limit"] == 12_000


def test_a_person_may_switch_a_table_back() -> None:
    run = table(20, seconds=2, capacity_mode="on_demand")
    switch(run, "provisioned")
    assert go(run, 5).now("d")["write_throttles"] == pytest.approx(10)


# ---------------------------------------------------------------- auto scaling


def scaled(seconds: float, update_s: float) -> Run:
    target = {"min_capacity": 300, "max_capacity": 40_000, "metric_delay_s": 0.0,
              "target_tracking": [{"target_value": 70.0}]}  # fmt: skip
    return table(2000, write_capacity_units=300, read_capacity_units=1, storage_gb=40.0,
                 key_count=1_000_000, write_scaling=target, update_table_s=update_s,
                 shape=steps((0, 0.1), (900, 1.0)), seconds=seconds,
                 scenario={"duration_s": 10_000.0})  # fmt: skip


@fact("Consumed capacity cannot exceed what is provisioned, so that a target of 70 % takes six "
      "rounds of × 1.43 from 300 to more than 2,000 units", source=SCALING)  # fmt: skip
@pytest.mark.parametrize(("round_s", "minutes"), [(180, 18), (300, 30)])
def test_a_tenfold_step_takes_six_rounds(round_s: int, minutes: int) -> None:
    run = scaled(
        900 + 60 * minutes * 1.15, round_s - 120
    )  # two points of a minute, then the update
    asked = [int(e.text.split(" and ")[1].split()[0].replace(",", ""))
             for e in kinds(run, "updating", node="d")]  # fmt: skip
    assert asked[:6] == [429, 613, 876, 1252, 1789, 2556]
    done = [e.t_s for e in kinds(run, "table_updated", node="d")]
    assert (done[5] - 900) / 60 == pytest.approx(minutes, rel=0.1)
    assert run.now("d")["write_throttles"] == 0
    # the first 53 s ride on what was saved
    first = kinds(run, "throttled", node="d")[0].t_s
    assert first == pytest.approx(953, abs=5)
    if minutes == 18:
        assert lost(run, "table_write") == pytest.approx(1.22e6, rel=0.1)


def idle(era: str, switched: bool = False, rate: float = 0.0, most: int = 1000) -> Run:
    """A table of 100 units that is used for a minute, and after that little or not at all."""
    target = {"min_capacity": 10, "max_capacity": 1000, "metric_delay_s": 0.0,
              "target_tracking": [{"target_value": 70.0}]}  # fmt: skip
    params = {"write_capacity_units": 100, "read_capacity_units": 10, "write_scaling": target,
              "zero_consumption_scales_in": switched, "item_kb": 1.0}  # fmt: skip
    clients = {"rate_per_s": 60.0, "write_fraction": 1.0, "arrival_cv2": 0.0,
               **steps((0, 1.0), (60, rate / 60.0))}  # fmt: skip
    nodes = {"c": ("clients", clients), "d": ("dynamodb", params)}
    from tests.simulation import simulate

    run = simulate(nodes, ["c.out > d.in"], seconds=900, era=era, tick_s=10.0, duration_s=9000.0)
    if most != 1000:
        lower = {**params, "write_scaling": {**target, "max_capacity": most}}
        nodes = {"c": nodes["c"], "d": ("dynamodb", lower)}
        run.edit(diagram(nodes, ["c.out > d.in"], era=era, tick_s=10.0, duration_s=9000.0))
    return go(run, 600)


@fact("A table that nobody uses is not scaled down", source=SCALING)
@fact("… unless it is sent some requests", source=SCALING)
@fact("… or its maximum is set to its minimum", source=SCALING)
def test_no_scale_down_at_zero_consumption_in_2020() -> None:
    assert idle("2020").now("d")["provisioned_write_capacity"] == 100
    assert idle("2020", switched=True).now("d")["provisioned_write_capacity"] == 100
    assert idle("2020", rate=0.1).now("d")["provisioned_write_capacity"] == 10
    assert idle("2020", most=10).now("d")["provisioned_write_capacity"] == 10


def test_in_the_current_era_it_is_a_switch_of_low_confidence() -> None:
    assert idle("current").now("d")["provisioned_write_capacity"] == 100
    assert idle("current", switched=True).now("d")["provisioned_write_capacity"] == 10
    info = {p.name: p for p in catalogue()["dynamodb"].parameters()}
    assert info["zero_consumption_scales_in"].default is False
    assert info["zero_consumption_scales_in"].confidence == "L"


# ---------------------------------------------------------------- indexes


def indexed(rate: float, write: float = 1.0, seconds: float = 10, **index: object) -> Run:
    return table(rate, write, seconds=seconds, write_capacity_units=900, read_capacity_units=200,
                 indexes=[index])  # fmt: skip


@fact("A write that changes nothing in an index costs it nothing", source=GLOBAL)
@fact("… one that adds or removes an entry or changes a projected attribute one write", source=(
    GLOBAL))  # fmt: skip
@fact("… one that changes the value of the index's key two", source=GLOBAL)
@pytest.mark.parametrize(("share", "each", "units"), [(0.0, 1, 0), (1.0, 1, 1), (1.0, 2, 2)])
def test_what_a_write_costs_an_index(share: float, each: int, units: float) -> None:
    run = indexed(100, written_share=share, writes_each=each, write_capacity_units=900)
    assert run.now("d")["index_consumed_write"] == pytest.approx(100 * units)
    assert run.now("d")["consumed_write_capacity"] == pytest.approx(100)


@fact("A query of an index takes half a unit for each 4 KB that it reads, together", source=GLOBAL)
@pytest.mark.parametrize(("kb", "units"), [(3.99, 0.5), (4.0, 0.5), (4.01, 1.0), (8.01, 1.5)])
def test_what_a_query_of_an_index_takes(kb: float, units: float) -> None:
    run = indexed(50, 0.0, query_share=1.0, query_kb=kb, read_capacity_units=900)
    assert run.now("d")["index_consumed_read"] == pytest.approx(50 * units)
    assert run.now("d")["consumed_read_capacity"] == 0


@fact("A write to an index takes a unit for each KB of its entry, rounded up", source=GLOBAL)
@pytest.mark.parametrize(("kb", "units"), [(0.999, 1), (1.0, 1), (1.001, 2), (2.0, 2), (2.001, 3)])
def test_what_an_entry_of_an_index_takes(kb: float, units: float) -> None:
    run = indexed(100, projected_kb=kb, write_capacity_units=900)
    assert run.now("d")["index_consumed_write"] == pytest.approx(100 * units)
    assert run.now("d")["consumed_write_capacity"] == pytest.approx(100)


@fact("An index without write capacity throttles the table", source=GLOBAL)
@pytest.mark.parametrize(("rate", "over"), [(199, 0), (200, 0), (201, 1), (500, 300)])
def test_back_pressure(rate: float, over: float) -> None:
    run = indexed(rate, write_capacity_units=200)
    assert run.now("d")["write_throttles"] == pytest.approx(over, abs=1e-6)
    assert lost(run, "index_write") == pytest.approx(10 * over, abs=1e-4)
    assert run.now("d")["consumed_write_capacity"] == pytest.approx(rate - over)
    assert bool(kinds(run, "index_back_pressure", node="d")) is (over > 2)


@fact("… as does one whose partition is hot: 1,000 writes a second for one value of its key",
      source=GLOBAL)  # fmt: skip
@pytest.mark.parametrize(("rate", "over"), [(1000, 0), (1001, 1)])
def test_a_hot_key_of_an_index_throttles_the_table(rate: float, over: float) -> None:
    index = {"key_count": 1, "write_capacity_units": 5000}
    run = table(rate, write_capacity_units=5000, key_count=1_000_000, seconds=10, indexes=[index])
    assert run.now("d")["write_throttles"] == pytest.approx(over, abs=1e-6)


def test_the_scarcest_of_several_indexes_decides() -> None:
    found = [{"write_capacity_units": 300}, {"write_capacity_units": 200}]
    run = table(400, write_capacity_units=900, seconds=10, indexes=found)
    assert run.now("d")["served"] == pytest.approx(200)


@fact("A table has 20 global secondary indexes at most", source=LIMITS)
@fact("… and 5 local ones", source=LIMITS)
def test_how_many_indexes() -> None:
    known = catalogue()
    assert not known.check_params("dynamodb", {"indexes": [{}] * 20})
    assert known.check_params("dynamodb", {"indexes": [{}] * 21})
    assert not known.check_params("dynamodb", {"local_indexes": 5, "sort_key": "spread"})
    assert known.check_params("dynamodb", {"local_indexes": 6, "sort_key": "spread"})


def test_a_local_index_uses_the_units_of_the_table() -> None:
    run = table(10, seconds=1, sort_key="spread", local_indexes=2, local_kb=1.5)
    assert run.now("d")["consumed_write_capacity"] == pytest.approx(10 * (1 + 2 * 2))


@fact("With a local index the items of a partition key have 10 GB at most", source=LIMITS)
@pytest.mark.parametrize(("gb", "local", "refused"), [(9.99, 1, 0), (10.01, 1, 4), (10.01, 0, 0)])
def test_the_items_of_a_key(gb: float, local: int, refused: float) -> None:
    run = table(4, seconds=2, key_count=1, storage_gb=gb, sort_key="monotonic",
                local_indexes=local, new_item_share=1.0)  # fmt: skip
    assert run.now("d")["rejected"] == pytest.approx(refused)


# ---------------------------------------------------------------- streams and time to live


def streamed(seconds: float, concurrency: int | None, tick_s: float = 10.0, count: int = 1) -> Run:
    given = {} if concurrency is None else {"reserved_concurrency": concurrency}
    nodes = {f"f{i}": ("lambda_function", given) for i in range(count)}
    links = tuple(f"d.stream > f{i}.in" for i in range(count))
    return table(10, seconds=seconds, nodes=nodes, links=links,
                 scenario={"tick_s": tick_s, "duration_s": 100_000.0})  # fmt: skip


@fact("A stream keeps its records for 24 hours", source=STREAMS)
def test_records_of_a_stream_expire() -> None:
    run = streamed(86_400, 0)
    link = run.program.links[[k.startswith("stream") for _, _, k in run.program.link_ids].index(1)]
    assert link["expired"] == 0
    assert run.now("d")["iterator_age_s"] == pytest.approx(86_400, abs=60)
    go(run, 60)
    assert link["expired"] == pytest.approx(10, rel=1e-3)


@fact("Lambda polls each shard of a stream four times a second", source=(
    "AWS Lambda Developer Guide: Using Lambda with DynamoDB"))  # fmt: skip
def test_a_function_is_a_quarter_of_a_second_behind() -> None:
    run = streamed(30, None, tick_s=0.1)
    # half an interval in the mean, and 0.1 s for the call: 2.25 records of 10 a second
    assert run.now("d")["backlog"] == pytest.approx(10 * (0.125 + 0.1), abs=1.1)
    assert run.now("f0")["arrivals"] == pytest.approx(10, rel=0.05)


@fact("Two may read a shard of a stream at once", source=LIMITS)
@pytest.mark.parametrize(("count", "refused"), [(2, 0), (3, 4)])
def test_two_readers_of_a_stream(count: int, refused: float) -> None:
    run = streamed(20, None, count=count)
    assert run.now("d")["stream_reads_refused"] == refused
    assert bool(kinds(run, "quota", node="d")) is (count > 2)


def test_reads_do_not_enter_the_stream() -> None:
    nodes = {"f": ("lambda_function", {"cpu_time_ms": 1.0, "wait_time_ms": 0.0})}
    run = table(100, 0.3, seconds=60, nodes=nodes, links=("d.stream > f.in",))
    link = next(link for link in run.program.links if link["entered"] > 0)
    assert link["entered"] == pytest.approx(30)
    assert run.now("f")["arrivals"] > 0


@fact("Items whose time to live is over are deleted without taking write units", source=TTL)
def test_expired_items_are_deleted_at_no_charge() -> None:
    # a million items of 1 KB and 100 bytes that expire evenly within an hour
    gb = 1e6 * (1024 + 100) / 1024**3
    run = table(0, seconds=1800, storage_gb=gb, time_to_live_h=1.0, ttl_delete_delay_h=0.0,
                scenario={"tick_s": 10.0})  # fmt: skip
    assert run.now("d")["stored_gb"] == pytest.approx(gb / 2, rel=0.02)
    assert run.now("d")["consumed_write_capacity"] == 0
    assert go(run, 1850).now("d")["stored_gb"] == pytest.approx(0, abs=1e-9)


def test_items_are_stored_until_they_are_deleted() -> None:
    params = {"time_to_live_h": 1.0, "ttl_delete_delay_h": 2.0, "new_item_share": 1.0}
    run = table(100, seconds=7200, storage_gb=0.0, scenario={"tick_s": 10.0}, **params)
    # an hour's items live, and those overdue as if each were deleted at a rate of one in 2 hours
    item = (1024 + 100) / 1024**3
    held = 3600 * 100 + 100 * 7200 * (1 - 2.718281828 ** (-0.5))
    assert run.now("d")["stored_gb"] == pytest.approx(held * item, rel=0.02)
    assert run.now("d")["ttl_overdue"] == pytest.approx(held - 360_000, rel=0.03)


# ---------------------------------------------------------------- prices


@fact("A read unit costs 0.00013 USD an hour, a write unit 0.00065 USD", source=PRICING)
@fact("A GB costs 0.25 USD a month", source=PRICING)
def test_provisioned_capacity_costs_by_the_hour() -> None:
    run = table(0, read_capacity_units=100, write_capacity_units=100, storage_gb=0.0)
    assert run.now("d")["cost_per_hour"] == pytest.approx(0.013 + 0.065)
    run = table(0, read_capacity_units=1, write_capacity_units=1, storage_gb=73.0)
    assert run.now("d")["cost_per_hour"] == pytest.approx(0.00078 + 0.025)


@fact("A million write requests cost 0.625 USD and reads 0.125 USD; 1.25 and 0.25 until November "
      "2024", source=PRICING)  # fmt: skip
@pytest.mark.parametrize(
    ("era", "write", "read"), [("current", 0.625, 0.125), ("2020", 1.25, 0.25)]
)
def test_requests_on_demand(era: str, write: float, read: float) -> None:
    params = {"capacity_mode": "on_demand", "storage_gb": 0.0, "consistency": "strong"}
    run = table(1000, 1.0, scenario={"era": era}, **params)
    assert run.now("d")["cost_per_hour"] == pytest.approx(3.6 * write)
    run = table(1000, 0.0, scenario={"era": era}, **params)
    assert run.now("d")["cost_per_hour"] == pytest.approx(3.6 * read)


@fact("Provisioned capacity is cheaper above 28.9 % of use, above 14.4 % until November 2024",
      source=PRICING)  # fmt: skip
@pytest.mark.parametrize(("era", "even"), [("current", 0.289), ("2020", 0.1444)])
def test_where_on_demand_and_provisioned_cost_the_same(era: str, even: float) -> None:
    for use, cheaper in ((even - 0.002, "on_demand"), (even + 0.002, "provisioned")):
        cost = {
            mode: table(500 * use, 1.0, seconds=1, capacity_mode=mode, storage_gb=0.0,
                        read_capacity_units=1, scenario={"era": era}).now("d")["cost_per_hour"]
            for mode in ("on_demand", "provisioned")
        }  # fmt: skip
        cost["provisioned"] -= 0.00013  # the one read unit
        assert min(cost, key=lambda mode: cost[mode]) == cheaper


def test_an_index_is_billed_beside_its_table() -> None:
    index = {"read_capacity_units": 100, "write_capacity_units": 100, "projected_kb": 0.5}
    run = table(0, read_capacity_units=1, write_capacity_units=1, storage_gb=73.0, indexes=[index])
    assert run.now("d")["cost_per_hour"] == pytest.approx(0.00078 + 0.078 + 0.0375)


@pytest.mark.parametrize(("indexes", "each"), [([], 1), ([{}], 2)])
def test_a_table_and_an_index_begin_with_five_units(indexes: list, each: int) -> None:
    run = simulate({"d": ("dynamodb", {"storage_gb": 0.0, "indexes": indexes})}, [], seconds=2)
    assert run.now("d")["provisioned_read_capacity"] == 5
    assert run.now("d")["provisioned_write_capacity"] == 5
    assert run.now("d")["cost_per_hour"] == pytest.approx(each * 5 * (0.00013 + 0.00065))
