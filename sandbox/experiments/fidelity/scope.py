"""What is modelled and what is not, in a few sentences that the page shows."""

from __future__ import annotations

from .retries import available

_MODELLED = (
    (
        "Waiting at pools of servers with any variability of arrivals and of service, in steady "
        "state, in overload and while a backlog drains, by one formula; finite queues reject "
        "what finds them full."
    ),
    ("How a load balancer deals requests out: one queue, random, round robin, least outstanding."),
    (
        "Percentiles: three cumulants of each case (waits or not, hit or miss) are carried "
        "along the synchronous path, and quantiles are solved from them."
    ),
    ("Threads that are held while a callee works, and so callers that fill up because it is slow."),
    "Quotas per second under random arrivals: at 99 % of a limit a little is throttled.",
    (
        "A limit of concurrency refuses what finds it in use by chance: Erlang's loss formula, "
        "within half a point from half the limit to one and a half times it."
    ),
    "Skewed keys by their real hashes, on shards and partitions.",
    (
        "Caches that fill, evict and expire under skewed keys, by Che's approximation: cold "
        "after a flush, and warm by what has come in since."
    ),
    "Controllers that see metrics as late as CloudWatch shows them.",
)
_NOT_MODELLED = (
    (
        "Single requests: what is computed is the mean path of a run and the distribution of "
        "the latencies on it, not one random day. Chance that makes a small fleet fall behind "
        "for an hour is not in it, unless a source's slow variation is turned on."
    ),
    (
        "Dependence between stages: a request that was slow at one service is taken to be as "
        "fast as any at the next, and what leaves a pool arrives at the next as a Poisson "
        "stream."
    ),
    (
        "The last 10 to 40 s of a drain, where the mean over many days is made of some that are "
        "empty and some that are not; and p99 in the first half minute after a step, to better "
        "than a third."
    ),
    (
        "Entries of a cache that were stored together and so expire together: the hit ratio comes "
        "to rest without the dips that this makes at every time to live."
    ),
    (
        "Order other than first come, first served: no priorities, no deadline that drops work "
        "from a queue."
    ),
)
_RETRIES = "Timeouts, attempts and backoff of callers; work that was given up still costs capacity."
_NO_RETRIES = "Timeouts and retries on links, and so retry storms: not modelled yet."


def modelled() -> list[str]:
    return [*_MODELLED, *([_RETRIES] if available() else [])]


def not_modelled() -> list[str]:
    found = list(_NOT_MODELLED)
    if not available():
        found.append(_NO_RETRIES)
    return found
