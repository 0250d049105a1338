"""The CloudFormation that an import made of its template, from the source kept with a diagram."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from .bring import kind_of
from .errors import TemplateError
from .families.workflow import template_of
from .folder import Folder
from .marks import readable
from .reading import read_text
from .template import load

TITLES: Mapping[str, str] = {
    "sam": "SAM",
    "cloudformation": "CloudFormation",
    "asl": "Step Functions definition",
}


@dataclass(frozen=True)
class Expanded:
    """A template as it was written, as CloudFormation, and the resources of the latter in order."""

    file: str
    kind: str
    source: str
    cloudformation: str
    resources: tuple[str, ...]


def has_template(source: Any) -> bool:
    """Whether a document came from a template whose text is kept with it."""
    return isinstance(source, Mapping) and isinstance(source.get("text"), str)


def expanded(source: Mapping[str, Any]) -> Expanded:
    """In the notation of the source, YAML or JSON. Raises TemplateError, as the import would."""
    if not has_template(source):
        raise TemplateError("this diagram did not come from a template; import one")
    text, file = str(source["text"]), str(source.get("file") or "template.yaml")
    value = read_text(text.encode(), file).value
    name = file.split(".")[0] or file
    kind = kind_of(value, file)
    template = template_of(value, name) if kind == "asl" else value
    stack = load(template, _Kept(Path(), kept=dict(source.get("files") or {})), name)
    if kind != "asl":
        kind = "sam" if stack.sam else "cloudformation"
    plain = readable(stack.expanded)
    as_json = text.lstrip()[:1] == "{"
    written = json.dumps(plain, indent=2, ensure_ascii=False) if as_json else _yaml(plain)
    return Expanded(file, kind, text, written, tuple(stack.expanded.get("Resources", {})))


def line_of(text: str, resource: str) -> int | None:
    """The line, from 1, on which a resource begins in YAML or JSON; None where it is not."""
    for number, line in enumerate(text.splitlines(), 1):
        begin = line.strip()
        if line[:1].isspace() and begin.startswith((f"{resource}:", f'"{resource}":')):
            return number
    return None


class _Kept(Folder):
    """The files that were read at the import; the disk is not looked at."""

    def __init__(self, path: Path, kept: Mapping[str, str]) -> None:
        super().__init__(path)
        self._kept = kept

    def read(self, place: str, what: str) -> Any:
        name = place.removeprefix("./")
        if name not in self._kept:
            self.notes.append(f"{what}: {place} was not at hand")
            return None
        self.files[name] = self._kept[name]
        return read_text(self._kept[name].encode(), name).value


def _yaml(value: Any) -> str:
    out = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.width = 100
    yaml.dump(value, out)
    return out.getvalue()
