"""What the help page of `kinesis_stream` says beside what is declared."""

from sandbox.services.contract import Note

NOTES = (
    Note(
        "changed",
        "Data could be kept for 7 days at most; since November 2020 it is 365.",
        "Amazon Kinesis Data Streams Developer Guide: Quotas and limits",
    ),
    Note(
        "changed",
        "An account had 500 shards in the big regions, 200 elsewhere; it has 20,000 there "
        "now, and 1,000 to 6,000 in the others.",
        "Amazon Kinesis Data Streams Developer Guide: Quotas and limits",
    ),
    Note(
        "changed",
        "The number of shards could be changed twice in 24 hours; now ten times.",
        "Amazon Kinesis Data Streams API Reference: UpdateShardCount",
    ),
    Note(
        "changed",
        "A record may be 10 MiB; it was 1 MB.",
        "Amazon Kinesis Data Streams Developer Guide: Quotas and limits",
    ),
    Note(
        "changed",
        "On-demand mode came in November 2021: the stream splits its shards by itself, and is paid "
        "by the hour and the GB. A stream can change between the modes twice in 24 hours.",
        "Amazon Kinesis Data Streams Developer Guide: Choose the right mode for your stream",
    ),
    Note(
        "mistake",
        "On-demand mode does not take any load at once: it begins with 4 MB/s, and a load that "
        "more than doubles its highest rate within 15 minutes may be throttled. A hot key stays "
        "on its one shard.",
        "Amazon Kinesis Data Streams Developer Guide: Choose the right mode for your stream",
    ),
    Note(
        "mistake",
        "Few different partition keys, or one very busy key, fill one shard while the average "
        "looks fine. A single hot key cannot be split: add something to the key.",
        "Amazon Kinesis Data Streams Developer Guide: Terminology and concepts",
    ),
    Note(
        "mistake",
        "Small records reach 1,000 records/s long before 1 MB/s. Aggregate them before they "
        "are sent.",
        "Amazon Kinesis Data Streams Developer Guide: Quotas and limits",
    ),
    Note(
        "mistake",
        "All consumers that poll share five reads a second of each shard: five of them see "
        "data about a second late. Enhanced fan-out gives each its own 2 MB/s.",
        "Amazon Kinesis Data Streams Developer Guide: Develop enhanced fan-out consumers",
    ),
    Note(
        "mistake",
        "PutRecords can succeed as a call and fail for some of its records. A producer that "
        "does not look loses them.",
        "Amazon Kinesis Data Streams API Reference: PutRecords",
    ),
    Note(
        "mistake",
        "Splitting a shard moves no old data: the parent is read to its end first, so a "
        "backlog does not become shorter at once.",
        "Amazon Kinesis Data Streams Developer Guide: Reshard a stream",
    ),
)
