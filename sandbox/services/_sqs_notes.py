"""What the help page of `sqs` says beside what is declared."""

from sandbox.services.contract import Note

NOTES = (
    Note(
        "changed",
        "A message may be 1 MiB; until 2025 it was 256 KB. SNS still takes 256 KB, so a fan- "
        "out keeps the old limit.",
        "Amazon SQS API Reference: CreateQueue",
    ),
    Note(
        "changed",
        "Fair queues came in July 2025: with a message group on a standard queue, a noisy "
        "tenant is served last instead of delaying all.",
        "Amazon SQS Developer Guide: Amazon SQS fair queues",
    ),
    Note(
        "changed",
        "Messages in a dead-letter queue were moved back by hand or by a program of one's "
        "own; now the console and StartMessageMoveTask do it.",
        "Amazon SQS Developer Guide: Dead-letter queue redrive",
    ),
    Note(
        "mistake",
        "A visibility timeout shorter than the work lets the message be taken again while it "
        "is still worked on: it is done twice, and each time counts towards the dead-letter "
        "queue.",
        "Amazon SQS Developer Guide: Visibility timeout",
    ),
    Note(
        "mistake",
        "On a standard queue a message keeps its age when it moves to the dead-letter queue. "
        "A retention there that is no longer than the source's lets it expire before anybody "
        "looks.",
        "Amazon SQS Developer Guide: Dead-letter queues",
    ),
    Note(
        "mistake",
        "A standard queue delivers at least once and in roughly the order sent. A consumer "
        "that cannot do the same thing twice needs its own memory of what is done.",
        "Amazon SQS Developer Guide: At-least-once delivery",
    ),
    Note(
        "mistake",
        "At 120,000 messages in flight a standard queue refuses to hand out more: slow "
        "consumers that hold on to messages stop the fast ones.",
        "Amazon SQS Developer Guide: Message quotas",
    ),
    Note(
        "changed",
        "A FIFO queue takes up to 70,000 calls a second with high throughput (2021); without it, "
        "and in 2020, 300. It lets 120,000 messages fly; until November 2024 it was 20,000.",
        "Amazon SQS Developer Guide: FIFO queue quotas",
    ),
    Note(
        "mistake",
        "A FIFO queue is worked on by as many consumers as it has message groups, and a message "
        "that nobody can process holds up its whole group. One group for all is one worker.",
        "Amazon SQS Developer Guide: FIFO delivery logic",
    ),
    Note(
        "mistake",
        "Receives that find nothing cost as much as others. A poller a second is 86,400 a day; "
        "waiting for 20 s (long polling) makes 4,320 of it.",
        "Amazon SQS Developer Guide: Short and long polling",
    ),
)
