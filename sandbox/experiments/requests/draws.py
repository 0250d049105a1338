"""Times drawn at random: service times, gaps between arrivals, and times known by cumulants."""

from __future__ import annotations

import math

from sandbox.experiments.requests.records import (
    DETERMINISTIC,
    EXPONENTIAL,
    GAMMA,
    HYPEREXPONENTIAL,
    LOGNORMAL,
)
from sandbox.kernels.compiled import compiled

_EVEN = 1e-9  # squared coefficient of variation, below which a time is constant


@compiled
def gap(rng, mean, cv2):
    """Between two arrivals of a renewal process: hyperexponential with balanced means above a
    squared coefficient of variation of 1, gamma below."""
    if cv2 == 1.0:
        return mean * rng.standard_exponential()
    if cv2 > 1.0:
        return hyperexponential(rng, mean, cv2)
    return gamma(rng, mean, cv2)


@compiled
def service(rng, shape, mean, variance, third):
    """A service time of a shape, mean (s), variance (s²), and for `cumulants` a third one (s³)."""
    if mean <= 0.0:
        return 0.0
    if shape == DETERMINISTIC:
        return mean
    if shape == EXPONENTIAL:
        return mean * rng.standard_exponential()
    cv2 = variance / (mean * mean)
    if shape == GAMMA:
        return gamma(rng, mean, cv2)
    if shape == LOGNORMAL:
        return lognormal(rng, mean, cv2)
    if shape == HYPEREXPONENTIAL:
        return hyperexponential(rng, mean, cv2) if cv2 > 1.0 else gamma(rng, mean, cv2)
    return by_cumulants(rng, mean, variance, third)


@compiled
def gamma(rng, mean, cv2):
    """A gamma of this mean and squared coefficient of variation."""
    if cv2 < _EVEN:
        return mean
    return mean * cv2 * rng.standard_gamma(1.0 / cv2)


@compiled
def lognormal(rng, mean, cv2):
    """A lognormal of this mean and squared coefficient of variation."""
    spread = math.log1p(cv2)
    return mean * math.exp(math.sqrt(spread) * rng.standard_normal() - 0.5 * spread)


@compiled
def hyperexponential(rng, mean, cv2):
    """One of two exponentials that contribute alike to the mean."""
    p = 0.5 * (1.0 + math.sqrt((cv2 - 1.0) / (cv2 + 1.0)))
    if rng.random() >= p:
        p = 1.0 - p
    return mean / (2.0 * p) * rng.standard_exponential()


@compiled
def by_cumulants(rng, mean, variance, third):
    """A positive time of these three cumulants.

    Less skewed than a gamma: a gamma, of which the third is not kept. Between a gamma and a
    lognormal: one of the two, as often as gives the third. More skewed: a lognormal from an offset.
    """
    if mean <= 0.0:
        return 0.0
    cv2 = variance / (mean * mean)
    if cv2 < _EVEN:
        return mean
    low = 2.0 * cv2 * variance * mean
    high = (3.0 + cv2) * cv2 * variance * mean
    if third <= low:
        return gamma(rng, mean, cv2)
    if third <= high:
        if rng.random() < (third - low) / (high - low):
            return lognormal(rng, mean, cv2)
        return gamma(rng, mean, cv2)
    # the lognormal whose skewness 3c + c³ is the one asked for (Cardano)
    half = 0.5 * third / variance**1.5
    root = (half + math.sqrt(half * half + 1.0)) ** (1.0 / 3.0)
    c = root - 1.0 / root
    scale = math.sqrt(variance) / c
    return mean - scale + lognormal(rng, scale, c * c)
