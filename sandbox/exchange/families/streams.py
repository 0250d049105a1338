"""Kinesis: data streams, Firehose, analytics, video."""

from __future__ import annotations

from sandbox.exchange.marks import marked
from sandbox.exchange.template import Resource
from sandbox.exchange.work import Kind, Part, Work, every, get, number


def _stream(work: Work, resource: Resource) -> None:
    if get(resource.properties, "StreamModeDetails.StreamMode") == "ON_DEMAND":
        work.assume(resource.id, "on-demand; shown with the default number of shards")


def _firehose(work: Work, resource: Resource) -> None:
    properties = resource.properties
    source = get(properties, "KinesisStreamSourceConfiguration.KinesisStreamARN")
    for stream in work.meant(source):
        work.link(stream, resource.id, "delivery stream's source", mode="pull")
    for key, about in properties.items():
        if not (key.endswith("DestinationConfiguration") and isinstance(about, dict)):
            continue
        for name in ("BucketARN", "DomainARN", "ClusterJDBCURL", "CollectionEndpoint"):
            for target in work.meant(about.get(name)):
                work.link(resource.id, target, "delivery destination")
        for processor in every(about, "ProcessingConfiguration.Processors[].Parameters[]"):
            if isinstance(processor, dict) and marked(processor.get("ParameterValue")):
                for function in work.meant(processor["ParameterValue"]):
                    work.link(resource.id, function, "transformation")


def _consumer(work: Work, resource: Resource) -> str:
    streams = work.meant(resource.properties.get("StreamARN"))
    return f"a consumer of {streams[0]} with enhanced fan-out" if streams else "a consumer"


_FLINK = "ApplicationConfiguration.FlinkApplicationConfiguration"
_PARALLEL = f"{_FLINK}.ParallelismConfiguration"
CHECKPOINTS = f"{_FLINK}.CheckpointConfiguration"
MS = (
    ("CheckpointInterval", "checkpoint_interval_s"),
    ("MinPauseBetweenCheckpoints", "min_pause_between_checkpoints_s"),
)
"""Of a CheckpointConfiguration: (property in ms, parameter in s)."""


def _flink(work: Work, resource: Resource) -> None:
    for key, name in MS:
        if (value := number(get(resource.properties, f"{CHECKPOINTS}.{key}"))) is not None:
            work.put(resource.id, name, value / 1000.0)
    _sql(work, resource)


def _sql(work: Work, resource: Resource) -> None:
    """What an application names as its input: streams for SQL."""
    about = resource.properties
    inputs = [
        *every(about, "ApplicationConfiguration.SqlApplicationConfiguration.Inputs[]"),
        *every(about, "Inputs[]"),
    ]
    for value in inputs:
        for stream in work.meant(get(value, "KinesisStreamsInput.ResourceARN")):
            work.link(stream, resource.id, "input of the application", mode="pull")


NODES = {
    "AWS::Kinesis::Stream": Kind(
        "kinesis_stream",
        "Kinesis stream",
        rows=(("ShardCount", "shard_count"), ("RetentionPeriodHours", "retention_hours")),
        more=_stream,
    ),
    "AWS::KinesisFirehose::DeliveryStream": Kind("firehose", "Firehose stream", more=_firehose),
    "AWS::KinesisAnalyticsV2::Application": Kind(
        "kinesis_analytics",
        "Flink application",
        rows=(
            (f"{_PARALLEL}.Parallelism", "parallelism"),
            (f"{_PARALLEL}.ParallelismPerKPU", "parallelism_per_kpu"),
            (f"{_PARALLEL}.AutoScalingEnabled", "auto_scaling_enabled"),
        ),
        more=_flink,
    ),
    "AWS::KinesisAnalytics::Application": Kind(
        "kinesis_analytics", "Analytics application", more=_sql
    ),
    "AWS::KinesisVideo::Stream": Kind(
        "kinesis_video",
        "Kinesis video stream",
        rows=(("DataRetentionInHours", "retention_hours"),),
    ),
    "AWS::MSK::Cluster": Kind("endpoint", "MSK cluster"),
    "AWS::MSK::ServerlessCluster": Kind("endpoint", "MSK serverless cluster"),
}

STANDS = {"AWS::Kinesis::StreamConsumer": "StreamARN"}

PARTS: dict[str, Part] = {"AWS::Kinesis::StreamConsumer": _consumer}
