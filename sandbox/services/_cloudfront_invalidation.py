"""New content: replaced at the origin and waited for, invalidated, or under a new name."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from sandbox.kernels.compiled import compiled
from sandbox.services._cloudfront_keys import forget
from sandbox.services._cloudfront_prices import FREE_PATHS, INVALIDATION_USD
from sandbox.services.contract import Action
from sandbox.services.law import emit
from sandbox.services.params import Parameters, param

MOST_FILES = 3000  # CloudFront Developer Guide: Quotas, file invalidations in progress
MOST_WILDCARDS = 15  # CloudFront Developer Guide: Quotas, wildcard invalidations in progress
JOBS = 64  # requests under way that are told apart
INVALIDATION = "Amazon CloudFront Developer Guide: Invalidate files to remove content"
INVALIDATED, FRESH_AGAIN, STRUCK_FLUSH = range(3)


class Jobs:
    """State: invalidations under way, what they cost, and content that is out of date."""

    due_s: Annotated[object, ("f8", (JOBS,))]  # 0: free
    files: Annotated[object, ("f8", (JOBS,))]
    wildcards: Annotated[object, ("f8", (JOBS,))]
    part: Annotated[object, ("f8", (JOBS,))]
    jobs: float
    paths: float  # of the month
    unpaid_usd: float
    invalidation_usd: float  # USD an hour, in the tick it is paid
    replaced: float  # share of the objects that were replaced at the origin
    replaced_s: float
    stale: float  # share of the answers that are out of date
    to_forget: float  # share of the objects that has a new name


@compiled
def work(p, s, cells, tick):
    """Let invalidations arrive: what they match is gone from all caches."""
    s.invalidation_usd = s.unpaid_usd * 3600.0 / tick.dt
    s.unpaid_usd = 0.0
    if s.to_forget > 0.0:
        forget(cells, s.to_forget)
        s.to_forget = 0.0
    if s.jobs <= 0.0:
        return
    s.jobs = 0.0
    for i in range(JOBS):
        if s.due_s[i] <= 0.0:
            continue
        if tick.t + 1e-6 < s.due_s[i]:
            s.jobs += 1.0
            continue
        forget(cells, s.part[i])
        emit(tick, INVALIDATED, s.part[i], s.files[i] + s.wildcards[i], s.hit_ratio)
        s.replaced *= 1.0 - s.part[i]
        s.due_s[i] = s.files[i] = s.wildcards[i] = s.part[i] = 0.0


@compiled
def age(p, s, tick, hits, ttl):
    """The share of answers that are out of date: copies of an age below that of the new content
    are renewed, and of the popular ones ages are spread evenly over the lifetime."""
    if s.replaced <= 0.0:
        s.stale = 0.0
        return
    left = 1.0 - (tick.t + tick.dt - s.replaced_s) / ttl if ttl > 0.0 else 0.0
    if left <= 1e-9:
        emit(tick, FRESH_AGAIN, tick.t + tick.dt - s.replaced_s)
        s.replaced = s.stale = 0.0
        return
    s.stale = hits * s.replaced * left


# ---------------------------------------------------------------- what a person does


class Invalidate(Parameters):
    by: Literal["console", "api", "third_party"] = param(
        "console", "Who asks for it: the console, the API, or a tool that calls the API for you. "
        "They cost and take the same.", source=INVALIDATION, confidence="H",
    )  # fmt: skip
    paths: int = param(
        1, "Paths of the request, each is paid for.", ge=1, le=1_000_000,
        source=INVALIDATION, confidence="H",
    )  # fmt: skip
    wildcard: bool = param(
        True, "Whether they end in *: such a path is one, however many objects it matches.",
        source=INVALIDATION, confidence="H",
    )  # fmt: skip
    share: float = param(
        1.0, "Share of the objects that each wildcard path, up to all of them, matches together.",
        unit="share", gt=0, le=1,
    )  # fmt: skip


class Replace(Parameters):
    share: float = param(1.0, "Share of the objects that are new.", unit="share", gt=0, le=1)


def invalidate(record: Any, state: Any, cells: Any, args: Invalidate, t_s: float) -> str:
    """CreateInvalidation: within seconds it is on its way, and cannot be cancelled."""
    files = 0 if args.wildcard else args.paths
    wildcards = args.paths if args.wildcard else 0
    open_files, open_wildcards = float(state["files"].sum()), float(state["wildcards"].sum())
    if open_files + files > MOST_FILES:
        raise ValueError(
            f"TooManyInvalidationsInProgress: {open_files:,.0f} files are in progress, and "
            f"{MOST_FILES:,} may be; wait, or use a wildcard"
        )
    if open_wildcards + wildcards > MOST_WILDCARDS:
        raise ValueError(
            f"TooManyInvalidationsInProgress: {open_wildcards:,.0f} wildcard paths are in "
            f"progress, and {MOST_WILDCARDS} may be; wait until they are done"
        )
    free = next((i for i in range(JOBS) if state["due_s"][i] <= 0), None)
    if free is None:
        raise ValueError(f"{JOBS} invalidations are under way; wait until one is done")
    before = float(state["paths"])
    state["paths"] = before + args.paths
    billed = max(0.0, before + args.paths - FREE_PATHS) - max(0.0, before - FREE_PATHS)
    usd = billed * INVALIDATION_USD
    state["unpaid_usd"] += usd
    part = args.share if args.wildcard else min(1.0, args.paths / float(record["objects"]))
    takes = float(record["takes_s"])
    state["due_s"][free], state["part"][free] = t_s + takes, part
    state["files"][free], state["wildcards"][free] = files, wildcards
    state["jobs"] += 1
    return (
        f"{args.paths:,} path{'s' if args.paths > 1 else ''} invalidated by {args.by}: "
        f"{part:.0%} of the objects are gone from all caches in {takes:.0f} s, for {usd:,.3f} USD"
    )


def replace(record: Any, state: Any, cells: Any, args: Replace, t_s: float) -> str:
    """New content under the old names: caches answer with what they have until that expires."""
    state["replaced"], state["replaced_s"] = max(args.share, float(state["replaced"])), t_s
    return (
        f"{args.share:.0%} of the objects are new at the origin; caches keep answering with the "
        "old ones until they expire"
    )


def rename(record: Any, state: Any, cells: Any, args: Replace, t_s: float) -> str:
    """New content under new names: at once, for nothing, and it can be taken back."""
    state["to_forget"] = max(args.share, float(state["to_forget"]))
    state["replaced"] = max(0.0, float(state["replaced"]) - args.share)
    return f"{args.share:.0%} of the objects are asked for by a new name, which no cache holds yet"


ACTIONS = (
    Action("replace_at_origin", "Replace content, and wait for the TTL", Replace, replace),
    Action("invalidate", "Invalidate", Invalidate, invalidate),
    Action("version_names", "Publish under new names", Replace, rename),
)
