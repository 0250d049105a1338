"""The parameters of a distribution, and of its links: a behaviour and the origin it goes to."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import model_validator

from sandbox.services.attempts import Attempts
from sandbox.services.params import Parameters, param

QUOTAS = "Amazon CloudFront Developer Guide: Quotas"
BEHAVIORS = "Amazon CloudFront Developer Guide: Cache behavior settings"
EXPIRATION = "Amazon CloudFront Developer Guide: Manage how long content stays in the cache"
HIT_RATIO = (
    "Amazon CloudFront Developer Guide: Increase the proportion of requests served from cache"
)
FAILOVER = "Amazon CloudFront Developer Guide: Optimize high availability with origin failover"
ORIGIN = "Amazon CloudFront API: Origin, CustomOriginConfig"
GEO = "Amazon CloudFront Developer Guide: Restrict the geographic distribution of your content"
PRICE_CLASSES = "Amazon CloudFront API: PriceClass"
INVALIDATE = "Amazon CloudFront Developer Guide: Invalidate files to remove content"
REGIONAL = "Amazon CloudFront Developer Guide: How CloudFront delivers content"
RTMP = "Amazon CloudFront Developer Guide (2020): Working with RTMP distributions"
STREAMING = "Amazon CloudFront Developer Guide: Video on demand and live streaming"

DEFAULT_TTL_S = 86_400.0  # CreateDistribution, DefaultTTL; BEHAVIORS
MAX_TTL_S = 31_536_000.0  # MaxTTL; BEHAVIORS
MIN_TTL_S = 0.0  # MinTTL; BEHAVIORS
CONNECTION_ATTEMPTS = 3  # ORIGIN: ConnectionAttempts, 1 to 3
CONNECTION_TIMEOUT_S = 10.0  # ORIGIN: ConnectionTimeout, 1 to 10
RESPONSE_TIMEOUT_S = 30.0  # ORIGIN: OriginReadTimeout


class Behavior(Attempts):
    """A cache behaviour: whose requests, what is in the cache key, how long it is kept, and where
    a miss is fetched."""

    timeout_s: float | None = param(
        RESPONSE_TIMEOUT_S,
        "Origin response timeout: who asked gets 504 then. 1 to 120 s; in 2020 4 to 60 s.",
        unit="s",
        ge=1,
        le=120,
        source=ORIGIN,
        confidence="H",
        group="Origin",
    )
    path_pattern: str = param(
        "",
        "Paths that go this way, such as /images/* (* is any text, ? any character, case counts); "
        "several stand with commas between. Empty is the default behaviour, which is tried last.",
        source=BEHAVIORS,
        confidence="H",
        basic=True,
    )
    precedence: int = param(
        0,
        "Behaviours are tried from the lowest number up, and the first that fits takes the "
        "request, however well another would fit.",
        ge=0,
        le=10_000,
        source=BEHAVIORS,
        confidence="H",
        basic=True,
    )
    origin_group: str = param(
        "",
        "An origin group: a standby link of the same name is asked for reads that this origin "
        "fails. Empty is the group of those without a name.",
        source=FAILOVER,
        confidence="H",
        group="Origin",
    )
    connection_attempts: int = param(
        CONNECTION_ATTEMPTS,
        "How often a connection to the origin is tried.",
        ge=1,
        le=3,
        source=ORIGIN,
        confidence="H",
        group="Origin",
    )
    connection_timeout_s: float = param(
        CONNECTION_TIMEOUT_S,
        "How long each try waits.",
        unit="s",
        ge=1,
        le=10,
        source=ORIGIN,
        confidence="H",
        group="Origin",
    )
    caching: Literal["cached", "disabled"] = param(
        "cached",
        "Whether answers to reads are kept; disabled is the managed policy for dynamic content.",
        source=BEHAVIORS,
        confidence="H",
        group="Cache",
    )
    cache_control: str = param(
        "",
        "The Cache-Control header that the origin sends, such as max-age=60, s-maxage=600 or "
        "no-store. The attribute cache_control of a request class comes before it.",
        source=EXPIRATION,
        confidence="H",
        basic=True,
        group="Cache",
    )
    min_ttl_s: float = param(
        MIN_TTL_S, "An answer is kept for so long at least: above 0 even one with no-store.",
        unit="s", ge=0, le=MAX_TTL_S, source=EXPIRATION, confidence="H", group="Cache",
    )  # fmt: skip
    default_ttl_s: float = param(
        DEFAULT_TTL_S,
        "How long an answer is kept if the origin says nothing.",
        unit="s",
        ge=0,
        le=MAX_TTL_S,
        source=EXPIRATION,
        confidence="H",
        group="Cache",
        basic=True,
    )
    max_ttl_s: float = param(
        MAX_TTL_S, "An answer is kept no longer, whatever the origin says.",
        unit="s", ge=0, le=MAX_TTL_S, source=EXPIRATION, confidence="H", group="Cache",
    )  # fmt: skip
    cookies_in_key: int = param(
        0, "Cookies that are forwarded, and so part of the cache key.",
        ge=0, le=100, source=HIT_RATIO, confidence="H", group="Cache key", basic=True,
    )  # fmt: skip
    cookie_values: int = param(
        3, "Different values of each of them.", ge=1, le=1_000_000, group="Cache key"
    )
    query_strings_in_key: int = param(
        0, "Query parameters in the cache key.",
        ge=0, le=100, source=HIT_RATIO, confidence="H", group="Cache key",
    )  # fmt: skip
    query_string_values: int = param(
        3, "Different values of each, other order or case among them.",
        ge=1, le=1_000_000, group="Cache key",
    )  # fmt: skip
    headers_in_key: int = param(
        0, "Headers in the cache key, such as Accept-Language.",
        ge=0, le=100, source=HIT_RATIO, confidence="H", group="Cache key",
    )  # fmt: skip
    header_values: int = param(
        3, "Different values of each.", ge=1, le=1_000_000, group="Cache key"
    )
    all_headers: bool = param(
        False, "Forward all headers: then nothing is cached.",
        source=HIT_RATIO, confidence="H", group="Cache key",
    )  # fmt: skip
    key_count: int | None = param(
        None, "Different objects under these paths (of a live stream: renditions); empty is the "
        "distribution's.", ge=1, le=10_000_000, group="Workload",
    )  # fmt: skip
    object_kb: float | None = param(
        None, "Mean size of an answer; empty is the distribution's.",
        unit="KB", ge=0.01, le=1e8, group="Workload",
    )  # fmt: skip
    live_segment_s: float = param(
        0.0,
        "Live streaming over HTTP: length of a segment; 0 is no stream. All viewers ask for the "
        "newest segment, which is kept as long as it is the newest, and once for each for the "
        "playlist, which is kept for the TTL.",
        unit="s",
        ge=0,
        le=600,
        source=STREAMING,
        confidence="M",
        group="Workload",
    )

    @model_validator(mode="after")
    def _in_order(self) -> Behavior:
        if self.min_ttl_s > self.max_ttl_s:
            raise ValueError(
                f"min_ttl_s ({self.min_ttl_s:g}) must not be above max_ttl_s ({self.max_ttl_s:g})"
            )
        return self


class Params(Parameters):
    distribution: Literal["web", "rtmp"] = param(
        "web",
        "Web delivers over HTTP, streams too. RTMP streamed from S3 to Flash players, and ended on "
        "2020-12-31.",
        source=RTMP,
        confidence="H",
    )
    protocol: Literal["https", "http"] = param(
        "https", "What viewers ask with, for the price of a request.", group="Workload"
    )
    price_class: Literal["all", "200", "100"] = param(
        "all",
        "Which edge locations serve: 100 North America and Europe, 200 all but South America and "
        "Australia, all. Viewers elsewhere are served from farther away.",
        source=PRICE_CLASSES,
        confidence="H",
        basic=True,
    )
    viewers: Literal[
        "north_america", "europe", "india", "japan", "australia", "southeast_asia",
        "south_america", "middle_east_africa",
    ] = param(
        "north_america", "Where viewers are whose request class says no country.",
        group="Workload", basic=True,
    )  # fmt: skip
    geo_restriction: Literal["none", "allow", "deny"] = param(
        "none",
        "Whether only the countries listed are served, or all but them; the others get 403.",
        source=GEO,
        confidence="H",
    )
    countries: str = param(
        "", "Countries of the restriction, such as DE FR; of a request it is its class's country.",
        source=GEO, confidence="H",
    )  # fmt: skip
    key_count: int = param(
        10_000, "Different objects.", ge=1, le=10_000_000, group="Workload", basic=True
    )
    key_skew: float = param(
        0.9, "Zipf exponent of their popularity: 0 is alike, about 1 is usual.",
        ge=0, le=5, group="Workload",
    )  # fmt: skip
    object_kb: float = param(
        100.0, "Mean size of an answer.", unit="KB", ge=0.01, le=1e8, group="Workload", basic=True
    )
    compress: bool = param(
        False, "Compress answers of 1,000 bytes to 10 MB.",
        source=QUOTAS, confidence="H", group="Workload",
    )  # fmt: skip
    compressed_size: float = param(
        0.3, "What is left of an answer's size then.", unit="share", gt=0, le=1, group="Workload"
    )
    edge_caches: int = param(
        200, "Edge caches among which viewers are spread; each has to be warmed by itself.",
        ge=1, le=2000, group="Caches",
    )  # fmt: skip
    regional_caches: int = param(
        13, "Regional edge caches, which edges ask before the origin; 0 is without.",
        ge=0, le=100, source=REGIONAL, confidence="M", group="Caches",
    )  # fmt: skip
    edge_cache_gb: float | None = param(
        None, "Room for this distribution in each edge cache; empty is all it needs.",
        unit="GB", ge=0, le=1e6, group="Caches",
    )  # fmt: skip
    regional_cache_gb: float | None = param(
        None, "Room in each regional cache; empty is all it needs.",
        unit="GB", ge=0, le=1e6, group="Caches",
    )  # fmt: skip
    starts_warm: bool = param(
        True, "Whether the caches hold at the start what they would after long.", group="Caches"
    )
    edge_ms: float | None = param(
        None, "Time between a viewer and its edge; empty is by region and price class.",
        unit="ms", ge=0, le=10_000, group="Latency",
    )  # fmt: skip
    regional_ms: float = param(
        30.0, "Further time to the regional cache.", unit="ms", ge=0, le=10_000, group="Latency"
    )
    origin_ms: float = param(
        60.0, "Further time to the origin, without its own.",
        unit="ms", ge=0, le=10_000, group="Latency",
    )  # fmt: skip
    error_caching_s: float | None = param(
        None,
        "Error caching minimum TTL: how long an edge answers with the origin's error before it "
        "asks again. Empty is 10 s; in 2020 5 minutes.",
        unit="s",
        ge=0,
        le=MAX_TTL_S,
        source="Amazon CloudFront Developer Guide: How long errors are cached",
        confidence="H",
    )
    invalidation_s: float | None = param(
        None,
        "Time until an invalidation has reached all caches; empty is 60 s, in 2020 300 s.",
        unit="s",
        ge=10,
        le=300,
        group="Invalidation",
    )
    paths_this_month: int = param(
        0, "Invalidation paths of the account this month before the run; 1,000 are free.",
        ge=0, le=10_000_000, source=INVALIDATE, confidence="H", group="Invalidation",
    )  # fmt: skip

    @model_validator(mode="after")
    def _listed(self) -> Params:
        names = re.split(r"[\s,;]+", self.countries.strip()) if self.countries.strip() else []
        if wrong := [name for name in names if not re.fullmatch(r"[A-Za-z]{2}", name)]:
            raise ValueError(f"countries are codes of two letters, such as DE FR, not {wrong[0]}")
        if self.geo_restriction != "none" and not names:
            raise ValueError(f"geo_restriction {self.geo_restriction}: name the countries")
        return self
