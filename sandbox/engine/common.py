"""The rules of the metrics that every node has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sandbox.engine.history import now_quantile
from sandbox.services.law import (
    ASYNC,
    CONTROL,
    GUARDS,
    PULL,
    SOURCE,
    STREAM,
    SYNC,
    TRANSPARENT,
)

if TYPE_CHECKING:
    from sandbox.engine.why import Reason, Term, View

LATENCY = "Model: a station's wait, and cumulants added along synchronous calls"
_KINDS = ("throttled", "rejected", "failed", "timed_out")


def reasons(view: View) -> Iterator[Reason]:
    """Reasons for the common metrics of a node."""
    flags = int(view.row["flags"])
    yield from _arrivals(view, flags)
    # clients that try again count what ended in this tick, whenever it began
    again = flags & SOURCE and flags & GUARDS
    if not again:
        yield _served(view)
        yield from (_lost(view, kind, flags) for kind in _KINDS)
    yield from _backlog(view, flags)
    yield from _latency(view)
    yield _cost(view)


def _arrivals(view: View, flags: int) -> Iterator[Reason]:
    if flags & SOURCE:
        if "offered" in view.infos:
            offered = view.term("offered")
            yield view.reason("arrivals", "What the source offers.", (offered,), offered.value)
        return
    terms = tuple(_flows_in(view))
    lost = _term("Lost on the way to faults", _lost_on_the_way(view), "1/s")
    if lost.value > 0:
        rule = "The sum of what its links bring, retries included, without what faults end on them."
        found = sum(term.value for term in terms) - lost.value
        yield view.reason("arrivals", rule, (*terms, lost), found)
        return
    rule = "The sum of what its links bring, retries included."
    yield view.reason("arrivals", rule, terms, sum(term.value for term in terms))


def _lost_on_the_way(view: View) -> float:
    links = view.run.program.links[_links_in(view)]
    ended = links[(links["afflicted"] != 0) & (links["mode"] != PULL)]
    share = ended["failing"] + ended["choking"]
    return float(((ended["reads"] + ended["writes"]) * share).sum())


def _links_in(view: View) -> np.ndarray:
    first, count = int(view.row["ins"]), int(view.row["ins_n"])
    return view.run.program.ins[first : first + count]


def _flows_in(view: View) -> Iterator[Term]:
    program = view.run.program
    for j in _links_in(view):
        link = program.links[j]
        if link["mode"] != CONTROL:
            source = program.records[int(link["source"])]
            words = {PULL: "pulled from", ASYNC: "handed over by"}.get(int(link["mode"]), "from")
            title = f"{words} {source.label or source.id}"
            yield _term(title[:1].upper() + title[1:], float(link["taken"]), "1/s")


def _served(view: View) -> Reason:
    done = _term("Completed", float(view.row["done"]), "1/s")
    ok = _term("Share that its callees answered", float(view.row["down_ok"]), "share")
    rule = "Completions whose callees all answered: completed × share answered."
    return view.reason("served", rule, (done, ok), done.value * ok.value)


def _lost(view: View, kind: str, flags: int) -> Reason:
    """By cause, and what the callees did to those that were passed on."""
    terms = []
    for cause, rate in zip(view.service.losses, view.row["loss"], strict=False):
        if cause.kind == kind:
            source = cause.source if cause.source != "assumption" else ""
            terms.append(_term(cause.text[:1].upper() + cause.text[1:], float(rate), "1/s", source))
    total = sum(term.value for term in terms)
    rule = "The sum over its causes."
    done = _term("Completed", float(view.row["done"]), "1/s")
    if flags & (TRANSPARENT | SOURCE):
        share = _term(f"Share {_verb(kind)} by callees", float(view.row[f"down_{kind}"]), "share")
        terms += [done, share]
        total += done.value * share.value
        rule = "The sum over its causes, and what its callees did: completed × their share."
    elif kind == "failed":
        share = _term(
            "Share that a callee did not answer", 1.0 - float(view.row["down_ok"]), "share"
        )
        terms += [done, share]
        total += done.value * share.value
        rule = "The sum over its causes, and calls that fail it: completed × share not answered."
    if not terms:
        rule = "It knows no cause for this loss."
    return view.reason(kind, rule, tuple(terms), total)


def _verb(kind: str) -> str:
    return kind.replace("_", " ")


def _backlog(view: View, flags: int) -> Iterator[Reason]:
    waiting = _term("Waiting", float(view.row["waiting"]))
    if not flags & STREAM:
        yield view.reason("backlog", "What waits to be worked on.", (waiting,), waiting.value)
        return
    lag = _term("Unread by the consumer that is furthest behind", float(view.row["lag"]))
    rule = "What waits, and what the slowest consumer has yet to read."
    yield view.reason("backlog", rule, (waiting, lag), waiting.value + lag.value)


def _latency(view: View) -> Iterator[Reason]:
    row = view.row
    own = (
        _term("Service time", float(row["svc_m"]), "s"),
        _term("Share that waits", float(row["wait_p"]), "share"),
        _term("Their wait", float(row["wait_m"]), "s"),
    )
    rule = "Service time + share that waits × their wait."
    made = own[0].value + own[1].value * own[2].value
    yield view.reason("own_latency_mean", rule, own, made, LATENCY)
    callees = tuple(_callees(view))
    mine = view.term("own_latency_mean")
    answer = _term("Time until its callees have answered", float(row["answer_m"]), "s")
    rule = "Its own + what its synchronous callees take; stages one after another, in parallel "
    rule += "within a stage."
    made = mine.value + answer.value
    yield view.reason("latency_mean", rule, (mine, answer, *callees), made, LATENCY)
    for p in (50, 95, 99):
        yield _percentile(view, p)


def _callees(view: View) -> Iterator[Term]:
    program = view.run.program
    first, count = int(view.row["out"]), int(view.row["out_n"])
    found = [link for link in program.links[first : first + count] if link["mode"] == SYNC]
    stages = sorted({int(link["stage"]) for link in found})
    for link in sorted(found, key=lambda one: int(one["stage"])):
        callee = program.records[int(link["target"])]
        stage = stages.index(int(link["stage"])) + 1
        many = f", {link['part']:.3g} a request" if link["part"] != 1.0 else ""
        title = f"… {callee.label or callee.id} (stage {stage}{many})"
        latency = float(program.nodes[int(link["target"])]["latency_mean"] + link["network_s"])
        yield _term(title, latency, "s")


def _percentile(view: View, p: int) -> Reason:
    """Solved from the mixture of which its answers are."""
    mix = view.row["latency"]
    terms = []
    for c in range(int(mix["n"])):
        share = float(mix["w"][c])
        spread = float(np.sqrt(max(0.0, float(mix["v"][c]))))
        title = f"Mean of the {share:.1%} of answers of part {c + 1} (± {spread * 1e3:.3g} ms)"
        terms.append(_term(title, float(mix["m"][c]), "s"))
    rule = f"The time within which {p} % of the answers come: the quantile of a distribution with "
    rule += "the mean, variance and skewness of each part."
    return view.reason(f"latency_p{p}", rule, tuple(terms), now_quantile(mix, p / 100), LATENCY)


def _cost(view: View) -> Reason:
    from sandbox.engine.why import bill

    lines = bill(view.run, view.node)
    terms = tuple(_term(line.title, line.usd_per_hour, "USD/h", _public(line.source))
                  for line in lines)  # fmt: skip
    rule = "The sum of the lines of its bill." if terms else "It is not billed."
    return view.reason("cost_per_hour", rule, terms, sum(term.value for term in terms))


def _public(source: str) -> str:
    return source if source != "assumption" else ""


def _term(title: str, value: float, unit: str = "", source: str = "") -> Term:
    from sandbox.engine.why import Term

    return Term(title, value, unit, source)
