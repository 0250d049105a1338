"""Which targets a request goes to: listener rules by path and host, target groups, zones."""

from __future__ import annotations

import math
from fnmatch import fnmatchcase
from typing import Any

import numpy as np

from sandbox.kernels.compiled import compiled
from sandbox.services.contract import LinkView, Setup
from sandbox.services.law import SYNC

LAMBDA_KB = 1024.0  # ALB user guide: Lambda functions as targets, 1 MB either way
FREE_RULES = 10  # Elastic Load Balancing pricing: rules that cost nothing for a request
MOST_ZONES = 8  # with the one of those that stand in none; a region has six at most

Rule = tuple[int, str, str]  # priority, path, host: in the order in which they are tried


def rules(setup: Setup) -> list[Rule]:
    """The rules of the listener but the default one, in the order in which they are tried."""
    return sorted({rule for out in setup.outs if (rule := rule_of(out))})


def rule_of(link: LinkView) -> Rule | None:
    path, host = link.params["path_pattern"], link.params["host_header"]
    return (link.params["priority"], path, host) if path or host else None


def requests(setup: Setup) -> list[tuple[str, str, float | None]]:
    """(path, host, KB) of each request class."""
    found = [(c.path, str(c.attributes.get("host", "")), c.payload_kb) for c in setup.classes]
    return found or [("/", "", None)]


def takes(rule: Rule, path: str, host: str) -> bool:
    """Whether a request meets all conditions of a rule; of paths, case counts."""
    _, wanted, at = rule
    return (not wanted or _like(path, wanted)) and (not at or _like(host.lower(), at.lower()))


def _like(text: str, pattern: str) -> bool:
    return fnmatchcase(text, pattern.replace("[", "[[]"))  # brackets are plain text here


def billed(setup: Setup, application: bool) -> list[float]:
    """By class, how many rules that cost something a request is held against."""
    known = rules(setup) if application else []
    found = []
    for path, host, _ in requests(setup):
        tried = next((i + 1 for i, r in enumerate(known) if takes(r, path, host)), len(known))
        found.append(float(max(0, tried - FREE_RULES)))
    return found


def route(setup: Setup, application: bool) -> np.ndarray:
    """1 where a class takes a link: those of its first matching rule, else those of the default.

    What is too large for a function does not go to one.
    """
    classes = requests(setup)
    if not application:
        return np.ones((len(setup.outs), len(classes)))
    taken = np.zeros((len(setup.outs), len(classes)))
    known = rules(setup)
    for k, (path, host, size) in enumerate(classes):
        wanted = next((rule for rule in known if takes(rule, path, host)), None)
        for j, link in enumerate(setup.outs):
            fits = link.service != "lambda_function" or (size or 0.0) <= LAMBDA_KB
            taken[j, k] = float(fits and rule_of(link) == wanted)
    return taken


def plan(setup: Setup, application: bool, cross_zone: bool) -> tuple[np.ndarray, bool]:
    """The table of the law, and whether links have to be weighed.

    For each class its billed rules; then for each link whether it goes to a function, the first
    link of its target group, and its zones as bits (bit 0: in none).
    """
    zones = sorted({zone for out in setup.outs for zone in out.standing})[: MOST_ZONES - 1]
    groups: dict[Any, int] = {}
    rows = []
    weigh = False
    for j, out in enumerate(setup.outs):
        name = out.params["target_group"]
        first = groups.setdefault((rule_of(out), name) if name else j, j)
        weigh |= first != j
        bits = sum(2.0 ** (1 + zones.index(z)) for z in out.standing if z in zones) or 1.0
        rows.append((float(out.service == "lambda_function"), float(first), bits))
    # without zones there is nothing but hosts to go by
    if cross_zone or not zones:
        rows = [(function, first, 1.0) for function, first, _ in rows]
    return np.array([*billed(setup, application), *(x for row in rows for x in row)]), weigh


@compiled
def _hosts(link, any_healthy):
    """What a link's share is measured by: hosts that are healthy, or all when none is."""
    if link.hosts < 0.0:
        return 1.0
    return link.healthy if any_healthy else link.hosts


@compiled
def weigh(tick, rows):
    """Divide what a target group gets among its links: evenly by zone, then by healthy hosts.

    A zone without a healthy host gets nothing. Returns how many groups have hosts but no healthy
    one: these get requests all the same (fail-open).
    """
    n = tick.out.shape[0]
    open_groups = 0.0
    for g in range(n):
        if rows[3 * g + 1] != g:
            continue
        hosts = healthy = members = 0.0
        for j in range(g, n):
            link = tick.out[j]
            if rows[3 * j + 1] == g and link.mode == SYNC:
                members += 1.0
                hosts += _hosts(link, False)
                healthy += _hosts(link, True)
        alive = healthy > 0.0
        open_groups += 1.0 if hosts > 0.0 and not alive else 0.0
        if members <= 1.0:
            continue
        zones = 0.0
        bit = 1.0
        for _ in range(MOST_ZONES):
            if _in_zone(tick, rows, g, bit, alive) > 0.0:
                zones += 1.0
            bit *= 2.0
        for j in range(g, n):
            if rows[3 * j + 1] != g:
                continue
            mine = _hosts(tick.out[j], alive)
            if zones == 0.0:  # nobody is registered: the targets say so
                tick.out[j].weight = 1.0 / members
                continue
            weight = 0.0
            bit = 1.0
            for _ in range(MOST_ZONES):
                if _stands(rows[3 * j + 2], bit):
                    there = _in_zone(tick, rows, g, bit, alive)
                    if there > 0.0:
                        weight += mine / _count(rows[3 * j + 2]) / there / zones
                bit *= 2.0
            tick.out[j].weight = weight
    return open_groups


@compiled
def _stands(bits, bit):
    return math.floor(bits / bit) % 2.0 == 1.0


@compiled
def _count(bits):
    found = 0.0
    while bits >= 1.0:
        found += bits % 2.0
        bits = math.floor(bits / 2.0)
    return found


@compiled
def _in_zone(tick, rows, g, bit, alive):
    """The hosts of a group in one zone; a target in several zones is spread over them evenly."""
    found = 0.0
    for j in range(g, tick.out.shape[0]):
        if rows[3 * j + 1] == g and _stands(rows[3 * j + 2], bit):
            found += _hosts(tick.out[j], alive) / _count(rows[3 * j + 2])
    return found
