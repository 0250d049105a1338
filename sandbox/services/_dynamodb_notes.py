"""What the help page of `dynamodb` says beside what is declared."""

from sandbox.services.contract import Note

NOTES = (
    Note(
        "changed",
        "On-demand requests cost twice what they do now: since November 2024 provisioned "
        "capacity is cheaper from about 29 % of use on, not from 14 %.",
        "Amazon DynamoDB pricing",
    ),
    Note(
        "changed",
        "Provisioned capacity could be cut four times at any time of the day; now it is four "
        "times in the first hour and once in each hour after, 27 a day.",
        "Amazon DynamoDB Developer Guide: Service, account, and table quotas",
    ),
    Note(
        "changed",
        "The old rule for partitions, capacity divided by 3,000 and 1,000 units or size by 10 "
        "GB, is gone from the guide. The ceilings of a partition stand; adaptive capacity and "
        "splits for heat changed what follows from them.",
        "Amazon DynamoDB Developer Guide: Best practices for designing and using partition keys",
    ),
    Note(
        "mistake",
        "A table throttles though its average is below what is provisioned: one partition "
        "takes at most 3,000 read and 1,000 write units a second.",
        "Amazon DynamoDB Developer Guide: Burst and adaptive capacity",
    ),
    Note(
        "mistake",
        "Burst capacity hides a table that is too small for five minutes, and then does not.",
        "Amazon DynamoDB Developer Guide: Burst and adaptive capacity",
    ),
    Note(
        "mistake",
        "An index that cannot keep up throttles writes to the table itself. Each index has "
        "its own capacity and its own scaling policy.",
        "Amazon DynamoDB Developer Guide: Using global secondary indexes",
    ),
    Note(
        "mistake",
        "On demand is not without limit: a new table takes 4,000 writes and 12,000 reads a "
        "second, and twice the former peak within 30 minutes.",
        "Amazon DynamoDB Developer Guide: On-demand capacity mode",
    ),
    Note(
        "mistake",
        "Auto scaling answers in minutes. A peak of one minute rides on burst capacity or is "
        "throttled; a target of 70 % leaves 30 % only in the steady state.",
        "Amazon DynamoDB Developer Guide: Managing throughput with auto scaling",
    ),
)
