"""The connected parts of a diagram: where each is, and how they keep clear of each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, floor, sqrt

import networkx

GRID = 20
NODE_WIDTH, NODE_HEIGHT = 180, 84
COLUMN = 300
"""From one column to the next, in pixels: a node and a gap of 120."""
ROW = 180
"""From one node to the next below it: a node and a gap of 96."""

Places = dict[str, tuple[float, float]]
Block = tuple[float, float, float, float]
"""The top left corners of the outermost nodes of a part: left, top, right, bottom."""


def parts(flow: networkx.DiGraph, where: Places, number: dict[str, int]) -> list[list[str]]:
    """The connected parts from top to bottom, the nodes of each in their order in the file."""
    found = [
        sorted(part, key=number.__getitem__) for part in networkx.weakly_connected_components(flow)
    ]
    return sorted(found, key=lambda part: (*reversed(corner(part, where)), number[part[0]]))


def corner(part: Iterable[str], where: Places) -> tuple[float, float]:
    """The top left corner of a part, on the grid."""
    xs, ys = zip(*(where[id] for id in part), strict=True)
    return GRID * floor(min(xs) / GRID), GRID * floor(min(ys) / GRID)


def free(taken: Sequence[Block], left: float, top: float, width: float, height: float) -> float:
    """How far down a block has to go so that it lies over none of those placed already."""
    while True:
        under = [
            block[3]
            for block in taken
            if left < block[2] + COLUMN
            and block[0] < left + width + COLUMN
            and top < block[3] + ROW
            and block[1] < top + height + ROW
        ]
        if not under:
            return top
        top = max(under) + ROW


def loose(alone: Sequence[str], where: Places, taken: list[Block]) -> Places:
    """Nodes without links stay, on the grid, where nothing is in their way; the others stand in
    rows below everything."""
    places, crowded = {}, []
    for id in alone:
        x, y = corner([id], where)
        if free(taken, x, y, 0, 0) == y:
            places[id] = (x, y)
            taken.append((x, y, x, y))
        else:
            crowded.append(id)
    if crowded:
        across = max(4, ceil(sqrt(len(crowded))))
        left, _ = corner(where, where)
        top = max((block[3] for block in taken), default=-ROW) + ROW
        for at, id in enumerate(crowded):
            places[id] = (left + at % across * COLUMN, top + at // across * ROW)
    return places
