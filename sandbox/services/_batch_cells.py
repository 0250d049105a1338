"""What AWS Batch keeps of jobs: submissions, attempts and instances as cells, and the totals.

The cells lie one behind the other: submissions, attempts that hold a place (a heap, the one that
ends first on top), instances.  A submission is an array with its children, or jobs alike that were
submitted in one moment.
"""

from __future__ import annotations

from typing import Annotated

from sandbox.services._batch_environments import JOBS, QUEUES
from sandbox.services._batch_params import MOST_ATTEMPTS
from sandbox.services.contract import EventKind

ENTRIES = 256  # submissions told apart; beyond, the youngest of a definition grows
KILL_S = 30.0  # AWS Batch User Guide: Job timeouts, from SIGTERM to SIGKILL
FARGATE_MOST_S = 1_209_600.0  # AWS Batch User Guide: Job timeouts, 14 days on Fargate
FARGATE_LEAST_S = 60.0  # AWS Fargate pricing: a minute at least
LEAST_RUN_S = 0.1  # assumption: an attempt takes some time
FREE, PENDING, SUBMITTED, RUNNABLE, STARTING, RUNNING = range(6)
FIFO = 0
ANY = 0
NOBODY = -1
_FAILS = 1 << 40  # counters of random numbers


class Cell:
    """A submission, an attempt or an instance; each has some of the fields."""

    state: int
    # a submission
    job: int
    serial: int
    submitted_s: float
    seen_s: float
    runnable_s: float
    size: float
    held: float  # children that wait for others
    fresh: float  # that have not been tried
    again: Annotated[object, ("f8", (MOST_ATTEMPTS + 1,))]  # to be tried for the nth time
    active: float  # that hold a place
    succeeded: float
    failed: float
    needs: int  # the submission it depends on
    first_s: float  # when the first of them began
    progress: float  # RUNNING
    shown: int  # the state of the whole
    # an attempt
    entry: int
    attempt: int
    host: int
    placed_s: float
    start_s: float
    end_s: float
    outcome: int
    # an instance
    env: int
    kind: int
    vcpus: float
    memory: float
    used_vcpus: float
    used_memory: float
    planned_vcpus: float
    planned_memory: float
    launched_s: float
    ready_s: float
    idle_s: float
    gone_s: float
    pulled: int
    draw: int


class Jobs:
    """What the state says of jobs."""

    clock: float
    places: int  # attempts that hold one
    laid: int  # cells for them
    entries: int  # the first so many cells of submissions are in use
    serials: int
    draws: int
    saturated: int  # what waits found no room when it was last looked
    seen_due: float
    rank: int
    submitted: float
    pending: float
    waiting_seen: float
    runnable: float
    starting: float
    running: float
    succeeded: float
    failed: float
    retried: float
    ended_ok: float  # submissions of this tick
    ended_bad: float
    jobs_ok: float  # children and jobs of this tick
    jobs_bad: float
    makespan_s: float
    wait_s: float
    wait_sum: float
    wait_n: float
    used_vcpus: float
    used: Annotated[object, ("f8", (3,))]  # of each environment
    usage: Annotated[object, ("f8", (JOBS,))]  # vCPU-seconds × weight, fading
    busy: Annotated[object, ("f8", (JOBS,))]  # vCPUs now
    wanted: Annotated[object, ("f8", (JOBS,))]  # jobs that are RUNNABLE
    blocked: Annotated[object, ("i8", (QUEUES,))]
    fargate_now: float  # USD/h
    hosts_now: Annotated[object, ("f8", (2,))]  # USD/h on demand, spot
    fargate_acc: float
    hosts_acc: Annotated[object, ("f8", (2,))]  # USD of this tick


EVENTS = (
    EventKind(
        "succeeded",
        "Job definition {0:.0f}: {1:,.0f} of {1:,.0f} jobs SUCCEEDED, {2:,.0f} s after submission",
    ),
    EventKind(
        "failed",
        "Job definition {0:.0f}: {1:,.0f} of {2:,.0f} jobs FAILED, so that the submission has, "
        "{3:,.0f} s after it",
        "error",
    ),
    EventKind(
        "cancelled",
        "Job definition {0:.0f}: {1:,.0f} jobs cancelled, RUNNABLE at the head of the queue for "
        "{2:,.0f} s",
        "error",
    ),
    EventKind("timed_out", "Job definition {0:.0f}: stopped by its timeout of {1:,.0f} s", "error"),
)
SUCCEEDED_EVENT, FAILED_EVENT, CANCELLED_EVENT, TIMEOUT_EVENT = range(4)
