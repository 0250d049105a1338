"""The account's books: what all functions of a diagram share in the Region.

The function whose id comes first keeps them in its state. Each function, when its turn comes in a
tick, takes its entry of the last tick out and puts that of this tick in, so it sees of those before
it what they are now, of the others what they were.
"""

from __future__ import annotations

from typing import Annotated

from sandbox.kernels.compiled import inlined

ACCOUNT_CONCURRENCY = 1000.0  # AWS Lambda Developer Guide: Lambda quotas (the default)
UNRESERVED = 100.0  # AWS Lambda Developer Guide: Configuring reserved concurrency; stays unreserved
REQUESTS_PER_CONCURRENCY = 10.0  # AWS Lambda Developer Guide: Understanding function scaling

ENTRIES = 4
RESERVED_ENTRY, BUSY_ENTRY, LOAD_ENTRY, REQUESTS_ENTRY = range(ENTRIES)


class Books:
    """State: a function's own entries, and, of the first function, the sums of all."""

    mine: Annotated[object, ("f8", (ENTRIES,))]
    now: Annotated[object, ("f8", (ENTRIES,))]  # of those whose turn has come in this tick
    rest: Annotated[object, ("f8", (ENTRIES,))]  # of the others
    book_tick: int
    account: float  # the concurrency that the account has
    account_next: float
    region_tokens: float
    refilled: int


@inlined
def open_books(k, s, p, tick):
    """Take the own entries of the last tick out."""
    if k.book_tick != tick.n + 1:
        k.book_tick = tick.n + 1
        k.account = k.account_next if k.account_next > 0.0 else ACCOUNT_CONCURRENCY
        k.account_next = 0.0
        for i in range(ENTRIES):
            k.rest[i] = k.now[i]
            k.now[i] = 0.0
    if p.account_concurrency > 0:  # where functions say different things, the least holds
        given = float(p.account_concurrency)
        if k.account_next == 0.0 or given < k.account_next:
            k.account_next = given
        if tick.n == 0:
            k.account = given
    for i in range(ENTRIES):
        k.rest[i] = max(0.0, k.rest[i] - s.mine[i])
        s.mine[i] = 0.0


@inlined
def others(k, s, which):
    """The sum of the entries of all other functions."""
    return max(0.0, k.now[which] - s.mine[which]) + k.rest[which]


@inlined
def enter(k, s, which, amount):
    """Put an entry of this tick in."""
    s.mine[which] = amount
    k.now[which] += amount
