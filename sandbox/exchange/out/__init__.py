"""Ways out of a diagram: a format is one module here with a `FORMAT`, named in the list below."""

from __future__ import annotations

from sandbox.document import Catalogue, Document
from sandbox.exchange.errors import ExportError

from . import cloudformation, graphml, markdown, mermaid, picture
from .shape import Exported, ExportReport, Format, Options

__all__ = [
    "FORMATS",
    "ExportReport",
    "Exported",
    "Format",
    "Options",
    "export",
    "export_with_report",
]

_ALL: tuple[Format, ...] = (
    *cloudformation.FORMATS,
    mermaid.FORMAT,
    graphml.FORMAT,
    *picture.FORMATS,
    markdown.FORMAT,
)

FORMATS: dict[str, Format] = {format.id: format for format in _ALL}


def export(document: Document, catalogue: Catalogue, to: str) -> bytes:
    """The diagram in one of `FORMATS`. Raises ExportError for a format that is not known."""
    return export_with_report(document, catalogue, to).data


def export_with_report(
    document: Document, catalogue: Catalogue, to: str, options: Options | None = None
) -> Exported:
    """The same with a report of what the format holds of each node and link."""
    if to not in FORMATS:
        raise ExportError(f"there is no format {to!r} to export to; there are {', '.join(FORMATS)}")
    format = FORMATS[to]
    if options is not None and format.write_as is not None:
        return format.write_as(document, catalogue, options)
    return format.write(document, catalogue)
