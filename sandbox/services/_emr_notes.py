"""What the help page of `emr` says beside what is declared."""

from sandbox.services.contract import Note

GUIDE = "Amazon EMR Management Guide"

NOTES = (
    Note(
        "changed",
        "Managed scaling came in mid-2020 (5.30 and 6.1). Before, groups had rules of their own, "
        "on datapoints of five minutes: ten minutes until a node helped, instead of five.",
        f"{GUIDE}: Using managed scaling",
    ),
    Note(
        "changed",
        "What was the master node is called the primary node. It is one, or three.",
        f"{GUIDE}: Understand node types in Amazon EMR",
    ),
    Note(
        "changed",
        "Auto-termination came in 2021; what nobody ended waited, and cost, for ever.",
        f"{GUIDE}: Using an auto-termination policy",
    ),
    Note(
        "changed",
        "Steps ran one after the other until November 2019 (5.28); up to 256 may run at once.",
        "Amazon EMR API Reference: RunJobFlow",
    ),
    Note(
        "changed",
        "From 6.0 on application masters may stand on task nodes: on Spot a step may lose its own.",
        f"{GUIDE}: Understand node types in Amazon EMR",
    ),
    Note(
        "mistake",
        "A cluster left WAITING costs as much as one that works.",
        f"{GUIDE}: Using an auto-termination policy",
    ),
    Note(
        "mistake",
        "Below four core nodes HDFS keeps one copy of a block: the first node that is lost takes "
        "data with it. Keep what matters in S3.",
        "Amazon EMR Release Guide: HDFS configuration",
    ),
    Note(
        "mistake",
        "Core nodes on Spot: what is taken back takes blocks of HDFS along. Task nodes hold none.",
        f"{GUIDE}: Cluster configuration guidelines and best practices",
    ),
    Note(
        "mistake",
        "More steps at once are no faster where YARN is full already: they share what there is.",
        "Amazon EMR API Reference: RunJobFlow",
    ),
    Note(
        "mistake",
        "A file compressed with gzip cannot be split: it is one task, however many nodes wait.",
        "Amazon EMR Release Guide: Hadoop task configuration",
    ),
    Note(
        "mistake",
        "Managed scaling follows YARN; with Presto or HBase it sees nothing to do, and shrinks.",
        f"{GUIDE}: Using managed scaling",
    ),
    Note(
        "mistake",
        "A rule that adds nodes needs another that takes them, or the group stays large.",
        f"{GUIDE}: Using automatic scaling with a custom policy for instance groups",
    ),
    Note(
        "mistake",
        "A fleet counts units, not instances: with weights of 4 and a target of 10 it launches "
        "three instances, which are 12 units.",
        "Amazon EMR API Reference: InstanceFleetConfig",
    ),
    Note(
        "mistake",
        "Termination protection holds off people and failed steps. It keeps no transient cluster "
        "after its last step, and Spot takes its instances all the same.",
        "Amazon EMR API Reference: SetTerminationProtection",
    ),
)
