"""What AWS says of Kinesis Data Streams, at its boundaries."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sandbox.engine import Run
from sandbox.engine.errors import EngineError
from sandbox.kernels.shard import even_starts, hash_keys, mass_by_range
from sandbox.services._keys import range_of
from tests.conformance import fact
from tests.simulation import go, simulate

LIMITS = "Kinesis Data Streams Developer Guide: Quotas and limits"
MODES = "Kinesis Data Streams Developer Guide: Choose the right mode for your stream"
CONCEPTS = "Kinesis Data Streams Developer Guide: Terminology and concepts"
CONSUMERS = "Kinesis Data Streams Developer Guide: Develop enhanced fan-out consumers"
UPDATE = "Kinesis Data Streams API Reference: UpdateShardCount"
MODE = "Kinesis Data Streams API Reference: UpdateStreamMode"
PRICING = "https://aws.amazon.com/kinesis/data-streams/pricing/"
READERS = str(Path(__file__).parents[1] / "services" / "consumers")
MONTH_H = 730.0


def stream(
    rate: float, kb: float = 0.5, seconds: float = 10, readers: int = 0, **params: Any
) -> Run:
    """Clients, a stream and pullers of it; `pull` are the parameters of their links."""
    scenario = {k: params.pop(k) for k in ("era", "region", "tick_s") if k in params}
    pull = params.pop("pull", {})
    clients = {"rate_per_s": rate, "payload_kb": kb, "arrival_cv2": 0.0}
    clients |= params.pop("clients", {})
    reader = {"rate_per_s": 1e7, **params.pop("reader", {})}
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "c": ("clients", clients),
        "k": ("kinesis_stream", params),
    }
    links = ["c.out > k.in"]
    for i in range(readers):
        nodes[f"r{i}"] = ("puller", reader)
        links.append(f"k.records > r{i}.in {pull}")
    return simulate(nodes, links, seconds=seconds, folders=(READERS,), **scenario)


def throttled(run: Run) -> float:
    return float(run.now("k")["write_throttled"])


def refused(run: Run, action: str, args: dict[str, Any], why: str) -> None:
    with pytest.raises(EngineError, match=why):
        run.control("k", action, args)


def month(run: Run) -> float:
    return float(run.now("k")["cost_per_hour"]) * MONTH_H


# ---------------------------------------------------------------- writing


@pytest.mark.parametrize(("rate", "beyond"), [(999, 0), (1000, 0), (1001, 1)])
@fact("A shard takes 1,000 records a second", source=LIMITS)
def test_a_shard_takes_a_thousand_records_a_second(rate: float, beyond: float) -> None:
    assert throttled(stream(rate, 0.1, shard_count=1)) == pytest.approx(beyond, abs=1e-3)


@pytest.mark.parametrize(("kb", "beyond"), [(10.23, 0), (10.24, 0), (10.25, 1)])
@fact("A shard takes 1 MB a second", source=LIMITS)
def test_a_shard_takes_a_megabyte_a_second(kb: float, beyond: float) -> None:
    lost = throttled(stream(100, kb, shard_count=1))
    assert lost == pytest.approx(100 - 1024 / kb if beyond else 0.0, abs=1e-3)


@pytest.mark.parametrize(("kb", "lost"), [(1023, 0), (1024, 0), (1025, 1)])
@fact("A record is 1 MiB at most, by default", source=LIMITS)
def test_a_record_is_a_mebibyte_at_most(kb: float, lost: float) -> None:
    for era in ("2020", "current"):
        run = stream(1, kb, shard_count=8, era=era)
        assert run.losses("k")["record_too_large"][0] == lost


@pytest.mark.parametrize(("kb", "lost"), [(10_239, 0), (10_240, 0), (10_241, 1)])
@fact("A stream can be set to take records of up to 10 MiB, not in 2020", source=LIMITS)
def test_a_record_can_be_ten_mebibytes(kb: float, lost: float) -> None:
    run = stream(0.1, kb, shard_count=8, max_record_kib=10_240.0)
    assert run.losses("k")["record_too_large"][0] == pytest.approx(0.1 * lost)
    run = stream(0.1, kb, shard_count=8, max_record_kib=10_240.0, era="2020")
    assert run.losses("k")["record_too_large"][0] == pytest.approx(0.1)


@fact("A large record goes beyond the shard's 1 MB/s, which then owes the time", source=LIMITS)
def test_a_shard_owes_the_time_of_a_large_record() -> None:
    for rate, lost in ((0.24, 0.0), (0.25, 0.0), (0.26, 0.01)):  # of 4 MiB: one in four seconds
        run = stream(rate, 4096, shard_count=1, key_count=1, max_record_kib=10_240.0)
        assert throttled(run) == pytest.approx(lost, abs=1e-9)


@pytest.mark.parametrize(
    ("key", "number", "of_four", "of_ten"),
    [
        ("a", 16955237001963240173058271559858726497, 0, 0),
        ("user-1", 285573413173782752570879317399258818820, 3, 8),
        ("user-2", 81544010656874607678696621737415172275, 0, 2),
        ("order-42", 105348682137155569515616584889439573452, 1, 3),
    ],
)
@fact("The MD5 of a partition key, as a 128-bit number, picks the shard", source=CONCEPTS)
def test_a_key_goes_to_the_range_that_holds_its_md5(
    key: str, number: int, of_four: int, of_ten: int
) -> None:
    assert int(hashlib.md5(key.encode()).hexdigest(), 16) == number
    assert (range_of(key, 4), range_of(key, 10)) == (of_four, of_ten)


@fact("The MD5 of a partition key, as a 128-bit number, picks the shard", source=CONCEPTS)
def test_a_thousand_keys_go_where_their_md5_says() -> None:
    keys = [f"key-{i}" for i in range(1000)]
    numbers = [int(hashlib.md5(key.encode()).hexdigest(), 16) for key in keys]
    found = mass_by_range(even_starts(7), hash_keys(keys), np.ones(1000))
    assert found.tolist() == [sum(n * 7 >> 128 == i for n in numbers) for i in range(7)]


@fact("A hot key throttles although the stream has room", source=LIMITS)
def test_a_hot_key_is_throttled_though_the_stream_is_half_used() -> None:
    # 60 % of 2,000 records and a fourth of the others; a shard takes 1,000
    run = stream(2000, 0.1, shard_count=4, hot_key_share=0.6, key_count=1_000_000)
    assert throttled(run) == pytest.approx(1400 - 1000, abs=5)


# ---------------------------------------------------------------- reading


def got(run: Run) -> float:
    """What each of its readers has of a backlog, 1/s."""
    return float(run.now("r0")["served"])


@pytest.mark.parametrize("readers", [1, 2, 4])
@fact("All that poll a shard share 2 MB a second", source=LIMITS)
def test_pollers_share_two_megabytes_a_second(readers: int) -> None:
    # records of 16 KB: 64 a second fill a shard, 128 a second can be read
    run = stream(64, 16, 20, readers, shard_count=1, pull={"poll_interval_s": 1.0})
    assert got(run) == pytest.approx(min(64, 128 / readers), rel=0.01)


@pytest.mark.parametrize(("rate", "read"), [(600, 600), (650, 650), (700, 2000 / 3)])
@fact("All that poll a shard share 2,000 records a second", source=LIMITS)
def test_pollers_share_two_thousand_records_a_second(rate: float, read: float) -> None:
    assert got(stream(rate, 0.1, 60, 3, shard_count=1)) == pytest.approx(read, rel=0.002)
    assert got(stream(rate, 0.1, 20, 3, shard_count=1, era="2020")) == pytest.approx(rate)


@fact(
    "A consumer with enhanced fan-out has 2 MB a second of each shard to itself", source=CONSUMERS
)
def test_a_consumer_with_fan_out_has_two_megabytes_a_second() -> None:
    pull = {"enhanced_fan_out": True}
    for readers in (1, 4, 20):
        run = stream(64, 16, 20, readers, shard_count=1, pull=pull)
        assert got(run) == pytest.approx(64)  # where four that poll have 32 each


@pytest.mark.parametrize(("readers", "over"), [(4, 0), (5, 0), (6, 1)])
@fact("A shard answers five GetRecords calls a second", source=LIMITS)
def test_a_shard_answers_five_reads_a_second(readers: int, over: float) -> None:
    run = stream(10, readers=readers, shard_count=1)
    assert run.now("k")["read_throttled"] == pytest.approx(over)


@pytest.mark.parametrize(("rate", "read"), [(199, 199), (200, 200), (201, 200)])
@fact("A GetRecords call returns 10,000 records at most", source=LIMITS)
def test_a_call_returns_ten_thousand_records(rate: float, read: float) -> None:
    run = stream(rate, 0.1, 100, 1, shard_count=1, pull={"poll_interval_s": 50.0})
    assert got(run) == pytest.approx(read)


@pytest.mark.parametrize(("kb", "read"), [(102, 10), (102.4, 10), (103, 10_240 / 103 / 10)])
@fact("A GetRecords call returns 10 MB at most", source=LIMITS)
def test_a_call_returns_ten_megabytes(kb: float, read: float) -> None:
    run = stream(10, kb, 100, 1, shard_count=2, key_count=1, pull={"poll_interval_s": 10.0})
    assert got(run) == pytest.approx(read)


@fact("Records reach a polling consumer in 200 ms, five of them in 1,000 ms", source=CONSUMERS)
def test_pollers_wait_for_each_other() -> None:
    alone = stream(1000, readers=1, pull={"poll_interval_s": 0.2})
    assert alone.now("k")["backlog"] == pytest.approx(200, rel=0.001)
    five = stream(1000, readers=5, pull={"poll_interval_s": 0.2}, seconds=30)
    assert 600 <= five.now("k")["backlog"] <= 1000  # half of the second between two, and the call


@fact("Records reach a consumer with enhanced fan-out in 70 ms", source=CONSUMERS)
def test_fan_out_takes_seventy_milliseconds() -> None:
    run = stream(1000, readers=5, pull={"enhanced_fan_out": True})
    assert run.now("k")["backlog"] == pytest.approx(70)


@fact("A stream has 20 consumers with enhanced fan-out at most", source=CONSUMERS)
def test_a_stream_has_twenty_consumers_with_fan_out() -> None:
    run = stream(10, readers=21, pull={"enhanced_fan_out": True}, seconds=5)
    served = sorted(run.now(f"r{i}")["served"] for i in range(21))
    assert served == pytest.approx([0.0] + [10.0] * 20)
    assert any(event.kind == "quota" for event in run.events)


# ---------------------------------------------------------------- retention


@pytest.mark.parametrize(("era", "hours"), [("2020", 168), ("current", 8760)])
@fact(
    "Records are kept for 24 h by default, for 168 h at most in 2020 and 8,760 h now", source=LIMITS
)
def test_the_longest_retention_depends_on_the_era(era: str, hours: float) -> None:
    for wanted, warned in ((hours, False), (hours + 1, hours < 8760)):
        params = {"retention_hours": min(wanted, 8760.0)}
        run = stream(1, seconds=1, era=era, **params)
        place = run.program.places[run.program.index["k"]]
        assert place.p["retention_s"] == 3600 * hours or wanted < hours
        assert any(event.kind == "quota" for event in run.events) is warned
    run = stream(1, seconds=1, era=era)
    assert run.program.places[run.program.index["k"]].p["retention_s"] == 86_400


@pytest.mark.parametrize(("hours", "lost"), [(23.9, 0), (24.0, 0), (24.1, 360)])
@fact("What nobody has read within the retention is lost", source=CONCEPTS)
def test_what_is_older_than_the_retention_expires(hours: float, lost: float) -> None:
    reader = {"rate_per_s": 0.0}
    run = stream(1, 1, hours * 3600, 1, reader=reader, tick_s=10.0, shard_count=1)
    assert run.history.summary("k", "expired")["total"] == pytest.approx(lost, abs=15)


# ---------------------------------------------------------------- shards


@pytest.mark.parametrize(
    ("era", "region", "quota"),
    [
        ("2020", "us-east-1", 500),
        ("2020", "eu-west-1", 500),
        ("2020", "eu-central-1", 200),
        ("current", "us-east-1", 20_000),
        ("current", "eu-central-1", 1000),
    ],
)
@fact(
    "An account has 500 shards in the big Regions and 200 elsewhere in 2020, 20,000 and 1,000 "
    "now; AWS raises that",
    source=LIMITS,
)
def test_the_quota_of_shards_depends_on_era_and_region(era: str, region: str, quota: int) -> None:
    at = min(quota, 2000)
    if quota == at:
        run = stream(1, seconds=1, era=era, region=region, shard_count=quota + 1)
        assert run.now("k")["shards"] == quota
        more = stream(
            1, seconds=1, era=era, region=region, shard_count=quota + 1, shard_quota=quota + 1
        )
        assert more.now("k")["shards"] == quota + 1
    run = stream(1, seconds=1, era=era, region=region, shard_count=3)
    assert run.program.places[run.program.index["k"]].p["quota"] == quota


@pytest.mark.parametrize(("era", "most"), [("2020", 2), ("current", 10)])
@fact("The shard count can be updated twice in 24 h in 2020, ten times now", source=UPDATE)
def test_the_shard_count_is_updated_so_often(era: str, most: int) -> None:
    run = stream(10, seconds=1, era=era, tick_s=10.0, shard_count=4)
    for n in range(most):
        run.control("k", "update_shard_count", {"target": 5 if n % 2 == 0 else 4})
        go(run, 40)
    refused(run, "update_shard_count", {"target": 6}, f"{most} times in 24 h")


@fact("The shard count goes from half to double of what it is", source=UPDATE)
def test_the_shard_count_is_halved_or_doubled() -> None:
    run = stream(10, seconds=1, shard_count=10)
    refused(run, "update_shard_count", {"target": 4}, "5 to 20")
    refused(run, "update_shard_count", {"target": 21}, "5 to 20")
    run.control("k", "update_shard_count", {"target": 20})
    other = stream(10, seconds=1, shard_count=10)
    other.control("k", "update_shard_count", {"target": 5})


@pytest.mark.parametrize(("era", "most"), [("2020", 500), ("current", 10_000)])
@fact("A stream is updated to 500 shards at most in 2020, to 10,000 now", source=UPDATE)
def test_a_stream_is_updated_to_so_many_shards(era: str, most: int) -> None:
    quota = {"region": "us-east-1", "era": era, "tick_s": 10.0, "key_count": 1}
    run = stream(1, seconds=10, shard_count=most // 2 + 50, **quota)
    refused(run, "update_shard_count", {"target": most + 1}, f"{most:,} shards at most")
    run.control("k", "update_shard_count", {"target": most})


@fact("Records are written and read while a stream is updated", source=UPDATE)
def test_a_stream_works_while_it_is_updated() -> None:
    run = stream(500, readers=1, shard_count=2)
    run.control("k", "update_shard_count", {"target": 4})
    go(run, 30)
    assert run.now("k")["shards"] == 2
    assert run.now("k")["served"] == run.now("r0")["served"] == pytest.approx(500)


@fact("A split makes two shards of one, a merge one of two neighbours", source=CONCEPTS)
def test_shards_are_split_and_merged() -> None:
    run = stream(1000, readers=1, shard_count=2, key_count=1_000_000)
    run.control("k", "split_shard", {"shard": 0})
    refused(run, "merge_shards", {"shard": 0}, "is being updated")
    go(run, 35)
    shares = run.program.places[run.program.index["k"]].cells["share"]
    assert sorted(shares[shares > 0].tolist()) == pytest.approx([0.25, 0.25, 0.5], rel=0.01)
    refused(run, "merge_shards", {"shard": 2}, "no shard 3")
    run.control("k", "merge_shards", {"shard": 1})
    go(run, 35)
    place = run.program.places[run.program.index["k"]]
    half = place.s["half"].item() * place.p["room"].item()
    assert place.cells["share"][half : half + 2] == pytest.approx([0.25, 0.75], rel=0.01)
    assert run.now("r0")["served"] == pytest.approx(1000)


# ---------------------------------------------------------------- on-demand mode


@pytest.mark.parametrize(("rate", "taken"), [(3600, 3600), (4400, 4000), (8000, 4000)])
@fact("A new stream in on-demand mode takes 4 MB a second", source=MODES)
def test_a_stream_on_demand_begins_with_four_megabytes(rate: float, taken: float) -> None:
    run = stream(rate, 1.024, seconds=5, capacity_mode="on_demand", key_count=10_000_000)
    assert run.now("k")["incoming_bytes"] == pytest.approx(taken * 1024 * 1.024, rel=0.001)


@pytest.mark.parametrize(("kb_s", "shards"), [(499, 4), (501, 8)])
@fact("On-demand mode splits a shard that takes more than 500 KB/s within 15 minutes", source=MODES)
def test_a_busy_shard_is_split_within_a_quarter_of_an_hour(kb_s: float, shards: int) -> None:
    params = {"capacity_mode": "on_demand", "key_count": 10_000_000, "tick_s": 10.0}
    run = stream(400, kb_s * 4 / 400, seconds=880, **params)
    assert run.now("k")["shards"] == 4
    assert go(run, 40).now("k")["shards"] == pytest.approx(shards, abs=0 if shards == 4 else 1)


@fact("… when it has done so for all of the 15 minutes", source=MODES)
def test_a_busy_shard_is_split_at_the_end_of_a_quarter_of_an_hour() -> None:
    run = stream(400, 5.5, 900, capacity_mode="on_demand", key_count=10_000_000)
    assert run.now("k")["shards"] == 4
    assert go(run, 1).now("k")["shards"] == 8


@fact("A load that more than doubles is throttled for up to 15 minutes", source=MODES)
def test_more_than_double_the_load_is_throttled_until_the_stream_has_grown() -> None:
    clients = {"shape": "steps", "steps": [[0, 1.0], [1000, 2.2]]}
    params = {"capacity_mode": "on_demand", "key_count": 10_000_000, "tick_s": 10.0}
    run = stream(4000, 0.1, seconds=1000, clients=clients, **params)
    assert run.now("k")["shards"] == 8
    assert throttled(go(run, 100)) == pytest.approx(800, rel=0.05)
    assert throttled(go(run, 900)) == 0
    assert run.now("k")["shards"] == 16


@fact("On-demand mode does not isolate a hot key", source=MODES)
def test_on_demand_mode_does_not_help_a_hot_key() -> None:
    params = {"capacity_mode": "on_demand", "key_count": 1, "tick_s": 10.0}
    run = stream(1500, 0.1, seconds=3600, **params)
    assert throttled(run) == pytest.approx(500)


@fact("The capacity mode can be switched twice in 24 h; the shards stay as they are", source=MODE)
def test_the_mode_is_switched_twice_a_day() -> None:
    run = stream(10, seconds=1, shard_count=7, tick_s=10.0)
    run.control("k", "switch_mode", {"mode": "on_demand"})
    assert go(run, 10).now("k")["shards"] == 7
    refused(run, "update_shard_count", {"target": 8}, "on-demand mode")
    run.control("k", "switch_mode", {"mode": "provisioned"})
    refused(run, "switch_mode", {"mode": "on_demand"}, "2 times in 24 h")


@fact("There was no on-demand mode in 2020", source=MODES)
def test_there_was_no_on_demand_mode_in_2020() -> None:
    run = stream(10, seconds=1, capacity_mode="on_demand", era="2020")
    assert run.now("k")["on_demand"] == 0
    assert any(event.kind == "quota" for event in run.events)
    refused(run, "switch_mode", {"mode": "on_demand"}, "November 2021")


# ---------------------------------------------------------------- prices


@pytest.mark.parametrize(("rate", "shards", "usd"), [(1, 1, 10.99), (100, 1, 14.63)])
@fact("A shard-hour costs $0.015, a million PUT payload units of 25 KB $0.014", source=PRICING)
def test_a_shard_and_its_records_cost(rate: float, shards: int, usd: float) -> None:
    assert month(stream(rate, 1.0, shard_count=shards)) == pytest.approx(usd, abs=0.005)


@pytest.mark.parametrize(("kb", "units"), [(24.9, 1), (25.0, 1), (25.1, 2)])
@fact("A PUT payload unit is 25 KB of a record", source=PRICING)
def test_a_payload_unit_is_25_kb(kb: float, units: int) -> None:
    hour = stream(10, kb, shard_count=2).now("k")["cost_per_hour"]
    assert hour == pytest.approx(2 * 0.015 + 36_000 * units * 0.014e-6)


@pytest.mark.parametrize(("hours", "more"), [(24.0, 0.0), (24.1, 0.02), (168.0, 0.02)])
@fact("More than 24 h of retention cost $0.020 a shard-hour", source=PRICING)
def test_longer_retention_costs_by_the_shard(hours: float, more: float) -> None:
    run = stream(0, shard_count=5, retention_hours=hours)
    assert run.now("k")["cost_per_hour"] == pytest.approx(5 * (0.015 + more))


@fact("Enhanced fan-out costs $0.015 a consumer and shard-hour, and $0.013 a GB", source=PRICING)
def test_fan_out_costs_by_shard_and_gigabyte() -> None:
    pull = {"enhanced_fan_out": True}
    run = stream(1024, 1.0, readers=2, shard_count=3, pull=pull, seconds=20)
    usd = 3 * 0.015 + 1024 * 3600 * 0.014e-6 + 2 * 3 * 0.015
    assert run.now("k")["cost_per_hour"] == pytest.approx(usd + 2 * 3600 / 1024 * 0.013)


@pytest.mark.parametrize(("rate", "usd"), [(1, 29.50), (100, 59.3), (10_000, 3037)])
@fact("On-demand mode costs $0.04 an hour, $0.08 a GB written and $0.04 a GB read", source=PRICING)
def test_on_demand_mode_costs_by_the_gigabyte(rate: float, usd: float) -> None:
    params = {"capacity_mode": "on_demand", "shard_count": 30, "seconds": 20}
    assert month(stream(rate, 1.0, readers=1, **params)) == pytest.approx(usd, rel=0.001)


@pytest.mark.parametrize(("kb", "counted"), [(0.2, 1), (1.0, 1), (1.01, 2)])
@fact("On-demand mode counts each record as full KB", source=PRICING)
def test_on_demand_mode_counts_full_kilobytes(kb: float, counted: int) -> None:
    run = stream(1000, kb, capacity_mode="on_demand")
    usd = 0.04 + 1000 * counted * 3600 / 1024**2 * 0.08
    assert run.now("k")["cost_per_hour"] == pytest.approx(usd)


@fact("On-demand mode costs $0.05 a GB read with enhanced fan-out", source=PRICING)
def test_on_demand_mode_costs_more_for_fan_out() -> None:
    params = {"capacity_mode": "on_demand", "pull": {"enhanced_fan_out": True}, "seconds": 20}
    run = stream(1024, 1.0, readers=2, **params)
    assert run.now("k")["cost_per_hour"] == pytest.approx(
        0.04 + 3600 / 1024 * 0.08 + 2 * 3600 / 1024 * 0.05
    )


@fact("Data of more than seven days cost $0.023 a GB-month", source=PRICING)
def test_data_of_more_than_a_week_cost_by_the_gigabyte() -> None:
    # 1 MB/s; eight days on, one day of it is older than seven
    run = stream(1024, 1.0, 8 * 86_400, retention_hours=240.0, tick_s=60.0)
    gb = 86_400 / 1024
    usd = 4 * (0.015 + 0.020) + 1024 * 3600 * 0.014e-6 + gb * 0.023 / MONTH_H
    assert run.now("k")["cost_per_hour"] == pytest.approx(usd, rel=1e-5)


@fact("Data of more than 24 h cost $0.10 a GB-month in on-demand mode", source=PRICING)
@pytest.mark.parametrize(("days", "older"), [(1, 0), (2, 1), (6, 5)])
def test_data_of_more_than_a_day_cost_by_the_gigabyte_in_on_demand_mode(
    days: float, older: float
) -> None:
    params = {"capacity_mode": "on_demand", "retention_hours": 168.0, "tick_s": 60.0}
    run = stream(1024, 1.0, days * 86_400, **params)
    usd = 0.04 + 3600 / 1024 * 0.08 + older * 86_400 / 1024 * 0.10 / MONTH_H
    assert run.now("k")["cost_per_hour"] == pytest.approx(usd, rel=1e-5)


@fact(
    "A consumer may go back to TRIM_HORIZON, the oldest record that is kept: all of 24 hours",
    source="Amazon Kinesis Data Streams API Reference: GetShardIterator",
)
def test_a_consumer_goes_back_to_the_oldest_record() -> None:
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "c": ("clients", {"rate_per_s": 1.0, "write_fraction": 1.0, "arrival_cv2": 0.0}),
        "k": ("kinesis_stream", {"shard_count": 1}),
        "f": ("firehose", {}),
    }
    for hours, kept in ((20, 20), (24, 24), (30, 24)):
        seconds = hours * 3600
        run = simulate(
            nodes,
            ["c.out > k.in", "k.records > f.in"],
            seconds=seconds,
            tick_s=60.0,
            duration_s=2 * 86_400.0,
        )
        run.control("k", "read_again", {})
        go(run, 600)
        came = run.history.summary("f", "incoming_records")["total"]
        assert came == pytest.approx(seconds + 600 + kept * 3600, abs=130)
