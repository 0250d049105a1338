"""Architecture Sandbox: draw a cloud architecture, put it under load, see what happens.

    from sandbox import Document, Scenario, run

The names are looked up when first used, so that `import sandbox` stays instant and a command
pays only for what it needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.document import Document, Scenario
    from sandbox.experiments import run

__version__ = "0.1.0"
__all__ = ["Document", "Scenario", "__version__", "run"]

_HOMES = {
    "Document": "sandbox.document",
    "Scenario": "sandbox.document",
    "run": "sandbox.experiments",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sandbox' has no attribute {name!r}; it has {__all__}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
