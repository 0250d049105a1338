"""What AWS Batch may lose jobs by, what it measures, and what it says."""

from __future__ import annotations

from sandbox.services._batch_params import LIMITS
from sandbox.services.contract import Cause, Metric

SYNC = "AWS Step Functions Developer Guide: Run AWS Batch workloads"
CAUSES = (
    Cause("rejected", "too_large", "a payload of SubmitJob has 30 KiB at most", LIMITS),
    Cause("throttled", "submit_quota", "SubmitJob is called 50 times a second at most", LIMITS),
    Cause("failed", "job_failed", "the job that the caller waited for FAILED", SYNC),
)

METRICS = (
    Metric("jobs_submitted", "", "Jobs SUBMITTED: not looked at yet", "waiting_seen"),
    Metric("jobs_pending", "", "Jobs PENDING: wait for other jobs", "pending"),
    Metric("jobs_runnable", "", "Jobs RUNNABLE: wait for room", "runnable"),
    Metric("jobs_starting", "", "Jobs STARTING: pull their image", "starting"),
    Metric("jobs_running", "", "Jobs RUNNING", "running"),
    Metric("jobs_succeeded", "", "Jobs SUCCEEDED so far", "succeeded"),
    Metric("jobs_failed", "", "Jobs FAILED so far", "failed"),
    Metric("jobs_retried", "", "Attempts tried again so far", "retried"),
    Metric("interrupted", "", "Taken back by Spot so far", "interrupted"),
    Metric("desired_vcpus", "", "Desired vCPUs", "desired_vcpus"),
    Metric("used_vcpus", "", "vCPUs that jobs hold", "used_vcpus"),
    Metric("idle_instances", "", "Instances without a job", "idle"),
    Metric("makespan", "s", "Submission to its last job's end, the last one", "makespan_s"),
    Metric("queue_wait", "s", "Submission to STARTING, of the last jobs", "wait_s"),
)
