"""SAM made CloudFormation by aws-sam-translator, offline; what it refuses is expanded by hand.

The translator runs where templates are deployed from: code, definitions and nested templates are
to be in S3. Here they are beside the template, so such places are filled in before, and none is
opened but a state machine's definition, which is read.
"""

from __future__ import annotations

import copy
import logging
import warnings
from collections.abc import Mapping
from typing import Any

from .by_hand import by_hand
from .folder import Folder
from .intrinsics import REGION

TRANSFORM = "AWS::Serverless-2016-10-31"
_S3 = "s3://bucket/key"
_MAX_TRIES = 40


class Expanded:
    """The CloudFormation template, and what is to be told about the way there."""

    def __init__(self, template: dict[str, Any]) -> None:
        self.template = template
        self.refused: dict[str, str] = {}
        self.connectors: list[tuple[str, str, tuple[str, ...]]] = []


def is_sam(template: Mapping[str, Any]) -> bool:
    named = template.get("Transform")
    names = named if isinstance(named, list) else [named]
    return TRANSFORM in names or any(
        isinstance(r, dict) and str(r.get("Type", "")).startswith("AWS::Serverless::")
        for r in (template.get("Resources") or {}).values()
    )


def expand(template: Mapping[str, Any], folder: Folder, values: Mapping[str, Any]) -> Expanded:
    """The template as CloudFormation gets it. `values` are those of its parameters."""
    source = copy.deepcopy(dict(template))
    result = Expanded(source)
    result.connectors = _connectors(source)
    _fill_in(source, folder)
    left = dict(source["Resources"])
    for _ in range(_MAX_TRIES):
        attempt = copy.deepcopy({**source, "Resources": left})
        try:
            result.template = _translated(attempt, values)
            break
        except Exception as failure:  # the translator raises of many kinds for odd templates
            named = _named(failure, left)
            if not named:
                serverless = [i for i in left if _type(left[i]).startswith("AWS::Serverless::")]
                text = " ".join(str(failure).split())[:200] or type(failure).__name__
                named = dict.fromkeys(serverless, text)
            if not named:
                result.template = {**source, "Resources": left}
                break
            for id, why in named.items():
                result.refused[id] = why
                del left[id]
    resources = dict(result.template.get("Resources") or {})
    general = source.get("Globals")
    shared = general if isinstance(general, dict) else {}
    for id in result.refused:
        for made, resource in by_hand(id, source["Resources"][id], shared).items():
            resources.setdefault(made, resource)
    result.template = {**result.template, "Resources": resources}
    return result


def _translated(template: dict[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from samtranslator.parser.parser import Parser
        from samtranslator.translator.translator import Translator
        from samtranslator.utils.py27hash_fix import (
            to_py27_compatible_template,
            undo_mark_unicode_str_in_template,
        )

        logging.getLogger("samtranslator").setLevel(logging.CRITICAL)
        parameters = {name: value for name, value in values.items() if "::" not in name}
        to_py27_compatible_template(template, parameters)
        translator = Translator({}, Parser(), boto_session=_Session())
        made = translator.translate(
            template, parameter_values=parameters, get_managed_policy_map=dict
        )
        return undo_mark_unicode_str_in_template(made)


class _Session:
    """What the translator asks of a session with AWS: where it would be."""

    region_name = REGION


def _named(failure: Exception, resources: Mapping[str, Any]) -> dict[str, str]:
    """The resources that a refusal names."""
    found = {}
    for cause in getattr(failure, "causes", None) or [failure]:
        id = getattr(cause, "_logical_id", None)
        if isinstance(id, str) and id in resources:
            found[id] = " ".join(str(getattr(cause, "message", cause)).split())[:300]
    return found


def _type(resource: Any) -> str:
    return str(resource.get("Type", "")) if isinstance(resource, dict) else ""


def _connectors(template: dict[str, Any]) -> list[tuple[str, str, tuple[str, ...]]]:
    found = []

    def note(source: Any, about: Any) -> None:
        about = about if isinstance(about, dict) else {}
        wanted = about.get("Destination")
        for target in wanted if isinstance(wanted, list) else [wanted]:
            id = target.get("Id") if isinstance(target, dict) else None
            if isinstance(source, str) and isinstance(id, str):
                allowed = about.get("Permissions")
                found.append((source, id, tuple(allowed) if isinstance(allowed, list) else ()))

    for id, resource in (template.get("Resources") or {}).items():
        if not isinstance(resource, dict):
            continue
        properties = resource.get("Properties")
        if _type(resource) == "AWS::Serverless::Connector" and isinstance(properties, dict):
            source = properties.get("Source")
            note(source.get("Id") if isinstance(source, dict) else None, properties)
        embedded = resource.get("Connectors")
        for about in embedded.values() if isinstance(embedded, dict) else ():
            note(id, about.get("Properties") if isinstance(about, dict) else None)
    return found


def _fill_in(template: dict[str, Any], folder: Folder) -> None:
    """Places in S3 for what is beside the template, and definitions read from there."""
    shared = template.get("Globals")
    function = shared.get("Function") if isinstance(shared, dict) else None
    if isinstance(function, dict) and "CodeUri" in function:
        function["CodeUri"] = _S3
    for id, resource in template["Resources"].items():
        kind = _type(resource).removeprefix("AWS::Serverless::")
        if kind == _type(resource) or not isinstance(resource.get("Properties", {}), dict):
            continue
        properties = resource.setdefault("Properties", {})
        if kind == "Function":
            image = properties.get("PackageType") == "Image" or "ImageUri" in properties
            image = image or (isinstance(function, dict) and function.get("PackageType") == "Image")
            if image:
                properties.setdefault("ImageUri", f"{'0' * 12}.dkr.ecr.{REGION}.amazonaws.com/i")
                properties.pop("CodeUri", None)
            elif "InlineCode" not in properties:
                properties["CodeUri"] = _S3
        elif kind == "LayerVersion":
            properties["ContentUri"] = _S3
        elif kind in ("StateMachine", "Api", "HttpApi", "WebSocketApi"):
            _definition(id, kind, properties, folder)


def _definition(id: str, kind: str, properties: dict[str, Any], folder: Folder) -> None:
    body = "Definition" if kind == "StateMachine" else "DefinitionBody"
    place = properties.get("DefinitionUri")
    included = properties.get(body)
    if isinstance(included, dict) and isinstance(included.get("Fn::Transform"), dict):
        parameters = included["Fn::Transform"].get("Parameters")
        place = parameters.get("Location") if isinstance(parameters, dict) else None
        del properties[body]
    elif included is not None:
        properties.pop("DefinitionUri", None)
        return
    elif place is None:
        return
    properties.pop("DefinitionUri", None)
    read = folder.read(place, f"{id}, its definition") if isinstance(place, str) else None
    if isinstance(read, dict):
        properties[body] = read
    elif kind == "StateMachine":
        properties["DefinitionUri"] = _S3
    elif kind == "Api":
        properties[body] = {"swagger": "2.0", "info": {"version": "1.0"}, "paths": {}}
    elif kind == "HttpApi":
        properties[body] = {"openapi": "3.0.1", "info": {"version": "1.0"}, "paths": {}}
