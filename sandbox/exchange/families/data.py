"""Tables, caches, databases and buckets."""

from __future__ import annotations

from typing import Any

from sandbox.exchange.template import Resource
from sandbox.exchange.work import Kind, Part, Work, every, get, truth, whole

from .events import default_bus


def _table(work: Work, resource: Resource) -> None:
    properties = resource.properties
    if properties.get("BillingMode") == "PAY_PER_REQUEST":
        work.put(resource.id, "capacity_mode", "on_demand")
    if properties.get("GlobalSecondaryIndexes"):
        work.assume(resource.id, "its global secondary indexes' own capacity is not simulated")
    for target in work.meant(get(properties, "KinesisStreamSpecification.StreamArn")):
        work.link(resource.id, target, "change stream", mode="async")


def _cache(work: Work, resource: Resource) -> None:
    properties = resource.properties
    groups = whole(properties.get("NumNodeGroups"))
    work.put(resource.id, "num_node_groups", groups)
    replicas = whole(properties.get("ReplicasPerNodeGroup"))
    if replicas is None and (count := whole(properties.get("NumCacheClusters"))) is not None:
        replicas = max(count - 1, 0)
    work.put(resource.id, "replicas_per_node_group", replicas)
    if str(properties.get("Engine", "")).lower() == "memcached":
        work.put(resource.id, "replicas_per_node_group", 0)
        work.put(resource.id, "num_node_groups", whole(properties.get("NumCacheNodes")))
    work.remark(resource.id, "its hit ratio follows from the default key population")


def _database(work: Work, resource: Resource) -> None:
    properties = resource.properties
    if (cluster := work.means(resource.id)) != resource.id:
        members = [r for r in work.of_type(resource.type) if work.means(r.id) == cluster]
        work.put(cluster, "read_replicas", len(members) - 1)
        work.entry(resource.id, "mapped", f"an instance of {cluster}")
        return
    if truth(properties.get("MultiAZ")):
        work.put(resource.id, "deployment", "multi_az")
    source = work.meant(properties.get("SourceDBInstanceIdentifier"))
    if source:
        work.assume(resource.id, f"a read replica of {source[0]}, shown as a database of its own")


def _bucket(work: Work, resource: Resource) -> None:
    notice = resource.properties.get("NotificationConfiguration")
    if not isinstance(notice, dict):
        return
    for kind, key in (("Lambda", "Function"), ("Queue", "Queue"), ("Topic", "Topic")):
        for about in every(notice, f"{kind}Configurations[]"):
            for target in work.meant(get(about, key)):
                work.link(
                    resource.id, target, "bucket notification", mode="async", filter=_keys(about)
                )
    bus = notice.get("EventBridgeConfiguration")
    enabled = bus.get("EventBridgeEnabled", True) if isinstance(bus, dict) else bus
    if bus is not None and truth(enabled):
        said = (resource.id, default_bus(work))
        work.link(*said, "bucket notification", mode="async")


def _keys(about: Any) -> dict[str, str]:
    """The prefix and suffix that a notification wants of keys."""
    found = {}
    for rule in every(about, "Filter.S3Key.Rules[]"):
        name, value = str(get(rule, "Name")).lower(), get(rule, "Value")
        if name in ("prefix", "suffix") and isinstance(value, str):
            found[name] = value
    return found


def _notification(work: Work, resource: Resource) -> str:
    """Of a bucket whose SAM event was expanded by hand."""
    for bucket in work.meant(resource.properties.get("Bucket")):
        for target in work.meant(resource.properties.get("Function")):
            work.link(bucket, target, "bucket notification", mode="async")
    return "a bucket notification"


def _proxy_targets(work: Work, resource: Resource) -> str:
    proxies = work.meant(resource.properties.get("DBProxyName"))
    found = []
    for key in ("DBInstanceIdentifiers[]", "DBClusterIdentifiers[]"):
        for value in every(resource.properties, key):
            found += work.meant(value)
    for database in found:
        work.put(database, "proxy", True)
        for proxy in proxies:
            work.link(proxy, database, "proxy target", via=resource.id)
    return f"the proxy in front of {found[0]}" if found else "of a database elsewhere"


_CACHE_ROWS = (("CacheNodeType", "node_type"), ("Engine", "engine"))
_DB_ROWS = (
    ("Engine", "engine"),
    ("DBInstanceClass", "db_instance_class"),
    ("StorageType", "storage_type"),
    ("AllocatedStorage", "allocated_storage_gb"),
    ("Iops", "provisioned_iops"),
)

NODES = {
    "AWS::DynamoDB::Table": Kind(
        "dynamodb",
        "DynamoDB table",
        rows=(
            ("ProvisionedThroughput.ReadCapacityUnits", "read_capacity_units"),
            ("ProvisionedThroughput.WriteCapacityUnits", "write_capacity_units"),
            ("WarmThroughput.ReadUnitsPerSecond", "warm_read_units"),
            ("WarmThroughput.WriteUnitsPerSecond", "warm_write_units"),
        ),
        more=_table,
    ),
    "AWS::DynamoDB::GlobalTable": Kind(
        "dynamodb",
        "DynamoDB global table",
        unmodelled={"Replicas": "its replicas in other regions"},
        more=_table,
    ),
    "AWS::DAX::Cluster": Kind("dax", "DAX cluster"),
    "AWS::ElastiCache::CacheCluster": Kind(
        "elasticache", "ElastiCache cluster", _CACHE_ROWS, more=_cache
    ),
    "AWS::ElastiCache::ReplicationGroup": Kind(
        "elasticache", "ElastiCache replication group", _CACHE_ROWS, more=_cache
    ),
    "AWS::ElastiCache::ServerlessCache": Kind("elasticache", "ElastiCache serverless cache"),
    "AWS::MemoryDB::Cluster": Kind("elasticache", "MemoryDB cluster"),
    "AWS::RDS::DBInstance": Kind("rds", "RDS database", _DB_ROWS, more=_database),
    "AWS::RDS::DBCluster": Kind("rds", "RDS cluster", (("Engine", "engine"),), more=_database),
    "AWS::RDS::DBProxy": Kind("endpoint", "RDS proxy"),
    "AWS::S3::Bucket": Kind("s3", "S3 bucket", more=_bucket),
}

STANDS = {"AWS::RDS::DBInstance": "DBClusterIdentifier"}

PARTS: dict[str, Part] = {
    "Sandbox::S3::Notification": _notification,
    "AWS::RDS::DBProxyTargetGroup": _proxy_targets,
}
