"""How a compiled definition lies in the table that the law of `step_functions` reads.

A header (stages, states, branches, scopes, the first stage), a row for each stage, the first stage
of each branch, a row for each scope (a Parallel or Map), a row for each edge.
"""

from __future__ import annotations

# kinds of stages: they take no time, a fixed time, a callee's, that of their branches
ZERO, RING, LINKED, PARENT = range(4)
OK, THROTTLED, FAILED, TIMED_OUT = range(4)  # how a stage ends
DONE, TASK_FAILED, FAIL_STATE, NO_CHOICE, TASK_THROTTLED = -1, -2, -3, -4, -5  # ends of a machine
HEADER = 8
(
    KIND, STATE, MEAN, LINK, CHARGED, LIMIT, FAILS, BRANCH, SCOPE, GATE, STARTS, LATE, FIRST,
) = range(13)  # fmt: skip
STAGE = FIRST + 8  # of each outcome the first edge and how many
EDGE = 4  # target, weight, and the shares killed by the history's and by the time's limit
BLOCK = 8  # of a scope: is it a Map, first branch, branches, items, at once, children/s, tolerated
IS_MAP, BRANCHES_FIRST, BRANCHES_N, ITEMS, AT_ONCE, PER_S, TOLERATED = range(7)
