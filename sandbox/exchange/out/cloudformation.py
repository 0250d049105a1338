"""CloudFormation and SAM templates of a diagram.

The order is this:
1. each node's resources;
2. what each link means: mappings, subscriptions, rules, policies, target groups;
3. what needs to know of all of these, such as scaling policies and stages;
4. for SAM, what it has shorter words for;
5. the template is imported again as anybody would, and what is missing then is kept in Metadata.
"""

from __future__ import annotations

import json

from sandbox.document import Catalogue, Document, Link
from sandbox.document.file import dump
from sandbox.exchange.bring import import_text
from sandbox.exchange.families.out import LINKS, MADE
from sandbox.exchange.remainder import KEY, difference, packed

from .circles import circle
from .draft import Draft, Json
from .sam import TRANSFORM, lifted
from .shape import Exported, Format, Went
from .source import patched
from .writing import yaml_text

_NOT_WRITTEN = "no resource is written for it"
_NOT_MADE = {
    "clients": "a template says nothing of load",
    **dict.fromkeys(("external", "swf", "worker_pool"), "CloudFormation has no type for it"),
    "alarm": "CloudWatch has no metric by the name of what it watches",
    "scaling_plan": "a plan that scales nothing would be refused",
}


def draft_of(document: Document, catalogue: Catalogue, to: str, careful: bool = False) -> Draft:
    """The resources of a diagram and the report of what they say of it."""
    draft = Draft(document, catalogue, to, careful)
    for node in document.nodes.values():
        if (make := MADE.get(node.service)) is not None:
            make(draft, node)
    for link in document.links.values():
        before = draft.state() if careful else None
        why = _drawn(draft, link)
        if careful and circle(draft.resources):
            draft.back(before)
            why = "it closes a circle of resources, which CloudFormation refuses"
        went: Went = "kept beside" if why else "exported"
        draft.report.say(f"{link.source} → {link.target}", "link", went, why)
    while draft.late:
        draft.late.pop(0)()
    if not careful and circle(draft.resources):
        return draft_of(document, catalogue, to, careful=True)
    for node in document.nodes.values():
        if draft.id(node) not in draft.resources:
            why = _NOT_MADE.get(node.service, _NOT_WRITTEN)
            draft.report.say(node.id, "node", "kept beside", why)
        else:
            why = draft.why_partly(node.id)
            draft.report.say(node.id, "node", "in part" if why else "exported", why)
    return draft


def _drawn(draft: Draft, link: Link) -> str:
    """Draw a link; why not where a template cannot say it."""
    for end in (link.source, link.target):
        if (service := draft.service(end)) not in MADE:
            known = service in draft.catalogue
            title = draft.catalogue.title(service) if known else service
            return f"{title} is not in the template"
    draws = LINKS.get((draft.service(link.source), link.source_port))
    return "no property says it" if draws is None else draws(draft, link) or ""


def template_of(draft: Draft) -> Json:
    """The template without Metadata."""
    template: Json = {"AWSTemplateFormatVersion": "2010-09-09"}
    if draft.report.to == "sam":
        template["Transform"] = TRANSFORM
    if draft.document.name:
        template["Description"] = draft.document.name[:500]
    if draft.parameters:
        template["Parameters"] = draft.parameters
    if not draft.resources:
        draft.add("Nothing", "CloudFormation::WaitConditionHandle", {})
        draft.report.notes.append("no part of the diagram has a type in CloudFormation")
    resources = draft.resources
    if draft.report.to == "sam":
        resources = lifted(resources, with_policies=not draft.careful)
    template["Resources"] = resources
    for resource in template["Resources"].values():
        if not resource["Properties"]:
            del resource["Properties"]
    return template


def with_metadata(template: Json, draft: Draft) -> Json:
    """The template with what it cannot say of the diagram by itself."""
    brought = import_text(yaml_text(template), "template.yaml", draft.catalogue).document
    kept = difference(
        json.loads(dump(draft.document, draft.catalogue)),
        json.loads(dump(brought, draft.catalogue)),
        draft.names,
    )
    return {**template, "Metadata": {KEY: packed(kept)}}


def _written(document: Document, catalogue: Catalogue, to: str) -> Exported:
    if (found := patched(document, catalogue, to)) is not None:
        return found
    draft = draft_of(document, catalogue, to)
    template = with_metadata(template_of(draft), draft)
    return Exported(yaml_text(template).encode(), draft.report)


def cloudformation(document: Document, catalogue: Catalogue) -> Exported:
    return _written(document, catalogue, "cloudformation")


def sam(document: Document, catalogue: Catalogue) -> Exported:
    return _written(document, catalogue, "sam")


FORMATS: tuple[Format, ...] = (
    Format("cloudformation", "CloudFormation template", ".yaml", cloudformation),
    Format("sam", "SAM template", ".yaml", sam),
)
