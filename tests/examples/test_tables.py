"""The examples with tables show the numbers that their notes tell."""

from __future__ import annotations

import json
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
