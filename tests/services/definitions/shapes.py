"""Pieces of which definitions are put together."""

from __future__ import annotations

import json
from typing import Any

INVOKE = "arn:aws:states:::lambda:invoke"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:work"
ACTIVITY = "arn:aws:states:us-east-1:123456789012:activity:approve"


def states(start: str, top: dict[str, Any] | None = None, /, **found: Any) -> dict[str, Any]:
    return {**(top or {}), "StartAt": start, "States": found}


def last(kind: str, **more: Any) -> dict[str, Any]:
    return {"Type": kind, **more, **({} if "Next" in more else {"End": True})}


def task(resource: str = FUNCTION, **more: Any) -> dict[str, Any]:
    return last("Task", Resource=resource, **more)


def echo(**fields: Any) -> dict[str, Any]:
    """A machine of one Pass that makes an object."""
    return states("Make", Make=last("Pass", Parameters=fields))


def failing(*errors: str, **more: Any) -> dict[str, Any]:
    return {"Error": errors[0], "Cause": "mocked", **more}


JSONATA = {"QueryLanguage": "JSONata"}
ALL_TO_SORRY = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Sorry"}]
SORRY = {"Type": "Fail", "Error": "Sorry", "Cause": "it was caught"}
DISTRIBUTED = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
ORDERS = {"orders": [{"id": 1, "cents": 250}, {"id": 2, "cents": 4000}]}


def text(definition: Any) -> str:
    return json.dumps(definition, indent=2, ensure_ascii=False)
