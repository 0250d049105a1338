"""Amazon EMR against its documentation: steps, YARN, HDFS, nodes, scaling, life and price."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document.records import Fault
from sandbox.engine.errors import EngineError
from sandbox.engine.why import bars, bill
from sandbox.services import catalogue
from sandbox.services._emr_params import Params
from sandbox.services._emr_scaling_params import ManagedScaling
from sandbox.services._emr_setup import fee
from tests.conformance import fact
from tests.conformance.clusters import cluster, nodes, now, said, wrong
from tests.simulation import go, simulate

API = "Amazon EMR API Reference"
GUIDE = "Amazon EMR Management Guide"
RELEASE = "Amazon EMR Release Guide"
RUN = f"{API}: RunJobFlow"
STEP = f"{API}: StepConfig"
NODES = f"{GUIDE}: Understand node types in Amazon EMR"
HDFS = f"{RELEASE}: HDFS configuration"
HADOOP = f"{RELEASE}: Hadoop task configuration"
FLEETS = f"{GUIDE}: Planning and configuring instance fleets for your Amazon EMR cluster"
MANAGED = f"{GUIDE}: Using managed scaling"
RULES = f"{GUIDE}: Using automatic scaling with a custom policy for instance groups"
SHRINK = f"{GUIDE}: Cluster scale-down"
BEST = f"{GUIDE}: Cluster configuration guidelines and best practices"

# ---------------------------------------------------------------- steps


@fact("256 steps may be PENDING or RUNNING", source=RUN)
@pytest.mark.parametrize(("already", "refused"), [(254, 0), (255, 0), (256, 1)])
def test_the_257th_step_is_refused(already: int, refused: int) -> None:
    run = cluster({"map_s": 80_000.0}, submit=((1, already),), seconds=10)
    if refused:
        with pytest.raises(EngineError, match="256 may be"):
            run.control("e", "submit", {"step": 1, "count": 1})
    else:
        run.control("e", "submit", {"step": 1, "count": 1})
    go(run, 10)
    assert now(run, "steps_pending") + now(run, "steps_running") == already + 1 - refused


@fact("Requests beyond 256 steps are refused", source=RUN)
def test_requests_are_refused_while_256_steps_wait() -> None:
    params = {"steps": [{"map_s": 80_000.0, "input_gb": 1.0}]}
    made = {"c": ("clients", {"rate_per_s": 10.0}), "e": ("emr", params)}
    run = simulate(made, ["c.out > e.in"], seconds=24)
    assert now(run, "rejected") == 0
    go(run, 10)
    assert now(run, "steps_pending") + now(run, "steps_running") == 256
    assert now(run, "rejected") == pytest.approx(10.0)


@fact("One step runs at a time by default, and up to 256 may", source=RUN)
@pytest.mark.parametrize(("given", "runs"), [({}, 1), ({"step_concurrency": 2}, 2)])
def test_as_many_steps_run_as_may(given: dict[str, Any], runs: int) -> None:
    run = cluster(submit=((1, 3),), seconds=10, **given)
    assert (now(run, "steps_running"), now(run, "steps_pending")) == (runs, 3 - runs)
    assert not wrong(step_concurrency=256)
    assert wrong(step_concurrency=257)
    assert wrong(step_concurrency=0)


@fact("With more than one step at a time a failure may only CONTINUE", source=RUN)
@pytest.mark.parametrize("action", ["CONTINUE", "CANCEL_AND_WAIT", "TERMINATE_CLUSTER"])
def test_what_a_failure_means_is_fixed_for_parallel_steps(action: str) -> None:
    steps = [{"action_on_failure": action}]
    assert not wrong(steps=steps)
    assert wrong(steps=steps, step_concurrency=2) == (action != "CONTINUE")


@fact("A step that fails lets the next run, cancels it, or terminates the cluster", source=STEP)
@pytest.mark.parametrize(
    ("action", "left"),
    [
        ("CONTINUE", (1, 0, 5.0)),
        ("CANCEL_AND_WAIT", (0, 1, 5.0)),
        ("TERMINATE_CLUSTER", (0, 1, 1.0)),
    ],
)
def test_a_failure_is_acted_on(action: str, left: tuple[float, float, float]) -> None:
    bad = {"failure_percent": 100.0, "action_on_failure": action}
    run = cluster(bad, {}, submit=((1, 1), (2, 1)), core=nodes(4), seconds=250)
    found = tuple(now(run, n) for n in ("steps_completed", "steps_cancelled", "cluster_state"))
    assert found == left
    assert now(run, "steps_failed") == 1


# ---------------------------------------------------------------- YARN and splits


@fact("A split has 128 MB, and each is a map task", source=HDFS)
@pytest.mark.parametrize(("mb", "maps"), [(127.9, 1), (128.0, 1), (128.1, 2), (1280.0, 10)])
def test_each_128_mb_are_a_task(mb: float, maps: int) -> None:
    run = cluster({"input_gb": mb / 1024}, core=nodes(4), seconds=20)
    assert now(run, "containers_allocated") == maps + 1


@fact("A file that cannot be split is one map task", source=HADOOP)
@pytest.mark.parametrize(("files", "maps"), [(1, 1), (3, 3)])
def test_gzip_is_one_task_a_file(files: int, maps: int) -> None:
    run = cluster({"splittable": False, "files": files}, core=nodes(4), seconds=20)
    assert now(run, "containers_allocated") == maps + 1


@fact("An m5.xlarge has 12,288 MB for YARN: four map tasks of 3,072 MB", source=HADOOP)
@pytest.mark.parametrize(("core", "places"), [(1, 2), (2, 6), (5, 18)])
def test_a_node_runs_four_map_tasks_less_the_application_master(core: int, places: int) -> None:
    run = cluster({"input_gb": 10.0}, core=nodes(core), hdfs_replication=1, seconds=20)
    assert now(run, "containers_allocated") == places + 1
    assert now(run, "yarn_memory_available_percent") == pytest.approx(0.0)


@fact("A reduce task, and an application master, of an m5.xlarge has 6,144 MB", source=HADOOP)
def test_a_node_runs_two_reduce_tasks_less_the_application_master() -> None:
    step = {"input_gb": 0.1, "map_s": 0.0, "reducers": 50, "reduce_s": 1000.0}
    run = cluster(step, core=nodes(3), seconds=20)
    assert now(run, "containers_allocated") == 5 + 1
    one = cluster({"input_gb": 0.1}, core=nodes(4), seconds=20)  # 3,072 and 6,144 of 49,152 MB
    assert now(one, "yarn_memory_available_percent") == pytest.approx(100 * (1 - 9216 / 49152))


@fact("A node that comes later has as much memory for YARN as the first", source=HADOOP)
def test_nodes_that_are_added_have_as_much_memory() -> None:
    run = cluster({"input_gb": 0.1, "map_s": 5000.0}, core=nodes(1), seconds=20)
    run.control("e", "resize", {"nodes": "core", "count": 4})
    go(run, 800)
    assert now(run, "yarn_memory_available_percent") == pytest.approx(100 * (1 - 9216 / 49152))


@fact("Application masters of 5.x stand on core nodes only, of 6.x anywhere", source=NODES)
@pytest.mark.parametrize(("era", "held"), [("2020", 8 * 3072), ("current", 8 * 3072 + 6144)])
def test_an_application_master_may_stand_on_a_task_node(era: str, held: int) -> None:
    # it and the tasks take the node with the most room
    big = nodes(1, instance_types=[{"instance_type": "m5.4xlarge"}])
    run = cluster(core=nodes(4), task=big, seconds=20, run={"era": era})
    (drawn,) = (found.bars for found in bars(run, "e") if found.title == "Nodes")
    assert drawn[-1].value == pytest.approx(held / 49152)


@fact("ContainerPendingRatio is pending over allocated, or pending if none is", source=BEST)
def test_the_ratio_of_pending_containers() -> None:
    run = cluster({"input_gb": 10.0}, core=nodes(2), seconds=20)
    assert now(run, "containers_pending") == 74
    assert now(run, "container_pending_ratio") == pytest.approx(74 / 7)


# ---------------------------------------------------------------- HDFS and nodes


@fact("A block has 1 copy below 4 core nodes, 2 below 10, else 3", source=HDFS)
@pytest.mark.parametrize(("core", "copies"), [(1, 1), (3, 1), (4, 2), (9, 2), (10, 3), (11, 3)])
def test_the_copies_go_by_the_core_nodes(core: int, copies: int) -> None:
    run = cluster(core=nodes(core), disk_gb=1000.0, submit=(), seconds=10)
    assert now(run, "hdfs_utilization") == pytest.approx(100 * copies * 100 / (1000 * core))


@fact("Ten nodes of 800 GB and three copies hold 2,666 GB", source=f"{GUIDE}: Plan instances")
@pytest.mark.parametrize(("gb", "fits"), [(2666.0, True), (2667.0, False)])
def test_hdfs_holds_what_its_disks_do_by_the_copies(gb: float, fits: bool) -> None:
    step = {"output": "hdfs", "output_gb": gb, "input_gb": 0.1, "input": "s3"}
    run = cluster(step, core=nodes(10), disk_gb=800.0, hdfs_data_gb=0.0, seconds=900)
    assert now(run, "steps_completed") == fits
    assert now(run, "steps_failed") == (not fits)


@fact("The core is not shrunk below the copies of a block, nor below the data", source=SHRINK)
@pytest.mark.parametrize(("gb", "least"), [(0.0, 2), (64.0, 2), (65.0, 3), (100.0, 4)])
def test_the_core_keeps_what_hdfs_needs(gb: float, least: int) -> None:
    run = cluster(core=nodes(6), disk_gb=64.0, hdfs_data_gb=gb, submit=(), seconds=10)
    with pytest.raises(EngineError, match="HDFS needs"):
        run.control("e", "resize", {"nodes": "core", "count": least - 1})
    run.control("e", "resize", {"nodes": "core", "count": least})
    assert now(go(run, 7200), "core_nodes_running") == least
    assert now(run, "missing_blocks") == 0


@fact("There are 1 or 3 primary nodes", source=NODES)
def test_two_primary_nodes_are_refused() -> None:
    assert [wrong(primary_count=n) for n in ("1", "2", "3", "4")] == [False, True, False, True]


@fact("With its only primary node the cluster ends; of three one may be lost", source=NODES)
@pytest.mark.parametrize(("count", "lost", "ended"), [("1", 1, True), ("3", 1, False),
                                                      ("3", 2, True)])  # fmt: skip
def test_the_primary_node_is_a_single_point_of_failure(count: str, lost: int, ended: bool) -> None:
    run = cluster(primary_count=count, submit=(), seconds=10)
    run.control("e", "lose", {"nodes": "primary", "count": lost})
    assert (now(go(run, 20), "cluster_state") == 1) is ended


@fact("A task node holds no data: losing it only runs its tasks again", source=BEST)
def test_losing_a_task_node_loses_no_block_and_losing_a_core_node_does() -> None:
    for which, missing in (("task", 0.0), ("core", 400.0)):
        run = cluster(
            {"input_gb": 5.0}, core=nodes(2), task=nodes(2), provision_s=7200.0, seconds=20
        )
        run.control("e", "lose", {"nodes": which, "count": 1})
        go(run, 10)
        assert now(run, "missing_blocks") == pytest.approx(missing)
        assert now(run, "tasks_rerun") >= 2


@fact("A fleet has five instance types at most, a group one", source=FLEETS)
def test_the_types_of_fleets_and_groups() -> None:
    names = ("m5.xlarge", "c5.xlarge", "r5.xlarge", "m5.2xlarge", "c5.2xlarge", "m6i.xlarge")

    def given(count: int) -> dict[str, Any]:
        return nodes(2, instance_types=[{"instance_type": n} for n in names[:count]])

    assert not wrong(core=given(1))
    assert wrong(core=given(2))
    assert not wrong(core=given(5), collection="fleets")
    assert wrong(core=given(6), collection="fleets")


def dry(seconds: float, **params: Any) -> Any:
    """A transient cluster while no Spot capacity is to be had for 20 minutes."""
    fault = Fault("spot_interruption", "e", 0.0, 1200.0, 1.0)
    return cluster({"input": "s3"}, lifecycle="transient", seconds=seconds,
                   run={"faults": (fault,)}, **params)  # fmt: skip


@fact("A core group waits for all of its Spot nodes", source=BEST)
def test_a_cluster_does_not_start_without_its_core() -> None:
    run = dry(1190, core=nodes(4, market="spot"))
    assert now(run, "cluster_state") == 2
    assert now(go(run, 250), "steps_completed") == 1


@fact("A task group starts with what it gets", source=BEST)
def test_a_cluster_starts_without_its_task_nodes() -> None:
    run = dry(150, core=nodes(4), task=nodes(4, market="spot"))
    assert now(run, "steps_completed") == 1
    assert said(run, "no_capacity")


@fact("A fleet that gets no Spot instances switches to on demand or terminates", source=FLEETS)
@pytest.mark.parametrize(("action", "completed"), [("SWITCH_TO_ON_DEMAND", 1),
                                                   ("TERMINATE_CLUSTER", 0)])  # fmt: skip
def test_the_spot_timeout_of_a_fleet_is_acted_on(action: str, completed: int) -> None:
    run = dry(290, collection="fleets", core=nodes(1, spot_count=3), spot_timeout_minutes=5,
              spot_timeout_action=action)  # fmt: skip
    assert now(run, "cluster_state") == 2
    go(run, 150)
    assert now(run, "steps_completed") == completed


@fact("The Spot timeout of a fleet is 5 to 1,440 minutes, 60 in the console", source=FLEETS)
def test_the_bounds_of_the_spot_timeout() -> None:
    found = [wrong(spot_timeout_minutes=n) for n in (4, 5, 1440, 1441)]
    assert found == [True, False, False, True]
    assert Params().spot_timeout_minutes == 60


# ---------------------------------------------------------------- scaling

WIDE = {"minimum": 2, "maximum": 10}


@fact("Managed scaling adds core nodes first, then task nodes", source=MANAGED)
@pytest.mark.parametrize(("core", "found"), [(2, (2, 8)), (4, (4, 6)), (10, (10, 0))])
def test_the_core_grows_first(core: int, found: tuple[int, int]) -> None:
    run = cluster({"input_gb": 20.0}, managed_scaling={**WIDE, "maximum_core": core}, seconds=40)
    assert (now(run, "core_nodes_running"), now(run, "task_nodes_running")) == found


@fact("Managed scaling adds on demand first, then Spot", source=MANAGED)
@pytest.mark.parametrize(("most", "on_demand"), [(2, 2), (5, 5), (10, 10)])
def test_on_demand_grows_first(most: int, on_demand: int) -> None:
    run = cluster({"input_gb": 20.0}, collection="fleets", seconds=40,
                  managed_scaling={**WIDE, "maximum_on_demand": most})  # fmt: skip
    usd = 0.192 * (1 + on_demand + 0.34 * (10 - on_demand)) + 11 * (0.048 + 64 * 0.08 / 730)
    assert now(run, "cost_per_hour") == pytest.approx(usd)


@fact("Managed scaling takes task nodes first", source=MANAGED)
def test_task_nodes_go_first() -> None:
    run = cluster({"input_gb": 20.0}, {"input_gb": 2.0, "map_s": 2000.0}, submit=((1, 1), (2, 1)),
                  managed_scaling={**WIDE, "maximum_core": 4}, seconds=1200)  # fmt: skip
    # 16 maps and a master are 4.5 nodes
    assert (now(run, "core_nodes_running"), now(run, "task_nodes_running")) == (4, 1)


@fact("Managed scaling decides every 5 to 10 s", source=MANAGED)
def test_managed_scaling_acts_within_ten_seconds() -> None:
    run = cluster({"input_gb": 20.0}, managed_scaling=WIDE, seconds=101, submit=(),
                  run={"tick_s": 1.0})  # fmt: skip
    run.control("e", "submit", {"step": 1, "count": 1})
    assert now(go(run, 8), "nodes_requested") == 2
    assert now(go(run, 4), "nodes_requested") == 10
    found = [wrong(managed_scaling={**WIDE, "evaluation_s": s}) for s in (4.9, 5, 10, 10.1)]
    assert found == [True, False, False, True]
    assert ManagedScaling().evaluation_s == 10


@fact("Managed scaling sees YARN applications only, not Presto or HBase", source=MANAGED)
@pytest.mark.parametrize(
    ("application", "wanted"),
    [("mapreduce", 10), ("spark", 10), ("hive", 10), ("flink", 10), ("presto", 2), ("hbase", 2)],
)
def test_managed_scaling_acts_on_yarn_applications(application: str, wanted: int) -> None:
    step = {"input_gb": 20.0, "application": application}
    run = cluster(step, managed_scaling=WIDE, seconds=30)
    assert now(run, "nodes_requested") == wanted


@fact("Managed scaling came with 5.30, in mid-2020", source=MANAGED)
@pytest.mark.parametrize(("era", "wanted"), [("2020", 2), ("current", 10)])
def test_there_was_no_managed_scaling(era: str, wanted: int) -> None:
    run = cluster({"input_gb": 20.0}, managed_scaling=WIDE, seconds=30, run={"era": era})
    assert now(run, "nodes_requested") == wanted


def rule(comparison: str, threshold: float, change: float, **more: Any) -> dict[str, Any]:
    # fmt: off
    bounds = {"lower_bound": 0.0} if "greater" in comparison else {"upper_bound": 0.0}
    return {"comparison": comparison, "threshold": threshold,
            "steps": [{"adjustment": change, **bounds}], **more}
    # fmt: on


def ruled(*rules: dict[str, Any], seconds: float, **more: Any) -> Any:
    # 2 nodes, full of a step that takes for ever
    scaling = {"min_capacity": 0, "max_capacity": 20, "step_policies": list(rules),
               "metric_delay_s": 0}  # fmt: skip
    params = {"task": nodes(0), "task_scaling": scaling, **more}
    return cluster({"input_gb": 20.0, "map_s": 5000.0}, seconds=seconds, **params)


@fact("Rules of groups look at datapoints of five minutes", source=RULES)
@pytest.mark.parametrize(("seconds", "nodes_there"), [(300, 0), (310, 1), (600, 1), (610, 2)])
def test_a_rule_acts_every_five_minutes(seconds: float, nodes_there: int) -> None:
    run = ruled(rule("less_than_threshold", 15.0, 1), seconds=seconds)
    assert now(run, "task_nodes_running") == nodes_there


@fact("A rule looks at one datapoint by default", source=RULES)
@pytest.mark.parametrize(("periods", "first"), [(None, 310), (1, 310), (2, 610)])
def test_a_rule_acts_when_its_datapoints_breach(periods: int | None, first: float) -> None:
    more = {"evaluation_periods": periods} if periods else {}
    run = ruled(rule("less_than_threshold", 15.0, 1, **more), seconds=first - 10)
    assert now(run, "task_nodes_running") == 0
    assert now(go(run, 10), "task_nodes_running") == 1


@fact("A rule has no cooldown by default, and 300 s in the console", source=RULES)
@pytest.mark.parametrize(("cooldown", "found"), [(None, 3), (300, 3), (301, 2)])
def test_a_rule_acts_again_after_its_cooldown(cooldown: int | None, found: int) -> None:
    more = {} if cooldown is None else {"cooldown_s": cooldown}
    run = ruled(rule("less_than_threshold", 15.0, 1, **more), seconds=1000)
    assert now(run, "task_nodes_running") == found
    info = {i.name: i for i in catalogue()["emr"].parameters()}["task_scaling"]
    rules = {i.name: i for i in info.fields}["step_policies"]
    assert {i.name: i for i in rules.fields}["cooldown_s"].default == 0


@fact("Free YARN memory above 75 % takes a node away, by the console's rules", source=RULES)
def test_an_idle_group_shrinks() -> None:
    run = ruled(rule("greater_than_threshold", 75.0, -1), seconds=650, task=nodes(3), submit=())
    assert now(run, "task_nodes_running") == 1


@fact("Custom automatic scaling is for instance groups only", source=RULES)
def test_fleets_have_no_rules() -> None:
    for name in ("core_scaling", "task_scaling"):
        given = {name: {"step_policies": []}}
        assert not wrong(**given)
        assert wrong(**given, collection="fleets")


@fact("EMR has no target tracking", source="Application Auto Scaling User Guide: Target tracking")
def test_target_tracking_is_refused() -> None:
    assert wrong(core_scaling={"target_tracking": [{}]})


@fact("A node that is taken away finishes its tasks, for 3,600 s at most", source=SHRINK)
@pytest.mark.parametrize(("lasts", "rerun"), [(3500.0, 0), (3600.0, 0), (3620.0, 4)])
def test_a_node_is_decommissioned_within_the_hour(lasts: float, rerun: int) -> None:
    run = cluster({"input_gb": 1.25, "map_s": lasts}, core=nodes(2), task=nodes(1), seconds=10)
    run.control("e", "resize", {"nodes": "task", "count": 0})
    assert now(go(run, 3400), "task_nodes_running") == 1
    go(run, 250)
    assert now(run, "task_nodes_running") == 0
    assert now(run, "tasks_rerun") == rerun


# ---------------------------------------------------------------- life and price


@fact("A cluster is STARTING, BOOTSTRAPPING, RUNNING, WAITING, TERMINATING", source=RUN)
def test_a_cluster_goes_through_its_states() -> None:
    run = cluster({"input": "s3"}, submit=(), lifecycle="transient", core=nodes(4),
                  provision_s=200.0, bootstrap_s=60.0, termination_s=300.0)  # fmt: skip
    seen = [now(go(run, 10), "cluster_state")]
    run.control("e", "submit", {"step": 1, "count": 1})
    for _ in range(150):
        state = now(go(run, 10), "cluster_state")
        if state != seen[-1]:
            seen.append(state)
    assert seen == [0, 2, 3, 4, 6, 0]


@fact("A cluster shuts down in five to ten minutes", source=f"{GUIDE}: Getting started")
def test_the_default_time_to_terminate() -> None:
    assert 300 <= Params().termination_s <= 600
    lasts = Params().termination_s
    run = cluster(submit=(), termination_s=lasts, seconds=10, run={"tick_s": 1.0})
    run.control("e", "terminate", {})
    assert now(go(run, 300), "cluster_state") == 6
    assert now(go(run, 1), "cluster_state") == 0


@fact("Auto-termination is after 60 s to 7 days without a step", source=f"{API}: "
      "AutoTerminationPolicy")  # fmt: skip
@pytest.mark.parametrize(("era", "state"), [("2020", 5.0), ("current", 0.0)])
def test_an_idle_cluster_ends_by_itself(era: str, state: float) -> None:
    found = [wrong(idle_timeout_s=s) for s in (59, 60, 604_800, 604_801)]
    assert found == [True, False, False, True]
    run = cluster(core=nodes(4), idle_timeout_s=60, seconds=150, run={"era": era})
    assert now(run, "cluster_state") == 5.0  # a step of 100 s, then 50 s
    assert now(go(run, 20), "cluster_state") == state


@fact("EMR costs a quarter of the instance: m5.xlarge 0.048 USD/h", source="Amazon EMR pricing")
@pytest.mark.parametrize(
    ("name", "usd"),
    [("m5.xlarge", 0.048), ("m5.2xlarge", 0.096), ("r5.xlarge", 0.063), ("c5.xlarge", 0.043)],
)
def test_what_emr_adds_to_an_hour(name: str, usd: float) -> None:
    assert fee(name) == pytest.approx(usd)
    core = nodes(2, instance_types=[{"instance_type": name}])
    run = cluster(submit=(), core=core, primary_type=name, disk_gb=1.0, hdfs_data_gb=0.0,
                  seconds=10)  # fmt: skip
    usd_of = {line.title: line.usd_per_hour for line in bill(run, "e")}
    assert usd_of["EMR"] == pytest.approx(3 * usd)
