"""What the window asks of the catalogue, beyond what a document asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from sandbox.document import Catalogue


class ServiceInfo(Protocol):
    """A service as the palette shows it."""

    @property
    def title(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def summary(self) -> str: ...


class Services(Catalogue, Protocol):
    """All services by id, with what they are called and where they belong."""

    def __iter__(self) -> Iterator[str]: ...

    def __getitem__(self, service: str) -> ServiceInfo: ...

    def console_defaults(self, service: str) -> Mapping[str, Any]:
        """What a new service has where AWS's console presets another value than its API."""
