"""EventBridge: buses, rules, schedules, pipes."""

from __future__ import annotations

import re
from typing import Any

from sandbox.exchange.template import Resource
from sandbox.exchange.work import Kind, Part, Work, every, get

from .functions import criteria, mapping_params

DEFAULT_BUS = "default-event-bus"
_RATE = re.compile(r"rate\(\s*(\d+)\s*(second|minute|hour|day)s?\s*\)")
_UNIT = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}


def default_bus(work: Work) -> str:
    """The node of the account's default bus, which is in no template."""
    work.node(DEFAULT_BUS, "eventbridge", "Default event bus")
    return DEFAULT_BUS


def _bus(work: Work, value: Any) -> list[str]:
    if value is None or (isinstance(value, str) and value.rsplit("/", 1)[-1] == "default"):
        return [default_bus(work)]
    found = work.meant(value)
    if not found and isinstance(value, str):
        name = re.sub(r"[^A-Za-z0-9_-]", "-", value.rsplit("/", 1)[-1]).strip("-") or "bus"
        work.node(f"bus-{name}", "eventbridge", f"Event bus {name}")
        return [f"bus-{name}"]
    return found


def _rule(work: Work, resource: Resource) -> str:
    properties = resource.properties
    if str(properties.get("State", "ENABLED")) == "DISABLED":
        work.assume(resource.id, "disabled in the template; drawn as if it were enabled")
    expression = properties.get("ScheduleExpression")
    pattern = properties.get("EventPattern")
    told = []
    for about in every(properties, "Targets[]"):
        if not isinstance(about, dict):
            continue
        targets = work.meant(about.get("Arn"))
        if expression:
            told += [_clock(work, resource, str(expression), target) for target in targets]
        if pattern or not expression:
            for bus in _bus(work, properties.get("EventBusName")):
                params = {
                    "rule": resource.id,
                    "maximum_retry_attempts": get(about, "RetryPolicy.MaximumRetryAttempts"),
                    "maximum_event_age_s": get(about, "RetryPolicy.MaximumEventAgeInSeconds"),
                }
                dead = work.meant(get(about, "DeadLetterConfig.Arn"))
                params["redrive"] = bool(dead) or None
                for target in targets:
                    why = "rule target"
                    work.link(
                        bus, target, why, via=resource.id, port="targets", params=params,
                        filter={"pattern": pattern} if isinstance(pattern, dict) else None,
                    )  # fmt: skip
                    told.append(f"the link {bus} → {target}")
                for letters in dead:
                    work.link(
                        bus, letters, "dead-letter queue", via=resource.id, port="dead_letter"
                    )
    if pattern:
        work.assume(
            resource.id, "its event pattern is held against the attributes of the request classes"
        )
    return ", ".join(told) or "a rule whose targets are not in the template"


def _clock(work: Work, resource: Resource, expression: str, target: str) -> str:
    """A clock that calls its target: clients at the mean rate of the expression."""
    rate = rate_of(expression)
    node = work.node(resource.id, "clients", expression)
    node.of = resource.id
    node.params["rate_per_s"] = rate
    work.assume(resource.id, f"{expression} is offered as a steady {rate:.3g}/s")
    work.link(resource.id, target, f"schedule {expression}", mode="async")
    return f"the load of {target}"


def rate_of(expression: str) -> float:
    """Calls a second of a rate() or cron() expression, 1/s; a single at() counts once a day.

    EventBridge User Guide: Schedule expressions; of six cron fields the first two are looked at.
    """
    found = _RATE.search(expression)
    if found:
        return 1.0 / (max(int(found[1]), 1) * _UNIT[found[2]])
    fields = expression[expression.find("(") + 1 :].rstrip(")").split()
    if not expression.startswith("cron") or len(fields) < 2:
        return 1.0 / 86400.0
    minutes, hours = _times(fields[0], 60), _times(fields[1], 24)
    return minutes * hours / 86400.0


def _times(field: str, of: int) -> int:
    count = 0
    for part in field.split(","):
        span, _, step = part.partition("/")
        every_so = max(int(step), 1) if step.isdigit() else 1
        if span in ("*", "?"):
            count += -(-of // every_so)
        elif "-" in span and all(piece.isdigit() for piece in span.split("-", 1)):
            first, last = (int(piece) for piece in span.split("-", 1))
            count += max(last - first, 0) // every_so + 1
        else:
            first = int(span) if span.isdigit() else 0
            count += -(-(of - first) // every_so) if step else 1
    return max(count, 1)


def _schedule(work: Work, resource: Resource) -> str:
    expression = str(resource.properties.get("ScheduleExpression", "rate(1 hour)"))
    value = get(resource.properties, "Target.Arn")
    if isinstance(value, str) and ":scheduler:::aws-sdk:" in value:
        value = get(resource.properties, "Target.Input")  # a universal target names it there
    told = [_clock(work, resource, expression, target) for target in work.meant(value)]
    for letters in work.meant(get(resource.properties, "Target.DeadLetterConfig.Arn")):
        for target in work.meant(value):
            work.link(target, letters, "dead-letter queue", "probable", port="on_failure")
    return ", ".join(told) or "a schedule whose target is not in the template"


def _pipe(work: Work, resource: Resource) -> None:
    """A pipe polls its source and hands on: shown as a function that does nothing else."""
    properties = resource.properties
    node = work.nodes[resource.id]
    node.params |= {"cpu_time_ms": 1.0, "wait_time_ms": 5.0, "memory_mb": 1769, "timeout_s": 300}
    work.assume(resource.id, "a pipe is shown as a function that polls, for 6 ms a batch")
    if properties.get("FilterCriteria") or get(properties, "SourceParameters.FilterCriteria"):
        work.assume(resource.id, "its filter is kept with the source; every record passes")
    params: dict[str, Any] = {}
    filters = criteria(properties.get("SourceParameters") or {})
    for about in (properties.get("SourceParameters") or {}).values():
        if isinstance(about, dict):
            params |= mapping_params(about)
    sources = work.meant(properties.get("Source"))
    targets = work.meant(properties.get("Target"))
    between = work.meant(properties.get("Enrichment"))
    for source in sources:
        for target in targets or [resource.id]:
            work.link(
                source, resource.id, "pipe", via=resource.id, mode="pull", params=params,
                said=(source, target), filter=filters,
            )  # fmt: skip
        for enrichment in between:
            work.link(resource.id, enrichment, "enrichment", via=resource.id)
    for target in targets:
        for source in sources or [resource.id]:
            work.link(resource.id, target, "pipe", via=resource.id, said=(source, target))


def _archive(work: Work, resource: Resource) -> str:
    for bus in _bus(work, resource.properties.get("SourceArn")):
        work.put(bus, "archive", True)
        work.put(bus, "archive_retention_days", resource.properties.get("RetentionDays"))
        return f"the archive of {bus}"
    return "an archive of a bus elsewhere"


NODES = {
    "AWS::Events::EventBus": Kind("eventbridge", "Event bus"),
    "AWS::Events::ApiDestination": Kind("endpoint", "API destination"),
    "AWS::Pipes::Pipe": Kind("lambda_function", "EventBridge pipe", more=_pipe),
}

PARTS: dict[str, Part] = {
    "AWS::Events::Rule": _rule,
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::Events::Archive": _archive,
}
