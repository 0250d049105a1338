"""Lambda functions on the way out: the function, its role, its mappings and destinations."""

from __future__ import annotations

from typing import Any

from sandbox.document import Link, Node
from sandbox.exchange.out.draft import Draft, Json, att, by_rows, ref, set_path, sub

from .functions import MAPPING, NODES

_FUNCTION = "AWS::Lambda::Function"
_RUNTIMES = {
    "go": "provided.al2023",
    "rust": "provided.al2023",
    "graalvm_java21": "provided.al2023",
    "dotnet8_aot": "provided.al2023",
}
"""Compiled to a program of its own: AWS Lambda Developer Guide: OS-only runtimes."""
_INLINE = {
    "python": ("index.handler", "def handler(event, context):\n    return event\n"),
    "nodejs": ("index.handler", "exports.handler = async (event) => event;\n"),
}
_SNAP = ("python3.12", "python3.14", "java17", "java21", "dotnet8")
_BASIC = "service-role/AWSLambdaBasicExecutionRole"
_RECORDS = ("kinesis_stream", "dynamodb")


def function(draft: Draft, node: Node) -> None:
    id = draft.id(node)
    kind = NODES[_FUNCTION]
    properties = by_rows(draft, node, kind.rows)
    runtime = str(draft.value(node, "runtime"))
    role = draft.role(node, "lambda.amazonaws.com", _BASIC)
    properties["Role"] = att(role)
    if draft.value(node, "package") == "image":
        name = "ImageUri"
        about = "The image of the functions, in ECR"
        image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/functions:latest"
        properties |= {"PackageType": "Image"}
        properties["Code"] = {"ImageUri": draft.parameter(name, "String", about, image)}
    else:
        properties["Runtime"] = _RUNTIMES.get(runtime, runtime)
        inline = next((v for begins, v in _INLINE.items() if runtime.startswith(begins)), None)
        if inline is not None:
            properties |= {"Handler": inline[0], "Code": {"ZipFile": inline[1]}}
        else:
            bucket = draft.parameter("CodeBucket", "String", "Where code is kept", "code-bucket")
            key = draft.parameter("CodeKey", "String", "The package of code", "function.zip")
            properties |= {"Handler": "bootstrap", "Code": {"S3Bucket": bucket, "S3Key": key}}
    snap = bool(draft.value(node, "snap_start")) and runtime in _SNAP and "Runtime" in properties
    if snap:
        properties["SnapStart"] = {"ApplyOn": "PublishedVersions"}
    draft.add(id, "Lambda::Function", properties)
    provisioned = draft.value(node, "provisioned_concurrency")
    if provisioned and not snap:
        version = draft.add(f"{id}Version", "Lambda::Version", {"FunctionName": ref(id)})
        config = {"ProvisionedConcurrentExecutions": provisioned}
        draft.add(
            f"{id}Live",
            "Lambda::Alias",
            {
                "FunctionName": ref(id),
                "FunctionVersion": att(version, "Version"),
                "Name": "live",
                "ProvisionedConcurrencyConfig": config,
            },
        )
    _asynchronous(draft, node)


def _asynchronous(draft: Draft, node: Node) -> None:
    """Retries and destinations of asynchronous calls, where they are not the usual ones."""
    attempts = draft.value(node, "maximum_retry_attempts")
    age = draft.value(node, "maximum_event_age_s")
    usual = draft.catalogue.defaults(node.service)
    set_so = {"maximum_retry_attempts": attempts, "maximum_event_age_s": age}
    wanted: dict[str, Any] = {}
    for port, name in (("on_success", "OnSuccess"), ("on_failure", "OnFailure")):
        found = [link for link in draft.out(node.id, port) if _destination(draft, link)]
        if found:
            wanted[name] = {"Destination": draft_arn(draft, found[0].target)}
            allow_call(draft, draft.role(node, "lambda.amazonaws.com", _BASIC), found[0].target)
    if wanted or any(usual.get(name) != value for name, value in set_so.items()):
        draft.add(
            f"{draft.id(node)}Calls",
            "Lambda::EventInvokeConfig",
            {
                "FunctionName": ref(draft.id(node)),
                "Qualifier": "$LATEST",
                "MaximumRetryAttempts": round(attempts),
                "MaximumEventAgeInSeconds": round(age),
                "DestinationConfig": wanted or None,
            },
        )


