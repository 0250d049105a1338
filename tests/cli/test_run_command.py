"""`sandbox run`: output, assertions, files."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

TOP = [
    *("diagram", "seed", "tick_s", "duration_s", "ticks", "wall_s", "balance_error", "cost_usd"),
    *("nodes", "losses", "events", "assertions", "warnings"),
]


def test_json_on_standard_output_is_all_there_is_and_has_the_promised_keys(sandbox, shop):
    status, out, err = sandbox("run", shop, "--for", "10m", "--json", "-")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert list(found) == TOP
    assert (found["diagram"], found["ticks"], found["duration_s"]) == ("shop", 600, 600.0)
    assert found["balance_error"] < 1e-9
    for metrics in found["nodes"].values():
        for summary in metrics.values():
            assert list(summary) == ["mean", "min", "max", "last", "total", "run", "unit"]
    assert found["nodes"]["users"]["arrivals"]["total"] == pytest.approx(30_000)
    assert found["nodes"]["api"]["latency_p99"]["run"] > 0
    assert list(found["events"][0]) == ["t_s", "node", "kind", "text"]


def test_only_the_wall_clock_differs_between_two_runs(sandbox, shop):
    def bare() -> bytes:
        return re.sub(rb'"wall_s": [\d.e-]+', b"", sandbox("run", shop, "--json", "-")[1])

    assert bare() == bare()


def test_csv_has_a_row_for_each_interval_and_a_column_for_each_metric(sandbox, shop):
    status, out, _ = sandbox("run", shop, "--every", "60s", "--csv", "-")
    assert status == 0
    rows = list(csv.reader(io.StringIO(out.decode())))
    assert rows[0][0] == "t_s"
    assert {"users.arrivals", "api.latency_p99"} <= set(rows[0])
    assert [float(row[0]) for row in rows[1:]] == [60.0 * i for i in range(1, 11)]
    column = rows[0].index("users.arrivals")
    assert {float(row[column]) for row in rows[1:]} == {50.0}


def test_the_summary_names_every_node_what_was_lost_and_why(sandbox, shop):
    status, out, _ = sandbox("run", shop)
    text = out.decode()
    assert status == 0
    assert "users" in text
    assert "External service" in text
    assert re.search(r"api rejected .*%\): .*; first at 2026-01-05 08:00:0", text)
    assert "30,000 requests" in text
    assert "\x1b" not in text  # no colours in a pipe


def test_a_failing_assertion_is_status_1_and_is_told_even_beside_json(sandbox, shop):
    arguments = ("run", shop, "--json", "-", "--assert", "max(users.arrivals) < 49/s")
    status, out, err = sandbox(*arguments)
    assert status == 1
    assert err == "sandbox: does not hold: max(users.arrivals) < 49/s (it is 50/s)\n"
    (verdict,) = json.loads(out)["assertions"]
    assert verdict == {"text": "max(users.arrivals) < 49/s", "value": 50.0, "holds": False}
    assert sandbox("run", shop, "--assert", "max(users.arrivals) < 51/s")[0] == 0


def test_options_reach_the_run(sandbox, shop):
    options = ("--for", "5m", "--tick", "5s", "--load", "2", "--seed", "9")
    settings = ("--set", "api.servers=40", "--set", "scenario.era=2020")
    _, out, _ = sandbox("run", shop, *options, *settings, "--json", "-")
    found = json.loads(out)
    assert (found["ticks"], found["tick_s"], found["seed"]) == (60, 5.0, 9)
    assert found["nodes"]["users"]["arrivals"]["mean"] == pytest.approx(100)
    assert found["nodes"]["api"]["instances"]["last"] == 40


def test_a_trace_and_a_control_log_are_replayed(sandbox, shop, tmp_path):
    (tmp_path / "load.csv").write_text("t,count\n0,600\n60,600\n")
    (tmp_path / "log.jsonl").write_text(
        '{"t_s": 60, "node": null, "action": "load", "args": {"factor": 2}}\n'
    )
    arguments = ("--trace", str(tmp_path / "load.csv"), "--replay", str(tmp_path / "log.jsonl"))
    _, out, _ = sandbox("run", shop, *arguments, "--json", "-")
    assert json.loads(out)["nodes"]["users"]["arrivals"]["total"] == pytest.approx(600 + 1200)


def test_a_refused_run_leaves_the_old_output_file_as_it_was(sandbox, shop, tmp_path):
    out = tmp_path / "out.json"
    out.write_text("old")
    assert sandbox("run", shop, "--json", str(out), "--assert", "p99(web) < 1")[0] == 2
    assert out.read_text() == "old"
    assert sandbox("run", shop, "--json", str(out))[:2] == (0, b"")
    assert json.loads(out.read_text())["ticks"] == 600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.json", "shop.json"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((), "missing argument 'FILE'; see: sandbox run --help"),
        (("nowhere.json",), "nowhere.json cannot be read: there is no such file"),
        (("FILE", "--speed", "9"), "no such option: --speed"),
        (("FILE", "--for", "soon"), "'soon' is not a length of time; write it like 24h"),
        (("FILE", "--for", "0"), "a run must take more than 0 s"),
        (("FILE", "--tick", "7s"), "a tick of 7 s does not divide 60 s"),
        (("FILE", "--every", "1.5s"), "must be a multiple of the tick"),
        (("FILE", "--load", "-1"), "a load of -1 cannot be"),
        (("FILE", "--set", "web.size=1"), "no node 'web'; there are users, api and scenario"),
        (("FILE", "--assert", "p99(web) < 1"), "no node 'web'; there are api, users"),
        (("FILE", "--trace", "none.csv"), "none.csv cannot be read: there is no such file"),
        (("FILE", "--replay", "none.jsonl"), "none.jsonl cannot be read: there is no such file"),
        (("FILE", "--services", "nodir"), "--services nodir: there is no such folder"),
        (("FILE", "--plot", "run.pdf"), "a picture is a .png or an .svg"),
        (("FILE", "--json", "-", "--csv", "-"), "--json and --csv cannot both go to standard"),
        (("FILE", "--json", "nodir/out.json"), "there is no folder nodir"),
        (("FILE", "--json", "x" * 300), "cannot be written: "),
        (("FILE", "--json", "FILE"), "would overwrite what is read"),
        (("FILE", "--trace", "users=FILE", "--csv", "FILE"), "would overwrite what is read"),
        (("FILE", "--json", "one.out", "--csv", "./one.out"), "would overwrite --json"),
        (("FILE", "--trace", "/dev/zero"), "more than 256 MB"),
        (("FILE", "--replay", "/dev/zero"), "more than 256 MB"),
        (("FILE", "--tick", "1e-9"), "a tick of 1e-09 s is too short"),
        (("FILE", "--for", "1e300"), "more than a century"),
        (("FILE", "--set", "scenario.classes=5"), "classes is 5; write a list"),
        (("FILE", "--set", 'scenario.faults=[{"kind": "x"}]'), 'has no "target"; add'),
    ],
)
def test_wrong_use_is_one_line_that_helps_and_status_2(sandbox, shop, arguments, complaint):
    status, out, err = sandbox("run", *(shop if word == "FILE" else word for word in arguments))
    assert (status, out) == (2, b"")
    assert err.startswith("sandbox: ")
    assert complaint in err
    assert err.count("\n") == 1


def test_a_row_longer_than_the_run_is_the_run(sandbox, shop):
    status, out, err = sandbox("run", shop, "--for", "10", "--every", "1e300", "--csv", "-")
    assert (status, err) == (0, "")
    assert [line.split(b",")[0] for line in out.splitlines()] == [b"t_s", b"10"]


def test_a_run_says_what_it_does_without(sandbox, shop):
    fault = [{"kind": "hot_key", "target": "api", "start_s": 1, "end_s": 9}]
    put = f"scenario.faults={json.dumps(fault)}"
    status, out, err = sandbox("run", shop, "--for", "10", "--set", put, "--json", "-")
    said = "the fault 'hot_key' does nothing to 'api', a node of External service"
    assert (status, err) == (0, f"sandbox: {said}\n")
    assert json.loads(out)["warnings"] == [said]
    text = Path(shop).read_text().replace('"service": "external"', '"service": "quantum"')
    Path(shop).write_text(text)
    status, _, err = sandbox("run", shop, "--for", "10", "--json", "-")
    assert (status, err) == (0, "sandbox: 'api' is of an unknown service and is left out\n")


def test_a_scenario_that_cannot_be_run_is_refused_in_one_line(sandbox, shop):
    text = Path(shop).read_text()
    for before, after, words in [
        ('"start": "', '"start": "x', "which is not a time; write it like 2026"),
        ('"era": "current"', '"era": "1999"', "the era '1999' is not known; choose current"),
        ('"load": 1.0', '"load": -1', "the load is less than nothing; make load 0 or more"),
    ]:
        assert before in text
        Path(shop).write_text(text.replace(before, after))
        status, out, err = sandbox("run", shop, "--json", "-")
        assert (status, out, err.count("\n")) == (2, b"", 1)
        assert words in err


def test_a_folder_that_cannot_be_written_to_is_refused(sandbox, shop, tmp_path: Path):
    status, _, err = sandbox("run", shop, "--json", str(tmp_path))
    assert status == 2
    assert "it is a folder; choose a file name" in err


def test_a_fault_on_the_command_line_strikes_and_is_told(sandbox, shop):
    fault = "kind=error_rate target=api start=2m end=3m amount=20%"
    status, out, err = sandbox("run", shop, "--fault", fault, "--load", "0.2", "--json", "-")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert found["losses"]["api"]["fault_errors"]["total"] == pytest.approx(0.2 * 10 * 60, rel=1e-3)
    events = [(e["t_s"], e["node"], e["kind"], e["text"]) for e in found["events"]]
    assert (120.0, "api", "fault", "Fault: 20 % of the requests fail, for 60 s") in events
    assert (180.0, "api", "fault_ended", "Fault over after 60 s: error rate; 120 lost by it") in (
        events
    )


def test_several_faults_and_those_of_the_scenario_strike_together(sandbox, shop):
    put = "scenario.faults=" + json.dumps(
        [{"kind": "capacity_cut", "target": "api", "start_s": 1, "end_s": 9, "amount": 0.5}]
    )
    one = "kind=link_cut,target=users>api,start=20,for=10s"
    two = "kind=kill_instances target=api start=1m"
    arguments = ("run", shop, "--set", put, "--fault", one, "--fault", two, "--json", "-")
    status, out, err = sandbox(*arguments)
    assert (status, err) == (0, "")
    told = [e["text"] for e in json.loads(out)["events"] if e["kind"] == "fault"]
    assert told == [
        "Fault: 50 % of the capacity is gone, for 8 s",
        "Fault on the link to api: nothing gets through, for 10 s",
        "Fault: 1 stop",
    ]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("earthquake", "'earthquake' is not a name and a value; write it like kind=error_rate"),
        ("kind=eror_rate target=api start=1 end=2", "do you mean error_rate?"),
        ("kind=xyz target=api start=1 end=2", "there are error_rate, added_latency, "),
        ("kind=error_rate start=1 end=2", "there is no target"),
        ("kind=error_rate target=api start=1", "there is no end; add end=20m or for=10m"),
        ("kind=error_rate target=api start=1 end=2 for=3", "either end or for"),
        ("kind=error_rate target=api start=soon end=2", "'soon' is not a length of time"),
        ("kind=error_rate target=api start=2 end=1", "ends before it starts"),
        ("kind=error_rate target=api start=1 end=2 amount=x", "amount: 'x' is not a number"),
        ("kind=error_rate target=api start=1 end=2 amount=150%", "has an amount of 1.5"),
        ("kind=error_rate target=nobody start=1 end=2", "'nobody', which does not exist"),
        ("kind=hot_key target=api start=1 end=2", "does nothing to 'api'"),
        ("kind=error_rate kind=error_rate target=api", "kind is given twice"),
        ("kind=error_rate target=api color=red", "a fault has no 'color'; it has kind, target"),
    ],
)
def test_nonsense_about_faults_is_refused_in_one_line(sandbox, shop, fault, words):
    status, out, err = sandbox("run", shop, "--fault", fault)
    assert (status, out) == (2, b"")
    assert words in err
    assert err.count("\n") == 1


def test_the_help_names_every_kind_of_fault(sandbox):
    from sandbox.document.faults import KINDS

    text = sandbox("run", "--help")[1].decode()
    words = re.sub(r"[^a-z_]+", " ", text)
    assert all(kind in words for kind in KINDS)


def test_a_throttle_may_be_written_as_a_rate_and_latency_with_its_unit(sandbox, shop):
    faults = (
        "kind=downstream_throttle target=api start=0 end=5m amount=10/s",
        "kind=added_latency target=users>api start=0 end=5m amount=250ms",
    )
    options = [word for fault in faults for word in ("--fault", fault)]
    out = sandbox("run", shop, "--for", "5m", *options, "--json", "-")[1]
    api = json.loads(out)["nodes"]["api"]
    assert api["served"]["mean"] == pytest.approx(10, rel=0.02)
    users = json.loads(out)["nodes"]["users"]
    gap = users["latency_mean"]["mean"] - api["latency_mean"]["mean"]
    assert gap == pytest.approx(0.25, rel=0.02)
