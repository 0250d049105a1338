"""The engine: brings a document to life, tick by tick, compiled and without a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.engine.run import Run

__all__ = ["Run"]


def __getattr__(name: str) -> Any:
    if name == "Run":  # importing the engine loads numba: only on use
        from sandbox.engine.run import Run

        return Run
    raise AttributeError(name)
