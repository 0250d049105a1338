"""What the help page of `lambda_function` says beside what is declared."""

from sandbox.services.contract import Note

NOTES = (
    Note(
        "changed",
        "A burst was shared by a region: 500 to 3,000 at once, then 500 more a minute. Now "
        "each function may add 1,000 environments every 10 s, without regard to its "
        "neighbours.",
        "AWS Lambda Developer Guide: Lambda function scaling",
    ),
    Note(
        "changed",
        "Memory ended at 3,008 MB and grew by 64; today it goes to 10,240 MB in steps of 1, "
        "and with it the share of a CPU.",
        "AWS Lambda Developer Guide: Configure Lambda function memory",
    ),
    Note(
        "changed",
        "Duration was billed in steps of 100 ms, which made 10 ms functions ten times dearer "
        "than they are now: the step is 1 ms. The start of an environment is billed as well "
        "since August 2025.",
        "AWS Lambda pricing",
    ),
    Note(
        "changed",
        "From a queue, pollers grew by 60 a minute to 1,000. Now they grow by 300 a minute to "
        "1,250, a batch may hold 10,000 messages, and maximum concurrency can be set at the "
        "mapping.",
        "AWS Lambda Developer Guide: Configuring scaling behavior for SQS event source mappings",
    ),
    Note(
        "changed",
        "An asynchronous event may be 1 MB; it was 256 KB.",
        "AWS Lambda Developer Guide: Lambda quotas",
    ),
    Note(
        "mistake",
        "Concurrency is rate times duration: a callee that becomes slow multiplies the "
        "environments in use until the account's 1,000 are gone, and then every other "
        "function is throttled, too.",
        "AWS Lambda Developer Guide: Understanding Lambda function scaling",
    ),
    Note(
        "mistake",
        "A reserved concurrency below the five pollers that a queue starts with throttles "
        "them for ever, and sends good messages to the dead-letter queue. Limit the mapping's "
        "maximum concurrency instead.",
        "AWS Lambda Developer Guide: Using Lambda with Amazon SQS",
    ),
    Note(
        "mistake",
        "The queue's visibility timeout should be six times the function's timeout: with "
        "less, a message comes back while it is still being worked on.",
        "AWS Lambda Developer Guide: Using Lambda with Amazon SQS",
    ),
    Note(
        "mistake",
        "Provisioned concurrency is billed whether it is used or not; it takes the cold start "
        "away, not the limit.",
        "AWS Lambda Developer Guide: Configuring provisioned concurrency",
    ),
)
