"""Closed forms give what the books print."""

from __future__ import annotations

import math

import pytest

from sandbox.experiments.requests import theory


def test_one_server_at_a_half_doubles_the_time_of_a_request() -> None:
    form = theory.mmc(rate=10.0, service_s=0.05, servers=1)
    assert form.get("mean") == pytest.approx(0.1)
    assert form.get("waited") == pytest.approx(0.5)
    assert form.get("p95") == pytest.approx(-0.1 * math.log(0.05))  # the response is exponential
    assert form.get("in_system") == pytest.approx(1.0)


def test_percentiles_are_found_however_near_to_its_limit_a_server_is() -> None:
    form = theory.mmc(rate=19.998, service_s=0.05, servers=1)
    assert form.get("p99") == pytest.approx(-500.0 * math.log(0.01), rel=1e-3)


def test_two_servers_wait_as_erlang_says() -> None:
    # C(2, 1) = 1/3, W = C s / (c - a) = s/3
    form = theory.mmc(rate=20.0, service_s=0.05, servers=2)
    assert form.get("waited") == pytest.approx(1 / 3)
    assert form.get("wait") == pytest.approx(0.05 / 3)


def test_the_percentiles_of_two_servers_are_solutions_of_their_own_equation() -> None:
    """At a load of 1 with two servers the two rates of the response fall together."""
    form = theory.mmc(rate=20.0, service_s=0.05, servers=2)
    t = form.get("p99")
    assert t is not None
    assert math.exp(-t / 0.05) * (1 + t / 0.05 / 3) == pytest.approx(0.01)


def test_one_line_loses_half_of_a_load_of_one() -> None:
    assert theory.erlang_b(1, 1.0) == pytest.approx(0.5)
    form = theory.loss_system(rate=20.0, service_s=0.05, servers=1)
    assert form.get("lost") == pytest.approx(0.5)
    assert theory.erlang_b(10, 5.0) == pytest.approx(0.018385, abs=1e-6)  # of Erlang's tables


def test_even_service_halves_the_wait() -> None:
    exponential = theory.mg1(15.0, 0.05, 1.0).get("wait")
    even = theory.mg1(15.0, 0.05, 0.0, deterministic=True).get("wait")
    assert exponential is not None
    assert exponential == pytest.approx(0.15)  # ρ s / (1 - ρ)
    assert even == pytest.approx(exponential / 2)


def test_a_limited_queue_with_no_places_is_erlangs_loss_system() -> None:
    limited = theory.mmck(100.0, 0.05, servers=4, places=0)
    assert limited.get("lost") == pytest.approx(theory.erlang_b(4, 5.0))
    assert limited.get("wait") == pytest.approx(0.0)


def test_a_limited_queue_of_one_server_counts_its_states() -> None:
    """M/M/1/2 at ρ = 1: three states alike, so a third is lost and the mean level is one."""
    form = theory.mmck(20.0, 0.05, servers=1, places=1)
    assert form.get("lost") == pytest.approx(1 / 3)
    assert form.get("in_system") == pytest.approx(1.0)
    assert form.get("waited") == pytest.approx(0.5)


def test_taking_turns_waits_less_than_choosing_at_random() -> None:
    turns = theory.in_turn(60.0, 0.05, 4)
    chance = theory.dealt_at_random(60.0, 0.05, 4)
    assert chance.get("mean") == pytest.approx(0.2)  # M/M/1 at 0.75
    assert 0.1 < (turns.get("mean") or 0.0) < 0.2
    root = turns.get("waited") or 0.0  # σ = A*(μ(1-σ))
    assert (60.0 / (60.0 + 20.0 * (1 - root))) ** 4 == pytest.approx(root)


def test_more_users_than_a_server_can_answer_share_it() -> None:
    """Fifty users who think for 1 s at 20 answers a second: 50/20 - 1 s each."""
    form = theory.finite_source(50, 1.0, 0.05, 1)
    assert form.get("mean") == pytest.approx(1.5, rel=1e-3)
    one = theory.finite_source(1, 1.0, 0.05, 1)
    assert one.get("mean") == pytest.approx(0.05)


@pytest.mark.parametrize(
    "form",
    [
        theory.mmc(80.0, 0.05, 4),
        theory.mg1(20.0, 0.05, 1.0),
        theory.in_turn(80.0, 0.05, 4),
    ],
)
def test_there_is_no_form_for_a_load_that_is_not_less_than_the_servers(form: theory.Form) -> None:
    assert "no steady state" in form.why_not
    assert form.get("mean") is None
