"""Where icons, examples, labs and themes lie: beside the package or, in a wheel, inside."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def assets() -> Path:
    """The folder that holds `icons/`, `examples/`, `labs/` and `themes/`."""
    package = Path(__file__).resolve().parent
    places = package / "_assets", package.parent / "assets"
    for place in places:
        if place.is_dir():
            return place
    looked = " and ".join(str(place) for place in places)
    raise FileNotFoundError(f"no assets at {looked}: the installation is incomplete, install again")


def asset(path: str) -> Path:
    """The file or folder at `path` below the assets, such as `asset("icons/sqs.svg")`.

    Raises FileNotFoundError when there is none.
    """
    found = assets() / path
    if not found.exists():
        raise FileNotFoundError(f"no asset {path!r} in {assets()}")
    return found
