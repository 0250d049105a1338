"""What AWS Batch answers: at once, or, to who waits for the job, when and how it has ended."""

from __future__ import annotations

from sandbox.kernels.compiled import compiled
from sandbox.services._batch_cells import FREE
from sandbox.services._job_ends import WAITS
from sandbox.services.law import CONTROL
from sandbox.services.params import Parameters, param

SUBMIT_M = 0.05  # assumption: SubmitJob's answer, s
JOB_FAILED = 2  # its place among the causes


class Submission(Parameters):
    """What a request submits."""

    job: str = param("", "Job definition; empty is the first.", basic=True)


class WaitingSubmission(Submission):
    """What a request submits, and whether it waits."""

    wait_for_job: bool = param(
        False,
        "Step Functions' submitJob.sync: the answer comes when the job has ended, and is an error "
        "if it FAILED. When and how is told by the last jobs of its definition.",
        source="AWS Step Functions Developer Guide: Run AWS Batch workloads",
        confidence="H",
        basic=True,
    )


@compiled
def answer(p, s, io, cells, tick, accepted):
    """(requests/s answered well, how long the answer takes): of what was accepted."""
    flow = waits = failed = time = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode == CONTROL:
            continue
        mine = link.reads + link.writes
        flow += mine
        if mine > 0.0 and tick.table[x] >= WAITS:
            k = int(tick.table[x]) % WAITS
            waits += mine
            failed += mine * s.last_bad[k]
            time += mine * _lasting(s, cells, k, tick.t)
    if flow <= 0.0 or waits <= 0.0:
        return accepted, SUBMIT_M
    io.loss[JOB_FAILED] = accepted * failed / flow
    return accepted - io.loss[JOB_FAILED], SUBMIT_M + time / flow


@compiled
def _lasting(s, cells, k, now):
    """How long a job of definition ``k`` takes: as the last, and at least as those under way."""
    longest = s.last_s[k]
    for e in range(s.entries):
        if cells[e].state != FREE and cells[e].job == k:
            longest = max(longest, now - cells[e].submitted_s)
    return longest
