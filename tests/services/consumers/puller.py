"""A consumer for tests: asks for a fixed rate, takes a fixed time, fails on a fixed share."""

from sandbox.kernels.compiled import compiled
from sandbox.kernels.delay import following, pop, push, total
from sandbox.services.contract import Port, Service
from sandbox.services.law import PULL
from sandbox.services.params import Parameters, param


class Params(Parameters):
    rate_per_s: float = param(50.0, "Messages it asks for.", ge=0)
    time_s: float = param(0.0, "Time for each.", ge=0)
    start_s: float = param(0.0, "When it begins to ask.", ge=0)
    fail_share: float = param(0.0, "Share that fails beside what is poison.", ge=0, le=1)


class State:
    head: int


class Cell:
    good: float
    bad: float


def cells_count(params, setup):
    return int(params.time_s / setup.dt) + 3


@compiled
def step(p, s, io, cells, tick):
    good, bad = cells.good, cells.bad
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode == PULL:
            failing = link.failed + (1.0 - link.failed) * p.fail_share
            amount = link.writes * tick.dt
            push(good, s.head, amount * (1.0 - failing), p.time_s, tick.dt)
            push(bad, s.head, amount * failing, p.time_s, tick.dt)
            link.completed = pop(good, s.head) / tick.dt
            link.returned = pop(bad, s.head) / tick.dt
            s.head = following(good, s.head)
            link.pull = p.rate_per_s if tick.t + tick.dt >= p.start_s else 0.0
            io.done = link.completed + link.returned
    io.in_flight = total(good) + total(bad)
    io.svc_m = p.time_s


SERVICE = Service(
    id="puller",
    title="Puller",
    category="compute",
    summary="For tests.",
    params=Params,
    state=State,
    cell=Cell,
    cells_count=cells_count,
    ports=(Port("in", "in", "Messages", modes=("pull",)),),
    step=step,
)
