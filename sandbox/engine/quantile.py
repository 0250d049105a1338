"""Percentiles of many mixtures at once: the kernel as an entry point with compiled code kept."""

from __future__ import annotations

from pathlib import Path

from numba import njit

from sandbox.engine.native import use_cache
from sandbox.kernels import quantile

use_cache("engine", Path(__file__).read_bytes())


@njit(error_model="numpy", nogil=True, cache=True)
def quantiles(w, m, v, k, p):
    """The p-quantile (s) of each row of mixtures [B, C]; nan where a row has no weight."""
    return quantile.quantiles(w, m, v, k, p)
