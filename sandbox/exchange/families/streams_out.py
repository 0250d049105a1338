"""Kinesis on the way out: data streams, Firehose, Flink applications, video."""

from __future__ import annotations

from sandbox.document import Link, Node
from sandbox.exchange.out.draft import Draft, Json, att, by_rows, set_path, sub

from .functions_out import POLLS, allow_call, event_source
from .streams import CHECKPOINTS, MS, NODES


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


_FLINK = "FLINK-1_20"
"""Managed Service for Apache Flink API Reference: CreateApplication, RuntimeEnvironment."""
_RUNS = "kinesisanalytics.amazonaws.com"


def application(draft: Draft, node: Node) -> None:
    """A Flink application with its code in the bucket of code; streams are linked to its role."""
    id = draft.id(node)
    role = draft.role(node, _RUNS)
    bucket = draft.parameter("CodeBucket", "String", "Where code is kept", "code-bucket")
    key = draft.parameter("FlinkCodeKey", "String", "The Flink application's code", "job.jar")
    arn = sub("arn:${AWS::Partition}:s3:::${CodeBucket}")
    draft.allow(role, ["s3:GetObject", "s3:GetObjectVersion"], _code(bucket, key))
    properties = by_rows(draft, node, NODES["AWS::KinesisAnalyticsV2::Application"].rows)
    for name, parameter in MS:
        milliseconds = round(1000.0 * draft.value(node, parameter))
        set_path(properties, f"{CHECKPOINTS}.{name}", milliseconds)
    set_path(properties, f"{CHECKPOINTS}.CheckpointingEnabled", True)
    configuration = properties["ApplicationConfiguration"]
    for about in configuration["FlinkApplicationConfiguration"].values():
        about["ConfigurationType"] = "CUSTOM"
    content = {"S3ContentLocation": {"BucketARN": arn, "FileKey": key}}
    configuration["ApplicationCodeConfiguration"] = {
        "CodeContentType": "ZIPFILE",
        "CodeContent": content,
    }
    properties |= {"RuntimeEnvironment": _FLINK, "ServiceExecutionRole": att(role)}
    draft.add(id, "KinesisAnalyticsV2::Application", properties)
    draft.after_allowed(id, role)


def _code(bucket: Json, key: Json) -> Json:
    return sub("arn:${AWS::Partition}:s3:::${" + bucket["Ref"] + "}/${" + key["Ref"] + "}")


def sink(draft: Draft, link: Link) -> str | None:
    """Where an application may write its results."""
    operation = str(link.params.get("operation", "same"))
    if allow_call(draft, draft.role(link.source, _RUNS), link.target, operation):
        return None
    return "no role says that an application writes there"


def video(draft: Draft, node: Node) -> None:
    rows = NODES["AWS::KinesisVideo::Stream"].rows
    draft.add(draft.id(node), "KinesisVideo::Stream", by_rows(draft, node, rows))
    if (streams := draft.value(node, "streams")) > 1:
        draft.partly(node, f"one of its {streams} streams is written; each camera has its own")


def media(draft: Draft, link: Link) -> str | None:
    """Who follows a video stream: its role may read it."""
    principals = {"ecs_service": "ecs-tasks", "auto_scaling_group": "ec2"}
    of = principals.get(draft.service(link.target))
    if of is None:
        return "no property of a video stream names who reads it"
    role = draft.role(link.target, f"{of}.amazonaws.com")
    actions = ["kinesisvideo:GetDataEndpoint", "kinesisvideo:GetMedia"]
    draft.allow(role, actions, att(draft.id(link.source)))
    return None


def read(draft: Draft, link: Link) -> str | None:
    """Who reads a stream: a function by a mapping, a delivery stream by its own source, a Flink
    application by its role."""
    if draft.service(link.target) == "kinesis_analytics":
        kind, id = draft.service(link.source), draft.id(link.source)
        arn = att(id, "StreamArn") if kind == "dynamodb" else att(id)
        if kind == "dynamodb":
            draft.properties(id)["StreamSpecification"] = {"StreamViewType": "NEW_AND_OLD_IMAGES"}
        draft.allow(draft.role(link.target, _RUNS), POLLS[kind], arn)
        return None
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


MADE = {
    "kinesis_stream": stream,
    "firehose": firehose,
    "kinesis_analytics": application,
    "kinesis_video": video,
}
LINKS = {
    ("kinesis_stream", "records"): read,
    ("dynamodb", "stream"): read,
    ("firehose", "delivery"): delivery,
    ("kinesis_analytics", "out"): sink,
    ("kinesis_video", "media"): media,
}
