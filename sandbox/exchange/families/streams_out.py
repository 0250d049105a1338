"""Kinesis and Firehose on the way out."""

from __future__ import annotations

from sandbox.document import Link, Node
from sandbox.exchange.out.draft import Draft, Json, att, by_rows

from .functions_out import POLLS, event_source
from .streams import NODES


def stream(draft: Draft, node: Node) -> None:
    rows = NODES["AWS::Kinesis::Stream"].rows
    on_demand = draft.value(node, "capacity_mode") == "on_demand"
    properties = by_rows(draft, node, rows, but=("shard_count",) if on_demand else ())
    mode = "ON_DEMAND" if on_demand else "PROVISIONED"
    properties["StreamModeDetails"] = {"StreamMode": mode}
    draft.add(draft.id(node), "Kinesis::Stream", properties)


def firehose(draft: Draft, node: Node) -> None:
    """Into the bucket it delivers to, or one of its own."""
    id = draft.id(node)
    buckets = [
        link.target for link in draft.out(node.id, "delivery") if draft.service(link.target) == "s3"
    ]
    if buckets:
        bucket = draft.id(buckets[0])
    else:
        bucket = draft.add(f"{id}Bucket", "S3::Bucket", {})
        draft.partly(node, "it delivers to a bucket of its own")
    if draft.value(node, "destination") != "s3":
        draft.partly(node, "its destination is kept beside it; the template delivers to S3")
    role = draft.role(node, "firehose.amazonaws.com")
    arn = att(bucket)
    draft.allow(role, ["s3:GetBucketLocation", "s3:ListBucket", "s3:AbortMultipartUpload"], arn)
    draft.allow(role, ["s3:PutObject"], {"Fn::Sub": "${" + bucket + ".Arn}/*"})
    properties: Json = {
        "DeliveryStreamType": "DirectPut",
        "ExtendedS3DestinationConfiguration": {
            "BucketARN": arn,
            "RoleARN": att(role),
            "BufferingHints": {
                "SizeInMBs": max(round(draft.value(node, "buffer_size_mib")), 1),
                "IntervalInSeconds": round(draft.value(node, "buffer_interval_s")),
            },
        },
    }
    sources = [
        link for link in draft.into(node.id) if draft.service(link.source) == "kinesis_stream"
    ]
    if sources:
        source = draft.id(sources[0].source)
        draft.allow(role, POLLS["kinesis_stream"], att(source))
        properties["DeliveryStreamType"] = "KinesisStreamAsSource"
        properties["KinesisStreamSourceConfiguration"] = {
            "KinesisStreamARN": att(source),
            "RoleARN": att(role),
        }
    draft.add(id, "KinesisFirehose::DeliveryStream", properties)
    draft.after_allowed(id, role)


def read(draft: Draft, link: Link) -> str | None:
    """Who reads a stream: a function by a mapping, a delivery stream by its own source."""
    if draft.service(link.target) != "firehose":
        return event_source(draft, link)
    first = next(
        other
        for other in draft.into(link.target)
        if draft.service(other.source) == "kinesis_stream"
    )
    return None if first is link else "a delivery stream has one source"


def delivery(draft: Draft, link: Link) -> str | None:
    bucket = draft.service(link.target) == "s3"
    return None if bucket else "the template delivers to S3 only"


MADE = {"kinesis_stream": stream, "firehose": firehose}
LINKS = {("kinesis_stream", "records"): read, ("firehose", "delivery"): delivery}
