"""What was drawn since an import, as resources of the template that was kept.

New nodes and links are drafted beside the resources that they meet; those are never changed but for
a key that was not there. What a link would change beyond that is no part of the template, and the
import judges: a link is written only if it is read again.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.document import Catalogue, Document, Link, Node
from sandbox.exchange.families.out import LINKS, MADE
from sandbox.exchange.reading import read_text

from .circles import circle, referred
from .draft import Draft, Json
from .sam import lifted
from .sam import referred as target_of
from .text import Source

_LEADS = ("sqs", "sns", "eventbridge", "kinesis_stream", "dynamodb", "lambda_function")
"""Services of which a resource beside them says a link; others' own properties do."""
_POLICIES = ("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::S3::BucketPolicy")
_ENVIRONMENT = ("Environment", "Variables")
LinkId = tuple[str, str, str]


@dataclass
class Added:
    """A template's text with more in it, the logical ids of nodes written, the links written, and
    why others were not."""

    text: str
    names: dict[str, str] = field(default_factory=dict)
    links: set[LinkId] = field(default_factory=set)
    refused: dict[LinkId, str] = field(default_factory=dict)


def written(
    text: str,
    file: str,
    document: Document,
    catalogue: Catalogue,
    names: Mapping[str, str],
    links: list[Link],
    without: Mapping[LinkId, str],
    to: str,
) -> Added | None:
    """The text with all nodes that have no name in it, and with these links; None if it is of a
    form that takes no more."""
    template = read_text(text.encode(), file).value
    there: Json = template["Resources"]
    kept = {id: name for id, name in names.items() if name in there}
    met = {end for link in links for end in link.id[:2]}
    new = [node for id, node in document.nodes.items() if not names.get(id)]
    old = [document.nodes[id] for id in kept if id in met]
    drawn = [link for link in links if link.id not in without]
    known = {node.id for node in (*new, *old)}
    part = Document(
        nodes=[*new, *old],
        links=[link for link in drawn if set(link.id[:2]) <= known],
        catalogue=catalogue,
    )
    taken = [*there, *(template.get("Parameters") or {}), *_made_by_sam(there)]
    draft = Draft(part, catalogue, to, names={n.id: kept[n.id] for n in old}, taken=taken)
    sketch = _Sketch(draft, there)
    sketch.begin(old, new)
    found = Added(text, refused=dict(without))
    for link in drawn:
        if why := sketch.draw(link, known):
            found.refused[link.id] = why
        else:
            found.links.add(link.id)
    sketch.end()
    made = sketch.made()
    found.names = {node.id: draft.id(node) for node in new if draft.id(node) in made}
    if to == "sam":
        made = lifted(made)
    source = Source(text)
    if set(draft.parameters) & set(template.get("Parameters") or {}):
        return None
    entries: list[tuple[tuple[str, ...], Any]] = [
        (("Resources", id), about) for id, about in made.items()
    ]
    entries += [(("Resources", *path), value) for path, value in sketch.inserts()]
    entries += [(("Parameters", id), about) for id, about in draft.parameters.items()]
    for path, value in entries:
        changed = source.appended(path, value) or source.inserted(path, value)
        if changed is None:
            return None
        source = Source(changed)
    after = read_text(source.text.encode(), file).value["Resources"]
    if circle(after) and not circle(there):
        return None
    found.text = source.text
    return found


def _made_by_sam(there: Json) -> Iterator[str]:
    """Ids that the translator gives."""
    for id, about in there.items():
        if str(about.get("Type", "")).startswith("AWS::Serverless::"):
            yield f"{id}Role"


