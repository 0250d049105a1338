"""A document as the engine reads it: its nodes and links, checked, and where each stands."""

from __future__ import annotations

from typing import Any

from sandbox.document.document import Document
from sandbox.document.records import Link, Node, Scenario
from sandbox.document.scenario import instant, scenario_problems
from sandbox.engine.aside import asked_first
from sandbox.engine.errors import EngineError
from sandbox.engine.places import accounts, zones
from sandbox.engine.watches import Watches, referred, why_not
from sandbox.kernels.random import key_of
from sandbox.services.contract import LinkView, Service, Setup
from sandbox.services.registry import Catalogue

_Account = tuple[str, tuple[str, ...]]  # a service, and the groups that set its quotas apart


class Drawn:
    """The nodes and links of one document under one scenario.

    ``ids`` are the simulated nodes in order of id (so that the order in which a person drew them
    changes nothing), ``link_ids`` the links in order of source and id.  Nodes of an unknown
    service are left out and named in ``skipped``.
    """

    def __init__(self, document: Document, catalogue: Catalogue, scenario: Scenario) -> None:
        self.catalogue = catalogue
        self.scenario = scenario
        _check_scenario(document, scenario, catalogue)
        records = dict(document.nodes)
        self.skipped = tuple(i for i, n in records.items() if n.service not in catalogue)
        self.ids: list[str] = sorted(i for i, n in records.items() if n.service in catalogue)
        self.index = {node: i for i, node in enumerate(self.ids)}
        self.records: list[Node] = [records[i] for i in self.ids]
        self.services: list[Service] = [catalogue[n.service] for n in self.records]
        self.params: list[Any] = [self.validated(n) for n in self.records]
        drawn = [
            link
            for link in document.links.values()
            if link.source in self.index and link.target in self.index
        ]
        self._drawn = {link.id: i for i, link in enumerate(drawn)}
        self.link_records: list[Link] = sorted(
            drawn, key=lambda drawn: (self.index[drawn.source], drawn.id)
        )
        self.link_ids = [link.id for link in self.link_records]
        self.link_params = [self._link_params(link) for link in self.link_records]
        self._touching: dict[str, list[int]] = {}
        for j, link in enumerate(self.link_records):
            for end in dict.fromkeys((link.source, link.target)):
                self._touching.setdefault(end, []).append(j)
        self.accounts = accounts(document)
        self._fellows: dict[_Account, list[int]] = {}  # nodes that share quotas of the account
        self._told: dict[_Account, tuple[tuple[str, Any], ...]] = {}  # what all of them are told
        for i, service in enumerate(self.services):
            if service.account:
                self._fellows.setdefault(self._account(i), []).append(i)
        self.classes = tuple(scenario.classes)
        self.asks_first = asked_first(self)
        self.zones = zones(document)
        self.setups = _Setups(self)

    def validated(self, node: Node) -> Any:
        wrong = self.catalogue.check_params(node.service, node.params)
        if wrong:
            name, message = wrong[0]
            raise EngineError(f"node '{node.id}': {name} {message}; change it and run again")
        return self.catalogue[node.service].params.model_validate(dict(node.params))

    def _watched(self) -> Watches:
        """The metrics that parameters refer to."""
        services = dict(zip(self.ids, self.services, strict=True))
        for node, params in zip(self.ids, self.params, strict=True):
            self.refuse_references(services, node, params)
        return Watches(services, self.params)

    @staticmethod
    def refuse_references(services: dict[str, Service], node: str, params: Any) -> None:
        for reference in referred(params):
            if reason := why_not(services, reference):
                raise EngineError(f"node '{node}' {reason}")

    def _ends(self, link: Link) -> tuple[str, str, str, str]:
        source = self.records[self.index[link.source]].service
        target = self.records[self.index[link.target]].service
        return source, link.source_port, target, link.target_port

    def _link_params(self, link: Link) -> list[Any]:
        """The validated parameter models of a link: the common one, then its ports'."""
        ends = self._ends(link)
        place = f"link {link.source} -> {link.target}"
        reason = self.catalogue.why_not(*ends)
        if reason:
            raise EngineError(f"{place}: {reason}; remove the link")
        wrong = self.catalogue.check_link_params(*ends, link.params)
        if wrong:
            name, message = wrong[0]
            raise EngineError(f"{place}: {name} {message}; change it and run again")
        models = self.catalogue.link_models(*ends, link.params.get("mode"))
        return [
            model.model_validate({k: v for k, v in link.params.items() if k in model.model_fields})
            for model in models
        ]

    def mode(self, i: int) -> str:
        """The mode of link ``i``: as given, else what its ports do by nature."""
        given: str | None = self.link_params[i][0].mode
        return given or self.catalogue.link_modes(*self._ends(self.link_records[i]))[0]

    def setup(self, i: int) -> Setup:
        """Where node ``i`` stands, for its service's Python."""
        node = self.records[i]
        ins: list[LinkView] = []
        outs: list[LinkView] = []
        for j in self._touching.get(node.id, ()):
            link = self.link_records[j]
            merged = {k: v for model in self.link_params[j] for k, v in model}
            far, near = (
                (link.target_port, link.source_port)
                if link.source == node.id
                else (link.source_port, link.target_port)
            )
            other = link.target if link.source == node.id else link.source
            service = self.records[self.index[other]].service
            given, standing = self.params[self.index[other]], self.zones.get(other, ())
            view = LinkView(other, service, near, far, self.mode(j), merged, given, standing)
            (outs if link.source == node.id else ins).append(view)
        fellows = self._fellows.get(self._account(i), [])
        return Setup(
            node=node.id,
            key=key_of(node.id),
            label=node.label or node.id,
            start_epoch=epoch_of(self.scenario.start),
            duration_s=self.scenario.duration_s,
            dt=self.scenario.tick_s,
            era=self.scenario.era,
            region=self.scenario.region,
            seed=self.scenario.seed,
            classes=self.classes,
            ins=tuple(ins),
            outs=tuple(outs),
            zone_ids=self.zones.get(node.id, ()),
            aside=tuple(
                (self.link_records[j].source, self.link_records[j].target)
                for j, first in self.asks_first.items()
                if self.link_records[first].target == node.id
            ),
            keeper=fellows[0] if fellows else 0,
            fellows=self._told_of(self._account(i)),
        )

    def _account(self, i: int) -> _Account:
        return self.services[i].id, self.accounts.get(self.ids[i], ())

    def _told_of(self, account: _Account) -> tuple[tuple[str, Any], ...]:
        """One and the same for all of them, so that what they are told grows with them."""
        if account not in self._told:
            fellows = self._fellows.get(account, ())
            self._told[account] = tuple((self.ids[j], self.params[j]) for j in fellows)
        return self._told[account]


class _Setups(dict[int, Setup]):
    """Setups by node index, made when first asked for."""

    def __init__(self, drawn: Drawn) -> None:
        super().__init__()
        self._drawn = drawn

    def __missing__(self, i: int) -> Setup:
        self[i] = self._drawn.setup(i)
        return self[i]


def _check_scenario(document: Document, scenario: Scenario, catalogue: Catalogue) -> None:
    for severity, _field, text, remedy in scenario_problems(document, scenario, catalogue):
        if severity == "error":
            raise EngineError(f"{text}; {remedy[:1].lower()}{remedy[1:].rstrip('.')}")


def epoch_of(start: str) -> float:
    """Unix seconds of an ISO 8601 time; a time without zone is UTC."""
    return instant(start).timestamp()
