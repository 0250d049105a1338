"""AWS Batch: makespans by hand, states, interruptions, schedules, and what it hands on."""

from __future__ import annotations

import heapq
import math
import random

import pytest

from sandbox.document import Document
from sandbox.document.edits import set_params
from sandbox.document.records import Fault, Group, Scenario
from sandbox.engine import Run
from sandbox.engine.why import bars, bill
from sandbox.services import catalogue
from tests.conformance.batches import FIXED, JOB, QUICK, batch, now
from tests.simulation import diagram, go, simulate


def by_hand(durations: list[float], places: int) -> list[float]:
    """When each job ends: in their order, each takes the place that is free first."""
    free, ends = [0.0] * places, []
    for duration in durations:
        end = heapq.heappop(free) + duration
        heapq.heappush(free, end)
        ends.append(end)
    return ends


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("tick_s", [1.0, 60.0])
def test_the_makespan_on_a_fixed_fleet_is_that_of_list_scheduling(seed: int, tick_s: float) -> None:
    draw = random.Random(seed)
    durations = [draw.uniform(20.0, 400.0) for _ in range(8)]
    jobs = [{"duration_s": d} for d in durations]
    fixed = {**FIXED, "desired_vcpus": 2, "instance_types": [{"instance_type": "m5.large"}]}
    submit = tuple((k, 1) for k in range(1, 9))
    ends = by_hand(durations, 2)
    run = batch(jobs, fixed, submit=submit, run={"tick_s": tick_s})
    for end in sorted(ends):
        before = math.floor(end / tick_s) * tick_s
        go(run, before - run.t_s)
        had = now(run, "jobs_succeeded") if run.t_s else 0
        assert had == sum(e < before for e in ends)
    go(run, 60.0)
    assert now(run, "jobs_succeeded") == 8
    assert now(run, "makespan") == pytest.approx(max(ends), abs=1e-6)


@pytest.mark.parametrize(
    ("children", "vcpus", "makespan"), [(4, 4, 100), (5, 4, 200), (40, 4, 1000), (41, 8, 600)]
)
def test_an_array_takes_as_many_waves_as_it_needs(children: int, vcpus: int, makespan: int) -> None:
    fixed = {**FIXED, "desired_vcpus": vcpus}
    run = batch([{"array_size": children}], fixed, seconds=makespan + 10)
    assert now(run, "makespan") == pytest.approx(makespan)
    assert now(run, "jobs_succeeded") == children


def test_memory_is_packed_as_vcpus_are() -> None:
    run = batch([{"memory_mib": 6000}], submit=((1, 4),), seconds=10)  # two in 16 GiB
    assert now(run, "jobs_running") == 2


def test_a_job_goes_through_all_its_states() -> None:
    quick = {**QUICK, "scheduler_s": 2.0, "image_pull_s": 20.0}
    first = {"name": "first", **JOB, "duration_s": 10.0}
    then = {"name": "then", **JOB, "duration_s": 10.0, "depends_on": "first"}
    params = {**quick, "jobs": [first, then], "compute_environments": [{"name": "e", **FIXED}]}
    run = simulate({"b": ("batch", params)}, [], tick_s=1.0)
    for job in (1, 2):
        run.control("b", "submit", {"job": job, "count": 1})
    seen = []
    for _ in range(70):
        run.advance(1)
        drawn = [one.bars for one in bars(run, "b") if one.title == "Submissions"]
        shown = [bar.state.name for found in drawn for bar in found if bar.state]
        if shown and (not seen or seen[-1] != shown):
            seen.append(shown)
    assert seen == [
        ["SUBMITTED", "SUBMITTED"],
        ["STARTING", "PENDING"],
        ["RUNNING", "PENDING"],
        ["STARTING"],
        ["RUNNING"],
    ]
    assert now(run, "jobs_succeeded") == 2


