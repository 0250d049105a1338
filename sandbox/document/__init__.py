"""The document: a graph of frozen records, the edits that change it, and its file."""

from .catalogue import Catalogue
from .changes import Change, Edit, EditError
from .document import Document
from .records import Annotation, Fault, Group, Link, LinkId, Node, RequestClass, Scenario

__all__ = [
    "Annotation",
    "Catalogue",
    "Change",
    "Document",
    "Edit",
    "EditError",
    "Fault",
    "Group",
    "Link",
    "LinkId",
    "Node",
    "RequestClass",
    "Scenario",
]
