"""Light and dark: every colour of the window and the canvas, on Qt's Fusion style.

Status colours are from Okabe and Ito's palette for all kinds of colour vision ("Color Universal
Design", jfly.uni-koeln.de/color), lightened for the dark theme. They are never the only sign: links
carry a pattern and losses a badge besides.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from zlib import crc32

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from sandbox.gui.frames import Health


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as "#rrggbb". Categories that have none of their own share `spare` by their name."""

    name: str
    window: str
    base: str
    raised: str
    text: str
    muted: str
    border: str
    accent: str
    on_accent: str
    canvas: str
    grid: str
    card: str
    card_border: str
    track: str
    """The empty part of a utilization bar."""
    idle: str
    ok: str
    warning: str
    critical: str
    on_critical: str
    note: str
    """The paper of a note on the canvas, and its edge."""
    note_edge: str
    categories: Mapping[str, str]
    spare: tuple[str, ...]

    @property
    def is_dark(self) -> bool:
        return QColor(self.canvas).lightness() < 128

    def health(self, health: Health) -> QColor:
        colours = {
            "idle": self.idle,
            "ok": self.ok,
            "warning": self.warning,
            "critical": self.critical,
        }
        return QColor(colours[health])

    def category(self, category: str) -> QColor:
        """A category's colour; one the theme does not know gets a spare one, always the same."""
        chosen = self.categories.get(category)
        return QColor(chosen or self.spare[crc32(category.encode()) % len(self.spare)])

    def palette(self) -> QPalette:
        palette = QPalette()
        roles = {
            QPalette.ColorRole.Window: self.window,
            QPalette.ColorRole.WindowText: self.text,
            QPalette.ColorRole.Base: self.base,
            QPalette.ColorRole.AlternateBase: self.raised,
            QPalette.ColorRole.Text: self.text,
            QPalette.ColorRole.PlaceholderText: self.muted,
            QPalette.ColorRole.Button: self.raised,
            QPalette.ColorRole.ButtonText: self.text,
            QPalette.ColorRole.BrightText: self.critical,
            QPalette.ColorRole.ToolTipBase: self.raised,
            QPalette.ColorRole.ToolTipText: self.text,
            QPalette.ColorRole.Link: self.accent,
            QPalette.ColorRole.Highlight: self.accent,
            QPalette.ColorRole.HighlightedText: self.on_accent,
            QPalette.ColorRole.Accent: self.accent,
            QPalette.ColorRole.Light: self.base,
            QPalette.ColorRole.Midlight: self.raised,
            QPalette.ColorRole.Mid: self.border,
            QPalette.ColorRole.Dark: self.border,
            QPalette.ColorRole.Shadow: "#000000",
        }
        for role, colour in roles.items():
            palette.setColor(role, QColor(colour))
        greyed = (
            QPalette.ColorRole.Text,
            QPalette.ColorRole.WindowText,
            QPalette.ColorRole.ButtonText,
        )
        for role in greyed:
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(self.muted))
        return palette


LIGHT = Theme(
    name="light",
    window="#f3f4f6",
    base="#ffffff",
    raised="#f8f9fb",
    text="#1b2430",
    muted="#66717f",
    border="#d3d8df",
    accent="#1a6fd6",
    on_accent="#ffffff",
    canvas="#f6f7f9",
    grid="#d5dae1",
    card="#ffffff",
    card_border="#cfd5dd",
    track="#e6e9ee",
    idle="#9aa5b1",
    ok="#00936b",
    warning="#d98c00",
    critical="#c94f00",
    on_critical="#ffffff",
    note="#fff8dc",
    note_edge="#e2d08a",
    categories=MappingProxyType(
        {
            "clients": "#4c6ef5",
            "networking": "#7950f2",
            "compute": "#e8590c",
            "integration": "#d6336c",
            "streaming": "#0b7285",
            "database": "#1864ab",
            "storage": "#4e8a2e",
            "workflow": "#a8378f",
            "management": "#8a6d1f",
            "external": "#5c6773",
            "unknown": "#66717f",
        }
    ),
    spare=("#4e8a2e", "#a8378f", "#8a6d1f", "#0f766e", "#5b61b9", "#9a4a3c"),
)

DARK = Theme(
    name="dark",
    window="#1c2026",
    base="#16191e",
    raised="#262b33",
    text="#e4e8ee",
    muted="#95a0ae",
    border="#3a424d",
    accent="#4c9bf5",
    on_accent="#0b1118",
    canvas="#14171b",
    grid="#2b313a",
    card="#22272e",
    card_border="#3c4550",
    track="#343c47",
    idle="#6d7986",
    ok="#22b98c",
    warning="#f0a92b",
    critical="#f2703a",
    on_critical="#1a0d06",
    note="#35301f",
    note_edge="#675c33",
    categories=MappingProxyType(
        {
            "clients": "#8ba2fb",
            "networking": "#a78bfa",
            "compute": "#ff9152",
            "integration": "#f27ba4",
            "streaming": "#45b5c9",
            "database": "#5fa8e8",
            "storage": "#86c063",
            "workflow": "#d97fc5",
            "management": "#cdb058",
            "external": "#9aa7b5",
            "unknown": "#95a0ae",
        }
    ),
    spare=("#86c063", "#d97fc5", "#cdb058", "#5fc7bd", "#a0a5ee", "#d98f80"),
)

THEMES: Mapping[str, Theme] = MappingProxyType({LIGHT.name: LIGHT, DARK.name: DARK})


def system_theme(app: QApplication) -> Theme:
    """The system's choice where it is known, else light."""
    return DARK if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT


def apply(app: QApplication, theme: Theme) -> None:
    """Put the application into Fusion with this theme's colours."""
    # Qt tells all widgets in turn; one that Python's collector deleted meanwhile would be its end.
    collecting = gc.isenabled()
    gc.disable()
    try:
        if app.style().name() != "fusion":
            app.setStyle(QStyleFactory.create("Fusion"))
        app.setPalette(theme.palette())
    finally:
        if collecting:
            gc.enable()
