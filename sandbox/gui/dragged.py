"""What is dragged from one panel to another: a metric of a node."""

from __future__ import annotations

from PySide6.QtCore import QMimeData

METRIC_MIME = "application/x-architecture-sandbox-metric"


def metric_mime(node: str, metric: str) -> QMimeData:
    mime = QMimeData()
    mime.setData(METRIC_MIME, f"{node}\n{metric}".encode())
    mime.setText(f"{node}.{metric}")
    return mime


def metric_of(mime: QMimeData) -> tuple[str, str] | None:
    """The (node, metric) that is dragged, or None when it is something else."""
    if not mime.hasFormat(METRIC_MIME):
        return None
    node, _, metric = bytes(mime.data(METRIC_MIME).data()).decode().partition("\n")
    return node, metric
