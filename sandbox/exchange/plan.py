"""From resources to a plan: nodes first, then what they and their parts say, then evidence.

The order matters and is this:
1. nodes, so that a reference can be told to mean one;
2. what stands for another resource, such as an alias for its function;
3. each node's parameters and ties, then the parts (mappings, subscriptions, rules, policies…);
4. connectors, which are certain too;
5. what had to wait for all of that: target groups, permissions;
6. roles and environments, which count only where nothing stronger is known;
7. boxes of types that nobody knows, kept only where something sends them load.
"""

from __future__ import annotations

import re

from .evidence import gather
from .families import NODES, PARTS, STANDS, meaning_of
from .template import NESTED, Resource, Stack
from .work import Kind, Planned, Work, get

_PLAIN_ID = re.compile(r"[^A-Za-z0-9_-]")


def plan(stack: Stack) -> Work:
    work = Work(stack)
    for resource in work.resources.values():
        _place(work, resource)
    for resource in work.resources.values():
        if not resource.missing and (path := STANDS.get(resource.type)):
            meant = work.resources_in(resource.properties.get(path))
            if meant:
                work.stands[resource.id] = meant[0].id
                work.nodes.pop(resource.id, None)
    for resource in list(work.resources.values()):
        if not resource.missing and resource.type in NODES:
            _describe(work, resource, NODES[resource.type])
    for resource in list(work.resources.values()):
        if not resource.missing and (part := PARTS.get(resource.type)):
            work.entry(resource.id, "mapped", part(work, resource))
    while work.late:
        work.late.pop(0)()
    # Last of what is certain: a subscription that has a connector too says more of the link.
    for source, target, allowed in stack.connectors:
        params = {}
        if allowed in (("Read",), ("Write",)) and work.nodes.get(target, _NONE).service in _STORES:
            params["operation"] = allowed[0].lower()
        work.link(source, target, "connector", params=params)
    gather(work)
    _drop_candidates(work)
    for id in work.guessed:
        if id in work.entries and work.entries[id].became == "mapped":
            work.entries[id].became = "assumed"
    return work


_NONE = Planned("", "", "")
_STORES = ("dynamodb", "s3", "rds", "elasticache")


def _place(work: Work, resource: Resource) -> None:
    id = resource.id
    kind = NODES.get(resource.type)
    if resource.missing:
        work.entry(id, "without meaning", resource.missing)
    elif kind is not None:
        work.entry(id, "mapped", f"a node: {kind.title}")
        work.nodes[id] = Planned(id, kind.service, id, of=id)
    elif resource.type in NESTED:
        told = id in work.stack.nested
        text = "a group of what is in it" if told else "its template is not at hand"
        work.entry(id, "mapped" if told else "passive", text)
        if not told:
            work.nodes[id] = Planned(id, "endpoint", id, of=id)
            work.candidates.add(id)
    elif resource.type in PARTS:
        work.entry(id, "mapped", "")
    elif (why := meaning_of(resource.type)) is not None:
        work.entry(id, "without meaning", why)
    else:
        work.entry(id, "passive", "a service that is not simulated")
        work.nodes[id] = Planned(id, "endpoint", id, of=id)
        work.candidates.add(id)


def _describe(work: Work, resource: Resource, kind: Kind) -> None:
    for path, parameter in kind.rows:
        work.put(resource.id, parameter, get(resource.properties, path))
    for path, port, why in kind.ties:
        for target in work.meant(get(resource.properties, path)):
            work.link(resource.id, target, why, port=port)
    for name, what in kind.unmodelled.items():
        if resource.properties.get(name):
            work.assume(resource.id, f"not simulated: {what}")
    if kind.more is not None:
        kind.more(work, resource)


def _drop_candidates(work: Work) -> None:
    linked = {end for wish in work.wishes for end in (wish.source, wish.target)}
    for id in work.candidates - linked:
        del work.nodes[id]
        if work.resources[id].type not in NESTED:
            work.entry(id, "without meaning", "nothing in the template sends it load")
