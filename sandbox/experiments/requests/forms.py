"""Which closed form a station or path of a frozen present has, if any."""

from __future__ import annotations

import math

from sandbox.experiments.requests import records as r
from sandbox.experiments.requests import theory
from sandbox.experiments.requests.plan import Plan
from sandbox.experiments.requests.theory import SERVERS_MOST, Form, none

POISSON = "that requests arrive at random (Poisson)"
_EXPONENTIAL = 1e-9
_SELDOM = 1e-6  # share lost, that no figure shows


def of_node(plan: Plan, node: str) -> Form:
    """The closed form of one station by itself: its wait and service, without its calls."""
    i = plan.index(node)
    row, rate = plan.nodes[i], float(plan.flows[i])
    kind = int(row["kind"])
    if kind == r.SOURCE:
        return of_path(plan, node)
    if kind == r.BALANCER:
        return none("a balancer adds a constant time and has no queue")
    if kind == r.STAGE:
        return none("its time is taken over from the run; there is no queue to compute")
    if rate <= 0:
        return none("nothing arrives")
    calls = row["holds"] and row["links"] > 0
    if calls:
        return none("its servers are held while the services it calls work: no closed form")
    mean = float(row["mean"])
    if mean <= 0:
        return none("its service takes no time")
    group = plan.groups[int(row["group"])]
    servers, count = int(group["servers"]), int(row["groups"])
    exponential = _exponential(row)
    if kind == r.FUNCTION:
        if math.isfinite(row["timeout_s"]) and float(row["timeout_s"]) < 20 * mean:
            return none("some invocations are cut off by its timeout: no closed form")
        held = mean + float(row["extra_p"] * row["extra_mean"])
        return _assuming(_capped(servers, theory.loss_system(rate, held, servers)), plan, i)
    if int(group["processors"]) > 0:
        if row["cpu"] < 1.0 or (row["places"] >= 0 and row["places"] < 1000):
            return none("threads wait for processors and for other things: no closed form")
        servers = int(group["processors"])  # threads enough: the processors are the servers
    if servers * count > SERVERS_MOST:
        return none(f"more than {SERVERS_MOST:,} servers: nobody waits for long")
    policy, places = int(row["policy"]), int(row["places"])
    if count == 1 or policy == r.POOLED:
        form = _pooled(row, rate, mean, servers, places, exponential)
    elif places >= 0 and places < 1000:
        return none("queues of their own with a limit: no closed form here")
    elif policy == r.RANDOM:
        if exponential:
            form = theory.dealt_at_random(rate, mean, count, servers)
        elif servers == 1:
            one = theory.mg1(rate / count, mean, _cv2(row), int(row["shape"]) == r.DETERMINISTIC)
            form = Form(f"{count:,} × {one.name}", one.inputs, one.values, why_not=one.why_not)
        else:
            return none("M/G/c with random choice has no closed form")
    elif policy == r.ROUND_ROBIN and exponential and servers == 1:
        form = theory.in_turn(rate, mean, count)
    elif policy == r.LEAST:
        return none("joining the shortest queue has no closed form")
    else:
        return none("round robin over queues with several servers has no closed form")
    return _assuming(form, plan, i)


def of_path(plan: Plan, source: str) -> Form:
    """The mean end to end of a network in product form: all stations M/M/c and none held."""
    i = plan.index(source)
    if any(x["users"] > 0 for x in plan.roots):
        return _closed_loop(plan, i)
    visits = _visits(plan, i)
    total, parts = 0.0, []
    for k, node in enumerate(plan.ids):
        if visits[k] <= 0.0 or k == i:
            continue
        row = plan.nodes[k]
        kind = int(row["kind"])
        if row["refused"].sum() > 0:
            return none(f"{plan.labels[node]} turns requests away: no product form")
        if kind in (r.BALANCER, r.STAGE):
            mean = float(row["mean"])
            mean += float(row["extra_p"]) * (float(row["extra_mean"]) - mean)
        elif kind == r.FUNCTION:
            return none(
                f"{plan.labels[node]} turns requests away when all its environments are busy"
            )
        else:
            form = of_node(plan, node)
            lost = form.get("lost") or 0.0
            if form.why_not or not form.name.startswith("M/M/") or lost > _SELDOM:
                return none(f"{plan.labels[node]} is no M/M/c, which a product form needs")
            mean = form.get("mean") or 0.0
        total += visits[k] * mean
        parts.append((plan.labels[node], f"{visits[k]:.3g} × {1e3 * mean:.4g} ms"))
    if not parts:
        return none("nothing is called")
    for x, link in enumerate(plan.links[: len(plan.link_ids)]):
        if math.isfinite(link["timeout_s"]) or link["attempts"] > 1:
            return none("time-outs and attempts: no product form")
        same = [y for y in range(len(plan.link_ids)) if _together(plan, x, y)]
        if same:
            return none("calls in parallel: no product form for the slowest of them")
        caller = _caller(plan, x)
        total += visits[caller] * _sent(plan, caller, x) * float(link["network_s"])
    if len(plan.shares) > 1:
        return none("several request classes: no product form here")
    return _assuming(
        Form("Jackson network (product form)", tuple(parts), (("mean", total),)), plan, i
    )


def _pooled(row, rate, mean, servers, places, exponential) -> Form:  # type: ignore[no-untyped-def]
    if places >= 0:
        if not exponential:
            return none("M/G/c with a limited queue has no closed form")
        if places > 100_000 or servers > 100_000:
            places = -1  # as good as unlimited
        else:
            return theory.mmck(rate, mean, servers, places)
    if exponential:
        return theory.mmc(rate, mean, servers)
    if servers == 1:
        return theory.mg1(rate, mean, _cv2(row), int(row["shape"]) == r.DETERMINISTIC)
    return none(f"M/G/{servers:,} has no closed form unless service is exponential")


