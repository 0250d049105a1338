"""What the canvas needs to know of a service to draw it, read from the catalogue it is handed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF

from sandbox.document import Document
from sandbox.gui.canvas.geometry import Direction, card_height, port_place
from sandbox.gui.catalogue import Services


@dataclass(frozen=True, slots=True)
class Face:
    """How nodes of a service look. Ports are names in the order they are drawn."""

    service: str
    title: str
    category: str
    known: bool
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    titles: tuple[tuple[str, str], ...]

    @property
    def height(self) -> float:
        return card_height(len(self.inputs), len(self.outputs))

    def names(self, direction: Direction) -> tuple[str, ...]:
        return self.inputs if direction == "in" else self.outputs

    def place(self, direction: Direction, name: str) -> QPointF:
        names = self.names(direction)
        return port_place(direction, names.index(name), len(names), self.height)

    def port_title(self, name: str) -> str:
        return dict(self.titles).get(name, name)


def category_of(catalogue: Services, service: str) -> str:
    return catalogue[service].category if service in catalogue else "unknown"


def face_of(
    catalogue: Services, service: str, used_in: Iterable[str], used_out: Iterable[str]
) -> Face:
    """The face of one node: its service's ports, and those its links use that the service lacks.

    So a link of a newer version, or of a service that is not installed here, is still drawn.
    """
    known = service in catalogue
    ports = list(catalogue.ports(service)) if known else []
    inputs = [port.name for port in ports if port.direction == "in"]
    outputs = [port.name for port in ports if port.direction == "out"]
    inputs += sorted(set(used_in) - set(inputs))
    outputs += sorted(set(used_out) - set(outputs))
    return Face(
        service,
        catalogue.title(service) if known else service,
        category_of(catalogue, service),
        known,
        tuple(inputs),
        tuple(outputs),
        tuple((port.name, port.title) for port in ports),
    )


def node_face(catalogue: Services, document: Document, node_id: str) -> Face:
    graph = document.graph
    used_in = [data["record"].target_port for *_, data in graph.in_edges(node_id, data=True)]
    used_out = [data["record"].source_port for *_, data in graph.out_edges(node_id, data=True)]
    return face_of(catalogue, document.nodes[node_id].service, used_in, used_out)
