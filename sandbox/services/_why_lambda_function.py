"""What a function says of its numbers and its bill."""

from __future__ import annotations

from sandbox.services.explain import CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/lambda/pricing/"
QUOTAS = "AWS Lambda Developer Guide, Lambda quotas"

_COLD = "cold_starts"
_STARTED = "invocations"
_GB = Input("p.memory_mb", "Memory", "MB")
_ROUNDED = (
    Input("ROUNDED_S", "Durations are billed in", "s", PRICING),
    Input("ROUNDED_2020_S", "… in 2020", "s", PRICING),
    "era",
)
_WORK = (
    _STARTED,
    "duration_s",
    _COLD,
    Input("p.billed_init_s", "Billed part of a cold start", "s", PRICING),
    _GB,
    *_ROUNDED,
    "concurrent_executions",
    Input("s.provisioned", "Provisioned concurrency that is ready"),
)


def _gb_s(started: float, lasts: float, cold: float, init: float, mb: float, unit: float,
          unit_2020: float, era: float) -> float:  # fmt: skip
    """GB-seconds a second; half a unit is what rounding up adds on average."""
    rounded = unit_2020 if era == 0 else unit
    return (started * (lasts + 0.5 * rounded) + cold * init) * mb / 1024.0


def _part(busy: float, provisioned: float) -> float:
    return min(1.0, provisioned / busy) if busy > 0.0 else 0.0


EXPLANATIONS = (
    Explanation(
        "utilization",
        "Executions at once, of the concurrency that the function may have.",
        ("concurrent_executions",
         Input("s.limit", "Concurrency it may have: reserved, or the account's", "", QUOTAS, True)),
        lambda busy, limit: min(1.0, busy / limit) if limit > 0 else 0.0,
        QUOTAS,
    ),
    Explanation(
        "own_latency_mean",
        "Its own duration, and the share of cold starts × their init.",
        (Input("p.own_cpu_s", "CPU time at this memory", "s"),
         Input("p.own_wait_s", "Its own waits", "s"),
         Input("io.wait_p", "Share that starts cold", "share"),
         Input("p.init_s", "A cold start: placing, runtime, init", "s"),
         Input("io.fault.1", "Latency that a fault adds", "s")),
        lambda cpu, wait, cold, init, slow: cpu + wait + cold * init + slow,
        "AWS Lambda Developer Guide, understanding the execution environment lifecycle",
    ),
)  # fmt: skip

COST_LINES = (
    CostLine(
        "Requests",
        "Invocations × price of a request.",
        (_STARTED, Input("REQUEST_USD", "A request", "USD", PRICING)),
        lambda started, usd: started * usd * 3600.0,
        PRICING,
    ),
    CostLine(
        "Duration",
        "Invocations × duration (rounded up) × memory × price of a GB-second, of those that run "
        "on demand.",
        (*_WORK, Input("GB_S_USD", "A GB-second", "USD", PRICING)),
        lambda *x: _gb_s(*x[:8]) * (1.0 - _part(x[8], x[9])) * x[10] * 3600.0,
        PRICING,
    ),
    CostLine(
        "Duration, provisioned",
        "The same of those that run in provisioned environments, at their lower price.",
        (*_WORK, Input("PROVISIONED_BUSY_USD", "A GB-second that runs provisioned", "USD",
                       PRICING)),
        lambda *x: _gb_s(*x[:8]) * _part(x[8], x[9]) * x[10] * 3600.0,
        PRICING,
    ),
    CostLine(
        "Provisioned concurrency",
        "Environments kept ready × memory × price of a GB-second, used or not.",
        (_WORK[-1], _GB, Input("PROVISIONED_USD", "A GB-second kept ready", "USD", PRICING)),
        lambda ready, mb, usd: ready * mb / 1024.0 * usd * 3600.0,
        PRICING,
    ),
)  # fmt: skip
