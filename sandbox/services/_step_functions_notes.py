"""What the help page of `step_functions` says beside what is declared."""

from sandbox.services.contract import Note

_CHOOSING = "AWS Step Functions Developer Guide: Choosing workflow type in Step Functions"
_ERRORS = "AWS Step Functions Developer Guide: Handling errors in workflows"
_QUOTAS = "AWS Step Functions Developer Guide: Quotas"
_BEST = "AWS Step Functions Developer Guide: Best practices"

NOTES = (
    Note(
        "changed",
        "Input and output may be 256 KiB; until September 2020 they were 32,768 characters.",
        _QUOTAS,
    ),
    Note(
        "changed",
        "Transitions refill at 5,000 a second in the largest Regions; in 2020 at 1,500. What is "
        "over is delayed, then and now, and fails nothing.",
        _QUOTAS,
    ),
    Note(
        "changed",
        "Distributed Map (December 2022) runs up to 10,000 children at once, each with a history "
        "of its own; an inline Map runs 40, in its parent's history.",
        _QUOTAS,
    ),
    Note(
        "changed",
        "JSONata and variables (November 2024) do in one field what took InputPath, Parameters, "
        "ResultSelector, ResultPath and OutputPath.",
        "AWS Step Functions Developer Guide: Transforming data with JSONata",
    ),
    Note(
        "mistake",
        "A Task without TimeoutSeconds waits as long as the execution lives: a token that is "
        "never sent back holds it open for a year.",
        _BEST,
    ),
    Note(
        "mistake",
        "A polling loop writes some nine events a turn: at one turn a minute the history of "
        "25,000 is full after two days. Use .sync, a token, or start a new execution.",
        _BEST,
    ),
    Note(
        "mistake",
        "Every retry, and every turn of a polling loop, is a transition that is paid for.",
        "https://aws.amazon.com/step-functions/pricing/",
    ),
    Note(
        "mistake",
        "States.TaskFailed does not take States.Timeout, and States.ALL takes neither "
        "States.Runtime nor States.DataLimitExceeded.",
        _ERRORS,
    ),
    Note(
        "mistake",
        "A nested execution that times out (.sync) is States.TaskFailed to its parent; States."
        "Timeout is only the parent's own limit for the task, and the child then goes on.",
        _ERRORS,
    ),
    Note(
        "mistake",
        "A Retry on a Map repeats all of its iterations, not only those that failed.",
        _ERRORS,
    ),
    Note(
        "mistake",
        "An asynchronous Express execution runs at least once: what it does must bear being done "
        "twice.",
        _CHOOSING,
    ),
)
