"""The engine against event-exact simulations of every single request.

The numbers and the cases are those of the fidelity page (`sandbox/experiments/fidelity`).
"""

from __future__ import annotations

from collections.abc import Callable

from sandbox.experiments.fidelity import Outcome
from sandbox.experiments.fidelity.exact import exact
from sandbox.experiments.fidelity.figures import MEAN, PERCENTILE
from sandbox.experiments.fidelity.fleet import fleet_section
from sandbox.experiments.fidelity.retries import retry_section
from sandbox.experiments.fidelity.shards import shard_section
from sandbox.experiments.fidelity.stations import HARD, path_section, station_section
from sandbox.experiments.fidelity.transients import transient_section
from tests.fidelity import every_case, hold

Measure = Callable[[], Outcome]


@every_case(station_section())
def test_a_pool_of_servers_answers_as_in_exact_simulation(measure: Measure) -> None:
    hold(measure())


@every_case(path_section())
def test_a_path_answers_as_fast_as_in_exact_simulation(measure: Measure) -> None:
    hold(measure())


@every_case(transient_section())
def test_waits_rise_in_an_overload_and_fall_after_it_as_in_exact_simulation(
    measure: Measure,
) -> None:
    hold(measure())


@every_case(fleet_section())
def test_an_elastic_fleet_spends_its_day_as_in_exact_simulation(measure: Measure) -> None:
    hold(measure())


@every_case(shard_section())
def test_hot_shards_throttle_as_when_every_record_is_counted(measure: Measure) -> None:
    hold(measure())


@every_case(retry_section())
def test_a_retry_storm_stays_or_passes_as_in_exact_simulation(measure: Measure) -> None:
    hold(measure())


def test_only_two_named_cases_with_bursty_arrivals_need_more_than_5_and_10_percent() -> None:
    wide = set()
    for section in (station_section(), path_section()):
        for case in section.cases:
            for figure in case.measure().figures:
                usual = MEAN if figure.name == "mean" else PERCENTILE
                if abs(figure.got - figure.expected) > usual * figure.expected + figure.width:
                    wide.add(case.name)
                    assert case.remark, f"{case.name} is off and does not say why"
    assert wide <= set(HARD)
    assert len(HARD) <= 2
    for name in HARD:
        assert name.startswith("H2/")


def test_every_mean_and_percentile_that_is_known_is_compared() -> None:
    compared = {case.name for case in station_section().cases} | {
        case.name for case in path_section().cases
    }
    assert compared == {*exact()["stations"], *exact()["paths"]}
    assert len(transient_section().cases) == len(exact()["steps"])
    assert len(retry_section().cases) >= len(exact()["retries"])
