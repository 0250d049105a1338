"""Parts of a template that stand in files of their own: AWS::Include among its sections.

AWS CloudFormation User Guide: AWS::Include transform. Inside of properties the resolver does it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .folder import Folder

_KEY = "Fn::Transform"


def included(
    template: dict[str, Any], folder: Folder, name: str, resolve: Callable[[Any], Any]
) -> dict[str, Any]:
    """The template with what it includes at its top and in its sections."""
    whole = _section(template, folder, name, resolve)
    return {
        key: _section(part, folder, name, resolve) if isinstance(part, dict) else part
        for key, part in whole.items()
    }


def _section(
    part: dict[str, Any], folder: Folder, name: str, resolve: Callable[[Any], Any]
) -> dict[str, Any]:
    if _KEY not in part:
        return part
    found = {key: value for key, value in part.items() if key != _KEY}
    wanted = part[_KEY]
    for about in wanted if isinstance(wanted, list) else [wanted]:
        if not isinstance(about, dict) or about.get("Name") != "AWS::Include":
            continue
        parameters = about.get("Parameters")
        place = resolve(parameters.get("Location")) if isinstance(parameters, dict) else None
        text = folder.read(place, name) if isinstance(place, str) else None
        if isinstance(text, dict):
            found = {**text, **found}
    return found
