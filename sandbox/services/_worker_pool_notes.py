"""What the help page of `worker_pool` says beside what is declared."""

from sandbox.services.contract import Note

NOTES = (
    Note(
        "mistake",
        "More workers than shards read no faster: a shard's lease is held by one worker, and the "
        "others stand idle until the stream is split.",
        "Kinesis Data Streams developer guide: Use Kinesis Client Library",
    ),
    Note(
        "mistake",
        "A worker that stops tells nobody. A queue shows its messages again after the visibility "
        "timeout, a stream is read again from the last checkpoint, SWF waits for the heartbeat or "
        "for start-to-close: what workers do must bear being done twice.",
        "Amazon SWF Developer Guide: Timeout types",
    ),
    Note(
        "mistake",
        "Scaling workers on CPU follows the work too late where tasks wait for other systems: "
        "scale on the backlog a worker instead.",
        "EC2 Auto Scaling user guide: Scaling policy based on Amazon SQS",
    ),
    Note(
        "changed",
        "The Kinesis Client Library now makes its lease table on demand; it had 10 units of read "
        "and of write capacity, which many workers exhausted.",
        "Kinesis Data Streams developer guide: KCL DynamoDB metadata tables",
    ),
)
