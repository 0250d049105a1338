"""Amazon EMR: waves by hand, HDFS and what is lost of it, Spot, scaling, life and cost."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document import Document
from sandbox.document.edits import set_params
from sandbox.document.records import Fault, Group, Scenario
from sandbox.engine import Run
from sandbox.engine.errors import EngineError
from sandbox.engine.why import bars, bill
from sandbox.services import catalogue
from tests.conformance.clusters import DATA, QUICK, STEP, cluster, nodes, now, said
from tests.simulation import diagram, go, simulate

# ---------------------------------------------------------------- steps and waves


@pytest.mark.parametrize(
    ("gb", "core", "waves"), [(1.0, 2, 2), (1.0, 4, 1), (10.0, 4, 6), (10.0, 10, 3), (9.8, 10, 3)]
)
def test_the_makespan_is_the_number_of_waves_times_a_task(gb: float, core: int, waves: int) -> None:
    # four map tasks a node; two of their places are the application master's
    assert waves == -(-round(gb * 8) // (4 * core - 2))
    run = cluster({"input_gb": gb}, core=nodes(core), seconds=100 * waves + 20)
    assert now(run, "steps_completed") == 1
    assert now(run, "step_time") == pytest.approx(100.0 * waves, rel=1e-4)


@pytest.mark.parametrize(("reducers", "waves"), [(3, 1), (4, 2), (9, 3)])
def test_reduce_tasks_follow_in_waves_of_their_own(reducers: int, waves: int) -> None:
    # two reduce tasks a node, one of whose places is the application master's
    step = {"reducers": reducers, "reduce_s": 50.0, "input_gb": 0.75}
    run = cluster(step, seconds=100 + 50 * waves + 20)
    assert now(run, "step_time") == pytest.approx(100.0 + 50.0 * waves, rel=1e-4)


def test_reading_from_s3_takes_a_share_of_the_nodes_network() -> None:
    # 128 MB at a quarter of 1.25 Gbit/s
    run = cluster({"input": "s3"}, core=nodes(4), seconds=120)
    assert now(run, "step_time") == pytest.approx(100.0 + 128 / (1250 / 8 / 4), rel=1e-6)
    slow = cluster({"input": "s3"}, core=nodes(4), s3_throughput=12.8, seconds=120)
    assert now(slow, "step_time") == pytest.approx(110.0)


def test_a_file_that_cannot_be_split_is_one_task() -> None:
    run = cluster({"splittable": False, "input_gb": 1.0}, core=nodes(4), seconds=50)
    assert now(run, "containers_allocated") == 2  # it, and the application master


def test_more_steps_at_once_are_no_faster_where_yarn_is_full() -> None:
    # 6 places are 6 tasks; with two masters they are 4
    def ended(concurrency: int, core: int) -> float:
        run = cluster({"input_gb": 1.5}, submit=((1, 2),), step_concurrency=concurrency,
                      core=nodes(core))  # fmt: skip
        while now(go(run, 10), "steps_completed") < 2:
            pass
        return run.t_s

    assert ended(1, 8) == pytest.approx(210, abs=10)
    assert ended(2, 8) == pytest.approx(110, abs=10)
    assert ended(2, 2) >= ended(1, 2)


def test_no_step_is_lost_between_the_states() -> None:
    step = {"map_cv": 1.0, "failure_percent": 20.0, "reducers": 3}
    faults = tuple(Fault("spot_interruption", "e", t, t + 10.0, 0.5) for t in (300.0, 900.0))
    run = cluster(
        step,
        submit=((1, 40),),
        step_concurrency=5,
        core=nodes(3),
        task=nodes(6, market="spot"),
        provision_s=60.0,
        run={"faults": faults},
    )
    states = ("pending", "running", "completed", "failed", "cancelled")
    for _ in range(300):
        run.advance(1)
        assert sum(now(run, f"steps_{state}") for state in states) == 40
        assert 0.0 <= now(run, "yarn_memory_available_percent") <= 100.0
    assert now(run, "steps_pending") + now(run, "steps_running") == 0
    assert 2 <= now(run, "steps_failed") <= 16
    assert now(run, "tasks_rerun") > 0
    assert now(run, "yarn_memory_available_percent") == 100.0


def test_what_happens_does_not_depend_on_the_tick() -> None:
    step = {"map_cv": 0.5, "reducers": 5, "input_gb": 20.0}
    runs = [
        cluster(step, core=nodes(3), task=nodes(3), seconds=3600, run={"tick_s": tick})
        for tick in (1.0, 10.0, 60.0)
    ]
    for run in runs:
        assert now(run, "steps_completed") == 1
        assert now(run, "step_time") == pytest.approx(now(runs[0], "step_time"), abs=1e-6)
        assert run.cost_usd == pytest.approx(runs[0].cost_usd, rel=1e-6)


def test_requests_submit_the_step_that_their_link_names_or_all() -> None:
    steps = [{"name": n, **STEP} for n in ("a", "b")]
    params = {**QUICK, **DATA, "steps": steps}
    made = {"c": ("clients", {"rate_per_s": 0.01}), "e": ("emr", params), "q": ("sqs", {})}
    ends = ["e.completed > q.in"]
    one = simulate(made, ["c.out > e.in {'step': 'b'}", *ends], tick_s=10.0, seconds=350)
    assert now(one, "steps_completed") == 1  # there when it is whole, after 100 s; two waves
    assert one.now("q")["backlog"] == pytest.approx(1.0)
    both = simulate(made, ["c.out > e.in", *ends], tick_s=10.0, seconds=350)
    assert now(both, "steps_pending") + now(both, "steps_running") >= 3


def test_splits_are_read_from_s3_and_results_written_there() -> None:
    step = {**STEP, "name": "a", "input": "s3", "reducers": 4, "reduce_s": 1.0, "output_gb": 1.0}
    made = {"e": ("emr", {**QUICK, "steps": [step], "core": nodes(4)}),
            "raw": ("s3", {}), "out": ("s3", {})}  # fmt: skip
    links = ["e.input > raw.in", "e.output > out.in"]
    run = simulate(made, links, tick_s=10.0)
    run.control("e", "submit", {"step": 1, "count": 1})
    asked = {"raw": 0.0, "out": 0.0}
    for _ in range(20):
        go(run, 10)
        for name in asked:
            asked[name] += run.now(name)["arrivals"] * 10
    assert asked == pytest.approx({"raw": 8.0, "out": 4.0})


def test_only_a_run_a_job_task_waits_for_the_step() -> None:
    def answer(wait: bool) -> float:
        params = {**QUICK, **DATA, "steps": [{"name": "a", **STEP}], "core": nodes(4)}
        made = {"c": ("clients", {"rate_per_s": 0.005}), "e": ("emr", params)}
        link = f"c.out > e.in {{'mode': 'sync', 'wait_for_step': {wait}}}"
        return now(simulate(made, [link], tick_s=10.0, seconds=1000), "latency_mean")

    assert answer(False) == pytest.approx(0.05)
    assert answer(True) == pytest.approx(100.05, rel=0.01)


# ---------------------------------------------------------------- HDFS, losses


def taken(core: int, share: float, **params: Any) -> Run:
    """Spot core nodes of which a share is taken back: notice at 10 s, gone at 130 s."""
    fault = Fault("spot_interruption", "e", 10.0, 20.0, share)
    return cluster(
        core=nodes(core, market="spot"),
        submit=(),
        provision_s=7200.0,
        run={"faults": (fault,)},
        seconds=200,
        **params,
    )


@pytest.mark.parametrize(
    ("core", "share", "copies", "lost"),
    [
        (2, 0.5, None, 800 / 2),  # one copy each on two nodes
        (4, 0.25, None, 0.0),
        (4, 0.5, None, 800 / 6),  # both copies on the two of four
        (10, 0.2, None, 0.0),
        (10, 0.3, None, 800 / 120),  # all three on three of ten
        (10, 0.3, 2, 800 * 3 / 45),
    ],
)
def test_blocks_are_lost_whose_copies_all_were_on_the_nodes_that_went(
    core: int, share: float, copies: int | None, lost: float
) -> None:
    run = taken(core, share, hdfs_replication=copies)
    assert now(run, "core_nodes_running") == round(core * (1 - share))
    assert now(run, "missing_blocks") == pytest.approx(lost, abs=1e-6)


def test_blocks_that_lack_a_copy_get_it_back_once_the_node_counts_as_dead() -> None:
    run = taken(4, 0.25, disk_gb=100.0)
    assert now(run, "under_replicated_blocks") == pytest.approx(400.0)
    # dead 630 s after 130 s; two blocks in three seconds on each of three nodes
    assert now(go(run, 560), "under_replicated_blocks") == pytest.approx(400.0)
    assert now(go(run, 100), "under_replicated_blocks") == pytest.approx(200.0)
    assert now(go(run, 110), "under_replicated_blocks") == 0
    assert said(run, "healed")


def test_copies_are_made_only_while_there_is_room() -> None:
    # 800 blocks twice are 200 GB; three nodes of 64 GB hold 192
    assert now(go(taken(4, 0.25), 1000), "under_replicated_blocks") == pytest.approx(64.0)


def test_a_step_that_needs_a_lost_block_fails() -> None:
    run = taken(2, 0.5)
    run.control("e", "submit", {"step": 1, "count": 1})
    assert now(go(run, 10), "steps_failed") == 1
    assert said(run, "failed_blocks")


def test_what_is_not_in_hdfs_cannot_be_read_and_what_has_no_room_not_be_written() -> None:
    assert now(cluster({"input_gb": 101.0}, seconds=10), "steps_failed") == 1
    # two nodes of 64 GB hold 100 already
    run = cluster({"output": "hdfs", "output_gb": 28.0}, {"output": "hdfs", "output_gb": 1.0},
                  submit=((1, 1), (2, 1)), seconds=500)  # fmt: skip
    assert (now(run, "steps_completed"), now(run, "steps_failed")) == (1, 1)
    assert now(run, "hdfs_gb") == pytest.approx(128.0)


def test_the_loss_of_a_task_node_runs_its_tasks_again() -> None:
    run = cluster({"input_gb": 5.0, "reducers": 1}, core=nodes(2), task=nodes(4),
                  provision_s=7200.0, seconds=50)  # fmt: skip
    assert now(run, "containers_allocated") == 22 + 1
    run.control("e", "lose", {"nodes": "task", "count": 2})
    go(run, 10)
    assert now(run, "task_nodes_running") == 2
    assert now(run, "missing_blocks") == 0
    assert now(run, "tasks_rerun") == 8
    # 14 were done at 100 s, the 26 others take two waves of 14; then the reduce task
    assert now(go(run, 260), "steps_completed") == 0
    assert now(go(run, 30), "steps_completed") == 1


def test_map_output_on_a_lost_node_is_made_again_while_reduce_tasks_wait_for_it() -> None:
    run = cluster({"input_gb": 2.75, "reducers": 30, "reduce_s": 100.0}, core=nodes(2),
                  task=nodes(4), seconds=150)  # fmt: skip
    run.control("e", "lose", {"nodes": "task", "count": 1})
    go(run, 10)
    # a sixth or so of 22 map tasks, and the reduce tasks that ran there
    assert now(run, "tasks_rerun") == 4 + 2


def test_the_cluster_ends_with_its_only_primary_node() -> None:
    run = cluster(seconds=50)
    run.control("e", "lose", {"nodes": "primary", "count": 1})
    go(run, 20)
    assert now(run, "cluster_state") == 1
    assert now(run, "steps_failed") == 1
    assert now(run, "instances") == 0
    assert now(run, "hdfs_gb") == 0


def test_of_three_primary_nodes_a_lost_one_is_replaced() -> None:
    run = cluster(primary_count="3", seconds=50)
    run.control("e", "lose", {"nodes": "primary", "count": 1})
    assert now(go(run, 20), "primary_nodes_running") == 3
    assert now(go(run, 200), "steps_completed") == 1
    run.control("e", "lose", {"nodes": "primary", "count": 2})
    assert now(go(run, 20), "cluster_state") == 1


def test_a_zone_that_fails_ends_the_cluster_and_the_next_is_launched_after_it() -> None:
    params = {**QUICK, "lifecycle": "transient", "steps": [{**STEP, "name": "a", "input": "s3"}]}
    plain = diagram({"e": ("emr", params)}, [])
    document = Document(
        nodes=plain.nodes.values(),
        groups=[Group("a", "availability_zone", "", ("e",))],
        scenario=Scenario(duration_s=3600.0, tick_s=10.0,
                          faults=(Fault("zone_outage", "a", 50.0, 200.0),)),
    )  # fmt: skip
    run = Run(document, catalogue())
    run.control("e", "submit", {"step": 1, "count": 1})
    assert now(go(run, 50), "instances") == 3
    assert now(go(run, 60), "instances") == 0
    run.control("e", "submit", {"step": 1, "count": 1})
    assert now(go(run, 80), "instances") == 0
    assert now(go(run, 260), "steps_completed") == 1


# ---------------------------------------------------------------- life and cost


def test_a_transient_cluster_is_there_for_its_steps_and_no_longer() -> None:
    run = cluster({"input": "s3"}, submit=(),
                  lifecycle="transient", core=nodes(4), bootstrap_s=60.0, termination_s=300.0,
                  run={"tick_s": 1.0}, seconds=100)  # fmt: skip
    assert now(run, "cost_per_hour") == 0
    run.control("e", "submit", {"step": 1, "count": 1})
    seen: dict[float, int] = {}
    for _ in range(600):
        run.advance(1)
        seen[now(run, "cluster_state")] = seen.get(now(run, "cluster_state"), 0) + 1
    # 60 s of bootstrapping, 103 s of work, 300 s of termination
    assert (seen[3.0], seen[4.0], seen[6.0]) == (60, 103, 300)
    assert now(run, "steps_completed") == 1
    hourly = 5 * (0.192 + 0.048 + 64 * 0.08 / 730)
    assert run.cost_usd == pytest.approx(hourly * (60 + 103.2768 + 300) / 3600, rel=1e-6)


def test_a_cluster_costs_as_much_idle_as_at_work() -> None:
    idle = cluster(submit=(), seconds=100)
    busy = cluster(seconds=100)
    assert idle.cost_usd == busy.cost_usd > 0
    assert now(idle, "is_idle") == 1
    assert now(busy, "is_idle") == 0


def test_the_lines_of_the_bill_are_the_cost() -> None:
    run = cluster(core=nodes(2), task=nodes(3, market="spot"), seconds=50)
    usd = {line.title: line.usd_per_hour for line in bill(run, "e")}
    assert usd["Instances on demand"] == pytest.approx(3 * 0.192)
    assert usd["Spot instances"] == pytest.approx(3 * 0.192 * 0.34)
    assert usd["EMR"] == pytest.approx(6 * 0.048)
    assert usd["EBS"] == pytest.approx(6 * 64 * 0.08 / 730)
    assert sum(usd.values()) == pytest.approx(now(run, "cost_per_hour"))


def test_the_inner_state_is_drawn_as_nodes_steps_and_copies() -> None:
    run = cluster({"input_gb": 5.0}, submit=((1, 3),), core=nodes(4), task=nodes(2), seconds=110)
    drawn = {found.title: found.bars for found in bars(run, "e")}
    assert [bar.state.name for bar in drawn["Steps"]] == ["RUNNING", "PENDING", "PENDING"]
    assert {bar.name for bar in drawn["Steps"]} == {"step1"}  # as its parameters call it
    assert len(drawn["Nodes"]) == 1 + 4 + 2
    assert drawn["Steps"][0].value == pytest.approx(22 / 40)
    assert [bar.value for bar in drawn["HDFS blocks by copies"]] == [0.0, 0.0, 1.0]


# ---------------------------------------------------------------- scaling

MANAGED = {"minimum": 2, "maximum": 10, "maximum_core": 4}


def test_managed_scaling_follows_what_yarn_is_asked_for_and_comes_back() -> None:
    run = cluster({"input_gb": 10.0}, managed_scaling=MANAGED, seconds=10)
    # 80 maps of 3 GB and the master of 6 are 20.5 nodes of 12
    assert now(go(run, 10), "nodes_requested") == 10
    assert (now(run, "core_nodes_running"), now(run, "task_nodes_running")) == (4, 6)
    assert "YARN asks for 21 nodes" in said(run, "managed")[0]
    while now(run, "steps_completed") < 1:
        go(run, 10)
    go(run, 120)
    assert (now(run, "core_nodes_running"), now(run, "task_nodes_running")) == (2, 0)


def test_managed_scaling_does_not_see_what_is_not_yarns() -> None:
    run = cluster({"input_gb": 10.0, "application": "presto"}, managed_scaling=MANAGED, seconds=60)
    assert now(run, "nodes_requested") == 2
    assert now(run, "containers_pending") == 0
    assert now(run, "utilization") == 1.0


def test_a_node_that_is_taken_away_finishes_its_tasks_first() -> None:
    run = cluster({"input_gb": 1.5}, core=nodes(2), task=nodes(2), seconds=20)
    run.control("e", "resize", {"nodes": "task", "count": 0})
    assert now(go(run, 20), "nodes_draining") == 2
    assert now(go(run, 50), "task_nodes_running") == 2
    go(run, 20)
    assert now(run, "steps_completed") == 1
    assert (now(run, "task_nodes_running"), now(run, "tasks_rerun")) == (0, 0)


def test_the_core_does_not_shrink_below_what_the_data_need() -> None:
    run = cluster(core=nodes(6), submit=(), disk_gb=64.0, seconds=10)  # 200 GB with their copies
    with pytest.raises(EngineError, match="HDFS needs 4 core nodes"):
        run.control("e", "resize", {"nodes": "core", "count": 3})
    run.control("e", "resize", {"nodes": "core", "count": 4})
    go(run, 3600)
    assert now(run, "core_nodes_running") == 4
    assert now(run, "missing_blocks") == 0


def test_an_edited_run_keeps_its_steps_and_nodes() -> None:
    params = {**QUICK, **DATA, "steps": [{"name": "a", **STEP, "input_gb": 10.0}]}
    document = diagram({"e": ("emr", params)}, [], tick_s=10.0)
    run = Run(document, catalogue())
    run.control("e", "submit", {"step": 1, "count": 2})
    go(run, 150)
    document.apply(set_params(document, {"e": {"core": nodes(8)}}))
    run.edit(document)
    go(run, 100)
    assert now(run, "core_nodes_running") == 2  # what runs keeps the size it was launched with
    run.control("e", "resize", {"nodes": "core", "count": 8})
    go(run, 30)
    assert now(run, "core_nodes_running") == 8
    assert now(go(run, 1200), "steps_completed") == 2