def _capped(servers: int, form: Form) -> Form:
    return none("too many environments to compute with") if servers > SERVERS_MOST else form


def _cv2(row) -> float:  # type: ignore[no-untyped-def]
    if int(row["shape"]) == r.DETERMINISTIC:
        return 0.0
    return float(row["variance"]) / float(row["mean"]) ** 2


def _exponential(row) -> bool:  # type: ignore[no-untyped-def]
    shape = int(row["shape"])
    if shape == r.EXPONENTIAL:
        return True
    one = abs(_cv2(row) - 1.0) < _EXPONENTIAL
    return one and shape in (r.GAMMA, r.HYPEREXPONENTIAL)


def _assuming(form: Form, plan: Plan, i: int) -> Form:
    """What the form takes for granted of the arrivals, where that is not sure."""
    bursty = [float(x["cv2"]) for x in plan.roots if not x["background"] and x["cv2"] != 1.0]
    if form.why_not:
        return form
    if any(x["users"] > 0 for x in plan.roots):
        return _closed_loop(plan, i)
    if bursty:
        return none(f"arrivals are not Poisson (cv² = {bursty[0]:.3g}): no closed form here")
    again = any(x["attempts"] > 1 for x in plan.links if int(x["target"]) == i)
    direct = not again and all(
        _plain(plan, k) for k in range(len(plan.ids)) if k != i and _leads(plan, k, i)
    )
    return form if direct else Form(form.name, form.inputs, form.values, POISSON)


def _closed_loop(plan: Plan, i: int) -> Form:
    """Users who wait for their answers, if there is but one station, and each asks it once."""
    stations = [k for k, row in enumerate(plan.nodes) if int(row["kind"]) >= r.STATION]
    guarded = any(x["attempts"] > 1 or math.isfinite(x["timeout_s"]) for x in plan.links)
    if len(plan.roots) > 1 or len(stations) != 1 or guarded:
        return none("users who wait for answers have a closed form for one station only")
    k = stations[0]
    row, root = plan.nodes[k], plan.roots[0]
    users, group = int(root["users"]), plan.groups[int(row["group"])]
    visits = _visits(plan, int(root["node"]))
    simple = int(row["kind"]) == r.STATION and row["groups"] == 1 and not group["processors"]
    if not simple or not _exponential(row) or abs(visits[k] - 1.0) > _SELDOM:
        return none("users who wait for answers have a closed form for a simple station only")
    if row["places"] >= 0 or (row["holds"] and row["links"]) or users > SERVERS_MOST:
        return none("users who wait for answers have a closed form for a simple station only")
    away = sum(
        visits[x] * float(other["mean"])
        for x, other in enumerate(plan.nodes)
        if x != k and int(other["kind"]) != r.SOURCE
    )
    think = float(root["think_s"]) + away
    form = theory.finite_source(users, think, float(row["mean"]), int(group["servers"]))
    if i == k:
        return form
    mean = (form.get("mean") or 0.0) + away
    return Form(form.name, form.inputs, (("mean", mean),))


def _plain(plan: Plan, k: int) -> bool:
    """Whether what leaves a node is as random as what enters it (Burke 1956)."""
    row = plan.nodes[k]
    if int(row["kind"]) == r.SOURCE:
        return True
    if int(row["kind"]) in (r.BALANCER, r.STAGE):
        return True
    return bool(row["places"] < 0 and not row["holds"] and row["groups"] == 1 and _exponential(row))


def _leads(plan: Plan, k: int, i: int) -> bool:
    seen, waiting = {k}, [k]
    while waiting:
        row = plan.nodes[waiting.pop()]
        for x in range(int(row["link"]), int(row["link"] + row["links"])):
            target = int(plan.links[x]["target"])
            if target == i:
                return True
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return False


def _visits(plan: Plan, source: int) -> list[float]:
    """Visits to each node for one request of a source (class 0); loops are followed 50 deep."""
    visits = [0.0] * len(plan.ids)
    now = [0.0] * len(plan.ids)
    now[source] = 1.0
    for _ in range(50):
        coming = [0.0] * len(plan.ids)
        for k, amount in enumerate(now):
            visits[k] += amount
            if amount > 0.0:
                row = plan.nodes[k]
                for x in range(int(row["link"]), int(row["link"] + row["links"])):
                    coming[int(plan.links[x]["target"])] += amount * _sent(plan, k, x)
        now = coming
        if sum(now) < 1e-9:
            break
    return visits


def _sent(plan: Plan, k: int, x: int) -> float:
    """Calls over link x for one visit to its caller k."""
    row = plan.nodes[k]
    amount = float(plan.amounts[x, 0])
    if not row["balances"]:
        return amount
    first = int(row["link"])
    total = float(plan.amounts[first : first + int(row["links"]), 0].sum())
    return amount / total if total > 0 else 0.0


def _caller(plan: Plan, x: int) -> int:
    return next(
        k for k, row in enumerate(plan.nodes) if row["link"] <= x < row["link"] + row["links"]
    )


def _together(plan: Plan, x: int, y: int) -> bool:
    if x == y or plan.links[x]["stage"] != plan.links[y]["stage"]:
        return False
    caller = _caller(plan, x)
    return caller == _caller(plan, y) and not plan.nodes[caller]["balances"]
