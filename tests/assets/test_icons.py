"""The icons are one family: every file keeps to assets/icons/README.md, and Qt draws it."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from sandbox.services import catalogue
from sandbox.services.contract import CATEGORIES

ICONS = Path(__file__).resolve().parents[2] / "assets" / "icons"
SVG = "{http://www.w3.org/2000/svg}"
WHITE = "#FFFFFF"
UI_COLOUR = "#5F6B7A"
# What Qt's SVG Tiny draws and the family needs; anything else is silently left out by Qt.
ELEMENTS = {"svg", "title", "g", "rect", "circle", "ellipse", "line", "polyline", "polygon", "path"}
ATTRIBUTES = """
    id width height viewBox x y rx ry cx cy r x1 y1 x2 y2 points d transform
    fill fill-rule stroke stroke-width stroke-linecap stroke-linejoin
"""
UI_NAMES = """
    play pause step forward reset undo redo open save new fit zoom-in zoom-out search
    warning error info delete copy paste theme
"""

TILES = sorted(p for p in ICONS.glob("*.svg") if p.stem != "app")
SIGNS = sorted((ICONS / "ui").glob("*.svg"))
EVERY = [*TILES, ICONS / "app.svg", *SIGNS]


def _name(path: Path) -> str:
    return path.stem


def _palette() -> dict[str, str]:
    """Category to colour, as the README's table has it."""
    rows = re.findall(r"^\| (\w+) \| `(#\w{6})` \|", (ICONS / "README.md").read_text("utf-8"), re.M)
    return dict(rows)


def _svg(path: Path) -> ElementTree.Element:
    return ElementTree.fromstring(path.read_bytes())


def _colours(root: ElementTree.Element) -> set[str]:
    found = {e.get(a, "none") for e in root.iter() for a in ("fill", "stroke")}
    return {colour.upper() for colour in found - {"none"}}


def _tile(root: ElementTree.Element) -> ElementTree.Element:
    tile = root.find(f"{SVG}rect")
    assert tile is not None, "the first shape of a service's icon is its tile, a rect"
    return tile


def _pixels(path: Path, side: int) -> np.ndarray:
    """What Qt draws on nothing: (side, side, 4) floats 0..1, red green blue alpha."""
    renderer = QSvgRenderer(str(path))
    assert renderer.isValid(), f"Qt cannot read {path.name}"
    image = QImage(side, side, QImage.Format.Format_RGBA8888)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    drawn = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(side, side, 4)
    return drawn.astype(float) / 255.0


