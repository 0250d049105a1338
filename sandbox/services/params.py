"""Parameters of a service: a pydantic model whose fields carry unit, bounds, help and source,
and the numpy record that the compiled law reads.

A field of the model becomes a field of the record: floats ``f8``, integers ``i8``, switches ``?``,
choices (``Literal``) the ``i8`` index of the choice, a model a nested record beside ``<name>_n`` (0
if it is None, else 1), a list of models a nested record array beside its length ``<name>_n``, a
list of pairs an ``f8[n, 2]`` array.  Texts and fields declared with ``record=False`` stay in
Python, for a service's ``prepare`` to use.
"""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

Confidence = Literal["H", "M", "L", "assumption"]


class Parameters(BaseModel):
    """Base of every parameter model: immutable, finite numbers, unknown names refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True
    )

    @field_validator("*", mode="before")
    @classmethod
    def _a_number_is_a_number(cls, value: Any, field: ValidationInfo) -> Any:
        """Pydantic would take "3" and true for numbers; who reads the file would not."""
        if isinstance(value, (str, bool)) and field.field_name in _numbers(cls):
            raise PydanticCustomError("number", "input should be a number")
        return value


class NoArguments(Parameters):
    """Of an action that takes none."""


def param(
    default: Any,
    help: str,
    *,
    unit: str = "",
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    source: str = "assumption",
    confidence: Confidence = "assumption",
    basic: bool = False,
    group: str = "General",
    title: str = "",
    max_items: int | None = None,
    record: bool = True,
    console: Any = None,
) -> Any:
    """One parameter.

    ``source`` is the public page's title or address, or "assumption"; ``confidence`` H (read in a
    primary source), M (secondary or inferred), L (one weak source) or "assumption".  ``console``
    is the default of the console where it differs from the API's (a palette drop takes it).
    Lists need ``max_items``: AWS's quota, or the most that the law is laid out for.
    """
    meta = {
        "unit": unit,
        "source": source,
        "confidence": confidence,
        "basic": basic,
        "group": group,
        "record": record,
        "console": console,
    }
    kind: dict[str, Any] = {"max_length": max_items} if max_items is not None else {}
    if isinstance(default, (list, dict, BaseModel)):
        kind["default_factory"] = lambda: (
            default if isinstance(default, BaseModel) else type(default)(default)
        )
    else:
        kind["default"] = default
    return Field(
        description=help, ge=ge, gt=gt, le=le, title=title or None, json_schema_extra=meta, **kind
    )


@dataclass(frozen=True, slots=True)
class ParamInfo:
    """What the inspector, the command line and the problems list know of a parameter.

    ``kind`` is "float", "int", "bool", "choice", "text", "record" (with ``fields``), "list" (of
    records with ``fields``) or "pairs".
    """

    name: str
    title: str
    kind: str
    unit: str
    lo: float | None
    hi: float | None
    lo_open: bool
    default: Any
    choices: tuple[str, ...]
    help: str
    source: str
    confidence: str
    basic: bool
    group: str
    optional: bool = False
    fields: tuple[ParamInfo, ...] = ()
    max_items: int | None = None


def describe(model: type[BaseModel]) -> tuple[ParamInfo, ...]:
    """The parameters of a model, in the order they are written."""
    return tuple(_info(name, field) for name, field in model.model_fields.items())


def _info(name: str, field: FieldInfo) -> ParamInfo:
    raw = field.json_schema_extra
    meta: dict[str, Any] = dict(raw) if isinstance(raw, Mapping) else {}
    kind, inner, optional = _kind(field.annotation)
    limits = {
        key: getattr(item, key)
        for item in field.metadata
        for key in ("ge", "gt", "le", "lt", "max_length")
        if getattr(item, key, None) is not None
    }
    return ParamInfo(
        name=name,
        title=field.title or name.replace("_", " ").capitalize(),
        kind=kind,
        unit=meta.get("unit", ""),
        lo=limits.get("ge", limits.get("gt")),
        hi=limits.get("le", limits.get("lt")),
        lo_open="gt" in limits,
        default=jsonable(field.get_default(call_default_factory=True)),
        choices=tuple(get_args(inner)) if kind == "choice" else (),
        help=field.description or "",
        source=meta.get("source", ""),
        confidence=meta.get("confidence", ""),
        basic=bool(meta.get("basic")),
        group=meta.get("group", "General"),
        optional=optional,
        fields=describe(inner) if kind in ("list", "record") else (),
        max_items=limits.get("max_length"),
    )


@functools.cache
def _numbers(model: type[BaseModel]) -> frozenset[str]:
    """The names of its fields that are numbers."""
    kinds = {name: _kind(info.annotation)[0] for name, info in model.model_fields.items()}
    return frozenset(name for name, kind in kinds.items() if kind in ("int", "float"))


def _kind(annotation: Any) -> tuple[str, Any, bool]:
    """(kind, inner type, optional) of an annotation; looked at once each."""
    return _seen_kind(annotation)


@functools.cache
def _seen_kind(annotation: Any) -> tuple[str, Any, bool]:
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [a for a in get_args(annotation) if a is not type(None)]
        kind, found, _ = _kind(inner[0])
        return kind, found, True
    if get_origin(annotation) is Literal:
        return "choice", annotation, False
    if get_origin(annotation) is list:
        (item,) = get_args(annotation)
        if isinstance(item, type) and issubclass(item, BaseModel):
            return "list", item, False
        if item is str:
            return "texts", item, False
        return "pairs", item, False
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "record", annotation, False
    simple = {bool: "bool", int: "int", float: "float", str: "text"}
    if annotation not in simple:
        raise TypeError(f"a parameter cannot be of type {annotation!r}")
    return simple[annotation], annotation, False


def jsonable(value: Any) -> Any:
    """A parameter's value as it stands in the file."""
    if isinstance(value, BaseModel):
        return {k: jsonable(v) for k, v in value if v != type(value).model_fields[k].default}
    if isinstance(value, (list, tuple)):
        return [jsonable(v) for v in value]
    return value