def test_no_job_is_lost_between_the_states() -> None:
    job = {"array_size": 300, "duration_s": 120.0, "duration_cv": 1.0, "failure_percent": 20.0,
           "attempts": 3}  # fmt: skip
    spot = {"type": "SPOT", "max_vcpus": 32, "instance_types": [{"instance_type": "m5.xlarge"}]}
    faults = tuple(Fault("spot_interruption", "b", t, t + 10.0, 0.4) for t in (300.0, 600.0, 900.0))
    run = batch([job], spot, boot_median_s=60.0, image_pull_s=20.0, scheduler_s=5.0,
                run={"faults": faults})  # fmt: skip
    states = ("submitted", "pending", "runnable", "starting", "running", "succeeded", "failed")
    for _ in range(300):
        run.advance(1)
        assert sum(now(run, f"jobs_{state}") for state in states) == 300
        assert now(run, "used_vcpus") <= now(run, "desired_vcpus")
    assert now(run, "jobs_retried") > 40
    assert now(run, "jobs_succeeded") + now(run, "jobs_failed") == 300
    # 0.2 cubed is under a hundredth; each loss of an instance is an attempt as well
    assert 0 < now(run, "jobs_failed") < 20
    assert now(run, "desired_vcpus") == 0


def test_what_happens_does_not_depend_on_the_tick() -> None:
    job = {"array_size": 100, "duration_s": 95.0, "duration_cv": 0.5, "failure_percent": 10.0,
           "attempts": 3}  # fmt: skip
    given = {"max_vcpus": 16, "instance_types": [{"instance_type": "m5.xlarge"}]}
    runs = [
        batch([job], given, boot_median_s=60.0, seconds=1800, run={"tick_s": tick_s})
        for tick_s in (1.0, 10.0, 60.0)
    ]
    assert now(runs[0], "makespan") > 600
    for other in runs[1:]:
        assert now(other, "makespan") == pytest.approx(now(runs[0], "makespan"), abs=1e-6)
        assert now(other, "jobs_retried") == now(runs[0], "jobs_retried") > 0
        assert other.cost_usd == pytest.approx(runs[0].cost_usd, rel=1e-6)


def test_a_schedule_submits_at_its_time_and_success_is_handed_on() -> None:
    job = {"name": "rotate", **JOB, "schedule": "30 8 * * *"}
    params = {**QUICK, "jobs": [job], "compute_environments": [{"name": "e", **FIXED}]}
    nodes = {"b": ("batch", params), "done": ("sqs", {}), "lost": ("sqs", {})}
    run = simulate(nodes, ["b.succeeded > done.in", "b.failed > lost.in"], seconds=1795)
    assert now(run, "jobs_running") == 0
    assert now(go(run, 10), "jobs_running") == 1
    go(run, 100)
    assert run.now("done")["backlog"] == pytest.approx(1.0)
    assert run.now("lost")["backlog"] == 0


def test_requests_submit_the_job_that_their_link_names() -> None:
    jobs = [{"name": "a", **JOB}, {"name": "b", **JOB, "vcpus": 2}]
    nodes = {
        "c": ("clients", {"rate_per_s": 0.01}),
        "b": ("batch", {**QUICK, "jobs": jobs, "compute_environments": [{"name": "e", **FIXED}]}),
    }
    run = simulate(nodes, ["c.out > b.in {'job': 'b'}"], seconds=105)
    assert now(run, "used_vcpus") == 2  # a job is there when it is whole, after 100 s
    assert now(run, "served") == pytest.approx(0.01)


def test_what_failed_is_handed_on_too() -> None:
    job = {"name": "a", **JOB, "failure_percent": 100.0}
    nodes = {
        "b": ("batch", {**QUICK, "jobs": [job], "compute_environments": [{"name": "e", **FIXED}]}),
        "lost": ("sqs", {}),
    }
    run = simulate(nodes, ["b.failed > lost.in"], tick_s=10.0)
    run.control("b", "submit", {"job": 1, "count": 3})
    assert go(run, 130).now("lost")["backlog"] == pytest.approx(3.0)


@pytest.mark.parametrize(("era", "waits"), [("current", 10.0), ("2020", 600.0)])
def test_decisions_about_instances_were_far_apart(era: str, waits: float) -> None:
    given = {"instance_types": [{"instance_type": "m5.xlarge"}], "max_vcpus": 16}
    run = batch([{}], given, seconds=10, submit=(), run={"era": era})
    run.control("b", "submit", {"job": 1, "count": 1})
    go(run, waits - 10)
    assert now(run, "desired_vcpus") == 0
    assert now(go(run, 10), "desired_vcpus") == 4


