"""Templates of others become diagrams: SAM, CloudFormation and Step Functions definitions.

`import_template(path, catalogue)` gives a document and a report that lists every resource and
every link with what became of it and why.
"""

from .bring import Imported, import_template
from .errors import TemplateError
from .report import Report

__all__ = ["Imported", "Report", "TemplateError", "import_template"]
