"""A small catalogue for tests of the document, which knows no real service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.document import Document, Fault, Group, Link, Node, RequestClass, Scenario


@dataclass(frozen=True)
class Port:
    name: str
    direction: str
    modes: tuple[str, ...] = ("sync",)
    many: bool = True

    @property
    def title(self) -> str:
        return self.name.capitalize()


class FakeCatalogue:
    """Clients, a fleet with bounds, a queue that cannot be called by itself, and an alarm."""

    SERVICES: Mapping[str, tuple[str, Mapping[str, Any], tuple[Port, ...]]] = {
        "clients": ("Clients", {"rate_per_s": 100.0}, (Port("out", "out"),)),
        "fleet": (
            "Fleet",
            {"min_size": 1, "max_size": 4, "spot": False, "policies": []},
            (Port("in", "in"), Port("out", "out")),
        ),
        "queue": (
            "Queue",
            {"visibility_timeout_s": 30},
            (Port("in", "in"), Port("messages", "out", ("pull",)), Port("dead_letter", "out")),
        ),
        "alarm": ("Alarm", {"metric": None}, (Port("action", "out", ("control",)),)),
    }

    def __contains__(self, service: object) -> bool:
        return service in self.SERVICES

    def title(self, service: str) -> str:
        return self.SERVICES[service][0]

    def defaults(self, service: str) -> Mapping[str, Any]:
        return self.SERVICES[service][1]

    def ports(self, service: str) -> tuple[Port, ...]:
        return self.SERVICES[service][2]

    def link_defaults(
        self, source: str, out: str, target: str, into: str, mode: str | None = None
    ) -> Mapping[str, Any]:
        usual = "pull" if out == "messages" else "sync"
        batch = {"batch_size": 10} if (mode or usual) == "pull" else {}
        return {"mode": mode or usual, "share": 1.0, "calls": 1.0, **batch}

    def why_not(self, source: str, out: str, target: str, into: str) -> str | None:
        found = {(p.name, p.direction) for p in self.ports(source)}
        if (out, "out") not in found or (into, "in") not in {
            (p.name, p.direction) for p in self.ports(target)
        }:
            return "there is no such port"
        if source == "queue" and target == "queue" and out == "messages":
            return "a queue does not pull from a queue"
        return None

    def check_params(self, service: str, params: Mapping[str, Any]) -> list[tuple[str, str]]:
        size = params.get("max_size", 4)
        if service == "fleet" and not (isinstance(size, int) and 1 <= size <= 100):
            return [("max_size", "max_size is a whole number from 1 to 100")]
        return []

    def check_link_params(
        self, source: str, out: str, target: str, into: str, params: Mapping[str, Any]
    ) -> list[tuple[str, str]]:
        if params.get("share", 1) < 0:
            return [("share", "share is 0 or more")]
        return []

    def link_modes(self, source: str, out: str, target: str, into: str) -> tuple[str, ...]:
        return ("pull",) if out == "messages" else ("sync",)

    def metrics(self, service: str) -> tuple[str, ...]:
        return ()

    def faults(self, service: str) -> tuple[str, ...]:
        return {"fleet": ("error_rate", "zone_outage"), "queue": ("error_rate",)}.get(service, ())


CATALOGUE = FakeCatalogue()


def shop(catalogue: FakeCatalogue | None = CATALOGUE) -> Document:
    """Clients call a fleet, the fleet sends to a queue, workers pull from it; an alarm watches."""
    watch = {"metric": {"node": "queue", "metric": "backlog", "statistic": "max", "period_s": 60}}
    return Document(
        name="Web shop ☕",
        notes="Two\nlines",
        nodes=[
            Node("clients", "clients", x=40, y=120),
            Node("web", "fleet", "Web fleet", 320, 120.5, {"max_size": 12}),
            Node("queue", "queue", "Orders", 600, 120),
            Node("workers", "fleet", "", 880, 120, {"newer_parameter": [1, 1.0, True, None]}),
            Node("alarm", "alarm", "", 600, 320, watch),
        ],
        links=[
            Link("clients", "web", "out", "in"),
            Link("web", "queue", "out", "in", {"calls": 0.5}),
            Link("queue", "workers", "messages", "in", {"batch_size": 5}),
        ],
        groups=[
            Group("az-a", "availability_zone", "us-east-1a", ("web", "workers")),
            Group("vpc", "vpc", "", ("az-a", "queue")),
        ],
        scenario=Scenario(
            load=2,
            seed=7,
            classes=(RequestClass("browse", 9), RequestClass("buy", 1.0, write_fraction=0.9)),
            faults=(Fault("zone_outage", "az-a", 3600, 5400.0),),
        ),
        view={"zoom": 1.25},
        source={"Resources": {"Left": {"Type": "AWS::Foo"}}},
        catalogue=catalogue,
    )
