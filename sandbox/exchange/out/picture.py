"""SVG, PNG and PDF: the whole diagram as the canvas draws it, light unless dark is asked for."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

from platformdirs import user_data_path

from sandbox.document import Catalogue as Asked
from sandbox.document import Document
from sandbox.document.file import dump
from sandbox.exchange.errors import ExportError

from .offscreen import draw
from .shape import Exported, Format, Options, whole

if TYPE_CHECKING:
    from sandbox.services.registry import Catalogue


def picture(document: Document, catalogue: Asked, kind: str, options: Options) -> Exported:
    """`kind` is svg, png or pdf. Raises ExportError."""
    if not document.nodes and not document.annotations:
        raise ExportError("there is nothing to draw: the diagram is empty; place a service first")
    with tempfile.TemporaryDirectory(prefix="sandbox-picture-") as folder:
        source, target = Path(folder) / "diagram.json", Path(folder) / f"picture.{kind}"
        source.write_bytes(dump(document, catalogue))
        folders = os.pathsep.join(_folders(cast("Catalogue", catalogue)))
        told = draw(
            "sandbox.gui.paper",
            [str(source), str(target), options.theme],
            {"SANDBOX_SERVICES": folders},
            options.cancelled,
        )
        report = whole(document, kind)
        report.notes += ["parameters and the scenario are not in a picture", *told.splitlines()]
        return Exported(target.read_bytes(), report)


def _folders(catalogue: Catalogue) -> Iterator[str]:
    """Where a person's own services come from, but those that are found anyway."""
    usual = (user_data_path("architecture-sandbox", appauthor=False) / "services").resolve()
    found = set()
    for service in catalogue.values():
        file = getattr(sys.modules.get(service.module), "__file__", None)
        if file is not None and not service.module.startswith("sandbox.services."):
            found.add(Path(file).resolve().parent)
    yield from (str(folder) for folder in sorted(found - {usual}))


def _format(kind: str, title: str, binary: bool) -> Format:
    def write(document: Document, catalogue: Asked) -> Exported:
        return picture(document, catalogue, kind, Options())

    def write_as(document: Document, catalogue: Asked, options: Options) -> Exported:
        return picture(document, catalogue, kind, options)

    return Format(kind, title, f".{kind}", write, binary, ("theme",), write_as)


FORMATS = (
    _format("svg", "SVG picture", False),
    _format("png", "PNG picture", True),
    _format("pdf", "PDF page", True),
)
