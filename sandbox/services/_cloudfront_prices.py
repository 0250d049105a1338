"""What a distribution bills: regions of viewers, their prices and edges, tiers of the month."""

from __future__ import annotations

from typing import NamedTuple

PRICING = "https://aws.amazon.com/cloudfront/pricing/"
GB_KB = 1e6
TIERS_GB = (10_000.0, 50_000.0)  # PRICING: bounds of the first tiers of a month, GB
INVALIDATION_USD = 0.005  # PRICING: a path beyond the free ones
FREE_PATHS = 1000.0  # CloudFront Developer Guide: Pay for file invalidation; a month and account
TO_ORIGIN_GB_USD = 0.020  # PRICING: what viewers send, on to the origin


class Region(NamedTuple):
    """USD of a GB by tier and of a request; the first price class that has edges there; ms from a
    viewer to such an edge, and to the nearest one of class 100 (assumption)."""

    gb_usd: tuple[float, float, float]
    https_usd: float
    http_usd: float
    price_class: int
    near_ms: float
    far_ms: float


# PRICING; requests outside of the US, Europe and South America, and the third tier: low confidence
REGIONS = {
    "north_america": Region((0.085, 0.080, 0.060), 1.00e-6, 0.75e-6, 100, 15.0, 15.0),
    "europe": Region((0.085, 0.080, 0.060), 1.20e-6, 0.90e-6, 100, 15.0, 15.0),
    "india": Region((0.109, 0.109, 0.109), 1.20e-6, 0.90e-6, 200, 25.0, 150.0),
    "japan": Region((0.114, 0.114, 0.114), 1.20e-6, 0.90e-6, 200, 15.0, 120.0),
    "australia": Region((0.114, 0.114, 0.114), 1.25e-6, 0.90e-6, 1000, 15.0, 180.0),
    "southeast_asia": Region((0.120, 0.120, 0.120), 1.20e-6, 0.90e-6, 200, 20.0, 180.0),
    "south_america": Region((0.110, 0.110, 0.110), 2.20e-6, 1.60e-6, 1000, 25.0, 150.0),
    "middle_east_africa": Region((0.110, 0.110, 0.110), 1.20e-6, 0.90e-6, 200, 30.0, 120.0),
}
COUNTRIES = {
    "north_america": "US CA MX",
    "europe": "DE FR GB IT ES NL SE PL CH AT BE DK FI IE NO PT CZ GR RO HU IL",
    "india": "IN",
    "japan": "JP",
    "australia": "AU NZ",
    "southeast_asia": "SG HK TW KR ID MY PH TH VN",
    "south_america": "BR AR CL CO PE",
    "middle_east_africa": "AE SA BH ZA KE NG EG TR",
}


def region_of(country: str, usual: str) -> str:
    """The region that a country is in; the usual one where it is unknown."""
    for region, names in COUNTRIES.items():
        if country and country.upper() in names.split():
            return region
    return usual


def edge(region: str, price_class: str) -> tuple[Region, float]:
    """(whose prices hold, ms to the edge): without edges there, the nearest of the class serve."""
    home = REGIONS[region]
    has = {"100": 100, "200": 200, "all": 1000}[price_class]
    if home.price_class <= has:
        return home, home.near_ms
    return REGIONS["north_america"], home.far_ms
