"""What a function says of its numbers and its bill."""

from __future__ import annotations

from sandbox.services.explain import CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/lambda/pricing/"
QUOTAS = "AWS Lambda Developer Guide, Lambda quotas"

_STARTED = "invocations"
_BILLED = "billed_seconds"
_GB = Input("p.memory", "Memory", "MB")
_PART = Input("s.provisioned_part", "Share of it in provisioned environments", "share")
_READY = Input("s.provisioned", "Provisioned concurrency that is ready")


EXPLANATIONS = (
    Explanation(
        "utilization",
        "Executions at once, of the concurrency that the function may have, or that it shares with "
        "the other functions of the account.",
        (Input("s.taken", "Executions at once, with those of others that share"),
         Input("s.pool", "Concurrency: reserved, or what the account leaves", "", QUOTAS, True)),
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
        "Billed seconds (durations rounded up to 1 ms, in 2020 to 100 ms, and the init of cold "
        "starts) × memory × price of a GB-second, of those that run on demand.",
        (_BILLED, _PART, _GB, Input("p.gb_s_usd", "A GB-second", "USD", PRICING)),
        lambda seconds, part, mb, usd: seconds * (1.0 - part) * mb / 1024.0 * usd * 3600.0,
        PRICING,
    ),
    CostLine(
        "Duration, provisioned",
        "The same of those that run in provisioned environments, at their lower price.",
        (_BILLED, _PART, _GB,
         Input("p.ready_busy_usd", "A GB-second that runs provisioned", "USD", PRICING)),
        lambda seconds, part, mb, usd: seconds * part * mb / 1024.0 * usd * 3600.0,
        PRICING,
    ),
    CostLine(
        "Provisioned concurrency",
        "Environments kept ready × memory × price of a GB-second, used or not.",
        (_READY, _GB, Input("p.ready_usd", "A GB-second kept ready", "USD", PRICING)),
        lambda ready, mb, usd: ready * mb / 1024.0 * usd * 3600.0,
        PRICING,
    ),
    CostLine(
        "Storage",
        "Billed seconds × what /tmp has beyond 512 MB × price of a GB-second.",
        (_BILLED, Input("p.paid_storage_gb", "/tmp beyond 512 MB", "GB"),
         Input("STORAGE_GB_S_USD", "A GB-second of /tmp", "USD", PRICING)),
        lambda seconds, gb, usd: seconds * gb * usd * 3600.0,
        PRICING,
    ),
)  # fmt: skip
