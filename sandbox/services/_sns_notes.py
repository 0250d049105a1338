"""What the help page of `sns` says beside what is declared."""

from sandbox.services.contract import Note

RETRIES = "Amazon SNS Developer Guide: Amazon SNS message delivery retries"

NOTES = (
    Note(
        "changed",
        "FIFO topics came in October 2020: order and deduplication within a message group, to SQS "
        "queues only.",
        "Amazon SNS Developer Guide: Message ordering and deduplication (FIFO topics)",
    ),
    Note(
        "changed",
        "Filter policies may look at the message body since 2022; before, at attributes only.",
        "Amazon SNS API Reference: SetSubscriptionAttributes",
    ),
    Note(
        "changed",
        "A message still has 256 KB at most, though SQS takes 1 MiB since 2025.",
        "AWS General Reference: Amazon SNS endpoints and quotas",
    ),
    Note(
        "changed",
        "'HTTP endpoints are tried 50 times over 6 hours' is wrong: that is the schedule of email, "
        "SMS and mobile push. HTTP gets three retries, 20 s apart, unless told otherwise.",
        RETRIES,
    ),
    Note(
        "mistake",
        "A topic is no queue: what an endpoint refuses until its retries have run out is gone. Put "
        "an SQS queue between, or a dead-letter queue behind the subscription.",
        "Amazon SNS Developer Guide: Amazon SNS dead-letter queues (DLQs)",
    ),
    Note(
        "mistake",
        "A dead-letter queue belongs to a subscription, not to the topic.",
        "Amazon SNS Developer Guide: Amazon SNS dead-letter queues (DLQs)",
    ),
    Note(
        "mistake",
        "More subscribers cost the topic nothing more, but each queue and function pays for its "
        "copy.",
        "https://aws.amazon.com/sns/pricing/",
    ),
)
