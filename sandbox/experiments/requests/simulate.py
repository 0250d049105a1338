"""A frozen present, simulated request by request: warm-up, a window of batches, some requests
followed hop by hop."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sandbox.experiments.requests import loop
from sandbox.experiments.requests import records as r
from sandbox.experiments.requests.plan import Plan
from sandbox.experiments.requests.relaxation import load, memory_s
from sandbox.experiments.requests.statistics import UNKNOWN, Estimate, of_batches, of_samples
from sandbox.experiments.units import duration

EVENTS = 6_000_000  # about a second of one core
BATCHES = 30
TRACED = 2_000  # requests that are followed
ROOM = 1 << 15  # frames, calls and events to begin with
ROOM_MOST = 1 << 23
SLICES = 4  # looks at whether to go on, in a batch
APART = 5.0  # relaxation times that a batch should last, to be as good as independent
PERCENTILES = ("p50", "p95", "p99")


class Cancelled(Exception):
    """Somebody lost interest in the answer."""


@dataclass(frozen=True)
class NodeResult:
    """What happened at one node: rates per second, times in seconds, shares of one.

    `latency` is of requests answered well, their calls included, as `own` is without these;
    `ended` are shares of all that ended, by outcome; `wait` is of all that found a place.
    """

    latency: Mapping[str, Estimate]
    own: Mapping[str, Estimate]
    wait: Estimate
    waited: float
    arrivals: Estimate
    served: Estimate
    ended: Mapping[str, float]
    utilization: Estimate
    in_system: Estimate
    samples: int


@dataclass(frozen=True)
class Simulated:
    """A steady state as it was counted. `why_not` says why it may not be one, if so, and `diverges`
    that there is none at all."""

    nodes: Mapping[str, NodeResult]
    window_s: float
    warm_up_s: float
    events: int
    took_s: float
    why_not: str
    diverges: bool
    spans: np.ndarray


def simulate(
    plan: Plan,
    *,
    seed: int | None = None,
    events: int = EVENTS,
    traced: int = TRACED,
    progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Simulated:
    """Simulate so many events (deterministic for a plan, a seed and a number).

    `progress` is told the share that is done; `cancelled` is asked many times a second, and its
    yes raises Cancelled.
    """
    world = _World(plan, plan.seed if seed is None else seed)
    memory = memory_s(plan)
    rate = _events_per_s(plan)
    warm = min(20.0 * memory, 0.5 * events / rate)
    window = (events - warm * rate) / rate
    looks = max(1, SLICES * BATCHES)
    done = 0

    def go(until: float, slices: int) -> None:
        nonlocal done
        begin = world.t
        for k in range(1, slices + 1):
            if cancelled is not None and cancelled():
                raise Cancelled
            world.go(begin + (until - begin) * k / slices)
            done += 1
            if progress is not None:
                progress(min(1.0, done / (1.3 * looks)))

    world.go(0.0)  # compiles the loop, if that was never done on this machine
    begin = time.perf_counter()
    go(warm, looks // 10)
    batches = []
    world.begin_batch()
    for k in range(BATCHES):
        go(warm + window * (k + 1) / BATCHES, SLICES)
        batches.append(world.take_batch())
        if world.overfull:
            break
    spans = np.zeros(0, r.SPAN)
    if traced > 0 and not world.overfull:
        so_far = world.events
        each = so_far / max(
            1.0, sum(float(b.nodes["arrived"][_roots(plan)].sum()) for b in batches)
        )
        traced = max(1, min(traced, int(0.1 * events / each)))
        world.follow(traced)
        while not world.all_followed(traced) and world.events < so_far + 0.2 * events:
            before = world.events
            go(world.t + 0.01 * events / rate, 1)
            if world.events == before or world.overfull:
                break
        spans = world.spans()
    if progress is not None:
        progress(1.0)
    growing = _growing(plan, batches, world.overfull)
    nodes = {node: _result(plan, i, batches) for i, node in enumerate(plan.ids)}
    return Simulated(
        nodes=nodes,
        window_s=window,
        warm_up_s=warm,
        events=world.events,
        took_s=time.perf_counter() - begin,
        why_not=growing or _short(window, memory),
        diverges=bool(growing),
        spans=spans,
    )


@dataclass(frozen=True)
class _Batch:
    seconds: float
    nodes: np.ndarray
    samples: np.ndarray

    @cached_property
    def by_node(self) -> tuple[np.ndarray, np.ndarray]:
        """The samples in order of node, and where each node's begin."""
        order = np.argsort(self.samples["node"], kind="stable")
        sorted_ = self.samples[order]
        return sorted_, np.searchsorted(sorted_["node"], np.arange(len(self.nodes) + 1))

    def of(self, i: int) -> np.ndarray:
        samples, at = self.by_node
        return samples[at[i] : at[i + 1]]


