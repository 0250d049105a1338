"""The catalogue: every service file of the package and of the user's own folders, found by itself.

A person's service works exactly like a built-in one: a file ``NAME.py`` with ``SERVICE`` in a
folder given by ``--services``, ``$SANDBOX_SERVICES`` or the user-data folder's ``services/``.
Nothing is ever loaded from a diagram or its folder.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import pkgutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

import sandbox.services as package
from sandbox.services.attempts import Attempts
from sandbox.services.contract import LinkParams, Port, Service
from sandbox.services.params import Parameters, complaints, describe, jsonable
from sandbox.services.references import COMMON

_NOT_SERVICES = {
    *("params", "law", "contract", "registry", "attempts", "explain", "references"),
    *("trial", "views"),
}


class PluginError(Exception):
    """A service file that cannot be used: which, why, and what to do."""


class Catalogue(Mapping[str, Service]):
    """All services by id, and the answers a document asks for (`document.Catalogue`)."""

    def __init__(self, services: Sequence[Service]) -> None:
        self._services: dict[str, Service] = {}
        for service in services:
            if service.id in self._services:
                raise PluginError(
                    f"service '{service.id}' is defined twice ({self._services[service.id].module}"
                    f" and {service.module}); give one of them another id"
                )
            self._services[service.id] = service

    def __getitem__(self, service: str) -> Service:
        return self._services[service]

    def __iter__(self) -> Iterator[str]:
        return iter(self._services)

    def __len__(self) -> int:
        return len(self._services)

    def title(self, service: str) -> str:
        return self[service].title if service in self else service

    def ports(self, service: str) -> tuple[Port, ...]:
        return self[service].ports if service in self else ()

    def defaults(self, service: str) -> Mapping[str, Any]:
        return _defaults(self[service].params) if service in self else {}

    def faults(self, service: str) -> tuple[str, ...]:
        """The kinds of faults that mean something to a node of this service."""
        return self[service].known_faults if service in self else ()

    def metrics(self, service: str) -> tuple[str, ...]:
        """The metrics of a node of this service that an alarm or a policy can watch."""
        own = tuple(metric.name for metric in self[service].metrics) if service in self else ()
        return (*COMMON, *own)

    def console_defaults(self, service: str) -> Mapping[str, Any]:
        """What the console presets where that differs from the API: for a palette drop."""
        found: dict[str, Any] = {}
        for name, info in self[service].params.model_fields.items():
            raw = info.json_schema_extra
            if isinstance(raw, dict) and raw.get("console") is not None:
                found[name] = raw["console"]
        return found

    def check_params(self, service: str, params: Mapping[str, Any]) -> list[tuple[str, str]]:
        return complaints(self[service].params, params) if service in self else []

    def nearest(self, service: str, name: str, value: Any) -> Any | None:
        """The nearest value within the bounds of a parameter, None where there is no such thing."""
        infos = {info.name: info for info in self[service].parameters()} if service in self else {}
        info = infos.get(name)
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if info is None or info.kind not in ("int", "float") or not number or value != value:
            return None
        if info.hi is not None and value > info.hi:
            return info.hi if info.kind == "float" else int(info.hi)
        if info.lo is not None and value < info.lo and not info.lo_open:
            return info.lo if info.kind == "float" else int(info.lo)
        return None

    # ------------------------------------------------------------------ links

    def why_not(
        self, source_service: str, source_port: str, target_service: str, target_port: str
    ) -> str | None:
        """Why two ports may not be joined, in a sentence; None if they may."""
        if source_service not in self or target_service not in self:
            return None  # an unknown service keeps its links
        source, target = self[source_service], self[target_service]
        begin, end = source.port(source_port), target.port(target_port)
        if begin is None or begin.direction != "out":
            return f"{source.title} has no output '{source_port}'"
        if end is None or end.direction != "in":
            return f"{target.title} has no input '{target_port}'"
        if begin.peers is not None and target.id not in begin.peers:
            return (
                f"{source.title} {begin.title.lower()} cannot go to {target.title}; "
                f"they go to {self._names(begin.peers)}"
            )
        if end.peers is not None and source.id not in end.peers:
            return f"{target.title} does not take {source.title}; it takes {self._names(end.peers)}"
        if not _modes(begin, end):
            return (
                f"{source.title} '{begin.name}' works {' or '.join(begin.modes)}, "
                f"{target.title} '{end.name}' takes {' or '.join(end.modes)} only"
            )
        return None

    def _names(self, ids: Sequence[str]) -> str:
        return ", ".join(self.title(i) for i in ids)

    def link_modes(
        self, source_service: str, source_port: str, target_service: str, target_port: str
    ) -> tuple[str, ...]:
        """The modes that both ports can do, the default first."""
        if source_service not in self or target_service not in self:
            return ("sync",)
        begin = self[source_service].port(source_port)
        end = self[target_service].port(target_port)
        return _modes(begin, end) if begin and end else ("sync",)

    def link_models(
        self,
        source_service: str,
        source_port: str,
        target_service: str,
        target_port: str,
        mode: str | None = None,
    ) -> tuple[type[Parameters], ...]:
        """The parameter models of a link: what all have, and what each port adds."""
        modes = self.link_modes(source_service, source_port, target_service, target_port)
        chosen = mode if mode in modes else (modes[0] if modes else "sync")
        models: list[type[Parameters]] = []
        for service, name in ((source_service, source_port), (target_service, target_port)):
            port = self[service].port(name) if service in self else None
            if port is not None and chosen in port.params:
                models.append(port.params[chosen])
        # a port may have defaults of its own for how its calls are guarded
        if chosen == "sync" and not any(issubclass(model, Attempts) for model in models):
            models.insert(0, Attempts)
        return (LinkParams, *models)

    def link_defaults(
        self,
        source_service: str,
        source_port: str,
        target_service: str,
        target_port: str,
        mode: str | None = None,
    ) -> Mapping[str, Any]:
        ends = (source_service, source_port, target_service, target_port)
        found: dict[str, Any] = {}
        for model in self.link_models(*ends, mode):
            found.update(_defaults(model))
        return found

    def link_parameters(
        self,
        source_service: str,
        source_port: str,
        target_service: str,
        target_port: str,
        mode: str | None = None,
    ) -> tuple:
        """ParamInfo of all parameters of a link, for the inspector."""
        ends = (source_service, source_port, target_service, target_port)
        return tuple(info for model in self.link_models(*ends, mode) for info in describe(model))

    def check_link_params(
        self,
        source_service: str,
        source_port: str,
        target_service: str,
        target_port: str,
        params: Mapping[str, Any],
    ) -> list[tuple[str, str]]:
        ends = (source_service, source_port, target_service, target_port)
        modes = self.link_modes(*ends)
        mode = params.get("mode")
        found: list[tuple[str, str]] = []
        if mode is not None and mode not in modes:
            found.append(("mode", f"cannot be {mode!r} here; it can be {' or '.join(modes)}"))
            params = {k: v for k, v in params.items() if k != "mode"}
            mode = None
        models = self.link_models(*ends, mode)
        known = {name for model in models for name in model.model_fields}
        for name in params:
            if name not in known:
                found.append(
                    (name, f"is not a parameter of this link; there are {', '.join(sorted(known))}")
                )
        for model in models:
            found += complaints(model, {k: v for k, v in params.items() if k in model.model_fields})
        return found


def _modes(begin: Port, end: Port) -> tuple[str, ...]:
    # who takes calls takes them from a caller that only stands ready to make them, too
    taken = (*end.modes, "standby") if "sync" in end.modes else end.modes
    return tuple(mode for mode in begin.modes if mode in taken)


@cache
def _defaults(model: type[Parameters]) -> Mapping[str, Any]:
    return {
        name: jsonable(field.get_default(call_default_factory=True))
        for name, field in model.model_fields.items()
    }


# ---------------------------------------------------------------- finding services


def catalogue(*folders: str | os.PathLike[str]) -> Catalogue:
    """The built-in services, then those of ``folders``, ``$SANDBOX_SERVICES`` and the user's own.

    Raises PluginError naming the file that cannot be used.
    """
    return _load(tuple(str(Path(f)) for f in (*folders, *_user_folders())))


def _user_folders() -> list[Path]:
    named = os.environ.get("SANDBOX_SERVICES", "")
    folders = [Path(part) for part in named.split(os.pathsep) if part]
    return [*folders, user_data_path("architecture-sandbox", appauthor=False) / "services"]


@lru_cache(maxsize=8)
def _load(folders: tuple[str, ...]) -> Catalogue:
    services = [
        _service(importlib.import_module(f"{package.__name__}.{found.name}"))
        for found in pkgutil.iter_modules(package.__path__)
        if found.name not in _NOT_SERVICES and not found.name.startswith("_")
    ]
    for folder in dict.fromkeys(folders):
        for path in sorted(Path(folder).glob("*.py")):
            if not path.name.startswith("_"):
                services.append(_plugin(path))
    return Catalogue(services)


def _service(module: Any) -> Service:
    found = getattr(module, "SERVICE", None)
    if not isinstance(found, Service):
        raise PluginError(f"{module.__file__}: a service file must define SERVICE = Service(...)")
    code = Path(str(module.__file__)).read_bytes()
    return replace(found, module=module.__name__, code=code)


def _plugin(path: Path) -> Service:
    """Import a file of the user's as a module of its own, so that its compiled law is cached."""
    name = f"sandbox_services_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path.resolve())
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
        return _service(module)
    except PluginError:
        raise
    except Exception as error:  # the file is somebody's own code: anything may be wrong with it
        raise PluginError(
            f"{path}: {type(error).__name__}: {error}; mend or remove the file"
        ) from error
