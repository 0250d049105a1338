"""The rules of a distribution that need no clock: lifetimes, cache keys, behaviours, countries."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from sandbox.services.contract import LinkView, Setup

SMALLEST_COMPRESSED_KB = 1000.0 / 1024.0  # CloudFront Developer Guide: Serve compressed files
LARGEST_COMPRESSED_KB = 10_000_000.0 / 1024.0  # CloudFront Developer Guide: Serve compressed files
MOST_VARIANTS = math.log(1e12)  # more are as many as requests: none is hit
LOCATED = 0.998  # CloudFront Developer Guide: Restrict the geographic distribution; accuracy


def lifetime_s(header: str, least: float, usual: float, most: float) -> float:
    """How long (s) an answer with this Cache-Control header is kept: 0 is not at all.

    CloudFront Developer Guide: Manage how long content stays in the cache.
    """
    text = header.lower()
    if re.search(r"\b(no-cache|no-store|private)\b", text):
        return least
    found = re.search(r"s-maxage\s*=\s*(\d+)", text) or re.search(
        r"(?<!-)\bmax-age\s*=\s*(\d+)", text
    )
    if found is None:
        return max(least, usual)
    return min(max(float(found[1]), least), most)


def variants(link: Mapping[str, Any]) -> float:
    """How many copies of one object the cache key tells apart."""
    found = 0.0  # its logarithm: a hundred headers overflow the number itself
    for values, parts in (
        ("cookie_values", "cookies_in_key"),
        ("query_string_values", "query_strings_in_key"),
        ("header_values", "headers_in_key"),
    ):
        found += math.log(link[values]) * link[parts]
    return float(round(math.exp(found))) if found < MOST_VARIANTS else math.exp(MOST_VARIANTS)


def patterns(link: Mapping[str, Any]) -> list[str]:
    return [part.strip() for part in link["path_pattern"].split(",") if part.strip()]


def is_default(link: Mapping[str, Any]) -> bool:
    found = patterns(link)
    return not found or found == ["*"]


def behaviors(setup: Setup) -> list[int]:
    """The links that are no standby, in the order in which their patterns are tried."""
    wanted = [j for j, out in enumerate(setup.outs) if out.mode != "standby"]
    return sorted(
        wanted, key=lambda j: (is_default(setup.outs[j].params), setup.outs[j].params["precedence"])
    )


def chosen(setup: Setup, path: str) -> int:
    """The link of the first behaviour that fits a path; -1 where there is none."""
    for j in behaviors(setup):
        link = setup.outs[j].params
        if is_default(link) or any(_like(path, pattern) for pattern in patterns(link)):
            return j
    return -1


def _like(path: str, pattern: str) -> bool:
    path = path.partition("?")[0]  # the query string is no part of it
    wanted = pattern if pattern.startswith(("/", "*")) else f"/{pattern}"
    return fnmatchcase(path, wanted.replace("[", "[[]"))


def second(outs: Sequence[LinkView], primary: int) -> int:
    """The standby link of a behaviour's origin group; -1 where there is none."""
    name = outs[primary].params["origin_group"]
    for j, out in enumerate(outs):
        if out.mode == "standby" and out.params["origin_group"] == name:
            return j
    return -1


def refused_share(restriction: str, countries: str, country: str) -> float:
    """The share of a country's requests that get 403; whose country is unknown are served."""
    listed = {name.upper() for name in re.findall(r"[A-Za-z]{2}", countries)}
    if restriction == "none" or not country:
        return 0.0
    wanted = (country.upper() in listed) == (restriction == "allow")
    return 0.0 if wanted else LOCATED


def sent_kb(size_kb: float, compress: bool, left: float) -> float:
    """What is sent of an answer: compressed from 1,000 bytes to 10,000,000."""
    fits = SMALLEST_COMPRESSED_KB <= size_kb <= LARGEST_COMPRESSED_KB
    return size_kb * left if compress and fits else size_kb
