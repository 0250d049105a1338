"""What the help page of `mq` says beside what is declared."""

from sandbox.services.contract import Note

STORAGE = "Amazon MQ Developer Guide: Storage"
ARCHITECTURE = "Amazon MQ Developer Guide: Amazon MQ broker architecture"

NOTES = (
    Note(
        "changed",
        "RabbitMQ came in November 2020, with clusters of three nodes; before, ActiveMQ only, "
        "which is what is shown here: AWS documents the sizes and volumes of RabbitMQ brokers, and "
        "that an alarm of memory or disk blocks those who publish, but no rates, so it is not.",
        "Amazon MQ Developer Guide: Document history",
    ),
    Note(
        "mistake",
        "On EFS, the default, a producer that waits for each acknowledgement sends 80 messages a "
        "second, whatever the size of the broker. More producers, EBS (500/s), or messages that "
        "are not persistent (5,000/s) help; a larger broker does not.",
        STORAGE,
    ),
    Note(
        "mistake",
        "A queue where every application needs each message: consumers of a queue share its "
        "messages. A topic has a copy for each subscriber, and is as slow to be emptied as the "
        "slowest of them.",
        "Apache ActiveMQ documentation: How does a queue compare to a topic?",
    ),
    Note(
        "mistake",
        "The standby does no work: it waits to take over. It makes the broker safer, not faster, "
        "and costs as much again.",
        ARCHITECTURE,
    ),
    Note(
        "mistake",
        "A single broker in production: when it stops, nobody sends or receives. With a standby, "
        "clients still need the failover transport with both endpoints.",
        ARCHITECTURE,
    ),
    Note(
        "mistake",
        "A broker is no SQS queue: its storage is 20 or 200 GB, and when it is full producers "
        "are blocked. Nothing is lost, but nothing goes on.",
        "Amazon MQ Developer Guide: Monitoring Amazon MQ brokers using Amazon CloudWatch",
    ),
)
