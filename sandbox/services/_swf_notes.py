"""What the help page of `swf` says beside what is declared."""

from sandbox.services.contract import Note

NOTES = (
    Note(
        "changed",
        "AWS advises Step Functions for new workflows, and gives SWF nothing new. It still runs. "
        "There is no CloudFormation type for it.",
        "Amazon SWF Developer Guide: What is Amazon Simple Workflow Service?",
    ),
    Note(
        "mistake",
        "SWF repeats nothing by itself: a failure or a timeout is an event in the history, and a "
        "decision task; it is the decider that tries again.",
        "Amazon SWF Developer Guide: Timeout types",
    ),
    Note(
        "mistake",
        "Too few deciders look like slow workers: each end of a task needs a decision before the "
        "next is scheduled. Look at the schedule-to-start time of decision tasks.",
        "Amazon SWF Developer Guide: Amazon SWF metrics for CloudWatch",
    ),
    Note(
        "mistake",
        "Without a heartbeat a worker that stops is noticed only when start-to-close is over, and "
        "never if that is NONE.",
        "Amazon SWF Developer Guide: Timeout types",
    ),
    Note(
        "mistake",
        "A workflow that goes round for ever fills its history: 25,000 events, and it is "
        "terminated. ContinueAsNew begins a new one; AWS advises to stay below 10,000.",
        "Amazon SWF Developer Guide: Quotas",
    ),
    Note(
        "mistake",
        "Child workflows start 12 a second, after a burst of 500: a parent that makes thousands "
        "waits for tokens.",
        "Amazon SWF Developer Guide: Quotas",
    ),
    Note(
        "mistake",
        "A signal to another execution, a child or the parent, is a decision with a quota of its "
        "own, 120 a second after a burst of 1,200; one that is closed cannot be signalled. A child "
        "ends with a parent that is terminated or timed out only if the child policy says so, and "
        "never with one that completes or fails.",
        "Amazon SWF API Reference: Decision, SignalExternalWorkflowExecution",
    ),
    Note(
        "mistake",
        "A pause before the next attempt is a timer that the decider starts: five more events of "
        "the history, and a decision task more.",
        "Amazon SWF API Reference: Decision",
    ),
)
