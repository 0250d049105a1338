"""The sample execution of a state machine, as its parameters describe it."""

from __future__ import annotations

import json

from sandbox.services._asl import parse
from sandbox.services._asl_run import Settings, execute
from sandbox.services._step_functions_params import Params
from sandbox.services.trial import Execution


def sample(params: Params, text: str = "", seed: int = 0, failures: float = 0.0) -> Execution:
    """A sample execution of these parameters on an input (theirs without one): its log.

    With a seed, failures of Tasks are drawn: their own assumed shares, and `failures` of each.
    """
    own = {one.state: one for one in params.states}
    settings = Settings(
        mocks=json.loads(params.mocks or "{}"),
        task_s=params.task_duration_s,
        token_s=params.token_wait_s,
        wait_s=params.wait_s,
        items=min(100, round(params.map_items)),
        strict=params.sample_strict,
        express=params.type == "express",
        seed=seed or 1,
        durations={n: one.duration_s for n, one in own.items() if one.duration_s is not None},
        failing={n: one.failure_share for n, one in own.items()} if seed else {},
        failures=failures if seed else 0.0,
        errors={n: one.error for n, one in own.items() if one.error},
    )
    data = json.loads(text or params.sample_input or "{}")
    return execute(parse(params.definition), data, settings)
