"""Route 53: a name that leads to one of several places, by policy, health and TTL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from pydantic import model_validator

from sandbox.kernels.compiled import compiled
from sandbox.services import _route53_records as records
from sandbox.services import _why_route53 as why
from sandbox.services._cloudfront_prices import region_of
from sandbox.services._route53_notes import NOTES
from sandbox.services.contract import Cause, EventKind, Metric, Port, Service, Setup
from sandbox.services.params import Parameters, code, param

CHOICE = "Amazon Route 53 Developer Guide: Choosing a routing policy"
CHECKS = "Amazon Route 53 API: HealthCheckConfig"
ALIAS = "Amazon Route 53 Developer Guide: Choosing between alias and non-alias records"
PRICING = "https://aws.amazon.com/route53/pricing/"
HEALTHY = (
    "Amazon Route 53 Developer Guide: How Route 53 determines whether a health check is healthy"
)

INTERVAL_S = 30  # CHECKS: RequestInterval, 30 or 10
THRESHOLD = 3  # CHECKS: FailureThreshold, 1 to 10
ALIAS_TTL_S = 60.0  # ALIAS: fixed by the target; of a load balancer
ZONE_HOUR_USD = 0.50 / 730.0  # PRICING: a hosted zone, USD a month
QUERY_USD = {"latency": 0.60e-6, "geolocation": 0.70e-6}  # PRICING
STANDARD_QUERY_USD = 0.40e-6  # PRICING
CHECK_USD = {True: 0.50, False: 0.75}  # PRICING: a month, of an endpoint in AWS or elsewhere
FAST_USD = {True: 1.00, False: 2.00}  # PRICING: more for the fast interval
ALIASES = ("cloudfront", "elb", "api_gateway", "s3")
# assumption: ms from viewers to a Region and back, in the order of PLACES
PLACES = (
    *("north_america", "europe", "india", "japan", "australia", "southeast_asia"),
    *("south_america", "middle_east_africa"),
)
_MS = (
    (40, 90, 200, 160, 200, 220, 130, 160),
    (90, 30, 120, 230, 280, 170, 200, 90),
    (200, 120, 30, 130, 160, 60, 300, 80),
    (160, 230, 130, 15, 110, 70, 260, 200),
    (200, 280, 160, 110, 20, 95, 310, 220),
    (220, 170, 60, 70, 95, 20, 330, 130),
    (130, 200, 300, 260, 310, 330, 25, 280),
    (160, 90, 80, 200, 220, 130, 280, 40),
)
Place = Literal[
    "north_america", "europe", "india", "japan", "australia", "southeast_asia", "south_america",
    "middle_east_africa",
]  # fmt: skip


class Answer(Parameters):
    """A record: where it points, for whom, and whether it is checked. Its weight is the share."""

    health_check: bool = param(
        True,
        "Whether checkers look at it; an unhealthy record is not answered with. Simple records "
        "have none.",
        source=HEALTHY,
        confidence="H",
        basic=True,
    )
    place: Place = param(
        "north_america", "Latency: where its Region is.", source=CHOICE, confidence="M"
    )
    location: str = param(
        "*",
        "Geolocation: countries that get it, such as DE FR; * is the default record, for those "
        "that no other names.",
        source=CHOICE,
        confidence="M",
    )


class Params(Parameters):
    policy: Literal["simple", "weighted", "latency", "failover", "geolocation", "multivalue"] = (
        param(
            "simple",
            "Which records a resolver gets: simple all, weighted by share, latency the fastest "
            "Region, failover the first and its standby links if that is unhealthy, geolocation by "
            "country, multivalue all that are healthy.",
            source=CHOICE,
            confidence="M",
            basic=True,
        )
    )
    record: Literal["alias", "a", "cname"] = param(
        "a",
        "Alias points to an AWS resource, with the TTL of that (60 s), and costs no queries; a is "
        "an address, cname another name.",
        source=ALIAS,
        confidence="H",
        basic=True,
    )
    zone_apex: bool = param(
        False,
        "Whether the name is that of the zone itself, such as example.com; no CNAME may be there.",
        source=ALIAS,
        confidence="H",
    )
    ttl_s: float = param(
        300.0, "How long resolvers keep an answer.",
        unit="s", ge=0, le=2_147_483_647, basic=True, source=why.TTL, confidence="M",
    )  # fmt: skip
    health_check_interval_s: Literal[30, 10] = param(
        INTERVAL_S,
        "How often each of some 15 checkers looks; 10 is the fast one, at a price.",
        unit="s",
        source=CHECKS,
        confidence="H",
        basic=True,
        record=False,
    )
    failure_threshold: int = param(
        THRESHOLD,
        "Looks in a row that must fail, or pass, until a checker changes its mind.",
        ge=1,
        le=10,
        source=CHECKS,
        confidence="H",
    )
    resolvers: int = param(
        1000, "Resolvers that users ask, each with a copy of its own.",
        ge=1, le=10_000_000, group="Workload",
    )  # fmt: skip
    lookup_ms: float = param(
        20.0, "Time that a query takes where no copy is kept.",
        unit="ms", ge=0, le=10_000, group="Workload",
    )  # fmt: skip
    viewers: Place = param(
        "north_america", "Where users are whose request class says no country.", group="Workload"
    )

    @model_validator(mode="after")
    def _apex(self) -> Params:
        if self.zone_apex and self.record == "cname":
            raise ValueError("a CNAME cannot stand at the zone apex: use an alias record")
        return self


for _i, _name in enumerate(("SIMPLE", "WEIGHTED", "LATENCY", "FAILOVER", "GEOLOCATION")):
    assert getattr(records, _name) == code(Params, "policy", _name.lower()) == _i


class Derived:
    health_check_interval_s: float
    keeps_s: float
    query_usd: float
    checks_usd: float
    records: int


class Cell(records.Record):
    state: int


class State:
    begun: int
    queries: float
    healthy: float
    unhealthy: float
    moving: float  # share of the requests that go where no resolver would be sent now


NO_ANSWER = 0


@compiled
def step(p, s, io, cells, tick):
    """Look after the records, answer resolvers, and send each request where its resolver was told.

    The name server is not on the way: what is counted here are the requests of those who asked.
    """
    records.check(p, s, cells, tick)
    records.answer(p, cells, tick)
    records.remember(p, s, cells, tick)
    rate = io.reads + io.writes
    n = tick.out.shape[0]
    s.moving = 0.0
    reads = writes = 0.0
    for k in range(tick.mix.shape[1]):
        told = 0.0
        for j in range(n):
            c = cells[n * k + j]
            link = tick.out[j]
            c.state = int(cells[j].healthy)
            told += c.share
            link.weight = 1.0
            tick.route[j, k] = c.share / link.share if link.share > 0.0 else 0.0
            if rate > 0.0:
                mine = (tick.mix[0, k] + tick.mix[1, k]) / rate
                s.moving += mine * max(0.0, c.share - c.wanted)
        told = min(told, 1.0)
        if told < 1.0 - 1e-9:
            io.loss[NO_ANSWER] += (tick.mix[0, k] + tick.mix[1, k]) * (1.0 - told)
            tick.mix[0, k] *= told
            tick.mix[1, k] *= told
        reads += tick.mix[0, k]
        writes += tick.mix[1, k]
    if io.loss[NO_ANSWER] > 0.0:
        for k in range(tick.mix.shape[1]):
            if reads > 0.0:
                tick.mix[0, k] *= io.reads / reads
            if writes > 0.0:
                tick.mix[1, k] *= io.writes / writes
    io.done = rate - io.loss[NO_ANSWER]
    io.out_reads, io.out_writes = reads, writes
    io.out_ca2 = io.ca2
    s.queries = rate / (1.0 + rate / p.resolvers * p.keeps_s)
    if rate > 0.0:
        io.wait_p = s.queries / rate
        io.wait_m = p.lookup_ms * 1e-3
    io.cost_per_hour = ZONE_HOUR_USD + s.queries * 3600.0 * p.query_usd + p.checks_usd


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    """Prices, and for each class and record a row of `_route53_records`."""
    record["health_check_interval_s"] = params.health_check_interval_s
    alias = params.record == "alias"
    record["keeps_s"] = max(ALIAS_TTL_S if alias else params.ttl_s, 1e-3)
    record["query_usd"] = 0.0 if alias else QUERY_USD.get(params.policy, STANDARD_QUERY_USD)
    record["records"] = len(setup.outs)
    month = 0.0
    fast = params.health_check_interval_s < INTERVAL_S
    for out in setup.outs:
        if _checked(params, out):
            ours = out.service != "external"
            month += CHECK_USD[ours] + (FAST_USD[ours] if fast else 0.0)
    record["checks_usd"] = month / 730.0
    countries = [c.country for c in setup.classes] or [""]
    rows = np.zeros((len(countries), len(setup.outs), records.ROW))
    for k, country in enumerate(countries):
        here = PLACES.index(region_of(country, params.viewers))
        for j, out in enumerate(setup.outs):
            there = PLACES.index(out.params["place"])
            rows[k, j] = (
                out.mode == "standby",
                _checked(params, out),
                _MS[here][there],
                _near(out.params["location"], country),
            )
    return rows.ravel()


def _checked(params: Params, out: Any) -> bool:
    return bool(out.params["health_check"]) and params.policy != "simple"


def _near(location: str, country: str) -> float:
    if country and country.upper() in re.findall(r"[A-Z]{2}", location.upper()):
        return 2.0
    return 1.0 if "*" in location else 0.0


def cells_count(params: Params, setup: Setup) -> int:
    return max(1, len(setup.classes)) * len(setup.outs)


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    """All are taken for healthy until there is data."""
    cells["says"] = cells["healthy"] = 1.0


def resize(record: Any, state: Any, old_cells: Any, cells: Any) -> None:
    """Other records: their health is found out anew, and all resolvers ask again."""
    cells["says"] = cells["healthy"] = 1.0
    state["begun"] = 0


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """What of it AWS would refuse, or would not do what it looks like."""
    found = []
    strange = [out.other for out in setup.outs if out.service not in ALIASES]
    if params.record == "alias" and strange:
        text = f"an alias points to an AWS resource that has one, not to {', '.join(strange)}"
        found.append((0.0, "record", text))
    standing_by = any(out.mode == "standby" for out in setup.outs)
    if standing_by and params.policy != "failover":
        text = f"standby links are for failover; with {params.policy} they are never answered with"
        found.append((0.0, "record", text))
    if params.policy == "failover" and not standing_by:
        text = "failover needs a second record: make its link a standby"
        found.append((0.0, "record", text))
    if params.policy == "geolocation" and not any("*" in o.params["location"] for o in setup.outs):
        text = "without a default record (*), other countries get no answer"
        found.append((0.0, "record", text))
    return found


SERVICE = Service(
    id="route53",
    title="Route 53",
    category="networking",
    summary="A name that leads to one of several places, by policy, health and TTL.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    cell=Cell,
    ports=(
        Port("in", "in", "Requests by name", modes=("sync",)),
        Port(
            "targets",
            "out",
            "Records",
            modes=("sync", "standby"),
            params={"sync": Answer, "standby": Answer},
        ),
    ),
    step=step,
    prepare=prepare,
    cells_count=cells_count,
    init=init,
    resize=resize,
    foretell=foretell,
    causes=(Cause("rejected", "no_answer", "no record is for this country", CHOICE),),
    metrics=(
        Metric("queries", "1/s", "Queries", "queries", "DNSQueries", total=True),
        Metric("healthy_records", "", "Checked and healthy", "healthy", "HealthCheckStatus"),
        Metric("unhealthy_records", "", "Checked and unhealthy", "unhealthy"),
        Metric("old_answers", "share", "Sent by answers that are out of date", "moving"),
    ),
    events=(
        EventKind(
            "unhealthy",
            "Record {0:.0f} is unhealthy: {1:.0f} of {2:.0f} checkers hold it for healthy, 18 % "
            "would be too few; resolvers learn of it as their answers run out",
            "warning",
        ),
        EventKind("healthy", "Record {0:.0f} is healthy again: {1:.0f} of {2:.0f} checkers say so"),
    ),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    bars=why.BARS,
    balances=True,
    transparent=True,
)
