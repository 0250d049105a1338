"""What the help page of `dax` says beside what is declared."""

from sandbox.services.contract import Note

NOTES = (
    Note(
        "changed",
        "A cluster had ten nodes at most, one primary and nine replicas; now it may have eleven.",
        "Amazon DynamoDB Developer Guide: Service, account, and table quotas",
    ),
    Note(
        "mistake",
        "DAX answers in microseconds, not nanoseconds as older notes have it.",
        "Amazon DynamoDB Developer Guide: In-memory acceleration with DAX",
    ),
    Note(
        "mistake",
        "Strongly consistent and transactional reads pass through DAX and are not cached: for them "
        "it only adds a hop.",
        "Amazon DynamoDB Developer Guide: DAX and DynamoDB consistency models",
    ),
    Note(
        "mistake",
        "Who writes to the table around DAX leaves old items in it until their time to live is "
        "over. Let every writer go through it, or make the time to live short.",
        "Amazon DynamoDB Developer Guide: DAX and DynamoDB consistency models",
    ),
    Note(
        "mistake",
        "A write through DAX renews the item but not the query results that contain it: they "
        "stay old until the query cache's time to live is over.",
        "Amazon DynamoDB Developer Guide: DAX and DynamoDB consistency models",
    ),
    Note(
        "mistake",
        "More nodes do not take more writes, since each write is done on every node. A load that "
        "mostly writes is better off without DAX.",
        "Amazon DynamoDB Developer Guide: DAX cluster sizing guide",
    ),
    Note(
        "mistake",
        "A program that keeps what it read (client_cache of the link) leaves DAX the rare keys, "
        "which it seldom holds. Look at the hit ratio that remains before paying for both.",
        "Amazon DynamoDB Developer Guide: DAX cluster sizing guide",
    ),
    Note(
        "mistake",
        "A cluster withstands the loss of a zone from three nodes in three zones on.",
        "Amazon DynamoDB Developer Guide: DAX cluster components",
    ),
)
