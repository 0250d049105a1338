"""Where the states of a graph are drawn: boxes from top to bottom, states within states."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import networkx

from sandbox.document.layers import Bend, Layers, Vertex, layered
from sandbox.services.views import Drawing, Place, Way

START, END = "\0start", "\0end"
"""Where what goes through comes in and leaves; no state is called so."""
WIDTH, HEIGHT = 190.0, 46.0
PILL_WIDTH, PILL_HEIGHT = 54.0, 20.0
HEAD = 42.0  # of a state that holds others: its name and figures
PADDING = 12.0
APART, BELOW, BEND = 26.0, 34.0, 26.0  # gaps, and what a passing way takes up
LANE = 14.0  # between ways that lead back

Point = tuple[float, float]
Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Route:
    """The line of a way, from box to box; of those that lead back and of retries, a lane aside."""

    points: tuple[Point, ...]
    back: bool = False


@dataclass(slots=True)
class Picture:
    """Rectangles (x, y, width, height) by name, and the route of each way, in their order."""

    width: float = 0.0
    height: float = 0.0
    boxes: dict[str, Rect] = field(default_factory=dict)
    frames: list[Rect] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    ends: list[Route] = field(default_factory=list)


@dataclass(slots=True)
class _Part:
    """One level: its own coordinates, until it is put into the whole."""

    width: float
    height: float
    boxes: dict[str, Rect]
    frames: list[Rect]
    routes: dict[tuple[str, str], Route]

    def moved_into(self, other: _Part, dx: float, dy: float) -> None:
        for name, (x, y, w, h) in self.boxes.items():
            other.boxes[name] = (x + dx, y + dy, w, h)
        other.frames += [(x + dx, y + dy, w, h) for x, y, w, h in self.frames]
        for ends, route in self.routes.items():
            moved = tuple((x + dx, y + dy) for x, y in route.points)
            other.routes[ends] = Route(moved, route.back)


@lru_cache(maxsize=32)
def picture(drawing: Drawing) -> Picture:
    """The whole drawing laid out; the same for the same drawing."""
    inside: dict[tuple[str, int], list[Place]] = defaultdict(list)
    branches: dict[str, list[int]] = defaultdict(list)
    for place in drawing.places:
        key = (place.inside, place.branch)
        if key not in inside:
            branches[place.inside].append(place.branch)
        inside[key].append(place)
    ways = [way for way in drawing.ways if way.source != way.target]
    whole = _level(inside[("", 0)], ways, inside, branches, True)
    made = Picture(whole.width, whole.height, whole.boxes, whole.frames)
    seen: set[tuple[str, str]] = set()
    for way in drawing.ways:
        ends = (way.source, way.target)
        if way.source == way.target:
            made.routes.append(_loop(whole.boxes[way.source]))
        elif ends in seen:  # both when it went well and when it failed
            route = whole.routes[ends]
            made.routes.append(Route(tuple((x + 7.0, y) for x, y in route.points), route.back))
        else:
            made.routes.append(whole.routes[ends])
        seen.add(ends)
    made.ends = [r for (a, b), r in whole.routes.items() if a == START or b == END]
    return made


def _level(
    places: Sequence[Place],
    ways: Sequence[Way],
    inside: dict[tuple[str, int], list[Place]],
    branches: dict[str, list[int]],
    outermost: bool,
) -> _Part:
    """The states of one machine; at the outermost with marks of where it begins and ends."""
    sizes: dict[str, tuple[float, float]] = {}
    parts: dict[str, _Part] = {}
    for place in places:
        if place.name in branches:
            within = [inside[(place.name, k)] for k in branches[place.name]]
            parts[place.name] = _side_by_side(
                [_level(one, ways, inside, branches, False) for one in within]
            )
            part = parts[place.name]
            sizes[place.name] = (max(WIDTH, part.width), part.height)
        else:
            sizes[place.name] = (WIDTH, HEIGHT)
    flow = networkx.DiGraph()
    names = [place.name for place in places]
    if outermost:
        names = [START, *names, END]
        sizes[START] = sizes[END] = (PILL_WIDTH, PILL_HEIGHT)
        flow.add_node(START)
    flow.add_nodes_from(place.name for place in places)
    if outermost:
        flow.add_edges_from((START, place.name) for place in places if place.begins)
    flow.add_edges_from((w.source, w.target) for w in ways if {w.source, w.target} <= set(names))
    if outermost:
        flow.add_edges_from((place.name, END) for place in places if place.ends)
        if END not in flow:
            names.remove(END)

    def room(vertex: Vertex) -> float:
        return sizes[vertex][0] + APART if isinstance(vertex, str) else BEND

    made = layered(names, flow, room, {})
    return _placed(names, flow, sizes, parts, made)


def _side_by_side(branches: list[_Part]) -> _Part:
    """The branches of a state below its head, each in a frame."""
    whole = _Part(PADDING, 0.0, {}, [], {})
    for branch in branches:
        branch.moved_into(whole, whole.width + PADDING, HEAD + PADDING)
        width, height = branch.width + 2 * PADDING, branch.height + 2 * PADDING
        whole.frames.append((whole.width, HEAD, width, height))
        whole.width += width + PADDING
        whole.height = max(whole.height, HEAD + height + PADDING)
    whole.frames = [  # of one height, but for those further in
        (x, y, w, whole.height - HEAD - PADDING) if y == HEAD else (x, y, w, h)
        for x, y, w, h in whole.frames
    ]
    return whole


def _placed(
    names: Sequence[str],
    flow: networkx.DiGraph,
    sizes: dict[str, tuple[float, float]],
    parts: dict[str, _Part],
    made: Layers,
) -> _Part:
    count = max(made.layer[name] for name in names) + 1
    heights = [0.0] * count
    for name in names:
        heights[made.layer[name]] = max(heights[made.layer[name]], sizes[name][1])
    tops = [0.0]
    for height in heights:
        tops.append(tops[-1] + height + BELOW)
    left = min(made.across[name] - sizes[name][0] / 2 for name in names)
    left = min([left, *(x for v, x in made.across.items() if not isinstance(v, str))])
    whole = _Part(0.0, tops[-1] - BELOW, {}, [], {})
    for name in names:
        width, height = sizes[name]
        layer = made.layer[name]
        x = made.across[name] - width / 2 - left
        y = tops[layer] + (heights[layer] - height) / 2
        whole.boxes[name] = (x, y, width, height)
        if name in parts:
            spare = (width - parts[name].width) / 2
            parts[name].moved_into(whole, x + spare, y)
    bends: dict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
    for vertex, across in made.across.items():
        if not isinstance(vertex, str):
            bend: Bend = vertex  # type: ignore[assignment]
            bends[bend[:2]].append((bend[2], across - left))
    leaving = _ports(flow, made, bends, whole.boxes, out=True)
    coming = _ports(flow, made, bends, whole.boxes, out=False)
    right = max(x + w for x, _, w, _ in whole.boxes.values())
    lanes = 0
    for source, target in flow.edges:
        if (source, target) in made.back:
            lanes += 1
            lane = right + LANE * lanes
            whole.routes[(source, target)] = _round(whole.boxes[source], whole.boxes[target], lane)
            continue
        (x, y, _, h), (_, top, _, _) = whole.boxes[source], whole.boxes[target]
        points = [(leaving[(source, target)], y + h)]
        for layer, across in sorted(bends[(source, target)]):
            points += [(across, tops[layer]), (across, tops[layer] + heights[layer])]
        points.append((coming[(source, target)], top))
        whole.routes[(source, target)] = Route(tuple(points))
    far = [x for route in whole.routes.values() for x, _ in route.points]
    whole.width = max([right, *far]) + (LANE if lanes else 0.0)
    return whole


def _ports(
    flow: networkx.DiGraph,
    made: Layers,
    bends: dict[tuple[str, str], list[tuple[int, float]]],
    boxes: dict[str, Rect],
    out: bool,
) -> dict[tuple[str, str], float]:
    """Where along a box its ways begin or end: in the order of where they lead."""
    found: dict[tuple[str, str], float] = {}
    for name, (x, _, width, _) in boxes.items():
        if name not in flow:
            continue  # further in
        edges = flow.out_edges(name) if out else flow.in_edges(name)
        aim: list[tuple[float, tuple[str, str]]] = []
        for edge in edges:
            if edge in made.back:
                continue
            other = boxes[edge[1] if out else edge[0]]
            towards = other[0] + other[2] / 2
            if bends[edge]:
                towards = (min if out else max)(bends[edge])[1]
            aim.append((towards, edge))
        middle = x + width / 2
        step = min(20.0, (width - 24.0) / max(1, len(aim)))
        for k, (_, edge) in enumerate(sorted(aim)):
            found[edge] = middle + (k - (len(aim) - 1) / 2) * step
    return found


def _round(source: Rect, target: Rect, lane: float) -> Route:
    """Back up, on the right of all boxes."""
    (sx, sy, sw, sh), (tx, ty, tw, th) = source, target
    begin, end = (sx + sw, sy + sh * 0.7), (tx + tw, ty + th * 0.3)
    return Route((begin, (lane, begin[1]), (lane, end[1]), end), True)


def _loop(box: Rect) -> Route:
    """A retry: out of the box on its left, and in again."""
    x, y, _, h = box
    h = min(h, HEIGHT)
    low, high = y + 0.72 * h, y + 0.28 * h
    return Route(((x, low), (x - 11.0, low), (x - 11.0, high), (x, high)), True)
