"""What the help page of `firehose` says beside what is declared."""

from sandbox.services.contract import Note

LIMITS = "Amazon Data Firehose Developer Guide: Quota"
DELIVERY = "Amazon Data Firehose Developer Guide: Understand data delivery"

NOTES = (
    Note(
        "changed",
        "The service was called Kinesis Data Firehose until 2024.",
        "Amazon Data Firehose Developer Guide: Document history",
    ),
    Note(
        "changed",
        "The shortest buffer interval was 60 seconds; now it is 0.",
        "Amazon Data Firehose API Reference: BufferingHints",
    ),
    Note(
        "changed",
        "Direct puts in the big Regions went from 5,000 to 500,000 records a second; calls and "
        "bytes stayed at 2,000 and 5 MiB a second. A stream now raises its own limits when it has "
        "been throttled for long.",
        LIMITS,
    ),
    Note(
        "mistake",
        "It is not real time: with the default buffer, records arrive up to five minutes late.",
        DELIVERY,
    ),
    Note(
        "mistake",
        "Nothing can be read again from it, and it has no consumers of one's own: put a Kinesis "
        "stream before it where that is needed.",
        DELIVERY,
    ),
    Note(
        "mistake",
        "Each record is billed as full 5 KB. A hundred bytes cost as much as five thousand: "
        "gather small records first.",
        "https://aws.amazon.com/firehose/pricing/",
    ),
    Note(
        "mistake",
        "One PutRecord call a record meets 2,000 calls a second long before 500,000 records: use "
        "PutRecordBatch.",
        LIMITS,
    ),
)