def _destination(draft: Draft, link: Link) -> bool:
    return draft.service(link.target) in ("sqs", "sns", "lambda_function", "eventbridge")


def destination(draft: Draft, link: Link) -> str | None:
    """A destination was made with its function; only one to a port there can be."""
    if not _destination(draft, link):
        return "a destination is a queue, a topic, a function or a bus"
    first = next(
        other for other in draft.out(link.source, link.source_port) if _destination(draft, other)
    )
    return None if first is link else "a function has one destination of a kind"


def event_source(draft: Draft, link: Link) -> str | None:
    """A queue, a stream or a table that a function polls."""
    source, target = draft.id(link.source), draft.id(link.target)
    kind = draft.service(link.source)
    if draft.service(link.target) != "lambda_function":
        return "a template says no pollers but functions"
    role = draft.role(link.target, "lambda.amazonaws.com", _BASIC)
    properties: Json = {"FunctionName": ref(target)}
    if kind == "mq":
        draft.allow(role, ["mq:DescribeBroker"], att(source))
        draft.allow(role, ["secretsmanager:GetSecretValue"], ref(f"{source}Login"))
        access = {"Type": "BASIC_AUTH", "URI": ref(f"{source}Login")}
        properties |= {
            "EventSourceArn": att(source),
            "Queues": ["work"],
            "SourceAccessConfigurations": [access],
        }
    else:
        arn = att(source, "StreamArn") if kind == "dynamodb" else att(source)
        properties["EventSourceArn"] = arn
        draft.allow(role, POLLS[kind], arn)
    if kind == "dynamodb":
        draft.properties(source)["StreamSpecification"] = {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    if kind in _RECORDS:
        properties["StartingPosition"] = "LATEST"
    provisioned = draft.link_value(link, "provisioned_pollers")
    for path, name in MAPPING:
        value = draft.link_value(link, name)
        if value is None or (name.endswith("_pollers") and not provisioned):
            continue
        if name in link.params or name == "batch_size":
            set_path(properties, path, round(value) if isinstance(value, float) else value)
    if kind == "sqs":
        _wait_for(draft, link)
    if kind == "sqs" and properties.get("BatchSize", 10) > 10:
        properties.setdefault("MaximumBatchingWindowInSeconds", 1)
    if draft.link_value(link, "report_batch_item_failures"):
        properties["FunctionResponseTypes"] = ["ReportBatchItemFailures"]
    if draft.link_value(link, "enhanced_fan_out") and kind == "kinesis_stream":
        consumer = draft.add(
            f"{target}Consumer",
            "Kinesis::StreamConsumer",
            {"ConsumerName": target, "StreamARN": att(source)},
        )
        properties["EventSourceArn"] = ref(consumer)
        draft.allow(role, ["kinesis:SubscribeToShard"], ref(consumer))
    made = draft.add(f"{target}From{source}", "Lambda::EventSourceMapping", properties)
    draft.after_allowed(made, role)
    return None


def _wait_for(draft: Draft, link: Link) -> None:
    """Lambda refuses a queue that hides a message for less than the function may take."""
    queue, function = (draft.properties(draft.id(end)) for end in (link.source, link.target))
    if queue["VisibilityTimeout"] < function["Timeout"]:
        queue["VisibilityTimeout"] = function["Timeout"]
        why = "Lambda takes it only with a visibility timeout as long as its function's timeout"
        draft.partly(draft.document.nodes[link.source], why)


POLLS = {
    "sqs": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    "kinesis_stream": [
        *("kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords"),
        *("kinesis:GetShardIterator", "kinesis:ListShards", "kinesis:ListStreams"),
    ],
    "dynamodb": [
        *("dynamodb:DescribeStream", "dynamodb:GetRecords"),
        *("dynamodb:GetShardIterator", "dynamodb:ListStreams"),
    ],
}


def permission(draft: Draft, function: str, principal: str, source: Any, **more: Any) -> str:
    """Let a service call a function; `source` is the ARN it calls from, or None."""
    id = draft.id(function)
    return draft.add(
        f"{id}Permission",
        "Lambda::Permission",
        {
            "FunctionName": ref(id),
            "Action": "lambda:InvokeFunction",
            "Principal": principal,
            "SourceArn": source,
            **more,
        },
    )


# What a role needs to call a node, and how a caller's environment names it.

_ACTIONS: dict[str, tuple[list[str], list[str]]] = {
    "dynamodb": (
        ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:BatchGetItem"],
        ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem"],
    ),
    "s3": (["s3:GetObject"], ["s3:PutObject"]),
    "sqs": ([], ["sqs:SendMessage"]),
    "sns": ([], ["sns:Publish"]),
    "kinesis_stream": ([], ["kinesis:PutRecord", "kinesis:PutRecords"]),
    "kinesis_video": ([], ["kinesisvideo:GetDataEndpoint", "kinesisvideo:PutMedia"]),
    "firehose": ([], ["firehose:PutRecord", "firehose:PutRecordBatch"]),
    "eventbridge": ([], ["events:PutEvents"]),
    "step_functions": ([], ["states:StartExecution"]),
    "lambda_function": ([], ["lambda:InvokeFunction"]),
    "batch": ([], ["batch:SubmitJob"]),
}
_ENDPOINTS = {
    "elasticache": ("PrimaryEndPoint.Address", "ConfigurationEndpoint.Address"),
    "rds": ("Endpoint.Address",),
    "dax": ("ClusterDiscoveryEndpoint",),
    "elb": ("DNSName",),
    "mq": ("AmqpEndpoints",),
}


def draft_arn(draft: Draft, node: str) -> Any:
    """What a template says for the ARN of what stands for a node."""
    id = draft.id(node)
    return ref(id) if draft.service(node) in ("sns", "step_functions", "batch") else att(id)


def allow_call(draft: Draft, role: str, target: str, operation: str = "same") -> bool:
    """Let a role call what stands for a node; False where a role is not what is asked for."""
    service = draft.service(target)
    if service not in _ACTIONS:
        return False
    reads, writes = _ACTIONS[service]
    actions = {"read": reads or writes, "write": writes}.get(operation, [*reads, *writes])
    arn = draft_arn(draft, target)
    if service == "s3":
        arn = sub("${" + draft.id(target) + ".Arn}/*")
    draft.allow(role, actions, arn)
    return True


def called_as(draft: Draft, target: str) -> Any:
    """What a caller's environment holds to find what stands for a node, or None."""
    id, service = draft.id(target), draft.service(target)
    if service in _ACTIONS:
        return draft_arn(draft, target) if service == "kinesis_stream" else ref(id)
    if service == "api_gateway":
        return ref(id)
    if service in _ENDPOINTS and id in draft.resources:
        names = _ENDPOINTS[service]
        kind = draft.resources[id]["Type"]
        if service == "mq":
            return ref(id)
        if kind == "AWS::ElastiCache::ReplicationGroup":
            clustered = draft.properties(id).get("NumNodeGroups", 1) > 1
            return att(id, "ConfigurationEndPoint.Address" if clustered else names[0])
        if kind == "AWS::ElastiCache::CacheCluster":
            return att(id, names[1])
        return att(id, names[0])
    return None


def call(draft: Draft, link: Link) -> str | None:
    """A function calls another service: its role allows it and its environment names it."""
    source, target = draft.id(link.source), link.target
    if draft.id(target) not in draft.resources:
        return "no property names what it calls"
    role = draft.role(link.source, "lambda.amazonaws.com", _BASIC)
    allowed = allow_call(draft, role, target, str(link.params.get("operation", "same")))
    value = None if draft.in_circle(link.source, target) else called_as(draft, target)
    if value is None:
        return None if allowed else "no property of a function names what it calls"
    variables = draft.properties(source).setdefault("Environment", {}).setdefault("Variables", {})
    variables[f"{draft.id(target)}".upper()] = value
    return None


MADE = {"lambda_function": function}
LINKS = {
    ("lambda_function", "out"): call,
    ("lambda_function", "on_failure"): destination,
    ("lambda_function", "on_success"): destination,
    ("sqs", "messages"): event_source,
    ("mq", "messages"): event_source,
}
