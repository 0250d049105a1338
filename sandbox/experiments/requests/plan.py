"""What of a run is simulated request by request, as it stands at one moment.

The present is frozen: the rate of every source, the servers in service, the parameters, and of
services that have no servers of their own the time that they take now.  Nothing else is taken from
the tick engine, and none of its formulas.  What is taken over, and what is left out, is said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sandbox.engine.run import Run
from sandbox.experiments.errors import InputError
from sandbox.experiments.requests import records as r
from sandbox.services.attempts import Attempts, retries
from sandbox.services.law import FAILED, MODES, REJECTED, SYNC, THROTTLED, TIMED_OUT

GROUPS_MOST = 200_000  # queues of their own at one node
SERVERS_MOST = 10_000_000
CALLS_MOST = 1000.0  # over one link, a request
_KIND = {
    THROTTLED: r.THROTTLED,
    REJECTED: r.REJECTED,
    FAILED: r.FAILED,
    TIMED_OUT: r.TIMED_OUT,
}
_NOTHING = 1e-9  # requests/s


@dataclass(frozen=True, slots=True)
class Note:
    """Something about one node or link that a reader of the figures should know."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What the tick engine says of a node at the moment that was frozen (s, 1/s, shares)."""

    mean: float
    p50: float
    p95: float
    p99: float
    own_mean: float
    arrivals: float
    served: float
    utilization: float
    in_system: float


@dataclass(frozen=True)
class Plan:
    """A frozen present: the records of the loop, and who they are.

    `ids` are the simulated nodes in the order of the records; `over` are the notes of what was
    taken over from the run, `out` of what is not represented; `unsettled` of what makes the run's
    own figures those of a passing moment.
    """

    ids: tuple[str, ...]
    labels: Mapping[str, str]
    services: Mapping[str, str]
    nodes: np.ndarray
    links: np.ndarray
    link_ids: tuple[tuple[str, str, str], ...]
    amounts: np.ndarray
    groups: np.ndarray
    roots: np.ndarray
    shares: np.ndarray
    figures: Mapping[str, Figures]
    flows: np.ndarray
    capacity: np.ndarray  # what utilization is a share of: servers, vCPUs; nan where there are none
    t_s: float
    seed: int
    over: tuple[Note, ...] = ()
    out: tuple[Note, ...] = ()
    unsettled: tuple[Note, ...] = ()
    simulated: frozenset[str] = field(default_factory=frozenset)

    def index(self, node: str) -> int:
        return self.ids.index(node)

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(i for i, row in zip(self.ids, self.nodes, strict=True) if row["kind"] == 0)


def freeze(run: Run, node: str | None = None) -> Plan:
    """The present of a run; of the part of the diagram that `node` stands in, or of all of it.

    Raises InputError if there is nothing in it that can be simulated, and says why.
    """
    return _Freezing(run, node).plan()


