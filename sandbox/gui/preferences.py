"""What a person has settled about the window, in one value; the settings page shows its fields."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from sandbox.experiments import units

_PLACES = {"theme": "view/theme", "reduced_motion": "view/reduced_motion"}
_SYSTEM_POINTS = "system-points"
LEAST_POINTS, MOST_POINTS = 7.0, 20.0


@dataclass(frozen=True, slots=True)
class Preferences:
    """`font_points` 0 is the system's size; `speed` is simulated seconds per second."""

    theme: str = "system"
    reduced_motion: bool = False
    font_points: float = 0.0
    speed: float = 60.0
    currency: Literal["$1,234.50", "USD 1,234.50", "1,234.50 $"] = "$1,234.50"
    sizes: Literal["decimal", "binary"] = "decimal"
    clock: Literal["24 h", "12 h"] = "24 h"
    start_page: bool = True


def recall() -> Preferences:
    """What was settled before; what is missing or makes no sense is as it is by default."""
    settings, usual = QSettings(), Preferences()
    found: dict[str, Any] = {}
    for item in fields(Preferences):
        default = getattr(usual, item.name)
        try:
            value = settings.value(_place(item.name), default, type=type(default))
        except (TypeError, ValueError):
            continue
        found[item.name] = value if _makes_sense(item.name, value) else default
    return replace(usual, **found)


def remember(preferences: Preferences) -> None:
    settings, usual = QSettings(), Preferences()
    for item in fields(Preferences):
        value = getattr(preferences, item.name)
        if value == getattr(usual, item.name):
            settings.remove(_place(item.name))
        else:
            settings.setValue(_place(item.name), value)


def write_numbers(preferences: Preferences) -> None:
    """Let all numbers of the window be written so."""
    units.set_style(
        units.Style(
            currency=preferences.currency,
            binary=preferences.sizes == "binary",
            twelve_hours=preferences.clock == "12 h",
        )
    )


def set_font(app: QApplication, points: float) -> None:
    """Let all text of the window have this size; 0 is the system's, which is noted first."""
    system = app.property(_SYSTEM_POINTS)
    if system is None:
        system = app.font().pointSizeF()
        app.setProperty(_SYSTEM_POINTS, system)
    font, wanted = app.font(), points or float(system)
    if wanted > 0 and font.pointSizeF() != wanted:
        font.setPointSizeF(wanted)
        app.setFont(font)


def _place(name: str) -> str:
    return _PLACES.get(name, f"preferences/{name}")


_CHOICES = {
    "theme": ("system", "light", "dark"),
    "currency": ("$1,234.50", "USD 1,234.50", "1,234.50 $"),
    "sizes": ("decimal", "binary"),
    "clock": ("24 h", "12 h"),
}


def _makes_sense(name: str, value: Any) -> bool:
    if name in _CHOICES:
        return value in _CHOICES[name]
    if name == "font_points":
        return bool(value == 0 or LEAST_POINTS <= value <= MOST_POINTS)
    return not (name == "speed" and not value > 0)