class _World:
    """The arrays of the loop, grown when it asks for room."""

    def __init__(self, plan: Plan, seed: int) -> None:
        self.nodes, self.groups = plan.nodes.copy(), plan.groups.copy()
        links = plan.links.copy()
        self.plan = (self.nodes, links, plan.amounts, self.groups, plan.roots, plan.shares)
        self.state = np.zeros(1, r.STATE)
        self.frames, self.calls = np.zeros(0, r.FRAME), np.zeros(0, r.CALL)
        self.heap = (np.zeros(0), np.zeros(0, "i8"), np.zeros(0, "i8"))
        self.samples = np.zeros(ROOM, r.SAMPLE)
        self._spans = np.zeros(loop.MARGIN, r.SPAN)
        self.rng = np.random.Generator(np.random.PCG64(seed))
        self.overfull = False
        self.state["free_frame"] = self.state["free_call"] = -1
        self._grow()
        self._begun = 0.0
        self._start(plan)

    def _start(self, plan: Plan) -> None:
        """The first arrival of each root; in order of time they are a heap."""
        firsts = []
        for root, word in zip(plan.roots, loop.first_events(len(plan.roots)), strict=True):
            many = max(1, int(root["users"]))
            mean = float(root["think_s"]) if root["users"] > 0 else 1.0 / float(root["rate"])
            firsts += [(float(start), word) for start in self.rng.exponential(mean, many)]
        firsts.sort()
        while len(self.heap[0]) < len(firsts) + loop.MARGIN:
            self._grow_heap()
        times, order, words = self.heap
        times[: len(firsts)] = [t for t, _ in firsts]
        words[: len(firsts)] = [word for _, word in firsts]
        order[: len(firsts)] = np.arange(1, len(firsts) + 1)
        self.state["heap"] = self.state["order"] = len(firsts)

    @property
    def t(self) -> float:
        return float(self.state[0]["t"])

    @property
    def events(self) -> int:
        return int(self.state[0]["events"])

    def go(self, until: float) -> None:
        while not self.overfull:
            pools, log = (self.frames, self.calls), (self.samples, self._spans)
            status = loop.advance(until, self.state, self.plan, pools, self.heap, log, self.rng)
            if status == loop.REACHED:
                return
            self._grow()

    def begin_batch(self) -> None:
        self.state["sampling"] = 1
        self._settle()

    def take_batch(self) -> _Batch:
        t, before = self.t, self._begun
        for name, level in (("area_system", "in_system"), ("area_busy", "busy")):
            self.nodes[name] += self.nodes[level] * (t - self.nodes["since"])
        nodes, samples = self.nodes.copy(), self.samples[: int(self.state[0]["samples"])].copy()
        self._settle()
        return _Batch(t - before, nodes, samples)

    def _settle(self) -> None:
        self._begun = self.t
        for name in ("arrived", "ended", "own", "wait", "waited", "served"):
            self.nodes[name] = 0
        self.nodes["area_system"] = self.nodes["area_busy"] = 0.0
        self.nodes["since"] = self.t
        self.state["samples"] = 0

    def follow(self, count: int) -> None:
        self._spans = np.zeros(max(32 * count, 4 * loop.MARGIN), r.SPAN)
        self.state["sampling"] = 0
        self.state["traces_most"] = count

    def all_followed(self, count: int) -> bool:
        state = self.state[0]
        full = state["spans"] >= len(self._spans) - loop.MARGIN
        return bool((state["traces"] >= count or full) and state["tracing"] == 0)

    def spans(self) -> np.ndarray:
        return self._spans[: int(self.state[0]["spans"])].copy()

    def _grow(self) -> None:
        """Twice the room of whatever is short of it."""
        state = self.state
        if int(state[0]["frames_left"]) < loop.MARGIN:
            self.frames = self._wider(self.frames, "free_frame", "frames_left")
        if int(state[0]["calls_left"]) < loop.MARGIN:
            self.calls = self._wider(self.calls, "free_call", "calls_left")
        if int(state[0]["heap"]) > len(self.heap[0]) - loop.MARGIN:
            self._grow_heap()
        if int(state[0]["samples"]) > len(self.samples) - loop.MARGIN:
            self.samples = np.concatenate((self.samples, np.zeros_like(self.samples)))
        self.overfull = max(len(self.frames), len(self.calls), len(self.heap[0])) > ROOM_MOST

    def _grow_heap(self) -> None:
        more = max(ROOM, len(self.heap[0]))
        times, order, words = (np.concatenate((a, np.zeros(more, a.dtype))) for a in self.heap)
        self.heap = (times, order, words)

    def _wider(self, pool: np.ndarray, free: str, left: str) -> np.ndarray:
        old, more = len(pool), max(ROOM, len(pool))
        wider = np.concatenate((pool, np.zeros(more, pool.dtype)))
        wider["next"][old:-1] = np.arange(old + 1, old + more)
        wider["next"][-1] = self.state[0][free]
        self.state[free] = old
        self.state[left] += more
        return wider


