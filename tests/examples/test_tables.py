"""The examples with tables show the numbers that their notes tell."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from sandbox.assets import asset
from sandbox.document.file import loads
from sandbox.engine import Run
from sandbox.services import catalogue
from tests.conformance.metered import kinds
from tests.simulation import go


def example(name: str, seconds: float, settings: dict[str, dict[str, Any]] | None = None) -> Run:
    found = json.loads(asset(f"examples/{name}.json").read_text(encoding="utf-8"))
    for node in found["nodes"]:
        node["params"].update((settings or {}).get(node["id"], {}))
    document = loads(json.dumps(found).encode(), name, catalogue())
    return go(Run(document, catalogue()), seconds)


@pytest.mark.parametrize(("update_s", "minutes"), [(60.0, 18), (180.0, 30)])
def test_an_auto_scaled_table_takes_six_rounds_of_1_43(update_s: float, minutes: int) -> None:
    run = example("table-scales-late", 3600, {"provisioned": {"update_table_s": update_s}})
    done = [e for e in kinds(run, "table_updated", node="provisioned") if e.t_s > 900]
    assert "2,556 write" in done[5].text
    assert (done[5].t_s - 900) / 60 == pytest.approx(minutes, rel=0.1)
    assert run.losses("provisioned")["table_write"][1] > 1e6
    assert kinds(run, "burst_used_up", node="provisioned")[0].t_s == pytest.approx(953, abs=5)
    assert sum(loss[1] for loss in run.losses("on_demand").values()) == 0


def test_on_demand_is_cheaper_below_29_percent_of_use_and_dearer_above() -> None:
    settings = {"provisioned": {"write_capacity_units": 2000, "write_scaling": None}}
    run = example("table-scales-late", 60, settings)  # 200 of 2,000: a tenth
    assert run.now("on_demand")["cost_per_hour"] < run.now("provisioned")["cost_per_hour"]
    go(run, 900)
    assert run.now("on_demand")["cost_per_hour"] > 3 * run.now("provisioned")["cost_per_hour"]


def test_writes_around_a_cache_leave_a_fifth_of_its_answers_old() -> None:
    run = example("old-answers", 60)
    assert run.now("dax")["stale_share"] == pytest.approx(0.21, abs=0.006)
    assert run.now("dax")["hit_ratio"] > 0.99
    short = example("old-answers", 60, {"dax": {"item_ttl_s": 30.0}})
    assert short.now("dax")["stale_share"] == pytest.approx(0.025, abs=0.002)
    strong = example("old-answers", 60, {"goods": {"consistency": "strong"}})
    assert strong.now("dax")["hit_ratio"] == 0
    assert strong.now("goods")["throttled"] > 0


def test_a_lost_shard_sends_its_reads_to_the_table_and_a_lost_replica_of_dax_does_not() -> None:
    run = example("two-caches", 590)
    for table in ("goods", "stock"):
        assert run.now(table)["arrivals"] == pytest.approx(1000, rel=0.01)
    busy = run.now("dax")["utilization"]
    go(run, 60)
    assert run.now("goods")["arrivals"] == pytest.approx(1000, rel=0.01)
    assert run.now("dax")["utilization"] == pytest.approx(1.5 * busy, rel=0.01)
    assert run.now("stock")["arrivals"] == pytest.approx(10_000 / 3 + 1000 * 2 / 3, rel=0.01)
    # empty nodes come after 300 s; a key is asked for every 10 s: 1 - 1/e are there after as many
    go(run, 911 - 650)
    left = 2000 / 3 + 10_000 / 3 * math.exp(-1)
    assert run.now("stock")["arrivals"] == pytest.approx(left, rel=0.01)
    go(run, 300)
    assert run.now("stock")["arrivals"] == pytest.approx(1000, rel=0.01)
    strong = example("two-caches", 60, {"goods": {"consistency": "strong"}})
    assert strong.now("dax")["hit_ratio"] == 0.0
    assert strong.now("goods")["consumed_read_capacity"] == pytest.approx(10_000, rel=0.01)
    assert run.now("goods")["consumed_read_capacity"] == pytest.approx(500, rel=0.01)


def test_instances_alone_or_a_table_alone_do_not_do_and_a_plan_scales_both() -> None:
    run = example("three-auto-scalings", 3600)
    first = {
        lane: min(e.t_s for e in kinds(run, "in_service", node=f"{lane}-web"))
        for lane in ("ec2", "plan")
    }
    for lane, at_s in first.items():
        assert 3 <= (at_s - 600) / 60 <= 8, lane
    fleet = {lane: run.now(f"{lane}-web") for lane in ("ec2", "app", "plan")}
    table = {lane: run.now(f"{lane}-table") for lane in ("ec2", "app", "plan")}
    assert [fleet[lane]["instances"] for lane in fleet] == [12, 4, 12]
    assert fleet["app"]["utilization"] == pytest.approx(1.0)
    assert fleet["plan"]["utilization"] == pytest.approx(0.5, rel=0.01)
    assert [table[lane]["throttled"] for lane in table] == pytest.approx([200, 0, 0], abs=0.5)
    assert [table[lane]["provisioned_write_capacity"] for lane in table] == [400, 800, 1209]
    answered = [run.now(f"{lane}-users")["goodput"] for lane in fleet]
    assert answered == pytest.approx([400, 400, 600], rel=0.01)
