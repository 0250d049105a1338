"""Target groups: what a balancer's link says of the targets at its other end, by type and era.

AWS keeps health checks, slow start, stickiness and the deregistration delay on the target group, so
they are parameters of the link; a target asks here what holds for it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from pydantic import model_validator

from sandbox.services.contract import Setup
from sandbox.services.params import Parameters, param

GROUPS = "Application Load Balancers user guide: Target groups for your load balancers"
LISTENERS = "Application Load Balancers user guide: Listener rules"
CHECKS = "Elastic Load Balancing user guides: Health checks for your target groups"
STICKY = "Application Load Balancers user guide: Sticky sessions for your Application Load Balancer"

DEREGISTRATION_DELAY_S = 300  # Elastic Load Balancing API: TargetGroupAttribute
LEAST_SLOW_START_S = 30  # Elastic Load Balancing API: TargetGroupAttribute
CHECK_INTERVAL_S = 30  # Elastic Load Balancing API: CreateTargetGroup
LAMBDA_INTERVAL_S = 35  # Elastic Load Balancing API: CreateTargetGroup, Lambda targets
APPLICATION_TIMEOUT_S = 5  # ALB user guide: Health checks (the API's text has 6)
NETWORK_TIMEOUT_S = 10  # NLB user guide: Health checks, TCP and HTTPS
CLASSIC_TIMEOUT_S = 5  # CLB user guide: Configure health checks
APPLICATION_HEALTHY = 5  # ALB user guide: Health checks
NETWORK_HEALTHY = 5  # NLB user guide: Health checks
NETWORK_2020_THRESHOLD = 3  # NLB user guide of 2020: Health checks, the same either way
CLASSIC_HEALTHY = 10  # CLB user guide: Configure health checks
UNHEALTHY = 2  # ELB user guides: Health checks
FIRST_PASSES = 1  # ALB user guide: Health checks, of a newly registered target
SURGE_QUEUE = 1024  # CLB user guide: CloudWatch metrics, SurgeQueueLength
STAGES = 10  # the highest threshold there is


class TargetGroup(Parameters):
    """What a balancer's link says: which requests go there, and how its targets are looked at."""

    path_pattern: str = param(
        "",
        "Paths that go this way, such as /images/*: * is any text, ? any character, and case "
        "counts. Without a path or host it is the default rule. Application only.",
        source=LISTENERS,
        confidence="H",
        basic=True,
    )
    host_header: str = param(
        "",
        "Hosts that go this way, such as *.example.com; case does not count. A request's host is "
        "the attribute 'host' of its class. Application only.",
        source=LISTENERS,
        confidence="H",
    )
    priority: int = param(
        1,
        "The matching rule with the lowest number takes the request; targets of the same rule "
        "divide it by share.",
        ge=1,
        le=50_000,
        source=LISTENERS,
        confidence="H",
        basic=True,
    )
    target_group: str = param(
        "",
        "Targets of the same name are one group: what goes there is divided by their healthy "
        "hosts and, without cross-zone balancing, by zone first. Empty is a group of its own.",
        source=GROUPS,
        confidence="H",
    )
    deregistration_delay_s: int | None = param(
        None,
        "For so long at most a target that leaves works off what it holds; the rest is cut off. "
        "Empty is 300 s, or what the target itself says.",
        unit="s",
        ge=0,
        le=3600,
        source=GROUPS,
        confidence="H",
        basic=True,
    )
    slow_start_s: int = param(
        0,
        "Time in which a new target's share of requests grows from none to a full one: 30 to "
        "900 s, 0 is at once. Application with round robin only.",
        unit="s",
        ge=0,
        le=900,
        source=GROUPS,
        confidence="H",
    )
    sticky_session_s: float = param(
        0.0,
        "Sticky sessions: mean time that a client stays with its target; new targets get new "
        "clients only. 0 is without.",
        unit="s",
        ge=0,
        le=604_800,
        source=STICKY,
        confidence="H",
    )
    health_check_interval_s: int | None = param(
        None,
        "How often the balancer looks at a target. Empty is 30 s, of a function 35 s, or what the "
        "target itself says.",
        unit="s",
        ge=5,
        le=300,
        source=CHECKS,
        confidence="H",
        group="Health check",
    )
    health_check_timeout_s: int | None = param(
        None,
        "A look that is not answered for so long has failed. Empty is 5 s, for a network "
        "balancer 10 s.",
        unit="s",
        ge=2,
        le=120,
        source=CHECKS,
        confidence="H",
        group="Health check",
    )
    healthy_threshold_count: int | None = param(
        None,
        "Looks to pass in a row until an unhealthy target gets requests again; one is enough for "
        "a new target of an application balancer. Empty is 5, for classic 10, for network in "
        "2020 3.",
        ge=2,
        le=STAGES,
        source=CHECKS,
        confidence="H",
        group="Health check",
    )
    unhealthy_threshold_count: int | None = param(
        None,
        "Looks to fail in a row until a target gets no more requests. Empty is 2, for network in "
        "2020 3, or what the target itself says.",
        ge=2,
        le=STAGES,
        source=CHECKS,
        confidence="H",
        group="Health check",
    )

    @model_validator(mode="after")
    def _ramps(self) -> TargetGroup:
        if 0 < self.slow_start_s < LEAST_SLOW_START_S:
            raise ValueError(
                f"slow_start_s must be 0 or {LEAST_SLOW_START_S} to 900, it is {self.slow_start_s}"
            )
        return self


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for the targets at a balancer's link; ``first`` are the looks that a new one has
    to pass, ``fails_open`` whether all get requests when none is healthy."""

    kind: str
    interval_s: float
    timeout_s: float
    first: int
    healthy: int
    unhealthy: int
    delay_s: float
    slow_start_s: float
    sticky_s: float
    fails_open: bool


def rules(setup: Setup, own: Any = None) -> Rules | None:
    """The rules of the balancer in front of a node: of the first by its id; None without one.

    ``own`` are the target's own parameters, which hold where the link says nothing and they differ
    from their defaults: older files have there what is the target group's.
    """
    link = next((x for x in setup.ins if x.service == "elb" and x.mode == "sync"), None)
    if link is None:
        return None
    kind = getattr(link.given, "type", "application")
    old = setup.era == "2020"

    def said(name: str, usual: float) -> float:
        if link.params.get(name) is not None:
            return float(link.params[name])
        fields = type(own).model_fields if own is not None else {}
        if name in fields and getattr(own, name) != fields[name].default:
            return float(getattr(own, name))
        return float(usual)

    network_2020 = kind == "network" and old
    timeout_s = {"network": NETWORK_TIMEOUT_S, "classic": CLASSIC_TIMEOUT_S}
    healthy = {"network": NETWORK_HEALTHY, "classic": CLASSIC_HEALTHY}.get(
        kind, APPLICATION_HEALTHY
    )
    passes = said("healthy_threshold_count", NETWORK_2020_THRESHOLD if network_2020 else healthy)
    fails = said("unhealthy_threshold_count", UNHEALTHY)
    interval_s = said("health_check_interval_s", CHECK_INTERVAL_S)
    if network_2020:  # every 10 or 30 s, and as many either way
        fails, interval_s = passes, 10.0 if interval_s < CHECK_INTERVAL_S else 30.0
    in_turn = kind == "application" and getattr(link.given, "algorithm", "") == "round_robin"
    return Rules(
        kind=kind,
        interval_s=interval_s,
        timeout_s=said("health_check_timeout_s", timeout_s.get(kind, APPLICATION_TIMEOUT_S)),
        first=FIRST_PASSES if kind == "application" else int(passes),
        healthy=int(passes),
        unhealthy=int(fails),
        delay_s=said("deregistration_delay_s", DEREGISTRATION_DELAY_S),
        slow_start_s=said("slow_start_s", 0.0) if in_turn else 0.0,
        sticky_s=said("sticky_session_s", 0.0),
        fails_open=kind != "classic",
    )


class Looked:
    """What ``prepare`` derives for a target, to stand among its own derived fields."""

    behind_elb: bool
    look_every_s: float
    look_timeout_s: float
    looks_first: int
    looks_healthy: int
    looks_unhealthy: int
    drain_s: float
    slow_start_s: float
    sticky_s: float
    fails_open: bool


def write(record: Any, found: Rules | None, delay_s: float = 0.0) -> None:
    """Write the rules into a target's record; without a balancer, its own delay for draining."""
    record["behind_elb"] = found is not None
    record["look_every_s"] = found.interval_s if found else CHECK_INTERVAL_S
    record["look_timeout_s"] = found.timeout_s if found else math.inf
    record["looks_first"] = found.first if found else 0
    record["looks_healthy"] = found.healthy if found else 1
    record["looks_unhealthy"] = found.unhealthy if found else STAGES
    record["drain_s"] = found.delay_s if found else delay_s
    record["slow_start_s"] = found.slow_start_s if found else 0.0
    record["sticky_s"] = found.sticky_s if found else 0.0
    record["fails_open"] = found is None or found.fails_open
