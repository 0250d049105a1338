"""The parameters of a load balancer, and the pages that they are taken from."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from sandbox.services import _elb_units as units
from sandbox.services._target_group import GROUPS
from sandbox.services.params import Parameters, param

ATTRIBUTES = "Elastic Load Balancing API: LoadBalancerAttribute"
ADVICE = "Best Practices in Evaluating Elastic Load Balancing (AWS, 2012)"
RESERVED = "Elastic Load Balancing user guides: Capacity reservations for your load balancer"
PORTS = "Network Load Balancers user guide: Troubleshoot your Network Load Balancer"
CROSS_ZONE = "Elastic Load Balancing user guide: How Elastic Load Balancing works"

MOST_IDLE_S = 4000  # Elastic Load Balancing API: LoadBalancerAttribute


class Params(Parameters):
    type: Literal["application", "network", "classic"] = param(
        "application",
        "The kind of balancer: application works on requests (layer 7), network on flows (layer "
        "4), classic is the old one of both.",
        source=CROSS_ZONE,
        confidence="H",
        basic=True,
    )
    algorithm: Literal["round_robin", "least_outstanding_requests", "weighted_random"] = param(
        "round_robin",
        "How an application balancer deals requests out to the targets of a group: in turn, each "
        "to the target with the fewest requests under way, or at random (not in 2020). A network "
        "balancer hashes each flow; classic sends HTTP to the fewest under way and TCP in turn.",
        source=GROUPS,
        confidence="H",
        basic=True,
    )
    listener: Literal["http", "tcp", "tls", "udp"] = param(
        "http",
        "What it listens to: http or tcp (network takes http for tcp). Decides how classic deals "
        "out, and what a network balancer's capacity unit holds.",
        source=units.PRICING,
        confidence="M",
    )
    cross_zone: Literal["default", "on", "off"] = param(
        "default",
        "Whether requests go to targets in all zones alike, or first to each zone alike, however "
        "few targets it has. By default on for application, off for network and classic. Zones "
        "are the groups that targets of one target_group stand in.",
        source=CROSS_ZONE,
        confidence="H",
    )
    idle_timeout_s: int | None = param(
        None,
        "A request that is not answered for so long ends as a 504. Empty is 60 s; network 350 s, "
        "which was fixed in 2020.",
        unit="s",
        ge=1,
        le=6000,
        source=ATTRIBUTES,
        confidence="H",
    )
    preserve_client_ip: bool = param(
        True,
        "Network: whether targets see the client's address. Where they do not, a target takes "
        "55,000 new connections a minute at most.",
        source=PORTS,
        confidence="H",
    )
    latency_ms: float | None = param(
        None,
        "Time that the balancer itself adds to a request; empty is 1 ms, for network 0.1.",
        unit="ms",
        ge=0,
        le=1000,
    )
    response_kb: float = param(
        8.0, "Mean size of an answer, for the processed bytes.", unit="KB", ge=0, le=1e6
    )
    requests_per_connection: float = param(
        10.0, "Requests that a client sends over one connection.", ge=1, le=1e6
    )
    connection_s: float = param(
        60.0, "How long a client's connection stays open.", unit="s", ge=0, le=604_800
    )
    growth_percent: float | None = param(
        None,
        "By how much its own capacity grows in five minutes at most; what is beyond it is refused. "
        "Empty is 50 % for classic, and no limit for the others, of which AWS publishes none.",
        unit="%",
        ge=0,
        le=10_000,
        source=ADVICE,
        confidence="M",
        group="Its own scaling",
    )
    base_lcus: float = param(
        100.0,
        "Capacity units that it can always take, where its growth is limited.",
        ge=0,
        le=1e6,
        group="Its own scaling",
    )
    reserved_lcus: float = param(
        0.0,
        "Capacity units that are reserved, and paid for, beforehand (pre-warming). Application and "
        "network, not in 2020.",
        ge=0,
        le=1e6,
        source=RESERVED,
        confidence="H",
        group="Its own scaling",
    )

    @model_validator(mode="after")
    def _fits(self) -> Params:
        fitting = {"application": ("http",), "classic": ("http", "tcp", "tls")}
        if self.listener not in fitting.get(self.type, (self.listener,)):
            raise ValueError(
                f"a balancer of type {self.type} listens to {' or '.join(fitting[self.type])}, "
                f"not to {self.listener}"
            )
        if self.type != "network" and (self.idle_timeout_s or 0) > MOST_IDLE_S:
            raise ValueError(f"idle_timeout_s is at most {MOST_IDLE_S} for type {self.type}")
        return self
