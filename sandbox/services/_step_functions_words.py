"""What a state machine measures, and why executions are lost."""

from __future__ import annotations

from sandbox.services._step_functions_law import QUOTAS
from sandbox.services._step_functions_params import ASL
from sandbox.services.contract import Cause, Metric

ERRORS = "AWS Step Functions Developer Guide: Handling errors in workflows"

CAUSES = (
    Cause("throttled", "start_quota", "StartExecution's tokens are used up", QUOTAS),
    Cause("rejected", "open_executions", "1,000,000 executions are open", QUOTAS),
    Cause("rejected", "input_too_large", "the input is larger than it may be", QUOTAS),
    Cause("failed", "task_failed", "a task failed, and nothing caught it", ERRORS),
    Cause("failed", "task_throttled", "a task was throttled, and nothing caught it", ERRORS),
    Cause("failed", "fail_state", "the execution came to a Fail state", ASL),
    Cause("failed", "no_choice_matched", "no rule of a Choice held", ERRORS),
    Cause("failed", "history_full", "the history reached 25,000 events", QUOTAS),
    Cause("timed_out", "timed_out", "the execution lasted longer than it may", QUOTAS),
    Cause("failed", "aborted", "the definition was replaced while it ran"),
)

METRICS = (
    Metric("executions_started", "1/s", "Executions started", "started",
           "ExecutionsStarted", total=True),
    Metric("executions_succeeded", "1/s", "Executions succeeded", "succeeded",
           "ExecutionsSucceeded", total=True),
    Metric("executions_failed", "1/s", "Executions failed", "failed",
           "ExecutionsFailed", total=True),
    Metric("executions_timed_out", "1/s", "Executions timed out", "over_time",
           "ExecutionsTimedOut", total=True),
    Metric("executions_aborted", "1/s", "Executions aborted", "aborted",
           "ExecutionsAborted", total=True),
    Metric("executions_throttled", "1/s", "Transitions delayed", "delayed",
           "ExecutionThrottled", total=True),
    Metric("open_executions", "", "Open executions", "open_executions",
           "OpenExecutionCount"),
    Metric("execution_time", "s", "Execution time (mean)", "duration", "ExecutionTime"),
    Metric("transitions", "1/s", "State transitions", "transitions", "ConsumedCapacity",
           total=True),
    Metric("transition_tokens", "", "Transition tokens left", "transition_tokens"),
)  # fmt: skip
