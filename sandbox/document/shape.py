"""The shape of a file, checked by pydantic, and its errors as sentences that help.

The models only check; what is read are the values as they were written, so 1 stays 1 and 1.0 stays
1.0, and keys that this version does not know are left alone.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, FailFast, Field, StringConstraints, ValidationError

from .records import ID_PATTERN

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Map = dict[str, Any]


class _Shape(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class NodeShape(_Shape):
    """A node; only id and service are required."""

    id: Id
    service: Annotated[str, StringConstraints(min_length=1)]
    label: str = ""
    x: Number = 0.0
    y: Number = 0.0
    params: Map = {}


class EdgeShape(_Shape):
    """A link, once its key is known."""

    source: Id
    target: Id
    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+>[A-Za-z0-9_-]+$")]
    params: Map = {}


class GroupShape(_Shape):
    """A container; what it contains need not exist."""

    id: Id
    kind: str
    label: str = ""
    members: list[str] = []
    collapsed: bool = False


class AnnotationShape(_Shape):
    """A note on the canvas."""

    id: Id
    text: str = ""
    x: Number = 0.0
    y: Number = 0.0
    width: Number = 0.0
    height: Number = 0.0


class FaultShape(_Shape):
    """A scheduled fault."""

    kind: str
    target: str
    start_s: Number
    end_s: Number
    amount: Number = 1.0


class ClassShape(_Shape):
    """A request class."""

    name: str
    share: Number = 1.0
    write_fraction: Number | None = None
    payload_kb: Number | None = None
    path: str = "/"
    country: str = ""
    deadline_s: Number | None = None
    attributes: Map = {}


class ScenarioShape(_Shape):
    """The scenario; every field has a default."""

    start: str = ""
    duration_s: Number = 0.0
    tick_s: Number = 0.0
    seed: int = 0
    load: Number = 0.0
    era: str = ""
    region: str = ""
    history_days: Number = 0.0
    classes: Annotated[list[ClassShape], FailFast()] = []
    faults: Annotated[list[FaultShape], FailFast()] = []


class GraphShape(_Shape):
    """What belongs to the diagram as a whole."""

    name: str = ""
    notes: str = ""
    groups: Annotated[list[GroupShape], FailFast()] = []
    annotations: Annotated[list[AnnotationShape], FailFast()] = []
    view: Map = {}
    source: Map = {}
    scenario: ScenarioShape = ScenarioShape()


class FileShape(_Shape):
    """A whole file, after migration."""

    graph: GraphShape = GraphShape()
    nodes: Annotated[list[NodeShape], FailFast()]
    edges: Annotated[list[EdgeShape], FailFast()] = []


Place = tuple[str | int, ...]


def misshapen(raw: Any, shape: type[BaseModel] = FileShape) -> tuple[Place, str] | None:
    """Where the first thing is that has the wrong shape and a sentence about it, or None."""
    try:
        shape.model_validate(raw)
    except ValidationError as failure:
        first = failure.errors(include_url=False)[0]
        place = tuple(first["loc"])
        field = next((str(step) for step in reversed(place) if isinstance(step, str)), "it")
        name = f"{field}[{place[-1]}]" if place and isinstance(place[-1], int) else field
        if first["type"] == "missing":
            return place[:-1], f'has no "{field}"; add {_example(field)}'
        return place, f"{name} is {shown(first['input'])}; {_wanted(first, field)}"
    return None


def shown(value: Any, most: int = 40) -> str:
    """A value in one short line, as JSON where it can be."""
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return f"an object of {len(value)} keys"
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):  # an integer of thousands of digits
        text = f"a very long {type(value).__name__}"
    return text if len(text) <= most else text[: most - 1] + "…"


_EXAMPLES: dict[str, Any] = {
    "id": "web",
    "service": "sqs",
    "source": "web",
    "target": "orders",
    "key": "out>in",
    "kind": "availability_zone",
    "name": "browse",
    "start_s": 3600,
    "end_s": 5400,
    "nodes": [],
}
_WANTED = {
    "float_type": "write a number, for instance 120",
    "finite_number": "write a finite number, for instance 120",
    "int_type": "write a whole number, for instance 7",
    "string_type": 'write text in quotes, for instance "web"',
    "string_too_short": "write some text in the quotes",
    "list_type": "write a list, for instance []",
    "dict_type": 'write an object, for instance {"max_size": 12}',
    "model_type": "write an object in braces, {…}",
}


def _example(field: str) -> str:
    return f'"{field}": {json.dumps(_EXAMPLES.get(field, "…"), ensure_ascii=False)}'


def _wanted(error: Any, field: str) -> str:
    if error["type"] == "string_pattern_mismatch":
        if field == "key":
            return 'write the ports it joins, for instance "out>in"'
        return "write an id of letters, digits, - and _"
    return _WANTED.get(error["type"], str(error["msg"]))
