"""Concurrency that a person or a controller sets: provisioned and reserved.

`State.provisioned_target` is what is wanted; a controller writes it, `provisioned` follows.
"""

from __future__ import annotations

from typing import Any

from sandbox.kernels.compiled import inlined
from sandbox.services._lambda_account import UNRESERVED
from sandbox.services._lambda_params import CONCURRENCY, PROVISIONED
from sandbox.services.law import ERA_2020, emit
from sandbox.services.params import Parameters, param

PREPARE_S = (
    90.0  # Configuring provisioned concurrency: one to two minutes until the first are ready
)
PREPARE_AT_ONCE_2020 = 3000.0  # Configuring provisioned concurrency, 2020: environments at once,
PREPARE_2020_PER_MIN = 500.0  # … and then so many a minute
PREPARE_PER_MIN = 6000.0  # AWS Lambda Developer Guide: Configuring provisioned concurrency (weak)
PROVISIONED_READY = 2  # the event


class Provisioning:
    """State."""

    provisioned: float  # environments that are ready
    provisioned_target: float
    given_provisioned: float  # the parameters as last read: what an action set meanwhile stays
    given_reserved: float
    reserved: float  # -1: none
    preparing: int
    ready_s: float
    prepare_spent: float  # of the burst, in 2020
    pool: float  # concurrency that this function shares with others (or its reservation)
    account_seen: float
    reserved_elsewhere: float


@inlined
def prepared(p, s, tick):
    """Bring the environments that are ready towards what is wanted."""
    wanted = s.provisioned_target
    pace = (PREPARE_2020_PER_MIN if tick.era == ERA_2020 else PREPARE_PER_MIN) / 60.0
    s.prepare_spent = max(0.0, s.prepare_spent - pace * tick.dt)
    if wanted <= s.provisioned:
        s.provisioned = wanted
        if s.preparing != 0:
            emit(tick, PROVISIONED_READY, wanted)
        s.preparing = 0
        return
    if s.preparing == 0:
        s.preparing = 1
        s.ready_s = tick.t + PREPARE_S
    late = min(tick.dt, tick.t + tick.dt - s.ready_s)
    if late > 0.0:
        more = pace * late
        if tick.era == ERA_2020:
            more = min(PREPARE_AT_ONCE_2020 - s.prepare_spent, wanted - s.provisioned)
            s.prepare_spent += more
        s.provisioned = min(wanted, s.provisioned + more)


class SetProvisioned(Parameters):
    provisioned_concurrency: int = param(
        0,
        "Environments to keep initialised; they are ready after a minute or two.",
        ge=0,
        le=1_000_000,
        source=PROVISIONED,
        confidence="H",
    )


class SetReserved(Parameters):
    reserved_concurrency: int | None = param(
        None,
        "Concurrency to set aside; empty gives it back to the account, 0 switches the function "
        "off.",
        ge=0,
        le=1_000_000,
        source=CONCURRENCY,
        confidence="H",
    )


def set_provisioned(record: Any, state: Any, cells: Any, args: SetProvisioned, t_s: float) -> str:
    """Refused beyond the reservation, or what the account leaves unreserved."""
    wanted = args.provisioned_concurrency
    most = float(state["reserved"])
    if most < 0.0:
        most = float(state["account_seen"]) - float(state["reserved_elsewhere"]) - UNRESERVED
    if wanted > most:
        raise ValueError(f"{wanted:,} is more than the {most:,.0f} that this function may have")
    before = float(state["provisioned_target"])
    state["provisioned_target"] = wanted
    return f"provisioned concurrency {before:,.0f} -> {wanted:,}"


def set_reserved(record: Any, state: Any, cells: Any, args: SetReserved, t_s: float) -> str:
    """Refused where less than 100 of the account would stay unreserved."""
    wanted = args.reserved_concurrency
    before = float(state["reserved"])
    if wanted is None:
        state["reserved"] = -1.0
        return f"{max(0.0, before):,.0f} reserved are the account's again"
    most = float(state["account_seen"]) - float(state["reserved_elsewhere"]) - UNRESERVED
    if wanted > most:
        raise ValueError(
            f"{UNRESERVED:.0f} of the account's {state['account_seen']:,.0f} must stay unreserved: "
            f"at most {max(0.0, most):,.0f} here"
        )
    if wanted < state["provisioned_target"]:
        raise ValueError(f"{state['provisioned_target']:,.0f} are provisioned: reserve that many")
    state["reserved"] = wanted
    return f"reserved {wanted:,}" + (" and so switched off" if wanted == 0 else "")
