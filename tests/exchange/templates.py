"""Templates written for these tests, and the way to import one from a text."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.document import Catalogue
from sandbox.exchange import Imported, import_template
from sandbox.services import catalogue


@cache
def known() -> Catalogue:
    return catalogue()


def bring(folder: Path, text: str | dict[str, Any], name: str = "template.yaml") -> Imported:
    """Import a text, or a mapping as JSON, from a file in a folder."""
    path = folder / (name if isinstance(text, str) else "template.json")
    path.write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
    return import_template(path, known())


def resources(**made: Any) -> dict[str, Any]:
    """A template of resources given as (type without AWS::, properties)."""
    return {
        "Resources": {
            id: {"Type": f"AWS::{kind}", "Properties": properties}
            for id, (kind, properties) in made.items()
        }
    }


def links_of(made: Imported) -> dict[tuple[str, str], str]:
    return {(link.source, link.target): link.certainty for link in made.report.links}


def entry_of(made: Imported, id: str) -> Any:
    return next(entry for entry in made.report.resources if entry.resource == id)
