"""Templates of others become diagrams, and diagrams become templates and other files.

`import_template(path, catalogue)` gives a document and a report that lists every resource and
every link with what became of it and why; `export(document, catalogue, to)` the bytes of a file
in one of `FORMATS`, and `export_with_report` also what it holds of each node and link.
"""

from .bring import Imported, import_template
from .errors import ExportError, TemplateError
from .out import FORMATS, Exported, ExportReport, Format, Options, export, export_with_report
from .report import Report

__all__ = [
    "FORMATS",
    "ExportError",
    "ExportReport",
    "Exported",
    "Format",
    "Imported",
    "Options",
    "Report",
    "TemplateError",
    "export",
    "export_with_report",
    "import_template",
]
