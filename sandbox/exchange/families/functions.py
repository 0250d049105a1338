"""Lambda: functions, aliases and versions, event source mappings, destinations, URLs."""

from __future__ import annotations

from typing import Any

from sandbox.exchange.template import Resource, as_object
from sandbox.exchange.work import Kind, Part, Work, every, get, truth, whole

MAPPING = (
    ("BatchSize", "batch_size"),
    ("MaximumBatchingWindowInSeconds", "maximum_batching_window_s"),
    ("ScalingConfig.MaximumConcurrency", "maximum_concurrency"),
    ("ProvisionedPollerConfig.MinimumPollers", "minimum_pollers"),
    ("ProvisionedPollerConfig.MaximumPollers", "maximum_pollers"),
    ("ParallelizationFactor", "parallelization_factor"),
    ("MaximumRetryAttempts", "maximum_retry_attempts"),
    ("MaximumRecordAgeInSeconds", "maximum_record_age_s"),
    ("BisectBatchOnFunctionError", "bisect_batch_on_function_error"),
    ("TumblingWindowInSeconds", "tumbling_window_s"),
)
"""AWS CloudFormation Template Reference: AWS::Lambda::EventSourceMapping."""


def _function(work: Work, resource: Resource) -> None:
    properties = resource.properties
    runtime = properties.get("Runtime")
    if isinstance(runtime, str):
        work.put(resource.id, "runtime", _runtime(runtime))
    if isinstance(package := properties.get("PackageType"), str):
        work.put(resource.id, "package", package.lower())
    if get(properties, "SnapStart.ApplyOn") == "PublishedVersions":
        work.put(resource.id, "snap_start", True)
    work.remark(resource.id, "CPU time and waiting time of a request are the defaults")


def _runtime(name: str) -> str:
    """The nearest runtime whose start is known."""
    for begins, taken in (
        ("python", "python3.14" if name >= "python3.14" else "python3.12"),
        ("nodejs", "nodejs24.x" if name >= "nodejs24" else "nodejs22.x"),
        ("java", "java17" if name in ("java8.al2", "java8", "java11", "java17") else "java21"),
        ("dotnet", "dotnet8"),
        ("ruby", "ruby3.4"),
        ("go", "go"),
        ("provided", "rust"),
    ):
        if name.startswith(begins):
            return taken
    return "python3.12"


def mapping_params(properties: dict[str, Any]) -> dict[str, Any]:
    """The parameters of an event source mapping, -1 (without end) left out."""
    found = {name: get(properties, path) for path, name in MAPPING}
    found = {name: value for name, value in found.items() if value is not None and value != -1}
    if get(properties, "ProvisionedPollerConfig"):
        found["provisioned_pollers"] = True
    if "ReportBatchItemFailures" in every(properties, "FunctionResponseTypes[]"):
        found["report_batch_item_failures"] = True
    return found


def _event_source(work: Work, resource: Resource) -> str:
    properties = resource.properties
    source_value = properties.get("EventSourceArn")
    functions = work.meant(properties.get("FunctionName"))
    sources = work.meant(source_value)
    params = mapping_params(properties)
    consumer = [r.id for r in work.resources_in(source_value, "AWS::Kinesis::StreamConsumer")]
    if consumer:
        params["enhanced_fan_out"] = True
    why = "event source mapping"
    if "Enabled" in properties and not truth(properties["Enabled"]):
        why = "event source mapping, disabled in the template"
    drawn = False
    for source in sources:
        for function in functions:
            drawn |= work.link(
                source, function, why, via=resource.id, mode="pull", params=params,
                filter=criteria(properties),
            )  # fmt: skip
    for failed in every(properties, "DestinationConfig.OnFailure.Destination"):
        for function in functions:
            for target in work.meant(failed):
                work.link(
                    function, target, "on-failure destination", via=resource.id, port="on_failure"
                )
    if properties.get("FilterCriteria"):
        work.assume(resource.id, "its filter is kept with the source; every record passes")
    if not drawn:
        return "an event source mapping of something that is not in the template"
    return f"the link {sources[0]} → {functions[0]}"


def criteria(properties: dict[str, Any]) -> dict[str, Any]:
    """The patterns of a poller's filter, of which a record must fit one."""
    found = [as_object(text) for text in every(properties, "FilterCriteria.Filters[].Pattern")]
    return {"any": found} if found and all(isinstance(one, dict) for one in found) else {}


def _invoke_config(work: Work, resource: Resource) -> str:
    properties = resource.properties
    functions = work.meant(properties.get("FunctionName"))
    for function in functions:
        work.put(function, "maximum_retry_attempts", properties.get("MaximumRetryAttempts"))
        work.put(function, "maximum_event_age_s", properties.get("MaximumEventAgeInSeconds"))
        for side, port in (("OnSuccess", "on_success"), ("OnFailure", "on_failure")):
            for target in work.meant(get(properties, f"DestinationConfig.{side}.Destination")):
                work.link(function, target, f"{side} destination", via=resource.id, port=port)
    return f"parameters of {functions[0]}" if functions else "of a function elsewhere"


def _alias(work: Work, resource: Resource) -> str:
    functions = work.meant(resource.properties.get("FunctionName"))
    if not functions:
        return "of a function elsewhere"
    path = "ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions"
    work.put(functions[0], "provisioned_concurrency", whole(get(resource.properties, path)))
    return f"stands for {functions[0]}"


def _url(work: Work, resource: Resource) -> str:
    functions = work.meant(resource.properties.get("TargetFunctionArn"))
    return f"the way in to {functions[0]}" if functions else "of a function elsewhere"


def _permission(work: Work, resource: Resource) -> str:
    """Who may call: evidence of a link only where there is none that is stronger."""
    properties = resource.properties
    functions = work.meant(properties.get("FunctionName"))
    sources = work.meant(properties.get("SourceArn"))
    service = str(properties.get("Principal", ""))

    def at_the_end() -> None:
        pairs = {(w.source, w.target) for w in work.wishes} | {w.said for w in work.wishes}
        for function in functions:
            for source in sources:
                if (source, function) not in pairs and (function, source) not in pairs:
                    work.link(source, function, f"{service} may call it", "probable")

    work.late.append(at_the_end)
    return f"lets {service or 'a service'} call {functions[0]}" if functions else "a permission"


NODES = {
    "AWS::Lambda::Function": Kind(
        "lambda_function",
        "Lambda function",
        rows=(
            ("MemorySize", "memory_mb"),
            ("Timeout", "timeout_s"),
            ("ReservedConcurrentExecutions", "reserved_concurrency"),
            ("EphemeralStorage.Size", "ephemeral_storage_mb"),
            ("Architectures[0]", "architecture"),
        ),
        ties=(("DeadLetterConfig.TargetArn", "on_failure", "dead-letter queue"),),
        more=_function,
    ),
}

STANDS = {
    "AWS::Lambda::Alias": "FunctionName",
    "AWS::Lambda::Version": "FunctionName",
    "AWS::Lambda::Url": "TargetFunctionArn",
}

PARTS: dict[str, Part] = {
    "AWS::Lambda::EventSourceMapping": _event_source,
    "AWS::Lambda::EventInvokeConfig": _invoke_config,
    "AWS::Lambda::Alias": _alias,
    "AWS::Lambda::Version": _alias,
    "AWS::Lambda::Url": _url,
    "AWS::Lambda::Permission": _permission,
}
