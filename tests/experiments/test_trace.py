"""Recorded loads: what a CSV says is what arrives."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.document import Document
from sandbox.experiments import InputError, run
from sandbox.experiments import trace as traces
from tests.simulation import diagram


@pytest.fixture
def write(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "load.csv"
        path.write_text(text)
        return path

    return write


def shop() -> Document:
    return diagram(
        {"users": ("clients", {"rate_per_s": 5}), "api": ("external", {"servers": 100})},
        ["users.out > api.in"],
    )


def test_counts_become_rates_over_their_period(write):
    trace = traces.load(write("timestamp,value\n2026-01-05 08:00,600\n2026-01-05 08:05,300\n"))
    assert trace.period_s == 300
    assert trace.points == ((0, 2.0), (300, 1.0))
    assert trace.total == 900
    assert trace.duration_s == 600
    assert trace.start == "2026-01-05T08:00:00Z"
    assert trace.gaps == ()


def test_rates_are_taken_as_they_are(write):
    trace = traces.load(write("time_s,rate_per_s\n0,2\n60,4\n"))
    assert trace.points == ((0, 2.0), (60, 4.0))
    assert trace.total == 360
    assert trace.start is None


def test_a_missing_row_is_filled_halfway_between_its_neighbours_and_named(write):
    trace = traces.load(write("t,count\n0,100\n10,100\n30,300\n40,300\n"))
    assert trace.points == ((0, 10), (10, 10), (20, 20), (30, 30), (40, 30))
    assert trace.gaps == ((20, 30),)
    assert trace.total == 800  # of the file, without the 200 that were filled in


def test_several_missing_rows_lie_on_a_straight_line(write):
    trace = traces.load(write("t,count\n0,0\n10,10\n50,50\n60,60\n"))
    assert [rate for _, rate in trace.points] == pytest.approx([0, 1, 2, 3, 4, 5, 6])
    assert trace.gaps == ((20, 50),)


def test_a_row_that_comes_a_little_late_is_no_gap_and_loses_nothing(write):
    trace = traces.load(write("t,count\n0,100\n10,100\n20,120\n32,80\n42,100\n"))
    assert trace.gaps == ()
    assert trace.points[2] == (20, 10)
    assert trace.total == 500


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("timestamp,value\n", "has no rows"),
        ("timestamp,value\n2026-01-05 08:00,1\n", "has 1 row of load"),
        ("t,count\n0,1\n60,2\n60,3\n", "line 4: 60 stands in line 3 already"),
        ("t,count\n0,1\n60,2\n30,3\n", "line 4: 30 is earlier than line 3"),
        ("t,count\n0,1\n60,many\n", "line 3: 'many' is not a count"),
        ("t,count\n0,1\n60,\n", "line 3: the count is missing"),
        ("t,count\n0,1\n60,-2\n", "line 3: '-2' is not a count"),
        ("t,count\n0,1\n60,nan\n", "line 3: 'nan' is not a count"),
        ("t,count\n0,1\nnoon,2\n", "line 3: 'noon' is not a time"),
        ("t,count\n0,1\n60\n", "line 3: 1 columns"),
        ("t,count\n0,1\n2026-01-05,2\n", "line 3: '2026-01-05' is a date or not"),
        ("time\n1\n2\n", "line 1: one column only"),
        ("t,count\n0,1\n\n60,2\n1e12,2\n", "line 5"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(write, text, complaint):
    with pytest.raises(InputError) as refused:
        traces.load(write(text))
    assert complaint in str(refused.value)
    assert "load.csv" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_without_a_header_with_other_separators_or_order_is_read_too(write):
    assert traces.load(write("0;60\n60;120\n")).points == ((0, 1), (60, 2))
    swapped = traces.load(write("zone,count,period\na,60,0\nb,120,60\n"))
    assert swapped.points == ((0, 1), (60, 2))


def test_a_replay_sends_exactly_what_the_file_says(write):
    path = write("timestamp,count\n2026-02-01T00:00:00Z,600\n2026-02-01T00:05:00Z,900\n")
    result = run(shop(), trace=path)
    assert result.duration_s == 600
    assert result.scenario.start == "2026-02-01T00:00:00Z"
    assert result.summary("users", "arrivals")["total"] == pytest.approx(1500)


def test_after_its_end_a_trace_sends_nothing(write):
    result = run(shop(), trace=write("t,count\n0,600\n60,600\n"), duration_s="10m")
    assert result.summary("users", "arrivals")["total"] == pytest.approx(1200)


def test_what_fills_a_gap_is_counted_apart_and_is_an_event(write):
    result = run(shop(), trace=write("t,count\n0,600\n60,600\n180,600\n240,600\n"))
    assert result.summary("users", "arrivals")["total"] == pytest.approx(3000)
    assert result.summary("users", "filled_in")["total"] == pytest.approx(600)
    said = [event for event in result.events if event.kind == "trace_gap"]
    assert [event.t_s for event in said] == [120]
    assert "600.0 requests filled in" in said[0].text


def test_a_trace_drives_the_one_source_or_the_one_that_is_named(write):
    path = write("t,count\n0,600\n60,600\n")
    two = diagram(
        {"web": ("clients", {}), "app": ("clients", {}), "api": ("external", {})},
        ["web.out > api.in", "app.out > api.in"],
    )
    with pytest.raises(InputError, match=r"2 sources of load.*there are web, app"):
        run(two, trace=path)
    with pytest.raises(InputError, match=r"'api' is none; there are web, app"):
        run(two, trace=f"api={path}")
    result = run(two, trace=f"app={path}")
    assert result.summary("app", "arrivals")["total"] == pytest.approx(1200)
    assert result.summary("web", "arrivals")["mean"] == pytest.approx(50)


def test_two_traces_keep_their_distance_in_time(tmp_path):
    early, late = tmp_path / "early.csv", tmp_path / "late.csv"
    early.write_text("time,count\n2026-01-05 08:00,60\n2026-01-05 08:01,60\n")
    late.write_text("time,count\n2026-01-05 08:01,120\n2026-01-05 08:02,120\n")
    two = diagram(
        {"web": ("clients", {}), "app": ("clients", {}), "api": ("external", {"servers": 100})},
        ["web.out > api.in", "app.out > api.in"],
    )
    result = run(two, trace={"web": late, "app": early}, every_s=60)
    assert result.series("app", "arrivals").mean == pytest.approx([1, 1, 0])
    assert result.series("web", "arrivals").mean == pytest.approx([0, 2, 2])


@pytest.mark.parametrize(
    ("name", "gaps"),
    [("elb_request_count_8c0756", 8), ("grok_asg_anomaly", 0), ("worldcup98-week", 0)],
)
def test_real_traces_replay_to_their_own_totals(real_inputs: Path, name: str, gaps: int):
    path = real_inputs / "load" / f"{name}.csv"
    total = sum(float(line.split(",")[1]) for line in path.read_text().splitlines()[1:])
    result = run(shop(), trace=path, tick_s="60s")
    arrivals = result.summary("users", "arrivals")["total"]
    filled = result.summary("users", "filled_in")["total"]
    assert arrivals - filled == pytest.approx(total, rel=1e-4)
    said = [event for event in result.events if event.kind == "trace_gap"]
    assert len(said) == gaps
    assert (filled > 0) == (gaps > 0)
