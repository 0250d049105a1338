"""What a run remembers: metrics by name, their series, totals and percentiles.

Two ways to keep rows: every `every_s` for a file of known length, or, for the window, a ring of
the newest ticks before a history whose rows are joined in pairs whenever it is full, so that a run
of any length fits in the same memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sandbox.engine.compile import Program
from sandbox.engine.quantile import quantiles
from sandbox.engine.record import PARTS, Tape
from sandbox.services.law import NODE

MEMORY = 256 * 2**20  # bytes of history at the most
ROWS = 5_000  # rows at the most, when nobody says otherwise
KEPT = 2048  # rows of the window's history before pairs are joined
RING = 3600  # newest ticks kept one by one


@dataclass(frozen=True, slots=True)
class MetricInfo:
    """A recorded number: ``total`` tells whether its sum over time is a count."""

    name: str
    unit: str
    title: str
    total: bool = False
    quantile: float | None = None
    own: bool = False
    cloudwatch: str = ""


COMMON = (
    MetricInfo("arrivals", "1/s", "Arrivals", True),
    MetricInfo("served", "1/s", "Served", True),
    MetricInfo("throttled", "1/s", "Throttled", True),
    MetricInfo("rejected", "1/s", "Rejected", True),
    MetricInfo("failed", "1/s", "Failed", True),
    MetricInfo("timed_out", "1/s", "Timed out", True),
    MetricInfo("expired", "1/s", "Expired", True),
    MetricInfo("goodput", "1/s", "Goodput", True),
    MetricInfo("backlog", "", "Backlog"),
    MetricInfo("in_flight", "", "In flight"),
    MetricInfo("utilization", "", "Utilization"),
    MetricInfo("instances", "", "Instances"),
    MetricInfo("cost_per_hour", "USD/h", "Cost per hour"),
    MetricInfo("latency_mean", "s", "Latency, mean"),
    MetricInfo("own_latency_mean", "s", "Own latency, mean", own=True),
)
PERCENTILES = tuple(
    MetricInfo(f"{prefix}latency_p{p}", "s", f"{title}, p{p}", quantile=p / 100, own=bool(prefix))
    for prefix, title in (("", "Latency"), ("own_", "Own latency"))
    for p in (50, 95, 99)
)


class History:
    """The recorder's arrays for one program, and what can be asked of them."""

    def __init__(
        self, program: Program, every_ticks: int, rows: int, *, window: bool = False
    ) -> None:
        self.dt = program.scenario.tick_s
        self.window = window
        self.columns: dict[tuple[str, str], int] = {}
        self.metrics: dict[str, tuple[MetricInfo, ...]] = {}
        addresses: list[int] = []
        columns = []
        order = np.argsort(program.part_of, kind="stable")
        for i in order:  # the columns of a part lie side by side
            node, service = program.ids[i], program.services[i]
            columns.append(len(addresses))
            infos = list(COMMON)
            base = program.nodes[i : i + 1].ctypes.data
            fields: dict[str, Any] = dict(NODE.fields or {})
            for info in COMMON:
                self.columns[node, info.name] = len(addresses)
                addresses.append(base + int(fields[info.name][1]))
            base = program.places[i].s.ctypes.data
            fields = dict(service.state_record.fields or {})
            for metric in service.metrics:
                self.columns[node, metric.name] = len(addresses)
                addresses.append(base + int(fields[metric.at][1]))
                infos.append(
                    MetricInfo(
                        metric.name,
                        metric.unit,
                        metric.title,
                        metric.total,
                        cloudwatch=metric.cloudwatch,
                    )
                )
            self.metrics[node] = (*infos, *PERCENTILES)
        self.metrics = {node: self.metrics[node] for node in program.ids}
        self.parts = _bounds(program, order, [*columns, len(addresses)])
        self.index = dict(program.index)
        m, n = len(addresses), len(program.ids)
        rows = max(2, min(rows, MEMORY // max(1, m * 12 + n * PARTS * 16))) // 2 * 2
        ring = min(RING, MEMORY // 4 // max(1, m * 4 + n * PARTS * 16)) if window else 0
        self.tape = Tape(
            head=np.array([max(1, every_ticks), 0, 0, ring, 0], "i8"),
            pace=np.zeros(7, "i8"),
            addresses=np.array(addresses, "i8"),
            now=np.zeros(m),
            bucket=np.zeros((3, m)),
            run=np.zeros((3, m)),
            bucket_latency=np.zeros((n, PARTS, 4)),
            latency=np.zeros((n, PARTS, 4)),
            pending=np.zeros(n),
            means=np.zeros((rows, m), "f4"),
            leasts=np.zeros((rows, m), "f4"),
            greatests=np.zeros((rows, m), "f4"),
            latencies=np.zeros((rows, n, PARTS, 4), "f4"),
            ring=np.zeros((ring, m), "f4"),
            ring_latency=np.zeros((ring, n, PARTS, 4), "f4"),
        )
        self.started = 0  # tick at which this history begins
        self.ring_from = 0  # ticks since then that the ring does not know, though it has room
        self.born: dict[str, int] = {}  # ticks after which a node was added

    def adopt(self, old: History) -> None:
        """Go on from the history of the program before an edit: what is known of nodes that remain.

        For the window's kind of history, whose number of rows may shrink with more metrics.
        """
        tape, before = self.tape, old.tape
        while old.rows >= len(tape.means):
            old.make_room()
        rows = old.rows
        ticks = int(before.head[4])
        self.born = {n: old.born.get(n, 0) if n in old.index else ticks for n in self.index}
        self.started = old.started
        tape.head[:3] = before.head[:3]
        tape.head[4] = before.head[4]
        pairs = [(c, old.columns[key]) for key, c in self.columns.items() if key in old.columns]
        mine, theirs = (list(x) for x in zip(*pairs, strict=True)) if pairs else ([], [])
        for name in ("means", "leasts", "greatests"):
            getattr(tape, name)[:rows, mine] = getattr(before, name)[:rows, theirs]
        tape.run[:, mine] = before.run[:, theirs]
        tape.bucket[:, mine] = before.bucket[:, theirs]
        tape.now[mine] = before.now[theirs]
        nodes = [(i, old.index[n]) for n, i in self.index.items() if n in old.index]
        mine, theirs = (list(x) for x in zip(*nodes, strict=True)) if nodes else ([], [])
        tape.latencies[:rows, mine] = before.latencies[:rows, theirs]
        for name in ("bucket_latency", "latency", "pending"):
            getattr(tape, name)[mine] = getattr(before, name)[theirs]
        ring, kept = int(tape.head[3]), int(before.head[3])
        self.ring_from = max(old.ring_from, ticks - min(ring, kept), 0)
        if ring and kept:
            known = np.arange(self.ring_from, ticks)
            to, come = known % ring, known % kept
            columns = list(zip(*pairs, strict=True)) or [(), ()]
            tape.ring[np.ix_(to, columns[0])] = before.ring[np.ix_(come, columns[1])]
            tape.ring_latency[np.ix_(to, mine)] = before.ring_latency[np.ix_(come, theirs)]

    def cut(self, ticks: int) -> int:
        """Forget the last full row that ends after so many ticks and all behind it; the tick at
        which the history then ends, a row's end at or before that."""
        tape = self.tape
        length = int(tape.head[0])
        rows = min(self.rows, ticks // length)
        end = rows * length
        tape.head[1], tape.head[2], tape.head[4] = 0, rows, end
        sums = tape.means[:rows].sum(axis=0, dtype="f8") * length
        tape.run[0] = sums
        tape.run[1] = tape.leasts[:rows].min(axis=0, initial=np.inf)
        tape.run[2] = tape.greatests[:rows].max(axis=0, initial=-np.inf)
        tape.bucket_latency[:] = 0.0
        tape.pending[:] = 0.0
        self.ring_from = min(max(self.ring_from, end - len(tape.ring)), end)
        self.born = {node: min(born, end) for node, born in self.born.items()}
        return end

    # ------------------------------------------------------------------ room

    @property
    def rows(self) -> int:
        """Full buckets so far."""
        return int(self.tape.head[2])

    def room(self) -> int:
        """Ticks that may be recorded before `make_room` must be called again."""
        every, filled, full = (int(x) for x in self.tape.head[:3])
        return (len(self.tape.means) - full) * every - filled

    def make_room(self) -> None:
        """Join neighbouring rows in pairs: half as many, twice as long."""
        tape = self.tape
        full = self.rows // 2 * 2
        half = full // 2
        if self.rows > full:
            self._reopen(full)
        for name, join in (
            ("means", lambda a, b: (a + b) / 2),
            ("leasts", np.minimum),
            ("greatests", np.maximum),
            ("latencies", lambda a, b: mixed(raw(a) + raw(b))),
        ):
            array = getattr(tape, name)
            array[:half] = join(array[:full:2], array[1:full:2])
        tape.head[0] *= 2
        tape.head[2] = half

    def _reopen(self, row: int) -> None:
        """The last row has no partner: it becomes the beginning of the unfinished one again."""
        tape, every = self.tape, int(self.tape.head[0])
        if not tape.head[1]:
            tape.bucket[:] = np.array([[0.0], [np.inf], [-np.inf]])
        sums = tape.means[row].astype("f8") * every
        tape.bucket[0] += sums
        tape.run[0] -= sums
        tape.bucket[1] = np.minimum(tape.bucket[1], tape.leasts[row])
        tape.bucket[2] = np.maximum(tape.bucket[2], tape.greatests[row])
        tape.bucket_latency[:] += raw(tape.latencies[row])
        tape.head[1] += every

    # ------------------------------------------------------------------ series

    @property
    def origin_s(self) -> float:
        """When this history begins, s since the run's start."""
        return self.started * self.dt

    def row_s(self) -> float:
        """Length of a row in seconds."""
        return float(self.tape.head[0]) * self.dt

    def info(self, node: str, metric: str) -> MetricInfo:
        """The description of one metric; KeyError with a helpful text if there is none."""
        if node not in self.metrics:
            raise KeyError(f"no node '{node}'; there are {', '.join(self.metrics)}")
        for info in self.metrics[node]:
            if info.name == metric:
                return info
        names = ", ".join(i.name for i in self.metrics[node])
        raise KeyError(f"'{node}' has no metric '{metric}'; it has {names}")

    def times(self) -> np.ndarray:
        """End of each full row, s since the run's start, f8[B]."""
        return self.origin_s + (np.arange(self.rows) + 1) * self.row_s()

    def column(self, node: str, metric: str, rows: slice = slice(None)) -> tuple[np.ndarray, ...]:
        """(mean, least, greatest) of each full row, [B]; of a percentile all three alike."""
        info = self.info(node, metric)
        if info.quantile is not None:
            latency = self.tape.latencies[: self.rows][rows, self.index[node]]
            values = solved(chosen(latency, info.own), info.quantile)
            return values, values, values
        c = self.columns[node, metric]
        tape = self.tape
        return (
            tape.means[: self.rows, c][rows],
            tape.leasts[: self.rows, c][rows],
            tape.greatests[: self.rows, c][rows],
        )

    # ------------------------------------------------------------------ the whole run

    def summary(self, node: str, metric: str) -> dict[str, float | str | None]:
        """mean, min, max, last, total, run and unit of one metric over all ticks so far."""
        info = self.info(node, metric)
        ticks = int(self.tape.head[4])
        if info.quantile is not None:
            values = self.column(node, metric)[0]
            run = float(solved(self.whole(node, info.own)[None], info.quantile)[0])
            if not len(values):
                values = np.array([run])
            return {
                "mean": float(values.mean()),
                "min": float(values.min()),
                "max": float(values.max()),
                "last": float(values[-1]),
                "total": None,
                "run": run,
                "unit": info.unit,
            }
        c = self.columns[node, metric]
        sums, least, most = self._over_run(c)
        return {
            "mean": sums / max(1, ticks),
            "min": least,
            "max": most,
            "last": float(self.tape.now[c]),
            "total": sums * self.dt if info.total else None,
            "run": None,
            "unit": info.unit,
        }

    def _over_run(self, c: int) -> tuple[float, float, float]:
        """Sum over ticks, least and greatest of the run, the unfinished row included."""
        tape = self.tape
        part, whole = tape.bucket[:, c], tape.run[:, c]
        if not tape.head[1]:
            return float(whole[0]), float(whole[1]), float(whole[2])
        if not tape.head[2]:
            return float(part[0]), float(part[1]), float(part[2])
        return (
            float(part[0] + whole[0]),
            float(min(part[1], whole[1])),
            float(max(part[2], whole[2])),
        )

    def whole(self, node: str, own: bool) -> np.ndarray:
        """The mixture of all rows of the run, weighted by arrivals: f8[rows × parts, 4]."""
        i = self.index[node]
        latency = self.tape.latencies[: self.rows, i].astype("f8")
        if self.tape.head[1]:
            pending = self.tape.latency[i].copy()
            pending[:, 0] *= self.tape.pending[i]
            last = mixed(self.tape.bucket_latency[i] + raw(pending))
            latency = np.concatenate((latency, last[None]))
        return chosen(latency, own).reshape(-1, 4)

    def quantile(self, node: str, p: float, own: bool = False) -> float:
        """Percentile of the arrival-weighted mixture over the whole run, s."""
        return float(solved(self.whole(node, own)[None], p)[0])


def _bounds(program: Program, order: np.ndarray, columns: list[int]) -> np.ndarray:
    """Where each part of the program begins among nodes, controllers and columns, and its number;
    and the ends: i8[parts + 1, 4]."""
    part_of = program.part_of
    marks = np.arange(part_of.max(initial=0) + 2)
    nodes = np.searchsorted(part_of[order], marks)
    controllers = np.searchsorted(part_of[program.controllers], marks)
    return np.stack((nodes, controllers, np.array(columns)[nodes], marks), axis=1)


def now_quantile(row: np.ndarray, p: float) -> float:
    """Percentile of a MIXTURE record, s."""
    n = int(row["n"])
    parts = np.stack([row["w"][:n], row["m"][:n], row["v"][:n], row["k"][:n]], axis=-1)
    return float(solved(np.array(parts, "f8").reshape(1, n, 4), p)[0])


def chosen(latency: np.ndarray, own: bool) -> np.ndarray:
    """The own or the whole of a node's mixtures [..., PARTS, 4]."""
    return latency[..., 4:6, :] if own else latency[..., 0:4, :]


def raw(latency: np.ndarray) -> np.ndarray:
    """Weights, and weights × raw moments, of weights and cumulants [..., 4]: f8."""
    w, m, v, k = (latency[..., i].astype("f8") for i in range(4))
    return np.stack((w, w * m, w * (v + m * m), w * (k + 3 * m * v + m**3)), axis=-1)


def mixed(moments: np.ndarray) -> np.ndarray:
    """Weights and cumulants of weights and weighted raw moments [..., 4]."""
    w = moments[..., 0]
    safe = np.where(w > 0, w, 1.0)
    m, m2, m3 = (moments[..., i] / safe for i in (1, 2, 3))
    v = np.maximum(0.0, m2 - m * m)
    k = m3 - 3 * m * m2 + 2 * m**3
    return np.stack((np.where(w > 0, w, 0.0), m, v, k), axis=-1)


def solved(parts: np.ndarray, p: float) -> np.ndarray:
    """The p-quantile of each mixture [B, C, (w, m, v, k)], s, f8[B]; 0 without any weight."""
    w, m, v, k = (np.ascontiguousarray(parts[..., i], "f8") for i in range(4))
    return np.nan_to_num(quantiles(w, m, v, k, p))