class _Sketch:
    """A draft of new nodes beside old ones, and what it changes of the old ones."""

    def __init__(self, draft: Draft, there: Json) -> None:
        self.draft, self.there = draft, there
        self._old: Json = {}

    def begin(self, old: list[Node], new: list[Node]) -> None:
        for node in old:
            if node.service in MADE:
                MADE[node.service](self.draft, node)
                if (role := self._role_of(node)) is not None:
                    self.draft.takes_role(node, role)
        self.draft.late.clear()
        self._old = copy.deepcopy(self.draft.resources)
        for node in new:
            if (make := MADE.get(node.service)) is not None:
                make(self.draft, node)

    def _role_of(self, node: Node) -> str | None:
        """The role of a function of the template, its own or the one that SAM makes."""
        id = self.draft.id(node)
        about = self.there[id]
        role = (about.get("Properties") or {}).get("Role")
        if about.get("Type") == "AWS::Serverless::Function" and role is None:
            return f"{id}Role"
        found = target_of(role)
        return found if found in self.there else None

    def draw(self, link: Link, known: set[str]) -> str:
        """Draw a link; why not where that would change what the template says."""
        draft = self.draft
        for end in link.id[:2]:
            if end not in known:
                return f"{end} has no resource of its own in this template"
            id = draft.id(end)
            if id not in draft.resources:
                return "one of its ends has no type in the template"
            if id in self._old and "Condition" in self.there[id]:
                return f"{id} is there under a condition only"
        service = draft.service(link.source)
        if draft.id(link.source) in self._old and service not in _LEADS:
            return f"it would change what the template says of {draft.id(link.source)}"
        draws = LINKS.get((service, link.source_port))
        if draws is None:
            return "no property says it"
        before = draft.state()
        why = draws(draft, link) or self._wrong()
        if why:
            draft.back(before)
        return why

    def end(self) -> None:
        while self.draft.late:
            self.draft.late.pop(0)()

    def made(self) -> Json:
        """The new resources."""
        return {id: about for id, about in self.draft.resources.items() if id not in self._old}

    def inserts(self) -> Iterator[tuple[tuple[str, ...], Any]]:
        """Keys that resources of the template get, and their values."""
        for id, old in self._old.items():
            if id in self.there:
                before, after = old["Properties"], self.draft.properties(id)
                for path, value in _more(before, after):
                    if path is not None and not self._has(id, path):
                        yield (id, "Properties", *path), value

    def _has(self, id: str, path: tuple[str, ...]) -> bool:
        here: Any = self.there[id].get("Properties")
        for key in path:
            here = here.get(key) if isinstance(here, dict) else None
        return here is not None

    def _wrong(self) -> str:
        made, there = self.made(), self.there
        for id, old in self._old.items():
            for path, _ in _more(old["Properties"], self.draft.properties(id)):
                environment = path is not None and path[:2] == _ENVIRONMENT
                serverless = id in there and "Serverless" in str(there[id]["Type"])
                has = path is not None and id in there and self._has(id, path)
                stream = has and path == ("StreamSpecification",)
                if path is None or id not in there or (serverless and not environment):
                    return f"it would change what the template says of {id}"
                if has and not stream:
                    return f"{id} says something else there"
        known = {*made, *there, *_made_by_sam(there), *self.draft.parameters}
        for about in made.values():
            for other in referred(about):
                if other not in known and not other.startswith("AWS::"):
                    return f"the template has no {other}"
            if about["Type"] in _POLICIES and self._second(about):
                return "a second policy would replace the one that is there"
        both = {id: [there[id], self.draft.resources[id]] for id in self._old if id in there}
        if circle({**there, **both, **made}) and not circle(there):
            return "it closes a circle of resources, which CloudFormation refuses"
        return ""

    def _second(self, policy: Json) -> bool:
        of = set(referred(policy)) & set(self.there)
        return any(
            about.get("Type") == policy["Type"] and of & set(referred(about))
            for about in self.there.values()
        )


def _more(before: Any, after: Any) -> Iterator[tuple[tuple[str, ...] | None, Any]]:
    """The keys that are new, with their values; None for another change."""
    for key in before.keys() - after.keys():
        yield None, before[key]
    for key, value in after.items():
        if key not in before:
            if key == _ENVIRONMENT[0] and len(value) == 1:
                yield from (((*_ENVIRONMENT, name), v) for name, v in value["Variables"].items())
            else:
                yield (key,), value
        elif isinstance(value, dict) and isinstance(before[key], dict):
            for path, inner in _more(before[key], value):
                yield (None if path is None else (key, *path)), inner
        elif value != before[key]:
            yield None, value
