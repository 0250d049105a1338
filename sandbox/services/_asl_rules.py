"""The fields that each kind of state has, and what they may hold (Amazon States Language)."""

from __future__ import annotations

import re
from typing import Any

from sandbox.services._asl_choice import COMPARISONS, TESTS
from sandbox.services._asl_json import Located, Path
from sandbox.services._asl_jsonata import check_expression, is_expression
from sandbox.services._asl_paths import PathError, check_path, check_template
from sandbox.services._asl_shapes import check_shapes

LONGEST_NAME = 80  # AWS Step Functions API Reference: state names, H
LONGEST_S = 99_999_999  # AWS Step Functions Developer Guide: Handling errors; H
LONGEST_DELAY_S = 31_622_400  # AWS Step Functions Developer Guide: Handling errors; H
ALL = "States.ALL"
RESERVED = (
    *(ALL, "States.HeartbeatTimeout", "States.Timeout", "States.TaskFailed", "States.Permissions"),
    *("States.ResultPathMatchFailure", "States.ParameterPathFailure", "States.BranchFailed"),
    *("States.NoChoiceMatched", "States.IntrinsicFailure", "States.ItemReaderFailed"),
    *("States.ResultWriterFailed", "States.ExceedToleratedFailureThreshold", "States.Runtime"),
    *("States.DataLimitExceeded", "States.QueryEvaluationError", "States.Http.Socket"),
)
_FLOW = ("Next", "End")
_ANY = ("Type", "Comment", "QueryLanguage", "Assign")
_PATHS = ("InputPath", "OutputPath")
_ERRORS = ("Retry", "Catch")
_RESULTS = ("Parameters", "ResultSelector", "ResultPath", "Arguments", "Output")
FIELDS: dict[str, tuple[str, ...]] = {
    "Task": (
        *(*_FLOW, *_PATHS, *_ERRORS, *_RESULTS, "Resource", "Credentials"),
        *("TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"),
    ),
    "Pass": (*_FLOW, *_PATHS, "Parameters", "ResultPath", "Result", "Output"),
    "Choice": (*_PATHS, "Choices", "Default", "Output"),
    "Wait": (*_FLOW, *_PATHS, "Seconds", "SecondsPath", "Timestamp", "TimestampPath", "Output"),
    "Succeed": (*_PATHS, "Output"),
    "Fail": ("Error", "ErrorPath", "Cause", "CausePath"),
    "Parallel": (*_FLOW, *_PATHS, *_ERRORS, *_RESULTS, "Branches"),
    "Map": (
        *(*_FLOW, *_PATHS, *_ERRORS, *_RESULTS, "ItemProcessor", "Iterator", "ItemsPath", "Items"),
        *("ItemSelector", "MaxConcurrency", "MaxConcurrencyPath", "ItemReader", "ItemBatcher"),
        *("ResultWriter", "ToleratedFailureCount", "ToleratedFailureCountPath"),
        *("ToleratedFailurePercentage", "ToleratedFailurePercentagePath", "Label"),
    ),
}
_PATHS_ONLY = (
    *("Parameters", "ResultSelector", "ResultPath", "InputPath", "OutputPath", "ItemsPath"),
    *("SecondsPath", "TimestampPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "ErrorPath"),
    *("CausePath", "MaxConcurrencyPath"),
)
_EITHER = (
    *("TimeoutSeconds", "HeartbeatSeconds", "Error", "Cause", "MaxConcurrency"),
    *("ToleratedFailureCount", "ToleratedFailurePercentage"),
)
_TEMPLATES = (
    *("Parameters", "ResultSelector", "ItemSelector", "Assign", "Choices", "Catch"),
    *("ItemReader", "ItemBatcher", "ResultWriter"),
)
_INNER = ("Branches", "ItemProcessor", "Iterator")
_HTTP = re.compile(r"States\.Http\.StatusCode\.\d{3}")
_JSONATA_ONLY = ("Arguments", "Output", "Items")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")


def number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def check(source: Located, raw: dict[str, Any], path: Path, language: str) -> None:
    """Raise AslError at the first field of a state that is wrong."""
    kind = raw.get("Type")
    if kind is None:
        raise source.error('"Type" is missing; it is one of ' + ", ".join(FIELDS), path)
    if not isinstance(kind, str) or kind not in FIELDS:
        raise source.error(
            f"there is no Type {kind!r}; there are {', '.join(FIELDS)}", (*path, "Type")
        )
    for field in raw:
        if field not in FIELDS[kind] and field not in _ANY:
            known = ", ".join(FIELDS[kind])
            message = f'a {kind} state has no field "{field}"; it has {known}'
            raise source.error(message, (*path, field), key=True)
        other = _PATHS_ONLY if language == "JSONata" else _JSONATA_ONLY
        if field in other:
            message = f'"{field}" does not exist in {language}; see QueryLanguage'
            raise source.error(message, (*path, field), key=True)
    for field in _EITHER:
        if field in raw and f"{field}Path" in raw:
            message = f"a {kind} state has {field} or {field}Path, not both"
            raise source.error(message, (*path, f"{field}Path"), key=True)
    if language == "JSONata":
        _expressions(source, {k: v for k, v in raw.items() if k not in _INNER}, path)
    check_shapes(source, raw, path, language == "JSONata")
    _flow(source, raw, path, kind)
    _retriers(source, raw, path)
    for field in ("InputPath", "OutputPath", "ResultPath", "ItemsPath", "SecondsPath"):
        if field in raw and (raw[field] is not None or field in ("ItemsPath", "SecondsPath")):
            _path(source, raw[field], (*path, field), field == "ResultPath")
    for field in _TEMPLATES:
        if field in raw and language == "JSONPath":
            _template(source, raw[field], (*path, field))
    _own(source, raw, path, kind, language)


def _flow(source: Located, raw: dict[str, Any], path: Path, kind: str) -> None:
    if "Next" not in FIELDS[kind]:
        return
    if raw.get("End") is not None and not isinstance(raw["End"], bool):
        raise source.error("End is true or false", (*path, "End"))
    if "Next" in raw and not isinstance(raw["Next"], str):
        raise source.error("Next is the name of a state", (*path, "Next"))
    if ("Next" in raw) == bool(raw.get("End")):
        raise source.error(f'a {kind} state has either "Next" or "End": true', path)


def _retriers(source: Located, raw: dict[str, Any], path: Path) -> None:
    for field in _ERRORS:
        if field in raw and not isinstance(raw[field], list):
            raise source.error(f"{field} is a list", (*path, field))
        for i, one in enumerate(raw.get(field, ())):
            place = (*path, field, i)
            if not isinstance(one, dict):
                raise source.error(f"each entry of {field} is an object", place)
            errors = one.get("ErrorEquals")
            if not isinstance(errors, list) or not errors:
                raise source.error("ErrorEquals is a list with at least one error", place)
            for error in errors:
                if not isinstance(error, str):
                    raise source.error("an error is named by a text", (*place, "ErrorEquals"))
                if error.startswith("States.") and not _named(error):
                    message = f"{error} is no error of States; there are {', '.join(RESERVED)}"
                    raise source.error(message, (*place, "ErrorEquals", errors.index(error)))
            if ALL in errors and (len(errors) > 1 or i < len(raw[field]) - 1):
                message = f"{ALL} stands alone, and in the last entry"
                raise source.error(message, (*place, "ErrorEquals"))
            if field == "Catch":
                if not isinstance(one.get("Next"), str):
                    raise source.error("a catcher needs the Next state", place)
                if one.get("ResultPath") is not None:
                    _path(source, one["ResultPath"], (*place, "ResultPath"), True)
            else:
                _range(source, one, place, "IntervalSeconds", 1, LONGEST_S, True)
                _range(source, one, place, "MaxAttempts", 0, LONGEST_S, True)
                _range(source, one, place, "BackoffRate", 1.0, float("inf"))
                _range(source, one, place, "MaxDelaySeconds", 1, LONGEST_DELAY_S, True)
                if one.get("JitterStrategy", "NONE") not in ("NONE", "FULL"):
                    raise source.error("JitterStrategy is NONE or FULL", (*place, "JitterStrategy"))


def _named(error: str) -> bool:
    return error in RESERVED or _HTTP.fullmatch(error) is not None


def _expressions(source: Located, value: Any, path: Path) -> None:
    """Refuse the first expression that is no JSONata."""
    if isinstance(value, (dict, list)):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            _expressions(source, one, (*path, key))
    elif is_expression(value):
        try:
            check_expression(value)
        except PathError as error:
            raise source.error(str(error), path) from None


def _range(
    source: Located, raw: dict, path: Path, field: str, lo: float, hi: float, whole: bool = False
) -> None:
    """A number between bounds, if the field is there and no expression."""
    value = raw.get(field)
    if value is None or is_expression(value):
        return
    if not number(value) or not lo <= value <= hi or (whole and int(value) != value):
        bound = f"{lo:,} or more" if hi == float("inf") else f"{lo:,} to {hi:,}"
        kind = "a whole number" if whole else "a number"
        raise source.error(f"{field} is {kind}, {bound}", (*path, field))


def _path(source: Located, value: Any, path: Path, reference: bool = False) -> None:
    try:
        check_path(value, reference)
    except PathError as error:
        raise source.error(str(error), path) from None


def _template(source: Located, value: Any, path: Path) -> None:
    for place, message in check_template(value):
        raise source.error(message, (*path, *place))


def _own(source: Located, raw: dict[str, Any], path: Path, kind: str, language: str) -> None:
    """What one kind of state alone asks for."""
    if kind == "Task":
        if not isinstance(raw.get("Resource"), str) or not raw["Resource"]:
            raise source.error('a Task needs a "Resource", a text', path)
        _range(source, raw, path, "TimeoutSeconds", 1, LONGEST_S, True)
        _range(source, raw, path, "HeartbeatSeconds", 1, LONGEST_S, True)
        beat, limit = raw.get("HeartbeatSeconds"), raw.get("TimeoutSeconds", LONGEST_S)
        if number(beat) and number(limit) and beat >= limit:
            raise source.error(
                "HeartbeatSeconds must be smaller than TimeoutSeconds", (*path, "HeartbeatSeconds")
            )
    elif kind == "Wait":
        given = [name for name in FIELDS["Wait"][4:8] if name in raw]
        if len(given) != 1:
            raise source.error(
                "a Wait has one of Seconds, SecondsPath, Timestamp, TimestampPath", path
            )
        _range(source, raw, path, "Seconds", 0, LONGEST_S, True)
        at = raw.get("Timestamp")
        if (
            at is not None
            and not is_expression(at)
            and not (isinstance(at, str) and _TIME.match(at))
        ):
            message = "Timestamp reads 2026-03-14T01:59:00Z (RFC 3339)"
            raise source.error(message, (*path, "Timestamp"))
    elif kind == "Parallel":
        branches = raw.get("Branches")
        if not isinstance(branches, list) or not branches:
            raise source.error("Branches is a list with at least one machine", path)
    elif kind == "Map":
        if ("ItemProcessor" in raw) == ("Iterator" in raw):
            raise source.error("a Map has an ItemProcessor (before: an Iterator)", path)
        _range(source, raw, path, "MaxConcurrency", 0, LONGEST_S, True)
        _range(source, raw, path, "ToleratedFailurePercentage", 0, 100)
        _range(source, raw, path, "ToleratedFailureCount", 0, LONGEST_S, True)
    elif kind == "Choice":
        rules = raw.get("Choices")
        if not isinstance(rules, list) or not rules:
            raise source.error("Choices is a list with at least one rule", path)
        if "Default" in raw and not isinstance(raw["Default"], str):
            raise source.error("Default is the name of a state", (*path, "Default"))
        for i, rule in enumerate(rules):
            place = (*path, "Choices", i)
            if not isinstance(rule, dict) or not isinstance(rule.get("Next"), str):
                raise source.error("a rule of a Choice needs the Next state", place)
            if language == "JSONata":
                condition = rule.get("Condition")
                if not isinstance(condition, bool) and not is_expression(condition):
                    raise source.error('a Condition reads "{% … %}", or is true or false', place)
            else:
                _rule(source, rule, place, top=True)


def _rule(source: Located, rule: Any, path: Path, top: bool = False) -> None:
    """A comparison, or And, Or, Not of others."""
    if not isinstance(rule, dict):
        raise source.error("a rule is an object", path)
    if "Next" in rule and not top:
        raise source.error("only the outermost rule has a Next", (*path, "Next"), key=True)
    names = [name for name in rule if name not in ("Next", "Comment", "Variable", "Assign")]
    if len(names) != 1:
        raise source.error("a rule has one comparison, or one of And, Or, Not", path)
    name = names[0]
    if name in ("And", "Or"):
        if not isinstance(rule[name], list) or not rule[name]:
            raise source.error(f"{name} is a list of rules", (*path, name))
        for i, one in enumerate(rule[name]):
            _rule(source, one, (*path, name, i))
    elif name == "Not":
        _rule(source, rule["Not"], (*path, "Not"))
    elif name not in COMPARISONS:
        raise source.error(f'there is no comparison "{name}"', (*path, name), key=True)
    else:
        if "Variable" not in rule:
            raise source.error("a comparison needs a Variable", path)
        _path(source, rule["Variable"], (*path, "Variable"))
        value, place = rule[name], (*path, name)
        if name.endswith("Path"):
            _path(source, value, place)
        elif name in TESTS or name.startswith("Boolean"):
            if not isinstance(value, bool):
                raise source.error(f"{name} takes true or false", place)
        elif name.startswith("Numeric"):
            if not number(value):
                raise source.error(f"{name} takes a number", place)
        elif not isinstance(value, str):
            raise source.error(f"{name} takes a text", place)
