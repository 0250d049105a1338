"""The catalogue: one file is one service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.services.registry import Catalogue

__all__ = ["catalogue"]


def catalogue(*folders: Any) -> Catalogue:
    """The catalogue of built-in services and of those in the user's folders."""
    from sandbox.services.registry import catalogue as load

    return load(*folders)
