"""Tables, caches, databases and buckets on the way out."""

from __future__ import annotations

from typing import Any

from sandbox.document import Link, Node
from sandbox.exchange.out.draft import Draft, Json, att, by_rows, ref, sub, whole

from .data import NODES
from .functions_out import permission
from .messaging_out import let_publish, let_send
from .network_out import security_group, subnets
from .scalable_out import scalable


def table(draft: Draft, node: Node) -> None:
    id = draft.id(node)
    demand = draft.value(node, "capacity_mode") == "on_demand"
    units = ("read_capacity_units", "write_capacity_units")
    rows = NODES["AWS::DynamoDB::Table"].rows
    properties = by_rows(draft, node, rows, but=units if demand else ())
    attributes, keys = [{"AttributeName": "pk", "AttributeType": "S"}], [_key("pk", "HASH")]
    if draft.value(node, "sort_key") != "none" or draft.value(node, "local_indexes"):
        attributes.append({"AttributeName": "sk", "AttributeType": "S"})
        keys.append(_key("sk", "RANGE"))
    properties["BillingMode"] = "PAY_PER_REQUEST" if demand else "PROVISIONED"
    most = {
        "MaxReadRequestUnits": draft.value(node, "max_read_request_units"),
        "MaxWriteRequestUnits": draft.value(node, "max_write_request_units"),
    }
    if demand and any(most.values()):
        properties["OnDemandThroughput"] = {k: v for k, v in most.items() if v}
    if draft.value(node, "time_to_live_h") is not None:
        about = {"AttributeName": "expires", "Enabled": True}
        properties["TimeToLiveSpecification"] = about
    projection = {"ProjectionType": "ALL"}
    indexes: list[Json] = []
    for at, index in enumerate(draft.value(node, "indexes") or (), 1):
        attributes.append({"AttributeName": f"gsi{at}", "AttributeType": "S"})
        about = {"IndexName": f"gsi{at}", "KeySchema": [_key(f"gsi{at}", "HASH")]}
        made: Json = {**about, "Projection": projection}
        if not demand:
            made["ProvisionedThroughput"] = {
                "ReadCapacityUnits": index.get("read_capacity_units", 5),
                "WriteCapacityUnits": index.get("write_capacity_units", 5),
            }
        indexes.append(made)
    local: list[Json] = []
    for at in range(1, (draft.value(node, "local_indexes") or 0) + 1):
        attributes.append({"AttributeName": f"lsi{at}", "AttributeType": "S"})
        schema = [_key("pk", "HASH"), _key(f"lsi{at}", "RANGE")]
        local.append({"IndexName": f"lsi{at}", "KeySchema": schema, "Projection": projection})
    draft.add(
        id,
        "DynamoDB::Table",
        {
            "AttributeDefinitions": attributes,
            "KeySchema": keys,
            **properties,
            "GlobalSecondaryIndexes": indexes or None,
            "LocalSecondaryIndexes": local or None,
        },
    )
    for name, side in (("read_scaling", "Read"), ("write_scaling", "Write")):
        target = draft.value(node, name)
        if target and not demand:
            scalable(
                draft, node, target, name,
                namespace="dynamodb",
                resource=sub("table/${" + id + "}"),
                dimension=f"dynamodb:table:{side}CapacityUnits",
                metric=f"DynamoDB{side}CapacityUtilization",
            )  # fmt: skip


def _key(name: str, kind: str) -> Json:
    return {"AttributeName": name, "KeyType": kind}


def accelerator(draft: Draft, node: Node) -> None:
    id = draft.id(node)
    role = draft.role(node, "dax.amazonaws.com")
    group = draft.add(f"{id}Subnets", "DAX::SubnetGroup", {"SubnetIds": subnets(draft)})
    draft.add(
        id,
        "DAX::Cluster",
        {
            "IAMRoleARN": att(role),
            "NodeType": draft.value(node, "node_type"),
            "ReplicationFactor": draft.value(node, "nodes"),
            "SubnetGroupName": ref(group),
            "SecurityGroupIds": [security_group(draft)],
        },
    )


def behind_accelerator(draft: Draft, link: Link) -> str | None:
    """The tables that the role of an accelerator may use."""
    if draft.service(link.target) != "dynamodb":
        return "an accelerator stands before tables"
    role = draft.role(link.source, "dax.amazonaws.com")
    draft.allow(role, ["dynamodb:*"], att(draft.id(link.target)))
    return None


