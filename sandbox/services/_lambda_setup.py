"""A function before and between its ticks: what its parameters come to, and edits on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np

from sandbox.services import _lambda_scaling as scaling
from sandbox.services._lambda_account import ACCOUNT_CONCURRENCY, UNRESERVED
from sandbox.services._lambda_batches import PULLS
from sandbox.services._lambda_concurrency import SHORTEST_S
from sandbox.services._lambda_cost import FREE_STORAGE_MB, Prices, set_prices
from sandbox.services._lambda_executions import Layout, carry_over, cells_needed, lay_out, settle
from sandbox.services._lambda_params import Params
from sandbox.services._lambda_pollers import (
    BACK_OFF_S,
    FIRST_BATCHES,
    KINESIS_POLL_S,
    LOWEST_POLLERS,
    NO_WINDOW_MOST,
    QUEUE_BATCH,
    STREAM_BATCH,
    TABLE_POLL_S,
)
from sandbox.services._lambda_runtimes import PLACE_M, language_ms, package_s, restore_ms
from sandbox.services.contract import LinkView, Setup

FULL_VCPU_MB = 1769.0  # AWS Lambda Developer Guide: Configuring function memory; one vCPU
BURST = 1000.0  # AWS Lambda Developer Guide: Lambda scaling behavior; environments of a function
REFILL_PER_S = 100.0  # AWS Lambda Developer Guide: Lambda scaling behavior; 1,000 every 10 s
BURST_2020 = {  # AWS Lambda Developer Guide, 2020: Lambda function scaling; of the whole Region
    "us-east-1": 3000.0,
    "us-west-2": 3000.0,
    "eu-west-1": 3000.0,
    "ap-northeast-1": 1000.0,
    "eu-central-1": 1000.0,
}
BURST_2020_ELSEWHERE = 500.0  # AWS Lambda Developer Guide, 2020: Lambda function scaling
REFILL_2020_PER_MIN = 500.0  # AWS Lambda Developer Guide, 2020: Lambda function scaling
MOST_MEMORY_2020_MB, MEMORY_STEP_2020_MB = 3008, 64  # AWS Lambda Developer Guide, 2020: limits
LONGEST_INIT_S = 10.0  # AWS Lambda Developer Guide: Lambda runtime environment; the init phase


STREAMS = ("kinesis_stream", "dynamodb")  # whose shards are polled


class Derived(Layout, Prices):
    own_s: float  # mean own duration
    own_cpu_s: float
    own_wait_s: float
    init_s: float
    billed_init_s: float
    burst: float
    refill_per_s: float
    keeper: int
    on_failure: int  # whether there are links from these ports; -1: none
    on_success: int
    poll_s: Annotated[object, ("f8", (PULLS,))]  # between two polls of a shard


def _ways_in(params: Params, setup: Setup) -> tuple[float, int, int]:
    """The longest execution (s), groups for asynchronous attempts, pull links."""
    pulls = [link for link in setup.ins if link.mode == "pull"]
    window = max((link.params["maximum_batching_window_s"] for link in pulls), default=0.0)
    attempts = 3 if any(link.mode == "async" for link in setup.ins) else 0
    longest = params.timeout_s + _init_s(params) + 1.0 + window
    return longest, attempts, min(len(pulls), PULLS)


def _init_s(params: Params, old: bool = False) -> float:
    """How much longer a cold start takes than a warm one, placing the environment apart."""
    init_s = _phase_s(params, old)
    if init_s > LONGEST_INIT_S:  # and is done again in the first request
        init_s += LONGEST_INIT_S
    return init_s + package_s(params.package_mb) + params.attach_vpc_s


def _phase_s(params: Params, old: bool) -> float:
    """The init phase, or what SnapStart has instead."""
    memory = _memory(params, old)
    if params.snap_start and not old:
        return restore_ms(memory) / 1e3
    return (language_ms(params.runtime, memory) + params.init_ms) / 1e3


def _never_begins(params: Params, old: bool) -> bool:
    """Whether the init phase is longer than it may be, in the first request too."""
    too_long = _phase_s(params, old) > max(LONGEST_INIT_S, params.timeout_s)
    return too_long and not params.provisioned_concurrency


def _memory(params: Params, old: bool) -> int:
    if not old:
        return params.memory_mb
    steps = (min(params.memory_mb, MOST_MEMORY_2020_MB) - 128) // MEMORY_STEP_2020_MB
    return 128 + steps * MEMORY_STEP_2020_MB


def cells_count(params: Params, setup: Setup) -> int:
    longest, attempts, pulls = _ways_in(params, setup)
    return cells_needed(longest, setup.dt, attempts, pulls)


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray | None:
    longest, attempts, pulls = _ways_in(params, setup)
    lay_out(record, longest, setup.dt, attempts, pulls)
    old = setup.era == "2020"
    memory = _memory(params, old)
    vcpu = memory / FULL_VCPU_MB
    record["own_cpu_s"] = params.cpu_time_ms / 1e3 / min(vcpu, params.threads)
    record["own_wait_s"] = params.wait_time_ms / 1e3
    if _never_begins(params, old):  # so every execution lasts longer than it may
        record["own_wait_s"] += 2.0 * params.timeout_s
    record["own_s"] = record["own_cpu_s"] + record["own_wait_s"]
    init_s = _init_s(params, old)
    record["init_s"] = PLACE_M + init_s
    billed = init_s - package_s(params.package_mb) - params.attach_vpc_s
    record["billed_init_s"] = 0.0 if old else billed  # billed for all since August 2025
    record["burst"] = BURST_2020.get(setup.region, BURST_2020_ELSEWHERE) if old else BURST
    record["refill_per_s"] = REFILL_2020_PER_MIN / 60.0 if old else REFILL_PER_S
    storage = FREE_STORAGE_MB if old else params.ephemeral_storage_mb
    set_prices(record, memory, storage, params.architecture == "arm64" and not old)
    record["keeper"] = setup.keeper
    ports = {link.port for link in setup.outs}
    record["on_failure"] = 0 if "on_failure" in ports else -1
    record["on_success"] = 0 if "on_success" in ports else -1
    pulled = [link for link in setup.ins if link.mode == "pull"]
    for i, link in enumerate(pulled[:PULLS]):
        record["poll_s"][i] = TABLE_POLL_S if link.service == "dynamodb" else KINESIS_POLL_S
    return scaling.schedule(params, setup)


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    state["tokens"] = record["burst"]
    _set(params, state)
    state["provisioned"] = params.provisioned_concurrency
    account = params.account_concurrency or ACCOUNT_CONCURRENCY
    reserved = params.reserved_concurrency
    state["limit"] = state["pool"] = account if reserved is None else reserved
    state["batch"] = 1.0
    pulled = [link for link in setup.ins if link.mode == "pull"]
    for i, link in enumerate(pulled[:PULLS]):
        state["pollers"][i] = pollers = _first_pollers(link)
        state["polling"] += pollers
        state["polls_most"] += pollers
        batch, lasts = _first_batch(params, record, link)
        able = min(pollers, state["limit"])
        cold = max(0.0, able - params.provisioned_concurrency)
        turns = (able - cold) / min(setup.dt, lasts) + (pollers - able) / min(setup.dt, BACK_OFF_S)
        late = 1.0 - (lasts + record["init_s"]) / setup.dt
        turns += cold * (1.0 / setup.dt + max(0.0, late) / lasts)
        state["first_pulls"][i] = batch * turns
    scaling.begin(params, state)
    settle(record, state)


def _first_pollers(link: LinkView) -> float:
    """Who polls a queue, or the shards of a stream, at first."""
    its = link.params
    if link.service in STREAMS:
        shards = getattr(link.given, "shard_count", None) or 1
        return float(shards * its["parallelization_factor"])
    if its["provisioned_pollers"]:
        return float(its["minimum_pollers"] or LOWEST_POLLERS)
    return min(FIRST_BATCHES, its["maximum_concurrency"] or FIRST_BATCHES)


def _first_batch(params: Params, record: Any, link: LinkView) -> tuple[float, float]:
    """The largest batch of the link, and how long (s) the function works on it."""
    its = link.params
    queue = link.service not in STREAMS
    batch = float(its["batch_size"] or (QUEUE_BATCH if queue else STREAM_BATCH))
    if queue and its["maximum_batching_window_s"] < 1.0:
        batch = min(batch, NO_WINDOW_MOST)
    lasts = batch * record["own_s"]
    if its["concurrent_in_batch"]:
        lasts = batch * record["own_cpu_s"] + record["own_wait_s"]
    return batch, min(max(lasts, SHORTEST_S), params.timeout_s)


def resize(record: Any, state: Any, old_cells: np.ndarray, cells: np.ndarray) -> None:
    carry_over(record, state, old_cells, cells)


def adjust(params: Params, record: Any, state: Any, cells: np.ndarray, setup: Setup) -> None:
    """Fit what is under way to edited links and timeouts; what a person set since stays."""
    laid = (state["laid_slots"], state["laid_attempts"], state["laid_pulls"])
    if laid != (record["slots"], record["attempts"], record["pulls"]):
        carry_over(record, state, cells.copy(), cells)
    state["tokens"] = min(state["tokens"], record["burst"])
    scaling.edited(params, state)
    _set(params, state)


def _set(params: Params, state: Any) -> None:
    reserved = -1 if params.reserved_concurrency is None else params.reserved_concurrency
    given = params.provisioned_concurrency
    # a state of zeros has been given nothing; -2 is what no parameter says
    first = state["account_seen"] == 0.0 and state["given_reserved"] == 0.0
    if first or state["given_reserved"] != reserved:
        state["reserved"] = state["given_reserved"] = reserved
    if first or state["given_provisioned"] != given:
        state["provisioned_target"] = state["given_provisioned"] = given


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """What of the parameters AWS would refuse, alone or together with other functions."""
    found = []
    old = setup.era == "2020"
    phase_s = _phase_s(params, old)
    if phase_s > LONGEST_INIT_S and not params.provisioned_concurrency:
        follows = "it is given up, and done again in the first request"
        if _never_begins(params, old):
            follows = f"with a timeout of {params.timeout_s:g} s no request ends; raise timeout_s"
        text = f"The init phase of {phase_s:.3g} s is longer than {LONGEST_INIT_S:.0f} s: {follows}"
        found.append((0.0, "init", text))
    if old:
        memory = _memory(params, True)
        if memory != params.memory_mb:
            text = f"Memory was in steps of 64 up to 3,008 MB in 2020: it is {memory:,} MB"
            found.append((0.0, "quota", text))
        for given, text in (
            (params.ephemeral_storage_mb > FREE_STORAGE_MB, "/tmp had 512 MB in 2020"),
            (params.snap_start, "There was no SnapStart in 2020"),
            (params.architecture == "arm64", "There was no arm64 in 2020: it runs on x86_64"),
            (params.package == "image", "There were no container images in 2020"),
        ):
            if given:
                found.append((0.0, "quota", text))
    if len(setup.fellows) > 1 and setup.fellows[0][0] == setup.node:
        found += _account(setup)
    return found


def _account(setup: Setup) -> list[tuple[float, str, str]]:
    every = [params for _, params in setup.fellows]
    said = {f.account_concurrency for f in every} - {None}
    account = min(said, default=int(ACCOUNT_CONCURRENCY))
    found = []
    if len(said) > 1:
        text = (
            f"Functions say different things of account_concurrency; the least holds, {account:,}"
        )
        found.append((0.0, "quota", text))
    reserved = sum(f.reserved_concurrency or 0 for f in every)
    if reserved > account - UNRESERVED:
        text = (
            f"{reserved:,} are reserved in all, but {UNRESERVED:.0f} of the account's {account:,} "
            "must stay unreserved: AWS refuses the reservations beyond that, and so get less"
        )
        found.append((0.0, "quota", text))
    return found
