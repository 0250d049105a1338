"""What AWS says of Data Firehose, at its boundaries."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document.records import Fault
from sandbox.engine import Run
from tests.conformance import fact
from tests.simulation import go, simulate

LIMITS = "Amazon Data Firehose Developer Guide: Quota"
HINTS = "Amazon Data Firehose API Reference: BufferingHints"
DELIVERY = "Amazon Data Firehose Developer Guide: Understand data delivery"
RETRY = "Amazon Data Firehose API Reference: RedshiftRetryOptions"
PRICING = "https://aws.amazon.com/firehose/pricing/"
MIB = 1024.0


def firehose(
    rate: float,
    kb: float = 1.0,
    seconds: float = 10,
    down: tuple[float, float] | None = None,
    backup: bool = False,
    **params: Any,
) -> Run:
    """Clients, a delivery stream and its destination, which may be down for a while."""
    scenario = {k: params.pop(k) for k in ("era", "region", "tick_s", "duration_s") if k in params}
    if down:
        scenario["faults"] = (Fault("error_rate", "d", *down, 1.0),)
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "c": ("clients", {"rate_per_s": rate, "payload_kb": kb, "arrival_cv2": 0.0}),
        "f": ("firehose", params),
        "d": ("external", {"servers": 1000}),
    }
    links = ["c.out > f.in", "f.delivery > d.in"]
    if backup:
        nodes["b"] = ("external", {"servers": 1000})
        links.append("f.backup > b.in")
    return simulate(nodes, links, seconds=seconds, **scenario)


def throttled(run: Run) -> float:
    return float(run.now("f")["throttled_records"])


@pytest.mark.parametrize(
    ("era", "region", "limit"),
    [
        ("2020", "us-east-1", 5_000),
        ("2020", "eu-central-1", 1_000),
        ("current", "us-east-1", 500_000),
        ("current", "us-west-2", 500_000),
        ("current", "eu-central-1", 100_000),
    ],
)
@fact(
    "Direct puts take 500,000 records a second in the big Regions and 100,000 elsewhere, 5,000 and "
    "1,000 in 2020",
    source=LIMITS,
)
def test_direct_puts_take_so_many_records(era: str, region: str, limit: float) -> None:
    for rate, over in ((0.999 * limit, 0.0), (limit, 0.0), (1.001 * limit, 0.001 * limit)):
        run = firehose(rate, 0.005, 3, era=era, region=region, records_per_call=500)
        assert throttled(run) == pytest.approx(over, abs=1e-6 * limit)


@pytest.mark.parametrize(("region", "limit"), [("eu-west-1", 2000), ("eu-central-1", 1000)])
@fact("Direct puts take 2,000 calls a second in the big Regions, 1,000 elsewhere", source=LIMITS)
def test_direct_puts_take_so_many_calls(region: str, limit: float) -> None:
    for rate, over in ((limit - 1, 0), (limit, 0), (limit + 1, 1)):
        assert throttled(firehose(rate, 0.1, 3, region=region)) == pytest.approx(over, abs=1e-3)


@pytest.mark.parametrize(("region", "mib"), [("us-east-1", 5), ("eu-central-1", 1)])
@fact("Direct puts take 5 MiB a second in the big Regions, 1 MiB elsewhere", source=LIMITS)
def test_direct_puts_take_so_many_bytes(region: str, mib: float) -> None:
    limit = mib * MIB / 10
    for rate, over in ((limit - 1, 0), (limit, 0), (limit + 1, 1)):
        run = firehose(rate, 10.0, 3, region=region, records_per_call=100)
        assert throttled(run) == pytest.approx(over, abs=1e-3)


@pytest.mark.parametrize(("rate", "over"), [(3999, 0), (4000, 0), (4001, 1)])
@fact("The three limits of direct puts rise together: 10 MiB, 4,000 calls", source=LIMITS)
def test_the_limits_rise_together(rate: float, over: float) -> None:
    assert throttled(firehose(rate, 0.1, 3, quota_factor=2.0)) == pytest.approx(over, abs=1e-3)
    large = firehose(rate / 4000 * 1024, 10.0, 3, quota_factor=2.0, records_per_call=100)
    assert throttled(large) == pytest.approx(over * 0.256, abs=1e-3)


@pytest.mark.parametrize(("kb", "lost"), [(999, 0), (1000, 0), (1001, 1)])
@fact("A record has 1,000 KiB at most", source=LIMITS)
def test_a_record_has_a_thousand_kib(kb: float, lost: float) -> None:
    assert firehose(1, kb, 3).losses("f")["record_too_large"][0] == lost


@fact("A PutRecordBatch has 500 records at most", source=LIMITS)
def test_a_batch_has_500_records() -> None:
    run = firehose(1, 0.001, 2, region="eu-central-1", records_per_call=50)
    limit = run.program.places[run.program.index["f"]].s["limit"].item()
    assert limit == 1000 * 50
    firehose(1, 0.001, 2, records_per_call=500)
    with pytest.raises(Exception, match="500"):
        firehose(1, records_per_call=501)


@fact("With a Kinesis stream as source there is no limit of direct puts", source=LIMITS)
def test_a_stream_as_source_has_no_limit() -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 6000, "payload_kb": 0.5, "arrival_cv2": 0.0}),
        "k": ("kinesis_stream", {"shard_count": 12}),
        "f": ("firehose", {}),
        "d": ("external", {"servers": 100}),
    }
    links = ["c.out > k.in", "k.records > f.in", "f.delivery > d.in"]
    run = simulate(nodes, links, seconds=10, region="us-east-1")
    assert run.now("f")["incoming_records"] == pytest.approx(6000)
    assert throttled(run) == 0


@pytest.mark.parametrize(("era", "interval"), [("2020", 300), ("current", 300)])
@fact("The buffer is delivered after 300 s by default", source=HINTS)
def test_the_buffer_is_delivered_after_its_interval(era: str, interval: int) -> None:
    run = firehose(1, 0.1, interval - 1, era=era)
    assert run.history.summary("f", "objects")["total"] == 0
    go(run, 1)
    assert run.history.summary("f", "objects")["total"] == pytest.approx(1)
    assert run.now("f")["data_freshness_s"] == pytest.approx(interval)
    assert go(run, 1).now("f")["delivered_records"] == pytest.approx(interval)


@pytest.mark.parametrize(("size", "seconds"), [(None, 50), (1.0, 10), (2.0, 20)])
@fact("The buffer is delivered at 5 MiB by default, at 1 MiB at least", source=HINTS)
def test_the_buffer_is_delivered_at_its_size(size: float | None, seconds: int) -> None:
    # 102.4 KB a second: 1 MiB in ten seconds
    params = {} if size is None else {"buffer_size_mib": size}
    run = firehose(102.4, 1.0, seconds - 1, **params)
    assert run.history.summary("f", "objects")["total"] == 0
    assert go(run, 1).history.summary("f", "objects")["total"] == pytest.approx(1)


@fact("The shortest interval of the buffer was 60 s, and is 0 s now", source=HINTS)
def test_the_shortest_interval_depends_on_the_era() -> None:
    run = firehose(10, 0.1, 59, era="2020", buffer_interval_s=0.0)
    assert run.history.summary("f", "objects")["total"] == 0
    assert go(run, 1).history.summary("f", "objects")["total"] == pytest.approx(1)
    now = firehose(10, 0.1, 20, buffer_interval_s=0.0)
    assert now.now("f")["delivered_records"] == pytest.approx(10)


@pytest.mark.parametrize(("hours", "lost"), [(23.9, 0), (24.0, 0), (24.5, 1800)])
@fact("A destination that is down is tried for 24 h, then the records are lost", source=LIMITS)
def test_records_are_kept_for_a_destination_for_a_day(hours: float, lost: float) -> None:
    run = firehose(1, 0.1, hours * 3600, down=(0, 1e6), tick_s=60.0, duration_s=1e5)
    assert run.history.summary("f", "expired")["total"] == pytest.approx(lost, abs=65)


@pytest.mark.parametrize(("given", "seconds"), [({}, 3600), ({"retry_duration_s": 7200.0}, 7200)])
@fact("Redshift is tried for 3,600 s by default, for 7,200 s at most", source=RETRY)
def test_redshift_is_tried_for_its_retry_duration(given: dict[str, float], seconds: int) -> None:
    params = {"destination": "redshift", "down": (0.0, 1e6), "backup": True, "tick_s": 10.0}
    run = firehose(1, 0.1, seconds - 60, **params, **given)
    assert run.losses("f")["backed_up"][1] == 0
    go(run, 120)
    assert run.losses("f")["backed_up"][1] == pytest.approx(60, abs=15)
    assert run.history.summary("b", "arrivals")["total"] > 0
    with pytest.raises(Exception, match="7200"):
        firehose(1, retry_duration_s=7201.0)


@fact("What a destination refused is delivered when it is back: nothing is lost", source=DELIVERY)
def test_nothing_is_lost_in_ten_minutes_without_a_destination() -> None:
    run = firehose(10, 0.1, 605, down=(0, 640), buffer_interval_s=60.0)
    assert run.now("f")["backlog"] == pytest.approx(6050)
    assert any(event.kind == "destination_refuses" for event in run.events)
    go(run, 120)
    assert run.now("f")["backlog"] < 700
    assert run.history.summary("f", "delivered_records")["total"] > 6500


@pytest.mark.parametrize(("rate", "usd"), [(1, 0.3634), (100, 36.34), (10_000, 3634)])
@fact("A GB costs $0.029, each record counted as full 5 KB", source=PRICING)
def test_small_records_cost_as_five_kilobytes(rate: float, usd: float) -> None:
    run = firehose(rate, 1.0, 2, quota_factor=10.0)
    assert run.now("f")["cost_per_hour"] * 730 == pytest.approx(usd, rel=1e-3)


@pytest.mark.parametrize(("kb", "counted"), [(4.9, 5), (5.0, 5), (5.1, 10)])
@fact("Records are counted in steps of 5 KB", source=PRICING)
def test_records_count_in_steps_of_five_kilobytes(kb: float, counted: float) -> None:
    usd = 100 * counted * 3600 / 1024**2
    for converts, price in ((False, 0.029), (True, 0.047)):
        run = firehose(100, kb, 2, format_conversion=converts)
        assert run.now("f")["cost_per_hour"] == pytest.approx(usd * price)
