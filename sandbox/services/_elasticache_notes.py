"""What the help page of `elasticache` says beside what is declared."""

from sandbox.services.contract import Note

NOTES = (
    Note(
        "changed",
        "Valkey stands beside Redis OSS and Memcached, and a serverless form, without nodes "
        "to choose, since 2023; in 2020 there were Memcached and Redis on nodes only.",
        "Amazon ElastiCache User Guide: What is Amazon ElastiCache?",
    ),
    Note(
        "changed",
        "Shards and replicas can be scaled by Application Auto Scaling since 2021: out by at "
        "least a fifth, in only below three quarters of the target. Before, resharding was "
        "always by hand.",
        "Amazon ElastiCache User Guide: Auto Scaling Valkey and Redis OSS clusters",
    ),
    Note(
        "mistake",
        "Keys without a time to live are never evicted under the default policy, volatile- "
        "lru: when memory is full, writes fail with out-of-memory errors though most keys are "
        "cold.",
        "Amazon ElastiCache User Guide: Engine specific parameters",
    ),
    Note(
        "mistake",
        "CPUUtilization of a node with two cores stands at 45 % when the one thread that runs "
        "commands is at its limit. Watch EngineCPUUtilization.",
        "Amazon ElastiCache User Guide: Which metrics should I monitor?",
    ),
    Note(
        "mistake",
        "Replication is asynchronous: a failover can lose writes that were acknowledged. A "
        "cache that is the only home of its data is a database without durability.",
    ),
    Note(
        "mistake",
        "A cache that takes nine reads in ten hides a database sized for the tenth. When it "
        "is new, flushed or failed over, all ten arrive.",
        "Amazon ElastiCache User Guide: Caching strategies",
    ),
)