def test_the_smallest_bill_chooses_the_type() -> None:
    kinds = [{"instance_type": n} for n in ("m5.2xlarge", "m5.large", "m5.xlarge")]
    given = {"instance_types": kinds, "max_vcpus": 64}
    for count, vcpus, hosts in ((1, 2, 1), (3, 4, 1), (9, 10, 2), (16, 16, 2)):
        run = batch([{}], {**given, "allocation_strategy": "BEST_FIT_PROGRESSIVE"},
                    submit=((1, count),), seconds=20)  # fmt: skip
        assert (now(run, "desired_vcpus"), now(run, "instances")) == (vcpus, hosts)


def test_a_zone_that_fails_takes_the_instances_and_the_jobs_begin_anew() -> None:
    given = [{"name": "e", "instance_types": [{"instance_type": "m5.xlarge"}], "max_vcpus": 16}]
    job = {"name": "a", **JOB, "attempts": 2}
    params = {**QUICK, "jobs": [job], "compute_environments": given}
    plain = diagram({"b": ("batch", params)}, [])
    outage = Fault("zone_outage", "a", 50.0, 200.0)
    document = Document(
        nodes=plain.nodes.values(),
        groups=[Group("a", "availability_zone", "", ("b",))],
        scenario=Scenario(duration_s=3600.0, tick_s=10.0, faults=(outage,)),
    )
    run = Run(document, catalogue())
    run.control("b", "submit", {"job": 1, "count": 1})
    assert now(go(run, 50), "instances") == 1
    assert now(go(run, 140), "instances") == 0
    assert now(run, "jobs_runnable") == 1
    assert now(go(run, 130), "jobs_succeeded") == 1


def test_the_lines_of_the_bill_are_the_cost() -> None:
    spot = {"type": "SPOT", "max_vcpus": 8, "instance_types": [{"instance_type": "m5.xlarge"}]}
    more = {"max_vcpus": 16, "instance_types": [{"instance_type": "m5.xlarge"}]}
    run = batch([{}], spot, more, submit=((1, 24),), seconds=50)
    usd = {line.title: line.usd_per_hour for line in bill(run, "b")}
    assert usd["Spot instances"] == pytest.approx(2 * 0.192 * 0.34)
    assert usd["Instances on demand"] == pytest.approx(4 * 0.192)
    assert sum(usd.values()) == pytest.approx(now(run, "cost_per_hour"))


def test_submissions_beyond_those_told_apart_are_not_lost() -> None:
    run = batch([{"duration_s": 1000.0}], submit=())
    for _ in range(300):
        run.control("b", "submit", {"job": 1, "count": 1})
        run.advance(1)
    assert now(run, "jobs_runnable") + now(run, "jobs_running") + now(run, "jobs_succeeded") == 300


def test_a_run_that_is_edited_keeps_its_jobs_and_instances() -> None:
    given = [{"name": "e", "instance_types": [{"instance_type": "m5.xlarge"}], "max_vcpus": 16}]
    params = {**QUICK, "jobs": [{"name": "a", **JOB}], "compute_environments": given}
    document = diagram({"b": ("batch", params)}, [], tick_s=10.0)
    run = Run(document, catalogue())
    run.control("b", "submit", {"job": 1, "count": 40})
    go(run, 50)
    document.apply(set_params(document, {"b": {"compute_environments": [
        {**given[0], "max_vcpus": 32}]}}))  # fmt: skip
    run.edit(document)
    go(run, 20)
    assert now(run, "jobs_running") == 32
    assert now(go(run, 200), "jobs_succeeded") == 40


def test_spot_takes_more_tasks_while_the_notices_of_others_run() -> None:
    # half of 10, then half of the 5 that have had no notice
    faults = tuple(Fault("spot_interruption", "b", t, t + 10.0, 0.5) for t in (10.0, 60.0))
    spot = {"type": "FARGATE_SPOT", "max_vcpus": 10}
    run = batch(
        [{"vcpus": 1, "memory_mib": 2048, "duration_s": 3600.0}],
        spot,
        submit=((1, 10),),
        run={"faults": faults},
    )
    assert now(go(run, 50), "interrupted") == 5
    assert now(go(run, 50), "interrupted") == 8
