"""What a law sees and writes: the records that the engine and the services share.

A law is a plain scalar function ``step(p, s, io, cells, tick)``:

``p``      the node's parameters (see ``params.layout``), with what ``prepare`` derived from them
``s``      the node's state, ``cells`` its variable-size inner state (instances, shards, cohorts)
``io``     one NODE record: what arrived, and what the law answers
``tick``   a :class:`Tick`: the clock, the node's links, its table, its random key

Rates are per second, amounts are counts at the end of the tick, latencies seconds.

A law must fill, each tick: ``done`` (completions/s), ``loss[cause]`` (losses/s by the service's
declared causes), ``waiting`` and ``in_flight`` (amounts), ``out_reads``/``out_writes`` (requests/s
that go on to the links), ``utilization``, ``instances``, ``cost_per_hour``, and its own latency:
service cumulants ``svc_*``, and with probability ``wait_p`` a wait with cumulants ``wait_*``.
All of these are zero when the law is entered, and ``out_ca2`` is 1.
A service that declares ``faults`` finds in ``io.fault[kind]`` what is wrong now (a share, mostly;
0 is nothing) and in ``io.struck[kind]`` what begins in this tick; ``io.zone_fault[z]`` and
``io.zone_struck[z]`` say the same of the zone of ``Setup.zone_ids[z]``.
So that  held + arrived·dt = (done + Σ loss)·dt + waiting + in_flight  holds for every tick.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from llvmlite import ir
from numba import carray, types
from numba.extending import intrinsic

from sandbox.kernels.clock import due
from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.mixture import MIXTURE

SIGNALS = 12  # numbers that a control link carries
CAUSES = 12  # causes of loss: the most that one service may declare, and those of faults

SYNC, ASYNC, PULL, STANDBY, CONTROL = range(5)
MODES = ("sync", "async", "pull", "standby", "control")
SAME, READ, WRITE = range(3)
OPERATIONS = ("same", "read", "write")
THROTTLED, REJECTED, FAILED, TIMED_OUT, EXPIRED, MOVED = range(6)
KINDS = ("throttled", "rejected", "failed", "timed_out", "expired", "moved")
BALANCES, TRANSPARENT, SOURCE, STREAM = 1, 2, 4, 8  # flags: what a service is to the engine
GUARDS = 16  # and whether the node guards any of its calls
ERA_2020, ERA_CURRENT = range(2)
FAULTS = (
    *("error_rate", "added_latency", "link_cut", "downstream_throttle", "kill_instances"),
    *("capacity_cut", "zone_outage", "hot_key", "cache_flush", "spot_interruption"),
)
ERROR_RATE, ADDED_LATENCY, LINK_CUT, DOWNSTREAM_THROTTLE, KILL_INSTANCES = range(5)
CAPACITY_CUT, ZONE_OUTAGE, HOT_KEY, CACHE_FLUSH, SPOT_INTERRUPTION = range(5, 10)
# amounts that are no shares stand apart: how many, how many a second, for what part of the tick
KILL_COUNT, SPOT_COUNT, THROTTLE_LIMIT, LIMIT_PART = range(10, 14)
FAULT_LEVELS = 14
ZONES = 6  # availability zones told apart: the most that a region has, us-east-1
ERAS = ("2020", "current")

# bits of `afflicted`: what the engine has to do for a node, whether anything is wrong with it
# that its law may heed, and whether something begins in this tick
CALLS_CUT, PULLS_CUT, SLOWED, HANDED_OVER_CUT, ILL, STRUCK = 1, 2, 4, 8, 16, 32

NODE = np.dtype(
    [
        # plan: written when the document is compiled
        ("key", "u8"),
        ("step", "i8"),
        ("control", "i8"),
        ("p", "i8"),
        ("s", "i8"),
        ("cells", "i8"),
        ("cells_n", "i8"),
        ("table", "i8"),
        ("table_n", "i8"),
        ("ins", "i8"),
        ("ins_n", "i8"),
        ("out", "i8"),
        ("out_n", "i8"),
        ("flags", "i8"),
        ("kinds", "i8", (CAUSES,)),
        ("refusal", "i8", (CAUSES,)),
        ("fault_causes", "i8"),  # the first cause of faults, after the service's own
        ("heeds", "i8"),  # bit k: the law itself applies FAULTS[k]
        ("watches", "i8"),  # those of its metrics that somebody refers to
        ("watches_n", "i8"),
        # what arrives
        ("reads", "f8"),
        ("writes", "f8"),
        ("kb", "f8"),
        ("ca2", "f8"),
        ("down_ok", "f8"),
        ("down_throttled", "f8"),
        ("down_rejected", "f8"),
        ("down_failed", "f8"),
        ("down_timed_out", "f8"),
        ("down_m", "f8"),
        ("down_v", "f8"),
        ("down_k", "f8"),
        # faults: what is wrong now (shares; counts and seconds where they are), and what begins
        ("afflicted", "i8"),
        ("fault", "f8", (FAULT_LEVELS,)),
        ("struck", "f8", (FAULT_LEVELS,)),
        ("zone_fault", "f8", (ZONES,)),  # of each zone the node is in: the share that is out,
        ("zone_struck", "f8", (ZONES,)),  # and what of it begins in this tick
        ("cut_reads", "f8"),  # what faults kept from the law
        ("cut_writes", "f8"),
        ("choked", "f8"),
        # what the law writes
        ("done", "f8"),
        ("loss", "f8", (CAUSES,)),
        ("waiting", "f8"),
        ("in_flight", "f8"),
        ("lag", "f8"),
        ("lag_expired", "f8"),
        ("out_reads", "f8"),
        ("out_writes", "f8"),
        ("out_kb", "f8"),
        ("out_ca2", "f8"),
        ("absorbed", "f8"),  # of a balancer: share of what it takes that it answers by itself
        ("svc_m", "f8"),
        ("svc_v", "f8"),
        ("svc_k", "f8"),
        ("wait_p", "f8"),
        ("wait_m", "f8"),
        ("wait_v", "f8"),
        ("wait_k", "f8"),
        ("utilization", "f8"),
        ("instances", "f8"),
        ("cost_per_hour", "f8"),
        # what the engine makes of it
        ("held", "f8"),
        ("most", "f8"),  # the most it had to do with in one tick so far
        ("ok", "f8"),
        ("throttled_share", "f8"),
        ("rejected_share", "f8"),
        ("failed_share", "f8"),
        ("timed_out_share", "f8"),
        ("latency", MIXTURE),
        ("version", "i8"),  # of that mixture, which is composed anew when a part of it has moved
        ("fresh", "i8"),  # whether this tick did
        ("composed_of", "f8", (5,)),  # svc_m, svc_v, wait_p, wait_m, wait_v as last composed
        ("arrivals", "f8"),
        ("served", "f8"),
        ("throttled", "f8"),
        ("rejected", "f8"),
        ("failed", "f8"),
        ("timed_out", "f8"),
        ("expired", "f8"),
        ("goodput", "f8"),
        ("backlog", "f8"),
        ("latency_mean", "f8"),
        ("answer_m", "f8"),  # mean time (s) that the callees take to answer
        ("punctual", "f8"),  # of a source: share of answers within the deadlines of their classes
        ("late", "f8"),  # answers/s that came too late for those who asked in this tick
        ("own_latency_mean", "f8"),
        ("loss_total", "f8", (CAUSES,)),
        ("loss_since", "f8", (CAUSES,)),
        ("losing", "i8"),  # causes of loss that have begun and not ended
        ("cost_total", "f8"),
    ],
    align=True,
)

LINK = np.dtype(
    [
        # plan
        ("source", "i8"),
        ("target", "i8"),
        ("mode", "i8"),
        ("stage", "i8"),
        ("operation", "i8"),
        ("source_port", "i8"),
        ("target_port", "i8"),
        ("calls", "f8"),
        ("share", "f8"),
        ("payload_kb", "f8"),
        ("network_s", "f8"),
        ("p_source", "i8"),
        ("p_target", "i8"),
        ("guard", "i8"),  # the caller's timeout, retries …; 0 without any
        ("asks_first", "i8"),  # the caller's link to a cache that it asks before this; -1: none
        ("spared", "i8"),  # a cache's: what fails here is asked of those behind it instead
        ("given_network_s", "f8"),
        # forward: caller to callee
        ("weight", "f8"),
        ("hits", "f8"),  # of a cache, which writes it: the share of reads answered that were hits
        ("fetched", "f8"),  # and the share of what missed that the caller then got elsewhere
        ("reads", "f8"),
        ("writes", "f8"),
        ("taken", "f8"),  # of both, what the callee found: the last tick's, where its turn is first
        ("kb", "f8"),
        ("ca2", "f8"),
        ("balancing", "i8"),
        ("surge", "f8"),  # places at a balancer for those who wait for its targets
        ("sent_s", "f8"),
        # faults on the link, and the shares of this tick's attempts that they end
        ("afflicted", "i8"),
        ("fault", "f8", (FAULT_LEVELS,)),
        ("failing", "f8"),
        ("choking", "f8"),
        ("whole_reads", "f8"),
        ("whole_writes", "f8"),
        ("whole_pull", "f8"),
        ("cut_total", "f8"),  # attempts
        # pull: consumer to queue
        ("pull", "f8"),
        ("completed", "f8"),
        ("returned", "f8"),
        # what the two ends of a control link tell each other, as their services agree
        ("signal", "f8", (SIGNALS,)),
        # what targets tell their balancer: those registered (-1: it does not say), those of them
        # that its health checks let requests go to, and what waits in the places of its surge queue
        ("hosts", "f8"),
        ("healthy", "f8"),
        ("surged", "f8"),
        # the ledger of one consumer of a stream, or of one target that is pushed to
        ("held", "f8"),
        ("held_before", "f8"),
        ("entered", "f8"),
        ("expired", "f8"),
        # backward: what the attempts of this tick meet
        ("version", "i8"),  # of the callee's latency as last composed, and its part in it
        ("part", "f8"),
        ("ok", "f8"),
        ("throttled", "f8"),
        ("rejected", "f8"),
        ("failed", "f8"),
        ("timed_out", "f8"),
    ],
    align=True,
)

EVENT = np.dtype([("t", "f8"), ("node", "i8"), ("kind", "i8"), ("x", "f8", (6,))], align=True)

WORLD = np.dtype(
    [
        ("n", "i8"),
        ("dt", "f8"),
        ("t", "f8"),
        ("epoch", "f8"),
        ("era", "i8"),
        ("seed", "u8"),
        ("load", "f8"),
        ("nodes", "i8"),
        ("nodes_n", "i8"),
        ("links", "i8"),
        ("links_n", "i8"),
        ("ins", "i8"),
        ("ins_n", "i8"),
        ("order", "i8"),
        ("classes", "i8"),
        ("node_mix", "i8"),
        ("link_mix", "i8"),
        ("route", "i8"),
        ("events", "i8"),
        ("events_n", "i8"),
        ("events_max", "i8"),
        ("events_lost", "i8"),
        ("balance_error", "f8"),
        ("balance_node", "i8"),
        ("faults", "i8"),
        ("faults_n", "i8"),
        ("faults_due_s", "f8"),  # until then all is as it was
        ("part", "i8"),  # the part of the diagram whose turn it is
    ],
    align=True,
)


class Tick(NamedTuple):
    """The clock, and the node's place in the diagram, as a law sees them.

    ``n`` counts ticks from 0; ``t`` is the start of the tick (s since the run's start) and ``dt``
    its length; ``epoch`` is the Unix time of ``t``; ``load`` multiplies all sources; ``key`` and
    ``seed`` key the random numbers; ``node`` is the node's index.  ``out`` are the node's own
    outgoing LINK records; its incoming ones are ``links[j] for j in ins``.  ``table`` is what
    ``prepare`` returned (f8).  ``mix[0, k]``, ``mix[1, k]`` are the reads/s and writes/s of
    request class k that arrived, and ``route[i, k]`` the share of class k that takes outgoing
    link i, which a law that discriminates may write.
    """

    n: int
    t: float
    dt: float
    epoch: float
    era: int
    load: float
    seed: int
    key: int
    node: int
    ins: np.ndarray
    links: np.ndarray
    out: np.ndarray
    table: np.ndarray
    mix: np.ndarray
    route: np.ndarray
    world: np.ndarray
    events: np.ndarray


@compiled
def emit(tick, kind, a=0.0, b=0.0, c=0.0, d=0.0, e=0.0, f=0.0):
    """Record an event of the service's ``events[kind]`` with the numbers that caused it."""
    world = tick.world[0]
    i = world.events_n
    if i >= world.events_max:
        world.events_lost += 1
        return
    event = tick.events[i]
    event.t = tick.t
    event.node = tick.node
    event.kind = kind
    event.x[0] = a
    event.x[1] = b
    event.x[2] = c
    event.x[3] = d
    event.x[4] = e
    event.x[5] = f
    world.events_n = i + 1


@inlined
def boundary(tick, period_s):
    """Whether a period of ``period_s`` ends with this tick."""
    return due(tick.n, tick.dt, period_s)


@inlined
def capacity_left(io):
    """The share of a node's capacity that faults leave it."""
    return (1.0 - io.fault[CAPACITY_CUT]) * (1.0 - io.fault[ZONE_OUTAGE])


@inlined
def struck_now(io):
    """Whether instances stop in this tick, and other things that happen once."""
    return io.afflicted & STRUCK != 0


@inlined
def stopping(io, count):
    """Of so many instances alike, how many stop in this tick: killed, or in a zone that fails."""
    # a zone that fails within the tick counts in part among the faults, whole among what strikes
    before = 1.0 - max(0.0, io.fault[ZONE_OUTAGE] - io.struck[ZONE_OUTAGE])
    left = count
    if io.struck[ZONE_OUTAGE] > 0.0:  # the others stand in the zones that were left
        left *= 1.0 - min(1.0, io.struck[ZONE_OUTAGE] / before)
    left = left * (1.0 - io.struck[KILL_INSTANCES]) - io.struck[KILL_COUNT]
    return count - max(0.0, left)


@intrinsic
def pointer(typing_context, address):
    """An address as a pointer that ``carray`` takes."""
    signature = types.voidptr(types.int64)

    def generate(context, builder, signature, args):
        return builder.inttoptr(args[0], ir.IntType(8).as_pointer())

    return signature, generate


@inlined
def node_of(tick, i):
    """The node of that index: a link's source or target, or who keeps an account's books."""
    world = tick.world[0]
    return carray(pointer(world.nodes), world.nodes_n, NODE)[i]


@inlined
def state_of(tick, i, dtype):
    """The state of that node, whose service's record is known."""
    return carray(pointer(node_of(tick, i).s), 1, dtype)[0]


@inlined
def share_taken(tick, link):
    """The share of what was handed over in the last tick that the target took."""
    return (1.0 - link.failing - link.choking) * node_of(tick, link.target).ok