def _ink(path: Path, side: int) -> np.ndarray:
    """How far each pixel of a tile has gone from its colour to white, 0..1."""
    fill = _tile(_svg(path)).get("fill", "")
    base = np.array([int(fill[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    drawn = _pixels(path, side)
    return ((drawn[..., :3] - base) @ (1 - base) / ((1 - base) @ (1 - base))).clip(0, 1) * (
        drawn[..., 3] > 0.99
    )


def _luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb" (WCAG 2.2)."""
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_every_service_of_the_catalogue_has_an_icon_in_the_colour_of_its_category() -> None:
    own = {k: s for k, s in catalogue().items() if s.module.startswith("sandbox.services.")}
    drawn = {path.stem: _tile(_svg(path)).get("id") for path in TILES}
    wrong = {k: s.category for k, s in own.items() if drawn.get(k) != s.category}
    assert not wrong, f"no icon assets/icons/<id>.svg with a tile of this category: {wrong}"


def test_every_category_has_a_colour_of_its_own() -> None:
    palette = _palette()
    assert set(palette) == set(CATEGORIES)
    assert len(set(palette.values())) == len(palette)


def test_white_stands_out_on_every_category_as_far_as_the_readme_says() -> None:
    text = (ICONS / "README.md").read_text("utf-8")
    for category, colour in _palette().items():
        contrast = 1.05 / (_luminance(colour) + 0.05)
        assert contrast >= 3.0, category
        assert f"| {category} | `{colour}` | {contrast:.1f} : 1 |" in text


def test_the_signs_of_the_window_are_all_there() -> None:
    assert {path.stem for path in SIGNS} >= set(UI_NAMES.split())


@pytest.mark.parametrize("path", EVERY, ids=_name)
def test_an_icon_uses_only_what_qt_draws_and_says_what_it_shows(path: Path) -> None:
    root = _svg(path)
    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= ELEMENTS
    assert {a for e in root.iter() for a in e.attrib} <= set(ATTRIBUTES.split())
    assert (root.findtext(f"{SVG}title") or "").strip()


@pytest.mark.parametrize("path", EVERY, ids=_name)
def test_an_icon_has_the_size_of_its_kind(path: Path) -> None:
    side = "24" if path in SIGNS else "48"
    root = _svg(path)
    assert (root.get("width"), root.get("height")) == (side, side)
    assert root.get("viewBox") == f"0 0 {side} {side}"


@pytest.mark.parametrize("path", TILES, ids=_name)
def test_a_tile_has_its_categorys_colour_and_white_and_no_other(path: Path) -> None:
    root = _svg(path)
    tile = _tile(root)
    colour = _palette()[tile.get("id", "")]
    assert tile.attrib == {
        "id": tile.get("id"),
        "width": "48",
        "height": "48",
        "rx": "10",
        "fill": colour,
    }
    assert _colours(root) == {colour, WHITE}
    assert {e.get("stroke-width") for e in root.iter()} - {None} == {"2.5"}


@pytest.mark.parametrize("path", SIGNS, ids=_name)
def test_a_sign_of_the_window_has_one_colour_so_that_a_theme_can_replace_it(path: Path) -> None:
    root = _svg(path)
    assert _colours(root) == {UI_COLOUR}
    assert {e.get("stroke-width") for e in root.iter()} - {None} == {"2"}


@pytest.mark.parametrize("side", [16, 48])
@pytest.mark.parametrize("path", TILES, ids=_name)
def test_a_glyph_can_be_read(path: Path, side: int) -> None:
    ink = _ink(path, side)
    assert 0.07 <= ink.mean() <= 0.45
    assert (ink > 0.6).mean() >= 0.065, "too pale: put its lines on the grid"


@pytest.mark.parametrize("path", TILES, ids=_name)
def test_a_glyph_keeps_clear_of_the_tiles_edge(path: Path) -> None:
    ink = _ink(path, 48)
    assert ink.sum() - ink[8:40, 8:40].sum() < 0.01 * ink.sum(), "ink outside 8 to 40"


@pytest.mark.parametrize("side", [16, 48])
def test_a_tile_has_round_corners_on_nothing(side: int) -> None:
    for path in TILES:
        alpha = _pixels(path, side)[..., 3]
        assert max(alpha[0, 0], alpha[0, -1], alpha[-1, 0], alpha[-1, -1]) < 0.2, path.name
        assert min(alpha[side // 2, 0], alpha[0, side // 2]) > 0.99, path.name


@pytest.mark.parametrize("side", [16, 24])
@pytest.mark.parametrize("path", SIGNS, ids=_name)
def test_a_sign_is_drawn_within_its_square(path: Path, side: int) -> None:
    alpha = _pixels(path, side)[..., 3]
    assert 0.08 <= alpha.mean() <= 0.6
    rim = np.concatenate([alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]])
    assert rim.max() < 0.5, "it touches the edge"


@pytest.mark.parametrize("side", [16, 48])
def test_the_application_icon_is_drawn_in_three_colours(side: int) -> None:
    path = ICONS / "app.svg"
    wanted = _colours(_svg(path))
    solid = np.rint(_pixels(path, side) * 255).astype(int)
    drawn = {"#{:02X}{:02X}{:02X}".format(*p[:3]) for p in solid.reshape(-1, 4) if p[3] == 255}
    assert len(wanted) == 3
    assert wanted <= drawn


def test_no_two_services_look_alike_in_grey_at_16_pixels() -> None:
    inks = {path.stem: _ink(path, 16) for path in TILES}
    for one, other in combinations(inks, 2):
        a, b = inks[one], inks[other]
        alike = np.minimum(a, b).sum() / np.maximum(a, b).sum()
        assert alike < 0.6, f"{one} and {other} share {alike:.0%} of their ink"


def test_no_two_signs_of_the_window_look_alike() -> None:
    inks = {path.stem: _pixels(path, 24)[..., 3] for path in SIGNS}
    for one, other in combinations(inks, 2):
        a, b = inks[one], inks[other]
        alike = np.minimum(a, b).sum() / np.maximum(a, b).sum()
        # zoom-in and zoom-out differ by two strokes alone, which is how everybody knows them.
        assert alike < 0.95, f"{one} and {other} share {alike:.0%} of their ink"
