"""Small diagrams for tests: nodes and links in a line or two, brought to life."""

from __future__ import annotations

from typing import Any

from sandbox.document.document import Document
from sandbox.document.records import Link, Node, Scenario
from sandbox.engine import Run
from sandbox.services import catalogue


def diagram(
    nodes: dict[str, tuple[str, dict[str, Any]]], links: list[str], **scenario: Any
) -> Document:
    """``nodes`` is id -> (service, params); a link reads ``a.out > b.in`` or ``a.out > b.in {…}``
    with link parameters as a Python dict at its end."""
    found = []
    for text in links:
        ends, brace, rest = text.partition("{")
        begin, end = (part.strip() for part in ends.split(">"))
        source, source_port = begin.split(".")
        target, target_port = end.split(".")
        params = eval(brace + rest) if brace else {}
        found.append(Link(source, target, source_port, target_port, params))
    return Document(
        nodes=[Node(i, service, params=params) for i, (service, params) in nodes.items()],
        links=found,
        scenario=Scenario(**{"duration_s": 3600.0, **scenario}),
    )


def simulate(
    nodes: dict[str, tuple[str, dict[str, Any]]],
    links: list[str],
    *,
    seconds: float = 0.0,
    folders: tuple[str, ...] = (),
    every_s: float | None = None,
    **scenario: Any,
) -> Run:
    """A run of such a diagram, advanced by ``seconds``; its balance is checked on the way."""
    run = Run(diagram(nodes, links, **scenario), catalogue(*folders), every_s=every_s)
    go(run, seconds)
    return run


def go(run: Run, seconds: float) -> Run:
    run.advance(round(seconds / run.dt))
    assert run.balance_error < 1e-9, f"balance broken at {run.balance_node}: {run.balance_error}"
    return run
