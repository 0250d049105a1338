"""What the help page of `eventbridge` says beside what is declared."""

from sandbox.services.contract import Note

QUOTAS = "Amazon EventBridge User Guide: Amazon EventBridge quotas"

NOTES = (
    Note(
        "changed",
        "PutEvents takes 10,000 calls a second in the largest Regions (2,400 in 2020), and targets "
        "are invoked 18,750 times a second (4,500).",
        QUOTAS,
    ),
    Note(
        "changed",
        "Archive and replay came in November 2020, the Scheduler and Pipes in 2022.",
        "Amazon EventBridge API Reference: CreateArchive, StartReplay",
    ),
    Note(
        "changed",
        "'About half a second from event to target' was right until early 2023; since then about "
        "150 ms was measured.",
        "https://bitesizedserverless.com/bite/serverless-messaging-latency-compared/",
    ),
    Note(
        "mistake",
        "Events are delivered at least once and in no order; without an archive nothing can be "
        "replayed.",
        "Amazon EventBridge API Reference: CreateArchive, StartReplay",
    ),
    Note(
        "mistake",
        'A value in a pattern is always a list: "state": ["paid"], not "paid".',
        "Amazon EventBridge User Guide: Comparison operators for use in event patterns",
    ),
    Note("mistake", "A rule has five targets at most; for more, add rules of one pattern.", QUOTAS),
)
