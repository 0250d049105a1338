"""Tasks: jobs, tokens, calls of the SDK, retriers and catchers."""

# fmt: off
from __future__ import annotations

from typing import Any

from tests.services.definitions.shapes import (
    ACTIVITY,
    INVOKE,
    SORRY,
    failing,
    last,
    states,
    task,
)

CASES: dict[str, tuple[dict[str, Any], Any, dict[str, Any], Any, float]] = {
    "a job that is waited for": (
        states("Job", Job=task(
            "arn:aws:states:::batch:submitJob.sync", TimeoutSeconds=3600, Parameters={
                "JobName": "nightly", "JobQueue": "q", "JobDefinition": "d",
                "ArrayProperties": {"Size": 10}},
            ResultSelector={"how.$": "$.Status"})),
        {}, {"Job": {"Status": "SUCCEEDED", "DurationSeconds": 1800}}, {"how": "SUCCEEDED"}, 1800.0,
    ),
    "a job that fails, and is caught": (
        states("Job", Job=task("arn:aws:states:::glue:startJobRun.sync", Next="Done",
                               Parameters={"JobName": "j"},
                               Catch=[{"ErrorEquals": ["States.TaskFailed"],
                                                    "ResultPath": "$.why", "Next": "Tell"}]),
               Done={"Type": "Succeed"}, Tell=last("Pass", InputPath="$.why.Error")),
        {}, {"Job": failing("Glue.ConcurrentRunsExceededException")},
        "Glue.ConcurrentRunsExceededException", 1.0,
    ),
    "an execution in an execution": (
        states("Child", Child=task(
            "arn:aws:states:::states:startExecution.sync:2", OutputPath="$.Output", Parameters={
                "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:child",
                "Input": {"AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id"}})),
        {}, {"Child": {"Output": {"ok": True}, "Status": "SUCCEEDED"}}, {"ok": True}, 1.0,
    ),
    "a token that comes back": (
        states("Ask", Ask=task("arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                               HeartbeatSeconds=600, Parameters={
                                   "QueueUrl": "https://sqs.us-east-1.amazonaws.com/1/q",
                                   "MessageBody": {"token.$": "$$.Task.Token"}},
                               ResultPath="$.answer")),
        {"id": 1}, {"Ask": "yes"}, {"id": 1, "answer": "yes"}, 60.0,
    ),
    "a token that never comes back": (
        states("Ask", Ask=task(INVOKE + ".waitForTaskToken", TimeoutSecondsPath="$.most",
                               Parameters={"FunctionName": "f",
                                           "Payload": {"t.$": "$$.Task.Token"}},
                               Next="Done", Catch=[{"ErrorEquals": ["States.Timeout"],
                                                    "Next": "Nobody"}]),
               Done={"Type": "Succeed"}, Nobody={"Type": "Fail", "ErrorPath": "$.Error",
                                                  "CausePath": "States.Format('after {}', 20)"}),
        {"most": 20}, {}, ("States.Timeout", "after 20"), 20.0,
    ),
    "calls of the SDK": (
        states(
            "List", List=task("arn:aws:states:::aws-sdk:s3:listObjectsV2", Next="Count",
                              Parameters={"Bucket.$": "$.bucket"}, ResultPath="$.listed",
                              Retry=[{"ErrorEquals": ["S3.S3Exception"], "MaxAttempts": 1}]),
            Count=last("Pass", Parameters={"n.$": "States.ArrayLength($.listed.Contents[*].Key)"})),
        {"bucket": "b"}, {"List": [failing("S3.S3Exception"), {"Contents": [{"Key": "a"}]}]},
        {"n": 1}, 3.0,
    ),
    "an activity": (
        states("Approve", Approve=task(ACTIVITY, TimeoutSeconds=86400, HeartbeatSeconds=300,
                                       ResultPath="$.by")),
        {"id": 1}, {"Approve": "Ada"}, {"id": 1, "by": "Ada"}, 1.0,
    ),
    "retriers that count for themselves": (
        states("Work", Work=task(
            INVOKE, OutputPath="$.Payload", Parameters={"FunctionName": "f:live", "Payload.$": "$"},
            Retry=[{"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "MaxAttempts": 2,
                    "BackoffRate": 3.0, "MaxDelaySeconds": 5},
                   {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 1}])),
        {}, {"Work": [failing("Busy"), failing("Other"), failing("Busy"), {"Payload": 1}]}, 1,
        4 + 2 + 1 + 5.0,
    ),
    "a saga that is taken back": (
        states("Book", Book=task(Next="Pay", ResultPath="$.room"),
               Pay=task(Next="Done", Catch=[{"ErrorEquals": ["Card.Declined"], "Next": "Cancel",
                                             "ResultPath": "$.why"}]),
               Cancel=task(Next="Sorry", Retry=[{"ErrorEquals": ["States.ALL"]}]),
               Done={"Type": "Succeed"}, Sorry=SORRY),
        {}, {"Book": "r1", "Pay": failing("Card.Declined")}, ("Sorry", "it was caught"), 3.0,
    ),
    "a loop that asks until it is ready": (
        states("Ask", Ask=task(INVOKE, Next="Ready", ResultSelector={"state.$": "$.Payload.state"}),
               Ready={"Type": "Choice", "Default": "Rest", "Choices": [
                   {"Variable": "$.state", "StringEquals": "DONE", "Next": "Done"},
                   {"Variable": "$.state", "StringEquals": "BAD", "Next": "Sorry"}]},
               Rest=last("Wait", Seconds=30, Next="Ask"), Done={"Type": "Succeed"}, Sorry=SORRY),
        {}, {"Ask": [{"Payload": {"state": s}} for s in ("NEW", "NEW", "DONE")]},
        {"state": "DONE"}, 63.0,
    ),
}
