"""What is said of the instances of a group."""

from __future__ import annotations

import numpy as np

from sandbox.services.contract import EventKind

EVENTS = (
    EventKind(
        "launched", "Launched {0:.0f} for desired {1:.0f}: {2:.0f} pending; runs in {3:.0f} s"
    ),
    EventKind("in_service", "{0:.0f} in service {1:.0f} s after launch: {2:.0f} take requests"),
    EventKind(
        "terminating",
        "Terminating {0:.0f} for desired {1:.0f}: {2:.0f} stay in service; "
        "{3:,.1f} requests drain for at most {4:.0f} s",
    ),
    EventKind("terminated", "{0:.0f} terminated, {1:,.1f} requests cut off; {2:.0f} still drain"),
    EventKind(
        "lost",
        "Health check: {0:.0f} no longer running, to be replaced for desired {1:.0f}",
        "warning",
    ),
    EventKind(
        "unhealthy",
        "Health check (ELB): {0:.0f} not ready {1:.0f} s after running, beyond the grace period of "
        "{2:.0f} s: terminated, to be replaced for desired {3:.0f}",
        "warning",
    ),
    EventKind("no_room", "Launching {0:.0f} waits until one of {1:.0f} places is free", "warning"),
    EventKind("no_zone", "Launching {0:.0f} waits: every zone of the group is out", "warning"),
    EventKind(
        "launched",
        "Launched {0:.0f} on demand and {1:.0f} spot for desired {2:.0f}: {3:.0f} pending; the "
        "first runs in {4:.0f} s",
    ),
    EventKind(
        "launched",
        "Started {0:.0f} from the warm pool for desired {1:.0f}: {2:.0f} left in it; the first "
        "runs in {3:.0f} s",
    ),
    EventKind(
        "launch_failed",
        "Launching {0:.0f} failed: {1:.0f} vCPUs run and {2:.0f} more would exceed the account's "
        "quota of {3:.0f}; next try in {4:.0f} s",
        "warning",
    ),
    EventKind(
        "launch_failed",
        "Launching {0:.0f} spot failed (InsufficientInstanceCapacity): none of {1:.0f} pools has "
        "capacity at the price; next try in {2:.0f} s",
        "warning",
    ),
    EventKind(
        "launch_failed",
        "Launching {0:.0f} failed in zone {1:.0f}, which is out; balanced-only goes to no other; "
        "next try in {2:.0f} s",
        "warning",
    ),
    EventKind(
        "scale_in_refused",
        "{0:.0f} too many for desired {1:.0f}, but all {2:.0f} in service are protected from "
        "scale-in",
        "warning",
    ),
    EventKind(
        "unhealthy",
        "Health check: {0:.0f} impaired: terminated first, to be replaced for desired {1:.0f}; "
        "{2:.0f} more unhealthy (at most {3:.0f} at a time)",
        "warning",
    ),
    EventKind(
        "lifetime",
        "{0:.0f} older than the maximum instance lifetime of {1:,.0f} s: terminated, to be "
        "replaced for desired {2:.0f}",
    ),
    EventKind(
        "refresh",
        "Instance refresh: {0:.0f} terminated, to be replaced for desired {1:.0f}; {2:.0f} to go",
    ),
    EventKind(
        "hook", "Lifecycle hook: {0:.0f} launched and waiting for CONTINUE, {1:.0f} s at most"
    ),
    EventKind(
        "hook_abandoned",
        "Lifecycle hook: no CONTINUE within {1:,.0f} s, so ABANDON: {0:.0f} terminated, to be "
        "launched again for desired {2:.0f}",
        "warning",
    ),
    EventKind("hook", "Lifecycle hook: {0:.0f} drained and waiting to terminate, {1:,.0f} s"),
    EventKind(
        "spot_pool",
        "Rebalance recommendation: {0:.0f} of {1:.0f} spot instances of {2:.0f} vCPUs in zone "
        "{3:.0f} are at risk; that pool has no capacity for {4:.0f} min",
        "warning",
    ),
    EventKind(
        "spot_notice",
        "Spot interruption notice: {0:.0f} will be taken away in {1:.0f} s; {2:.0f} of them drain",
        "warning",
    ),
    EventKind("spot_interrupted", "{0:.0f} spot instances are gone; {1:.0f} in service", "warning"),
    EventKind("replaced", "{0:.0f} in service to replace {1:.0f} that now leave"),
    EventKind(
        "rebalancing",
        "Zones out of balance: zone {0:.0f} has {1:.0f}, zone {2:.0f} has {3:.0f}; launching "
        "{4:.0f} there before terminating",
    ),
    EventKind("warm_pool", "Warm pool: launched {0:.0f} to hold {1:.0f}; prepared in {2:.0f} s"),
    EventKind("warm_pool", "Warm pool: terminated {0:.0f} to hold {1:.0f}"),
    EventKind("resized", "All resized: {0:.0f} in service with {1:.0f} vCPUs"),
    EventKind("resizing", "Resizing {0:.0f}: stopped when drained, {1:.0f} stay in service"),
    EventKind(
        "spot_notice", "Spot interruption: the group runs no spot instance, so nothing happens"
    ),
    EventKind(
        "unhealthy",
        "Health check (ELB): {0:.0f} too busy to answer within {1:.0f} s: terminated first, to be "
        "replaced for desired {2:.0f}; {3:.0f} more unhealthy",
        "warning",
    ),
)
# an array's integers, not Python's: numba would compile `emit` once for each literal
_KINDS = np.arange(len(EVENTS))
LAUNCHED, READY, LEAVING, ENDED, FOUND_LOST, UNHEALTHY, NO_ROOM, NO_ZONE = _KINDS[:8]
LAUNCHED_MIXED, STARTED_WARM, QUOTA_FULL, NO_SPOT, ZONE_OUT, ALL_PROTECTED = _KINDS[8:14]
SICK, OLD, REFRESHED, HOOKED, ABANDONED, HOOKED_OUT, POOL_SHORT, NOTICED = _KINDS[14:22]
INTERRUPTED, RETIRED, REBALANCING, POOL_GROWS, POOL_SHRINKS, RESIZED, RESIZES = _KINDS[22:29]
NO_SPOT_HERE, BUSY = _KINDS[29:31]
