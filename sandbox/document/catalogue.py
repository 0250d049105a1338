"""What a document asks of the catalogue of services it is handed. Services implement it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol


class PortInfo(Protocol):
    """A place on a service where links begin (out) or end (in)."""

    @property
    def name(self) -> str: ...
    @property
    def direction(self) -> Literal["in", "out"]: ...
    @property
    def title(self) -> str: ...
    @property
    def modes(self) -> Sequence[str]: ...
    @property
    def many(self) -> bool: ...


class Catalogue(Protocol):
    """Services by id. Methods other than `in` are only asked about services that are in it."""

    def __contains__(self, service: object) -> bool: ...

    def title(self, service: str) -> str:
        """The name people know it by: `Amazon SQS`."""

    def defaults(self, service: str) -> Mapping[str, Any]:
        """Every parameter with its default as a JSON value, in the order they are shown."""

    def link_defaults(
        self,
        source_service: str,
        source_port: str,
        target_service: str,
        target_port: str,
        mode: str | None = None,
    ) -> Mapping[str, Any]:
        """The same for a link between two ports; `mode` where it is not the ports' usual one."""

    def why_not(
        self, source_service: str, source_port: str, target_service: str, target_port: str
    ) -> str | None:
        """Why such a link is refused, or None when it is allowed."""

    def check_params(self, service: str, params: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What is wrong with these parameters: (parameter, message) each."""

    def check_link_params(
        self,
        source_service: str,
        source_port: str,
        target_service: str,
        target_port: str,
        params: Mapping[str, Any],
    ) -> list[tuple[str, str]]:
        """The same for the parameters of a link."""

    def ports(self, service: str) -> Sequence[PortInfo]:
        """The ports of a service, in the order they are drawn."""

    def link_modes(
        self, source_service: str, source_port: str, target_service: str, target_port: str
    ) -> Sequence[str]:
        """The modes that a link between two ports can have, the usual one first."""

    def metrics(self, service: str) -> Sequence[str]:
        """The metrics of a node of this service that alarms and policies can watch."""

    def faults(self, service: str) -> Sequence[str]:
        """The kinds of faults that mean something to a node of this service."""