def code(model: type[BaseModel], name: str, choice: str) -> int:
    """The number by which a law knows a choice, as in ``code(Params, "balancing", "random")``."""
    _, inner, _ = _kind(model.model_fields[name].annotation)
    return get_args(inner).index(choice)


# ---------------------------------------------------------------- the record a law reads


def layout(model: type[BaseModel], derived: type | None = None) -> np.dtype:
    """The record of a parameter model, followed by the fields of a ``derived`` class.

    An optional number that is not given is NaN (``f8``) or -1 (``i8``).
    """
    fields = _fields(model) + list(getattr(model, "record_only", {}).items())
    if derived is not None:
        fields += record_fields(derived)
    return np.dtype(fields or [("_none", "f8")], align=True)


def _fields(model: type[BaseModel]) -> list[tuple]:
    fields: list[tuple] = []
    for info, (name, field) in zip(describe(model), model.model_fields.items(), strict=True):
        raw = field.json_schema_extra
        if not (raw.get("record", True) if isinstance(raw, dict) else True):
            continue
        kind, inner, _optional = _kind(field.annotation)
        if kind in ("text", "texts"):
            continue
        if kind == "list":
            size = _cap(name, info)
            fields += [(name, layout(inner), (size,)), (f"{name}_n", "i8")]
        elif kind == "record":
            fields += [(name, layout(inner)), (f"{name}_n", "i8")]
        elif kind == "pairs":
            fields += [(name, "f8", (_cap(name, info), 2)), (f"{name}_n", "i8")]
        else:
            fields.append((name, {"float": "f8", "bool": "?"}.get(kind, "i8")))
    return fields


def _cap(name: str, info: ParamInfo) -> int:
    if info.max_items is None:
        raise TypeError(f"parameter {name}: a list needs max_items")
    return info.max_items


def record_fields(cls: type) -> list[tuple]:
    """Fields of a plain annotated class: ``float``, ``int``, ``bool``, or a numpy dtype or
    ``(dtype, shape)`` pair given as ``Annotated[object, spec]`` or in quotes-free form."""
    plain = {float: "f8", int: "i8", bool: "?"}
    fields: list[tuple] = []
    for name, kind in typing.get_type_hints(cls, include_extras=True).items():
        if kind in plain:
            fields.append((name, plain[kind]))
            continue
        spec = get_args(kind)[1]
        fields.append((name, *spec) if isinstance(spec, tuple) else (name, spec))
    return fields


def record(cls: type | None) -> np.dtype:
    """The numpy record of a plain annotated class (a service's state or cell)."""
    return np.dtype(
        record_fields(cls) if cls is not None and record_fields(cls) else [("_none", "f8")],
        align=True,
    )


def fill(target: np.ndarray, values: BaseModel) -> None:
    """Write a model into a record made by :func:`layout` (a one-element array or its void view)."""
    model = type(values)
    names = set(target.dtype.names or ())
    for name, field in model.model_fields.items():
        if name not in names:
            continue
        kind, inner, _ = _kind(field.annotation)
        value = getattr(values, name)
        if kind == "list":
            target[f"{name}_n"] = len(value)
            nested = target[name]
            nested = nested[0] if nested.ndim == 2 else nested
            for i, item in enumerate(value):
                fill(nested[i : i + 1], item)
        elif kind == "record":
            target[f"{name}_n"] = value is not None
            if value is not None:
                fill(target[name], value)
        elif kind == "pairs":
            target[f"{name}_n"] = len(value)
            nested = target[name]
            nested = nested[0] if nested.ndim == 3 else nested
            nested[: len(value)] = np.asarray(value, "f8").reshape(-1, 2)
        elif kind == "choice" and value is not None:
            target[name] = get_args(inner).index(value)
        elif value is None:
            target[name] = np.nan if target.dtype[name].kind == "f" else -1
        else:
            target[name] = value


def complaints(model: type[BaseModel], values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(parameter, what is wrong and what to do) for values that the model refuses; [] if none."""
    try:
        model.model_validate(dict(values))
    except ValidationError as error:
        return [_complaint(model, item) for item in error.errors()]
    return []


def _complaint(model: type[BaseModel], item: Any) -> tuple[str, str]:
    where = ".".join(str(part) for part in item["loc"]) or "parameters"
    if item["type"] == "extra_forbidden":
        known = ", ".join(model.model_fields) if len(item["loc"]) == 1 else "see the catalogue"
        return where, f"is not a parameter; there are {known}"
    message = str(item["msg"])
    if item["type"].startswith("value_error"):
        message = message.removeprefix("Value error, ")
    shown = repr(item.get("input"))
    if len(shown) > 40:
        shown = shown[:37] + "…"
    return where, f"{message[:1].lower()}{message[1:]} (it is {shown})"
