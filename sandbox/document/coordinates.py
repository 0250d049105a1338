"""Coordinates as a file has them: to a hundredth of a pixel, whole ones as integers."""

from __future__ import annotations

import math

from .records import EditError


def pixels(value: float) -> float:
    """The coordinate to a hundredth, 320 and not 320.0. Raises EditError for NaN and infinity."""
    if not math.isfinite(value):
        raise EditError(f"{value} is not a place on the canvas")
    rounded = round(float(value), 2)
    return int(rounded) if rounded.is_integer() else rounded