class _Freezing:
    def __init__(self, run: Run, node: str | None) -> None:
        self.run, self.program = run, run.program
        if node is not None and node not in self.program.index:
            known = ", ".join(self.program.ids) or "none"
            raise InputError(f"there is no node '{node}' in this run; there are {known}")
        if run.tick == 0:
            raise InputError(
                "nothing has happened yet at the start of a run; let it run for a while first"
            )
        self.over: list[Note] = []
        self.out: list[Note] = []
        self.unsettled: list[Note] = []
        p = self.program
        links = range(len(p.links))
        self.sync = [j for j in links if p.links[j]["mode"] == SYNC and j not in p.standing_by]
        self.chosen = self._part(node)
        self.place = {i: k for k, i in enumerate(self.chosen)}
        self.nodes = np.zeros(len(self.chosen), r.NODE)
        self.capacity = np.full(len(self.chosen), np.nan)
        self.groups: list[tuple[int, int]] = []  # servers, processors
        self.roots: list[tuple[int, float, float, int, float, int]] = []
        self.links: list[int] = []

    def plan(self) -> Plan:
        p = self.program
        for k, i in enumerate(self.chosen):
            self._node(k, i)
        links, amounts = self._links()
        self._background()
        self._rest()
        if not self.roots:
            said = "; ".join(f"{n.where}: {n.text}" for n in (*self.out, *self.over)[:3])
            raise InputError(
                "no requests arrive here that could be followed one by one"
                + (f" ({said})" if said else "; let the run go on, or raise the load")
            )
        ids = tuple(p.ids[i] for i in self.chosen)
        return Plan(
            ids=ids,
            labels={p.ids[i]: p.records[i].label or p.ids[i] for i in range(len(p.ids))},
            services={p.ids[i]: p.services[i].title for i in range(len(p.ids))},
            nodes=self.nodes,
            links=links,
            link_ids=tuple(p.link_ids[j] for j in self.links),
            amounts=amounts,
            groups=self._servers(),
            roots=np.array(self.roots, r.ROOT),
            shares=p.class_table[0].copy(),
            figures={node: self._figures(node) for node in ids},
            flows=np.array([self._arrivals(i) for i in self.chosen]),
            capacity=self.capacity,
            t_s=self.run.t_s,
            seed=self.run.scenario.seed,
            over=tuple(self.over),
            out=tuple(self.out),
            unsettled=tuple(self.unsettled),
            simulated=frozenset(ids),
        )

    # ------------------------------------------------------------------ which part

    def _part(self, node: str | None) -> list[int]:
        """The nodes that calls join with this one, or all that are joined to a source."""
        p = self.program
        near: dict[int, list[int]] = {i: [] for i in range(len(p.ids))}
        for j in self.sync:
            a, b = int(p.links[j]["source"]), int(p.links[j]["target"])
            near[a].append(b)
            near[b].append(a)
        if node is None:
            start = [i for i, s in enumerate(p.services) if s.source]
            start = start or list(range(len(p.ids)))
        else:
            start = [p.index[node]]
        found, waiting = set(start), list(start)
        while waiting:
            for other in near[waiting.pop()]:
                if other not in found:
                    found.add(other)
                    waiting.append(other)
        return sorted(found)

    def _arrivals(self, i: int) -> float:
        row = self.program.nodes[i]
        return float(row["reads"] + row["writes"])

    def _figures(self, node: str) -> Figures:
        now = self.run.now(node)
        return Figures(
            mean=now["latency_mean"],
            p50=now["latency_p50"],
            p95=now["latency_p95"],
            p99=now["latency_p99"],
            own_mean=now["own_latency_mean"],
            arrivals=now["arrivals"],
            served=now["served"],
            utilization=now["utilization"],
            in_system=now["backlog"] + now["in_flight"],
        )

    # ------------------------------------------------------------------ nodes

    def _node(self, k: int, i: int) -> None:
        p, row = self.program, self.nodes[k]
        service = p.services[i]
        row["kind"], row["places"], row["timeout_s"] = r.STAGE, -1, math.inf
        row["balances"], row["transparent"] = service.balances, service.transparent
        row["holds"] = 0
        row["refusal"] = r.REJECTED
        if service.source:
            self._source(k, i)
        elif service.id == "elb":
            row["kind"], row["shape"] = r.BALANCER, r.DETERMINISTIC
            row["mean"] = float(p.places[i].p[0]["own_s"])
        elif service.id == "external":
            self._external(k, i)
        elif service.id == "auto_scaling_group":
            self._fleet(k, i)
        elif service.id == "lambda_function":
            self._function(k, i)
        else:
            self._stage(k, i)
        self._passing(k, i)
        if p.nodes[i]["fault"].any():
            self._say(self.out, i, "a fault is under way here, which is not simulated")

    def _source(self, k: int, i: int) -> None:
        p = self.program
        params, rate = p.params[i], self._arrivals(i)
        self.nodes[k]["kind"] = r.SOURCE
        self.nodes[k]["transparent"] = 1
        if getattr(params, "closed_loop_users", 0) > 0:
            think, waiting = params.think_time_s, float(p.places[i].s[0]["users_waiting"])
            users = round(waiting + rate * think)  # as many as there are at this moment
            if users > 0:
                self.roots.append((k, 0.0, 1.0, users, think, 0))
        elif rate > _NOTHING:
            cv2 = float(getattr(params, "arrival_cv2", 1.0))
            self.roots.append((k, rate, cv2, 0, 0.0, 0))
        else:
            self._say(self.out, i, "sends nothing at this moment")

    def _external(self, k: int, i: int) -> None:
        row, params = self.nodes[k], self.program.params[i]
        policy = r.POLICIES.index(params.balancing)
        count = 1 if policy == r.POOLED else params.servers
        if count > GROUPS_MOST:
            self._stage(k, i, f"{count:,} queues of their own are too many to follow")
            return
        row["kind"], row["policy"], row["holds"] = r.STATION, policy, params.holds_server
        self._serve(row, params.service_shape, params.service_time_s, params.service_cv2)
        limit = params.queue_limit
        row["places"] = limit if limit > 0 else -1
        if limit > 0 and count > 1:
            # the limit is that of all queues together
            row["places"] = max(1, round(limit / count))
            self._say(self.over, i, f"the {limit:,} places to wait in are {row['places']} a queue")
        self._group(row, count, params.servers // count, 0)
        self.capacity[k] = params.servers

    def _fleet(self, k: int, i: int) -> None:
        p, row = self.program, self.nodes[k]
        params, state = p.params[i], p.places[i].s[0]
        running, lost = int(state["in_service"]), int(state["lost"])
        if running <= 0:
            row["refused"][r.REJECTED] = 1.0
            self._say(self.over, i, "no instance is in service, so every request is rejected")
            return
        vcpus = max(1, round(float(state["vcpus"]) / running))  # of the mean instance
        cpu, wait = params.cpu_time_ms / 1e3, params.wait_time_ms / 1e3
        workers = vcpus * params.workers_per_vcpu
        row["kind"], row["holds"] = r.STATION, params.holds_server
        row["policy"] = self._dealt_by(i)
        self._serve(row, "erlang", cpu + wait, params.service_cv2)
        row["cpu"] = cpu / (cpu + wait) if cpu + wait > 0 else 0.0
        count = running if row["policy"] != r.POOLED else 1
        limit = params.queue_limit * (running // count)
        row["places"] = limit if limit > 0 else -1
        each = running // count
        self._group(row, count, workers * each, vcpus * each if cpu > 0 else 0)
        self.capacity[k] = vcpus * running
        if lost > 0:
            row["refused"][r.FAILED] = lost / (running + lost)
            self._say(self.over, i, f"{lost} instances that stopped get their share of requests")
        moving = int(state["starting"]) + int(state["pending"]) + int(state["terminating"])
        if moving:
            self.unsettled.append(
                Note(p.ids[i], f"{moving} instances are starting or ending at this moment")
            )

    def _dealt_by(self, i: int) -> int:
        """How the balancer with the most requests deals them out; one queue if there is none."""
        p, found, most = self.program, r.POOLED, -1.0
        for j in self.sync:
            row = p.links[j]
            source = int(row["source"])
            if int(row["target"]) != i or row["reads"] + row["writes"] <= most:
                continue
            most = float(row["reads"] + row["writes"])
            found = r.POOLED
            if p.services[source].id == "elb":
                found = int(p.places[source].p[0]["policy"])
        return found

    def _function(self, k: int, i: int) -> None:
        p, row = self.program, self.nodes[k]
        others = {MODES[x["mode"]] for x in p.links if int(x["target"]) == i} - {"sync", "control"}
        if others:
            how = " and ".join(sorted(others)).replace("pull", "batches that pollers make")
            self._stage(k, i, f"it also works on {how}, which share its concurrency")
            return
        params, derived = p.params[i], p.places[i].p[0]
        limit = int(p.places[i].s[0]["limit"])  # what the account leaves it at this moment
        row["kind"], row["holds"], row["refusal"] = r.FUNCTION, 1, r.THROTTLED
        row["places"] = 0
        self._serve(row, "erlang", float(derived["own_s"]), params.duration_cv2)
        row["error"], row["timeout_s"] = params.error_rate, params.timeout_s
        self._group(row, 1, limit, 0)
        self.capacity[k] = limit
        now = p.nodes[i]
        if now["wait_p"] > 0:
            row["extra_p"], row["extra_mean"] = now["wait_p"], now["wait_m"]
            row["extra_variance"], row["extra_third"] = now["wait_v"], now["wait_k"]
            share = 100 * float(now["wait_p"])
            self._say(self.over, i, f"{share:.2g} % of its invocations start cold, as in the run")

    def _stage(self, k: int, i: int, why: str = "") -> None:
        """A service without servers to follow: as long, and as often refusing, as it is now."""
        p, row = self.program, self.nodes[k]
        now = p.nodes[i]
        row["kind"], row["shape"] = r.STAGE, r.CUMULANTS
        row["mean"], row["variance"], row["third"] = now["svc_m"], now["svc_v"], now["svc_k"]
        row["extra_p"] = now["wait_p"]
        row["extra_mean"] = now["svc_m"] + now["wait_m"]
        row["extra_variance"] = now["svc_v"] + now["wait_v"]
        row["extra_third"] = now["svc_k"] + now["wait_k"]
        arrived, lost = self._arrivals(i), 0.0
        if arrived > 0:
            for c, kind in enumerate(now["kinds"]):
                part = float(now["loss"][c])
                if kind in _KIND and now["refusal"][c] and part > 0:
                    row["refused"][_KIND[int(kind)]] += part / arrived
                    lost += part / arrived
        text = "its own time is taken over from the run, not simulated"
        if lost > 0:
            text = f"its own time, and its refusals ({100 * lost:.3g} %), are taken over"
        self._say(self.over, i, f"{text}: {why}" if why else text)

    def _serve(self, row: Any, shape: str, mean: float, cv2: float) -> None:
        row["shape"], row["mean"] = r.SHAPES.index(shape), mean
        row["variance"] = cv2 * mean * mean

    def _group(self, row: Any, count: int, servers: int, processors: int) -> None:
        """`count` groups; a server that has a processor to itself needs none counted."""
        if processors >= servers:
            processors = 0
        row["group"], row["groups"] = len(self.groups), count
        self.groups += [(servers, processors)] * count

    def _servers(self) -> np.ndarray:
        made = np.zeros(max(1, len(self.groups)), r.GROUP)
        if self.groups:
            servers, processors = zip(*self.groups, strict=True)
            made["servers"] = made["free"] = servers
            made["processors"] = made["idle"] = processors
        for name in ("head", "tail", "cpu_head", "cpu_tail"):
            made[name] = -1
        return made

    def _passing(self, k: int, i: int) -> None:
        """Whether the run's level here changes: then its figures are those of a moment."""
        p = self.program
        now = p.nodes[i]
        arrived = self._arrivals(i)
        gone = float(now["done"] + now["loss"].sum())
        if p.services[i].source or p.services[i].stream or arrived <= _NOTHING:
            return
        if self.nodes[k]["kind"] in (r.STATION, r.FUNCTION) and abs(arrived - gone) > 0.01 * max(
            arrived, gone
        ):
            word = "grows" if arrived > gone else "falls"
            self.unsettled.append(
                Note(
                    p.ids[i],
                    f"what it holds {word}: {arrived:,.3g}/s arrive and {gone:,.3g}/s leave",
                )
            )

    # ------------------------------------------------------------------ links

    def _links(self) -> tuple[np.ndarray, np.ndarray]:
        p = self.program
        inside = [j for j in self.sync if int(p.links[j]["source"]) in self.place]
        inside.sort(key=lambda j: (self.place[int(p.links[j]["source"])], j))
        self.links = inside
        rows = np.zeros(max(1, len(inside)), r.LINK)
        amounts = np.zeros((len(rows), len(p.class_table[0])))
        for x, j in enumerate(inside):
            link, row = p.links[j], rows[x]
            source = self.place[int(link["source"])]
            row["target"], row["stage"] = self.place[int(link["target"])], link["stage"]
            row["network_s"] = link["network_s"]
            self._guard(row, j)
            if link["fault"].any():
                self._note_link(self.out, j, "a fault is under way here, which is not simulated")
            node = self.nodes[source]
            if node["links"] == 0:
                node["link"] = x
            node["links"] += 1
            by_class = link["weight"] * p.route[j]
            if node["balances"]:
                amounts[x] = link["share"] * by_class
            else:
                amounts[x] = np.minimum(link["calls"] * by_class, CALLS_MOST)
                if (link["calls"] * by_class > CALLS_MOST).any():
                    self._note_link(self.out, j, f"only {CALLS_MOST:,.0f} calls a request")
        return rows, amounts

    def _guard(self, row: Any, j: int) -> None:
        """What the caller does about answers that are late or bad."""
        p = self.program
        given = next((m for m in p.link_params[j] if isinstance(m, Attempts)), Attempts())
        source, target = int(p.links[j]["source"]), int(p.links[j]["target"])
        again = retries(given, p.services[target].id)
        row["timeout_s"] = math.inf if given.timeout_s is None else given.timeout_s
        row["attempts"], row["backoff_s"], row["cap_s"] = (
            again.attempts,
            again.backoff_s,
            again.cap_s,
        )
        row["jitter"] = r.JITTERS.index(again.jitter)
        row["quota"] = row["tokens"] = math.inf
        if again.quota is not None:
            # each instance of the caller has a quota of its own; together they are one here
            row["quota"] = again.quota * max(1.0, float(p.nodes[source]["instances"]))
            row["tokens"] = float(p.guards[j]["tokens"])
        if j in p.guards and p.guards[j]["cache"] > 0:
            calls = float(p.guards[j]["fresh"])
            row["hit"] = float(p.guards[j]["cached"]) / calls if calls > 0 else 0.0
            share = 100 * float(row["hit"])
            self._note_link(
                self.over, j, f"{share:.3g} % of the calls are answered by a cache before"
            )
        if given.circuit_breaker is not None:
            self._note_link(self.out, j, "its circuit breaker is not simulated, and stays closed")

    def _background(self) -> None:
        """What reaches a simulated node from a part that is not: requests at random."""
        p = self.program
        for j, link in enumerate(p.links):
            target = int(link["target"])
            if target not in self.place or MODES[link["mode"]] in ("control", "sync", "standby"):
                continue
            flow = float(link["reads"] + link["writes"])
            kind = self.nodes[self.place[target]]["kind"]
            if flow <= _NOTHING or kind not in (r.STATION, r.BALANCER):
                continue
            self.roots.append((self.place[target], flow, 1.0, 0, 0.0, 1))
            mode = MODES[link["mode"]]
            self._note_link(
                self.over, j, f"{flow:,.3g}/s that arrive by this {mode} link come at random"
            )
        called = {int(p.links[j]["target"]) for j in self.sync}
        for i in self.chosen:
            # a consumer that pulls makes calls of its own accord
            pulled = any(int(x["target"]) == i and MODES[x["mode"]] != "sync" for x in p.links)
            kind = self.nodes[self.place[i]]["kind"]
            if not pulled or kind != r.STAGE or i in called:
                continue
            rate = float(p.nodes[i]["out_reads"] + p.nodes[i]["out_writes"])
            if rate > _NOTHING and self.nodes[self.place[i]]["links"] > 0:
                self.roots.append((self.place[i], rate, 1.0, 0, 0.0, 1))
                self._say(self.over, i, f"the {rate:,.3g}/s that it passes on come at random")

    def _rest(self) -> None:
        """Where paths end, and what is not looked at."""
        p = self.program
        for j, link in enumerate(p.links):
            mode = p.mode(j)
            if int(link["source"]) in self.place and mode in ("async", "pull"):
                what = "handed over" if mode == "async" else "fetched"
                self._note_link(self.out, j, f"the path ends here: what is {what} answers nobody")
            if mode == "standby" and int(link["source"]) in self.place:
                self._note_link(self.out, j, "a standby link is not simulated")

    def _say(self, notes: list[Note], i: int, text: str) -> None:
        notes.append(Note(self.program.ids[i], text))

    def _note_link(self, notes: list[Note], j: int, text: str) -> None:
        source, target, _ = self.program.link_ids[j]
        notes.append(Note(f"{source} → {target}", text))


def words(notes: Iterable[Note]) -> list[str]:
    """Notes as lines."""
    return [f"{note.where}: {note.text}" for note in notes]
