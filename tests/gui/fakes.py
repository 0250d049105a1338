"""A small catalogue and small diagrams for tests of the window that need no engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.document import Document, Link, Node


@dataclass(frozen=True)
class FakePort:
    name: str
    direction: str
    title: str
    modes: tuple[str, ...] = ("sync",)
    many: bool = True


@dataclass(frozen=True)
class FakeService:
    title: str
    category: str
    summary: str
    ports: tuple[FakePort, ...]
    console: Mapping[str, Any] = field(default_factory=dict)


def _in(name: str = "in", title: str = "Requests", *modes: str) -> FakePort:
    return FakePort(name, "in", title, modes or ("sync", "async"))


def _out(name: str = "out", title: str = "Calls", *modes: str) -> FakePort:
    return FakePort(name, "out", title, modes or ("sync", "async"))


SERVICES: dict[str, FakeService] = {
    "clients": FakeService("Clients", "clients", "People who send requests", (_out(),)),
    "elb": FakeService(
        "Elastic Load Balancer",
        "networking",
        "Spreads requests over targets",
        (_in(), _out("targets", "Targets", "sync")),
    ),
    "auto_scaling_group": FakeService(
        "EC2 Auto Scaling group",
        "compute",
        "A fleet of instances",
        (_in(), _out()),
        {"health_check_grace_period_s": 300},
    ),
    "lambda_function": FakeService(
        "AWS Lambda function",
        "compute",
        "Runs code",
        (_in("in", "Invocations", "sync", "async", "pull"), _out()),
    ),
    "sqs": FakeService(
        "Amazon SQS queue",
        "integration",
        "Keeps messages until they are taken",
        (
            _in("in", "Send", "async"),
            _out("messages", "Messages", "pull"),
            _out("dead_letter", "Dead letters", "async"),
        ),
    ),
    "kinesis_stream": FakeService(
        "Amazon Kinesis data stream",
        "streaming",
        "Shards of ordered records",
        (_in("in", "Put records", "async"), _out("records", "Records", "pull")),
    ),
    "dynamodb": FakeService("Amazon DynamoDB table", "database", "Items by key", (_in(),)),
    "external": FakeService("External service", "external", "A third party", (_in(), _out())),
}


class FakeCatalogue:
    """Joins any output to any input that shares a mode with it."""

    def __contains__(self, service: object) -> bool:
        return service in SERVICES

    def __iter__(self):
        return iter(SERVICES)

    def __getitem__(self, service: str) -> FakeService:
        return SERVICES[service]

    def title(self, service: str) -> str:
        return SERVICES[service].title

    def ports(self, service: str) -> Sequence[FakePort]:
        return SERVICES[service].ports

    def defaults(self, service: str) -> Mapping[str, Any]:
        return {}

    def console_defaults(self, service: str) -> Mapping[str, Any]:
        return SERVICES[service].console

    def link_defaults(self, *ends: str | None, mode: str | None = None) -> Mapping[str, Any]:
        return {"mode": None}

    def metrics(self, service: str) -> tuple[str, ...]:
        return ()

    def link_modes(
        self, source: str, source_port: str, target: str, target_port: str
    ) -> tuple[str, ...]:
        begin, end = self._port(source, source_port), self._port(target, target_port)
        return tuple(mode for mode in begin.modes if mode in end.modes) if begin and end else ()

    def faults(self, service: str) -> tuple[str, ...]:
        return () if service == "clients" else ("error_rate", "zone_outage")

    def why_not(self, source: str, source_port: str, target: str, target_port: str) -> str | None:
        begin, end = self._port(source, source_port), self._port(target, target_port)
        if begin is None or end is None:
            return "There is no such port"
        if set(begin.modes) & set(end.modes):
            return None
        return f"{self.title(target)} does not take {begin.title.lower()}"

    def _port(self, service: str, name: str) -> FakePort | None:
        ports = SERVICES[service].ports if service in SERVICES else ()
        return next((port for port in ports if port.name == name), None)

    def check_params(self, service: str, params: Mapping[str, Any]) -> list[tuple[str, str]]:
        return []

    def check_link_params(self, *args: Any) -> list[tuple[str, str]]:
        return []


def web_shop(catalogue: FakeCatalogue | None = None) -> Document:
    """Clients, a load balancer, a fleet, and behind it a queue, a stream, a table and more."""
    nodes = [
        Node("clients", "clients", "Shoppers", 0, 140),
        Node("alb", "elb", "Front door", 280, 140),
        Node("web", "auto_scaling_group", "Web fleet", 560, 140),
        Node("orders", "sqs", "Orders", 860, 0),
        Node("worker", "lambda_function", "Order worker", 1160, 0),
        Node("clicks", "kinesis_stream", "Clicks", 860, 140),
        Node("table", "dynamodb", "Products", 860, 280),
        Node("bank", "external", "Bank", 1460, 0),
        Node("odd", "quantum_ledger", "Ledger", 1160, 280),
    ]
    links = [
        Link("clients", "alb", "out", "in"),
        Link("alb", "web", "targets", "in"),
        Link("web", "orders", "out", "in"),
        Link("web", "clicks", "out", "in"),
        Link("web", "table", "out", "in"),
        Link("orders", "worker", "messages", "in"),
        Link("worker", "bank", "out", "in"),
        Link("table", "odd", "changes", "records"),
    ]
    return Document(
        name="Web shop", nodes=nodes, links=links, catalogue=catalogue or FakeCatalogue()
    )


def grid(count: int, catalogue: FakeCatalogue | None = None) -> Document:
    """`count` nodes in rows and one and a half times as many links, for measuring."""
    columns = max(int(count**0.5 * 1.2), 1)
    services = ["elb", "auto_scaling_group", "lambda_function", "external"]
    nodes = [
        Node(f"n{i}", services[i % 4], f"Node {i}", (i % columns) * 280, (i // columns) * 140)
        for i in range(count)
    ]
    links = []
    for i in range(count):
        out = "targets" if i % 4 == 0 else "out"
        if (i + 1) % columns and i + 1 < count:
            links.append(Link(f"n{i}", f"n{i + 1}", out, "in"))
        if i % 2 == 0 and i + columns < count:
            links.append(Link(f"n{i}", f"n{i + columns}", out, "in"))
    return Document(nodes=nodes, links=links, catalogue=catalogue or FakeCatalogue())
