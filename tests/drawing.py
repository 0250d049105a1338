"""Hypothesis strategies: parameters of services and of links as any diagram could have them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sandbox.services import catalogue
from sandbox.services.params import Parameters, ParamInfo, complaints

CATALOGUE = catalogue()


def value(info: ParamInfo) -> st.SearchStrategy[Any]:
    """Any value that a parameter may have, its bounds before others."""
    if info.kind == "bool":
        found: st.SearchStrategy[Any] = st.booleans()
    elif info.kind == "choice":
        found = st.sampled_from(info.choices)
    elif info.kind == "int":
        lo = int(info.lo or 0) + info.lo_open
        hi = int(info.hi) if info.hi is not None else 10**6
        found = st.sampled_from([lo, hi]) | st.integers(lo, min(hi, lo + 1000))
    elif info.kind == "float":
        lo, hi = info.lo or 0.0, info.hi if info.hi is not None else 1e6
        within = st.floats(lo, hi, exclude_min=info.lo_open, allow_subnormal=False)
        edges = [hi] if info.lo_open else [lo, hi]
        found = (
            st.sampled_from(edges)
            | within
            | st.floats(lo, min(hi, lo + 10)).filter(lambda x: x > lo)
        )
    elif info.kind == "record" and any(f.name == "metric" for f in info.fields):
        found = st.none()  # a reference to a metric needs a node to refer to
    elif info.kind == "record":
        found = values(info.fields)
    elif info.kind == "list":
        found = st.lists(values(info.fields), max_size=min(3, info.max_items or 3))
    elif info.kind == "pairs":
        found = st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 1000)), max_size=4)
    else:
        found = st.just(info.default)
    return st.none() | found if info.optional else found


def values(infos: tuple[ParamInfo, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Some parameters of a service, the others at their defaults."""
    return st.fixed_dictionaries({}, optional={info.name: value(info) for info in infos})


def allowed(model: type[Parameters], found: dict[str, Any]) -> dict[str, Any]:
    """Without what the service refuses, since some values exclude each other."""
    while wrong := complaints(model, found):
        name = wrong[0][0].split(".")[0]
        if name in found:
            del found[name]
        else:
            found.pop(next(iter(found)))
    return found


def of_service(service_id: str) -> st.SearchStrategy[dict[str, Any]]:
    service = CATALOGUE[service_id]
    return values(service.parameters()).map(lambda found: allowed(service.params, found))
