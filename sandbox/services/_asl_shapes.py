"""Of which JSON the fields of a state are: objects, texts, and those of a Map within them."""

from __future__ import annotations

from typing import Any

from sandbox.services._asl_json import Located, Path
from sandbox.services._asl_paths import PathError, check_path

OBJECTS = ("Assign", "ItemReader", "ItemBatcher", "ResultWriter", "Credentials")
PATHS = (
    *("TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "ErrorPath", "CausePath"),
    *("MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath"),
)
TEXTS = ("Timestamp", "Error", "Cause")
MODES = (("Mode", ("INLINE", "DISTRIBUTED")), ("ExecutionType", ("STANDARD", "EXPRESS")))
NUMBERS = ("IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds")


def check_shapes(source: Located, raw: dict[str, Any], path: Path, jsonata: bool) -> None:
    """Raise AslError at the first field that is of another JSON than it may be."""
    _objects(source, raw, path, OBJECTS)
    for field in ("Choices", "Catch"):
        for i, one in enumerate(raw[field] if isinstance(raw.get(field), list) else ()):
            if isinstance(one, dict):
                _objects(source, one, (*path, field, i), ("Assign",))
    for i, one in enumerate(raw["Retry"] if isinstance(raw.get("Retry"), list) else ()):
        for field in NUMBERS if isinstance(one, dict) else ():
            if not isinstance(one.get(field, 1), (int, float)):
                raise source.error(f"{field} is a number", (*path, "Retry", i, field))
    for field in PATHS:
        if field in raw:
            try:
                check_path(raw[field])
            except PathError as error:
                raise source.error(str(error), (*path, field)) from None
    for field in TEXTS:
        if not isinstance(raw.get(field, ""), str):
            raise source.error(f"{field} is a text", (*path, field))
    _of_map(source, raw, path, jsonata)


def _objects(source: Located, raw: dict[str, Any], path: Path, fields: tuple[str, ...]) -> None:
    for field in fields:
        if not isinstance(raw.get(field, {}), dict):
            raise source.error(f"{field} is an object", (*path, field))


def _of_map(source: Located, raw: dict[str, Any], path: Path, jsonata: bool) -> None:
    """How a Map runs its iterations, where its items come from, and where results go."""
    inner = raw.get("ItemProcessor")
    if isinstance(inner, dict):
        place = (*path, "ItemProcessor")
        _objects(source, inner, place, ("ProcessorConfig",))
        for field, known in MODES:
            if inner.get("ProcessorConfig", {}).get(field, known[0]) not in known:
                message = f"{field} is {' or '.join(known)}"
                raise source.error(message, (*place, "ProcessorConfig", field))
    _objects(source, raw.get("ItemReader", {}), (*path, "ItemReader"), ("ReaderConfig",))
    given = ("Arguments",) if jsonata else ("Parameters",)
    writer = raw.get("ResultWriter", {})
    if not (jsonata and isinstance(writer.get("Arguments"), str)):
        _objects(source, writer, (*path, "ResultWriter"), given)