def _result(plan: Plan, i: int, batches: list[_Batch]) -> NodeResult:
    rows, seconds = [b.nodes[i] for b in batches], np.array([b.seconds for b in batches])
    ended = sum((row["ended"] for row in rows), np.zeros(5, "i8"))
    served = np.array([row["served"] for row in rows], "f8")
    samples = [b.of(i) for b in batches]
    capacity = float(plan.capacity[i])

    def rate(values: list[float]) -> Estimate:
        return of_batches(np.array(values, "f8") / seconds)

    busy = [float(row["area_busy"]) for row in rows]
    if plan.nodes[i]["cpu"] > 0:  # by the time on processors alone
        cpu = float(plan.nodes[i]["cpu"])
        busy = [float(row["own"] - row["wait"]) * cpu for row in rows]
    with np.errstate(invalid="ignore", divide="ignore"):
        wait = np.array([row["wait"] for row in rows]) / served
    total = max(1, int(ended.sum()))
    return NodeResult(
        latency=of_samples([s["total"] for s in samples]),
        own=of_samples([s["own"] for s in samples]),
        wait=of_batches(wait),
        waited=float(sum(row["waited"] for row in rows) / max(1.0, served.sum())),
        arrivals=rate([float(row["arrived"]) for row in rows]),
        served=rate([float(row["ended"][r.OK]) for row in rows]),
        ended={name: float(ended[k]) / total for k, name in enumerate(r.OUTCOMES)},
        utilization=rate([b / capacity for b in busy]) if capacity > 0 else UNKNOWN,
        in_system=rate([float(row["area_system"]) for row in rows]),
        samples=int(sum(len(s) for s in samples)),
    )


def _events_per_s(plan: Plan) -> float:
    """About how many events a second of the simulation has."""
    each = {r.SOURCE: 1.0, r.BALANCER: 3.0, r.STAGE: 3.0, r.STATION: 4.0, r.FUNCTION: 4.0}
    total = sum(
        flow * each[int(node["kind"])] for flow, node in zip(plan.flows, plan.nodes, strict=True)
    )
    return max(total, sum(float(root["rate"]) for root in plan.roots), 1e-6)


def _roots(plan: Plan) -> list[int]:
    return [int(root["node"]) for root in plan.roots if not root["background"]]


def _growing(plan: Plan, batches: list[_Batch], overfull: bool) -> str:
    """Why there is no steady state, in words; empty if there is one."""
    closed = all(root["users"] > 0 for root in plan.roots)  # then no queue is without end
    for i, node in enumerate(plan.ids):
        if int(plan.nodes[i]["kind"]) != r.STATION or plan.nodes[i]["places"] >= 0:
            continue
        rho = load(plan, i)
        if rho >= 1.0 and not closed:
            return (
                f"{plan.labels[node]} is offered {100 * rho:.0f} % of what it can serve: its queue "
                "grows as long as this lasts, and there is no steady state"
            )
        arrived = sum(int(b.nodes[i]["arrived"]) for b in batches)
        gone = sum(int(b.nodes[i]["ended"].sum()) for b in batches)
        level = float(batches[-1].nodes[i]["in_system"]) if batches else 0.0
        if arrived - gone > max(0.01 * arrived, 100.0) and level > 0.5 * (arrived - gone):
            return f"what {plan.labels[node]} holds grew by {arrived - gone:,} requests" + (
                _storm(plan, i, batches) or ": it has no steady state"
            )
    if overfull:
        return f"more than {ROOM_MOST:,} requests were under way: there is no steady state"
    return ""


def _storm(plan: Plan, i: int, batches: list[_Batch]) -> str:
    """That retries have tipped it over, and when, where callers try again."""
    tried = [x for x in plan.links if int(x["target"]) == i and int(x["attempts"]) > 1]
    if not tried or load(plan, i) >= 1.0:
        return ""
    levels = np.array([float(batch.nodes[i]["in_system"]) for batch in batches])
    after = sum(b.seconds for b in batches[: int(np.argmax(levels > 0.05 * levels[-1]))])
    when = f"after about {duration(after)}" if after > 0 else "at once"
    return (
        f": {when} chance alone has tipped it into a storm of retries, from which it does not "
        "come back; what the run shows is calm, and does not last"
    )


def _short(window: float, memory: float) -> str:
    """Why the intervals may be too narrow, in words."""
    if window >= APART * BATCHES * memory:
        return ""
    return (
        f"the simulated {duration(window)} are short for a system that takes {duration(memory)} to "
        "forget a moment: the intervals are too narrow"
    )
