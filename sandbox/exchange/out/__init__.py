"""Ways out of a diagram: a format is one module here with a `FORMAT`, named in the list below."""

from __future__ import annotations

from sandbox.document import Catalogue, Document
from sandbox.exchange.errors import ExportError

from . import cloudformation
from .shape import Exported, ExportReport, Format

__all__ = ["FORMATS", "ExportReport", "Exported", "Format", "export", "export_with_report"]

_ALL: tuple[Format, ...] = (*cloudformation.FORMATS,)

FORMATS: dict[str, Format] = {format.id: format for format in _ALL}


def export(document: Document, catalogue: Catalogue, to: str) -> bytes:
    """The diagram in one of `FORMATS`. Raises ExportError for a format that is not known."""
    return export_with_report(document, catalogue, to).data


def export_with_report(document: Document, catalogue: Catalogue, to: str) -> Exported:
    """The same with a report of what the format holds of each node and link."""
    if to not in FORMATS:
        raise ExportError(f"there is no format {to!r} to export to; there are {', '.join(FORMATS)}")
    return FORMATS[to].write(document, catalogue)
