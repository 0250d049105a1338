"""Import: a template's file becomes a document and a report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.document import Catalogue, Document
from sandbox.document.edits import set_attribute
from sandbox.document.errors import FileError
from sandbox.document.file import dump, loads

from .draw import draw
from .errors import TemplateError
from .families.workflow import template_of
from .folder import Files, Folder, Given
from .plan import plan
from .reading import Text, read_file, read_text
from .remainder import KEY, restored, unpacked
from .report import Report
from .template import load


@dataclass(frozen=True)
class Imported:
    """A diagram of a template, what became of each resource, and its CloudFormation."""

    document: Document
    report: Report
    expanded: Mapping[str, Any]


def import_template(path: str | Path, catalogue: Catalogue) -> Imported:
    """Read SAM, CloudFormation or a Step Functions definition, YAML or JSON.

    Files that it names are read if they stand in its folder; nothing is fetched and nothing run.
    Raises TemplateError, one line with what, where and what to do.
    """
    path = Path(path)
    return _imported(read_file(path), path.name, Folder(path.absolute().parent), catalogue)


def import_text(
    text: str, name: str, catalogue: Catalogue, files: Files | None = None, *, bare: bool = False
) -> Imported:
    """The same of a text; `files` are the only ones at hand, by relative name. A `bare` import
    takes no notice of what an export kept in the Metadata."""
    return _imported(read_text(text.encode(), name), name, Given(files or {}), catalogue, bare)


def _imported(
    found: Text, file: str, folder: Folder, catalogue: Catalogue, bare: bool = False
) -> Imported:
    kind = kind_of(found.value, file)
    name = file.split(".")[0] or file
    template = template_of(found.value, name) if kind == "asl" else found.value
    stack = load(template, folder, name)
    if kind != "asl":
        kind = "sam" if stack.sam else "cloudformation"
    work = plan(stack)
    report = Report(file, kind, notes=[*found.notes, *folder.notes, *stack.notes])
    report.notes = list(dict.fromkeys(report.notes))
    document = draw(work, catalogue, name, report)
    if not bare:
        document = _restored(document, found.value, catalogue, report)
    source = {
        "format": kind,
        "file": file,
        "text": found.text,
        "files": folder.files,
        "report": report.plain(),
    }
    document.apply(set_attribute(document, "source", source))
    return Imported(document, report, stack.expanded)


def _restored(document: Document, template: Any, catalogue: Catalogue, report: Report) -> Document:
    """With what an export kept beside the template, if there is any."""
    metadata = template.get("Metadata")
    kept = metadata.get(KEY) if isinstance(metadata, dict) else None
    if not isinstance(kept, dict):
        return document
    try:
        whole = restored(json.loads(dump(document, catalogue)), unpacked(kept))
        return loads(json.dumps(whole), f"Metadata of {report.template}", catalogue)
    except (FileError, TypeError, KeyError, ValueError, AttributeError) as failure:
        report.notes.append(f"what its Metadata says of the diagram is not understood: {failure}")
        return document


def kind_of(value: Any, name: str) -> str:
    """`template` or `asl`; anything else is refused with what it is taken for."""
    if isinstance(value, dict):
        if isinstance(value.get("Resources"), dict):
            return "template"
        if "StartAt" in value and "States" in value:
            return "asl"
        if "service" in value and ("provider" in value or "functions" in value):
            raise TemplateError(
                f"{name} is of the Serverless Framework, not SAM; "
                "package it and import the CloudFormation template it makes"
            )
        if value.get("format") == "architecture-sandbox" or "nodes" in value:
            raise TemplateError(f"{name} is a diagram already; open it")
        if "Resources" in value or "AWSTemplateFormatVersion" in value or "Transform" in value:
            raise TemplateError(f"{name} has no resources; give it a Resources section")
    raise TemplateError(
        f"{name} is neither a CloudFormation or SAM template (no Resources) nor a Step Functions "
        "definition (no StartAt and States); choose another file"
    )