def cache(draft: Draft, node: Node) -> None:
    id = draft.id(node)
    about = "Subnets of caches"
    group = draft.add(
        f"{id}Subnets",
        "ElastiCache::SubnetGroup",
        {"Description": about, "SubnetIds": subnets(draft)},
    )
    groups, replicas = (
        draft.value(node, "num_node_groups"),
        draft.value(node, "replicas_per_node_group"),
    )
    engine, kind = draft.value(node, "engine"), draft.value(node, "node_type")
    if engine == "memcached":
        properties = {
            "Engine": engine,
            "CacheNodeType": kind,
            "NumCacheNodes": groups,
            "CacheSubnetGroupName": ref(group),
            "VpcSecurityGroupIds": [security_group(draft)],
        }
        draft.add(id, "ElastiCache::CacheCluster", properties)
        return
    properties = {
        "ReplicationGroupDescription": node.label or node.id,
        "Engine": engine,
        "CacheNodeType": kind,
        "NumNodeGroups": groups,
        "ReplicasPerNodeGroup": replicas,
        "AutomaticFailoverEnabled": replicas > 0 or groups > 1,
        "CacheSubnetGroupName": ref(group),
        "SecurityGroupIds": [security_group(draft)],
    }
    draft.add(id, "ElastiCache::ReplicationGroup", properties)


_AURORA = "aurora"
_GP3_LEAST_FOR_IOPS = 400  # RDS User Guide: gp3 storage: provisioned from 400 GiB


def database(draft: Draft, node: Node) -> None:
    id, engine = draft.id(node), str(draft.value(node, "engine"))
    about = "Subnets of databases"
    group = draft.add(
        f"{id}Subnets",
        "RDS::DBSubnetGroup",
        {"DBSubnetGroupDescription": about, "SubnetIds": subnets(draft)},
    )
    common: Json = {
        "Engine": engine,
        "DBSubnetGroupName": ref(group),
        "VPCSecurityGroups": [security_group(draft)],
    }
    login: Json = {"MasterUsername": "dbadmin", "ManageMasterUserPassword": True}
    instance = {"DBInstanceClass": draft.value(node, "db_instance_class")}
    replicas = draft.value(node, "read_replicas")
    if engine.startswith(_AURORA):
        network = {
            "Engine": engine,
            "DBSubnetGroupName": ref(group),
            "VpcSecurityGroupIds": [security_group(draft)],
        }
        draft.add(id, "RDS::DBCluster", {**network, **login}, **_KEPT)
        for at in range(1, replicas + 2):
            cluster = {"Engine": engine, "DBClusterIdentifier": ref(id)}
            draft.add(f"{id}Instance{at}", "RDS::DBInstance", {**cluster, **instance})
        return
    kind = draft.value(node, "storage_type")
    size = whole(draft.value(node, "allocated_storage_gb")) or 20
    storage: Json = {"StorageType": kind, "AllocatedStorage": str(size)}
    if kind == "io1" or (kind == "gp3" and size >= _GP3_LEAST_FOR_IOPS):
        storage["Iops"] = whole(draft.value(node, "provisioned_iops"))
    if kind == "io1":
        storage["AllocatedStorage"] = str(max(size, 100))
    zones = draft.value(node, "deployment") != "single_az"
    if draft.value(node, "deployment") == "multi_az_cluster":
        draft.partly(node, "a cluster over zones goes out as an instance with a standby")
    properties = {**common, **instance, **storage, **login, "MultiAZ": zones}
    draft.add(id, "RDS::DBInstance", properties, **_KEPT)
    for at in range(1, replicas + 1):
        source = {"SourceDBInstanceIdentifier": ref(id), "SourceRegion": ref("AWS::Region")}
        del source["SourceRegion"]
        draft.add(f"{id}Replica{at}", "RDS::DBInstance", {**source, **instance})


_KEPT = {"DeletionPolicy": "Snapshot", "UpdateReplacePolicy": "Snapshot"}


def bucket(draft: Draft, node: Node) -> None:
    draft.add(draft.id(node), "S3::Bucket", {})


def notification(draft: Draft, link: Link) -> str | None:
    """A bucket's notice. Who may be called must stand before the bucket, so it cannot name it."""
    id, target = draft.id(link.source), draft.id(link.target)
    service = draft.service(link.target)
    account: Any = ref("AWS::AccountId")
    event = "s3:ObjectCreated:*"
    if service == "lambda_function":
        first = permission(draft, link.target, "s3.amazonaws.com", None, SourceAccount=account)
        kind, about = "Lambda", {"Event": event, "Function": att(target)}
    elif service == "sqs":
        if draft.properties(target).get("FifoQueue"):
            return "a bucket does not notify FIFO queues"
        allowed = {"StringEquals": {"aws:SourceAccount": account}}
        first = let_send(draft, link.target, "s3.amazonaws.com", allowed)
        kind, about = "Queue", {"Event": event, "Queue": att(target)}
    elif service == "sns":
        first = let_publish(draft, link.target, "s3.amazonaws.com")
        kind, about = "Topic", {"Event": event, "Topic": ref(target)}
    else:
        return "a bucket notifies functions, queues and topics; all else by the default bus"
    configuration = draft.properties(id).setdefault("NotificationConfiguration", {})
    configuration.setdefault(f"{kind}Configurations", []).append(about)
    draft.after(id, first)
    return None


MADE = {
    "dynamodb": table,
    "dax": accelerator,
    "elasticache": cache,
    "rds": database,
    "s3": bucket,
}
LINKS = {("s3", "notifications"): notification, ("dax", "out"): behind_accelerator}
