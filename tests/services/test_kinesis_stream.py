"""Kinesis Data Streams: shards, hot keys, lag, retention, resharding and cost."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sandbox.engine import Run
from sandbox.engine.errors import EngineError
from sandbox.engine.why import bars
from sandbox.services._keys import masses, range_of
from tests.simulation import diagram, go, simulate

READER = '''
"""A consumer that takes so many records a second, and fails a part of them from a time on."""

from sandbox.kernels.compiled import compiled
from sandbox.services.contract import Port, Service
from sandbox.services.params import Parameters, param


class Params(Parameters):
    takes_per_s: float = param(1e9, "Records a second.", ge=0)
    fails: float = param(0.0, "Share that fails.", ge=0, le=1)
    from_s: float = param(0.0, "When it begins to take any.", ge=0)


@compiled
def step(p, s, io, cells, tick):
    io.done = io.reads + io.writes
    for j in tick.ins:
        link = tick.links[j]
        link.pull = p.takes_per_s if tick.t + tick.dt >= p.from_s else 0.0
        link.returned = (link.reads + link.writes) * p.fails
        link.completed = (link.reads + link.writes) * (1.0 - p.fails)


SERVICE = Service(
    id="reader",
    title="Reader",
    category="compute",
    summary="Reads.",
    params=Params,
    ports=(Port("in", "in", "Records", modes=("pull",)),),
    step=step,
)
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("services")
    (path / "reader.py").write_text(READER)
    return str(path)


def stream(
    rate: float, kb: float = 0.5, seconds: float = 60, cv2: float = 0.0, **params: Any
) -> Run:
    nodes = {
        "c": ("clients", {"rate_per_s": rate, "payload_kb": kb, "arrival_cv2": cv2}),
        "k": ("kinesis_stream", params),
    }
    return simulate(nodes, ["c.out > k.in"], seconds=seconds)


def consumed(
    folder: str,
    rate: float,
    *readers: dict[str, Any],
    kb: float = 0.5,
    seconds: float = 60,
    link: dict[str, Any] | None = None,
    clients: dict[str, Any] | None = None,
    scenario: dict[str, Any] | None = None,
    **params: Any,
) -> Run:
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "c": (
            "clients",
            {"rate_per_s": rate, "payload_kb": kb, "arrival_cv2": 0.0, **(clients or {})},
        ),
        "k": ("kinesis_stream", params),
    }
    links = ["c.out > k.in"]
    for i, reader in enumerate(readers):
        nodes[f"r{i}"] = ("reader", reader)
        links.append(f"k.records > r{i}.in {link or {}}")
    return simulate(nodes, links, seconds=seconds, folders=(folder,), **(scenario or {}))


# ---------------------------------------------------------------- writing


@pytest.mark.parametrize(("rate", "throttled"), [(999, 0), (1000, 0), (1001, 1), (1500, 500)])
def test_a_shard_takes_a_thousand_records_a_second_however_small(
    rate: float, throttled: float
) -> None:
    run = stream(rate, kb=0.1, shard_count=1)
    assert run.now("k")["write_throttled"] == pytest.approx(throttled, abs=1e-6)
    assert run.losses("k")["shard_bytes"][1] == 0


@pytest.mark.parametrize(("rate", "throttled"), [(255, 0), (256, 0), (257, 1), (512, 256)])
def test_a_shard_takes_a_megabyte_a_second_however_few_the_records(
    rate: float, throttled: float
) -> None:
    run = stream(rate, kb=4.0, shard_count=1)  # 256 records of 4 KB are 1 MiB
    assert run.now("k")["write_throttled"] == pytest.approx(throttled, abs=1e-6)
    assert run.losses("k")["shard_records"][1] == 0


def test_records_of_a_kilobyte_meet_the_limit_of_records_first() -> None:
    run = stream(1100, kb=1.0, shard_count=1)
    assert run.losses("k")["shard_records"][0] == pytest.approx(100)


def test_random_arrivals_at_the_limit_are_throttled_a_little() -> None:
    # Poisson: E[(N - 1000)+] = sqrt(1000 / 2 pi) = 12.6
    assert stream(1000, shard_count=1, cv2=1.0).now("k")["throttled"] == pytest.approx(
        12.6, rel=0.02
    )
    assert stream(900, shard_count=1, cv2=1.0).now("k")["throttled"] < 0.01


@pytest.mark.parametrize(("kb", "rejected"), [(1023, 0), (1024, 0), (1025, 1)])
def test_a_record_of_more_than_a_megabyte_is_refused(kb: float, rejected: float) -> None:
    run = stream(1.0, kb=kb, shard_count=4)
    assert run.losses("k")["record_too_large"][0] == rejected


def test_the_length_of_a_tick_changes_nothing_of_what_is_throttled() -> None:
    found = []
    for tick_s in (0.1, 1.0, 10.0):
        nodes = {
            "c": ("clients", {"rate_per_s": 3990, "payload_kb": 0.5}),
            "k": ("kinesis_stream", {}),
        }
        run = simulate(nodes, ["c.out > k.in"], seconds=60, tick_s=tick_s)
        found.append(run.losses("k")["shard_records"][1])
    assert found[0] > 100
    assert found == pytest.approx([found[1]] * 3, rel=1e-6)


# ---------------------------------------------------------------- keys


@pytest.mark.parametrize(
    ("key", "of_four", "of_ten"),
    [("a", 0, 0), ("user-1", 3, 8), ("user-2", 0, 2), ("order-42", 1, 3)],
)
def test_a_key_falls_in_the_range_that_holds_its_md5_as_a_128_bit_number(
    key: str, of_four: int, of_ten: int
) -> None:
    number = int(hashlib.md5(key.encode()).hexdigest(), 16)
    assert range_of(key, 4) == of_four == number * 4 // 2**128
    assert range_of(key, 10) == of_ten == number * 10 // 2**128


def test_the_shares_of_the_shards_are_the_sums_over_their_keys() -> None:
    # ten thousand keys by Zipf's law with exponent 1.1 on sixteen shards
    found = np.zeros(16)
    for i in range(10_000):
        shard = int(hashlib.md5(f"key-{i}".encode()).hexdigest(), 16) * 16 // 2**128
        found[shard] += (i + 1) ** -1.1
    assert masses(16, 10_000, 1.1) == pytest.approx(found / found.sum(), rel=1e-9)
    assert masses(16, 10_000, 1.1).max() == pytest.approx(0.221764, abs=1e-6)


def test_many_even_keys_load_the_shards_evenly() -> None:
    assert masses(4, 1_000_000, 0.0) == pytest.approx([0.25] * 4, rel=0.01)


def test_a_single_key_goes_to_a_single_shard() -> None:
    run = stream(2000, key_count=1, shard_count=8)
    assert run.now("k")["hottest_shard_share"] == 1.0
    assert run.now("k")["served"] == pytest.approx(1000)


def test_skewed_keys_throttle_as_an_exact_simulation_says() -> None:
    """8,000 to 14,000 records/s in an hour, sixteen shards, Poisson counts in windows of 1 s."""
    load = {
        "rate_per_s": 1.0,
        "payload_kb": 0.1,
        "shape": "ramp",
        "ramp_from": 8000,
        "ramp_to": 14000,
        "ramp_duration_s": 3600,
    }
    nodes = {
        "c": ("clients", load),
        "k": ("kinesis_stream", {"shard_count": 16, "key_skew": 1.1}),
    }
    run = simulate(nodes, ["c.out > k.in"], seconds=3600)
    share = run.losses("k")["shard_records"][1] / 39_600_000
    assert share == pytest.approx(0.142780, rel=0.0005)


def test_a_hot_key_throttles_though_the_stream_has_room() -> None:
    run = stream(3000, shard_count=10, hot_key_share=0.5)
    now = run.now("k")
    # half of 3,000 and a tenth of the rest on one shard that takes 1,000
    assert now["utilization"] < 0.3
    assert now["write_throttled"] == pytest.approx(650, abs=10)
    event = next(e for e in run.events if e.kind == "hot_shard")
    assert f"Shard {range_of('hot', 10)} is hot: 55" in event.text


def test_a_key_can_be_made_hot_during_a_run_and_cooled() -> None:
    run = stream(3000, shard_count=10)
    assert run.now("k")["write_throttled"] == 0
    run.control("k", "hot_key", {"share": 0.5})
    assert go(run, 10).now("k")["write_throttled"] == pytest.approx(650, abs=10)
    run.control("k", "hot_key", {"share": 0.0})
    assert go(run, 10).now("k")["write_throttled"] == 0


def test_a_stream_that_is_full_everywhere_has_no_hot_shard() -> None:
    run = stream(20_000, shard_count=4)
    assert run.now("k")["write_throttled"] == pytest.approx(16_000)
    assert not [e for e in run.events if e.kind == "hot_shard"]


# ---------------------------------------------------------------- reading


def test_a_consumer_that_keeps_up_gets_all_with_the_delay_of_polling(folder: str) -> None:
    run = consumed(folder, 1000, {})
    assert run.now("r0")["served"] == pytest.approx(1000)
    assert run.now("k")["backlog"] == pytest.approx(600)  # polled once a second, and 0.1 s
    assert run.now("k")["iterator_age_s"] == 0


def test_enhanced_fan_out_delivers_sooner(folder: str) -> None:
    run = consumed(folder, 1000, {}, link={"enhanced_fan_out": True})
    assert run.now("k")["backlog"] == pytest.approx(70)


@pytest.mark.parametrize(("interval", "refused"), [(0.5, 0), (0.4, 0), (0.3, 5 / 3), (0.2, 5)])
def test_a_shard_answers_five_reads_a_second(folder: str, interval: float, refused: float) -> None:
    run = consumed(folder, 100, {}, {}, link={"poll_interval_s": interval}, shard_count=1)
    assert run.now("k")["read_throttled"] == pytest.approx(refused)


def test_five_reads_a_second_shared_by_ten_make_all_wait_two_seconds_between_reads(
    folder: str,
) -> None:
    run = consumed(folder, 100, *[{}] * 10, seconds=30)
    assert run.now("k")["backlog"] == pytest.approx(100 * 1.1)


def test_a_consumer_reads_nothing_beyond_two_megabytes_a_second_of_a_shard(folder: str) -> None:
    # 100 records/s of 10 KB for 100 s, read from then on at 2,048 KB/s
    run = consumed(folder, 100, {"from_s": 100}, kb=10, seconds=100, shard_count=1)
    assert run.now("k")["backlog"] == pytest.approx(10_000)
    go(run, 10)
    assert run.now("r0")["served"] == pytest.approx(204.8)
    assert run.now("k")["backlog"] == pytest.approx(10_000 - 10 * 104.8)


def test_consumers_share_two_megabytes_a_second_but_not_with_enhanced_fan_out(folder: str) -> None:
    late = {"from_s": 100}
    shared = consumed(folder, 100, late, late, kb=10, seconds=110, shard_count=1)
    assert shared.now("r0")["served"] == shared.now("r1")["served"] == pytest.approx(102.4)
    own = consumed(
        folder, 100, late, late, kb=10, seconds=110, shard_count=1, link={"enhanced_fan_out": True}
    )
    assert own.now("r0")["served"] == own.now("r1")["served"] == pytest.approx(204.8)


def test_consumers_share_two_thousand_records_a_second_in_the_current_era(folder: str) -> None:
    for era, each in (("current", 2000 / 3), ("2020", 1000)):
        run = consumed(folder, 1000, {}, {}, {}, kb=0.1, shard_count=1, scenario={"era": era})
        assert run.now("r0")["served"] == pytest.approx(each, rel=0.03), era


def test_the_iterator_age_grows_as_the_consumer_falls_behind(folder: str) -> None:
    # 800 of 1,000 a second: after 100 s it reads what was written at 80 s
    run = consumed(folder, 1000, {"takes_per_s": 800}, seconds=100, shard_count=1)
    assert run.now("k")["backlog"] == pytest.approx(20_000 + 800, abs=1)
    assert run.now("k")["iterator_age_s"] == pytest.approx(20.8, abs=0.1)


def test_the_age_is_that_of_the_oldest_unread_whatever_the_load_was(folder: str) -> None:
    steps = [[0, 1.0], [50, 3.0], [100, 0.0], [150, 2.0]]
    run = consumed(
        folder,
        100,
        {"takes_per_s": 50},
        seconds=200,
        shard_count=1,
        clients={"shape": "steps", "steps": steps},
    )
    # 199 s x 50 were read: 5,000 of the first 50 s, then 4,950 at 300/s
    assert run.now("k")["iterator_age_s"] == pytest.approx(200 - 50 - 4950 / 300, abs=0.01)


def test_a_hot_shard_lags_while_the_others_do_not(folder: str) -> None:
    # a consumer of 1,200/s has 300/s for each of four shards; one gets 600, the others 133
    run = consumed(folder, 1000, {"takes_per_s": 1200}, hot_key_share=0.4667, seconds=100)
    place = run.program.places[run.program.index["k"]]
    held = place.cells["held"][:4, 0]
    hot = range_of("hot", 4)
    assert held[hot] > 25_000
    assert np.delete(held, hot).max() < 200
    assert run.now("k")["iterator_age_s"] == pytest.approx(50, rel=0.05)


def test_what_a_consumer_fails_is_read_again(folder: str) -> None:
    run = consumed(folder, 500, {"takes_per_s": 1000, "fails": 0.25}, shard_count=1, seconds=100)
    # each record is read 1 / (1 - 0.25) times
    assert run.now("r0")["served"] == pytest.approx(500 / 0.75, rel=0.01)
    assert run.now("k")["iterator_age_s"] < 2


def test_a_consumer_whose_records_all_fail_gets_no_further(folder: str) -> None:
    run = consumed(folder, 100, {"takes_per_s": 100, "fails": 1.0}, shard_count=1, seconds=300)
    assert run.now("k")["iterator_age_s"] == pytest.approx(300, abs=3)


@pytest.mark.parametrize(("hours", "lost"), [(24, 0.0), (24.5, 0.5), (25, 1.0)])
def test_what_is_older_than_the_retention_is_lost_to_a_consumer_that_reads_nothing(
    folder: str, hours: float, lost: float
) -> None:
    run = consumed(
        folder,
        10,
        {"takes_per_s": 0},
        seconds=hours * 3600,
        scenario={"tick_s": 10.0, "duration_s": 90_000.0},
    )
    now = run.now("k")
    assert now["backlog"] == pytest.approx(10 * 3600 * min(hours, 24))
    assert now["iterator_age_s"] == pytest.approx(3600 * min(hours, 24), abs=11)
    expired = run.history.summary("k", "expired")["total"]
    assert expired == pytest.approx(10 * 3600 * lost, rel=0.01)
    assert now["expired"] == pytest.approx(10 if lost else 0)


def test_half_of_the_retention_behind_is_an_event(folder: str) -> None:
    run = consumed(folder, 10, {"takes_per_s": 0}, seconds=12 * 3600, scenario={"tick_s": 10.0})
    assert not [e for e in run.events if e.kind == "lagging"]
    go(run, 20)
    assert [e.text for e in run.events if e.kind == "lagging"]


def test_each_consumer_has_a_lag_of_its_own(folder: str) -> None:
    run = consumed(folder, 1000, {}, {"takes_per_s": 500}, seconds=100, shard_count=2)
    links = run.program.links
    held = {run.program.link_ids[j][1]: float(links[j]["held"]) for j in range(len(links))}
    assert held["r0"] == pytest.approx(600)
    assert held["r1"] == pytest.approx(50_500, rel=0.01)


def test_a_load_that_changes_every_tick_for_a_day_keeps_its_balance_and_age(folder: str) -> None:
    clients = {"shape": "diurnal", "daily_swing": 0.9, "noise": "slow"}
    run = consumed(
        folder,
        1000,
        {"takes_per_s": 900},
        clients=clients,
        seconds=86_400,
        scenario={"tick_s": 10.0},
    )
    now = run.now("k")
    assert now["backlog"] > 1e6
    assert 1000 < now["iterator_age_s"] < 86_400


# ---------------------------------------------------------------- changing the shards


def test_updating_the_shard_count_takes_its_time_and_ends_throttling() -> None:
    run = stream(3000, shard_count=2)
    assert run.now("k")["write_throttled"] == pytest.approx(1000)
    text = run.control("k", "update_shard_count", {"target": 4})
    assert "from 2 to 4 shards, in about 60 s (1 of 10 updates in 24 h)" in text
    assert go(run, 60).now("k")["shards"] == 2
    assert go(run, 1).now("k")["shards"] == 4
    assert run.now("k")["write_throttled"] == 0
    assert run.now("k")["instances"] == 4


@pytest.mark.parametrize(("target", "allowed"), [(4, False), (5, True), (20, True), (21, False)])
def test_the_shard_count_can_be_halved_or_doubled_at_most(target: int, allowed: bool) -> None:
    run = stream(100, shard_count=10, seconds=1)
    if allowed:
        run.control("k", "update_shard_count", {"target": target})
    else:
        with pytest.raises(EngineError, match="5 to 20"):
            run.control("k", "update_shard_count", {"target": target})


def test_a_stream_can_be_updated_twice_a_day_in_2020_and_ten_times_now() -> None:
    for era, allowed in (("2020", 2), ("current", 10)):
        nodes = {"c": ("clients", {}), "k": ("kinesis_stream", {"shard_count": 4})}
        run = simulate(nodes, ["c.out > k.in"], seconds=1, era=era, tick_s=1.0)
        for n in range(allowed):
            run.control("k", "update_shard_count", {"target": 5 if n % 2 == 0 else 4})
            go(run, 60)
        with pytest.raises(EngineError, match=f"{allowed} times in 24 h"):
            run.control("k", "update_shard_count", {"target": 6})


def test_a_stream_that_is_being_updated_cannot_be_updated() -> None:
    run = stream(100, shard_count=4, seconds=1)
    run.control("k", "update_shard_count", {"target": 8})
    with pytest.raises(EngineError, match="is being updated to 8"):
        run.control("k", "update_shard_count", {"target": 6})


def test_a_split_moves_no_old_data(folder: str) -> None:
    # 100,000 unread in one shard that gives 2,000/s; two more shards do not help with those
    run = consumed(folder, 1000, {"from_s": 100}, kb=0.1, seconds=68, shard_count=1)
    run.control("k", "update_shard_count", {"target": 2})
    go(run, 32)
    before = run.now("k")["backlog"]
    go(run, 10)
    assert run.now("r0")["served"] == pytest.approx(2000)
    assert run.now("k")["backlog"] == pytest.approx(before - 10_000)
    go(run, 60)
    assert [e.kind for e in run.events if e.kind in ("resharded", "drained")] == [
        "resharded",
        "drained",
    ]
    assert go(run, 120).now("k")["iterator_age_s"] == 0
    assert run.now("k")["backlog"] == pytest.approx(600)


def test_shards_edited_during_a_run_change_at_once_and_lose_nothing(folder: str) -> None:
    run = consumed(folder, 1500, {"takes_per_s": 500}, kb=0.1, seconds=60, shard_count=2)
    before = run.now("k")["backlog"]
    nodes = {
        "c": ("clients", {"rate_per_s": 1500, "payload_kb": 0.1}),
        "k": ("kinesis_stream", {"shard_count": 300}),
        "r0": ("reader", {"takes_per_s": 500}),
    }
    run.edit(diagram(nodes, ["c.out > k.in", "k.records > r0.in"]))
    go(run, 1)
    assert run.now("k")["shards"] == 300
    assert run.now("k")["backlog"] == pytest.approx(before + 1000)
    go(run, 60)


def test_the_quota_of_2020_is_five_hundred_shards() -> None:
    nodes = {"c": ("clients", {}), "k": ("kinesis_stream", {"shard_count": 501})}
    run = simulate(nodes, ["c.out > k.in"], seconds=1, era="2020")
    assert run.now("k")["shards"] == 500
    assert [e for e in run.events if e.kind == "quota"]


# ---------------------------------------------------------------- answers and cost


def test_a_put_takes_fifteen_milliseconds() -> None:
    assert stream(100).now("c")["latency_mean"] == pytest.approx(0.015)


@pytest.mark.parametrize(("kb", "units"), [(24.9, 1), (25.0, 1), (25.1, 2), (50.1, 3)])
def test_a_record_costs_a_payload_unit_for_each_25_kb(kb: float, units: int) -> None:
    run = stream(10, kb=kb, shard_count=2)
    assert run.now("k")["cost_per_hour"] == pytest.approx(0.03 + 36_000 * units * 0.014e-6)


def test_longer_retention_and_fan_out_cost_by_the_shard(folder: str) -> None:
    run = consumed(
        folder, 0, {}, link={"enhanced_fan_out": True}, shard_count=4, retention_hours=48
    )
    assert run.now("k")["cost_per_hour"] == pytest.approx(4 * (0.015 + 0.020 + 0.015))


# ---------------------------------------------------------------- reading again


def test_a_consumer_reads_again_what_the_retention_has_kept() -> None:
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "c": ("clients", {"rate_per_s": 100, "write_fraction": 1.0, "arrival_cv2": 0.0}),
        "k": ("kinesis_stream", {}),
        "a": ("firehose", {}),
        "b": ("firehose", {}),
    }
    links = ["c.out > k.in", "k.records > a.in", "k.records > b.in"]
    run = simulate(nodes, links, seconds=600, tick_s=10.0)
    run.control("k", "read_again", {"consumer": 2})
    go(run, 600)
    came = [run.history.summary(name, "incoming_records")["total"] for name in "ab"]
    assert came == pytest.approx([120_000, 180_000], rel=0.005)
    go(run, 30 * 3600)
    before = run.history.summary("a", "incoming_records")["total"]
    run.control("k", "read_again", {"consumer": 1})
    go(run, 7200)  # two hours, for a shard gives 2 MB a second
    again = run.history.summary("a", "incoming_records")["total"] - before - 720_000
    assert again == pytest.approx(24 * 3600 * 100, rel=0.01)
    with pytest.raises(EngineError, match="2 consumers"):
        run.control("k", "read_again", {"consumer": 3})


def test_each_shard_numbers_its_own_records_and_tells_how_far_all_have_read(folder: str) -> None:
    run = consumed(folder, 100.0, {"takes_per_s": 40.0}, seconds=100, shard_count=2)
    (shards,) = bars(run, "k")
    given, read = zip(
        *(
            (int(n.replace(",", "")) for n in re.findall(r"[\d,]+(?=$|, read)", bar.note))
            for bar in shards.bars
        ),
        strict=True,
    )
    assert sum(given) == pytest.approx(10_000, abs=2)
    assert sum(read) == pytest.approx(4_000, rel=0.03)
