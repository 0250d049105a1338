"""What `sandbox bench` measures, and that the simulators it is compared with play the same."""

from __future__ import annotations

import math

import pytest

from sandbox.engine import Run
from sandbox.experiments import bench as measuring
from sandbox.experiments.bench import bench
from sandbox.experiments.peers import PEERS, compare, installed, ours, play
from sandbox.experiments.peers.workloads import (
    BOOT_S,
    COOLDOWN_S,
    DAY_S,
    EVALUATE_S,
    RATE_PER_S,
    SERVICE_S,
    START,
    Controller,
    Measured,
    rate_per_s,
)
from sandbox.services import catalogue
from tests.simulation import diagram

CHAIN = ["users.out > api.in", "api.out > deep.in"]


def chain(**api):
    return diagram(
        {"users": ("clients", {}), "api": ("external", api), "deep": ("external", {})}, CHAIN
    )


def test_the_benchmark_measures_what_it_says():
    small = {"sizes": (10, 200), "node_ticks": 4000, "day_s": 600.0, "look_back": 2000}
    found = bench(chain(), catalogue(), **small)
    assert set(found["node_tick_ns"]) == set(found["build_s"]) == {"10", "200"}
    assert all(found["node_tick_ns"][n] <= found["node_tick_median_ns"][n] for n in ("10", "200"))
    assert all(1 < cost < 100_000 for cost in found["node_tick_ns"].values())
    assert 0 < found["day_20_services_s"] < found["day_20_services_with_percentiles_s"]
    assert found["snapshot_and_restore_200_nodes_ms"] > 0
    assert found["look_back_50_nodes_ms"] > 0
    assert found["forecast_20_services_6_h_ms"] > 0


def test_the_busiest_node_begins_at_seven_tenths():
    loaded = measuring._loaded(chain(servers=5, service_time_s=0.1), catalogue())
    run = Run(loaded, catalogue())
    run.advance(300)
    busiest = max(run.now(node)["utilization"] for node in loaded.nodes)
    assert busiest == pytest.approx(measuring.UTILIZATION, rel=0.01)


def test_the_fleet_grows_by_a_tenth_after_its_boot_and_rests_between_actions():
    controller = Controller(running=20)
    changes = {}
    for minute in range(1, 11):
        t = minute * EVALUATE_S
        change = controller.decide(t, waiting=2300)
        if change:
            changes[t] = change
    first = EVALUATE_S
    assert changes == {first + BOOT_S: 2, first + COOLDOWN_S + BOOT_S: 3}  # a tenth of 20, of 22
    assert controller.running == 25


def test_the_fleet_shrinks_one_by_one_but_never_to_nothing():
    controller = Controller(running=2)
    changes = [controller.decide(minute * EVALUATE_S, waiting=5) for minute in range(1, 13)]
    assert sum(changes) == -1
    assert controller.running == 1


def test_the_hour_about_six_has_the_load_of_the_day():
    """Mean of the rate over [5:30, 6:30]."""
    assert sum(rate_per_s(6 * 3600 + x) for x in range(-1800, 1801)) / 3601 == pytest.approx(110.0)
    assert (rate_per_s(0.0), rate_per_s(DAY_S / 2)) == (20.0, 200.0)


def test_our_station_agrees_with_erlang():
    measured = ours.mm8(1800.0, catalogue())
    assert measured.busy == pytest.approx(RATE_PER_S * SERVICE_S, rel=0.01)
    assert measured.waiting == pytest.approx(1.83, rel=0.03)


def test_our_fleet_agrees_with_the_exact_simulation_of_its_day():
    """972.6 ± 11 messages waiting, 60 days event by event; 110/s for 100 ms keep 11 busy."""
    measured = ours.fleet(0.0, DAY_S, START)
    assert measured.busy == pytest.approx(11.0, rel=0.001)
    assert measured.waiting == pytest.approx(972.6, rel=0.1)


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_plays_the_same_workloads(name):
    if name not in installed():
        pytest.skip(f"{name} is not installed; it comes with the bench extra")
    measured = compare_apart(name)
    assert measured["mm8"].busy == pytest.approx(RATE_PER_S * SERVICE_S, rel=0.1)
    assert 0.5 < measured["mm8"].waiting < 6.0
    assert measured["elastic_fleet"].busy == pytest.approx(11.0, rel=0.1)


def compare_apart(name: str) -> dict[str, Measured]:
    """A peer in a process of its own, as `compare` runs it."""
    from sandbox.experiments.peers import apart

    return apart(play, name, 300.0)


def test_peers_are_compared_by_the_simulated_hour(monkeypatch):
    stub = {"mm8": Measured(2.0, 1800.0, 6.4, 1.8), "elastic_fleet": Measured(1.0, 60.0, 11.0, 9.0)}
    monkeypatch.setattr("sandbox.experiments.peers.installed", lambda: ["numpy"])
    monkeypatch.setattr("sandbox.experiments.peers.apart", lambda *_: stub)
    monkeypatch.setitem(PEERS, "numpy", 60.0)
    found = compare(catalogue())
    for workload, hour in (("mm8", 4.0), ("elastic_fleet", 60.0)):
        own = found[workload]["sandbox"]["wall_s_per_hour"]
        row = found[workload]["numpy"]
        assert row["wall_s_per_hour"] == hour
        assert row["times_ours"] == pytest.approx(hour / own, rel=0.01)
        assert math.isfinite(row["times_ours"])
