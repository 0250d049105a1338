"""What the help page of `s3` says beside what is declared."""

from sandbox.services.contract import Note

PERFORMANCE = "Amazon S3 User Guide: Best practices design patterns: optimizing performance"

NOTES = (
    Note(
        "changed",
        "Reads have been strongly consistent after writes since December 2020; before, an "
        "overwrite could be seen late.",
        "Amazon S3 User Guide: Amazon S3 data consistency model",
    ),
    Note(
        "changed",
        "Advice from before July 2018 to begin keys with random characters is out of date: each "
        "prefix takes 3,500 writes and 5,500 reads a second, and there may be any number.",
        PERFORMANCE,
    ),
    Note(
        "changed",
        "Events can go to EventBridge since November 2021; before, to SNS, SQS and functions only.",
        "Amazon S3 User Guide: Using EventBridge",
    ),
    Note(
        "mistake",
        "The rate grows with the load, but not at once: while S3 splits a prefix it answers 503 "
        "Slow Down, and callers must back off.",
        PERFORMANCE,
    ),
    Note(
        "mistake",
        "Keys that begin with the date put all of today's traffic on one prefix.",
        PERFORMANCE,
    ),
    Note(
        "mistake",
        "A function that is told of new objects and writes its result to the same bucket calls "
        "itself without end. Write to another bucket.",
        "AWS Lambda Developer Guide: Process Amazon S3 event notifications with Lambda",
    ),
)
