"""What the help page of `kinesis_analytics` says beside what is declared."""

from sandbox.services.contract import Note

SCALING = "Managed Service for Apache Flink Developer Guide: Implement application scaling"
AUTO = "Managed Service for Apache Flink Developer Guide: Use automatic scaling"

NOTES = (
    Note(
        "changed",
        "Kinesis Data Analytics is called Managed Service for Apache Flink since August 2023.",
        "Managed Service for Apache Flink Developer Guide: What is it",
    ),
    Note(
        "changed",
        "Notes of 2020 mostly mean SQL applications: up to 8 KPUs and about 100 MB a second, fed "
        "by a stream or by Firehose. They are discontinued; what is modelled is a Flink "
        "application, which reads streams, not Firehose.",
        "Amazon Kinesis Data Analytics for SQL Applications Developer Guide: Quotas",
    ),
    Note(
        "changed",
        "An application may have 64 KPUs; it was 32. It is billed by the second, ten minutes at "
        "least; it was by full hours.",
        "Managed Service for Apache Flink Developer Guide: Per second billing",
    ),
    Note(
        "mistake",
        "Auto scaling does not absorb a spike. It waits for 15 minutes of a busy CPU, and then the "
        "job stands still while it is started anew with twice the parallelism.",
        AUTO,
    ),
    Note(
        "mistake",
        "It looks at the CPU only. A job that waits for its calls is far behind with an idle CPU, "
        "and is never scaled: give it more tasks a KPU, or asynchronous calls.",
        SCALING,
    ),
    Note(
        "mistake",
        "A checkpoint does not make sinks exact. After a failure the results since the last one "
        "are sent a second time, unless the sink takes part in transactions.",
        "Apache Flink documentation: Fault tolerance guarantees of data sources and sinks",
    ),
    Note(
        "mistake",
        "The smallest application costs two KPUs: one that works, one for orchestration.",
        "https://aws.amazon.com/managed-service-apache-flink/pricing/",
    ),
)
