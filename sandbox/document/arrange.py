"""Putting what is selected in line, or at even distances: verbs that return an edit."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Literal

from .changes import Edit
from .document import Document
from .edits import move

Box = tuple[float, float, float, float]
"""x, y, width and height; the document itself knows no sizes."""
Line = Literal["left", "centre", "right", "top", "middle", "bottom"]
Axis = Literal["horizontal", "vertical"]

_TOWARDS = {"left": 0.0, "centre": 0.5, "right": 1.0, "top": 0.0, "middle": 0.5, "bottom": 1.0}


def align(doc: Document, boxes: Mapping[str, Box], line: Line) -> Edit:
    """The boxes with the same edge or middle: the outermost edge, or the middle of them all."""
    axis = 0 if line in ("left", "centre", "right") else 1
    part = _TOWARDS[line]
    begin = min(box[axis] for box in boxes.values())
    end = max(box[axis] + box[axis + 2] for box in boxes.values())
    to = begin + part * (end - begin)
    starts = {id: to - part * box[axis + 2] for id, box in boxes.items()}
    return Edit(f"Align {line}", move(doc, _moved(boxes, starts, axis)).changes)


def distribute(doc: Document, boxes: Mapping[str, Box], axis: Axis) -> Edit:
    """The boxes with even gaps between them; the first and the last stay.

    Boxes that overlap, because there is no room for gaps, get their middles at even distances.
    """
    at = 0 if axis == "horizontal" else 1
    order = sorted(boxes, key=lambda id: (boxes[id][at] + boxes[id][at + 2] / 2, id))
    if len(order) < 3:
        return Edit("Distribute")
    first, last = boxes[order[0]], boxes[order[-1]]
    span = last[at] + last[at + 2] - first[at]
    gap = (span - sum(box[at + 2] for box in boxes.values())) / (len(order) - 1)
    starts = {order[0]: first[at], order[-1]: last[at]}
    if gap >= 0:
        for before, id in pairwise(order[:-1]):
            starts[id] = starts[before] + boxes[before][at + 2] + gap
    else:
        begin, end = first[at] + first[at + 2] / 2, last[at] + last[at + 2] / 2
        for number, id in enumerate(order[1:-1], start=1):
            middle = begin + (end - begin) * number / (len(order) - 1)
            starts[id] = middle - boxes[id][at + 2] / 2
    way = "across" if axis == "horizontal" else "downward"
    return Edit(f"Distribute {way}", move(doc, _moved(boxes, starts, at)).changes)


def _moved(
    boxes: Mapping[str, Box], starts: Mapping[str, float], axis: int
) -> dict[str, tuple[float, float]]:
    if axis == 0:
        return {id: (starts[id], boxes[id][1]) for id in boxes}
    return {id: (boxes[id][0], starts[id]) for id in boxes}
