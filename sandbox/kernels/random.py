"""Counter-based random numbers: a draw is a pure function of (seed, key, counter).

Nothing is carried from draw to draw, so that neither another node nor the length of the tick
changes what a node draws. `seed` is the scenario's, `key` names the node or entity (`key_of`),
`counter` the draw: the index of an entity, or the simulated second. All three are integers ≥ 0.

The mixing function is the finaliser of SplitMix64 (Steele, Lea, Flood, "Fast splittable
pseudorandom number generators", OOPSLA 2014, variant 13 of Stafford).
"""

import hashlib
import math

import numpy as np

from sandbox.kernels.compiled import compiled

_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_31 = np.uint64(31)
_30 = np.uint64(30)
_27 = np.uint64(27)
_11 = np.uint64(11)
_FACTOR_1 = np.uint64(0xBF58476D1CE4E5B9)
_FACTOR_2 = np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_SECOND = np.uint64(0xD1B54A32D192ED03)


def key_of(text: str) -> int:
    """The key of a node id or any other name: the same on every machine, in 0 … 2**63 - 1.

    One bit short of 64, so that it fits a signed field of a record as well.
    """
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


@compiled
def _times(a, b):
    # Modulo 2**64 in halves that never overflow: numpy's scalars warn where machine code wraps.
    a_high, a_low = a >> _32, a & _LOW
    b_high, b_low = b >> _32, b & _LOW
    low = a_low * b_low
    high = ((a_high * b_low) & _LOW) + ((a_low * b_high) & _LOW) + (low >> _32)
    return ((high & _LOW) << _32) | (low & _LOW)


@compiled
def mix64(a):
    """A bijection of the 64-bit integers in which each bit of `a` moves half of the result's."""
    a = _times(a ^ (a >> _30), _FACTOR_1)
    a = _times(a ^ (a >> _27), _FACTOR_2)
    return a ^ (a >> _31)


@compiled
def bits(seed, key, counter):
    """64 random bits (u8)."""
    mixed = mix64(np.uint64(seed) ^ _GOLDEN)
    mixed = mix64(mixed ^ np.uint64(key))
    return mix64(mixed ^ np.uint64(counter))


@compiled
def _unit(random_bits):
    return float(random_bits >> _11) * (1.0 / 9007199254740992.0)


@compiled
def uniform(seed, key, counter):
    """Uniform in [0, 1), a multiple of 2**-53."""
    return _unit(bits(seed, key, counter))


@compiled
def normal(seed, key, counter):
    """Standard normal, by Box and Muller (1958)."""
    drawn = bits(seed, key, counter)
    radius = math.sqrt(-2.0 * math.log(1.0 - _unit(drawn)))
    return radius * math.cos(2.0 * math.pi * _unit(mix64(drawn ^ _SECOND)))


@compiled
def exponential(seed, key, counter, mean):
    """Exponential with the given mean, in its unit."""
    return -mean * math.log(1.0 - uniform(seed, key, counter))


@compiled
def lognormal(seed, key, counter, mean, cv2):
    """Lognormal with the given mean, in its unit, and squared coefficient of variation."""
    variance = math.log1p(cv2)
    return mean * math.exp(math.sqrt(variance) * normal(seed, key, counter) - 0.5 * variance)
